"""Pressing buttons of cards: checks the form as the client does, pushes the callback, applies the answer to the screen
of who clicked (dingtalk.md 3.4).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from adapters._emulator.clicked import ClickRefused, ClickResult, FormValue
from adapters._emulator.handover import Handover
from adapters._emulator.wire_json import Json, compact, flag, parse_table, table, text
from adapters.dingtalk.emulator_courier import Courier
from adapters.dingtalk.emulator_posts import Posts
from adapters.dingtalk.emulator_state import EmulatedCard, EmulatedMessage, State
from adapters.dingtalk.emulator_template import (
    CHOICES,
    MANY,
    CardBroken,
    DrawnButton,
    DrawnCard,
    DrawnField,
    draw,
)

#: what the client shows for a callback that was not answered
TIMEOUT, UNREACHABLE, NOBODY, REFUSED, MALFORMED = 504, 502, 404, 500, 400
_ERRORS: Mapping[str, int] = {
    "timeout": TIMEOUT, "ack_dropped": TIMEOUT, "unreachable": UNREACHABLE, "nobody": NOBODY, "malformed": MALFORMED,
}  # fmt: skip
_ANSWER = frozenset({"cardUpdateOptions", "cardData", "userPrivateData"})
_OPTIONS = frozenset({"updateCardDataByKey", "updatePrivateDataByKey"})
_SHAPES = {"DATE": r"\d{4}-\d\d-\d\d", "TIME": r"\d\d:\d\d(:\d\d)?", "DATETIME": r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?"}


class Clicks:
    """The client's and the platform's part of card interaction. The client stops neither double nor old clicks."""

    def __init__(self, state: State, courier: Courier) -> None:
        self._state = state
        self._courier = courier

    async def press(
        self, account: str, message: EmulatedMessage, button: str, form: Mapping[str, FormValue] | None = None
    ) -> ClickResult:
        """Press a button by its words or id. Raises ClickRefused, LookupError when there is none."""
        if not message.card:
            return self._open(account, message, button)
        self._check_sight(account, message)
        card = self._state.cards[message.card]
        drawn = self._drawn(account, card)
        found = _find(drawn, button)
        if found.url:
            return ClickResult(opened_url=found.url)
        params: Json = self._params(found.params)
        if drawn.fields and (form is not None or found.style == "primary"):
            params["form"] = _filled(drawn.fields, form or {})
        elif form:
            raise LookupError(f"{button} submits no form")
        return await self._call_back(account, message, card, [found.id], params)

    async def press_value(
        self, account: str, message: EmulatedMessage, value: Json, form: Mapping[str, FormValue] | None = None
    ) -> ClickResult:
        """A client that still shows an older card, or one that lies: the callback carries what it sends along."""
        self._check_sight(account, message)
        params = self._params(value) | ({"form": dict(form)} if form else {})
        return await self._call_back(account, message, self._state.cards[message.card], ["stale"], params)

    def _params(self, value: Json) -> Json:
        return {"params": dict(value)} if self._state.options.nests_button_params else dict(value)

    def values(self, message: EmulatedMessage) -> dict[str, Json]:
        """What each button of the card sends along, by the words on it."""
        card = self._state.cards.get(message.card)
        if card is None:
            return {}
        try:
            return {button.words: button.params for button in draw(card.shared).buttons}
        except CardBroken:
            return {}

    def _open(self, account: str, message: EmulatedMessage, button: str) -> ClickResult:
        """A button of an ActionCard opens its address."""
        self._check_sight(account, message)
        for words, url in message.links:
            if words == button:
                return ClickResult(opened_url=url)
        raise LookupError(f"the message has no button {button!r}")

    def _check_sight(self, account: str, message: EmulatedMessage) -> None:
        if account not in self._state.chats[message.chat].members or not Posts.is_seen(message, account):
            raise ClickRefused(f"{account} does not see this message")
        if message.is_recalled:
            raise ClickRefused("the message was taken back")

    @staticmethod
    def _drawn(account: str, card: EmulatedCard) -> DrawnCard:
        if card.is_torn:
            raise ClickRefused("the card could not be loaded: it was changed too early")
        try:
            return draw(card.seen_by(account))
        except CardBroken as error:
            raise ClickRefused(f"the card could not be loaded: {error}") from error

    # ------------------------------------------------------------------ the callback

    async def _call_back(
        self, account: str, message: EmulatedMessage, card: EmulatedCard, ids: list[str], params: Json
    ) -> ClickResult:
        if not card.callback_type:
            return ClickResult(error=NOBODY)
        chat = self._state.chats[message.chat]
        person = self._state.people[account]
        content = compact({"cardPrivateData": {"actionIds": ids, "params": params}})
        payload: Json = {
            "type": "actionCallback",
            "outTrackId": card.out_track_id,
            "corpId": person.guest_of or self._state.app.corp_id,
            "userId": account,
            "userIdType": 1,
            "spaceType": "IM_GROUP" if chat.is_group else "IM_ROBOT",
            "spaceId": chat.id if chat.is_group else account,
            "extension": "{}",
            "content": content,
            "value": content,
        }
        handover = await self._courier.call_card(payload, callback_type=card.callback_type, route_key=card.route_key)
        return self._apply(account, card, handover)

    def _apply(self, account: str, card: EmulatedCard, handover: Handover) -> ClickResult:
        if not handover.is_acked:
            return ClickResult(error=_ERRORS.get(handover.outcome, REFUSED))
        whole = parse_table(handover.body) if handover.body else {}
        answer = whole if card.callback_type == "HTTP" else _unwrapped(whole)
        if answer is None or not _is_sound(answer):
            return ClickResult(error=MALFORMED)
        shared, private = _map(answer, "cardData"), _map(answer, "userPrivateData")
        if not shared and not private:
            return ClickResult()
        options = table(answer, "cardUpdateOptions")
        if shared:
            kept = card.local.get(account, {}) if flag(options, "updateCardDataByKey") else {}
            card.local[account] = kept | shared
        if private:
            kept = card.private.get(account, {}) if flag(options, "updatePrivateDataByKey") else {}
            card.private[account] = kept | private
        card.versions += 1
        self._state.changes.touch()
        return ClickResult(card_changed=True)


def _unwrapped(whole: Json | None) -> Json | None:
    """On the stream the answer stands under `response`; null is none."""
    if whole is None or whole.keys() - {"response"}:
        return None
    answer = whole.get("response")
    return {} if answer is None else answer if isinstance(answer, dict) else None


def _is_sound(answer: Json) -> bool:
    """Made of what an answer may have, with strings in its maps."""
    if answer.keys() - _ANSWER or table(answer, "cardUpdateOptions").keys() - _OPTIONS:
        return False
    for name in ("cardData", "userPrivateData"):
        holder = answer.get(name, {})
        if not isinstance(holder, dict) or holder.keys() - {"cardParamMap"}:
            return False
        values = holder.get("cardParamMap", {})
        if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
            return False
    return True


def _map(answer: Json, name: str) -> dict[str, str]:
    return {key: text({"v": value}, "v") for key, value in table(table(answer, name), "cardParamMap").items()}


def _find(card: DrawnCard, wanted: str) -> DrawnButton:
    """By id, then by words."""
    for button in card.buttons:
        if button.id == wanted:
            return button
    for button in card.buttons:
        if button.words == wanted:
            return button
    raise LookupError(f"the card has no button {wanted!r}")


def _filled(fields: tuple[DrawnField, ...], given: Mapping[str, FormValue]) -> Json:
    """The form as submitted: what was given, else what the card presets. Raises ClickRefused, LookupError."""
    unknown = sorted(given.keys() - {field.name for field in fields})
    if unknown:
        raise LookupError(f"the form has no field {unknown[0]!r}")
    values: Json = {}
    for field in fields:
        value = given.get(field.name, field.preset)
        if field.is_required and not value:
            raise ClickRefused(f"{field.name} is required")
        if value:
            values[field.name] = _sent(field, value)
    return values


def _sent(field: DrawnField, value: FormValue) -> object:
    """A value as the client sends it. Raises ClickRefused for what it would not take."""
    if field.kind in CHOICES:
        chosen = value.split(",") if isinstance(value, str) and field.kind in MANY else value
        picked = [chosen] if isinstance(chosen, str) else chosen
        offered = [option for option, _ in field.options]
        if not set(picked) <= set(offered):
            raise ClickRefused(f"{value} is not offered")
        places = [offered.index(one) for one in picked]
        if field.kind in MANY:
            return {"index": places, "value": picked}
        return {"index": places[0], "value": picked[0]}
    if field.kind == "TEXT_ARRAY":
        return [value] if isinstance(value, str) else value
    if not isinstance(value, str):
        raise ClickRefused(f"{field.name} takes one value")
    if field.kind in {"CHECKBOX", "SWITCH"}:
        return value == "true"
    if field.kind in _SHAPES and not re.fullmatch(_SHAPES[field.kind], value):
        raise ClickRefused(f"{value} is no {field.kind.lower()}")
    return value
