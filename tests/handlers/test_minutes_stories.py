"""Minutes and sync records as people write them: drafted, refused, published, corrected, objected to, late, confidential."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.domain.happened import MinutesPublished, WorkAssigned
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.issue import Grade, Grading, Issue, IssueState
from bot.domain.meeting import MeetingKind, MeetingState
from bot.domain.minutes import MinutesState
from bot.domain.obligation import Obligation
from bot.errors import FailureKind, PlatformError
from bot.messages import AnyOutbound, SendText, lane_of
from bot.ports import UnitOfWork
from handlers.world import DIRECTORY
from tests.handlers.bench import Bench
from tests.handlers.meeting_support import SYNC, SYNC_LINES, WEEKLY, due, meeting, minutes, open_week, owed, said
from tests.handlers.shown import BEIJING

RECORD = "JY-2026-0028"
PROBLEM = "\n会议议程：各部门汇报；问题协调\n问题及解决方案：展会尾款进度不明 | 财务部与销售部对账后付款 | 财务部"
WHOLE = (
    "\n问题及解决方案：展会尾款进度不明 | 财务部与销售部对账后付款 | 财务部 | 夏知微 | 2026-09-24"
    "\n待办事项：下周例会前提交展会总结 | 销售部 | 苏念初 | 2026-09-24"
)


@pytest.fixture
def week(bench: Bench) -> Bench:
    """The sample company on Monday with the meetings of its week."""
    open_week(bench)
    return bench


def heard(bench: Bench, kind: type) -> list[WorkAssigned]:
    """What of that kind is announced from now on."""
    found: list[WorkAssigned] = []
    bench.router.when(kind, lambda _, event: found.append(event))
    return found


def hold(bench: Bench, code: str, host: str, start: str, end: str) -> None:
    """The meeting takes place."""
    bench.until(start)
    bench.says(host, f"/会议 开始 {code}")
    bench.until(end)
    bench.says(host, f"/会议 结束 {code}")


def held(bench: Bench) -> None:
    """The weekly meeting was held; its draft has its number."""
    hold(bench, WEEKLY, "许安然", "09-18 14:30", "09-18 16:05")
    assert meeting(bench, WEEKLY).record == RECORD


def leaves(uow: UnitOfWork) -> None:
    """E022 is not with the company any more."""
    gone = uow.people.get("E022")
    assert gone is not None
    uow.people.put(replace(gone, is_active=False))
    uow.bump(DIRECTORY)


def issue(bench: Bench, *, secrecy: int = 0, state: IssueState = IssueState.COORDINATING) -> Code:
    """An important issue that waits for its coordination meeting."""
    at = datetime(2026, 9, 15, 13, 45, tzinfo=BEIJING)
    made = Issue(
        code=Code("WT-2026-0012"),
        state=state,
        title="首件尺寸超差",
        found_by=DepartmentId("RD"),
        reporter=PersonId("E016"),
        filed_at=at,
        item=Code("SX-2026-0007"),
        gradings=(Grading(grade=Grade.IMPORTANT, by=PersonId("E018"), at=at, reason="影响首件"),),
        lead=DepartmentId("RD"),
        coop=(DepartmentId("PROD"), DepartmentId("QA")),
        secrecy=secrecy,
        access=(PersonId("E018"), PersonId("E002"), PersonId("E013")) if secrecy == 2 else (),
    )
    bench.transact(lambda uow: uow.issues.add(made))
    return made.code


# ---------------------------------------------------------------- publishing


def test_the_minutes_of_last_week_are_published_as_the_system_has_filled_them_in(week: Bench) -> None:
    """Step 17 of week.md: on time, due 18:00 (R-62)."""
    week.until("09-14 16:30")
    answer = said(week, "许安然", "/纪要 发布 JY-2026-0027")
    assert "JY-2026-0027" in answer
    published = minutes(week, "JY-2026-0027")
    assert (published.state, published.is_late) == (MinutesState.PUBLISHED, False)
    assert owed(week, "JY-2026-0027/纪要") is None
    assert meeting(week, "HY-2026-0040").state is MeetingState.CLOSED


def test_ec_59_a_problem_without_person_is_refused_by_name_and_published_when_whole(week: Bench) -> None:
    """Steps 93 and 94 of week.md; R-63, L-29: two tasks, confirmed by the secretary, next meeting Thu 24 Sep 14:30."""
    held(week)
    assigned = heard(week, WorkAssigned)
    week.until("09-20 16:00")
    assert RECORD in said(week, "许安然", f"/纪要 {WEEKLY}{PROBLEM}")
    refused = said(week, "许安然", f"/纪要 发布 {RECORD}")
    assert "展会尾款进度不明" in refused
    assert "责任人" in refused
    assert "完成时限" in refused
    assert minutes(week, RECORD).state is MinutesState.DRAFTING
    assert [r.reason for r in week.audit(RECORD) if r.action == "refused"] in ([], ["minutes_rows_lacking"])
    week.until("09-20 16:29")
    week.says("许安然", f"/纪要 {RECORD}{WHOLE}")
    week.until("09-20 16:30")
    week.forget()
    answer = said(week, "许安然", f"/纪要 发布 {RECORD}")
    assert "9月24日（周四）14:30" in answer
    assert not minutes(week, RECORD).is_late
    (work,) = assigned
    assert (work.source, work.confirmed_by_secretary, work.is_offered) == (RECORD, True, True)
    assert [(t.title, t.owner, f"{t.due_at.astimezone(BEIJING):%m-%d %H:%M}") for t in work.tasks] == [
        ("财务部与销售部对账后付款", "E022", "09-24 18:00"),
        ("下周例会前提交展会总结", "E009", "09-24 18:00"),
    ]
    week.expects_message(to="罗启安", contains=[RECORD, "会议纪要已发布"])
    assert meeting(week, WEEKLY).state is MeetingState.CLOSED


def test_the_draft_is_filled_in_with_who_came_what_is_open_and_what_was_reported(week: Bench) -> None:
    """4.4: attendance, absences, one row a department with 未提交, the next date (R-18, R-58, R-61)."""
    held(week)
    text = said(week, "许安然", f"/纪要 {RECORD}")
    for part in ("罗启安 到会", "未提交", "许安然", "2026-09-18 14:30", "历时 1 小时 35 分", "超时"):
        assert part in text
    assert "9月24日" in text


def test_only_the_secretary_writes_and_publishes(week: Bench) -> None:
    """P-41; drafts are nobody else's to read."""
    held(week)
    assert "权限" in said(week, "罗启安", f"/纪要 {RECORD}{WHOLE}")
    assert "权限" in said(week, "罗启安", f"/纪要 发布 {RECORD}")
    assert "未找到" in said(week, "罗启安", f"/纪要 {RECORD}")


