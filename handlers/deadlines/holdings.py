"""Who had which object, and for how long: rows that follow the open deadlines (`deadlines.settle`)."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.holding import Count, Held, begun, ended
from bot.domain.holding import held as summed
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.obligation import Obligation
from bot.routing import Context
from handlers.words import Words

#: how many people are named in one line
MOST = 6
#: working minutes of a day where the calendar knows none
MINUTES_A_DAY = 480


def begin(context: Context, one: Obligation, *, since: datetime) -> None:
    """Somebody has to act from now on."""
    earlier = [h for h in context.uow.holdings.find(item=one.code) if h.deadline == one.key]
    department = context.world.posts.department_of(one.holder) if one.holder is not None else None
    context.uow.holdings.add(begun(one, number=len(earlier), department=department, since=since))


def end(context: Context, one: Obligation) -> None:
    """Nobody has to, or somebody else."""
    for holding in context.uow.holdings.find(item=one.code, state="open"):
        if holding.deadline == one.key:
            context.uow.holdings.put(ended(holding, now=context.now, count=_counter(context)))


def pass_on(context: Context, before: Obligation, after: Obligation) -> None:
    """The holder is another one; nothing happens where it is the same."""
    if before.holder != after.holder:
        end(context, before)
        begin(context, after, since=context.now)


def held(context: Context, code: str) -> tuple[Held, ...]:
    """How long each holder has had the object, up to now."""
    return summed(context.uow.holdings.find(item=code), now=context.now, count=_counter(context))


def line(context: Context, code: str, words: Words) -> str:
    """“经手：秦书禾 1 小时 → 柳青原 12 小时（正在办）”; empty where nobody ever had it."""
    found = held(context, code)
    shown = [
        words.say("held_now" if one.is_open else "held_before", name=words.name(one.holder), span=span(one, words))
        for one in found[-MOST:]
    ]
    return words.say("held_line", people=words.say("held_arrow").join(shown)) if shown else ""


def span(one: Held, words: Words) -> str:
    """How long somebody has had it, in working time: days of whoever has it once it is more than one."""
    day = _minutes_a_day(words.context, one.holder)
    if one.minutes >= day:
        return words.say("held_workdays", days=f"{one.minutes / day:.1f}".removesuffix(".0"))
    hours, minutes = divmod(one.minutes, 60)
    if not hours:
        return words.say("held_minutes", minutes=minutes)
    return (
        words.say("held_hours_minutes", hours=hours, minutes=minutes)
        if minutes
        else words.say("held_hours", hours=hours)
    )


def _minutes_a_day(context: Context, holder: PersonId | None) -> int:
    """Working minutes of the holder's next day of work."""
    calendars = context.world.calendars
    department = context.world.posts.department_of(holder) if holder is not None else None
    hours = calendars.of_department(department) if department is not None else calendars.company
    day = calendars.start_of_day(calendars.workday_on_or_after(calendars.local(context.now).date()))
    return hours.between(day, day + timedelta(days=1)) // 60 or MINUTES_A_DAY


def present_holder(context: Context, code: str) -> PersonId | None:
    """Whoever has the object now: the holder of its earliest open deadline."""
    open_ones = sorted(context.uow.obligations.find(code=code), key=lambda one: (one.due_at, one.key))
    return next((one.holder for one in open_ones), None)


def _counter(context: Context) -> Count:
    calendars = context.world.calendars

    def count(department: DepartmentId | None, start: datetime, end: datetime) -> int:
        hours = calendars.of_department(department) if department is not None else calendars.company
        return hours.between(start, end)

    return count
