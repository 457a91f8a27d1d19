"""One company on three platforms at once: groups on the first, and everybody's private chat where he or she prefers to be.

A stage made of the three stages. People go by their numbers as employees here; what they do reaches the platform on which
it happens under the account that they have there.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.clock import Clock
from bot.company import CompanyFile
from bot.config import PlatformsSection
from bot.playground.demo import STAGES
from bot.stage import BOT, EVERYBODY, FormValues, Mentioned, Said, Wire
from bot.stage_views import ChatView, MessageView, Toast

SPREAD = "spread"
HOME_OF_GROUPS = "feishu"
_PERSON = re.compile(r'^id = "E(\d{3})"$.*?^prefer = "\w+"$', re.MULTILINE | re.DOTALL)


def spread_text(text: str) -> str:
    """The company file with every third person on DingTalk, as far as they have an account there, and on WeCom."""

    def prefers(found: re.Match[str]) -> str:
        platform = "dingtalk" if "dingtalk = " in found[0] else ("feishu", "wecom")[int(found[1]) % 2]
        return re.sub(r'^prefer = "\w+"$', f'prefer = "{platform}"', found[0], flags=re.MULTILINE)

    return _PERSON.sub(prefers, text)


def spread_company(company: CompanyFile) -> CompanyFile:
    """The company as the troupe knows it: everybody has an account on the stage of all stages, which is the own number."""
    people = tuple(replace(p, accounts={**p.accounts, SPREAD: str(p.id)}) for p in company.people)
    return replace(company, people=people)


class SpreadStage:
    """Implements `bot.stage.Stage`, as far as the week needs it."""

    platform = SPREAD
    platforms = tuple(STAGES)
    deliveries = ("stream",)
    hears_all = False

    def __init__(self, company: CompanyFile, *, clock: Clock, bot_name: str, seed: int | None = None) -> None:
        self.bot_name = bot_name
        self.stages: dict[str, Any] = {
            name: make(company, clock=clock, bot_name=bot_name, seed=seed) for name, make in STAGES.items()
        }
        self._people = {str(p.id): p for p in company.people}
        self._numbers = {(n, a): str(p.id) for p in company.people for n, a in p.accounts.items()}
        #: chat or message -> the platform on which it is
        self._places: dict[str, str] = {}

    # ------------------------------------------------------------ the platforms

    async def start(self) -> None:
        for stage in self.stages.values():
            await stage.start()

    async def stop(self) -> None:
        for stage in self.stages.values():
            await stage.stop()

    @property
    def revision(self) -> int:
        return sum(int(stage.revision) for stage in self.stages.values())

    async def changed(self, *, after: int, at_most: float) -> int:
        if self.revision <= after:
            waiting = [
                asyncio.ensure_future(stage.changed(after=stage.revision, at_most=at_most))
                for stage in self.stages.values()
            ]
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for one in waiting:
                one.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
        return self.revision

    def touch(self) -> None:
        for stage in self.stages.values():
            stage.touch()

    def sections(self, delivery: str) -> PlatformsSection:
        found = {name: getattr(stage.sections(delivery), name) for name, stage in self.stages.items()}
        return PlatformsSection(**found)

    async def connect(self, delivery: str, *, listener: str) -> bool:
        return all([await stage.connect(delivery, listener=listener) for stage in self.stages.values()])

    def wire(self) -> Wire:
        wires: list[Wire] = [stage.wire() for stage in self.stages.values()]
        return replace(wires[0], is_up=all(w.is_up for w in wires), waiting=sum(w.waiting for w in wires))

    def next_due(self) -> datetime | None:
        return min((at for stage in self.stages.values() if (at := stage.next_due()) is not None), default=None)

    async def settled(self) -> None:
        for stage in self.stages.values():
            await stage.settled()

    # ------------------------------------------------------------ looking

    @property
    def emoji(self) -> tuple[tuple[str, str], ...]:
        shown: tuple[tuple[str, str], ...] = self.stages[HOME_OF_GROUPS].emoji
        return shown

    def chats(self, account: str) -> tuple[ChatView, ...]:
        person = self._people[account]
        found: list[ChatView] = []
        for name, stage in self.stages.items():
            if name not in person.accounts:
                continue
            for chat in stage.chats(person.accounts[name]):
                if chat.is_group or name == person.prefer:
                    self._places[chat.id] = name
                    found.append(chat)
        return tuple(found)

    def messages(self, account: str, chat: str, *, limit: int) -> tuple[MessageView, ...]:
        name = self._place(account, chat)
        mine = self._people[account].accounts.get(name)
        if mine is None:
            return ()
        seen: tuple[MessageView, ...] = tuple(self.stages[name].messages(mine, chat, limit=limit))
        self._places.update((message.id, name) for message in seen)
        return seen

    def standing(self, account: str, chat: str) -> tuple[str, ...]:
        name = self._place(account, chat)
        mine = self._people[account].accounts.get(name)
        return tuple(self.stages[name].standing(mine, chat)) if mine is not None else ()

    def cards(self, account: str, chat: str) -> Mapping[str, int]:
        name = self._place(account, chat)
        cards: Mapping[str, int] = self.stages[name].cards(self._people[account].accounts[name], chat)
        self._places.update(dict.fromkeys(cards, name))
        return cards

    def buttons(self, message: str) -> Mapping[str, str]:
        found: Mapping[str, str] = self.stages[self._places[message]].buttons(message)
        return found

    # ------------------------------------------------------------ acting

    async def says(self, account: str, chat: str, said: Said, *, quoting: str = "") -> str:
        name = self._place(account, chat)
        parts = [self._there(part, name) for part in said]
        message: str = await self.stages[name].says(self._mine(account, name), chat, parts, quoting=quoting)
        self._places[message] = name
        return message

    async def reacts(self, account: str, message: str, emoji: str) -> None:
        name = self._places[message]
        await self.stages[name].reacts(self._mine(account, name), message, emoji)

    async def recalls(self, account: str, message: str) -> None:
        name = self._places[message]
        await self.stages[name].recalls(self._mine(account, name), message)

    async def presses(self, account: str, message: str, button: str, form: FormValues) -> Toast | None:
        name = self._places[message]
        toast: Toast | None = await self.stages[name].presses(self._mine(account, name), message, button, form)
        return toast

    async def presses_as(self, account: str, message: str, sent: str, form: FormValues) -> Toast | None:
        name = self._places[message]
        toast: Toast | None = await self.stages[name].presses_as(self._mine(account, name), message, sent, form)
        return toast

    def adds(self, account: str, chat: str, members: Sequence[str]) -> None:
        name = self._place(account, chat)
        self.stages[name].adds(self._mine(account, name), chat, [self._mine(m, name) for m in members])

    def removes(self, account: str, chat: str, member: str) -> None:
        name = self._place(account, chat)
        self.stages[name].removes(self._mine(account, name), chat, self._mine(member, name))

    # ------------------------------------------------------------ inside

    def _place(self, account: str, chat: str) -> str:
        """The platform of a chat; groups of the company file are known before anybody looked at them."""
        if chat not in self._places:
            self.chats(account)
        return self._places.get(chat, HOME_OF_GROUPS)

    def _mine(self, account: str, name: str) -> str:
        return self._people[account].accounts[name]

    def _there(self, part: str | Mentioned, name: str) -> str | Mentioned:
        """A mention under the account of that platform; whoever has none there is named in writing."""
        if not isinstance(part, Mentioned) or part.account in {BOT, EVERYBODY}:
            return part
        person = self._people[part.account]
        mine = person.accounts.get(name)
        return Mentioned(mine) if mine is not None else f"@{person.name} "
