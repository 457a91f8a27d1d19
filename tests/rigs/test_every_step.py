"""Die at every marked place, come back, and find everything as it must be (F1; the "nth step" of reliability.md B7 rig 4).

Each place is tried twice: at its first passage, and later under way. Only the first start of an installation passes some
of them; those get an installation of their own.
"""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest

from adapters._emulator.faults import FaultKind
from bot.company import CompanyFile
from bot.crashpoints import MARKED
from tests.rigs.crowd import Crowd
from tests.rigs.deployment import Deployment, Nursery, Running, deployment, nursery
from tests.rigs.history import judge, rest
from tests.support.figures import Figures

#: passed only while an installation starts for the first time
FIRST_START = ("company_taken", "upgraded", "upgrading")
#: passed only on the way out
LAST = ("drained", "draining")
#: passed when a timer is due
ON_TIMER = ("fired", "firing", "rung", "timer_armed", "timer_removed")
#: passed when the platform refuses a call
ON_REFUSAL = ("put_off", "refused")
#: deployments side by side, one a core
LANES = 2


def make_timers_due(path: Path) -> None:
    """As if the time of one of them had come while the program was down."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE timer SET due_at = 0 WHERE kind = 'retention'")


async def scenario(place: Deployment, crowd: Crowd) -> None:
    """Something of everything: chatter, wishes, a question and its answer."""
    for _ in range(2):
        await crowd.wishes_something()
        await crowd.chatters()
    await crowd.asks(surely=True)
    await crowd.answers()


async def dies(place: Deployment, at: str) -> bool:
    """Start a process that is to die there, let things happen, wait for its death; False when it never came by."""
    crowd = Crowd.of(place)
    if at.partition(":")[0] in ON_TIMER and place.database.exists():
        await asyncio.to_thread(make_timers_due, place.database)
    if at.partition(":")[0] in ON_REFUSAL:
        place.emulator.faults.add("im.v1.message.*", FaultKind.HTTP_500, times=1)
    process = await place.start(CRASH_AT=at)
    if await place.listening():
        await scenario(place, crowd)
        if at in LAST:
            process.kill(signal.SIGTERM)
            await process.ended
        else:
            await end_or_rest(place, process)
    passed = process.ended.done()
    if not passed:
        process.kill()
    assert await place.death() == -signal.SIGKILL, f"{at}: ended by itself, {place.log.read_text(encoding='utf-8')}"
    return passed


async def end_or_rest(place: Deployment, process: Running) -> None:
    """Wait until it is dead, or everything is done and it will not come by there any more."""
    at_rest = asyncio.create_task(rest(place))
    waits: list[asyncio.Future[Any]] = [process.ended, at_rest]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    at_rest.cancel()
    await asyncio.gather(at_rest, return_exceptions=True)


async def comes_back(place: Deployment, after: str) -> None:
    """The next process finds everything and finishes it."""
    await place.start()
    assert await place.listening(), f"does not start after {after}: {place.log.read_text(encoding='utf-8')}"
    stored = await rest(place)
    verdict = judge(place.emulator, stored)
    assert verdict.is_clean, f"after {after}: {verdict}"
    assert Crowd.of(place).wrong_answers(noticed=stored.noticed) == [], f"after {after}"
    await place.kill()


async def walk(place: Deployment, places: Sequence[str]) -> list[str]:
    """Through these, one after the other; returns where it died."""
    passed: list[str] = []
    for at in places:
        if await dies(place, at):
            passed.append(at)
        await comes_back(place, at)
    return passed


async def first_steps(folder: Path, nest: Nursery, company: CompanyFile) -> list[str]:
    """The places that only a first start passes, each in an installation of its own."""
    passed: list[str] = []
    for number, at in enumerate(FIRST_START):
        home = folder / at
        home.mkdir()
        async with deployment(home, nest, company, seed=number) as place:
            passed += await walk(place, [at])
    return passed


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_dying_at_any_place_loses_nothing_and_repeats_nothing(
    tmp_path: Path, company: CompanyFile, figures: Figures
) -> None:
    dice = Random(1)
    often = [name for name in MARKED if name not in FIRST_START]
    places = [*often, *(f"{name}:{dice.randint(2, 9)}" for name in often if name not in LAST)]
    dice.shuffle(places)

    async def lane(number: int, nest: Nursery) -> list[str]:
        folder = tmp_path / f"lane{number}"
        folder.mkdir()
        async with deployment(folder, nest, company, seed=number) as place:
            await comes_back(place, "nothing")
            return await walk(place, places[number::LANES])

    async with nursery() as nest:
        lanes = [lane(number, nest) for number in range(LANES)]
        passed = [at for one in await asyncio.gather(first_steps(tmp_path, nest, company), *lanes) for at in one]
    reached = {at.partition(":")[0] for at in passed}
    figures(
        "killed at every marked step", f"{len(passed)} deaths at {len(reached)} of {len(MARKED)} places, 0 violations"
    )
    assert reached == set(MARKED), f"never passed: {sorted(set(MARKED) - reached)}"
