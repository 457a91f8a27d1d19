"""The emulated platform refuses and grants what the real one does, asked over HTTP by nobody in particular."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from adapters.wecom.emulator import WeComEmulator
from adapters.wecom.emulator_state import EmulatorOptions
from bot.clock import VirtualClock
from tests.adapters.wecom.company import populate

START = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)


class Caller:
    """A program that has the app's secret."""

    def __init__(self, emulator: WeComEmulator, clock: VirtualClock, session: aiohttp.ClientSession) -> None:
        self.emulator = emulator
        self.clock = clock
        self._session = session
        self._token = ""

    async def log_in(self) -> int:
        app = self.emulator.app
        query = {"corpid": app.corp_id, "corpsecret": app.secret}
        async with self._session.get(f"{self.emulator.api_url}/gettoken", params=query) as answer:
            told = await answer.json()
        self._token = told.get("access_token", "")
        return int(told["errcode"])

    async def call(self, name: str, body: dict[str, Any] | None = None, **query: str) -> dict[str, Any]:
        url, params = f"{self.emulator.api_url}/{name}", {"access_token": self._token, **query}
        method = "GET" if body is None else "POST"
        async with self._session.request(method, url, params=params, json=body) as answer:
            told: dict[str, Any] = await answer.json()
            return told

    async def says(self, touser: str, words: str = "到") -> dict[str, Any]:
        body = {"touser": touser, "msgtype": "text", "agentid": self.emulator.app.agent_id, "text": {"content": words}}
        return await self.call("message/send", body)

    def told(self, account: str) -> list[str]:
        chat = self.emulator.direct_chat(account)
        return [one.text for one in self.emulator.chat_as_seen(account, chat).messages if not one.is_recalled]

    async def makes_group(self, **more: object) -> dict[str, Any]:
        body = {"name": "X1 项目", "owner": "lihua", "userlist": ["lihua", "zhaoliu", "wangwu"], "chatid": "x1", **more}
        return await self.call("appchat/create", body)


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    clock = VirtualClock(START)
    emulator = WeComEmulator(clock=clock, options=EmulatorOptions())
    populate(emulator)
    await emulator.start()
    async with aiohttp.ClientSession() as session:
        made = Caller(emulator, clock, session)
        assert await made.log_in() == 0
        yield made
    await emulator.stop()


async def test_a_message_to_several_is_taken_back_from_all_of_them(caller: Caller) -> None:
    sent = await caller.says("lihua|zhaoliu")
    assert (caller.told("lihua"), caller.told("zhaoliu")) == (["到"], ["到"])
    assert (await caller.call("message/recall", {"msgid": sent["msgid"]}))["errcode"] == 0
    assert (caller.told("lihua"), caller.told("zhaoliu")) == ([], [])


async def test_after_a_day_nothing_is_taken_back(caller: Caller) -> None:
    sent = await caller.says("lihua")
    caller.clock.move(START + timedelta(hours=25))
    await caller.log_in()
    assert (await caller.call("message/recall", {"msgid": sent["msgid"]}))["errcode"] != 0
    assert caller.told("lihua") == ["到"]


async def test_what_a_person_said_is_not_the_apps_to_take_back(caller: Caller) -> None:
    message = await caller.emulator.says("lihua", "待办")
    assert (await caller.call("message/recall", {"msgid": message}))["errcode"] != 0


async def test_everybody_can_be_written_to(caller: Caller) -> None:
    assert (await caller.says("@all"))["errcode"] == 0
    assert [caller.told(who) for who in ("lihua", "zhaoliu", "wangwu")] == [["到"]] * 3


async def test_nobody_who_can_be_seen_is_an_error_and_one_who_cannot_is_named(caller: Caller) -> None:
    assert (await caller.says("nobody"))["errcode"] == 81013
    assert (await caller.says("lihua|Nobody"))["invaliduser"] == "nobody"


async def test_a_group_has_an_owner_among_its_members_and_two_people_at_least(caller: Caller) -> None:
    assert (await caller.makes_group())["errcode"] == 0
    assert (await caller.makes_group())["errcode"] == 86003
    update = {"chatid": "x1", "owner": "zhaoliu", "del_user_list": ["lihua"]}
    assert (await caller.call("appchat/update", update))["errcode"] == 0
    info = (await caller.call("appchat/get", chatid="x1"))["chat_info"]
    assert (info["owner"], info["userlist"]) == ("zhaoliu", ["zhaoliu", "wangwu"])
    refused = await caller.call("appchat/update", {"chatid": "x1", "del_user_list": ["zhaoliu", "wangwu"]})
    assert refused["errcode"] == 86006


async def test_a_text_that_is_too_long_in_bytes_is_refused(caller: Caller) -> None:
    assert (await caller.says("lihua", "字" * 682))["errcode"] == 0
    assert (await caller.says("lihua", "字" * 683))["errcode"] != 0


async def test_calls_from_an_address_that_is_not_trusted_are_refused_by_name(caller: Caller) -> None:
    caller.emulator.change_options(trusted_ips=("203.0.113.9",))
    refused = await caller.says("lihua")
    assert refused["errcode"] == 60020
    assert "from ip: " in refused["errmsg"]
