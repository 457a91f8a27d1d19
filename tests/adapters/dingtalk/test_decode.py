"""What the platform pushes, in neutral words: messages, quotes, events of both ways, clicks and forms."""

from __future__ import annotations

import json
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from adapters._hardened_json import BadJson, parse_table, wire
from adapters.dingtalk.decode import decode, is_free_of_charge, readable
from adapters.dingtalk.decode_cards import answer_card, card_clicked, framed, lacks_action, with_action
from adapters.dingtalk.decode_messages import MAX_TEXT, message_received
from adapters.dingtalk.event import Event, Self, direct_chat, person_of, posted_event, streamed_event
from bot.domain.ids import AccountKey, ChatKey, MessageKey
from bot.ports import Answer
from bot.updates import (
    AnyUpdate,
    BotJoinedChat,
    BotLeftChat,
    CardClicked,
    ChatDissolved,
    ChatMembersChanged,
    ChatRenamed,
    ChatType,
    ContentKind,
    DirectoryChanged,
    Ignored,
    MessageReceived,
    Unreadable,
    decode_update,
    encode_update,
    strip_tokens,
    without_mentions,
)
from tests.adapters.dingtalk.callbacks import APP, CORP, NOW, click, message

ME = Self(app=APP, robot="回音", corp_id=CORP)
GROUP = ChatKey("dingtalk", "cidAbC==")


def someone(user: str) -> AccountKey:
    return AccountKey("dingtalk", user)


def pushed(body: dict[str, Any], *, kind: str = "robot_message") -> Event:
    return Event(me=ME, type=kind, id="push-1", sent_at=None, received_at=NOW, body=body)


def heard(**changes: Any) -> MessageReceived:
    """The message that a push stands for."""
    update = readable(pushed(message(**changes)), message_received)
    assert isinstance(update, MessageReceived), update
    return update


def problem(**changes: Any) -> str:
    update = readable(pushed(message(**changes)), message_received)
    assert isinstance(update, Unreadable)
    return update.problem


# ---------------------------------------------------------------- messages


def test_a_group_message_begins_with_the_mention_that_the_platform_took_out() -> None:
    """DingTalk strips the @ of the robot; without it a command in a group would be talk (ux.md A5.3)."""
    update = heard()
    assert update.chat == GROUP
    assert update.chat_type is ChatType.GROUP
    assert [one.is_bot for one in update.mentions] == [True]
    assert without_mentions(update.text) == "进度 RW-7"
    assert update.sender == someone("u1001")
    assert update.source.business_id == "msgXyz=="
    assert update.source.happened_at == NOW
    assert not update.sender_is_external
    assert decode_update(encode_update(update)) == update


def test_people_who_are_mentioned_besides_the_robot_are_named_without_a_place() -> None:
    at = [{"dingtalkId": "$:LWCP_v1:$x"}, {"staffId": "u1002"}, {"staffId": "u1002"}, {"staffId": 7}, "u1003"]
    assert heard(atUsers=at).named == (someone("u1002"),)
    assert heard(atUsers=None).named == ()


def test_a_private_chat_goes_by_its_person() -> None:
    """The platform sends to people, not to such chats; so the chat's name has to tell whom."""
    update = heard(conversationType="1", conversationId="cidPrivate==")
    assert update.chat_type is ChatType.DIRECT
    assert person_of(update.chat) == "u1001"
    assert update.chat == direct_chat("u1001")
    assert update.mentions == ()
    assert update.text == "进度 RW-7"


def test_the_case_of_a_groups_id_is_kept() -> None:
    assert heard(conversationId="cidAbCdEf==").chat != heard(conversationId="cidabcdef==").chat


def test_strangers_are_strangers() -> None:
    """People of other companies, and everybody before the app is published, have no id that another call takes."""
    update = heard(senderStaffId=None)
    assert update.sender == someone("$:LWCP_v1:$aa")
    assert update.sender_is_external
    assert heard(senderCorpId="dingother").sender_is_external


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"msgId": ""}, "no msgId"),
        ({"msgId": 7}, "no msgId"),
        ({"conversationId": None}, "no conversationId"),
        ({"senderStaffId": "", "senderId": ""}, "no sender"),
    ],
)
def test_what_a_message_cannot_do_without_is_named(changes: dict[str, Any], why: str) -> None:
    assert problem(**changes) == why


