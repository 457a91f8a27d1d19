"""Outgoing calls: written with the state change, sent lane by lane, their outcome known or listed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.ids import AccountKey, ChatKey, MessageKey
from bot.messages import AnyOutbound, Text

#: what a message is marked with that is sent once more because nobody knows what became of the first (P3)
LATE_MARK = Text("（补发）")


class SendState(StrEnum):
    """Life of an outgoing call."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    #: we cannot know; listed, never blindly repeated (P3)
    UNKNOWN = "unknown"
    #: not owed any more when its turn came
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """An outgoing call as handlers put it.

    `key` is unique and made before the first try (P3). A later envelope with the same `coalesce` replaces a pending
    one (card edits). Lower `priority` goes first within the platform, never before an earlier one of its lane.
    `recheck` names a check that delivery asks for right before sending (`handlers` register it), with `ref`.
    """

    key: str
    lane: str
    outbound: AnyOutbound
    created_at: datetime
    not_before: datetime | None = None
    priority: int = 5
    coalesce: str = ""
    recheck: str = ""
    ref: str = ""
    #: True when the content is a notice that is worth one repetition marked 补发 after an unknown outcome
    repeat_unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEntry:
    """A claimed envelope. `token` fences: settling with an old token changes nothing and returns False."""

    id: int
    envelope: Envelope
    attempts: int
    token: int
    #: first time it was handed to a platform; None when it never was
    first_tried_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a platform said about a successful call."""

    message: MessageKey | None = None
    chat: ChatKey | None = None
    members: tuple[AccountKey, ...] = ()
    #: account -> reason key of the text catalogue, for people who could not be added
    refused: Mapping[str, str] = field(default_factory=dict)
    #: the card went out as text because the platform refused the card
    degraded: bool = False
    #: the group was made, and a person has to add the bot to it by hand
    wants_bot: bool = False
    #: the platform does not tell who is in this group, so that `members` says nothing
    members_untold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReport:
    """One row for lists of unknown, failed or waiting calls."""

    id: int
    key: str
    lane: str
    state: SendState
    attempts: int
    error: str
    created_at: datetime
    kind: str


class Outbox(Protocol):
    """Outgoing calls in lanes: first in, first out, one sender per lane over all replicas."""

    def put(self, envelope: Envelope, *, only_replacing: bool = False) -> bool:
        """Add; False when the key exists already, or, with `only_replacing`, when nothing older of the same `coalesce` waits
        whose place it could take (nothing changes)."""
        ...

    def claim(self, *, platform: str, now: datetime, lease: float, limit: int) -> list[OutboxEntry]:
        """The head of up to `limit` free lanes, by priority, then age. `lease` is seconds."""
        ...

    def settle(
        self,
        entry: OutboxEntry,
        *,
        state: SendState,
        now: datetime,
        error: str = "",
        retry_at: datetime | None = None,
        lane_free_at: datetime | None = None,
        had_no_effect: bool = False,
    ) -> bool:
        """Finish (or, with PENDING and `retry_at`, give back) a claimed call; False when the claim was lost.

        `had_no_effect` says that the platform refused this try, so that `first_tried_at` goes back to what it was at
        the claim: only a try whose outcome nobody knows makes the next one a repetition.
        """
        ...

    def tried(self, entry: OutboxEntry, *, now: datetime) -> bool:
        """Mark that the call is about to be handed to the platform; False when the claim was lost."""
        ...

    def next_due(self, *, platform: str) -> datetime | None:
        """When the next call may go out, None when nothing waits."""
        ...

    def reports(self, state: SendState, *, limit: int = 100) -> list[SendReport]:
        """Calls in that state, newest first."""
        ...

    def pending(self) -> tuple[int, datetime | None]:
        """How many wait, and since when the oldest does."""
        ...

    def take_budget(self, name: str, *, now: datetime, period_ms: int, burst: int) -> datetime:
        """One GCRA step on the row `name`: the earliest instant at which this call may go.

        `period_ms` is the time one call costs, `burst` how many may go at once. Kept in a row, so that the limit
        survives restarts and holds over all replicas.
        """
        ...

    def hold(self, *, epoch: str, before: datetime | None = None) -> int:
        """Mark everything pending as held back after a restore (F24); returns how many.

        Until `release`, whatever is put because of something that happened up to `before` (see `caused_at`) is held,
        too: the restored state does not know what became of it meanwhile.
        """
        ...

    def caused_at(self, instant: datetime | None) -> None:
        """Calls put from here on in this unit of work come from something of that instant; None: from now."""
        ...

    def held(self) -> int:
        """How many calls a restore holds back."""
        ...

    def release(self) -> int:
        """Let held calls go after a person confirmed; returns how many."""
        ...

    def purge(self, *, before: datetime) -> int:
        """Forget finished calls created before; returns how many."""
        ...
