"""Reading cards as the platform does: JSON 2.0 is checked strictly, JSON 1.0 leniently (feishu.md 4.2, 4.3).

`read_card` either returns the card or raises the ApiError the platform would answer with. The tables hold the elements
and properties known here; what is not in them is refused, because the real platform refuses what it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from adapters._emulator.wire_json import Json, as_rows, as_table, compact, flag, parse_table, rows, table, text
from adapters.feishu.emulator_codes import ApiError, card_error

#: bytes of a card in a send or an update
CARD_BYTES = 30 * 1024
MAX_ELEMENTS = 200
MAX_DEPTH = 5
MAX_TABLES = 5
MAX_TAGS = 3

_ENTITY, _TEMPLATE, _SYNTAX, _TAG, _PERSON = 200740, 200380, 200621, 200861, 100290
_TOO_MANY, _TABLES, _NAMELESS = 11310, 200914, 200530

_BOX = "element_id margin padding direction horizontal_spacing horizontal_align vertical_spacing vertical_align"
_FORM_ITEM = "element_id margin name required disabled disabled_tips width behaviors confirm value hover_tips"
_CHOICE = f"{_FORM_ITEM} type placeholder options initial_option initial_index"


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split()) | {"tag"}


#: properties of each element of JSON 2.0
ELEMENTS: Mapping[str, frozenset[str]] = {
    "markdown": _words("element_id margin content text_size text_align icon i18n_content"),
    "div": _words("element_id margin text icon width"),
    "hr": _words("element_id margin"),
    "img": _words(
        "element_id margin img_key alt title corner_radius scale_type size transparent preview compact_width mode"
    ),
    "img_combination": _words("element_id margin img_list combination_mode corner_radius combination_transparent"),
    "person": _words("element_id margin user_id size show_avatar show_name style"),
    "person_list": _words("element_id margin persons size lines show_avatar show_name drop_invalid_user_id icon"),
    "button": _words(f"{_FORM_ITEM} type size text icon form_action_type"),
    "input": _words(
        f"{_FORM_ITEM} placeholder default_value max_length input_type show_icon rows auto_resize max_rows label"
        " label_position"
    ),
    "select_static": _words(_CHOICE),
    "multi_select_static": _words(f"{_CHOICE} selected_values"),
    "select_person": _words(_CHOICE),
    "multi_select_person": _words(f"{_CHOICE} selected_values"),
    "select_img": _words(f"{_CHOICE} style multi_select layout aspect_ratio can_preview"),
    "date_picker": _words(f"{_FORM_ITEM} placeholder initial_date"),
    "picker_time": _words(f"{_FORM_ITEM} placeholder initial_time"),
    "picker_datetime": _words(f"{_FORM_ITEM} placeholder initial_datetime"),
    "overflow": _words(f"{_FORM_ITEM} options"),
    "checker": _words(f"{_FORM_ITEM} checked text overall_checkable button_area checked_style"),
    "form": _words(f"{_BOX} name elements"),
    "column_set": _words(f"{_BOX} columns flex_mode background_style action"),
    "column": _words(f"{_BOX} elements width weight background_style action"),
    "interactive_container": _words(
        f"{_BOX} elements width height background_style has_border border_color corner_radius behaviors disabled"
        " disabled_tips hover_tips confirm"
    ),
    "collapsible_panel": _words(f"{_BOX} elements expanded header border background_color"),
    "table": _words(
        "element_id margin columns rows page_size row_height row_max_height header_style freeze_first_column"
    ),
    "chart": _words("element_id margin chart_spec aspect_ratio color_theme preview height"),
}
_CARD = frozenset({"schema", "config", "card_link", "header", "body"})
_CONFIG = frozenset(
    {
        "streaming_mode", "streaming_config", "summary", "locales", "enable_forward", "update_multi", "width_mode",
        "use_custom_translation", "enable_forward_interaction", "style",
    }
)  # fmt: skip
_HEADER = frozenset({"title", "subtitle", "text_tag_list", "i18n_text_tag_list", "template", "icon", "padding"})
_BODY = frozenset(
    {
        "elements", "direction", "padding", "horizontal_spacing", "horizontal_align", "vertical_spacing",
        "vertical_align",
    }
)  # fmt: skip
_TEXT = frozenset(
    {"tag", "element_id", "content", "i18n_content", "text_size", "text_color", "text_align", "lines", "icon"}
)
_TEMPLATES = frozenset(
    {
        "blue", "wathet", "turquoise", "green", "yellow", "orange", "red", "carmine", "violet", "purple", "indigo",
        "grey", "default",
    }
)  # fmt: skip
_BUTTON_TYPES = frozenset(
    {
        "default", "primary", "danger", "text", "primary_text", "danger_text", "primary_filled", "danger_filled",
        "laser",
    }
)  # fmt: skip
#: elements a person can work with; inside a form each needs a name of its own
INTERACTIVE = frozenset(
    {
        "button", "input", "select_static", "multi_select_static", "select_person", "multi_select_person",
        "select_img", "date_picker", "picker_time", "picker_datetime", "overflow", "checker",
    }
)  # fmt: skip

#: a mention in card markdown; the quotes are optional on the real platform
AT_IN_MARKDOWN = re.compile(r"""<at\s+(?:id|ids|user_id)\s*=\s*["']?([^"'>\s]+)["']?\s*>(?:.*?</at>)?""", re.DOTALL)
_PERSON_IN_MARKDOWN = re.compile(r"""<person\s+id\s*=\s*["']?([^"'>\s]+)["']?[^>]*>""")

IsPerson = Callable[[str], bool]


@dataclass(slots=True)
class _Walk:
    """What is counted over one card."""

    is_person: IsPerson
    elements: int = 0
    tables: int = 0
    names: set[str] = field(default_factory=set)
    element_ids: set[str] = field(default_factory=set)


def read_card(content: str, *, is_person: IsPerson, limit: int = CARD_BYTES) -> Json:
    """The card in a message's content. Raises ApiError 230001, 230025 or 230099 with its sub-code."""
    if len(content.encode(errors="surrogatepass")) > limit:
        raise ApiError(230025)
    card = parse_table(content)
    if card is None:
        raise ApiError(230001, "content is not a json object in string format")
    if "type" in card and "data" in card:
        known_by_id = text(card, "type") == "card"
        raise card_error(_ENTITY if known_by_id else _TEMPLATE, "card entity or template not found")
    check_card(card, is_person=is_person)
    return card


