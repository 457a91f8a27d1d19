"""Questions asked in the private chat with the bot: `/询问` on every platform (5.4 b, L-07, R-40)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ids import AccountKey
from bot.domain.reply_clock import ClockState
from bot.errors import FailureKind, PlatformError
from bot.messages import AnyOutbound, SendCard, ToPerson
from bot.ports import UnitOfWork
from bot.updates import Mention, mention_token
from handlers.clocks.clock_cards import UNSENT
from handlers.world import DIRECTORY
from tests.handlers.bench import Bench, changed


@pytest.fixture
def nine(bench: Bench) -> Bench:
    """Nine o'clock on Monday."""
    bench.until("09:00")
    return bench


def test_r_08_an_inquiry_reaches_the_liaison_alone_and_its_answer_comes_straight_back(nine: Bench) -> None:
    """Fewest levels: nobody passes it on, and what was written arrives as it was written."""
    nine.says("方景行", "询问 @袁知行 检测夹具什么时候到位？")
    card = nine.expects_card(to="袁知行", contains=["检测夹具什么时候到位？", "09:30 前"], buttons=["已收到"])
    nine.expects_card(to="方景行", state="等待回复", buttons=["取消等待"])
    nine.expects_nothing_more()
    nine.advance(minutes=12)
    nine.says("袁知行", "下午三点前", quotes=card)
    nine.expects_message(to="袁知行", contains="✅ 已转给 方景行，HF-2026-0001 停止计时。")
    nine.expects_message(to="方景行", contains="袁知行 回复您的提问（HF-2026-0001）：下午三点前")
    nine.expects_card_update(to="袁知行", state="已按时回复")
    nine.expects_card_update(to="方景行", state="已按时回复", contains="袁知行 09:12：下午三点前", buttons=[])
    nine.expects_nothing_more()


def test_the_ladder_of_a_private_inquiry_stays_private(nine: Bench) -> None:
    nine.says("方景行", "询问 @袁知行 检测夹具？")
    nine.forget()
    nine.until("09:20")
    nine.expects_message(to="袁知行", contains="【响应提醒】")
    nine.expects_card_update(to="袁知行", state="即将超时")
    nine.expects_card_update(to="方景行", state="即将超时")
    nine.until("09:30")
    nine.expects_message(to="袁知行", contains="【响应超时】")
    nine.expects_card(to="贺云深", contains="【响应超时】", state="已超时")
    nine.expects_card_update(to="袁知行", state="已超时")
    nine.expects_card_update(to="方景行", state="已超时")
    nine.until("10:00")
    nine.expects_message(to="尹若谷", contains="【响应升级】")
    nine.expects_nothing_more()


def test_the_clock_starts_when_the_message_was_sent(nine: Bench) -> None:
    gate = nine.adapter
    gate.outage(lambda out: PlatformError(FailureKind.RETRY, code="away") if _is_card(out) else None)
    nine.says("方景行", "询问 @袁知行 检测夹具？")
    nine.until("09:45")
    assert UNSENT in nine.the_clock().flags
    assert nine.the_clock().state is ClockState.RUNNING
    gate.outage(None)
    nine.until("09:47")
    clock = nine.the_clock()
    assert UNSENT not in clock.flags
    assert timedelta(minutes=45) <= clock.started_at - nine.start - timedelta(hours=1) <= timedelta(minutes=47)
    assert clock.due_at - clock.started_at == timedelta(minutes=30)
    nine.forget()
    nine.advance(minutes=31)
    nine.expects_message(to="袁知行", contains="【响应超时】")


def test_while_it_is_under_way_why_says_so_and_the_to_do_list_does_not_show_it(nine: Bench) -> None:
    nine.adapter.outage(lambda out: PlatformError(FailureKind.RETRY, code="away") if _is_card(out) else None)
    nine.says("方景行", "询问 @袁知行 检测夹具？")
    nine.says("方景行", "为什么 HF-1")
    nine.expects_message(to="方景行", contains="尚未送达 袁知行")
    nine.says("袁知行", "待办")
    nine.expects_message(to="袁知行", lacks="HF-2026-0001")


