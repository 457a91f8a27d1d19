"""What is owed on an issue, by whom, until when (domain.md 5.9: T-11..T-14b; 2.3; A-06, L-27, L-28)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.domain.ids import DepartmentId, PersonId
from bot.domain.issue import Grade, Issue, IssueState
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.timers import Timer, TimerKind
from bot.routing import Context
from handlers.deadlines import deadlines
from handlers.deadlines.deadlines import Limit, limit_minutes, limit_workdays, owed
from handlers.issues import issue_people as people
from handlers.post_holders import secretary_post

MINUTES_AN_HOUR = 60


def owed_now(context: Context, issue: Issue) -> Iterator[Obligation]:
    """The open deadlines of its state, each with its one holder."""
    match issue.state:
        case IssueState.PENDING_GRADING:
            yield _grading(context, issue)
        case IssueState.NEGOTIATING:
            yield from _handling(context, issue, people.lead_liaison(context, issue), issue.lead)
        case IssueState.COORDINATING:
            yield from _handling(context, issue, people.lead_liaison(context, issue), issue.lead)
            if issue.met_at is None:
                yield from _meeting(context, issue, secretary_post(context))
        case IssueState.ESCALATED | IssueState.SPECIAL_MEETING:
            if issue.acknowledged_at is None and issue.state is IssueState.ESCALATED:
                yield _acknowledgement(context, issue)
            if issue.met_at is None:
                yield from _meeting(context, issue, people.leader_post(context))
            else:
                yield _outcome(context, issue, issue.met_at)
        case IssueState.EXECUTING:
            last = max(issue.solution, key=lambda line: line.due_at, default=None)
            holder = last.owner if last is not None else people.lead_liaison(context, issue)
            yield from _handling(context, issue, holder, last.department if last is not None else issue.lead)
        case IssueState.RESOLVED:
            yield from _ending(context, issue)
        case IssueState.CLOSED | IssueState.MERGED | IssueState.NOT_ACCEPTED:
            pass


def _one(
    context: Context,
    issue: Issue,
    kind: ObligationKind,
    limit: Limit,
    holder: PersonId | None,
    department: DepartmentId | None,
) -> Obligation:
    return owed(
        context,
        issue.code,
        kind,
        limit,
        title=issue.title,
        holder=holder,
        department=department,
        item=issue.item or "",
        secrecy=issue.secrecy,
        access=issue.access,
        detail=issue.grade.value if issue.grade is not None else "",
        lead=issue.lead,
        coop=issue.coop,
    )


def _grading(context: Context, issue: Issue) -> Obligation:
    holder = secretary_post(context)
    if holder == issue.reporter:
        holder = people.grader(context, issue)
    department = context.world.posts.department_of(holder) if holder is not None else None
    since = _filed(issue)
    limit = limit_minutes(context, _grading_minutes(context), department=department, since=since)
    if issue.step_due_at is not None:
        limit = replace(limit, due_at=issue.step_due_at)
    return _one(context, issue, ObligationKind.GRADING, limit, holder, department)


def _grading_minutes(context: Context) -> int:
    return context.world.company.parameters.issue_grade_hours * MINUTES_AN_HOUR


def _filed(issue: Issue) -> datetime:
    return issue.clock_from or issue.filed_at


def grading_limit(context: Context, since: datetime) -> datetime:
    """T-11: four working hours in the secretary's calendar."""
    secretary = secretary_post(context)
    department = context.world.posts.department_of(secretary) if secretary is not None else None
    return limit_minutes(context, _grading_minutes(context), department=department, since=since).due_at


def handling_days(context: Context, issue: Issue) -> int:
    """T-12 or T-13 in working days. A major issue that comes back has as long as an important one."""
    parameters = context.world.company.parameters
    return parameters.issue_general_wd if issue.grade is Grade.GENERAL else parameters.issue_important_wd


