"""What the digest counts of the objects themselves (domain.md 6.1): decisions that wait, major issues, names, reports, secrets.

Everything is as it stands; what came into its state after the cut-off is left to the counting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from bot.domain.acceptance import AcceptanceState
from bot.domain.conflict import ConflictState
from bot.domain.digest import CONFIDENTIAL, DecisionKind, MajorIssue, Waiting
from bot.domain.document import DocumentState
from bot.domain.ids import DepartmentId
from bot.domain.issue import Grade, Issue, IssueState
from bot.domain.item import ItemState
from bot.domain.meeting import MeetingState
from bot.domain.minutes import MinutesState
from bot.domain.plan import PlanState
from bot.domain.progress_report import ReportState
from bot.domain.proposal import ProposalState
from bot.domain.request import RequestState
from bot.domain.resolution import ResolutionState
from bot.domain.task import TaskState
from bot.ports import Repository, UnitOfWork
from bot.routing import Context

#: reports older than this belong to no latest week
_WEEKS_BACK = timedelta(days=28)
#: of an issue these wait for the leader (6.1 一 d)
_ESCALATED = (IssueState.ESCALATED, IssueState.SPECIAL_MEETING)
_OPEN_ISSUES = tuple(s for s in IssueState if s not in {IssueState.CLOSED, IssueState.MERGED, IssueState.NOT_ACCEPTED})


def waiting(context: Context) -> list[Waiting]:
    """Section 一: everything that waits for the leader, with since when and until when."""
    uow = context.uow
    return [
        *(_waits(DecisionKind.REQUEST, one) for one in uow.requests.find(state=RequestState.PENDING_LEADER.value)),
        *(
            _waits(DecisionKind.RESOLUTION, one)
            for one in uow.resolutions.find(state=ResolutionState.PENDING_SIGNATURE.value)
        ),
        *(_waits(DecisionKind.CONFLICT, one) for one in uow.conflicts.find(state=ConflictState.PENDING_RULING.value)),
        *(_issue_waits(one) for one in uow.issues.find(state=_values(_ESCALATED))),
        *(_waits(DecisionKind.PLAN_CHANGE, one) for one in uow.plans.find(state=PlanState.PENDING_LEADER.value)),
        *(
            _waits(DecisionKind.PROPOSAL, one, title=_department(context, one.department))
            for one in uow.proposals.find(state=_values((ProposalState.PENDING_CONFIRM, ProposalState.APPEAL)))
        ),
    ]


def _values(states: Iterable[Enum]) -> tuple[str, ...]:
    return tuple(str(state.value) for state in states)


def _department(context: Context, department: DepartmentId) -> str:
    """A proposal has no title; whom it is about is told by the department alone."""
    found = context.world.directory.department(department)
    return found.name if found is not None else ""


def _waits(kind: DecisionKind, one: Any, *, title: str = "") -> Waiting:
    since: datetime | None = one.since or getattr(one, "submitted_at", None) or getattr(one, "created_at", None)
    return Waiting(
        kind=kind,
        code=one.code,
        title=title or getattr(one, "title", ""),
        since=since or one.due_at,
        due_at=one.due_at,
        secrecy=getattr(one, "secrecy", 0),
    )


def _issue_waits(issue: Issue) -> Waiting:
    return Waiting(
        kind=DecisionKind.MAJOR_ISSUE,
        code=issue.code,
        title=issue.title,
        since=_graded_at(issue),
        due_at=issue.step_due_at or issue.due_at,
        secrecy=issue.secrecy,
    )


def _graded_at(issue: Issue) -> datetime:
    return issue.gradings[-1].at if issue.gradings else issue.filed_at


def major(context: Context, cutoff: datetime) -> list[MajorIssue]:
    """Section 二: open major issues, the oldest first, with whoever has to solve them and the limit."""
    issues = [i for i in context.uow.issues.find(state=_values(_OPEN_ISSUES)) if i.grade is Grade.MAJOR]
    issues = sorted((i for i in issues if _graded_at(i) <= cutoff), key=lambda i: (_graded_at(i), i.code))
    days = context.world.calendars
    return [
        MajorIssue(
            code=issue.code,
            title=issue.title,
            owner=_owners(context, issue),
            due_at=issue.due_at or issue.step_due_at,
            days_open=days.workdays_between(days.local(issue.filed_at).date(), days.local(cutoff).date()),
            secrecy=issue.secrecy,
        )
        for issue in issues
    ]


def _owners(context: Context, issue: Issue) -> str:
    """The owners of the solution; before there is one, the head of the lead department."""
    people = list(dict.fromkeys(line.owner for line in issue.solution))
    if not people and issue.lead is not None:
        head = context.world.posts.head_post(issue.lead)
        people = [head] if head is not None else []
    names = (context.world.directory.person(person) for person in people)
    return "、".join(person.name for person in names if person is not None) or "-"


def naming_open(context: Context) -> int:
    """Section 七: documents whose names are not put right."""
    found = context.uow.documents.find(state=DocumentState.NONCOMPLIANT.value)
    return len([one for one in found if one.secrecy < CONFIDENTIAL])


def reports_missing(context: Context, cutoff: datetime) -> int:
    """Section 七: missing reports of the latest week that was due."""
    due = context.uow.reports.between("at", cutoff - _WEEKS_BACK, cutoff)
    counted = [one for one in due if one.state is not ReportState.VOID and one.secrecy < CONFIDENTIAL]
    latest = max(counted, key=lambda one: one.due_at, default=None)
    if latest is None:
        return 0
    return len([one for one in counted if one.week == latest.week and one.state is ReportState.MISSING])


# ---------------------------------------------------------------- 八


@dataclass(frozen=True, slots=True)
class _Kind:
    """Where objects of a kind are kept, and in which states they are finished."""

    repository: str
    finished: frozenset[Enum]

    def unfinished(self, uow: UnitOfWork) -> Iterator[Any]:
        found: Repository[Any] = getattr(uow, self.repository)
        return (one for one in found.find() if one.secrecy >= CONFIDENTIAL and one.state not in self.finished)


_KINDS = (
    _Kind("items", frozenset({ItemState.ARCHIVED, ItemState.TERMINATED})),
    _Kind("requests", frozenset({RequestState.APPROVED, RequestState.REJECTED, RequestState.WITHDRAWN})),
    _Kind("plans", frozenset({PlanState.EFFECTIVE, PlanState.SUPERSEDED, PlanState.VOID})),
    _Kind("tasks", frozenset({TaskState.DONE, TaskState.CANCELLED})),
    _Kind("reports", frozenset({ReportState.SUBMITTED, ReportState.LATE, ReportState.WAIVED, ReportState.VOID})),
    _Kind("acceptances", frozenset({AcceptanceState.PASSED, AcceptanceState.WITHDRAWN})),
    _Kind("issues", frozenset({IssueState.CLOSED, IssueState.MERGED, IssueState.NOT_ACCEPTED})),
    _Kind("conflicts", frozenset({ConflictState.CLOSED, ConflictState.WITHDRAWN})),
    _Kind(
        "meetings",
        frozenset({MeetingState.CLOSED, MeetingState.CANCELLED, MeetingState.SKIPPED, MeetingState.MISSED}),
    ),
    _Kind("minutes", frozenset({MinutesState.PUBLISHED})),
    _Kind("resolutions", frozenset({ResolutionState.SIGNED})),
    _Kind("documents", frozenset({DocumentState.COMPLIANT, DocumentState.WAIVED, DocumentState.ARCHIVED})),
)


def confidential(context: Context) -> list[Any]:
    """Section 八: level-2 objects of every kind that are not finished."""
    return [one for kind in _KINDS for one in kind.unfinished(context.uow)]


def confidential_codes(context: Context) -> set[str]:
    """Their numbers, with those of whatever else of level 2 has an open deadline."""
    owed = {o.code for o in context.uow.obligations.find() if o.secrecy >= CONFIDENTIAL}
    return owed | {str(one.code) for one in confidential(context)}