def test_an_inquiry_that_cannot_be_delivered_never_counts_and_the_asker_is_told(nine: Bench) -> None:
    nine.adapter.outage(lambda out: PlatformError(FailureKind.PERMANENT, code="left") if _is_card(out) else None)
    nine.says("方景行", "询问 @袁知行 检测夹具？")
    nine.expects_message(to="方景行", contains=["HF-2026-0001 未能送达 袁知行", "不计入统计"])
    assert nine.the_clock().state is ClockState.CANCELLED
    nine.advance(days=4)
    assert [s.words for s in nine.forget() if "【" in s.words] == []


def test_an_unknown_outcome_starts_the_clock_and_the_reminder_shows_the_card_again(nine: Bench) -> None:
    nine.adapter.fail(FailureKind.UNKNOWN, times=1)
    nine.says("方景行", "询问 @袁知行 检测夹具？")
    nine.until("09:20")
    nine.expects_card(to="袁知行")
    assert nine.the_clock().state is ClockState.RUNNING


def test_calling_off_before_it_was_sent_keeps_the_message_from_going_out(bench: Bench) -> None:
    bench.until("12:10")
    bench.says("方景行", "询问 @袁知行 检测夹具？")
    bench.expects_card(to="方景行")
    bench.says("方景行", "取消等待")
    bench.expects_message(to="方景行", contains="已取消等待")
    bench.until("14:30")
    assert [s.reader for s in bench.everything()].count("袁知行") == 0


def test_outside_working_hours_it_waits_for_the_opening_and_is_due_from_there(bench: Bench) -> None:
    bench.until("18:20")
    bench.says("方景行", "询问 @袁知行 检测夹具？")
    bench.expects_card(to="方景行", contains="9月15日（周二）09:30 前")
    bench.expects_nothing_more()
    bench.until("09-15 09:00")
    bench.expects_card(to="袁知行", contains="09:30 前")
    bench.until("09-15 09:20")
    bench.expects_message(to="袁知行", contains="已等待 20 分钟")


def test_several_departments_get_a_clock_each(nine: Bench) -> None:
    nine.says("方景行", "询问 @袁知行 @温晓棠 @贺云深 周五评审能来吗？")
    nine.expects_card(to="袁知行")
    nine.expects_card(to="温晓棠")
    assert sorted(c.department for c in nine.clocks()) == ["QA", "RD"]


def test_a_further_question_to_the_same_department_joins_and_is_passed_on(nine: Bench) -> None:
    nine.says("方景行", "询问 @袁知行 检测夹具？")
    nine.forget()
    nine.says("方景行", "询问 @袁知行 还有检验报告")
    nine.expects_message(to="袁知行", contains="方景行 补充提问（HF-2026-0001）：还有检验报告")
    nine.expects_message(to="方景行", contains="已并入 HF-2026-0001")
    nine.expects_nothing_more()
    assert nine.the_clock().attached_count == 1


@pytest.mark.parametrize(
    ("whom", "why", "instead"),
    [
        ("杜若溪", "杜若溪 不是研发的对接人或负责人", "询问 @温晓棠 结构图？"),
        ("苏念初", "苏念初 与您同部门，部门内的提问不计时", "询问 @对方部门的对接人 结构图？"),
        ("沈若川", "沈若川 属领导机构，不计时", "询问 @对方部门的对接人 结构图？"),
    ],
)
def test_a_question_that_cannot_be_timed_says_why_and_whom_to_ask_in_the_same_words(
    nine: Bench, whom: str, why: str, instead: str
) -> None:
    nine.says("方景行", f"询问 @{whom} 结构图？")
    nine.expects_message(to="方景行", contains=[f"❌ 没有计时：{why}。", f"可以写：{instead}"])
    assert nine.clocks() == []


def test_a_person_without_an_account_here_is_said_to_be_unreachable(nine: Bench) -> None:
    def without_account(uow: UnitOfWork) -> None:
        person = uow.people.get("E029")
        assert person is not None
        uow.people.put(replace(person, accounts={"wecom": "ys-e029"}))
        uow.bump(DIRECTORY)

    nine.transact(without_account)
    update = nine.message("方景行", "询问 x 检测夹具？")
    mention = Mention(AccountKey("wecom", "ys-e029"), "袁知行")
    nine.happens(changed(update, text=f"询问 {mention_token(0)} 检测夹具？", mentions=(mention,)))
    nine.expects_message(to="方景行", contains="袁知行 在本平台没有账号")
    assert nine.clocks() == []


