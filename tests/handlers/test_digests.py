"""The leader's digest as it is sent (domain.md 6.1; L-20, L-21, L-32; P-55; EC-10, EC-19, EC-71)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.digest import DecisionKind, Digest, Happening, MajorIssue, Waiting
from bot.domain.document import Document, DocumentState
from bot.domain.group import GroupState
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.issue import Grade, Grading, Issue, IssueState
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.progress_report import ProgressReport, ReportState, report_code
from bot.domain.records import Fact
from bot.domain.request import Request, RequestState
from bot.ports import UnitOfWork
from handlers.reports import digests
from handlers.reports.digest_text import LIMIT, render
from handlers.words import words_for
from tests.handlers.bench import EVERYTHING, Bench
from tests.handlers.shown import BEIJING, Shown


def at(text: str) -> datetime:
    """An instant of the week in Beijing."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BEIJING)


@pytest.fixture
def morning(bench: Bench) -> Bench:
    """The sample company with its daily duties running."""
    bench.within(bench.wired.arm_recurring)
    bench.forget()
    return bench


def the_digest(bench: Bench, reader: str = "顾明远") -> Shown:
    """The only digest that this reader was sent since the last look."""
    found = [s for s in bench.forget() if s.reader == reader and "每日简报" in s.words]
    assert len(found) == 1, f"{len(found)} digests for {reader}"
    return found[0]


def happens(bench: Bench, kind: Happening, code: str, when: str, **changes: object) -> None:
    """Something that reports count."""
    fact = Fact(key=f"{code}/{kind}", kind=kind, code=code, at=at(when))
    bench.transact(lambda uow: uow.facts.add(replace(fact, **changes)))  # type: ignore[arg-type]


def owes(bench: Bench, code: str, due: str, **changes: object) -> None:
    """One more open deadline."""
    given: dict[str, object] = {"kind": ObligationKind.TASK, "title": f"事项{code}", "opened_at": at("09-01 09:00")}
    given |= changes
    due_one = Obligation(key=f"{code}/{given['kind']}", code=code, due_at=at(due), **given)  # type: ignore[arg-type]
    bench.transact(lambda uow: uow.obligations.add(due_one))


# ---------------------------------------------------------------- layout


def test_r_15_the_first_digest_reads_as_the_plan_lays_it_out(morning: Bench) -> None:
    morning.until("08:45")
    assert the_digest(morning).words.split("\n") == [
        "【跨部门协作每日简报】2026-09-14（周一）",
        "统计区间：09-11 08:30 至 09-14 08:30（不含涉密事项）",
        "一、待您处理（0）：需求审批 0｜决议签字 0｜冲突裁定 0｜重大问题 0｜方案变更 0｜奖惩确认 0",
        "二、重大问题：未闭环 0",
        "三、超期与临期：超期 0；临期 3（任务 1、问题处理 1、纪要 1）",
        "四、进展：新需求 0｜批准 0｜启动事项 0｜完成任务 按期 0/超期 0｜新问题 1（一般 1）｜闭环 0｜新冲突 0｜验收通过 0",
        "五、响应时效：本期无样本",
        "六、会议：已召开 1｜今日 0｜纪要超期 0",
        "七、合规：命名待整改 0｜周进度缺报 0｜对接人空缺 0｜专项群不合规 0",
        "八、涉密事项：0 项未闭环",
    ]


def test_r_23_the_secretary_gets_a_copy_and_nobody_else_anything(morning: Bench) -> None:
    morning.until("08:46")
    assert sorted(s.reader for s in morning.forget()) == ["许安然", "顾明远"]


def test_overdue_lines_are_the_five_oldest_with_how_long_they_are_over(morning: Bench) -> None:
    for number in range(7):
        owes(morning, f"RW-2026-01{number:02d}", f"09-{number + 1:02d} 18:00")
    owes(morning, "JY-2026-0200", "09-11 18:00", kind=ObligationKind.MINUTES, title="")
    morning.until("08:45")
    words = the_digest(morning).words
    assert "超期 8（任务 7、纪要 1）；" in words
    lines = [line for line in words.split("\n") if line.startswith("  · ")]
    assert lines[0] == "  · RW-2026-0100《事项RW-2026-0100》应于 09-01 18:00 完成，已超期 12 天 14 小时"
    assert len(lines) == 5
    assert "纪要超期 1" in words


