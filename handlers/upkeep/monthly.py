"""Duties of the month (domain.md 3.18, 6.4, 6.5): reminders on its first working day, scores and candidates on the third."""

from __future__ import annotations

from datetime import datetime, time

from bot.domain.scorecard import month_after, month_before, month_of
from bot.domain.timers import Timer, TimerKind
from bot.routing import Context
from handlers.deadlines import recurring
from handlers.scores import scorecard_closing, scorecard_keeping
from handlers.scores.scorecard_data import first_day, next_first
from handlers.tables import Tables
from handlers.upkeep import month_reminders

FIRST, FREEZE = "first", "freeze"
AT = time(9, 0)


def register(tables: Tables) -> None:
    """Put the timer on the table."""
    tables.router.timer(TimerKind.MONTHLY, on_timer)


def arm(context: Context) -> None:
    """See to it that both duties have their timers."""
    recurring.arm(context, TimerKind.MONTHLY, FIRST, _next_first(context))
    recurring.arm(context, TimerKind.MONTHLY, FREEZE, _next_freeze(context))


def _next_first(context: Context) -> datetime:
    """09:00 of the next first working day of a month."""
    calendars = context.world.calendars
    local = calendars.local(context.now)
    present = local.date().replace(day=1)
    months = (present, next_first(present))
    times = (datetime.combine(calendars.first_workday_of_month(m.year, m.month), AT, calendars.zone) for m in months)
    return next(at for at in times if at > context.now)


def _next_freeze(context: Context) -> datetime:
    """Company close of the next third working day of a month (L-33)."""
    present = month_of(context.world.calendars.local(context.now))
    earlier = scorecard_keeping.freezes_at(context, month_before(present))
    return earlier if earlier > context.now else scorecard_keeping.freezes_at(context, present)


def on_timer(context: Context, timer: Timer) -> None:
    """Do the duty of the month in which it fell due, and arm the next one in the same transaction."""
    arm(context)
    month = month_of(context.world.calendars.local(timer.due_at))
    if timer.ref == FIRST:
        month_reminders.remind(context, first_day(month))
    elif timer.ref == FREEZE:
        _close(context, month_before(month))


def _close(context: Context, month: str) -> None:
    """The month whose time has come; after a long downtime those behind it as well."""
    while scorecard_keeping.freezes_at(context, month) <= context.now:
        scorecard_closing.close(context, month)
        month = month_after(month)
