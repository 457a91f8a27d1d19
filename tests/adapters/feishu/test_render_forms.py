"""Cards that are forms: every input as the platform takes it, nothing cut, and never more than a card may weigh (feishu.md 4.2, 4.3)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.feishu.emulator_cards import read_card
from adapters.feishu.render import render
from bot.domain.form_page import MOST_BYTES, weight
from bot.domain.ids import AccountKey
from bot.errors import FailureKind, PlatformError
from bot.messages import Button, Card, CardColour, Field, FieldKind, SendCard, Text, ToPerson

_CHOICES = tuple((f"D{n}", f"部门名称{n}") for n in range(40))


def card(*values: str, note: str = "") -> Card:
    """A form with these texts in it, between two inputs to choose from and a date."""
    texts = tuple(
        Field(name=f"text_{n}", label="协作背景与必要性", kind=FieldKind.LONG_TEXT, value=v, max_length=2000, note=note)
        for n, v in enumerate(values)
    )
    return Card(
        kind="form",
        title="跨部门协作需求单 · XQ-2026-0015",
        state="填写中",
        colour=CardColour.WAITING,
        body=(Text("已记下：\n" + "协作目标：很长的一句话\n" * 10),),
        fields=(
            Field(name="lead", label="牵头部门", kind=FieldKind.CHOICE, choices=_CHOICES, value="D3"),
            *texts,
            Field(name="start_on", label="计划开始日期", kind=FieldKind.DATE, value="2026-09-16", note=note),
        ),
        buttons=tuple(
            Button(id=f"form_{n}", text="保存", action="form", params={"mac": "x" * 22}, submits_form=True)
            for n in range(3)
        ),
        footer="可以分几次填",
    )


def content(shown: Card) -> tuple[dict[str, Any], int]:
    """What the platform is sent, checked as it checks it, and its weight."""
    target = ToPerson(AccountKey("feishu", "ou_1"))
    call = render(SendCard(target=target, card_id="form:1", card=shown), key="k", app_id="cli_x")
    assert call.body is not None
    text = str(dict(call.body)["content"])
    read_card(text, is_person=lambda _: True)
    return json.loads(text), len(text.encode())


def inputs(sent: dict[str, Any]) -> list[dict[str, Any]]:
    (form,) = [element for element in sent["body"]["elements"] if element["tag"] == "form"]
    return [element for element in form["elements"] if "name" in element]


@pytest.mark.parametrize("text", ["长" * 1000, "行\n" * 500, '"' * 1000, "\\" * 1000])
def test_as_much_as_a_card_of_a_form_holds_is_sent_uncut(text: str) -> None:
    values = [text.strip()] * min(6, MOST_BYTES // weight(text))
    sent, size = content(card(*values))
    assert size <= 30 * 1024
    assert [one["default_value"] for one in inputs(sent) if one["tag"] == "input"] == values


def test_what_was_typed_is_never_cut_for_room_the_card_is_told_as_text_instead() -> None:
    with pytest.raises(PlatformError) as told:
        content(card(*["长" * 1000] * 8))
    assert told.value.kind is FailureKind.DEGRADE


def test_what_is_there_is_chosen_and_what_is_wrong_stands_below_in_red() -> None:
    sent, _ = content(card("首件", note="“2月30日”不是有效日期。"))
    choice, text, date = inputs(sent)
    assert choice["initial_index"] == 4
    assert text["required"] is False
    assert date["initial_date"] == "2026-09-16"
    (form,) = [element for element in sent["body"]["elements"] if element["tag"] == "form"]
    below = [one["text"] for one in form["elements"] if one["tag"] == "div" and one["text"].get("text_color") == "red"]
    assert [one["content"] for one in below] == ["“2月30日”不是有效日期。"] * 2