def test_due_soon_reaches_to_the_end_of_the_next_working_day(morning: Bench) -> None:
    """On the Friday before the make-up Sunday that is the Sunday; 18:00 itself is due soon."""
    owes(morning, "RW-2026-0101", "09-20 18:00")
    owes(morning, "RW-2026-0102", "09-21 09:00")
    morning.until("09-18 08:45")
    words = [s for s in morning.forget() if s.reader == "顾明远"][-1].words
    soon = next(line for line in words.split("\n") if line.startswith("三、"))
    assert "临期" in soon
    assert "任务 2" in soon.rsplit("临期", 1)[1], "RW-0032 on Friday, RW-0101 on Sunday"


def test_progress_counts_what_happened_in_the_window_and_new_issues_by_grade(morning: Bench) -> None:
    happens(morning, Happening.REQUEST_NEW, "XQ-2026-0020", "09-14 08:30:00")
    happens(morning, Happening.REQUEST_NEW, "XQ-2026-0021", "09-11 08:30:00")
    happens(morning, Happening.TASK_LATE, "RW-2026-0030", "09-12 10:00")
    happens(morning, Happening.ISSUE_NEW, "WT-2026-0020", "09-13 10:00", detail={"grade": "一般问题"})
    happens(morning, Happening.ISSUE_NEW, "WT-2026-0021", "09-13 10:00", detail={"grade": "重大问题"})
    happens(morning, Happening.ISSUE_NEW, "WT-2026-0022", "09-13 10:00")
    happens(morning, Happening.ISSUE_NEW, "WT-2026-0023", "09-13 10:00", secrecy=2)
    happens(morning, Happening.CONFLICT_NEW, "CT-2026-0009", "09-13 10:00")
    happens(morning, Happening.CONFLICT_CONCLUDED, "CT-2026-0008", "09-13 10:00")
    morning.until("08:45")
    line = next(line for line in the_digest(morning).words.split("\n") if line.startswith("四、"))
    assert line == (
        "四、进展：新需求 1｜批准 0｜启动事项 0｜完成任务 按期 0/超期 1｜新问题 4（一般 2、重大 1、待分级 1）"
        "｜闭环 0｜新冲突 1（办结 1）｜验收通过 0"
    )


def test_response_shows_rate_and_median_with_one_decimal_half_up(morning: Bench) -> None:
    for hour, minutes in (("09:00", 10), ("10:00", 15), ("11:00", 40)):
        morning.until(hour)
        asked = morning.says("方景行", f"@袁知行 {hour} 到了吗？", where="X1")
        morning.advance(minutes=minutes)
        morning.says("袁知行", "到了", where="X1", quotes=asked)
    morning.until("14:00")
    asked = morning.says("方景行", "@袁知行 图纸？", where="X1")
    morning.recalls(asked)
    morning.forget()
    morning.until("09-15 08:45")
    words = the_digest(morning).words
    assert "五、响应时效：按时 2｜超时 1｜取消 1｜及时率 66.7%｜中位 15.0 分钟" in words
    assert "仅统计可见消息" not in words


def test_a_window_without_verdicts_but_with_a_cancellation_says_so(morning: Bench) -> None:
    morning.until("09:00")
    asked = morning.says("方景行", "@袁知行 图纸？", where="X1")
    morning.recalls(asked)
    morning.forget()
    morning.until("09-15 08:45")
    assert "五、响应时效：本期无样本（取消 1）" in the_digest(morning).words


def test_what_the_bot_cannot_see_is_said(morning: Bench) -> None:
    bench = Bench(capabilities=replace(EVERYTHING, sees_all_group_messages=False))
    bench.within(bench.wired.arm_recurring)
    bench.until("08:45")
    assert "五、响应时效：本期无样本（仅统计可见消息）" in the_digest(bench).words
    bench.close()


def test_groups_vacancies_and_meetings_of_today_are_counted(morning: Bench) -> None:
    def work(uow: UnitOfWork) -> None:
        group, person = uow.groups.get("G-X1"), uow.people.get("E022")
        assert group is not None
        assert person is not None
        uow.groups.put(replace(group, state=GroupState.NONCOMPLIANT))
        uow.people.put(replace(person, is_active=False))
        uow.bump("directory")

    morning.transact(work)
    happens(morning, Happening.MEETING_PLANNED, "HY-2026-0091", "09-14 10:00")
    happens(morning, Happening.MEETING_PLANNED, "HY-2026-0092", "09-15 10:00")
    morning.until("08:45")
    words = the_digest(morning).words
    assert "六、会议：已召开 1｜今日 1｜纪要超期 0" in words
    assert "对接人空缺 1｜专项群不合规 1" in words


