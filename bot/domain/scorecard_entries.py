"""What counts on a scorecard, object by object (domain.md 6.4, L-33): clocks, tasks, reports, issues, meetings, documents.

Everything is judged at `as_of`: what is not due by then does not count yet. An entry that the secretary corrected after an
objection is left out (`corrected` names its codes).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.document import Document, DocumentState
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.issue import Issue, IssueState
from bot.domain.meeting import Meeting, MeetingKind, MeetingState, Presence
from bot.domain.progress_report import ProgressReport, ReportState
from bot.domain.reply_clock import ClockState, ReplyClock
from bot.domain.scorecard import Entry
from bot.domain.task import Task, TaskState

#: late by no more than this is half a task (K2)
HALF_WD = 2
#: a task that was extended more often counts half at most
MOST_EXTENSIONS = 2
#: records of meetings, whose actions K5 counts
MEETING_SOURCES = ("JY-", "JD-", "GT-")
_DECIDED = {
    ClockState.ANSWERED_IN_TIME: "on_time",
    ClockState.ANSWERED_LATE: "late",
    ClockState.BREACHED: "missing",
}
_HELD = frozenset({MeetingState.ENDED, MeetingState.CLOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A month as far as it is over: `start` < instant ≤ `end`, and nothing after `as_of`."""

    start: datetime
    end: datetime
    as_of: datetime
    #: working days from one date to another, in the company's calendar
    workdays: Callable[[date, date], int]
    #: the local date of an instant
    day: Callable[[datetime], date]
    corrected: frozenset[str] = frozenset()

    def has(self, at: datetime | None) -> bool:
        """Does the instant belong to it?"""
        return at is not None and self.start < at <= min(self.end, self.as_of)

    def is_over(self, due_at: datetime) -> bool:
        """Was it due in it, by now?"""
        return self.start < due_at <= self.end and due_at <= self.as_of


def replies(
    clocks: Iterable[ReplyClock],
    period: Period,
    *,
    department: DepartmentId | None = None,
    person: PersonId | None = None,
) -> list[Entry]:
    """K1: verdicts of the month; cancelled and waived ones do not count. Of a person, those that he or she had to answer."""
    return [
        Entry(
            code=clock.code,
            credit=1.0 if clock.state is ClockState.ANSWERED_IN_TIME else 0.0,
            due_at=clock.due_at,
            done_at=clock.answered_at,
            verdict=_DECIDED[clock.state],
            secrecy=clock.secrecy,
        )
        for clock in clocks
        if clock.state in _DECIDED
        and period.has(clock.verdict_at)
        and clock.code not in period.corrected
        and (clock.department == department if person is None else person in _answering(clock))
    ]


def _answering(clock: ReplyClock) -> frozenset[PersonId]:
    """Who answered; where nobody did, who had to."""
    if clock.answered_by is not None:
        return frozenset({clock.answered_by})
    return frozenset(p for p in (clock.acting or clock.assignee,) if p is not None)


def tasks(
    found: Iterable[Task], period: Period, *, department: DepartmentId | None = None, person: PersonId | None = None
) -> list[Entry]:
    """K2: tasks due in the month by their present date; late by up to two working days is half, open overdue nothing."""
    return [
        entry_of_task(task, period)
        for task in found
        if task.state is not TaskState.CANCELLED
        and task.frozen_at is None
        and period.is_over(task.due_at)
        and task.code not in period.corrected
        and (task.department == department if person is None else task.owner == person)
    ]


def entry_of_task(task: Task, period: Period) -> Entry:
    """One task; a slow confirmer does not make it late (EC-87)."""
    credit, verdict = 0.0, "missing"
    if task.done_at is not None:
        late = period.workdays(period.day(task.due_at), period.day(task.done_at)) if task.is_late else 0
        credit, verdict = (0.0, "late") if task.is_late else (1.0, "on_time")
        if task.is_late and late <= HALF_WD:
            credit, verdict = 0.5, "half"
    granted = sum(1 for extension in task.extensions if extension.granted_at is not None)
    if granted > MOST_EXTENSIONS and credit > 0.5:
        credit, verdict = 0.5, "extended"
    return Entry(
        code=task.code,
        credit=credit,
        due_at=task.due_at,
        done_at=task.done_at,
        verdict=verdict,
        secrecy=task.secrecy,
    )


def actions(found: Iterable[Task], period: Period, department: DepartmentId) -> list[Entry]:
    """The second half of K5: tasks that came from records of meetings; on time or not, nothing in between."""
    return [
        Entry(
            code=task.code,
            credit=1.0 if task.done_at is not None and not task.is_late else 0.0,
            due_at=task.due_at,
            done_at=task.done_at,
            verdict="missing" if task.done_at is None else "late" if task.is_late else "on_time",
            secrecy=task.secrecy,
        )
        for task in found
        if task.department == department
        and task.source.startswith(MEETING_SOURCES)
        and task.state is not TaskState.CANCELLED
        and task.frozen_at is None
        and period.is_over(task.due_at)
        and task.code not in period.corrected
    ]


