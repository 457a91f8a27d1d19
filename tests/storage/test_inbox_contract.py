"""Accepted updates: every store takes each once, hands it out in order, and loses none (P1, P2, F22)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.ports import Inbox, InboxEntry, Store
from bot.updates import MessageReceived
from tests.storage.samples import NOW, at, update


def claim(inbox: Inbox, seconds: float = 0, *, limit: int = 10, lease: float = 30) -> list[InboxEntry]:
    """Claim so many seconds after NOW."""
    return inbox.claim(now=at(seconds), lease=lease, limit=limit)


def ids(entries: list[InboxEntry]) -> list[str]:
    """Business ids of claimed updates."""
    return [entry.update.source.business_id for entry in entries if entry.update is not None]


async def claimed(store: Store, seconds: float = 0, *, limit: int = 10, lease: float = 30) -> list[InboxEntry]:
    """Claim in a transaction of its own."""
    return await store.run(lambda uow: claim(uow.inbox, seconds, limit=limit, lease=lease))


async def test_an_update_comes_out_as_it_went_in(store: Store) -> None:
    sent = update(1, text="请物流部回复\ue0000\ue001 😀")
    assert await store.accept([sent], now=NOW) == [True]
    [entry] = await claimed(store)
    assert entry.update == sent
    assert entry.attempts == 1


async def test_a_known_business_id_changes_nothing(store: Store) -> None:
    assert await store.accept([update(1), update(2), update(1)], now=NOW) == [True, True, False]
    assert await store.accept([update(1, text="anders"), update(3)], now=at(3600)) == [False, True]
    assert ids(await claimed(store, 3600)) == ["om_1", "om_2", "om_3"]


async def test_the_same_id_of_another_platform_is_another_update(store: Store) -> None:
    assert await store.accept([update(1), update(1, platform="wecom")], now=NOW) == [True, True]


async def test_a_handled_update_stays_known_for_seven_days_and_is_forgotten_on_request(store: Store) -> None:
    """P2, F11: a repetition after six hours or six days has no second effect."""
    await store.accept([update(1)], now=NOW)
    [entry] = await claimed(store)
    assert await store.run(lambda uow: uow.inbox.done(entry, now=at(1)))
    assert await store.accept([update(1)], now=at(6 * 3600 + 600)) == [False]
    assert await store.run(lambda uow: uow.inbox.purge(before=NOW)) == 0
    assert await store.accept([update(1)], now=NOW + timedelta(days=6, hours=23)) == [False]
    assert await store.run(lambda uow: uow.inbox.purge(before=NOW + timedelta(days=7))) == 1
    assert await store.accept([update(1)], now=NOW + timedelta(days=7)) == [True]


async def test_waiting_and_dead_updates_are_never_purged(store: Store) -> None:
    await store.accept([update(1), update(2, chat="oc_2")], now=NOW)
    [first, _] = await claimed(store)
    await store.run(lambda uow: uow.inbox.bury(first, error="ValueError", now=NOW))
    assert await store.run(lambda uow: uow.inbox.purge(before=at(1e8))) == 0
    assert await store.accept([update(1), update(2)], now=NOW) == [False, False]


async def test_a_batch_is_claimed_once_in_order_of_arrival(store: Store) -> None:
    await store.accept([update(n, chat=f"oc_{n % 3}") for n in range(7)], now=NOW)
    assert ids(await claimed(store, limit=4)) == ["om_0", "om_1", "om_2", "om_3"]
    assert ids(await claimed(store, 1)) == []


async def test_nothing_overtakes_an_earlier_update_of_its_conversation_that_somebody_works_on(store: Store) -> None:
    await store.accept([update(1), update(2), update(3, chat="oc_2")], now=NOW)
    [first] = await claimed(store, limit=1)
    assert ids(await claimed(store)) == ["om_3"]
    assert await store.run(lambda uow: uow.inbox.done(first, now=NOW))
    assert ids(await claimed(store)) == ["om_2"]


async def test_a_claim_that_runs_out_is_taken_over_and_the_late_one_changes_nothing(store: Store) -> None:
    await store.accept([update(1)], now=NOW)
    [old] = await claimed(store, lease=30)
    assert await claimed(store, 29.999) == []
    [new] = await claimed(store, 30)
    assert (new.id, new.attempts) == (old.id, 2)
    assert not await store.run(lambda uow: uow.inbox.done(old, now=at(31)))
    await store.run(lambda uow: uow.inbox.retry(old, error="late", at=at(31)))
    await store.run(lambda uow: uow.inbox.bury(old, error="late", now=at(31)))
    assert await store.run(lambda uow: uow.inbox.done(new, now=at(31)))
    assert await store.read(lambda uow: uow.inbox.pending()) == (0, None)
    assert await store.read(lambda uow: uow.inbox.dead()) == []


async def test_attempts_are_counted_at_the_claim_so_that_a_crash_counts(store: Store) -> None:
    await store.accept([update(1)], now=NOW)
    tries = [(await claimed(store, 30 * n))[0].attempts for n in range(5)]
    assert tries == [1, 2, 3, 4, 5]


async def test_an_update_that_was_tried_before_goes_alone(store: Store) -> None:
    """Whatever kills the process must not take its neighbours' attempts with it."""
    await store.accept([update(n, chat=f"oc_{n}") for n in range(4)], now=NOW)
    await claimed(store, limit=2)
    assert ids(await claimed(store, 0)) == ["om_2", "om_3"]
    assert ids(await claimed(store, 30)) == ["om_0"]
    assert ids(await claimed(store, 30)) == ["om_1"]


