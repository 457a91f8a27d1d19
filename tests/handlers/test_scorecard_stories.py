"""Scorecards as people read and contest them (domain.md 6.4, L-33; P-57, P-58, R-102, R-103, SoD-6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.appreciation import Kudos, Rating
from bot.domain.directory import Role
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.proposal import ProposalState
from bot.domain.reply_clock import ClockState
from bot.domain.scorecard import Metric, Scorecard
from bot.domain.task import TaskState
from bot.errors import RuleViolation
from bot.messages import SendPicture
from bot.ports import UnitOfWork
from bot.routing import Context
from handlers.scores import candidates, scorecard_closing, scorecard_keeping, scorecards
from handlers.scores.scorecard_data import bounds
from handlers.service import outages
from handlers.upkeep import monthly
from handlers.world import DIRECTORY
from tests.handlers.bench import Bench
from tests.handlers.shown import BEIJING

SEPTEMBER = "2026-09"


def done(task: str, at: str) -> object:
    """The task was done at that instant of September."""

    def work(uow: UnitOfWork) -> None:
        found = uow.tasks.get(task)
        assert found is not None
        moment = datetime.fromisoformat(f"2026-{at}").replace(tzinfo=BEIJING)
        uow.tasks.put(replace(found, state=TaskState.DONE, done_at=moment, confirmed_at=moment))

    return work


def in_october(bench: Bench) -> None:
    """The tasks of the week are done, one of them late; it is 8 October, and nothing was frozen yet."""
    for task, at in (
        ("RW-2026-0031", "09-17T10:10"),
        ("RW-2026-0032", "09-18T17:00"),
        ("RW-2026-0033", "09-21T17:30"),
        ("RW-2026-0034", "09-15T11:00"),
        ("RW-2026-0035", "09-25T15:00"),
    ):
        bench.transact(done(task, at))  # type: ignore[arg-type]

    def resolve(uow: UnitOfWork) -> None:
        issue = uow.issues.get("WT-2026-0011")
        assert issue is not None
        uow.issues.put(replace(issue, in_time=False, resolved_at=issue.due_at))

    bench.transact(resolve)
    bench.clock.move(datetime(2026, 10, 8, 10, 0, tzinfo=BEIJING))
    bench.advance(minutes=1)
    bench.forget()


def card_of(bench: Bench, department: str, month: str = SEPTEMBER) -> Scorecard:
    return bench.within(lambda context: scorecard_keeping.present(context, DepartmentId(department), month))


# ---------------------------------------------------------------- reading


@pytest.mark.slow
def test_a_head_reads_the_own_card_with_what_is_behind_every_figure(bench: Bench) -> None:
    """6.4: explainable; a task late by one working day is half, by four is nothing."""
    in_october(bench)
    bench.says("罗启安", "评分 2026-09")
    said = bench.expects_message(to="罗启安", contains=["生产 2026-09", "K2 任务按期完成率 50.0（0.5/1，权重 30）"])
    assert "K1 响应及时率 样本不足（0/0，权重 15）" in said.words
    assert "样本不足，不评分" in said.words, "30 of 100 weights are too few"
    bench.says("罗启安", "评分 明细 2026-09 K2")
    bench.expects_message(
        to="罗启安",
        contains=[
            "RW-2026-0031 应于 9月16日（周三）17:00，实际 9月17日（周四）10:10，迟交减半，计 0.5",
            "期限按当时所用的工作日历",
        ],
    )
    assert card_of(bench, "FIN").value(Metric.TASKS) == 0.0
    assert card_of(bench, "SALES").value(Metric.ISSUES) == 0.0


@pytest.mark.slow
def test_the_card_brings_a_picture_with_a_bar_a_metric(bench: Bench) -> None:
    """6.4; what has too few samples has no bar, and a card without any has no picture."""
    in_october(bench)
    bench.says("罗启安", "评分 2026-09")
    shown = [s for s in bench.forget() if isinstance(s.sent.outbound, SendPicture)]
    assert [s.reader for s in shown] == ["罗启安"]
    lines = shown[0].words.split("\n")
    assert lines[0] == "[图] 生产 2026-09 协作评分：样本不足，不评分"
    assert "K1 响应及时率 样本不足；K2 任务按期完成率 50.0（0.5/1）" in lines[1]
    bench.says("罗启安", "评分 2026-01")
    assert not [s for s in bench.forget() if isinstance(s.sent.outbound, SendPicture)]


def test_in_a_group_the_card_goes_to_the_private_chat(bench: Bench) -> None:
    in_october(bench)
    bench.says("罗启安", "@回音 评分 上月", where="X1")
    bench.expects_message(to="罗启安", contains="生产 2026-09")
    bench.expects_message(in_chat="X1", contains="已私信您", lacks="K2")


@pytest.mark.parametrize("name", ["罗启安", "秦书禾"])
def test_head_and_liaison_see_their_own_department_only(bench: Bench, name: str) -> None:
    """P-57: own; heads the ranking too; nobody else's card."""
    bench.until("10:00")
    bench.forget()
    bench.says(name, "评分 研发")
    bench.expects_message(to=name, contains=["没有执行此操作的权限", "部门评分限本部门负责人"])
    bench.says(name, "评分 明细 研发 K2")
    bench.expects_message(to=name, contains="没有执行此操作的权限")
    bench.says(name, "评分 排名")
    said = bench.expects_message(to=name)
    assert ("部门协作评分：" in said.words) is (name == "罗启安")


