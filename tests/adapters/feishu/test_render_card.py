"""Cards: what people see, what a click brings back, and the limits of the platform's card language."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from adapters.feishu.payload import ACTION_KEY, FORM_NAME, PARAMS_KEY
from adapters.feishu.render import edit_call, message_call
from adapters.feishu.render_text import Manner
from bot.errors import FailureKind, PlatformError
from bot.messages import (
    At,
    Button,
    ButtonStyle,
    Card,
    CardColour,
    EditCard,
    Field,
    FieldKind,
    Link,
    Row,
    SendCard,
    Text,
    ToChat,
)
from tests.adapters.feishu.outgoing import (
    BOB,
    CARD,
    CHAT,
    ELEMENT_LIMIT,
    MESSAGE,
    RICH_LIMIT,
    account,
    card_of,
    elements_of,
    look_at,
)

BARE = Card(kind="k", title="标题", state="", colour=CardColour.DONE)
BUTTON = Button(id="go", text="好", action="go", params={"code": "HF-1"})


def made(card: Card, **manner: Any) -> dict[str, Any]:
    """The card's JSON in the request that sends it."""
    return card_of(
        message_call(SendCard(target=ToChat(CHAT), card_id="c", card=card), key="k", manner=Manner(**manner))
    )


def test_every_card_can_be_updated_and_says_what_it_is_in_the_list_of_chats() -> None:
    card = made(CARD)
    assert card["schema"] == "2.0"
    assert card["config"]["update_multi"] is True
    assert card["config"]["summary"] == {"content": "限时回复 · 李四的提问 · 等待回复"}


@pytest.mark.parametrize("colour", CardColour)
def test_the_colour_shows_the_state_and_the_state_is_also_a_word(colour: CardColour) -> None:
    header = made(replace(CARD, colour=colour))["header"]
    assert header["template"] == colour.value
    (tag,) = header["text_tag_list"]
    assert tag["text"]["content"] == CARD.state
    assert tag["color"] == {"grey": "neutral"}.get(colour.value, colour.value)


def test_a_card_without_anything_still_is_a_card() -> None:
    card = made(BARE)
    assert "text_tag_list" not in card["header"]
    assert [one["text"]["content"] for one in card["body"]["elements"]] == ["…"]


def test_few_rows_stand_in_columns_and_many_in_one_text() -> None:
    few = made(CARD)
    assert [one["text"]["content"] for one in elements_of(few, "div")][:4] == [
        "提问人",
        "李四（市场部）",
        "截止",
        "15:34 前",
    ]
    many = made(replace(BARE, rows=tuple(Row(key=f"键{n}", value=f"值{n}") for n in range(40))))
    (text,) = elements_of(many, "div")
    assert text["text"]["content"].split("\n")[39] == "键39：值39"


def test_a_click_brings_back_action_and_parameters_untouched() -> None:
    params = {"code": "HF-2026-0031", "mac": "<at id=all></at> ${x} {{y}}"}
    (button,) = elements_of(made(replace(BARE, buttons=(replace(BUTTON, params=params),))), "button")
    assert button["behaviors"] == [{"type": "callback", "value": {ACTION_KEY: "go", PARAMS_KEY: params}}]
    assert "name" not in button


def test_inputs_stand_in_the_one_form_with_the_buttons_that_send_them() -> None:
    card = made(CARD)
    (form,) = elements_of(card, "form")
    assert form in card["body"]["elements"]
    assert form["name"] == FORM_NAME
    inside = [one["text"]["content"] for one in elements_of(form, "button")]
    assert inside == ["收到"]
    (sender,) = elements_of(form, "button")
    assert (sender["form_action_type"], sender["name"]) == ("submit", "b_ack")
    everywhere = [one["text"]["content"] for one in elements_of(card, "button")]
    assert everywhere == ["收到", "不用回了", "详情"]


def test_each_kind_of_input_is_the_platforms_own() -> None:
    card = made(CARD)
    answer, detail = elements_of(card, "input")
    assert answer["required"]
    assert (answer["label"]["content"], answer["placeholder"]["content"]) == ("答复", "一句话")
    assert (detail["input_type"], detail["default_value"]) == ("multiline_text", "第一行\n第二行")
    (level,) = elements_of(card, "select_static")
    assert [one["value"] for one in level["options"]] == ["h", "l"]
    assert level["initial_index"] == 2
    (due,) = elements_of(card, "date_picker")
    assert due["initial_date"] == "2026-03-04"


def test_presets_that_do_not_fit_are_left_out() -> None:
    fields = (
        Field(name="a", label="", kind=FieldKind.DATE, value="tomorrow"),
        Field(name="b", label="", kind=FieldKind.CHOICE, choices=(("x", "X"),), value="y"),
        Field(name="c", label="", kind=FieldKind.CHOICE, value="z"),
        Field(name="d", label="", max_length=5000, value="1234567890"),
        Field(name="e", label="", max_length=0, value="12"),
    )
    card = made(replace(BARE, fields=fields, buttons=(replace(BUTTON, submits_form=True),)))
    assert "initial_date" not in elements_of(card, "date_picker")[0]
    assert "initial_index" not in elements_of(card, "select_static")[0]
    choiceless, long, short = elements_of(card, "input")
    assert choiceless["name"] == "c"
    assert long["max_length"] == 1000
    assert (short["max_length"], short["default_value"]) == (1, "…")


def test_inputs_that_no_button_could_send_are_left_out() -> None:
    card = made(replace(BARE, fields=CARD.fields, buttons=(BUTTON,)))
    assert not elements_of(card, "form")
    assert not elements_of(card, "input")


