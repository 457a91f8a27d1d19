"""`kill -9` at random moments under load, again and again: nothing acknowledged is lost, nothing happens twice (P1-P3, F1)."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random

import pytest

import storage
from adapters._emulator.faults import FaultKind
from bot.company import CompanyFile
from tests.rigs.crowd import Crowd
from tests.rigs.deployment import LOOK, PATIENCE, Deployment, Nursery, deployment, nursery
from tests.rigs.history import Verdict, judge, read_database, rest, traces
from tests.support.figures import Figures

#: deployments side by side, one a core
DEPLOYMENTS = 2
KILLS = 60
#: after so many lives comes one that is long enough for all that waits
BREATHER = 3
#: seconds between one event and the next
BEAT = 0.002
#: nobody writes anything more while so many events wait for the program to come back
MOST_PENDING = 100


async def chatter(crowd: Crowd) -> None:
    """The crowd acts until it is cancelled."""
    while True:
        if crowd.emulator.courier.pending < MOST_PENDING:
            await crowd.act()
        await asyncio.sleep(BEAT)


async def torment(place: Deployment, *, seed: int) -> None:
    """Start and kill, at random moments: before it listens, while it works, while it recovers."""
    dice = Random(seed)
    for turn in range(KILLS):
        await place.start()
        if dice.random() < 0.1:
            await asyncio.sleep(dice.uniform(0.0, 0.25))
        else:
            assert await place.listening(), place.log.read_text(encoding="utf-8")
            await asyncio.sleep(dice.uniform(0.0, 0.2))
            if turn % BREATHER == 0:
                await breathes(place)
        await place.kill()


async def breathes(place: Deployment) -> None:
    """Live until everything that waits now is handled: an update at which five processes died is given up, rightly so,
    and on a busy machine five short lives in a row may all have been spent on the same one."""
    waiting = await _pending(place)
    async with asyncio.timeout(PATIENCE):
        while waiting:
            await asyncio.sleep(10 * LOOK)
            waiting &= await _pending(place)


async def _pending(place: Deployment) -> set[str]:
    """Business ids of what waits to be handled."""
    stored = await asyncio.to_thread(read_database, place.database)
    return {one for one, state in stored.updates.items() if state == "pending"}


async def ordeal(folder: Path, nest: Nursery, company: CompanyFile, *, seed: int) -> tuple[Verdict, int, list[str]]:
    """One deployment's whole story."""
    async with deployment(folder, nest, company, seed=seed) as place:
        place.emulator.faults.add("push.*", FaultKind.DUPLICATE, rate=0.1, seconds=0.3)
        place.emulator.faults.add("im.v1.message.*", FaultKind.EXECUTED_THEN_TIMEOUT, rate=0.01, seconds=0.5)
        crowd = Crowd.of(place)
        talk = asyncio.create_task(chatter(crowd))
        await torment(place, seed=seed)
        talk.cancel()
        await asyncio.gather(talk, return_exceptions=True)
        await place.start()
        assert await place.listening(), "a process that is told to end before it listens has not learned to yet"
        await rest(place)
        assert await place.stop() == 0
        stored = await asyncio.to_thread(read_database, place.database)
        verdict = judge(place.emulator, stored)
        problems = await storage.check(f"sqlite:///{place.database}")
        for wrong in crowd.wrong_answers(noticed=stored.noticed):
            problems += [wrong, *await asyncio.to_thread(traces, place.database, wrong.partition(":")[0])]
        return verdict, len(place.deaths) - 1, problems


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_kills_lose_nothing_and_repeat_nothing(tmp_path: Path, company: CompanyFile, figures: Figures) -> None:
    folders = [tmp_path / f"place{n}" for n in range(DEPLOYMENTS)]
    for folder in folders:
        folder.mkdir()
    async with nursery() as nest:
        stories = await asyncio.gather(*(ordeal(folder, nest, company, seed=n) for n, folder in enumerate(folders)))
    kills = sum(deaths for _, deaths, _ in stories)
    for number, (verdict, deaths, wrong) in enumerate(stories):
        figures(f"kill -9 at random, deployment {number + 1}", f"{deaths} kills, {verdict}")
        assert verdict.is_clean, verdict
        assert not wrong, "\n".join(wrong)
    assert kills == DEPLOYMENTS * KILLS
