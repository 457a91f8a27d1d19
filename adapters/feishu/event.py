"""One genuine event off the wire, and typed access to the members of its tables. Pure.

Nothing here trusts a shape: a member of another type reads as if it were not there, an identifier must look like one,
and what a caller cannot do without is an `Unclear`, which becomes an `Unreadable` update and never an exception outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from adapters._hardened_json import JsonTable, JsonValue, wire
from adapters._members import NAME_LENGTH, Unclear, content_id, ident, instant, needed_id, table, text
from bot.domain.ids import AccountKey, ChatKey, MessageKey
from bot.updates import Source

PLATFORM: Final = "feishu"


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
        type=kind[:NAME_LENGTH],
        id=event_id or content_id(wire(envelope)),
        tenant=ident(header, "tenant_key"),
        sent_at=instant(sent),
        received_at=received_at,
        body=body,
    )


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
