"""Open deadlines: an object says which it has now, and everything else follows from their rows (domain.md 2.3, 5.9, 6.1).

`settle` makes the obligations of an object exactly those that are given and arms their timers; reminders, `/待办`, ledgers and the
digest read the rows. `limit_*` count a limit so that it follows the calendar (EC-20).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.confidentiality import Secrecy
from bot.domain.happened import DeadlinePassed
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.timers import Timer, TimerKind
from bot.routing import Context, Router
from handlers import numbered
from handlers.deadlines import holdings, reminders


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
    holder = _present(context, holder, department, secrecy=secrecy, access=access)
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


def _present(
    context: Context,
    holder: PersonId | None,
    department: DepartmentId | None,
    *,
    secrecy: int,
    access: tuple[PersonId, ...],
) -> PersonId | None:
    """The holder, or for somebody who left whoever answers for the department; of what is confidential somebody on its list."""
    posts = context.world.posts
    person = context.world.directory.person(holder) if holder is not None else None
    if holder is None or (person is not None and person.is_active):
        return holder
    home = department or (person.department if person is not None else None)
    if home is None:
        return posts.secretary()
    home = context.world.directory.successor(home)
    if secrecy < Secrecy.CONFIDENTIAL:
        return posts.recipient(home)
    able = (posts.recipient(home), posts.head_post(home), posts.secretary(), posts.leader())
    return next((p for p in able if p is not None and p in access), posts.leader())


def heir(context: Context, one: Obligation) -> PersonId | None:
    """Who has the deadline of somebody who left (EC-53)."""
    return _present(context, one.holder, one.department, secrecy=one.secrecy, access=one.access)


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


def move(context: Context, before: Obligation, after: Obligation) -> None:
    """The same deadline with another date, as a changed calendar has it; the object's own copies of the date follow."""
    if after.due_at == before.due_at:
        context.uow.obligations.put(after)
        return
    moved = context.uow.obligations.put(_fresh(context, after))
    numbered.move_due(context, before.code, old=before.due_at, new=after.due_at)
    _arm(context, moved)


def hand_over(context: Context, one: Obligation, holder: PersonId | None) -> Obligation:
    """Somebody else holds the deadline from now on; its date stays."""
    after = context.uow.obligations.put(replace(one, holder=holder))
    holdings.pass_on(context, one, after)
    _arm(context, after)
    return after


def _open(context: Context, one: Obligation) -> None:
    """Whoever makes it tells of it; reminders are counted from here on."""
    added = context.uow.obligations.add(replace(one, reminded_at=context.now))
    holdings.begin(context, added, since=min(one.opened_at, context.now))
    _arm(context, added)


def _follow(context: Context, before: Obligation, wanted: Obligation) -> None:
    after = replace(
        wanted,
        opened_at=before.opened_at,
        reminded_at=before.reminded_at,
        passed_at=before.passed_at,
        version=before.version,
    )
    if before.due_at != after.due_at:
        after = _fresh(context, after)
    elif after.counted_from is None:
        # the family keeps the date only; how it was counted is known since it was opened
        counted = {"counted_from": before.counted_from, "workdays": before.workdays, "minutes": before.minutes}
        after = replace(after, **counted)  # type: ignore[arg-type]
    if after == before:
        return
    stored = context.uow.obligations.put(after)
    holdings.pass_on(context, before, stored)
    _arm(context, stored)


def _fresh(context: Context, one: Obligation) -> Obligation:
    """With another date everything is told anew."""
    return replace(one, reminded_at=context.now, passed_at=None)


def _end(context: Context, gone: Obligation) -> None:
    context.uow.obligations.remove(gone.key)
    context.uow.timers.cancel(TimerKind.DEADLINE, gone.key)
    holdings.end(context, gone)


def _arm(context: Context, one: Obligation) -> None:
    """The timer stands at the next step: the limit itself, or when somebody is to be told."""
    told = reminders.next_at(context, one, after=one.reminded_at or one.opened_at)
    steps = [at for at in (told, one.due_at if one.passed_at is None else None) if at is not None]
    if steps:
        context.uow.timers.arm(Timer(kind=TimerKind.DEADLINE, ref=one.key, due_at=min(steps)))
    else:
        context.uow.timers.cancel(TimerKind.DEADLINE, one.key)


def on_deadline(context: Context, timer: Timer) -> None:
    """The next step of a deadline: the object learns that it passed, once; whoever is to be told is told if it is still open."""
    one = context.uow.obligations.get(timer.ref)
    if one is None:
        return
    if one.due_at <= context.now and one.passed_at is None:
        passed = context.uow.obligations.put(replace(one, passed_at=one.due_at))
        context.announce(DeadlinePassed(passed))
        one = context.uow.obligations.get(timer.ref)
        if one is None or one.due_at > context.now:
            return
    reminders.collect(context, one, after=one.reminded_at or one.opened_at, until=context.now)
    told = context.uow.obligations.put(replace(one, reminded_at=context.now))
    _arm(context, told)
