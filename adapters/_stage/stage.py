"""The playground's stage on an emulator whose screens are described by `adapters._emulator.seen`.

What people see and do is the same for every platform; how a company gets into the emulator, how the bot is connected to it
and how often a card has changed, each platform says itself. Nothing here reaches into the bot.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from adapters._emulator.clicked import ClickRefused, ClickResult
from adapters._emulator.faults import Fault, FaultKind
from adapters._emulator.said import Mention, MentionAll, MentionBot, Part
from adapters._emulator.seen import SeenMessage
from adapters._emulator.wire_json import Json
from adapters._stage.cards import card_view
from adapters._stage.trace import trace_detail, trace_rows
from bot.company import CompanyFile
from bot.config import PlatformsSection
from bot.domain.directory import Person, Role
from bot.stage import BOT, EVERYBODY, FormValues, Mentioned, Refused, Said, Wire
from bot.stage_views import (
    ChatView,
    FaultView,
    MessageView,
    PersonView,
    Span,
    Toast,
    TraceRow,
)

#: longest text, so that a slip of the clipboard does not fill the page
MAX_WORDS = 5000
MAX_NAME = 60
_LAST_WORDS, _QUOTE_WORDS = 60, 80
DISCONNECT_SECONDS = 60.0
#: roles in the order in which they are shown; being an employee goes without saying
_ROLES = (
    Role.LEADER, Role.ALTERNATE, Role.HEAD, Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.LIAISON, Role.BACKUP_LIAISON,
    Role.PERFORMANCE, Role.ADMINISTRATOR,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A fault on offer: what it strikes the next time it can, and how."""

    pattern: str
    kind: FaultKind
    seconds: float = 0.0
    count: int = 1


PUSHES = "push.*"
#: what can go wrong with what is pushed; the keys are the page's
PUSH_TROUBLES = {
    "fault_duplicate": Trouble(pattern=PUSHES, kind=FaultKind.DUPLICATE, seconds=1.0, count=2),
    "fault_reorder": Trouble(pattern=PUSHES, kind=FaultKind.REORDER),
    "fault_delay": Trouble(pattern=PUSHES, kind=FaultKind.DELAY, seconds=5.0),
}


def call_troubles(pattern: str) -> dict[str, Trouble]:
    """What can go wrong with calls of that name."""
    return {
        "fault_http_429": Trouble(pattern=pattern, kind=FaultKind.HTTP_429, seconds=2.0),
        "fault_http_500": Trouble(pattern=pattern, kind=FaultKind.HTTP_500),
        "fault_executed_then_timeout": Trouble(pattern=pattern, kind=FaultKind.EXECUTED_THEN_TIMEOUT, seconds=1.0),
    }


