"""The figures of the weekly report, section by section, with their borders (domain.md 6.2; R-02, R-61, R-81; 2.5, L-16, L-21)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.conflict import Conflict, ConflictKind, ConflictState
from bot.domain.document import Document, DocumentState
from bot.domain.ids import ChatKey, Code, DepartmentId, MessageKey, PersonId
from bot.domain.issue import Grade, Grading, Issue, IssueState
from bot.domain.item import Item, ItemState, Level
from bot.domain.item_light import Colour
from bot.domain.liaison_change import ChangeState, LiaisonChange
from bot.domain.meeting import Attendance, Meeting, MeetingKind, MeetingState, Presence
from bot.domain.minutes import Minutes, MinutesState
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.plan import Plan, PlanState
from bot.domain.progress_report import ProgressReport, ReportState, report_code
from bot.domain.reply_clock import ClockState, ReplyClock
from bot.domain.task import Extension, Task, TaskState
from bot.domain.weekly_figures import Share, WeekInput, WeeklyReport
from bot.domain.weekly_report import compose
from tests.domain.calendar_cases import at as local
from tests.domain.sla_support import CALENDARS

RD, PROD, QA, SALES = (DepartmentId(d) for d in ("RD", "PROD", "QA", "SALES"))
WHO = PersonId("E013")
WEEK = "2026-W38"


def at(text: str) -> Any:
    """`09-16 10:00` in Beijing."""
    return local(f"2026-{text}")


def item(number: int = 7, **changes: Any) -> Item:
    base = Item(
        code=Code(f"SX-2026-{number:04}"),
        title=f"事项{number}",
        short=f"事项{number}",
        level=Level.SPECIAL,
        lead=RD,
        coop=(PROD,),
        state=ItemState.IN_PROGRESS,
        request="XQ-2026-0011",
        end_on=date(2026, 10, 30),
    )
    return replace(base, **changes)


def plan(number: int = 7, state: PlanState = PlanState.EFFECTIVE) -> Plan:
    code = Code(f"FA-2026-{number:04}")
    return Plan(key=f"{code} v1", code=code, number=1, item=Code(f"SX-2026-{number:04}"), state=state, lead=RD)


def task(number: int = 31, due: str = "09-16 18:00", done: str = "", **changes: Any) -> Task:
    moment = at(done) if done else None
    base = Task(
        code=Code(f"RW-2026-{number:04}"),
        title="首件试制",
        state=TaskState.DONE if done else TaskState.DOING,
        department=PROD,
        owner=WHO,
        lead=RD,
        due_at=at(due),
        original_due_at=at(due),
        created_at=at("09-01 09:00"),
        item=Code("SX-2026-0007"),
        done_at=moment,
        confirmed_at=moment,
    )
    return replace(base, **changes)


def report(number: int = 7, state: ReportState = ReportState.SUBMITTED, **changes: Any) -> ProgressReport:
    code = f"SX-2026-{number:04}"
    base = ProgressReport(
        code=report_code(WEEK, code),
        item=Code(code),
        week=WEEK,
        lead=RD,
        state=state,
        due_at=at("09-18 12:00"),
        opened_at=at("09-14 00:00"),
        content={"done": "首件完成", "problems": "夹具未到", "next": "小批试产"},
    )
    return replace(base, **changes)


def issue(number: int = 12, *grades: Grade, filed: str = "09-15 10:00", **changes: Any) -> Issue:
    base = Issue(
        code=Code(f"WT-2026-{number:04}"),
        state=IssueState.NEGOTIATING if grades else IssueState.PENDING_GRADING,
        title="首件尺寸超差",
        found_by=RD,
        reporter=WHO,
        filed_at=at(filed),
        gradings=tuple(Grading(grade=g, by=WHO, at=at("09-15 13:45"), reason="停线") for g in grades),
    )
    return replace(base, **changes)


def conflict(number: int = 3, state: ConflictState = ConflictState.MEDIATING, **changes: Any) -> Conflict:
    base = Conflict(
        code=Code(f"CT-2026-{number:04}"),
        state=state,
        kind=ConflictKind.DUTY,
        title="返工由谁负责",
        filed_by=WHO,
        filed_for=PROD,
        parties=(PROD, QA),
        filed_at=at("09-17 10:00"),
    )
    return replace(base, **changes)


def clock(number: int, department: DepartmentId, state: ClockState, verdict: str = "09-16 10:00") -> ReplyClock:
    return ReplyClock(
        code=Code(f"HF-2026-{number:04}"),
        state=state,
        chat=ChatKey("feishu", "oc_x1"),
        message=MessageKey("feishu", f"om_{number}"),
        asker=WHO,
        asking_department=RD,
        department=department,
        assignee=None,
        started_at=at(verdict),
        due_at=at(verdict),
        verdict_at=at(verdict),
    )


def meeting(kind: MeetingKind = MeetingKind.WEEKLY, minutes: int = 95, **changes: Any) -> Meeting:
    base = Meeting(
        code=Code("HY-2026-0042"),
        kind=kind,
        state=MeetingState.ENDED,
        title="周例会",
        start_at=at("09-18 14:30"),
        planned_end_at=at("09-18 16:00"),
        host=WHO,
        started_at=at("09-18 14:30"),
        ended_at=at("09-18 14:30") + timedelta(minutes=minutes),
        week=WEEK,
    )
    return replace(base, **changes)


def record(state: MinutesState = MinutesState.PUBLISHED, due: str = "09-17 18:00", **changes: Any) -> Minutes:
    base = Minutes(
        code=Code("JY-2026-0028"),
        meeting=Code("HY-2026-0045"),
        kind=MeetingKind.COORDINATION,
        state=state,
        due_at=at(due),
    )
    return replace(base, **changes)


def document(number: int, state: DocumentState, touched: str = "09-17 11:00", **changes: Any) -> Document:
    base = Document(
        code=Code(f"WD-2026-{number:04}"),
        item=Code("SX-2026-0007"),
        name="x.docx",
        state=state,
        registered_by=WHO,
        registered_at=at(touched),
    )
    return replace(base, **changes)


def change(number: int, *, is_emergency: bool, announced: str = "09-17 09:15") -> LiaisonChange:
    return LiaisonChange(
        code=Code(f"DJ-2026-{number:04}"),
        department=SALES,
        old=None,
        new=WHO,
        state=ChangeState.REGISTERED,
        announced_at=at(announced),
        announced_by=WHO,
        effective_on=date(2026, 9, 24),
        is_emergency=is_emergency,
    )


def owed(code: str, *, is_provisional: bool = False, secrecy: int = 0) -> Obligation:
    return Obligation(
        key=f"{code}/x",
        kind=ObligationKind.TASK,
        title="",
        code=code,
        opened_at=at("09-14 09:00"),
        due_at=at("12-31 18:00"),
        is_provisional=is_provisional,
        secrecy=secrecy,
    )


EMPTY = WeekInput(
    week=WEEK,
    start=at("09-14 00:00"),
    end=at("09-20 16:30"),
    departments=(RD, PROD, QA, SALES),
    items=(),
    plans=(),
    tasks=(),
    reports=(),
    issues=(),
    conflicts=(),
    meetings=(),
    minutes=(),
    documents=(),
    changes=(),
    clocks=(),
    obligations=(),
)


def of(**given: Any) -> WeeklyReport:
    return compose(replace(EMPTY, **given), CALENDARS)


def share(found: Share) -> tuple[int, int]:
    return found.part, found.whole


# ---------------------------------------------------------------- 1: the four aims


def test_r_02_an_item_is_in_order_with_its_request_and_where_it_is_special_a_plan_in_force() -> None:
    items = (
        item(7),
        item(8, level=Level.ROUTINE),
        item(9, level=Level.ROUTINE, request=""),
        item(10, state=ItemState.PLANNING, plan="FA-2026-0010"),
        item(11, state=ItemState.ARCHIVED),
        item(12, state=ItemState.TERMINATED, request=""),
    )
    found = of(items=items, plans=(plan(7), plan(10, PlanState.CONFIRMING))).aims.process
    assert share(found) == (2, 4)
    assert str(found.percent) == "50.0"
    assert of().aims.process.percent is None


def test_r_02_open_duty_conflicts_are_those_nobody_concluded() -> None:
    conflicts = [conflict(n, state) for n, state in enumerate(ConflictState)]
    resources = conflict(90, kind=ConflictKind.RESOURCE)
    assert of(conflicts=(*conflicts, resources)).aims.duty_conflicts == 3
    assert of(conflicts=(*conflicts, resources)).conflicts_open == 4


@pytest.mark.parametrize(
    ("state", "counted"),
    [
        (ReportState.SUBMITTED, (1, 1)),
        (ReportState.LATE, (0, 1)),
        (ReportState.MISSING, (0, 1)),
        (ReportState.OPEN, (0, 1)),
        (ReportState.WAIVED, (0, 0)),
        (ReportState.VOID, (0, 0)),
    ],
)
def test_r_81_reports_in_time_of_those_that_were_due(state: ReportState, counted: tuple[int, int]) -> None:
    assert share(of(items=(item(),), reports=(report(state=state),)).aims.reports) == counted


def test_reports_of_other_weeks_and_those_not_due_yet_do_not_count() -> None:
    other = report(week="2026-W37", due_at=at("09-11 12:00"))
    assert share(of(items=(item(),), reports=(other, report()), end=at("09-18 11:59")).aims.reports) == (0, 0)


@pytest.mark.parametrize(
    ("one", "counted"),
    [
        (task(done="09-16 18:00"), (1, 1)),
        (task(done="09-16 18:01"), (0, 1)),
        (task(), (0, 1)),
        (task(done="09-16 17:00", state=TaskState.DONE_PENDING, confirmed_at=None), (1, 1)),
        (task(due="09-20 16:31"), (0, 0)),
        (task(due="09-13 18:00"), (0, 0)),
        (task(due="09-13 18:00", done="09-15 10:00"), (0, 0)),
        (task(state=TaskState.CANCELLED), (0, 0)),
        (task(frozen_at=at("09-15 10:00")), (0, 0)),
    ],
    ids=["on the dot", "a minute late", "not done", "done, not confirmed", "due later", "due last week",
         "due last week, done now", "cancelled", "suspended"],
)  # fmt: skip
def test_tasks_in_time_of_those_with_their_date_in_the_week(one: Task, counted: tuple[int, int]) -> None:
    assert share(of(tasks=(one,)).aims.tasks) == counted


# ---------------------------------------------------------------- 2: items


def test_items_by_light_red_first_with_what_makes_them_so() -> None:
    items = (
        item(1, end_on=date(2026, 9, 10)),
        item(2),
        item(3),
        item(4),
        item(5, state=ItemState.ARCHIVED, end_on=date(2026, 9, 10)),
    )
    issues = (
        issue(1, Grade.MAJOR, item=Code("SX-2026-0003")),
        issue(2, Grade.GENERAL, Grade.IMPORTANT, item=Code("SX-2026-0002")),
    )
    found = of(items=items, issues=issues, tasks=(task(1, item=Code("SX-2026-0002")),))
    assert found.lights == {Colour.RED: 1, Colour.YELLOW: 2, Colour.GREEN: 1}
    assert [one.item.code for one in found.coloured] == ["SX-2026-0003", "SX-2026-0001", "SX-2026-0002"]
    red, over, late = (one.light for one in found.coloured)
    assert red.major == ("WT-2026-0001",)
    assert over.is_overdue
    assert (late.important, late.late_tasks) == (("WT-2026-0002",), ("RW-2026-0001",))


# ---------------------------------------------------------------- 3: departments


def test_r_61_each_department_says_what_is_done_what_is_wrong_and_what_comes() -> None:
    items = (item(7), item(8), item(9), item(10), item(11))
    reports = (
        report(7),
        report(8, ReportState.LATE, content={}),
        report(9, ReportState.MISSING),
        report(10, ReportState.OPEN, due_at=at("09-24 12:00")),
        report(11, ReportState.WAIVED),
    )
    rd = of(items=items, reports=reports).departments[0]
    assert rd.department == RD
    assert [(s.item.code, s.done, s.problems, s.next, s.is_late) for s in rd.reports] == [
        ("SX-2026-0007", "首件完成", "夹具未到", "小批试产", False),
        ("SX-2026-0008", "无", "无", "无", True),
    ]
    assert [i.code for i in rd.missing] == ["SX-2026-0009"]
    assert [i.code for i in rd.awaited] == ["SX-2026-0010"]


def test_r_61_a_department_without_a_lead_has_its_tasks_and_every_department_is_there() -> None:
    tasks = (
        task(1, done="09-15 10:00"),
        task(2, done="09-11 10:00", confirmed_at=at("09-14 09:00")),
        task(3, done="09-11 10:00"),
        task(4, due="09-15 18:00"),
        task(5, due="09-25 18:00"),
        task(6, done="09-15 10:00", state=TaskState.DONE_PENDING, confirmed_at=None),
        task(7, due="09-15 18:00", frozen_at=at("09-14 10:00")),
        task(8, state=TaskState.CANCELLED),
    )
    found = of(tasks=tasks)
    assert [one.department for one in found.departments] == [RD, PROD, QA, SALES]
    prod = found.departments[1]
    assert (prod.finished, prod.open, prod.late) == (2, 4, 1)


# ---------------------------------------------------------------- 4, 5: issues and conflicts


def test_issues_opened_closed_reopened_overdue_and_open_by_grade() -> None:
    issues = (
        issue(1, Grade.GENERAL, due_at=at("09-16 18:00")),
        issue(2, Grade.GENERAL, Grade.IMPORTANT, due_at=at("09-25 18:00")),
        issue(3, Grade.MAJOR, filed="09-01 10:00"),
        issue(4),
        issue(5, Grade.GENERAL, state=IssueState.CLOSED, closed_at=at("09-15 18:00"), filed="09-11 10:00"),
        issue(6, Grade.GENERAL, state=IssueState.CLOSED, closed_at=at("09-13 18:00"), filed="09-11 10:00"),
        issue(7, Grade.GENERAL, state=IssueState.RESOLVED, due_at=at("09-16 18:00"), filed="09-12 10:00"),
        issue(8, Grade.GENERAL, reopened=1, reopened_at=at("09-17 10:00"), filed="09-02 10:00"),
        issue(9, Grade.GENERAL, reopened=1, reopened_at=at("09-10 10:00"), filed="09-03 10:00"),
        issue(10, state=IssueState.NOT_ACCEPTED),
    )
    found = of(issues=issues)
    assert (found.issues_opened, found.issues_closed, found.issues_reopened, found.issues_overdue) == (4, 1, 1, 1)
    assert found.issues_open == {Grade.GENERAL: 4, Grade.IMPORTANT: 1, Grade.MAJOR: 1, None: 1}
    assert [i.code for i in found.oldest] == ["WT-2026-0003", "WT-2026-0008", "WT-2026-0009"]


def test_conflicts_opened_settled_ruled_and_open() -> None:
    conflicts = (
        conflict(1),
        conflict(2, ConflictState.PENDING_RULING, filed_at=at("09-10 10:00")),
        conflict(3, ConflictState.SETTLED, concluded_at=at("09-18 16:50")),
        conflict(4, ConflictState.CLOSED, concluded_at=at("09-18 16:50"), ruling="由生产部负责"),
        conflict(5, ConflictState.RULED, concluded_at=at("09-11 16:50"), ruling="由生产部负责", filed_at=at("09-09 10:00")),
        conflict(6, ConflictState.TO_GM_MEETING, filed_at=at("09-09 10:00")),
    )  # fmt: skip
    found = of(conflicts=conflicts)
    assert (found.conflicts_opened, found.conflicts_settled, found.conflicts_ruled) == (3, 1, 1)
    assert found.conflicts_open == 3


# ---------------------------------------------------------------- 6: response


def test_response_counts_verdicts_of_the_week_by_department() -> None:
    good, late = ClockState.ANSWERED_IN_TIME, ClockState.ANSWERED_LATE
    clocks = (
        *(clock(n, QA, good) for n in range(1, 6)),
        clock(6, QA, late),
        clock(7, PROD, ClockState.BREACHED),
        clock(8, PROD, ClockState.CANCELLED),
        clock(9, PROD, ClockState.WAIVED),
        clock(10, RD, good, "09-13 18:00"),
    )
    found = of(clocks=clocks)
    assert (found.response.on_time, found.response.late) == (5, 2)
    assert share(found.response_of[QA]) == (5, 6)
    assert str(found.response_of[QA].percent) == "83.3"
    assert share(found.response_of[PROD]) == (0, 1)
    assert share(found.response_of[RD]) == (0, 0)
    assert found.exceptions.waived == ("HF-2026-0009",)


# ---------------------------------------------------------------- 7, 8: meetings and documents


def test_meetings_of_the_week_with_length_and_overrun_in_their_order() -> None:
    meetings = (
        meeting(is_overrun=True),
        meeting(MeetingKind.SYNC, 48, code=Code("HY-2026-0041"), start_at=at("09-16 10:00"),
                started_at=at("09-16 10:00"), ended_at=at("09-16 10:48")),
        meeting(code=Code("HY-2026-0040"), ended_at=at("09-11 15:50"), started_at=at("09-11 14:30")),
        meeting(code=Code("HY-2026-0050"), state=MeetingState.IN_SESSION, ended_at=None),
    )  # fmt: skip
    found = of(meetings=meetings)
    assert [(one.meeting.code, one.minutes) for one in found.held] == [("HY-2026-0041", 48), ("HY-2026-0042", 95)]


def test_records_in_time_of_those_that_were_due() -> None:
    records = (
        record(),
        record(is_late=True),
        record(MinutesState.DRAFTING),
        record(due="09-21 18:00"),
        record(due="09-11 18:00"),
    )
    assert share(of(minutes=records).minutes_on_time) == (1, 3)


def test_r_53_the_sync_is_done_for_a_department_whose_liaison_came_or_sent_somebody() -> None:
    attendance = (
        Attendance(person=PersonId("E013"), department=RD, presence=Presence.PRESENT),
        Attendance(person=PersonId("E004"), department=PROD, presence=Presence.DELEGATE, by=PersonId("E005")),
        Attendance(person=PersonId("E029"), department=QA, presence=Presence.EXCUSED),
    )
    sync = meeting(MeetingKind.SYNC, attendance=attendance)
    planned = meeting(MeetingKind.SYNC, attendance=attendance, state=MeetingState.SCHEDULED, ended_at=None)
    other = meeting(MeetingKind.SYNC, attendance=attendance, week="2026-W37")
    assert of(meetings=(sync,)).synced == (RD, PROD)
    assert of(meetings=(sync,)).unsynced == (QA, SALES)
    assert of(meetings=(planned, other)).synced == ()


def test_documents_that_are_kept_with_names_to_mend_and_those_that_nobody_touched() -> None:
    """Stale after seven days (T-26), by the last update."""
    documents = (
        document(1, DocumentState.COMPLIANT),
        document(2, DocumentState.NONCOMPLIANT, "09-01 11:00"),
        document(3, DocumentState.COMPLIANT, "09-13 16:29"),
        document(4, DocumentState.WAIVED, "09-13 16:30"),
        document(5, DocumentState.COMPLIANT, "09-01 11:00", updated_at=at("09-18 11:00")),
        document(6, DocumentState.ARCHIVED, "09-01 11:00"),
        document(7, DocumentState.MISSING, "09-01 11:00"),
    )
    found = of(documents=documents)
    assert (found.documents, found.noncompliant, found.stale) == (5, 1, 1)


# ---------------------------------------------------------------- 9: exceptions


def test_exceptions_are_named_by_their_numbers() -> None:
    regraded = replace(
        issue(1, Grade.GENERAL, Grade.IMPORTANT),
        gradings=(
            Grading(grade=Grade.GENERAL, by=WHO, at=at("09-11 11:00"), reason=""),
            Grading(grade=Grade.IMPORTANT, by=WHO, at=at("09-15 11:00"), reason="影响交付"),
        ),
    )
    longer = Extension(asked_by=WHO, asked_at=at("09-15 10:00"), due_at=at("09-25 18:00"), reason="等料")
    found = of(
        issues=(regraded, issue(2, Grade.MAJOR)),
        tasks=(
            task(1, extensions=(replace(longer, granted_by=WHO, granted_at=at("09-15 11:00")),)),
            task(2, extensions=(replace(longer, granted_by=WHO, granted_at=at("09-11 11:00")),)),
            task(3, extensions=(replace(longer, is_refused=True),)),
            task(4, extensions=(longer,)),
        ),
        changes=(change(1, is_emergency=True), change(2, is_emergency=False), change(3, is_emergency=True, announced="09-13 10:00")),
        obligations=(owed("RW-2026-0060", is_provisional=True), owed("RW-2026-0061")),
    ).exceptions  # fmt: skip
    assert found.emergencies == ("DJ-2026-0001",)
    assert found.regraded == ("WT-2026-0001",)
    assert found.extended == ("RW-2026-0001",)
    assert found.provisional == ("RW-2026-0060",)


# ---------------------------------------------------------------- 10: secrecy


def crowd(secrecy: int) -> dict[str, Any]:
    """One object of every kind that would make a figure."""
    return {
        "items": (item(secrecy=secrecy, end_on=date(2026, 9, 1)),),
        "plans": (replace(plan(), secrecy=secrecy),),
        "tasks": (task(secrecy=secrecy), task(2, done="09-15 10:00", secrecy=secrecy)),
        "reports": (report(secrecy=secrecy),),
        "issues": (issue(1, Grade.MAJOR, secrecy=secrecy, due_at=at("09-16 18:00")),),
        "conflicts": (conflict(secrecy=secrecy),),
        "meetings": (meeting(secrecy=secrecy),),
        "minutes": (record(secrecy=secrecy),),
        "documents": (document(1, DocumentState.NONCOMPLIANT, secrecy=secrecy),),
        "clocks": (replace(clock(1, QA, ClockState.WAIVED), secrecy=secrecy), replace(clock(2, QA, ClockState.BREACHED), secrecy=secrecy)),
        "obligations": (owed("RW-2026-0060", is_provisional=True, secrecy=secrecy),),
    }  # fmt: skip


def test_level_2_is_one_number_and_nothing_else() -> None:
    """L-21, EC-71: the report with confidential objects is the empty one with their count."""
    assert of(**crowd(2), confidential=5) == of(confidential=5)


FIGURES: list[tuple[str, Callable[[WeeklyReport], int]]] = [
    ("items", lambda r: r.lights[Colour.YELLOW]),
    ("tasks", lambda r: r.aims.tasks.whole),
    ("reports", lambda r: r.aims.reports.whole),
    ("issues", lambda r: r.issues_opened),
    ("conflicts", lambda r: r.conflicts_open),
    ("meetings", lambda r: len(r.held)),
    ("minutes", lambda r: r.minutes_on_time.whole),
    ("documents", lambda r: r.noncompliant),
    ("clocks", lambda r: r.response.counted),
    ("exceptions", lambda r: len(r.exceptions.waived) + len(r.exceptions.provisional)),
]


@pytest.mark.parametrize(("name", "figure"), FIGURES, ids=[name for name, _ in FIGURES])
def test_level_1_counts_like_everything_else(name: str, figure: Callable[[WeeklyReport], int]) -> None:
    assert figure(of(**crowd(1))) == figure(of(**crowd(0))) > 0


def test_what_happened_on_the_borders_of_the_week() -> None:
    """The week begins after Monday 00:00 and ends with the cut-off, both as every report counts."""
    inside = issue(1, filed="09-14 00:00:01"), issue(2, filed="09-20 16:30")
    outside = issue(3, filed="09-14 00:00"), issue(4, filed="09-20 16:31")
    assert of(issues=(*inside, *outside)).issues_opened == 2
