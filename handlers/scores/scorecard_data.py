"""Scorecards computed from rows: what exists is read once for a month, each department's card is made of it (domain.md 6.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain import scorecard_entries as counted
from bot.domain.appreciation import Rating
from bot.domain.directory import Person
from bot.domain.document import Document
from bot.domain.ids import DepartmentId
from bot.domain.issue import Issue
from bot.domain.meeting import Meeting, MeetingKind
from bot.domain.progress_report import ProgressReport
from bot.domain.proposal import Proposal, ProposalState
from bot.domain.reply_clock import ReplyClock
from bot.domain.scorecard import (
    Figure,
    Metric,
    Points,
    Scorecard,
    figure,
    halves,
    mean_of_parts,
    part,
    peers,
    scored,
    weekly_part,
)
from bot.domain.scorecard_entries import Period
from bot.domain.task import Task
from bot.routing import Context

_TICK = timedelta(milliseconds=1)
#: records that say something of a task: what the owner does, not what others decide about it
_SAID = frozenset({"task_start", "task_report", "task_block", "task_unblock", "task_mark_done"})
#: proposals whose points count; a withdrawn one does not, an appeal stops nothing yet
_COUNTING = frozenset({ProposalState.CONFIRMED, ProposalState.PUBLISHED, ProposalState.APPEAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Everything of one month that scores are made of."""

    month: str
    period: Period
    weeks: Sequence[tuple[datetime, datetime]]
    clocks: Sequence[ReplyClock]
    tasks: Sequence[Task]
    every_task: Sequence[Task]
    reports: Sequence[ProgressReport]
    issues: Sequence[Issue]
    meetings: Sequence[Meeting]
    documents: Sequence[Document]
    ratings: Sequence[Rating]
    proposals: Sequence[Proposal]


def bounds(context: Context, month: str) -> tuple[datetime, datetime]:
    """The month in company time as `start < instant <= end`."""
    zone = context.world.calendars.zone
    first = first_day(month)
    return (
        datetime.combine(first, time(0), zone) - _TICK,
        datetime.combine(next_first(first), time(0), zone) - _TICK,
    )


def first_day(month: str) -> date:
    """The first of the month."""
    return date.fromisoformat(f"{month}-01")


def next_first(first: date) -> date:
    """The first of the following month."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def gather(context: Context, month: str, *, as_of: datetime, corrected: frozenset[str] = frozenset()) -> Found:
    """Read what belongs to the month."""
    uow, calendars = context.uow, context.world.calendars
    start, end = bounds(context, month)
    first = first_day(month)
    period = Period(
        start=start,
        end=end,
        as_of=as_of,
        workdays=calendars.workdays_between,
        day=lambda at: calendars.local(at).date(),
        corrected=corrected,
    )
    weeks = [
        (datetime.combine(monday, time(0), calendars.zone), datetime.combine(after, time(0), calendars.zone))
        for monday, after in counted.weeks_of(first, next_first(first) - timedelta(days=1))
    ]
    return Found(
        month=month,
        period=period,
        weeks=[(since, until) for since, until in weeks if until <= as_of],
        clocks=uow.clocks.between("verdict_at", start, end),
        tasks=uow.tasks.between("at", start, end),
        every_task=uow.tasks.find(),
        reports=uow.reports.between("at", start, end),
        issues=uow.issues.find(),
        meetings=uow.meetings.between("at", start - timedelta(days=1), end),
        documents=uow.documents.between("at", start, end),
        ratings=uow.ratings.between("at", start, end),
        proposals=uow.proposals.find(),
    )


# ---------------------------------------------------------------- departments


def card_of(context: Context, found: Found, department: DepartmentId) -> Scorecard:
    """The card of a department as everything is now."""
    minus, plus = _points(found, department)
    return scored(
        department,
        found.month,
        _figures(context, found, department),
        as_of=found.period.as_of,
        deductions=minus,
        bonuses=plus,
    )


def _figures(context: Context, found: Found, department: DepartmentId) -> tuple[Figure, ...]:
    period = found.period
    lead = part("lead", counted.reports(found.reports, period, department))
    weeks = counted.updates(found.every_task, found.weeks, department, lambda task: _said(context, task))
    present = part("meetings", counted.attendance(found.meetings, period, department=department))
    acted = part("actions", counted.actions(found.tasks, period, department))
    about = [r for r in found.ratings if r.department == department and r.from_department != department]
    return (
        figure(Metric.REPLIES, counted.replies(found.clocks, period, department=department)),
        figure(Metric.TASKS, counted.tasks(found.tasks, period, department=department)),
        mean_of_parts(Metric.REPORTS, (lead, weekly_part("coop", weeks))),
        figure(Metric.ISSUES, counted.issues(found.issues, period, department)),
        halves(Metric.MEETINGS, (present, acted)),
        figure(Metric.DOCUMENTS, counted.documents(found.documents, period, department=department)),
        peers([(r.item, r.answers) for r in about], len({r.from_department for r in about})),
    )


def _said(context: Context, task: Task) -> list[datetime]:
    """When anything was said of the task by those who do it."""
    return [row.record.at for row in context.uow.audit.of(task.code) if row.record.action in _SAID]


def _points(found: Found, department: DepartmentId) -> tuple[list[Points], list[Points]]:
    """Points of confirmed proposals about the department, in the month of their confirmation."""
    minus: list[Points] = []
    plus: list[Points] = []
    for one in found.proposals:
        if one.department != department or one.person is not None or one.state not in _COUNTING or not one.points:
            continue
        if found.period.has(one.confirmed_at):
            (plus if one.is_award else minus).append(Points(code=one.code, points=abs(one.points)))
    return minus, plus


# ---------------------------------------------------------------- people


def personal_card(found: Found, person: Person) -> Scorecard:
    """Own clocks, own tasks, sync attendance, documents; the same sample rule (6.4)."""
    period = found.period
    syncs = counted.attendance(found.meetings, period, person=person.id, kinds=frozenset({MeetingKind.SYNC}))
    return scored(
        person.department,
        found.month,
        (
            figure(Metric.REPLIES, counted.replies(found.clocks, period, person=person.id)),
            figure(Metric.TASKS, counted.tasks(found.tasks, period, person=person.id)),
            figure(Metric.MEETINGS, syncs),
            figure(Metric.DOCUMENTS, counted.documents(found.documents, period, person=person.id)),
        ),
        as_of=period.as_of,
        person=person.id,
    )
