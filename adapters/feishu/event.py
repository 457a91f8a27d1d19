"""One genuine event off the wire, and typed access to the members of its tables. Pure.

Nothing here trusts a shape: a member of another type reads as if it were not there, an identifier must look like one,
and what a caller cannot do without is an `Unclear`, which becomes an `Unreadable` update and never an exception outside.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from adapters.feishu.hardened_json import JsonTable, JsonValue, wire
from bot.clock import from_ms
from bot.domain.ids import AccountKey, ChatKey, MessageKey
from bot.updates import Source, strip_tokens

PLATFORM: Final = "feishu"
#: ids of people, chats, messages and events; the platform's have fewer than 80 characters
_ID = re.compile(r"[\x21-\x7e]{1,256}")
#: a longer name is cut: it is shown, never compared
_NAME_LENGTH = 128
#: digits of the present time in seconds, milliseconds and microseconds; the documents mix them (feishu.md 2.3)
_MS_PER_UNIT = {10: 1000.0, 13: 1.0, 16: 0.001}


class Unclear(ValueError):
    """The event lacks something without which it cannot be told in neutral words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Self:
    """Who receives: our app, and the bot as the platform names it in mentions (empty when not known yet)."""

    app_id: str
    bot_open_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The envelope's facts and the body."""

    me: Self
    type: str
    id: str
    tenant: str
    sent_at: datetime | None
    received_at: datetime
    body: JsonTable

    def source(self, *, business_id: str = "", happened_at: datetime | None = None) -> Source:
        """Where the update comes from. The business id is the event's unless a better one is given (P2)."""
        return Source(
            platform=PLATFORM,
            app=self.me.app_id,
            business_id=business_id or self.id,
            received_at=self.received_at,
            happened_at=happened_at or self.sent_at,
            event_id=self.id,
        )

    @property
    def chat(self) -> ChatKey:
        """The conversation that the body names. Raises Unclear."""
        return ChatKey(PLATFORM, needed_id(self.body, "chat_id"))

    @property
    def message(self) -> MessageKey:
        """The message that the body names. Raises Unclear."""
        return MessageKey(PLATFORM, needed_id(self.body, "message_id"))

    @property
    def operator(self) -> AccountKey | None:
        """Who did it, None when the platform does not say."""
        return account(self.body.get("operator_id"))


def read_event(envelope: JsonTable, *, me: Self, received_at: datetime) -> Event:
    """The event of an envelope of either generation. Without an id of its own its content is its id."""
    header = table(envelope, "header")
    body = table(envelope, "event")
    if header or "schema" in envelope:
        kind, event_id, sent = text(header, "event_type"), ident(header, "event_id"), header.get("create_time")
    else:
        kind, event_id, sent = text(body, "type"), ident(envelope, "uuid"), None
    return Event(
        me=me,
        type=kind[:_NAME_LENGTH],
        id=event_id or content_id(wire(envelope)),
        tenant=ident(header, "tenant_key"),
        sent_at=instant(sent),
        received_at=received_at,
        body=body,
    )


def content_id(raw: bytes) -> str:
    """An identity for what has none: repetitions of the same bytes are the same event."""
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


# ---------------------------------------------------------------- members


def table(of: JsonTable, key: str) -> JsonTable:
    """The table under that key, an empty one when there is none."""
    value = of.get(key)
    return value if isinstance(value, dict) else {}


def tables(of: JsonTable, key: str) -> list[JsonTable]:
    """The tables in the list under that key."""
    value = of.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text(of: JsonTable, key: str) -> str:
    """The text under that key, empty when there is none."""
    value = of.get(key)
    return value if isinstance(value, str) else ""


def flag(of: JsonTable, key: str) -> bool:
    """True when the member is exactly true."""
    return of.get(key) is True


def ident(of: JsonTable, key: str) -> str:
    """The identifier under that key, empty when there is none or it does not look like one."""
    value = text(of, key)
    return value if _ID.fullmatch(value) else ""


def needed_id(of: JsonTable, key: str) -> str:
    """The identifier under that key. Raises Unclear."""
    found = ident(of, key)
    if not found:
        raise Unclear(f"no {key}")
    return found


def account(ids: JsonValue) -> AccountKey | None:
    """The account of a table of ids: the open_id, which is the one that this app knows people by."""
    found = ident(ids, "open_id") if isinstance(ids, dict) else ""
    return AccountKey(PLATFORM, found) if found else None


def needed_account(ids: JsonValue) -> AccountKey:
    """The same. Raises Unclear."""
    found = account(ids)
    if found is None:
        raise Unclear("no open_id")
    return found


def typed(value: str) -> str:
    """What a person typed, without characters that pass for a mention or that a database cannot keep (M8)."""
    return strip_tokens(value).replace("\x00", "")


def name(of: JsonTable, key: str) -> str:
    """A name to show: one line, not longer than a name is."""
    return " ".join(typed(text(of, key)).split())[:_NAME_LENGTH]


def instant(value: JsonValue) -> datetime | None:
    """The instant of a count of seconds, milliseconds or microseconds, told apart by their digits."""
    digits = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(digits, str) or not (digits.isascii() and digits.isdigit()):
        return None
    per_unit = _MS_PER_UNIT.get(len(digits))
    return None if per_unit is None else from_ms(int(int(digits) * per_unit))
