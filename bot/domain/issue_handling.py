"""From a grade to the end (domain.md 3.7, R-95..R-101; A-07, L-28, K4): meetings, solutions, results, confirmation, closing.

Limits are counted by whoever calls and given as instants; who may do it is a question of rights, asked before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.issue import MACHINE, Grade, Issue, IssueAct, IssueState, Solution
from bot.errors import RuleViolation

#: a result of fewer characters says nothing (F2-26)
SHORTEST_RESULT = 10


class DoneAt(StrEnum):
    """When an important issue counts as handled (A-07, `issue.important_done_at`)."""

    EXECUTING = "executing"
    RESOLVED = "resolved"


def at_work(issue: Issue) -> IssueState:
    """The state in which it is handled: general issues by consultation, the others by carrying their solution out."""
    return IssueState.NEGOTIATING if issue.grade is Grade.GENERAL else IssueState.EXECUTING


# ---------------------------------------------------------------- meetings


def meeting_arranged(issue: Issue, meeting: Code, *, by_leader: PersonId | None, now: datetime) -> Issue:
    """A meeting about it is in the calendar. The leader who arranges the special meeting has taken note (T-14)."""
    MACHINE.require(issue.state, IssueAct.ARRANGE_MEETING)
    acknowledged = issue
    if issue.state is IssueState.ESCALATED and issue.acknowledged_at is None and by_leader is not None:
        acknowledged = replace(issue, acknowledged_at=now, acknowledged_by=by_leader)
    state = issue.state
    if state is IssueState.ESCALATED and acknowledged.acknowledged_at is not None:
        state = IssueState.SPECIAL_MEETING
    return replace(acknowledged, state=MACHINE.after(issue.state, IssueAct.ARRANGE_MEETING, state), meeting=meeting)


def meeting_called_off(issue: Issue) -> Issue:
    """The meeting will not take place; that one is owed stays as it is (3.9)."""
    MACHINE.require(issue.state, IssueAct.ARRANGE_MEETING)
    return replace(issue, meeting=None)


def meeting_held(issue: Issue, meeting: Code, *, ended_at: datetime) -> Issue:
    """The meeting ended: T-13b or T-14b is met."""
    MACHINE.require(issue.state, IssueAct.HOLD_MEETING)
    return replace(issue, meeting=meeting, met_at=ended_at)


def acknowledged(issue: Issue, *, by: PersonId, now: datetime) -> Issue:
    """The leader has taken note (T-14); with the special meeting arranged it waits for that meeting.

    Raises RuleViolation `stale_card`, also for a second time.
    """
    MACHINE.require(issue.state, IssueAct.ACKNOWLEDGE)
    if issue.acknowledged_at is not None:
        raise RuleViolation("stale_card", {"state": MACHINE.state_key(issue.state)})
    state = IssueState.SPECIAL_MEETING if issue.meeting is not None else IssueState.ESCALATED
    return replace(
        issue,
        state=MACHINE.after(issue.state, IssueAct.ACKNOWLEDGE, state),
        acknowledged_at=now,
        acknowledged_by=by,
    )


# ---------------------------------------------------------------- solution


def solved_by(
    issue: Issue,
    lines: Sequence[Solution],
    *,
    plan_change: bool | None,
    done_at: DoneAt = DoneAt.EXECUTING,
    now: datetime,
) -> Issue:
    """The solution with an owner and a date in every line; it is executed from now on (R-96, R-98, R-99; A-07).

    Raises RuleViolation `stale_card`, `issue_meeting_first`, `issue_solution_empty`, `issue_plan_change_open`,
    `issue_due_in_past`.
    """
    MACHINE.require(issue.state, IssueAct.RECORD_SOLUTION)
    is_major = issue.state is IssueState.SPECIAL_MEETING
    if not is_major and issue.met_at is None:
        raise RuleViolation("issue_meeting_first", {"code": issue.code})
    if not lines:
        raise RuleViolation("issue_solution_empty")
    if any(line.due_at <= now for line in lines):
        raise RuleViolation("issue_due_in_past")
    if is_major and plan_change is None:
        raise RuleViolation("issue_plan_change_open")
    is_important, in_time = issue.grade is Grade.IMPORTANT, issue.in_time
    keeps_limit = is_important and done_at is DoneAt.RESOLVED
    if is_important and not keeps_limit and issue.due_at is not None:
        in_time = now <= issue.due_at
    return replace(
        issue,
        state=MACHINE.after(issue.state, IssueAct.RECORD_SOLUTION, IssueState.EXECUTING),
        solution=tuple(lines),
        solution_at=now,
        plan_change=plan_change,
        due_at=issue.due_at if keeps_limit else latest(lines),
        clock_from=issue.clock_from if keeps_limit else None,
        step_due_at=None,
        in_time=in_time,
    )


def latest(lines: Iterable[Solution]) -> datetime:
    """The date of a solution of several lines (L-28)."""
    return max(line.due_at for line in lines)


def task_made(issue: Issue, task: Code) -> Issue:
    """The next line of the solution that has no task yet gets this one; tasks come in the order of the lines."""
    lines = list(issue.solution)
    for number, line in enumerate(lines):
        if line.task is None:
            lines[number] = replace(line, task=task)
            break
    return replace(issue, solution=tuple(lines))


def owners(issue: Issue) -> tuple[DepartmentId, ...]:
    """Whose result it is: of the departments in the solution, while there is none of lead and cooperating ones (3.7)."""
    return tuple(dict.fromkeys(line.department for line in issue.solution)) or issue.handlers


# ---------------------------------------------------------------- result


def sides_missing(issue: Issue, named: Iterable[DepartmentId]) -> tuple[DepartmentId, ...]:
    """Departments that a result of a general issue still has to name: the lead, and one that cooperates (R-95)."""
    known = set(named)
    lead = () if issue.lead is None or issue.lead in known else (issue.lead,)
    coop = () if not issue.coop or known & set(issue.coop) else issue.coop
    return (*lead, *coop)


def result_given(issue: Issue, text: str, *, by: PersonId, now: datetime) -> Issue:
    """What came of it. Whether it was in time is judged now unless it was judged before, as for an important issue when
    execution began (A-07) or for one that was reopened (K4).

    Raises RuleViolation `stale_card`, `issue_result_short`.
    """
    MACHINE.require(issue.state, IssueAct.GIVE_RESULT)
    if sum(1 for c in text if not c.isspace()) < SHORTEST_RESULT:
        raise RuleViolation("issue_result_short", {"shortest": SHORTEST_RESULT})
    in_time = issue.in_time if issue.in_time is not None else issue.due_at is None or now <= issue.due_at
    return replace(
        issue,
        state=MACHINE.after(issue.state, IssueAct.GIVE_RESULT, IssueState.RESOLVED),
        result=text,
        results=issue.results + 1,
        resolved_at=now,
        resolved_by=by,
        in_time=in_time,
        confirmed_at=None,
        confirmed_by=None,
    )


def confirmed(issue: Issue, *, by: PersonId, now: datetime) -> Issue:
    """The finder says that it is solved. Raises RuleViolation `stale_card`, also for a second time."""
    MACHINE.require(issue.state, IssueAct.CONFIRM)
    if issue.is_confirmed:
        raise RuleViolation("stale_card", {"state": MACHINE.state_key(issue.state)})
    return replace(issue, confirmed_at=now, confirmed_by=by)


def not_solved(issue: Issue, *, reason: str, due_at: datetime, now: datetime) -> Issue:
    """The finder says that it is not; its clock begins again and the counter goes up (3.7)."""
    MACHINE.require(issue.state, IssueAct.NOT_SOLVED)
    return _back(issue, IssueAct.NOT_SOLVED, reason=reason, due_at=due_at, in_time=None, now=now)


# ---------------------------------------------------------------- end


def closed(issue: Issue, *, by: PersonId, now: datetime, confirm_by: datetime | None, reason: str = "") -> Issue:
    """Closed with the finder's word; without it only after T-12c and with a reason (R-101).

    Raises RuleViolation `stale_card`, `issue_not_confirmed`, `reason_required`.
    """
    MACHINE.require(issue.state, IssueAct.CLOSE)
    if not issue.is_confirmed:
        if confirm_by is None or now < confirm_by:
            raise RuleViolation("issue_not_confirmed", {"code": issue.code})
        if not reason:
            raise RuleViolation("reason_required")
    return replace(
        issue,
        state=MACHINE.after(issue.state, IssueAct.CLOSE, IssueState.CLOSED),
        closed_at=now,
        closed_by=by,
        is_unconfirmed=not issue.is_confirmed,
        reason=reason or issue.reason,
    )


def reopened(issue: Issue, *, reason: str, due_at: datetime, until: datetime | None, now: datetime) -> Issue:
    """It is back in hand, and counts as not in time (K4). `until` is the finder's limit; None for the secretary.

    Raises RuleViolation `stale_card`, `issue_reopen_late`.
    """
    MACHINE.require(issue.state, IssueAct.REOPEN)
    if until is not None and now > until:
        raise RuleViolation("issue_reopen_late", {"code": issue.code})
    return _back(issue, IssueAct.REOPEN, reason=reason, due_at=due_at, in_time=False, now=now)


def _back(issue: Issue, act: IssueAct, *, reason: str, due_at: datetime, in_time: bool | None, now: datetime) -> Issue:
    return replace(
        issue,
        state=MACHINE.after(issue.state, act, at_work(issue)),
        reopened=issue.reopened + 1,
        reopened_at=now,
        reason=reason,
        due_at=due_at,
        clock_from=now,
        in_time=in_time,
        resolved_at=None,
        resolved_by=None,
        confirmed_at=None,
        confirmed_by=None,
        closed_at=None,
        closed_by=None,
        is_unconfirmed=False,
    )
