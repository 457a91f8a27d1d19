"""Working-time arithmetic over a list of working spans with prefix sums (domain.md 5.1, 5.2; L-09, L-11).

Spans are half-open and in UTC milliseconds, so that every operation is a bisection and an addition. Where the spans come
from (windows, holidays, zones) is the business of `bot.domain.calendar`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from bot.errors import RuleViolation

Span = tuple[int, int]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_SECOND = timedelta(seconds=1)
_from_timestamp = datetime.fromtimestamp
_DAY_MS = 86_400_000
_MINUTE_MS = 60_000
#: without any window in this time a due instant cannot be computed (EC-26)
BLIND_MS = 30 * 24 * 60 * _MINUTE_MS
#: a longer gap between two windows is no break: a night shift's day is not its lunch hour
_BREAK_MS = 4 * 60 * _MINUTE_MS
#: later than any instant asked about
_NEVER = 1 << 62


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

    __slots__ = ("_closed", "_day_name", "_ends", "_prefix", "_starts", "version", "zone")

    def __init__(
        self,
        spans: Sequence[Span],
        *,
        zone: tzinfo,
        version: str = "",
        day_name: Callable[[date], str] = lambda _: "",
        closed: Sequence[tuple[int, int, str]] = (),
    ) -> None:
        """`day_name` names the days off; `closed` are hours that were closed on working days, with the reason."""
        merged = _merge(spans)
        self._starts = [start for start, _ in merged]
        self._ends = [end for _, end in merged]
        self._prefix = [0]
        for start, end in merged:
            self._prefix.append(self._prefix[-1] + end - start)
        self._day_name = day_name
        self._closed = tuple(closed)
        self.zone = zone
        #: name of the calendar version these spans come from, shown by `explain`
        self.version = version

    def add(self, start: datetime, minutes: int) -> datetime:
        """The earliest instant `u >= start` with exactly `minutes` working minutes in `[start, u)`.

        Raises RuleViolation `no_working_time` when no window opens in the next 30 days or the spans do not reach so far
        (EC-26).
        """
        if minutes <= 0:
            return start
        since = start - _EPOCH
        at = since.days * _DAY_MS + since.seconds * 1000 + since.microseconds // 1000
        ends = self._ends
        index = bisect_right(ends, at)
        if index == len(ends):
            raise RuleViolation("no_working_time")
        begin = self._starts[index]
        if at < begin:
            if begin - at > BLIND_MS:
                raise RuleViolation("no_working_time")
            at = begin
        due = at + minutes * _MINUTE_MS
        if due > ends[index]:
            due = self._beyond(index, due - begin)
        return _from_timestamp(due / 1000, UTC)

    def _beyond(self, index: int, amount: int) -> int:
        """Where so much working time from the beginning of a span ends, when that span is too short for it."""
        target = self._prefix[index] + amount
        last = bisect_left(self._prefix, target, index) - 1
        if last >= len(self._ends):
            raise RuleViolation("no_working_time")
        return self._starts[last] + target - self._prefix[last]

    def between(self, start: datetime, end: datetime) -> int:
        """Working seconds in `[start, end)`, both cut to the second (L-06); 0 when `end <= start`."""
        amount = self._worked((end - _EPOCH) // _SECOND * 1000) - self._worked((start - _EPOCH) // _SECOND * 1000)
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
        if minutes <= 0:
            return due
        target = self._worked((due - _EPOCH) // _MILLISECOND) - minutes * _MINUTE_MS
        if target < 0:
            raise RuleViolation("no_working_time")
        index = bisect_right(self._prefix, target) - 1
        return _instant(self._starts[index] + target - self._prefix[index])

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
        return _instant(self._starts[index])

    def first_opening(self, day: date) -> datetime | None:
        """Start of the first window that begins on that local date, None on a day without one (L-10: “daily 09:00”)."""
        midnight = datetime.combine(day, time(0), self.zone)
        after = datetime.combine(day + timedelta(days=1), time(0), self.zone)
        index = bisect_left(self._starts, (midnight - _EPOCH) // _MILLISECOND)
        begins = _instant(self._starts[index]) if index < len(self._starts) else after
        return begins if begins < after else None

    def next_notice_time(self, at: datetime) -> datetime:
        """`at` itself when a notice may be sent then, else the next opening (L-09)."""
        return at if self.is_notice_time(at) else self.next_opening(at)

    def segments(self, start: datetime, end: datetime) -> tuple[Segment, ...]:
        """Consecutive segments that cover `[start, end)`, both cut to the second; the counted ones add up to `between`."""
        at, until = (start - _EPOCH) // _SECOND * 1000, (end - _EPOCH) // _SECOND * 1000
        found: list[Segment] = []
        index = bisect_right(self._ends, at)
        while at < until:
            opens, closes = self._span(index)
            if at < opens:
                found.append(self._gap(index, at, min(opens, until)))
            if opens < until:
                found.append(Segment(_instant(max(at, opens)), _instant(min(closes, until)), SegmentKind.COUNTED))
            at = closes
            index += 1
        return tuple(found)

    def _span(self, index: int) -> Span:
        """The span of that index; past the last one an empty one at the end of time."""
        return (self._starts[index], self._ends[index]) if index < len(self._starts) else (_NEVER, _NEVER)

    def _gap(self, index: int, at: int, until: int) -> Segment:
        """What `[at, until)` before the span of that index is: a closure or days off by name, a break, or a night."""
        start, end = _instant(at), _instant(until)
        names = dict.fromkeys(name for first, last, name in self._closed if first < until and at < last)
        day, last_day = start.astimezone(self.zone).date(), (end - _MILLISECOND).astimezone(self.zone).date()
        while day <= last_day:
            names.setdefault(self._day_name(day))
            day += timedelta(days=1)
        names.pop("", None)
        if names:
            return Segment(start, end, SegmentKind.DAY_OFF, "、".join(names))
        is_short = 0 < index < len(self._starts) and self._starts[index] - self._ends[index - 1] <= _BREAK_MS
        return Segment(start, end, SegmentKind.BREAK if is_short else SegmentKind.NIGHT)


def _instant(milliseconds: int) -> datetime:
    # A float holds milliseconds of any year exactly enough, and this is twice as fast as adding a timedelta.
    return _from_timestamp(milliseconds / 1000, UTC)


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
