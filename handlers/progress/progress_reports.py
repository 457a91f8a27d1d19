"""Weekly progress reports JB (domain.md 3.5; R-81, R-82; L-26): who owes one each week, and what becomes of it.

`open_week` is called at the beginning of every ISO week, at start, and when the week's meeting moves; it may be called as often
as one likes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.happened import (
    DeadlinePassed,
    ItemChanged,
    ItemCreated,
    LiaisonChanged,
    MeetingChanged,
    PostsChanged,
)
from bot.domain.ids import CodeKind
from bot.domain.item import Item, ItemState
from bot.domain.meeting import MeetingKind
from bot.domain.obligation import ObligationKind
from bot.domain.progress_report import (
    NO_MEETING,
    ProgressReport,
    ReportAct,
    ReportState,
    is_owed,
    left,
    moved,
    passed,
    report_code,
    returned,
    waived,
    week_name,
)
from bot.domain.report_form import FORM
from bot.routing import Context
from handlers import matter_cards
from handlers.deeds import Kind
from handlers.post_holders import handling
from handlers.progress import report_cards, report_deeds
from handlers.progress.report_keeping import due_of, nominal_due, present_week, save, settle
from handlers.tables import Tables
from handlers.tasks import task_nudges


def register(tables: Tables) -> None:
    """Put what this family answers on the tables."""
    tables.deeds.kind(
        Kind(
            kind=CodeKind.REPORT, get=lambda context, code: context.uow.reports.get(code), state=report_cards.state_key
        )
    )
    tables.router.card(CodeKind.REPORT, report_cards.make)
    tables.router.when(ItemCreated, on_item_created)
    tables.router.when(ItemChanged, on_item)
    tables.router.when(MeetingChanged, on_meeting)
    tables.router.when(DeadlinePassed, on_passed)
    tables.router.when(PostsChanged, lambda context, _: follow_posts(context))
    tables.router.when(LiaisonChanged, lambda context, _: follow_posts(context))
    tables.forms.on(FORM, load=report_deeds.load, save=report_deeds.keep, needs=report_deeds.needs)
    report_deeds.register(tables)


def arm(context: Context) -> None:
    """See to it that the present week has its reports."""
    open_week(context)


# ---------------------------------------------------------------- the week


def open_week(context: Context) -> None:
    """Every item in progress owes a report this week; dates follow the weekly meeting; what is not accepted any more is let go.

    Whoever has not spoken of a task for a week is asked about it in the same course (R-34).
    """
    year, week = present_week(context)
    for item in context.uow.items.find(state=ItemState.IN_PROGRESS.value):
        _open(context, item, year, week, started_at=item.started_at)
    _move_open(context, year, week)
    for report in context.uow.reports.find(state=ReportState.MISSING.value):
        settle(context, report)
    task_nudges.remind(context, week_name(year, week))


def _open(context: Context, item: Item, year: int, week: int, *, started_at: datetime | None) -> None:
    code = report_code(week_name(year, week), item.code)
    due_at = due_of(context, year, week)
    report = context.uow.reports.get(code)
    if report is not None:
        _reopen(context, report, due_at, started_at)
        return
    if due_at is None:
        made = _new(context, item, year, week, nominal_due(context, year, week))
        save(context, None, replace(made, state=ReportState.WAIVED, reason=NO_MEETING), ReportAct.WAIVE)
    elif due_at > context.now and is_owed(context.world.calendars, started_at=started_at, due_at=due_at):
        stored = save(context, None, _new(context, item, year, week, due_at), "open")
        _show(context, stored)


def _new(context: Context, item: Item, year: int, week: int, due_at: datetime) -> ProgressReport:
    return ProgressReport(
        code=report_code(week_name(year, week), item.code),
        item=item.code,
        week=week_name(year, week),
        lead=item.lead,
        state=ReportState.OPEN,
        due_at=due_at,
        opened_at=context.now,
        secrecy=item.secrecy,
        access=item.access,
    )


def _reopen(context: Context, report: ProgressReport, due_at: datetime | None, since: datetime | None) -> None:
    """An item that left and came back owes it again while there are two working days left (L-26)."""
    if report.state is not ReportState.VOID or due_at is None or due_at <= context.now or since is None:
        return
    if since >= context.now and is_owed(context.world.calendars, started_at=since, due_at=due_at):
        save(context, report, returned(report, due_at=due_at), ReportAct.RETURN)


def _show(context: Context, report: ProgressReport) -> None:
    """The form to the lead liaison (2.3)."""
    liaison = handling(context, report.lead, secrecy=report.secrecy, access=report.access)
    if liaison is not None:
        matter_cards.show_to(context, liaison, report.code, report_cards.WRITE)


def _move_open(context: Context, year: int, week: int) -> None:
    """The meeting moved or was skipped: so do the reports (T-07, L-26)."""
    due_at = due_of(context, year, week)
    for report in context.uow.reports.find(state=ReportState.OPEN.value):
        if report.week != week_name(year, week):
            continue
        if due_at is None:
            save(context, report, waived(report, reason=NO_MEETING), ReportAct.WAIVE, reason=NO_MEETING)
        elif due_at != report.due_at and report.due_at > context.now:
            save(context, report, moved(report, due_at=max(due_at, context.now)), ReportAct.MOVE)


def on_meeting(context: Context, event: MeetingChanged) -> None:
    """Only the weekly meeting of this week matters."""
    before, after = event.before, event.after
    if after.kind is not MeetingKind.WEEKLY or after.week != week_name(*present_week(context)):
        return
    if before is None or (before.start_at, before.state) != (after.start_at, after.state):
        _move_open(context, *present_week(context))


# ---------------------------------------------------------------- the item


def on_item_created(context: Context, event: ItemCreated) -> None:
    """A routine item is in progress from its first moment."""
    if event.item.state is ItemState.IN_PROGRESS:
        _enter(context, event.item)


def on_item(context: Context, event: ItemChanged) -> None:
    """Entering and leaving `in_progress` (L-26); as secret as the item."""
    before, after = event.before, event.after
    is_in, was_in = after.state is ItemState.IN_PROGRESS, before.state is ItemState.IN_PROGRESS
    if is_in and not was_in:
        _enter(context, after)
    elif was_in and not is_in:
        for report in _unfinished(context, after):
            if report.state is ReportState.OPEN:
                save(context, report, left(report), ReportAct.LEAVE)
    if (before.secrecy, before.access, before.lead) != (after.secrecy, after.access, after.lead):
        for report in _unfinished(context, after):
            changed = replace(report, secrecy=after.secrecy, access=after.access, lead=after.lead)
            save(context, report, changed, "follow_item")


def _enter(context: Context, item: Item) -> None:
    year, week = present_week(context)
    if due_of(context, year, week) is not None:
        _open(context, item, year, week, started_at=context.now)


def _unfinished(context: Context, item: Item) -> list[ProgressReport]:
    wanted = {ReportState.OPEN, ReportState.MISSING, ReportState.SUBMITTED, ReportState.LATE}
    found = context.uow.reports.find(item=item.code)
    return [r for r in found if r.state in wanted and r.confirmed_at is None]


# ---------------------------------------------------------------- deadlines and posts


def on_passed(context: Context, event: DeadlinePassed) -> None:
    """Nothing came: missing. It is still owed, and who is told is a matter of the reminders (2.3)."""
    if event.obligation.kind is not ObligationKind.WEEKLY_REPORT:
        return
    report = context.uow.reports.get(event.obligation.code)
    if report is not None and report.state is ReportState.OPEN:
        save(context, report, passed(report), ReportAct.MISS)
    for older in context.uow.reports.find(state=ReportState.MISSING.value):
        settle(context, older)


def follow_posts(context: Context) -> None:
    """Whoever holds the post of liaison or secretary now has what it owes; a merged department's go to the new one (EC-48)."""
    for state in (ReportState.OPEN, ReportState.MISSING, ReportState.SUBMITTED, ReportState.LATE):
        for report in context.uow.reports.find(state=state.value):
            lead = context.world.directory.successor(report.lead)
            if lead != report.lead:
                save(context, report, replace(report, lead=lead), "follow_department")
            elif report.confirmed_at is None:
                settle(context, report)
