"""Which days and hours are worked (domain.md 5.1-5.3, 5.7; L-12 to L-17; A-18). Data in, `WorkingTime` out; pure.

Precedence for a date: company override, government calendar of an imported year, weekday (5.1). A year without an
official notice is provisional: plain weekends and statutory days, and everything that lies in it says so (L-16).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.domain.directory import Person
from bot.domain.ids import DepartmentId
from bot.domain.working_time import Span, WorkingTime

Windows = tuple[tuple[str, str], ...]

DEFAULT_WINDOWS: Windows = (("09:00", "12:00"), ("13:30", "18:00"))
_DAY = timedelta(days=1)


class OverrideKind(StrEnum):
    """Kinds of `[[calendar.override]]` (L-15)."""

    CLOSURE = "closure"
    WORKDAY = "workday"
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
    """A company decision about one date; it beats the government calendar. `department` None means everybody."""

    date: date
    kind: OverrideKind
    name: str = ""
    windows: Windows = ()
    department: DepartmentId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursVersion:
    """The company's hours from a date on (EC-28)."""

    effective: date
    windows: Windows = DEFAULT_WINDOWS
    #: ISO weekdays, Monday = 1
    workdays: tuple[int, ...] = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentHours:
    """Where a department differs: windows, zone, country of its public holidays (L-14)."""

    department: DepartmentId
    windows: Windows = ()
    timezone: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarData:
    """Everything a company's calendars are made of; stored as one JSON value."""

    timezone: str = "Asia/Shanghai"
    hours: tuple[HoursVersion, ...] = (HoursVersion(effective=date(1970, 1, 1)),)
    holidays: tuple[Holiday, ...] = ()
    imported_years: tuple[int, ...] = ()
    #: statutory days of years without a notice, by date
    statutory: Mapping[date, str] = field(default_factory=dict)
    #: public holidays of other countries, by country and date
    countries: Mapping[str, Mapping[date, str]] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    departments: tuple[DepartmentHours, ...] = ()
    #: windows of single persons, by person id
    people: Mapping[str, Windows] = field(default_factory=dict)
    source: str = ""
    first_year: int = 2025
    last_year: int = 2031

    @property
    def version(self) -> str:
        """A short name of this state of the calendar, for `explain` and the audit trail."""
        years = ",".join(str(y) for y in self.imported_years) or "-"
        return f"{years}+{len(self.overrides)}"


@dataclass(frozen=True, slots=True)
class DayPlan:
    """What one date is: its windows in force, and its name where it is special."""

    is_workday: bool
    windows: Windows
    name: str


