"""People who write all the time, in such a way that every answer can be told from every other.

Questions in the group are answered where they stand; a wish for a time zone that does not exist is answered in the
private chat with exactly its name; chatter is heard and not answered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container
from itertools import permutations
from random import Random

from adapters._emulator.said import Part
from adapters.feishu.emulator import FeishuEmulator, Mention, MentionBot
from tests.rigs.deployment import Deployment
from tests.rigs.history import Stored, judge

GROUP = "oc_sample_x1"
#: what is said of a question that belongs to a running clock
_JOINED = "已并入"
_STAR = re.compile(r"星球\d+")


class Crowd:
    """The members of the sample company's project group."""

    def __init__(self, emulator: FeishuEmulator) -> None:
        self.emulator = emulator
        self._dice = Random(1)
        self._number = 0
        self.members = list(emulator.state.chats[GROUP].members)
        self._groups = [chat.id for chat in emulator.state.chats.values() if chat.is_group and chat.has_bot]
        department = {one: emulator.state.people[one].departments for one in self.members}
        self._pairs = [pair for pair in permutations(self.members, 2) if department[pair[0]] != department[pair[1]]]
        by_name = {emulator.state.people[one].name: one for one in self.members}
        # liaisons have to answer; many ask, because one person may give thirty commands a minute (T19)
        liaisons = {by_name[name] for name in ("秦书禾", "苏念初", "温晓棠", "袁知行")}
        self._sure_pairs = [pair for pair in self._pairs if pair[1] in liaisons]
        self._asked: list[tuple[str, str]] = []
        #: messages that must be answered in the group, once each
        self.questions: list[str] = []
        #: name of a time zone -> who wished for it, in private
        self.wishes: dict[str, str] = {}
        #: events caused so far
        self.events = 0

    @classmethod
    def of(cls, place: Deployment) -> Crowd:
        """The one crowd of a deployment."""
        if place.crowd is None:
            place.crowd = cls(place.emulator)
        assert isinstance(place.crowd, cls)
        return place.crowd

    async def everything(self) -> None:
        """Chatter, wishes, a question and its answer."""
        for _ in range(2):
            await self.wishes_something()
            await self.chatters()
        await self.asks(surely=True)
        await self.answers()

    def violations(self, stored: Stored) -> list[str]:
        """Everything that breaks a promise."""
        verdict = judge(self.emulator, stored)
        return [*([] if verdict.is_clean else [str(verdict)]), *self.wrong_answers(noticed=stored.noticed)]

    async def act(self) -> None:
        """Somebody does something."""
        self.events += 1
        chance = self._dice.random()
        if chance < 0.955:
            await self.chatters()
        elif chance < 0.99:
            await self.wishes_something()
        else:
            await self.asks()

    async def chatters(self) -> None:
        """Words among colleagues."""
        group = self._dice.choice(self._groups)
        who = self._dice.choice(self.emulator.state.chats[group].members)
        await self.emulator.says(who, f"第 {self._next()} 箱已经到了", group)

    async def wishes_something(self) -> None:
        """Somebody wishes for what there is not."""
        who, star = self._dice.choice(self.members), f"星球{self._next()}"
        self.wishes[star] = who
        await self.emulator.says(who, f"设置 时区 {star}")

    async def asks(self, *, surely: bool = False) -> None:
        """Somebody asks somebody of another department in the group, through the bot; `surely` a person who has to
        answer."""
        who, whom = self._dice.choice(self._sure_pairs if surely else self._pairs)
        words: list[Part] = [MentionBot(), " 询问 ", Mention(whom), f" 第 {self._next()} 批夹具什么时候到位？"]
        self.questions.append(await self.emulator.says(who, words, GROUP))
        self._asked.append((who, whom))

    async def answers(self) -> None:
        """Whoever was asked last answers whoever asked."""
        asker, asked = self._asked[-1]
        await self.emulator.says(asked, [Mention(asker), f" 第 {self._next()} 批下午到"], GROUP)

    def _next(self) -> int:
        self._number += 1
        return self._number

    # ------------------------------------------------------------ what people see

    def wrong_answers(self, *, noticed: Container[str]) -> list[str]:
        """Every question and wish that was not answered exactly once, with the number of answers.

        A question that comes to the program after one that was asked later takes over that one's clock and card, which
        then stands below the other question; one that comes after its own answer needs no card: `noticed` are those.
        A question that was said to belong to a running clock gets a card all the same when an answer turns up late that
        had ended that clock before it was asked; the word about belonging is then put right by the card.
        """
        seen = [
            message
            for message in self.emulator.chat_as_seen(self.members[0], GROUP).messages
            if message.is_from_bot and message.reply_to
        ]
        carded = {message.reply_to for message in seen if message.card}
        answers = Counter(m.reply_to for m in seen if not (m.reply_to in carded and _JOINED in m.text))
        wrong = [
            f"{one}: {answers[one]}"
            for one in self.questions
            if answers[one] != 1 and not (answers[one] == 0 and one in noticed)
        ]
        for account in sorted(set(self.wishes.values())):
            told = self._stars_told(account)
            wrong += [
                f"{star}: {told[star]}" for star, who in self.wishes.items() if who == account and told[star] != 1
            ]
        return wrong

    def _stars_told(self, account: str) -> Counter[str]:
        private = self.emulator.chat_as_seen(account, self.emulator.direct_chat(account))
        return Counter(
            star
            for message in private.messages
            if message.is_from_bot
            for star in set(_STAR.findall(message.text or (message.card.text if message.card else "")))
        )
