"""The official days off of one year as somebody hands them in, and what importing them would change (5.3, EC-20, EC-27).

Two spellings: a CSV table `date, kind, name` with kind 放假 or 上班, as it comes out of a spreadsheet, and TOML like the
files under `bot/data/calendar`. Nothing is taken over here; the preview carries the data that would be.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, TypeGuard

from bot.domain.calendar import CalendarData, Calendars, Holiday
from bot.domain.calendar_change import DayChange, changed_days, with_year
from bot.errors import ConfigError, Problem

_DAY = timedelta(days=1)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")


class DayKind(StrEnum):
    """What a row of the table says of its date."""

    OFF = "放假"
    WORK = "上班"


_KINDS = {
    "放假": DayKind.OFF,
    "休": DayKind.OFF,
    "休息": DayKind.OFF,
    "off": DayKind.OFF,
    "holiday": DayKind.OFF,
    "上班": DayKind.WORK,
    "班": DayKind.WORK,
    "调休上班": DayKind.WORK,
    "work": DayKind.WORK,
    "workday": DayKind.WORK,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class YearTable:
    """An official year, checked by itself."""

    year: int
    holidays: tuple[Holiday, ...]
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearPreview:
    """What importing a table would do. `data` is the calendar as it would be afterwards."""

    year: int
    data: CalendarData
    #: dates that would be worked differently from what holds now
    changes: tuple[DayChange, ...]
    days_off: int
    makeup_days: int
    #: statutory days that the table leaves as ordinary days: probably a row was forgotten
    missing_statutory: tuple[tuple[date, str], ...]
    #: the year was imported before and would be replaced
    replaces: bool


@dataclass(frozen=True, slots=True)
class _Row:
    place: str
    day: date
    kind: DayKind
    name: str


def decode_table(content: bytes) -> str:
    """The text of an uploaded table: UTF-8 with or without mark, else the Chinese code page of spreadsheets.

    Raises ConfigError when it is neither.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ConfigError([Problem("table", f"{len(content)} bytes", "a UTF-8 text file", "save it as CSV UTF-8")])


def parse_year_table(text: str) -> YearTable:
    """Read a table in either spelling. Raises ConfigError with every problem of every row."""
    problems: list[Problem] = []
    body = text.lstrip("\ufeff")
    if re.search(r"^\s*\[\[(holiday|day)\]\]", body, re.MULTILINE):
        rows, source, stated = _toml_rows(body, problems)
    else:
        rows, source, stated = _csv_rows(body, problems), "", None
    year = _year_of(rows, stated)
    _check(rows, year, problems)
    if problems:
        raise ConfigError(problems)
    return YearTable(year=year, holidays=_festivals(rows), source=source)


def preview_year(data: CalendarData, table: YearTable) -> YearPreview:
    """Compare a table with what holds now, statutory days included."""
    after = with_year(data, table.year, table.holidays)
    if table.source:
        after = replace(after, source=table.source)
    first = min(d for h in table.holidays for d in (h.start, *h.makeup, date(table.year, 1, 1)))
    now, then = Calendars(data), Calendars(after)
    return YearPreview(
        year=table.year,
        data=after,
        changes=changed_days(now, then, first=first, last=date(table.year, 12, 31)),
        days_off=sum((h.end - h.start).days + 1 for h in table.holidays),
        makeup_days=sum(len(h.makeup) for h in table.holidays),
        missing_statutory=tuple(
            (day, name)
            for day, name in sorted(data.statutory.items())
            if day.year == table.year and then.is_workday(day)
        ),
        replaces=table.year in data.imported_years,
    )


def _csv_rows(text: str, problems: list[Problem]) -> list[_Row]:
    rows: list[_Row] = []
    lines = [line.replace("，", ",").replace("\t", ",") for line in text.splitlines()]
    for number, cells in enumerate(csv.reader(lines), start=1):
        cells = [cell.strip() for cell in cells]
        if not any(cells) or cells[0].startswith("#"):
            continue
        if not rows and not problems and cells[0].lower() in {"date", "日期"}:
            continue
        cells += [""] * (3 - len(cells))
        _add_row(rows, problems, f"row {number}", *cells[:3])
    return rows


def _toml_rows(text: str, problems: list[Problem]) -> tuple[list[_Row], str, int | None]:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise ConfigError([Problem("table", str(problem), "valid TOML", "mend the line named")]) from None
    rows: list[_Row] = []
    for index, entry in enumerate(_tables(raw, "day", problems), start=1):
        given = (str(entry.get(key, "")) for key in ("date", "kind", "name"))
        _add_row(rows, problems, f"day[{index}]", *given)
    for index, entry in enumerate(_tables(raw, "holiday", problems), start=1):
        rows.extend(_holiday_rows(f"holiday[{index}]", entry, problems))
    stated = raw.get("year")
    return rows, str(raw.get("source", "")), stated if isinstance(stated, int) else None


