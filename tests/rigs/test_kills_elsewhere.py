"""`kill -9` at random moments on DingTalk and WeCom: what was acknowledged is kept and handled once, no answer is seen twice.

These platforms do not recognise a call that is repeated, so that one whose outcome a death hid is not repeated: it is
listed, and whoever asked may be without an answer then. More than that is never missing (P1-P3, F1).
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random

import pytest

import storage
from bot.company import CompanyFile, read_company, sample_text
from bot.playground.casting import cast
from tests.rigs.deployment import Deployment, deployment, nursery
from tests.rigs.history import read_database, rest
from tests.rigs.test_random_kills import BREATHER, breathes
from tests.rigs.wishers import Wishers
from tests.support.figures import Figures

KILLS = 10
#: seconds between one wish and the next
BEAT = 0.03
MOST_PENDING = 40
#: enough for what can go wrong in so few lives
MOST_WISHES = 120


async def torment(place: Deployment, dice: Random) -> None:
    """Start and kill: before it listens, while it works, while it recovers."""
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


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("platform", ["dingtalk", "wecom"])
async def test_kills_lose_nothing_that_was_acknowledged_and_repeat_nothing(
    tmp_path: Path, figures: Figures, platform: str
) -> None:
    company: CompanyFile = await asyncio.to_thread(lambda: read_company(cast(sample_text(), platform)))
    async with nursery() as nest, deployment(tmp_path, nest, company, seed=1, platform=platform) as place:
        wishers = Wishers(place)
        talk = asyncio.create_task(wishers.chatter(beat=BEAT, most_pending=MOST_PENDING, most=MOST_WISHES))
        await torment(place, Random(1))
        talk.cancel()
        await asyncio.gather(talk, return_exceptions=True)
        await place.start()
        assert await place.listening(), "a process that is told to end before it listens has not learned to yet"
        await rest(place)
        assert await place.stop() == 0
        stored = await asyncio.to_thread(read_database, place.database)
        problems = await storage.check(f"sqlite:///{place.database}")
    kept = wishers.acknowledged() & wishers.wishes.keys()
    figures(
        f"kill -9 at random, {platform}",
        f"{KILLS} kills, {len(kept)} wishes taken, {len(stored.unknown)} answers in doubt, "
        f"{len(wishers.missing(stored))} of them missing, 0 seen twice",
    )
    assert kept
    assert wishers.violations(stored) == []
    assert not problems
