"""Questions between departments, from the first word to the last notice (domain.md 3.14, 5.4, 5.5; R-40)."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.reply_clock import ClockState
from bot.messages import CardColour
from tests.handlers.bench import Bench


def the_open_issue_is_offered_for_more(bench: Bench) -> None:
    """The one thing of the sample company that falls due meanwhile: WT-2026-0011, Monday 18:00 (3.7, T-12)."""
    bench.expects_card(to="许安然", contains=["【超期】WT-2026-0011", "18:00", "可升级为重要问题"], buttons=["升级"])


def test_a_question_that_nobody_answers_goes_from_nudge_to_breach_to_head_and_is_answered_late(bench: Bench) -> None:
    bench.until("09:05")
    bench.says("方景行", "@回音 询问 @袁知行 检测夹具什么时候到位？", where="X1")
    card = bench.expects_card(
        in_chat="X1", contains=["检测夹具什么时候到位", "09:35"], mentions="袁知行", state="等待回复"
    )
    assert card.card.colour is CardColour.WAITING
    bench.expects_nothing_more()

    bench.advance(minutes=19)
    bench.expects_nothing_more()
    bench.advance(minutes=1)
    bench.expects_card(to="袁知行", contains=["【响应提醒】方景行 09:05 的消息已等待 20 分钟，请在 09:35 前回复。"])
    bench.expects_card_update(in_chat="X1", state="即将超时")
    bench.expects_nothing_more()

    bench.until("09:35")
    bench.expects_card_update(in_chat="X1", state="已超时", mentions=["袁知行", "贺云深"])
    breach = bench.expects_message(in_chat="X1", mentions=["袁知行", "贺云深"])
    assert "【响应超时】方景行 09:05 的消息已超过 30 分钟未回复，请尽快处理。" in breach.words
    bench.expects_card_update(to="袁知行", state="已超时")
    bench.expects_nothing_more()

    bench.until("10:05")
    bench.expects_message(to="尹若谷", contains=["【响应升级】", "质量", "HF-2026-0001", "袁知行"])
    bench.expects_nothing_more()

    bench.until("10:08")
    bench.says("尹若谷", "@方景行 今天下午三点前到位", where="X1")
    bench.expects_card_update(in_chat="X1", state="已超时回复", contains="尹若谷 10:08（超时 33 分钟）")
    bench.expects_card_update(to="袁知行", state="已超时回复")
    bench.expects_nothing_more()
    bench.advance(days=3)
    assert bench.the_clock().state is ClockState.ANSWERED_LATE


def test_a_reply_in_time_ends_everything_and_nobody_is_reminded(bench: Bench) -> None:
    bench.until("09:05")
    asked = bench.says("苏念初", "@秦书禾 X1试产首批数量请今天确认", where="X1")
    bench.until("09:22")
    bench.says("秦书禾", "首批 60 台", where="X1", quotes=asked)
    bench.advance(days=4)
    the_open_issue_is_offered_for_more(bench)
    bench.expects_nothing_more()
    clock = bench.the_clock()
    assert (clock.state, clock.elapsed_seconds, clock.answered_by) == (ClockState.ANSWERED_IN_TIME, 17 * 60, "E004")


def test_without_any_answer_the_head_hears_three_times_then_a_summary_then_nothing(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("方景行", "@袁知行 检测夹具什么时候到位？", where="X1")
    bench.until("09:20")
    bench.expects_card(to="袁知行", contains="【响应提醒】")
    bench.until("09:30")
    bench.expects_card(in_chat="X1", contains="【响应超时】", mentions=["袁知行", "贺云深"])
    bench.forget()
    for moment, times in (("10:00", "【响应升级】"), ("12:00", "第 2 次"), ("15:30", "第 3 次")):
        bench.until(moment)
        bench.expects_message(to="尹若谷", contains=times)
        bench.expects_nothing_more()
    bench.until("18:00")
    bench.expects_message(to="尹若谷", contains=["【当日汇总】", "此后不再逐条提醒"])
    the_open_issue_is_offered_for_more(bench)
    bench.expects_nothing_more()
    bench.until("09-17 18:00")
    bench.expects_message(to="方景行", contains=["三个工作日无回复", "联系质量负责人"])
    bench.expects_nothing_more()
    bench.advance(days=10)
    bench.expects_nothing_more()
    assert bench.the_clock().closed_for_counting


def test_the_lunch_break_pauses_a_clock_and_silences_its_reminder_until_it_is_over(bench: Bench) -> None:
    bench.until("11:45")
    bench.says("方景行", "@袁知行 检测夹具什么时候到位？", where="X1")
    bench.until("13:34")
    bench.expects_nothing_more()
    bench.until("13:35")
    bench.expects_card(to="袁知行", contains=["已等待 20 分钟", "13:45"])
    bench.says("袁知行", "下午到位", where="X1")
    bench.expects_card_update(to="袁知行", state="已按时回复")
    assert bench.the_clock().elapsed_seconds == (15 + 5) * 60


def test_over_a_holiday_nothing_is_sent_and_nothing_is_counted(bench: Bench) -> None:
    bench.until("09-30 17:50")
    bench.says("方景行", "@袁知行 节前还能出样件吗？", where="X1")
    the_open_issue_is_offered_for_more(bench)
    bench.until("10-08 09:09")
    bench.expects_nothing_more()
    bench.until("10-08 09:10")
    bench.expects_card(to="袁知行", contains=["已等待 20 分钟", "09:20"])
    bench.until("10-08 09:20")
    bench.expects_card(in_chat="X1", state="已超时", contains="9月30日（周三）17:50")


def test_a_card_says_that_a_clock_pauses_outside_working_hours(bench: Bench) -> None:
    bench.until("17:55")
    bench.says("方景行", "@回音 询问 @袁知行 样件？", where="X1")
    bench.until("18:10")
    bench.says("方景行", "@回音 询问 @袁知行 还有图纸", where="X1")
    bench.expects_card(in_chat="X1", state="等待回复")
    bench.expects_card_update(in_chat="X1", state="等待回复（非工作时段）")
    bench.expects_message(in_chat="X1", contains="已并入 HF-2026-0001")


def test_a_reply_that_arrives_in_the_second_of_the_breach_wins(bench: Bench) -> None:
    bench.until("09:00")
    asked = bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    bench.until("09:29")
    bench.expects_card(to="袁知行")
    reply = bench.message("袁知行", "到了", where="X1", quotes=asked)
    bench.clock.move(bench.now.replace(minute=30, second=0))
    bench.happens(reply)
    bench.expects_card_update(to="袁知行", state="已按时回复")
    bench.expects_nothing_more()
    assert bench.the_clock().state is ClockState.ANSWERED_IN_TIME


def test_a_reply_given_in_time_but_delivered_late_withdraws_the_breach(bench: Bench) -> None:
    bench.until("09:00")
    asked = bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    bench.until("10:00")
    bench.forget()
    bench.advance(minutes=1)
    bench.says("袁知行", "到了", where="X1", quotes=asked, sent=timedelta(minutes=36))
    bench.expects_card_update(in_chat="X1", state="已按时回复", contains="消息延迟到达")
    bench.expects_card_update(to="袁知行", state="已按时回复")
    for told in ("袁知行", "贺云深", "尹若谷"):
        bench.expects_message(to=told, contains=["【更正】", "已按时回复", "09:25"])
    bench.expects_nothing_more()
    assert "clock_verdictcorrected" in [r.action for r in bench.audit(bench.the_clock().code)]


def test_an_event_that_is_delivered_twice_counts_once(bench: Bench) -> None:
    bench.until("09:00")
    asked = bench.says("方景行", "@回音 询问 @袁知行 检测夹具？", where="X1")
    bench.happens(asked.update, asked.update)
    bench.expects_card(in_chat="X1")
    bench.expects_nothing_more()
    answer = bench.says("袁知行", "到了", where="X1", quotes=asked)
    bench.happens(answer.update)
    bench.expects_card_update(in_chat="X1", state="已按时回复")
    bench.expects_nothing_more()
    assert len(bench.clocks()) == 1


def test_further_questions_join_the_running_clock(bench: Bench) -> None:
    bench.until("15:00")
    for _ in range(3):
        bench.says("秦书禾", "@袁知行 图纸好了吗？", where="X1")
        bench.advance(minutes=1)
    bench.until("15:30")
    clock = bench.the_clock()
    assert (clock.attached_count, clock.state) == (2, ClockState.BREACHED)
    assert len([s for s in bench.forget() if s.chat == "oc_sample_x1" and "【响应超时】" in s.words]) == 1


def test_an_inquiry_in_an_unregistered_group_is_timed_as_well(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("方景行", "@袁知行 检测夹具？", where="oc_somewhere")
    bench.expects_nothing_more()
    assert bench.clocks() == []
    bench.says("方景行", "@回音 询问 @袁知行 检测夹具？", where="oc_somewhere")
    bench.expects_card(in_chat="oc_somewhere", contains="09:30")
    bench.says("袁知行", "已到位", where="oc_somewhere")
    bench.expects_card_update(in_chat="oc_somewhere", state="已按时回复")


def test_the_asker_calls_off_and_the_clock_does_not_count(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("方景行", "@回音 询问 @袁知行 检测夹具？", where="X1")
    card = bench.expects_card(in_chat="X1", buttons=["已收到", "取消等待"])
    answer = bench.clicks("方景行", "取消等待", card=card)
    assert answer is not None
    assert "已取消等待" in answer.toast
    bench.expects_card_update(in_chat="X1", state="已取消等待", colour=CardColour.CLOSED, buttons=[])
    bench.advance(hours=5)
    bench.expects_nothing_more()


def test_still_waiting_reopens_once_within_thirty_minutes_with_the_old_due(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("方景行", "@回音 询问 @袁知行 检测夹具？", where="X1")
    bench.forget()
    bench.advance(minutes=5)
    bench.says("袁知行", "今天食堂有鱼", where="X1")
    card = bench.expects_card_update(in_chat="X1", state="已按时回复", buttons=["还在等"])
    bench.advance(minutes=5)
    stranger = bench.clicks("苏念初", "还在等", card=card)
    assert stranger is not None
    assert stranger.toast == "您没有执行此操作的权限。 “还在等”限提问人。"
    answer = bench.clicks("方景行", "还在等", card=card)
    assert answer is not None
    assert "恢复计时" in answer.toast
    bench.expects_card_update(in_chat="X1", state="等待回复", contains="09:30 前")
    bench.advance(minutes=1)
    bench.says("袁知行", "还是鱼", where="X1")
    bench.expects_card_update(in_chat="X1", state="已按时回复", buttons=[])
    bench.expects_nothing_more()


def test_still_waiting_comes_too_late_after_thirty_working_minutes(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("方景行", "@回音 询问 @袁知行 检测夹具？", where="X1")
    bench.says("袁知行", "今天食堂有鱼", where="X1")
    card = bench.forget()[-1]
    bench.advance(minutes=31)
    answer = bench.clicks("方景行", "还在等", card=card)
    assert answer is not None
    assert answer.is_error
    assert "已按时回复" in answer.toast


def test_a_delegate_is_asked_answers_and_is_named_for_whom(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("温晓棠", "请假 今天 明天 代理 @白司南")
    bench.forget()
    bench.until("14:10")
    bench.says("秦书禾", "@温晓棠 图纸以哪版为准？", where="X1")
    bench.until("14:30")
    nudge = bench.expects_card(to="白司南", contains="白司南 代 温晓棠")
    bench.until("14:35")
    bench.clicks("白司南", "已收到", card=nudge)
    bench.expects_card_update(to="白司南", state="已按时回复", contains="白司南 代 温晓棠 14:35")
    bench.expects_message(to="秦书禾", contains="白司南 代 温晓棠 已收到您 14:10 的提问")
    bench.expects_nothing_more()
    answered = next(r for r in bench.audit(bench.the_clock().code) if r.action == "clock_answered")
    assert (answered.actor, answered.on_behalf_of) == ("E014", "E013")


def test_whoever_answers_a_key_question_with_a_bare_word_is_told_that_it_does_not_count(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("何沐晴", "【重点】@秦书禾 铝件涨价，请确认预算", where="X1")
    bench.says("秦书禾", "收到", where="X1")
    bench.expects_message(to="秦书禾", contains="HF-2026-0001 是重点消息，只回“收到”不算，请写一句话回复。")
    bench.says("秦书禾", "好的，收到", where="X1")
    bench.says("唐子衡", "收到", where="X1")
    bench.expects_nothing_more()
    bench.says("秦书禾", "预算没问题", where="X1")
    assert bench.the_clock().state is ClockState.ANSWERED_IN_TIME
    bench.says("秦书禾", "收到", where="X1")
    bench.expects_nothing_more()


def test_an_ordinary_question_is_answered_by_a_bare_word_and_nobody_is_told_anything(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("何沐晴", "@秦书禾 首批数量？", where="X1")
    bench.says("秦书禾", "收到", where="X1")
    bench.expects_nothing_more()
    assert bench.the_clock().state is ClockState.ANSWERED_IN_TIME
