"""What our own card template draws from its variables: title, state, body, rows, buttons, fields, footer, hint.

The variables are those of design.md section 3, and `hint`, the line in which an answer to a click shows. A variable
that does not hold what the template expects makes the whole card fail to load, as clients show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from adapters._emulator.wire_json import Json, as_rows, flag, parse, parse_table, rows, table, text

#: kinds of inputs that the form component has (dingtalk.md 3.5)
FIELD_TYPES = frozenset(
    {
        "TEXT", "TEXT_AREA", "NUMBER", "TEXT_ARRAY", "SELECT", "MULTI_SELECT", "DATE", "TIME", "DATETIME", "CHECKBOX",
        "SWITCH", "CHECKBOX_GROUP", "MULTI_CHECKBOX_GROUP",
    }
)  # fmt: skip
CHOICES = frozenset({"SELECT", "MULTI_SELECT", "CHECKBOX_GROUP", "MULTI_CHECKBOX_GROUP"})
MANY = frozenset({"MULTI_SELECT", "MULTI_CHECKBOX_GROUP"})


class CardBroken(Exception):
    """The client shows that the content could not be loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnButton:
    """One entry of `buttons`."""

    id: str
    words: str
    style: str
    params: Json
    #: opens an address instead of calling the bot
    url: str
    #: the question asked before the click counts
    confirm: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnField:
    """One entry of `fields`."""

    name: str
    label: str
    kind: str
    is_required: bool
    #: (value, words)
    options: tuple[tuple[str, str], ...]
    preset: str
    placeholder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnCard:
    """The template filled in."""

    title: str
    state: str
    body: str
    rows: tuple[tuple[str, str], ...]
    buttons: tuple[DrawnButton, ...]
    fields: tuple[DrawnField, ...]
    footer: str
    #: one line for whoever pressed
    hint: str


def draw(variables: Mapping[str, str]) -> DrawnCard:
    """Fill the template in. Raises CardBroken."""
    return DrawnCard(
        title=variables.get("title", ""),
        state=variables.get("state", ""),
        body=variables.get("body", ""),
        rows=tuple((text(row, "key"), text(row, "value")) for row in _list(variables, "rows")),
        buttons=tuple(_button(one) for one in _list(variables, "buttons")),
        fields=tuple(_field(one) for one in _list(variables, "fields") or _form(variables)),
        footer=variables.get("footer", ""),
        hint=variables.get("hint", ""),
    )


def _list(variables: Mapping[str, str], name: str) -> list[Json]:
    raw = variables.get(name, "")
    if not raw:
        return []
    try:
        whole = parse(raw)
    except (ValueError, RecursionError) as error:
        raise CardBroken(f"{name} is no JSON") from error
    found = as_rows(whole)
    if not isinstance(whole, list) or len(found) != len(whole):
        raise CardBroken(f"{name} is no list of objects")
    return found


def _form(variables: Mapping[str, str]) -> list[Json]:
    """The fields as the form component itself takes them: an object with a list in it."""
    raw = variables.get("form", "")
    if not raw:
        return []
    form = parse_table(raw)
    if form is None or not isinstance(form.get("fields", []), list):
        raise CardBroken("form is no object with fields")
    return rows(form, "fields")


def _button(one: Json) -> DrawnButton:
    if not text(one, "id") or not text(one, "text") or not isinstance(one.get("params", {}), dict):
        raise CardBroken("a button wants id, text and params")
    return DrawnButton(
        id=text(one, "id"),
        words=text(one, "text"),
        style=text(one, "style", "default"),
        params=table(one, "params"),
        url=text(one, "url"),
        confirm=text(one, "confirm"),
    )


def _field(one: Json) -> DrawnField:
    kind = text(one, "type")
    if not text(one, "name") or kind not in FIELD_TYPES:
        raise CardBroken(f"a field wants name and type, and {kind!r} is no type")
    options = tuple((text(option, "value"), text(option, "text")) for option in rows(one, "options"))
    if kind in CHOICES and not options:
        raise CardBroken(f"{one['name']} offers nothing")
    preset = one.get("defaultValue", "")
    if isinstance(preset, list):
        preset = ",".join(str(part) for part in preset)
    return DrawnField(
        name=text(one, "name"),
        label=text(one, "label"),
        kind=kind,
        is_required=flag(one, "required"),
        options=options,
        preset=_preset(preset),
        placeholder=text(one, "placeholder"),
    )


def _preset(value: object) -> str:
    if isinstance(value, dict):
        return text(value, "value")
    return "true" if value is True else "" if value is False or value is None else str(value)