def check_card(card: Json, *, is_person: IsPerson) -> None:
    """Refuse what the platform refuses. Raises ApiError 230099."""
    walk = _Walk(is_person=is_person)
    if "schema" in card and card["schema"] not in ("1.0", "2.0"):
        raise card_error(_SYNTAX, f"unknown schema {card['schema']}")
    if not is_v2(card):
        _check_mentions_everywhere(walk, card)
        return
    _known(card, _CARD, "card")
    _check_config(table(card, "config"))
    _check_header(table(card, "header"))
    body = _object(card, "body", "card")
    _known(body, _BODY, "body")
    for element in _list(body, "elements", "body"):
        _check_element(walk, element, depth=1, form=None)


def is_v2(card: Json) -> bool:
    """True for a JSON 2.0 card."""
    return card.get("schema") == "2.0"


def is_shared(card: Json) -> bool:
    """True when every member sees the same card, which updating needs (feishu.md 4.4)."""
    config = table(card, "config")
    return flag(config, "update_multi") or (is_v2(card) and "update_multi" not in config)


def top_elements(card: Json) -> list[Json]:
    """The elements at the root of a card of either version."""
    return rows(table(card, "body"), "elements") if is_v2(card) else rows(card, "elements")


def elements_under(elements: list[Json]) -> Iterator[Json]:
    """Every element below, in reading order, containers before their contents."""
    for element in elements:
        yield element
        yield from elements_under(children_of(element))


def children_of(element: Json) -> list[Json]:
    """The elements directly inside an element."""
    nested: list[Json] = []
    for key in ("elements", "columns", "actions"):
        if not (key == "columns" and element.get("tag") == "table"):
            nested.extend(rows(element, key))
    return nested


def _check_config(config: Json) -> None:
    _known(config, _CONFIG, "config")
    if "update_multi" in config and not flag(config, "update_multi"):
        raise card_error(_SYNTAX, "config.update_multi must be true in schema 2.0")