@pytest.mark.parametrize("where", ["code", "errorCode", "errCode"])
def test_words_that_stay_with_the_platform_are_no_words(where: str) -> None:
    """When the month's deliveries are used up, messages come without content (dingtalk.md 1.4)."""
    assert "used up" in problem(**{where: 20001, "text": None})


@pytest.mark.parametrize(
    ("changes", "kind", "said"),
    [
        (
            {
                "msgtype": "richText",
                "content": {
                    "richText": [{"text": "你好 "}, {"downloadCode": "x", "type": "picture"}, {"text": "再见"}]
                },
            },
            ContentKind.TEXT,
            "你好 再见",
        ),
        ({"msgtype": "richText", "content": {"richText": [{"type": "picture"}]}}, ContentKind.IMAGE, ""),
        ({"msgtype": "picture", "content": {"downloadCode": "x"}}, ContentKind.IMAGE, ""),
        ({"msgtype": "audio", "content": {"duration": 3000, "recognition": "同意"}}, ContentKind.VOICE, ""),
        ({"msgtype": "file", "content": {"fileName": "a.docx"}}, ContentKind.FILE, ""),
        ({"msgtype": "video", "content": {}}, ContentKind.OTHER, ""),
        ({"msgtype": "something", "content": {}}, ContentKind.OTHER, ""),
        ({"msgtype": None}, ContentKind.OTHER, ""),
        ({"text": {"content": 7}}, ContentKind.TEXT, ""),
        ({"text": "x"}, ContentKind.TEXT, ""),
    ],
)
def test_each_kind_of_message_is_told_apart(changes: dict[str, Any], kind: ContentKind, said: str) -> None:
    update = heard(**changes)
    assert update.content is kind
    assert without_mentions(update.text) == said


def test_characters_that_pass_for_mentions_and_zero_bytes_are_taken_out_of_what_was_typed() -> None:
    update = heard(text={"content": "a\ue0000\ue001\x00b"})
    assert without_mentions(update.text) == "a0b"
    assert strip_tokens(update.text) != update.text, "our own token is still there"


def test_a_long_text_is_cut() -> None:
    assert len(heard(text={"content": "长" * 2 * MAX_TEXT}).text) < MAX_TEXT + 10


@pytest.mark.parametrize("kind", ["1", "2", 1, 2])
def test_the_kind_of_a_conversation_may_be_a_number(kind: object) -> None:
    group = heard(conversationType=kind).chat_type is ChatType.GROUP
    assert group == (str(kind) == "2")


# ---------------------------------------------------------------- quotes


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"content": "明天到"}, "明天到"),
        ({"text": "**明天到**"}, "**明天到**"),
        ({"richText": [{"text": "明天"}, {"text": "到"}]}, "明天 到"),
        ({"cardContent": {"children": [{"value": "待回复"}, {"children": [{"value": "物流部"}]}]}}, "待回复 物流部"),
        (None, ""),
        ("明天到", "明天到"),
        ({"x": 1}, ""),
    ],
)
def test_a_quote_says_what_it_quotes_wherever_the_platform_puts_it(content: Any, words: str) -> None:
    replied = {"msgId": "m-old", "msgType": "text", "senderId": "$:x", "content": content}
    update = heard(text={"content": " 好", "isReplyMsg": True, "repliedMsg": replied})
    assert update.quoted == words
    assert update.reply_to == MessageKey("dingtalk", "m-old")


def test_a_quote_of_a_message_of_ours_names_it() -> None:
    replied = {"msgId": "m-old", "content": {"content": "x"}}
    said = {"content": " 好", "isReplyMsg": True, "repliedMsg": replied}
    update = heard(text=said, originalMsgId="m-old", originalProcessQueryKey="pqk-1")
    assert update.reply_to == MessageKey("dingtalk", "pqk-1")


def test_a_quote_of_any_depth_ends() -> None:
    deep: Any = "x"
    for _ in range(200):
        deep = {"children": [deep]}
    assert heard(text={"content": "好", "isReplyMsg": True, "repliedMsg": {"content": deep}}).quoted == ""


# ---------------------------------------------------------------- events


def streamed(kind: str, body: dict[str, Any], **headers: Any) -> AnyUpdate:
    given = {"eventType": kind, "eventId": "e-1", "eventBornTime": 1_767_315_601_000, "eventCorpId": CORP, **headers}
    return decode(streamed_event(given, body, me=ME, received_at=NOW))


CHAT_EVENT: dict[str, Any] = {
    "chatId": "chat9f",
    "openConversationId": "cidAbC==",
    "operator": "u1001",
    "userId": ["u1002"],
}


