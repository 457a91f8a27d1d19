"""The figures of the weekly report as they stand: what the repositories hand to `bot.domain.weekly_report` (domain.md 6.2).

Only what a week can be about is read: what is open, what has its date in the week, and what facts say was finished in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any, TypeVar

from bot.domain.calendar import Calendars
from bot.domain.conflict import Conflict, ConflictState
from bot.domain.digest import Happening
from bot.domain.directory import DepartmentKind
from bot.domain.document import DocumentState
from bot.domain.ids import DepartmentId
from bot.domain.issue import Issue, IssueState
from bot.domain.item import FINISHED, Item, ItemState
from bot.domain.plan import PlanState
from bot.domain.progress_report import ProgressReport, week_name, week_of
from bot.domain.task import OPEN, Task
from bot.domain.weekly_figures import WeekInput, WeeklyReport
from bot.domain.weekly_report import compose
from bot.ports import Repository
from bot.routing import Context
from handlers.reports import digest_matters

E = TypeVar("E")

_WEEK, _DAY = timedelta(days=7), timedelta(days=1)
_WORKED_ON = tuple(s.value for s in ItemState if s not in FINISHED)
_OPEN_TASKS = tuple(s.value for s in OPEN)
_OPEN_ISSUES = tuple(
    s.value for s in IssueState if s not in {IssueState.CLOSED, IssueState.MERGED, IssueState.NOT_ACCEPTED}
)
_OPEN_CONFLICTS = tuple(s.value for s in ConflictState if s not in {ConflictState.CLOSED, ConflictState.WITHDRAWN})
_KEPT_DOCUMENTS = tuple(s.value for s in DocumentState if s not in {DocumentState.ARCHIVED, DocumentState.MISSING})


def present(context: Context, *, of: datetime) -> WeeklyReport:
    """The figures of the ISO week in which `of` lies, from its Monday until now, or until it was over."""
    start = _monday(context.world.calendars, of)
    end = min(context.now, start + _WEEK)
    return compose(_given(context, start, end), context.world.calendars)


def _monday(calendars: Calendars, at: datetime) -> datetime:
    day = calendars.local(at).date()
    return datetime.combine(day - timedelta(days=day.weekday()), time(0), calendars.zone)


def _given(context: Context, start: datetime, end: datetime) -> WeekInput:
    uow = context.uow
    reports = uow.reports.between("at", start, start + _WEEK)
    return WeekInput(
        week=week_name(*week_of(context.world.calendars, start)),
        start=start,
        end=end,
        departments=_departments(context),
        items=_items(context, reports),
        plans=uow.plans.find(state=PlanState.EFFECTIVE.value),
        tasks=_tasks(context, start, end),
        reports=reports,
        issues=_issues(context, start, end),
        conflicts=_conflicts(context, start, end),
        meetings=uow.meetings.between("at", start - _DAY, start + _WEEK),
        minutes=uow.minutes.between("at", start, end),
        documents=uow.documents.find(state=_KEPT_DOCUMENTS),
        changes=uow.liaison_changes.between("at", start, end),
        clocks=uow.clocks.between("verdict_at", start, end),
        obligations=uow.obligations.find(),
        confidential=len(digest_matters.confidential_codes(context)),
        stale_days=context.world.company.parameters.docs_stale_days,
    )


def _departments(context: Context) -> tuple[DepartmentId, ...]:
    found = (d for d in context.world.directory.departments if d.is_active and d.kind is not DepartmentKind.EXECUTIVE)
    return tuple(d.id for d in found)


def _items(context: Context, reports: Iterable[ProgressReport]) -> list[Item]:
    """What is worked on, and what was reported on and is finished by now."""
    items = context.uow.items
    return _once(items.find(state=_WORKED_ON), _named(items, (r.item for r in reports)))


def _tasks(context: Context, start: datetime, end: datetime) -> list[Task]:
    tasks = context.uow.tasks
    finished = _happened(context, start, end, Happening.TASK_ON_TIME, Happening.TASK_LATE)
    return _once(tasks.find(state=_OPEN_TASKS), tasks.between("at", start, end), _named(tasks, finished))


def _issues(context: Context, start: datetime, end: datetime) -> list[Issue]:
    issues = context.uow.issues
    closed = _happened(context, start, end, Happening.ISSUE_CLOSED)
    return _once(issues.find(state=_OPEN_ISSUES), issues.between("at", start, end), _named(issues, closed))


def _conflicts(context: Context, start: datetime, end: datetime) -> list[Conflict]:
    conflicts = context.uow.conflicts
    concluded = _happened(context, start, end, Happening.CONFLICT_CONCLUDED)
    return _once(
        conflicts.find(state=_OPEN_CONFLICTS), conflicts.between("at", start, end), _named(conflicts, concluded)
    )


def _happened(context: Context, start: datetime, end: datetime, *kinds: Happening) -> list[str]:
    return [f.code for f in context.uow.facts.between("at", start, end, kind=tuple(k.value for k in kinds))]


def _named(repository: Repository[E], codes: Iterable[str]) -> list[E]:
    found = (repository.get(code) for code in dict.fromkeys(codes))
    return [one for one in found if one is not None]


def _once(*several: Iterable[Any]) -> list[Any]:
    """Everything once, in the order of the numbers."""
    found = {one.code: one for group in several for one in group}
    return [found[code] for code in sorted(found)]
