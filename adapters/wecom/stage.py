"""The WeCom stage: the sample company on the emulator. Credentials are made up at random for each run."""

from __future__ import annotations

import secrets
import string
from datetime import datetime
from typing import Any, ClassVar

from adapters._stage.stage import EmulatorStage
from adapters.wecom.emulator import WeComEmulator
from adapters.wecom.emulator_state import EmulatedApp, EmulatorOptions, Transport
from bot.clock import Clock
from bot.company import CompanyFile
from bot.config import PlatformsSection, WeComBotSection, WeComSection

PLATFORM = "wecom"


class WeComStage(EmulatorStage):
    """One company with an app and a bot."""

    platform: ClassVar[str] = PLATFORM
    tells_who: ClassVar[bool] = False
    emulator: WeComEmulator

    def __init__(self, company: CompanyFile, *, clock: Clock, bot_name: str, seed: int | None = None) -> None:
        self._app = EmulatedApp(
            corp_id=f"ww{secrets.token_hex(8)}",
            secret=secrets.token_urlsafe(24),
            token=_letters(20),
            aes_key=_letters(43),
            bot_id=f"aib{secrets.token_hex(8)}",
            bot_secret=secrets.token_urlsafe(24),
            bot_token=_letters(20),
            bot_aes_key=_letters(43),
            name=bot_name,
        )
        emulator = WeComEmulator(
            clock=clock, app=self._app, options=EmulatorOptions(), seed=secrets.randbits(32) if seed is None else seed
        )
        super().__init__(emulator, company, bot_name=bot_name)

    def populate(self) -> None:
        accounts = {p.id: p.accounts[PLATFORM] for p in self._company.people if PLATFORM in p.accounts}
        numbers = {department.id: number for number, department in enumerate(self._company.departments, 2)}
        for department in self._company.departments:
            head = accounts.get(department.head, "") if department.head is not None else ""
            self.emulator.add_department(numbers[department.id], department.name, leader=head)
        for person in self._company.people:
            account = accounts.get(person.id)
            if account is not None:
                self.emulator.add_person(account, person.name, numbers[person.department], person.title)
                self.emulator.direct_chat(account)
        for group in self._company.groups:
            if group.chat is not None and group.platform == PLATFORM and group.members:
                members = [member.account for member in group.members]
                self.emulator.add_group(group.name, members, chat_id=group.chat.chat, is_of_app=True)

    def sections(self, delivery: str) -> PlatformsSection:
        app = self._app
        return PlatformsSection(
            wecom=WeComSection(
                corp_id=app.corp_id,
                agent_id=str(app.agent_id),
                secret=app.secret,
                token=app.token,
                aes_key=app.aes_key,
                base_url=self.emulator.api_url,
                bot=WeComBotSection(
                    bot_id=app.bot_id,
                    secret=app.bot_secret,
                    ws_url=self.emulator.ws_url,
                    delivery=delivery,
                    token=app.bot_token,
                    aes_key=app.bot_aes_key,
                ),
            )
        )

    async def connect(self, delivery: str, *, listener: str) -> bool:
        """The app always calls an address; the bot has a connection or an address of its own."""
        self.emulator.change_options(delivery=Transport(delivery))
        is_right = await self.emulator.sets_app_url(f"{listener}{WeComSection().path}")
        if delivery == Transport.WEBHOOK:
            return is_right and await self.emulator.sets_bot_url(f"{listener}{WeComBotSection().path}")
        return is_right

    @property
    def is_up(self) -> bool:
        if self.emulator.state.options.delivery is Transport.STREAM:
            return self.emulator.sockets.connected > 0
        return bool(self.emulator.courier.app_url)

    def said_to(self, account: str, message: str) -> str:
        """The newest text in the private chat: the platform has no other way to answer a press."""
        chat = self.emulator.state.messages[message].chat
        said = [one for one in self.emulator.state.messages_of(chat) if one.is_from_bot and one.card is None]
        return said[-1].text if said and account else ""

    def at_of(self, message: Any) -> datetime:
        at: datetime = message.at
        return at

    def expire_tokens(self) -> None:
        self.emulator.tokens.live.clear()


def _letters(length: int) -> str:
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(length))


def create(company: CompanyFile, *, clock: Clock, bot_name: str, seed: int | None = None) -> WeComStage:
    """The stage of a company."""
    return WeComStage(company, clock=clock, bot_name=bot_name, seed=seed)
