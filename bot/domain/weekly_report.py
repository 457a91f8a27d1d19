"""What the weekly report counts (domain.md 6.2; R-02, R-61, R-81). Numbers and lines only; sentences are made elsewhere.

Level-2 objects are counted in the last section and nowhere else; of level-1 objects number and state are shown, no title (2.5).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.domain.calendar import Calendars
from bot.domain.conflict import Conflict, ConflictKind, ConflictState
from bot.domain.document import Document, DocumentState
from bot.domain.form import NONE, text_of
from bot.domain.ids import DepartmentId
from bot.domain.issue import Grade, Issue, IssueState
from bot.domain.item import Item, ItemState
from bot.domain.item_light import Colour, Light, light
from bot.domain.liaison_change import LiaisonChange
from bot.domain.meeting import Attendance, Meeting, MeetingKind, MeetingState, Presence
from bot.domain.minutes import Minutes, MinutesState
from bot.domain.obligation import Obligation
from bot.domain.plan import Plan, PlanState
from bot.domain.progress_report import ProgressReport, ReportState
from bot.domain.reply_clock import ClockState, ReplyClock
from bot.domain.response import ResponseFigures, one_decimal, response_figures
from bot.domain.task import Task, TaskState

#: a department's rate is shown from so many counted clocks (6.2 item 6)
SAMPLE = 5
CONFIDENTIAL = 2
_REST = frozenset({ItemState.ARCHIVED, ItemState.TERMINATED})
_CONCLUDED = frozenset({ConflictState.SETTLED, ConflictState.RULED, ConflictState.CLOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of so many; `percent` with one decimal, None of nothing."""

    part: int
    whole: int

    @property
    def percent(self) -> Decimal | None:
        """Half up."""
        return one_decimal(Decimal(100) * self.part / self.whole) if self.whole else None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekInput:
    """Everything that exists at the cut-off, as the repositories know it."""

    #: the ISO week, `2026-W38`, and the instants between which things are counted
    week: str
    start: datetime
    end: datetime
    departments: Sequence[DepartmentId]
    items: Sequence[Item]
    plans: Sequence[Plan]
    tasks: Sequence[Task]
    reports: Sequence[ProgressReport]
    issues: Sequence[Issue]
    conflicts: Sequence[Conflict]
    meetings: Sequence[Meeting]
    minutes: Sequence[Minutes]
    documents: Sequence[Document]
    changes: Sequence[LiaisonChange]
    clocks: Sequence[ReplyClock]
    obligations: Sequence[Obligation]
    stale_days: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Coloured:
    """An item that is not green, with its light."""

    item: Item
    light: Light


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What a department says in the meeting: of each item that it leads the report, or that there is none."""

    department: DepartmentId
    #: (item, done, problems, next) of submitted reports
    reports: tuple[tuple[Item, str, str, str], ...]
    #: items whose report is not there
    missing: tuple[Item, ...]
    #: tasks of the department: finished in the week, still open, late
    finished: int
    open: int
    late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldMeeting:
    """One meeting of the week with its length."""

    meeting: Meeting
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Aims:
    """The four aims of the plan with one figure each (R-02)."""

    process: Share
    duty_conflicts: int
    reports: Share
    tasks: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyReport:
    """The figures of one edition, section by section."""

    week: str
    start: datetime
    end: datetime
    aims: Aims
    lights: Mapping[Colour, int]
    coloured: tuple[Coloured, ...]
    departments: tuple[Reported, ...]
    issues_opened: int
    issues_closed: int
    issues_open: Mapping[Grade | None, int]
    issues_overdue: int
    issues_reopened: int
    oldest: tuple[Issue, ...]
    conflicts_opened: int
    conflicts_settled: int
    conflicts_ruled: int
    conflicts_open: int
    response: ResponseFigures
    response_of: Mapping[DepartmentId, Share]
    held: tuple[HeldMeeting, ...]
    minutes_on_time: Share
    synced: tuple[DepartmentId, ...]
    documents: int
    noncompliant: int
    stale: int
    emergencies: tuple[str, ...]
    waived: tuple[str, ...]
    regraded: tuple[str, ...]
    extended: tuple[str, ...]
    provisional: tuple[str, ...]
    confidential: int


def compose(given: WeekInput, calendars: Calendars) -> WeeklyReport:
    """Count. Pure: the same input always makes the same report."""
    visible = _visible(given)
    today = calendars.local(given.end).date()
    lights = {item.code: _light(item, visible, given.end, today) for item in visible.items if item.state not in _REST}
    active = [item for item in visible.items if item.code in lights]
    response = response_figures(visible.clocks, start=given.start, end=given.end)
    conflicts = visible.conflicts
    return WeeklyReport(
        week=given.week,
        start=given.start,
        end=given.end,
        aims=_aims(visible),
        lights=Counter(one.colour for one in lights.values()),
        coloured=tuple(
            Coloured(item=item, light=lights[item.code])
            for item in sorted(active, key=lambda i: (lights[i.code].colour is not Colour.RED, i.code))
            if lights[item.code].colour is not Colour.GREEN
        ),
        departments=tuple(_reported(department, visible) for department in given.departments),
        issues_opened=_count((i.filed_at for i in visible.issues), given),
        issues_closed=_count((i.closed_at for i in visible.issues), given),
        issues_open=Counter(i.grade for i in visible.issues if i.is_open),
        issues_overdue=sum(_is_overdue(i, given.end) for i in visible.issues),
        issues_reopened=sum(i.reopened > 0 and i.is_open for i in visible.issues),
        oldest=tuple(sorted((i for i in visible.issues if i.is_open), key=lambda i: (i.filed_at, i.code))[:3]),
        conflicts_opened=_count((c.filed_at for c in conflicts), given),
        conflicts_settled=_concluded(conflicts, given, has_ruling=False),
        conflicts_ruled=_concluded(conflicts, given, has_ruling=True),
        conflicts_open=sum(c.state not in _CONCLUDED | {ConflictState.WITHDRAWN} for c in conflicts),
        response=response,
        response_of={d: _response(d, visible.clocks, given) for d in given.departments},
        held=tuple(_held(visible.meetings, given)),
        minutes_on_time=_minutes(visible, given),
        synced=_synced(visible.meetings, given),
        documents=sum(d.state is not DocumentState.MISSING for d in visible.documents),
        noncompliant=sum(d.state is DocumentState.NONCOMPLIANT for d in visible.documents),
        stale=sum(_is_stale(d, given) for d in visible.documents),
        emergencies=tuple(c.code for c in given.changes if c.is_emergency and _within(c.announced_at, given)),
        waived=tuple(c.code for c in visible.clocks if c.state is ClockState.WAIVED and _within(c.ended_at, given)),
        regraded=tuple(i.code for i in visible.issues if any(_within(g.at, given) for g in i.gradings[1:])),
        extended=tuple(
            t.code
            for t in visible.tasks
            if any(_within(e.granted_at, given) and not e.is_refused for e in t.extensions)
        ),
        provisional=tuple(sorted({o.code for o in visible.obligations if o.is_provisional})),
        confidential=_confidential(given),
    )


def _visible(given: WeekInput) -> WeekInput:
    """The same without level-2 objects."""
    return WeekInput(
        week=given.week,
        start=given.start,
        end=given.end,
        departments=given.departments,
        items=[i for i in given.items if i.secrecy < CONFIDENTIAL],
        plans=[p for p in given.plans if p.secrecy < CONFIDENTIAL],
        tasks=[t for t in given.tasks if t.secrecy < CONFIDENTIAL],
        reports=[r for r in given.reports if r.secrecy < CONFIDENTIAL],
        issues=[i for i in given.issues if i.secrecy < CONFIDENTIAL],
        conflicts=[c for c in given.conflicts if c.secrecy < CONFIDENTIAL],
        meetings=[m for m in given.meetings if m.secrecy < CONFIDENTIAL],
        minutes=[m for m in given.minutes if m.secrecy < CONFIDENTIAL],
        documents=[d for d in given.documents if d.secrecy < CONFIDENTIAL],
        changes=given.changes,
        clocks=[c for c in given.clocks if c.secrecy < CONFIDENTIAL],
        obligations=[o for o in given.obligations if o.secrecy < CONFIDENTIAL],
        stale_days=given.stale_days,
    )


def _confidential(given: WeekInput) -> int:
    """Level-2 objects that are not finished, once each."""
    items = {str(i.code) for i in given.items if i.secrecy >= CONFIDENTIAL and i.state not in _REST}
    issues = {str(i.code) for i in given.issues if i.secrecy >= CONFIDENTIAL and i.is_open}
    others = {o.code for o in given.obligations if o.secrecy >= CONFIDENTIAL}
    return len(items | issues | others)


def _within(at: datetime | None, given: WeekInput) -> bool:
    return at is not None and given.start < at <= given.end


def _count(instants: Iterable[datetime | None], given: WeekInput) -> int:
    """How many of these instants fall into the week."""
    return sum(_within(at, given) for at in instants)


# ---------------------------------------------------------------- sections


def _aims(given: WeekInput) -> Aims:
    active = [i for i in given.items if i.state not in _REST]
    effective = {p.item for p in given.plans if p.state is PlanState.EFFECTIVE}
    in_order = [i for i in active if i.request and (i.code in effective or not i.plan)]
    due = [
        r for r in given.reports if r.week == given.week and r.due_at <= given.end and r.state is not ReportState.VOID
    ]
    owed = [r for r in due if r.state is not ReportState.WAIVED]
    ended = [t for t in given.tasks if t.state is TaskState.DONE and _within(t.done_at, given)]
    late = [t for t in given.tasks if t.is_open and t.done_at is None and _within(t.due_at, given)]
    return Aims(
        process=Share(part=len(in_order), whole=len(active)),
        duty_conflicts=sum(
            c.kind is ConflictKind.DUTY and c.state not in _CONCLUDED | {ConflictState.WITHDRAWN}
            for c in given.conflicts
        ),
        reports=Share(part=sum(r.state is ReportState.SUBMITTED for r in owed), whole=len(owed)),
        tasks=Share(
            part=sum(t.done_at is not None and t.done_at <= t.due_at for t in ended), whole=len(ended) + len(late)
        ),
    )


def _light(item: Item, given: WeekInput, now: datetime, today: date) -> Light:
    tasks = [t for t in given.tasks if t.item == item.code]
    issues = [i for i in given.issues if i.item == item.code]
    return light(item, tasks, issues, now=now, today=today)


def _reported(department: DepartmentId, given: WeekInput) -> Reported:
    items = {i.code: i for i in given.items if i.lead == department}
    own = [r for r in given.reports if r.week == given.week and r.item in items]
    there = [r for r in own if r.state in {ReportState.SUBMITTED, ReportState.LATE}]
    tasks = [t for t in given.tasks if t.department == department]
    return Reported(
        department=department,
        reports=tuple((items[r.item], _said(r, "done"), _said(r, "problems"), _said(r, "next")) for r in there),
        missing=tuple(items[r.item] for r in own if r.state in {ReportState.OPEN, ReportState.MISSING}),
        finished=sum(_within(t.done_at, given) for t in tasks),
        open=sum(t.is_open for t in tasks),
        late=sum(t.is_open and t.done_at is None and t.due_at < given.end and t.frozen_at is None for t in tasks),
    )


def _said(report: ProgressReport, key: str) -> str:
    return text_of(report.content, key) or NONE


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
        if meeting.started_at is not None and meeting.ended_at is not None and _within(meeting.ended_at, given):
            length = meeting.ended_at - meeting.started_at
            yield HeldMeeting(meeting=meeting, minutes=round(length / timedelta(minutes=1)))


def _minutes(given: WeekInput, week: WeekInput) -> Share:
    due = [m for m in given.minutes if _within(m.due_at, week)]
    return Share(part=sum(m.state is MinutesState.PUBLISHED and not m.is_late for m in due), whole=len(due))


def _synced(meetings: Iterable[Meeting], given: WeekInput) -> tuple[DepartmentId, ...]:
    """Departments whose liaison was in the week's sync."""
    held = [
        m
        for m in meetings
        if m.kind is MeetingKind.SYNC and m.week == given.week and m.state in {MeetingState.ENDED, MeetingState.CLOSED}
    ]
    present = {a.department for m in held for a in m.attendance if _came(a)}
    return tuple(d for d in given.departments if d in present)


def _came(attendance: Attendance) -> bool:
    return attendance.presence in {Presence.PRESENT, Presence.DELEGATE}


def _is_stale(document: Document, given: WeekInput) -> bool:
    if document.state not in {DocumentState.COMPLIANT, DocumentState.WAIVED}:
        return False
    touched = document.updated_at or document.registered_at
    return given.end - touched > timedelta(days=given.stale_days)
