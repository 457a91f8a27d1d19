"""The heart-beat: chores run again and again, whatever they do and however the loop stands still (F18, M10)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from bot.scheduler import HeartBeat

BEAT = 0.01


@pytest.fixture
async def heart() -> AsyncIterator[HeartBeat]:
    """A heart that stops with the test."""
    made = HeartBeat()
    yield made
    made.stop()


async def beats(heart: HeartBeat, count: int) -> None:
    """Wait for so many beats of a new chore."""
    left, done = [count], asyncio.Event()

    async def beat() -> None:
        left[0] -= 1
        if left[0] == 0:
            done.set()

    heart.every(BEAT, f"beat {count}", beat)
    async with asyncio.timeout(60):
        await done.wait()


async def test_a_chore_runs_again_and_again(heart: HeartBeat) -> None:
    heart.start()
    await beats(heart, 5)


async def test_a_chore_that_breaks_runs_again_and_hurts_no_other(heart: HeartBeat) -> None:
    broken = []

    async def breaks() -> None:
        broken.append(1)
        raise ZeroDivisionError

    heart.every(BEAT, "breaks", breaks)
    heart.start()
    await beats(heart, 6)
    assert len(broken) > 1


async def test_a_chore_that_is_still_running_is_not_started_again(heart: HeartBeat) -> None:
    running, gate = [], asyncio.Event()

    async def slow() -> None:
        running.append(1)
        await gate.wait()

    heart.every(BEAT, "slow", slow)
    heart.start()
    await beats(heart, 5)
    assert running == [1]
    gate.set()


@pytest.mark.slow
async def test_a_loop_that_stood_still_drops_nothing(heart: HeartBeat) -> None:
    """M10: with its defaults APScheduler would drop a chore that is more than a second late."""
    done = asyncio.Event()

    async def chore() -> None:
        done.set()

    heart.every(0.05, "chore", chore)
    heart.start()
    time.sleep(1.2)  # noqa: ASYNC251 - the stall is the point
    async with asyncio.timeout(60):
        await done.wait()


async def test_stopping_twice_or_before_the_start_is_fine() -> None:
    heart = HeartBeat()
    heart.stop()
    heart.start()
    heart.stop()
    heart.stop()