def _check_header(header: Json) -> None:
    _known(header, _HEADER, "header")
    if not header:
        return
    if "template" in header and header["template"] not in _TEMPLATES:
        raise card_error(_SYNTAX, f"unknown header template {header['template']}")
    _check_text(_object(header, "title", "header"), where="header.title")
    if "subtitle" in header:
        _check_text(_object(header, "subtitle", "header"), where="header.subtitle")
    tags = rows(header, "text_tag_list")
    if len(tags) > MAX_TAGS:
        raise card_error(_SYNTAX, "too many text tags")
    for tag in tags:
        _known(tag, frozenset({"tag", "element_id", "text", "color"}), "text_tag")
        _check_text(_object(tag, "text", "text_tag"), where="text_tag.text")


def _check_element(walk: _Walk, element: Json, *, depth: int, form: Json | None) -> None:
    tag = text(element, "tag")
    properties = ELEMENTS.get(tag)
    if properties is None:
        raise card_error(_TAG, f"unsupported tag {tag!r} in schema 2.0")
    _known(element, properties, tag)
    walk.elements += 1
    if walk.elements > MAX_ELEMENTS or depth > MAX_DEPTH:
        raise card_error(_TOO_MANY, "element exceeds the limit")
    _check_element_id(walk, element)
    match tag:
        case "markdown":
            _check_markdown(walk, _string(element, "content", tag))
        case "div":
            _check_text(_object(element, "text", tag), where=tag, walk=walk)
        case "form":
            _check_form(walk, element, depth=depth)
            return
        case "table":
            _check_table(walk, form)
        case "column_set":
            if any(text(column, "tag") != "column" for column in _list(element, "columns", tag)):
                raise card_error(_SYNTAX, "column_set.columns holds columns only")
        case "person":
            _check_person(walk, text(element, "user_id"))
        case "chart" if form is not None:
            raise card_error(_SYNTAX, "chart in a form")
        case _:
            pass
    if tag in INTERACTIVE:
        _check_interactive(walk, element, tag=tag, form=form)
    for child in children_of(element):
        _check_element(walk, child, depth=depth + 1, form=form)


def _check_form(walk: _Walk, form: Json, *, depth: int) -> None:
    if depth != 1:
        raise card_error(_SYNTAX, "form must be at the root of the body")
    _claim_name(walk, form)
    inside = list(elements_under(_list(form, "elements", "form")))
    if not any(text(item, "form_action_type") == "submit" for item in inside):
        raise card_error(_SYNTAX, "form lacks a submit button")
    for child in rows(form, "elements"):
        _check_element(walk, child, depth=depth + 1, form=form)


def _check_table(walk: _Walk, form: Json | None) -> None:
    walk.tables += 1
    if walk.tables > MAX_TABLES or form is not None:
        raise card_error(_TABLES, "table number over limit or table in a form")


def _check_interactive(walk: _Walk, element: Json, *, tag: str, form: Json | None) -> None:
    if form is not None or "name" in element:
        _claim_name(walk, element)
    for key in ("text", "placeholder", "label"):
        if key in element:
            _check_text(_object(element, key, tag), where=f"{tag}.{key}")
    if "confirm" in element:
        confirm = _object(element, "confirm", tag)
        _known(confirm, frozenset({"title", "text"}), "confirm")
        for key in ("title", "text"):
            _check_text(_object(confirm, key, "confirm"), where=f"confirm.{key}")
    for behaviour in as_rows(element.get("behaviors")):
        _check_behaviour(behaviour)
    for option in as_rows(element.get("options")):
        _check_option(walk, option, tag)
    if tag == "button":
        _check_button(element, form)
    if tag == "input":
        _check_input(element)


def _check_button(button: Json, form: Json | None) -> None:
    if "type" in button and button["type"] not in _BUTTON_TYPES:
        raise card_error(_SYNTAX, f"unknown button type {button['type']}")
    action = button.get("form_action_type")
    if action is not None and (form is None or action not in ("submit", "reset")):
        raise card_error(_SYNTAX, "form_action_type outside a form or unknown")


def _check_input(element: Json) -> None:
    longest = element.get("max_length", 1000)
    if not isinstance(longest, int) or not 1 <= longest <= 1000:
        raise card_error(_SYNTAX, "input.max_length is between 1 and 1000")
    if element.get("input_type", "text") not in ("text", "multiline_text", "password"):
        raise card_error(_SYNTAX, "unknown input_type")