def test_lines_given_with_the_publication_are_kept_even_where_it_is_refused(week: Bench) -> None:
    held(week)
    refused = said(week, "许安然", f"/纪要 发布 {RECORD}{PROBLEM}")
    assert "展会尾款进度不明" in refused
    assert "problems" in minutes(week, RECORD).content
    week.says("许安然", f"/纪要 发布 {RECORD}{WHOLE}")
    assert minutes(week, RECORD).state is MinutesState.PUBLISHED


def test_a_date_that_has_passed_and_a_person_who_left_are_refused(week: Bench) -> None:
    """F4-14: owner active, date not before the publication."""
    held(week)
    late = WHOLE.replace("2026-09-24", "2026-09-17")
    week.says("许安然", f"/纪要 {RECORD}{late}")
    assert "时限已过" in said(week, "许安然", f"/纪要 发布 {RECORD}")
    week.says("许安然", f"/纪要 {RECORD}{WHOLE}")
    week.transact(leaves)
    assert "不在职" in said(week, "许安然", f"/纪要 发布 {RECORD}")


def test_ec_58_late_minutes_can_be_published_and_stay_late(week: Bench) -> None:
    """R-62, T-16: overdue from the exact instant; the flag is permanent."""
    held(week)
    assert due(week, f"{RECORD}/纪要") == "09-20 18:00"
    week.until("09-20 18:01")
    assert "逾期" in said(week, "许安然", f"/纪要 发布 {RECORD}")
    assert minutes(week, RECORD).is_late
    week.says("许安然", f"/纪要 更正 {RECORD} 补记会议决定\n会议决定：按期付款")
    assert minutes(week, RECORD).is_late


