"""The whole bot on the emulated DingTalk: what people write, press and see, with the sample company."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from adapters._emulator.said import Mention, MentionBot
from adapters.dingtalk.emulator import DingTalkEmulator, EmulatorOptions, SeenMessage
from bot import app as application
from bot.app import App
from bot.clock import VirtualClock
from bot.company import read_company, sample_text
from bot.config import BotSection, DingTalkSection, PlatformsSection, ServerSection, Settings, StorageSection
from bot.playground.casting import cast
from tests.adapters.dingtalk_emulator.rig import APP

pytestmark = pytest.mark.slow

#: Monday of the acceptance week, five minutes into the working day
MONDAY = datetime(2026, 9, 14, 9, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
ROOM = "X1试产协作专项群"


class Office:
    """The sample company at work on DingTalk."""

    def __init__(self, emulator: DingTalkEmulator, clock: VirtualClock, app: App, accounts: dict[str, str]) -> None:
        self.emulator = emulator
        self.clock = clock
        self.app = app
        self.accounts = accounts
        self.chats: dict[str, str] = {}

    async def rest(self, *, rounds: int = 8) -> None:
        """Let everything that is due happen, a second or so at a time."""
        for _ in range(rounds):
            self.clock.move(self.clock.now() + timedelta(seconds=0.7))
            for _ in range(8):
                await asyncio.sleep(0.002)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Let the bot work until it is so; a card that was pressed is repainted half a real second later."""
        async with asyncio.timeout(60):
            while not condition():
                await self.rest(rounds=1)

    async def says(self, who: str, *said: str | Mention | MentionBot, chat: str = "") -> None:
        await self.emulator.says(self.accounts[who], list(said), self.chats[chat] if chat else None)
        await self.rest()

    async def card(self, who: str, state: str, chat: str = "") -> SeenMessage:
        """The newest message of a chat, as soon as it is a card in that state."""
        await self.until(lambda: (card := self.last(who, chat).card) is not None and card.tags == (state,))
        return self.last(who, chat)

    def last(self, who: str, chat: str = "") -> SeenMessage:
        """The newest message of a chat, as this person sees it."""
        account = self.accounts[who]
        where = self.chats[chat] if chat else self.emulator.direct_chat(account)
        return self.emulator.chat_as_seen(account, where).messages[-1]


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    text = await asyncio.to_thread(lambda: cast(sample_text(), "dingtalk"))
    company = await asyncio.to_thread(read_company, text)
    file = tmp_path / "company.toml"
    await asyncio.to_thread(file.write_text, text, encoding="utf-8")
    clock = VirtualClock(MONDAY)
    emulator = DingTalkEmulator(clock=clock, app=APP, options=EmulatorOptions(enforces_rates=False), seed=1)
    emulator.add_department("10", "公司")
    accounts = {person.name: person.accounts["dingtalk"] for person in company.people if person.accounts}
    for name, account in accounts.items():
        emulator.add_person(account, name, "10")
    await emulator.start()
    section = DingTalkSection(
        client_id=APP.client_id,
        client_secret=APP.client_secret,
        card_template_id=APP.card_template_id,
        base_url=emulator.base_url,
        legacy_base_url=emulator.base_url,
    )
    app = await application.build(
        Settings(
            bot=BotSection(name="回音", company=str(file)),
            server=ServerSection(port=0, admin_port=0),
            storage=StorageSection(url="memory://"),
            platforms=PlatformsSection(dingtalk=section),
        ),
        clock=clock,
    )
    made = Office(emulator, clock, app, accounts)
    for group in company.groups:
        if group.chat is not None:
            members = [one.account for one in group.members]
            made.chats[group.name] = emulator.add_group(group.name, members, chat_id=group.chat.chat)
    await app.start()
    await made.rest()
    yield made
    await app.stop()
    await emulator.stop()


async def test_a_question_is_asked_acknowledged_and_told(office: Office) -> None:
    await office.says("方景行", "询问 @袁知行 检测夹具什么时候到？")
    asked = await office.card("袁知行", "等待回复")
    assert asked.card is not None
    assert asked.card.title == "待回复 · 检测夹具什么时候到？"
    assert [one.text for one in asked.card.buttons] == ["已收到"]
    await office.emulator.clicks(office.accounts["袁知行"], asked.id, "已收到")
    seen = await office.card("袁知行", "已按时回复")
    assert seen.card is not None
    assert (seen.id, seen.card.buttons) == (asked.id, ())
    await office.until(lambda: office.last("方景行").text.startswith("袁知行 已收到您 09:05 的提问"))
    assert office.emulator.visible_duplicates() == []


async def test_in_a_group_only_a_call_by_name_is_heard_and_whoever_is_asked_is_called(office: Office) -> None:
    await office.says("方景行", "图纸怎么还没到", chat=ROOM)
    assert not office.last("方景行", ROOM).is_from_bot
    await office.says(
        "方景行", MentionBot(), " 询问 ", Mention(office.accounts["袁知行"]), " 图纸什么时候到？", chat=ROOM
    )
    asked = await office.card("袁知行", "等待回复", ROOM)
    assert asked.mentions == (office.accounts["袁知行"],)
    # a press of somebody else says that it is not for him
    await office.emulator.clicks(office.accounts["温晓棠"], asked.id, "已收到")
    refused = await office.card("温晓棠", "等待回复", ROOM)
    assert refused.card is not None
    assert refused.card.raw["hint"]


async def test_what_the_group_cannot_tell_is_no_message_that_failed(office: Office) -> None:
    """Groups that people made do not say who is in them; once that stood in the state as messages that failed."""
    await office.says("高远航", "状态")
    await office.until(lambda: office.last("高远航").is_from_bot)
    said = office.last("高远航").text
    assert "钉钉 已连接" in said
    assert "未能发出" not in said
