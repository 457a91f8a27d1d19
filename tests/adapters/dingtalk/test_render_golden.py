"""The exact request of every kind of outbound on DingTalk. A change of the wire shows here first."""

from __future__ import annotations

import json
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from adapters.dingtalk import render
from adapters.dingtalk.render import Call
from bot.domain.ids import AccountKey
from bot.messages import CreateGroup, EditCard, Link, SendCard, Text
from tests.adapters.dingtalk.outgoing import BOB, CARD, DIRECT, GROUP, MESSAGE, SAY, SETTINGS

OWNER = AccountKey("dingtalk", "u_alice")
NEW_GROUP = CreateGroup(
    platform="dingtalk", name="618 协同群", description="由回音创建", owner=OWNER, members=(BOB.account,)
)
CALLS: dict[str, Call] = {
    "text_to_group": render.text_call(GROUP, SAY, settings=SETTINGS),
    "text_to_person": render.text_call(DIRECT, (Text("早上好\n今日 3 件"),), settings=SETTINGS),
    "text_that_rings": render.mention_call(GROUP, SAY, title="回音", key="k", settings=SETTINGS),
    "card_to_group": render.card_call(SendCard(target=GROUP, card_id="c", card=CARD), key="k", settings=SETTINGS),
    "card_to_person": render.card_call(SendCard(target=DIRECT, card_id="c", card=CARD), key="k", settings=SETTINGS),
    "card_without_template": render.action_call(
        GROUP, CARD, Link("详情", "https://example.com/HF-2026-0031"), settings=SETTINGS
    ),
    "card_edited": render.edit_call(EditCard(target=GROUP, card_id="c", message=MESSAGE, card=CARD)),
    "picture": render.picture_call(DIRECT, "@media", settings=SETTINGS),
    "scene_group": render.scene_call(NEW_GROUP, owner=OWNER, key="k", settings=SETTINGS),
    "plain_group": render.group_call(NEW_GROUP, owner=OWNER),
    "members_of_scene_group": render.scene_add_call(GROUP.chat, ["u_bob", "u_carol"]),
    "members_of_plain_group": render.plain_add_call("chat1", ["u_bob"]),
    "who_is_in_it": render.members_call("chat1"),
    "robot_into_group": render.add_bot_call(GROUP.chat, settings=SETTINGS),
}


def unfolded(call: Call) -> dict[str, Any]:
    """The request with the JSON inside its JSON unfolded."""
    body: dict[str, Any] = dict(call.body or {})
    if "msgParam" in body:
        body["msgParam"] = json.loads(body["msgParam"])
    if "cardData" in body:
        shown = dict(body["cardData"]["cardParamMap"])
        shown |= {name: json.loads(shown[name]) for name in ("rows", "buttons", "fields", "form") if shown.get(name)}
        body["cardData"] = {"cardParamMap": shown}
    query = [f"{name}={value}" for name, value in call.query]
    where = {"operation": call.operation, "method": call.method, "path": call.path, "legacy": call.is_legacy}
    return {**where, "query": query, "body": body if call.body is not None else None}


@pytest.mark.parametrize("name", CALLS)
def test_each_outbound_is_rendered_as_recorded(name: str, snapshot: SnapshotAssertion) -> None:
    assert unfolded(CALLS[name]) == snapshot.use_extension(JSONSnapshotExtension)


def test_the_answer_to_a_message_is_rendered_as_recorded(snapshot: SnapshotAssertion) -> None:
    assert render.webhook_body(SAY) == snapshot.use_extension(JSONSnapshotExtension)
