"""From filing to a grade (domain.md 3.7, R-92..R-94; A-06, A-14; EC-85, EC-86): graded, merged, not accepted, graded again.

Limits are counted by whoever calls and given as instants; who may do it is a question of rights, asked before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.calendar import Calendars
from bot.domain.form import Content
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.issue import MACHINE, Grade, Grading, Issue, IssueAct, IssueState
from bot.errors import RuleViolation

#: a reason of fewer visible characters is none (F2-21)
SHORTEST_REASON = 5
#: the finder files an issue that was not accepted once more, and no more (3.7)
MOST_REFUSALS = 2
#: which state a grade leads to
STATE_OF = {
    Grade.GENERAL: IssueState.NEGOTIATING,
    Grade.IMPORTANT: IssueState.COORDINATING,
    Grade.MAJOR: IssueState.ESCALATED,
}
_HIGHER = {Grade.GENERAL: Grade.IMPORTANT, Grade.IMPORTANT: Grade.MAJOR}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the secretary decides: the grade with its ground, who leads and who cooperates, and the limits that follow."""

    grade: Grade
    reason: str
    impact: str
    severity: str
    lead: DepartmentId
    coop: tuple[DepartmentId, ...]
    #: when the handling clock begins: at grading or, if the company says so, at filing (A-06)
    clock_from: datetime | None = None
    #: T-12 or T-13; None for a major issue, whose limit the special meeting fixes
    due_at: datetime | None = None
    #: T-13b or T-14b
    step_due_at: datetime | None = None


def report_gap(calendars: Calendars, *, occurred_at: datetime, filed_at: datetime) -> int:
    """Working days from the day it happened to the day of the report; shown, flagged, never punished (A-14)."""
    first, last = calendars.local(occurred_at).date(), calendars.local(filed_at).date()
    return calendars.workdays_between(first, last) if last > first else 0


def higher(grade: Grade) -> Grade | None:
    """The grade above; None above a major issue."""
    return _HIGHER.get(grade)


def graded(issue: Issue, verdict: Verdict, *, by: PersonId, now: datetime) -> Issue:
    """The first grade, and every later one. The handling clock begins now; old limits stay in the list (EC-86).

    Raises RuleViolation `stale_card`, `issue_lead_as_coop`, `issue_same_grade`.
    """
    act = IssueAct.GRADE if issue.state is IssueState.PENDING_GRADING else IssueAct.REGRADE
    MACHINE.require(issue.state, act)
    if verdict.lead in verdict.coop:
        raise RuleViolation("issue_lead_as_coop")
    if act is IssueAct.REGRADE and verdict.grade is issue.grade:
        raise RuleViolation("issue_same_grade", {"code": issue.code})
    grading = Grading(
        grade=verdict.grade, by=by, at=now, reason=verdict.reason, due_at=verdict.due_at or verdict.step_due_at
    )
    return replace(
        _begun_again(issue),
        state=MACHINE.after(issue.state, act, STATE_OF[verdict.grade]),
        gradings=(*issue.gradings, grading),
        impact=verdict.impact,
        severity=verdict.severity,
        lead=verdict.lead,
        coop=verdict.coop,
        due_at=verdict.due_at,
        clock_from=verdict.clock_from,
        step_due_at=verdict.step_due_at,
    )


def _begun_again(issue: Issue) -> Issue:
    """A new grade begins the handling anew: meeting, solution and result are those of the old one."""
    return replace(
        issue,
        meeting=None,
        met_at=None,
        acknowledged_at=None,
        acknowledged_by=None,
        ack_reminders=0,
        solution=(),
        solution_at=None,
        plan_change=None,
        result="",
        resolved_at=None,
        resolved_by=None,
        in_time=None,
        confirmed_at=None,
        confirmed_by=None,
    )


def merged(issue: Issue, target: Issue, *, reason: str) -> Issue:
    """Another issue tells the same. Raises RuleViolation `stale_card`, `issue_merge_target`, `issue_merge_secrecy`."""
    MACHINE.require(issue.state, IssueAct.MERGE)
    if target.code == issue.code or not target.is_open:
        raise RuleViolation("issue_merge_target", {"code": target.code})
    if target.secrecy > issue.secrecy:
        raise RuleViolation("issue_merge_secrecy", {"code": target.code})
    return replace(
        issue,
        state=MACHINE.after(issue.state, IssueAct.MERGE, IssueState.MERGED),
        merged_into=target.code,
        reason=reason,
        step_due_at=None,
    )


def not_accepted(issue: Issue, *, reason: str) -> Issue:
    """The answer to the finder is the reason. Raises RuleViolation `stale_card`."""
    return replace(
        issue,
        state=MACHINE.after(issue.state, IssueAct.REFUSE, IssueState.NOT_ACCEPTED),
        reason=reason,
        refusals=issue.refusals + 1,
        step_due_at=None,
    )


def refiled(issue: Issue, content: Content, *, step_due_at: datetime) -> Issue:
    """Once more, with more facts. Raises RuleViolation `stale_card`, `issue_refiled_already`."""
    MACHINE.require(issue.state, IssueAct.REFILE)
    if issue.refusals >= MOST_REFUSALS:
        raise RuleViolation("issue_refiled_already", {"code": issue.code})
    return replace(
        issue,
        state=MACHINE.after(issue.state, IssueAct.REFILE, IssueState.PENDING_GRADING),
        content=content,
        step_due_at=step_due_at,
    )


def with_readers(issue: Issue, people: Iterable[PersonId | None]) -> Issue:
    """The same issue with these people on its access list as well, each once (2.5)."""
    named = (p for p in people if p is not None)
    return replace(issue, access=tuple(dict.fromkeys((*issue.access, *named))))