def _handling(
    context: Context, issue: Issue, holder: PersonId | None, department: DepartmentId | None
) -> Iterator[Obligation]:
    if issue.due_at is None:
        return
    days = handling_days(context, issue) if issue.clock_from is not None else 0
    limit = Limit(due_at=issue.due_at, counted_from=issue.clock_from, workdays=days)
    yield _one(context, issue, ObligationKind.ISSUE, limit, holder, department)


def _meeting(context: Context, issue: Issue, holder: PersonId | None) -> Iterator[Obligation]:
    if issue.step_due_at is None:
        return
    parameters = context.world.company.parameters
    is_major = issue.grade is Grade.MAJOR
    days = parameters.issue_special_wd if is_major else parameters.issue_coord_wd
    limit = Limit(due_at=issue.step_due_at, counted_from=issue.gradings[-1].at, workdays=days)
    department = context.world.posts.department_of(holder) if holder is not None else None
    yield _one(context, issue, ObligationKind.MEETING, limit, holder, department)


def _acknowledgement(context: Context, issue: Issue) -> Obligation:
    leader = people.leader_post(context)
    department = context.world.posts.department_of(leader) if leader is not None else None
    minutes = context.world.company.parameters.issue_major_ack_minutes
    limit = limit_minutes(context, minutes, department=department, since=issue.gradings[-1].at)
    return _one(context, issue, ObligationKind.ACKNOWLEDGE, limit, leader, department)


def _outcome(context: Context, issue: Issue, met_at: datetime) -> Obligation:
    """The meeting was held; its outcome has to be recorded (T-17), or the issue would hang with nobody."""
    holder = secretary_post(context)
    limit = limit_workdays(context, context.world.company.parameters.timers_record_wd, since=met_at)
    department = context.world.posts.department_of(holder) if holder is not None else None
    return _one(context, issue, ObligationKind.ISSUE, limit, holder, department)


def _ending(context: Context, issue: Issue) -> Iterator[Obligation]:
    if issue.resolved_at is None:
        return
    confirm_by = confirmation_limit(context, issue.resolved_at)
    if not issue.is_confirmed:
        limit = Limit(due_at=confirm_by, counted_from=issue.resolved_at, workdays=_confirm_days(context))
        yield _one(context, issue, ObligationKind.CONFIRM_RESULT, limit, people.finder(context, issue), issue.found_by)
        if context.now < confirm_by:
            return
    holder = people.leader_post(context) if issue.grade is Grade.MAJOR else secretary_post(context)
    since = issue.confirmed_at or confirm_by
    department = context.world.posts.department_of(holder) if holder is not None else None
    limit = limit_workdays(context, _confirm_days(context), since=since)
    yield _one(context, issue, ObligationKind.CLOSE_ISSUE, limit, holder, department)


def _confirm_days(context: Context) -> int:
    return context.world.company.parameters.issue_confirm_wd


def confirmation_limit(context: Context, resolved_at: datetime) -> datetime:
    """T-12c."""
    return limit_workdays(context, _confirm_days(context), since=resolved_at).due_at


def settle(context: Context, issue: Issue) -> None:
    """Its deadlines as they are now, where only time has passed."""
    deadlines.settle(context, issue.code, list(owed_now(context, issue)))


def watch_acknowledgement(context: Context, issue: Issue) -> None:
    """The leader is reminded while nobody has taken note of a major issue, and only then."""
    is_waiting = issue.state is IssueState.ESCALATED and issue.acknowledged_at is None
    if not is_waiting:
        context.uow.timers.cancel(TimerKind.MAJOR_ACK, issue.code)
    elif issue.ack_reminders == 0:
        arm_acknowledgement(context, issue, issue.gradings[-1].at)


def arm_acknowledgement(context: Context, issue: Issue, since: datetime) -> None:
    """The next look at whether the leader has taken note, 30 working minutes on (T-14, L-27)."""
    leader = people.leader_post(context)
    department = context.world.posts.department_of(leader) if leader is not None else None
    minutes = context.world.company.parameters.issue_major_ack_minutes
    limit = limit_minutes(context, minutes, department=department, since=since)
    context.uow.timers.arm(Timer(kind=TimerKind.MAJOR_ACK, ref=issue.code, due_at=limit.due_at))
