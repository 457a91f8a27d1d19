"""Which days and hours are worked (domain.md 5.1-5.3, 5.7; L-12 to L-17; A-18). Data in, `WorkingTime` out; pure.

Precedence for a date: company override, government calendar of an imported year, weekday (5.1). A year without an
official notice is provisional: plain weekends and statutory days, and everything that lies in it says so (L-16).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from zlib import crc32
from zoneinfo import ZoneInfo

from bot.domain.directory import Person
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.wall_time import Hours, Windows, hours_of, instant_at, resolve_local, spans_of, windows_of, without
from bot.domain.working_time import Span, WorkingTime
from bot.errors import RuleViolation

DEFAULT_WINDOWS: Windows = (("09:00", "12:00"), ("13:30", "18:00"))
#: from when hours hold that nobody dated
ALWAYS = date(1970, 1, 1)
#: next year's notice is asked for from this day of December on (5.3 item 4)
WARN_FROM_DECEMBER = 15
_DAY = timedelta(days=1)


class OverrideKind(StrEnum):
    """Kinds of `[[calendar.override]]` (L-15)."""

    #: closed all day, or in the given windows only
    CLOSURE = "closure"
    #: worked although it would be off, in the usual windows or the given ones
    WORKDAY = "workday"
    #: worked in the given windows and in no others
    WINDOWS = "windows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """A festival of the government notice: off from `start` to `end` inclusive, made up on `makeup`."""

    name: str
    start: date
    end: date
    makeup: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A company decision about one date; it beats the government calendar. `department` None means everybody.

    A department's own override of a date beats the company's of the same date.
    """

    date: date
    kind: OverrideKind
    name: str = ""
    windows: Windows = ()
    department: DepartmentId | None = None
    #: who put it in by command; empty for the company file. It says nothing about working time, so it changes no version
    by: PersonId | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursVersion:
    """The company's hours from a date on (EC-28)."""

    effective: date = ALWAYS
    windows: Windows = DEFAULT_WINDOWS
    #: ISO weekdays, Monday = 1
    workdays: tuple[int, ...] = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentHours:
    """Where a department differs: windows, zone, country of its public holidays (L-14); the newest of a date holds."""

    department: DepartmentId
    windows: Windows = ()
    timezone: str = ""
    country: str = ""
    effective: date = ALWAYS


