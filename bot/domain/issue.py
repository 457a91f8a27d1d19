"""The issue WT (domain.md 3.7, R-92..R-101): filed by anybody, graded, handled, answered, closed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.form import Content
from bot.domain.ids import Code, DepartmentId, PersonId


class IssueState(StrEnum):
    """States of 3.7."""

    PENDING_GRADING = "pending_grading"
    NEGOTIATING = "negotiating"
    COORDINATING = "coordinating"
    ESCALATED = "escalated"
    SPECIAL_MEETING = "special_meeting"
    EXECUTING = "executing"
    RESOLVED = "resolved"
    CLOSED = "closed"
    MERGED = "merged"
    NOT_ACCEPTED = "not_accepted"


class Grade(StrEnum):
    """The three grades of R-94."""

    GENERAL = "一般问题"
    IMPORTANT = "重要问题"
    MAJOR = "重大问题"


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """One line of a solution: what, by whom, until when (R-96, R-98)."""

    measure: str
    department: DepartmentId
    owner: PersonId
    due_at: datetime
    task: Code | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grading:
    """One grading; a regrade adds another, and the old deadline stays visible (EC-86)."""

    grade: Grade
    by: PersonId
    at: datetime
    reason: str
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One issue. `content` is form F2 as the finder filled it in."""

    code: Code
    state: IssueState
    title: str
    found_by: DepartmentId
    reporter: PersonId
    filed_at: datetime
    occurred_at: datetime | None = None
    item: Code | None = None
    departments: tuple[DepartmentId, ...] = ()
    content: Content = field(default_factory=dict)
    gradings: tuple[Grading, ...] = ()
    impact: str = ""
    severity: str = ""
    lead: DepartmentId | None = None
    coop: tuple[DepartmentId, ...] = ()
    #: the handling limit (T-12, T-13) or, once a solution is recorded, its date
    due_at: datetime | None = None
    #: the grading limit, later the limit of a meeting that must be held
    step_due_at: datetime | None = None
    meeting: Code | None = None
    acknowledged_at: datetime | None = None
    solution: tuple[Solution, ...] = ()
    solution_at: datetime | None = None
    #: of a major issue: must the plan be adjusted (R-99)?
    plan_change: bool | None = None
    plan: str = ""
    result: str = ""
    resolved_at: datetime | None = None
    resolved_by: PersonId | None = None
    #: judged when the result was given (general) or execution began (important, A-07); None while open
    in_time: bool | None = None
    confirmed_at: datetime | None = None
    confirmed_by: PersonId | None = None
    closed_at: datetime | None = None
    closed_by: PersonId | None = None
    reopened: int = 0
    merged_into: Code | None = None
    reason: str = ""
    conflict: Code | None = None
    note: str = ""
    secrecy: int = 0
    access: tuple[PersonId, ...] = ()
    version: int = 0

    @property
    def grade(self) -> Grade | None:
        """The present grade, None before grading."""
        return self.gradings[-1].grade if self.gradings else None

    @property
    def is_open(self) -> bool:
        """Is it neither closed nor merged nor refused?"""
        return self.state not in {IssueState.CLOSED, IssueState.MERGED, IssueState.NOT_ACCEPTED}

    @property
    def handlers(self) -> tuple[DepartmentId, ...]:
        """Lead first, then the cooperating departments; none before grading."""
        return (self.lead, *self.coop) if self.lead is not None else self.coop
