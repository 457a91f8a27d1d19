"""Die at every marked place, come back, and find everything as it must be (F1; the "nth step" of reliability.md B7 rig 4).

On each platform every place is tried, at its first passage or later under way. Only the first start of an installation
passes some of them; those get an installation of their own.
"""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any, Protocol

import pytest

from adapters._emulator.faults import FaultKind
from bot.company import CompanyFile, read_company, sample_text
from bot.crashpoints import MARKED
from bot.playground.casting import cast
from tests.rigs.crowd import Crowd
from tests.rigs.deployment import Deployment, Nursery, Running, deployment, nursery
from tests.rigs.history import Stored, rest
from tests.rigs.wishers import Wishers
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
#: which passage is tried first on each platform
PASSAGES = {"feishu": 4, "dingtalk": 2, "wecom": 1}


def make_timers_due(path: Path) -> None:
    """As if the time of one of them had come while the program was down."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE timer SET due_at = 0 WHERE kind = 'retention'")


#: the calls with which each platform is told something
MESSAGES = {"feishu": "im.v1.message.*", "dingtalk": "robot.oToMessages.*", "wecom": "message/send"}

#: how each of them says that it is busy and that nothing happened
BUSY: dict[str, dict[str, Any]] = {
    "feishu": {"kind": FaultKind.HTTP_500},
    "dingtalk": {"kind": FaultKind.HTTP_500},
    "wecom": {"kind": FaultKind.CODE, "code": -1},
}


class People(Protocol):
    """Whoever uses a deployment."""

    async def everything(self) -> None:
        """Do a little of everything that people do."""

    def violations(self, stored: Stored) -> list[str]:
        """What came out wrong, in words."""


def people_of(place: Deployment) -> People:
    """The same ones for all lives of a deployment."""
    if place.crowd is None:
        place.crowd = Crowd(place.emulator) if place.stage.platform == "feishu" else Wishers(place)
    assert isinstance(place.crowd, Crowd | Wishers)
    return place.crowd


async def dies(place: Deployment, at: str) -> bool:
    """Start a process that is to die there, let things happen, wait for its death; False when it never came by."""
    if at.partition(":")[0] in ON_TIMER and place.database.exists():
        await asyncio.to_thread(make_timers_due, place.database)
    if at.partition(":")[0] in ON_REFUSAL:
        place.emulator.faults.add(MESSAGES[place.stage.platform], times=1, **BUSY[place.stage.platform])
    process = await place.start(CRASH_AT=at)
    if await place.listening():
        await people_of(place).everything()
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
    assert people_of(place).violations(stored) == [], f"after {after}"
    await place.kill()


async def walk(place: Deployment, places: Sequence[Sequence[str]]) -> list[str]:
    """Through these, one after the other, each with what to try instead when a life did not come by; where it died."""
    passed: list[str] = []
    for tries in places:
        for at in tries:
            is_passed = await dies(place, at)
            await comes_back(place, at)
            if is_passed:
                passed.append(at)
                break
    return passed


async def first_steps(folder: Path, nest: Nursery, company: CompanyFile, platform: str) -> list[str]:
    """The places that only a first start passes, each in an installation of its own."""
    passed: list[str] = []
    for number, at in enumerate(FIRST_START):
        home = folder / at
        home.mkdir()
        async with deployment(home, nest, company, seed=number, platform=platform) as place:
            passed += await walk(place, [[at]])
    return passed


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("platform", ["feishu", "dingtalk", "wecom"])
async def test_dying_at_any_place_loses_nothing_and_repeats_nothing(
    tmp_path: Path, figures: Figures, platform: str
) -> None:
    company = await asyncio.to_thread(lambda: read_company(cast(sample_text(), platform)))
    # a later passage may not come in a short life, and a question that belongs to a running clock takes no number
    often = [name for name in MARKED if name not in FIRST_START]
    places = [[name if name in LAST else f"{name}:{PASSAGES[platform]}", name, name] for name in often]
    Random(1).shuffle(places)

    async def lane(number: int, nest: Nursery) -> list[str]:
        folder = tmp_path / f"lane{number}"
        folder.mkdir()
        async with deployment(folder, nest, company, seed=number, platform=platform) as place:
            await comes_back(place, "nothing")
            return await walk(place, places[number::LANES])

    async with nursery() as nest:
        lanes = [lane(number, nest) for number in range(LANES)]
        passed = [
            at for one in await asyncio.gather(first_steps(tmp_path, nest, company, platform), *lanes) for at in one
        ]
    reached = {at.partition(":")[0] for at in passed}
    figures(
        f"killed at every marked step, {platform}",
        f"{len(passed)} deaths at {len(reached)} of {len(MARKED)} places, 0 violations",
    )
    assert reached == set(MARKED), f"never passed: {sorted(set(MARKED) - reached)}"
