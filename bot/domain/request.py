"""The collaboration request XQ (domain.md 3.1, R-28, R-72..R-78): form F1, rounds of review, assessment, the leader's decision."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.form import Content
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.item import Level
from bot.domain.slots import Slot


class RequestState(StrEnum):
    """States of 3.1."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    REVIEWED = "reviewed"
    ASSESSING = "assessing"
    PENDING_LEADER = "pending_leader"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request. `content` is form F1, `assessment` form F5; what rules ask often stands in fields of its own."""

    code: Code
    state: RequestState
    lead: DepartmentId
    created_by: PersonId
    created_at: datetime
    title: str = ""
    level: Level = Level.ROUTINE
    coop: tuple[DepartmentId, ...] = ()
    content: Content = field(default_factory=dict)
    #: counts submissions; cards of an older round are stale (EC-05)
    round: int = 0
    slots: tuple[Slot, ...] = ()
    submitted_by: PersonId | None = None
    submitted_at: datetime | None = None
    #: when it was first submitted: “new request” counts then (L-25)
    first_submitted_at: datetime | None = None
    #: since when it is in its present state
    since: datetime | None = None
    #: limit of the present state
    due_at: datetime | None = None
    meeting: Code | None = None
    assessment: Content = field(default_factory=dict)
    assessed_at: datetime | None = None
    decided_by: PersonId | None = None
    decided_for: PersonId | None = None
    decided_at: datetime | None = None
    reason: str = ""
    #: the item that came of it
    item: Code | None = None
    copied_from: Code | None = None
    plan_version: str = ""
    secrecy: int = 0
    access: tuple[PersonId, ...] = ()
    version: int = 0

    @property
    def involved(self) -> tuple[DepartmentId, ...]:
        """Lead first, then the cooperating departments."""
        return (self.lead, *self.coop)
