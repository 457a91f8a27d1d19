"""The playground's stage on an emulator whose screens are described by `adapters._emulator.seen`.

What people see and do is the same for every platform; how a company gets into the emulator, how the bot is connected to it
and how often a card has changed, each platform says itself. Nothing here reaches into the bot.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar

from adapters._emulator.clicked import ClickRefused, ClickResult
from adapters._emulator.faults import Fault, FaultKind
from adapters._emulator.recorder import ApiRecord, Attempt, PushRecord, Recorder
from adapters._emulator.said import Mention, MentionAll, MentionBot, Part
from adapters._emulator.seen import SeenButton, SeenCard, SeenField, SeenMessage
from adapters._emulator.wire_json import Json, parse_table
from bot.company import CompanyFile
from bot.config import PlatformsSection
from bot.domain.directory import Person, Role
from bot.stage import BOT, EVERYBODY, FormValues, Mentioned, Refused, Said, Wire
from bot.stage_views import (
    Block,
    ButtonView,
    CardView,
    ChatView,
    FaultView,
    FieldView,
    MessageView,
    PersonView,
    Span,
    Toast,
    TraceRow,
)

#: longest text, so that a slip of the clipboard does not fill the page
MAX_WORDS = 5000
MAX_NAME = 60
_LAST_WORDS, _QUOTE_WORDS, _WORDS = 60, 80, 40
_DETAIL = 20_000
DISCONNECT_SECONDS = 60.0
#: roles in the order in which they are shown; being an employee goes without saying
_ROLES = (
    Role.LEADER, Role.ALTERNATE, Role.HEAD, Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.LIAISON, Role.BACKUP_LIAISON,
    Role.PERFORMANCE, Role.ADMINISTRATOR,
)  # fmt: skip
_STYLES = {"primary": "primary", "danger": "danger"}
_FAULTS: dict[str, tuple[str, FaultKind, float, int]] = {
    "fault_duplicate": ("push.*", FaultKind.DUPLICATE, 1.0, 2),
    "fault_reorder": ("push.*", FaultKind.REORDER, 0.0, 1),
    "fault_delay": ("push.*", FaultKind.DELAY, 5.0, 1),
    "fault_http_429": ("*send*", FaultKind.HTTP_429, 2.0, 1),
    "fault_http_500": ("*send*", FaultKind.HTTP_500, 0.0, 1),
    "fault_executed_then_timeout": ("*send*", FaultKind.EXECUTED_THEN_TIMEOUT, 1.0, 1),
}


class EmulatorStage:
    """Implements `bot.stage.Stage`. People and groups of the company file exist before the platform starts."""

    platform: ClassVar[str]
    deliveries: ClassVar[tuple[str, ...]] = ("stream", "webhook")
    #: nothing is told of an emoji here, so none is offered
    emoji: ClassVar[tuple[tuple[str, str], ...]] = ()
    #: only what mentions the bot is heard in groups
    hears_all: ClassVar[bool] = False
    faults: ClassVar[tuple[str, ...]] = (*_FAULTS, "fault_token_expired", "fault_disconnect")

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
        raise NotImplementedError

    @property
    def is_up(self) -> bool:
        """Whether they can."""
        raise NotImplementedError

    def versions_of(self, message: Any) -> int:
        """How often a card has changed its looks."""
        raise NotImplementedError

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
            owner=chat.owner,
            has_bot=chat.has_bot or not chat.is_group,
            unread=self._unread(account, chat.id, posts),
            is_urgent=False,
            last_sender=state.name_of(last.sender) if last is not None else "",
            last_words=self._line(last, _LAST_WORDS) if last is not None else "",
            last_at=self.at_of(last) if last is not None else None,
        )

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
            card=_card(seen.card) if seen.card is not None else None,
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
        recorder: Recorder = self.emulator.recorder
        lines = [_push_row(push) for push in recorder.pushes[-limit:]]
        lines.extend(_call_row(call) for call in recorder.calls[-limit:])
        return sorted(lines, key=lambda line: line.number)[-limit:]

    def detail(self, number: int) -> str:
        recorder: Recorder = self.emulator.recorder
        for push in recorder.pushes:
            if push.number == number:
                return _pretty(push.event)
        return next((_pretty(call.body) for call in recorder.calls if call.number == number and call.body), "")

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
        if not room.is_group:
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

    def said_to(self, account: str, message: str) -> str:
        """What a press on that card has last said to this person alone; empty for nothing."""
        raise NotImplementedError

    async def _click(self, account: str, message: str, press: Callable[[], Awaitable[ClickResult]]) -> Toast | None:
        before = self.said_to(account, message)
        try:
            result = await press()
        except (ClickRefused, LookupError) as refused:
            raise Refused("client_refuses", reason=str(refused)) from None
        if result.error:
            raise Refused("click_failed", code=str(result.error))
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
                self.emulator.joins(member, chat)

    def removes(self, account: str, chat: str, member: str) -> None:
        self._group(account, chat)
        with _platform_refusals():
            self.emulator.leaves(member, chat)

    def moves_bot(self, account: str, chat: str, *, inside: bool) -> None:
        self._group(account, chat)
        if inside:
            self.emulator.adds_bot(chat)
        else:
            self.emulator.removes_bot(chat)

    def renames(self, account: str, chat: str, name: str) -> None:
        self._group(account, chat)
        self.emulator.renames(chat, _group_name(name))

    def dissolves(self, account: str, chat: str) -> None:
        self._group(account, chat)
        self.emulator.dissolves(chat)

    # ------------------------------------------------------------------ what goes wrong

    async def strikes(self, fault: str) -> None:
        if fault in _FAULTS:
            pattern, kind, seconds, count = _FAULTS[fault]
            added = self.emulator.faults.add(pattern, kind, times=1, seconds=seconds, count=count)
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


# ---------------------------------------------------------------- cards


def _card(card: SeenCard) -> CardView:
    """Rows, words, inputs with what sends them, buttons; words that stand in a row already are left out."""
    said = {"：".join(row) for row in card.rows} | {cell for row in card.rows for cell in row}
    blocks = [Block(kind="row", blocks=tuple(_cell(cell) for cell in row)) for row in card.rows]
    blocks += [Block(kind="words", words=(Span(words),)) for words in card.texts if words not in said]
    inside = [Block(kind="field", field=_field(one)) for one in card.fields]
    submitting = [one for one in card.buttons if one.submits_form]
    if inside:
        blocks.append(Block(kind="form", blocks=(*inside, *(_button(one) for one in submitting))))
    blocks += [_button(one) for one in card.buttons if not (inside and one.submits_form)]
    return CardView(
        title=card.title,
        subtitle="",
        colour="neutral",
        tags=tuple((one, "neutral") for one in card.tags),
        blocks=tuple(blocks),
    )


def _cell(words: str) -> Block:
    return Block(kind="cell", blocks=(Block(kind="words", words=(Span(words),)),))


def _button(button: SeenButton) -> Block:
    view = ButtonView(
        key=button.name or button.text,
        words=button.text,
        style=_STYLES.get(button.style, "plain"),
        is_disabled=button.is_disabled,
        submits=button.submits_form,
        confirm=button.confirm,
        url="" if button.calls_back else button.url,
    )
    return Block(kind="button", button=view)


def _field(field: SeenField) -> FieldView:
    return FieldView(
        name=field.name,
        label=field.label,
        kind={"SELECT": "select_static", "DATE": "date_picker"}.get(field.kind, "input"),
        is_required=field.is_required,
        is_multiline=field.is_multiline,
        options=field.options,
        chosen=(field.value,) if field.value else (),
        placeholder=field.placeholder,
        max_length=field.max_length or 1000,
    )


# ---------------------------------------------------------------- the inspector


def _push_row(push: PushRecord) -> TraceRow:
    last = push.attempts[-1] if push.attempts else None
    facts: list[tuple[str, str]] = []
    if last is not None:
        facts.append(("fact_ack", f"{last.latency_ms:.0f} ms"))
    if len(push.attempts) > 1:
        facts.append(("fact_attempts", str(len(push.attempts))))
    facts.append(("fact_event_id", push.event_id))
    is_bad = push.is_given_up or (last is not None and last.outcome == "refused")
    return TraceRow(
        direction="in",
        at=push.created_at,
        number=push.number,
        title=push.event_type,
        state="ok" if push.is_acked else "bad" if is_bad else "wait",
        marks=tuple(_push_marks(push, last)),
        facts=tuple(facts),
        has_detail=True,
        replay=str(push.number) if push.transport == "webhook" else "",
    )


def _push_marks(push: PushRecord, last: Attempt | None) -> list[str]:
    marks = ["mark_stream" if push.transport == "stream" else "mark_webhook"]
    if push.is_duplicate:
        marks.append("mark_duplicate")
    if last is None:
        marks.append("mark_waiting")
    elif last.outcome == "acked" and push.transport == "webhook":
        marks.append("mark_verified")
    elif last.outcome != "acked":
        marks.append(f"mark_{last.outcome}")
    marks.extend(f"fault_{attempt.fault}" for attempt in push.attempts if attempt.fault)
    return list(dict.fromkeys(marks))


def _call_row(call: ApiRecord) -> TraceRow:
    code = "—" if call.code is None else str(call.code)
    marks = [f"fault_{call.fault}"] if call.fault else []
    return TraceRow(
        direction="out",
        at=call.at,
        number=call.number,
        title=call.operation or f"{call.method} {call.path}",
        state="ok" if call.code == 0 else "bad",
        marks=tuple(marks),
        facts=(("fact_status", f"{call.status or '—'} · code {code}"),),
        has_detail=bool(call.body),
    )


def _pretty(body: Json | None) -> str:
    shown = json.dumps(_unfolded(body or {}), ensure_ascii=False, indent=2)
    return shown if len(shown) <= _DETAIL else shown[: _DETAIL - 1] + "…"


def _unfolded(value: object) -> object:
    """JSON inside of strings as JSON, so that it can be read."""
    if isinstance(value, dict):
        return {key: _unfolded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_unfolded(inner) for inner in value]
    if isinstance(value, str) and value.startswith("{"):
        return parse_table(value) or value
    return value
