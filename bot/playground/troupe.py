"""The sample company's people as actors of the week, on a stage: they write and press over the emulated platform's own wire."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from bot.company import CompanyFile
from bot.playground.backstage import Backstage
from bot.playground.playing import Seen
from bot.playground.saying import said
from bot.playground.shortfall import Gap, Impossible, Shortfall
from bot.ports import UnitOfWork
from bot.stage import Refused, Stage
from bot.stage_views import Block, CardView, MessageView

T = TypeVar("T")

#: how long a message may wait for its turn, and how many seconds of such waiting belong to one act
_SOON = timedelta(seconds=5)
_PATIENCE_SECONDS = 30
#: messages of a chat that are looked at
_LOOKED_AT = 400


@dataclass
class Troupe:
    """Implements `playing.Actors`."""

    stage: Stage
    backstage: Backstage
    company: CompanyFile
    sees_little: bool = False
    #: what buttons of a message sent along whenever they were looked at: message -> words -> newest last
    _remembered: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    #: how often a card had changed its looks when it was looked at last
    _looks: dict[str, int] = field(default_factory=dict)
    #: everybody's chat with the bot, by account
    _private: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        platform = self.stage.platform
        self._accounts = {str(p.id): p.accounts[platform] for p in self.company.people if platform in p.accounts}
        self._chats = {g.id: g.chat.chat for g in self.company.groups if g.chat is not None}
        self._names = [(self._accounts[str(p.id)], p.name) for p in self.company.people if str(p.id) in self._accounts]

    async def goes_to(self, at: datetime) -> None:
        # the acts carry the clock; one that also goes by itself would move what is looked at between two of them
        self.backstage.run_clock(False)
        self._remember()
        await self.backstage.jump(at)
        await self._delivered()

    async def says(self, who: str, text: str, *, group: str, quoting: str) -> str:
        account = self._accounts[who]
        parts = said(text, people=self._names, inside=(), bot_name=self.stage.bot_name, picks={})
        with _allowed(who):
            message = await self.stage.says(account, self._chat(who, group), parts, quoting=quoting)
        await self._rest()
        return message

    async def reacts(self, who: str, message: str, emoji: str) -> None:
        keys = {look: key for key, look in self.stage.emoji}
        with _allowed(who):
            await self.stage.reacts(self._accounts[who], message, keys.get(emoji, emoji))
        await self._rest()

    async def recalls(self, who: str, message: str) -> None:
        with _allowed(who):
            await self.stage.recalls(self._accounts[who], message)
        await self._rest()

    async def presses(self, who: str, code: str, button: str, *, old: int, form: dict[str, str], group: str) -> str:
        cards = self._cards(who, group, code)
        if group and not cards:
            cards = self._cards(who, "", code)  # where groups show none, whoever has to press has it in private
        if old:
            return await self._presses_old(who, [m.id for m in cards], button, form)
        for message in reversed(cards):
            if button in self.stage.buttons(message.id):
                return await self._press(who, message.id, button, form)
        if group and self.sees_little:
            # whoever has no card to press says the same to the bot in private
            await self.says(who, f"{button} {code}", group="", quoting="")
            return ""
        seen = "; ".join(f"{words_of(m)[:40]!r} with {list(self.stage.buttons(m.id))}" for m in cards[-3:])
        raise Impossible(Shortfall(gap=Gap.NO_CARD, about=who, part=code, expected=button, found=seen))

    def _cards(self, who: str, group: str, code: str) -> list[MessageView]:
        return [m for m in self._messages(who, group) if m.card is not None and code in words_of(m)]

    async def _press(self, who: str, message: str, button: str, form: dict[str, str]) -> str:
        self._remember()
        with _allowed(who):
            toast = await self.stage.presses(self._accounts[who], message, button, form)
        await self._rest()
        return toast.words if toast is not None else ""

    async def _presses_old(self, who: str, cards: Sequence[str], button: str, form: dict[str, str]) -> str:
        """From a client that still shows the card as it was when the button stood on it."""
        for message in cards:
            values = self._remembered.get(message, {}).get(button, [])
            if values:
                return await self._sends(who, message, values[0], form)
        raise Impossible(Shortfall(gap=Gap.NEVER_SEEN, about=who, expected=button))

    async def _sends(self, who: str, message: str, value: str, form: dict[str, str]) -> str:
        with _allowed(who):
            toast = await self.stage.presses_as(self._accounts[who], message, value, form)
        await self._rest()
        return toast.words if toast is not None else ""

    async def forges(self, who: str, code: str, verb: str, slot: str) -> str:
        """A genuine button with another slot in it."""
        self._remember()
        for message in reversed(self._messages(who, "")):
            for values in self._remembered.get(message.id, {}).values():
                sent = json.loads(values[-1])
                if code in json.dumps(sent, ensure_ascii=False):
                    changed = _changed(sent, {"verb": verb, "slot": slot})
                    return await self._sends(who, message.id, json.dumps(changed), {})
        raise Impossible(Shortfall(gap=Gap.NEVER_SEEN, about=who, expected=code))

    async def changes_members(self, who: str, group: str, *, adds: Sequence[str], removes: Sequence[str]) -> None:
        chat = self._chat(who, group)
        with _allowed(who):
            self.stage.adds(self._accounts[who], chat, [self._accounts[m] for m in adds])
            for member in removes:
                self.stage.removes(self._accounts[who], chat, self._accounts[member])
        await self._rest()

    # ------------------------------------------------------------ looking

    def told(self, who: str) -> Sequence[Seen]:
        return [_seen(m) for m in self._messages(who, "") if m.is_from_bot and not m.is_recalled]

    def shown(self, group: str) -> Sequence[Seen]:
        member = self._member(group)
        return (
            [_seen(m) for m in self._messages(member, group) if m.is_from_bot and not m.is_recalled] if member else []
        )

    def standing(self) -> set[str]:
        private = [(who, "") for who in self._accounts]
        groups = [(member, group) for group in self._chats if (member := self._member(group))]
        places = ((self._accounts[who], self._chat(who, group)) for who, group in (*private, *groups))
        return {message for account, chat in places for message in self.stage.standing(account, chat)}

    def everybody(self) -> Sequence[str]:
        return tuple(self._accounts)

    def groups(self) -> Sequence[str]:
        return tuple(self._chats)

    def place(self, who: str, group: str) -> tuple[str, str]:
        """Account and chat to look at for what somebody does, or what a group is shown; empty where there is neither."""
        who = who or self._member(group)
        try:
            return (self._accounts[who], self._chat(who, group)) if who else ("", "")
        except LookupError:
            return self._accounts[who], self._chat(who, "")

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self.backstage.read(work)

    # ------------------------------------------------------------ inside

    async def _rest(self) -> None:
        await self.backstage.settled()
        await self._delivered()

    async def _delivered(self) -> None:
        """Let the seconds pass that the platform's limits put between one message and the next."""
        for _ in range(_PATIENCE_SECONDS):
            now = self.backstage.clock.now()
            due = await self.backstage.read(
                lambda uow: [uow.outbox.next_due(platform=platform) for platform in self.stage.platforms]
            )
            if all(at is None or at > now + _SOON for at in due):
                break
            await self.backstage.jump(now + timedelta(seconds=1))
        self._remember()

    def _chat(self, who: str, group: str) -> str:
        if group:
            return self._chats.get(group) or self._named(who, group)
        account = self._accounts[who]
        if account not in self._private:
            self._private[account] = next(chat.id for chat in self.stage.chats(account) if not chat.is_group)
        return self._private[account]

    def _named(self, who: str, group: str) -> str:
        """A group that was made during the week, by its name."""
        for chat in self.stage.chats(self._accounts[who]):
            if chat.is_group and group in chat.name:
                return chat.id
        raise Impossible(Shortfall(gap=Gap.NO_GROUP, about=who, expected=group))

    def _messages(self, who: str, group: str) -> Sequence[MessageView]:
        return self.stage.messages(self._accounts[who], self._chat(who, group), limit=_LOOKED_AT)

    def _member(self, group: str) -> str:
        chat = self._chats.get(group)
        for who, account in self._accounts.items():
            if any(one.id == chat for one in self.stage.chats(account)):
                return who
        return ""

    def _remember(self) -> None:
        """Keep what every button sends along, so that an old client can still send it."""
        for who, account in self._accounts.items():
            for message, look in self.stage.cards(account, self._chat(who, "")).items():
                if self._looks.get(message) == look:
                    continue
                self._looks[message] = look
                known = self._remembered.setdefault(message, {})
                for words, value in self.stage.buttons(message).items():
                    values = known.setdefault(words, [])
                    if value not in values:
                        values.append(value)


