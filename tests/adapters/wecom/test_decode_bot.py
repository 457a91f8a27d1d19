"""The bot's pushes in neutral words: who, where, what was said and quoted; and nothing that comes is an exception."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.wecom.decode import readable
from adapters.wecom.decode_bot import decode_push, read_push
from adapters.wecom.event import Self
from adapters.wecom.payload import button_key
from bot.updates import (
    AnyUpdate,
    CardClicked,
    ChatType,
    ContentKind,
    DirectChatOpened,
    Ignored,
    MessageReceived,
    Unreadable,
    without_mentions,
)

NOW = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)
ME = Self(app="aibXYZ", bot_name="回音")


def push(**members: Any) -> dict[str, Any]:
    """A push in a group, as the fact sheet has it (wecom.md 3.1)."""
    return {
        "msgid": "CAIQ1",
        "aibotid": "aibXYZ",
        "chatid": "wrGROUP1",
        "chattype": "group",
        "from": {"userid": "lihua"},
        "msgtype": "text",
        "text": {"content": "@回音 进度如何"},
        **members,
    }


def read(body: dict[str, Any]) -> AnyUpdate:
    return readable(read_push(body, me=ME, received_at=NOW), decode_push)


def said(body: dict[str, Any]) -> MessageReceived:
    update = read(body)
    assert isinstance(update, MessageReceived)
    return update


@pytest.mark.parametrize(
    "words",
    [
        "@回音 进度如何",
        "进度如何 @回音",
        "@回音\u2005进度如何",
        "@别名 进度如何",
        "@别名\n进度如何",
        "@别名\u2005进度如何",
        "@回音助手 进度如何",
        "@回音进度如何",
    ],
)
def test_the_bots_name_is_no_part_of_what_was_said(words: str) -> None:
    update = said(push(text={"content": words}))
    assert without_mentions(update.text) == "进度如何"
    assert update.mentions[0].is_bot
    assert (update.chat.chat, update.chat_type) == ("wrGROUP1", ChatType.GROUP)


def test_nothing_but_the_mention_is_a_message_without_words() -> None:
    assert without_mentions(said(push(text={"content": "@回音"})).text) == ""


def test_a_private_message_keeps_its_at_signs() -> None:
    update = said(push(chattype="single", text={"content": "@回音 待办"}))
    assert (update.text, update.mentions, update.chat_type) == ("@回音 待办", (), ChatType.DIRECT)


def test_what_is_quoted_comes_along() -> None:
    quote = {"msgtype": "mixed", "mixed": {"msg_item": [{"text": {"content": "XQ-2026-0015"}}, {"image": {}}]}}
    assert said(push(quote=quote)).quoted == "XQ-2026-0015"


def test_words_among_pictures_are_words_and_pictures_alone_are_a_picture() -> None:
    words = {"msg_item": [{"image": {"url": "u"}}, {"text": {"content": "@回音 看图"}}]}
    assert without_mentions(said(push(msgtype="mixed", mixed=words)).text) == "看图"
    assert said(push(msgtype="mixed", mixed={"msg_item": [{"image": {"url": "u"}}]})).content is ContentKind.IMAGE


@pytest.mark.parametrize("is_nested", [True, False])
def test_a_press_is_read_where_the_page_and_where_the_vendors_types_put_it(is_nested: bool) -> None:
    facts = {"event_key": button_key("approve", {"code": "XQ-15"}), "task_id": "hy-1"}
    event = {"eventtype": "template_card_event", **({"template_card_event": facts} if is_nested else facts)}
    update = read(push(msgtype="event", event=event))
    assert isinstance(update, CardClicked)
    assert (update.action, update.params, update.operator.account) == ("approve", {"code": "XQ-15"}, "lihua")
    assert update.message is not None
    assert update.message.message == "hy-1"


def test_events_are_told_apart() -> None:
    def event(kind: str) -> AnyUpdate:
        return read(push(msgtype="event", event={"eventtype": kind}))

    assert isinstance(event("enter_chat"), DirectChatOpened)
    assert isinstance(event("feedback_event"), Ignored)
    assert isinstance(event("something_new"), Unreadable)


@pytest.mark.parametrize(
    "broken",
    [
        {"from": {}},
        {"from": "lihua"},
        {"chatid": 7},
        {"msgid": ""},
        {"msgtype": "event", "event": {"eventtype": "template_card_event"}},
        {"msgtype": "event", "event": {"eventtype": "template_card_event", "event_key": "approve"}},
    ],
)
def test_what_cannot_be_read_is_kept_as_it_is(broken: dict[str, Any]) -> None:
    assert isinstance(read(push(**broken)), Unreadable)
