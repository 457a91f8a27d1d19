"""Arithmetic over working spans: borders, gaps, the limits of the layout, and the segments that `explain` prints."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.calendars import build_calendars
from bot.domain.calendar import Override, OverrideKind
from bot.domain.calendar_change import with_overrides
from bot.domain.working_time import SegmentKind, WorkingTime
from bot.errors import RuleViolation
from tests.domain.calendar_cases import at, day, department, official_2026, shown

CALENDARS = build_calendars(official_2026())
HOURS = CALENDARS.company


@pytest.mark.parametrize(
    ("instant", "is_working", "is_notice_time"),
    [
        ("2026-11-23 08:59:59", False, False),
        ("2026-11-23 09:00", True, True),
        ("2026-11-23 11:59:59", True, True),
        ("2026-11-23 12:00", False, True),
        ("2026-11-23 12:00:01", False, False),
        ("2026-11-23 13:30", True, True),
        ("2026-11-23 18:00", False, True),
        ("2026-11-22 10:00", False, False),
        ("2026-09-20 10:00", True, True),
    ],
)
def test_l_09_windows_are_half_open_for_counting_and_closed_for_notices(
    instant: str, is_working: bool, is_notice_time: bool
) -> None:
    assert (HOURS.is_working(at(instant)), HOURS.is_notice_time(at(instant))) == (is_working, is_notice_time)


@pytest.mark.parametrize(
    ("instant", "opening", "notice"),
    [
        ("2026-11-23 10:00", "2026-11-23 10:00", "2026-11-23 10:00"),
        ("2026-11-23 12:00", "2026-11-23 13:30", "2026-11-23 12:00"),
        ("2026-11-23 12:20", "2026-11-23 13:30", "2026-11-23 13:30"),
        ("2026-11-27 18:00", "2026-11-30 09:00", "2026-11-27 18:00"),
        ("2026-09-30 18:30", "2026-10-08 09:00", "2026-10-08 09:00"),
    ],
)
def test_what_falls_outside_the_windows_waits_for_the_next_opening(instant: str, opening: str, notice: str) -> None:
    assert shown(HOURS.next_opening(at(instant))) == opening
    assert shown(HOURS.next_notice_time(at(instant))) == notice


@pytest.mark.parametrize(
    ("due", "minutes", "before"),
    [
        ("2026-11-23 10:30", 30, "2026-11-23 10:00"),
        ("2026-11-23 14:00", 30, "2026-11-23 13:30"),
        ("2026-11-23 13:45", 30, "2026-11-23 11:45"),
        ("2026-11-30 09:20", 30, "2026-11-27 17:50"),
        ("2026-11-28 15:00", 60, "2026-11-27 17:00"),
        ("2026-11-23 12:30", 0, "2026-11-23 12:30"),
    ],
)
def test_l_11_an_instant_so_many_working_minutes_before_a_due_instant_is_the_latest_one(
    due: str, minutes: int, before: str
) -> None:
    found = HOURS.before(at(due), minutes)
    assert shown(found) == before
    assert HOURS.between(found, at(due)) == minutes * 60


def test_seconds_are_counted_and_no_time_is_never_negative() -> None:
    assert HOURS.between(at("2026-11-23 11:59:30"), at("2026-11-23 13:30:15")) == 45
    assert HOURS.between(at("2026-11-23 14:00"), at("2026-11-23 10:00")) == 0
    assert HOURS.add(at("2026-11-23 12:30"), 0) == at("2026-11-23 12:30")


def test_a_reply_in_the_second_of_the_due_instant_has_used_exactly_the_limit() -> None:
    start = at("2026-11-23 11:59:59") + timedelta(milliseconds=600)
    due = HOURS.add(start, 30)
    assert HOURS.between(start, due) == HOURS.between(start, due + timedelta(milliseconds=300)) == 1800


@pytest.mark.parametrize("minutes", [1, 30])
def test_without_a_window_in_thirty_days_there_is_no_due_instant(minutes: int) -> None:
    closures = [
        Override(date=day("2026-11-24") + timedelta(days=n), kind=OverrideKind.CLOSURE, name="停产") for n in range(40)
    ]
    closed = build_calendars(with_overrides(official_2026(), closures)).company
    with pytest.raises(RuleViolation) as refused:
        closed.add(at("2026-11-24 10:00"), minutes)
    assert refused.value.code == "no_working_time"
    with pytest.raises(RuleViolation):
        closed.next_opening(at("2026-11-24 10:00"))
    assert shown(closed.add(at("2026-12-20 10:00"), minutes)).startswith("2027-01-04 09:")


def test_beyond_the_years_laid_out_every_question_is_refused_rather_than_answered_wrongly() -> None:
    hours = WorkingTime([(0, 3_600_000)], zone=UTC)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert hours.add(epoch, 60) == epoch + timedelta(hours=1)
    questions: tuple[Callable[[], datetime], ...] = (
        lambda: hours.add(epoch, 61),
        lambda: hours.add(epoch + timedelta(hours=2), 1),
        lambda: hours.before(epoch, 1),
        lambda: hours.next_opening(epoch + timedelta(hours=1)),
    )
    for question in questions:
        with pytest.raises(RuleViolation):
            question()


def test_touching_and_overlapping_spans_count_once() -> None:
    hours = WorkingTime([(60_000, 120_000), (0, 60_000), (30_000, 90_000), (200_000, 200_000)], zone=UTC)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert hours.between(epoch, epoch + timedelta(hours=1)) == 120
    assert hours.is_working(epoch + timedelta(seconds=60))


def _told(hours: WorkingTime, start: str, end: str) -> list[tuple[str, str, int]]:
    return [(s.kind.value, s.name, s.seconds // 60) for s in hours.segments(at(start), at(end))]


def test_segments_tell_the_lunch_break_from_the_night_and_name_the_days_off() -> None:
    assert _told(HOURS, "2026-11-23 11:30", "2026-11-24 09:10") == [
        ("counted", "", 30),
        ("break", "", 90),
        ("counted", "", 270),
        ("night", "", 900),
        ("counted", "", 10),
    ]
    assert _told(HOURS, "2026-09-30 17:50", "2026-10-08 09:20") == [
        ("counted", "", 10),
        ("day_off", "国庆节", 7 * 1440 + 900),
        ("counted", "", 20),
    ]
    assert _told(HOURS, "2027-02-04 17:50", "2027-02-09 09:20")[1][:2] == ("day_off", "春节")
    assert _told(HOURS, "2026-11-27 18:00", "2026-11-28 00:00") == [("night", "", 360)]
    assert _told(HOURS, "2026-11-28 10:00", "2026-11-28 11:00") == [("day_off", "周末", 60)]
    assert _told(HOURS, "2026-11-23 12:10", "2026-11-23 12:10") == []


def test_a_half_day_closure_is_named_where_the_time_went_and_the_other_gaps_of_the_day_are_not() -> None:
    closure = Override(
        date=day("2026-11-25"), kind=OverrideKind.CLOSURE, windows=(("13:30", "18:00"),), name="消防演习"
    )
    hours = build_calendars(with_overrides(official_2026(), [closure])).company
    assert _told(hours, "2026-11-24 17:00", "2026-11-26 10:00") == [
        ("counted", "", 60),
        ("night", "", 900),
        ("counted", "", 180),
        ("day_off", "消防演习", 21 * 60),
        ("counted", "", 60),
    ]


def test_a_night_shift_has_a_day_off_shift_and_not_a_long_lunch() -> None:
    shift = department("NIGHT", windows=(("22:00", "06:00"),))
    hours = build_calendars(official_2026(shift)).of_department(shift.id)
    assert _told(hours, "2026-11-24 05:00", "2026-11-24 23:00") == [
        ("counted", "", 60),
        ("night", "", 960),
        ("counted", "", 60),
    ]
    assert [s.kind for s in hours.segments(at("2026-11-28 05:00"), at("2026-11-30 22:30"))] == [
        SegmentKind.COUNTED,
        SegmentKind.DAY_OFF,
        SegmentKind.COUNTED,
    ]
