"""Pressing buttons: finds them on the stored card, checks the form as the client does, pushes the callback, applies the
answer (feishu.md 4.1, 4.4).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters._emulator.clicked import ClickRefused, ClickResult, FormValue
from adapters._emulator.handover import Handover
from adapters._emulator.http_face import Call
from adapters._emulator.wire_json import Json, as_table, compact, flag, parse, rows, table, text
from adapters.feishu import emulator_events as events
from adapters.feishu.emulator_cards import (
    INTERACTIVE,
    check_card,
    children_of,
    elements_under,
    is_shared,
    is_v2,
    read_card,
    top_elements,
)
from adapters.feishu.emulator_codes import ApiError
from adapters.feishu.emulator_courier import Courier
from adapters.feishu.emulator_posts import CARD_LIFE, Posts
from adapters.feishu.emulator_server import Route
from adapters.feishu.emulator_state import EmulatedMessage, State

#: how long a token of a callback can be used for a delayed update, and how often
CARD_TOKEN_LIFE = timedelta(minutes=30)
CARD_TOKEN_USES = 2
#: real seconds after the answer within which the client still shows its own idea of the card (feishu.md 11)
SETTLING_SECONDS = 0.3
#: cards of the first version can be clicked longer than they can be updated (feishu.md 4.2)
OLD_CARD_LIFE = timedelta(days=30)
#: bytes of a card in a delayed update
DELAYED_CARD_BYTES = 100 * 1024
_TOASTS = frozenset({"info", "success", "error", "warning"})
_ANSWER = frozenset({"toast", "card"})
#: what the client shows for a callback that was not answered
_FAILURES: Mapping[str, int] = {"timeout": 200341, "ack_dropped": 200341, "unreachable": 200342, "nobody": 200340}
_NOT_200, _MALFORMED, _BAD_CARD, _DOWNGRADE, _NO_BODY = 200671, 200672, 200673, 200830, 108002


@dataclass(slots=True, kw_only=True, eq=False)
class _CardToken:
    message: EmulatedMessage
    ends: datetime
    uses: int = CARD_TOKEN_USES


class Clicks:
    """The client's and the platform's part of card interaction."""

    def __init__(self, state: State, posts: Posts, courier: Courier) -> None:
        self._state = state
        self._posts = posts
        self._courier = courier
        self._tokens: dict[str, _CardToken] = {}

    def routes(self) -> list[Route]:
        """The delayed update."""
        return [
            Route(
                method="POST",
                path="/open-apis/interactive/v1/card/update",
                operation="interactive.v1.card.update",
                run=self._update_later,
            )
        ]

    async def press(
        self, account: str, message: EmulatedMessage, button: str, form: Mapping[str, FormValue] | None = None
    ) -> ClickResult:
        """Press a button by its text, name or element id. Raises ClickRefused, LookupError when there is none."""
        card = self._card_for(account, message)
        found, inside = _find_button(card, button)
        if flag(found, "disabled"):
            raise ClickRefused(f"{button} is disabled")
        action: Json = {"tag": "button", "value": _value_of(found), "timezone": "Asia/Shanghai"}
        if text(found, "name"):
            action["name"] = text(found, "name")
        if inside is not None and submits(found):
            action["form_value"] = _filled(inside, form or {})
        elif form:
            raise LookupError(f"{button} submits no form")
        url = url_of(found)
        if url and not calls_back(found):
            return ClickResult(opened_url=url)
        return await self._call_back(account, message, action, opened_url=url)

    def values(self, message: EmulatedMessage) -> dict[str, Json]:
        """What each button of the card sends along, by the words on it."""
        if message.card is None:
            return {}
        return {
            text(table(element, "text"), "content"): as_table(_value_of(element)) or {}
            for element in elements_under(top_elements(message.card))
            if element.get("tag") == "button"
        }

    async def press_value(
        self, account: str, message: EmulatedMessage, value: Json, form: Mapping[str, FormValue] | None = None
    ) -> ClickResult:
        """A client that still shows an older card, or one that lies: the callback carries what it sends along."""
        action: Json = {"tag": "button", "value": value, "timezone": "Asia/Shanghai"}
        if form:
            action["form_value"] = dict(form)
        return await self._call_back(account, message, action, opened_url="")

    async def choose(self, account: str, message: EmulatedMessage, name: str, value: FormValue) -> ClickResult:
        """Use a lone picker, select, checker or input outside a form, by its name or element id."""
        for element in elements_under(top_elements(self._card_for(account, message))):
            if element.get("tag") in INTERACTIVE - {"button"} and name in {
                text(element, "name"),
                text(element, "element_id"),
            }:
                tag = text(element, "tag")
                action: Json = {"tag": tag, "value": _value_of(element), "name": text(element, "name")}
                key = "input_value" if tag == "input" else ("options" if isinstance(value, list) else "option")
                action[key] = _checked(element, value)
                return await self._call_back(account, message, action, opened_url="")
        raise LookupError(f"the card has no {name!r}")

    # ------------------------------------------------------------------ the callback

    def _card_for(self, account: str, message: EmulatedMessage) -> Json:
        if account not in self._state.chats[message.chat].members:
            raise ClickRefused(f"{account} does not see this chat")
        if message.card is None or message.is_recalled:
            raise ClickRefused("there is no card")
        life = CARD_LIFE if is_v2(message.card) else OLD_CARD_LIFE
        if self._state.now() - message.created_at > life:
            raise ClickRefused("the card can no longer be used")
        return message.card

    async def _call_back(self, account: str, message: EmulatedMessage, action: Json, *, opened_url: str) -> ClickResult:
        token = self._state.new_id("c-")
        self._tokens[token] = _CardToken(message=message, ends=self._state.now() + CARD_TOKEN_LIFE)
        event: Json = {
            "operator": {"tenant_key": self._state.app.tenant_key} | events.ids_of(self._state, account),
            "token": token,
            "action": action,
            "host": "im_message",
            "context": {"open_message_id": message.id, "open_chat_id": message.chat},
        }
        message.clicks_open += 1
        try:
            handover = await self._courier.call("card.action.trigger", event)
        finally:
            asyncio.get_running_loop().call_later(SETTLING_SECONDS, self._settles, message)
        return self._apply(message, handover, opened_url=opened_url)

    def _settles(self, message: EmulatedMessage) -> None:
        message.clicks_open -= 1

    def _apply(self, message: EmulatedMessage, handover: Handover, *, opened_url: str) -> ClickResult:
        if not handover.is_acked:
            return ClickResult(error=_FAILURES.get(handover.outcome, _NOT_200), opened_url=opened_url)
        if not handover.body:
            return ClickResult(error=_NO_BODY, opened_url=opened_url)
        answer = _read_answer(handover.body)
        if answer is None:
            return ClickResult(error=_MALFORMED, opened_url=opened_url)
        toast = table(answer, "toast")
        error, changed = (0, False) if "card" not in answer else self._replace(message, table(answer, "card"))
        if error:
            return ClickResult(error=error, opened_url=opened_url)
        return ClickResult(
            toast=text(table(toast, "i18n"), "zh_cn") or text(toast, "content"),
            toast_kind=text(toast, "type", "info") if toast else "",
            card_changed=changed,
            opened_url=opened_url,
        )

    def _replace(self, message: EmulatedMessage, card: Json) -> tuple[int, bool]:
        """Apply the card of an answer: (error of the client, whether it changed)."""
        new = as_table(card.get("data"))
        if text(card, "type") != "raw" or new is None or message.card is None:
            return _MALFORMED, False
        if is_v2(message.card) and not is_v2(new):
            return _DOWNGRADE, False
        try:
            check_card(new, is_person=self._posts.is_person)
        except ApiError:
            return _BAD_CARD, False
        if is_v2(message.card) != is_v2(new):
            return _BAD_CARD, False
        message.show(new, at=self._state.now())
        self._state.changes.touch()
        return 0, True

    def _update_later(self, call: Call) -> Json:
        """POST /open-apis/interactive/v1/card/update. Raises ApiError 300030, 300040, 200000, 100000."""
        token = self._tokens.get(text(call.body, "token"))
        if token is None or self._state.now() >= token.ends:
            raise ApiError(300030)
        if token.uses < 1:
            raise ApiError(300040)
        if token.message.is_recalled:
            raise ApiError(200000)
        raw = compact(table(call.body, "card"))
        if len(raw.encode(errors="surrogatepass")) > DELAYED_CARD_BYTES:
            raise ApiError(100000)
        new = read_card(raw, is_person=self._posts.is_person, limit=DELAYED_CARD_BYTES)
        if token.message.card is None or not is_shared(new) or is_v2(new) != is_v2(token.message.card):
            raise ApiError(11311, "the schema of the card can not be changed")
        token.uses -= 1
        token.message.show(new, at=self._state.now())
        self._state.changes.touch()
        return {}


def _read_answer(body: bytes) -> Json | None:
    """The answer of a callback, None when the client would not understand it."""
    try:
        answer = as_table(parse(body))
    except (ValueError, RecursionError):
        return None
    if answer is None or answer.keys() - _ANSWER:
        return None
    toast = answer.get("toast", {})
    if not isinstance(toast, dict) or (toast and text(toast, "type", "info") not in _TOASTS):
        return None
    return answer if isinstance(answer.get("card", {}), dict) else None


def _find_button(card: Json, wanted: str) -> tuple[Json, Json | None]:
    """The button and the form it stands in. The first enabled one of that text wins, names before texts."""
    found: list[tuple[bool, bool, Json, Json | None]] = []
    for top in top_elements(card):
        form = top if text(top, "tag") == "form" else None
        for element in elements_under([top]):
            if text(element, "tag") != "button":
                continue
            by_id = wanted in {text(element, "name"), text(element, "element_id")}
            if by_id or text(table(element, "text"), "content") == wanted:
                found.append((by_id, not flag(element, "disabled"), element, form))
    if not found:
        raise LookupError(f"the card has no button {wanted!r}")
    best = max(found, key=lambda one: (one[0], one[1]))
    return best[2], best[3]


def _value_of(element: Json) -> object:
    for behaviour in rows(element, "behaviors"):
        if text(behaviour, "type") == "callback":
            return behaviour.get("value")
    return element.get("value", {})


def calls_back(button: Json) -> bool:
    """True when pressing it calls the bot."""
    kinds = {text(behaviour, "type") for behaviour in rows(button, "behaviors")}
    return "callback" in kinds or submits(button) or (not kinds and "value" in button)


def submits(button: Json) -> bool:
    """True when pressing it sends the form it stands in."""
    return text(button, "form_action_type") == "submit" or text(button, "action_type") == "form_submit"


def url_of(button: Json) -> str:
    """The address it opens, empty for none."""
    for behaviour in rows(button, "behaviors"):
        if text(behaviour, "type") == "open_url":
            return text(behaviour, "default_url")
    return text(button, "url")


def _filled(form: Json, given: Mapping[str, FormValue]) -> Json:
    """The form as submitted: what was given, else what the card presets. Raises ClickRefused, LookupError."""
    fields = {
        text(element, "name"): element
        for element in elements_under(children_of(form))
        if element.get("tag") in INTERACTIVE - {"button"}
    }
    unknown = sorted(given.keys() - fields.keys())
    if unknown:
        raise LookupError(f"the form has no field {unknown[0]!r}")
    values: Json = {}
    for name, element in fields.items():
        value = given[name] if name in given else _preset(element)
        if flag(element, "required") and not value:
            raise ClickRefused(f"{name} is required")
        values[name] = _checked(element, value) if value else value
    return values


def _preset(element: Json) -> FormValue:
    for key in ("default_value", "initial_option", "initial_date", "initial_time", "initial_datetime"):
        if text(element, key):
            return text(element, key)
    chosen = option_at(element)
    if chosen:
        return chosen
    selected = element.get("selected_values")
    return [one for one in selected if isinstance(one, str)] if isinstance(selected, list) else ""


def option_at(element: Json) -> str:
    """The option that `initial_index` presets, counted from one; empty for none."""
    at, options = element.get("initial_index"), rows(element, "options")
    return text(options[at - 1], "value") if isinstance(at, int) and 1 <= at <= len(options) else ""


def _checked(element: Json, value: FormValue) -> FormValue:
    """The value in the form in which the platform sends it. Raises ClickRefused for what the client would not take."""
    tag = text(element, "tag")
    if tag in {"select_static", "multi_select_static", "overflow"}:
        offered = {text(option, "value") for option in rows(element, "options")}
        if not set([value] if isinstance(value, str) else value) <= offered:
            raise ClickRefused(f"{value} is not offered")
    if tag == "input" and isinstance(value, str):
        longest = element.get("max_length", 1000)
        if isinstance(longest, int) and len(value) > longest:
            raise ClickRefused(f"longer than {longest} characters")
    zoned = {
        "date_picker": r"\d{4}-\d\d-\d\d",
        "picker_datetime": r"\d{4}-\d\d-\d\d \d\d:\d\d",
        "picker_time": r"\d\d:\d\d",
    }
    if tag in zoned and isinstance(value, str):
        if not re.match(zoned[tag], value):
            raise ClickRefused(f"{value} is no date or time")
        return value if re.search(r" [+-]\d{4}$", value) else f"{value} +0800"
    return value
