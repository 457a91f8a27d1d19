"""The fixed dates of a week: liaison sync and weekly meeting come into being on its Monday (domain.md 5.7, L-17; R-53, R-57).

The sync gets its number first. Both follow the calendar; a week without a working day is skipped.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.domain import meeting_course
from bot.domain.happened import LiaisonChanged, PostsChanged
from bot.domain.ids import CodeKind, PersonId
from bot.domain.meeting import Attendance, Meeting, MeetingKind, MeetingState
from bot.domain.meeting_invitation import Circle, invited, sync_host
from bot.domain.meeting_kind import limit_of, title_of
from bot.domain.minutes import MinutesState
from bot.domain.resolution import ResolutionState
from bot.domain.timers import Timer, TimerKind
from bot.domain.wall_time import instant_at
from bot.domain.weekly import Held, Slot, WeeklyDates, weekly_dates
from bot.routing import Context, Router
from handlers import effects
from handlers.deadlines import deadlines, recurring
from handlers.items import milestones
from handlers.meetings import meeting_notices, meeting_owed, meeting_scheduling, meeting_store
from handlers.numbering import new_code
from handlers.progress import progress_reports
from handlers.records import minutes_store, resolution_store
from handlers.words import words_for

#: the one row of the weekly duty
REF = "week"
_WEEK = timedelta(days=7)
_RECURRING = (MeetingKind.SYNC, MeetingKind.WEEKLY)


def register(router: Router) -> None:
    """Put the weekly duty and the last call on the table."""
    router.timer(TimerKind.WEEK_START, on_week_start)
    router.timer(TimerKind.SYNC_CALL, on_sync_call)
    router.when(PostsChanged, lambda context, _: follow_posts(context))
    router.when(LiaisonChanged, lambda context, _: follow_posts(context))


def arm(context: Context) -> None:
    """See to it that the weekly duty has its row: the first time at once, for the week that runs."""
    recurring.arm(context, TimerKind.WEEK_START, REF, context.now)


def dates_of(context: Context, week: str) -> WeeklyDates:
    """When the weekly meeting and the sync of an ISO week are held by the calendar in force."""
    parameters = context.world.company.parameters
    year, number = meeting_owed.iso_week(week)
    return weekly_dates(
        context.world.calendars,
        year,
        number,
        meeting=Slot(
            weekday=parameters.weekly_meeting_weekday,
            at=time.fromisoformat(parameters.weekly_meeting_at),
            minutes=limit_of(MeetingKind.WEEKLY, parameters),
        ),
        sync=Slot(
            weekday=parameters.weekly_sync_weekday,
            at=time.fromisoformat(parameters.weekly_sync_at),
            minutes=limit_of(MeetingKind.SYNC, parameters),
        ),
        report_at=time.fromisoformat(parameters.weekly_report_at),
    )


def next_weekly(context: Context, after: datetime) -> datetime | None:
    """The start of the first weekly meeting in a later week than that of `after` (F4-16)."""
    monday = _monday(context.world.calendars.local(after).date())
    for weeks in range(1, 6):
        held = dates_of(context, meeting_owed.week_name(monday + weeks * _WEEK)).meeting
        if held is not None:
            return held.start
    return None


# ---------------------------------------------------------------- the Monday


def on_week_start(context: Context, timer: Timer) -> None:
    """The week's sync and meeting, its reports, the last call; and the next Monday is armed in the same transaction."""
    today = context.world.calendars.local(context.now).date()
    week = meeting_owed.week_name(today)
    _close_week(context, meeting_owed.week_name(_monday(today) - _WEEK))
    open_week(context, week, since=timer.due_at)
    progress_reports.open_week(context)
    milestones.look(context)
    context.uow.timers.arm(
        Timer(
            kind=TimerKind.WEEK_START,
            ref=REF,
            due_at=instant_at(_monday(today) + _WEEK, 0, context.world.calendars.zone),
        )
    )


