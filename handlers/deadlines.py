"""Open deadlines: an object says which it has now, and everything else follows from their rows (domain.md 2.3, 5.9, 6.1).

`settle` makes the obligations of an object exactly those that are given and arms their timers; reminders, `/待办`, ledgers and the
digest read the rows. `limit_*` count a limit so that it follows the calendar (EC-20).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.happened import DeadlinePassed
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.timers import Timer, TimerKind
from bot.routing import Context, Router


def register(router: Router) -> None:
    """Put the timer on the table."""
    router.timer(TimerKind.DEADLINE, on_deadline)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """An instant and how it was counted."""

    due_at: datetime
    counted_from: datetime | None = None
    workdays: int = 0
    minutes: int = 0


def limit_workdays(context: Context, days: int, *, since: datetime | None = None) -> Limit:
    """The end of business of the n-th working day after `since`, now if not given (A-08, 5.2); company calendar."""
    start = since or context.now
    calendars = context.world.calendars
    is_same_time = context.world.company.parameters.deadline_mode == "same_time"
    count = calendars.add_workdays_same_time if is_same_time else calendars.add_workdays
    return Limit(due_at=count(start, days), counted_from=start, workdays=days)


def limit_minutes(
    context: Context, minutes: int, *, department: DepartmentId | None = None, since: datetime | None = None
) -> Limit:
    """So many working minutes after `since` in the calendar of the responsible department (5.1)."""
    start = since or context.now
    calendars = context.world.calendars
    hours = calendars.of_department(department) if department is not None else calendars.company
    return Limit(due_at=hours.add(start, minutes), counted_from=start, minutes=minutes)


def limit_at(due_at: datetime) -> Limit:
    """A date that people fixed."""
    return Limit(due_at=due_at)


def owed(
    context: Context,
    code: str,
    kind: ObligationKind,
    limit: Limit,
    *,
    title: str,
    holder: PersonId | None,
    department: DepartmentId | None = None,
    slot: str = "",
    opened_at: datetime | None = None,
    item: str = "",
    secrecy: int = 0,
    access: tuple[PersonId, ...] = (),
    detail: str = "",
    lead: DepartmentId | None = None,
    coop: tuple[DepartmentId, ...] = (),
) -> Obligation:
    """One open deadline with its one holder; `holder` is the post's present holder, absence is resolved when it is used."""
    return Obligation(
        key=Obligation.key_for(code, kind, slot),
        code=code,
        kind=kind,
        title=title,
        due_at=limit.due_at,
        opened_at=opened_at or limit.counted_from or context.now,
        department=department,
        holder=holder,
        item=item,
        secrecy=secrecy,
        access=access,
        is_provisional=context.world.calendars.is_provisional(limit.due_at),
        counted_from=limit.counted_from,
        workdays=limit.workdays,
        minutes=limit.minutes,
        detail=detail,
        lead=lead,
        coop=coop,
    )


def settle(context: Context, code: str, wanted: Iterable[Obligation]) -> None:
    """Make the open deadlines of `code` exactly these. One that stays keeps how far its reminders are while its date stays."""
    known = {one.key: one for one in context.uow.obligations.find(code=code)}
    for one in wanted:
        before = known.pop(one.key, None)
        if before is None:
            _open(context, one)
        else:
            _follow(context, before, one)
    for gone in known.values():
        _end(context, gone)


def _open(context: Context, one: Obligation) -> None:
    context.uow.obligations.add(one)
    _arm(context, one)


def _follow(context: Context, before: Obligation, wanted: Obligation) -> None:
    is_same_date = before.due_at == wanted.due_at
    after = replace(
        wanted,
        opened_at=before.opened_at,
        reminded_at=before.reminded_at if is_same_date else None,
        passed_at=before.passed_at if is_same_date else None,
        version=before.version,
    )
    if after != before:
        context.uow.obligations.put(after)
    if not is_same_date:
        _arm(context, after)


def _end(context: Context, gone: Obligation) -> None:
    context.uow.obligations.remove(gone.key)
    context.uow.timers.cancel(TimerKind.DEADLINE, gone.key)


def _arm(context: Context, one: Obligation) -> None:
    context.uow.timers.arm(Timer(kind=TimerKind.DEADLINE, ref=one.key, due_at=one.due_at))


def on_deadline(context: Context, timer: Timer) -> None:
    """The next step of a deadline: the object learns that it passed, once."""
    one = context.uow.obligations.get(timer.ref)
    if one is None:
        return
    if one.due_at > context.now:
        _arm(context, one)
        return
    if one.passed_at is None:
        passed = context.uow.obligations.put(replace(one, passed_at=one.due_at))
        context.announce(DeadlinePassed(passed))
