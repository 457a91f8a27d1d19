"""A stored Feishu card, JSON 1.0 or 2.0, as the blocks the page draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from adapters._emulator.wire_json import Json, as_texts, flag, rows, table, text
from adapters.feishu.emulator_cards import children_of, top_elements
from adapters.feishu.emulator_clicks import calls_back, submits, url_of
from adapters.feishu.stage_words import NameOf, markdown_words
from bot.stage_views import Block, ButtonView, CardView, FieldView, Span, SpanKind, Words

_FIELDS = frozenset(
    {
        "input", "select_static", "multi_select_static", "select_person", "multi_select_person", "date_picker",
        "picker_time", "picker_datetime", "overflow", "checker",
    }
)  # fmt: skip
_PRESETS = ("default_value", "initial_option", "initial_date", "initial_time", "initial_datetime")
_COLOURS = frozenset(
    {
        "blue", "wathet", "turquoise", "green", "yellow", "orange", "red", "carmine", "violet", "purple", "indigo",
        "grey", "neutral", "lime",
    }
)  # fmt: skip
#: colours of words that mean something
_TEXT_COLOURS: Mapping[str, SpanKind] = {"grey": SpanKind.MUTED, "red": SpanKind.WRONG}
#: styles of buttons, as three looks
_STYLES: Mapping[str, str] = {
    "primary": "primary",
    "primary_filled": "primary",
    "primary_text": "text",
    "danger": "danger",
    "danger_filled": "danger",
    "danger_text": "text",
    "text": "text",
}


class FeishuCards:
    """Reads cards; `name_of` turns accounts into names."""

    def __init__(self, name_of: NameOf) -> None:
        self._name_of = name_of

    def read(self, card: Json) -> CardView:
        """The whole card."""
        header = table(card, "header")
        colour = text(header, "template")
        return CardView(
            title=self._line(table(header, "title")),
            subtitle=self._line(table(header, "subtitle")),
            colour=colour if colour in _COLOURS else "default",
            tags=tuple(
                (self._line(table(tag, "text")), _known_colour(text(tag, "color")))
                for tag in rows(header, "text_tag_list")
            ),
            blocks=self._blocks(top_elements(card)),
        )

    def _blocks(self, elements: list[Json]) -> tuple[Block, ...]:
        return _labelled([block for element in elements for block in self._element(element)])

    def _element(self, element: Json) -> list[Block]:
        tag = text(element, "tag")
        if tag in _FIELDS:
            return [Block(kind="field", field=self._field(element))]
        match tag:
            case "markdown":
                return [Block(kind="words", words=markdown_words(text(element, "content"), name_of=self._name_of))]
            case "div":
                fields = [Block(kind="words", words=self._words(table(one, "text"))) for one in rows(element, "fields")]
                said = table(element, "text")
                kind = "note" if text(said, "text_size") == "notation" else "words"
                return [Block(kind=kind, words=self._words(said)), *fields]
            case "plain_text" | "lark_md":
                return [Block(kind="note", words=self._words(element))]
            case "hr":
                return [Block(kind="rule")]
            case "img":
                return [
                    Block(kind="picture", picture=text(element, "img_key"), words=self._words(table(element, "alt")))
                ]
            case "person":
                return [Block(kind="words", words=(Span(self._name_of(text(element, "user_id"))),))]
            case "button":
                return [Block(kind="button", button=self._button(element))]
            case "table":
                return [_table(element)]
            case "column_set":
                cells = tuple(
                    Block(kind="cell", blocks=self._blocks(rows(column, "elements")))
                    for column in rows(element, "columns")
                )
                return [Block(kind="row", blocks=cells)]
            case "form" | "action":
                return [Block(kind=tag, blocks=self._blocks(children_of(element)))]
            case "note":
                return [Block(kind="note", words=one.words) for one in self._blocks(rows(element, "elements"))]
            case "collapsible_panel":
                title = self._words(table(table(element, "header"), "title"))
                inner = self._blocks(rows(element, "elements"))
                return [Block(kind="panel", words=title, blocks=inner, is_open=flag(element, "expanded"))]
            case _:
                return list(self._blocks(children_of(element)))

    def _words(self, item: Json) -> Words:
        content = text(item, "content")
        if item.get("tag") == "lark_md":
            return markdown_words(content, name_of=self._name_of)
        kind = _TEXT_COLOURS.get(text(item, "text_color"), SpanKind.PLAIN)
        return (Span(content, kind),) if content else ()

    def _line(self, item: Json) -> str:
        return "".join(span.text for span in self._words(item))

    def _button(self, element: Json) -> ButtonView:
        confirm = table(element, "confirm")
        asked = [self._line(table(confirm, key)) for key in ("title", "text")]
        words = self._line(table(element, "text"))
        return ButtonView(
            key=text(element, "name") or text(element, "element_id") or words,
            words=words,
            style=_STYLES.get(text(element, "type"), "plain"),
            is_disabled=flag(element, "disabled"),
            submits=submits(element),
            confirm="\n".join(one for one in asked if one),
            url="" if calls_back(element) else url_of(element),
        )

    def _field(self, element: Json) -> FieldView:
        longest = element.get("max_length")
        preset = next((text(element, key) for key in _PRESETS if text(element, key)), "") or _first_chosen(element)
        placeholder = self._line(table(element, "placeholder"))
        chosen = tuple(as_texts(element.get("selected_values"))) or ((preset,) if preset else ())
        if flag(element, "checked"):
            chosen = ("true",)
        label = self._line(table(element, "label")) or self._line(table(element, "text"))
        return FieldView(
            name=text(element, "name") or text(element, "element_id"),
            label=label,
            kind=text(element, "tag"),
            is_required=flag(element, "required"),
            is_multiline=text(element, "input_type") == "multiline_text",
            options=tuple(self._option(element, option) for option in rows(element, "options")),
            chosen=chosen,
            placeholder=placeholder,
            max_length=longest if isinstance(longest, int) else 1000,
        )

    def _option(self, element: Json, option: Json) -> tuple[str, str]:
        value = text(option, "value")
        is_person = text(element, "tag") in {"select_person", "multi_select_person"}
        return value, self._name_of(value) if is_person else self._line(table(option, "text")) or value


def _labelled(blocks: list[Block]) -> tuple[Block, ...]:
    """Selects and pickers have no label of their own: the words right above one are it."""
    found: list[Block] = []
    for block in blocks:
        before = found[-1] if found else None
        if block.field is not None and not block.field.label and before is not None and before.kind == "words":
            label = "".join(span.text for span in before.words)
            found[-1] = replace(block, field=replace(block.field, label=label))
        else:
            found.append(block)
    return tuple(found)


def _first_chosen(element: Json) -> str:
    """The option that a select begins with, counted from 1."""
    number, options = element.get("initial_index"), rows(element, "options")
    return text(options[number - 1], "value") if isinstance(number, int) and 0 < number <= len(options) else ""


def _known_colour(colour: str) -> str:
    return colour if colour in _COLOURS else "neutral"


def _table(element: Json) -> Block:
    columns = rows(element, "columns")
    keys = [text(column, "name") for column in columns]
    return Block(
        kind="table",
        head=tuple(text(column, "display_name") or text(column, "name") for column in columns),
        lines=tuple(tuple(_cell(row.get(key)) for key in keys) for row in rows(element, "rows")),
    )


def _cell(value: object) -> str:
    return "" if value is None else str(value)