def test_a_submitting_button_without_inputs_just_clicks() -> None:
    card = made(replace(BARE, buttons=(replace(BUTTON, submits_form=True),)))
    assert not elements_of(card, "form")
    assert "form_action_type" not in elements_of(card, "button")[0]


def test_names_in_a_form_differ_whatever_the_buttons_are_called() -> None:
    ids = ("x", "x", "提交", "提交", "b", "y" * 80)
    buttons = tuple(replace(BUTTON, id=one, submits_form=True) for one in ids)
    card = made(replace(BARE, fields=(Field(name="b_x", label="L"),), buttons=buttons))
    names = [one["name"] for tag in ("form", "input", "button") for one in elements_of(card, tag)]
    assert len(set(names)) == len(names) == 8


@pytest.mark.parametrize("names", [("a", "a"), ("",)])
def test_inputs_that_cannot_be_told_apart_make_no_card(names: tuple[str, ...]) -> None:
    fields = tuple(Field(name=name, label="L") for name in names)
    with pytest.raises(PlatformError) as refused:
        made(replace(BARE, fields=fields, buttons=(replace(BUTTON, submits_form=True),)))
    assert refused.value.kind is FailureKind.DEGRADE


def test_a_button_that_asks_first_has_the_question() -> None:
    (button,) = elements_of(
        made(replace(BARE, buttons=(replace(BUTTON, confirm="确定？", style=ButtonStyle.DANGER),))), "button"
    )
    assert button["type"] == "danger"
    assert (button["confirm"]["title"]["content"], button["confirm"]["text"]["content"]) == ("好", "确定？")


def test_the_link_is_a_button_that_opens_it() -> None:
    assert look_at_card(replace(BARE, link=Link("详情", "https://example.com/a"))).links == ["https://example.com/a"]
    assert look_at_card(replace(BARE, link=Link("详情", "javascript:x"))).links == []


def test_a_mention_rings_and_bold_is_bold_beside_any_character() -> None:
    card = replace(BARE, body=(BOB, Text("请看"), Text("“方案”", bold=True), Text("的"), Text("A\n\nB", bold=True)))
    sight = look_at_card(card)
    assert sight.mentions == ["ou_bob"]
    assert sight.words.replace("\u200b", "") == "请看“方案”的A\n\nB"
    (markdown,) = elements_of(made(card), "markdown")
    assert "**\u200b“方案”\u200b**" in markdown["content"]


def test_spaces_and_empty_lines_stay_as_they_were_typed() -> None:
    words = "  a   b\n\n   c"
    sight = look_at_card(replace(BARE, body=(BOB, Text(words))))
    assert sight.words.replace("\xa0", " ") == words


def test_people_can_be_named_instead_of_mentioned() -> None:
    card = made(replace(BARE, body=(BOB, Text(" 请看"))), mentions=False)
    assert not elements_of(card, "markdown")
    assert elements_of(card, "div")[0]["text"]["content"] == "@张三 请看"


def test_an_edit_shows_the_same_card_and_has_no_key() -> None:
    call = edit_call(EditCard(target=ToChat(CHAT), card_id="c", message=MESSAGE, card=CARD))
    assert (call.method, call.path) == ("PATCH", "/open-apis/im/v1/messages/om_1")
    assert (call.body or {}).keys() == {"content"}
    assert card_of(call) == made(CARD)


def test_the_largest_card_keeps_the_limits_and_its_buttons() -> None:
    huge = Card(
        kind="k",
        title="题" * 100_000,
        state="态" * 100_000,
        colour=CardColour.OVERDUE,
        body=(
            *(At(account(f"ou_{n}"), "人" * 1000) for n in range(20)),
            Text("<*>" * 100_000),
            Text("粗" * 9_000, bold=True),
        ),
        rows=tuple(Row(key="键" * 1000, value='"\\' * 50_000) for _ in range(100)),
        fields=tuple(
            Field(name=f"f{n}", label="L" * 1000, placeholder="P" * 1000, value="V" * 9000) for n in range(30)
        ),
        buttons=tuple(
            replace(BUTTON, id=f"b{n}", text="按" * 999, confirm="问" * 9999, submits_form=n % 2 == 0)
            for n in range(20)
        ),
        link=Link("链" * 9999, "https://example.com/" + "x" * 1900),
        footer="脚" * 100_000,
    )
    sight = look_at_card(huge)
    assert sight.size <= RICH_LIMIT
    assert sight.elements <= ELEMENT_LIMIT
    assert len(sight.mentions) == 20
    assert len(elements_of(made(huge), "button")) == 11


def test_a_card_whose_parameters_alone_are_too_large_goes_out_as_text_instead() -> None:
    buttons = tuple(replace(BUTTON, id=f"b{n}", params={"x": "y" * 10_000}) for n in range(4))
    with pytest.raises(PlatformError) as refused:
        made(replace(BARE, buttons=buttons))
    assert (refused.value.kind, refused.value.code) == (FailureKind.DEGRADE, "too_large")


def test_a_card_whose_parameters_cannot_be_encoded_goes_out_as_text_instead() -> None:
    with pytest.raises(PlatformError) as refused:
        made(replace(BARE, buttons=(replace(BUTTON, params={"x": "\ud800"}),)))
    assert (refused.value.kind, refused.value.code) == (FailureKind.DEGRADE, "bad_text")


def look_at_card(card: Card) -> Any:
    return look_at(message_call(SendCard(target=ToChat(CHAT), card_id="c", card=card), key="k"))
