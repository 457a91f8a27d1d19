"""Cards as the platform and the client take them: what is refused, what stands in inputs, how long a button works."""

from __future__ import annotations

from copy import deepcopy

import pytest

from adapters._emulator.clicked import ClickRefused
from adapters._emulator.wire_json import Json, compact, table, text
from adapters.feishu.emulator import FeishuEmulator
from bot.clock import VirtualClock
from tests.adapters.feishu_emulator.rig import CARD, Api, Receiver, advance

DAY = 86_400
WORDS: Json = {"tag": "plain_text", "content": "x"}
OPTIONS: list[Json] = [
    {"text": {"tag": "plain_text", "content": label}, "value": value} for value, label in (("h", "高"), ("l", "低"))
]
RULES: list[Json] = [{"tag": "hr"}] * 201
SUBMIT: Json = {"tag": "button", "name": "ok", "text": WORDS, "form_action_type": "submit"}


def card(*elements: Json, **more: object) -> Json:
    return {"schema": "2.0", "body": {"elements": list(elements)}, **more}


def form(*elements: Json) -> Json:
    return card({"tag": "form", "name": "f", "elements": [*elements, SUBMIT]})


def nested(depth: int) -> Json:
    inner: Json = {"tag": "markdown", "content": "x"}
    for _ in range(depth):
        inner = {"tag": "column_set", "columns": [{"tag": "column", "elements": [inner]}]}
    return card(inner)


REFUSED: dict[str, tuple[Json, str]] = {
    "an unknown property of the card": (card(note="x"), "200621"),
    "an unknown element": (card({"tag": "action", "actions": []}), "200861"),
    "an unknown property of an element": (card({"tag": "hr", "colour": "red"}), "200621"),
    "a card that each member sees alone": (card(config={"update_multi": False}), "200621"),
    "an unknown colour": (card(header={"title": WORDS, "template": "pink"}), "200621"),
    "four tags": (card(header={"title": WORDS, "text_tag_list": [{"tag": "text_tag", "text": WORDS}] * 4}), "200621"),
    "201 elements": (card(*RULES), "11310"),
    "six levels": (nested(3), "11310"),
    "a person who does not exist": (card({"tag": "markdown", "content": "<at id=ou_x></at>"}), "100290"),
    "a form in a column": (
        card({"tag": "column_set", "columns": [{"tag": "column", "elements": [{"tag": "form", "name": "f"}]}]}),
        "200621",
    ),
    "a form without a button that submits": (card({"tag": "form", "name": "f", "elements": []}), "200621"),
    "a nameless input in a form": (form({"tag": "input"}), "200530"),
    "two inputs of one name": (form({"tag": "input", "name": "a"}, {"tag": "input", "name": "a"}), "200621"),
    "an input that takes too much": (form({"tag": "input", "name": "a", "max_length": 1001}), "200621"),
    "a submitting button outside a form": (card(SUBMIT), "200621"),
    "a table in a form": (form({"tag": "table", "columns": [], "rows": []}), "200914"),
    "a template nobody made": ({"type": "template", "data": {"template_id": "A1"}}, "200380"),
    "a card entity nobody made": ({"type": "card", "data": {"card_id": "7"}}, "200740"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_card_is_refused_as_a_whole_with_a_sub_code(emulator: FeishuEmulator, api: Api, name: str) -> None:
    wrong, sub_code = REFUSED[name]
    reply = await api.send("ou_bob", wrong, kind="interactive")
    assert (reply.code, f"ErrCode: {sub_code};" in text(reply.body, "msg")) == (230099, True)
    assert not emulator.state.messages


async def test_thirty_kilobytes_are_the_limit(api: Api) -> None:
    assert (await api.send("ou_bob", card({"tag": "markdown", "content": "x" * 30_000}), kind="interactive")).code == 0
    too_long = card({"tag": "markdown", "content": "x" * 31_000})
    assert (await api.send("ou_bob", too_long, kind="interactive")).code == 230025


@pytest.mark.parametrize(
    ("element", "shown"),
    [
        ({"tag": "select_static", "options": OPTIONS, "initial_index": 2}, "l"),
        ({"tag": "select_static", "options": OPTIONS, "initial_option": "h"}, "h"),
        ({"tag": "select_static", "options": OPTIONS, "initial_index": 3}, ""),
        ({"tag": "select_static", "options": OPTIONS}, ""),
        ({"tag": "multi_select_static", "options": OPTIONS, "selected_values": ["h", "l"]}, "h,l"),
        ({"tag": "input", "default_value": "vorher"}, "vorher"),
        ({"tag": "date_picker", "initial_date": "2026-03-04"}, "2026-03-04"),
        ({"tag": "picker_time", "initial_time": "09:30"}, "09:30"),
    ],
)
async def test_what_a_card_presets_is_shown_and_submitted(
    emulator: FeishuEmulator, api: Api, receiver: Receiver, element: Json, shown: str
) -> None:
    submit = SUBMIT | {"behaviors": [{"type": "callback", "value": {"a": "1"}}]}
    whole = card({"tag": "form", "name": "f", "elements": [element | {"name": "e"}, submit]})
    sent = text((await api.send("ou_bob", whole, kind="interactive")).data, "message_id")
    seen = emulator.message_as_seen(sent).card
    assert seen is not None
    assert [field.value for field in seen.fields] == [shown]
    await emulator.clicks("ou_bob", sent, "ok")
    [event] = receiver.events("card.action.trigger")
    value = table(table(event, "action"), "form_value")["e"]
    zoned = " +0800" if element["tag"] in {"date_picker", "picker_time"} else ""
    assert (",".join(value) if isinstance(value, list) else value) == shown + zoned


@pytest.mark.parametrize(("days", "version", "works"), [(13, 2, True), (15, 2, False), (29, 1, True), (31, 1, False)])
async def test_buttons_stop_working_after_a_time(
    emulator: FeishuEmulator, api: Api, receiver: Receiver, clock: VirtualClock, days: int, version: int, works: bool
) -> None:
    old: Json = {"elements": [{"tag": "action", "actions": [{"tag": "button", "text": WORDS, "value": {"a": "1"}}]}]}
    sent = text((await api.send("ou_bob", CARD if version == 2 else old, kind="interactive")).data, "message_id")
    advance(clock, days * DAY)
    if works:
        await emulator.clicks("ou_bob", sent, "已回复" if version == 2 else "x")
        assert len(receiver.events("card.action.trigger")) == 1
    else:
        with pytest.raises(ClickRefused):
            await emulator.clicks("ou_bob", sent, "已回复" if version == 2 else "x")


async def test_an_update_while_a_click_is_open_is_noticed(
    emulator: FeishuEmulator, api: Api, receiver: Receiver
) -> None:
    """The client rolls such an update back (feishu.md 11)."""
    sent = text((await api.send("ou_bob", CARD, kind="interactive")).data, "message_id")
    changed = deepcopy(CARD)
    await emulator.clicks("ou_bob", sent, "已回复")
    assert receiver.events("card.action.trigger")
    assert emulator.state.messages[sent].clicks_open == 1
    await api.call("PATCH", f"/open-apis/im/v1/messages/{sent}", {"content": compact(changed)})
    assert emulator.state.messages[sent].updates_under_click == 1
