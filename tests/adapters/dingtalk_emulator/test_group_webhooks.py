"""Webhooks of groups: signed addresses, mentions, limits (dingtalk.md 4.2)."""

from __future__ import annotations

import pytest

from adapters._emulator.wire_json import Json
from adapters.dingtalk.emulator import DingTalkEmulator
from adapters.dingtalk.emulator_api_webhooks import GroupWebhook
from adapters.dingtalk.emulator_crypto import robot_signature
from bot.clock import VirtualClock, to_ms
from tests.adapters.dingtalk_emulator.rig import Api, Reply, advance

TEXT: Json = {"msgtype": "text", "text": {"content": "@u1002 请回复"}, "at": {"atUserIds": ["u1002"]}}


@pytest.fixture
def hook(emulator: DingTalkEmulator, group: str) -> GroupWebhook:
    return emulator.adds_webhook(group)


async def post(api: Api, hook: GroupWebhook, clock: VirtualClock, body: Json, *, skew: float = 0.0) -> Reply:
    stamp = str(int(to_ms(clock.now()) + skew * 1000))
    sign = robot_signature(timestamp=stamp, secret=hook.secret)
    query = f"&timestamp={stamp}&sign={sign.replace('+', '%2B').replace('/', '%2F').replace('=', '%3D')}"
    return await api.call("POST", hook.url + query, body)


async def test_it_mentions_people(
    emulator: DingTalkEmulator, api: Api, clock: VirtualClock, hook: GroupWebhook, group: str
) -> None:
    assert (await post(api, hook, clock, TEXT)).code == 0
    [message] = emulator.chat_as_seen("u1001", group).messages
    assert (message.text, message.mentions) == ("@张三 请回复", ("u1002",))


async def test_a_wrong_or_an_old_signature_is_refused(api: Api, clock: VirtualClock, hook: GroupWebhook) -> None:
    assert (await post(api, hook, clock, TEXT, skew=3601)).code == 310000
    assert (await post(api, hook, clock, TEXT, skew=-3599)).code == 0
    assert (await api.call("POST", hook.url, TEXT)).code == 310000
    assert (await api.call("POST", hook.url + "x&timestamp=1&sign=x", TEXT)).code == 300005


async def test_the_same_msg_uuid_shows_once_while_it_is_remembered(
    emulator: DingTalkEmulator, api: Api, clock: VirtualClock, hook: GroupWebhook, group: str
) -> None:
    body = TEXT | {"msgUuid": "d-1"}
    for seconds in (0, 3599, 1):
        advance(clock, seconds)
        assert (await post(api, hook, clock, body)).code == 0
    assert len(emulator.chat_as_seen("u1001", group).messages) == 2


async def test_after_twenty_in_a_minute_it_is_blocked_for_ten(
    api: Api, clock: VirtualClock, hook: GroupWebhook
) -> None:
    codes = [(await post(api, hook, clock, TEXT)).code for _ in range(21)]
    assert codes == [0] * 20 + [130101]
    advance(clock, 599)
    assert (await post(api, hook, clock, TEXT)).code == 130101
    advance(clock, 1)
    assert (await post(api, hook, clock, TEXT)).code == 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"msgtype": "card"}, 400101),
        ({"msgtype": "text", "text": {}}, 400101),
        ({"msgtype": "markdown", "markdown": {"text": "x"}}, 400101),
        ({"msgtype": "text", "text": {"content": "x"}, "title": "x"}, 400101),
        ({"msgtype": "text", "text": {"content": "x" * 20_000}}, 460101),
    ],
)
async def test_a_wrong_message_is_refused(
    api: Api, clock: VirtualClock, hook: GroupWebhook, body: Json, code: int
) -> None:
    assert (await post(api, hook, clock, body)).code == code


async def test_the_webhook_of_a_dissolved_group_is_gone(
    emulator: DingTalkEmulator, api: Api, clock: VirtualClock, hook: GroupWebhook, group: str
) -> None:
    emulator.dissolves(group)
    assert (await post(api, hook, clock, TEXT)).code == 400106
