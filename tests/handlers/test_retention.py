"""Nothing is kept longer than it may be (domain.md 2.5, R-113, EC-77)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.records import SeenMessage
from bot.domain.reply_clock import ClockState, ReplyClock
from bot.domain.timers import TimerKind
from bot.ports import UnitOfWork
from handlers.ledgers import retention
from tests.handlers.bench import Bench


def asks_and_answers(bench: Bench) -> None:
    """One question with its answer."""
    asked = bench.says("方景行", "@袁知行 夹具到了吗？", where="X1")
    bench.advance(minutes=5)
    bench.says("袁知行", "到了", where="X1", quotes=asked)


def seen(bench: Bench) -> list[SeenMessage]:
    """Messages that are kept."""
    return bench.read(lambda uow: uow.seen_messages.find())


def a_clock(bench: Bench) -> ReplyClock:
    """The only clock."""
    [clock] = bench.clocks()
    return clock


def ages(bench: Bench, by: timedelta) -> None:
    """The clock and the messages are older than they are."""

    def work(uow: UnitOfWork) -> None:
        for message in uow.seen_messages.find():
            uow.seen_messages.put(replace(message, sent_at=message.sent_at - by))
        for clock in uow.clocks.find():
            uow.clocks.put(replace(clock, started_at=clock.started_at - by))
        for digest in uow.digests.find():
            uow.digests.put(replace(digest, issued_at=digest.issued_at - by))
        for fact in uow.facts.find():
            uow.facts.put(replace(fact, at=fact.at - by))

    bench.transact(work)


def test_r_113_excerpts_go_after_180_days_and_the_verdict_stays(bench: Bench) -> None:
    bench.until("09:00")
    asks_and_answers(bench)
    assert a_clock(bench).excerpt
    ages(bench, timedelta(days=179))
    bench.within(retention.arm)
    bench.until("09-15 03:01")
    assert len(seen(bench)) == 2
    bench.until("09-17 03:01")
    assert seen(bench) == []
    clock = a_clock(bench)
    assert (clock.excerpt, clock.state, clock.elapsed_seconds) == ("", ClockState.ANSWERED_IN_TIME, 300)


def test_an_answer_given_in_a_line_goes_too_and_still_counts(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("方景行", "@回音 询问 @袁知行 【重点】夹具到了吗？", where="X1")
    card = bench.expects_card(in_chat="X1")
    bench.clicks("袁知行", "已收到", card=card, answer="周四到货")
    ages(bench, timedelta(days=181))
    bench.within(retention.arm)
    bench.until("09-15 03:01")
    clock = a_clock(bench)
    assert "周四" not in repr(clock)
    assert clock.state is ClockState.ANSWERED_IN_TIME
    assert any(f.text == retention.GONE for f in clock.facts)


def test_ledger_rows_go_after_three_years_open_clocks_never(bench: Bench) -> None:
    bench.until("09:00")
    asks_and_answers(bench)
    bench.says("秦书禾", "@袁知行 图纸呢？", where="X1")
    ages(bench, timedelta(days=3 * 366 + 1))
    bench.within(retention.arm)
    bench.within(lambda context: retention.on_timer(context, context.uow.timers.of("retention")[0]))
    assert [c.state for c in bench.clocks()] == [ClockState.RUNNING]
    assert bench.read(lambda uow: uow.facts.find()) == []


def test_the_trail_stays_and_has_no_words_in_it(bench: Bench) -> None:
    bench.until("09:00")
    asks_and_answers(bench)
    before = len(bench.audit())
    ages(bench, timedelta(days=4 * 366))
    bench.within(retention.arm)
    bench.until("09-15 03:01")
    assert len(bench.audit()) == before
    assert "夹具" not in repr(bench.audit())


def test_questions_and_undo_records_are_forgotten_after_a_day(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("袁知行", "静音")
    bench.says("秦书禾", "静音 1小时")
    bench.within(retention.arm)
    bench.until("09-17 03:01")
    assert bench.read(lambda uow: uow.questions.find()) == []
    assert bench.read(lambda uow: uow.undoables.find()) == []


def test_after_a_long_pause_it_catches_up_in_steps(bench: Bench) -> None:
    bench.within(retention.arm)
    bench.until("09-15 03:01")
    assert len(armed(bench)) == 1
    bench.jumps(hours=24 * 30)
    [due] = armed(bench)
    assert due - bench.clock.now() <= timedelta(minutes=1), "there is more to do"
    bench.advance(minutes=5)
    [due] = armed(bench)
    assert due - bench.clock.now() > timedelta(hours=1)


def armed(bench: Bench) -> list[datetime]:
    """When the next run is due."""
    timers = bench.read(lambda uow: uow.timers.of("retention"))
    return [t.due_at for t in timers if t.kind is TimerKind.RETENTION]
