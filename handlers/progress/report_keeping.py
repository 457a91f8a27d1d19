"""Weekly progress reports as they are kept (domain.md 3.5; T-07, T-08): loaded, saved with their deadlines, due and accepted when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.domain import item_light
from bot.domain.digest import Happening
from bot.domain.form import Content
from bot.domain.ids import PersonId
from bot.domain.item import Item
from bot.domain.meeting import Meeting, MeetingKind, MeetingState
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.permissions import Grant
from bot.domain.progress_report import ProgressReport, ReportAct, ReportState, week_name, week_of
from bot.domain.records import Fact
from bot.domain.task import Task
from bot.domain.wall_time import resolve_local
from bot.routing import Context
from handlers import effects, matter_cards
from handlers.deadlines import deadlines
from handlers.deadlines.deadlines import limit_at, limit_workdays, owed
from handlers.deeds import SLOT, VERB
from handlers.post_holders import handling_post, secretary_post

_WEEK = timedelta(days=7)
#: a week without a working day is followed by at most so many others
_WEEKS_AHEAD = 5
_NOT_HELD = frozenset({MeetingState.CANCELLED})


def item_of(context: Context, report: ProgressReport) -> Item:
    """The item that the report is about. Raises KeyError where it is gone, which cannot be."""
    item = context.uow.items.get(report.item)
    if item is None:
        raise KeyError(report.item)
    return item


def of_item(context: Context, item: Item) -> list[ProgressReport]:
    """All reports of the item, the newest first."""
    return sorted(context.uow.reports.find(item=item.code), key=lambda report: report.week, reverse=True)


# ---------------------------------------------------------------- saving


def save(
    context: Context,
    before: ProgressReport | None,
    after: ProgressReport,
    act: ReportAct | str,
    *,
    grant: Grant | None = None,
    reason: str = "",
    verb: str = "",
) -> ProgressReport:
    """Keep the report with its deadlines, its record and its cards."""
    stored = context.uow.reports.add(after) if before is None else context.uow.reports.put(after)
    settle(context, stored)
    effects.record_act(
        context,
        f"report_{act}",
        before,
        stored,
        grant=grant,
        reason=reason,
        facts={VERB: verb, SLOT: "", "week": stored.week},
    )
    _report(context, stored)
    matter_cards.refresh(context, stored.code)
    return stored


def _report(context: Context, report: ProgressReport) -> None:
    """A missing report counts in the digest as long as it is missing (6.1, section 七)."""
    key = f"{report.code}/{Happening.REPORT_MISSING}"
    known = context.uow.facts.get(key)
    if report.state is ReportState.MISSING and known is None:
        context.uow.facts.add(
            Fact(
                key=key,
                kind=Happening.REPORT_MISSING,
                code=report.code,
                at=report.due_at,
                secrecy=report.secrecy,
                detail={"week": report.week, "item": report.item, "department": report.lead},
            )
        )
    elif report.state is not ReportState.MISSING and known is not None:
        context.uow.facts.remove(key)


def settle(context: Context, report: ProgressReport) -> None:
    """Owed by the lead liaison until it is there or no longer accepted, then its confirmation by the secretary (T-08)."""
    deadlines.settle(context, report.code, _owed(context, report))


def _owed(context: Context, report: ProgressReport) -> list[Obligation]:
    if report.state in {ReportState.OPEN, ReportState.MISSING}:
        if context.now >= accepted_until(context, report):
            return []
        limit = limit_at(report.due_at)
        holder = handling_post(context, report.lead, secrecy=report.secrecy, access=report.access)
        return [_obligation(context, report, ObligationKind.WEEKLY_REPORT, limit, holder)]
    if report.may_be_corrected and report.submitted_at is not None:
        days = context.world.company.parameters.timers_ledger_wd
        limit = limit_workdays(context, days, since=report.submitted_at)
        return [_obligation(context, report, ObligationKind.CONFIRM_LEDGER, limit, secretary_post(context))]
    return []


def _obligation(
    context: Context, report: ProgressReport, kind: ObligationKind, limit: deadlines.Limit, holder: PersonId | None
) -> Obligation:
    item = item_of(context, report)
    is_report = kind is ObligationKind.WEEKLY_REPORT
    secretary = context.world.posts.secretary_department()
    return owed(
        context,
        report.code,
        kind,
        limit,
        title=item.title,
        holder=holder,
        department=report.lead if is_report else secretary,
        opened_at=report.opened_at if is_report else None,
        item=report.item,
        secrecy=report.secrecy,
        access=report.access,
        detail=report.week,
        lead=report.lead,
        coop=item.coop,
    )


def touch_item(context: Context, report: ProgressReport, by: PersonId) -> None:
    """The ledger row is up to date at once (R-82)."""
    item = item_of(context, report)
    context.uow.items.put(replace(item, updated_at=context.now, updated_by=by))
    matter_cards.refresh(context, item.code)


# ---------------------------------------------------------------- when it is due


def due_of(context: Context, year: int, week: int) -> datetime | None:
    """12:00 (`weekly.report_at`) of the day of the weekly meeting; None where that week has none (T-07, 5.7)."""
    held = [m for m in _meetings(context, year, week) if m.state not in _NOT_HELD]
    living = [m for m in held if m.state is not MeetingState.SKIPPED]
    if held and not living:
        return None
    calendars = context.world.calendars
    day = (
        calendars.local(min(living, key=lambda m: m.code).start_at).date()
        if living
        else calendars.weekly_date(year, week, context.world.company.parameters.weekly_meeting_weekday)
    )
    return _noon(context, day) if day is not None else None


def nominal_due(context: Context, year: int, week: int) -> datetime:
    """The fixed weekday, for a week without a meeting."""
    return _noon(context, date.fromisocalendar(year, week, context.world.company.parameters.weekly_meeting_weekday))


def _noon(context: Context, day: date) -> datetime:
    at = time.fromisoformat(context.world.company.parameters.weekly_report_at)
    return resolve_local(day, at, context.world.calendars.zone)


def _meetings(context: Context, year: int, week: int) -> list[Meeting]:
    monday = _monday(context, year, week)
    found = context.uow.meetings.between("at", monday - _WEEK, monday + 2 * _WEEK)
    return [m for m in found if m.kind is MeetingKind.WEEKLY and m.week == week_name(year, week)]


def _monday(context: Context, year: int, week: int) -> datetime:
    return resolve_local(date.fromisocalendar(year, week, 1), time(0), context.world.calendars.zone)


def accepted_until(context: Context, report: ProgressReport) -> datetime:
    """To the end of its ISO week, or to the limit of the next one, whichever is later (3.5)."""
    year, week = (int(part) for part in report.week.split("-W"))
    end = _monday(context, year, week) + _WEEK
    for n in range(1, _WEEKS_AHEAD + 1):
        later = date.fromisocalendar(year, week, 1) + n * _WEEK
        due = due_of(context, later.isocalendar().year, later.isocalendar().week)
        if due is not None:
            return max(end, due)
    return end


def present_week(context: Context) -> tuple[int, int]:
    """ISO year and week of this transaction."""
    return week_of(context.world.calendars, context.now)


# ---------------------------------------------------------------- content


def tasks_percent(context: Context, item: Item) -> int | None:
    """What the tasks of the item give as its overall progress; None without tasks (4.7)."""
    tasks = [task for task in context.uow.tasks.find(item=item.code) if task.item == item.code]
    if not item_light.counted(tasks)[1]:
        return None
    return item_light.progress(tasks, days=lambda task: _planned_days(context, task))


def _planned_days(context: Context, task: Task) -> int:
    calendars = context.world.calendars
    start = task.start_on or calendars.local(task.created_at).date()
    return calendars.workdays_between(start - timedelta(days=1), calendars.local(task.due_at).date())


def prefilled(context: Context, report: ProgressReport) -> Content:
    """What is there already: the report, or the percentage of the tasks."""
    if report.content:
        return report.content
    percent = tasks_percent(context, item_of(context, report))
    return {"percent": str(percent)} if percent is not None else {}
