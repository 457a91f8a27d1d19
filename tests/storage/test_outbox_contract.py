"""Outgoing calls: lanes in order, one in flight each, fenced, coalesced, limited (P3, F7, F8, F20)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from bot.domain.chart import Bar, Chart, Panel, Series, Tone
from bot.domain.ids import MessageKey
from bot.messages import AnyOutbound, Card, CardColour, EditCard, SendCard, SendPicture, SendText, Text, ToChat
from bot.ports import OutboxEntry, SendState, Store, UnitOfWork
from tests.storage.samples import CHAT, NOW, at, envelope


async def put(store: Store, *keys: str, lane: str = "feishu:oc_1", **more: object) -> list[bool]:
    """Put envelopes of these keys into a lane."""
    return await store.run(lambda uow: [uow.outbox.put(envelope(key, lane=lane, **more)) for key in keys])  # type: ignore[arg-type]


async def claim(
    store: Store, seconds: float = 0, *, limit: int = 10, lease: float = 60, platform: str = "feishu"
) -> list[OutboxEntry]:
    """Claim in a transaction of its own."""
    return await store.run(lambda uow: uow.outbox.claim(platform=platform, now=at(seconds), lease=lease, limit=limit))


async def settle(
    store: Store,
    entry: OutboxEntry,
    state: SendState = SendState.SENT,
    *,
    seconds: float = 0,
    error: str = "",
    retry: float | None = None,
    free: float | None = None,
    had_no_effect: bool = False,
) -> bool:
    """Settle in a transaction of its own."""
    return await store.run(
        lambda uow: uow.outbox.settle(
            entry,
            state=state,
            now=at(seconds),
            error=error,
            retry_at=None if retry is None else at(retry),
            lane_free_at=None if free is None else at(free),
            had_no_effect=had_no_effect,
        )
    )


async def tried(store: Store, entry: OutboxEntry, seconds: float = 0) -> bool:
    """Mark as handed to the platform."""
    return await store.run(lambda uow: uow.outbox.tried(entry, now=at(seconds)))


async def next_due(store: Store, platform: str = "feishu") -> datetime | None:
    """When the next call may go."""
    return await store.read(lambda uow: uow.outbox.next_due(platform=platform))


def keys(entries: list[OutboxEntry]) -> list[str]:
    """Keys of claimed calls."""
    return [entry.envelope.key for entry in entries]


async def test_an_envelope_comes_out_as_it_went_in(store: Store) -> None:
    sent = replace(
        envelope("k", not_before=at(5)), recheck="clock", ref="HF-2026-0001", repeat_unknown=True, priority=2
    )
    assert await store.run(lambda uow: uow.outbox.put(sent))
    [entry] = await claim(store, 5)
    assert entry.envelope == sent
    assert (entry.attempts, entry.first_tried_at) == (1, None)


async def test_a_key_is_taken_once_whatever_became_of_the_first(store: Store) -> None:
    assert await put(store, "a", "a") == [True, False]
    [entry] = await claim(store)
    assert await settle(store, entry)
    assert await put(store, "a", lane="feishu:oc_2") == [False]
    assert await claim(store) == []


async def test_a_lane_goes_one_by_one_in_order(store: Store) -> None:
    await put(store, "a", "b", "c")
    order: list[str] = []
    for _ in range(3):
        [entry] = await claim(store)
        assert await claim(store) == []
        order += keys([entry])
        assert await settle(store, entry)
    assert order == ["a", "b", "c"]
    assert await claim(store) == []


async def test_lanes_do_not_wait_for_each_other_and_priority_goes_before_age(store: Store) -> None:
    await put(store, "a1", "a2", lane="feishu:a", priority=5)
    await put(store, "b1", lane="feishu:b", priority=5, created=-10)
    await put(store, "c1", lane="feishu:c", priority=1)
    await put(store, "d1", lane="feishu:d", priority=9)
    assert keys(await claim(store, limit=3)) == ["c1", "b1", "a1"]
    assert keys(await claim(store)) == ["d1"]


async def test_priority_never_overtakes_within_a_lane(store: Store) -> None:
    await put(store, "late", priority=9)
    await put(store, "urgent", priority=1)
    assert keys(await claim(store)) == ["late"]


async def test_a_platform_gets_its_own_calls_only(store: Store) -> None:
    await put(store, "f", lane="feishu:x")
    await put(store, "w", lane="wecom:x", platform="wecom")
    assert keys(await claim(store, platform="wecom")) == ["w"]
    assert keys(await claim(store, platform="dingtalk")) == []
    assert keys(await claim(store)) == ["f"]


async def test_nothing_goes_before_its_time_and_its_lane_waits_with_it(store: Store) -> None:
    await put(store, "a", not_before=at(10.0004))
    await put(store, "b")
    assert await next_due(store) == at(10.001)
    assert await claim(store, 10) == []
    assert keys(await claim(store, 10.001)) == ["a"]


async def test_next_due_is_the_end_of_a_lease_while_a_lane_is_claimed(store: Store) -> None:
    assert await next_due(store) is None
    await put(store, "a", "b")
    assert await next_due(store) == NOW
    [entry] = await claim(store, lease=60)
    assert await next_due(store) == at(60)
    await settle(store, entry)
    assert await next_due(store) == NOW
    assert await next_due(store, "wecom") is None


async def test_a_late_settlement_changes_nothing(store: Store) -> None:
    """F20: the sender that slept through its lease must not write."""
    await put(store, "a", "b")
    [old] = await claim(store, lease=60)
    assert await claim(store, 59.9) == []
    [new] = await claim(store, 60)
    assert keys([new]) == ["a"]
    assert new.attempts == 2
    assert not await tried(store, old, 61)
    assert not await settle(store, old, SendState.FAILED)
    assert not await settle(store, old, SendState.PENDING, retry=61)
    assert await tried(store, new, 61)
    assert await settle(store, new)
    assert not await settle(store, new)
    assert keys(await claim(store, 62)) == ["b"]


async def test_a_call_given_back_keeps_its_place_and_waits(store: Store) -> None:
    await put(store, "a", "b")
    [entry] = await claim(store)
    assert await tried(store, entry)
    assert await settle(store, entry, SendState.PENDING, error="99991400", retry=3)
    assert await claim(store, 2.9) == []
    [again] = await claim(store, 3)
    assert (keys([again]), again.attempts, again.first_tried_at) == (["a"], 2, NOW)
    [report] = [r for r in await store.read(lambda uow: uow.outbox.reports(SendState.PENDING)) if r.key == "a"]
    assert (report.error, report.attempts, report.kind, report.lane) == ("99991400", 2, "SendText", "feishu:oc_1")


async def test_a_refused_try_leaves_no_doubt_behind_but_an_earlier_doubt_stays(store: Store) -> None:
    await put(store, "a")
    [first] = await claim(store)
    await tried(store, first, 1)
    await settle(store, first, SendState.PENDING, retry=2, had_no_effect=True)
    [second] = await claim(store, 2)
    assert (second.attempts, second.first_tried_at) == (2, None)
    await tried(store, second, 3)
    await settle(store, second, SendState.PENDING, retry=4)
    [third] = await claim(store, 4)
    await tried(store, third, 5)
    await settle(store, third, SendState.PENDING, retry=6, had_no_effect=True)
    [fourth] = await claim(store, 6)
    assert (fourth.attempts, fourth.first_tried_at) == (4, at(3))


async def test_waiting_for_a_rate_limit_is_no_attempt(store: Store) -> None:
    await put(store, "a")
    for second in range(5):
        [entry] = await claim(store, second)
        assert (entry.attempts, entry.first_tried_at) == (1, None)
        await settle(store, entry, SendState.PENDING, retry=second + 1)


async def test_a_lane_can_be_told_to_pause(store: Store) -> None:
    await put(store, "a", "b")
    [entry] = await claim(store)
    await settle(store, entry, free=7)
    assert await next_due(store) == at(7)
    assert await claim(store, 6.9) == []
    [second] = await claim(store, 7)
    await settle(store, second, free=5)
    await put(store, "c")
    assert keys(await claim(store, 7)) == ["c"]
    await put(store, "d", lane="feishu:other")
    assert keys(await claim(store, 7)) == ["d"]


async def test_finished_calls_are_listed_by_what_became_of_them(store: Store) -> None:
    outcomes = [SendState.SENT, SendState.FAILED, SendState.UNKNOWN, SendState.DROPPED]
    for number, state in enumerate(outcomes):
        await put(store, f"k{number}", created=number)
        [entry] = await claim(store, number)
        assert await settle(store, entry, state, error=f"e{number}")
    for number, state in enumerate(outcomes):
        [report] = await store.read(lambda uow, s=state: uow.outbox.reports(s))  # type: ignore[misc]
        assert (report.key, report.state, report.error, report.created_at) == (
            f"k{number}",
            state,
            f"e{number}",
            at(number),
        )
    await put(store, "newer", "newest", created=50)
    waiting = await store.read(lambda uow: uow.outbox.reports(SendState.PENDING))
    assert [r.key for r in waiting] == ["newest", "newer"]
    assert [r.key for r in await store.read(lambda uow: uow.outbox.reports(SendState.PENDING, limit=1))] == ["newest"]


async def test_pending_counts_what_waits_but_not_what_is_meant_for_later(store: Store) -> None:
    await put(store, "a", created=3)
    await put(store, "b", created=2, lane="feishu:b")
    await put(store, "tomorrow", created=1, lane="feishu:c", not_before=at(86400))
    assert await store.read(lambda uow: uow.outbox.pending()) == (2, at(2))


async def test_a_newer_state_takes_the_place_of_a_waiting_older_one(store: Store) -> None:
    """F8: a backlog costs one edit a card."""
    await put(store, "first")
    await put(store, "v1", coalesce="card", words="一")
    await put(store, "between")
    assert await put(store, "v2", coalesce="card", words="二") == [True]
    assert await put(store, "v3", coalesce="card", words="三") == [True]
    assert await put(store, "v1", coalesce="card", words="一") == [False]
    order: list[str] = []
    for second in range(3):
        [entry] = await claim(store, second)
        order += keys([entry])
        await settle(store, entry)
        if entry.envelope.key == "v3":
            assert entry.envelope.outbound == SendText(target=ToChat(CHAT), body=(Text("三"),))
    assert order == ["first", "v3", "between"]
    dropped = await store.read(lambda uow: uow.outbox.reports(SendState.DROPPED))
    assert {r.key for r in dropped} == {"v1", "v2"}


async def test_what_only_replaces_takes_a_waiting_place_or_none(store: Store) -> None:
    def replaces(key: str) -> Callable[[UnitOfWork], bool]:
        newer = replace(envelope(key), coalesce="words")
        return lambda uow: uow.outbox.put(newer, only_replacing=True)

    assert await store.run(replaces("v0")) is False, "nothing waits yet"
    await put(store, "v1", coalesce="words")
    assert await store.run(replaces("v2")) is True
    assert await store.run(replaces("v2")) is False
    [entry] = await claim(store)
    assert keys([entry]) == ["v2"]
    assert await store.run(replaces("v3")) is False, "it is on its way"
    await settle(store, entry)
    assert await store.run(replaces("v4")) is False, "it was said"
    assert (await store.read(lambda uow: uow.outbox.pending()))[0] == 0


async def test_a_state_that_is_on_its_way_or_may_have_arrived_is_not_replaced(store: Store) -> None:
    await put(store, "v1", coalesce="card")
    [entry] = await claim(store)
    await put(store, "v2", coalesce="card")
    await tried(store, entry)
    await settle(store, entry, SendState.PENDING, retry=1)
    await put(store, "v3", coalesce="card")
    [again] = await claim(store, 1)
    assert keys([again]) == ["v1"]
    await settle(store, again)
    [newest] = await claim(store, 2)
    assert keys([newest]) == ["v3"]


async def test_a_state_that_was_refused_can_be_replaced(store: Store) -> None:
    await put(store, "v1", coalesce="card")
    [entry] = await claim(store)
    await tried(store, entry)
    await settle(store, entry, SendState.PENDING, retry=9, had_no_effect=True)
    await put(store, "v2", coalesce="card")
    [newest] = await claim(store, 1)
    assert (keys([newest]), newest.attempts) == (["v2"], 1)


async def test_different_things_do_not_replace_each_other(store: Store) -> None:
    await put(store, "a", coalesce="card a")
    await put(store, "b", coalesce="card b")
    await put(store, "c")
    await put(store, "d")
    assert (await store.read(lambda uow: uow.outbox.pending()))[0] == 4


async def test_cards_and_pictures_survive_the_trip(store: Store) -> None:
    """A picture is its figures: nothing but the row has to outlive a restart."""
    bar = Bar(label="质量", values=(5.0, 1.0), note="83.3%", tone=Tone.GOOD)
    panel = Panel(
        title="响应", series=(Series(name="按时", tone=Tone.GOOD),), bars=(bar,), most=100.0, is_counted=False
    )
    chart = Chart(title="周报", subtitle="截至现在", panels=(panel,), footer="回音")
    card = Card(kind="clock", title="回复", state="等待", colour=CardColour.WAITING, fallback=(Text("文"),))
    calls: tuple[AnyOutbound, ...] = (
        SendCard(target=ToChat(CHAT), card_id="c", card=card),
        EditCard(target=ToChat(CHAT), card_id="c", message=MessageKey("feishu", "om"), card=card),
        SendPicture(target=ToChat(CHAT), chart=chart, alt="图表没能显示"),
    )
    for number, call in enumerate(calls):
        one = replace(envelope(f"k{number}"), outbound=call)
        await store.run(lambda uow, e=one: uow.outbox.put(e))  # type: ignore[misc]
        [entry] = await claim(store)
        assert entry.envelope == one
        await settle(store, entry)


async def test_finished_calls_are_purged_and_waiting_ones_never(store: Store) -> None:
    await put(store, "done", created=0)
    [entry] = await claim(store)
    await settle(store, entry)
    await put(store, "waits", created=0)
    assert await store.run(lambda uow: uow.outbox.purge(before=NOW)) == 0
    assert await store.run(lambda uow: uow.outbox.purge(before=at(1))) == 1
    assert keys(await claim(store)) == ["waits"]


# ---------------------------------------------------------------- budgets


async def take(store: Store, seconds: float, *, name: str = "chat", period: int = 200, burst: int = 5) -> float:
    """Seconds after NOW at which a call that asks now may go."""
    may_go = await store.run(lambda uow: uow.outbox.take_budget(name, now=at(seconds), period_ms=period, burst=burst))
    return (may_go - NOW).total_seconds()


async def test_a_budget_lets_a_burst_through_and_then_one_a_period(store: Store) -> None:
    assert [await take(store, 0) for _ in range(5)] == [0] * 5
    assert await take(store, 0) == pytest.approx(0.2)
    assert await take(store, 0.1) == pytest.approx(0.2)
    assert await take(store, 0.2) == pytest.approx(0.2)
    assert await take(store, 0.2) == pytest.approx(0.4)
    assert [await take(store, 100) for _ in range(6)] == pytest.approx([100] * 5 + [100.2])


async def test_budgets_do_not_know_each_other(store: Store) -> None:
    assert await take(store, 0, name="a", burst=1) == 0
    assert await take(store, 0, name="b", burst=1) == 0
    assert await take(store, 0, name="a", burst=1) == pytest.approx(0.2)


async def test_over_any_window_no_more_goes_than_the_budget_allows(store: Store) -> None:
    went: list[float] = []
    second = 0.0
    while second < 4:
        may_go = await take(store, second, period=200, burst=5)
        if may_go <= second:
            went.append(second)
        else:
            second = max(may_go, second + 0.05)
    for start in went:
        assert sum(start <= one < start + 1 for one in went) <= 10
    assert len(went) == pytest.approx(5 + 4 * 5, abs=1)


async def test_a_clock_that_was_a_day_ahead_does_not_close_a_budget_for_a_day(store: Store) -> None:
    """F16: after the clock was set back, the limit starts afresh instead of waiting for the other time."""
    assert await take(store, 86_400) == 86_400
    assert await take(store, 0) == 0


# ---------------------------------------------------------------- after a restore


async def test_held_calls_wait_for_a_person_and_new_ones_do_not(store: Store) -> None:
    """F24."""
    await put(store, "old1", "old2")
    await put(store, "busy", lane="feishu:b")
    assert await store.run(lambda uow: uow.outbox.hold(epoch="e1")) == 3
    assert await claim(store) == []
    assert await next_due(store) is None
    assert await put(store, "old1") == [False]
    await put(store, "new")
    [entry] = await claim(store)
    assert keys([entry]) == ["new"]
    assert await store.read(lambda uow: uow.outbox.held()) == 3
    assert await store.run(lambda uow: uow.outbox.release()) == 3
    assert await store.read(lambda uow: uow.outbox.held()) == 0
    assert await store.run(lambda uow: uow.outbox.release()) == 0
    assert keys(await claim(store)) == ["busy"]
    await settle(store, entry)
    assert keys(await claim(store)) == ["old1"]


async def test_after_a_restore_what_comes_from_the_past_is_held_too(store: Store) -> None:
    """F24: old timers and old updates go on, but they make no call before a person confirmed."""

    async def put_because_of(key: str, cause: float | None) -> None:
        def work(uow: UnitOfWork) -> None:
            uow.outbox.caused_at(None if cause is None else at(cause))
            uow.outbox.put(envelope(key, lane=f"feishu:{key}"))

        await store.run(work)

    await store.run(lambda uow: uow.outbox.hold(epoch="e1", before=at(100)))
    await put_because_of("yesterday", 50)
    await put_because_of("at the restore", 100)
    await put_because_of("today", 100.001)
    await put_because_of("now", None)
    assert sorted(keys(await claim(store, 200))) == ["now", "today"]
    assert await store.run(lambda uow: uow.outbox.release()) == 2
    await put_because_of("afterwards", 50)
    assert sorted(keys(await claim(store, 200))) == ["afterwards", "at the restore", "yesterday"]


async def test_a_newer_state_of_a_held_card_takes_its_place_and_goes(store: Store) -> None:
    await put(store, "v1", coalesce="card")
    await store.run(lambda uow: uow.outbox.hold(epoch="e1"))
    await put(store, "v2", coalesce="card")
    assert keys(await claim(store)) == ["v2"]
    assert await store.run(lambda uow: uow.outbox.release()) == 0