def _check_behaviour(behaviour: Json) -> None:
    match text(behaviour, "type"):
        case "callback":
            _known(behaviour, frozenset({"type", "value"}), "behaviors")
            if not isinstance(behaviour.get("value"), dict | str):
                raise card_error(_SYNTAX, "behaviors.value is an object or a string")
        case "open_url":
            _known(behaviour, frozenset({"type", "default_url", "pc_url", "ios_url", "android_url"}), "behaviors")
        case "form_action":
            _known(behaviour, frozenset({"type", "behavior"}), "behaviors")
        case other:
            raise card_error(_SYNTAX, f"unknown behaviour {other!r}")


def _check_option(walk: _Walk, option: Json, tag: str) -> None:
    _known(option, frozenset({"text", "value", "icon", "img_key", "multi_url", "url", "disabled"}), f"{tag}.options")
    if "text" in option:
        _check_text(_object(option, "text", tag), where=f"{tag}.options.text")
    value = _string(option, "value", f"{tag}.options")
    if tag in {"select_person", "multi_select_person"}:
        _check_person(walk, value)


def _check_text(item: Json, *, where: str, walk: _Walk | None = None) -> None:
    tag = text(item, "tag")
    if tag not in {"plain_text", "lark_md"}:
        raise card_error(_SYNTAX, f"{where} is not a text object")
    _known(item, _TEXT, where)
    content = _string(item, "content", where)
    if tag == "lark_md" and walk is not None:
        _check_markdown(walk, content)


def _check_markdown(walk: _Walk, content: str) -> None:
    for ids in AT_IN_MARKDOWN.findall(content):
        for account in ids.split(","):
            if account != "all":
                _check_person(walk, account)
    for account in _PERSON_IN_MARKDOWN.findall(content):
        _check_person(walk, account)


def _check_mentions_everywhere(walk: _Walk, holder: object) -> None:
    """Version 1.0 ignores what it does not know, but mentions are resolved there too."""
    if isinstance(holder, dict):
        if holder.get("tag") in {"markdown", "lark_md"} and isinstance(holder.get("content"), str):
            _check_markdown(walk, holder["content"])
        for value in holder.values():
            _check_mentions_everywhere(walk, value)
    elif isinstance(holder, list):
        for value in holder:
            _check_mentions_everywhere(walk, value)


def _check_person(walk: _Walk, account: str) -> None:
    if not walk.is_person(account):
        raise card_error(_PERSON, f"invalid user resource(at/person) {account}")


def _check_element_id(walk: _Walk, element: Json) -> None:
    if "element_id" not in element:
        return
    element_id = _string(element, "element_id", "element")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,19}", element_id) or element_id in walk.element_ids:
        raise card_error(_SYNTAX, f"element_id {element_id!r} is malformed or taken")
    walk.element_ids.add(element_id)


def _claim_name(walk: _Walk, element: Json) -> None:
    name = text(element, "name")
    if not name:
        raise card_error(_NAMELESS, f"{text(element, 'tag')} in a form lacks its name")
    if name in walk.names:
        raise card_error(_SYNTAX, f"name {name!r} is taken")
    walk.names.add(name)


def _known(holder: Json, properties: frozenset[str], where: str) -> None:
    unknown = sorted(holder.keys() - properties)
    if unknown:
        raise card_error(_SYNTAX, f"unknown property {unknown[0]!r} of {where}")


def _object(holder: Json, key: str, where: str) -> Json:
    value = as_table(holder.get(key))
    if value is None:
        raise card_error(_SYNTAX, f"{where}.{key} is missing or no object: {compact(holder.get(key))[:60]}")
    return value


def _list(holder: Json, key: str, where: str) -> list[Json]:
    value = holder.get(key)
    if not isinstance(value, list) or len(as_rows(value)) != len(value):
        raise card_error(_SYNTAX, f"{where}.{key} is missing or no list of objects")
    return as_rows(value)


def _string(holder: Json, key: str, where: str) -> str:
    value = holder.get(key)
    if not isinstance(value, str):
        raise card_error(_SYNTAX, f"{where}.{key} is missing or no string")
    return value
