"""What adapters keep over a restart, and who of several processes leads (F19)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from bot.clock import VirtualClock
from bot.leadership import StoreLeadership
from bot.notebook import LooseNotebook, StoreNotebook
from bot.ports import Notebook, Store

NOW = datetime(2026, 9, 14, 1, tzinfo=UTC)
DAY = timedelta(days=1)


async def keeps_what_it_is_told(notebook: Notebook, clock: VirtualClock) -> None:
    await notebook.write("card", "first", keep=DAY)
    await notebook.write("card", "second", keep=2 * DAY)
    assert await notebook.read("card") == "second"
    assert await notebook.read("another") is None
    clock.move(NOW + DAY)
    assert await notebook.read("card") == "second"
    clock.move(NOW + 2 * DAY)
    assert await notebook.read("card") is None
    await notebook.write("card", "third", keep=DAY)
    await notebook.forget("card")
    await notebook.forget("card")
    assert await notebook.read("card") is None


async def test_a_note_is_worth_what_was_written_last_until_its_time(store: Store) -> None:
    clock = VirtualClock(NOW)
    await keeps_what_it_is_told(StoreNotebook(store, clock, platform="one"), clock)


async def test_without_a_store_it_is_the_same_as_long_as_the_process_lives() -> None:
    clock = VirtualClock(NOW)
    await keeps_what_it_is_told(LooseNotebook(clock), clock)


async def test_platforms_do_not_read_each_others_notes(store: Store) -> None:
    clock = VirtualClock(NOW)
    one, other = (StoreNotebook(store, clock, platform=name) for name in ("one", "other"))
    await one.write("card", "mine", keep=DAY)
    assert await other.read("card") is None


async def test_writers_at_the_same_time_all_come_through(store: Store) -> None:
    notebook = StoreNotebook(store, VirtualClock(NOW), platform="one")
    await asyncio.gather(*(notebook.write("card", str(n), keep=DAY) for n in range(8)))
    assert await notebook.read("card") in {str(n) for n in range(8)}


async def test_one_process_leads_until_it_lets_go_or_is_silent_too_long(store: Store) -> None:
    clock = VirtualClock(NOW)
    one, other = StoreLeadership(store, clock), StoreLeadership(store, clock)
    first = await one.lead("socket", seconds=30)
    assert first is not None
    assert await other.lead("socket", seconds=30) is None
    assert await one.lead("socket", seconds=30) == first
    clock.move(NOW + timedelta(seconds=31))
    second = await other.lead("socket", seconds=30)
    assert second is not None
    assert second > first
    assert await one.lead("socket", seconds=30) is None
    await other.release("socket")
    third = await one.lead("socket", seconds=30)
    assert third is not None
    assert third > second