class EmulatorStage:
    """Implements `bot.stage.Stage`. People and groups of the company file exist before the platform starts."""

    platform: ClassVar[str]
    deliveries: ClassVar[tuple[str, ...]] = ("stream", "webhook")
    #: nothing is told of an emoji here, so none is offered
    emoji: ClassVar[tuple[tuple[str, str], ...]] = ()
    #: only what mentions the bot is heard in groups
    hears_all: ClassVar[bool] = False
    #: what can be made to go wrong the next time it can
    troubles: ClassVar[Mapping[str, Trouble]] = PUSH_TROUBLES | call_troubles("*send*")
    #: the platform knows who changed a group
    tells_who: ClassVar[bool] = True
    #: what came over the long connection can be sent once more as it was
    replays_streamed: ClassVar[bool] = False
    #: colleagues can be picked in the private chat with a program
    names_in_private: ClassVar[bool] = False

    def __init__(self, emulator: Any, company: CompanyFile, *, bot_name: str) -> None:
        self.emulator = emulator
        self.bot_name = bot_name
        self._company = company
        self._departments = {department.id: department for department in company.departments}
        #: how many messages of a chat a person has seen
        self._read: dict[tuple[str, str], int] = {}
        self._armed: list[tuple[str, Fault]] = []
        self.populate()

    @property
    def faults(self) -> tuple[str, ...]:
        """What can be made to go wrong, the next time it can or at once."""
        return (*self.troubles, "fault_token_expired", "fault_disconnect")

    @property
    def platforms(self) -> tuple[str, ...]:
        """It is one platform."""
        return (self.platform,)

    # ------------------------------------------------------------------ what each platform says itself

    def populate(self) -> None:
        """Put the company into the emulator."""
        raise NotImplementedError

    def sections(self, delivery: str) -> PlatformsSection:
        """What stands in the bot's configuration to use this platform."""
        raise NotImplementedError

    async def connect(self, delivery: str, *, listener: str) -> bool:
        """Deliver in that way from now on."""
        raise NotImplementedError

    @property
    def delivery(self) -> str:
        """How events come at present."""
        return str(self.emulator.state.options.delivery.value)

    @property
    def is_up(self) -> bool:
        """Whether they can."""
        raise NotImplementedError

    def versions_of(self, message: Any) -> int:
        """How often a card has changed its looks."""
        return int(message.versions)

    def at_of(self, message: Any) -> datetime:
        """When a message was written."""
        raise NotImplementedError

    def expire_tokens(self) -> None:
        """No token that was given out is taken any more."""
        raise NotImplementedError

    # ------------------------------------------------------------------ the platform

    @property
    def revision(self) -> int:
        return int(self.emulator.changed.revision)

    async def changed(self, *, after: int, at_most: float) -> int:
        return int(await self.emulator.changed.wait(after=after, at_most=at_most))

    def touch(self) -> None:
        self.emulator.changed.touch()

    async def start(self) -> None:
        await self.emulator.start()

    async def stop(self) -> None:
        await self.emulator.stop()

    def wire(self) -> Wire:
        return Wire(
            delivery=self.delivery,
            is_up=self.is_up,
            waiting=self.emulator.courier.pending,
            next_attempt_at=self.next_due(),
            address=self.emulator.base_url,
            faults=self._pending(),
        )

    def next_due(self) -> datetime | None:
        due: datetime | None = self.emulator.courier.next_due()
        return due

    async def settled(self) -> None:
        await self.emulator.settled()

    # ------------------------------------------------------------------ looking

    def people(self) -> tuple[PersonView, ...]:
        order = list(self._departments)
        known = [p for p in self._company.people if p.accounts.get(self.platform, "") in self.emulator.state.people]
        unread = self._unread_by_person()
        return tuple(
            self._person(person, unread[person.accounts[self.platform]])
            for person in sorted(known, key=lambda person: order.index(person.department))
        )

    def _person(self, person: Person, unread: int) -> PersonView:
        roles = tuple(role.value for role in _ROLES if role in person.roles)
        return PersonView(
            account=person.accounts[self.platform],
            id=person.id,
            name=person.name,
            title=person.title,
            department=self._departments[person.department].name,
            roles=roles,
            sought=" ".join((person.title, *roles, person.id)).lower(),
            unread=unread,
        )

    def chats(self, account: str) -> tuple[ChatView, ...]:
        posts = self._by_chat()
        mine = [c for c in self.emulator.state.chats.values() if account in c.members and not c.is_dissolved]
        shown = [self._chat(chat, account, posts[chat.id]) for chat in mine]
        return tuple(
            sorted(
                shown,
                key=lambda c: (c.last_at is None, -(c.last_at.timestamp() if c.last_at else 0), not c.is_group),
            )
        )

    def _chat(self, chat: Any, account: str, posts: list[Any]) -> ChatView:
        state = self.emulator.state
        last = posts[-1] if posts else None
        return ChatView(
            id=chat.id,
            name=chat.name if chat.is_group else self.bot_name,
            is_group=chat.is_group,
            members=tuple((member, state.name_of(member)) for member in chat.members),
            owner=chat.owner if chat.owner in state.people else "",
            has_bot=chat.has_bot or not chat.is_group,
            unread=self._unread(account, chat.id, posts),
            is_urgent=any(self.rings_for(account, post) for post in posts),
            last_sender=state.name_of(last.sender) if last is not None else "",
            last_words=self._line(last, _LAST_WORDS) if last is not None else "",
            last_at=self.at_of(last) if last is not None else None,
        )

    def rings_for(self, account: str, message: Any) -> bool:  # noqa: ARG002 - most platforms have no such thing
        """Whether the person is being called to that message with a sound."""
        return False

    def _by_chat(self) -> defaultdict[str, list[Any]]:
        posts: defaultdict[str, list[Any]] = defaultdict(list)
        for message in self.emulator.state.messages.values():
            posts[message.chat].append(message)
        return posts

    def _unread(self, account: str, chat: str, posts: list[Any]) -> int:
        fresh = posts[self._read.get((account, chat), 0) :]
        return sum(post.sender != account and not post.is_recalled for post in fresh)

    def _unread_by_person(self) -> defaultdict[str, int]:
        counts: defaultdict[str, int] = defaultdict(int)
        posts = self._by_chat()
        for chat in self.emulator.state.chats.values():
            if chat.id in posts and not chat.is_dissolved:
                for member in chat.members:
                    counts[member] += self._unread(member, chat.id, posts[chat.id])
        return counts

    def messages(self, account: str, chat: str, *, limit: int) -> tuple[MessageView, ...]:
        return tuple(self._message(message, account) for message in self._seen(account, chat)[-limit:])

    def _seen(self, account: str, chat: str) -> list[Any]:
        self._room(account, chat)
        return list(self.emulator.state.messages_of(chat))

    def _message(self, message: Any, account: str) -> MessageView:
        seen: SeenMessage = self.emulator.message_as_seen(message.id, by=account)
        is_picture = seen.kind == "image" and not seen.is_recalled
        return MessageView(
            id=seen.id,
            at=seen.at,
            sender=seen.sender,
            sender_name=seen.sender_name,
            is_mine=seen.sender == account,
            is_from_bot=seen.is_from_bot,
            words=() if seen.is_recalled or seen.card is not None or is_picture else (Span(seen.text),),
            card=card_view(seen.card) if seen.card is not None else None,
            picture=self.picture_of(message) if is_picture else "",
            quote=self._quote(seen.reply_to),
            reactions=(),
            is_edited=seen.is_edited,
            is_recalled=seen.is_recalled,
            is_urgent=seen.is_urgent,
            is_for_me=account in seen.mentions or seen.mentions_all,
        )

    def picture_of(self, message: Any) -> str:
        """The key of a message's picture."""
        return str(getattr(message, "text", "") or getattr(message, "words", ""))

    def _quote(self, parent: str) -> tuple[str, str] | None:
        found = self.emulator.state.messages.get(parent)
        if found is None:
            return None
        return self.emulator.state.name_of(found.sender), self._line(found, _QUOTE_WORDS)

    def _line(self, message: Any, length: int) -> str:
        seen: SeenMessage = self.emulator.message_as_seen(message.id)
        card = seen.card
        words = " · ".join([f"[卡片] {card.title}", *card.tags]) if card is not None else seen.text
        line = " ".join(words.split())
        return line if len(line) <= length else line[: length - 1] + "…"

    def standing(self, account: str, chat: str) -> tuple[str, ...]:
        return tuple(message.id for message in self._seen(account, chat))

    def cards(self, account: str, chat: str) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for message in self._seen(account, chat):
            if message.card and not message.is_recalled:
                found[message.id] = self.versions_of(message)
        return found

    def picture(self, key: str) -> bytes | None:
        found: bytes | None = self.emulator.state.resources.get(key)
        return found

    def trace(self, *, limit: int) -> list[TraceRow]:
        return trace_rows(
            self.emulator.recorder, limit=limit, facts=self.facts_of, replays_streamed=self.replays_streamed
        )

    def facts_of(self, event: Json) -> list[tuple[str, str]]:  # noqa: ARG002 - most platforms leave it to the detail
        """What an event says of itself in one line: label and words."""
        return []

    def detail(self, number: int) -> str:
        return trace_detail(self.emulator.recorder, number)

    # ------------------------------------------------------------------ messages

    async def says(self, account: str, chat: str, said: Said, *, quoting: str = "") -> str:
        room = self._room(account, chat)
        if quoting:
            self._post(account, quoting)
        if sum(len(part) for part in said if isinstance(part, str)) > MAX_WORDS:
            raise Refused("too_long", limit=str(MAX_WORDS))
        if not any(isinstance(part, Mentioned) or part.strip() for part in said):
            raise Refused("nothing_said")
        parts = [_part(part) for part in said]
        if not (room.is_group or self.names_in_private):
            # nobody can be picked in a chat with a program: a name is typed
            parts = [self._typed(part) for part in parts]
        return str(await self.emulator.says(account, parts, chat, reply_to=quoting or None))

    def _typed(self, part: Part) -> Part:
        return f"@{self.emulator.state.name_of(part.account)} " if isinstance(part, Mention) else part

    async def sends_picture(self, account: str, chat: str, content: bytes) -> None:
        self._room(account, chat)
        await self.emulator.sends_image(account, chat, content=content)

    async def reacts(self, account: str, message: str, emoji: str) -> None:
        self._post(account, message)
        raise Refused("unknown_emoji", emoji=emoji)

    async def recalls(self, account: str, message: str) -> None:
        post = self._post(account, message)
        if post.sender != account:
            raise Refused("not_yours")
        await self.emulator.recalls(message)

    async def reads(self, account: str, chat: str) -> None:
        self._read[account, chat] = len(self._seen(account, chat))

    async def presses(self, account: str, message: str, button: str, form: FormValues) -> Toast | None:
        self._post(account, message)
        return await self._click(account, message, lambda: self.emulator.clicks(account, message, button, form or None))

    def buttons(self, message: str) -> Mapping[str, str]:
        if message not in self.emulator.state.messages:
            return {}
        return {words: json.dumps(value) for words, value in self.emulator.button_values(message).items()}

    async def presses_as(self, account: str, message: str, sent: str, form: FormValues) -> Toast | None:
        self._post(account, message)
        value = json.loads(sent)
        return await self._click(
            account, message, lambda: self.emulator.clicks_value(account, message, value, form or None)
        )

    async def chooses(self, account: str, message: str, name: str, value: str) -> Toast | None:
        self._post(account, message)
        raise Refused("client_refuses", reason=f"{name}: {value}")

    def said_to(self, account: str, message: str) -> str:  # noqa: ARG002 - where a press has an answer of its own
        """What a press on that card has last said to this person alone; empty for nothing."""
        return ""

    async def _click(self, account: str, message: str, press: Callable[[], Awaitable[ClickResult]]) -> Toast | None:
        before = self.said_to(account, message)
        try:
            result = await press()
        except (ClickRefused, LookupError) as refused:
            raise Refused("client_refuses", reason=str(refused)) from None
        if result.error:
            raise Refused("click_failed", code=str(result.error))
        if result.toast:
            return Toast(words=result.toast, kind=result.toast_kind or "info")
        if (said := self.said_to(account, message)) != before:
            return Toast(words=said)
        return Toast(words=result.opened_url) if result.opened_url else None

    # ------------------------------------------------------------------ groups

    def makes_group(self, account: str, name: str, members: Sequence[str], *, with_bot: bool) -> str:
        title = _group_name(name)
        known = [member for member in dict.fromkeys([account, *members]) if member in self.emulator.state.people]
        return str(self.emulator.add_group(title, known, with_bot, owner=account))

    def adds(self, account: str, chat: str, members: Sequence[str]) -> None:
        self._group(account, chat)
        for member in members:
            if member not in self.emulator.state.people:
                raise Refused("unknown_person")
            with _platform_refusals():
                self.emulator.joins(member, chat, **self._by(account))

    def removes(self, account: str, chat: str, member: str) -> None:
        self._group(account, chat)
        with _platform_refusals():
            self.emulator.leaves(member, chat, **self._by(account))

    def moves_bot(self, account: str, chat: str, *, inside: bool) -> None:
        self._group(account, chat)
        if inside:
            self.emulator.adds_bot(chat, **self._by(account))
        else:
            self.emulator.removes_bot(chat, **self._by(account))

    def renames(self, account: str, chat: str, name: str) -> None:
        self._group(account, chat)
        self.emulator.renames(chat, _group_name(name), **self._by(account))

    def dissolves(self, account: str, chat: str) -> None:
        self._group(account, chat)
        self.emulator.dissolves(chat, **self._by(account))

    def _by(self, account: str) -> dict[str, str]:
        """Who does it, where the platform tells."""
        return {"operator": account} if self.tells_who else {}

    # ------------------------------------------------------------------ what goes wrong

    async def strikes(self, fault: str) -> None:
        trouble = self.troubles.get(fault)
        if trouble is not None:
            added = self.emulator.faults.add(
                trouble.pattern, trouble.kind, times=1, seconds=trouble.seconds, count=trouble.count
            )
            self._armed.append((fault, added))
        elif fault == "fault_token_expired":
            self.expire_tokens()
        elif fault == "fault_disconnect":
            await self.emulator.disconnects(DISCONNECT_SECONDS)
        else:
            raise Refused("unknown_fault")
        self.touch()

    def clears_faults(self) -> None:
        self.emulator.faults.clear()
        self._armed.clear()
        self.touch()

    def _pending(self) -> tuple[FaultView, ...]:
        waiting = [key for key, fault in self._armed if fault.struck < 1]
        return tuple(FaultView(key=key, left=waiting.count(key)) for key in dict.fromkeys(waiting))

    async def replays(self, push: str) -> Toast:
        """Only what went over HTTP can be sent once more as it was."""
        found = next((one for one in self.emulator.recorder.pushes if str(one.number) == push), None)
        if found is None:
            raise Refused("unknown_push")
        for request in reversed(self.emulator.capture()):
            if request.event_id == found.event_id:
                handover = await self.emulator.replays(request)
                return Toast(words=handover.outcome, kind="success" if handover.is_acked else "warning")
        raise Refused("unknown_push")

    # ------------------------------------------------------------------ inside

    def _room(self, account: str, chat: str) -> Any:
        """The chat, when the person is in it. Raises Refused."""
        found = self.emulator.state.chats.get(chat)
        if found is None or found.is_dissolved or account not in found.members:
            raise Refused("not_in_chat")
        return found

    def _group(self, account: str, chat: str) -> None:
        if not self._room(account, chat).is_group:
            raise Refused("not_a_group")

    def _post(self, account: str, message: str) -> Any:
        found = self.emulator.state.messages.get(message)
        if found is None:
            raise Refused("unknown_message")
        self._room(account, found.chat)
        return found


def _part(part: str | Mentioned) -> Part:
    match part:
        case str():
            return part
        case Mentioned(account):
            return MentionBot() if account == BOT else MentionAll() if account == EVERYBODY else Mention(account)


def _group_name(name: str) -> str:
    title = " ".join(name.split())
    if not title or len(title) > MAX_NAME:
        raise Refused("group_name", limit=str(MAX_NAME))
    return title


@contextmanager
def _platform_refusals() -> Iterator[None]:
    """What an emulator refuses has a number and a sentence, whichever platform it is."""
    try:
        yield
    except Exception as refused:
        code, sentence = getattr(refused, "code", None), getattr(refused, "sentence", "")
        if code is None:
            raise
        raise Refused("platform_refuses", code=str(code), sentence=str(sentence)) from None
