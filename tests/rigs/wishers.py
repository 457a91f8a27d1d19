"""People of a platform that hears little and recognises no repeated call: they wish, in private, and ask in the group.

What they see is compared with what the platform was acknowledged and with what the program lists as in doubt: there, a
call whose outcome a death hid is not repeated, and whoever asked may be without an answer. More is never missing.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from itertools import cycle

from adapters._emulator.said import Mention, MentionBot
from tests.rigs.deployment import LOOK, Deployment
from tests.rigs.history import Stored

#: a group of the company file with people of several departments; those of them who have to answer
GROUP = "X1试产协作专项群"
LIAISONS = ("秦书禾", "苏念初", "袁知行", "温晓棠")


class Wishers:
    """Everybody of the sample company, on whichever platform the deployment has."""

    def __init__(self, place: Deployment) -> None:
        self._place = place
        self._emulator = place.emulator
        state = place.emulator.state
        self._people = list(state.people)
        group = next(chat for chat in state.chats.values() if chat.name == GROUP)
        liaisons = [one for one in group.members if state.people[one].name in LIAISONS]
        self._group = group.id
        self._pairs = cycle(
            (who, whom)
            for whom in liaisons
            for who in group.members
            if state.people[who].departments != state.people[whom].departments
        )
        self._asked: list[tuple[str, str]] = []
        self._number = 0
        #: message -> the star that was wished for, and by whom
        self.wishes: dict[str, tuple[str, str]] = {}

    async def wishes_something(self) -> None:
        """Somebody wishes for a time zone that there is not; the answer names it."""
        number = len(self.wishes)
        who, star = self._people[number % len(self._people)], f"星球{number}号"
        message = await self._emulator.says(who, f"设置 时区 {star}")
        self.wishes[message] = who, star

    async def chatter(self, *, beat: float, most_pending: int, most: int) -> None:
        """Wish all the time until cancelled; `beat` are seconds, `most` how many wishes there may be altogether."""
        while True:
            if self._emulator.courier.pending < most_pending and len(self.wishes) < most:
                await self.wishes_something()
            await asyncio.sleep(beat)

    async def everything(self) -> None:
        """Wishes, a question and its answer."""
        for _ in range(3):
            await self.wishes_something()
        await self._heard()
        await self.asks()
        await self.answers()

    async def _heard(self) -> None:
        """Until the program hears groups, where that takes a connection; it may die before."""
        process = self._place.process
        assert process is not None
        while not self._place.stage.wire().is_up and not process.ended.done():  # noqa: ASYNC110 - a process tells of nothing
            await asyncio.sleep(LOOK)

    async def asks(self) -> None:
        """Somebody asks somebody of another department in the group, through the bot."""
        who, whom = next(self._pairs)
        words = [MentionBot(), " 询问 ", Mention(whom), f" 第 {self._next()} 批夹具什么时候到位？"]
        await self._emulator.says(who, words, self._group)
        self._asked.append((who, whom))

    async def answers(self) -> None:
        """Whoever was asked last answers whoever asked, so that the bot hears it."""
        asker, asked = self._asked[-1]
        words = [MentionBot(), " ", Mention(asker), f" 第 {self._next()} 批下午到"]
        await self._emulator.says(asked, words, self._group)

    def _next(self) -> int:
        self._number += 1
        return self._number

    # ------------------------------------------------------------ what became of it

    def told(self) -> Counter[str]:
        """Star -> how often whoever wished for it was told of it."""
        told: Counter[str] = Counter()
        for who in self._people:
            mine = [star for one, star in self.wishes.values() if one == who]
            for chat in self._emulator.what_sees(who) if mine else ():
                words = [m.text for m in chat.messages if m.is_from_bot] if not chat.is_group else []
                told.update(star for star in mine for text in words if star in text)
        return told

    def acknowledged(self) -> set[str]:
        """Ids of what the program took."""
        return {push.event_id for push in self._emulator.recorder.pushes if push.is_acked}

    def missing(self, stored: Stored) -> list[str]:
        """Stars that were taken, handled, and that nobody was told of."""
        told, taken = self.told(), self.acknowledged() & stored.updates.keys()
        return [star for message, (_, star) in self.wishes.items() if message in taken and not told[star]]

    def violations(self, stored: Stored) -> list[str]:
        """Everything that breaks a promise. What is asked in the group may be lost with a connection on which nobody
        acknowledges anything; wishes are not."""
        kept = self.acknowledged() & self.wishes.keys()
        found = [f"{one}: acknowledged, and lost" for one in kept - stored.updates.keys()]
        found += [f"{one}: {state}" for one, state in stored.updates.items() if state != "done"]
        found += [f"{star}: told {count} times" for star, count in self.told().items() if count > 1]
        for ids in self._emulator.visible_duplicates():
            seen = [self._emulator.message_as_seen(one).text for one in ids]
            found.append(f"seen twice: {seen}")
        missing = self.missing(stored)
        if len(missing) > len(stored.unknown):
            found.append(f"missing {missing}, in doubt only {stored.unknown}")
        return [*found, *stored.errors]