def test_a_quiet_day_is_one_line_and_still_sent(morning: Bench) -> None:
    def work(uow: UnitOfWork) -> None:
        for obligation in uow.obligations.find():
            uow.obligations.remove(obligation.key)
        for fact in uow.facts.find():
            uow.facts.remove(fact.key)

    morning.transact(work)
    morning.until("08:45")
    assert the_digest(morning).words.split("\n") == [
        "【跨部门协作每日简报】2026-09-14（周一）",
        "统计区间：09-11 08:30 至 09-14 08:30（不含涉密事项）",
        "今日无待办、无超期。",
    ]


# ---------------------------------------------------------------- the objects themselves


def test_what_waits_for_the_leader_is_read_from_the_objects(morning: Bench) -> None:
    """6.1 一 and 二: since when, until when; level-1 titles for the leader alone, level 2 not at all (L-21)."""

    def work(uow: UnitOfWork) -> None:
        request = Request(
            code=Code("XQ-2026-0090"),
            state=RequestState.PENDING_LEADER,
            lead=DepartmentId("RD"),
            created_by=PersonId("E013"),
            created_at=at("09-10 10:00"),
            title="X1量产导入",
            since=at("09-11 16:20"),
            due_at=at("09-15 18:00"),
        )
        uow.requests.add(request)
        uow.requests.add(replace(request, code=Code("XQ-2026-0091"), title="样机拆解", secrecy=1))
        uow.requests.add(replace(request, code=Code("XQ-2026-0092"), title="成本核算", secrecy=2))
        uow.requests.add(replace(request, code=Code("XQ-2026-0093"), since=at("09-14 08:40")))
        uow.issues.add(
            Issue(
                code=Code("WT-2026-0090"),
                state=IssueState.SPECIAL_MEETING,
                title="关键物料批次不合格",
                found_by=DepartmentId("QA"),
                reporter=PersonId("E028"),
                filed_at=at("09-10 10:50"),
                gradings=(Grading(grade=Grade.MAJOR, by=PersonId("E018"), at=at("09-10 11:05"), reason="停线"),),
                lead=DepartmentId("RD"),
                step_due_at=at("09-14 18:00"),
            )
        )

    morning.transact(work)
    morning.until("08:45")
    seen = {s.reader: s.words.split("\n") for s in morning.forget() if "每日简报" in s.words}
    leader, secretary = seen["顾明远"], seen["许安然"]
    assert leader[2] == "一、待您处理（3）：需求审批 2｜决议签字 0｜冲突裁定 0｜重大问题 1｜方案变更 0｜奖惩确认 0"
    assert leader[3] == "  · WT-2026-0090《关键物料批次不合格》09-10 11:05 上报，应于 09-14 18:00 前处理"
    assert leader[4] == "  · XQ-2026-0090《X1量产导入》09-11 16:20 提交，应于 09-15 18:00 前审批"
    assert leader[5] == "  · XQ-2026-0091《样机拆解》09-11 16:20 提交，应于 09-15 18:00 前审批"
    assert secretary[5] == "  · XQ-2026-0091（内部敏感）09-11 16:20 提交，应于 09-15 18:00 前审批"
    assert leader[6] == "二、重大问题：未闭环 1"
    assert leader[7] == "  · WT-2026-0090《关键物料批次不合格》陆怀谷，09-14 18:00，已 2 个工作日"
    assert any(line.startswith("八、涉密事项：1 项未闭环") for line in leader)


def test_names_and_missing_reports_are_counted_as_they_stand(morning: Bench) -> None:
    """6.1 七: reports of the latest due week only."""

    def work(uow: UnitOfWork) -> None:
        for number, (week, state) in enumerate(
            (("2026-W36", ReportState.MISSING), ("2026-W37", ReportState.MISSING), ("2026-W37", ReportState.LATE))
        ):
            item = f"SX-2026-009{number}"
            due = at("09-04 12:00") if week == "2026-W36" else at("09-11 12:00")
            uow.reports.add(
                ProgressReport(
                    code=report_code(week, item),
                    item=Code(item),
                    week=week,
                    lead=DepartmentId("RD"),
                    state=state,
                    due_at=due,
                    opened_at=due - timedelta(days=4),
                )
            )
        for number, shape in enumerate((DocumentState.NONCOMPLIANT, DocumentState.COMPLIANT, DocumentState.WAIVED)):
            uow.documents.add(
                Document(
                    code=Code(f"WD-2026-009{number}"),
                    item=Code("SX-2026-0007"),
                    name="x",
                    state=shape,
                    registered_by=PersonId("E014"),
                    registered_at=at("09-11 11:00"),
                )
            )

    morning.transact(work)
    morning.until("08:45")
    assert "七、合规：命名待整改 1｜周进度缺报 1｜" in the_digest(morning).words


