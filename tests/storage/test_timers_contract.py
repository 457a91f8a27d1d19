"""Due rows: one a (kind, ref), fired once, never early (P4)."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.timers import Timer, TimerKind
from bot.ports import Store, UnitOfWork
from tests.storage.samples import at, timer


async def due(store: Store, seconds: float, *, limit: int = 10) -> list[Timer]:
    """What is due so many seconds after NOW."""
    return await store.run(lambda uow: uow.timers.due(now=at(seconds), limit=limit))


async def test_a_timer_is_due_at_its_instant_and_not_a_moment_before(store: Store) -> None:
    await store.run(lambda uow: uow.timers.arm(timer("a", 10)))
    assert await due(store, 9.999) == []
    assert await due(store, 10) == [timer("a", 10)]
    await store.run(lambda uow: uow.timers.arm(timer("a", 20.0001)))
    assert await due(store, 20.0004) == []
    [found] = await due(store, 20.001)
    assert found.due_at == at(20.001)


async def test_arming_again_moves(store: Store) -> None:
    for seconds in (10, 30, 20):
        await store.run(lambda uow, s=seconds: uow.timers.arm(timer("a", s)))  # type: ignore[misc]
    assert await store.read(lambda uow: uow.timers.upcoming()) == [timer("a", 20)]


async def test_kinds_of_one_reference_are_apart(store: Store) -> None:
    nudge, breach = timer("a", 5, TimerKind.SLA_NUDGE), timer("a", 3)
    await store.run(lambda uow: uow.timers.arm_many(iter([nudge, breach, timer("b", 1)])))
    assert await store.read(lambda uow: uow.timers.of("a")) == [breach, nudge]
    await store.run(lambda uow: uow.timers.cancel(TimerKind.SLA_NUDGE, "a"))
    await store.run(lambda uow: uow.timers.cancel(TimerKind.SLA_NUDGE, "a"))
    assert await store.read(lambda uow: uow.timers.of("a")) == [breach]
    assert await store.read(lambda uow: uow.timers.of("nobody")) == []


async def test_the_oldest_come_first_and_only_so_many(store: Store) -> None:
    await store.run(lambda uow: uow.timers.arm_many(timer(f"r{s}", s) for s in (5, 1, 4, 2, 3)))
    assert [t.ref for t in await due(store, 4, limit=3)] == ["r1", "r2", "r3"]
    assert [t.ref for t in await store.read(lambda uow: uow.timers.upcoming(limit=2))] == ["r1", "r2"]
    assert await store.read(lambda uow: uow.timers.next_due()) == at(1)


async def test_of_two_at_the_same_instant_the_one_armed_first_comes_first(store: Store) -> None:
    await store.run(lambda uow: uow.timers.arm_many(timer(ref, 1) for ref in "cab"))
    assert [t.ref for t in await due(store, 1)] == ["c", "a", "b"]


async def test_a_fired_timer_is_gone_unless_it_was_armed_anew(store: Store) -> None:
    def fire(uow: UnitOfWork) -> None:
        for one in uow.timers.due(now=at(10), limit=10):
            if one.ref == "again":
                uow.timers.arm(timer("again", 86410))
            uow.timers.remove(one)

    await store.run(lambda uow: uow.timers.arm_many([timer("once", 10), timer("again", 10)]))
    await store.run(fire)
    assert await due(store, 10) == []
    assert await store.read(lambda uow: uow.timers.upcoming()) == [timer("again", 86410)]


async def test_a_failed_timer_comes_again_later_and_remembers_how_often(store: Store) -> None:
    await store.run(lambda uow: uow.timers.arm(timer("a", 1)))
    for times in (1, 2, 3):
        [one] = await due(store, 10 * times)
        assert one.attempts == times - 1
        assert await store.run(lambda uow, t=one, n=times: uow.timers.postpone(t, until=at(10 * n + 10))) == times  # type: ignore[misc]
        assert await due(store, 10 * times + 9.9) == []
    await store.run(lambda uow: uow.timers.arm(timer("a", 50)))
    assert await store.read(lambda uow: uow.timers.of("a")) == [timer("a", 50)]
    assert await store.run(lambda uow: uow.timers.postpone(timer("a", 49), until=at(99))) == 0
    assert await store.run(lambda uow: uow.timers.postpone(timer("x", 49), until=at(99))) == 0
    assert await store.read(lambda uow: uow.timers.of("a")) == [timer("a", 50)]


async def test_nothing_armed_is_nothing_due(store: Store) -> None:
    assert await store.read(lambda uow: uow.timers.next_due()) is None
    assert await store.read(lambda uow: uow.timers.upcoming()) == []
    await store.run(lambda uow: uow.timers.arm_many([]))
    assert not await store.run(lambda uow: uow.timers.remove(timer("a", 1)))
    assert await due(store, 1e9) == []


async def test_whoever_takes_a_timer_away_hears_whether_it_was_there(store: Store) -> None:
    await store.run(lambda uow: (uow.timers.arm(timer("a", 1)), uow.timers.arm(timer("b", 1))))  # type: ignore[func-returns-value]
    await store.run(lambda uow: uow.timers.arm(timer("b", 2)))
    taken = await store.run(
        lambda uow: [uow.timers.remove(one) for one in (timer("a", 1), timer("a", 1), timer("b", 1))]
    )
    assert taken == [True, False, False]


async def test_five_thousand_are_armed_moved_and_fired_once_each(store: Store) -> None:
    """Re-timing after a calendar change arms every open clock again in one go."""
    await store.run(lambda uow: uow.timers.arm_many(timer(f"HF-{n}", n % 60) for n in range(5000)))
    await store.run(lambda uow: uow.timers.arm_many(timer(f"HF-{n}", 60 + n % 60) for n in range(5000)))
    assert await due(store, 59.999) == []
    fired: list[str] = []

    def fire(uow: UnitOfWork) -> list[str]:
        batch = uow.timers.due(now=at(200), limit=2000)
        for one in batch:
            uow.timers.remove(replace(one))
        return [one.ref for one in batch]

    while refs := await store.run(fire):
        fired += refs
    assert len(fired) == len(set(fired)) == 5000
