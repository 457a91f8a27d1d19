"""The worked examples of the deadline rules, one row each, and the weekly dates around holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import pytest

from bot.domain.calendar import Calendars, Override, OverrideKind
from bot.domain.calendar_change import with_overrides
from bot.domain.retiming import LimitKind, recompute
from tests.domain.calendar_cases import PRODUCTION, at, day, invented_2027, provisional_2027, shown


@cache
def calendars(name: str) -> Calendars:
    """Built once: `plain` knows 2026 and guesses 2027, `invented` knows an invented 2027."""
    return {"plain": provisional_2027, "invented": invented_2027}[name]()


@dataclass(frozen=True, slots=True)
class Minutes:
    number: str
    start: str
    due: str
    minutes: int = 30
    calendar: str = "plain"
    production: bool = False
    provisional: bool = False


MINUTE_EXAMPLES = (
    Minutes("1", "2026-11-23 10:00", "2026-11-23 10:30"),
    Minutes("2", "2026-11-23 11:30", "2026-11-23 12:00"),
    Minutes("3", "2026-11-23 11:45", "2026-11-23 13:45"),
    Minutes("4", "2026-11-23 12:00:00", "2026-11-23 14:00"),
    Minutes("5", "2026-11-23 12:10", "2026-11-23 14:00"),
    Minutes("6", "2026-11-23 07:40", "2026-11-23 09:30"),
    Minutes("7", "2026-11-27 17:30", "2026-11-27 18:00"),
    Minutes("8", "2026-11-27 17:50", "2026-11-30 09:20"),
    Minutes("9", "2026-11-27 18:00:00", "2026-11-30 09:30"),
    Minutes("10", "2026-11-28 15:00", "2026-11-30 09:30"),
    Minutes("11", "2026-09-30 17:50", "2026-10-08 09:20"),
    Minutes("12", "2026-10-09 17:50", "2026-10-10 09:20"),
    Minutes("13", "2026-10-10 17:45", "2026-10-12 09:15"),
    Minutes("14", "2026-09-18 17:50", "2026-09-20 09:20"),
    Minutes("15", "2026-09-24 17:45", "2026-09-28 09:15"),
    Minutes("16", "2026-12-31 17:40", "2027-01-04 09:10", provisional=True),
    Minutes("17", "2027-01-29 17:50", "2027-01-31 09:20", calendar="invented"),
    Minutes("18", "2027-01-29 17:50", "2027-02-01 09:20", provisional=True),
    Minutes("19", "2027-02-04 17:50", "2027-02-15 09:20", calendar="invented"),
    Minutes("20", "2027-02-04 17:50", "2027-02-09 09:20", provisional=True),
    Minutes("21", "2026-11-23 17:20", "2026-11-24 08:30", production=True),
    Minutes("22", "2026-11-23 11:50", "2026-11-23 13:20", production=True),
    Minutes("23 nudge", "2026-11-27 17:50", "2026-11-30 09:10", minutes=20),
    Minutes("23 escalation", "2026-11-27 17:50", "2026-11-30 09:50", minutes=60),
    Minutes("24", "2026-11-27 16:00", "2026-11-30 11:00", minutes=240),
    Minutes("25", "2026-11-23 10:30", "2026-11-23 16:00", minutes=240),
    Minutes("26", "2026-09-30 15:00", "2026-10-08 10:00", minutes=240),
)


@pytest.mark.parametrize("case", MINUTE_EXAMPLES, ids=lambda c: c.number)
def test_a_minute_based_limit_ends_as_in_the_worked_example(case: Minutes) -> None:
    known = calendars(case.calendar)
    hours = known.of_department(PRODUCTION) if case.production else known.company
    due = hours.add(at(case.start), case.minutes)
    assert (shown(due), known.is_provisional(due)) == (case.due, case.provisional)
    assert hours.between(at(case.start), due) == case.minutes * 60


def test_example_27_an_afternoon_closed_at_half_past_twelve_moves_the_due_instant_to_the_next_morning() -> None:
    before = calendars("plain")
    start, now = at("2026-11-25 11:50"), at("2026-11-25 12:30")
    due = before.company.add(start, 30)
    closure = Override(date=day("2026-11-25"), kind=OverrideKind.CLOSURE, windows=(("13:30", "18:00"),), name="停电")
    after = Calendars(with_overrides(before.data, [closure]))
    moved = recompute(
        due, after.company.add(start, 30), now=now, kind=LimitKind.MINUTES, hours=after.company, days=after
    )
    assert (shown(due), shown(moved)) == ("2026-11-25 13:50", "2026-11-26 09:20")


@dataclass(frozen=True, slots=True)
class Days:
    number: int
    trigger: str
    days: int
    due: str
    calendar: str = "plain"
    provisional: bool = False


DAY_EXAMPLES = (
    Days(28, "2026-11-27 15:20", 1, "2026-11-30 18:00"),
    Days(29, "2026-09-18 16:05", 1, "2026-09-20 18:00"),
    Days(30, "2026-09-30 16:00", 1, "2026-10-08 18:00"),
    Days(31, "2026-11-24 09:05", 1, "2026-11-25 18:00"),
    Days(32, "2026-11-24 20:30", 1, "2026-11-25 18:00"),
    Days(33, "2026-11-28 11:00", 1, "2026-11-30 18:00"),
    Days(34, "2026-10-09 10:00", 1, "2026-10-10 18:00"),
    Days(35, "2026-09-24 10:00", 3, "2026-09-30 18:00"),
    Days(36, "2026-09-29 10:00", 3, "2026-10-09 18:00"),
    Days(37, "2026-10-07 10:00", 3, "2026-10-10 18:00"),
    Days(38, "2026-11-26 17:59", 3, "2026-12-01 18:00"),
    Days(39, "2026-12-30 10:00", 3, "2027-01-05 18:00", provisional=True),
    Days(40, "2027-02-03 10:00", 3, "2027-02-16 18:00", calendar="invented"),
    Days(41, "2027-02-03 10:00", 3, "2027-02-10 18:00", provisional=True),
)


@pytest.mark.parametrize("case", DAY_EXAMPLES, ids=lambda c: str(c.number))
def test_a_08_a_day_based_limit_ends_as_in_the_worked_example(case: Days) -> None:
    known = calendars(case.calendar)
    due = known.add_workdays(at(case.trigger), case.days)
    assert (shown(due), known.is_provisional(due)) == (case.due, case.provisional)


def test_a_09_example_42_seven_calendar_days_may_end_on_a_day_off_and_the_card_suggests_the_next_working_day() -> None:
    known = calendars("plain")
    earliest = day("2026-09-30") + timedelta(days=7)
    assert (earliest, known.is_workday(earliest)) == (day("2026-10-07"), False)
    assert known.workday_on_or_after(earliest) == day("2026-10-08")


def test_example_43_a_report_is_due_at_the_end_of_the_working_day_before_the_meeting() -> None:
    known = calendars("plain")
    assert shown(known.end_of_day(known.sub_workdays(day("2026-10-09"), 1))) == "2026-10-08 18:00"


def test_example_44_a_closure_of_the_whole_next_day_moves_a_one_day_limit_by_one_day() -> None:
    before = calendars("plain")
    graded = at("2026-11-25 10:00")
    closure = Override(date=day("2026-11-26"), kind=OverrideKind.CLOSURE)
    after = Calendars(with_overrides(before.data, [closure]))
    due = before.add_workdays(graded, 1)
    moved = recompute(
        due,
        after.add_workdays(graded, 1),
        now=at("2026-11-25 11:00"),
        kind=LimitKind.WORKDAYS,
        hours=after.company,
        days=after,
    )
    assert (shown(due), shown(moved)) == ("2026-11-26 18:00", "2026-11-27 18:00")


def test_example_41_moves_to_example_40_when_the_year_is_imported() -> None:
    graded = at("2027-02-03 10:00")
    after = calendars("invented")
    moved = recompute(
        calendars("plain").add_workdays(graded, 3),
        after.add_workdays(graded, 3),
        now=at("2027-02-03 12:00"),
        kind=LimitKind.WORKDAYS,
        hours=after.company,
        days=after,
    )
    assert shown(moved) == "2027-02-16 18:00"


def test_all_forty_four_worked_examples_stand_in_this_file() -> None:
    numbers = {int(c.number.split()[0]) for c in MINUTE_EXAMPLES} | {c.number for c in DAY_EXAMPLES}
    assert numbers | {27, 42, 43, 44} == set(range(1, 45))


@pytest.mark.parametrize(
    ("calendar", "year", "week", "held"),
    [
        ("plain", 2026, 38, "2026-09-18"),
        ("plain", 2026, 39, "2026-09-24"),
        ("plain", 2026, 40, "2026-09-30"),
        ("plain", 2026, 41, "2026-10-09"),
        ("invented", 2027, 5, "2027-02-04"),
        ("invented", 2027, 6, None),
    ],
)
def test_r_57_the_weekly_meeting_goes_to_the_nearest_earlier_working_day_of_its_week(
    calendar: str, year: int, week: int, held: str | None
) -> None:
    assert calendars(calendar).weekly_date(year, week, 5) == (day(held) if held else None)


def test_without_an_earlier_working_day_the_weekly_date_goes_to_the_nearest_later_one() -> None:
    assert calendars("plain").weekly_date(2026, 41, 1) == day("2026-10-08")
