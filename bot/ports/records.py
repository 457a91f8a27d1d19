"""What else a transaction keeps: due rows, the audit trail, numbers, leader rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.domain.ids import CodeKind
from bot.domain.timers import Timer, TimerKind


class Timers(Protocol):
    """Due rows. Arming, moving and cancelling happen in the transaction of the state they come from."""

    def arm(self, timer: Timer) -> None:
        """Insert or move (kind, ref)."""
        ...

    def arm_many(self, timers: Iterable[Timer]) -> None:
        """Arm all of them in one go; the same as `arm` for each, for imports and re-timing."""
        ...

    def cancel(self, kind: TimerKind, ref: str) -> None:
        """Forget (kind, ref); no error when it is not armed."""
        ...

    def due(self, *, now: datetime, limit: int) -> list[Timer]:
        """Timers with due_at <= now, oldest first, locked for this transaction."""
        ...

    def remove(self, timer: Timer) -> bool:
        """Take a due timer away; False when it was cancelled or armed anew for another instant meanwhile."""
        ...

    def next_due(self) -> datetime | None:
        """When the next timer is due."""
        ...

    def of(self, ref: str) -> list[Timer]:
        """Timers armed for one reference, by due time."""
        ...

    def upcoming(self, *, limit: int = 50) -> list[Timer]:
        """The next timers, for the inspector and `/状态`."""
        ...

    def postpone(self, timer: Timer, *, until: datetime) -> int:
        """Give a timer whose handler failed another chance; returns how often it has been postponed by now.

        `timer.attempts` of a due timer says how often that was so far.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """Who did what, when, in which role, on whose behalf, and what changed. Never message text of level 2."""

    at: datetime
    action: str
    ref: str
    actor: str = ""
    on_behalf_of: str = ""
    role: str = ""
    platform: str = ""
    platform_at: datetime | None = None
    update_id: str = ""
    before: str = ""
    after: str = ""
    reason: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """A stored record with its place in the chain."""

    number: int
    record: AuditRecord
    hash: str


class Audit(Protocol):
    """Append-only and hash-chained (P10)."""

    def append(self, record: AuditRecord) -> None:
        """Add one record."""
        ...

    def of(self, ref: str) -> list[AuditRow]:
        """Records about one object, oldest first."""
        ...

    def tail(self, *, limit: int = 100) -> list[AuditRow]:
        """The newest records, newest first."""
        ...

    def verify(self) -> int | None:
        """The number of the first row that does not fit the chain, None when the chain is whole."""
        ...


class Sequences(Protocol):
    """Numbers per kind and year: strictly increasing, never reused (domain.md 0.4)."""

    def next(self, kind: CodeKind, year: int) -> int:
        """The next number; burned even if the object is not made after all."""
        ...

    def at_least(self, kind: CodeKind, year: int, following: int) -> None:
        """See to it that the next number is `following` or higher (imports, EC-98)."""
        ...


class Leases(Protocol):
    """Leader rows for duties that only one replica may do, such as a platform's single connection (F19, F20)."""

    def take(self, name: str, *, holder: str, now: datetime, seconds: float) -> int | None:
        """Become or stay the holder until `now + seconds`; None while somebody else is.

        The number returned is the fence: it grows with every change of holder, and whoever writes under the lease
        compares it first, so that a holder that slept through its own end changes nothing.
        """
        ...

    def fence(self, name: str) -> int:
        """The fence of the present or last holder, 0 when nobody ever was."""
        ...

    def release(self, name: str, *, holder: str) -> bool:
        """Give the lease back at once; False when `holder` does not have it."""
        ...
