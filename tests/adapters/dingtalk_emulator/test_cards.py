"""Interactive cards: creation, delivery, updates, clicks, and what each person sees (dingtalk.md 3)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable

import pytest
from aiohttp import web

from adapters._emulator.wire_json import Json, as_rows, parse_table, rows, table, text
from adapters.dingtalk.emulator import ClickRefused, DingTalkEmulator, FaultKind, SeenCard
from adapters.dingtalk.emulator_view import BROKEN
from bot.clock import VirtualClock
from tests.adapters.dingtalk_emulator.rig import (
    APP,
    BUTTONS,
    CARD,
    CARDS,
    Api,
    Line,
    Receiver,
    advance,
    card_body,
)

CREATE, CARD_PATH = "/v1.0/card/instances/createAndDeliver", "/v1.0/card/instances"
BY_KEY: Json = {"updateCardDataByKey": True, "updatePrivateDataByKey": True}
FIELDS: list[Json] = [
    {"name": "reason", "label": "原因", "type": "TEXT_AREA", "required": True},
    {
        "name": "level",
        "label": "级别",
        "type": "SELECT",
        "options": [{"value": "p1", "text": "P1"}, {"value": "p2", "text": "P2"}],
    },
    {"name": "due", "label": "期限", "type": "DATETIME", "defaultValue": "2026-12-01 09:00"},
    {"name": "who", "label": "谁", "type": "MULTI_SELECT", "options": [{"value": "a", "text": "A"}]},
    {"name": "told", "label": "已告知", "type": "CHECKBOX"},
]


def card_in(emulator: DingTalkEmulator, chat: str, *, by: str = "u1001") -> SeenCard:
    """The newest message of a chat, which is a card."""
    card = emulator.chat_as_seen(by, chat).messages[-1].card
    assert card is not None
    return card


def message_in(emulator: DingTalkEmulator, chat: str) -> str:
    return emulator.chat_as_seen("u1001", chat).messages[-1].id


def answering(answer: Json) -> Callable[[Json], Json | None]:
    """The answer to every frame."""
    return lambda _: {"response": answer}


class TestDelivery:
    """Create and deliver, in one step or in two."""

    async def test_the_template_draws_its_variables(self, emulator: DingTalkEmulator, api: Api, group: str) -> None:
        reply = await api.card(group, "t-1")
        [result] = rows(reply.result, "deliverResults")
        assert (result["spaceType"], result["spaceId"], result["success"]) == ("IM_GROUP", group, True)
        seen = emulator.chat_as_seen("u1001", group).messages[0]
        card = card_in(emulator, group)
        assert (card.title, card.tags, card.rows) == ("待回复", ("未处理",), (("编号", "XQ-1"),))
        assert card.texts == ("请 @张三 回复", "编号", "XQ-1", "30 分钟内")
        assert [(one.text, one.name, one.style, one.calls_back) for one in card.buttons] == [
            ("已回复", "answered", "primary", True),
            ("稍后", "late", "default", True),
        ]
        assert (seen.mentions, seen.kind, seen.text) == (("u1002",), "interactiveCard", card.text)
        assert emulator.button_values(seen.id)["已回复"] == {"act": "answered", "v": "1"}

    async def test_two_steps_show_the_same(self, emulator: DingTalkEmulator, api: Api) -> None:
        whole = card_body("u1002", "t-1")
        delivery = {"outTrackId", "openSpaceId", "imRobotOpenDeliverModel"}
        creation: Json = {key: value for key, value in whole.items() if key not in delivery - {"outTrackId"}}
        assert (await api.call("POST", CARD_PATH, creation)).body["result"] == "t-1"
        assert emulator.what_sees("u1002") == []
        reply = await api.call("POST", f"{CARD_PATH}/deliver", {key: whole[key] for key in delivery})
        assert [one["success"] for one in as_rows(reply.body["result"])] == [True]
        assert card_in(emulator, emulator.direct_chat("u1002"), by="u1002").title == "待回复"

    async def test_a_delivery_that_fails_stands_in_a_call_that_succeeds(
        self, emulator: DingTalkEmulator, api: Api, group: str
    ) -> None:
        emulator.removes_bot(group)
        reply = await api.card(group, "t-1")
        [result] = rows(reply.result, "deliverResults")
        assert (reply.status, result["success"], result["carrierId"]) == (200, False, "")
        assert emulator.chat_as_seen("u1001", group).messages == ()

    async def test_a_second_card_of_the_same_name_is_refused(
        self, emulator: DingTalkEmulator, api: Api, group: str
    ) -> None:
        await api.card(group, "t-1")
        reply = await api.card(group, "t-1")
        assert (reply.status, reply.code) == (400, "param.cardAlreadyExist")
        assert len(emulator.chat_as_seen("u1001", group).messages) == 1

    async def test_only_recipients_see_a_card_for_them(self, emulator: DingTalkEmulator, api: Api, group: str) -> None:
        model: Json = {"robotCode": APP.robot, "recipients": ["u1002"]}
        await api.card(group, "t-1", None, imGroupOpenDeliverModel=model)
        seen = {who: len(emulator.chat_as_seen(who, group).messages) for who in ("u1001", "u1002")}
        assert seen == {"u1001": 0, "u1002": 1}

    async def test_a_card_stands_above_the_messages_until_it_is_taken_down(
        self, emulator: DingTalkEmulator, api: Api, group: str
    ) -> None:
        body: Json = {
            "openSpaceId": f"dtv1.card//ONE_BOX.{group}",
            "topOpenSpaceModel": {"spaceType": "ONE_BOX"},
            "topOpenDeliverModel": {"expiredTimeMillis": 1772500000000, "platforms": ["android", "win"]},
        }
        whole = {key: value for key, value in card_body(group, "t-1").items() if not key.startswith("imGroup")}
        await api.call("POST", CREATE, whole | body)
        [message] = emulator.chat_as_seen("u1001", group).messages
        assert (message.kind, message.is_recalled) == ("topCard", False)
        close: Json = {"outTrackId": "t-1", "openSpaceId": body["openSpaceId"]}
        assert (await api.call("POST", "/v1.0/card/tops/close", close)).status == 200
        assert emulator.message_as_seen(message.id).is_recalled

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"cardTemplateId": "unknown.schema"}, "param.templateNotExist"),
            ({"cardTemplateId": "draft.schema"}, "param.templateUnpublished"),
            ({"openSpaceId": "IM_GROUP.cid"}, "param.openSpaceIdInvalid"),
            ({"openSpaceId": "dtv1.card//IM_ROBOT.u1001"}, "param.empty"),
            ({"imGroupOpenDeliverModel": {}}, "param.spaceDeliverModelEmpty"),
            ({"imGroupOpenDeliverModel": {"atUserIds": {}}}, "MissingrobotCode"),
            ({"imGroupOpenDeliverModel": {"robotCode": "dingother"}}, "param.error"),
            ({"imGroupOpenDeliverModel": {"robotCode": APP.robot, "atUserIds": {"no": "x"}}}, "param.userIdNotExist"),
            ({"cardData": {"cardParamMap": {"title": 7}}}, "param.error"),
            ({"cardData": {"cardParamMap": {"title": "x" * 20_481}}}, "param.error"),
            ({"cardData": {"cardParamMap": {"k" * 101: "x"}}}, "param.error"),
            ({"privateData": {"nobody": {"cardParamMap": {}}}}, "param.userIdNotExist"),
            ({"outTrackId": "x" * 101}, "InvalidParameter"),
            ({"callbackType": "PUSH"}, "InvalidParameter"),
            ({"callbackType": "HTTP", "callbackRouteKey": "none"}, "param.error"),
            ({"cardTemplateID": "x"}, "InvalidParameter"),
        ],
    )
    async def test_a_wrong_card_is_refused_by_name(
        self, emulator: DingTalkEmulator, api: Api, group: str, change: Json, code: str
    ) -> None:
        emulator.publishes_template("draft.schema", is_published=False)
        reply = await api.call("POST", CREATE, card_body(group, "t-1") | change)
        assert (reply.status, reply.code) == (400, code)
        assert emulator.chat_as_seen("u1001", group).messages == ()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"buttons": "[{"},
            {"buttons": json.dumps([{"text": "no id"}])},
            {"rows": json.dumps({"key": "a"})},
            {"fields": json.dumps([{"name": "a", "type": "text"}])},
        ],
    )
    async def test_variables_that_the_template_can_not_draw_leave_a_broken_card(
        self, emulator: DingTalkEmulator, api: Api, group: str, wrong: dict[str, str]
    ) -> None:
        await api.card(group, "t-1", CARD | wrong)
        assert card_in(emulator, group).text == BROKEN
        with pytest.raises(ClickRefused):
            await emulator.clicks("u1001", message_in(emulator, group), "已回复")


class TestUpdates:
    """PUT: for everybody and for single people."""

    async def test_by_key_changes_some_variables_and_without_it_replaces_all(
        self, emulator: DingTalkEmulator, api: Api, group: str
    ) -> None:
        await api.card(group, "t-1")
        change: Json = {"outTrackId": "t-1", "cardData": {"cardParamMap": {"state": "已回复"}}}
        reply = await api.call("PUT", CARD_PATH, change | {"cardUpdateOptions": BY_KEY})
        assert reply.body == {"success": True, "result": True}
        assert (card_in(emulator, group).title, card_in(emulator, group).tags) == ("待回复", ("已回复",))
        await api.call("PUT", CARD_PATH, change)
        assert (card_in(emulator, group).title, card_in(emulator, group).buttons) == ("", ())

    async def test_private_data_is_for_one_person(self, emulator: DingTalkEmulator, api: Api, group: str) -> None:
        await api.card(group, "t-1")
        private: Json = {"u1002": {"cardParamMap": {"footer": "只给你"}}}
        await api.call("PUT", CARD_PATH, {"outTrackId": "t-1", "privateData": private, "cardUpdateOptions": BY_KEY})
        footers = {who: card_in(emulator, group, by=who).texts[-1] for who in ("u1001", "u1002")}
        assert footers == {"u1001": "30 分钟内", "u1002": "只给你"}
        more: Json = {"u1002": {"cardParamMap": {"title": "你的"}}}
        await api.call("PUT", CARD_PATH, {"outTrackId": "t-1", "privateData": more, "cardUpdateOptions": BY_KEY})
        mine = card_in(emulator, group, by="u1002")
        assert (mine.title, mine.texts[-1]) == ("你的", "只给你")
        await api.call("PUT", CARD_PATH, {"outTrackId": "t-1", "privateData": more})
        mine = card_in(emulator, group, by="u1002")
        assert (mine.title, mine.texts[-1]) == ("你的", "30 分钟内")

    async def test_a_change_right_after_the_delivery_may_break_the_card_until_the_next_one(
        self, emulator: DingTalkEmulator, api: Api, clock: VirtualClock, group: str
    ) -> None:
        emulator.change_options(card_rest_seconds=0.5)
        await api.card(group, "t-1")
        change: Json = {"outTrackId": "t-1", "cardData": {"cardParamMap": CARD}}
        await api.call("PUT", CARD_PATH, change)
        assert card_in(emulator, group).text == BROKEN
        with pytest.raises(ClickRefused):
            await emulator.clicks("u1001", message_in(emulator, group), "稍后")
        advance(clock, 0.5)
        await api.call("PUT", CARD_PATH, change)
        assert card_in(emulator, group).title == "待回复"

    async def test_a_card_that_is_not_there_can_not_be_changed(self, api: Api) -> None:
        change: Json = {"outTrackId": "none", "cardData": {"cardParamMap": {"state": "x"}}}
        assert (await api.call("PUT", CARD_PATH, change)).code == "param.cardNotExist"


class TestClicks:
    """Callbacks over the stream."""

    async def test_the_callback_carries_who_and_what(
        self, emulator: DingTalkEmulator, api: Api, line: Line, group: str
    ) -> None:
        await api.card(group, "t-1")
        result = await emulator.clicks("u1002", message_in(emulator, group), "已回复")
        assert (result.error, result.card_changed) == (0, False)
        [click] = line.of(CARDS)
        assert (click["outTrackId"], click["userId"], click["spaceId"]) == ("t-1", "u1002", group)
        content = parse_table(text(click, "content")) or {}
        assert content == {"cardPrivateData": {"actionIds": ["answered"], "params": {"act": "answered", "v": "1"}}}

    async def test_under_one_reading_what_a_button_sends_stands_one_level_down(
        self, emulator: DingTalkEmulator, api: Api, line: Line, group: str
    ) -> None:
        emulator.change_options(nests_button_params=True)
        await api.card(group, "t-1")
        await emulator.clicks("u1002", message_in(emulator, group), "稍后")
        content = parse_table(text(line.of(CARDS)[0], "content")) or {}
        assert table(content, "cardPrivateData")["params"] == {"params": {"act": "late"}}

    async def test_a_button_may_ask_first(self, emulator: DingTalkEmulator, api: Api, group: str) -> None:
        asking = json.dumps([BUTTONS[0] | {"confirm": "确定？"}])
        await api.card(group, "t-1", CARD | {"buttons": asking})
        assert [one.confirm for one in card_in(emulator, group).buttons] == ["确定？"]

    async def test_the_answer_changes_the_screen_of_who_clicked_until_the_next_update(
        self, emulator: DingTalkEmulator, api: Api, line: Line, group: str
    ) -> None:
        await api.card(group, "t-1")
        changed = {"state": "收到", "hint": "已记下"}
        line.answers = answering({"cardUpdateOptions": BY_KEY, "cardData": {"cardParamMap": changed}})
        assert (await emulator.clicks("u1002", message_in(emulator, group), "稍后")).card_changed
        assert card_in(emulator, group, by="u1002").texts[-1] == "已记下"
        assert [card_in(emulator, group, by=who).tags for who in ("u1001", "u1002")] == [("未处理",), ("收到",)]
        change: Json = {"outTrackId": "t-1", "cardData": {"cardParamMap": {"state": "完成"}}}
        await api.call("PUT", CARD_PATH, change | {"cardUpdateOptions": BY_KEY})
        assert [card_in(emulator, group, by=who).tags for who in ("u1001", "u1002")] == [("完成",), ("完成",)]

    async def test_private_data_of_an_answer_stays(
        self, emulator: DingTalkEmulator, api: Api, line: Line, group: str
    ) -> None:
        await api.card(group, "t-1")
        line.answers = answering({"cardUpdateOptions": BY_KEY, "userPrivateData": {"cardParamMap": {"buttons": "[]"}}})
        await emulator.clicks("u1002", message_in(emulator, group), "稍后")
        assert [len(card_in(emulator, group, by=who).buttons) for who in ("u1001", "u1002")] == [2, 0]

    @pytest.mark.parametrize(
        "answer",
        [
            {"response": {"toast": "x"}},
            {"response": {"cardData": {"state": "x"}}},
            {"response": {"cardData": {"cardParamMap": {"state": 1}}}},
            {"cardData": {"cardParamMap": {"state": "x"}}},
        ],
    )
    async def test_an_answer_of_another_shape_is_an_error_on_the_screen(
        self, emulator: DingTalkEmulator, api: Api, line: Line, group: str, answer: Json
    ) -> None:
        await api.card(group, "t-1")
        line.answers = lambda _: answer
        result = await emulator.clicks("u1002", message_in(emulator, group), "稍后")
        assert (result.error, result.card_changed) == (400, False)
        assert card_in(emulator, group, by="u1002").tags == ("未处理",)

    async def test_no_answer_in_time_and_nobody_there_are_errors_on_the_screen(
        self, emulator: DingTalkEmulator, api: Api, line: Line, group: str
    ) -> None:
        emulator.change_options(card_seconds=0.05)
        await api.card(group, "t-1")
        line.answers = lambda _: None
        message = message_in(emulator, group)
        assert (await emulator.clicks("u1002", message, "稍后")).error == 504
        await emulator.disconnects()
        assert (await emulator.clicks("u1002", message, "稍后")).error == 404
        assert emulator.courier.pending == 0

    @pytest.mark.parametrize(("cost", "error"), [(True, 404), (False, 0)])
    async def test_clicks_use_up_the_deliveries_of_the_month_under_one_reading(
        self, emulator: DingTalkEmulator, api: Api, line: Line, group: str, cost: bool, error: int
    ) -> None:
        emulator.change_options(monthly_pushes=1, callbacks_cost=cost)
        await api.card(group, "t-1")
        message = message_in(emulator, group)
        assert (await emulator.clicks("u1002", message, "稍后")).error == 0
        assert (await emulator.clicks("u1002", message, "稍后")).error == error

    async def test_the_same_click_may_arrive_twice(
        self, emulator: DingTalkEmulator, api: Api, line: Line, group: str
    ) -> None:
        await api.card(group, "t-1")
        emulator.faults.add("push.card_callback", FaultKind.DUPLICATE)
        await emulator.clicks("u1002", message_in(emulator, group), "稍后")
        assert len(line.of(CARDS)) == 2

    async def test_a_client_with_an_older_card_sends_what_it_shows(
        self, emulator: DingTalkEmulator, api: Api, line: Line, group: str
    ) -> None:
        await api.card(group, "t-1")
        await emulator.clicks_value("u1002", message_in(emulator, group), {"act": "old"})
        content = parse_table(text(line.of(CARDS)[0], "content")) or {}
        assert table(table(content, "cardPrivateData"), "params") == {"act": "old"}


class TestForms:
    """The form component, driven by `fields`."""

    @pytest.fixture
    async def form(self, emulator: DingTalkEmulator, api: Api, line: Line, group: str) -> str:
        await api.card(group, "t-1", CARD | {"fields": json.dumps(FIELDS)})
        return message_in(emulator, group)

    async def test_values_are_sent_in_the_shapes_of_their_kinds(
        self, emulator: DingTalkEmulator, line: Line, form: str
    ) -> None:
        given: dict[str, str | list[str]] = {"reason": "缺料", "level": "p2", "who": ["a"], "told": "true"}
        await emulator.clicks("u1002", form, "已回复", given)
        content = parse_table(text(line.of(CARDS)[0], "content")) or {}
        params = table(table(content, "cardPrivateData"), "params")
        assert params["form"] == {
            "reason": "缺料",
            "level": {"index": 1, "value": "p2"},
            "due": "2026-12-01 09:00",
            "who": {"index": [0], "value": ["a"]},
            "told": True,
        }
        assert params["act"] == "answered"

    async def test_the_form_component_may_have_its_fields_in_an_object(
        self, emulator: DingTalkEmulator, api: Api, group: str
    ) -> None:
        await api.card(group, "t-2", CARD | {"form": json.dumps({"fields": FIELDS})})
        assert [one.name for one in card_in(emulator, group).fields] == [str(one["name"]) for one in FIELDS]
        await api.card(group, "t-3", CARD | {"form": "[]"})
        assert card_in(emulator, group).text == BROKEN

    async def test_a_form_shows_its_fields(self, emulator: DingTalkEmulator, form: str, group: str) -> None:
        fields = card_in(emulator, group).fields
        assert [(one.name, one.kind, one.is_required, one.value) for one in fields][:3] == [
            ("reason", "TEXT_AREA", True, ""),
            ("level", "SELECT", False, ""),
            ("due", "DATETIME", False, "2026-12-01 09:00"),
        ]
        assert fields[1].options == (("p1", "P1"), ("p2", "P2"))

    @pytest.mark.parametrize("given", [{}, {"reason": "x", "level": "p3"}, {"reason": "x", "due": "tomorrow"}])
    async def test_the_client_does_not_send_a_wrong_form(
        self, emulator: DingTalkEmulator, line: Line, form: str, given: dict[str, str | list[str]]
    ) -> None:
        with pytest.raises(ClickRefused):
            await emulator.clicks("u1002", form, "已回复", given)
        assert line.of(CARDS) == []


async def test_over_http_the_callback_is_signed_with_the_secret_of_its_route(
    emulator: DingTalkEmulator, api: Api, receiver: Receiver, group: str
) -> None:
    answer: Json = {"cardUpdateOptions": BY_KEY, "cardData": {"cardParamMap": {"state": "收到"}}}
    receiver.answers = lambda _: web.json_response(answer)
    body: Json = {"callbackRouteKey": "r2", "callbackUrl": f"{receiver.url}/card", "apiSecret": "s3"}
    assert (await api.call("POST", "/v1.0/card/callbacks/register", body)).status == 200
    assert (await api.call("POST", "/v1.0/card/callbacks/register", body)).status == 400
    await api.card(group, "t-1", None, callbackType="HTTP", callbackRouteKey="r2")
    assert (await emulator.clicks("u1002", message_in(emulator, group), BUTTONS[0]["text"])).card_changed  # type: ignore[arg-type]
    headers, _, _ = receiver.requests[-1]
    stamp = headers["x-ddpaas-signature-timestamp"]
    right = base64.b64encode(hmac.new(b"s3", stamp.encode(), hashlib.sha256).digest()).decode()
    assert headers["x-ddpaas-signature"] == right
    assert receiver.clicks[0]["userId"] == "u1002"
    assert card_in(emulator, group, by="u1002").tags == ("收到",)
