"""Windows as people write them, and local times in zones that change their clocks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.domain.wall_time import hours_of, instant_at, parse_window_time, resolve_local, spans_of, windows_of, without
from tests.domain.calendar_cases import day, shown
from tests.domain.wall_zones import ZONES


@pytest.mark.parametrize(
    ("text", "minute"), [("00:00", 0), ("9:05", 545), ("09:05", 545), ("23:59", 1439), ("24:00", 1440)]
)
def test_a_time_of_day_is_read_as_minutes(text: str, minute: int) -> None:
    assert parse_window_time(text) == minute


@pytest.mark.parametrize(
    "text", ["", "9", "9:5", "24:01", "25:00", "12:60", "ab:cd", "-1:00", "９:00", "009:00", "12:00:00"]
)
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a time of day"):
        parse_window_time(text)


def test_a_window_over_midnight_belongs_to_the_date_on_which_it_begins() -> None:
    hours = hours_of((("22:00", "06:00"),))
    assert hours == ((1320, 1800),)
    assert windows_of(hours) == (("22:00", "06:00"),)
    assert windows_of(hours_of((("13:00", "24:00"), ("8:00", "12:00")))) == (("08:00", "12:00"), ("13:00", "24:00"))


@pytest.mark.parametrize(
    "windows",
    [
        (("09:00", "09:00"),),
        (("24:00", "06:00"),),
        (("09:00", "12:00"), ("11:00", "15:00")),
        (("22:00", "06:00"), ("05:00", "09:00")),
    ],
)
def test_windows_that_are_empty_or_overlap_are_refused(windows: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(ValueError, match="window"):
        hours_of(windows)


def test_closed_hours_leave_the_rest_of_the_day() -> None:
    usual = hours_of((("09:00", "12:00"), ("13:30", "18:00")))
    assert windows_of(without(usual, hours_of((("11:00", "15:00"),)))) == (("09:00", "11:00"), ("15:00", "18:00"))
    assert windows_of(without(usual, hours_of((("10:00", "10:30"),))))[:2] == (("09:00", "10:00"), ("10:30", "12:00"))
    assert without(usual, hours_of((("00:00", "24:00"),))) == ()


@pytest.mark.parametrize(
    ("zone", "wall", "utc"),
    [
        ("America/New_York", "2026-03-08 02:30", "2026-03-08 07:00"),
        ("America/New_York", "2026-03-08 03:00", "2026-03-08 07:00"),
        ("America/New_York", "2026-11-01 01:30", "2026-11-01 05:30"),
        ("Europe/London", "2026-03-29 01:30", "2026-03-29 01:00"),
        ("Europe/London", "2026-10-25 01:30", "2026-10-25 00:30"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30"),
        ("Asia/Kathmandu", "2026-11-23 09:00", "2026-11-23 03:15"),
    ],
)
def test_a_missing_local_time_is_the_first_valid_instant_and_a_repeated_one_its_first_occurrence(
    zone: str, wall: str, utc: str
) -> None:
    local = datetime.fromisoformat(wall)
    assert shown(resolve_local(local.date(), local.time(), ZoneInfo(zone)), ZoneInfo("UTC")) == utc


@pytest.mark.parametrize("name", ZONES)
def test_a_daily_half_past_one_and_half_past_eight_come_exactly_once_a_day_for_two_years(name: str) -> None:
    zone = ZoneInfo(name)
    for wall in (time(1, 30), time(8, 30)):
        instants = [resolve_local(date(2026, 1, 1) + timedelta(days=n), wall, zone) for n in range(730)]
        assert all(timedelta(hours=22) < b - a < timedelta(hours=26) for a, b in pairwise(instants))
        assert all(i.astimezone(zone).date() == date(2026, 1, 1) + timedelta(days=n) for n, i in enumerate(instants))


@pytest.mark.parametrize("name", ZONES)
def test_the_fast_way_over_days_without_a_change_agrees_with_the_careful_one(name: str) -> None:
    zone = ZoneInfo(name)
    hours = hours_of((("00:30", "03:00"), ("09:00", "17:30"), ("22:00", "24:00")))
    for n in range(730):
        date_ = date(2026, 1, 1) + timedelta(days=n)
        slow = [tuple(int(instant_at(date_, m, zone).timestamp() * 1000) for m in pair) for pair in hours]
        assert list(spans_of(date_, hours, zone)) == slow


def test_a_shift_over_the_spring_change_is_an_hour_shorter_and_over_the_autumn_change_an_hour_longer() -> None:
    zone, night = ZoneInfo("America/New_York"), hours_of((("22:00", "06:00"),))
    lengths = [
        (end - start) // 3_600_000
        for text in ("2026-03-06", "2026-03-07", "2026-10-31")
        for start, end in spans_of(day(text), night, zone)
    ]
    assert lengths == [8, 7, 9]
