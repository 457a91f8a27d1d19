"""One genuine push off the wire: who receives, what it is, and its body. Pure.

A private chat goes by its person here, because the platform sends to people and not to such chats; a group goes by the
platform's own id, in which capital letters count.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from adapters._hardened_json import JsonTable, wire
from adapters._members import NAME_LENGTH, Unclear, content_id, ident, instant, text
from bot.domain.ids import AccountKey, ChatKey
from bot.updates import Source

PLATFORM: Final = "dingtalk"
#: begins the id of a private chat; what follows is the person's
DIRECT: Final = "@"


@dataclass(frozen=True, slots=True, kw_only=True)
class Self:
    """Who receives: our app, its robot and the company."""

    app: str
    robot: str
    corp_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What all pushes have, whichever way they came."""

    me: Self
    type: str
    id: str
    sent_at: datetime | None
    received_at: datetime
    body: JsonTable

    def source(self, *, business_id: str = "", happened_at: datetime | None = None) -> Source:
        """Where the update comes from. The business id is the push's unless a better one is given (P2)."""
        return Source(
            platform=PLATFORM,
            app=self.me.app,
            business_id=business_id or self.id,
            received_at=self.received_at,
            happened_at=happened_at or self.sent_at,
            event_id=self.id,
        )

    @property
    def group(self) -> ChatKey:
        """The group that the body names. Raises Unclear."""
        found = ident(self.body, "openConversationId")
        if not found:
            raise Unclear("no openConversationId")
        return ChatKey(PLATFORM, found)

    @property
    def operator(self) -> AccountKey | None:
        """Who did it, None when the platform does not say."""
        return account(text(self.body, "operator"))

    def people(self, key: str) -> tuple[AccountKey, ...]:
        """The people in a list of the body; one alone may stand there without a list."""
        value = self.body.get(key)
        given = value if isinstance(value, list) else [value]
        found = (account(one) for one in given if isinstance(one, str))
        return tuple(one for one in found if one is not None)


def account(user: str) -> AccountKey | None:
    """The account of a person's id, None for what cannot be one."""
    return AccountKey(PLATFORM, user) if ident({"id": user}, "id") else None


def direct_chat(user: str) -> ChatKey:
    """The private chat with a person."""
    return ChatKey(PLATFORM, f"{DIRECT}{user}")


def person_of(chat: ChatKey) -> str:
    """The person of a private chat, empty for a group."""
    return chat.chat.removeprefix(DIRECT) if chat.chat.startswith(DIRECT) else ""


def streamed_event(headers: JsonTable, body: JsonTable, *, me: Self, received_at: datetime) -> Event:
    """An event of the long connection: its facts stand in the headers of the frame, its body may hold another `data`."""
    inner = body.get("data")
    return Event(
        me=me,
        type=(text(headers, "eventType") or text(body, "eventType"))[:NAME_LENGTH],
        id=ident(headers, "eventId") or ident(body, "eventId") or content_id(wire(body)),
        sent_at=instant(headers.get("eventBornTime") or body.get("eventBornTime")),
        received_at=received_at,
        body=inner if isinstance(inner, dict) else body,
    )


def posted_event(body: JsonTable, *, me: Self, received_at: datetime) -> Event:
    """An event of an HTTP callback: flat, and with capitals that the documents do not agree on (dingtalk.md 2.3)."""
    flat: JsonTable = {key[:1].lower() + key[1:]: value for key, value in body.items()}
    inner = flat.get("data")
    merged = {**flat, **inner} if isinstance(inner, dict) else flat
    return Event(
        me=me,
        type=text(flat, "eventType")[:NAME_LENGTH],
        id=ident(flat, "eventId") or ident(flat, "bizId") or content_id(wire(body)),
        sent_at=instant(flat.get("eventBornTime") or flat.get("eventTime") or flat.get("timeStamp")),
        received_at=received_at,
        body=merged,
    )
