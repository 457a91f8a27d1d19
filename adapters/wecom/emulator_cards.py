"""Cards as the platform takes them: what is refused, and what a person sees of one (wecom.md 6.3)."""

from __future__ import annotations

import re

from adapters._emulator.seen import SeenButton, SeenCard, SeenField
from adapters._emulator.wire_json import Json, rows, table, text
from adapters.wecom.emulator_codes import ApiError

_KINDS = {"text_notice", "news_notice", "button_interaction", "vote_interaction", "multiple_interaction"}
_TASK = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
_INTERACTIVE = {"button_interaction", "vote_interaction", "multiple_interaction"}
_KNOWN = {
    "card_type", "source", "main_title", "quote_area", "horizontal_content_list", "jump_list", "card_action",
    "action_menu", "task_id", "sub_title_text", "emphasis_content", "button_list", "button_selection", "checkbox",
    "select_list", "submit_button", "replace_text", "card_image", "vertical_content_list", "image_text_area",
    "feedback",
}  # fmt: skip


def check_card(card: Json, *, is_app: bool, is_update: bool = False) -> None:
    """Raises ApiError for a card that the platform does not take."""
    kind = text(card, "card_type")
    unknown = set(card) - _KNOWN
    if kind not in _KINDS or unknown:
        raise ApiError(40035, f"template_card: {kind or 'no card_type'} {sorted(unknown)}")
    title = table(card, "main_title")
    if not text(title, "title") and not text(card, "sub_title_text"):
        raise ApiError(40058, "title or sub_title_text must exist")
    if (kind in _INTERACTIVE or "action_menu" in card) and not _TASK.fullmatch(text(card, "task_id")):
        raise ApiError(40035, "task_id")
    if kind in {"text_notice", "news_notice"} and table(card, "card_action").get("type") not in {1, 2}:
        raise ApiError(42045)
    if len(rows(card, "horizontal_content_list")) > 6 or len(rows(card, "jump_list")) > 3:
        raise ApiError(40035, "too many lines")
    if any(not text(one, "keyname") for one in rows(card, "horizontal_content_list")):
        raise ApiError(40058, "keyname")
    match kind:
        case "button_interaction":
            _check_buttons(card)
        case "vote_interaction":
            _check_choice(table(card, "checkbox"), most=20)
            _check_submit(card)
        case "multiple_interaction":
            selects = rows(card, "select_list")
            if not 1 <= len(selects) <= 3:
                raise ApiError(40035, "select_list")
            for one in selects:
                _check_choice(one, most=10)
            _check_submit(card)
        case _:
            pass
    if "replace_text" in card and not (is_app and is_update):
        raise ApiError(40035, "replace_text")


def _check_buttons(card: Json) -> None:
    buttons = rows(card, "button_list")
    keys = [text(one, "key") for one in buttons]
    if not 1 <= len(buttons) <= 6:
        raise ApiError(40035, "button_list")
    if len(set(keys)) < len(keys) or any(not 1 <= len(key.encode()) <= 1024 for key in keys):
        raise ApiError(40035, "button_list.key")
    if any(one.get("style") not in {1, 2, 3, 4} or not text(one, "text") for one in buttons):
        raise ApiError(40035, "button_list.style")


def _check_choice(choice: Json, *, most: int) -> None:
    options = rows(choice, "option_list")
    ids = [text(one, "id") for one in options]
    if not text(choice, "question_key") or not 1 <= len(options) <= most:
        raise ApiError(40035, "question_key, option_list")
    if len(set(ids)) < len(ids) or any(not 1 <= len(one.encode()) <= 128 for one in ids):
        raise ApiError(40035, "option_list.id")


def _check_submit(card: Json) -> None:
    submit = table(card, "submit_button")
    if not text(submit, "text") or not 1 <= len(text(submit, "key").encode()) <= 1024:
        raise ApiError(40035, "submit_button")


def is_changeable(card: Json) -> bool:
    """Whether sending it brings a code: interactive cards, and notices with a menu (wecom.md 6.1, 6.2)."""
    return text(card, "card_type") in _INTERACTIVE or "action_menu" in card


def pressable(card: Json) -> list[Json]:
    """What can be pressed on a card as it stands; under a bar of words, nothing."""
    if text(card, "replace_text"):
        return []
    submit = table(card, "submit_button")
    return [*rows(card, "button_list"), *([submit] if submit else [])]


def seen_card(card: Json) -> SeenCard:
    """A stored card as rendered. A bar of words in the place of the buttons can not be pressed."""
    title = table(card, "main_title")
    lines = tuple((text(one, "keyname"), text(one, "value")) for one in rows(card, "horizontal_content_list"))
    bar = text(card, "replace_text")
    words = [text(card, "sub_title_text"), *("：".join(line) for line in lines), bar]
    return SeenCard(
        title=text(title, "title"),
        subtitle=text(title, "desc"),
        colour="",
        tags=(text(title, "desc"),) if text(title, "desc") else (),
        texts=tuple(one for one in words if one),
        rows=lines,
        buttons=tuple(_button(one) for one in pressable(card)),
        fields=tuple(_field(one) for one in _choices(card)),
        raw=card,
    )


def _choices(card: Json) -> list[Json]:
    single = [one for name in ("button_selection", "checkbox") if (one := table(card, name))]
    return [*single, *rows(card, "select_list")]


def _button(button: Json) -> SeenButton:
    key = text(button, "key")
    return SeenButton(
        text=text(button, "text"),
        name=key,
        element_id=key,
        style={1: "primary", 4: "danger"}.get(int(str(button.get("style") or 0)), "default"),
        is_disabled=False,
        is_in_form=False,
        submits_form=False,
        calls_back=True,
        url="",
        confirm="",
    )


def _field(select: Json) -> SeenField:
    return SeenField(
        name=text(select, "question_key"),
        label=text(select, "title"),
        kind="select",
        is_required=False,
        is_multiline=False,
        options=tuple((text(one, "id"), text(one, "text")) for one in rows(select, "option_list")),
        value=text(select, "selected_id"),
        placeholder="",
        max_length=0,
    )
