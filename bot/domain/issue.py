"""The issue WT (domain.md 3.7, R-92..R-101): filed by anybody, graded, handled, answered, closed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.form import Content
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.machine import Line, Machine


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


class IssueAct(StrEnum):
    """What can be done to an issue (3.7)."""

    GRADE = "grade"
    REGRADE = "regrade"
    MERGE = "merge"
    REFUSE = "refuse"
    #: the finder files an issue that was not accepted once more, with more facts
    REFILE = "refile"
    #: a coordination or special meeting about it was arranged, held or called off
    ARRANGE_MEETING = "arrange_meeting"
    HOLD_MEETING = "hold_meeting"
    ACKNOWLEDGE = "acknowledge"
    RECORD_SOLUTION = "record_solution"
    GIVE_RESULT = "give_result"
    CONFIRM = "confirm"
    NOT_SOLVED = "not_solved"
    CLOSE = "close"
    REOPEN = "reopen"
    #: another level of secrecy, or another list of readers (2.5)
    RECLASSIFY = "reclassify"


_S, _A = IssueState, IssueAct
#: where grading leads to
_GRADED = (_S.NEGOTIATING, _S.COORDINATING, _S.ESCALATED)
_IN_HAND = (_S.NEGOTIATING, _S.COORDINATING, _S.ESCALATED, _S.SPECIAL_MEETING, _S.EXECUTING)
_AT_WORK = (_S.NEGOTIATING, _S.EXECUTING)

#: 3.7 as a table
MACHINE: Machine[IssueState, IssueAct] = Machine(
    "issue",
    (
        Line((_S.PENDING_GRADING,), _A.GRADE, _GRADED),
        Line((_S.PENDING_GRADING,), _A.MERGE, (_S.MERGED,)),
        Line((_S.PENDING_GRADING,), _A.REFUSE, (_S.NOT_ACCEPTED,)),
        Line((_S.NOT_ACCEPTED,), _A.REFILE, (_S.PENDING_GRADING,)),
        Line((*_IN_HAND, _S.RESOLVED), _A.REGRADE, _GRADED),
        Line((_S.COORDINATING,), _A.ARRANGE_MEETING, (_S.COORDINATING,)),
        Line((_S.ESCALATED,), _A.ARRANGE_MEETING, (_S.ESCALATED, _S.SPECIAL_MEETING)),
        Line((_S.SPECIAL_MEETING,), _A.ARRANGE_MEETING, (_S.SPECIAL_MEETING,)),
        Line((_S.COORDINATING,), _A.HOLD_MEETING, (_S.COORDINATING,)),
        Line((_S.ESCALATED,), _A.HOLD_MEETING, (_S.ESCALATED,)),
        Line((_S.SPECIAL_MEETING,), _A.HOLD_MEETING, (_S.SPECIAL_MEETING,)),
        Line((_S.ESCALATED,), _A.ACKNOWLEDGE, (_S.ESCALATED, _S.SPECIAL_MEETING)),
        Line((_S.COORDINATING, _S.SPECIAL_MEETING), _A.RECORD_SOLUTION, (_S.EXECUTING,)),
        Line(_AT_WORK, _A.GIVE_RESULT, (_S.RESOLVED,)),
        Line((_S.RESOLVED,), _A.CONFIRM, (_S.RESOLVED,)),
        Line((_S.RESOLVED,), _A.NOT_SOLVED, _AT_WORK),
        Line((_S.RESOLVED,), _A.CLOSE, (_S.CLOSED,)),
        Line((_S.CLOSED,), _A.REOPEN, _AT_WORK),
        *(Line((state,), _A.RECLASSIFY, (state,)) for state in _S),
    ),
)


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
    #: since when the handling limit is counted; None where people fixed a date
    clock_from: datetime | None = None
    #: the grading limit, later the limit of a meeting that must be held
    step_due_at: datetime | None = None
    meeting: Code | None = None
    #: when that meeting ended; a coordination meeting comes before the solution (R-96)
    met_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: PersonId | None = None
    #: how often the leader was reminded to acknowledge (T-14, L-27)
    ack_reminders: int = 0
    solution: tuple[Solution, ...] = ()
    solution_at: datetime | None = None
    #: of a major issue: must the plan be adjusted (R-99)?
    plan_change: bool | None = None
    plan: str = ""
    result: str = ""
    #: how many results were given; a card about an earlier one is stale (EC-05)
    results: int = 0
    resolved_at: datetime | None = None
    resolved_by: PersonId | None = None
    #: judged when the result was given (general) or execution began (important, A-07); None while open
    in_time: bool | None = None
    confirmed_at: datetime | None = None
    confirmed_by: PersonId | None = None
    closed_at: datetime | None = None
    closed_by: PersonId | None = None
    reopened: int = 0
    #: when it came back the last time
    reopened_at: datetime | None = None
    #: how often it was not accepted; the finder files it again once (3.7)
    refusals: int = 0
    #: full working days between what happened and the report of it (A-14)
    gap_days: int = 0
    #: closed without the finder's word
    is_unconfirmed: bool = False
    merged_into: Code | None = None
    reason: str = ""
    conflict: Code | None = None
    note: str = ""
    secrecy: int = 0
    access: tuple[PersonId, ...] = ()
    #: a lower level that one of lead head and leader has agreed to, and who has (2.5)
    lower_to: int | None = None
    lower_agreed: tuple[PersonId, ...] = ()
    version: int = 0

    @property
    def grade(self) -> Grade | None:
        """The present grade, None before grading."""
        return self.gradings[-1].grade if self.gradings else None

    @property
    def counts_in_time(self) -> bool:
        """In time for the scorecard: judged so, and never reopened (K4)."""
        return bool(self.in_time) and self.reopened == 0

    @property
    def is_confirmed(self) -> bool:
        """Did the finder say that it is solved?"""
        return self.confirmed_at is not None

    @property
    def regrades(self) -> int:
        """How often it was graded again."""
        return max(len(self.gradings) - 1, 0)

    @property
    def is_open(self) -> bool:
        """Is it neither closed nor merged nor refused?"""
        return self.state not in {IssueState.CLOSED, IssueState.MERGED, IssueState.NOT_ACCEPTED}

    @property
    def handlers(self) -> tuple[DepartmentId, ...]:
        """Lead first, then the cooperating departments; none before grading."""
        return (self.lead, *self.coop) if self.lead is not None else self.coop