def open_week(context: Context, week: str, *, since: datetime) -> None:
    """What is missing of the week's two meetings comes into being; what lay before `since` is nobody's any more."""
    dates = dates_of(context, week)
    for kind, held in ((MeetingKind.SYNC, dates.sync), (MeetingKind.WEEKLY, dates.meeting)):
        if held is None or held.start < since or _recurring(context, week, kind) is not None:
            continue
        _plan(context, week, kind, held)
    _arm_call(context, week, dates)


def _plan(context: Context, week: str, kind: MeetingKind, held: Held) -> Meeting:
    world = context.world
    host = (
        sync_host(meeting_owed.monday_of(week), world.company.plan.effective_date, world.directory, world.posts)
        if kind is MeetingKind.SYNC
        else meeting_owed.secretary_post(context)
    )
    meeting = Meeting(
        code=new_code(context, CodeKind.MEETING),
        kind=kind,
        state=MeetingState.SCHEDULED,
        title=title_of(kind),
        start_at=held.start,
        planned_end_at=held.end,
        host=host,
        host_department=world.posts.department_of(host) if host is not None else None,
        attendance=invited(kind, Circle(), world.directory, world.posts),
        agenda=meeting_scheduling.DEFAULT_AGENDA[kind],
        limit_minutes=limit_of(kind, world.company.parameters),
        week=week,
        created_at=context.now,
    )
    return meeting_store.save(context, None, meeting, "scheduled")


def _recurring(context: Context, week: str, kind: MeetingKind) -> Meeting | None:
    """The week's own meeting of that kind that was not skipped: the first by number, whoever called it."""
    found = [m for m in _of_week(context, week) if m.kind is kind and m.state is not MeetingState.SKIPPED]
    return min(found, key=lambda m: m.code, default=None)


def _of_week(context: Context, week: str) -> list[Meeting]:
    start = instant_at(meeting_owed.monday_of(week), 0, context.world.calendars.zone)
    return [m for m in context.uow.meetings.between("at", start - _WEEK, start + 2 * _WEEK) if m.week == week]


def _close_week(context: Context, week: str) -> None:
    """A talk of last week that a department missed is not owed any more; the record of it stays."""
    first = meeting_owed.anchor(context, week)
    if first is None:
        return
    missing = [
        d.id
        for d in context.world.directory.departments
        if context.world.posts.has_clocks(d.id) and d.id not in meeting_owed.present_departments(context, week)
    ]
    deadlines.settle(context, first.code, meeting_owed.owed_by(context, first))
    if missing:
        effects.record(context, "sync_week_closed", first.code, facts={"missing": ",".join(missing)})


def _monday(day: date) -> date:
    return day - timedelta(days=day.isoweekday() - 1)


# ---------------------------------------------------------------- the last call


def _arm_call(context: Context, week: str, dates: WeeklyDates) -> None:
    """Thursday 10:00 or the last working day before it (L-17); a call that lies in the past is not made up for."""
    if dates.sync_reminder is None:
        context.uow.timers.cancel(TimerKind.SYNC_CALL, week)
    elif dates.sync_reminder > context.now:
        context.uow.timers.arm(Timer(kind=TimerKind.SYNC_CALL, ref=week, due_at=dates.sync_reminder))


def on_sync_call(context: Context, timer: Timer) -> None:
    """One reminder a week to the liaisons who were at no sync of it yet (R-53, L-17)."""
    first = meeting_owed.anchor(context, timer.ref)
    due = meeting_owed.sync_due(context, timer.ref)
    if first is None or due is None:
        return
    met = meeting_owed.present_departments(context, timer.ref)
    for department in context.world.directory.departments:
        standing = context.world.posts.assignee(department.id)
        if standing is None or not context.world.posts.has_clocks(department.id) or department.id in met:
            continue
        reader = context.world.directory.person(standing.acting)
        if reader is not None:
            words = words_for(context, reader)
            text = words.say("sync_call", department=words.department(department.id), due=words.due(due))
            key = f"sync_call:{timer.ref}:{department.id}:{reader.id}"
            effects.tell(context, reader, effects.text(text), key=key, ref=first.code, is_owed=True)


# ---------------------------------------------------------------- a changed calendar


