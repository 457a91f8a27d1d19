"""How one state of the calendar follows another: overrides, an official year, new hours (5.3, EC-20, EC-28, P-64).

Everything here makes new data and says which days differ; open deadlines are moved by `bot.domain.retiming`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.calendar import (
    CalendarData,
    Calendars,
    DayPlan,
    DepartmentHours,
    Holiday,
    Override,
    V,
    newest,
)
from bot.domain.ids import DepartmentId

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChange:
    """A date that is worked differently after a change."""

    day: date
    before: DayPlan
    after: DayPlan


def with_overrides(data: CalendarData, overrides: Iterable[Override]) -> CalendarData:
    """The data with these overrides added; a later one for the same date and department wins."""
    kept = {(o.date, o.department): o for o in (*data.overrides, *overrides)}
    return replace(data, overrides=tuple(sorted(kept.values(), key=lambda o: (o.date, o.department or ""))))


def without_override(data: CalendarData, day: date, department: DepartmentId | None = None) -> CalendarData:
    """The data without the override of that date and department."""
    return replace(data, overrides=tuple(o for o in data.overrides if (o.date, o.department) != (day, department)))


def with_year(data: CalendarData, year: int, holidays: Iterable[Holiday]) -> CalendarData:
    """The data with an official year put in; what was known of that year before is replaced.

    A festival belongs to the notice of the year in which it ends: 元旦 may begin in December.
    """
    kept = tuple(h for h in data.holidays if h.end.year != year)
    return replace(
        data,
        holidays=tuple(sorted((*kept, *holidays), key=lambda h: h.start)),
        imported_years=tuple(sorted({*data.imported_years, year})),
        first_year=min(data.first_year, year),
        last_year=max(data.last_year, year + 1),
    )


def succeeding(previous: CalendarData, new: CalendarData, *, today: date) -> CalendarData:
    """`new` as it follows `previous`: changed hours hold from tomorrow, older dates keep theirs (EC-28).

    Years and overrides that were entered by command stay; where both name one, `new` wins.
    """
    merged = new
    for year in sorted(set(previous.imported_years) - set(new.imported_years)):
        merged = with_year(merged, year, [h for h in previous.holidays if h.end.year == year])
    departments: list[DepartmentHours] = []
    for name in sorted({d.department for d in (*previous.departments, *new.departments)}):
        old = [d for d in previous.departments if d.department == name]
        current = [d for d in new.departments if d.department == name]
        plain = DepartmentHours(department=name)
        departments.extend(_dated(old or [plain], current or [plain], today=today))
    hours = tuple(_dated(previous.hours, new.hours, today=today))
    merged = replace(merged, hours=hours, departments=tuple(departments), overrides=previous.overrides)
    return with_overrides(merged, new.overrides)


def _dated(old: Sequence[V], new: Sequence[V], *, today: date) -> list[V]:
    """The versions of `old` until today, then those of `new`; what `new` says of now begins tomorrow."""
    old, new = sorted(old, key=lambda v: v.effective), sorted(new, key=lambda v: v.effective)
    was, now = newest(old, today), newest(new, today)
    versions = {v.effective: v for v in old if v.effective <= today}
    if now is not None and (was is None or replace(now, effective=was.effective) != was):
        effective = now.effective if was is None else today + _DAY
        versions[effective] = replace(now, effective=effective)
    versions.update({v.effective: v for v in new if v.effective > today})
    return list(versions.values())


def changed_days(
    before: Calendars, after: Calendars, *, first: date, last: date, department: DepartmentId | None = None
) -> tuple[DayChange, ...]:
    """The dates of `[first, last]` that are worked differently afterwards, for a preview."""
    changes: list[DayChange] = []
    day = first
    while day <= last:
        old, new = before.plan(day, department), after.plan(day, department)
        if old.hours != new.hours:
            changes.append(DayChange(day=day, before=old, after=new))
        day += _DAY
    return tuple(changes)
