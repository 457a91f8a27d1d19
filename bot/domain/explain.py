"""Where the minutes of a clock went: what was counted, paused and skipped, and under which rule (`/为什么`).

The segments are those of the same `WorkingTime` that drives the timers, so the arithmetic shown and the arithmetic used
cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.ids import PersonId
from bot.domain.reply_clock import ClockState, ReplyClock, WorkingHours
from bot.domain.settling import to_second
from bot.domain.working_time import Segment, SegmentKind


class Provisional(Protocol):
    """Says whether an instant lies in a year without official notice (L-16)."""

    def __call__(self, at: datetime) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The arithmetic of one clock at one instant. `counted_seconds` is exactly the sum of the counted segments."""

    code: str
    state: ClockState
    rule: str
    limit_minutes: int
    started_at: datetime
    until: datetime
    due_at: datetime
    segments: tuple[Segment, ...]
    counted_seconds: int
    #: working seconds of the verdict as it was reached; None without answer
    judged_seconds: int | None
    calendar_version: str
    #: the calendar is another one than that of the verdict, so that today's arithmetic may differ from it (EC-20)
    calendar_changed: bool
    plan_version: str
    #: a closing window, not the thirtieth minute alone, ended the time: the due instant is a window's end (L-06)
    ends_at_closing: bool
    #: late delivery or recalculation put the due instant later than the plain arithmetic
    extended_to: datetime | None
    is_provisional: bool
    answered_by: PersonId | None
    answered_for: PersonId | None
    flags: frozenset[str]


def explain(clock: ReplyClock, *, hours: WorkingHours, now: datetime, provisional: Provisional) -> Explanation:
    """What was counted from the start to the answer, the end of the wait or `now`."""
    until = clock.answered_at or _ended(clock) or max(now, clock.started_at)
    started, until = to_second(clock.started_at), to_second(until)
    segments = hours.segments(started, until)
    plain_due = hours.add(clock.started_at, clock.policy.reply_minutes)
    return Explanation(
        code=clock.code,
        state=clock.state,
        rule="R-40",
        limit_minutes=clock.policy.reply_minutes,
        started_at=started,
        until=until,
        due_at=clock.due_at,
        segments=segments,
        counted_seconds=sum(s.seconds for s in segments if s.kind is SegmentKind.COUNTED),
        judged_seconds=clock.elapsed_seconds,
        calendar_version=clock.calendar_version,
        calendar_changed=clock.calendar_version != hours.version,
        plan_version=clock.plan_version,
        ends_at_closing=not hours.is_working(clock.due_at),
        extended_to=clock.due_at if clock.due_at > plain_due else None,
        is_provisional=provisional(clock.due_at),
        answered_by=clock.answered_by,
        answered_for=clock.answered_for,
        flags=clock.flags,
    )


def _ended(clock: ReplyClock) -> datetime | None:
    """When a clock without answer stopped mattering; None while it is open."""
    if clock.state in {ClockState.CANCELLED, ClockState.WAIVED} and clock.verdict_at is not None:
        return max(clock.verdict_at, clock.started_at)
    return None
