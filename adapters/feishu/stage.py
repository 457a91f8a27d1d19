"""The Feishu stage: the sample company on the emulator, and what people can do there that they cannot elsewhere.

Credentials are made up at random for each run. Nothing here reaches into the bot: what happens goes over the emulated
wire, signed and encrypted, or through the long connection.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from adapters._emulator.faults import FaultKind
from adapters._emulator.handover import Handover
from adapters._emulator.recorder import Attempt, PushRecord
from adapters._emulator.wire_json import Json
from adapters._stage.stage import PUSH_TROUBLES, PUSHES, EmulatorStage, Trouble, call_troubles
from adapters.feishu.emulator import EmulatedApp, EmulatorOptions, FeishuEmulator
from adapters.feishu.emulator_events import envelope
from adapters.feishu.emulator_state import Transport
from adapters.feishu.stage_messages import EMOJI, PLATFORM, FeishuMessages
from bot.clock import Clock
from bot.company import CompanyFile
from bot.config import FeishuSection, PlatformsSection
from bot.stage import Refused
from bot.stage_views import MessageView, Toast


class FeishuStage(EmulatorStage):
    """One tenant with one app. A bot of this platform hears everything, and every press has an answer of its own."""

    platform: ClassVar[str] = PLATFORM
    emoji: ClassVar[tuple[tuple[str, str], ...]] = EMOJI
    hears_all: ClassVar[bool] = True
    names_in_private: ClassVar[bool] = True
    replays_streamed: ClassVar[bool] = True
    troubles: ClassVar[Mapping[str, Trouble]] = {
        **PUSH_TROUBLES,
        "fault_drop_ack": Trouble(pattern=PUSHES, kind=FaultKind.DROP_ACK),
        "fault_wrong_signature": Trouble(pattern=PUSHES, kind=FaultKind.WRONG_SIGNATURE),
        **call_troubles("im.v1.message.*"),
    }
    emulator: FeishuEmulator

    def __init__(self, company: CompanyFile, *, clock: Clock, bot_name: str, seed: int | None = None) -> None:
        self._app = EmulatedApp(
            app_id=f"cli_{secrets.token_hex(8)}",
            app_secret=secrets.token_urlsafe(24),
            encrypt_key=secrets.token_urlsafe(24),
            verification_token=secrets.token_urlsafe(24),
            name=bot_name,
        )
        options = EmulatorOptions(delivery=Transport.STREAM, callbacks=None)
        emulator = FeishuEmulator(
            clock=clock,
            app=self._app,
            options=options,
            seed=secrets.randbits(32) if seed is None else seed,
        )
        self._messages = FeishuMessages(emulator)
        super().__init__(emulator, company, bot_name=bot_name)

    def populate(self) -> None:
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

    @property
    def is_up(self) -> bool:
        if self.emulator.state.options.delivery is Transport.STREAM:
            return self.emulator.sockets.connected > 0
        return bool(self.emulator.webhook.event_url)

    def at_of(self, message: Any) -> datetime:
        at: datetime = message.created_at
        return at

    def expire_tokens(self) -> None:
        self.emulator.expires_tokens()

    # ------------------------------------------------------------------ looking

    def rings_for(self, account: str, message: Any) -> bool:
        return account in message.urgent_to

    def facts_of(self, event: Json) -> list[tuple[str, str]]:
        return self._messages.facts_of(event)

    def _message(self, message: Any, account: str) -> MessageView:
        return self._messages.view(message, account, quote=self._quote(message.parent))

    # ------------------------------------------------------------------ acting

    async def reacts(self, account: str, message: str, emoji: str) -> None:
        post = self._post(account, message)
        if emoji not in dict(EMOJI):
            raise Refused("unknown_emoji")
        mine = next((one for one in post.reactions if one.account == account and one.emoji == emoji), None)
        if mine is not None:
            await self.emulator.removes_reaction(message, mine.id)
        else:
            await self.emulator.reacts(account, message, emoji)

    async def reads(self, account: str, chat: str) -> None:
        await super().reads(account, chat)
        await self.emulator.reads(account, chat)

    async def chooses(self, account: str, message: str, name: str, value: str) -> Toast | None:
        self._post(account, message)
        return await self._click(account, message, lambda: self.emulator.chooses(account, message, name, value))

    # ------------------------------------------------------------------ what goes wrong

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


def create(company: CompanyFile, *, clock: Clock, bot_name: str, seed: int | None = None) -> FeishuStage:
    """The stage of a company."""
    return FeishuStage(company, clock=clock, bot_name=bot_name, seed=seed)
