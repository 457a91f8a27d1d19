"""What counts on a scorecard, object by object (domain.md 6.4, L-33; EC-87, EC-94)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.document import Document, DocumentState
from bot.domain.ids import ChatKey, Code, DepartmentId, MessageKey, PersonId
from bot.domain.issue import Issue, IssueState
from bot.domain.meeting import Attendance, Meeting, MeetingKind, MeetingState, Presence
from bot.domain.progress_report import ProgressReport, ReportState, report_code
from bot.domain.reply_clock import ClockState, ReplyClock
from bot.domain.scorecard_entries import (
    Period,
    actions,
    attendance,
    documents,
    issues,
    replies,
    reports,
    tasks,
    updates,
    weeks_of,
)
from bot.domain.task import Extension, Task, TaskState

BEIJING = ZoneInfo("Asia/Shanghai")
PROD, RD = DepartmentId("PROD"), DepartmentId("RD")
QIN = PersonId("E004")


def at(day: str, hour: str = "18:00") -> datetime:
    return datetime.fromisoformat(f"2026-{day}T{hour}").replace(tzinfo=BEIJING)


def weekdays(start: date, end: date) -> int:
    return sum(1 for n in range(1, (end - start).days + 1) if (start + timedelta(days=n)).weekday() < 5)


PERIOD = Period(
    start=at("08-31", "23:59"),
    end=at("09-30", "23:59"),
    as_of=at("10-12"),
    workdays=weekdays,
    day=lambda instant: instant.astimezone(BEIJING).date(),
)
TASK = Task(
    code=Code("RW-2026-0031"),
    title="首件试制",
    state=TaskState.DONE,
    department=PROD,
    owner=QIN,
    lead=RD,
    due_at=at("09-16"),
    original_due_at=at("09-16"),
    created_at=at("09-01"),
    done_at=at("09-16"),
)


def extended(times: int) -> tuple[Extension, ...]:
    one = Extension(asked_by=QIN, asked_at=at("09-01"), due_at=at("09-16"), reason="等物料", granted_at=at("09-02"))
    return (one,) * times


@pytest.mark.parametrize(
    ("changes", "credit", "verdict"),
    [
        ({}, 1.0, "on_time"),
        # a slow confirmer does not make it late (EC-87)
        ({"state": TaskState.DONE_PENDING}, 1.0, "on_time"),
        ({"confirmed_at": at("09-25")}, 1.0, "on_time"),
        ({"done_at": at("09-17")}, 0.5, "half"),
        ({"done_at": at("09-18", "23:00")}, 0.5, "half"),
        ({"done_at": at("09-21")}, 0.0, "late"),
        ({"state": TaskState.DOING, "done_at": None}, 0.0, "missing"),
        # extended more than twice counts half at most (EC-94)
        ({"extensions": extended(2)}, 1.0, "on_time"),
        ({"extensions": extended(3)}, 0.5, "extended"),
        ({"extensions": extended(3), "done_at": at("09-21")}, 0.0, "late"),
    ],
)
def test_a_task_counts_by_the_moment_it_was_done(changes: dict[str, Any], credit: float, verdict: str) -> None:
    [entry] = tasks([replace(TASK, **changes)], PERIOD, department=PROD)
    assert (entry.credit, entry.verdict) == (credit, verdict)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": TaskState.CANCELLED},
        {"frozen_at": at("09-10")},
        {"due_at": at("10-01")},
        {"due_at": at("08-31")},
        {"department": RD},
    ],
)
def test_tasks_of_other_months_and_departments_do_not_count(changes: dict[str, Any]) -> None:
    assert tasks([replace(TASK, **changes)], PERIOD, department=PROD) == []


def test_before_the_months_end_only_tasks_that_are_due_count() -> None:
    """L-33."""
    early = replace(PERIOD, as_of=at("09-15"))
    assert tasks([TASK], early, department=PROD) == []
    assert tasks([TASK], replace(PERIOD, corrected=frozenset({TASK.code})), department=PROD) == []


def clock(state: ClockState, **changes: Any) -> ReplyClock:
    made = ReplyClock(
        code=Code("HF-2026-0001"),
        state=state,
        chat=ChatKey("feishu", "oc"),
        message=MessageKey("feishu", "om"),
        asker=PersonId("E009"),
        asking_department=DepartmentId("SALES"),
        department=PROD,
        assignee=QIN,
        acting=QIN,
        started_at=at("09-14", "09:05"),
        due_at=at("09-14", "09:35"),
        verdict_at=at("09-14", "09:22"),
    )
    return replace(made, **changes)


def test_verdicts_of_the_month_count_and_cancelled_or_waived_ones_do_not() -> None:
    """K1."""
    states = [ClockState.ANSWERED_IN_TIME, ClockState.ANSWERED_LATE, ClockState.BREACHED]
    found = replies([clock(s) for s in ClockState], PERIOD, department=PROD)
    assert [(e.verdict, e.credit) for e in found if e.verdict == "on_time"] == [("on_time", 1.0)]
    assert len(found) == len(states)
    assert replies([clock(states[0], verdict_at=at("10-01"))], PERIOD, department=PROD) == []
    assert len(replies([clock(states[0], answered_by=PersonId("E005"))], PERIOD, person=QIN)) == 0
    assert len(replies([clock(states[2])], PERIOD, person=QIN)) == 1


@pytest.mark.parametrize(
    ("state", "credit", "expected"),
    [
        (ReportState.SUBMITTED, 0.0, (1.0, "on_time")),
        (ReportState.LATE, 0.5, (0.5, "half")),
        (ReportState.LATE, 0.0, (0.0, "late")),
        (ReportState.MISSING, 0.0, (0.0, "missing")),
        (ReportState.WAIVED, 0.0, None),
        (ReportState.VOID, 0.0, None),
        (ReportState.OPEN, 0.0, None),
    ],
)
def test_reports_count_for_the_lead(state: ReportState, credit: float, expected: tuple[float, str] | None) -> None:
    """K3, L-26: 例会免开 waives, leaving `in_progress` voids."""
    report = ProgressReport(
        code=report_code("2026-W38", "SX-2026-0007"),
        item=Code("SX-2026-0007"),
        week="2026-W38",
        lead=RD,
        state=state,
        due_at=at("09-18", "12:00"),
        opened_at=at("09-14"),
        credit=credit,
    )
    found = [(e.credit, e.verdict) for e in reports([report], PERIOD, RD)]
    assert found == ([expected] if expected is not None else [])


def test_active_tasks_for_others_want_a_word_every_week() -> None:
    """K3 for cooperating departments: active tasks with at least one update in the week."""
    weeks = [(at("09-07", "00:00"), at("09-14", "00:00")), (at("09-14", "00:00"), at("09-21", "00:00"))]
    own = replace(TASK, code=Code("RW-2026-0099"), lead=PROD)
    found = updates([TASK, own], weeks, PROD, lambda _: [at("09-15")])
    assert [[(e.code, e.credit) for e in week] for week in found] == [[(TASK.code, 0.0)], [(TASK.code, 1.0)]]
    assert updates([replace(TASK, done_at=at("09-10"))], weeks, PROD, lambda _: [])[1] == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"in_time": True, "resolved_at": at("09-18")}, (1.0, "on_time")),
        ({"in_time": True, "resolved_at": at("09-18"), "reopened": 1}, (0.0, "reopened")),
        ({"in_time": False, "resolved_at": at("09-19")}, (0.0, "late")),
        ({"in_time": None}, (0.0, "missing")),
        ({"state": IssueState.MERGED}, None),
        ({"state": IssueState.NOT_ACCEPTED}, None),
        ({"due_at": at("10-01")}, None),
        ({"lead": RD, "coop": ()}, None),
    ],
)
def test_an_issue_counts_for_every_department_that_had_to_handle_it(
    changes: dict[str, Any], expected: tuple[float, str] | None
) -> None:
    """K4, L-33."""
    issue = Issue(
        code=Code("WT-2026-0012"),
        state=IssueState.CLOSED,
        title="首件尺寸超差",
        found_by=RD,
        reporter=PersonId("E016"),
        filed_at=at("09-15"),
        lead=RD,
        coop=(PROD,),
        due_at=at("09-18"),
    )
    found = [(e.credit, e.verdict) for e in issues([replace(issue, **changes)], PERIOD, PROD)]
    assert found == ([expected] if expected is not None else [])


def test_leave_goes_out_of_the_count_of_meetings_and_a_delegate_is_present() -> None:
    """K5, L-33."""
    people = [
        Attendance(person=PersonId(f"E{n}"), department=PROD, presence=presence)
        for n, presence in enumerate((Presence.PRESENT, Presence.DELEGATE, Presence.EXCUSED, Presence.ABSENT, None))
    ]
    guest = Attendance(person=QIN, department=PROD, is_required=False)
    meeting = Meeting(
        code=Code("HY-2026-0042"),
        kind=MeetingKind.WEEKLY,
        state=MeetingState.ENDED,
        title="周例会",
        start_at=at("09-18", "14:30"),
        planned_end_at=at("09-18", "16:00"),
        host=None,
        attendance=(*people, guest),
        ended_at=at("09-18", "16:05"),
    )
    found = attendance([meeting], PERIOD, department=PROD)
    assert [(e.credit, e.verdict) for e in found] == [
        (1.0, "present"),
        (1.0, "delegate"),
        (0.0, "absent"),
        (0.0, "absent"),
    ]
    assert attendance([replace(meeting, state=MeetingState.CANCELLED)], PERIOD, department=PROD) == []
    assert len(attendance([meeting], PERIOD, person=PersonId("E0"), kinds=frozenset({MeetingKind.SYNC}))) == 0


def test_actions_are_tasks_of_records_on_time_or_not() -> None:
    action = replace(TASK, source="JY-2026-0029")
    found = [*actions([action, TASK], PERIOD, PROD), *actions([replace(action, done_at=at("09-17"))], PERIOD, PROD)]
    assert [(e.credit, e.verdict) for e in found] == [(1.0, "on_time"), (0.0, "late")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, (1.0, "compliant")),
        ({"was_noncompliant": True, "fixed_in_time": True}, (1.0, "fixed")),
        ({"was_noncompliant": True, "fixed_in_time": False}, (0.0, "late")),
        (
            {"was_noncompliant": True, "state": DocumentState.NONCOMPLIANT, "due_at": at("09-18")},
            (0.0, "noncompliant"),
        ),
        ({"was_noncompliant": True, "state": DocumentState.NONCOMPLIANT, "due_at": at("10-13")}, None),
        ({"is_waived": True}, None),
        ({"state": DocumentState.ARCHIVED}, (1.0, "compliant")),
        ({"registered_at": at("10-01")}, None),
    ],
)
def test_documents_count_once_their_name_is_judged(changes: dict[str, Any], expected: tuple[float, str] | None) -> None:
    """K6: compliant and fixed in time over registered without waived."""
    document = Document(
        code=Code("WD-2026-0101"),
        item=Code("SX-2026-0010"),
        name="x",
        state=DocumentState.COMPLIANT,
        registered_by=PersonId("E014"),
        registered_at=at("09-17"),
        department=PROD,
    )
    found = [(e.credit, e.verdict) for e in documents([replace(document, **changes)], PERIOD, department=PROD)]
    assert found == ([expected] if expected is not None else [])


def test_a_week_belongs_to_the_month_of_its_friday() -> None:
    found = weeks_of(date(2026, 9, 1), date(2026, 9, 30))
    assert found[0] == (date(2026, 8, 31), date(2026, 9, 7))
    assert found[-1] == (date(2026, 9, 21), date(2026, 9, 28))
    assert len(found) == 4