def test_an_own_question_can_be_taken_back_within_two_minutes(nine: Bench) -> None:
    nine.says("方景行", "询问 @袁知行 检测夹具？")
    nine.forget()
    nine.advance(minutes=1)
    nine.says("方景行", "撤销")
    nine.expects_message(to="方景行", contains="已撤销：提问 HF-2026-0001")
    nine.expects_card_update(to="袁知行", state="已取消等待", buttons=[])
    assert nine.the_clock().state is ClockState.CANCELLED


@pytest.mark.parametrize("late", [timedelta(minutes=2, seconds=1), None])
def test_it_cannot_be_taken_back_later_or_after_somebody_acted(nine: Bench, late: timedelta | None) -> None:
    nine.says("方景行", "询问 @袁知行 检测夹具？")
    card = nine.expects_card(to="袁知行")
    if late is None:
        nine.clicks("袁知行", "已收到", card=card)
    else:
        nine.advance(seconds=late.total_seconds())
    nine.says("方景行", "撤销")
    nine.expects_message(to="方景行", contains="没有可撤销" if late else "已有人处理")


def test_in_a_group_the_inquiry_can_be_taken_back_as_well(nine: Bench) -> None:
    nine.says("方景行", "@回音 询问 @袁知行 检测夹具？", where="X1")
    nine.forget()
    nine.says("方景行", "@回音 撤销", where="X1")
    nine.expects_message(in_chat="X1", contains="已撤销：提问 HF-2026-0001")
    nine.expects_card_update(in_chat="X1", state="已取消等待")


def test_a_question_longer_than_its_card_shows_reaches_the_asked_whole(nine: Bench) -> None:
    """In private there is no other message to read it in; the card, cut at 200 characters, was all that arrived."""
    text = "请逐条答复：" + "；".join(f"第 {n} 项的交期、单价和包装要求" for n in range(1, 21))
    nine.says("方景行", f"询问 @袁知行 {text}")
    card = nine.expects_card(to="袁知行", contains="请逐条答复")
    assert card.words.count("…") >= 1
    nine.expects_message(to="袁知行", contains=f"方景行 提问全文（HF-2026-0001）：\n{text}")
    nine.expects_card(to="方景行")
    nine.expects_nothing_more()
    nine.says("方景行", "询问 @温晓棠 图纸？")
    nine.forget()
    nine.until("09:20")
    nine.expects_message(to="袁知行", contains="请在 09:30 前回复。（HF-2026-0001）")


def test_a_long_question_that_was_called_off_before_the_morning_is_not_told_at_all(bench: Bench) -> None:
    bench.until("18:20")
    bench.says("方景行", f"询问 @袁知行 {'很长的问题' * 60}")
    bench.says("方景行", "取消等待")
    bench.until("09-15 10:00")
    assert [s for s in bench.forget() if s.reader == "袁知行"] == []


def test_a_quoted_message_can_be_the_question(nine: Bench) -> None:
    said = nine.says("何沐晴", "客户说夹具图纸还是旧版", where="X1")
    nine.says("方景行", "@回音 询问 @袁知行", where="X1", quotes=said)
    card = nine.expects_card(in_chat="X1", contains="客户说夹具图纸还是旧版")
    nine.says("苏念初", "@回音 询问 @秦书禾", where="X1", quotes=card)
    nine.expects_message(in_chat="X1", contains=["引用的内容里没有文字可问", "可以写：询问 @"])


def test_an_answer_that_begins_like_a_command_is_still_an_answer(nine: Bench) -> None:
    nine.says("方景行", "询问 @袁知行 检测夹具？")
    card = nine.expects_card(to="袁知行")
    nine.says("袁知行", "重点是下午三点到", quotes=card)
    nine.expects_message(to="方景行", contains="袁知行 回复您的提问（HF-2026-0001）：重点是下午三点到")


def test_muting_does_not_hold_back_what_one_owes(nine: Bench) -> None:
    nine.says("袁知行", "静音 2小时")
    nine.forget()
    nine.says("方景行", "询问 @袁知行 检测夹具？")
    nine.expects_card(to="袁知行")
    nine.until("09:20")
    nine.expects_message(to="袁知行", contains="【响应提醒】")


def _is_card(out: AnyOutbound) -> bool:
    return isinstance(out, SendCard) and isinstance(out.target, ToPerson)