@pytest.mark.parametrize("name", ["顾明远", "许安然", "钟晚晴"])
def test_leader_secretary_and_performance_officer_see_all(bench: Bench, name: str) -> None:
    """P-57."""
    bench.until("10:00")
    bench.forget()
    bench.says(name, "评分")
    bench.expects_message(to=name, contains=["2026-09 部门协作评分", "样本不足：", "生产"])
    bench.says(name, "评分 生产")
    bench.expects_message(to=name, contains="生产 2026-09 协作评分")


def test_an_employee_sees_the_own_card_and_the_head_that_of_the_department(bench: Bench) -> None:
    """P-58: the person, the head, HRP, LDR; not the secretary, not colleagues."""
    in_october(bench)
    bench.says("柳青原", "我的评分 9月")
    bench.expects_message(to="柳青原", contains=["柳青原 2026-09", "K2 任务按期完成率 50.0（0.5/1，权重 40）"])
    for name, sees in {"罗启安": True, "顾明远": True, "钟晚晴": True, "许安然": False, "秦书禾": False}.items():
        bench.forget()
        bench.says(name, "评分 @柳青原 9月")
        said = bench.expects_message(to=name)
        assert ("柳青原 2026-09" in said.words) is sees, name
    bench.forget()
    bench.says("柳青原", "评分")
    bench.expects_message(to="柳青原", contains=["没有执行此操作的权限", "我的评分"])


def test_ec_77_the_own_score_is_among_the_data_about_oneself(bench: Bench) -> None:
    in_october(bench)
    bench.says("柳青原", "我的数据")
    bench.expects_message(to="柳青原", contains="个人评分（2026-10）：样本不足")


def test_what_is_not_understood_is_said(bench: Bench) -> None:
    bench.until("10:00")
    for text, said in {
        "评分 火星": "没看懂部门",
        "评分 2027-01": "没有“2027-01”的评分",
        "评分 明细 生产": "没看懂指标",
    }.items():
        bench.forget()
        bench.says("罗启安", text)
        bench.expects_message(to="罗启安", contains=said)


# ---------------------------------------------------------------- confidential, peers, points


def test_confidential_facts_count_as_numbers_and_are_never_lines(bench: Bench) -> None:
    """L-21."""

    def hide(uow: UnitOfWork) -> None:
        task = uow.tasks.get("RW-2026-0031")
        assert task is not None
        uow.tasks.put(replace(task, secrecy=2, access=(PersonId("E006"),)))

    in_october(bench)
    bench.transact(hide)
    bench.says("罗启安", "评分 明细 9月 K2")
    said = bench.expects_message(to="罗启安", contains=["0.5/1", "另有 1 项涉密，只计数"])
    assert "RW-2026-0031" not in said.words


def rate(
    uow: UnitOfWork, item: str, by: str, whom: str, at: datetime, answers: tuple[int, ...] = (5, 5, 5, 5, 5)
) -> None:
    rating = Rating(
        key=f"{item}/{by}/{whom}",
        item=Code(item),
        by=PersonId("E000"),
        from_department=DepartmentId(by),
        department=DepartmentId(whom),
        at=at,
        answers=answers,
    )
    uow.ratings.add(rating)


