"""The sample company's people as actors of the week over the memory store: a platform that shows much, or one that shows little."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from bot.domain.ids import ChatKey, MessageKey
from bot.messages import Button, Card, EditCard, SendCard, SendText, ToChat, ToPerson, plain
from bot.playground.playing import Seen
from bot.ports import UnitOfWork
from bot.updates import CardClicked, ChatMembersChanged, MessageRecalled, ReactionAdded
from tests.handlers.bench import PLATFORM, Bench
from tests.support.fake_adapter import Sent

T = TypeVar("T")


def at_once(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that waits for nothing."""
    try:
        work.send(None)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    raise AssertionError("it waits for something")


@dataclass
class _Standing:
    """A message of the bot as it reads now, with every card that it ever showed."""

    id: str
    chat: str
    at: datetime
    words: str
    cards: list[Card]


@dataclass
class BenchTroupe:
    """Implements `bot.playground.playing.Actors` on the story bench."""

    bench: Bench
    _looked_at: int = 0
    _seen: dict[str, _Standing] = field(default_factory=dict)

    @property
    def sees_little(self) -> bool:
        return not self.bench.capabilities.sees_all_group_messages

    async def goes_to(self, at: datetime) -> None:
        if at > self.bench.now:
            self.bench.advance(seconds=(at - self.bench.now).total_seconds())

    async def says(self, who: str, text: str, *, group: str, quoting: str) -> str:
        quoted = MessageKey(PLATFORM, quoting) if quoting else None
        where = self._chat(group).chat if group else None
        return self.bench.says(who, text, where=where, quotes=quoted).message.message

    async def reacts(self, who: str, message: str, emoji: str) -> None:
        source, operator = self.bench.source(), self.bench.account(who)
        self.bench.happens(
            ReactionAdded(source=source, message=MessageKey(PLATFORM, message), operator=operator, emoji=emoji)
        )

    async def recalls(self, who: str, message: str) -> None:
        key = MessageKey(PLATFORM, message)
        seen = self.bench.read(lambda uow: uow.seen_messages.get(str(key)))
        assert seen is not None
        self.bench.happens(MessageRecalled(source=self.bench.source(), message=key, chat=seen.chat))

    async def presses(self, who: str, code: str, button: str, *, old: int, form: dict[str, str], group: str) -> str:
        chats = {self._private(who)} if not group else {self._chat(group).chat}
        for standing in reversed(self._standing()):
            cards = standing.cards if old else standing.cards[-1:]
            for card in cards:
                pressed = next((b for b in card.buttons if b.text == button and code in b.params.values()), None)
                if (
                    standing.chat in chats
                    and pressed is not None
                    and (not old or self._is_first(standing, code, button))
                ):
                    return self._click(who, standing, pressed, form)
        raise LookupError(f"{who} sees no card of {code} with {button}")

    def _is_first(self, standing: _Standing, code: str, button: str) -> bool:
        """An old client shows the oldest card that had the button."""
        having = [
            one.id
            for one in self._standing()
            if one.chat == standing.chat
            and any(b.text == button and code in b.params.values() for card in one.cards for b in card.buttons)
        ]
        return having[0] == standing.id

    def _click(self, who: str, standing: _Standing, pressed: Button, form: Mapping[str, str]) -> str:
        answers = self.bench.presses(
            CardClicked(
                source=self.bench.source(),
                operator=self.bench.account(who),
                chat=ChatKey(PLATFORM, standing.chat),
                message=MessageKey(PLATFORM, standing.id),
                action=pressed.action,
                params=dict(pressed.params),
                form=dict(form),
            )
        )
        return answers[0].toast if answers[0] is not None else ""

    async def forges(self, who: str, code: str, verb: str, slot: str) -> str:
        private = self._private(who)
        for standing in reversed(self._standing()):
            for card in standing.cards:
                for pressed in card.buttons:
                    if standing.chat == private and code in pressed.params.values():
                        params = {**pressed.params, "verb": verb, "slot": slot}
                        forged = Button(id=pressed.id, text=pressed.text, action=pressed.action, params=params)
                        return self._click(who, standing, forged, {})
        raise LookupError(f"{who} never saw a card of {code}")

    async def changes_members(self, who: str, group: str, *, adds: Sequence[str], removes: Sequence[str]) -> None:
        chat = self._chat(group)
        joined = tuple(self.bench.account(m) for m in adds)
        left = tuple(self.bench.account(m) for m in removes)
        present = self.bench.adapter.rooms.get(chat, ())
        self.bench.adapter.rooms[chat] = tuple(a for a in (*present, *joined) if a not in left)
        self.bench.happens(ChatMembersChanged(source=self.bench.source(), chat=chat, joined=joined, left=left))

    # ------------------------------------------------------------ looking

    def told(self, who: str) -> Sequence[Seen]:
        private = self._private(who)
        return [_seen(one) for one in self._standing() if one.chat == private]

    def shown(self, group: str) -> Sequence[Seen]:
        chat = self._chat(group).chat
        return [_seen(one) for one in self._standing() if one.chat == chat]

    def standing(self) -> set[str]:
        return {one.id for one in self._standing()}

    def everybody(self) -> Sequence[str]:
        return tuple(str(p.id) for p in self.bench.file.people)

    def groups(self) -> Sequence[str]:
        return tuple(group.id for group in self.bench.file.groups)

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        return self.bench.read(work)

    # ------------------------------------------------------------ inside

    def _private(self, who: str) -> str:
        person = next(p for p in self.bench.file.people if p.id == who)
        return f"p2p_{person.accounts[PLATFORM]}"

    def _chat(self, group: str) -> ChatKey:
        groups = self.bench.read(lambda uow: uow.groups.find())
        for one in groups:
            if one.chat is not None and group in {one.id, one.name}:
                return one.chat
        raise LookupError(f"no group {group}")

    def _standing(self) -> list[_Standing]:
        sent_now = self.bench.adapter.sent
        standing = self._seen
        for sent in sent_now[self._looked_at :]:
            out = sent.outbound
            match out:
                case SendText() | SendCard() if sent.message is not None:
                    card = [out.card] if isinstance(out, SendCard) else []
                    chat = _chat_of(out)
                    standing[sent.message.message] = _Standing(sent.message.message, chat, sent.at, _words(sent), card)
                case EditCard() if out.message.message in standing:
                    one = standing[out.message.message]
                    one.words = _words(sent)
                    one.cards.append(out.card)
                case _:
                    pass
        self._looked_at = len(sent_now)
        return list(standing.values())


def _chat_of(out: SendText | SendCard) -> str:
    match out.target:
        case ToChat(chat):
            return chat.chat
        case ToPerson(account):
            return f"p2p_{account.account}"


def _words(sent: Sent) -> str:
    out = sent.outbound
    match out:
        case SendText():
            return plain(out.body)
        case SendCard() | EditCard():
            rows = "\n".join(f"{row.key}：{row.value}" for row in out.card.rows)
            buttons = " ".join(f"[{b.text}]" for b in out.card.buttons)
            return "\n".join((out.card.title, out.card.state, plain(out.card.body), rows, buttons, out.card.footer))
        case _:
            return ""


def _seen(one: _Standing) -> Seen:
    return Seen(id=one.id, at=one.at, words=one.words)
