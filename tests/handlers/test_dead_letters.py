"""What becomes of somebody whose message or press no handler survives: never silence, always a number (R-111, ux.md A4 22)."""

from __future__ import annotations

from bot.routing import Context
from bot.updates import AnyUpdate, CardClicked, MessageReceived
from tests.handlers.bench import Bench

WORDS = "夹具口令芝麻开门"


def breaks(bench: Bench) -> None:
    """Presses, and messages with certain words, end no handler well."""
    bench.tolerates_failures = True

    def explode(_: Context, update: AnyUpdate) -> None:
        if isinstance(update, CardClicked) or (isinstance(update, MessageReceived) and WORDS in update.text):
            raise ZeroDivisionError

    bench.router.on(MessageReceived, explode)
    bench.router.on(CardClicked, explode)


def is_given_up(bench: Bench) -> None:
    """Every try of what waits is over."""
    for _ in range(6):
        bench.advance(seconds=20)


def number_of(bench: Bench) -> int:
    """The number of the only dead letter."""
    [letter] = bench.read(lambda uow: uow.inbox.dead())
    return letter.id


def test_whoever_wrote_in_private_reads_the_number_that_the_status_shows(bench: Bench) -> None:
    breaks(bench)
    bench.says("方景行", WORDS)
    bench.expects_nothing_more()
    is_given_up(bench)
    number = number_of(bench)
    bench.expects_message(
        to="方景行",
        contains=["❌ 您 08:00 的消息或操作没能处理，已记录", f"（编号 {number}）", "请把编号告诉系统管理员"],
        lacks=["ZeroDivisionError", "芝麻"],
    )
    bench.expects_nothing_more()
    bench.says("冯思齐", "状态")
    bench.expects_message(to="冯思齐", contains=f"{number}｜ZeroDivisionError")


def test_a_message_in_a_group_is_answered_in_private(bench: Bench) -> None:
    breaks(bench)
    bench.says("方景行", f"@袁知行 {WORDS}？", where="X1")
    is_given_up(bench)
    bench.expects_message(to="方景行", contains=f"（编号 {number_of(bench)}）")
    bench.expects_nothing_more()


def test_whoever_pressed_a_button_is_told_as_well_even_at_night(bench: Bench) -> None:
    bench.until("20:00")
    bench.says("方景行", "@回音 询问 @袁知行 检测夹具？", where="X1")
    card = bench.expects_card(in_chat="X1")
    breaks(bench)
    bench.clicks("方景行", "取消等待", card=card)
    is_given_up(bench)
    bench.expects_message(to="方景行", contains=["您 20:00 的消息或操作没能处理", f"编号 {number_of(bench)}"])
    bench.expects_nothing_more()


def test_bots_and_people_of_other_companies_are_told_nothing(bench: Bench) -> None:
    breaks(bench)
    bench.says("方景行", WORDS, by_bot=True)
    bench.says("袁知行", WORDS, external=True)
    is_given_up(bench)
    assert len(bench.read(lambda uow: uow.inbox.dead())) == 2
    bench.expects_nothing_more()


def test_in_english_for_those_who_chose_it(bench: Bench) -> None:
    bench.says("方景行", "设置 语言 en")
    bench.forget()
    breaks(bench)
    bench.says("方景行", WORDS)
    is_given_up(bench)
    bench.expects_message(to="方景行", contains=f"it was noted (number {number_of(bench)})")