def test_ec_90_pairs_of_fives_are_listed_to_the_performance_officer_and_nobody_learns_who_rated(bench: Bench) -> None:
    """EC-90, K7: two departments at least; the pairs are told, nothing is corrected."""

    def ratings(uow: UnitOfWork) -> None:
        at = datetime(2026, 9, 22, 10, 0, tzinfo=BEIJING)
        for number, (by, whom) in enumerate(
            (("SALES", "ADMIN"), ("FIN", "ADMIN"), ("SALES", "ADMIN"), ("ADMIN", "SALES"))
        ):
            rate(uow, f"SX-2026-000{number}", by, whom, at)

    in_october(bench)
    bench.transact(ratings)
    assert card_of(bench, "ADMIN").value(Metric.PEERS) == 100.0
    assert card_of(bench, "SALES").value(Metric.PEERS) is None
    bench.says("叶青禾", "评分 明细 9月 K7")
    said = bench.expects_message(to="叶青禾", contains=["100.0（3）", "匿名"])
    assert "SX-" not in said.words
    bench.forget()
    bench.within(lambda context: scorecard_closing.close(context, SEPTEMBER))
    bench.expects_message(to="钟晚晴", contains=["互相全打 5 分", "行政—销售"])
    assert not [s for s in bench.forget() if "互相全打" in s.words and s.reader != "钟晚晴"]


# ---------------------------------------------------------------- freezing, contesting


@pytest.mark.slow
def test_scores_freeze_at_close_of_the_third_working_day_and_candidates_are_drafted(bench: Bench) -> None:
    """L-33: 8, 9, 10 October are the first working days (10 is a make-up Saturday); 18:00; then candidates (6.5)."""

    def kudos(uow: UnitOfWork) -> None:
        for number, department in enumerate(("SALES", "SALES", "QA")):
            uow.kudos.add(
                Kudos(
                    key=f"k{number}",
                    by=PersonId(f"E01{number}"),
                    from_department=DepartmentId(department),
                    person=PersonId("E004"),
                    department=DepartmentId("PROD"),
                    at=datetime(2026, 9, 16, 10, 0, tzinfo=BEIJING),
                    reason="连夜赶出样件",
                )
            )

    bench.within(monthly.arm)
    in_october(bench)
    bench.transact(kudos)
    bench.until("10-10 17:59")
    assert bench.within(lambda c: scorecard_keeping.frozen(c, DepartmentId("PROD"), SEPTEMBER)) is None
    bench.forget()
    bench.until("10-10 18:00")
    frozen = bench.within(lambda c: scorecard_keeping.frozen(c, DepartmentId("PROD"), SEPTEMBER))
    assert frozen is not None
    bench.expects_message(to="陆怀谷", contains=["研发 2026-09", "前可提异议"])
    bench.expects_message(to="钟晚晴", contains="2026-09 部门协作评分")
    [candidate] = bench.read(lambda uow: uow.proposals.find())
    assert (candidate.code, candidate.ground, candidate.person, candidate.state) == (
        "JC-2026-09-01",
        "kudos",
        "E004",
        ProposalState.CANDIDATE,
    )
    bench.expects_card(
        to="许安然", state="候选", contains=["秦书禾（生产）", "2026-09 收到表扬 3 次", "至少两个部门的三次表扬"]
    )
    assert not [s for s in bench.everything() if s.reader == "秦书禾" and "JC-" in s.words]


def contested(bench: Bench) -> None:
    in_october(bench)
    bench.within(lambda context: scorecard_keeping.freeze(context, SEPTEMBER))
    bench.forget()
    bench.says("罗启安", "评分 异议 RW-31 当天系统停机无法提交")
    bench.expects_message(to="罗启安", contains="已提交对 RW-2026-0031（2026-09）的异议")
    bench.expects_message(to="许安然", contains=["罗启安（生产）", "RW-2026-0031", "当天系统停机无法提交"])


