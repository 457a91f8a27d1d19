"""What cannot be done is answered with why, by whom it can, and how it is written (ux.md A4 15, 21; domain.md 2.8)."""

from __future__ import annotations

import pytest

from tests.handlers.bench import Bench


@pytest.fixture
def nine(bench: Bench) -> Bench:
    """Nine o'clock on Monday."""
    bench.until("09:00")
    return bench


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("免计", "免计限执行秘书许安然。"),
        ("免计 HF-1", "免计限执行秘书许安然。"),
        ("重放", "重放限系统管理员高远航、冯思齐。"),
        ("体检", "体检限系统管理员高远航、冯思齐。"),
        ("确认放行", "放行限系统管理员高远航、冯思齐。"),
        ("简报", "简报限组长、执行秘书及其代行人查看。"),
        ("日历 停工 9-16 盘点", "调整日历限执行秘书许安然、系统管理员高远航、冯思齐。"),
        ("建群 SX-8", "建群限牵头部门的对接人、负责人和执行秘书许安然。"),
        ("请假 @罗启安 9-16", "替别人登记限其部门负责人和执行秘书许安然。"),
    ],
)
def test_whoever_may_not_reads_who_may_and_is_asked_for_nothing_before(nine: Bench, text: str, who: str) -> None:
    nine.says("何沐晴", text)
    nine.expects_message(to="何沐晴", contains=f"您没有执行此操作的权限。\n{who}")
    nine.expects_nothing_more()
    assert nine.audit()[-1].reason == "no_right"


def test_only_whoever_asked_can_call_it_off(nine: Bench) -> None:
    nine.says("方景行", "询问 @袁知行 检测夹具？")
    nine.forget()
    nine.says("袁知行", "取消等待 HF-1")
    nine.expects_message(to="袁知行", contains="取消等待限提问人。")


def test_what_is_over_is_named_with_its_state_where_it_was_typed(nine: Bench) -> None:
    """There is no card in a typed command; the answer once spoke of one."""
    nine.says("方景行", "询问 @袁知行 检测夹具？")
    nine.says("袁知行", "已收到 HF-1 下午到")
    nine.forget()
    nine.says("方景行", "取消等待 HF-1")
    nine.expects_message(to="方景行", contains="HF-2026-0001 现在是“已按时回复”，不能“取消等待”。")
    nine.says("许安然", "免计 HF-1 当天系统停机")
    nine.forget()
    nine.says("许安然", "免计 HF-1 当天系统停机")
    nine.expects_message(to="许安然", contains="HF-2026-0001 现在是“免计”，不能“免计”。")


def test_a_reason_that_is_too_short_gets_an_example(nine: Bench) -> None:
    nine.says("方景行", "询问 @袁知行 检测夹具？")
    nine.forget()
    nine.says("许安然", "免计 HF-1 停机")
    nine.expects_message(
        to="许安然", contains=["请填写原因（不少于 5 个字）。", "例如：免计 HF-2026-0001 当天系统停机"]
    )


def test_an_overdue_question_runs_again_with_the_limit_it_had(nine: Bench) -> None:
    """The sentence once said `仍应于 应于 13:55，已超期 4 分钟 前回复`."""
    nine.says("方景行", "@袁知行 检测夹具？", where="X1")
    nine.until("09:31")
    nine.says("袁知行", "今天出差", where="X1")
    nine.forget()
    nine.says("方景行", "还在等 HF-1")
    nine.expects_message(to="方景行", contains="✅ HF-2026-0001 恢复计时，时限不变：应于 09:30，已超时 1 分钟。")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("取消等待", "现在没有您在等的提问，无需取消。"),
        ("还在等", "没有可以恢复计时的提问。"),
        ("取消", "现在没有等您回答的问题。要收回刚做的操作，请发“撤销”。"),
        ("静音 关", "现在没有静音。"),
        ("请假 9-18 9-16", "❌ 结束时间须晚于开始时间。例如：请假 9-16 9-18"),
        ("请假 9-10 9-11", "❌ 结束时间已过，请核对日期。"),
        ("静音 10天", "❌ 静音最长 7 天，结束时间须在将来。"),
    ],
)
def test_where_there_is_nothing_to_do_the_answer_says_so(nine: Bench, text: str, answer: str) -> None:
    nine.says("何沐晴", text)
    nine.expects_message(to="何沐晴", contains=answer)


def test_a_question_of_the_bot_and_a_proposed_change_are_given_up_with_one_word(nine: Bench) -> None:
    nine.says("许安然", "规则")
    nine.forget()
    nine.says("许安然", "取消")
    nine.expects_message(to="许安然", contains="已取消。")
    nine.says("许安然", "日历 停工 9-16 盘点")
    nine.forget()
    nine.says("许安然", "取消")
    nine.expects_message(to="许安然", contains="已放弃待确认的日历调整。")
    nine.says("许安然", "日历 确认")
    nine.expects_message(to="许安然", contains="没有待确认的日历调整")


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("日历 停工", "日历 停工 2026-11-26 设备检修"),
        ("日历 时段 9-30", "日历 时段 2026-12-31 09:00-12:00"),
        ("日历 10-10 部门：火星", "日历 10-10 部门：生产"),
        ("设置 时区 火星", "设置 时区 东京"),
        ("设置 语言 法语", "设置 语言 en"),
    ],
)
def test_the_example_shows_what_was_tried(nine: Bench, text: str, example: str) -> None:
    nine.says("许安然", text)
    nine.expects_message(to="许安然", contains=["❌ 没看懂", f"可以写：{example}"])


def test_an_answer_written_to_nobody_is_handed_back_ready_to_send(nine: Bench) -> None:
    nine.says("方景行", "询问 @袁知行 检测夹具？")
    nine.forget()
    nine.says("袁知行", "夹具下午三点前到")
    nine.expects_message(
        to="袁知行",
        contains=["这句话没有转给任何人。", "或写：\n已收到 HF-2026-0001 夹具下午三点前到"],
        lacks="没有“",
    )
    nine.says("袁知行", "代办")
    nine.expects_message(to="袁知行", contains=["您是不是想说：待办", "已收到 HF-2026-0001 代办"])


def test_no_rule_of_our_own_books_is_quoted_to_people(nine: Bench) -> None:
    """People can look up R-40; 2.6 and A-20 they cannot."""
    nine.says("温晓棠", "请假 9-16 10-30 代理 @白司南")
    nine.expects_message(to="温晓棠", contains="更长请调整岗位。", lacks="2.6")
