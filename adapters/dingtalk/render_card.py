"""A neutral card as the data of the shipped template: its variables are all texts (design.md 3). Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from adapters._hardened_json import JsonTable, JsonValue, wire
from adapters._words import safe_url
from adapters.dingtalk.escape import Wording
from adapters.dingtalk.payload import BODY, BUTTONS, FIELDS, FOOTER, FORM, ROWS, STATE, TITLE, button_params
from adapters.dingtalk.render_text import NOTHING, card_markdown, mentioned, tidy
from bot.domain.ids import AccountKey
from bot.errors import FailureKind, PlatformError
from bot.messages import At, Button, Card, Field, FieldKind, Link, Rich, Row, Text

MAX_ROWS = 60
MAX_BUTTONS = 10
MAX_FIELDS = 10
MAX_OPTIONS = 50
_TITLE, _STATE, _KEY, _FOOTER, _BUTTON, _LABEL, _HINT, _OPTION, _NOTE = 120, 20, 20, 300, 40, 60, 100, 60, 200
#: most characters of one row and of the body
_VALUE_ROOM, _BODY_ROOM = 1_000, 5_000
#: where room is short, the body has so many times the room of any other text
_BODY_SHARE = 6
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_KINDS = {FieldKind.TEXT: "TEXT", FieldKind.LONG_TEXT: "TEXT_AREA", FieldKind.CHOICE: "SELECT", FieldKind.DATE: "DATE"}

Words = Callable[[str, int], str]


def card_data(card: Card, *, room: int, wording: Wording) -> dict[str, str]:
    """The variables of the template; each free text has at most `room` characters."""

    def words(text: str, limit: int) -> str:
        return wording(text, min(limit, room))

    fields = _fields(card, words, wording)
    return {
        TITLE: words(card.title, _TITLE) or NOTHING,
        STATE: words(card.state, _STATE),
        BODY: card_markdown(_body(card, room=room, wording=wording)),
        ROWS: _text(_rows(card.rows, words)),
        BUTTONS: _text(_buttons(card, words, has_form=bool(fields))),
        FOOTER: words(card.footer, _FOOTER),
        FIELDS: _text(fields),
        FORM: _form(fields),
    }


def text_data(title: str, body: Rich, *, room: int, wording: Wording) -> dict[str, str]:
    """A text as a card without anything else, for the sake of its mentions."""
    shown = tidy(body, room=min(room * _BODY_SHARE, _BODY_ROOM), words=wording)
    empty = _text([])
    return {
        TITLE: wording(title, _TITLE) or NOTHING,
        STATE: "",
        BODY: card_markdown(shown),
        ROWS: empty,
        BUTTONS: empty,
        FOOTER: "",
        FIELDS: empty,
        FORM: _form([]),
    }


def mentions_of(body: Rich) -> tuple[tuple[AccountKey, str], ...]:
    """Who is mentioned in a body, with the names that are shown."""
    wording = Wording()
    shown = tidy(body, room=_BODY_ROOM, words=wording)
    names = {span.account: span.name for span in shown if isinstance(span, At)}
    return tuple((one, names[one]) for one in mentioned(shown))


def summary_of(card: Card, wording: Wording) -> str:
    """What stands in the list of chats."""
    title, state = wording(card.title, _TITLE) or NOTHING, wording(card.state, _STATE)
    return f"{title} · {state}" if state else title


def _text(value: list[JsonValue]) -> str:
    """Every variable is a text, lists too."""
    return wire(value).decode()


def _form(fields: list[JsonValue]) -> str:
    return wire({"fields": fields}).decode()


def _body(card: Card, *, room: int, wording: Wording) -> Rich:
    body = card.body
    if card.link is not None and safe_url(card.link.url) is not None:
        said = card.link.text or card.link.url
        body = (*body, *_gap(body), Link(said, card.link.url))
    return tidy(body, room=min(room * _BODY_SHARE, _BODY_ROOM), words=wording)


def _gap(body: Rich) -> Rich:
    return (Text("\n"),) if body else ()


def _rows(rows: Sequence[Row], words: Words) -> list[JsonValue]:
    shown: list[JsonValue] = [
        {"key": words(row.key, _KEY) or NOTHING, "value": words(row.value, _VALUE_ROOM) or NOTHING}
        for row in rows[:MAX_ROWS]
    ]
    if len(rows) > MAX_ROWS:
        shown.append({"key": NOTHING, "value": f"+{len(rows) - MAX_ROWS}"})
    return shown


def _buttons(card: Card, words: Words, *, has_form: bool) -> list[JsonValue]:
    """A button that submits a form has no use without one."""
    shown = [button for button in card.buttons if has_form or not (button.submits_form and card.fields)]
    return [_button(button, words) for button in shown[:MAX_BUTTONS]]


def _button(button: Button, words: Words) -> JsonTable:
    element: JsonTable = {
        "id": button.id,
        "text": words(button.text, _BUTTON) or NOTHING,
        "style": button.style.value,
        "params": button_params(button.action, button.params),
    }
    if button.confirm:
        element["confirm"] = words(button.confirm, _FOOTER)
    return element


def _fields(card: Card, words: Words, wording: Wording) -> list[JsonValue]:
    """Inputs; a form without a button that submits it is shown to nobody."""
    if not any(button.submits_form for button in card.buttons):
        return []
    fields = card.fields[:MAX_FIELDS]
    if len({field.name for field in fields if field.name}) < len(fields):
        raise PlatformError(FailureKind.DEGRADE, code="bad_form", operation="render")
    return [_field(field, words, wording) for field in fields]


def _field(field: Field, words: Words, wording: Wording) -> JsonTable:
    kind = FieldKind.TEXT if field.kind is FieldKind.CHOICE and not field.choices else field.kind
    note = words(field.note, _NOTE)
    label = words(field.label, _LABEL) or field.name
    element: JsonTable = {
        "name": field.name,
        "label": f"{label}（{note}）" if note else label,
        "type": _KINDS[kind],
        "required": field.required,
    }
    if placeholder := words(field.placeholder, _HINT):
        element["placeholder"] = placeholder
    match kind:
        case FieldKind.CHOICE:
            choices = field.choices[:MAX_OPTIONS]
            element["options"] = [
                {"value": value, "text": words(label, _OPTION) or NOTHING} for value, label in choices
            ]
            if field.value in [value for value, _ in choices]:
                element["defaultValue"] = field.value
        case FieldKind.DATE:
            element["format"] = "yyyy-MM-dd"
            if _DATE.fullmatch(field.value):
                element["defaultValue"] = field.value
        case FieldKind.TEXT | FieldKind.LONG_TEXT:
            element["maxLength"] = min(max(field.max_length, 1), 1_000)
            if field.value:
                element["defaultValue"] = wording(field.value, min(max(field.max_length, 1), 1_000))
    return element
