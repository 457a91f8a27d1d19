"""The timer pump over every store: never early, exactly once, whatever the clock and the handlers do (P4, F16, F18)."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bot.domain.records import Setting
from bot.domain.timers import Timer, TimerKind
from bot.domain.world import World
from bot.errors import DamagedRow
from bot.ports import UnitOfWork
from bot.routing import Context
from bot.timer_pump import TIMER_RETRY, TIMER_RETRY_CAP
from tests.engine.rig import Rig, empty_world, text
from tests.storage.samples import NOW, at, timer
from tests.support.databases import Database, connect_postgres
from tests.support.figures import Figures

BREACH, NUDGE = TimerKind.SLA_BREACH, TimerKind.SLA_NUDGE
#: kept out of what `limit` may claim in one go
MANY = 10_000


def listen(rig: Rig, *, breaks: Callable[[str], Exception | None] = lambda _: None) -> list[tuple[str, datetime]]:
    """Fire by leaving a row; returns the references and the instants at which they fired."""
    fired: list[tuple[str, datetime]] = []

    def fire(context: Context, due: Timer) -> None:
        fired.append((due.ref, context.now))
        context.uow.settings.add(Setting(name=due.ref, body=""))
        problem = breaks(due.ref)
        if problem is not None:
            raise problem

    rig.router.timer(BREACH, fire)
    return fired


def refs(fired: list[tuple[str, datetime]]) -> list[str]:
    """The references, in the order in which they fired."""
    return [ref for ref, _ in fired]


async def armed(rig: Rig) -> list[Timer]:
    """What is armed, by due time."""
    return await rig.look(lambda uow: uow.timers.upcoming(limit=MANY + 1))


async def effects(rig: Rig) -> list[str]:
    """Names of the rows that handlers left."""
    return [setting.name for setting in await rig.look(lambda uow: uow.settings.find())]


# ---------------------------------------------------------------- never early, once


async def test_a_timer_fires_at_its_instant_and_not_a_moment_before(rig: Rig) -> None:
    fired = listen(rig)
    await rig.arm(timer("a", 10))
    await rig.go(9.999)
    assert fired == []
    await rig.go(0.001)
    assert fired == [("a", at(10))]
    await rig.go(86400)
    assert refs(fired) == ["a"]
    assert await armed(rig) == []


async def test_a_fraction_of_a_millisecond_is_not_early_either(rig: Rig) -> None:
    """Rows keep milliseconds: what is due is rounded up, what is now is rounded down."""
    fired = listen(rig)
    await rig.arm(Timer(kind=BREACH, ref="a", due_at=NOW + timedelta(microseconds=10_000_400)))
    rig.clock.move(NOW + timedelta(microseconds=10_000_900))
    await rig.settle()
    assert fired == []
    await rig.go(0.001)
    assert refs(fired) == ["a"]


async def test_the_oldest_fires_first(rig: Rig) -> None:
    fired = listen(rig)
    await rig.arm(*(timer(f"t{n}", 100 - n) for n in range(50)))
    await rig.go(3600)
    assert refs(fired) == [f"t{n}" for n in reversed(range(50))]


async def test_what_fires_and_what_it_leaves_are_one_commit(rig: Rig) -> None:
    def fire(context: Context, due: Timer) -> None:
        context.uow.outbox.put(text(f"超时 {due.ref}"))
        context.uow.timers.arm(replace(due, due_at=context.now + timedelta(seconds=60)))
        if due.ref == "bad":
            raise ZeroDivisionError

    rig.router.timer(BREACH, fire)
    await rig.arm(timer("good", 1), timer("bad", 1))
    await rig.go(1)
    assert rig.adapter.texts() == ["超时 good"]
    assert [(t.ref, t.due_at) for t in await armed(rig)] == [("bad", at(6)), ("good", at(61))]


async def test_a_timer_that_arms_itself_anew_recurs(rig: Rig) -> None:
    """The digest: its next issue is a row of the transaction that made this one."""
    fired: list[datetime] = []

    def fire(context: Context, due: Timer) -> None:
        fired.append(due.due_at)
        context.uow.timers.arm(replace(due, due_at=due.due_at + timedelta(days=1)))

    rig.router.timer(BREACH, fire)
    await rig.arm(timer("digest", 60))
    await rig.go(3 * 86400)
    assert fired == [at(60), at(60 + 86400), at(60 + 2 * 86400)]


async def test_a_timer_cancelled_by_one_that_is_due_with_it_does_not_fire(rig: Rig) -> None:
    fired: list[str] = []

    def fire(context: Context, due: Timer) -> None:
        fired.append(due.ref)
        if due.ref == "a":
            context.uow.timers.cancel(BREACH, "b")
            context.uow.timers.arm(timer("c", 500))

    rig.router.timer(BREACH, fire)
    await rig.arm(timer("a", 1), timer("b", 2), timer("c", 3))
    await rig.go(400)
    assert fired == ["a"]
    await rig.go(100)
    assert fired == ["a", "c"]


async def test_kinds_of_one_reference_fire_each_for_itself(rig: Rig) -> None:
    fired = listen(rig)
    nudged: list[str] = []
    rig.router.timer(NUDGE, lambda _, due: nudged.append(due.ref))
    await rig.arm(timer("HF-1", 60), timer("HF-1", 30, NUDGE))
    await rig.go(30)
    assert (refs(fired), nudged) == ([], ["HF-1"])
    await rig.go(30)
    assert (refs(fired), nudged) == (["HF-1"], ["HF-1"])


@pytest.mark.slow
async def test_ten_thousand_due_in_one_instant_fire_once_each(rig: Rig, database: Database, figures: Figures) -> None:
    """design.md section 5: all committed within ten seconds; other work gets its turn between the transactions."""
    loop = asyncio.get_running_loop()
    count: Counter[str] = Counter()

    def fire(_: Context, due: Timer) -> None:
        count[due.ref] += 1

    rig.router.timer(BREACH, fire)
    await rig.arm(*(timer(f"t{n}", 60) for n in range(MANY)))
    rig.clock.move(at(60))
    started, batches = loop.time(), []
    while fired := await rig.timers.fire_some():
        batches.append(fired)
    figures(f"10,000 timers due at once, {database.kind}", f"{loop.time() - started:.1f} s, {len(batches)} commits")
    assert (len(count), set(count.values())) == (MANY, {1})
    assert max(batches) <= 200
    assert await armed(rig) == []


@pytest.mark.postgres
@pytest.mark.slow
async def test_two_replicas_fire_each_timer_once_between_them(postgres_database: Database) -> None:
    """F19: SKIP LOCKED hands a due row to one of them."""
    rigs = [Rig(await postgres_database.open()) for _ in range(2)]
    fired = [listen(one) for one in rigs]
    await rigs[0].arm(*(timer(f"t{n:03d}", 1) for n in range(300)))
    for one in rigs:
        one.clock.move(at(1))
    while sum(await asyncio.gather(*(one.timers.fire_some(limit=20) for one in rigs))):
        pass
    assert await effects(rigs[0]) == [f"t{n:03d}" for n in range(300)]
    assert set(refs(fired[0]) + refs(fired[1])) == {f"t{n:03d}" for n in range(300)}
    for one in rigs:
        await one.store.close()


# ---------------------------------------------------------------- handlers that fail


async def test_a_timer_whose_handler_fails_comes_again_later_and_hurts_nobody(rig: Rig) -> None:
    fired = listen(rig, breaks=lambda ref: ZeroDivisionError() if ref == "bad" else None)
    await rig.arm(timer("bad", 10), timer("good", 10), timer("later", 12))
    await rig.go(30, step=1)
    assert await effects(rig) == ["good", "later"]
    tries = [instant for ref, instant in fired if ref == "bad"]
    assert sorted(set(tries)) == [at(10), at(15), at(25)]


async def test_the_pauses_of_a_failing_timer_double_up_to_an_hour(memory_rig: Rig) -> None:
    fired = listen(memory_rig, breaks=lambda _: ZeroDivisionError())
    await memory_rig.arm(timer("bad", 10))
    await memory_rig.go(6 * 3600, step=5)
    tries = sorted({instant for _, instant in fired})
    pauses = [b - a for a, b in pairwise(tries)]
    assert pauses == [min(TIMER_RETRY * 2**n, TIMER_RETRY_CAP) for n in range(len(pauses))]
    assert max(pauses) == TIMER_RETRY_CAP


async def test_a_timer_fires_when_its_cause_of_failure_is_mended(rig: Rig) -> None:
    broken = [True]
    listen(rig, breaks=lambda _: ZeroDivisionError() if broken[0] else None)
    await rig.arm(timer("a", 1))
    await rig.go(60, step=5)
    broken[0] = False
    await rig.go(3600, step=60)
    assert (await effects(rig), await armed(rig)) == (["a"], [])


async def test_a_kind_without_a_handler_is_kept(rig: Rig) -> None:
    await rig.arm(timer("a", 1))
    await rig.go(60, step=1)
    [kept] = await armed(rig)
    assert kept.attempts > 1


async def test_one_that_is_always_too_late_does_not_hold_up_its_neighbours(rig: Rig) -> None:
    def fire(context: Context, due: Timer) -> None:
        if due.ref == "t3":
            context.uow.settings.put(Setting(name="never there", body=""))
        context.uow.settings.add(Setting(name=due.ref, body=""))

    rig.router.timer(BREACH, fire)
    await rig.arm(*(timer(f"t{n}", 1) for n in range(7)))
    await rig.go(1)
    assert await effects(rig) == [f"t{n}" for n in range(7) if n != 3]
    assert [(t.ref, t.attempts) for t in await armed(rig)] == [("t3", 1)]


async def test_a_kind_that_this_program_does_not_know_is_in_nobodys_way(sqlite_database: Database) -> None:
    """Written by a newer version of the program, before it was taken back."""
    rig = Rig(await sqlite_database.open())
    fired = listen(rig)
    await rig.arm(timer("a", 1), timer("b", 2))
    await asyncio.to_thread(rename_kind, sqlite_database, "a")
    await rig.go(60, step=1)
    assert refs(fired) == ["b"]
    await rig.store.close()
    assert await asyncio.to_thread(kinds, sqlite_database) == [("from_the_future", 1)]


def rename_kind(database: Database, ref: str) -> None:
    """Give the timer another kind."""
    with closing(sqlite3.connect(database.path)) as connection, connection:
        connection.execute("UPDATE timer SET kind = 'from_the_future' WHERE ref = ?", (ref,))


def kinds(database: Database) -> list[tuple[str, int]]:
    """Kinds and attempts of what is armed."""
    with closing(sqlite3.connect(database.path)) as connection:
        return connection.execute("SELECT kind, attempts FROM timer").fetchall()


@pytest.mark.postgres
async def test_an_unknown_kind_is_in_nobodys_way_on_postgres_either(postgres_database: Database) -> None:
    rig = Rig(await postgres_database.open())
    fired = listen(rig)
    await rig.arm(timer("a", 1), timer("b", 2))
    connection = await connect_postgres(postgres_database.url)
    await connection.execute("UPDATE timer SET kind = 'from_the_future' WHERE ref = 'a'")
    await connection.close()
    await rig.go(60, step=1)
    assert refs(fired) == ["b"]
    await rig.store.close()


# ---------------------------------------------------------------- clocks


async def test_after_a_stall_nothing_is_dropped(rig: Rig) -> None:
    """F18, M10: a loop that stood still for ten seconds, or a machine that slept for a day."""
    fired = listen(rig)
    await rig.arm(timer("a", 1), timer("b", 5), timer("c", 9), timer("d", 86399))
    rig.clock.move(at(10))
    await rig.settle()
    assert refs(fired) == ["a", "b", "c"]
    rig.clock.move(at(86400))
    await rig.settle()
    assert refs(fired) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("jump", [-86400, -3600, -1, 1, 3600, 86400])
async def test_a_clock_that_jumps_makes_nothing_early_and_nothing_twice(rig: Rig, jump: int) -> None:
    """F16."""
    fired = listen(rig)
    await rig.arm(*(timer(f"t{n:02d}", n * 600) for n in range(24)))
    await rig.go(3600, step=60)
    rig.clock.move(rig.clock.now() + timedelta(seconds=jump))
    await rig.settle()
    await rig.go(2 * 86400, step=3600)
    assert sorted(refs(fired)) == [f"t{n:02d}" for n in range(24)]
    for ref, instant in fired:
        assert instant >= at(int(ref[1:]) * 600)


async def test_a_failed_timer_does_not_wait_for_the_time_a_wrong_clock_showed(rig: Rig) -> None:
    """F16: the clock was a day ahead when the handler failed."""
    broken = [True]
    listen(rig, breaks=lambda _: ZeroDivisionError() if broken[0] else None)
    rig.clock.move(at(86400))
    await rig.arm(timer("a", 10))
    await rig.settle()
    broken[0] = False
    rig.clock.move(at(20))
    await rig.settle()
    assert await effects(rig) == ["a"]


# ---------------------------------------------------------------- trouble with the store


async def test_thirty_seconds_without_the_store_delay_and_drop_nothing(rig: Rig) -> None:
    fired = listen(rig)
    await rig.arm(*(timer(f"t{n}", n) for n in range(1, 10)))
    rig.store.is_away = True
    for _ in range(30):
        rig.clock.move(rig.clock.now() + timedelta(seconds=1))
        assert await rig.timers.fire_some() == 0
    rig.store.is_away = False
    await rig.settle()
    assert refs(fired) == [f"t{n}" for n in range(1, 10)]


async def test_a_damaged_company_delays_timers_and_fails_none(rig: Rig) -> None:
    fired = listen(rig)

    def damaged(_: UnitOfWork, __: datetime) -> World:
        raise DamagedRow("table person: the checksum of a row does not fit")

    rig.engine.world = damaged
    await rig.arm(timer("a", 1))
    await rig.go(60, step=10)
    [kept] = await armed(rig)
    assert kept == timer("a", 1)
    rig.engine.world = empty_world
    await rig.settle()
    assert refs(fired) == ["a"]


# ---------------------------------------------------------------- the running pump


async def test_the_running_pump_wakes_for_the_next_timer_and_for_a_nearer_one(rig: Rig) -> None:
    loop, fired = asyncio.get_running_loop(), asyncio.Queue[str]()

    def fire(_: Context, due: Timer) -> None:
        loop.call_soon_threadsafe(fired.put_nowait, due.ref)

    rig.router.timer(BREACH, fire)
    pump = asyncio.create_task(rig.timers.run())
    async with asyncio.timeout(60):
        await rig.arm(timer("far", 3600))
        rig.engine.wake_all()
        await rig.arm(timer("near", 60))
        rig.engine.wake_all()
        rig.clock.move(at(60))
        assert await fired.get() == "near"
        rig.clock.move(at(3600))
        assert await fired.get() == "far"
    pump.cancel()
    await asyncio.gather(pump, return_exceptions=True)


async def test_lateness_is_measured(rig: Rig) -> None:
    listen(rig)
    await rig.arm(timer("a", 10), timer("b", 10))
    await rig.go(14)
    metrics = rig.engine.metrics
    assert metrics.value("huiyin_timer_late_seconds_count", kind="sla_breach") == 2
    assert metrics.value("huiyin_timer_late_seconds_sum", kind="sla_breach") == 8
