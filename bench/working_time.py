"""Working-time arithmetic against `businesstimedelta`, in one run and on the same question.

Both know the same hours, holidays and weekends. Only ours can be told of make-up working days, which is a figure too.
"""

from __future__ import annotations

import gc
import operator
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import repeat
from statistics import median
from time import perf_counter

import businesstimedelta
import pytz

from bench.figure import Figure
from bot.calendars import build_calendars, calendar_data_from_company
from bot.domain.calendar import Calendars

MINUTES = 30
ROUNDS = 7
MICROSECONDS = 1e6


async def run() -> list[Figure]:
    """The figures of working time. Takes about two seconds; nothing else should run meanwhile."""
    data = calendar_data_from_company({}, (), ())
    calendars = build_calendars(data)
    peer = _peer(calendars)
    starts = _instants()
    hours = calendars.company
    ours = _each(hours.add, starts, repeat(MINUTES))
    pairs = [(at, at + timedelta(days=days)) for days, at in enumerate(starts)]
    between = _each(hours.between, *zip(*pairs, strict=True))
    step = businesstimedelta.BusinessTimeDelta(peer, hours=0, seconds=MINUTES * 60)
    theirs = _each(operator.add, [_zoned(at) for at in starts[:20]], repeat(step))
    measured = _each(peer.difference, [_zoned(a) for a, _ in pairs[:20]], [_zoned(b) for _, b in pairs[:20]])
    layout = _each(Calendars, [data]) / 1000
    return [
        _against("add 30 working minutes", ours, theirs),
        _against("working time between two instants", between, measured),
        Figure("six years of one set of hours laid out", layout, "ms", "for information"),
        *_make_up_days(calendars, peer),
    ]


def _against(name: str, ours: float, theirs: float) -> Figure:
    ratio = theirs / ours
    return Figure(
        name, ours, "µs", "≤ 2 µs, ≥ 100 × businesstimedelta", "businesstimedelta", ratio, ours <= 2 and ratio >= 100
    )


def _make_up_days(calendars: Calendars, peer: businesstimedelta.Rules) -> list[Figure]:
    """A message at 17:50 before a make-up working day is due at 09:20 of that day."""
    zone = calendars.zone
    days = sorted(d for holiday in calendars.data.holidays for d in holiday.makeup)
    step = businesstimedelta.BusinessTimeDelta(peer, hours=0, seconds=MINUTES * 60)
    right, theirs = 0, 0
    for day in days:
        due = datetime.combine(day, time(9, 20), zone)
        start = datetime.combine(calendars.previous_workday(day), time(17, 50), zone)
        right += calendars.company.add(start, MINUTES) == due
        theirs += (start + step) == due
    return [
        Figure(
            f"due instants right on the {len(days)} make-up working days of 2026 (peer: {theirs})",
            right,
            "right",
            "all",
            "businesstimedelta",
            None,
            right == len(days),
        )
    ]


def _peer(calendars: Calendars) -> businesstimedelta.Rules:
    """The same windows and holidays in the peer's words."""
    days_off = {
        date(2026, 1, 1) + timedelta(days=n): calendars.day_name(date(2026, 1, 1) + timedelta(days=n))
        for n in range(365)
        if not calendars.is_workday(date(2026, 1, 1) + timedelta(days=n))
    }
    hours = [
        businesstimedelta.WorkDayRule(
            start_time=time.fromisoformat(opens),
            end_time=time.fromisoformat(closes),
            working_days=[0, 1, 2, 3, 4],
            tz=pytz.timezone("Asia/Shanghai"),
        )
        for opens, closes in calendars.windows_on(date(2026, 11, 23))
    ]
    return businesstimedelta.Rules([*hours, businesstimedelta.HolidayRule(days_off, tz=pytz.timezone("Asia/Shanghai"))])


def _instants() -> list[datetime]:
    """Every fourth hour of a year, a prime step, so that all kinds of days and hours come."""
    return [datetime(2026, 1, 5, tzinfo=UTC) + timedelta(minutes=251 * n) for n in range(2000)]


def _zoned(at: datetime) -> datetime:
    return at.astimezone(pytz.timezone("Asia/Shanghai"))


def _each(call: Callable[..., object], first: Sequence[object], *rest: Iterable[object]) -> float:
    """Median of several rounds: microseconds a call. The loop runs in C, so that it adds next to nothing."""
    rounds: list[float] = []
    gc.disable()
    try:
        for _ in range(ROUNDS):
            begin = perf_counter()
            deque(map(call, first, *rest), maxlen=0)
            rounds.append((perf_counter() - begin) / len(first) * MICROSECONDS)
    finally:
        gc.enable()
    return median(rounds)
