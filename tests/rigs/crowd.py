"""People who write all the time, in such a way that every answer can be told from every other.

Questions in the group are answered where they stand; a wish for a time zone that does not exist is answered in the
private chat with exactly its name; chatter is heard and not answered.
"""

from __future__ import annotations

import re
from collections import Counter
from random import Random

from adapters.feishu.emulator import FeishuEmulator, Mention, MentionBot
from adapters.feishu.emulator_text import Part

GROUP = "oc_sample_x1"
_STAR = re.compile(r"星球\d+")


class Crowd:
    """The members of the sample company's project group."""

    def __init__(self, emulator: FeishuEmulator, *, seed: int) -> None:
        self.emulator = emulator
        self._dice = Random(seed)
        self._number = 0
        self.members = list(emulator.state.chats[GROUP].members)
        self._groups = [chat.id for chat in emulator.state.chats.values() if chat.is_group and chat.has_bot]
        #: messages that must be answered in the group, once each
        self.questions: list[str] = []
        #: name of a time zone -> who wished for it, in private
        self.wishes: dict[str, str] = {}
        #: events caused so far
        self.events = 0

    async def act(self) -> None:
        """Somebody does something."""
        self.events += 1
        chance = self._dice.random()
        if chance < 0.93:
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

    async def asks(self) -> None:
        """Somebody asks somebody in the group, through the bot."""
        who, whom = self._dice.sample(self.members, 2)
        words: list[Part] = [MentionBot(), " 询问 ", Mention(whom), f" 第 {self._next()} 批夹具什么时候到位？"]
        self.questions.append(await self.emulator.says(who, words, GROUP))

    def _next(self) -> int:
        self._number += 1
        return self._number

    # ------------------------------------------------------------ what people see

    def wrong_answers(self) -> list[str]:
        """Every question and wish that was not answered exactly once, with the number of answers."""
        answers = Counter(
            message.reply_to
            for message in self.emulator.chat_as_seen(self.members[0], GROUP).messages
            if message.is_from_bot and message.reply_to
        )
        wrong = [f"{one}: {answers[one]}" for one in self.questions if answers[one] != 1]
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
