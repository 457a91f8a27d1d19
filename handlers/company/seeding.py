"""The seed objects of a company file as aggregates and open deadlines. Pure apart from reading the file's own tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from bot.company import CompanyFile
from bot.domain.calendar import Calendars
from bot.domain.directory import Role
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.issue import Grade, Grading, Issue, IssueState
from bot.domain.item import Item, Level
from bot.domain.meeting import Meeting, MeetingKind, MeetingState
from bot.domain.minutes import Minutes, MinutesState
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.plan import Plan, PlanState, plan_key
from bot.domain.task import Task, TaskState
from bot.seeds import SeedIssue, SeedMeeting, SeedTask


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """Everything that exists at the beginning, besides the items themselves."""

    plans: tuple[Plan, ...]
    tasks: tuple[Task, ...]
    issues: tuple[Issue, ...]
    meetings: tuple[Meeting, ...]
    minutes: tuple[Minutes, ...]


def objects(file: CompanyFile) -> Seeded:
    """The aggregates of the seed tables."""
    items = {item.code: item for item in file.items}
    secretary = next((p for p in file.people if Role.SECRETARY in p.roles), None)
    by, department = (secretary.id, secretary.department) if secretary is not None else (PersonId(""), None)
    return Seeded(
        plans=tuple(_plan(item) for item in file.items if item.plan and item.level is Level.SPECIAL),
        tasks=tuple(_task(file, task, items.get(Code(task.item))) for task in file.tasks),
        issues=tuple(_issue(issue, items.get(Code(issue.item)), by) for issue in file.issues),
        meetings=tuple(_meeting(meeting, by, department) for meeting in file.meetings),
        minutes=tuple(_minutes(meeting, department) for meeting in file.meetings if meeting.minutes),
    )


def _plan(item: Item) -> Plan:
    number = item.plan_version or 1
    return Plan(
        key=plan_key(item.plan, number),
        code=Code(item.plan),
        number=number,
        item=item.code,
        state=PlanState.EFFECTIVE,
        lead=item.lead,
        coop=item.coop,
        request=Code(item.request) if item.request else None,
        title=item.title,
        secrecy=item.secrecy,
        access=item.access,
    )


def _task(file: CompanyFile, task: SeedTask, item: Item | None) -> Task:
    return Task(
        code=Code(task.code),
        title=task.title,
        state=TaskState.DOING if task.progress else TaskState.TODO,
        department=task.department,
        owner=task.owner,
        lead=item.lead if item is not None else task.department,
        due_at=task.due_at,
        original_due_at=task.due_at,
        created_at=_opened(file, task.due_at),
        item=item.code if item is not None else None,
        source=item.plan if item is not None else "",
        progress=task.progress,
        secrecy=item.secrecy if item is not None else 0,
        access=item.access if item is not None else (),
    )


def _issue(issue: SeedIssue, item: Item | None, secretary: PersonId) -> Issue:
    graded = issue.graded_at
    gradings = (
        (Grading(grade=Grade(issue.grade), by=secretary, at=graded, reason="", due_at=issue.due_at),)
        if graded is not None and issue.grade
        else ()
    )
    return Issue(
        code=Code(issue.code),
        state=IssueState(issue.state) if issue.state else IssueState.PENDING_GRADING,
        title=issue.title,
        found_by=DepartmentId(issue.found_by) if issue.found_by else issue.lead,
        reporter=issue.reporter,
        filed_at=issue.filed_at,
        item=item.code if item is not None else None,
        departments=(issue.lead, *issue.coop),
        gradings=gradings,
        lead=issue.lead,
        coop=issue.coop,
        due_at=issue.due_at,
        secrecy=item.secrecy if item is not None else 0,
        access=item.access if item is not None else (),
    )


def _meeting(meeting: SeedMeeting, host: PersonId, department: DepartmentId | None) -> Meeting:
    return Meeting(
        code=Code(meeting.code),
        kind=MeetingKind(meeting.kind),
        state=MeetingState.ENDED if meeting.minutes_state == "drafting" else MeetingState.CLOSED,
        title="",
        start_at=meeting.start_at,
        planned_end_at=meeting.end_at,
        host=host or None,
        host_department=department,
        started_at=meeting.start_at,
        ended_at=meeting.end_at,
        record=meeting.minutes,
        record_due_at=meeting.minutes_due_at,
    )


def _minutes(meeting: SeedMeeting, department: DepartmentId | None) -> Minutes:
    is_draft = meeting.minutes_state == "drafting"
    return Minutes(
        code=Code(meeting.minutes),
        meeting=Code(meeting.code),
        kind=MeetingKind(meeting.kind),
        state=MinutesState.DRAFTING if is_draft else MinutesState.PUBLISHED,
        department=department,
        created_at=meeting.end_at,
        due_at=meeting.minutes_due_at,
        published_at=None if is_draft else meeting.end_at,
    )


# ---------------------------------------------------------------- open deadlines


def obligations(file: CompanyFile, calendars: Calendars) -> Iterator[Obligation]:
    """The open deadlines of tasks, issues and records."""
    items = {item.code: item for item in file.items}
    for task in file.tasks:
        item = items.get(Code(task.item))
        yield Obligation(
            key=Obligation.key_for(task.code, ObligationKind.TASK),
            code=task.code,
            kind=ObligationKind.TASK,
            title=task.title,
            due_at=task.due_at,
            opened_at=_opened(file, task.due_at),
            department=task.department,
            holder=task.owner,
            item=task.item,
            secrecy=item.secrecy if item is not None else 0,
            access=item.access if item is not None else (),
            lead=item.lead if item is not None else task.department,
            coop=item.coop if item is not None else (),
        )
    for issue in file.issues:
        if issue.due_at is not None:
            yield _of_issue(file, issue, issue.due_at, items.get(Code(issue.item)), calendars)
    for meeting in file.meetings:
        if meeting.minutes and meeting.minutes_due_at is not None and meeting.minutes_state == "drafting":
            yield _of_minutes(file, meeting, meeting.minutes_due_at, calendars)


def _of_issue(
    file: CompanyFile, issue: SeedIssue, due_at: datetime, item: Item | None, calendars: Calendars
) -> Obligation:
    liaisons = (p.id for p in file.people if Role.LIAISON in p.roles and p.department == issue.lead)
    return Obligation(
        key=Obligation.key_for(issue.code, ObligationKind.ISSUE),
        code=issue.code,
        kind=ObligationKind.ISSUE,
        title=issue.title,
        due_at=due_at,
        opened_at=issue.filed_at,
        department=issue.lead,
        holder=next(liaisons, None),
        item=issue.item,
        secrecy=item.secrecy if item is not None else 0,
        access=item.access if item is not None else (),
        detail=issue.grade,
        lead=issue.lead,
        coop=issue.coop,
        **_counted(calendars, issue.graded_at or issue.filed_at, due_at),
    )


def _of_minutes(file: CompanyFile, meeting: SeedMeeting, due_at: datetime, calendars: Calendars) -> Obligation:
    secretary = next((p for p in file.people if Role.SECRETARY in p.roles), None)
    return Obligation(
        key=Obligation.key_for(meeting.minutes, ObligationKind.MINUTES),
        code=meeting.minutes,
        kind=ObligationKind.MINUTES,
        title="",
        due_at=due_at,
        opened_at=meeting.end_at,
        department=secretary.department if secretary is not None else None,
        holder=secretary.id if secretary is not None else None,
        detail=meeting.kind,
        **_counted(calendars, meeting.end_at, due_at),
    )


class _Counted(TypedDict):
    counted_from: datetime | None
    workdays: int


def _counted(calendars: Calendars, start: datetime, due_at: datetime) -> _Counted:
    """How a seed's deadline was counted, where it is so many working days from `start`; then it follows the calendar."""
    days = calendars.workdays_between(calendars.local(start).date(), calendars.local(due_at).date())
    is_counted = days > 0 and calendars.add_workdays(start, days) == due_at
    return {"counted_from": start if is_counted else None, "workdays": days if is_counted else 0}


def _opened(file: CompanyFile, due_at: datetime) -> datetime:
    """Seed deadlines exist since the plan took effect; no earlier time is known."""
    effective = file.company.plan.effective_date
    if effective is None:
        return due_at
    return min(due_at, datetime(effective.year, effective.month, effective.day, tzinfo=due_at.tzinfo))
