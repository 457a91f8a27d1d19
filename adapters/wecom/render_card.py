"""A neutral card as a `template_card` of the app or of the bot (wecom.md 6.3). Pure.

There are buttons and a few rows, no inputs and no long text; what does not fit is cut with an ellipsis, and the card's
fallback says the same in words. Inputs are left out: what a button needs besides the press is asked for in the chat. A card
whose buttons do not fit is refused here and goes out as text.
"""

from __future__ import annotations

from dataclasses import dataclass

from adapters._hardened_json import JsonTable, JsonValue
from adapters._words import safe_url
from adapters.wecom.escape import Wording
from adapters.wecom.payload import KEY_BYTES, button_key
from adapters.wecom.render_text import tidy
from bot.errors import FailureKind, PlatformError
from bot.messages import Button, ButtonStyle, Card, Link, plain

MAX_ROWS = 6
MAX_BUTTONS = 6
MAX_LINKS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Characters that a client shows; more is cut on the screen (wecom.md 6.3)."""

    title: int
    state: int
    body: int
    key: int
    value: int
    button: int
    link: int
    #: the style of a button by its weight
    styles: dict[ButtonStyle, int]


APP = Measures(
    title=36, state=44, body=160, key=5, value=30, button=10, link=18,
    styles={ButtonStyle.PRIMARY: 1, ButtonStyle.PLAIN: 3, ButtonStyle.DANGER: 4},
)  # fmt: skip
BOT = Measures(
    title=26, state=30, body=112, key=5, value=26, button=10, link=13,
    styles={ButtonStyle.PRIMARY: 1, ButtonStyle.PLAIN: 2, ButtonStyle.DANGER: 3},
)  # fmt: skip
_GREY = 4


def card_json(card: Card, *, task: str, measures: Measures) -> JsonTable:
    """The whole card under the id of its task. Raises PlatformError(DEGRADE) for what goes out as text instead."""
    whole = _frame(card, measures)
    whole["task_id"] = task
    if card.buttons:
        whole["card_type"] = "button_interaction"
        whole["button_list"] = _buttons(card.buttons, measures)
        return whole
    url = safe_url(card.link.url) if card.link is not None else None
    if url is None:
        raise PlatformError(FailureKind.DEGRADE, code="nothing_to_press", operation="render")
    whole["card_type"] = "text_notice"
    whole["card_action"] = {"type": 1, "url": url}
    return whole


def changed_json(card: Card, *, task: str, measures: Measures, can_disable: bool) -> JsonTable:
    """The present state of a card that stands there already; where nothing is left to press, a bar says so."""
    if card.buttons:
        return card_json(card, task=task, measures=measures)
    whole = _frame(card, measures)
    said = _short(card.state or card.title, measures.button)
    whole["card_type"] = "button_interaction"
    whole["task_id"] = task
    whole["button_list"] = [{"text": said, "style": _GREY, "key": button_key("nothing", {})}]
    if can_disable:
        whole["replace_text"] = said
    return whole


def _frame(card: Card, measures: Measures) -> JsonTable:
    """Title, state, words and rows; rows that have no place among six stand in the words."""
    words = Wording()
    shown, rest = card.rows[:MAX_ROWS], card.rows[MAX_ROWS:]
    said = plain(tidy(card.body)).strip()
    lines = [said, *(f"{row.key}：{row.value}" for row in rest)]
    footer = _short(card.footer, measures.body // 2)
    # the number of the matter stands in the footer: it is cut last
    body = words("\n".join(line for line in lines if line), measures.body - len(footer) - 1)
    whole: JsonTable = {
        "main_title": {"title": _short(card.title, measures.title) or "…", "desc": _short(card.state, measures.state)},
    }
    if body or footer:
        whole["sub_title_text"] = "\n".join(line for line in (body, footer) if line)
    if shown:
        whole["horizontal_content_list"] = [
            {"keyname": _short(row.key, measures.key) or "…", "value": _short(row.value, measures.value) or "…"}
            for row in shown
        ]
    links = _links(card.link, measures) if card.buttons else []
    if links:
        whole["jump_list"] = links
    return whole


def _short(text: str, limit: int) -> str:
    return Wording()(" ".join(text.split()), limit)


def _links(link: Link | None, measures: Measures) -> list[JsonValue]:
    url = safe_url(link.url) if link is not None else None
    if link is None or url is None:
        return []
    return [{"type": 1, "title": _short(link.text or url, measures.link), "url": url}]


def _buttons(buttons: tuple[Button, ...], measures: Measures) -> list[JsonValue]:
    shown: list[JsonValue] = []
    keys: set[str] = set()
    for button in buttons[:MAX_BUTTONS]:
        key = button_key(button.action, button.params)
        if len(key.encode()) > KEY_BYTES or key in keys:
            raise PlatformError(FailureKind.DEGRADE, code="bad_key", operation="render")
        keys.add(key)
        text = _short(button.text, measures.button) or "…"
        shown.append({"text": text, "style": measures.styles[button.style], "key": key})
    return shown