async def test_fresh_updates_go_together_up_to_one_that_was_tried_before(store: Store) -> None:
    await store.accept([update(n, chat=f"oc_{n}") for n in range(2)], now=NOW)
    first, second = await claimed(store)
    await store.run(lambda uow: uow.inbox.done(first, now=NOW))
    await store.run(lambda uow: uow.inbox.retry(second, error="x", at=at(1)))
    await store.accept([update(2, chat="oc_2"), update(3, chat="oc_3")], now=at(1))
    assert ids(await claimed(store, 0)) == ["om_2", "om_3"]
    assert ids(await claimed(store, 1)) == ["om_1"]


async def test_a_failure_is_not_tried_again_before_its_time_and_does_not_hold_up_its_successors(store: Store) -> None:
    """F13: the next update of an ordered conversation arrives, whatever the first one does."""
    await store.accept([update(1), update(2)], now=NOW)
    [first] = await claimed(store, limit=1)
    await store.run(lambda uow: uow.inbox.retry(first, error="ValueError", at=at(2.0005)))
    assert ids(await claimed(store, 2)) == ["om_2"]
    assert ids(await claimed(store, 2.001)) == ["om_1"]


async def test_dead_letters_keep_their_bytes_and_can_be_revived(store: Store) -> None:
    await store.accept([update(1), update(2, chat="oc_2")], now=NOW)
    entries = await claimed(store)
    for number, entry in enumerate(entries):
        await store.run(lambda uow, e=entry, n=number: uow.inbox.bury(e, error=f"E{n}\ud800", now=at(9)))  # type: ignore[misc]
    letters = await store.read(lambda uow: uow.inbox.dead())
    assert [(d.business_id, d.platform, d.attempts, d.error) for d in letters] == [
        ("om_2", "feishu", 1, "E1\ufffd"),
        ("om_1", "feishu", 1, "E0\ufffd"),
    ]
    assert (letters[0].received_at, letters[0].raw) == (NOW, entries[1].raw)
    assert [d.business_id for d in await store.read(lambda uow: uow.inbox.dead(limit=1))] == ["om_2"]
    assert await store.run(lambda uow: uow.inbox.revive(letters[1].id, now=at(10)))
    assert not await store.run(lambda uow: uow.inbox.revive(letters[1].id, now=at(10)))
    assert not await store.run(lambda uow: uow.inbox.revive(999, now=at(10)))
    assert await claimed(store, 9.9) == []
    [again] = await claimed(store, 10)
    assert (again.attempts, ids([again])) == (1, ["om_1"])
    assert not await store.run(lambda uow: uow.inbox.done(entries[0], now=at(11)))
    assert [d.business_id for d in await store.read(lambda uow: uow.inbox.dead())] == ["om_2"]


