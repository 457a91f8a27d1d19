"""One genuine push off the wire: who receives, what it is, and its body. Pure.

A private chat goes by its person here, the app's and the bot's alike: to people it is one company's assistant. A group goes
by the id that its channel gave it; which two ids are one group is the reception's knowledge.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from adapters._hardened_json import JsonTable
from adapters._members import Unclear, ident
from bot.domain.ids import AccountKey, ChatKey
from bot.updates import Source

PLATFORM: Final = "wecom"
#: begins the id of a private chat; what follows is the person's
DIRECT: Final = "@"


@dataclass(frozen=True, slots=True, kw_only=True)
class Self:
    """Who receives: the company's app or bot, and the name that people write to mention it."""

    app: str
    bot_name: str


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


def account(user: str) -> AccountKey | None:
    """The account of a person's id, None for what cannot be one."""
    return AccountKey(PLATFORM, user) if ident({"id": user}, "id") else None


def needed_account(user: str) -> AccountKey:
    """The same. Raises Unclear."""
    found = account(user)
    if found is None:
        raise Unclear("no userid")
    return found


def direct_chat(user: str) -> ChatKey:
    """The private chat with a person."""
    return ChatKey(PLATFORM, f"{DIRECT}{user}")


def person_of(chat: ChatKey) -> str:
    """The person of a private chat, empty for a group."""
    return chat.chat.removeprefix(DIRECT) if chat.chat.startswith(DIRECT) else ""
