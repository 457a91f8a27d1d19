"""Where calendars come from: the company file, the national files shipped in `bot/data/calendar`, the `holidays` package.

Data in, `CalendarData` out. The package knows other countries' public days and, for a Chinese year without notice, the
statutory days; its guesses about compensation days are never used (5.3 item 2).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib import resources
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import holidays

from bot.domain.calendar import (
    ALWAYS,
    DEFAULT_WINDOWS,
    CalendarData,
    Calendars,
    CountryDays,
    DepartmentHours,
    Holiday,
    HoursVersion,
    Override,
    OverrideKind,
)
from bot.domain.calendar_change import with_overrides
from bot.domain.directory import Department, Person
from bot.domain.ids import DepartmentId
from bot.domain.wall_time import Windows, hours_of
from bot.errors import ConfigError, Problem
from bot.year_table import is_date, read_holiday

HOME_COUNTRY = "CN"
#: working time is laid out for this many years before and after the years known, or the present one
YEARS_BEFORE, YEARS_AFTER = 1, 4
_KEYS = frozenset({"timezone", "windows", "workdays", "source", "years_imported", "holiday", "override", "hours"})
_WINDOWS_SHAPE = 'pairs of times like [["09:00", "12:00"], ["13:30", "18:00"]]'


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalYear:
    """An official year as shipped with the program."""

    year: int
    source: str
    holidays: tuple[Holiday, ...]


@lru_cache(maxsize=1)
def shipped_years() -> Mapping[int, NationalYear]:
    """The official years of the home country that come with the program."""
    years: dict[int, NationalYear] = {}
    for file in resources.files("bot").joinpath("data", "calendar").iterdir():
        if file.name.endswith(".toml"):
            year = read_national_year(file.read_text(encoding="utf-8"))
            years[year.year] = year
    return dict(sorted(years.items()))


def read_national_year(text: str) -> NationalYear:
    """A file of `bot/data/calendar`. Raises ConfigError."""
    raw = tomllib.loads(text)
    problems: list[Problem] = []
    found = [read_holiday(f"holiday[{i}]", entry, problems) for i, entry in enumerate(raw["holiday"], start=1)]
    if problems:
        raise ConfigError(problems)
    return NationalYear(year=raw["year"], source=raw["source"], holidays=tuple(h for h in found if h is not None))


def statutory_days(years: Iterable[int]) -> dict[date, str]:
    """Statutory days of the home country, without make-up and compensation days, which only a notice can know."""
    found = _home_country()(years=list(years), observed=False, language="zh_CN")
    return {day: _festival(name) for day, name in sorted(found.items())}


@lru_cache(maxsize=1)
def _home_country() -> Callable[..., Mapping[date, str]]:
    """The package's China, by its file: the folder it stands in loads 250 countries, which cost 9 MB of every company's memory."""
    file = Path(holidays.__file__).parent / "countries" / "china.py"
    spec = spec_from_file_location("holidays_of_home", file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is missing")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast(Callable[..., Mapping[date, str]], module.China)


def _festival(name: str) -> str:
    """The name as the notices use it."""
    return name.replace("农历除夕", "春节").replace("; ", "、")


@lru_cache(maxsize=64)
def country_days(country: str, first_year: int, last_year: int) -> CountryDays:
    """Another country's public days; `US-CA` names a part of it. Raises NotImplementedError for an unknown one."""
    code, _, part = country.partition("-")
    found = holidays.country_holidays(code, subdiv=part or None, years=range(first_year, last_year + 1))
    return CountryDays(
        off=dict(sorted(found.items())),
        workdays=tuple(sorted(d for d in found.weekend_workdays if first_year <= d.year <= last_year)),
        weekend=tuple(sorted(day + 1 for day in found.weekend)),
    )


def build_calendars(data: CalendarData, *, year: int | None = None) -> Calendars:
    """The calendars of this data, laid out so far that `year` (the present one) lies well inside."""
    if year is not None and not data.first_year < year <= data.last_year - YEARS_AFTER + 1:
        data = replace(data, first_year=year - YEARS_BEFORE, last_year=year + YEARS_AFTER)
    return Calendars(data if _is_covered(data) else _covering(data))


def _is_covered(data: CalendarData) -> bool:
    """Are the statutory days and the other countries' days known for all the years that the data lays out?"""
    known = {*data.imported_years, *(day.year for day in data.statutory)}
    named = {d.country for d in data.departments} - {""}
    return known.issuperset(range(data.first_year, data.last_year + 1)) and all(
        c in data.countries and max(data.countries[c].off, default=date.min).year >= data.last_year for c in named
    )


