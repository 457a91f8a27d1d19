"""Delivery over every store: order, retries, doubts, cards, limits (P3, F6 to F10, B9)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.delivery import Delivery
from bot.domain.chart import Chart
from bot.domain.ids import AccountKey, ChatKey, MessageKey
from bot.domain.records import Setting
from bot.errors import FailureKind, PlatformError
from bot.messages import AnyOutbound, EditCard, SendCard, SendPicture, SendText, ToChat, Urge, plain
from bot.ports import LATE_MARK, SendState
from bot.routing import Context, Outcome
from tests.engine.rig import Rig, card, text
from tests.storage.samples import NOW, at, update
from tests.support.databases import Database

KINDS = FailureKind


def refuse(kind: FailureKind, only: type | None = None) -> object:
    """A trouble for `FakeAdapter.outage`."""

    def trouble(outbound: AnyOutbound) -> PlatformError | None:
        if only is not None and not isinstance(outbound, only):
            return None
        return PlatformError(kind, code="outage", operation="send")

    return trouble


def outage(rig: Rig, kind: FailureKind = KINDS.RETRY, only: type | None = None) -> None:
    """Every call (of that kind) fails until `rig.adapter.outage(None)`."""
    rig.adapter.outage(refuse(kind, only))  # type: ignore[arg-type]


# ---------------------------------------------------------------- order


async def test_lanes_keep_their_order_and_run_side_by_side(rig: Rig) -> None:
    words = [(f"{n:02d}", f"feishu:l{n % 4}") for n in range(24)]
    await rig.put(*(text(word, lane=lane) for word, lane in words))
    for lane in {lane for _, lane in words}:
        assert rig.adapter.texts(lane) == [word for word, of in words if of == lane]
    assert rig.adapter.most_in_flight == 4
    assert len(await rig.reports(SendState.SENT)) == 24


async def test_no_more_than_sixteen_calls_are_in_flight(rig: Rig) -> None:
    await rig.put(*(text(f"{n:02d}", lane=f"feishu:l{n:02d}") for n in range(40)))
    assert len(rig.adapter.sent) == 40
    assert rig.adapter.most_in_flight == 16


async def test_a_call_that_hangs_holds_up_its_own_lane_only(rig: Rig) -> None:
    gate = rig.adapter.hold()
    await rig.store.run(lambda uow: [uow.outbox.put(text(word)) for word in ("a", "b")])
    assert await rig.delivery.send_some() == 1
    assert await rig.delivery.send_some() == 0
    await rig.store.run(lambda uow: uow.outbox.put(text("c", lane="feishu:other")))
    assert await rig.delivery.send_some() == 1
    gate.set()
    await rig.settle()
    assert sorted(rig.adapter.texts()) == ["a", "b", "c"]


async def test_a_call_that_lands_while_nobody_waits_for_it_is_told_all_the_same(rig: Rig) -> None:
    """It may have left work behind: on PostgreSQL one landed while the next claim was under way, and its lane stood still."""
    await rig.store.run(lambda uow: uow.outbox.put(text("a")))
    assert await rig.delivery.send_some() == 1
    while await rig.keys(SendState.SENT) != ["a"]:
        await rig.idle_loop()
    await rig.idle_loop()
    assert [await rig.delivery.idle() for _ in range(2)] == [1, 0]


async def test_the_running_pump_sends_what_a_commit_left(rig: Rig) -> None:
    loop, settled = asyncio.get_running_loop(), asyncio.Event()

    def tell(_: Context, __: Outcome) -> None:
        loop.call_soon_threadsafe(settled.set)

    rig.router.outcome(SendText, tell)
    pump = asyncio.create_task(rig.delivery.run())
    await rig.store.run(lambda uow: uow.outbox.put(text("hello")))
    rig.engine.wake_all()
    async with asyncio.timeout(60):
        await settled.wait()
    pump.cancel()
    await asyncio.gather(pump, return_exceptions=True)
    assert rig.adapter.texts() == ["hello"]
    assert await rig.keys(SendState.SENT) == ["hello"]


async def test_a_pump_that_is_stopped_while_it_claims_makes_the_calls_it_claimed(rig: Rig) -> None:
    """On platforms that recognise no repeated call, each restart left calls in doubt that had never been made (P3, P8)."""
    rig.on_platform(keyed_sends=False)
    loop = asyncio.get_running_loop()
    pump = asyncio.create_task(rig.delivery.run())
    budgets = rig.adapter.budgets

    def stops(outbound: AnyOutbound) -> tuple[tuple[str, int, int], ...]:
        rig.adapter.budgets = budgets  # type: ignore[method-assign]
        loop.call_soon_threadsafe(pump.cancel)
        return budgets(outbound)

    rig.adapter.budgets = stops  # type: ignore[method-assign]  # the moment of the claim, on whatever thread it is
    await rig.store.run(lambda uow: [uow.outbox.put(text(word, lane=f"feishu:{word}")) for word in ("a", "b")])
    rig.engine.wake_all()
    await asyncio.gather(pump, return_exceptions=True)
    assert pump.cancelled()
    assert sorted(rig.adapter.texts()) == ["a", "b"]
    assert sorted(await rig.keys(SendState.SENT)) == ["a", "b"]


# ---------------------------------------------------------------- refusals that pass


@pytest.mark.parametrize("keyed", [True, False])
async def test_a_refused_call_goes_again_in_its_place_on_any_platform(rig: Rig, keyed: bool) -> None:
    """A 5xx or a rate-limit code means that nothing happened: no doubt is left behind, keys or not."""
    rig.on_platform(keyed_sends=keyed)
    rig.adapter.fail(KINDS.RETRY, times=3)
    await rig.say("a", "b")
    assert rig.adapter.texts() == []
    await rig.go(60, step=1)
    assert rig.adapter.texts() == ["a", "b"]
    assert await rig.keys(SendState.UNKNOWN) == []


async def test_pauses_grow_from_a_second_to_a_minute(memory_rig: Rig) -> None:
    outage(memory_rig)
    await memory_rig.say("a")
    tries = [memory_rig.clock.now()]
    for _ in range(3000):
        before = len(memory_rig.adapter.calls)
        await memory_rig.go(0.5)
        tries += [memory_rig.clock.now()] * (len(memory_rig.adapter.calls) - before)
    pauses = [(b - a).total_seconds() for a, b in pairwise(tries)]
    assert 0.5 <= pauses[0] <= 3
    assert max(pauses) <= 61.5
    assert max(pauses[6:]) > 20
    assert len(tries) < 100


async def test_ec_79_the_platforms_own_word_on_when_to_come_back_counts(rig: Rig) -> None:
    rig.adapter.fail(KINDS.RETRY, retry_ms=7000)
    await rig.say("a")
    await rig.go(6.9)
    assert rig.adapter.texts() == []
    await rig.go(0.1)
    assert rig.adapter.texts() == ["a"]


@pytest.mark.slow
async def test_ten_minutes_without_the_platform_lose_nothing_and_repeat_nothing(rig: Rig) -> None:
    """F6."""
    outage(rig)
    for minute in range(10):
        await rig.put(*(text(f"{minute}-{n}", lane=f"feishu:l{n}", created=minute * 60) for n in range(6)))
        await rig.go(60, step=20)
    rig.adapter.outage(None)
    await rig.go(120, step=10)
    for n in range(6):
        assert rig.adapter.texts(f"feishu:l{n}") == [f"{minute}-{n}" for minute in range(10)]
    assert len(rig.adapter.sent) == len({one.key for one in rig.adapter.sent}) == 60


async def test_two_hours_of_refusals_are_no_reason_for_doubt(memory_rig: Rig) -> None:
    """F15: the fifty minutes of P3 count from a try whose outcome nobody knows, not from a refusal."""
    outage(memory_rig)
    await memory_rig.say("a", "b")
    await memory_rig.go(7200, step=30)
    memory_rig.adapter.outage(None)
    await memory_rig.go(120, step=10)
    assert memory_rig.adapter.texts() == ["a", "b"]


async def test_ec_78_after_a_day_of_refusals_a_call_fails_and_the_next_goes(memory_rig: Rig) -> None:
    """EC-78."""
    outage(memory_rig)
    await memory_rig.say("a")
    await memory_rig.go(24 * 3600 + 120, step=600)
    assert await memory_rig.keys(SendState.FAILED) == ["a"]
    memory_rig.adapter.outage(None)
    await memory_rig.say("b", created=24 * 3600 + 120)
    assert memory_rig.adapter.texts() == ["b"]


async def test_a_call_meant_for_next_week_is_not_too_old_when_its_time_comes(rig: Rig) -> None:
    await rig.say("a", not_before=at(7 * 86400))
    rig.adapter.fail(KINDS.RETRY, times=2)
    await rig.go(7 * 86400)
    await rig.go(60, step=5)
    assert rig.adapter.texts() == ["a"]


async def test_a_call_that_was_held_back_for_days_gets_some_tries(rig: Rig) -> None:
    """F24: a person released it, so it is owed, however old it is."""
    await rig.store.run(lambda uow: (uow.outbox.put(text("old")), uow.outbox.hold(epoch="e")))
    await rig.go(3 * 86400)
    assert rig.adapter.calls == []
    rig.adapter.fail(KINDS.RETRY, times=2)
    await rig.store.run(lambda uow: uow.outbox.release())
    await rig.settle()
    await rig.go(60, step=5)
    assert rig.adapter.texts() == ["old"]


# ---------------------------------------------------------------- refusals that stay


@pytest.mark.parametrize("kind", [KINDS.PERMANENT, KINDS.GONE])
async def test_a_final_refusal_is_listed_told_and_holds_up_nobody(rig: Rig, kind: FailureKind) -> None:
    rig.router.outcome(SendText, lambda _, outcome: rig.outcomes.append(outcome))
    rig.adapter.fail(kind)
    await rig.say("a", "b")
    assert rig.adapter.texts() == ["b"]
    [report] = await rig.reports(SendState.FAILED)
    assert (report.key, report.error) == ("a", f"test_{kind.value}")
    assert [(o.state, o.failure) for o in rig.outcomes] == [(SendState.FAILED, kind), (SendState.SENT, None)]


async def test_an_adapter_that_breaks_fails_its_call_only(rig: Rig) -> None:
    def broken(outbound: AnyOutbound) -> PlatformError | None:
        if isinstance(outbound, SendText) and plain(outbound.body) == "a":
            raise ZeroDivisionError
        return None

    rig.adapter.outage(broken)
    await rig.say("a", "b")
    assert rig.adapter.texts() == ["b"]
    [report] = await rig.reports(SendState.FAILED)
    assert (report.key, report.error) == ("a", "ZeroDivisionError")


async def test_while_only_an_administrator_can_help_one_call_a_minute_asks(memory_rig: Rig) -> None:
    """F10: a rotated secret is not hammered on, however much waits; other kinds of calls go on."""
    outage(memory_rig, KINDS.ADMINISTRATOR, only=SendText)
    await memory_rig.put(*(text(f"{n:02d}", lane=f"feishu:l{n:02d}") for n in range(30)))
    first = len(memory_rig.adapter.calls)
    assert first <= 30
    await memory_rig.go(600, step=5)
    assert len(memory_rig.adapter.calls) - first <= 10
    await memory_rig.put(card("卡", key="c"))
    assert memory_rig.adapter.texts() == ["卡"]
    memory_rig.adapter.outage(None)
    await memory_rig.go(180, step=5)
    assert len(memory_rig.adapter.sent) == 31
    assert await memory_rig.keys(SendState.FAILED) == []


async def test_a_card_that_is_refused_as_a_card_goes_out_as_text_and_is_not_edited_later(rig: Rig) -> None:
    rig.router.outcome(SendCard, lambda _, outcome: rig.outcomes.append(outcome))
    outage(rig, KINDS.DEGRADE, only=SendCard)
    await rig.put(card("一", key="k1"))
    await rig.put(card("二", key="k2"))
    assert rig.adapter.texts() == ["一（文字）", "二（文字）"]
    assert [o.receipt is not None and o.receipt.degraded for o in rig.outcomes] == [True, True]


async def test_a_picture_that_is_refused_goes_out_as_the_words_that_stand_for_it(rig: Rig) -> None:
    shown = SendPicture(
        target=ToChat(ChatKey("feishu", "oc_1")), chart=Chart(title="周报", panels=()), alt="图表没能显示"
    )
    await rig.put(replace(text("一"), outbound=shown))
    outage(rig, KINDS.DEGRADE, only=SendPicture)
    wordless = SendPicture(target=shown.target, chart=shown.chart, alt="")
    await rig.put(replace(text("二"), outbound=shown), replace(text("三"), outbound=wordless))
    assert rig.adapter.texts() == ["[周报]", "图表没能显示"]
    assert await rig.keys(SendState.FAILED) == ["三"], "without words there is nothing to say"


# ---------------------------------------------------------------- doubts


async def test_a_keyed_call_with_an_unknown_outcome_is_repeated_and_seen_once(rig: Rig) -> None:
    """F7: executed, but reported as a timeout."""
    rig.adapter.fail(KINDS.UNKNOWN, times=2, after_effect=True)
    await rig.say("a", "b")
    await rig.go(60, step=1)
    assert rig.adapter.texts() == ["a", "b"]
    assert len(rig.adapter.calls) == 4
    assert await rig.keys(SendState.SENT) == ["a", "b"]


async def test_a_keyed_call_is_repeated_for_fifty_minutes_and_then_listed(memory_rig: Rig) -> None:
    memory_rig.router.outcome(SendText, lambda _, outcome: memory_rig.outcomes.append(outcome))
    outage(memory_rig, KINDS.UNKNOWN)
    await memory_rig.say("a")
    await memory_rig.go(49 * 60, step=30)
    assert await memory_rig.keys(SendState.UNKNOWN) == []
    await memory_rig.go(4 * 60, step=30)
    assert await memory_rig.keys(SendState.UNKNOWN) == ["a"]
    calls = len(memory_rig.adapter.calls)
    await memory_rig.go(3600, step=60)
    assert len(memory_rig.adapter.calls) == calls
    assert [(o.state, o.failure) for o in memory_rig.outcomes] == [(SendState.UNKNOWN, KINDS.UNKNOWN)]


async def test_an_unkeyed_call_with_an_unknown_outcome_is_listed_and_never_repeated(rig: Rig) -> None:
    rig.on_platform(keyed_sends=False)
    rig.adapter.fail(KINDS.UNKNOWN, after_effect=True)
    await rig.say("a", "b")
    await rig.go(7200, step=60)
    assert rig.adapter.texts() == ["a", "b"]
    [report] = await rig.reports(SendState.UNKNOWN)
    assert (report.key, report.error) == ("a", "test_unknown")


async def test_where_only_cards_have_a_key_only_cards_are_made_again(rig: Rig) -> None:
    rig.on_platform(keyed_sends=False, keyed_cards=True)
    rig.adapter.fail(KINDS.UNKNOWN)
    await rig.put(card("一", key="k1"))
    await rig.go(120, step=2)
    rig.adapter.fail(KINDS.UNKNOWN)
    await rig.say("a")
    await rig.go(120, step=2)
    assert rig.adapter.texts() == ["一"]
    assert await rig.keys(SendState.UNKNOWN) == ["a"]


async def test_an_important_unkeyed_notice_is_repeated_once_and_marked(rig: Rig) -> None:
    rig.on_platform(keyed_sends=False)
    rig.adapter.fail(KINDS.UNKNOWN, times=2)
    await rig.say("超时", repeat_unknown=True)
    await rig.go(7200, step=60)
    assert len(rig.adapter.calls) == 2
    repeated = rig.adapter.calls[1]
    assert isinstance(repeated, SendText)
    assert plain(repeated.body) == f"{LATE_MARK.text}超时"
    assert await rig.keys(SendState.UNKNOWN) == ["超时"]


async def test_an_alarm_is_not_rung_twice(rig: Rig) -> None:
    ring = Urge(message=MessageKey("feishu", "m1"), accounts=(AccountKey("feishu", "ou_1"),))
    rig.adapter.fail(KINDS.UNKNOWN)
    await rig.put(replace(text("ring"), outbound=ring))
    await rig.go(7200, step=60)
    assert len(rig.adapter.calls) == 1
    assert await rig.keys(SendState.UNKNOWN) == ["ring"]


async def test_an_edit_with_an_unknown_outcome_is_simply_made_again(rig: Rig) -> None:
    rig.on_platform(card_update=True, keyed_sends=False)
    await rig.put(card("一", key="k1"))
    rig.adapter.fail(KINDS.UNKNOWN, times=3, after_effect=True)
    await rig.put(card("二", key="k2"))
    await rig.go(120, step=2)
    assert await rig.keys(SendState.SENT) == ["k1", "k2"]
    assert set(rig.adapter.texts()[1:]) == {"二 (edited)"}


@pytest.mark.parametrize("keyed", [True, False])
async def test_a_process_that_died_between_call_and_settlement_repeats_only_where_that_is_seen(
    rig: Rig, keyed: bool
) -> None:
    """F1: the lease runs out, and the next process knows that the call may have been made."""
    rig.on_platform(keyed_sends=keyed)

    await rig.store.run(lambda uow: [uow.outbox.put(text(word)) for word in ("a", "b")])
    [entry] = await rig.store.run(lambda uow: uow.outbox.claim(platform="feishu", now=NOW, lease=60, limit=9))
    assert await rig.store.run(lambda uow: uow.outbox.tried(entry, now=NOW))
    await rig.go(59)
    assert rig.adapter.calls == []
    await rig.go(2)
    assert rig.adapter.texts() == (["a", "b"] if keyed else ["b"])
    assert await rig.keys(SendState.UNKNOWN) == ([] if keyed else ["a"])


async def test_a_process_that_died_before_the_call_costs_nothing(rig: Rig) -> None:
    rig.on_platform(keyed_sends=False)
    await rig.store.run(lambda uow: uow.outbox.put(text("a")))
    await rig.store.run(lambda uow: uow.outbox.claim(platform="feishu", now=NOW, lease=60, limit=9))
    await rig.go(61)
    assert rig.adapter.texts() == ["a"]


# ---------------------------------------------------------------- is it still owed


async def test_what_is_not_owed_any_more_is_dropped_right_before_it_goes(rig: Rig) -> None:
    asked: list[str] = []

    def is_running(_: Context, ref: str) -> bool:
        asked.append(ref)
        return ref != "HF-2"

    rig.router.recheck("running", is_running)
    await rig.say("催一", recheck="running", ref="HF-1")
    await rig.say("催二", recheck="running", ref="HF-2")
    assert rig.adapter.texts() == ["催一"]
    assert asked == ["HF-1", "HF-2"]
    [report] = await rig.reports(SendState.DROPPED)
    assert (report.key, report.error) == ("催二", "not owed any more")


async def test_after_a_refusal_it_is_asked_again(rig: Rig) -> None:
    """P4: after an outage only what is still owed goes out."""
    owed = [True, False]
    rig.router.recheck("running", lambda _, __: owed.pop(0))
    rig.adapter.fail(KINDS.RETRY)
    await rig.say("催", "好", recheck="")
    await rig.go(10, step=1)
    await rig.say("催二", recheck="running")
    rig.adapter.fail(KINDS.RETRY)
    assert owed == [False]
    await rig.say("催三", recheck="running")
    assert await rig.keys(SendState.DROPPED) == ["催三"]


async def test_after_a_doubt_it_is_not_asked_again(rig: Rig) -> None:
    """It may stand in the chat already; the repetition with the same key settles that."""
    owed = [True, False]
    rig.router.recheck("running", lambda _, __: owed.pop(0))
    rig.adapter.fail(KINDS.UNKNOWN, after_effect=True)
    await rig.say("催", recheck="running")
    await rig.go(10, step=1)
    assert await rig.keys(SendState.SENT) == ["催"]
    assert owed == [False]


async def test_a_check_that_breaks_concerns_its_own_call_only(memory_rig: Rig) -> None:
    def broken(_: Context, ref: str) -> bool:
        raise LookupError(ref)

    memory_rig.router.recheck("broken", broken)
    await memory_rig.store.run(
        lambda uow: uow.outbox.put(text("nobody registered this", lane="feishu:x", recheck="missing"))
    )
    await memory_rig.say("bad", recheck="broken")
    await memory_rig.say("good", lane="feishu:other")
    assert memory_rig.adapter.texts() == ["good"]
    assert {r.error for r in await memory_rig.reports(SendState.PENDING)} == {"LookupError", "KeyError"}
    await memory_rig.go(86400 + 120, step=600)
    assert sorted(await memory_rig.keys(SendState.FAILED)) == ["bad", "nobody registered this"]


# ---------------------------------------------------------------- cards


async def test_a_card_is_sent_once_and_edited_from_then_on(rig: Rig) -> None:
    for number, title in enumerate("一二三"):
        await rig.put(card(title, key=f"k{number}"))
    assert rig.adapter.texts() == ["一", "二 (edited)", "三 (edited)"]
    assert {one.message for one in rig.adapter.sent} == {rig.adapter.sent[0].message}
    [post] = await rig.store.read(lambda uow: uow.cards.find())
    assert (post.card_id, post.lane, post.message, post.serial) == (
        "c1",
        "feishu:oc_1",
        rig.adapter.sent[0].message,
        3,
    )


async def test_the_same_card_in_two_chats_is_two_messages(rig: Rig) -> None:
    await rig.put(card("一", key="a"), card("一", key="b", chat="oc_2"))
    await rig.put(card("二", key="c"), card("二", key="d", chat="oc_2"))
    for lane in ("feishu:oc_1", "feishu:oc_2"):
        assert rig.adapter.texts(lane) == ["一", "二 (edited)"]


@pytest.mark.slow
async def test_a_backlog_of_states_costs_one_edit(rig: Rig) -> None:
    await rig.put(card("零", key="k"))
    outage(rig)
    for number in range(20):
        await rig.put(card(f"第{number}", key=f"k{number}"))
        await rig.go(3)
    rig.adapter.outage(None)
    await rig.go(120, step=5)
    assert rig.adapter.texts() == ["零", "第19 (edited)"]


async def test_a_card_whose_message_is_gone_is_sent_anew_in_the_same_place(rig: Rig) -> None:
    await rig.put(card("一", key="k1"))
    message = rig.adapter.sent[0].message
    assert message is not None
    rig.adapter.gone.add(message)
    await rig.put(card("二", key="k2"), text("后来"))
    await rig.put(card("三", key="k3"))
    assert rig.adapter.texts() == ["一", "二", "后来", "三 (edited)"]
    assert rig.adapter.sent[3].message == rig.adapter.sent[1].message
    assert await rig.keys(SendState.FAILED) == []


async def test_when_the_chat_is_gone_too_the_card_fails_once(rig: Rig) -> None:
    await rig.put(card("一", key="k1"))
    outage(rig, KINDS.GONE)
    await rig.put(card("二", key="k2"))
    assert await rig.keys(SendState.FAILED) == ["k2"]
    assert len(rig.adapter.calls) == 3


async def test_an_older_state_sent_anew_does_not_take_the_place_of_a_newer_one(rig: Rig) -> None:
    await rig.put(card("一", key="k1"))
    message = rig.adapter.sent[0].message
    assert message is not None
    gate = rig.adapter.hold()
    rig.adapter.gone.add(message)
    await rig.store.run(lambda uow: uow.outbox.put(card("二", key="k2")))
    await rig.delivery.send_some()
    await rig.store.run(lambda uow: uow.outbox.put(card("三", key="k3")))
    gate.set()
    await rig.settle()
    assert rig.adapter.texts()[-1] == "三 (edited)"


async def test_after_fourteen_days_a_card_is_sent_again(rig: Rig) -> None:
    rig.on_platform(card_update=True, card_edit_seconds=14 * 86400, keyed_sends=True)
    await rig.put(card("一", key="k1"))
    await rig.go(14 * 86400 - 1)
    await rig.put(card("二", key="k2"))
    await rig.go(1)
    await rig.put(card("三", key="k3"))
    await rig.go(86400)
    await rig.put(card("四", key="k4"))
    assert rig.adapter.texts() == ["一", "二 (edited)", "三", "四 (edited)"]
    assert rig.adapter.sent[3].message == rig.adapter.sent[2].message


async def test_where_cards_cannot_be_edited_each_state_is_a_card(rig: Rig) -> None:
    rig.on_platform(card_update=False, keyed_sends=True)
    await rig.put(card("一", key="k1"))
    await rig.put(card("二", key="k2"))
    assert rig.adapter.texts() == ["一", "二"]


async def test_an_edit_that_a_handler_asked_for_fails_when_its_message_is_gone(rig: Rig) -> None:
    await rig.put(card("一", key="k1"))
    sent = rig.adapter.sent[0]
    assert isinstance(sent.outbound, SendCard)
    assert sent.message is not None
    rig.adapter.gone.add(sent.message)
    edit = EditCard(target=sent.outbound.target, card_id="c1", message=sent.message, card=sent.outbound.card)
    await rig.put(replace(text("edit"), outbound=edit))
    assert await rig.keys(SendState.FAILED) == ["edit"]
    await rig.put(card("二", key="k2"))
    assert rig.adapter.texts() == ["一", "二"]


# ---------------------------------------------------------------- limits


@pytest.mark.slow
async def test_a_thousand_messages_keep_to_the_limits(rig: Rig) -> None:
    """F8, in small: five a second per chat, eight in all; nothing is lost, order is kept, no limit is exceeded."""
    rig.adapter.limits = (("chat:{lane}", 200, 5), ("app", 125, 8))
    await rig.put(*(text(f"{n:02d}", lane=f"feishu:l{n % 3}") for n in range(60)))
    await rig.go(12, step=0.1)
    assert len(rig.adapter.sent) == 60
    for lane in ("feishu:l0", "feishu:l1", "feishu:l2"):
        assert rig.adapter.texts(lane) == sorted(rig.adapter.texts(lane))
    for one in rig.adapter.sent:
        second = [s for s in rig.adapter.sent if timedelta() <= s.at - one.at < timedelta(seconds=1)]
        assert len(second) <= 16
        assert len([s for s in second if s.lane == one.lane]) <= 10


async def test_a_limit_that_says_no_takes_nothing_from_the_others(rig: Rig) -> None:
    rig.adapter.limits = (("chat:{lane}", 60_000, 1), ("app", 60_000, 1))
    await rig.say("a", lane="feishu:a")
    await rig.say("b", lane="feishu:b")
    assert rig.adapter.texts() == ["a"]
    await rig.go(60)
    assert rig.adapter.texts() == ["a", "b"]


async def test_urgent_calls_overtake_chatter_of_other_lanes_when_the_limit_is_short(rig: Rig) -> None:
    rig.adapter.limits = (("app", 1000, 1),)
    await rig.put(
        *(text(f"闲聊{n}", lane=f"feishu:l{n}", priority=7) for n in range(5)),
        text("超时", lane="feishu:z", priority=1),
    )
    await rig.go(2, step=0.5)
    assert "超时" in rig.adapter.texts()[:2]


async def test_limits_survive_a_restart(rig: Rig) -> None:
    rig.adapter.limits = (("app", 60_000, 1),)
    await rig.say("a")
    await rig.store.run(lambda uow: uow.outbox.put(text("b")))
    fresh = Delivery(rig.engine, rig.adapter)
    await fresh.send_some()
    await fresh.idle()
    assert rig.adapter.texts() == ["a"]


# ---------------------------------------------------------------- handlers of outcomes


async def test_what_became_of_a_call_is_told_in_the_settling_transaction(rig: Rig) -> None:
    def note(context: Context, outcome: Outcome) -> None:
        assert outcome.receipt is not None
        context.uow.settings.add(Setting(name=outcome.envelope.key, body=str(outcome.receipt.message)))

    rig.router.outcome(SendText, note)
    await rig.say("a")
    [kept] = await rig.store.read(lambda uow: uow.settings.find())
    assert (kept.name, kept.body) == ("a", str(rig.adapter.sent[0].message))


async def test_a_handler_that_breaks_undoes_its_own_part_and_the_call_is_settled(rig: Rig) -> None:
    """The message stands in the chat; sending it again would not mend the handler."""

    def broken(context: Context, outcome: Outcome) -> None:
        context.uow.settings.add(Setting(name=outcome.envelope.key, body=""))
        raise ZeroDivisionError

    rig.router.outcome(SendText, broken)
    await rig.say("a", "b")
    await rig.go(600, step=60)
    assert rig.adapter.texts() == ["a", "b"]
    assert await rig.keys(SendState.SENT) == ["a", "b"]
    assert await rig.store.read(lambda uow: uow.settings.find()) == []


async def test_a_handler_that_is_always_too_late_does_not_keep_the_call_from_being_settled(rig: Rig) -> None:
    def always_stale(context: Context, _: Outcome) -> None:
        context.uow.settings.put(Setting(name="never there", body=""))

    rig.router.outcome(SendText, always_stale)
    await rig.say("a")
    assert await rig.keys(SendState.SENT) == ["a"]


async def test_an_outcome_is_written_when_the_store_is_back(rig: Rig) -> None:
    gate = rig.adapter.hold()
    await rig.store.run(lambda uow: uow.outbox.put(text("a")))
    await rig.delivery.send_some()
    rig.store.refuse = 1
    gate.set()
    await rig.settle()
    assert await rig.keys(SendState.SENT) == ["a"]
    assert len(rig.adapter.calls) == 1


async def test_an_outcome_waits_for_the_store_as_long_as_it_takes(memory_rig: Rig) -> None:
    """F3: what is known must not become a doubt; the claim runs out meanwhile and is renewed."""
    rig = memory_rig
    rig.on_platform(keyed_sends=False)
    gate = rig.adapter.hold()
    await rig.store.run(lambda uow: [uow.outbox.put(text(word)) for word in ("a", "b")])
    await rig.delivery.send_some()
    rig.store.is_away = True
    gate.set()
    await rig.idle_loop()
    rig.clock.move(at(600))
    assert await rig.delivery.send_some() == 0
    rig.store.is_away = False
    await rig.settle()
    assert rig.adapter.texts() == ["a", "b"]
    assert await rig.keys(SendState.SENT) == ["a", "b"]


# ---------------------------------------------------------------- a call that never ends


async def test_a_call_that_never_ends_is_given_up_as_unknown(rig: Rig) -> None:
    """Whatever an adapter does: its lane goes on, and nobody claims to know what became of the call."""
    rig.delivery = Delivery(rig.engine, rig.adapter, call_seconds=0.02, seed=1)
    rig.on_platform(keyed_sends=False)
    gate = rig.adapter.hold()
    await rig.store.run(lambda uow: uow.outbox.put(text("a")))
    await rig.settle()
    [report] = await rig.reports(SendState.UNKNOWN)
    assert (report.key, report.error) == ("a", "timeout")
    gate.set()
    await rig.say("b")
    assert rig.adapter.texts() == ["b"]


async def test_a_call_that_does_not_end_does_not_keep_the_program_from_ending(rig: Rig) -> None:
    """P8: the next process takes the call over when its claim is over, and the platform recognises the repetition."""
    rig.delivery = Delivery(rig.engine, rig.adapter, landing_seconds=0.02, seed=1)
    gate = rig.adapter.hold()
    await rig.store.run(lambda uow: uow.outbox.put(text("a")))
    pump = asyncio.create_task(rig.delivery.run())
    while not rig.adapter.calls:
        await rig.idle_loop()
    pump.cancel()
    async with asyncio.timeout(60):
        await asyncio.gather(pump, return_exceptions=True)
    gate.set()
    rig.delivery = Delivery(rig.engine, rig.adapter, seed=1)
    await rig.go(61)
    assert rig.adapter.texts() == ["a"]
    assert await rig.keys(SendState.SENT) == ["a"]


# ---------------------------------------------------------------- shadow


async def test_in_shadow_everything_is_decided_and_recorded_and_nothing_is_sent(rig: Rig) -> None:
    rig.delivery = Delivery(rig.engine, rig.adapter, is_shadow=True)
    ring = Urge(message=MessageKey("feishu", "m1"), accounts=(AccountKey("feishu", "ou_1"),))
    await rig.put(text("a"), card("一", key="k1"), replace(text("ring"), outbound=ring))
    await rig.go(3600, step=600)
    assert rig.adapter.calls == []
    reports = await rig.reports(SendState.DROPPED)
    assert {(r.key, r.error) for r in reports} == {("a", "shadow"), ("k1", "shadow"), ("ring", "shadow")}
    assert await rig.keys(SendState.PENDING) == []


# ---------------------------------------------------------------- a new process


async def test_a_new_process_goes_on_at_once_with_what_the_dead_one_had_in_hand(sqlite_database: Database) -> None:
    """F1: a SQLite file belongs to one process, so the claims of the one before it are void; no lease is waited for."""
    first = Rig(await sqlite_database.open())
    await first.store.run(lambda uow: [uow.outbox.put(text(word)) for word in ("a", "b")])
    await first.store.run(lambda uow: uow.outbox.put(text("c", lane="feishu:other")))
    await first.store.accept([update(1), update(2)], now=NOW)
    claimed = await first.store.run(lambda uow: uow.outbox.claim(platform="feishu", now=NOW, lease=60, limit=9))
    await first.store.run(lambda uow: uow.outbox.tried(claimed[0], now=NOW))
    await first.store.run(lambda uow: uow.inbox.claim(now=NOW, lease=30, limit=9))
    await first.store.run(lambda uow: uow.leases.take("wecom", holder="first", now=NOW, seconds=60))
    await first.store.close()

    second = Rig(await sqlite_database.open())
    second.on_platform(keyed_sends=False)
    await second.settle()
    assert sorted(second.adapter.texts()) == ["b", "c"]
    assert await second.keys(SendState.UNKNOWN) == ["a"]  # handed to the platform, and nobody knows what became of it
    assert (await second.look(lambda uow: uow.inbox.pending()))[0] == 0
    fence = await second.write(lambda uow: uow.leases.take("wecom", holder="second", now=NOW, seconds=60))
    assert fence == 2
    assert not await second.write(lambda uow: uow.outbox.settle(claimed[1], state=SendState.SENT, now=NOW))
    await second.store.close()
