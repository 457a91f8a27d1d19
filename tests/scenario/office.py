"""A whole Huiyin for a story: emulated platform, real adapter, crypto and engine, a store, and a clock that is moved.

People are named as in the sample company; `@袁知行` in a text is a real mention, `@回音` mentions the bot. What anybody sees
is read off the platform, as that person's own client would show it.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any
from zoneinfo import ZoneInfo

from bot.clock import VirtualClock
from bot.company import CompanyFile, read_company, sample_text
from bot.config import BotSection, ServerSection, Settings, StorageSection
from bot.playground.backstage import Backstage
from bot.playground.demo import STAGES
from bot.playground.troupe import block_words, words_of
from bot.stage import BOT, Mentioned, Said
from bot.stage_views import ChatView, MessageView, Toast
from tests.scenario.spread import SPREAD, SpreadStage

__all__ = ["Office", "buttons_of", "words_of"]

BEIJING = ZoneInfo("Asia/Shanghai")
#: Monday of the acceptance week, five minutes into the working day
MONDAY = datetime(2026, 9, 14, 9, 5, tzinfo=BEIJING)
BOT_NAME = "回音"
_MENTION = re.compile(r"@([\u4e00-\u9fff]{2,4})\s?")


@cache
def sample_company() -> CompanyFile:
    """The sample company, read once."""
    return read_company(sample_text())


class Office:
    """The sample company at work. Use as `async with Office(...) as office`."""

    def __init__(
        self,
        *,
        company_file: Path,
        store_url: str,
        delivery: str,
        start: datetime = MONDAY,
        company: CompanyFile | None = None,
        platform: str = "feishu",
    ) -> None:
        company = company or sample_company()
        self.clock = VirtualClock(start)
        builder: Any = SpreadStage if platform == SPREAD else STAGES[platform]
        self.stage: Any = builder(company, clock=self.clock, bot_name=BOT_NAME, seed=1)
        self.backstage = Backstage(
            stage=self.stage,
            clock=self.clock,
            settings=Settings(
                bot=BotSection(name=BOT_NAME, company=str(company_file)),
                server=ServerSection(port=0),
                storage=StorageSection(url=store_url),
            ),
            settle_seconds=0.02,
        )
        self._delivery = delivery
        self._accounts = {person.name: person.accounts[platform] for person in company.people if platform != SPREAD}

    async def __aenter__(self) -> Office:
        await self.stage.start()
        assert await self.backstage.start(self._delivery), "the platform does not reach the bot"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.backstage.stop()
        await self.stage.stop()

    # ------------------------------------------------------------ acting

    async def says(self, who: str, text: str, *, chat: str = "", quoting: MessageView | None = None) -> None:
        """Somebody writes, into the private chat with the bot where no group is named."""
        where = self.chat(who, chat)
        await self.stage.says(self._accounts[who], where.id, self._parts(text), quoting=quoting.id if quoting else "")
        await self.rest()

    async def presses(self, who: str, message: MessageView, button: str) -> Toast | None:
        """Somebody presses a button of a card."""
        toast: Toast | None = await self.stage.presses(self._accounts[who], message.id, button, {})
        await self.rest()
        return toast

    async def goes_to(self, at: str | datetime) -> None:
        """Time passes until `HH:MM` of the same day, or until an instant; what is due on the way happens in its order."""
        if isinstance(at, str):
            hour, minute = at.split(":")
            now = self.clock.now().astimezone(BEIJING)
            at = now.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
        await self.backstage.jump(at)

    async def rest(self) -> None:
        """Let everything that is due now happen."""
        await self.backstage.jump(self.clock.now() + timedelta(seconds=1))

    def _parts(self, text: str) -> Said:
        parts: list[str | Mentioned] = []
        at = 0
        for found in _MENTION.finditer(text):
            account = BOT if found[1] == BOT_NAME else self._accounts.get(found[1])
            if account is None:
                continue
            parts.extend((text[at : found.start()], Mentioned(account)))
            at = found.end()
        return [part for part in (*parts, text[at:]) if part]

    # ------------------------------------------------------------ looking

    def chat(self, who: str, name: str = "") -> ChatView:
        """A chat that this person has, by the group's name; the private one with the bot without a name."""
        chats = self.stage.chats(self._accounts[who])
        found = [c for c in chats if (c.name == name if name else not c.is_group)]
        assert found, f"{who} has no chat {name!r}, only {[c.name for c in chats]}"
        chat: ChatView = found[0]
        return chat

    def sees(self, who: str, *, chat: str = "") -> list[MessageView]:
        """What the bot wrote into that chat, oldest first, as this person sees it now."""
        where = self.chat(who, chat)
        messages = self.stage.messages(self._accounts[who], where.id, limit=200)
        return [m for m in messages if m.is_from_bot and not m.is_recalled]

    def last(self, who: str, *, chat: str = "") -> MessageView:
        """The newest of them."""
        return self.sees(who, chat=chat)[-1]

    def duplicates(self) -> list[tuple[str, ...]]:
        """Messages of the bot that somebody sees twice."""
        found: list[tuple[str, ...]] = self.stage.emulator.visible_duplicates()
        return found


def buttons_of(message: MessageView) -> list[str]:
    """The buttons that can be pressed on a card."""
    assert message.card is not None
    return [line[1:-1] for line in block_words(message.card.blocks) if line.startswith("[")]
