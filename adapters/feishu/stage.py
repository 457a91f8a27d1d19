"""The Feishu stage: the sample company on the emulator, and everything that people do there.

Credentials are made up at random for each run. Nothing here reaches into the bot: what happens goes over the emulated
wire, signed and encrypted, or through the long connection.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from adapters._emulator.clicked import ClickRefused
from adapters._emulator.handover import Handover
from adapters._emulator.recorder import Attempt, PushRecord
from adapters._emulator.said import Part
from adapters.feishu.emulator import (
    ClickResult,
    EmulatedApp,
    EmulatorOptions,
    FeishuEmulator,
    Mention,
    MentionAll,
    MentionBot,
)
from adapters.feishu.emulator_codes import ApiError
from adapters.feishu.emulator_events import envelope
from adapters.feishu.emulator_state import EmulatedChat, EmulatedMessage, Transport
from adapters.feishu.stage_faults import FAULTS, FeishuTroubles
from adapters.feishu.stage_trace import trace_detail, trace_rows
from adapters.feishu.stage_views import EMOJI, PLATFORM, FeishuViews
from bot.clock import Clock
from bot.company import CompanyFile
from bot.config import FeishuSection, PlatformsSection
from bot.stage import BOT, EVERYBODY, FormValues, Mentioned, Refused, Said, Wire
from bot.stage_views import ChatView, MessageView, PersonView, Toast, TraceRow

#: longest text, so that a slip of the clipboard does not fill the page
MAX_WORDS = 5000
MAX_NAME = 60


class FeishuStage:
    """Implements `stage.Stage`. People and groups of the company file exist before the platform starts."""

    def __init__(self, company: CompanyFile, *, clock: Clock, bot_name: str, seed: int | None = None) -> None:
        self._company = company
        self._app = EmulatedApp(
            app_id=f"cli_{secrets.token_hex(8)}",
            app_secret=secrets.token_urlsafe(24),
            encrypt_key=secrets.token_urlsafe(24),
            verification_token=secrets.token_urlsafe(24),
            name=bot_name,
        )
        options = EmulatorOptions(delivery=Transport.STREAM, callbacks=None)
        self.emulator = FeishuEmulator(
            clock=clock,
            app=self._app,
            options=options,
            seed=secrets.randbits(32) if seed is None else seed,
        )
        self._troubles = FeishuTroubles(self.emulator)
        self._populate()
        self._views = FeishuViews(self.emulator, company.people, company.departments)

    def _populate(self) -> None:
        accounts = {
            person.id: person.accounts[PLATFORM] for person in self._company.people if PLATFORM in person.accounts
        }
        heads = {
            department.id: accounts.get(department.head, "") if department.head is not None else ""
            for department in self._company.departments
        }
        for department in self._company.departments:
            self.emulator.add_department(f"od-{department.id}", department.name, leader=heads[department.id])
        for person in self._company.people:
            account = accounts.get(person.id)
            if account is None:
                continue
            head = heads.get(person.department, "")
            self.emulator.add_person(
                account,
                person.name,
                f"od-{person.department}",
                person.title,
                person.id,
                leader=head if head != account else "",
            )
            self.emulator.direct_chat(account)
        for group in self._company.groups:
            if group.chat is not None and group.platform == PLATFORM and group.members:
                members = [member.account for member in group.members]
                self.emulator.add_group(group.name, members, chat_id=group.chat.chat)

    # ------------------------------------------------------------------ the platform

    @property
    def platform(self) -> str:
        return PLATFORM

    @property
    def platforms(self) -> tuple[str, ...]:
        return (PLATFORM,)

    @property
    def bot_name(self) -> str:
        return self._app.name

    @property
    def deliveries(self) -> tuple[str, ...]:
        return ("stream", "webhook")

    @property
    def emoji(self) -> tuple[tuple[str, str], ...]:
        return EMOJI

    @property
    def hears_all(self) -> bool:
        return True

    @property
    def revision(self) -> int:
        return self.emulator.changed.revision

    async def changed(self, *, after: int, at_most: float) -> int:
        return await self.emulator.changed.wait(after=after, at_most=at_most)

    def touch(self) -> None:
        self.emulator.changed.touch()

    async def start(self) -> None:
        await self.emulator.start()

    async def stop(self) -> None:
        await self.emulator.stop()

    def sections(self, delivery: str) -> PlatformsSection:
        return PlatformsSection(
            feishu=FeishuSection(
                app_id=self._app.app_id,
                app_secret=self._app.app_secret,
                encrypt_key=self._app.encrypt_key,
                verification_token=self._app.verification_token,
                delivery=delivery,
                base_url=self.emulator.base_url,
            )
        )

    async def connect(self, delivery: str, *, listener: str) -> bool:
        self.emulator.change_options(delivery=Transport(delivery))
        if delivery == Transport.WEBHOOK:
            return await self.emulator.sets_webhook(f"{listener}{FeishuSection().path}")
        return True

    # ------------------------------------------------------------------ looking

    def people(self) -> tuple[PersonView, ...]:
        return self._views.people()

    def chats(self, account: str) -> tuple[ChatView, ...]:
        return self._views.chats(account)

    def messages(self, account: str, chat: str, *, limit: int) -> tuple[MessageView, ...]:
        return self._views.messages(account, chat, limit=limit)

    def standing(self, account: str, chat: str) -> tuple[str, ...]:
        return self._views.standing(account, chat)

    def cards(self, account: str, chat: str) -> Mapping[str, int]:
        return self._views.cards(account, chat)

    def picture(self, key: str) -> bytes | None:
        return self.emulator.state.resources.get(key)

    def wire(self) -> Wire:
        delivery = self.emulator.state.options.delivery
        is_up = (
            self.emulator.sockets.connected > 0
            if delivery is Transport.STREAM
            else bool(self.emulator.webhook.event_url)
        )
        return Wire(
            delivery=delivery.value,
            is_up=is_up,
            waiting=self.emulator.courier.pending,
            next_attempt_at=self.next_due(),
            address=self.emulator.base_url,
            faults=self._troubles.pending(),
        )

    def trace(self, *, limit: int) -> list[TraceRow]:
        return trace_rows(self.emulator.recorder, self.emulator.state, limit=limit)

    def detail(self, number: int) -> str:
        return trace_detail(self.emulator.recorder, number)

    # ------------------------------------------------------------------ messages

    async def says(self, account: str, chat: str, said: Said, *, quoting: str = "") -> str:
        self._room(account, chat)
        if quoting:
            self._post(account, quoting)
        if sum(len(part) for part in said if isinstance(part, str)) > MAX_WORDS:
            raise Refused("too_long", limit=str(MAX_WORDS))
        if not any(isinstance(part, Mentioned) or part.strip() for part in said):
            raise Refused("nothing_said")
        return await self.emulator.says(account, [_part(part) for part in said], chat, reply_to=quoting or None)

    async def sends_picture(self, account: str, chat: str, content: bytes) -> None:
        self._room(account, chat)
        await self.emulator.sends_image(account, chat, content=content)

    async def reacts(self, account: str, message: str, emoji: str) -> None:
        post = self._post(account, message)
        if emoji not in dict(EMOJI):
            raise Refused("unknown_emoji")
        mine = next((one for one in post.reactions if one.account == account and one.emoji == emoji), None)
        if mine is not None:
            await self.emulator.removes_reaction(message, mine.id)
        else:
            await self.emulator.reacts(account, message, emoji)

    async def recalls(self, account: str, message: str) -> None:
        post = self._post(account, message)
        if post.sender != account:
            raise Refused("not_yours")
        await self.emulator.recalls(message)

    async def reads(self, account: str, chat: str) -> None:
        self._room(account, chat)
        self._views.mark_read(account, chat)
        await self.emulator.reads(account, chat)

    async def presses(self, account: str, message: str, button: str, form: FormValues) -> Toast | None:
        self._post(account, message)
        return await self._click(lambda: self.emulator.clicks(account, message, button, form or None))

    def buttons(self, message: str) -> Mapping[str, str]:
        if message not in self.emulator.state.messages:
            return {}
        return {words: json.dumps(value) for words, value in self.emulator.button_values(message).items()}

    async def presses_as(self, account: str, message: str, sent: str, form: FormValues) -> Toast | None:
        self._post(account, message)
        return await self._click(lambda: self.emulator.clicks_value(account, message, json.loads(sent), form or None))

    async def chooses(self, account: str, message: str, name: str, value: str) -> Toast | None:
        self._post(account, message)
        return await self._click(lambda: self.emulator.chooses(account, message, name, value))

    async def _click(self, press: Callable[[], Awaitable[ClickResult]]) -> Toast | None:
        try:
            result = await press()
        except (ClickRefused, LookupError) as refused:
            raise Refused("client_refuses", reason=str(refused)) from None
        if result.error:
            raise Refused("click_failed", code=str(result.error))
        if result.toast:
            return Toast(words=result.toast, kind=result.toast_kind or "info")
        return Toast(words=result.opened_url) if result.opened_url else None

    # ------------------------------------------------------------------ groups

    def makes_group(self, account: str, name: str, members: Sequence[str], *, with_bot: bool) -> str:
        title = _group_name(name)
        known = [member for member in dict.fromkeys([account, *members]) if member in self.emulator.state.people]
        return self.emulator.add_group(title, known, with_bot, owner=account)

    def adds(self, account: str, chat: str, members: Sequence[str]) -> None:
        self._group(account, chat)
        for member in members:
            if member not in self.emulator.state.people:
                raise Refused("unknown_person")
            with _platform_refusals():
                self.emulator.joins(member, chat, operator=account)

    def removes(self, account: str, chat: str, member: str) -> None:
        self._group(account, chat)
        with _platform_refusals():
            self.emulator.leaves(member, chat, operator=account)

    def moves_bot(self, account: str, chat: str, *, inside: bool) -> None:
        self._group(account, chat)
        if inside:
            self.emulator.adds_bot(chat, operator=account)
        else:
            self.emulator.removes_bot(chat, operator=account)

    def renames(self, account: str, chat: str, name: str) -> None:
        self._group(account, chat)
        self.emulator.renames(chat, _group_name(name), operator=account)

    def dissolves(self, account: str, chat: str) -> None:
        self._group(account, chat)
        self.emulator.dissolves(chat, operator=account)

    # ------------------------------------------------------------------ what goes wrong

    @property
    def faults(self) -> tuple[str, ...]:
        return FAULTS

    async def strikes(self, fault: str) -> None:
        await self._troubles.strike(fault)
        self.touch()

    def clears_faults(self) -> None:
        self._troubles.clear()
        self.touch()

    async def replays(self, push: str) -> Toast:
        found = next((one for one in self.emulator.recorder.pushes if str(one.number) == push), None)
        if found is None:
            raise Refused("unknown_push")
        handover = await self._hand_over_again(found)
        self.emulator.recorder.add_push(self._copy_of(found, handover))
        self.emulator.changed.touch()
        return Toast(words=handover.outcome, kind="success" if handover.is_acked else "warning")

    async def _hand_over_again(self, push: PushRecord) -> Handover:
        if self.emulator.state.options.delivery is Transport.STREAM:
            whole = envelope(
                app=self._app,
                event_type=push.event_type,
                event_id=push.event_id,
                at=push.created_at,
                event=push.event,
            )
            return await self.emulator.sockets.deliver(whole, seconds=self.emulator.state.options.ack_seconds)
        for request in reversed(self.emulator.capture()):
            if request.event_id == push.event_id:
                return await self.emulator.replays(request)
        raise Refused("unknown_push")

    def _copy_of(self, push: PushRecord, handover: Handover) -> PushRecord:
        now = self.emulator.clock.now()
        return PushRecord(
            number=self.emulator.recorder.next_number(),
            event_id=push.event_id,
            event_type=push.event_type,
            transport=self.emulator.state.options.delivery.value,
            created_at=now,
            event=push.event,
            is_duplicate=True,
            attempts=[
                Attempt(at=now, outcome=handover.outcome, status=handover.status, latency_ms=handover.latency_ms)
            ],
            is_acked=handover.is_acked,
            is_given_up=not handover.is_acked,
        )

    # ------------------------------------------------------------------ time

    def next_due(self) -> datetime | None:
        return self.emulator.courier.next_due()

    async def settled(self) -> None:
        await self.emulator.settled()

    # ------------------------------------------------------------------ inside

    def _room(self, account: str, chat: str) -> EmulatedChat:
        """The chat, when the person is in it. Raises Refused."""
        found = self.emulator.state.chats.get(chat)
        if found is None or found.is_dissolved or account not in found.members:
            raise Refused("not_in_chat")
        return found

    def _group(self, account: str, chat: str) -> EmulatedChat:
        found = self._room(account, chat)
        if not found.is_group:
            raise Refused("not_a_group")
        return found

    def _post(self, account: str, message: str) -> EmulatedMessage:
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
    try:
        yield
    except ApiError as refused:
        raise Refused("platform_refuses", code=str(refused.code), sentence=refused.sentence) from None


def create(company: CompanyFile, *, clock: Clock, bot_name: str, seed: int | None = None) -> FeishuStage:
    """The stage of a company."""
    return FeishuStage(company, clock=clock, bot_name=bot_name, seed=seed)
