"""The program is stopped as a service manager stops it, and its database is held by somebody else (P8, F3, F21)."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

import storage
from bot.company import CompanyFile, read_company, sample_text
from bot.playground.casting import cast
from tests.rigs.crowd import Crowd
from tests.rigs.deployment import Deployment, deployment, nursery
from tests.rigs.history import judge, read_database, rest
from tests.rigs.wishers import Wishers
from tests.support.figures import Figures

RESTARTS = 20
#: on each of the other platforms
RESTARTS_ELSEWHERE = 3
BEAT = 0.005
MOST_PENDING = 100
#: longer than an update may wait for its place on the disk (P1)
LOCKED_SECONDS = 2.6
#: longer than any stop may take (P8)
STOP_SECONDS = 20.0


async def chatter(crowd: Crowd) -> None:
    """The crowd acts until it is cancelled."""
    while True:
        if crowd.emulator.courier.pending < MOST_PENDING:
            await crowd.act()
        await asyncio.sleep(BEAT)


async def found_whole(place: Deployment) -> str:
    """Nothing lost, nothing twice; what was counted."""
    stored = await asyncio.to_thread(read_database, place.database)
    verdict = judge(place.emulator, stored)
    assert verdict.is_clean, verdict
    assert Crowd.of(place).wrong_answers(noticed=stored.noticed) == []
    assert await storage.check(f"sqlite:///{place.database}") == []
    return str(verdict)


@pytest.mark.slow
async def test_rolling_restarts_under_load_end_cleanly_and_lose_nothing(
    tmp_path: Path, company: CompanyFile, figures: Figures
) -> None:
    loop, took = asyncio.get_running_loop(), []
    async with nursery() as nest, deployment(tmp_path, nest, company, seed=1) as place:
        talk = asyncio.create_task(chatter(Crowd.of(place)))
        for turn in range(RESTARTS):
            await place.start()
            assert await place.listening(), place.log.read_text(encoding="utf-8")
            await asyncio.sleep(0.02 * (turn % 7))
            started = loop.time()
            assert await place.stop() == 0
            took.append(loop.time() - started)
        talk.cancel()
        await asyncio.gather(talk, return_exceptions=True)
        await place.start()
        await rest(place)
        assert await place.stop() == 0
        verdict = await found_whole(place)
    assert max(took) < STOP_SECONDS
    figures("SIGTERM under load", f"{RESTARTS} restarts, longest stop {max(took):.2f} s, exit code 0 each, {verdict}")


@pytest.mark.slow
@pytest.mark.parametrize("platform", ["dingtalk", "wecom"])
async def test_rolling_restarts_elsewhere_lose_nothing_and_leave_nothing_in_doubt(
    tmp_path: Path, figures: Figures, platform: str
) -> None:
    """Whoever is stopped finishes the calls under way, so that not even there an outcome is unknown (P8)."""
    company = await asyncio.to_thread(lambda: read_company(cast(sample_text(), platform)))
    async with nursery() as nest, deployment(tmp_path, nest, company, seed=1, platform=platform) as place:
        wishers = Wishers(place)
        talk = asyncio.create_task(wishers.chatter(beat=0.02, most_pending=40, most=120))
        for turn in range(RESTARTS_ELSEWHERE):
            await place.start()
            assert await place.listening(), place.log.read_text(encoding="utf-8")
            await asyncio.sleep(0.05 * turn)
            assert await place.stop() == 0
        talk.cancel()
        await asyncio.gather(talk, return_exceptions=True)
        await place.start()
        assert await place.listening()
        await rest(place)
        assert await place.stop() == 0
        stored = await asyncio.to_thread(read_database, place.database)
        assert await storage.check(f"sqlite:///{place.database}") == []
    kept = wishers.acknowledged() & wishers.wishes.keys()
    assert kept
    assert wishers.violations(stored) == []
    assert (stored.unknown, wishers.missing(stored)) == ((), [])
    figures(f"SIGTERM under load, {platform}", f"{RESTARTS_ELSEWHERE} restarts, {len(kept)} wishes, all answered once")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Somebody else holds the write lock."""
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.slow
async def test_while_somebody_else_holds_the_database_nothing_is_acknowledged_and_then_all_is(
    tmp_path: Path, company: CompanyFile, figures: Figures
) -> None:
    loop = asyncio.get_running_loop()
    async with nursery() as nest, deployment(tmp_path, nest, company, seed=1) as place:
        await place.start()
        assert await place.listening()
        crowd = Crowd.of(place)
        await crowd.asks(surely=True)
        await rest(place)
        with locked(place.database):
            for _ in range(10):
                await crowd.chatters()
                await crowd.wishes_something()
            await asyncio.sleep(LOCKED_SECONDS)
            told = [push.is_acked for push in place.emulator.recorder.pushes]
        released = loop.time()
        assert not any(told[1:])
        await place.emulator.settled()
        recovered = loop.time() - released
        await rest(place)
        assert await place.stop() == 0
        verdict = await found_whole(place)
    figures("database locked by somebody else", f"{LOCKED_SECONDS} s, taken in {recovered:.1f} s after, {verdict}")


@pytest.mark.slow
@pytest.mark.parametrize("platform", ["dingtalk", "wecom"])
async def test_elsewhere_too_nothing_is_acknowledged_while_somebody_else_holds_the_database(
    tmp_path: Path, figures: Figures, platform: str
) -> None:
    company = await asyncio.to_thread(lambda: read_company(cast(sample_text(), platform)))
    async with nursery() as nest, deployment(tmp_path, nest, company, seed=1, platform=platform) as place:
        await place.start()
        assert await place.listening()
        wishers = Wishers(place)
        await wishers.wishes_something()
        await rest(place)
        before = wishers.acknowledged()
        with locked(place.database):
            for _ in range(10):
                await wishers.wishes_something()
            await asyncio.sleep(LOCKED_SECONDS)
            assert wishers.acknowledged() == before
        await rest(place)
        assert await place.stop() == 0
        stored = await asyncio.to_thread(read_database, place.database)
    assert len(before) == 1
    assert wishers.acknowledged() == wishers.wishes.keys()
    assert wishers.violations(stored) == []
    assert (stored.unknown, wishers.missing(stored)) == ((), [])
    figures(f"database locked, {platform}", f"{LOCKED_SECONDS} s, then all {len(wishers.wishes)} wishes answered once")