async def test_pending_says_how_many_wait_and_since_when(store: Store) -> None:
    assert await store.read(lambda uow: uow.inbox.pending()) == (0, None)
    await store.accept([update(1)], now=at(5))
    await store.accept([update(2)], now=at(6))
    assert await store.read(lambda uow: uow.inbox.pending()) == (2, at(5))
    [first] = await claimed(store, 6, limit=1)
    assert await store.read(lambda uow: uow.inbox.pending()) == (2, at(5))
    await store.run(lambda uow: uow.inbox.done(first, now=at(7)))
    assert await store.read(lambda uow: uow.inbox.pending()) == (1, at(6))


async def test_a_lone_surrogate_is_no_poison(store: Store) -> None:
    """M8: what JSON allows and a database cannot keep is replaced, and the update is handled like any other."""
    assert await store.accept([update(1, text="坏\ud800\0字"), update(2, chat="oc_\ud800")], now=NOW) == [True, True]
    first, second = await claimed(store)
    assert isinstance(first.update, MessageReceived)
    assert first.update.text == "坏\ufffd\ufffd字"
    assert isinstance(second.update, MessageReceived)
    assert second.update.chat.chat == "oc_\ufffd"


async def test_two_hundred_callers_at_once_store_each_update_once(store: Store) -> None:
    """Group commit, with one in ten sent twice at the same time."""
    numbers = [n for n in range(200) for _ in range(2 if n % 10 == 0 else 1)]
    news = await asyncio.gather(*(store.accept([update(n)], now=NOW) for n in numbers))
    fresh: dict[int, int] = {}
    for number, [is_new] in zip(numbers, news, strict=True):
        fresh[number] = fresh.get(number, 0) + is_new
    assert set(fresh.values()) == {1}
    assert (await store.read(lambda uow: uow.inbox.pending()))[0] == 200


async def test_accepting_nothing_is_fine(store: Store) -> None:
    assert await store.accept([], now=NOW) == []


async def test_what_is_given_back_comes_again_and_the_attempt_does_not_count(store: Store) -> None:
    await store.accept([update(1), update(2)], now=NOW)
    first, second = await claimed(store)
    await store.run(lambda uow: (uow.inbox.give_back(first, at=at(2)), uow.inbox.give_back(second, at=NOW)))  # type: ignore[func-returns-value]
    assert not await store.run(lambda uow: uow.inbox.done(first, now=NOW))
    [again] = await claimed(store, 1)
    assert (again.update, again.attempts) == (update(2), 1)
    await store.run(lambda uow: uow.inbox.done(again, now=NOW))
    [again] = await claimed(store, 2)
    assert (again.update, again.attempts) == (update(1), 1)
    await store.run(lambda uow: uow.inbox.give_back(second, at=NOW))
    assert (await store.read(lambda uow: uow.inbox.pending()))[0] == 1


async def test_the_newest_update_of_a_platform_is_known_also_when_it_is_handled(store: Store) -> None:
    assert await store.read(lambda uow: uow.inbox.newest(platform="feishu")) is None
    await store.accept([update(1)], now=NOW)
    await store.accept([update(2)], now=at(5))
    await store.accept([update(3, platform="wecom")], now=at(9))
    for entry in await claimed(store, 10):
        await store.run(lambda uow, entry=entry: uow.inbox.done(entry, now=at(10)))  # type: ignore[misc]
    assert await store.read(lambda uow: uow.inbox.newest(platform="feishu")) == at(5)
    assert await store.read(lambda uow: uow.inbox.newest(platform="wecom")) == at(9)


async def test_one_that_was_claimed_twice_without_an_end_lets_the_others_go_before(store: Store) -> None:
    """F22: it may be the one that ends processes; the others are handled before it does so again."""
    await store.accept([update(1), update(2), update(3, chat="oc_2")], now=NOW)
    assert ids(await claimed(store, lease=1)) == ["om_1", "om_2", "om_3"]
    assert ids(await claimed(store, 2, lease=1)) == ["om_1"]  # alone, because it was tried before
    await store.accept([update(4)], now=at(4))
    assert ids(await claimed(store, 4)) == ["om_2"]
    assert ids(await claimed(store, 4)) == ["om_3"]
    assert ids(await claimed(store, 4)) == ["om_1"]  # om_4 is of a lane that is busy
