"""The implementation plan FA (domain.md 3.2, R-29, R-79, R-80; A-03): versions, countersignatures, changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.form import Content
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.slots import Slot


class PlanState(StrEnum):
    """States of 3.2."""

    DRAFTING = "drafting"
    CONFIRMING = "confirming"
    RETURNED = "returned"
    PENDING_LEADER = "pending_leader"
    EFFECTIVE = "effective"
    SUPERSEDED = "superseded"
    VOID = "void"


def plan_key(code: str, number: int) -> str:
    """`FA-2026-0010 v2`: every version is a row of its own."""
    return f"{code} v{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One version of an item's plan. `content` is form F6."""

    key: str
    code: Code
    number: int
    item: Code
    state: PlanState
    lead: DepartmentId
    coop: tuple[DepartmentId, ...] = ()
    request: Code | None = None
    title: str = ""
    content: Content = field(default_factory=dict)
    round: int = 0
    slots: tuple[Slot, ...] = ()
    submitted_by: PersonId | None = None
    submitted_at: datetime | None = None
    opened_at: datetime | None = None
    since: datetime | None = None
    due_at: datetime | None = None
    effective_at: datetime | None = None
    #: code of the issue, ruling or resolution that demanded the version
    cause: str = ""
    decided_by: PersonId | None = None
    decided_for: PersonId | None = None
    decided_at: datetime | None = None
    reason: str = ""
    secrecy: int = 0
    access: tuple[PersonId, ...] = ()
    version: int = 0

    @property
    def involved(self) -> tuple[DepartmentId, ...]:
        """Lead first, then the cooperating departments."""
        return (self.lead, *self.coop)
