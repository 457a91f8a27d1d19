"""Leave and delegation as people live them (domain.md 2.6, 3.17; P-51, P-52; L-20; EC-09 to EC-13, EC-51)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.domain.delegation import Leave, LeaveState, Scope
from bot.domain.directory import Role
from bot.domain.ids import Code, PersonId
from bot.domain.timers import Timer, TimerKind
from bot.ports import UnitOfWork
from tests.handlers.bench import Bench
from tests.handlers.shown import BEIJING


def leaves_of(bench: Bench, name: str) -> list[Leave]:
    """The leaves of a person, by number."""
    return bench.read(lambda uow: uow.leaves.find(person=bench_id(uow, name)))


def bench_id(uow: UnitOfWork, name: str) -> str:
    """The id behind a name."""
    return next(p.id for p in uow.people.find() if p.name == name)


def the_leave(bench: Bench, name: str) -> Leave:
    """The newest leave of a person."""
    return leaves_of(bench, name)[-1]


def at(text: str) -> datetime:
    """An instant of the week in Beijing."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BEIJING)


# ---------------------------------------------------------------- registering


def test_a_leave_with_a_delegate_is_answered_and_told_to_the_delegate(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("温晓棠", "请假 9-16 9-18 代理 @白司南 范围:对接")
    bench.expects_message(
        to="温晓棠",
        contains=[
            "✅ 已登记请假 QJ-2026-0001",
            "9月16日（周三）00:00 至 9月18日（周五）18:00",
            "由 白司南 代理（对接）",
        ],
    )
    bench.expects_message(
        to="白司南", contains=["温晓棠", "请您代理（对接）", "4 个工作小时内", "拒绝代理 QJ-2026-0001"]
    )
    bench.expects_nothing_more()
    leave = the_leave(bench, "温晓棠")
    assert (leave.delegate, leave.scope, leave.state) == ("E014", Scope.LIAISON, LeaveState.PLANNED)
    assert (leave.starts_at, leave.ends_at) == (at("09-16 00:00"), at("09-18 18:00"))


@pytest.mark.parametrize(
    ("text", "starts", "ends"),
    [
        ("请假 2026-09-16 13:30 至 2026-09-17 18:00 代理 白司南", "09-16 13:30", "09-17 18:00"),
        ("请假 明天", "09-15 00:00", "09-15 18:00"),
        ("请假 明天下午 代理：@白司南", "09-15 12:00", "09-15 18:00"),
        ("请假 9月16日到9月17日", "09-16 00:00", "09-17 18:00"),
        ("leave 9-16 9-18 delegate @白司南", "09-16 00:00", "09-18 18:00"),
        ("请假 周五", "09-18 00:00", "09-18 18:00"),
    ],
)
def test_the_period_is_read_as_people_write_it(bench: Bench, text: str, starts: str, ends: str) -> None:
    bench.until("09:00")
    bench.says("温晓棠", text)
    leave = the_leave(bench, "温晓棠")
    assert (leave.starts_at, leave.ends_at) == (at(starts), at(ends))
    assert leave.delegate in (None, "E014")


def test_a_leave_of_today_begins_now(bench: Bench) -> None:
    bench.until("10:15")
    bench.says("温晓棠", "请假 今天")
    leave = the_leave(bench, "温晓棠")
    assert (leave.starts_at, leave.state) == (at("09-14 10:15"), LeaveState.ACTIVE)


def test_a_person_behind_the_dates_stands_in_and_one_before_them_is_away(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("温晓棠", "请假 9-16 9-18 @白司南")
    assert the_leave(bench, "温晓棠").delegate == "E014"
    bench.forget()
    bench.says("陆怀谷", "请假 @杜若溪 9-16 9-18")
    bench.expects_message(to="陆怀谷", contains=["已为 杜若溪 登记请假", "未指定代理"])
    bench.expects_message(to="杜若溪", contains="已为您登记请假")
    bench.expects_nothing_more()


def test_the_secretary_and_the_own_head_register_for_others_nobody_else_does(bench: Bench) -> None:
    """P-52."""
    bench.until("09:00")
    bench.says("许安然", "请假 @秦书禾 9-16 9-17 代理 @唐子衡")
    assert the_leave(bench, "秦书禾").registered_by == "E018"
    bench.forget()
    for stranger in ("陆怀谷", "温晓棠"):
        bench.says(stranger, "请假 @夏知微 9-16 9-17")
        bench.expects_message(to=stranger, contains="您没有执行此操作的权限")
    bench.expects_nothing_more()
    assert leaves_of(bench, "夏知微") == []


@pytest.mark.parametrize(
    ("who", "text", "answer"),
    [
        ("温晓棠", "请假 9-16 9-18 代理 @温晓棠", "代理人不能是本人"),
        ("温晓棠", "请假 9-18 9-16", "结束时间须晚于开始时间"),
        ("温晓棠", "请假 9-11", "结束时间已过"),
        ("温晓棠", "请假 9-16 10-30 代理 @白司南", "最长 30 个自然日"),
        ("陆怀谷", "请假 9-16 代理 @夏知微", "夏知微 不能代理"),
        ("顾明远", "请假 9-16 代理 @罗启安", "罗启安 不能代理"),
        ("温晓棠", "请假 9-16 代理 张无忌", "通讯录里没有“张无忌”"),
        ("温晓棠", "请假 2月30日", "没看懂日期"),
        ("温晓棠", "请假 明天起 3天", "没看懂日期"),
        ("温晓棠", "请假 9-16 范围:喝茶", "没看懂代理范围"),
        ("温晓棠", "请假 9-16 @白司南 @杜若溪 @程一帆", "没看懂人员"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason_and_nothing_is_kept(
    bench: Bench, who: str, text: str, answer: str
) -> None:
    bench.until("09:00")
    bench.says(who, text)
    bench.expects_message(to=who, contains=answer)
    bench.expects_nothing_more()
    assert bench.read(lambda uow: uow.leaves.find()) == []
    assert bench.read(lambda uow: [t for t in uow.timers.upcoming() if t.kind.value.startswith("leave")]) == []


def test_two_people_of_one_name_are_never_chosen_between(bench: Bench) -> None:
    def work(uow: UnitOfWork) -> None:
        person = uow.people.get("E014")
        assert person is not None
        uow.people.add(replace(person, id=PersonId("E099"), accounts={"feishu": "ou_99"}, version=0))
        uow.bump("directory")

    bench.transact(work)
    bench.until("09:00")
    bench.says("温晓棠", "请假 9-16 代理 白司南")
    bench.expects_message(to="温晓棠", contains=["有 2 位“白司南”", "用 @ 选择"])
    assert leaves_of(bench, "温晓棠") == []


def test_without_dates_it_asks_once_and_takes_the_answer(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("温晓棠", "请假 代理 @白司南")
    bench.expects_message(to="温晓棠", contains="从什么时候到什么时候")
    bench.says("温晓棠", "9-16 9-18")
    bench.expects_message(to="温晓棠", contains=["已登记请假", "由 白司南 代理"])


def test_a_circle_of_delegates_is_refused_when_it_is_registered(bench: Bench) -> None:
    """EC-13."""
    bench.until("09:00")
    bench.says("温晓棠", "请假 9-16 9-18 代理 @白司南")
    bench.forget()
    bench.says("白司南", "请假 9-17 9-18 代理 @温晓棠")
    bench.expects_message(to="白司南", contains="温晓棠 此期间也请假，不能代理")
    assert leaves_of(bench, "白司南") == []


def test_overlapping_delegations_of_one_scope_are_refused(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("温晓棠", "请假 9-16 9-18 代理 @白司南")
    bench.forget()
    bench.says("温晓棠", "请假 9-17 9-17 代理 @杜若溪")
    bench.expects_message(to="温晓棠", contains="与请假 QJ-2026-0001 时间和代理范围重叠")


# ---------------------------------------------------------------- who answers meanwhile


def test_questions_go_to_the_delegate_from_the_first_minute_on(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("温晓棠", "请假 2026-09-16 13:30 至 2026-09-17 18:00 代理 白司南")
    bench.until("09-16 13:31")
    bench.forget()
    bench.until("09-16 14:10")
    bench.says("秦书禾", "@温晓棠 图纸以哪版为准？", where="X1")
    clock = bench.the_clock()
    assert (clock.assignee, clock.acting) == ("E013", "E014")
    bench.until("09-16 14:30")
    bench.expects_card(to="白司南", contains="【响应提醒】")
    bench.until("09-16 14:35")
    bench.says("白司南", "@秦书禾 以 B 版为准", where="X1")
    clock = bench.the_clock()
    assert (clock.answered_by, clock.answered_for) == ("E014", "E013")


def test_a_running_clock_moves_with_the_leave_and_back(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("方景行", "@袁知行 夹具到了吗？", where="X1")
    bench.until("09:05")
    bench.says("袁知行", "请假 今天 代理 @贺云深")
    assert bench.the_clock().acting == "E030"
    bench.until("09:10")
    bench.says("袁知行", "销假")
    assert bench.the_clock().acting == "E029"


def test_without_a_delegate_the_backup_then_the_head_stands_in(bench: Bench) -> None:
    """EC-51."""
    bench.until("09:00")
    bench.says("袁知行", "请假 今天")
    bench.says("方景行", "@袁知行 夹具到了吗？", where="X1")
    assert bench.the_clock().acting == "E030"
    bench.says("贺云深", "请假 今天")
    assert bench.the_clock().acting == "E028"


def test_a_delegate_who_declines_in_time_is_replaced_by_the_chain(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("袁知行", "请假 9-15 9-16 代理 @罗启安")
    bench.forget()
    bench.until("11:00")
    bench.says("罗启安", "拒绝代理")
    bench.expects_message(to="罗启安", contains="已谢绝代理 QJ-2026-0001")
    bench.expects_message(to="袁知行", contains=["罗启安 谢绝代理", "备份对接人"])
    leave = the_leave(bench, "袁知行")
    assert (leave.delegate, leave.former_delegate) == (None, "E003")


def test_after_four_working_hours_the_delegation_stands(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("袁知行", "请假 9-15 9-16 代理 @贺云深")
    bench.until("15:00")
    bench.forget()
    bench.says("贺云深", "拒绝代理 QJ-1")
    bench.expects_message(to="贺云深", contains="代理已生效")
    assert the_leave(bench, "袁知行").delegate == "E030"


def test_nobody_declines_what_was_not_asked_of_him(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("袁知行", "请假 9-15 9-16 代理 @贺云深")
    bench.forget()
    bench.says("秦书禾", "拒绝代理")
    bench.expects_message(to="秦书禾", contains="现在没有请您代理的请假")
    bench.says("秦书禾", "拒绝代理 QJ-1")
    bench.expects_message(to="秦书禾", contains="未找到该编号")


def test_a_delegate_who_goes_on_leave_is_told_to_whoever_is_away_and_to_the_secretary(bench: Bench) -> None:
    """The two leaves were entered by different people before and after a change of dates; the chain copes."""
    bench.until("09:00")
    bench.says("袁知行", "请假 9-16 9-18 代理 @贺云深")

    def falls_ill(uow: UnitOfWork) -> None:
        """An import may hold what a registration would refuse (EC-13)."""
        known = uow.leaves.find(person="E029")[0]
        uow.leaves.add(replace(known, code=Code("QJ-2026-0099"), person=PersonId("E030"), delegate=None, version=0))
        uow.timers.arm(Timer(kind=TimerKind.LEAVE_START, ref="QJ-2026-0099", due_at=known.starts_at))
        uow.bump("leaves")

    bench.transact(falls_ill)
    bench.forget()
    bench.until("09-16 09:30")
    bench.expects_message(to="许安然", contains="贺云深 无法继续代理 QJ-2026-0001")
    bench.says("方景行", "@袁知行 夹具到了吗？", where="X1")
    assert bench.the_clock().acting == "E028"


# ---------------------------------------------------------------- ending


def test_at_the_end_the_person_reads_what_was_done_in_his_place(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("袁知行", "请假 今天 代理 @贺云深")
    bench.until("10:00")
    asked = bench.says("方景行", "@袁知行 夹具到了吗？", where="X1")
    bench.until("10:05")
    bench.says("贺云深", "到了", where="X1", quotes=asked)
    bench.until("17:59")
    bench.forget()
    bench.until("09-15 09:01")
    bench.expects_message(to="袁知行", contains=["请假 QJ-2026-0001 结束", "代您回复 1 条"])
    assert the_leave(bench, "袁知行").state is LeaveState.ENDED


def test_back_early_ends_it_and_says_what_was_done(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("袁知行", "请假 今天 9-16 代理 @贺云深")
    bench.until("10:00")
    asked = bench.says("方景行", "@袁知行 夹具到了吗？", where="X1")
    bench.until("10:05")
    bench.says("贺云深", "到了", where="X1", quotes=asked)
    bench.forget()
    bench.until("11:00")
    bench.says("袁知行", "销假")
    bench.expects_message(to="袁知行", contains="提前结束，欢迎回来")
    bench.expects_message(to="袁知行", contains="期间由他人代您回复 1 条")
    leave = the_leave(bench, "袁知行")
    assert (leave.state, leave.ends_at) == (LeaveState.ENDED, at("09-14 11:00"))
    assert bench.read(lambda uow: uow.timers.of(leave.code)) == []


def test_a_planned_leave_is_cancelled_by_its_number_where_there_are_several(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("温晓棠", "请假 9-16")
    bench.says("温晓棠", "请假 9-18")
    bench.forget()
    bench.says("温晓棠", "销假")
    bench.expects_message(to="温晓棠", contains=["有多个请假：QJ-2026-0001、QJ-2026-0002", "请写明编号"])
    bench.says("温晓棠", "销假 QJ-2")
    bench.expects_message(to="温晓棠", contains="请假 QJ-2026-0002 已取消")
    assert [leave.state for leave in leaves_of(bench, "温晓棠")] == [LeaveState.PLANNED, LeaveState.CANCELLED]
    bench.says("秦书禾", "销假 QJ-1")
    bench.expects_message(to="秦书禾", contains="未找到该编号")
    bench.says("秦书禾", "销假")
    bench.expects_message(to="秦书禾", contains="没有登记中的请假")


def test_an_own_leave_is_taken_back_within_two_minutes(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("温晓棠", "请假 今天 代理 @白司南")
    bench.advance(seconds=90)
    bench.says("温晓棠", "撤销")
    bench.expects_message(to="温晓棠", contains="✅ 已撤销：请假 QJ-2026-0001")
    assert the_leave(bench, "温晓棠").state is LeaveState.ENDED


# ---------------------------------------------------------------- the company's posts


def test_ec_10_while_the_leader_is_away_digest_and_decisions_go_to_whoever_acts_too(bench: Bench) -> None:
    """EC-10, EC-11, L-20."""
    bench.within(bench.wired.arm_recurring)
    bench.says("顾明远", "请假 9-15 9-16")
    bench.until("09-15 08:46")
    readers = {s.reader for s in bench.forget() if "每日简报" in s.words and "2026-09-15" in s.words}
    assert readers == {"顾明远", "沈若川", "许安然"}


def test_ec_11_without_anybody_to_act_as_leader_the_secretary_is_told_every_day(bench: Bench) -> None:
    """EC-11: nothing is approved, and nobody is silent about it."""

    def work(uow: UnitOfWork) -> None:
        person = uow.people.get("E001")
        assert person is not None
        uow.people.put(replace(person, roles=person.roles - {Role.ALTERNATE}))
        uow.bump("directory")

    bench.transact(work)
    bench.within(bench.wired.arm_recurring)
    bench.says("顾明远", "请假 9-15 9-16")
    for day in ("09-15", "09-16"):
        bench.until(f"{day} 08:59")
        bench.forget()
        bench.until(f"{day} 09:01")
        bench.expects_message(to="许安然", contains="组长无人代行")


def test_ec_56_a_vacant_post_of_secretary_is_filled_by_the_deputy_who_is_told_every_day(bench: Bench) -> None:
    """EC-56."""

    def work(uow: UnitOfWork) -> None:
        person = uow.people.get("E018")
        assert person is not None
        uow.people.put(replace(person, roles=person.roles - {Role.SECRETARY}))
        uow.bump("directory")

    bench.transact(work)
    bench.within(bench.wired.arm_recurring)
    bench.until("08:59")
    assert {s.reader for s in bench.forget() if "每日简报" in s.words} == {"顾明远", "魏子墨"}
    bench.until("09:01")
    bench.expects_message(to="魏子墨", contains="执行秘书空缺，由您代行")


def test_a_delegate_is_told_once_of_a_leave_that_begins_at_once_and_twice_of_a_later_one(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("袁知行", "请假 今天 代理 @贺云深")
    bench.expects_message(to="袁知行", contains="已登记请假")
    bench.expects_message(to="贺云深", contains="请您代理")
    bench.expects_nothing_more()
    bench.says("温晓棠", "请假 9-15 代理 @白司南")
    bench.forget()
    bench.until("09-15 09:00")
    bench.expects_message(to="白司南", contains="温晓棠 的请假开始，您正在代理")


def test_the_number_of_a_leave_alone_shows_it_to_whom_it_concerns_and_to_nobody_else(bench: Bench) -> None:
    """It once showed nothing at all."""
    bench.until("09:00")
    bench.says("袁知行", "请假 9-15 9-16 代理 @贺云深")
    bench.forget()
    for who in ("袁知行", "贺云深", "许安然"):
        bench.says(who, "QJ-1")
        bench.expects_message(to=who, contains=["QJ-2026-0001 袁知行请假", "由 贺云深 代理", "状态：未开始"])
    bench.says("温晓棠", "QJ-1")
    hidden = bench.expects_message(to="温晓棠", contains="未找到该编号").words
    bench.says("温晓棠", "QJ-99")
    assert bench.expects_message(to="温晓棠").words == hidden
