"""The meeting, the liaison sync and their reminders in ordinary weeks, short weeks and weeks without work."""

from __future__ import annotations

from datetime import time

import pytest

from bot.domain.calendar import Calendars, Override, OverrideKind
from bot.domain.calendar_change import with_overrides
from bot.domain.weekly import Slot, WeeklyDates, never_started_at, resumed, same_day_record_due, weekly_dates
from tests.domain.calendar_cases import at, day, invented_2027, provisional_2027, shown

CALENDARS = provisional_2027()
MEETING = Slot(weekday=5, at=time(14, 30), minutes=90)
SYNC = Slot(weekday=3, at=time(10), minutes=60)


def dates(calendars: Calendars, year: int, week: int, meeting: Slot = MEETING, sync: Slot = SYNC) -> WeeklyDates:
    return weekly_dates(calendars, year, week, meeting=meeting, sync=sync, report_at=time(12))


def told(found: WeeklyDates) -> list[str]:
    assert found.meeting is not None
    assert found.sync is not None
    assert found.reports_due is not None
    assert found.sync_reminder is not None
    return [shown(i) for i in (found.meeting.start, found.sync.start, found.reports_due, found.sync_reminder)]


def test_an_ordinary_week_has_sync_reminder_reports_and_meeting_on_their_days() -> None:
    assert told(dates(CALENDARS, 2026, 48)) == [
        "2026-11-27 14:30",
        "2026-11-25 10:00",
        "2026-11-27 12:00",
        "2026-11-26 10:00",
    ]


def test_before_national_day_meeting_reports_and_reminder_come_earlier() -> None:
    assert told(dates(CALENDARS, 2026, 40)) == [
        "2026-09-30 14:30",
        "2026-09-30 10:00",
        "2026-09-30 12:00",
        "2026-09-30 10:00",
    ]


def test_after_national_day_the_sync_comes_later_because_nothing_earlier_is_left() -> None:
    assert told(dates(CALENDARS, 2026, 41))[1] == "2026-10-08 10:00"


def test_a_week_without_a_working_day_has_nothing() -> None:
    assert dates(invented_2027(), 2027, 6) == WeeklyDates(meeting=None, sync=None, reports_due=None, sync_reminder=None)


@pytest.mark.parametrize(
    ("meeting_at", "sync_at", "held"),
    [
        (time(14, 30), time(15), "13:30-14:30"),
        (time(14, 0), time(13, 30), "11:00-12:00"),
        (time(13, 30), time(14), "11:00-12:00"),
        (time(9, 30), time(10), None),
        (time(14, 30), time(13, 30), "13:30-14:30"),
        (time(14, 30), time(16), "16:00-17:00"),
    ],
)
def test_l_17_a_sync_that_would_overlap_the_meeting_goes_to_the_working_slot_before_it(
    meeting_at: time, sync_at: time, held: str | None
) -> None:
    found = dates(
        CALENDARS, 2026, 40, Slot(weekday=5, at=meeting_at, minutes=90), Slot(weekday=3, at=sync_at, minutes=60)
    )
    assert found.sync is not None
    span = f"{CALENDARS.local(found.sync.start):%H:%M}-{CALENDARS.local(found.sync.end):%H:%M}"
    if held is None:
        assert shown(found.sync.start) == "2026-09-29 17:00"
    else:
        assert (span, CALENDARS.local(found.sync.start).date()) == (held, day("2026-09-30"))


def test_l_17_a_change_of_the_calendar_moves_the_dates_of_the_week() -> None:
    closure = Override(date=day("2026-11-27"), kind=OverrideKind.CLOSURE)
    found = dates(Calendars(with_overrides(CALENDARS.data, [closure])), 2026, 48)
    assert told(found)[0] == "2026-11-26 14:30"


@pytest.mark.parametrize(
    ("planned_end", "judged"),
    [("2026-11-27 16:00", "2026-11-27 18:00"), ("2026-11-27 17:30", "2026-11-27 19:30")],
)
def test_l_17_a_meeting_counts_as_never_started_at_close_or_two_hours_after_its_planned_end(
    planned_end: str, judged: str
) -> None:
    assert shown(never_started_at(CALENDARS, at(planned_end))) == judged


@pytest.mark.parametrize(
    ("ended", "due"),
    [("2026-11-27 16:00", "2026-11-27 18:00"), ("2026-11-27 18:40", "2026-11-30 18:00")],
)
def test_l_17_the_record_of_a_meeting_that_ended_after_close_is_due_the_next_working_day(ended: str, due: str) -> None:
    assert shown(same_day_record_due(CALENDARS, at(ended))) == due


@pytest.mark.parametrize(
    ("task", "suspended", "resumption", "moved"),
    [
        ("2026-11-27", "2026-11-24", "2026-11-26", "2026-12-01"),
        ("2026-09-30", "2026-09-29", "2026-10-08", "2026-10-09"),
        ("2026-11-27", "2026-11-24", "2026-11-24", "2026-11-27"),
    ],
)
def test_l_18_a_suspension_shifts_task_dates_by_its_working_days(
    task: str, suspended: str, resumption: str, moved: str
) -> None:
    assert resumed(CALENDARS, day(task), suspended=day(suspended), resumed_on=day(resumption)) == day(moved)