@pytest.mark.parametrize(
    ("kind", "changes", "expected"),
    [
        ("chat_add_member", {}, (ChatMembersChanged, {"joined": (someone("u1002"),), "left": ()})),
        ("chat_remove_member", {}, (ChatMembersChanged, {"joined": (), "left": (someone("u1002"),)})),
        ("chat_remove_member", {"userId": "u1002"}, (ChatMembersChanged, {"left": (someone("u1002"),)})),
        ("chat_quit", {"userId": None}, (ChatMembersChanged, {"left": (someone("u1001"),)})),
        ("chat_update_title", {"title": " X2\n项目 "}, (ChatRenamed, {"name": "X2 项目"})),
        ("chat_disband", {}, (ChatDissolved, {"operator": someone("u1001")})),
        ("chat_update_owner", {"owner": "u1002"}, (Ignored, {})),
        ("im_cool_app_install", {}, (BotJoinedChat, {"operator": someone("u1001")})),
        ("im_cool_app_uninstall", {}, (BotLeftChat, {})),
        ("robot_msg_read", {}, (Ignored, {})),
        ("user_add_org", {}, (DirectoryChanged, {"account": someone("u1002")})),
        ("user_leave_org", {"userId": ["u1", "u2"]}, (DirectoryChanged, {"account": None})),
        ("org_dept_create", {"deptId": [7]}, (DirectoryChanged, {"reason": "org_dept_create"})),
        ("something_new", {}, (Unreadable, {"problem": "unknown type"})),
        ("chat_add_member", {"openConversationId": ""}, (Unreadable, {"problem": "no openConversationId"})),
        ("chat_add_member", {"userId": []}, (Unreadable, {"problem": "no userId"})),
        ("chat_update_title", {}, (Unreadable, {"problem": "no title"})),
    ],
)
def test_each_event_is_the_update_it_stands_for(
    kind: str, changes: dict[str, Any], expected: tuple[type[AnyUpdate], dict[str, Any]]
) -> None:
    body = {**CHAT_EVENT, **changes}
    update = streamed(kind, body)
    assert isinstance(update, expected[0])
    assert {name: getattr(update, name) for name in expected[1]} == expected[1]
    assert update.source.business_id == "e-1"
    assert streamed(kind, {"data": body}) == update, "the body may stand one level deeper"
    posted: dict[str, Any] = {"EventType": kind, "EventTime": 1_767_315_601_000, "CorpId": CORP, "eventId": "e-1"}
    capitals = {key[:1].upper() + key[1:]: value for key, value in body.items()}
    over_http = decode(posted_event({**posted, **capitals}, me=ME, received_at=NOW))
    assert over_http == update, "both ways tell the same"


def test_an_event_without_an_id_is_known_by_its_content() -> None:
    one = decode(posted_event({"EventType": "user_add_org", "UserId": ["u1"]}, me=ME, received_at=NOW))
    two = decode(
        posted_event({"EventType": "user_add_org", "UserId": ["u1"]}, me=ME, received_at=NOW + timedelta(seconds=9))
    )
    other = decode(posted_event({"EventType": "user_add_org", "UserId": ["u2"]}, me=ME, received_at=NOW))
    assert one.source.business_id == two.source.business_id != other.source.business_id


def test_events_of_the_address_book_cost_nothing() -> None:
    assert is_free_of_charge("user_add_org")
    assert is_free_of_charge("org_dept_remove")
    assert not is_free_of_charge("chat_add_member")


# ---------------------------------------------------------------- clicks


def pressed(**changes: Any) -> AnyUpdate:
    return readable(pushed(click(**changes), kind="card_callback"), card_clicked)


def test_a_click_says_who_pressed_what_on_which_card_and_where() -> None:
    update = pressed()
    assert isinstance(update, CardClicked)
    assert update.operator == someone("u1001")
    assert update.chat == GROUP
    assert update.message == MessageKey("dingtalk", "hy-" + "0" * 40)
    assert (update.action, update.params, update.form) == ("approve", {"code": "XQ-2026-0001"}, {})


def test_a_click_in_private_belongs_to_the_private_chat() -> None:
    update = pressed(spaceType="IM_ROBOT", spaceId="whatever")
    assert isinstance(update, CardClicked)
    assert update.chat == direct_chat("u1001")