def test_a_head_contests_an_entry_and_the_secretary_corrects_the_verdict_behind_it(bench: Bench) -> None:
    """SoD-6: the score recomputes, a frozen card never changes; 更正 stands in the next month."""
    contested(bench)
    assert card_of(bench, "PROD").value(Metric.TASKS) == 50.0
    bench.says("许安然", "评分 答复 RW-31 结论：更正 原因：停机记录属实")
    bench.expects_message(to="许安然", contains="RW-2026-0031 已更正")
    bench.expects_message(to="罗启安", contains=["异议成立", "停机记录属实"])
    frozen = card_of(bench, "PROD")
    assert (frozen.value(Metric.TASKS), frozen.frozen_at is not None) == (50.0, True)

    def again(context: Context) -> Scorecard:
        from handlers.scores.scorecard_data import card_of as computed

        return computed(context, scorecard_keeping.found_of(context, SEPTEMBER), DepartmentId("PROD"))

    assert bench.within(again).value(Metric.TASKS) is None
    trail = [r.action for r in bench.audit("RW-2026-0031")]
    assert trail[-2:] == ["score_contested", "score_corrected"]


def test_the_secretary_refuses_with_a_reason(bench: Bench) -> None:
    contested(bench)
    bench.says("许安然", "评分 答复 RW-31 结论：维持 原因：当天停机仅十分钟")
    bench.expects_message(to="罗启安", contains=["未获采纳", "当天停机仅十分钟"])
    bench.forget()
    bench.says("许安然", "评分 答复 RW-31 结论：更正 原因：停机记录属实")
    bench.expects_message(to="许安然", contains="没有待答复的异议")


@pytest.mark.slow
def test_who_may_contest_what_and_until_when(bench: Bench) -> None:
    contested(bench)
    refused = {
        ("罗启安", "评分 异议 RW-31 当天系统停机无法提交"): "已提过异议",
        ("罗启安", "评分 异议 RW-32 当天系统停机无法提交"): "评分里没有 RW-2026-0032",
        ("尹若谷", "评分 异议 RW-32 错了"): "请填写原因",
        ("秦书禾", "评分 异议 RW-31 当天系统停机无法提交"): "没有执行此操作的权限",
        ("罗启安", "评分 答复 RW-31 结论：更正 原因：停机记录属实"): "没有执行此操作的权限",
        ("许安然", "评分 答复 RW-31 原因：停机记录属实"): "没看懂结论",
    }
    for (name, text), said in refused.items():
        bench.forget()
        bench.says(name, text)
        bench.expects_message(to=name, contains=said)
    bench.clock.move(datetime(2026, 10, 16, 9, 0, tzinfo=BEIJING))
    bench.advance(minutes=1)
    bench.forget()
    bench.says("尹若谷", "评分 异议 RW-32 当天系统停机无法提交")
    bench.expects_message(to="尹若谷", contains="异议期已于")


def test_a_correction_of_a_reply_clock_waives_it(bench: Bench) -> None:
    """P-49: the verdict itself is corrected, with its reason."""
    bench.until("09-14 10:00")
    bench.says("苏念初", "@秦书禾 首批数量请今天确认", where="X1")
    bench.until("09-14 10:40")
    assert bench.the_clock().state is ClockState.BREACHED
    bench.says("罗启安", "评分 异议 HF-1 当时系统停机收不到消息")
    bench.says("许安然", "评分 答复 HF-1 结论：更正 原因：停机记录属实")
    assert bench.the_clock().state is ClockState.WAIVED
    assert bench.the_clock().reason == "停机记录属实"


@pytest.mark.slow
def test_a_correction_after_freezing_stands_in_the_next_month(bench: Bench) -> None:
    """6.4: later corrections appear as 更正 in the next month."""

    def enough(uow: UnitOfWork) -> None:
        issue = uow.issues.get("WT-2026-0011")
        assert issue is not None
        uow.issues.put(replace(issue, coop=(DepartmentId("PROD"),)))

    in_october(bench)
    bench.transact(enough)
    bench.within(lambda context: scorecard_keeping.freeze(context, SEPTEMBER))
    before = card_of(bench, "PROD").score
    assert before is not None
    bench.says("罗启安", "评分 异议 WT-11 责任不在生产部，已书面说明")
    bench.says("许安然", "评分 答复 WT-11 结论：更正 原因：书面说明属实")
    bench.clock.move(datetime(2026, 11, 5, 10, 0, tzinfo=BEIJING))
    bench.advance(minutes=1)
    bench.within(lambda context: scorecard_keeping.freeze(context, "2026-10"))
    [correction] = card_of(bench, "PROD", "2026-10").corrections
    assert (correction.month, correction.before) == (SEPTEMBER, float(before))
    bench.forget()
    bench.says("罗启安", "评分 2026-10")
    bench.expects_message(to="罗启安", contains=f"更正：2026-09 由 {before} 改为 -")