V = TypeVar("V", HoursVersion, DepartmentHours)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryDays:
    """Another country's public days: off by date with the name, weekend days that are worked, ISO weekdays off."""

    off: Mapping[date, str] = field(default_factory=dict)
    workdays: tuple[date, ...] = ()
    weekend: tuple[int, ...] = (6, 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarData:
    """Everything a company's calendars are made of; stored as one JSON value."""

    timezone: str = "Asia/Shanghai"
    hours: tuple[HoursVersion, ...] = (HoursVersion(),)
    holidays: tuple[Holiday, ...] = ()
    imported_years: tuple[int, ...] = ()
    #: statutory days of years without a notice, by date
    statutory: Mapping[date, str] = field(default_factory=dict)
    #: public days of other countries, by country code
    countries: Mapping[str, CountryDays] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    departments: tuple[DepartmentHours, ...] = ()
    #: windows of single persons, by person id
    people: Mapping[str, Windows] = field(default_factory=dict)
    source: str = ""
    #: the years for which working time is laid out, both included
    first_year: int = 2025
    last_year: int = 2030

    @property
    def version(self) -> str:
        """A short name of this state of the calendar, for `explain` and the audit trail: newest year, overrides, check.

        The check differs when anything that decides about working time differs.
        """
        elsewhere = sorted(
            (country, sorted(days.off), days.workdays, days.weekend) for country, days in self.countries.items()
        )
        days = (self.holidays, self.imported_years, sorted(self.statutory), elsewhere, self.overrides)
        content = (self.timezone, self.hours, days, self.departments)
        newest = str(self.imported_years[-1]) if self.imported_years else "-"
        return f"{newest}+{len(self.overrides)}/{crc32(repr(content).encode()) & 0xFFFF:04x}"


@dataclass(frozen=True, slots=True)
class DayPlan:
    """What one date is: its windows in force, and its name where it is special."""

    is_workday: bool
    hours: Hours
    name: str
    #: hours that an override took from a day that is still worked
    closed: Hours = ()

    @property
    def windows(self) -> Windows:
        """The hours as people write them."""
        return windows_of(self.hours)


class Calendars:
    """The company calendar and everybody's hours at one state of the data. Immutable; build once per change."""

    def __init__(self, data: CalendarData) -> None:
        self.data = data
        self.zone = ZoneInfo(data.timezone)
        self.version = data.version
        self._off, self._makeup = _government_days(data)
        self._hours = sorted(data.hours, key=lambda h: h.effective)
        self._departments: dict[DepartmentId, list[DepartmentHours]] = {}
        for own in sorted(data.departments, key=lambda d: d.effective):
            self._departments.setdefault(own.department, []).append(own)
        self._overrides: dict[date, dict[DepartmentId | None, Override]] = {}
        for override in data.overrides:
            self._overrides.setdefault(override.date, {})[override.department] = override
        self._with_overrides = {o.department for o in data.overrides if o.department is not None}
        self._built: dict[tuple[object, ...], WorkingTime] = {}
        self.company = self._hours_of(None, ())

    # ------------------------------------------------------------ hours

    def of_department(self, department: DepartmentId) -> WorkingTime:
        """The hours in which a department's minute-based limits run (L-14)."""
        return self._hours_of(department, ())

    def of_person(self, person: Person) -> WorkingTime:
        """A person's own windows, else the department's."""
        return self._hours_of(person.department, self.data.people.get(person.id) or person.windows)

    def _hours_of(self, department: DepartmentId | None, windows: Windows) -> WorkingTime:
        """Departments that work the same hours share one `WorkingTime`."""
        own = self._departments.get(department, ()) if department is not None else ()
        key = (
            windows,
            tuple((o.effective, o.windows, o.timezone, o.country) for o in own),
            department if department in self._with_overrides else None,
        )
        if key not in self._built:
            self._built[key] = self._build(department, windows)
        return self._built[key]

    def zone_of(self, department: DepartmentId | None) -> ZoneInfo:
        """The zone a department lives in: that of its newest hours, else the company's (L-14)."""
        own = self._departments.get(department, ()) if department is not None else ()
        return ZoneInfo(own[-1].timezone) if own and own[-1].timezone else self.zone

    def _build(self, department: DepartmentId | None, windows: Windows) -> WorkingTime:
        spans: list[Span] = []
        closed: list[tuple[int, int, str]] = []
        zone = self.zone_of(department)
        day = date(self.data.first_year, 1, 1)
        while day.year <= self.data.last_year:
            plan = self.plan(day, department, own_windows=windows)
            if plan.hours:
                spans.extend(spans_of(day, plan.hours, zone))
            if plan.closed:
                closed.extend((start, end, plan.name) for start, end in spans_of(day, plan.closed, zone))
            day += _DAY

        def off_name(day: date) -> str:
            plan = self.plan(day, department, own_windows=windows)
            return "" if plan.is_workday else plan.name

        return WorkingTime(spans, zone=zone, version=self.version, day_name=off_name, closed=closed)

    # ------------------------------------------------------------ days

    def plan(self, day: date, department: DepartmentId | None = None, *, own_windows: Windows = ()) -> DayPlan:
        """What a date is for the company or a department: override, then government calendar, then weekday (5.1)."""
        own = newest(self._departments[department], day) if department in self._departments else None
        version = newest(self._hours, day) or _DEFAULT_HOURS
        usual = hours_of(own_windows or (own.windows if own else ()) or version.windows)
        is_workday, name = self._by_country(day, own.country) if own and own.country else self._by_notice(day, version)
        override = self.override_on(day, department) if day in self._overrides else None
        if override is None:
            return DayPlan(is_workday, usual if is_workday else (), name)
        return _overridden(override, usual, usual if is_workday else ())

    def _by_notice(self, day: date, version: HoursVersion) -> tuple[bool, str]:
        if day in self._makeup:
            return True, "调休上班"
        if day in self._off:
            return False, self._off[day]
        is_workday = day.isoweekday() in version.workdays
        return is_workday, "" if is_workday else "周末"

    def _by_country(self, day: date, country: str) -> tuple[bool, str]:
        days = self.data.countries.get(country, _PLAIN_COUNTRY)
        if day in days.workdays:
            return True, "调休上班"
        if day in days.off:
            return False, days.off[day]
        is_workday = day.isoweekday() not in days.weekend
        return is_workday, "" if is_workday else "周末"

    def override_on(self, day: date, department: DepartmentId | None = None) -> Override | None:
        """The company decision about that date which holds for the department: its own, else everybody's."""
        here = self._overrides.get(day, {})
        return here.get(department) or here.get(None)

    def is_workday(self, day: date) -> bool:
        """Is it a working day of the company?"""
        return self.plan(day).is_workday

    def windows_on(self, day: date, department: DepartmentId | None = None) -> Windows:
        """The windows of a date in the local time of who works them, empty on a day off; what `/日历` shows."""
        return self.plan(day, department).windows

    def day_name(self, day: date) -> str:
        """国庆节, 周末, 调休上班, the name of an override; empty for a plain working day."""
        return self.plan(day).name

    def local(self, at: datetime) -> datetime:
        """In company time."""
        return at.astimezone(self.zone)

    def is_provisional(self, at: datetime | date) -> bool:
        """Does this date lie in a year whose notice is not imported (L-16)?"""
        day = self.local(at).date() if isinstance(at, datetime) else at
        return day.year not in self.data.imported_years

    def missing_year(self, day: date) -> int | None:
        """The year whose notice secretary and administrator are to be reminded of on this day, else None (5.3 item 4)."""
        if day.year not in self.data.imported_years:
            return day.year
        is_time = day.month == 12 and day.day >= WARN_FROM_DECEMBER
        return day.year + 1 if is_time and day.year + 1 not in self.data.imported_years else None

    # ------------------------------------------------------------ day-based limits

    def next_workday(self, day: date) -> date:
        """The first working day after `day`. Raises RuleViolation `no_working_time` when a year has none."""
        return self._step(day, _DAY)

    def workday_on_or_after(self, day: date) -> date:
        """`day` itself when it is worked, else the next working day; what a card suggests for a calendar-day limit."""
        return self.next_workday(day - _DAY)

    def previous_workday(self, day: date) -> date:
        """The last working day before `day`."""
        return self._step(day, -_DAY)

    def _step(self, day: date, by: timedelta) -> date:
        for _ in range(366):
            day += by
            if self.is_workday(day):
                return day
        raise RuleViolation("no_working_time")

    def add_workdays(self, at: datetime, days: int) -> datetime:
        """End of business of the n-th working day after the local date of `at`, which never counts (A-08)."""
        day = self.local(at).date()
        for _ in range(days):
            day = self.next_workday(day)
        return self.end_of_day(day)

    def add_workdays_same_time(self, at: datetime, days: int) -> datetime:
        """`deadline.mode = same_time`: the same clock time on the n-th working day, moved into the next window."""
        local = self.local(at)
        day = local.date()
        for _ in range(days):
            day = self.next_workday(day)
        return self.company.next_opening(resolve_local(day, local.time().replace(tzinfo=None), self.zone))

    def sub_workdays(self, day: date, days: int) -> date:
        """The n-th working day strictly before `day`."""
        for _ in range(days):
            day = self.previous_workday(day)
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """Working days in `(start, end]`; 0 when `end <= start`."""
        count, day = 0, start
        while day < end:
            day += _DAY
            count += self.is_workday(day)
        return count

    def end_of_day(self, day: date) -> datetime:
        """The company's last window end of that date; of a day off, the end its usual windows would have (L-12)."""
        return instant_at(day, self._company_hours(day)[-1][1], self.zone)

    def start_of_day(self, day: date) -> datetime:
        """The company's first opening of that date."""
        return instant_at(day, self._company_hours(day)[0][0], self.zone)

    def _company_hours(self, day: date) -> Hours:
        return self.plan(day).hours or hours_of((newest(self._hours, day) or _DEFAULT_HOURS).windows)

    # ------------------------------------------------------------ weekly and monthly dates

    def weekly_date(self, year: int, week: int, weekday: int) -> date | None:
        """Where a fixed weekday of an ISO week is held: itself, the nearest earlier, then later working day; None: skipped (5.7)."""
        fixed = date.fromisocalendar(year, week, weekday)
        monday = date.fromisocalendar(year, week, 1)
        days = [monday + timedelta(days=i) for i in range(7)]
        earlier = [d for d in reversed(days) if d <= fixed]
        later = [d for d in days if d > fixed]
        return next((d for d in (*earlier, *later) if self.is_workday(d)), None)

    def last_workday_of_week(self, year: int, week: int) -> date | None:
        """The last working day of an ISO week, for the last-chance reminder of the liaison sync (L-17)."""
        monday = date.fromisocalendar(year, week, 1)
        return next((d for i in range(6, -1, -1) if self.is_workday(d := monday + timedelta(days=i))), None)

    def first_workday_of_month(self, year: int, month: int) -> date:
        """When monthly jobs run."""
        return self.next_workday(date(year, month, 1) - _DAY)


def _government_days(data: CalendarData) -> tuple[dict[date, str], frozenset[date]]:
    """Days off with their names, and make-up working days; statutory days for years without a notice."""
    off: dict[date, str] = {}
    makeup: set[date] = set()
    for holiday in data.holidays:
        day = holiday.start
        while day <= holiday.end:
            off[day] = holiday.name
            day += _DAY
        makeup.update(holiday.makeup)
    for day, name in data.statutory.items():
        if day.year not in data.imported_years:
            off.setdefault(day, name)
    return off, frozenset(makeup)


_OVERRIDE_NAMES = {OverrideKind.CLOSURE: "停工", OverrideKind.WORKDAY: "上班", OverrideKind.WINDOWS: "时段调整"}
_DEFAULT_HOURS = HoursVersion()
_PLAIN_COUNTRY = CountryDays()


def newest(versions: Sequence[V], day: date) -> V | None:
    """The version in force on a day, of versions in the order of their dates."""
    for version in reversed(versions):
        if version.effective <= day:
            return version
    return None


def _overridden(override: Override, usual: Hours, without_it: Hours) -> DayPlan:
    """What an override makes of a date whose usual hours these are; `without_it` is what it would have been."""
    hours = _override_hours(override, usual, without_it)
    name = override.name or _OVERRIDE_NAMES[override.kind]
    return DayPlan(bool(hours), hours, name, without(without_it, hours) if hours else ())


def _override_hours(override: Override, usual: Hours, without_it: Hours) -> Hours:
    given = hours_of(override.windows)
    match override.kind:
        case OverrideKind.CLOSURE:
            return without(without_it, given) if given else ()
        case OverrideKind.WORKDAY | OverrideKind.WINDOWS:
            return given or usual