def _tables(raw: Mapping[str, Any], key: str, problems: list[Problem]) -> Iterable[Mapping[str, Any]]:
    entries = raw.get(key, [])
    if isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries):
        return entries
    problems.append(Problem(key, str(entries)[:40], f"tables [[{key}]]", "see bot/data/calendar for an example"))
    return ()


def _holiday_rows(place: str, entry: Mapping[str, Any], problems: list[Problem]) -> Iterable[_Row]:
    holiday = read_holiday(place, entry, problems)
    if holiday is None:
        return
    day = holiday.start
    while day <= holiday.end:
        yield _Row(place, day, DayKind.OFF, holiday.name)
        day += _DAY
    for day in holiday.makeup:
        yield _Row(place, day, DayKind.WORK, holiday.name)


def read_holiday(place: str, entry: Mapping[str, Any], problems: list[Problem]) -> Holiday | None:
    """A table `name, from, to, makeup`; None with the problems noted when it cannot be read."""
    start, end, makeup = entry.get("from"), entry.get("to", entry.get("from")), entry.get("makeup", [])
    before = len(problems)
    for key, value in (("from", start), ("to", end)):
        if not is_date(value):
            problems.append(Problem(f"{place}.{key}", str(value), "a date like 2026-10-01", "write it without quotes"))
    if not isinstance(makeup, list) or not all(is_date(day) for day in makeup):
        problems.append(Problem(f"{place}.makeup", str(makeup), "a list of dates", "leave it out or write []"))
    if not entry.get("name"):
        problems.append(Problem(f"{place}.name", "", "the name of the festival", "fill it in"))
    if len(problems) > before or not is_date(start) or not is_date(end):
        return None
    if not start <= end <= start + 31 * _DAY:
        problems.append(Problem(f"{place}.to", str(end), f"a date from {start} on, within a month", "check the year"))
        return None
    return Holiday(name=str(entry["name"]), start=start, end=end, makeup=tuple(sorted(makeup)))


def is_date(value: object) -> TypeGuard[date]:
    """A plain date; TOML also knows instants, which are none."""
    return type(value) is date


def _add_row(rows: list[_Row], problems: list[Problem], place: str, day: str, kind: str, name: str) -> None:
    """One row of three texts; what is wrong with it is noted."""
    match = _DATE.fullmatch(day.strip())
    found: date | None = None
    if match:
        try:
            found = date(*(int(part) for part in match.groups() if part))
        except ValueError:
            found = None
    known = _KINDS.get(kind.strip().lower())
    if found is None:
        problems.append(Problem(f"{place}, date", day, "a date like 2027-01-01", "correct the date"))
    if known is None:
        problems.append(Problem(f"{place}, kind", kind, "放假 or 上班", "correct the kind"))
    if known is DayKind.OFF and not name:
        problems.append(Problem(f"{place}, name", "", "the name of the festival", "fill it in"))
    if found is not None and known is not None:
        rows.append(_Row(place, found, known, name))


def _year_of(rows: Sequence[_Row], stated: int | None) -> int:
    """The year stated, else the one most rows name; in a tie the later, because 元旦 may begin in December."""
    if stated is not None:
        return stated
    counted = Counter(row.day.year for row in rows)
    return max(counted, key=lambda year: (counted[year], year), default=0)


def _check(rows: Sequence[_Row], year: int, problems: list[Problem]) -> None:
    """What no single row shows: other years, dates named twice, make-up days that are worked anyway, nothing off."""
    seen: dict[date, DayKind] = {}
    for row in rows:
        in_year = row.day.year == year or (row.day.year == year - 1 and row.day.month == 12)
        if not in_year:
            problems.append(Problem(row.place, str(row.day), f"a date of {year}", "one table holds one year"))
        if seen.setdefault(row.day, row.kind) is not row.kind:
            problems.append(Problem(row.place, str(row.day), "放假 or 上班, not both", "remove one of the rows"))
        if row.kind is DayKind.WORK and row.day.isoweekday() <= 5:
            problems.append(Problem(row.place, str(row.day), "上班 on a Saturday or Sunday", "check the date"))
    if not problems and DayKind.OFF not in seen.values():
        problems.append(Problem("table", "", "at least one row with 放假", "check that the right file was sent"))


def _festivals(rows: Sequence[_Row]) -> tuple[Holiday, ...]:
    """Days off in a row under one name are one festival; a make-up day goes to the nearest one, of its name if it has one."""
    found: list[Holiday] = []
    days = {row.day: row.name for row in rows if row.kind is DayKind.OFF}
    for day, name in sorted(days.items()):
        if found and found[-1].name == name and found[-1].end + _DAY == day:
            found[-1] = replace(found[-1], end=day)
        else:
            found.append(Holiday(name=name, start=day, end=day))
    for day, name in sorted({row.day: row.name for row in rows if row.kind is DayKind.WORK}.items()):
        candidates = [i for i, h in enumerate(found) if h.name == name] or list(range(len(found)))
        nearest = min(candidates, key=lambda i: abs((found[i].start - day).days))
        found[nearest] = replace(found[nearest], makeup=(*found[nearest].makeup, day))
    return tuple(found)
