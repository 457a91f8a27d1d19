"""Work by hand on the database: the address book read once, the company taken over, deadlines following the calendar."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot import app
from bot.clock import VirtualClock
from bot.company import sample_text
from bot.errors import ConfigError, StoreUnavailable
from bot.offline import open_offline, readable_copy
from storage import BadBackup
from tests.ops.platform import platform, section
from tests.ops.rig import Installation, Shell
from tests.storage.samples import NOW


async def configured(installation: Installation, base_url: str, **changes: str) -> None:
    """An installation on that platform, with the sample company."""
    await asyncio.to_thread(installation.write, "[server]\nport = 0\n" + section(base_url, **changes))
    await asyncio.to_thread(installation.write_company, await asyncio.to_thread(sample_text))


async def test_the_address_book_is_read_and_taken_over(shell: Shell) -> None:
    async with platform() as emulator:
        await configured(shell.installation, emulator.base_url)
        ended = await asyncio.to_thread(shell, "directory", "sync")
        await asyncio.to_thread(shell, "directory", "import", "--yes", "company.toml")
        doubtful = await asyncio.to_thread(shell, "directory", "sync")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("✔ ")
    assert doubtful.code == 1  # thirty people are known, and the platform shows one
    assert "未采用" in doubtful.out


@pytest.mark.parametrize("trouble", [pytest.param("away", marks=pytest.mark.slow), "refused"])
async def test_an_address_book_that_cannot_be_read_is_a_failure_with_the_reason(shell: Shell, trouble: str) -> None:
    async with platform() as emulator:
        changes = {"app_secret": "wrong-but-long-enough"} if trouble == "refused" else {}
        await configured(shell.installation, emulator.base_url, **changes)
        if trouble == "away":
            await emulator.stop()
        ended = await asyncio.to_thread(shell, "directory", "sync")
        if trouble == "away":
            await emulator.start()
    assert ended.code == 1
    assert ended.out.startswith("✘ ")
    assert "Traceback" not in ended.text


async def test_a_company_is_previewed_without_being_taken_over(installation: Installation) -> None:
    await configured(installation, "http://127.0.0.1:1")
    settings = await asyncio.to_thread(installation.settings)
    file = installation.folder / "company.toml"
    async with open_offline(settings, clock=VirtualClock(NOW)) as offline:
        first = await offline.preview_company(file)
        assert await offline.preview_company(file) == first != ()
        assert await offline.import_company(file) == first
        assert await offline.preview_company(file) == ()
        with pytest.raises(ConfigError):
            await offline.import_company(installation.config)


async def test_two_at_once_on_one_file_are_refused(installation: Installation) -> None:
    settings = await asyncio.to_thread(installation.settings)
    async with open_offline(settings):
        with pytest.raises(StoreUnavailable):
            async with open_offline(settings):
                pytest.fail("two programs have the same file")
        async with readable_copy(settings.storage.url) as copy:
            assert copy != settings.storage.url
            folder = Path(copy.removeprefix("sqlite:///")).parent
            assert await asyncio.to_thread(folder.exists)
        assert not await asyncio.to_thread(folder.exists)


async def test_there_is_no_copy_of_nothing(installation: Installation) -> None:
    settings = await asyncio.to_thread(installation.settings)
    with pytest.raises(BadBackup):
        async with readable_copy(settings.storage.url):
            pytest.fail("something was copied")
    async with readable_copy("postgresql://x@127.0.0.1:1/y") as same:
        assert same == "postgresql://x@127.0.0.1:1/y"


async def test_without_a_company_file_it_starts_only_when_a_company_is_known(installation: Installation) -> None:
    """R-11; a file that vanished later is a warning, and the last import stays in force."""
    settings = await asyncio.to_thread(installation.settings)
    with pytest.raises(ConfigError) as caught:
        await app.build(settings)
    assert "huiyin init" in caught.value.problems[0].fix
    file = installation.folder / "elsewhere.toml"
    await asyncio.to_thread(file.write_text, await asyncio.to_thread(sample_text), encoding="utf-8")
    async with open_offline(settings) as offline:
        await offline.import_company(file)
    running = await app.build(settings)
    assert await running.store.read(lambda uow: len(uow.people.find())) == 30
    await running.store.close()
