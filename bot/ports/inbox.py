"""Updates that were accepted: stored before they are acknowledged, handled once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.updates import AnyUpdate


class InboxState(StrEnum):
    """Life of a stored update."""

    PENDING = "pending"
    DONE = "done"
    #: gave up after the last attempt; an administrator sees it
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxEntry:
    """A stored update that this process has claimed."""

    id: int
    update: AnyUpdate | None
    raw: bytes
    attempts: int
    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """An update that could not be handled; kept with its original bytes."""

    id: int
    business_id: str
    platform: str
    attempts: int
    error: str
    received_at: datetime
    raw: bytes


class Inbox(Protocol):
    """Accepted updates. Unique on (platform, app, business_id) for the retention time of 7 days (P2)."""

    def accept(self, update: AnyUpdate, *, lane: str, now: datetime) -> bool:
        """Store; False when this business id is known already (nothing changes)."""
        ...

    def claim(self, *, now: datetime, lease: float, limit: int) -> list[InboxEntry]:
        """The next pending updates in order, none from a lane with an earlier unfinished one claimed elsewhere.

        Counts the attempt now, so that an update that kills the process ends in the dead letters. `lease` is seconds.
        """
        ...

    def done(self, entry: InboxEntry, *, now: datetime) -> bool:
        """Mark handled; False when the claim was lost meanwhile (the caller must roll back)."""
        ...

    def retry(self, entry: InboxEntry, *, error: str, at: datetime) -> None:
        """Give back after a failure; not before `at`."""
        ...

    def give_back(self, entry: InboxEntry, *, at: datetime) -> None:
        """Give back untried, not before `at`: what kept it from being handled costs it no attempt."""
        ...

    def bury(self, entry: InboxEntry, *, error: str, now: datetime) -> None:
        """Give up: dead letter."""
        ...

    def dead(self, *, limit: int = 100) -> list[DeadLetter]:
        """Dead letters, newest first."""
        ...

    def revive(self, inbox_id: int, *, now: datetime) -> bool:
        """Put a dead letter back in line."""
        ...

    def pending(self) -> tuple[int, datetime | None]:
        """How many wait, and since when the oldest does."""
        ...

    def newest(self, *, platform: str) -> datetime | None:
        """When the last update of that platform was received, None when none ever was."""
        ...

    def purge(self, *, before: datetime) -> int:
        """Forget handled updates received before; returns how many."""
        ...
