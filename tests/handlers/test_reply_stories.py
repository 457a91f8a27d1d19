"""Questions between departments, from the first word to the last notice (domain.md 3.14, 5.4, 5.5; R-40)."""

from __future__ import annotations

from bot.domain.reply_clock import ClockState
from bot.messages import CardColour
from tests.handlers.bench import Bench


def test_a_question_that_nobody_answers_goes_from_nudge_to_breach_to_head_and_is_answered_late(bench: Bench) -> None:
    bench.until("09:05")
    bench.says("方景行", "@回音 询问 @袁知行 检测夹具什么时候到位？", where="X1")
    card = bench.expects_card(in_chat="X1", contains=["检测夹具什么时候到位", "09:35"], mentions="袁知行", state="等待回复")
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
