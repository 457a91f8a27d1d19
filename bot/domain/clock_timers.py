"""Which timers a reply clock owes, derived from its state and nothing else (domain.md 3.14; T-01, T-01a, T-01b)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.reply_clock import (
    CLOSE_AFTER_WORKDAYS,
    INVISIBLE_WORKDAYS,
    MAX_ESCALATIONS,
    REPEAT_MINUTES,
    ClockState,
    ReplyClock,
    WorkingHours,
)
from bot.domain.settling import dark_since, is_dark
from bot.domain.timers import Timer, TimerKind


def timers_for(
    clock: ReplyClock, *, hours: WorkingHours, add_workdays: Callable[[datetime, int], datetime]
) -> tuple[Timer, ...]:
    """The timers that this state owes. `add_workdays` is the company calendar's (5.2)."""
    due: dict[TimerKind, datetime | None] = {}
    dark = dark_since(clock)
    match clock.state:
        case ClockState.RUNNING if dark is not None and is_dark(clock, at=clock.due_at):
            due[TimerKind.SLA_CLOSE] = add_workdays(dark, INVISIBLE_WORKDAYS)
        case ClockState.RUNNING:
            due[TimerKind.SLA_NUDGE] = clock.nudge_at if clock.nudged_at is None else None
            due[TimerKind.SLA_BREACH] = clock.due_at
        case ClockState.BREACHED if clock.closed_for_counting:
            pass
        case ClockState.BREACHED:
            limit = add_workdays(clock.due_at, CLOSE_AFTER_WORKDAYS)
            if dark is not None:
                limit = min(limit, add_workdays(dark, INVISIBLE_WORKDAYS))
            else:
                due[TimerKind.SLA_ESCALATE] = _next_escalation(clock, hours, add_workdays)
            due[TimerKind.SLA_CLOSE] = limit
        case ClockState.ANSWERED_IN_TIME | ClockState.ANSWERED_LATE | ClockState.CANCELLED | ClockState.WAIVED:
            pass
    return tuple(Timer(kind=kind, ref=clock.code, due_at=at) for kind, at in due.items() if at is not None)


def _next_escalation(
    clock: ReplyClock, hours: WorkingHours, add_workdays: Callable[[datetime, int], datetime]
) -> datetime | None:
    """60 working minutes from the start, then twice two working hours later, then the end of that day, then nothing."""
    first = clock.escalate_at
    if first is None or clock.escalations > MAX_ESCALATIONS:
        return None
    if clock.escalations == 0:
        return first
    if clock.escalations < MAX_ESCALATIONS:
        return hours.add(first, REPEAT_MINUTES * clock.escalations)
    last = hours.add(first, REPEAT_MINUTES * (MAX_ESCALATIONS - 1))
    return max(last, add_workdays(last - timedelta(days=1), 1))
