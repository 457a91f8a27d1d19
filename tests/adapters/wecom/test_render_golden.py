"""The exact request of every kind of outbound on WeCom, and every card of the bot. A change of the wire shows here first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from adapters.wecom import render
from adapters.wecom.render import Call
from adapters.wecom.render_card import BOT, card_json, changed_json
from adapters.wecom.settings import WeComSettings
from bot.domain.ids import AccountKey, ChatKey
from bot.messages import At, Card, CardColour, CreateGroup, Field, FieldKind, Link, Rich, Row, Text, ToChat
from tests.adapters.wecom.company import CARD, group, person

SETTINGS = WeComSettings(corp_id="ww1", agent_id="1000002", secret="s")
ZHANG = At(AccountKey("wecom", "zhangsan"), "张三")
SAY: Rich = (ZHANG, Text(" 请在 15:34 前回复 "), Link("全部", "https://example.com/all?a=1&b=2"))
CLOSED: Card = replace(CARD, state="已同意", colour=CardColour.DONE, buttons=())
CHOICE = Field(name="level", label="级别", kind=FieldKind.CHOICE, choices=(("h", "高"), ("l", "低")), value="l")
FULL: Card = replace(
    CARD,
    rows=tuple(Row(key=f"第{n}行", value=f"值{n}") for n in range(8)),
    fields=(CHOICE,),
    link=Link("详情", "https://example.com/XQ-2026-0015"),
    footer="XQ-2026-0015 · 回音",
)
NOTICE: Card = replace(FULL, buttons=(), fields=())
NEW_GROUP = CreateGroup(
    platform="wecom",
    name="618 协同群",
    description="由回音创建",
    owner=AccountKey("wecom", "lihua"),
    members=(ZHANG.account,),
)


def card_call(card: Card) -> Call:
    return render.card_call(person("lihua"), card, key="k", settings=SETTINGS)


def edit_call(card: Card) -> Call:
    return render.edit_call("lihua", card, task=render.task_of("k"), code="RC1", settings=SETTINGS)


CALLS: dict[str, Call] = {
    "text_to_group": render.text_calls(group("wrGROUP1"), SAY, settings=SETTINGS)[0],
    "text_to_person": render.text_calls(person("lihua"), SAY, settings=SETTINGS)[0],
    "card": card_call(CARD),
    "card_with_everything": card_call(FULL),
    "card_with_nothing_to_press_but_a_link": card_call(NOTICE),
    "card_edited": edit_call(CARD),
    "card_closed": edit_call(CLOSED),
    "picture_to_group": render.picture_call(group("wrGROUP1"), "MEDIA1", settings=SETTINGS),
    "picture_to_person": render.picture_call(person("lihua"), "MEDIA1", settings=SETTINGS),
    "group": render.group_call(
        NEW_GROUP, chat=render.chat_of("k"), owner=NEW_GROUP.owner, members=["lihua", "zhangsan"]
    ),
    "members": render.add_call(ChatKey("wecom", render.chat_of("k")), ["wangwu"]),
    "who_is_in_it": render.members_call(render.chat_of("k")),
}
BOT_CARDS = {
    "card": card_json(CARD, task="hy-1", measures=BOT),
    "card_with_everything": card_json(FULL, task="hy-1", measures=BOT),
    "card_changed": changed_json(CARD, task="hy-1", measures=BOT, can_disable=False),
    "card_closed": changed_json(CLOSED, task="hy-1", measures=BOT, can_disable=False),
}


def shown(call: Call) -> dict[str, Any]:
    """The request."""
    query = [f"{name}={value}" for name, value in call.query]
    return {"operation": call.operation, "method": call.method, "query": query, "body": call.body}


@pytest.mark.parametrize("name", CALLS)
def test_each_outbound_is_rendered_as_recorded(name: str, snapshot: SnapshotAssertion) -> None:
    assert shown(CALLS[name]) == snapshot.use_extension(JSONSnapshotExtension)


@pytest.mark.parametrize("name", BOT_CARDS)
def test_each_card_of_the_bot_is_rendered_as_recorded(name: str, snapshot: SnapshotAssertion) -> None:
    assert BOT_CARDS[name] == snapshot.use_extension(JSONSnapshotExtension)


def test_what_is_long_is_said_in_parts_that_name_only_their_own_people() -> None:
    body: Rich = (ZHANG, Text(" 第一段" * 400), At(AccountKey("wecom", "lisi"), "李四"), Text(" 第二段" * 400))
    calls = render.text_calls(ToChat(ChatKey("wecom", "wrGROUP1")), body, settings=SETTINGS)
    named = [(call.body or {}).get("text", {}) for call in calls]
    assert len(calls) > 2
    people = [one.get("mentioned_list", []) for one in named if isinstance(one, dict)]
    assert people[0] == ["zhangsan"]
    assert sum(one == ["lisi"] for one in people) == 1
