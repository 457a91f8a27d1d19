"""Card clicks off the wire, of the app and of the bot. Pure.

The operator is the one whom the platform names. The key of a button says what was pressed and is believed in nothing else:
it stands on the card for everybody to read (T8).
"""

from __future__ import annotations

from adapters._hardened_json import JsonTable, JsonValue
from adapters._members import text
from adapters.wecom.event import PLATFORM, Event, direct_chat, needed_account
from adapters.wecom.payload import read_key
from bot.domain.ids import ChatKey, MessageKey
from bot.updates import CardClicked

#: joins the choices of one field
SEPARATOR = ","


def card_clicked(
    event: Event, *, user: str, key: str, task: str, chat: ChatKey | None, selected: JsonTable
) -> CardClicked:
    """A click. Raises Unclear for one without a person or that none of our buttons can have made."""
    operator = needed_account(user)
    action, params = read_key(key)
    return CardClicked(
        source=event.source(),
        operator=operator,
        chat=chat or direct_chat(operator.account),
        message=MessageKey(PLATFORM, task) if task else None,
        action=action,
        params=params,
        form=_form(selected),
    )


def _form(selected: JsonTable) -> dict[str, str]:
    """What was chosen, by question; one alone comes without a list (wecom.md 11)."""
    items = _several(selected.get("SelectedItem") or selected.get("selected_item"))
    found: dict[str, str] = {}
    for one in items:
        if isinstance(one, dict):
            name = text(one, "QuestionKey") or text(one, "question_key")
            options = one.get("OptionIds") or one.get("option_ids")
            inner = options if isinstance(options, dict) else {}
            chosen = _several(inner.get("OptionId") or inner.get("option_id"))
            if name:
                found[name] = SEPARATOR.join(choice for choice in chosen if isinstance(choice, str))
    return found


def _several(value: JsonValue) -> list[JsonValue]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
