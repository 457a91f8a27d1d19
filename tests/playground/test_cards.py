"""Cards of both schemas as blocks that can be drawn: words with their looks, rows, tables, forms, every kind of input."""

from __future__ import annotations

import pytest

from adapters._emulator.wire_json import Json
from adapters.feishu.stage_cards import FeishuCards
from adapters.feishu.stage_words import markdown_words
from bot.stage_views import Block, FieldView, Span, SpanKind

NAMES = {"ou_1": "袁知行", "ou_2": "秦书禾"}


def name_of(account: str) -> str:
    return NAMES.get(account, account)


def plain(words: str) -> Json:
    return {"tag": "plain_text", "content": words}


def blocks(*elements: Json) -> tuple[Block, ...]:
    card: Json = {"schema": "2.0", "body": {"elements": list(elements)}}
    return FeishuCards(name_of).read(card).blocks


def field(element: Json) -> FieldView:
    (form,) = blocks({"tag": "form", "name": "f", "elements": [element]})
    found = form.blocks[0].field
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("raw", "spans"),
    [
        ("你好", (Span("你好"),)),
        ("**急** 请看", (Span("急", SpanKind.BOLD), Span(" 请看"))),
        ("<at id=ou_1></at> 请看", (Span("@袁知行", SpanKind.MENTION), Span(" 请看"))),
        ('<at ids="ou_1,ou_2"></at>', (Span("@袁知行 @秦书禾", SpanKind.MENTION),)),
        ("<at id=all></at>", (Span("@所有人", SpanKind.MENTION),)),
        ("**<at id=ou_1></at>**", (Span("@袁知行", SpanKind.MENTION),)),
        ("[看](https://example.com/a)", (Span("看", SpanKind.LINK, "https://example.com/a"),)),
        ("[看](javascript:alert(1))", (Span("[看](javascript:alert(1))"),)),
        ("一<br>二", (Span("一\n二"),)),
        ("<font color='red'>红</font>", (Span("红"),)),
        ("&lt;script&gt;", (Span("<script>"),)),
        ("2 < 3 > 1 ** 4", (Span("2 < 3 > 1 ** 4"),)),
        ("", ()),
    ],
)
def test_markdown_becomes_spans_and_never_html(raw: str, spans: tuple[Span, ...]) -> None:
    assert markdown_words(raw, name_of=name_of) == spans


def test_the_header_has_title_colour_and_tags() -> None:
    card: Json = {
        "header": {
            "title": plain("待回复"),
            "subtitle": plain("X1试产"),
            "template": "red",
            "text_tag_list": [{"tag": "text_tag", "text": plain("已超时"), "color": "orange"}],
        }
    }
    view = FeishuCards(name_of).read(card)
    assert (view.title, view.subtitle, view.colour, view.tags) == ("待回复", "X1试产", "red", (("已超时", "orange"),))


@pytest.mark.parametrize("colour", ["", "pink", '"><script>', "blue red"])
def test_a_colour_that_the_platform_does_not_have_is_none(colour: str) -> None:
    card: Json = {"header": {"template": colour, "text_tag_list": [{"text": plain("x"), "color": colour}]}}
    view = FeishuCards(name_of).read(card)
    assert (view.colour, view.tags) == ("default", (("x", "neutral"),))


def test_small_and_grey_words_look_so() -> None:
    small, grey = blocks(
        {"tag": "div", "text": plain("脚注") | {"text_size": "notation"}},
        {"tag": "div", "text": plain("截止") | {"text_color": "grey"}},
    )
    assert (small.kind, grey.kind, grey.words) == ("note", "words", (Span("截止", SpanKind.MUTED),))


def test_columns_are_a_row_of_cells() -> None:
    column: Json = {"tag": "column", "elements": [{"tag": "div", "text": plain("截止")}]}
    (row,) = blocks({"tag": "column_set", "columns": [column, column]})
    assert (row.kind, [cell.kind for cell in row.blocks]) == ("row", ["cell", "cell"])
    assert row.blocks[0].blocks[0].words == (Span("截止"),)


def test_a_table_has_a_head_and_lines() -> None:
    (table,) = blocks(
        {
            "tag": "table",
            "columns": [{"name": "a", "display_name": "编号"}, {"name": "b"}],
            "rows": [{"a": "HF-1", "b": 3}, {"a": "HF-2"}],
        }
    )
    assert (table.head, table.lines) == (("编号", "b"), (("HF-1", "3"), ("HF-2", "")))