def test_sod_10_a_published_version_is_corrected_by_a_further_one(week: Bench) -> None:
    """SoD-10: a visible change note, the old version stays; only what is new becomes a task."""
    held(week)
    week.says("许安然", f"/纪要 发布 {RECORD}{WHOLE}")
    assigned = heard(week, WorkAssigned)
    published = heard(week, MinutesPublished)
    assert "更正" in said(week, "许安然", f"/纪要 {RECORD}{WHOLE}")
    assert len(minutes(week, RECORD).editions) == 1
    week.forget()
    more = WHOLE.split("\n待办事项：")[1] + "；补交展会照片 | 销售部 | 何沐晴 | 2026-09-24"
    week.says("许安然", f"/纪要 更正 {RECORD} 漏记一项待办\n待办事项：{more}")
    corrected = minutes(week, RECORD)
    assert [(e.number, e.note) for e in corrected.editions] == [(1, ""), (2, "漏记一项待办")]
    assert [t.title for work in assigned for t in work.tasks] == ["补交展会照片"]
    assert len(published) == 1
    week.expects_message(to="罗启安", contains=[RECORD, "第 2 版", "漏记一项待办"])
    assert "漏记一项待办" in said(week, "罗启安", f"/纪要 {RECORD}")


# ---------------------------------------------------------------- objections (L-23)


def test_a_participant_objects_within_two_working_days_and_gets_an_answer(week: Bench) -> None:
    """L-23, 3.10."""
    held(week)
    week.says("许安然", f"/纪要 发布 {RECORD}")
    week.until("09-20 10:00")
    assert "权限" in said(week, "何沐晴", f"/纪要 异议 {RECORD} 第二条不是会上的结论")
    assert "异议" in said(week, "方景行", f"/纪要 异议 {RECORD} 第二条不是会上的结论")
    week.expects_message(to="许安然", contains=[RECORD, "方景行", "第二条不是会上的结论"])
    assert "待答复" in said(week, "许安然", f"/纪要 {RECORD}")
    assert f"{RECORD} 纪要异议 1 条待答复" in said(week, "许安然", "/待办")
    assert RECORD not in said(week, "方景行", "/待办")
    week.forget()
    week.says("许安然", f"/纪要 答复 {RECORD} 已核对录音，维持原文")
    week.expects_message(to="方景行", contains=[RECORD, "维持原文"])
    assert "纪要异议" not in said(week, "许安然", "/待办")
    week.until("09-21 18:01")
    assert "2 个工作日" in said(week, "罗启安", f"/纪要 异议 {RECORD} 也不是我说的话")


# ---------------------------------------------------------------- coordination: the solution goes to the issue


def test_the_short_minutes_of_a_coordination_meeting_record_the_solution_of_its_issue(week: Bench) -> None:
    """Steps 34 and 45 of week.md: JY-2026-0028, WT-2026-0012 executing, one task for E029, Fri 12:00 (R-21, R-96, A-07)."""
    code = issue(week)
    week.until("09-15 14:10")
    week.says("许安然", f"/会议 安排 协调会 {code} 9-16 14:00")
    coordination = "HY-2026-0043"
    assert meeting(week, coordination).kind is MeetingKind.COORDINATION
    assert set(meeting(week, coordination).participants) == {"E018", "E013", "E004", "E029"}
    hold(week, coordination, "许安然", "09-16 14:00", "09-16 14:45")
    assigned = heard(week, WorkAssigned)
    week.until("09-16 15:30")
    week.says(
        "许安然",
        f"/纪要 {coordination}\n会议议程：首件尺寸超差的处理\n"
        f"问题及解决方案：首件尺寸超差 | 修正夹具定位并复检首件 | 质量部 | 袁知行 | 2026-09-18 12:00 | {code}",
    )
    week.says("许安然", f"/纪要 发布 {RECORD}")
    assert not minutes(week, RECORD).is_late
    solved = week.read(lambda uow: uow.issues.get(code))
    assert solved is not None
    assert solved.state is IssueState.EXECUTING
    assert [(w.source, [t.owner for t in w.tasks]) for w in assigned] == [(code, ["E029"])]
    assert meeting(week, coordination).state is MeetingState.CLOSED


def test_minutes_of_a_meeting_whose_issue_is_solved_already_repeat_it_without_new_work(week: Bench) -> None:
    """Step 98 of week.md: the solution was recorded at the issue; the minutes follow a day later."""
    code = issue(week)
    week.until("09-15 14:10")
    week.says("许安然", f"/会议 安排 协调会 {code} 9-16 14:00")
    hold(week, "HY-2026-0043", "许安然", "09-16 14:00", "09-16 14:45")
    week.says("许安然", f"/解决方案 {code}\n解决方案：修正夹具定位并复检首件 | 质量部 | 袁知行 | 2026-09-18 12:00")
    assigned = heard(week, WorkAssigned)
    assert "修正夹具定位并复检首件" in said(week, "许安然", f"/纪要 {RECORD}")
    week.says("许安然", f"/纪要 发布 {RECORD}")
    assert minutes(week, RECORD).state is MinutesState.PUBLISHED
    assert assigned == []


