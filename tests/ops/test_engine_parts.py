"""What becomes of the program when a part of it dies, and what it keeps asking its platforms."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import app as wiring
from bot.company import sample_text
from bot.config import BotSection, Settings
from bot.ports import DirectorySnapshot, Finding, Intake, Severity
from storage import open_store
from tests.support.fake_adapter import FakeAdapter

MISSING = Finding(id="fake.scope", severity=Severity.WARNING, message="缺权限", hint="开发者后台 › 权限管理")
MET = replace(MISSING, severity=Severity.OK)


class Frail(FakeAdapter):
    """A platform whose parts break when a test says so."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.breaks = asyncio.Event()
        self.asked = asyncio.Event()
        self.finding = MISSING

    async def run(self, intake: Intake) -> None:
        await self.breaks.wait()
        raise RuntimeError("a mistake of ours")

    async def directory(self) -> DirectorySnapshot:
        self.asked.set()
        raise RuntimeError("a mistake of ours, too")

    async def probe(self) -> list[Finding]:
        return [self.finding]


@pytest.fixture
def company_file(tmp_path: Path) -> Path:
    """The sample company as a file."""
    file = tmp_path / "company.toml"
    file.write_text(sample_text(), encoding="utf-8")
    return file


@pytest.fixture
async def running(company_file: Path) -> AsyncIterator[tuple[wiring.App, Frail]]:
    """A program on one frail platform."""
    adapter = Frail()
    settings = Settings(bot=BotSection(company=str(company_file)))
    app = await wiring.build(settings, store=await open_store("memory://"), adapters=[adapter])
    await app.start(listen=False)
    yield app, adapter
    await app.stop()


async def test_a_connection_that_dies_by_a_mistake_is_told_so_that_the_process_can_end(
    running: tuple[wiring.App, Frail],
) -> None:
    app, adapter = running
    assert not app.died.is_set()
    adapter.breaks.set()
    async with asyncio.timeout(60):
        await app.died.wait()


async def test_an_address_book_that_cannot_be_taken_over_stops_nothing(running: tuple[wiring.App, Frail]) -> None:
    app, adapter = running
    app.desk.sync_wanted.set()
    async with asyncio.timeout(60):
        await adapter.asked.wait()
        adapter.asked.clear()
        app.desk.sync_wanted.set()
        await adapter.asked.wait()  # the duty is alive, and does it again
    assert not app.died.is_set()


async def test_what_the_app_may_do_is_asked_again_while_it_runs(running: tuple[wiring.App, Frail]) -> None:
    app, adapter = running
    await app.probe_all()
    assert app.surroundings().findings == (MISSING,)
    adapter.finding = MET
    await app.probe_all()
    assert app.surroundings().findings == (MET,)
