"""Weekly reports as the lead writes them and the secretary follows them (domain.md 3.5; steps 76 and 78 of the acceptance week)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.domain.digest import Happening
from bot.domain.happened import ItemChanged, ItemCreated, MeetingChanged, PostsChanged
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.item import Item, ItemState, Level
from bot.domain.meeting import Meeting, MeetingKind, MeetingState
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.progress_report import NO_MEETING, ProgressReport, ReportState
from bot.routing import Context
from handlers.progress import progress_reports
from tests.handlers.bench import Bench
from tests.handlers.shown import BEIJING

LINES = "\n本周完成情况：首件试制完成，夹具到位\n存在问题：WT-2026-0012 已闭环\n下周计划：小批试产\n需协调事项：无"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BEIJING)


def open_week(bench: Bench) -> None:
    bench.within(progress_reports.open_week)


def report(bench: Bench, item: int, week: str = "2026-W38") -> ProgressReport:
    found = bench.read(lambda uow: uow.reports.get(f"JB-{week}-SX-2026-{item:04d}"))
    assert found is not None
    return found


def states(bench: Bench, week: str = "2026-W38") -> dict[int, ReportState]:
    return {int(r.item[-4:]): r.state for r in bench.read(lambda uow: uow.reports.find()) if r.week == week}


def owed(bench: Bench, code: str) -> dict[ObligationKind, Obligation]:
    return {o.kind: o for o in bench.read(lambda uow: uow.obligations.find(code=code))}


def change_item(bench: Bench, code: str, **changes: object) -> None:
    def work(context: Context) -> None:
        item = context.uow.items.get(code)
        assert item is not None
        after = context.uow.items.put(replace(item, **changes))  # type: ignore[arg-type]
        context.announce(ItemChanged(item, after))

    bench.within(work)


def create_routine(bench: Bench, number: int, lead: str, coop: str) -> None:
    item = Item(
        code=Code(f"SX-2026-{number:04d}"),
        title="校招宣讲物料",
        short="校招宣讲",
        level=Level.ROUTINE,
        lead=DepartmentId(lead),
        coop=(DepartmentId(coop),),
        state=ItemState.IN_PROGRESS,
        started_at=bench.now,
    )

    def work(context: Context) -> None:
        context.announce(ItemCreated(context.uow.items.add(item)))

    bench.within(work)


def test_step_76_a_report_in_time_updates_the_ledger_in_the_same_minute(bench: Bench) -> None:
    """R-81, R-82, P-17, T-07, T-08."""
    open_week(bench)
    assert states(bench) == {7: ReportState.OPEN, 8: ReportState.OPEN}
    due = owed(bench, "JB-2026-W38-SX-2026-0007")[ObligationKind.WEEKLY_REPORT]
    assert (due.holder, due.due_at, due.lead, due.item) == ("E013", at("09-18T12:00"), "RD", "SX-2026-0007")
    bench.until("09-18 11:20")
    bench.forget()
    bench.says("温晓棠", f"/周进度 SX-2026-0007{LINES}")
    bench.expects_message(to="温晓棠", contains=["JB-2026-W38-SX-2026-0007", "按时", "许安然"])
    made = report(bench, 7)
    assert (made.state, made.submitted_by, made.submitted_at) == (ReportState.SUBMITTED, "E013", at("09-18T11:20"))
    # 40, 50 and 20 per cent, each with its planned working days
    assert made.content["percent"] == "36"
    item = bench.read(lambda uow: uow.items.get("SX-2026-0007"))
    assert item is not None
    assert (item.updated_at, item.updated_by) == (at("09-18T11:20"), "E013")
    confirm = owed(bench, made.code)
    assert set(confirm) == {ObligationKind.CONFIRM_LEDGER}
    assert (confirm[ObligationKind.CONFIRM_LEDGER].holder, confirm[ObligationKind.CONFIRM_LEDGER].due_at) == (
        "E018", at("09-20T18:00"))  # fmt: skip
    card = bench.expects_card(to="许安然", contains=["小批试产", "首件试制完成"], buttons=["确认"])
    bench.says("许安然", f"/周进度 {made.code}")
    bench.expects_message(to="许安然", contains=["已提交", "首件试制完成，夹具到位"])
    bench.clicks("许安然", "确认", card=card)
    assert owed(bench, made.code) == {}
    bench.says("温晓棠", f"/周进度 JB-2026-W38-SX-2026-0007{LINES}")
    bench.expects_message(to="温晓棠", contains="已由执行秘书确认")


@pytest.mark.slow
def test_step_78_a_missing_report_is_late_with_half_a_credit_on_the_same_day(bench: Bench) -> None:
    """3.5; the obligation stays until it is there."""
    open_week(bench)
    bench.until("09-16 17:05")
    create_routine(bench, 9, "HR", "ADMIN")
    bench.expects_card(to="钟晚晴", contains="校招宣讲", buttons=["提交"])
    bench.until("09-18 12:00")
    assert states(bench) == {7: ReportState.MISSING, 8: ReportState.MISSING, 9: ReportState.MISSING}
    due = owed(bench, "JB-2026-W38-SX-2026-0009")[ObligationKind.WEEKLY_REPORT]
    assert (due.holder, due.passed_at, due.lead) == ("E025", at("09-18T12:00"), "HR")
    missing = bench.read(lambda uow: uow.facts.find(kind=Happening.REPORT_MISSING))
    assert {f.code for f in missing} == {f"JB-2026-W38-SX-2026-000{n}" for n in (7, 8, 9)}
    bench.until("13:50")
    bench.says("钟晚晴", f"/周进度 SX-9{LINES}\n总体进度：10%")
    bench.expects_message(to="钟晚晴", contains=["迟报", "计一半"])
    made = report(bench, 9)
    assert (made.state, made.credit) == (ReportState.LATE, 0.5)
    assert set(owed(bench, made.code)) == {ObligationKind.CONFIRM_LEDGER}
    left = bench.read(lambda uow: uow.facts.find(kind=Happening.REPORT_MISSING))
    assert made.code not in {f.code for f in left}


@pytest.mark.slow
def test_l_26_who_owes_a_report_in_which_week(bench: Bench) -> None:
    """L-26: at the start of the week, on entering with two working days left, void on leaving; W39 is due on Thursday."""
    open_week(bench)
    bench.until("09-17 10:30")
    change_item(bench, "SX-2026-0008", state=ItemState.ACCEPTANCE)
    assert report(bench, 8).state is ReportState.VOID
    assert owed(bench, report(bench, 8).code) == {}
    create_routine(bench, 9, "HR", "ADMIN")
    assert 9 not in states(bench)
    bench.until("09-20 11:45")
    create_routine(bench, 10, "RD", "PROD")
    assert states(bench) == {7: ReportState.MISSING, 8: ReportState.VOID}
    bench.until("09-21 00:00")
    open_week(bench)
    assert states(bench, "2026-W39") == dict.fromkeys((7, 9, 10), ReportState.OPEN)
    assert {report(bench, n, "2026-W39").due_at for n in (7, 9, 10)} == {at("09-24T12:00")}
    before = bench.read(lambda uow: uow.reports.find())
    open_week(bench)
    assert bench.read(lambda uow: uow.reports.find()) == before


def test_an_item_that_comes_back_early_enough_owes_it_again(bench: Bench) -> None:
    open_week(bench)
    bench.until("09-15 10:00")
    change_item(bench, "SX-2026-0007", state=ItemState.SUSPENDED, suspended_at=bench.now)
    bench.until("09-16 10:00")
    change_item(bench, "SX-2026-0007", state=ItemState.IN_PROGRESS)
    assert report(bench, 7).state is ReportState.OPEN
    change_item(bench, "SX-2026-0007", state=ItemState.SUSPENDED, suspended_at=bench.now)
    bench.until("09-18 10:00")
    change_item(bench, "SX-2026-0007", state=ItemState.IN_PROGRESS)
    assert report(bench, 7).state is ReportState.VOID


@pytest.mark.slow
def test_after_the_next_limit_an_old_report_is_not_accepted_any_more(bench: Bench) -> None:
    open_week(bench)
    bench.until("09-18 12:00")
    bench.until("09-21 09:00")
    open_week(bench)
    assert set(owed(bench, "JB-2026-W38-SX-2026-0007")) == {ObligationKind.WEEKLY_REPORT}
    bench.says("温晓棠", f"/周进度 JB-2026-W38-SX-2026-0007{LINES}")
    assert (report(bench, 7).state, report(bench, 7).credit) == (ReportState.LATE, 0.0)
    bench.until("09-24 12:00")
    assert owed(bench, "JB-2026-W38-SX-2026-0008") == {}
    bench.says("苏念初", f"/周进度 JB-2026-W38-SX-2026-0008{LINES}")
    bench.expects_message(to="苏念初", contains="已过补报时间")


def test_what_is_missing_is_named_and_what_was_typed_is_kept(bench: Bench) -> None:
    """R-61: an empty problem field is not none; “无” is an answer."""
    open_week(bench)
    bench.until("09-18 11:00")
    bench.forget()
    bench.says("温晓棠", "/周进度 SX-7\n本周完成情况：首件试制完成\n下周计划：小批试产")
    bench.expects_card(to="温晓棠", contains="还差 1 项必填：存在问题")
    assert report(bench, 7).state is ReportState.OPEN
    bench.says("温晓棠", "/周进度 SX-7\n存在问题：无")
    bench.expects_message(to="温晓棠", contains="按时")
    assert report(bench, 7).content["done"] == "首件试制完成"


def test_another_percentage_wants_its_reason(bench: Bench) -> None:
    """F7 (4.7)."""
    open_week(bench)
    bench.until("09-18 11:00")
    bench.says("温晓棠", f"/周进度 SX-7{LINES}\n总体进度：60%")
    bench.expects_card(to="温晓棠", contains=["还差 1 项必填：进度调整原因", "36%"])
    bench.says("温晓棠", "/周进度 SX-7\n进度调整原因：关键任务首件已完成")
    assert (report(bench, 7).state, report(bench, 7).content["percent"]) == (ReportState.SUBMITTED, "60")


@pytest.mark.slow
def test_corrected_until_confirmed_and_waived_by_the_secretary(bench: Bench) -> None:
    open_week(bench)
    bench.until("09-18 11:00")
    bench.says("温晓棠", f"/周进度 SX-7{LINES}")
    bench.says("温晓棠", "/周进度 SX-7\n下周计划：小批试产 20 台")
    assert (report(bench, 7).revision, report(bench, 7).content["next"]) == (2, "小批试产 20 台")
    bench.says("苏念初", "/免报 JB-2026-W38-SX-2026-0008 展会期间全员外出")
    bench.expects_message(to="苏念初", contains="您没有执行此操作的权限")
    bench.says("许安然", "/免报 JB-2026-W38-SX-2026-0008 展会期间全员外出")
    assert (report(bench, 8).state, report(bench, 8).reason) == (ReportState.WAIVED, "展会期间全员外出")
    assert owed(bench, report(bench, 8).code) == {}
    bench.expects_message(to="苏念初", contains=["免报", "展会期间全员外出"])


def test_only_the_lead_writes_it(bench: Bench) -> None:
    """P-17."""
    open_week(bench)
    bench.until("09-18 11:00")
    bench.says("秦书禾", f"/周进度 SX-7{LINES}")
    bench.expects_message(to="秦书禾", contains="您没有执行此操作的权限")
    bench.says("陆怀谷", f"/周进度 SX-7{LINES}")
    assert report(bench, 7).submitted_by == "E012"


def test_the_card_with_the_form_hands_it_in(bench: Bench) -> None:
    open_week(bench)
    bench.until("09-14 09:30")
    card = bench.expects_card(to="温晓棠", contains="X1试产", buttons=["提交"])
    assert [field.name for field in card.card.fields][:3] == ["done", "percent", "percent_reason"]
    answer = bench.clicks("温晓棠", "提交", card=card, answer="36")
    assert answer is not None
    assert "按时" in answer.toast
    assert report(bench, 7).state is ReportState.SUBMITTED


def test_a_week_without_a_meeting_waives_its_reports(bench: Bench) -> None:
    """L-26: 例会免开."""

    def skip(context: Context) -> None:
        progress_reports.open_week(context)
        meeting = context.uow.meetings.add(
            Meeting(
                code=Code("HY-2026-0099"),
                kind=MeetingKind.WEEKLY,
                state=MeetingState.SKIPPED,
                title="例会",
                start_at=at("10-09T14:30"),
                planned_end_at=at("10-09T16:00"),
                host=None,
                week="2026-W41",
            )
        )
        context.announce(MeetingChanged(replace(meeting, state=MeetingState.SCHEDULED), meeting))

    bench.until("10-05 09:00")
    bench.within(skip)
    assert states(bench, "2026-W41") == dict.fromkeys((7, 8), ReportState.WAIVED)
    assert report(bench, 7, "2026-W41").reason == NO_MEETING


@pytest.mark.slow
def test_once_a_week_owners_are_asked_about_tasks_nobody_has_spoken_of(bench: Bench) -> None:
    """R-34: at least weekly."""
    open_week(bench)
    bench.until("09-14 09:30")
    bench.expects_message(to="袁知行", contains=["RW-2026-0032", "R-34"])
    open_week(bench)
    bench.says("袁知行", "/进度 RW-2026-0032 55% 两套已到")
    bench.forget()
    bench.until("09-21 08:00")
    open_week(bench)
    bench.until("09-21 09:30")
    asked = [s for s in bench.forget() if s.reader == "袁知行" and "R-34" in s.words]
    assert not asked


def test_ec_48_tasks_of_a_merged_department_move_with_their_dates(bench: Bench) -> None:
    """The name in history stays; who is responsible from now on is the new department."""

    def merge(context: Context) -> None:
        department = context.uow.departments.get("QA")
        assert department is not None
        context.uow.departments.put(replace(department, merged_into=DepartmentId("PROD"), is_active=False))
        context.uow.bump("directory")
        context.refresh()
        context.announce(PostsChanged())

    open_week(bench)
    bench.within(merge)
    task = bench.read(lambda uow: uow.tasks.get("RW-2026-0032"))
    assert task is not None
    assert (task.department, task.due_at) == ("PROD", at("09-18T18:00"))


def test_when_the_meeting_moves_its_reports_move_with_it(bench: Bench) -> None:
    """T-07: 12:00 on the day of the weekly meeting."""
    bench.within(bench.wired.arm_recurring)
    bench.advance(minutes=1)
    weekly = next(m for m in bench.read(lambda uow: uow.meetings.find()) if m.week == "2026-W38" and m.kind == "weekly")
    assert report(bench, 7).due_at == at("09-18T12:00")
    bench.until("09-15 10:00")
    bench.says("许安然", f"/会议 改期 {weekly.code} 2026-09-17 14:30")
    assert report(bench, 7).due_at == at("09-17T12:00")
    due = owed(bench, report(bench, 7).code)[ObligationKind.WEEKLY_REPORT]
    assert due.due_at == at("09-17T12:00")
    bench.says("许安然", "/免报 SX-2026-0008 展会期间全员外出")
    assert report(bench, 8).state is ReportState.WAIVED


def test_of_a_confidential_item_only_its_list_reads_the_report(bench: Bench) -> None:
    """2.5, EC-08, EC-74: number and state on the card, the rest in private for people on the list."""
    access = tuple(PersonId(p) for p in ("E012", "E018", "E002"))
    change_item(bench, "SX-2026-0007", secrecy=2, access=access)
    open_week(bench)
    bench.until("09-14 09:30")
    card = bench.expects_card(to="陆怀谷", contains="JB-2026-W38-SX-2026-0007", lacks="X1试产")
    assert card.card.rows == ()
    assert owed(bench, report(bench, 7).code)[ObligationKind.WEEKLY_REPORT].holder == "E012"
    bench.says("温晓棠", f"/周进度 SX-2026-0007{LINES}")
    bench.expects_message(to="温晓棠", contains="未找到该编号，或您无权查看。")
    bench.says("陆怀谷", f"@回音 周进度 SX-2026-0007{LINES}", where="X1")
    bench.expects_message(to="陆怀谷", contains="涉密内容不得在群内发送")
    bench.says("陆怀谷", f"/周进度 SX-2026-0007{LINES}")
    assert report(bench, 7).state is ReportState.SUBMITTED
    assert not [s for s in bench.everything() if "首件试制完成" in s.words]