# ---------------------------------------------------------------- secrecy (2.5)


def test_a_confidential_matter_does_not_go_into_ordinary_minutes(week: Bench) -> None:
    """F4-17: level-2 topics go to a separate record."""
    code = issue(week, secrecy=2)
    held(week)
    line = f"\n问题及解决方案：成本核算 | 复核口径 | 财务部 | 夏知微 | 2026-09-24 | {code}"
    week.says("许安然", f"/纪要 {RECORD}{line}")
    assert "涉密" in said(week, "许安然", f"/纪要 发布 {RECORD}")
    assert minutes(week, RECORD).state is MinutesState.DRAFTING


def test_minutes_about_a_sensitive_matter_are_sensitive(week: Bench) -> None:
    """2.5: an object inherits; EC-74: direct messages begin with the number and carry no title."""
    code = issue(week, secrecy=1, state=IssueState.EXECUTING)
    held(week)
    week.says("许安然", f"/纪要 {RECORD}\n问题及解决方案：成本核算 | 复核口径 | 财务部 | 夏知微 | 2026-09-24 | {code}")
    week.forget()
    week.says("许安然", f"/纪要 发布 {RECORD}")
    assert minutes(week, RECORD).secrecy == 1
    told = week.expects_message(to="罗启安", contains=[RECORD, "会议纪要已发布"])
    assert told.words.startswith(RECORD)
    assert "周例会" not in told.words


def test_a_confidential_meeting_is_told_only_to_its_access_list(week: Bench) -> None:
    """2.5, EC-70, EC-73: others read the same as of a number that does not exist."""
    code = issue(week, secrecy=2)
    week.until("09-15 14:10")
    week.forget()
    week.says("许安然", f"/会议 安排 协调会 {code} 9-16 14:00")
    told = {s.reader for s in week.forget() if "HY-2026-0043" in s.words}
    assert told <= {"许安然", "温晓棠", "顾明远"}
    assert said(week, "秦书禾", "/会议 HY-2026-0043") == said(week, "秦书禾", "/会议 HY-2026-0999")
    week.says("许安然", "@回音 会议 HY-2026-0043", where="ALL")
    assert not [s for s in week.forget() if not s.reader and "首件" in s.words]


# ---------------------------------------------------------------- the sync record


def test_the_sync_record_goes_to_every_head_and_the_secretary(week: Bench) -> None:
    """Step 43 of week.md: GT-2026-0036, on time; R-55, R-56, P-42."""
    hold(week, SYNC, "卢雨桐", "09-16 10:00", "09-16 10:48")
    week.until("09-16 11:20")
    assert "GT-2026-0036" in said(week, "卢雨桐", f"/沟通纪要 {SYNC}{SYNC_LINES}")
    week.forget()
    assert "9 人" in said(week, "卢雨桐", "/沟通纪要 提交 GT-2026-0036")
    heads = ("罗启安", "方景行", "陆怀谷", "叶青禾", "宋清和", "潘望舒", "高远航", "尹若谷", "许安然")
    for head in heads:
        told = week.expects_message(to=head, contains=["GT-2026-0036", "首件试制进行中"])
        assert told.words.startswith("GT-2026-0036")
    record = minutes(week, "GT-2026-0036")
    assert (record.state, record.is_late) == (MinutesState.PUBLISHED, False)
    assert record.edition is not None
    assert len(record.edition.content["sent"]) == 9
    assert meeting(week, SYNC).state is MeetingState.CLOSED
    assert "已于" in said(week, "卢雨桐", "/沟通纪要 提交 GT-2026-0036")


