"""The DingTalk stage: the sample company on the emulator. Credentials are made up at random for each run."""

from __future__ import annotations

import secrets
import string
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from adapters._stage.stage import EmulatorStage
from adapters.dingtalk.emulator import DingTalkEmulator
from adapters.dingtalk.emulator_state import EmulatedApp, EmulatorOptions, Transport
from bot.clock import Clock
from bot.company import CompanyFile
from bot.config import DingTalkSection, PlatformsSection

PLATFORM = "dingtalk"


class DingTalkStage(EmulatorStage):
    """One organisation with one internal app."""

    platform: ClassVar[str] = PLATFORM
    emulator: DingTalkEmulator

    def __init__(self, company: CompanyFile, *, clock: Clock, bot_name: str, seed: int | None = None) -> None:
        self._app = replace(
            EmulatedApp(),
            client_id=f"ding{secrets.token_hex(8)}",
            client_secret=secrets.token_urlsafe(48),
            corp_id=f"dingcorp{secrets.token_hex(8)}",
            event_token=_letters(20),
            event_aes_key=_letters(43),
            name=bot_name,
        )
        emulator = DingTalkEmulator(
            clock=clock, app=self._app, options=EmulatorOptions(), seed=secrets.randbits(32) if seed is None else seed
        )
        super().__init__(emulator, company, bot_name=bot_name)

    def populate(self) -> None:
        accounts = {p.id: p.accounts[PLATFORM] for p in self._company.people if PLATFORM in p.accounts}
        numbers = {department.id: str(number) for number, department in enumerate(self._company.departments, 10)}
        for department in self._company.departments:
            head = accounts.get(department.head, "") if department.head is not None else ""
            self.emulator.add_department(numbers[department.id], department.name, leader=head)
        for person in self._company.people:
            account = accounts.get(person.id)
            if account is not None:
                self.emulator.add_person(account, person.name, numbers[person.department], person.title, person.id)
                self.emulator.direct_chat(account)
        for group in self._company.groups:
            if group.chat is not None and group.platform == PLATFORM and group.members:
                members = [member.account for member in group.members]
                self.emulator.add_group(group.name, members, chat_id=group.chat.chat)

    def sections(self, delivery: str) -> PlatformsSection:
        app = self._app
        return PlatformsSection(
            dingtalk=DingTalkSection(
                client_id=app.client_id,
                client_secret=app.client_secret,
                corp_id=app.corp_id,
                agent_id=app.agent_id,
                base_url=self.emulator.base_url,
                legacy_base_url=self.emulator.base_url,
                delivery=delivery,
                event_token=app.event_token,
                event_aes_key=app.event_aes_key,
                card_template_id=app.card_template_id,
                group_template_id=app.group_template_id,
            )
        )

    async def connect(self, delivery: str, *, listener: str) -> bool:
        """Events come over the stream or to an address; messages and presses stay on the stream."""
        self.change_delivery(Transport(delivery))
        if delivery == Transport.WEBHOOK:
            return bool(await self.emulator.sets_webhook(f"{listener}{DingTalkSection().event_path}"))
        return True

    def change_delivery(self, delivery: Transport) -> None:
        """What the developer console says about events from now on."""
        options = replace(self.emulator.state.options, delivery=delivery, robot_delivery=Transport.STREAM)
        self.emulator.state.options = options

    @property
    def is_up(self) -> bool:
        return self.emulator.sockets.connected > 0

    def versions_of(self, message: Any) -> int:
        """The variables themselves, since the emulator keeps no count."""
        card = self.emulator.state.cards.get(message.card)
        return hash(tuple(sorted(card.shared.items()))) if card is not None else 0

    def said_to(self, account: str, message: str) -> str:
        """The template's line for whoever pressed, which nobody else sees."""
        card = self.emulator.state.cards.get(self.emulator.state.messages[message].card)
        return card.seen_by(account).get("hint", "") if card is not None else ""

    def at_of(self, message: Any) -> datetime:
        at: datetime = message.created_at
        return at

    def picture_of(self, message: Any) -> str:
        return next((str(value) for value in message.content.values() if isinstance(value, str)), "")

    def expire_tokens(self) -> None:
        self.emulator.expires_tokens()


def _letters(length: int) -> str:
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(length))


def create(company: CompanyFile, *, clock: Clock, bot_name: str, seed: int | None = None) -> DingTalkStage:
    """The stage of a company."""
    return DingTalkStage(company, clock=clock, bot_name=bot_name, seed=seed)
