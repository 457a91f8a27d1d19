"""How the weekly report counts (domain.md 6.2; R-02, R-61, R-81). Numbers and lines only; sentences are made elsewhere.

Level-2 objects are counted in the last section and nowhere else; of level-1 objects number and state are shown, no title (2.5).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.calendar import Calendars
from bot.domain.conflict import Conflict, ConflictKind, ConflictState
from bot.domain.document import Document, DocumentState
from bot.domain.form import NONE, text_of
from bot.domain.ids import DepartmentId
from bot.domain.issue import Issue, IssueState
from bot.domain.item import Item, ItemState, Level
from bot.domain.item_light import Colour, Light, is_late, light
from bot.domain.meeting import Meeting, MeetingKind
from bot.domain.minutes import Minutes, MinutesState
from bot.domain.plan import PlanState
from bot.domain.progress_report import ProgressReport, ReportState
from bot.domain.reply_clock import ClockState, ReplyClock
from bot.domain.response import response_figures
from bot.domain.task import TaskState
from bot.domain.weekly_figures import (
    Aims,
    Coloured,
    Exceptions,
    HeldMeeting,
    Reported,
    Said,
    Share,
    WeekInput,
    WeeklyReport,
)

#: so many of the oldest open issues are named (6.2 item 4)
OLDEST = 3
CONFIDENTIAL = 2
_REST = frozenset({ItemState.ARCHIVED, ItemState.TERMINATED})
_CONCLUDED = frozenset({ConflictState.SETTLED, ConflictState.RULED, ConflictState.CLOSED, ConflictState.WITHDRAWN})


def compose(given: WeekInput, calendars: Calendars) -> WeeklyReport:
    """Count. Pure: the same input always makes the same report."""
    visible = _visible(given)
    today = calendars.local(given.end).date()
    active = [item for item in visible.items if item.state not in _REST]
    coloured = [Coloured(item=item, light=_light(item, visible, given.end, today)) for item in active]
    issues, conflicts, documents = visible.issues, visible.conflicts, visible.documents
    synced = _synced(visible.meetings, given)
    return WeeklyReport(
        week=given.week,
        start=given.start,
        end=given.end,
        aims=_aims(visible),
        lights=Counter(one.light.colour for one in coloured),
        coloured=tuple(sorted((one for one in coloured if one.light.colour is not Colour.GREEN), key=_by_colour)),
        departments=tuple(_reported(department, visible) for department in given.departments),
        issues_opened=_count((i.filed_at for i in issues), given),
        issues_closed=_count((i.closed_at for i in issues), given),
        issues_open=Counter(i.grade for i in issues if i.is_open),
        issues_overdue=sum(_is_overdue(i, given.end) for i in issues),
        issues_reopened=_count((i.reopened_at for i in issues), given),
        oldest=tuple(sorted((i for i in issues if i.is_open), key=lambda i: (i.filed_at, i.code))[:OLDEST]),
        conflicts_opened=_count((c.filed_at for c in conflicts), given),
        conflicts_settled=_concluded(conflicts, given, has_ruling=False),
        conflicts_ruled=_concluded(conflicts, given, has_ruling=True),
        conflicts_open=sum(c.state not in _CONCLUDED for c in conflicts),
        response=response_figures(visible.clocks, start=given.start, end=given.end),
        response_of={d: _response(d, visible.clocks, given) for d in given.departments},
        held=tuple(_held(visible.meetings, given)),
        minutes_on_time=_minutes(visible.minutes, given),
        synced=synced,
        unsynced=tuple(d for d in given.departments if d not in synced),
        documents=sum(d.is_active for d in documents),
        noncompliant=sum(d.state is DocumentState.NONCOMPLIANT for d in documents),
        stale=sum(_is_stale(d, given) for d in documents),
        exceptions=_exceptions(visible),
        confidential=given.confidential,
    )


def _by_colour(one: Coloured) -> tuple[bool, str]:
    """Red before yellow."""
    return one.light.colour is not Colour.RED, one.item.code


def _visible(given: WeekInput) -> WeekInput:
    """The same without level-2 objects (L-21)."""
    return replace(
        given,
        items=[i for i in given.items if i.secrecy < CONFIDENTIAL],
        plans=[p for p in given.plans if p.secrecy < CONFIDENTIAL],
        tasks=[t for t in given.tasks if t.secrecy < CONFIDENTIAL],
        reports=[r for r in given.reports if r.secrecy < CONFIDENTIAL],
        issues=[i for i in given.issues if i.secrecy < CONFIDENTIAL],
        conflicts=[c for c in given.conflicts if c.secrecy < CONFIDENTIAL],
        meetings=[m for m in given.meetings if m.secrecy < CONFIDENTIAL],
        minutes=[m for m in given.minutes if m.secrecy < CONFIDENTIAL],
        documents=[d for d in given.documents if d.secrecy < CONFIDENTIAL],
        clocks=[c for c in given.clocks if c.secrecy < CONFIDENTIAL],
        obligations=[o for o in given.obligations if o.secrecy < CONFIDENTIAL],
    )


def _within(at: datetime | None, given: WeekInput) -> bool:
    return at is not None and given.start < at <= given.end


def _count(instants: Iterable[datetime | None], given: WeekInput) -> int:
    """How many of these instants fall into the week."""
    return sum(_within(at, given) for at in instants)


# ---------------------------------------------------------------- sections


def _aims(given: WeekInput) -> Aims:
    return Aims(
        process=_process(given),
        duty_conflicts=sum(c.kind is ConflictKind.DUTY and c.state not in _CONCLUDED for c in given.conflicts),
        reports=_reports(given),
        tasks=_tasks(given),
    )


def _process(given: WeekInput) -> Share:
    """Items with an approved request and, where they are special, a plan in force; routine ones need none (A-02)."""
    active = [i for i in given.items if i.state not in _REST]
    effective = {p.item for p in given.plans if p.state is PlanState.EFFECTIVE}
    in_order = [i for i in active if i.request and (i.level is Level.ROUTINE or i.code in effective)]
    return Share(part=len(in_order), whole=len(active))


def _reports(given: WeekInput) -> Share:
    """Reports of the week that were due, and those of them that came in time."""
    no_duty = {ReportState.VOID, ReportState.WAIVED}
    due = [r for r in given.reports if r.week == given.week and r.due_at <= given.end and r.state not in no_duty]
    return Share(part=sum(r.state is ReportState.SUBMITTED for r in due), whole=len(due))


def _tasks(given: WeekInput) -> Share:
    """Tasks with their date in the week, and those of them that were done by then; a slow confirmer does not count."""
    due = [t for t in given.tasks if _within(t.due_at, given) and t.state is not TaskState.CANCELLED]
    counted = [t for t in due if t.done_at is not None or t.frozen_at is None]
    return Share(part=sum(t.done_at is not None and not t.is_late for t in counted), whole=len(counted))


def _light(item: Item, given: WeekInput, now: datetime, today: date) -> Light:
    tasks = [t for t in given.tasks if t.item == item.code]
    issues = [i for i in given.issues if i.item == item.code]
    return light(item, tasks, issues, now=now, today=today)


def _reported(department: DepartmentId, given: WeekInput) -> Reported:
    items = {i.code: i for i in given.items if i.lead == department}
    own = [r for r in given.reports if r.week == given.week and r.item in items]
    owed = [r for r in own if r.state in {ReportState.OPEN, ReportState.MISSING}]
    tasks = [t for t in given.tasks if t.department == department]
    return Reported(
        department=department,
        reports=tuple(_said(items[r.item], r) for r in own if r.is_submitted),
        missing=tuple(items[r.item] for r in owed if r.due_at <= given.end),
        awaited=tuple(items[r.item] for r in owed if r.due_at > given.end),
        finished=sum(t.state is TaskState.DONE and _within(t.confirmed_at or t.done_at, given) for t in tasks),
        open=sum(t.is_open for t in tasks),
        late=sum(is_late(t, now=given.end) for t in tasks),
    )


def _said(item: Item, report: ProgressReport) -> Said:
    done, problems, following = (text_of(report.content, key) or NONE for key in ("done", "problems", "next"))
    return Said(item=item, done=done, problems=problems, next=following, is_late=report.state is ReportState.LATE)


def _is_overdue(issue: Issue, now: datetime) -> bool:
    is_answered = issue.state in {IssueState.RESOLVED, IssueState.CLOSED}
    return issue.is_open and not is_answered and issue.due_at is not None and issue.due_at < now


def _concluded(conflicts: Iterable[Conflict], given: WeekInput, *, has_ruling: bool) -> int:
    return sum(_within(c.concluded_at, given) and bool(c.ruling) is has_ruling for c in conflicts)


def _response(department: DepartmentId, clocks: Sequence[ReplyClock], given: WeekInput) -> Share:
    figures = response_figures([c for c in clocks if c.department == department], start=given.start, end=given.end)
    return Share(part=figures.on_time, whole=figures.counted)


def _held(meetings: Iterable[Meeting], given: WeekInput) -> Iterable[HeldMeeting]:
    for meeting in sorted(meetings, key=lambda m: (m.start_at, m.code)):
        length = meeting.duration
        if length is not None and _within(meeting.ended_at, given):
            yield HeldMeeting(meeting=meeting, minutes=round(length / timedelta(minutes=1)))


def _minutes(minutes: Iterable[Minutes], given: WeekInput) -> Share:
    """Records whose limit lies in the week, and those of them that were published by then."""
    due = [m for m in minutes if _within(m.due_at, given)]
    return Share(part=sum(m.state is MinutesState.PUBLISHED and not m.is_late for m in due), whole=len(due))


def _synced(meetings: Iterable[Meeting], given: WeekInput) -> tuple[DepartmentId, ...]:
    """Departments whose liaison was in the week's sync."""
    held = [m for m in meetings if m.kind is MeetingKind.SYNC and m.week == given.week and m.was_held]
    present = {a.department for m in held for a in m.attendance if a.counts_as_present}
    return tuple(d for d in given.departments if d in present)


def _is_stale(document: Document, given: WeekInput) -> bool:
    if document.state not in {DocumentState.COMPLIANT, DocumentState.WAIVED}:
        return False
    touched = document.updated_at or document.registered_at
    return given.end - touched > timedelta(days=given.stale_days)


def _exceptions(given: WeekInput) -> Exceptions:
    waived = (c.code for c in given.clocks if c.state is ClockState.WAIVED and _within(c.verdict_at, given))
    regraded = (i.code for i in given.issues if any(_within(g.at, given) for g in i.gradings[1:]))
    extended = (
        t.code for t in given.tasks if any(_within(e.granted_at, given) for e in t.extensions if not e.is_refused)
    )
    return Exceptions(
        emergencies=_sorted(c.code for c in given.changes if c.is_emergency and _within(c.announced_at, given)),
        waived=_sorted(waived),
        regraded=_sorted(regraded),
        extended=_sorted(extended),
        provisional=_sorted(o.code for o in given.obligations if o.is_provisional),
    )


def _sorted(codes: Iterable[str]) -> tuple[str, ...]:
    """Every number once."""
    return tuple(sorted({str(code) for code in codes}))
