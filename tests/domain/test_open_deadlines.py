"""Open deadlines under a changed calendar (domain.md 5.2, 5.6; EC-20, EC-21; L-12, L-16)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.calendars import build_calendars, shipped_years
from bot.domain.calendar import CalendarData, Calendars, Override, OverrideKind
from bot.domain.calendar_change import with_overrides, with_year
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.open_deadlines import retimed

BEIJING = ZoneInfo("Asia/Shanghai")
COMPANY = with_year(CalendarData(), 2026, shipped_years()[2026].holidays)


def at(text: str) -> datetime:
    """An instant of 2026 in Beijing."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BEIJING)


def calendars(*overrides: Override) -> Calendars:
    """The company's calendar with these overrides."""
    return build_calendars(with_overrides(COMPANY, overrides), year=2026)


def closed(day: str, *windows: tuple[str, str]) -> Override:
    """A closure of that date, or of some hours of it."""
    return Override(date=date.fromisoformat(f"2026-{day}"), kind=OverrideKind.CLOSURE, windows=windows)


def obligation(due: str, **changes: object) -> Obligation:
    """An open deadline."""
    made = Obligation(
        key="k", code="WT-2026-0001", kind=ObligationKind.ISSUE, title="", due_at=at(due), opened_at=at("11-25 10:00")
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def moved(one: Obligation, *overrides: Override, now: str) -> str:
    """Where it goes when these overrides are added at that instant."""
    after = retimed(one, before=calendars(), after=calendars(*overrides), now=at(now))
    return f"{after.due_at.astimezone(BEIJING):%m-%d %H:%M}"


def test_a_limit_in_working_days_is_counted_anew() -> None:
    """Example 44."""
    one = obligation("11-26 18:00", counted_from=at("11-25 10:00"), workdays=1)
    assert moved(one, closed("11-26"), now="11-25 11:00") == "11-27 18:00"


def test_three_working_days_step_over_every_closure_among_them() -> None:
    one = obligation("12-01 18:00", counted_from=at("11-26 17:59"), workdays=3)
    assert moved(one, closed("11-27"), closed("12-01"), now="11-26 18:00") == "12-03 18:00"


def test_a_limit_in_working_minutes_runs_in_the_departments_hours() -> None:
    """Example 24 with a closed Monday morning."""
    one = obligation("11-30 11:00", counted_from=at("11-27 16:00"), minutes=240)
    assert moved(one, closed("11-30", ("09:00", "12:00")), now="11-27 17:00") == "11-30 15:30"


def test_the_same_time_mode_keeps_its_time_of_day() -> None:
    one = obligation("11-26 10:00", counted_from=at("11-25 10:00"), workdays=1)
    assert moved(one, closed("11-26"), now="11-25 11:00") == "11-27 10:00"


@pytest.mark.parametrize(
    ("due", "overrides", "goes"),
    [
        ("11-26 18:00", [closed("11-26")], "11-27 18:00"),
        ("11-26 18:00", [closed("11-25")], "11-26 18:00"),
        ("11-26 18:00", [closed("11-26", ("13:30", "18:00"))], "11-26 12:00"),
        ("11-26 15:00", [closed("11-26", ("13:30", "18:00"))], "11-26 15:00"),
        ("11-28 18:00", [closed("11-27")], "11-28 18:00"),
    ],
    ids=["closed day", "other day", "early close", "a time that people named", "a Saturday that people chose"],
)
def test_a_fixed_date_moves_only_when_its_own_day_is_worked_no_more(
    due: str, overrides: list[Override], goes: str
) -> None:
    before = at("11-23 10:00")
    one = obligation(due, opened_at=before)
    after = retimed(one, before=calendars(), after=calendars(*overrides), now=before)
    # what moves forward leaves at least the next working day, which 24 November is
    assert f"{after.due_at.astimezone(BEIJING):%m-%d %H:%M}" == goes


def test_what_moves_forward_leaves_the_next_working_day() -> None:
    """EC-21."""
    one = obligation("11-27 18:00", counted_from=at("11-25 10:00"), workdays=1)
    later = calendars(closed("11-26"))
    after = retimed(one, before=later, after=calendars(), now=at("11-26 10:00"))
    assert after.due_at == at("11-27 18:00")
    after = retimed(one, before=later, after=calendars(), now=at("11-25 11:00"))
    assert after.due_at == at("11-26 18:00")


def test_what_ran_out_already_stays_where_it_was() -> None:
    one = obligation("11-26 18:00", counted_from=at("11-25 10:00"), workdays=1)
    assert moved(one, closed("11-20"), now="11-27 09:00") == "11-26 18:00"


def test_the_provisional_mark_goes_with_the_import_of_the_year() -> None:
    """L-16."""
    one = replace(obligation("11-26 18:00"), due_at=datetime(2027, 1, 5, 18, tzinfo=BEIJING), is_provisional=True)
    official = build_calendars(with_year(COMPANY, 2027, shipped_years()[2026].holidays[:0]), year=2026)
    after = retimed(one, before=calendars(), after=official, now=at("12-30 10:00"))
    assert (after.due_at, after.is_provisional) == (one.due_at, False)