def follow_calendar(context: Context) -> None:
    """The calendar is another one: what is still ahead of this and later weeks goes where 5.7 puts it now, or is skipped."""
    today = context.world.calendars.local(context.now).date()
    week = meeting_owed.week_name(today)
    if not any(t.kind is TimerKind.WEEK_START for t in context.uow.timers.of(REF)):
        return
    dates = dates_of(context, week)
    for kind, held in ((MeetingKind.SYNC, dates.sync), (MeetingKind.WEEKLY, dates.meeting)):
        meeting = _recurring(context, week, kind)
        if meeting is not None and meeting.state is MeetingState.SCHEDULED:
            _follow(context, meeting, held)
    open_week(context, week, since=context.now)
    for meeting in _of_week(context, week):
        if meeting.kind is MeetingKind.SYNC and meeting.state is not MeetingState.SKIPPED:
            meeting_store.settle(context, meeting)


def _follow(context: Context, meeting: Meeting, held: Held | None) -> None:
    """A date that people moved stays where they put it while that is a working day."""
    calendars = context.world.calendars
    if held is None:
        kept = meeting_store.save(context, meeting, meeting_course.skip(meeting), "skipped")
        meeting_notices.tell(context, kept, "meeting_skipped_told", name="skipped")
        return
    is_moved_by_people = meeting.moves > 0 and calendars.is_workday(calendars.local(meeting.start_at).date())
    if is_moved_by_people or held.start == meeting.start_at or held.start <= context.now:
        return
    shifted = meeting_course.shift(meeting, start_at=held.start, end_at=held.end)
    kept = meeting_store.save(context, meeting, shifted, "shifted")
    name = f"shifted:{held.start.isoformat()}:{kept.version}"
    meeting_notices.tell(context, kept, "meeting_shifted_told", name=name)


# ---------------------------------------------------------------- people who come and go


def follow_posts(context: Context) -> None:
    """Whoever holds a post now is asked to come to what is ahead, and owes what the post owes (R-58, EC-09, 2.6)."""
    for state in (MeetingState.SCHEDULED, MeetingState.ENDED):
        for meeting in context.uow.meetings.find(state=state.value):
            if meeting.kind in _RECURRING and meeting.week and state is MeetingState.SCHEDULED:
                _follow_people(context, meeting)
            else:
                meeting_store.settle(context, meeting)
    for minutes in context.uow.minutes.find(state=MinutesState.DRAFTING.value):
        minutes_store.settle(context, minutes)
    for resolution_state in (ResolutionState.DRAFTING, ResolutionState.PENDING_SIGNATURE):
        for resolution in context.uow.resolutions.find(state=resolution_state.value):
            resolution_store.settle(context, resolution)


def _follow_people(context: Context, meeting: Meeting) -> None:
    """People who left a post go, their successors come; what anybody answered stays."""
    known = {line.person: line for line in meeting.attendance}
    wanted = invited(meeting.kind, Circle(), context.world.directory, context.world.posts)
    lines = tuple(known.get(line.person, line) for line in wanted) + _guests(meeting, wanted)
    host = meeting_owed.secretary_post(context) if meeting.kind is MeetingKind.WEEKLY else _still(context, meeting)
    after = replace(
        meeting,
        attendance=lines,
        host=host,
        host_department=context.world.posts.department_of(host) if host is not None else None,
    )
    if after != meeting:
        meeting_store.save(context, meeting, after, "people_changed")
    else:
        meeting_store.settle(context, meeting)


def _guests(meeting: Meeting, wanted: tuple[Attendance, ...]) -> tuple[Attendance, ...]:
    required = {line.person for line in wanted}
    return tuple(line for line in meeting.attendance if not line.is_required and line.person not in required)


def _still(context: Context, meeting: Meeting) -> PersonId | None:
    """The host of a sync, while that person is a liaison; then the department's next one."""
    posts, department = context.world.posts, meeting.host_department
    if department is None or meeting.host in posts.liaisons(department):
        return meeting.host
    return next(iter(posts.liaisons(department)), None) or meeting.host
