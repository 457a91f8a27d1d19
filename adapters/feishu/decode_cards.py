"""Card clicks off the wire, and the answer that the clicking person sees. Pure.

The operator is the one of the authenticated envelope. The value of a button says what was pressed and is believed in
nothing else: it stands on the card for everybody to read (T8).
"""

from __future__ import annotations

import re

from adapters._hardened_json import BadJson, JsonTable, JsonValue, parse_table
from adapters._members import Unclear, flag, ident, table, text, typed
from adapters.feishu.event import PLATFORM, Event, needed_account
from adapters.feishu.payload import ACTION_KEY, PARAMS_KEY
from bot.domain.ids import ChatKey, MessageKey
from bot.ports import Answer
from bot.updates import CardClicked

CARD_TRIGGER = "card.action.trigger"
#: joins the choices of one field
SEPARATOR = ","
#: a date as pickers write it, with the offset of the clicking person's zone, which a day does not need
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2}) [+-]\d{4}")


def as_trigger(payload: JsonTable) -> JsonTable:
    """A click in its first form, which had no envelope (feishu.md 4.1), in the present one; all else as it is.

    Only the long connection can bring one: over HTTP it would carry another signature, which nobody here believes.
    """
    if "header" in payload or "event" in payload or not (table(payload, "action") and text(payload, "open_message_id")):
        return payload
    ids: JsonTable = {key: payload[key] for key in ("open_id", "union_id", "user_id", "tenant_key") if key in payload}
    context: JsonTable = {key: payload[key] for key in ("open_message_id", "open_chat_id") if key in payload}
    # the token is another one with every click, which makes the content an identity
    event: JsonTable = {"operator": ids, "action": payload["action"], "token": payload.get("token"), "context": context}
    return {"schema": "2.0", "header": {"event_type": CARD_TRIGGER}, "event": event}


def card_clicked(event: Event) -> CardClicked:
    """A click. Raises Unclear for one without a person or that none of our buttons can have made."""
    action, context = table(event.body, "action"), table(event.body, "context")
    pressed = _value(action.get("value"))
    name = text(pressed, ACTION_KEY)
    if not name:
        raise Unclear("no action")
    chat, message = ident(context, "open_chat_id"), ident(context, "open_message_id")
    return CardClicked(
        source=event.source(),
        operator=needed_account(event.body.get("operator")),
        chat=ChatKey(PLATFORM, chat) if chat else None,
        message=MessageKey(PLATFORM, message) if message else None,
        action=name,
        params=_params(pressed),
        form=_form(action),
    )


def _value(value: JsonValue) -> JsonTable:
    """The button's value as it was set: a table, or the text of one."""
    if isinstance(value, str):
        try:
            return parse_table(value.encode())
        except BadJson:
            raise Unclear("the button's value is not ours") from None
    return value if isinstance(value, dict) else {}


def _params(pressed: JsonTable) -> dict[str, str]:
    given = pressed.get(PARAMS_KEY, {})
    if not isinstance(given, dict):
        raise Unclear("the button's parameters are not ours")
    params = {key: value for key, value in given.items() if isinstance(value, str)}
    if len(params) != len(given):
        raise Unclear("the button's parameters are not ours")
    return params


def _form(action: JsonTable) -> dict[str, str]:
    """What was filled in: the fields of a form, or the one input that stands alone."""
    fields = table(action, "form_value")
    if not fields and (name := text(action, "name")):
        alone = _alone(action)
        fields = {} if alone is None else {name: alone}
    return {key: _filled(value) for key, value in fields.items()}


def _alone(action: JsonTable) -> JsonValue:
    found = (action[key] for key in ("input_value", "option", "options") if action.get(key))
    return next(found, "true" if flag(action, "checked") else None)


def _filled(value: JsonValue) -> str:
    match value:
        case str():
            date = _DATE.fullmatch(value)
            return date.group(1) if date else typed(value)
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case list():
            return SEPARATOR.join(_filled(one) for one in value)
        case dict() | None:
            return ""


def answer_card(answer: Answer | None, *, busy_text: str) -> JsonTable:
    """What the platform shows at once: the answer, or that it is on its way. The card itself follows from state."""
    if answer is None:
        return _toast("info", busy_text)
    if not answer.toast:
        return {}
    return _toast("error" if answer.is_error else "info", answer.toast)


def _toast(kind: str, content: str) -> JsonTable:
    return {"toast": {"type": kind, "content": content}}
