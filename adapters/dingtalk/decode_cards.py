"""Card clicks off the wire, and the answer that the clicking person sees. Pure.

The operator is the one whom the platform names. The parameters of a button say what was pressed and are believed in
nothing else: they stand on the card for everybody to read (T8).
"""

from __future__ import annotations

import json

from adapters._hardened_json import BadJson, JsonTable, JsonValue, parse_table
from adapters._members import Unclear, ident, table, text, typed
from adapters.dingtalk.event import PLATFORM, Event, account, direct_chat
from adapters.dingtalk.payload import ACTION_KEY, HINT, PARAMS_KEY
from bot.domain.ids import ChatKey, MessageKey
from bot.ports import Answer
from bot.updates import AnyUpdate, CardClicked, Ignored

#: joins the choices of one field
SEPARATOR = ","
_GROUP = "IM_GROUP"
#: the kind of a press; other kinds ask for data
_PRESS = "actionCallback"


def card_clicked(event: Event) -> AnyUpdate:
    """A click. Raises Unclear for one without a person or that none of our buttons can have made."""
    body = event.body
    kind = text(body, "type")
    if kind and kind != _PRESS:
        return Ignored(source=event.source(), event_type=kind)
    operator = account(text(body, "userId"))
    if operator is None:
        raise Unclear("no userId")
    given = table(_content(body), "cardPrivateData").get("params")
    params = given if isinstance(given, dict) else {}
    pressed = _pressed(params)
    name = text(pressed, ACTION_KEY)
    if not name:
        raise Unclear("no action")
    track = ident(body, "outTrackId")
    return CardClicked(
        source=event.source(),
        operator=operator,
        chat=_chat(body, operator.account),
        message=MessageKey(PLATFORM, track) if track else None,
        action=name,
        params=_params(pressed),
        form=_form(params),
    )


def lacks_action(body: JsonTable) -> bool:
    """Whether a form came in whose button said nothing about what is to be done with it."""
    try:
        params = table(table(_content(body), "cardPrivateData"), "params")
    except Unclear:
        return False
    return "form" in params and not text(_pressed(params), ACTION_KEY)


def with_action(body: JsonTable, pressed: JsonTable) -> JsonTable:
    """The same push with what the form's button stands for; the parameters prove themselves, wherever they come from."""
    params: JsonTable = {**table(table(_content(body), "cardPrivateData"), "params"), **pressed}
    return {**body, "content": {"cardPrivateData": {"params": params}}}


def _content(body: JsonTable) -> JsonTable:
    """The inner JSON, which older pushes call `value`."""
    raw = body.get("content") or body.get("value")
    if isinstance(raw, dict):
        return raw
    try:
        return parse_table(raw.encode() if isinstance(raw, str) else b"")
    except BadJson:
        raise Unclear("the click's content is not a table") from None


def _pressed(params: JsonTable) -> JsonTable:
    """Our parameters, as a table or as the text of one: a template may hand on either."""
    for key in ("params", "value"):
        inner = params.get(key)
        if isinstance(inner, str) and inner.startswith("{"):
            try:
                inner = parse_table(inner.encode())
            except BadJson:
                continue
        if isinstance(inner, dict) and ACTION_KEY in inner:
            return inner
    return params


def _params(pressed: JsonTable) -> dict[str, str]:
    given: JsonValue = pressed.get(PARAMS_KEY, {})
    if isinstance(given, str):
        try:
            given = parse_table(given.encode())
        except BadJson:
            given = None
    if not isinstance(given, dict):
        raise Unclear("the button's parameters are not ours")
    params = {key: value for key, value in given.items() if isinstance(value, str)}
    if len(params) != len(given):
        raise Unclear("the button's parameters are not ours")
    return params


def _chat(body: JsonTable, user: str) -> ChatKey | None:
    """Where the card stands: the group, or the private chat of whoever pressed."""
    space = ident(body, "spaceId")
    if text(body, "spaceType") == _GROUP:
        return ChatKey(PLATFORM, space) if space else None
    return direct_chat(user)


def _form(params: JsonTable) -> dict[str, str]:
    return {key: _filled(value) for key, value in table(params, "form").items()}


def _filled(value: JsonValue) -> str:
    match value:
        case str():
            return typed(value)
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case list():
            return SEPARATOR.join(_filled(one) for one in value)
        case dict():
            return _filled(value.get("value"))
        case None:
            return ""


def answer_card(answer: Answer | None, *, busy_text: str) -> JsonTable:
    """What the person who pressed sees at once; the card itself follows from state, for everybody."""
    said = busy_text if answer is None else answer.toast
    if not said:
        return {}
    return {
        "cardUpdateOptions": {"updateCardDataByKey": True, "updatePrivateDataByKey": True},
        "userPrivateData": {"cardParamMap": {HINT: said}},
    }


def framed(reply: JsonTable) -> str:
    """The reply as the long connection wants it: JSON inside JSON."""
    return json.dumps({"response": reply or None}, ensure_ascii=False, separators=(",", ":"))
