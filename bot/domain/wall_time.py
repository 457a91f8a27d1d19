"""Local wall time: windows of a date, and the instants they are in a zone (domain.md 5.1; L-13, F17).

The only place of the rules that turns a local clock time into an instant. A window belongs to the date on which it begins.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise

from bot.domain.working_time import Span

#: `(("09:00", "12:00"), …)` as people write them; an end at or before its start lies on the next day
Windows = tuple[tuple[str, str], ...]
#: the same in minutes since the local midnight of the date; an end above 1440 lies on the next day
Hours = tuple[tuple[int, int], ...]

DAY_MINUTES = 1440
_DAY = timedelta(days=1)
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_MINUTE_MS = 60_000


def parse_window_time(text: str) -> int:
    """Minutes since midnight of `HH:MM`; `24:00` is 1440 (L-13). Raises ValueError."""
    hours, colon, minutes = text.partition(":")
    digits = hours.isascii() and minutes.isascii() and hours.isdigit() and minutes.isdigit()
    if not (colon and digits and len(minutes) == 2 and len(hours) in (1, 2)):
        raise ValueError(f"not a time of day: {text!r}")
    total = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or total > DAY_MINUTES:
        raise ValueError(f"not a time of day: {text!r}")
    return total


@lru_cache(maxsize=256)
def hours_of(windows: Windows) -> Hours:
    """Windows as minutes, in order. Raises ValueError for a bad time, an empty window, or windows that overlap."""
    hours: list[tuple[int, int]] = []
    for opens, closes in windows:
        first, last = parse_window_time(opens), parse_window_time(closes)
        if first in (last, DAY_MINUTES):
            raise ValueError(f"an empty window: {opens}-{closes}")
        hours.append((first, last if last > first else last + DAY_MINUTES))
    hours.sort()
    for (_, closes_at), (opens_at, _) in pairwise(hours):
        if opens_at < closes_at:
            raise ValueError(f"windows overlap: {windows}")
    if hours and hours[-1][1] - hours[0][0] > DAY_MINUTES:
        raise ValueError(f"windows run into those of the next day: {windows}")
    return tuple(hours)


def windows_of(hours: Hours) -> Windows:
    """Inverse of `hours_of`, for showing."""
    return tuple((_clock(first), "24:00" if last == DAY_MINUTES else _clock(last)) for first, last in hours)


def _clock(minute: int) -> str:
    return f"{minute % DAY_MINUTES // 60:02d}:{minute % 60:02d}"


def without(hours: Hours, closed: Hours) -> Hours:
    """What is left of a date's hours when some of them are closed."""
    left = list(hours)
    for first, last in closed:
        left = [
            (start, end)
            for opens, closes in left
            for start, end in ((opens, min(closes, first)), (max(opens, last), closes))
            if start < end
        ]
    return tuple(left)


def resolve_local(day: date, at: time, zone: tzinfo) -> datetime:
    """A local wall time as an instant: a missing one is the first valid instant, a repeated one its first occurrence (F17)."""
    naive = datetime.combine(day, at)
    instant = naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == naive:
        return instant
    # Skipped: read with the offset after the jump (fold=1) it lies before the jump, with the one before it after the jump.
    return _jump(naive.replace(tzinfo=zone, fold=1).astimezone(UTC), instant, zone)


def _jump(low: datetime, high: datetime, zone: tzinfo) -> datetime:
    """The instant in `(low, high]` at which the zone's offset changes; offsets change on whole seconds."""
    before = low.astimezone(zone).utcoffset()
    first, last = int(low.timestamp()), int(high.timestamp())
    while last - first > 1:
        middle = (first + last) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == before:
            first = middle
        else:
            last = middle
    return datetime.fromtimestamp(last, UTC)


def instant_at(day: date, minute: int, zone: tzinfo) -> datetime:
    """The instant of a minute since the local midnight of `day`; from 1440 on it lies on the next day."""
    days, minute = divmod(minute, DAY_MINUTES)
    return resolve_local(day + timedelta(days=days), time(minute // 60, minute % 60), zone)


def spans_of(day: date, hours: Hours, zone: tzinfo) -> Iterable[Span]:
    """The hours of a date as spans in UTC milliseconds."""
    noon = datetime(day.year, day.month, day.day, 12)  # noqa: DTZ001 - a wall time is what a zone is asked about
    offset = zone.utcoffset(noon - _DAY)
    if offset is not None and offset == zone.utcoffset(noon + _DAY + _DAY):
        # No change of offset anywhere near: a subtraction instead of a conversion, ten times as fast.
        base = (day.toordinal() - _EPOCH_ORDINAL) * DAY_MINUTES * _MINUTE_MS - offset // timedelta(milliseconds=1)
        return [(base + first * _MINUTE_MS, base + last * _MINUTE_MS) for first, last in hours]
    instants = ((instant_at(day, first, zone), instant_at(day, last, zone)) for first, last in hours)
    return [(int(start.timestamp()) * 1000, int(end.timestamp()) * 1000) for start, end in instants]
