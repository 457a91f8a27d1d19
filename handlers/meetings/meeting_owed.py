"""What a meeting owes: its progress report, its record, the liaisons' weekly sync (domain.md 5.9 T-17, T-19; 5.7; R-53, L-17)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.directory import Role
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.meeting import Meeting, MeetingKind, MeetingState
from bot.domain.meeting_kind import RecordKind, record_of, record_workdays
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.weekly import same_day_record_due
from bot.routing import Context
from handlers.deadlines import deadlines
from handlers.deadlines.deadlines import Limit

#: a sync may have been moved this far from its week
_WEEK = timedelta(days=7)


def owed_by(context: Context, meeting: Meeting) -> list[Obligation]:
    """The open deadlines that stand under the number of the meeting itself."""
    owed = [*_report(context, meeting), *_record(context, meeting)]
    if meeting.kind is MeetingKind.SYNC and meeting.week:
        first = anchor(context, meeting.week)
        if first is None or first.code == meeting.code:
            owed.extend(_sync(context, meeting))
    return owed


def _report(context: Context, meeting: Meeting) -> Iterator[Obligation]:
    """T-19: the progress report, until it is out or the meeting begins."""
    if meeting.state is not MeetingState.SCHEDULED or not meeting.lacks_report or meeting.report_due_at is None:
        return
    yield _owed(
        context,
        meeting,
        ObligationKind.PROGRESS_REPORT,
        deadlines.limit_at(meeting.report_due_at),
        holder=liaison(context, meeting.lead),
        department=meeting.lead,
    )


def _record(context: Context, meeting: Meeting) -> Iterator[Obligation]:
    """The opinion and the result of an acceptance count as 纪要 under the meeting's number (6.1), a resolution until it has its own."""
    if meeting.state is not MeetingState.ENDED or meeting.record:
        return
    record = record_of(meeting.kind)
    if record in {RecordKind.MINUTES, RecordKind.SYNC_RECORD}:
        return
    kind, holder = ObligationKind.MINUTES, secretary_post(context)
    department = context.world.posts.secretary_department()
    if record is RecordKind.RESOLUTION:
        kind, holder, department = ObligationKind.RESOLUTION, liaison(context, meeting.lead), meeting.lead
    limit = record_limit(context, meeting)
    yield _owed(context, meeting, kind, limit, holder=holder, department=department)


def record_limit(context: Context, meeting: Meeting) -> Limit:
    """When the record is due, counted from the actual end (3.9, L-17)."""
    ended = meeting.ended_at or context.now
    days = record_workdays(meeting.kind, context.world.company.parameters)
    if not days:
        return deadlines.limit_at(same_day_record_due(context.world.calendars, ended))
    return deadlines.limit_workdays(context, days, since=ended)


def _sync(context: Context, meeting: Meeting) -> Iterator[Obligation]:
    """One per department and week, until its liaison was at a sync of the week (R-53)."""
    due = sync_due(context, meeting.week)
    if due is None or meeting.state is MeetingState.SKIPPED or not is_current(context, meeting.week):
        return
    met = present_departments(context, meeting.week)
    for department in context.world.directory.departments:
        if not context.world.posts.has_clocks(department.id) or department.id in met:
            continue
        yield _owed(
            context,
            meeting,
            ObligationKind.SYNC,
            deadlines.limit_at(due),
            holder=liaison(context, department.id),
            department=department.id,
            slot=department.id,
        )


def _owed(
    context: Context,
    meeting: Meeting,
    kind: ObligationKind,
    limit: Limit,
    *,
    holder: PersonId | None,
    department: DepartmentId | None,
    slot: str = "",
) -> Obligation:
    return deadlines.owed(
        context,
        meeting.code,
        kind,
        standing(context, meeting.code, kind, limit),
        title=meeting.title,
        holder=holder,
        department=department,
        slot=slot,
        item=meeting.item or "",
        secrecy=meeting.secrecy,
        access=meeting.access,
        detail=meeting.kind.value,
        lead=meeting.lead,
        coop=meeting.coop,
    )


def standing(context: Context, code: str, kind: ObligationKind, limit: Limit) -> Limit:
    """A limit that was counted before keeps the date to which the calendar has moved it meanwhile (EC-20, EC-21)."""
    known = context.uow.obligations.get(Obligation.key_for(code, kind))
    is_same = known is not None and (known.counted_from, known.workdays) == (limit.counted_from, limit.workdays)
    return replace(limit, due_at=known.due_at) if known is not None and is_same and limit.workdays else limit


# ---------------------------------------------------------------- who


def secretary_post(context: Context) -> PersonId | None:
    """Who holds the post of executive secretary; who acts is resolved when it is used."""
    holder = next(iter(context.world.directory.holders(Role.SECRETARY)), None)
    return holder.id if holder is not None else context.world.posts.secretary()


def liaison(context: Context, department: DepartmentId | None) -> PersonId | None:
    """The first liaison of a department, else its head."""
    if department is None:
        return None
    posts = context.world.posts
    return next(iter(posts.liaisons(department)), None) or posts.head_post(department)


# ---------------------------------------------------------------- the week of a sync


def syncs_of(context: Context, week: str) -> list[Meeting]:
    """Every liaison sync of an ISO week, in the order of their numbers."""
    monday = monday_of(week)
    start = datetime.combine(monday, datetime.min.time(), context.world.calendars.zone)
    found = context.uow.meetings.between("at", start - _WEEK, start + 2 * _WEEK)
    return sorted((m for m in found if m.kind is MeetingKind.SYNC and m.week == week), key=lambda m: m.code)


def anchor(context: Context, week: str) -> Meeting | None:
    """The sync under whose number the departments owe the talk of that week: the first that was not skipped."""
    found = syncs_of(context, week)
    return next((m for m in found if m.state is not MeetingState.SKIPPED), None)


def present_departments(context: Context, week: str) -> frozenset[DepartmentId]:
    """Departments whose liaison was at a sync of that week (R-53)."""
    return frozenset(
        line.department
        for meeting in syncs_of(context, week)
        if meeting.was_held
        for line in meeting.attendance
        if line.counts_as_present and line.department is not None
    )


def sync_due(context: Context, week: str) -> datetime | None:
    """End of business of the week's last working day; None for a week without one (5.7)."""
    calendars = context.world.calendars
    year, number = iso_week(week)
    day = calendars.last_workday_of_week(year, number)
    return calendars.end_of_day(day) if day is not None else None


def week_name(day: date) -> str:
    """`2026-W38`."""
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02d}"


def iso_week(week: str) -> tuple[int, int]:
    """Year and number of `2026-W38`."""
    year, _, number = week.partition("-W")
    return int(year), int(number)


def monday_of(week: str) -> date:
    """The first day of an ISO week."""
    return date.fromisocalendar(*iso_week(week), 1)


def is_current(context: Context, week: str) -> bool:
    """Does the week run now, or lie ahead?"""
    return monday_of(week) + _WEEK > context.world.calendars.local(context.now).date()
