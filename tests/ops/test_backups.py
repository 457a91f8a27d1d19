"""Daily copies: made when they are due, whole before they count, the newest kept, good ones never lost to bad ones (F5)."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from pathlib import Path

import pytest

import storage
from bot.backups import DailyBackup, folder_of, newest_copy
from bot.clock import VirtualClock
from tests.ops.rig import Installation
from tests.storage.samples import NOW


class Days:
    """A database over some days."""

    def __init__(self, installation: Installation, *, keep: int = 3) -> None:
        self.database = installation.database
        self.clock = VirtualClock(NOW)
        self.daily = DailyBackup(f"sqlite:///{installation.database}", keep, self.clock)
        self.folder = installation.database.parent / "backups"

    async def begin(self) -> None:
        store = await storage.open_store(self.daily.url, ballast_bytes=0)
        await store.close()

    async def make(self) -> str:
        """Make one if it is due; its name, written at the virtual time."""
        made = await self.daily.make_if_due()
        if made is None:
            return ""
        at = self.clock.now().timestamp()
        await asyncio.to_thread(os.utime, made, (at, at))
        return made.name

    def pass_time(self, **spans: float) -> None:
        self.clock.move(self.clock.now() + timedelta(**spans))

    async def names(self) -> list[str]:
        return sorted(await asyncio.to_thread(os.listdir, self.folder))


@pytest.fixture
async def days(installation: Installation) -> Days:
    """A fresh database."""
    made = Days(installation)
    await made.begin()
    return made


async def test_a_copy_is_made_once_a_day_and_only_the_newest_are_kept(days: Days) -> None:
    made = []
    for _ in range(5 * 4):
        made.append(await days.make())
        days.pass_time(hours=6)
    assert [name for name in made if name] == [f"huiyin-{(NOW + timedelta(days=day)):%Y-%m-%d}.db" for day in range(5)]
    assert await days.names() == [name for name in made if name][-3:]
    assert await storage.check(f"sqlite:///{days.folder / made[16]}") == []


async def test_copies_are_private_and_can_be_restored(days: Days, tmp_path: Path) -> None:
    name = await days.make()
    assert (await asyncio.to_thread((days.folder / name).stat)).st_mode & 0o777 == 0o600
    assert await storage.restore(f"sqlite:///{tmp_path}/other.db", days.folder / name) == 0


async def test_a_damaged_database_does_not_replace_a_good_copy(days: Days) -> None:
    good = await days.make()
    before = await asyncio.to_thread((days.folder / good).read_bytes)

    def damage() -> None:
        raw = bytearray(days.database.read_bytes())
        raw[8192:] = b"\xa5" * (len(raw) - 8192)
        days.database.write_bytes(raw)

    await asyncio.to_thread(damage)
    for _ in range(9):
        days.pass_time(hours=25)
        assert await days.make() == ""
    assert await days.names() == [good]
    assert await asyncio.to_thread((days.folder / good).read_bytes) == before


async def test_a_folder_that_cannot_be_written_is_no_end_of_the_world(days: Days) -> None:
    await asyncio.to_thread(days.folder.write_text, "a file where the folder should be")
    assert await days.make() == ""


async def test_nothing_is_copied_where_nothing_is_wanted_or_there(installation: Installation) -> None:
    assert await Days(installation).make() == ""
    unwanted = Days(installation, keep=0)
    await unwanted.begin()
    assert await unwanted.make() == ""
    assert await DailyBackup("postgresql://x@127.0.0.1:1/y", 7, VirtualClock(NOW)).make_if_due() is None
    assert folder_of("postgresql://x@127.0.0.1:1/y") is None
    assert folder_of("memory://") is None
    assert await asyncio.to_thread(newest_copy, installation.folder) is None
