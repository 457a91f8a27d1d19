"""The liaison change DJ (domain.md 3.12, R-107..R-109; L-22): announced a week ahead, handed over, in force at midnight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.ids import Code, DepartmentId, PersonId


class ChangeState(StrEnum):
    """States of 3.12."""

    #: an emergency waits for the secretary's consent
    PENDING_CONSENT = "pending_consent"
    REGISTERED = "registered"
    EFFECTIVE = "effective"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiaisonChange:
    """One change. The first liaison of a vacant department takes office at once (L-22)."""

    code: Code
    department: DepartmentId
    old: PersonId | None
    new: PersonId
    state: ChangeState
    #: the notice counts from here, also when the date is moved (3.12)
    announced_at: datetime
    announced_by: PersonId
    effective_on: date
    is_emergency: bool = False
    reason: str = ""
    ticks: tuple[str, ...] = ()
    checklist: tuple[str, ...] = ()
    #: people who confirmed the hand-over
    handed_over: tuple[PersonId, ...] = ()
    is_backup: bool = False
    version: int = 0

    @property
    def is_handed_over(self) -> bool:
        """Have both sides confirmed?"""
        return {p for p in (self.old, self.new) if p is not None} <= set(self.handed_over)
