"""A neutral card as card JSON 2.0 (feishu.md 4.2, 4.3). Pure.

Words that come from outside stand in plain text elements, which are literal; only a body with mentions, links or bold
becomes markdown, escaped. Unknown properties are errors in this version of the card language, so each element has
exactly what is documented. An element limit of 200 is kept by putting many rows into one text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from adapters._hardened_json import JsonTable, JsonValue
from adapters._words import safe_url
from adapters.feishu.escape import Wording
from adapters.feishu.payload import FORM_NAME, button_value
from adapters.feishu.render_text import NOTHING, PLAIN, Manner, card_markdown, is_literal, tidy, words_of
from bot.errors import FailureKind, PlatformError
from bot.messages import Button, Card, CardColour, Field, FieldKind, Link, Row

#: colour of the state beside the title
_TAG_COLOURS = {
    CardColour.WAITING: "blue",
    CardColour.SOON: "orange",
    CardColour.OVERDUE: "red",
    CardColour.DONE: "green",
    CardColour.CLOSED: "neutral",
}
#: more rows than this stand in one text, without columns
ROWS_IN_COLUMNS = 8
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
_NAME = re.compile(r"[^A-Za-z0-9_]")

Words = Callable[[str, int], str]


def card_json(card: Card, *, room: int, wording: Wording, manner: Manner = PLAIN) -> JsonTable:
    """The whole card; each free text has at most `room` characters."""

    def words(text: str, limit: int) -> str:
        return wording(text, min(limit, room))

    title = words(card.title, _TITLE) or NOTHING
    state = words(card.state, _STATE)
    header: JsonTable = {"template": card.colour.value, "title": _plain(title)}
    if state:
        header["text_tag_list"] = [
            {"tag": "text_tag", "text": _plain(state), "color": _TAG_COLOURS[card.colour]},
        ]
    elements: list[JsonValue] = [
        *_body(card, room, wording, manner),
        *_rows(card.rows, words),
        *_controls(card, words, wording),
        *_footer(card.footer, words),
    ]
    if not elements:
        elements = [_text(NOTHING)]
    summary = f"{title} · {state}" if state else title
    return {
        "schema": "2.0",
        "config": {"update_multi": True, "enable_forward": False, "summary": {"content": summary}},
        "header": header,
        "body": {"elements": elements},
    }


# ------------------------------------------------------------------ words


def _plain(words: str) -> JsonTable:
    return {"tag": "plain_text", "content": words}


def _text(words: str, **style: str) -> JsonTable:
    return {"tag": "div", "text": {**_plain(words), **style}}


def _body(card: Card, room: int, wording: Wording, manner: Manner) -> list[JsonValue]:
    body = tidy(card.body, room=min(room * _BODY_SHARE, _BODY_ROOM), words=wording, manner=manner)
    if not body:
        return []
    if is_literal(body):
        whole = words_of(body)
        return [_text(whole)] if whole.strip() else []
    return [{"tag": "markdown", "content": card_markdown(body)}]


def _rows(rows: Sequence[Row], words: Words) -> list[JsonValue]:
    shown = [(words(row.key, _KEY), words(row.value, _VALUE_ROOM)) for row in rows[:MAX_ROWS]]
    if len(rows) > MAX_ROWS:
        shown.append((NOTHING, f"+{len(rows) - MAX_ROWS}"))
    if len(shown) > ROWS_IN_COLUMNS:
        return [_text("\n".join(f"{key}：{value}" for key, value in shown))]
    return [_row(key, value) for key, value in shown]


def _row(key: str, value: str) -> JsonTable:
    return {
        "tag": "column_set",
        "columns": [
            _column(_text(key or NOTHING, text_color="grey"), weight=1),
            _column(_text(value or NOTHING), weight=4),
        ],
    }


def _column(element: JsonTable, *, weight: int) -> JsonTable:
    return {"tag": "column", "width": "weighted", "weight": weight, "elements": [element]}


def _footer(footer: str, words: Words) -> list[JsonValue]:
    said = words(footer, _FOOTER)
    return [_text(said, text_size="notation", text_color="grey")] if said.strip() else []


# ------------------------------------------------------------------ buttons and inputs


def _controls(card: Card, words: Words, wording: Wording) -> list[JsonValue]:
    """The form with its submitting buttons, then the buttons that only click.

    A form without a submitting button is refused by the platform; nobody could send it, so its fields are left out.
    What stands in an input comes back as what somebody wrote: it is never cut for room.
    """
    buttons = card.buttons[:MAX_BUTTONS]
    submitting = [button for button in buttons if button.submits_form and card.fields]
    clicking = [button for button in buttons if button not in submitting]
    elements: list[JsonValue] = []
    if submitting:
        elements.append(_form(card.fields[:MAX_FIELDS], submitting, words, wording))
    line: list[JsonValue] = [_button(button, words) for button in clicking]
    line.extend(_link(card.link, words))
    elements.extend(_line(line))
    return elements


def _line(buttons: list[JsonValue]) -> list[JsonValue]:
    """Buttons beside each other, wrapped where the screen is narrow."""
    if not buttons:
        return []
    columns: list[JsonValue] = [{"tag": "column", "width": "auto", "elements": [one]} for one in buttons]
    return [{"tag": "column_set", "flex_mode": "flow", "columns": columns}]


def _link(link: Link | None, words: Words) -> list[JsonValue]:
    url = safe_url(link.url) if link is not None else None
    if link is None or url is None:
        return []
    said = words(link.text, _BUTTON) or words(url, _BUTTON)
    behaviours: list[JsonValue] = [{"type": "open_url", "default_url": url}]
    return [{"tag": "button", "type": "text", "text": _plain(said), "behaviors": behaviours}]


def _button(button: Button, words: Words) -> JsonTable:
    said = words(button.text, _BUTTON) or NOTHING
    element: JsonTable = {
        "tag": "button",
        "type": button.style.value,
        "text": _plain(said),
        "behaviors": [{"type": "callback", "value": button_value(button.action, button.params)}],
    }
    if button.confirm:
        element["confirm"] = {"title": _plain(said), "text": _plain(words(button.confirm, _FOOTER) or NOTHING)}
    return element


def _form(fields: Sequence[Field], submitting: Sequence[Button], words: Words, wording: Wording) -> JsonTable:
    names = {field.name for field in fields if field.name}
    if len(names) < len(fields):
        raise PlatformError(FailureKind.DEGRADE, code="bad_form", operation="render")
    elements: list[JsonValue] = []
    for field in fields:
        elements.extend(_field(field, words, wording))
        elements.extend(_note(field, words))
    line: list[JsonValue] = []
    for button in submitting:
        element = _button(button, words)
        element["name"] = _free_name(button.id, names)
        element["form_action_type"] = "submit"
        line.append(element)
    return {"tag": "form", "name": FORM_NAME, "elements": [*elements, *_line(line)]}


def _free_name(wanted: str, taken: set[str]) -> str:
    """A name that no other part of the form has; names are unique over the whole card."""
    stem = "b_" + _NAME.sub("_", wanted)[:40]
    name = next(one for one in _numbered(stem) if one not in taken)
    taken.add(name)
    return name


def _numbered(stem: str) -> Iterable[str]:
    yield stem
    for number in range(2, 2 + MAX_BUTTONS + MAX_FIELDS):
        yield f"{stem}_{number}"


def _field(field: Field, words: Words, wording: Wording) -> list[JsonValue]:
    match field.kind:
        case FieldKind.CHOICE if field.choices:
            return [*_label(field, words), _choice(field, words)]
        case FieldKind.DATE:
            return [*_label(field, words), _date(field, words)]
        case FieldKind.TEXT | FieldKind.LONG_TEXT | FieldKind.CHOICE:
            return [_input(field, words, wording)]


def _label(field: Field, words: Words) -> list[JsonValue]:
    """Selects and dates have no label of their own."""
    said = words(field.label, _LABEL)
    return [_text(said)] if said else []


def _note(field: Field, words: Words) -> list[JsonValue]:
    """What is wrong with an input, below it."""
    said = words(field.note, _NOTE)
    return [_text(said, text_size="notation", text_color="red")] if said.strip() else []


def _named(tag: str, field: Field, words: Words) -> JsonTable:
    element: JsonTable = {"tag": tag, "name": field.name, "required": field.required, "width": "fill"}
    if hint := words(field.placeholder, _HINT):
        element["placeholder"] = _plain(hint)
    return element


def _input(field: Field, words: Words, wording: Wording) -> JsonTable:
    longest = min(max(field.max_length, 1), 1_000)
    element = _named("input", field, words)
    element["max_length"] = longest
    if label := words(field.label, _LABEL):
        element["label"] = _plain(label)
    if field.kind is FieldKind.LONG_TEXT:
        element.update({"input_type": "multiline_text", "rows": 3})
    if value := wording(field.value, longest):
        element["default_value"] = value
    return element


def _choice(field: Field, words: Words) -> JsonTable:
    element = _named("select_static", field, words)
    choices = field.choices[:MAX_OPTIONS]
    element["options"] = [
        {"text": _plain(words(label, _OPTION) or NOTHING), "value": value} for value, label in choices
    ]
    values = [value for value, _ in choices]
    if field.value in values:
        element["initial_index"] = values.index(field.value) + 1
    return element


def _date(field: Field, words: Words) -> JsonTable:
    element = _named("date_picker", field, words)
    if _DATE.fullmatch(field.value):
        element["initial_date"] = field.value
    return element
