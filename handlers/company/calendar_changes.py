"""A changed calendar at work (domain.md 5.3, EC-20, EC-21, EC-28; L-15, L-16, L-17; P-64): stored, and followed by every open deadline.

What moves can be looked at before it is done. Verdicts that were reached stay; a breach that would not have happened under
the new calendar is listed for the secretary, who may waive it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from bot.domain.calendar import CalendarData, Calendars, Override
from bot.domain.directory import Person
from bot.domain.ids import Code, DepartmentId
from bot.domain.obligation import Obligation
from bot.domain.open_deadlines import retimed
from bot.domain.records import Setting
from bot.domain.reply_clock import OPEN, ClockState, ReplyClock
from bot.domain.sla import breach_in_doubt, retime
from bot.errors import RuleViolation
from bot.ports import UnitOfWork
from bot.routing import Context
from bot.year_table import YearPreview, decode_table, parse_year_table, preview_year
from handlers import effects, notices
from handlers.clocks import clocks
from handlers.company import daily_check
from handlers.deadlines import deadlines
from handlers.groups import group_checks
from handlers.meetings import meeting_week
from handlers.reports import digests
from handlers.tasks import task_keeping
from handlers.world import CALENDAR, stored_calendar

#: verdicts older than this are settled, whatever the calendar says now
SETTLED = timedelta(days=30)
#: how many lines of a table are shown
LINES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One open deadline and where it goes."""

    code: str
    old: datetime
    new: datetime
    secrecy: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a change of the calendar means for what is open, and which breaches it puts in doubt."""

    moved: tuple[Moved, ...] = ()
    doubtful: tuple[Code, ...] = ()
    #: departments whose limits cannot be computed any more (EC-26)
    blind: tuple[DepartmentId, ...] = ()

    @property
    def visible(self) -> tuple[Moved, ...]:
        """Those that may stand in a list; of confidential ones only the number is told."""
        return tuple(m for m in self.moved if m.secrecy < digests.CONFIDENTIAL)


# ---------------------------------------------------------------- looking


def survey(context: Context, before: Calendars, after: Calendars) -> Survey:
    """What would move, and for whom nothing could be computed any more."""
    clocks_after, blind = _timed_clocks(context, after)
    moved = [
        *(_moved_clock(clock, timed) for clock, timed in clocks_after if timed.due_at != clock.due_at),
        *(_moved_obligation(o, t) for o, t in _timed_obligations(context, before, after) if t.due_at != o.due_at),
    ]
    return Survey(
        moved=tuple(sorted(moved, key=lambda m: (m.old, m.code))),
        doubtful=tuple(sorted(_doubtful(context, before, after))),
        blind=tuple(sorted(blind)),
    )


def _moved_clock(clock: ReplyClock, timed: ReplyClock) -> Moved:
    return Moved(code=clock.code, old=clock.due_at, new=timed.due_at, secrecy=clock.secrecy)


def _moved_obligation(obligation: Obligation, timed: Obligation) -> Moved:
    return Moved(code=obligation.code, old=obligation.due_at, new=timed.due_at, secrecy=obligation.secrecy)


def _timed_clocks(context: Context, after: Calendars) -> tuple[list[tuple[ReplyClock, ReplyClock]], set[DepartmentId]]:
    """Running clocks with what they would be, and departments that have no working time left to count in."""
    timed: list[tuple[ReplyClock, ReplyClock]] = []
    blind: set[DepartmentId] = set()
    for clock in context.uow.clocks.find(state=ClockState.RUNNING.value):
        try:
            timed.append((clock, retime(clock, now=context.now, hours=after.of_department(clock.department)).state))
        except RuleViolation:
            blind.add(clock.department)
    return timed, blind


def _timed_obligations(
    context: Context, before: Calendars, after: Calendars
) -> Iterable[tuple[Obligation, Obligation]]:
    for obligation in context.uow.obligations.find():
        with contextlib.suppress(RuleViolation):  # no working day left in a year: the date stays
            yield obligation, retimed(obligation, before=before, after=after, now=context.now)


def _doubtful(context: Context, before: Calendars, after: Calendars) -> set[Code]:
    """Breaches that the new calendar would not have seen, and that the old one did."""
    recent = context.uow.clocks.between("verdict_at", context.now - SETTLED, context.now)
    open_ones = context.uow.clocks.find(state=tuple(state.value for state in OPEN))

    def is_spared_by(calendars: Calendars, clock: ReplyClock) -> bool:
        try:
            return breach_in_doubt(clock, hours=calendars.of_department(clock.department), now=context.now)
        except RuleViolation:
            return False

    late = {c.code: c for c in (*recent, *open_ones) if c.state in {ClockState.BREACHED, ClockState.ANSWERED_LATE}}
    return {c.code for c in late.values() if is_spared_by(after, c) and not is_spared_by(before, c)}


# ---------------------------------------------------------------- changing


def put(context: Context, data: CalendarData, *, action: str, reason: str = "") -> Survey:
    """Make this the calendar in force; everything open follows, recurring duties move."""
    before = context.world.calendars
    setting = store(context.uow, data)
    context.refresh()
    found = follow(context, before)
    effects.record(
        context,
        action,
        "calendar",
        before=before.version,
        after=context.world.calendars.version,
        reason=reason,
        facts={"moved": str(len(found.moved)), "version": str(setting.version)},
    )
    return found


def store(uow: UnitOfWork, data: CalendarData) -> Setting:
    """Write the calendar; every reader sees it from the next transaction on."""
    body = msgspec.json.encode(data).decode()
    known = uow.settings.get("calendar")
    setting = (
        uow.settings.add(Setting(name="calendar", body=body))
        if known is None
        else uow.settings.put(replace(known, body=body))
    )
    uow.bump(CALENDAR)
    return setting


def follow(context: Context, before: Calendars) -> Survey:
    """The calendar is another one: open deadlines are moved to what it says now, and recurring duties to its days."""
    after = context.world.calendars
    found = survey(context, before, after)
    for clock, timed_clock in _timed_clocks(context, after)[0]:
        if timed_clock != clock:
            clocks.save(context, clock, retime(clock, now=context.now, hours=after.of_department(clock.department)))
    for obligation, timed in _timed_obligations(context, before, after):
        if timed != obligation:
            deadlines.move(context, obligation, timed)
    task_keeping.follow_calendar(context)
    move_recurring(context)
    return found


def move_recurring(context: Context) -> None:
    """Daily duties go to the next working day and the hour that hold now."""
    digests.move(context)
    group_checks.move_daily(context)
    daily_check.move(context)
    meeting_week.follow_calendar(context)


def restore(context: Context, overrides: str) -> Survey:
    """Put the overrides back that were written down before (`/撤销`)."""
    before = msgspec.json.decode(overrides, type=tuple[Override, ...])
    return put(context, replace(stored_calendar(context.uow), overrides=before), action="calendar_restored")


def written_overrides(context: Context) -> str:
    """The overrides in force, as `restore` takes them."""
    return msgspec.json.encode(stored_calendar(context.uow).overrides).decode()


# ---------------------------------------------------------------- a year's official notice


def preview_import(uow: UnitOfWork, content: bytes) -> YearPreview:
    """What importing this table would change. Raises ConfigError with every problem of the table."""
    return preview_year(stored_calendar(uow), parse_year_table(decode_table(content)))


def import_year(context: Context, content: bytes) -> tuple[YearPreview, Survey]:
    """Take an official year over without a restart (5.3 item 1); the secretary gets the list of what moved.

    Raises ConfigError with every problem of the table.
    """
    preview = preview_import(context.uow, content)
    found = put(context, preview.data, action="calendar_year_imported", reason=str(preview.year))
    tell_secretary(context, found, key="calendar_year_imported", facts={"year": str(preview.year)})
    return preview, found


# ---------------------------------------------------------------- telling


def tell_secretary(
    context: Context, found: Survey, *, key: str, facts: dict[str, str], besides: Person | None = None
) -> None:
    """The secretary gets the table of what moved and what is in doubt, unless it was the secretary who did it."""
    secretary = effects.secretary(context)
    if secretary is None or (besides is not None and besides.id == secretary.id):
        return
    head = notices.Line(key=key, facts={**facts, "count": str(len(found.moved))})
    name = f"calendar:{context.world.calendars.version}:{context.now.isoformat()}"
    notices.leave_for(context, [secretary], [head, *table(context, found)], name=name)


def table(context: Context, found: Survey) -> list[notices.Line]:
    """Old and new due instants line by line, then the breaches in doubt and the departments without hours."""
    lines = [
        notices.Line(key="calendar_moved_line", facts={"code": m.code}, times={"old": m.old, "new": m.new})
        for m in found.visible[:LINES]
    ]
    left = len(found.moved) - len(lines)
    if left:
        lines.append(notices.Line(key="calendar_moved_more", facts={"count": str(left)}))
    if found.doubtful:
        codes = "、".join(found.doubtful[:LINES])
        more = "…" if len(found.doubtful) > LINES else ""
        lines.append(notices.Line(key="calendar_doubtful", facts={"codes": codes + more}))
    if found.blind:
        names = (context.world.directory.department(d) for d in found.blind)
        departments = "、".join(d.short or d.name for d in names if d is not None)
        lines.append(notices.Line(key="calendar_blind", facts={"departments": departments}))
    return lines