def test_r_56_the_record_says_whom_it_reached_and_whom_it_did_not(week: Bench) -> None:
    """What the platform refused is not delivered, and the record says so to whoever sent it."""
    hold(week, SYNC, "卢雨桐", "09-16 10:00", "09-16 10:48")
    week.until("09-16 11:20")
    week.says("卢雨桐", f"/沟通纪要 {SYNC}{SYNC_LINES}")

    def refuses(outbound: AnyOutbound) -> PlatformError | None:
        is_his = isinstance(outbound, SendText) and lane_of(outbound).endswith("ou_sample_e012")
        return PlatformError(FailureKind.PERMANENT, code="test", operation="send") if is_his else None

    week.adapter.outage(refuses)
    week.says("卢雨桐", "/沟通纪要 提交 GT-2026-0036")
    week.adapter.outage(None)
    assert "送达：8/9 人，尚未送达：陆怀谷" in said(week, "卢雨桐", "/沟通纪要 GT-2026-0036")
    assert "送达：8/9 人" in said(week, "许安然", "/纪要 GT-2026-0036")


def test_r_56_all_were_reached(week: Bench) -> None:
    hold(week, SYNC, "卢雨桐", "09-16 10:00", "09-16 10:48")
    week.until("09-16 11:20")
    week.says("卢雨桐", f"/沟通纪要 {SYNC}{SYNC_LINES}")
    assert "送达" not in said(week, "卢雨桐", "/沟通纪要 GT-2026-0036")
    week.says("卢雨桐", "/沟通纪要 提交 GT-2026-0036")
    assert "送达：9 人，全部送达（11:20）" in said(week, "卢雨桐", "/沟通纪要 GT-2026-0036")


def test_a_sync_record_without_a_word_on_progress_or_demands_is_not_sent(week: Bench) -> None:
    """R-52: both belong into it; 无 is an answer."""
    hold(week, SYNC, "卢雨桐", "09-16 10:00", "09-16 10:48")
    week.says("卢雨桐", "/沟通纪要\n方式：线上")
    refused = said(week, "卢雨桐", "/沟通纪要 提交")
    assert "进度跟进" in refused
    week.says("卢雨桐", "/沟通纪要\n进度跟进：无")
    week.says("卢雨桐", "/沟通纪要 提交")
    assert minutes(week, "GT-2026-0036").state is MinutesState.PUBLISHED


def test_actions_of_a_sync_become_tasks_that_their_owners_may_refuse(week: Bench) -> None:
    """3.10: actions → tasks with acceptance by owners; L-29: the host's department confirms."""
    hold(week, SYNC, "卢雨桐", "09-16 10:00", "09-16 10:48")
    assigned = heard(week, WorkAssigned)
    week.says("卢雨桐", f"/沟通纪要{SYNC_LINES.replace('待办：无', '待办：寄送样机 | 秦书禾 | 2026-09-18')}")
    week.says("卢雨桐", "/沟通纪要 提交")
    (work,) = assigned
    assert (work.source, work.lead, work.is_offered) == ("GT-2026-0036", "ADMIN", True)
    assert [(t.title, t.owner, t.department) for t in work.tasks] == [("寄送样机", "E004", "PROD")]


def test_nobody_but_liaisons_and_the_secretary_writes_the_sync_record(week: Bench) -> None:
    """P-42."""
    hold(week, SYNC, "卢雨桐", "09-16 10:00", "09-16 10:48")
    assert "权限" in said(week, "罗启安", f"/沟通纪要 GT-2026-0036{SYNC_LINES}")
    assert "没有" in said(week, "何沐晴", "/沟通纪要")
    week.says("许安然", f"/沟通纪要 GT-2026-0036{SYNC_LINES}")
    week.says("许安然", "/沟通纪要 提交 GT-2026-0036")
    assert minutes(week, "GT-2026-0036").state is MinutesState.PUBLISHED


def test_records_of_meetings_that_are_not_over_or_have_none_say_so(week: Bench) -> None:
    week.until("09-16 09:00")
    assert "还没有登记结束" in said(week, "许安然", f"/纪要 {WEEKLY}{WHOLE}")
    assert "没有待填写" in said(week, "卢雨桐", "/沟通纪要")


def test_what_was_not_understood_is_named_and_the_rest_is_kept(week: Bench) -> None:
    """ux A4 21."""
    held(week)
    answer = said(
        week,
        "许安然",
        f"/纪要 {RECORD}\n会议决定：按期付款\n问题及解决方案：尾款 | 付款 | 财务部 | 张无此人 | 2026-09-24",
    )
    assert "张无此人" in answer
    assert "decisions" in minutes(week, RECORD).content


def test_the_deadline_of_a_seed_is_left_as_its_file_says(week: Bench) -> None:
    found: Obligation | None = owed(week, "JY-2026-0027/纪要")
    assert found is not None
    assert found.holder == "E018"
    assert due(week, "JY-2026-0027/纪要") == "09-14 18:00"