@contextmanager
def _allowed(who: str) -> Iterator[None]:
    """What the platform's client does not let somebody do is no act."""
    try:
        yield
    except Refused as refused:
        raise Impossible(Shortfall(gap=Gap.REFUSED, about=who, part=refused.key, facts=refused.facts)) from refused


def _seen(message: MessageView) -> Seen:
    return Seen(id=message.id, at=message.at, words=words_of(message))


def _changed(sent: object, params: dict[str, str]) -> object:
    """The value with other parameters, wherever in it they stand."""
    if isinstance(sent, dict):
        return {
            key: params[key] if key in params and isinstance(value, str) else _changed(value, params)
            for key, value in sent.items()
        }
    return sent


def words_of(message: MessageView) -> str:
    """Everything that can be read on a message, text or card."""
    text = "".join(span.text for span in message.words)
    return text if message.card is None else f"{_card_words(message.card)}\n{text}"


def _card_words(card: CardView) -> str:
    head = [card.title, card.subtitle, *(tag for tag, _ in card.tags)]
    return "\n".join([*(word for word in head if word), *block_words(card.blocks)])


def block_words(blocks: tuple[Block, ...]) -> list[str]:
    """The words of a card's blocks, a line each; buttons in brackets."""
    lines: list[str] = []
    for block in blocks:
        lines.append("".join(span.text for span in block.words))
        if block.button is not None:
            lines.append(f"[{block.button.words}]")
        lines.extend(block_words(block.blocks))
    return [line for line in lines if line]