def reports(found: Iterable[ProgressReport], period: Period, department: DepartmentId) -> list[Entry]:
    """The lead part of K3; what was waived, void or is not due is left out."""
    verdicts = {ReportState.SUBMITTED: "on_time", ReportState.LATE: "late", ReportState.MISSING: "missing"}
    return [
        Entry(
            code=report.code,
            credit=1.0 if report.state is ReportState.SUBMITTED else report.credit,
            due_at=report.due_at,
            done_at=report.submitted_at,
            verdict="half" if report.state is ReportState.LATE and report.credit else verdicts[report.state],
            secrecy=report.secrecy,
        )
        for report in found
        if report.lead == department
        and report.state in verdicts
        and period.is_over(report.due_at)
        and report.code not in period.corrected
    ]


def updates(
    found: Iterable[Task],
    weeks: Sequence[tuple[datetime, datetime]],
    department: DepartmentId,
    reported: Callable[[Task], Sequence[datetime]],
) -> list[list[Entry]]:
    """The coop part of K3, week by week: active tasks of the department for others, and whether anything was said of them."""
    own = [
        t for t in found if t.department == department and t.lead != department and t.state is not TaskState.CANCELLED
    ]
    active = [[t for t in own if _is_active(t, start, end)] for start, end in weeks]
    said = {task.code: reported(task) for week in active for task in week}
    return [
        [_word(task, end, is_said=any(start < at <= end for at in said[task.code])) for task in week]
        for (start, end), week in zip(weeks, active, strict=True)
    ]


def _is_active(task: Task, start: datetime, end: datetime) -> bool:
    return task.created_at < end and (task.done_at is None or task.done_at > start) and task.frozen_at is None


def _word(task: Task, until: datetime, *, is_said: bool) -> Entry:
    return Entry(
        code=task.code,
        credit=1.0 if is_said else 0.0,
        due_at=until,
        verdict="updated" if is_said else "silent",
        secrecy=task.secrecy,
    )


def issues(found: Iterable[Issue], period: Period, department: DepartmentId) -> list[Entry]:
    """K4: issues that the department was responsible for with a limit in the month; in time and never reopened counts."""
    return [
        Entry(
            code=issue.code,
            credit=1.0 if issue.in_time and not issue.reopened else 0.0,
            due_at=issue.due_at,
            done_at=issue.resolved_at or issue.solution_at,
            verdict=_issue_verdict(issue),
            secrecy=issue.secrecy,
        )
        for issue in found
        if department in issue.handlers
        and issue.state not in {IssueState.MERGED, IssueState.NOT_ACCEPTED}
        and issue.due_at is not None
        and period.is_over(issue.due_at)
        and issue.code not in period.corrected
    ]


def _issue_verdict(issue: Issue) -> str:
    if issue.reopened:
        return "reopened"
    if issue.in_time:
        return "on_time"
    return "late" if issue.resolved_at is not None or issue.solution_at is not None else "missing"


def attendance(
    found: Iterable[Meeting],
    period: Period,
    *,
    department: DepartmentId | None = None,
    person: PersonId | None = None,
    kinds: frozenset[MeetingKind] = frozenset(MeetingKind),
) -> list[Entry]:
    """The first half of K5: required people of the department; 请假 leaves the count, a delegate counts as present (L-33)."""
    verdicts = {Presence.PRESENT: "present", Presence.DELEGATE: "delegate", Presence.ABSENT: "absent", None: "absent"}
    return [
        Entry(
            code=meeting.code,
            credit=1.0 if one.presence in {Presence.PRESENT, Presence.DELEGATE} else 0.0,
            due_at=meeting.start_at,
            done_at=meeting.ended_at,
            verdict=verdicts[one.presence],
            secrecy=meeting.secrecy,
        )
        for meeting in found
        if meeting.state in _HELD
        and meeting.kind in kinds
        and period.has(meeting.ended_at)
        and meeting.code not in period.corrected
        for one in meeting.attendance
        if one.is_required
        and one.presence is not Presence.EXCUSED
        and (one.department == department if person is None else one.person == person)
    ]


def documents(
    found: Iterable[Document], period: Period, *, department: DepartmentId | None = None, person: PersonId | None = None
) -> list[Entry]:
    """K6: registered in the month, waived ones left out; a wrong name counts once it was put right in time.

    One whose limit is still running does not count yet.
    """
    return [
        Entry(
            code=document.code,
            credit=1.0 if is_right(document) else 0.0,
            due_at=document.due_at,
            done_at=document.updated_at,
            verdict=_document_verdict(document),
            secrecy=document.secrecy,
        )
        for document in found
        if period.has(document.registered_at)
        and not document.is_waived
        and not (document.state is DocumentState.NONCOMPLIANT and not _is_over(document, period))
        and document.code not in period.corrected
        and (document.department == department if person is None else document.registered_by == person)
    ]


def _is_over(document: Document, period: Period) -> bool:
    return document.due_at is None or document.due_at <= period.as_of


def is_right(document: Document) -> bool:
    """Compliant from the start, or put right in time."""
    return not document.was_noncompliant or document.fixed_in_time is True


def _document_verdict(document: Document) -> str:
    if not document.was_noncompliant:
        return "compliant"
    if document.fixed_in_time is None:
        return "noncompliant"
    return "fixed" if document.fixed_in_time else "late"


def weeks_of(first: date, last: date) -> list[tuple[date, date]]:
    """The ISO weeks of a month, those whose Friday lies in it: Monday, and the Monday after."""
    monday = first - timedelta(days=first.weekday())
    found: list[tuple[date, date]] = []
    while monday <= last:
        if first <= monday + timedelta(days=4) <= last:
            found.append((monday, monday + timedelta(days=7)))
        monday += timedelta(days=7)
    return found
