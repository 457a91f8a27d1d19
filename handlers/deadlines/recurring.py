"""Recurring duties: one timer row each, armed anew when it fires. Neither a restart nor a new hour loses one that is due (EC-19)."""

from __future__ import annotations

from datetime import datetime, time

from bot.domain.timers import Timer, TimerKind
from bot.routing import Context


def arm(context: Context, kind: TimerKind, ref: str, due_at: datetime) -> None:
    """See to it that the duty has its row; one that is armed stays, so that what fell due during downtime still fires."""
    if _armed(context, kind, ref) is None:
        context.uow.timers.arm(Timer(kind=kind, ref=ref, due_at=due_at))


def move(context: Context, kind: TimerKind, ref: str, due_at: datetime) -> None:
    """The hour or the calendar changed: the next time is another one. What is due by now still fires."""
    armed = _armed(context, kind, ref)
    if armed is None or armed.due_at > context.now:
        context.uow.timers.arm(Timer(kind=kind, ref=ref, due_at=due_at))


def _armed(context: Context, kind: TimerKind, ref: str) -> Timer | None:
    return next((timer for timer in context.uow.timers.of(ref) if timer.kind is kind), None)


def next_working_time(context: Context, at: time) -> datetime:
    """The next instant strictly after now that is `at` on a working day of the company."""
    calendars = context.world.calendars
    local = calendars.local(context.now)
    day = local.date()
    if local.time() >= at or not calendars.is_workday(day):
        day = calendars.next_workday(day)
    return datetime.combine(day, at, calendars.zone)