# ---------------------------------------------------------------- mergers, exports


def test_ec_48_the_card_of_a_merged_department_ends_on_that_day(bench: Bench) -> None:
    bench.until("09-17 12:00")

    def merge(context: Context) -> Scorecard | None:
        before = context.world.directory
        department = context.uow.departments.get("QA")
        assert department is not None
        context.uow.departments.put(replace(department, merged_into=DepartmentId("PROD"), is_active=False))
        context.uow.bump(DIRECTORY)
        context.refresh()
        scorecard_keeping.close_merged(context, before)
        assert DepartmentId("QA") not in scorecard_keeping.scored_departments(context)
        return scorecard_keeping.frozen(context, DepartmentId("QA"), SEPTEMBER)

    closed = bench.within(merge)
    assert closed is not None
    assert closed.frozen_at == bench.clock.now()


def test_ec_75_the_right_to_export_is_looked_at_when_the_rows_are_made(bench: Bench) -> None:
    """R-102, R-103, EC-75: score, metrics and the share of the assessment, for leader, secretary and HRP only."""
    in_october(bench)

    def rows_for(name: str) -> list[tuple[object, ...]]:
        person = bench.person(name)
        return bench.within(lambda context: scorecards.export_rows(replace(context, person=person), SEPTEMBER))

    rows = rows_for("钟晚晴")
    assert len(rows) == 8
    assert all(len(row) == len(scorecards.HEADINGS) for row in rows)
    [prod] = [row for row in rows if row[1] == "生产部"]
    assert prod[0] == SEPTEMBER
    assert prod[scorecards.HEADINGS.index("K2")] == 50.0
    assert prod[scorecards.HEADINGS.index("绩效权重")] == 0.20

    def end(uow: UnitOfWork) -> None:
        person = uow.people.get("E025")
        assert person is not None
        uow.people.put(replace(person, roles=frozenset({Role.LIAISON, Role.EMPLOYEE})))
        uow.bump(DIRECTORY)

    bench.transact(end)
    with pytest.raises(RuleViolation, match="no_right"):
        rows_for("钟晚晴")
    for name in ("罗启安", "秦书禾", "高远航"):
        with pytest.raises(RuleViolation, match="no_right"):
            rows_for(name)


def test_a_month_begins_and_ends_in_company_time(bench: Bench) -> None:
    start, end = bench.within(lambda context: bounds(context, SEPTEMBER))
    assert start + timedelta(milliseconds=1) == datetime(2026, 9, 1, tzinfo=BEIJING)
    assert end + timedelta(milliseconds=1) == datetime(2026, 10, 1, tzinfo=BEIJING)
    assert bench.within(lambda context: bounds(context, "2026-12"))[1] < datetime(2027, 1, 1, tzinfo=BEIJING)


@pytest.mark.parametrize("was_down", [False, True])
def test_r_111_what_fell_due_while_nothing_could_be_heard_is_no_ground_for_criticism(
    bench: Bench, was_down: bool
) -> None:
    """6.5: never candidates: facts inside a platform outage."""

    def overdue(uow: UnitOfWork) -> None:
        due = datetime(2026, 9, 9, 18, 0, tzinfo=BEIJING)
        for code in ("RW-2026-0031", "RW-2026-0032"):
            task = uow.tasks.get(code)
            assert task is not None
            late = due + timedelta(days=16)
            uow.tasks.put(
                replace(
                    task, department=DepartmentId("PROD"), due_at=due, done_at=late, state=TaskState.DONE, extensions=()
                )
            )

    in_october(bench)
    bench.transact(overdue)
    if was_down:
        start, end = (datetime(2026, 9, 9, hour, 0, tzinfo=BEIJING) for hour in (17, 19))
        bench.within(lambda context: outages.note(context, outages.Outage("feishu", start, end)))
    bench.within(
        lambda context: candidates.draft(
            context, SEPTEMBER, [scorecard_keeping.present(context, DepartmentId("PROD"), SEPTEMBER)]
        )
    )
    grounds = [one.ground for one in bench.read(lambda uow: uow.proposals.find()) if not one.is_award]
    assert grounds == ([] if was_down else ["overdue_tasks"])
