"""Buttons of the clock's card: who may press, who was faster, what a stale press reads (domain.md 7, clicks; 2.8)."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from bot.domain.ids import AccountKey
from bot.domain.reply_clock import ClockState
from tests.handlers.bench import Bench
from tests.handlers.shown import Shown


@pytest.fixture
def card(bench: Bench) -> Shown:
    """The card of an inquiry in the group of X1, asked at 09:00."""
    bench.until("09:00")
    bench.says("方景行", "@回音 询问 @袁知行 检测夹具？", where="X1")
    return bench.expects_card(in_chat="X1")


def toast(bench: Bench) -> str:
    """What the last presser saw."""
    answer = bench.toasts[-1]
    assert answer is not None
    return answer.toast


def test_the_button_received_stops_the_clock_as_a_mere_acknowledgement(bench: Bench, card: Shown) -> None:
    bench.advance(minutes=10)
    bench.clicks("袁知行", "已收到", card=card)
    assert toast(bench) == "已收到，HF-2026-0001 停止计时。"
    bench.expects_card_update(in_chat="X1", state="已按时回复", contains="袁知行 09:10", buttons=[])
    bench.expects_nothing_more()
    assert "ack_only" in bench.the_clock().flags


def test_ec_01_a_double_click_makes_one_transition_and_one_notice(bench: Bench, card: Shown) -> None:
    bench.advance(minutes=10)
    first, second = bench.click_together(("袁知行", "已收到"), ("袁知行", "已收到"), card=card)
    assert first is not None
    assert second is not None
    assert first.toast == "已收到，HF-2026-0001 停止计时。"
    assert second.toast == "该操作已于 09:10 由 袁知行 完成，无需重复操作。"
    bench.expects_card_update(in_chat="X1", state="已按时回复")
    bench.expects_nothing_more()
    actions = [r.action for r in bench.audit("HF-2026-0001")]
    assert (actions.count("clock_answered"), actions.count("repeated")) == (1, 1)


def test_ec_02_the_same_person_presses_on_two_platforms_at_once(bench: Bench, card: Shown) -> None:
    first = bench.click("袁知行", "已收到", card=card)
    second = msgspec.structs.replace(
        first, operator=AccountKey("dingtalk", "dt-e029"), source=replace(first.source, business_id="ev_elsewhere")
    )
    bench.happens(first, second)
    bench.expects_card_update(in_chat="X1", state="已按时回复")
    bench.expects_nothing_more()
    actions = [r.action for r in bench.audit("HF-2026-0001")]
    assert (actions.count("clock_answered"), actions.count("repeated")) == (1, 1)


def test_ec_03_of_two_entitled_people_the_first_one_counts(bench: Bench, card: Shown) -> None:
    bench.advance(minutes=10)
    first, second = bench.click_together(("贺云深", "已收到"), ("尹若谷", "已收到"), card=card)
    assert first is not None
    assert second is not None
    assert not first.is_error
    assert second.toast == "该操作已于 09:10 由 贺云深 完成，无需重复操作。"
    assert bench.the_clock().answered_by == "E030"


def test_ec_03_an_acknowledgement_and_a_calling_off_at_once_leave_no_mixed_state(bench: Bench, card: Shown) -> None:
    answers = bench.click_together(("袁知行", "已收到"), ("方景行", "取消等待"), card=card)
    assert answers[1] is not None
    assert answers[1].toast == "卡片内容已更新，请以最新状态为准（当前：已按时回复）。"
    assert bench.the_clock().state is ClockState.ANSWERED_IN_TIME


def test_ec_04_the_same_callback_delivered_again_has_no_second_effect(bench: Bench, card: Shown) -> None:
    press = bench.click("袁知行", "已收到", card=card)
    bench.happens(press)
    bench.forget()
    bench.happens(press, press)
    bench.expects_nothing_more()
    assert [r.action for r in bench.audit("HF-2026-0001")].count("repeated") == 0


def test_ec_06_whoever_asked_cannot_answer_the_own_question(bench: Bench, card: Shown) -> None:
    bench.clicks("方景行", "已收到", card=card)
    assert toast(bench) == "您没有执行此操作的权限。 回复限被问部门的人。"
    assert bench.audit("HF-2026-0001")[-1].action == "refused"
    assert bench.the_clock().state is ClockState.RUNNING


def test_ec_07_somebody_elses_press_is_refused_in_private_and_audited(bench: Bench, card: Shown) -> None:
    bench.clicks("苏念初", "已收到", card=card)
    assert toast(bench) == "您没有执行此操作的权限。 回复限被问部门的人。"
    bench.expects_nothing_more()
    refused = bench.audit("HF-2026-0001")[-1]
    assert (refused.action, refused.actor, refused.reason) == ("refused", "E009", "no_right")
    assert bench.the_clock().state is ClockState.RUNNING


def test_ec_07_who_has_nothing_to_do_with_the_question_does_not_even_learn_that_it_exists(
    bench: Bench, card: Shown
) -> None:
    bench.clicks("宋清和", "已收到", card=card)
    assert toast(bench) == "未找到该编号，或您无权查看。"
    bench.clicks("宋清和", "已收到", card=card, forged="HF-2026-9999")
    assert toast(bench) == "未找到该编号，或您无权查看。"


def test_ec_08_a_forwarded_card_pressed_by_a_stranger_does_nothing(bench: Bench, card: Shown) -> None:
    bench.clicks("somebody from outside", "已收到", card=card)
    assert toast(bench) == "您尚未登记在通讯录中，请联系系统管理员。"
    bench.expects_nothing_more()
    assert bench.audit("HF-2026-0001")[-1].action == "refused"


@pytest.mark.parametrize(
    "forged", ["HF-2026-9999", "RW-2026-0031", "'; drop table clock; --", "\x00", "HF-" + "9" * 400]
)
def test_a_forged_payload_is_answered_like_a_number_that_does_not_exist(bench: Bench, card: Shown, forged: str) -> None:
    bench.clicks("袁知行", "已收到", card=card, forged=forged)
    assert toast(bench) == "未找到该编号，或您无权查看。"
    assert bench.the_clock().state is ClockState.RUNNING


def test_ec_05_an_old_card_of_a_question_called_off_since_reads_the_present_state(bench: Bench, card: Shown) -> None:
    bench.clicks("方景行", "取消等待", card=card)
    bench.clicks("袁知行", "已收到", card=card)
    assert toast(bench) == "卡片内容已更新，请以最新状态为准（当前：已取消等待）。"


def test_a_breached_question_cannot_be_called_off_any_more(bench: Bench, card: Shown) -> None:
    bench.until("09:31")
    bench.clicks("方景行", "取消等待", card=card)
    assert toast(bench) == "HF-2026-0001 已超时，不能再取消等待；如属误提，可请执行秘书免计。"
    assert bench.the_clock().state is ClockState.BREACHED


def test_a_key_message_wants_an_answer_in_a_line(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("唐子衡", "@回音 重点 X1铝件涨价 6%，@夏知微 请确认预算", where="ALL")
    card = bench.expects_card(
        in_chat="ALL", contains=["【重点】待回复 · X1铝件涨价 6%", "唐子衡（生产）"], mentions="夏知微"
    )
    for empty in ("", "收到", "　", "好的！"):
        bench.clicks("夏知微", "已收到", card=card, answer=empty)
        assert toast(bench) == "这是重点消息，请写一句话回复。"
    bench.clicks("夏知微", "已收到", card=card, answer="预算够，  已登记\n@所有人")
    assert toast(bench) == "✅ 已转给 唐子衡，HF-2026-0001 停止计时。"
    bench.expects_card_update(in_chat="ALL", state="已按时回复", contains="夏知微 09:00：预算够， 已登记 @所有人")
    bench.expects_nothing_more()
    assert "ack_only" not in bench.the_clock().flags


def test_an_overlong_line_is_refused_with_its_length(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("唐子衡", "@回音 重点 @夏知微 请确认预算", where="ALL")
    card = bench.expects_card(in_chat="ALL")
    bench.clicks("夏知微", "已收到", card=card, answer="长" * 501)
    assert toast(bench) == "内容共 501 字，超过上限 500 字，未保存。请精简后再发。"


def test_every_button_also_works_as_text(bench: Bench, card: Shown) -> None:
    bench.says("袁知行", "已收到 HF-1 下午三点到", where=None)
    bench.expects_message(to="袁知行", contains="✅ 已转给 方景行，HF-2026-0001 停止计时。")
    bench.expects_card_update(in_chat="X1", contains="袁知行 09:00：下午三点到")
    bench.expects_message(to="方景行", contains="袁知行 回复您的提问（HF-2026-0001）：下午三点到")
    bench.expects_nothing_more()


@pytest.mark.parametrize(
    "text", ["取消等待 HF-2026-0001", "取消等待 1", "/取消等待 hf１", "不用回复了 HF-1", "call off HF-1", "取消等待"]
)
def test_calling_off_by_text(bench: Bench, card: Shown, text: str) -> None:
    bench.says("方景行", text)
    bench.expects_message(to="方景行", contains="✅ HF-2026-0001 已取消等待，不计入统计。")
    assert bench.the_clock().state is ClockState.CANCELLED


def test_quoting_the_card_gives_the_number(bench: Bench, card: Shown) -> None:
    bench.says("方景行", "取消等待", where="X1", quotes=card)
    bench.expects_message(in_chat="X1", contains="已取消等待")
    assert bench.the_clock().state is ClockState.CANCELLED


def test_quoting_the_own_question_gives_its_number(bench: Bench) -> None:
    bench.until("09:00")
    asked = bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    bench.says("方景行", "@回音 取消等待", where="X1", quotes=asked)
    bench.expects_message(in_chat="X1", contains="已取消等待")


def test_only_the_asker_calls_off_by_text(bench: Bench, card: Shown) -> None:
    bench.says("苏念初", "取消等待 HF-1", where=None)
    bench.expects_message(to="苏念初", contains="您没有执行此操作的权限。")
    bench.says("苏念初", "@回音 取消等待 HF-1", where="X1")
    bench.expects_message(to="苏念初", contains="您没有执行此操作的权限。")
    bench.expects_message(in_chat="X1", contains="已私信您。", lacks="权限")
    assert bench.the_clock().state is ClockState.RUNNING


def test_the_secretary_waives_with_a_reason_and_the_reason_is_on_the_record(bench: Bench, card: Shown) -> None:
    bench.until("10:30")
    bench.forget()
    bench.says("许安然", "免计 HF-1 停电")
    bench.expects_message(to="许安然", contains="请填写原因（不少于 5 个字）。")
    bench.says("许安然", "免计 HF-1 原因：全厂停电检修半天")
    bench.expects_message(to="许安然", contains="✅ HF-2026-0001 免计，原因：全厂停电检修半天")
    bench.expects_card_update(in_chat="X1", state="免计")
    waived = next(r for r in bench.audit("HF-2026-0001") if r.action == "clock_waived")
    assert (waived.actor, waived.role, waived.reason) == ("E018", "SEC", "全厂停电检修半天")


def test_nobody_but_the_secretary_waives(bench: Bench, card: Shown) -> None:
    bench.says("尹若谷", "免计 HF-1 我们当时在开会")
    bench.expects_message(to="尹若谷", contains="您没有执行此操作的权限。")
    assert bench.the_clock().state is ClockState.RUNNING
