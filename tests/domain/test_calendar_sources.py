"""The calendar of a company file, the shipped year, and the package that knows other countries' days."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest

from bot.calendars import (
    build_calendars,
    calendar_data_from_company,
    country_days,
    read_national_year,
    shipped_years,
    statutory_days,
)
from bot.domain.calendar import Holiday, Override, OverrideKind
from bot.domain.directory import Department
from bot.errors import ConfigError
from tests.domain.calendar_cases import PRODUCTION, day, department, official_2026, person


def refused(raw: dict[str, object], *departments: Department) -> dict[str, str]:
    with pytest.raises(ConfigError) as wrong:
        calendar_data_from_company(raw, departments, ())
    return {p.key: p.value for p in wrong.value.problems}


def test_the_shipped_year_agrees_with_the_package_day_by_day() -> None:
    calendars, peer = build_calendars(official_2026()), holidays.country_holidays("CN", years=2026)
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert [d for d in days if calendars.is_workday(d) != peer.is_working_day(d)] == []


def test_the_shipped_year_names_its_source() -> None:
    assert list(shipped_years()) == [2026]
    assert "2025-11-04" in official_2026().source
    assert sum((h.end - h.start).days + 1 for h in shipped_years()[2026].holidays) == 33


def test_statutory_days_of_a_year_without_notice_are_the_thirteen_and_no_guesses() -> None:
    found = [d for d in statutory_days([2027]) if d.year == 2027]
    expected = "01-01 02-05 02-06 02-07 02-08 04-05 05-01 05-02 06-09 09-15 10-01 10-02 10-03"
    assert [f"{d:%m-%d}" for d in found] == expected.split()
    assert set(statutory_days([2027]).values()) == {"元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"}


def test_the_holidays_of_the_company_file_win_over_the_shipped_ones() -> None:
    data = official_2026(holiday=[{"name": "厂庆", "from": day("2026-06-01"), "to": day("2026-06-02")}])
    assert data.holidays == (Holiday(name="厂庆", start=day("2026-06-01"), end=day("2026-06-02")),)
    assert data.imported_years == (2026,)


def test_a_company_file_may_bring_a_year_that_is_not_shipped() -> None:
    entry = {"name": "元旦", "from": day("2027-01-01"), "to": day("2027-01-01"), "makeup": []}
    data = official_2026(holiday=[entry], years_imported=[2027])
    assert data.imported_years == (2026, 2027)
    assert build_calendars(data).day_name(day("2026-10-01")) == "国庆节"


def test_overrides_are_read_from_the_file_and_those_given_besides_win() -> None:
    raw = {
        "override": [
            {"date": day("2026-11-26"), "kind": "closure", "name": "检修"},
            {"date": day("2026-11-27"), "kind": "windows", "windows": [["09:00", "12:00"]], "department": "PROD"},
        ]
    }
    given = Override(date=day("2026-11-26"), kind=OverrideKind.WORKDAY)
    data = calendar_data_from_company(raw, [department("PROD")], (), [given])
    assert [(str(o.date), o.kind.value, o.department) for o in data.overrides] == [
        ("2026-11-26", "workday", None),
        ("2026-11-27", "windows", PRODUCTION),
    ]


def test_only_those_who_differ_are_kept() -> None:
    data = calendar_data_from_company(
        {},
        [department("A"), department("B", calendar="CN"), department("C", timezone="Europe/Berlin")],
        [person("E1", PRODUCTION), person("E2", PRODUCTION, ("08:00", "12:00"))],
    )
    assert [(d.department, d.country) for d in data.departments] == [("B", ""), ("C", "")]
    assert list(data.people) == ["E2"]


def test_everything_wrong_with_a_calendar_is_told_at_once() -> None:
    raw: dict[str, object] = {
        "timezone": "Asia/Shangai",
        "windows": [["09:00", "12:00"], ["11:00", "15:00"]],
        "workdays": [0, 8],
        "years_imported": [2029],
        "holliday": [],
        "holiday": [{"name": "厂庆", "from": "2026-06-01"}],
        "override": [
            {"date": "2026-11-26", "kind": "closed", "department": "NOBODY", "hours": 3},
            {"date": day("2026-11-26"), "kind": "windows"},
        ],
        "hours": [{"from": "soon"}],
    }
    wrong = refused(
        raw,
        department("A", windows=(("9", "12"),)),
        department("B", timezone="Mars/Base"),
        department("C", calendar="XX"),
        department("D", calendar="US-XX"),
    )
    assert set(wrong) == {
        "company.timezone",
        "calendar.windows",
        "calendar.workdays",
        "calendar.years_imported",
        "calendar.holliday",
        "calendar.holiday[1].from",
        "calendar.holiday[1].to",
        "calendar.override[1].date",
        "calendar.override[1].kind",
        "calendar.override[1].department",
        "calendar.override[1].hours",
        "calendar.override[2].windows",
        "calendar.hours[1].from",
        "department[A].windows",
        "department[B].timezone",
        "department[C].calendar",
        "department[D].calendar",
    }


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ({"windows": []}, "calendar.windows"),
        ({"windows": "09:00-12:00"}, "calendar.windows"),
        ({"windows": [["09:00"]]}, "calendar.windows"),
        ({"workdays": []}, "calendar.workdays"),
        ({"override": {"date": 1}}, "calendar.override"),
        ({"holiday": "none"}, "calendar.holiday"),
        ({"years_imported": "2026"}, "calendar.years_imported"),
        ({"holiday": [{"name": "x", "from": date(2027, 1, 1)}], "years_imported": [2026]}, "calendar.years_imported"),
    ],
)
def test_a_wrong_shape_is_named_by_its_key(raw: dict[str, object], key: str) -> None:
    assert key in refused(raw)


def test_a_shipped_file_with_a_mistake_is_refused() -> None:
    with pytest.raises(ConfigError):
        read_national_year('year = 2026\nsource = ""\n[[holiday]]\nname = "x"\nfrom = 2026-05-05\nto = 2026-05-01\n')


def test_other_countries_are_known_with_parts_and_weekends() -> None:
    states = country_days("US", 2026, 2027)
    assert states.off[day("2026-07-03")]
    assert day("2026-03-31") in country_days("US-CA", 2026, 2026).off
    assert country_days("SA", 2026, 2026).weekend == (5, 6)
    assert {d.year for d in states.off} == {2026, 2027}