def test_a_panel_a_rule_a_picture_and_a_person() -> None:
    found = blocks(
        {
            "tag": "collapsible_panel",
            "expanded": True,
            "header": {"title": plain("更多")},
            "elements": [{"tag": "markdown", "content": "里面"}],
        },
        {"tag": "hr"},
        {"tag": "img", "img_key": "img_1", "alt": plain("图")},
        {"tag": "person", "user_id": "ou_1"},
        {"tag": "unheard_of", "content": "x"},
    )
    assert [block.kind for block in found] == ["panel", "rule", "picture", "words"]
    assert (found[0].is_open, found[0].blocks[0].words) == (True, (Span("里面"),))
    assert found[3].words == (Span("袁知行"),)


def test_the_first_schema_is_drawn_too() -> None:
    card: Json = {
        "elements": [
            {"tag": "div", "text": {"tag": "lark_md", "content": "**急**"}, "fields": [{"text": plain("一")}]},
            {"tag": "action", "actions": [{"tag": "button", "text": plain("同意"), "value": {"a": 1}}]},
            {"tag": "note", "elements": [plain("脚注")]},
        ]
    }
    kinds = [block.kind for block in FeishuCards(name_of).read(card).blocks]
    assert kinds == ["words", "words", "action", "note"]


@pytest.mark.parametrize(
    ("element", "style"),
    [({"type": "primary"}, "primary"), ({"type": "danger"}, "danger"), ({"type": "text"}, "text"), ({}, "plain")],
)
def test_buttons_have_three_looks(element: Json, style: str) -> None:
    (block,) = blocks({"tag": "button", "text": plain("同意")} | element)
    assert block.button is not None
    assert (block.button.style, block.button.words, block.button.key) == (style, "同意", "同意")


def test_a_button_tells_what_pressing_it_does() -> None:
    submit, leads, off = blocks(
        {"tag": "button", "name": "send", "text": plain("提交"), "form_action_type": "submit"},
        {
            "tag": "button",
            "text": plain("详情"),
            "behaviors": [{"type": "open_url", "default_url": "https://example.com/"}],
        },
        {
            "tag": "button",
            "text": plain("撤回"),
            "disabled": True,
            "confirm": {"title": plain("确定？"), "text": plain("不能恢复")},
            "behaviors": [{"type": "callback", "value": {}}],
        },
    )
    assert submit.button is not None
    assert leads.button is not None
    assert off.button is not None
    assert (submit.button.key, submit.button.submits) == ("send", True)
    assert (leads.button.url, leads.button.submits) == ("https://example.com/", False)
    assert (off.button.is_disabled, off.button.confirm, off.button.url) == (True, "确定？\n不能恢复", "")


OPTIONS = [{"value": "1", "text": plain("一")}, {"value": "2", "text": plain("二")}]


@pytest.mark.parametrize(
    ("element", "chosen", "options"),
    [
        ({"tag": "input", "default_value": "已写"}, ("已写",), ()),
        ({"tag": "select_static", "options": OPTIONS, "initial_option": "2"}, ("2",), (("1", "一"), ("2", "二"))),
        (
            {"tag": "multi_select_static", "options": OPTIONS, "selected_values": ["1", "2"]},
            ("1", "2"),
            (("1", "一"), ("2", "二")),
        ),
        ({"tag": "select_person", "options": [{"value": "ou_1"}]}, (), (("ou_1", "袁知行"),)),
        ({"tag": "date_picker", "initial_date": "2026-09-14"}, ("2026-09-14",), ()),
        ({"tag": "picker_time", "initial_time": "09:05"}, ("09:05",), ()),
        ({"tag": "picker_datetime", "initial_datetime": "2026-09-14 09:05"}, ("2026-09-14 09:05",), ()),
        ({"tag": "checker", "checked": True, "text": plain("我已知晓")}, ("true",), ()),
    ],
    ids=lambda value: str(value.get("tag")) if isinstance(value, dict) else "",
)
def test_every_kind_of_input_keeps_what_is_chosen(
    element: Json, chosen: tuple[str, ...], options: tuple[tuple[str, str], ...]
) -> None:
    found = field({"name": "x"} | element)
    assert (found.kind, found.chosen, found.options) == (element["tag"], chosen, options)


def test_an_input_has_label_limit_and_need() -> None:
    found = field(
        {
            "tag": "input",
            "name": "reason",
            "label": plain("原因"),
            "placeholder": plain("不少于 5 个字"),
            "required": True,
            "input_type": "multiline_text",
            "max_length": 200,
        }
    )
    assert (found.label, found.placeholder, found.max_length) == ("原因", "不少于 5 个字", 200)
    assert found.is_required
    assert found.is_multiline