def _covering(data: CalendarData) -> CalendarData:
    """The data with statutory days and other countries' days for all the years that it lays out."""
    years = range(data.first_year, data.last_year + 1)
    return replace(
        data,
        statutory=statutory_days(y for y in years if y not in data.imported_years),
        countries={
            c: country_days(c, years[0], years[-1]) for c in sorted({d.country for d in data.departments} - {""})
        },
    )


def calendar_data_from_company(
    raw: Mapping[str, Any],
    departments: Iterable[Department],
    people: Iterable[Person],
    overrides: Iterable[Override] = (),
) -> CalendarData:
    """The calendar of a company file: its `[calendar]` table with `timezone`, and who differs from it.

    `overrides` are added to those of the file and win. Raises ConfigError with every problem at once.
    """
    return _Reader(raw).read(tuple(departments), tuple(people), tuple(overrides))


class _Reader:
    """Reads one `[calendar]` table and collects what is wrong with it."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._raw = raw
        self._problems: list[Problem] = []

    def read(
        self, departments: Sequence[Department], people: Sequence[Person], overrides: Sequence[Override]
    ) -> CalendarData:
        for key in sorted(set(self._raw) - _KEYS):
            self._wrong(f"calendar.{key}", self._raw[key], f"one of {', '.join(sorted(_KEYS))}", "remove or rename it")
        years, found = self._years()
        known = {d.id for d in departments}
        data = CalendarData(
            timezone=self._zone("company.timezone", str(self._raw.get("timezone", "Asia/Shanghai"))),
            hours=self._hours(),
            holidays=found,
            imported_years=years,
            departments=tuple(self._department(d) for d in departments if d.windows or d.timezone or d.calendar),
            people={p.id: self._windows(f"person[{p.id}].windows", p.windows) for p in people if p.windows},
            source=str(self._raw.get("source", "")) or _sources(years),
            first_year=years[0] - YEARS_BEFORE,
            last_year=years[-1] + YEARS_AFTER,
        )
        own = [self._override(i, entry, known) for i, entry in enumerate(self._tables("override"), start=1)]
        if self._problems:
            raise ConfigError(self._problems)
        return with_overrides(_covering(data), [*(o for o in own if o is not None), *overrides])

    # ------------------------------------------------------------ hours

    def _hours(self) -> tuple[HoursVersion, ...]:
        """The company's hours, and those that begin on a later date (`[[calendar.hours]]`)."""
        versions = [
            HoursVersion(
                effective=ALWAYS,
                windows=self._windows("calendar.windows", self._raw.get("windows", DEFAULT_WINDOWS)),
                workdays=self._workdays("calendar.workdays", self._raw.get("workdays", [1, 2, 3, 4, 5])),
            )
        ]
        for index, entry in enumerate(self._tables("hours"), start=1):
            place = f"calendar.hours[{index}]"
            effective = entry.get("from")
            if not is_date(effective):
                self._wrong(f"{place}.from", effective, "a date like 2026-12-01", "write it without quotes")
                continue
            versions.append(
                HoursVersion(
                    effective=effective,
                    windows=self._windows(f"{place}.windows", entry.get("windows", versions[0].windows)),
                    workdays=self._workdays(f"{place}.workdays", entry.get("workdays", list(versions[0].workdays))),
                )
            )
        return tuple(sorted(versions, key=lambda v: v.effective))

    def _windows(self, key: str, value: object, *, required: bool = True) -> Windows:
        """Windows of a file. Never empty when `required`; wrong ones are noted and replaced by the default."""
        is_shaped = isinstance(value, (list, tuple)) and all(
            isinstance(w, (list, tuple)) and len(w) == 2 for w in value
        )
        if is_shaped and isinstance(value, (list, tuple)) and (value or not required):
            windows = tuple((str(opens), str(closes)) for opens, closes in value)
            try:
                hours_of(windows)
            except ValueError as problem:
                self._wrong(key, windows, _WINDOWS_SHAPE, str(problem))
                return DEFAULT_WINDOWS
            return windows
        self._wrong(key, value, _WINDOWS_SHAPE, "24:00 is an end; an end before its start is on the next day")
        return DEFAULT_WINDOWS

    def _workdays(self, key: str, value: object) -> tuple[int, ...]:
        days = value if isinstance(value, list) else []
        if not days or not all(type(day) is int and 1 <= day <= 7 for day in days):
            self._wrong(key, value, "ISO weekdays from 1 (Monday) to 7", "for example [1, 2, 3, 4, 5]")
            return (1, 2, 3, 4, 5)
        return tuple(sorted(set(days)))

    def _zone(self, key: str, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            self._wrong(key, name, "a time zone like Asia/Shanghai", "use a name of the IANA list")
            return "Asia/Shanghai"
        return name

    def _department(self, department: Department) -> DepartmentHours:
        place = f"department[{department.id}]"
        zone = self._zone(f"{place}.timezone", department.timezone) if department.timezone else ""
        return DepartmentHours(
            department=department.id,
            windows=self._windows(f"{place}.windows", department.windows, required=False),
            timezone=zone,
            country=self._country(f"{place}.calendar", department.calendar),
        )

    def _country(self, key: str, country: str) -> str:
        """A country other than home; the company's own calendar is named by the empty string."""
        if country in {"", HOME_COUNTRY}:
            return ""
        code, _, part = country.partition("-")
        parts = holidays.list_supported_countries().get(code)
        if parts is None or (part and part not in parts):
            self._wrong(key, country, "a country code like JP, or US-CA", "leave it out for the company's calendar")
            return ""
        return country

    # ------------------------------------------------------------ days

    def _tables(self, key: str) -> Sequence[Mapping[str, Any]]:
        entries = self._raw.get(key, [])
        if isinstance(entries, list) and all(isinstance(entry, Mapping) for entry in entries):
            return entries
        self._wrong(f"calendar.{key}", entries, f"tables [[calendar.{key}]]", "see the sample company")
        return ()

    def _years(self) -> tuple[tuple[int, ...], tuple[Holiday, ...]]:
        """Official years and their festivals: those of the file, then those shipped that the file does not give itself."""
        shipped = shipped_years()
        read = [
            read_holiday(f"calendar.holiday[{i}]", e, self._problems)
            for i, e in enumerate(self._tables("holiday"), start=1)
        ]
        own = [h for h in read if h is not None]
        given = {h.end.year for h in own}
        stated = self._raw.get("years_imported", sorted(given))
        if not isinstance(stated, list) or not all(type(year) is int for year in stated):
            self._wrong(
                "calendar.years_imported", stated, "a list of years like [2026]", "name the years with a notice"
            )
            stated = []
        for year in sorted(given - set(stated)):
            self._wrong("calendar.years_imported", stated, f"{year} among them", "holidays of that year are listed")
        for year in sorted(set(stated) - given - set(shipped)):
            self._wrong(
                "calendar.years_imported", year, "a year with its [[calendar.holiday]] tables", "list them or remove it"
            )
        national = [h for year, known in shipped.items() if year not in given for h in known.holidays]
        found = tuple(sorted((*own, *national), key=lambda h: h.start))
        return tuple(sorted({*given, *shipped})), found

    def _override(self, index: int, entry: Mapping[str, Any], known: set[DepartmentId]) -> Override | None:
        place = f"calendar.override[{index}]"
        before = len(self._problems)
        day, kind, department = entry.get("date"), str(entry.get("kind", "")), entry.get("department")
        if not is_date(day):
            self._wrong(f"{place}.date", day, "a date like 2026-11-26", "write it without quotes")
        if kind not in set(OverrideKind):
            self._wrong(f"{place}.kind", kind, "closure, workday or windows", "correct the kind")
        if department is not None and department not in known:
            self._wrong(f"{place}.department", department, "the id of a department", "leave it out for everybody")
        windows = self._windows(f"{place}.windows", entry.get("windows", []), required=kind == OverrideKind.WINDOWS)
        for key in sorted(set(entry) - {"date", "kind", "windows", "name", "department"}):
            self._wrong(f"{place}.{key}", entry[key], "date, kind, windows, name, department", "remove or rename it")
        if len(self._problems) > before or not is_date(day):
            return None
        return Override(
            date=day,
            kind=OverrideKind(kind),
            name=str(entry.get("name", "")),
            windows=windows,
            department=DepartmentId(department) if department is not None else None,
        )

    def _wrong(self, key: str, value: object, expected: str, fix: str) -> None:
        self._problems.append(Problem(key, str(value), expected, fix))


def _sources(years: Iterable[int]) -> str:
    """Where shipped years come from."""
    shipped = shipped_years()
    return "；".join(shipped[year].source for year in years if year in shipped)
