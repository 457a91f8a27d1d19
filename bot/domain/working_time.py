"""Working-time arithmetic over a list of working spans with prefix sums (domain.md 5.1, 5.2; L-09, L-11).

Spans are half-open and in UTC milliseconds, so that every operation is a bisection and an addition. Where the spans come
from (windows, holidays, zones) is the business of `bot.domain.calendar`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum

from bot.errors import RuleViolation

Span = tuple[int, int]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_MINUTE_MS = 60_000
#: without any window in this time a due instant cannot be computed (EC-26)
BLIND_MS = 30 * 24 * 60 * _MINUTE_MS


class SegmentKind(StrEnum):
    """What a stretch of time is to a clock."""

    COUNTED = "counted"
    BREAK = "break"
    NIGHT = "night"
    DAY_OFF = "day_off"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch `[start, end)` of one kind; `name` says which days off it spans."""

    start: datetime
    end: datetime
    kind: SegmentKind
    name: str = ""

    @property
    def seconds(self) -> int:
        """Length in whole seconds."""
        return int((self.end - self.start).total_seconds())


class WorkingTime:
    """Working spans of one calendar, one set of windows and one zone. Immutable; share it freely."""

    __slots__ = ("_day_name", "_ends", "_prefix", "_starts", "version", "zone")

    def __init__(
        self,
        spans: Sequence[Span],
        *,
        zone: tzinfo,
        version: str = "",
        day_name: Callable[[date], str] = lambda _: "",
    ) -> None:
        merged = _merge(spans)
        self._starts = [start for start, _ in merged]
        self._ends = [end for _, end in merged]
        self._prefix = [0]
        for start, end in merged:
            self._prefix.append(self._prefix[-1] + end - start)
        self._day_name = day_name
        self.zone = zone
        #: name of the calendar version these spans come from, shown by `explain`
        self.version = version

    def add(self, start: datetime, minutes: int) -> datetime:
        """The earliest instant `u >= start` with exactly `minutes` working minutes in `[start, u)`; minutes > 0.

        Raises RuleViolation `no_working_time` if the spans do not reach that far or hold a gap of 30 days (EC-26).
        """
        return self._add(start, minutes * _MINUTE_MS)

    def add_seconds(self, start: datetime, seconds: int) -> datetime:
        """As `add`, in seconds."""
        return self._add(start, seconds * 1000)

    def _add(self, start: datetime, amount: int) -> datetime:
        at = (start - _EPOCH) // _MILLISECOND
        ends, starts = self._ends, self._starts
        index = bisect_right(ends, at)
        if index == len(ends):
            raise RuleViolation("no_working_time")
        begin = starts[index]
        if begin - at > BLIND_MS:
            raise RuleViolation("no_working_time")
        target = self._prefix[index] + amount + (at - begin if at > begin else 0)
        last = bisect_left(self._prefix, target, index) - 1
        if last >= len(ends):
            raise RuleViolation("no_working_time")
        return _EPOCH + timedelta(milliseconds=starts[last] + target - self._prefix[last])

    def between(self, start: datetime, end: datetime) -> int:
        """Working seconds in `[start, end)`, whole seconds; 0 when `end <= start`."""
        amount = self._worked((end - _EPOCH) // _MILLISECOND) - self._worked((start - _EPOCH) // _MILLISECOND)
        return amount // 1000 if amount > 0 else 0

    def _worked(self, at: int) -> int:
        """Working milliseconds from the first span to `at`."""
        index = bisect_right(self._starts, at) - 1
        if index < 0:
            return 0
        end = self._ends[index]
        return self._prefix[index] + (at if at < end else end) - self._starts[index]

    def before(self, due: datetime, minutes: int) -> datetime:
        """The latest instant `u` with `minutes` working minutes in `[u, due)` (L-11).

        Raises RuleViolation `no_working_time` when the spans do not reach back that far.
        """
        target = self._worked((due - _EPOCH) // _MILLISECOND) - minutes * _MINUTE_MS
        if target < 0:
            raise RuleViolation("no_working_time")
        index = bisect_right(self._prefix, target) - 1
        if index >= len(self._starts):
            return due
        return _EPOCH + timedelta(milliseconds=self._starts[index] + target - self._prefix[index])

    def is_working(self, at: datetime) -> bool:
        """True inside a window; a window's very end is outside."""
        moment = (at - _EPOCH) // _MILLISECOND
        index = bisect_right(self._starts, moment) - 1
        return index >= 0 and moment < self._ends[index]

    def is_notice_time(self, at: datetime) -> bool:
        """True inside a window, both ends included (L-09)."""
        moment = (at - _EPOCH) // _MILLISECOND
        index = bisect_right(self._starts, moment) - 1
        return index >= 0 and moment <= self._ends[index]

    def next_opening(self, at: datetime) -> datetime:
        """`at` itself when it is working time, else the start of the next window.

        Raises RuleViolation `no_working_time` when there is none in 30 days.
        """
        if self.is_working(at):
            return at
        moment = (at - _EPOCH) // _MILLISECOND
        index = bisect_right(self._starts, moment)
        if index == len(self._starts) or self._starts[index] - moment > BLIND_MS:
            raise RuleViolation("no_working_time")
        return _EPOCH + timedelta(milliseconds=self._starts[index])

    def next_notice_time(self, at: datetime) -> datetime:
        """`at` itself when a notice may be sent then, else the next opening (L-09)."""
        return at if self.is_notice_time(at) else self.next_opening(at)

    def segments(self, start: datetime, end: datetime) -> tuple[Segment, ...]:
        """Consecutive segments that cover `[start, end)`; the counted ones add up to `between(start, end)`."""
        found: list[Segment] = []
        at = start
        index = bisect_right(self._ends, (start - _EPOCH) // _MILLISECOND)
        while at < end and index < len(self._starts):
            opens = _EPOCH + timedelta(milliseconds=self._starts[index])
            closes = _EPOCH + timedelta(milliseconds=self._ends[index])
            if at < opens:
                found.append(self._gap(at, min(opens, end)))
            if opens < end:
                found.append(Segment(max(at, opens), min(closes, end), SegmentKind.COUNTED))
            at = closes
            index += 1
        if at < end:
            found.append(self._gap(at, end))
        return tuple(found)

    def _gap(self, start: datetime, end: datetime) -> Segment:
        """What lies between two windows: a break of the day, a night, or days off with their names."""
        first, last = start.astimezone(self.zone), end.astimezone(self.zone)
        names: list[str] = []
        day = first.date() if self._day_name(first.date()) else first.date() + timedelta(days=1)
        while day < last.date() or (day == last.date() and self._day_name(day)):
            name = self._day_name(day)
            if name and name not in names:
                names.append(name)
            day += timedelta(days=1)
        if names:
            return Segment(start, end, SegmentKind.DAY_OFF, "、".join(names))
        kind = (
            SegmentKind.BREAK if first.date() == last.date() and self._has_window_before(start) else SegmentKind.NIGHT
        )
        return Segment(start, end, kind)

    def _has_window_before(self, at: datetime) -> bool:
        """True when a window of the same local day lies before `at`, so that a gap is a break and not the early morning."""
        index = bisect_right(self._starts, (at - _EPOCH) // _MILLISECOND) - 1
        if index < 0:
            return False
        closed = (_EPOCH + timedelta(milliseconds=self._ends[index])).astimezone(self.zone)
        return closed.date() == at.astimezone(self.zone).date()


def _merge(spans: Sequence[Span]) -> list[Span]:
    """Sorted, without overlaps and empty spans; touching spans become one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
