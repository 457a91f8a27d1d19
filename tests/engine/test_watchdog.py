"""The watchdog: a stall is told with its place, a handler that hangs ends the process, sleep is no stall (F18, F22)."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.updates import MessageReceived
from bot.watchdog import HANGING_TICKS, STALLED_TICKS, Watchdog, stacks
from storage import open_store
from tests.engine.rig import Rig
from tests.storage.samples import update
from tests.support.databases import Database

TICK = 0.005


class Bench:
    """Something to watch."""

    def __init__(self) -> None:
        self.at_work: object | None = None
        self.ended = threading.Event()


@contextmanager
def watched(bench: Bench) -> Iterator[list[EventDict]]:
    """A fast watchdog at work; what it says."""
    with capture_logs() as records:
        dog = Watchdog(bench, tick_seconds=TICK, end=bench.ended.set)
        dog.start()
        try:
            yield records
        finally:
            dog.stop()


def actions(records: list[EventDict]) -> list[str]:
    """What was said, by name."""
    return [record["action"] for record in records]


async def until(is_so: Callable[[], bool]) -> None:
    """Look again and again: it is a thread that tells, not the loop."""
    async with asyncio.timeout(60):
        while not is_so():  # noqa: ASYNC110 - there is nothing to wait on
            await asyncio.sleep(TICK)


def stand_still() -> None:
    """The stall."""
    time.sleep(TICK * STALLED_TICKS * 6)


@pytest.mark.slow
async def test_a_loop_that_stands_still_is_told_once_with_the_place_and_its_end_too() -> None:
    with watched(Bench()) as records:
        stand_still()
        await until(lambda: "loop_recovered" in actions(records))
    assert actions(records) == ["loop_stalled", "loop_recovered"]
    assert "in stand_still" in records[0]["stacks"]


async def test_a_loop_that_goes_round_is_no_matter() -> None:
    bench = Bench()
    with watched(bench) as records:
        for number in range(HANGING_TICKS * 2):
            bench.at_work = f"handler {number}"
            await asyncio.sleep(TICK)
    assert (records, bench.ended.is_set()) == ([], False)


@pytest.mark.slow
async def test_a_handler_that_hangs_ends_the_process_and_one_that_only_takes_long_does_not() -> None:
    bench = Bench()
    with watched(bench) as records:
        bench.at_work = "slow"
        await until(lambda: "handler_slow" in actions(records))
        bench.at_work = None
        await asyncio.sleep(TICK * 3)
        assert not bench.ended.is_set()
        bench.at_work = "hangs"
        await until(bench.ended.is_set)
    assert actions(records)[-1] == "handler_hangs"


async def test_the_handler_at_work_is_known_while_it_works(sqlite_database: Database) -> None:
    for url in ("memory://", sqlite_database.url):
        rig = Rig(await open_store(url, ballast_bytes=0))
        seen: list[object] = []
        rig.router.on(MessageReceived, lambda _, __, rig=rig, seen=seen: seen.append(rig.engine.at_work))  # type: ignore[misc]
        await rig.dispatcher.accept([update(1), update(2)])
        await rig.settle()
        assert len({id(one) for one in seen}) == 2
        assert None not in seen
        assert rig.engine.at_work is None
        await rig.store.close()


def test_stacks_name_threads_and_places() -> None:
    gate = threading.Event()
    waiting = threading.Thread(target=gate.wait, name="somebody")
    waiting.start()
    try:
        assert "somebody" in stacks()
    finally:
        gate.set()
        waiting.join()
