"""Calendars for the tests of this folder: the shipped year 2026, with 2027 as invented, provisional, or with overrides."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.calendars import build_calendars, calendar_data_from_company
from bot.domain.calendar import CalendarData, Calendars
from bot.domain.calendar_change import with_year
from bot.domain.directory import Department, Person
from bot.domain.ids import DepartmentId, PersonId
from bot.year_table import parse_year_table

SHANGHAI = ZoneInfo("Asia/Shanghai")
PRODUCTION = DepartmentId("PROD")
SALES = DepartmentId("SALES")
FIXTURE_2027 = Path(__file__).parents[1] / "fixtures" / "calendar" / "fixture-2027.toml"


def department(
    name: str, *, windows: tuple[tuple[str, str], ...] = (), timezone: str = "", calendar: str = ""
) -> Department:
    return Department(
        id=DepartmentId(name), name=name, short=name, windows=windows, timezone=timezone, calendar=calendar
    )


def person(name: str, where: DepartmentId, *windows: tuple[str, str]) -> Person:
    return Person(id=PersonId(name), name=name, department=where, windows=windows)


DEPARTMENTS = (department("PROD", windows=(("08:00", "12:00"), ("13:00", "17:00"))), department("SALES"))


def official_2026(*departments: Department, **raw: object) -> CalendarData:
    return calendar_data_from_company(raw, departments or DEPARTMENTS, ())


def provisional_2027() -> Calendars:
    return build_calendars(official_2026())


def invented_2027() -> Calendars:
    table = parse_year_table(FIXTURE_2027.read_text(encoding="utf-8"))
    return build_calendars(with_year(official_2026(), table.year, table.holidays))


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    """An instant of local time, `2026-11-23 10:00` or with seconds."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def shown(instant: datetime, zone: ZoneInfo = SHANGHAI) -> str:
    """Inverse of `at`."""
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M:%S}".removesuffix(":00")


def day(text: str) -> date:
    return date.fromisoformat(text)
