"""When the fixed weekly dates of one ISO week are held: the weekly meeting, the liaison sync, their reminders (5.7, L-17).

Computed anew at every change of the calendar; nothing here is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.calendar import Calendars
from bot.domain.wall_time import resolve_local

#: reminder of the sync: Thursday 10:00, or the last working day before it
REMINDER_WEEKDAY = 4
REMINDER_AT = time(10)
#: a meeting counts as never started this long after its planned end at the earliest
NEVER_STARTED_AFTER = timedelta(hours=2)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A fixed weekly time of the parameters; `weekday` as in ISO, Monday = 1."""

    weekday: int
    at: time
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """When something of a week is held."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyDates:
    """One ISO week. None everywhere means that the week has no working day: skipped, reports waived."""

    meeting: Held | None
    sync: Held | None
    reports_due: datetime | None
    sync_reminder: datetime | None


def weekly_dates(
    calendars: Calendars, year: int, week: int, *, meeting: Slot, sync: Slot, report_at: time
) -> WeeklyDates:
    """The dates of an ISO week after shifting; a sync that would overlap the meeting goes before it."""
    day = calendars.weekly_date(year, week, meeting.weekday)
    sync_day = calendars.weekly_date(year, week, sync.weekday)
    reminder = calendars.weekly_date(year, week, REMINDER_WEEKDAY)
    if day is None or sync_day is None or reminder is None:
        return WeeklyDates(meeting=None, sync=None, reports_due=None, sync_reminder=None)
    held = _held(calendars, day, meeting)
    planned = _held(calendars, sync_day, sync)
    if planned.start < held.end and held.start < planned.end:
        planned = _before(calendars, held.start, sync.minutes)
    return WeeklyDates(
        meeting=held,
        sync=planned,
        reports_due=resolve_local(day, report_at, calendars.zone),
        sync_reminder=resolve_local(reminder, REMINDER_AT, calendars.zone),
    )


def _held(calendars: Calendars, day: date, slot: Slot) -> Held:
    start = resolve_local(day, slot.at, calendars.zone)
    return Held(start=start, end=start + timedelta(minutes=slot.minutes))


def _before(calendars: Calendars, start: datetime, minutes: int) -> Held:
    """The latest stretch of working time without a break in it that ends at `start` or earlier."""
    hours = calendars.company
    length = timedelta(minutes=minutes)
    end = start
    while hours.before(end, minutes) + length < end:
        # A break lies in between, so the end goes to the last closing that leaves the whole length before it.
        end = _last_closing(hours.before(end, minutes), end, calendars)
    return Held(start=end - length, end=end)


def _last_closing(first: datetime, last: datetime, calendars: Calendars) -> datetime:
    """The end of the first counted stretch in `[first, last)`."""
    return calendars.company.segments(first, last)[0].end


def never_started_at(calendars: Calendars, planned_end: datetime) -> datetime:
    """When a meeting of that planned end is judged not held: company close or two hours later, whichever is later (L-17)."""
    closing = calendars.end_of_day(calendars.local(planned_end).date())
    return max(closing, planned_end + NEVER_STARTED_AFTER)


def same_day_record_due(calendars: Calendars, ended_at: datetime) -> datetime:
    """End of the meeting's day; of a meeting that ended after close, the next working day's close (L-17)."""
    closing = calendars.end_of_day(calendars.local(ended_at).date())
    return closing if ended_at <= closing else calendars.add_workdays(ended_at, 1)


def resumed(calendars: Calendars, day: date, *, suspended: date, resumed_on: date) -> date:
    """A task date after a suspension: later by the working days from suspension (counted) to resumption (not) (L-18)."""
    lost = calendars.workdays_between(suspended - _DAY, resumed_on - _DAY)
    for _ in range(lost):
        day = calendars.next_workday(day)
    return day