# ---------------------------------------------------------------- secrecy


def test_confidential_matters_are_one_number_and_nothing_else(morning: Bench) -> None:
    """EC-71."""
    owes(morning, "WT-2026-0900", "09-10 18:00", kind=ObligationKind.ISSUE, title="成本核算差异", secrecy=2)
    morning.until("08:45")
    words = the_digest(morning).words
    assert "八、涉密事项：1 项未闭环（请在单聊中发送“涉密待办”）" in words
    assert "WT-2026-0900" not in words
    assert "三、超期与临期：超期 0；" in words


def test_sensitive_titles_are_for_the_leader_alone(morning: Bench) -> None:
    """L-21."""
    owes(morning, "RW-2026-0900", "09-10 18:00", title="样机拆解", secrecy=1)
    morning.until("08:45")
    seen = {s.reader: s.words for s in morning.forget() if "每日简报" in s.words}
    assert "RW-2026-0900《样机拆解》" in seen["顾明远"]
    assert "样机拆解" not in seen["许安然"]
    assert "RW-2026-0900（任务）应于 09-10 18:00 完成" in seen["许安然"]


# ---------------------------------------------------------------- when and to whom


def test_it_comes_on_working_days_only_and_the_window_runs_from_the_last_one(morning: Bench) -> None:
    morning.until("09-18 09:00")
    morning.forget()
    morning.until("09-19 23:00")
    assert not [s for s in morning.forget() if "每日简报" in s.words]
    morning.until("09-20 08:46")
    words = the_digest(morning).words
    assert "2026-09-20（周日）" in words
    assert "统计区间：09-18 08:30 至 09-20 08:30" in words


def test_after_downtime_one_late_digest_says_when_it_was_due(morning: Bench) -> None:
    """EC-19: once, marked, with the cut-off it should have had."""
    morning.jumps(hours=3)
    words = the_digest(morning).words
    assert "（补发：应于 09-14 08:45 发送）" in words
    assert "至 09-14 08:30" in words
    morning.until("09-15 08:46")
    assert "统计区间：09-14 08:30 至 09-15 08:30" in the_digest(morning).words


def test_days_of_downtime_cost_one_digest_over_the_whole_time(morning: Bench) -> None:
    morning.until("08:46")
    morning.forget()
    morning.jumps(hours=49)
    words = the_digest(morning).words
    assert "2026-09-16（周三）" in words
    assert "统计区间：09-14 08:30 至 09-16 08:30" in words


def test_a_restart_arms_nothing_twice_and_forgets_nothing(morning: Bench) -> None:
    """What fell due while the program was down goes out after the start, which must not push it away."""
    morning.clock.move(morning.now + timedelta(hours=2))
    morning.within(morning.wired.arm_recurring)
    assert "补发" in the_digest(morning).words
    morning.within(morning.wired.arm_recurring)
    assert not [s for s in morning.forget() if "每日简报" in s.words]


def test_a_date_is_never_told_twice(morning: Bench) -> None:
    morning.until("08:46")
    morning.forget()
    timer = morning.read(lambda uow: uow.timers.of("digest"))[0]
    morning.within(lambda context: digests.on_timer(context, replace(timer, due_at=at("09-14 08:45"))))
    assert not [s for s in morning.forget() if "每日简报" in s.words]


def test_a_leader_who_cannot_be_reached_is_named_to_alternate_and_secretary(morning: Bench) -> None:
    def work(uow: UnitOfWork) -> None:
        person = uow.people.get("E002")
        assert person is not None
        uow.people.put(replace(person, accounts={}))
        uow.bump("directory")

    morning.transact(work)
    morning.until("08:46")
    seen = {s.reader: s.words for s in morning.forget() if "每日简报" in s.words}
    assert set(seen) == {"沈若川", "许安然"}
    assert all("组长 顾明远 没有可用账号" in words for words in seen.values())


