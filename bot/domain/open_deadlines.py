"""Open deadlines under a changed calendar (domain.md 5.2, EC-20, EC-21, L-12, L-16). Pure.

A limit counted in working days or minutes is counted anew. A date that people fixed stays, unless it is no longer worked:
then it moves to the next working day, as the last day of a period does.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.calendar import Calendars
from bot.domain.obligation import Obligation
from bot.domain.retiming import LimitKind, recompute
from bot.domain.working_time import WorkingTime


def retimed(obligation: Obligation, *, before: Calendars, after: Calendars, now: datetime) -> Obligation:
    """The obligation as the new calendar has it; nobody becomes late by recalculation alone."""
    hours = _hours(obligation, after)
    kind = LimitKind.MINUTES if obligation.minutes else LimitKind.WORKDAYS
    due_at = recompute(obligation.due_at, _due(obligation, before, after), now=now, kind=kind, hours=hours, days=after)
    return replace(obligation, due_at=due_at, is_provisional=after.is_provisional(due_at))


def _hours(obligation: Obligation, calendars: Calendars) -> WorkingTime:
    """Minute-based limits run in the hours of the responsible department (5.1)."""
    department = obligation.department
    return calendars.of_department(department) if department is not None else calendars.company


def _due(obligation: Obligation, before: Calendars, after: Calendars) -> datetime:
    start = obligation.counted_from
    if start is not None and obligation.minutes:
        return _hours(obligation, after).add(start, obligation.minutes)
    if start is not None and obligation.workdays:
        is_same_time = obligation.due_at != before.add_workdays(start, obligation.workdays)
        count = after.add_workdays_same_time if is_same_time else after.add_workdays
        return count(start, obligation.workdays)
    return _fixed(obligation.due_at, before, after)


def _fixed(due_at: datetime, before: Calendars, after: Calendars) -> datetime:
    day = before.local(due_at).date()
    if not before.is_workday(day):
        return due_at
    if not after.is_workday(day):
        return after.end_of_day(after.next_workday(day))
    return after.end_of_day(day) if due_at == before.end_of_day(day) else due_at