class Calendars:
    """The company calendar and everybody's hours at one state of the data. Immutable; build once per change."""

    def __init__(self, data: CalendarData) -> None:
        self.data = data
        self.zone = ZoneInfo(data.timezone)
        self.version = data.version
        self._off, self._makeup = _government_days(data)
        self._departments = {d.department: d for d in data.departments}
        self._overrides: dict[tuple[date, DepartmentId | None], Override] = {
            (o.date, o.department): o for o in data.overrides
        }
        self._built: dict[tuple[object, ...], WorkingTime] = {}
        self.company = self._hours_of(None, ())

    # ------------------------------------------------------------ hours

    def of_department(self, department: DepartmentId) -> WorkingTime:
        """The hours in which a department's minute-based limits run (L-14)."""
        return self._hours_of(department, ())

    def of_person(self, person: Person) -> WorkingTime:
        """A person's own windows, else the department's."""
        windows = self.data.people.get(person.id) or person.windows
        return self._hours_of(person.department, tuple(windows))

    def _hours_of(self, department: DepartmentId | None, windows: Windows) -> WorkingTime:
        """Departments that work the same hours share one `WorkingTime`."""
        own = self._departments.get(department) if department is not None else None
        special = department if any(o.department == department for o in self.data.overrides) else None
        key = (
            windows or (own.windows if own else ()),
            own.timezone if own else "",
            own.country if own else "",
            special if department is not None else None,
        )
        if key not in self._built:
            self._built[key] = self._build(department, windows)
        return self._built[key]

    def _build(self, department: DepartmentId | None, windows: Windows) -> WorkingTime:
        own = self._departments.get(department) if department is not None else None
        zone = ZoneInfo(own.timezone) if own and own.timezone else self.zone
        spans: list[Span] = []
        day = date(self.data.first_year, 1, 1)
        while day.year <= self.data.last_year:
            plan = self.plan(day, department, own_windows=windows)
            if plan.is_workday:
                spans.extend(_span(day, opens, closes, zone) for opens, closes in plan.windows)
            day += _DAY

        def off_name(day: date) -> str:
            plan = self.plan(day, department, own_windows=windows)
            return "" if plan.is_workday else plan.name

        return WorkingTime(spans, zone=zone, version=self.version, day_name=off_name)

    # ------------------------------------------------------------ days

    def plan(self, day: date, department: DepartmentId | None = None, *, own_windows: Windows = ()) -> DayPlan:
        """What a date is for the company or a department: override, then government calendar, then weekday (5.1)."""
        own = self._departments.get(department) if department is not None else None
        hours = self._hours_on(day)
        windows = own_windows or (own.windows if own and own.windows else hours.windows)
        override = self._overrides.get((day, department)) or self._overrides.get((day, None))
        if override is not None:
            if override.kind is OverrideKind.CLOSURE and not override.windows:
                return DayPlan(False, (), override.name or "停工")
            return DayPlan(True, override.windows or windows, override.name)
        is_workday, name = self._by_country(day, own.country) if own and own.country else self._by_notice(day, hours)
        return DayPlan(is_workday, windows if is_workday else (), name)

    def _by_notice(self, day: date, hours: HoursVersion) -> tuple[bool, str]:
        if day in self._makeup:
            return True, "调休上班"
        if day in self._off:
            return False, self._off[day]
        is_workday = day.isoweekday() in hours.workdays
        return is_workday, "" if is_workday else "周末"

    def _by_country(self, day: date, country: str) -> tuple[bool, str]:
        name = self.data.countries.get(country, {}).get(day, "")
        if name:
            return False, name
        is_workday = day.isoweekday() <= 5
        return is_workday, "" if is_workday else "周末"

    def _hours_on(self, day: date) -> HoursVersion:
        return max(
            (h for h in self.data.hours if h.effective <= day),
            key=lambda h: h.effective,
            default=HoursVersion(effective=day),
        )

    def is_workday(self, day: date) -> bool:
        """Is it a working day of the company?"""
        return self.plan(day).is_workday

    def windows_on(self, day: date, department: DepartmentId | None = None) -> Windows:
        """The windows of a date, empty on a day off; what `/日历` shows."""
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

    # ------------------------------------------------------------ day-based limits

    def next_workday(self, day: date) -> date:
        """The first working day after `day`."""
        return self._step(day, _DAY)

    def previous_workday(self, day: date) -> date:
        """The last working day before `day`."""
        return self._step(day, -_DAY)

    def _step(self, day: date, by: timedelta) -> date:
        for _ in range(366):
            day += by
            if self.is_workday(day):
                return day
        return day

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
        windows = self.windows_on(day) or self._hours_on(day).windows
        return max(_instant(day, opens, closes, self.zone)[1] for opens, closes in windows)

    def start_of_day(self, day: date) -> datetime:
        """The company's first opening of that date."""
        windows = self.windows_on(day) or self._hours_on(day).windows
        return min(_instant(day, opens, closes, self.zone)[0] for opens, closes in windows)

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

    # ------------------------------------------------------------ changes

    def with_overrides(self, overrides: Iterable[Override]) -> CalendarData:
        """The data with these overrides added; a later one for the same date and department wins."""
        kept = {(o.date, o.department): o for o in self.data.overrides}
        kept.update({(o.date, o.department): o for o in overrides})
        return replace(self.data, overrides=tuple(sorted(kept.values(), key=lambda o: (o.date, o.department or ""))))


def with_year(data: CalendarData, year: int, holidays: Iterable[Holiday]) -> CalendarData:
    """The data with an official year put in; what was known of that year before is replaced."""
    kept = tuple(h for h in data.holidays if h.start.year != year)
    return replace(
        data,
        holidays=tuple(sorted((*kept, *holidays), key=lambda h: h.start)),
        imported_years=tuple(sorted({*data.imported_years, year})),
    )


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


@lru_cache(maxsize=256)
def parse_window_time(text: str) -> int:
    """Minutes since midnight of `HH:MM`; `24:00` is 1440 (L-13). Raises ValueError."""
    hours, colon, minutes = text.partition(":")
    if not colon or not (hours.isdigit() and minutes.isdigit()) or len(minutes) != 2:
        raise ValueError(f"not a time of day: {text!r}")
    total = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or total > 1440:
        raise ValueError(f"not a time of day: {text!r}")
    return total


def resolve_local(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A local wall time as an instant: a missing one is the first valid instant, a repeated one its first occurrence (F17)."""
    naive = datetime.combine(day, at)
    instant = naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == naive:
        return instant
    # The wall time was skipped: with fold=1 the zone's later offset applies, which names the instant of the jump's far side.
    gap_start = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _jump(gap_start, instant, zone)


def _jump(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The instant in `(low, high]` at which the zone's offset changes."""
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def _instant(day: date, opens: str, closes: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """A window of a date as two instants; one that ends before it begins crosses midnight and belongs to `day` (L-13)."""
    first, last = parse_window_time(opens), parse_window_time(closes)
    if last <= first:
        last += 1440
    return _at_minute(day, first, zone), _at_minute(day, last, zone)


def _at_minute(day: date, minute: int, zone: ZoneInfo) -> datetime:
    return resolve_local(day + timedelta(days=minute // 1440), time(minute % 1440 // 60, minute % 60), zone)


def _span(day: date, opens: str, closes: str, zone: ZoneInfo) -> Span:
    start, end = _instant(day, opens, closes, zone)
    return int(start.timestamp() * 1000), int(end.timestamp() * 1000)