def test_it_is_not_held_back_by_a_mute(morning: Bench) -> None:
    morning.says("顾明远", "静音 2小时")
    morning.forget()
    morning.until("08:46")
    assert the_digest(morning).reader == "顾明远"


def test_a_reader_of_english_gets_it_in_english(morning: Bench) -> None:
    morning.says("顾明远", "设置 语言 en")
    morning.forget()
    morning.until("08:46")
    words = next(s.words for s in morning.forget() if s.reader == "顾明远")
    assert words.startswith("[Daily coordination digest] 2026-09-14 (Mon)")
    assert "3. Overdue 0; due soon 3 (task 1, issue 1, minutes 1)" in words


def test_a_verdict_that_was_corrected_after_it_was_reported_appears_once(morning: Bench) -> None:
    """L-32."""
    morning.until("09:00")
    asked = morning.says("方景行", "@袁知行 夹具到了吗？", where="X1")
    morning.until("09-15 08:00")
    morning.forget()
    morning.until("09-15 08:46")
    assert "超时 1" in the_digest(morning).words
    morning.until("09-15 09:30")
    morning.says("袁知行", "昨天就到了", where="X1", quotes=asked, sent=timedelta(hours=24, minutes=20))
    morning.forget()
    morning.until("09-16 08:46")
    assert "  · 更正：HF-2026-0001" in the_digest(morning).words
    morning.until("09-17 08:46")
    assert "更正" not in the_digest(morning).words


# ---------------------------------------------------------------- the command


def test_the_command_shows_the_present_and_counts_as_nothing(morning: Bench) -> None:
    morning.until("09:00")
    asked = morning.says("方景行", "@袁知行 夹具到了吗？", where="X1")
    morning.until("09:10")
    morning.says("袁知行", "到了", where="X1", quotes=asked)
    morning.forget()
    morning.until("09:15")
    morning.says("顾明远", "简报")
    words = the_digest(morning).words
    assert "（截至 09-14 09:15 的即时简报）" in words
    assert "统计区间：09-14 08:30 至 09-14 09:15" in words
    assert "按时 1｜超时 0" in words
    morning.until("09-15 08:46")
    assert "统计区间：09-14 08:30 至 09-15 08:30" in the_digest(morning).words


def test_only_leader_and_secretary_may_ask_for_it_and_it_stays_private(morning: Bench) -> None:
    """P-55."""
    morning.says("方景行", "简报")
    morning.expects_message(to="方景行", contains="您没有执行此操作的权限")
    morning.says("许安然", "@回音 简报", where="ALL")
    morning.expects_message(in_chat="ALL", contains="已私信您", lacks="待您处理")
    morning.expects_message(to="许安然", contains="每日简报")


# ---------------------------------------------------------------- room


def full(base: Digest, lines: int) -> Digest:
    """A digest with as much in it as there can be."""
    cutoff = base.cutoff
    waiting = tuple(
        Waiting(kind=kind, code=f"XQ-2026-0{n:03d}", title="很长的标题" * 12, since=cutoff, due_at=cutoff)
        for n, kind in enumerate(DecisionKind)
    )[:lines]
    major = tuple(
        MajorIssue(code=f"WT-2026-0{n:03d}", title="题" * 60, owner="陆怀谷", due_at=None, days_open=n)
        for n in range(9)
    )
    return replace(base, waiting=dict.fromkeys(DecisionKind, 3), waiting_lines=waiting, major=major)


def test_it_never_exceeds_1800_characters_and_says_what_is_left_out(morning: Bench) -> None:
    for number in range(30):
        owes(morning, f"RW-2026-1{number:03d}", "09-01 18:00", title="长" * 120)

    def work(uow: UnitOfWork) -> list[str]:
        context = morning.engine.context(uow, at("09-14 08:30"))
        leader = uow.people.get("E002")
        assert leader is not None
        base = full(digests.present(context, at("09-14 08:30")), 5)
        return [
            render(context, base, leader, words_for(context, leader), note="注" * extra) for extra in (0, 900, 1750)
        ]

    for text in morning.read(work):
        assert len(text) <= LIMIT
        assert text.startswith("【跨部门协作每日简报】")
    whole, shortened, _ = morning.read(work)
    assert "查看全部" not in whole
    assert shortened.endswith("…共 51 条，发送“待办”查看全部")
    assert "八、涉密事项" in shortened, "detail lines go first"
