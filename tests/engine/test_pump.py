"""The loop of every pump: it neither spins nor sleeps through work, and nothing ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from bot.errors import StoreUnavailable
from bot.pump import IDLE_SECONDS, STUMBLE_SECONDS, pump_for_ever

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class PatientClock:
    """`bot.clock.Clock` that notes how long a pump would have waited, and ends the test after so many waits."""

    def __init__(self, turns: int) -> None:
        self.waits: list[float] = []
        self._turns = turns
        self._now = START

    def now(self) -> datetime:
        return self._now

    async def wait(self, event: asyncio.Event, *, until: datetime | None, at_most: float) -> None:
        del event
        seconds = at_most if until is None else min(at_most, (until - self._now).total_seconds())
        self.waits.append(seconds)
        self._now += timedelta(seconds=seconds)
        if len(self.waits) >= self._turns:
            raise asyncio.CancelledError


async def pauses(step: Callable[[int], int], due: Callable[[datetime], datetime | None], *, turns: int) -> list[float]:
    """How long a pump waits, turn after turn; `step` is told how often it ran before."""
    clock, calls = PatientClock(turns), iter(range(1_000_000))

    async def run_step() -> int:
        return step(next(calls))

    async def next_due() -> datetime | None:
        return due(clock.now())

    pump = asyncio.create_task(
        pump_for_ever("test", step=run_step, clock=clock, work=asyncio.Event(), next_due=next_due)
    )
    await asyncio.gather(pump, return_exceptions=True)
    return clock.waits


async def test_it_works_while_there_is_work_and_waits_for_the_next() -> None:
    done: list[int] = []

    def step(call: int) -> int:
        done.append(call)
        return 1 if call < 100 else 0

    assert await pauses(step, lambda now: now + timedelta(seconds=0.25), turns=1) == [0.25]
    assert len(done) == 101


async def test_it_looks_once_a_second_even_when_nothing_is_foreseen() -> None:
    assert await pauses(lambda _: 0, lambda _: None, turns=3) == [IDLE_SECONDS] * 3


async def test_it_does_not_spin_while_what_is_due_cannot_be_done() -> None:
    """A full disk: the next timer is due all the time and no transaction goes through."""
    waits = await pauses(lambda _: 0, lambda _: START, turns=12)
    assert waits[0] < 0.1
    assert all(a <= b for a, b in pairwise(waits))
    assert waits[-1] == IDLE_SECONDS


async def test_a_store_that_is_away_costs_a_pause() -> None:
    def step(_: int) -> int:
        raise StoreUnavailable("away")

    assert await pauses(step, lambda _: None, turns=3) == [IDLE_SECONDS] * 3


async def test_a_fault_of_ours_ends_no_pump_and_is_not_repeated_at_once() -> None:
    def step(call: int) -> int:
        if call < 9:
            raise ZeroDivisionError
        return 0

    waits = await pauses(step, lambda _: None, turns=10)
    assert waits[:3] == [1.0, 2.0, 4.0]
    assert max(waits) == STUMBLE_SECONDS
    assert waits[-1] == IDLE_SECONDS