def test_whoever_is_named_in_the_parameters_is_nobody() -> None:
    """T8: the operator is the platform's, never the button's."""
    lies = {"a": "approve", "p": {"userId": "u9"}, "userId": "u9", "operator": "u9"}
    update = pressed(params=lies, operator="u9", senderStaffId="u9")
    assert isinstance(update, CardClicked)
    assert update.operator == someone("u1001")


@pytest.mark.parametrize(
    "params",
    [
        {"a": "approve", "p": '{"code":"XQ-1"}'},
        {"params": {"a": "approve", "p": {"code": "XQ-1"}}},
        {"params": '{"a":"approve","p":{"code":"XQ-1"}}'},
        {"value": '{"a":"approve","p":{"code":"XQ-1"}}'},
    ],
)
def test_a_template_may_hand_on_parameters_as_a_table_or_as_text(params: dict[str, Any]) -> None:
    update = pressed(params=params)
    assert isinstance(update, CardClicked)
    assert (update.action, update.params) == ("approve", {"code": "XQ-1"})


def test_the_older_name_of_the_content_is_read() -> None:
    content = click()["content"]
    update = pressed(content=None, value=content)
    assert isinstance(update, CardClicked)


def test_a_form_comes_with_its_values() -> None:
    form = {
        "reason": " 缺料\x00 ",
        "level": {"index": 0, "value": "p1"},
        "many": ["a", "b"],
        "sure": True,
        "count": 3,
        "none": None,
    }
    update = pressed(params={"a": "answer", "p": {}, "form": form})
    assert isinstance(update, CardClicked)
    assert update.form == {
        "reason": " 缺料 ",
        "level": "p1",
        "many": "a,b",
        "sure": "true",
        "count": "3",
        "none": "",
    }


def test_a_form_whose_button_says_nothing_gets_what_it_stands_for() -> None:
    """The platform's own submit button sends the values alone (dingtalk.md 3.4)."""
    bare = click(params={"form": {"reason": "缺料"}})
    assert lacks_action(bare)
    assert not lacks_action(click())
    assert not lacks_action({"content": "{"})
    update = readable(pushed(with_action(bare, {"a": "answer", "p": {"code": "HF-1"}})), card_clicked)
    assert isinstance(update, CardClicked)
    assert (update.action, update.params, update.form) == ("answer", {"code": "HF-1"}, {"reason": "缺料"})
    assert isinstance(readable(pushed(with_action(bare, {})), card_clicked), Unreadable)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"userId": ""}, "no userId"),
        ({"params": {}}, "no action"),
        ({"params": "x"}, "no action"),
        ({"content": "{"}, "the click's content is not a table"),
        ({"params": {"a": "approve", "p": {"code": 7}}}, "the button's parameters are not ours"),
        ({"params": {"a": "approve", "p": "{"}}, "the button's parameters are not ours"),
    ],
)
def test_clicks_that_no_button_of_ours_can_have_made_are_unreadable(changes: dict[str, Any], why: str) -> None:
    update = pressed(**changes)
    assert isinstance(update, Unreadable)
    assert update.problem == why


def test_a_question_for_data_is_no_click() -> None:
    assert isinstance(pressed(type="dynamicDataCallback"), Ignored)


def test_the_answer_reaches_only_whoever_pressed() -> None:
    reply = answer_card(Answer(toast="已批准"), busy_text="处理中")
    assert reply["userPrivateData"] == {"cardParamMap": {"hint": "已批准"}}
    assert "cardData" not in reply
    assert answer_card(Answer(toast=""), busy_text="处理中") == {}
    assert "处理中" in str(answer_card(None, busy_text="处理中"))
    assert json.loads(framed(reply)) == {"response": reply}
    assert json.loads(framed({})) == {"response": None}


# ---------------------------------------------------------------- whatever comes


def test_no_genuine_push_is_an_exception() -> None:
    """Whatever a genuine push holds becomes an update that can be stored."""
    dice = Random(11)
    bodies = [message(), click(), {"data": CHAT_EVENT}]
    for _ in range(2_500):
        raw = bytearray(wire(dice.choice(bodies)))
        for _ in range(dice.randint(1, 6)):
            raw[dice.randrange(len(raw))] = dice.randrange(256)
        try:
            body = parse_table(bytes(raw))
        except BadJson:
            continue
        for update in (
            readable(pushed(body), message_received),
            readable(pushed(body), card_clicked),
            streamed("chat_add_member", body),
            decode(posted_event(body, me=ME, received_at=NOW)),
        ):
            assert decode_update(encode_update(update)) == update
