"""The emulated platform refuses and grants what the real one does, asked over HTTP by nobody in particular."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from adapters._emulator.said import MentionBot
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


async def test_what_one_person_is_sent_beyond_thirty_a_minute_vanishes_without_a_word(caller: Caller) -> None:
    answers = [await caller.says("lihua", f"第 {n} 条") for n in range(32)]
    assert {one["errcode"] for one in answers} == {0}
    assert len(caller.told("lihua")) == 30
    caller.clock.move(START + timedelta(seconds=61))
    await caller.says("lihua", "一分钟后")
    assert caller.told("lihua")[-1] == "一分钟后"


async def test_limits_can_be_put_aside(caller: Caller) -> None:
    caller.emulator.change_options(enforces_rates=False)
    for n in range(32):
        await caller.says("lihua", f"第 {n} 条")
    assert len(caller.told("lihua")) == 32


async def test_a_group_hears_two_hundred_a_minute_and_the_rest_vanishes(caller: Caller) -> None:
    await caller.makes_group()
    body = {"chatid": "x1", "msgtype": "text", "text": {"content": "到"}}
    for _ in range(201):
        assert (await caller.call("appchat/send", body))["errcode"] == 0
    assert len(caller.emulator.chat_as_seen("lihua", "x1").messages) == 200


async def test_who_is_named_beside_a_text_is_called_as_in_it(caller: Caller) -> None:
    await caller.makes_group()
    said = {"content": "<@lihua> 请看", "mentioned_list": ["zhaoliu"]}
    assert (await caller.call("appchat/send", {"chatid": "x1", "msgtype": "text", "text": said}))["errcode"] == 0
    [message] = caller.emulator.chat_as_seen("wangwu", "x1").messages
    assert message.mentions == ("lihua", "zhaoliu")
    empty = {"chatid": "x1", "msgtype": "text", "text": {"content": "请看", "mentioned_list": []}}
    assert (await caller.call("appchat/send", empty))["errcode"] == 40058


async def test_groups_are_for_an_app_that_sees_everybody(caller: Caller) -> None:
    caller.emulator.state.people["wangwu"].is_visible = False
    assert (await caller.makes_group(userlist=["lihua", "zhaoliu"]))["errcode"] == 60011


async def test_messages_to_the_app_have_numbers_of_64_bits_and_those_to_the_bot_have_words(caller: Caller) -> None:
    to_app = await caller.emulator.says("lihua", "待办")
    group = caller.emulator.add_group("闲聊", ["lihua", "zhaoliu"])
    to_bot = await caller.emulator.says("lihua", "在吗", group)
    assert to_app.isdigit()
    assert int(to_app) < 2**63
    assert not to_bot.isdigit()


def choice(count: int, name: str = "q") -> dict[str, Any]:
    return {"question_key": name, "option_list": [{"id": f"o{n}", "text": f"选项{n}"} for n in range(count)]}


SUBMIT = {"submit_button": {"text": "提交", "key": "send"}, "task_id": "t-1"}
VOTE = {"card_type": "vote_interaction", "main_title": {"title": "选个时间"}, "checkbox": choice(2), **SUBMIT}
RISK = {"card_type": "multiple_interaction", "main_title": {"title": "风险"}, "select_list": [choice(3)], **SUBMIT}
NOTICE = {
    "card_type": "text_notice",
    "main_title": {"title": "通知"},
    "card_action": {"type": 1, "url": "https://a.example"},
}


async def sends_card(caller: Caller, card: dict[str, Any], touser: str = "lihua") -> dict[str, Any]:
    agent = caller.emulator.app.agent_id
    body = {"touser": touser, "msgtype": "template_card", "agentid": agent, "template_card": card}
    return await caller.call("message/send", body)


@pytest.mark.parametrize(
    "card",
    [
        {**VOTE, "checkbox": choice(0)},
        {**VOTE, "checkbox": choice(21)},
        {**VOTE, "submit_button": {"text": "提交"}},
        {**RISK, "select_list": []},
        {**RISK, "select_list": [choice(1, f"q{n}") for n in range(4)]},
        {**RISK, "select_list": [choice(11)]},
        {**RISK, "select_list": [{"option_list": choice(1)["option_list"]}]},
        {key: one for key, one in RISK.items() if key != "submit_button"},
    ],
)
async def test_cards_with_choices_are_refused_where_something_lacks(caller: Caller, card: dict[str, Any]) -> None:
    assert (await sends_card(caller, card))["errcode"] == 40035


@pytest.mark.parametrize("card", [VOTE, RISK])
async def test_cards_with_choices_are_shown_and_sent(caller: Caller, card: dict[str, Any]) -> None:
    assert (await sends_card(caller, card))["response_code"]
    [message] = caller.emulator.chat_as_seen("lihua", caller.emulator.direct_chat("lihua")).messages
    assert message.card is not None
    assert [(one.text, one.name) for one in message.card.buttons] == [("提交", "send")]
    assert [one.name for one in message.card.fields] == ["q"]
    assert caller.emulator.button_values(message.id) == {"提交": {"key": "send"}}


async def test_only_what_can_be_changed_brings_a_code(caller: Caller) -> None:
    assert "response_code" not in await sends_card(caller, {**NOTICE, "task_id": "t-2"})
    menu = {"action_menu": {"desc": "更多", "action_list": [{"text": "不再提醒", "key": "mute"}]}}
    assert (await sends_card(caller, {**NOTICE, **menu, "task_id": "t-3"}))["response_code"]


async def test_a_code_is_good_once_and_for_three_days(caller: Caller) -> None:
    code = (await sends_card(caller, VOTE))["response_code"]
    other = (await sends_card(caller, {**RISK, "task_id": "t-4"}))["response_code"]

    async def update(code: str) -> int:
        body = {"agentid": caller.emulator.app.agent_id, "userids": ["lihua"], "response_code": code}
        told = await caller.call("message/update_template_card", {**body, "button": {"replace_name": "已提交"}})
        return int(told["errcode"])

    assert (await update(code), await update(code)) == (0, 42081)
    caller.clock.move(START + timedelta(hours=73))
    await caller.log_in()
    assert await update(other) == 42081


async def test_the_gateway_takes_thirty_a_minute_into_one_conversation(caller: Caller) -> None:
    emulator = caller.emulator
    group = emulator.add_group("闲聊", ["lihua", "zhaoliu"])
    async with aiohttp.ClientSession() as session, session.ws_connect(emulator.ws_url) as socket:

        async def command(name: str, body: dict[str, Any]) -> int:
            await socket.send_json({"cmd": name, "headers": {"req_id": f"{name}_1"}, "body": body})
            while True:
                frame = await socket.receive_json(timeout=10)
                if "errcode" in frame:
                    return int(frame["errcode"])

        login = {"bot_id": emulator.app.bot_id, "secret": emulator.app.bot_secret}
        assert await command("aibot_subscribe", {**login, "secret": "wrong"}) == 853000
        assert await command("ping", {}) == 846605
        assert await command("aibot_subscribe", login) == 0
        push = {"chatid": group, "chat_type": 2, "msgtype": "markdown", "markdown": {"content": "到"}}
        assert await command("aibot_send_msg", push) == 93006  # nobody has talked to it there
        await emulator.says("lihua", [MentionBot(), "在吗"], group)
        await emulator.settled()
        codes = [await command("aibot_send_msg", push) for _ in range(31)]
        assert codes == [0] * 30 + [45009]
        caller.clock.move(START + timedelta(seconds=61))
        assert await command("aibot_send_msg", {**push, "msgtype": "text"}) == 40008
