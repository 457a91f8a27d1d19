"""Outgoing calls as requests: the right place, the right person, the platform's limits, and one form for each thing."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from adapters.dingtalk.event import direct_chat
from adapters.dingtalk.render import (
    Call,
    action_call,
    add_bot_call,
    card_call,
    edit_call,
    group_call,
    is_track,
    members_call,
    mention_call,
    picture_call,
    plain_add_call,
    route_call,
    scene_add_call,
    scene_call,
    text_call,
    track_of,
    upload_call,
    webhook_body,
)
from bot.domain.ids import ChatKey
from bot.errors import FailureKind, PlatformError
from bot.messages import (
    At,
    Button,
    Card,
    CardColour,
    CreateGroup,
    EditCard,
    Field,
    Link,
    Row,
    SendCard,
    Target,
    Text,
    ToChat,
    ToPerson,
)
from tests.adapters.dingtalk.outgoing import (
    BOB,
    CARD,
    DIRECT,
    GROUP,
    MESSAGE,
    SAY,
    SETTINGS,
    account,
    look_at,
    nobody_is_called,
)

SENT = SendCard(target=GROUP, card_id="c", card=CARD)
ROOM = CreateGroup(
    platform="dingtalk",
    name="检测夹具改造项目跨部门协同推进群（第一期）",
    description="",
    owner=account("u_alice"),
    members=(account("u_bob"), account("u_alice"), account("all"), account("x y")),
)


def body_of(call: Call) -> dict[str, Any]:
    assert call.body is not None
    return dict(call.body)


def variables(call: Call) -> dict[str, Any]:
    """The variables of a card, lists unfolded."""
    data = body_of(call)["cardData"]["cardParamMap"]
    return {name: json.loads(value) if name in {"rows", "buttons", "fields"} else value for name, value in data.items()}


# ---------------------------------------------------------------- robot messages


def test_a_text_goes_to_the_group_or_to_the_person() -> None:
    call = text_call(GROUP, SAY, settings=SETTINGS)
    assert (call.method, call.path) == ("POST", "/v1.0/robot/groupMessages/send")
    body = body_of(call)
    assert (body["robotCode"], body["openConversationId"], body["msgKey"]) == ("dingrobot", "cidAbC==", "sampleText")
    assert json.loads(body["msgParam"]) == {"content": "@\u200b张三 请在 15:34 前回复"}
    for target in (DIRECT, ToChat(direct_chat("u_bob"))):
        call = text_call(target, (Text("早"),), settings=SETTINGS)
        assert call.path == "/v1.0/robot/oToMessages/batchSend"
        assert body_of(call)["userIds"] == ["u_bob"]
        assert "openConversationId" not in body_of(call)


def test_an_empty_text_says_something_because_the_platform_takes_no_empty_ones() -> None:
    assert json.loads(body_of(text_call(GROUP, (Text(" \n"),), settings=SETTINGS))["msgParam"]) == {"content": "…"}


def test_a_long_text_is_cut_within_the_platforms_bytes() -> None:
    sight = look_at(text_call(GROUP, (Text("长" * 20_000),), settings=SETTINGS))
    assert sight.size <= 15_000
    assert sight.words.endswith("…")
    assert len(sight.words) > 4_000


@pytest.mark.parametrize(
    "target", [ToChat(ChatKey("dingtalk", "cid\n")), ToPerson(account("all")), ToPerson(account(""))]
)
def test_what_is_no_id_goes_nowhere(target: Target) -> None:
    with pytest.raises(PlatformError) as refused:
        text_call(target, SAY, settings=SETTINGS)
    assert (refused.value.kind, refused.value.code) == (FailureKind.PERMANENT, "bad_id")


def test_at_the_address_of_a_message_the_meant_people_are_called_and_nobody_else() -> None:
    body = webhook_body((BOB, Text(" 请回复 @u_carol @所有人"), At(account("all"), "大家")))
    assert body["at"] == {"atUserIds": ["u_bob"], "isAtAll": False}
    said = str(dict(body["text"])["content"])  # type: ignore[arg-type]
    assert said.startswith("@u_bob ")
    nobody_is_called(said, but=("u_bob",))


def test_a_picture_is_uploaded_to_the_older_host_and_sent_by_its_id() -> None:
    call = upload_call(b"png")
    assert (call.path, call.is_legacy, call.query) == ("/media/upload", True, (("type", "image"),))
    assert call.form is not None
    assert call.form.name == "media"
    sent = body_of(picture_call(GROUP, "@lADP", settings=SETTINGS))
    assert (sent["msgKey"], json.loads(sent["msgParam"])) == ("sampleImageMsg", {"photoURL": "@lADP"})


def test_a_card_with_nothing_but_a_link_keeps_it_without_a_template() -> None:
    card = replace(CARD, buttons=(), fields=(), fallback=(BOB, Text(" **看**\n[这里](https://evil.example)")))
    sight = look_at(action_call(DIRECT, card, Link("打开", "https://example.com/a"), settings=SETTINGS))
    assert sight.links == ["https://example.com/a"]
    with pytest.raises(PlatformError):
        action_call(DIRECT, card, Link("打开", "javascript:x"), settings=SETTINGS)


# ---------------------------------------------------------------- cards


def test_a_card_is_created_and_delivered_in_one_call_under_an_id_of_ours() -> None:
    body = body_of(card_call(SENT, key="k", settings=SETTINGS))
    assert body["cardTemplateId"] == "tpl.schema"
    assert body["outTrackId"] == track_of("k")
    assert is_track(track_of("k"))
    assert body["callbackType"] == "STREAM"
    assert body["userIdType"] == 1
    assert body["openSpaceId"] == "dtv1.card//IM_GROUP.cidAbC=="
    assert body["imGroupOpenDeliverModel"] == {"robotCode": "dingrobot", "atUserIds": {"u_bob": "张三"}}
    assert "imRobotOpenSpaceModel" not in body


def test_the_same_key_is_the_same_card_and_another_is_another() -> None:
    assert track_of("k") == track_of("k") != track_of("l")
    assert not any(is_track(one) for one in ("pqk-1", "hy-", "hy-" + "g" * 40, "hy-" + "0" * 41))


def test_a_card_in_private_names_the_robot_that_delivers_it() -> None:
    """Without it another robot may answer (dingtalk.md 3.1)."""
    body = body_of(card_call(replace_target(DIRECT), key="k", settings=SETTINGS))
    assert body["openSpaceId"] == "dtv1.card//IM_ROBOT.u_bob"
    assert body["imRobotOpenDeliverModel"] == {"spaceType": "IM_ROBOT", "robotCode": "dingrobot"}
    assert "imGroupOpenDeliverModel" not in body


def replace_target(target: Target) -> SendCard:
    return SendCard(target=target, card_id="c", card=CARD)


def test_where_clicks_come_over_http_the_card_says_so() -> None:
    from adapters._section import DeliveryMode

    settings = replace(
        SETTINGS, delivery=DeliveryMode.WEBHOOK, robot_over_http=True, card_secret="a-secret-for-clicks-0001"
    )
    body = body_of(card_call(SENT, key="k", settings=settings))
    assert (body["callbackType"], body["callbackRouteKey"]) == ("HTTP", "huiyin-dingapp")
    route = body_of(route_call("https://bot.example.com/hook/dingtalk/card", settings=settings))
    assert route["callbackRouteKey"] == body["callbackRouteKey"]
    assert route["apiSecret"] == "a-secret-for-clicks-0001"


def test_the_variables_of_the_template_carry_the_whole_card() -> None:
    shown = variables(card_call(SENT, key="k", settings=SETTINGS))
    assert (shown["title"], shown["state"], shown["footer"]) == (CARD.title, "等待回复", CARD.footer)
    assert shown["rows"] == [{"key": "提问人", "value": "李四（市场部）"}, {"key": "截止", "value": "15:34 前"}]
    assert shown["body"].startswith("<a atId=u_bob>张三</a> 请回复**接口文档**[原消息](https://example.com/m?id=1&x=2)")
    assert shown["body"].endswith("[详情](https://example.com/HF-2026-0031)")
    first, second = shown["buttons"]
    assert first == {
        "id": "ack",
        "text": "收到",
        "style": "primary",
        "params": {"a": "clock_ack", "p": {"code": "HF-2026-0031", "mac": "abc"}},
    }
    assert second["confirm"] == "确定吗？"
    kinds = {one["name"]: one["type"] for one in shown["fields"]}
    assert kinds == {"answer": "TEXT", "detail": "TEXT_AREA", "level": "SELECT", "due": "DATE"}
    level = next(one for one in shown["fields"] if one["name"] == "level")
    assert level["options"] == [{"value": "h", "text": "高"}, {"value": "l", "text": "低"}]
    assert level["defaultValue"] == "l"
    assert "不能早于今天" in shown["fields"][3]["label"]


def test_what_nobody_could_send_is_not_shown() -> None:
    only_form = replace(CARD, buttons=(Button(id="x", text="关闭", action="close"),))
    assert variables(card_call(replace_card(only_form), key="k", settings=SETTINGS))["fields"] == []
    plain = Card(kind="k", title="", state="", colour=CardColour.DONE)
    shown = variables(card_call(replace_card(plain), key="k", settings=SETTINGS))
    assert (shown["title"], shown["buttons"], shown["rows"]) == ("…", [], [])


def replace_card(card: Card) -> SendCard:
    return SendCard(target=GROUP, card_id="c", card=card)


def test_an_edit_shows_every_variable_to_everybody() -> None:
    call = edit_call(EditCard(target=GROUP, card_id="c", message=MESSAGE, card=CARD))
    assert (call.method, call.path) == ("PUT", "/v1.0/card/instances")
    body = body_of(call)
    assert body["outTrackId"] == MESSAGE.message
    assert body["cardUpdateOptions"] == {"updateCardDataByKey": True}
    assert variables(call) == variables(card_call(SENT, key="k", settings=SETTINGS))


def test_a_text_with_a_mention_may_be_a_card_because_only_there_it_rings() -> None:
    call = mention_call(GROUP, SAY, title="回音", key="k", settings=SETTINGS)
    assert look_at(call).mentions == ["u_bob"]
    assert variables(call)["buttons"] == []


def test_a_form_whose_fields_share_a_name_is_no_form() -> None:
    twice = replace(CARD, fields=(Field(name="a", label="1"), Field(name="a", label="2")))
    with pytest.raises(PlatformError) as refused:
        card_call(replace_card(twice), key="k", settings=SETTINGS)
    assert refused.value.kind is FailureKind.DEGRADE


def test_more_rows_than_fit_are_counted() -> None:
    many = replace(CARD, rows=tuple(Row(key=str(one), value="值" * 200) for one in range(80)))
    call = card_call(replace_card(many), key="k", settings=SETTINGS)
    assert variables(call)["rows"][-1] == {"key": "…", "value": "+20"}
    assert look_at(call).size <= 60_000


# ---------------------------------------------------------------- groups


def test_a_plain_group_has_a_name_of_twenty_characters_and_only_people_in_it() -> None:
    body = body_of(group_call(ROOM, owner=account("u_alice")))
    assert len(body["name"]) == 20
    assert body["name"].endswith("…")
    assert (body["owner"], body["useridlist"]) == ("u_alice", ["u_alice", "u_bob"])
    assert "uuid" not in body


def test_a_group_from_a_template_can_be_asked_for_twice() -> None:
    settings = replace(SETTINGS, group_template_id="c354")
    body = body_of(scene_call(ROOM, owner=account("u_alice"), key="k", settings=settings))
    assert body == body_of(scene_call(ROOM, owner=account("u_alice"), key="k", settings=settings))
    assert (body["template_id"], body["owner_user_id"], body["user_ids"]) == ("c354", "u_alice", ["u_alice", "u_bob"])
    assert body["title"] == ROOM.name
    assert body["uuid"] != scene_call(ROOM, owner=account("u_alice"), key="l", settings=settings).body["uuid"]  # type: ignore[index]


def test_members_are_changed_by_the_id_that_each_kind_of_group_goes_by() -> None:
    scene = scene_add_call(GROUP.chat, ["u_bob"])
    assert body_of(scene) == {"open_conversation_id": "cidAbC==", "user_ids": ["u_bob"]}
    assert body_of(plain_add_call("chat9f", ["u_bob"])) == {"chatid": "chat9f", "add_useridlist": ["u_bob"]}
    assert members_call("chat9f").query == (("chatid", "chat9f"),)
    assert body_of(add_bot_call(GROUP.chat, settings=SETTINGS))["robotCode"] == "dingrobot"
    for wrong in ("all", "u b", ""):
        with pytest.raises(PlatformError):
            plain_add_call("chat9f", [wrong])
