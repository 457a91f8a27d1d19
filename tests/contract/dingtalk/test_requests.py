"""Every request our client makes fits the official SDK's models: paths, query parameters and bodies, nested ones too."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from adapters._hardened_json import wire
from adapters._section import DeliveryMode
from adapters.dingtalk.adapter import DingTalkAdapter
from adapters.dingtalk.render import (
    Call,
    action_call,
    add_bot_call,
    card_call,
    edit_call,
    group_call,
    mention_call,
    picture_call,
    plain_add_call,
    route_call,
    scene_add_call,
    scene_call,
    text_call,
)
from bot.domain.chart import Chart
from bot.messages import CreateGroup, EditCard, Link, ReadMembers, SendCard, SendPicture, SendText, Text
from tests.adapters.dingtalk.organisation import company
from tests.adapters.dingtalk.outgoing import CARD, DIRECT, GROUP, MESSAGE, SAY, SETTINGS, account
from tests.contract.dingtalk.sdk_models import DOCUMENTED, UnknownToSdk, check_request, models
from tests.support.figures import Figures
from tests.support.housing import housing

HTTP = replace(SETTINGS, delivery=DeliveryMode.WEBHOOK, robot_over_http=True, card_secret="a-secret-for-clicks-0001")
SCENE = replace(SETTINGS, group_template_id="c354")
ROOM = CreateGroup(
    platform="dingtalk", name="X1 项目", description="", owner=account("u_alice"), members=(account("u_bob"),)
)
CALLS: dict[str, Call] = {
    "text": text_call(GROUP, SAY, settings=SETTINGS),
    "text in private": text_call(DIRECT, SAY, settings=SETTINGS),
    "action card": action_call(GROUP, CARD, Link("打开", "https://example.com/a"), settings=SETTINGS),
    "picture": picture_call(GROUP, "@lADP", settings=SETTINGS),
    "card": card_call(SendCard(target=GROUP, card_id="c", card=CARD), key="k", settings=SETTINGS),
    "card in private": card_call(SendCard(target=DIRECT, card_id="c", card=CARD), key="k", settings=SETTINGS),
    "card with clicks over http": card_call(SendCard(target=GROUP, card_id="c", card=CARD), key="k", settings=HTTP),
    "mention": mention_call(GROUP, SAY, title="回音", key="k", settings=SETTINGS),
    "edit": edit_call(EditCard(target=GROUP, card_id="c", message=MESSAGE, card=CARD)),
    "route": route_call("https://bot.example.com/hook/dingtalk/card", settings=HTTP),
    "group": group_call(ROOM, owner=account("u_alice")),
    "scene group": scene_call(ROOM, owner=account("u_alice"), key="k", settings=SCENE),
    "members": plain_add_call("chat9f", ["u_bob"]),
    "scene members": scene_add_call(GROUP.chat, ["u_bob"]),
    "bot": add_bot_call(GROUP.chat, settings=SETTINGS),
}


@pytest.mark.parametrize("name", CALLS)
def test_each_call_is_one_that_the_sdk_could_have_made(name: str) -> None:
    call = CALLS[name]
    body: dict[str, Any] = json.loads(wire(dict(call.body or {})))
    assert check_request(call.method, call.path, dict(call.query), body) is not None


@pytest.mark.slow
async def test_everything_the_client_asks_in_a_day_is_known(figures: Figures) -> None:
    shown = {"success": True, "result": {"deliverResults": [{"success": True, "carrierId": "p"}]}}
    async with company(SETTINGS) as here:
        says = here.platform.says
        says("/v1.0/robot/groupMessages/send", {"processQueryKey": "p"})
        says("/v1.0/card/instances/createAndDeliver", shown)
        says("/v1.0/card/instances", {})
        says("/v1.0/im/group/create", {"openConversationId": "cid1", "chatid": "chat1"})
        says("/v1.0/robot/groups/orgRobots/add", {})
        says("/chat/get", {"errcode": 0, "chat_info": {"useridlist": ["u_bob"]}})
        says("/media/upload", {"errcode": 0, "media_id": "@lADP"})
        says("/topapi/v2/department/listsub", {"errcode": 0, "result": [{"dept_id": 10, "name": "IT"}]}, {"errcode": 0})
        says("/topapi/v2/department/get", {"errcode": 0, "result": {}})
        says("/topapi/v2/user/list", {"errcode": 0, "result": {"list": []}})
        says("/v1.0/gateway/connections/open", {"endpoint": "wss://x.dingtalk.com", "ticket": "t"})
        client = here.client
        await client.send(SendText(target=GROUP, body=(Text("早"),)), key="a")
        await client.send(SendText(target=GROUP, body=SAY), key="b")
        await client.send(SendCard(target=GROUP, card_id="c", card=CARD), key="c")
        await client.send(EditCard(target=GROUP, card_id="c", message=MESSAGE, card=CARD), key="d")
        await client.send(SendPicture(target=GROUP, chart=Chart(title="周报", panels=()), alt=""), key="e")
        made = await client.send(ROOM, key="f")
        assert made.chat is not None
        await client.send(ReadMembers(chat=made.chat), key="g")
        await client.directory()
        await DingTalkAdapter(SETTINGS, client, housing(here.clock)).stream_endpoint()
        for one in here.platform.asked:
            body = {"media": b""} if "raw" in one.body else one.body
            check_request(one.method, one.path, one.query, body)
        paths = {one.path for one in here.platform.asked}
        assert len(paths) == 12
        figures(
            "dingtalk requests that fit the official SDK's models", f"{len(here.platform.asked)} of {len(paths)} APIs"
        )


def test_the_judge_knows_what_is_wrong() -> None:
    good: dict[str, Any] = {"robotCode": "r", "msgKey": "sampleText", "msgParam": "{}", "openConversationId": "c"}
    path = "/v1.0/robot/groupMessages/send"
    assert check_request("POST", path, {}, good) is not None
    for wrong in ({**good, "atUsers": []}, {**good, "msgParam": {}}, {**good, "robotCode": 7}):
        with pytest.raises(UnknownToSdk):
            check_request("POST", path, {}, wrong)
    with pytest.raises(UnknownToSdk):
        check_request("PUT", path, {}, good)
    with pytest.raises(UnknownToSdk):
        check_request("POST", "/topapi/v2/user/list", {}, {"deptId": 1})
    assert len(models()) > 150
    assert all(method in {"GET", "POST"} for method, _ in DOCUMENTED)
