"""`kill -9` at random moments on DingTalk and WeCom: what was acknowledged is kept and handled once, no answer is seen twice.

These platforms do not recognise a call that is repeated, so that one whose outcome a death hid is not repeated: it is
listed, and whoever asked may be without an answer then. More than that is never missing (P1-P3, F1).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from random import Random

import pytest

import storage
from bot.company import CompanyFile, read_company, sample_text
from bot.playground.casting import cast
from tests.rigs.deployment import Deployment, deployment, nursery
from tests.rigs.history import read_database, rest
from tests.rigs.test_random_kills import BREATHER, breathes
from tests.support.figures import Figures

KILLS = 15
#: seconds between one wish and the next
BEAT = 0.03
MOST_PENDING = 40
#: nobody wishes for more: each answer is one of a few that the platform lets us send in a minute
MOST_WISHES = 120


class Wishers:
    """People who wish, in private, for time zones that there are not: each is answered with exactly its name."""

    def __init__(self, place: Deployment) -> None:
        self._emulator = place.emulator
        self._people = list(place.emulator.state.people)
        #: message -> the star that was wished for, and by whom
        self.wishes: dict[str, tuple[str, str]] = {}

    async def chatter(self) -> None:
        """Until cancelled."""
        while True:
            if self._emulator.courier.pending < MOST_PENDING and len(self.wishes) < MOST_WISHES:
                await self.wish()
            await asyncio.sleep(BEAT)

    async def wish(self) -> None:
        number = len(self.wishes)
        who, star = self._people[number % len(self._people)], f"星球{number}号"
        message = await self._emulator.says(who, f"设置 时区 {star}")
        self.wishes[message] = who, star

    def answers(self) -> Counter[str]:
        """Star -> how often whoever wished for it was told of it."""
        told: Counter[str] = Counter()
        for who in self._people:
            for chat in self._emulator.what_sees(who):
                words = [m.text for m in chat.messages if m.is_from_bot] if not chat.is_group else []
                mine = [star for one, star in self.wishes.values() if one == who]
                told.update(star for star in mine for text in words if star in text)
        return told


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
        talk = asyncio.create_task(wishers.chatter())
        await torment(place, Random(1))
        talk.cancel()
        await asyncio.gather(talk, return_exceptions=True)
        await place.start()
        assert await place.listening(), "a process that is told to end before it listens has not learned to yet"
        await rest(place)
        assert await place.stop() == 0
        stored = await asyncio.to_thread(read_database, place.database)
        problems = await storage.check(f"sqlite:///{place.database}")
        answers = wishers.answers()
        acknowledged = {push.event_id for push in place.emulator.recorder.pushes if push.is_acked}
    kept = acknowledged & wishers.wishes.keys()
    unanswered = [star for message, (_, star) in wishers.wishes.items() if message in kept and not answers[star]]
    figures(
        f"kill -9 at random, {platform}",
        f"{KILLS} kills, {len(kept)} wishes taken, {len(stored.unknown)} answers in doubt, "
        f"{len(unanswered)} of them missing, 0 seen twice",
    )
    assert kept
    assert kept <= stored.updates.keys(), "acknowledged, and lost"
    assert set(stored.updates.values()) == {"done"}, stored.errors
    assert [star for star, count in answers.items() if count > 1] == []
    assert len(unanswered) <= len(stored.unknown), "missing, and not listed"
    assert not problems
