"""PostgreSQL with more than one replica, and when it goes away (F19, F20)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

import storage
from bot.domain.ids import CodeKind
from bot.errors import StoreUnavailable
from bot.ports import SendState, Store, UnitOfWork
from storage import postgres_store
from tests.storage.samples import NOW, at, envelope, record, timer, update
from tests.support.databases import Database, connect_postgres

pytestmark = pytest.mark.postgres


@pytest.fixture
async def replicas(postgres_database: Database) -> AsyncIterator[tuple[Store, Store]]:
    """Two stores on one database."""
    one, other = await postgres_database.open(), await postgres_database.open()
    yield one, other
    await one.close()
    await other.close()


async def test_a_timer_fires_once_whoever_is_faster(replicas: tuple[Store, Store]) -> None:
    await replicas[0].run(lambda uow: uow.timers.arm_many(timer(f"t{n:03d}", n) for n in range(300)))
    fired: list[str] = []

    def fire(uow: UnitOfWork) -> list[str]:
        due = uow.timers.due(now=at(999), limit=10)
        for one in due:
            uow.timers.remove(one)
        return [one.ref for one in due]

    async def pump(store: Store) -> None:
        while refs := await store.run(fire):
            fired.extend(refs)

    await asyncio.gather(*(pump(store) for store in replicas * 2))
    assert sorted(fired) == [f"t{n:03d}" for n in range(300)]


async def test_a_lane_has_one_sender_and_keeps_its_order(replicas: tuple[Store, Store]) -> None:
    for n in range(60):
        await replicas[0].run(lambda uow, n=n: uow.outbox.put(envelope(f"{n:02d}", lane=f"feishu:{n % 4}")))  # type: ignore[misc]
    sent: dict[str, list[str]] = {}
    in_flight: set[str] = set()

    async def pump(store: Store) -> None:
        while True:
            entries = await store.run(lambda uow: uow.outbox.claim(platform="feishu", now=NOW, lease=60, limit=2))
            if not entries and not in_flight:
                return
            for entry in entries:
                assert entry.envelope.lane not in in_flight
                in_flight.add(entry.envelope.lane)
            await asyncio.sleep(0.001)
            for entry in entries:
                sent.setdefault(entry.envelope.lane, []).append(entry.envelope.key)
                in_flight.discard(entry.envelope.lane)
                assert await store.run(
                    lambda uow, e=entry: uow.outbox.settle(e, state=SendState.SENT, now=NOW)  # type: ignore[misc]
                )

    await asyncio.gather(*(pump(store) for store in replicas))
    assert sent == {f"feishu:{lane}": [f"{n:02d}" for n in range(60) if n % 4 == lane] for lane in range(4)}


async def test_updates_are_claimed_by_one_replica_and_their_conversations_stay_in_order(
    replicas: tuple[Store, Store],
) -> None:
    await replicas[0].accept([update(n, chat=f"oc_{n % 5}") for n in range(100)], now=NOW)
    handled: list[int] = []

    async def pump(store: Store) -> None:
        while entries := await store.run(lambda uow: uow.inbox.claim(now=NOW, lease=60, limit=7)):
            handled.extend(entry.id for entry in entries)
            await store.run(lambda uow, es=entries: [uow.inbox.done(e, now=NOW) for e in es])  # type: ignore[misc]

    await asyncio.gather(*(pump(store) for store in replicas))
    while entries := await replicas[0].run(lambda uow: uow.inbox.claim(now=NOW, lease=60, limit=7)):
        handled.extend(entry.id for entry in entries)
        await replicas[0].run(lambda uow, es=entries: [uow.inbox.done(e, now=NOW) for e in es])  # type: ignore[misc]
    assert len(handled) == len(set(handled)) == 100
    for lane in range(5):
        of_lane = [n for n in handled if n % 5 == (min(handled) + lane) % 5]
        assert of_lane == sorted(of_lane)


async def test_an_update_that_reaches_both_is_new_once(replicas: tuple[Store, Store]) -> None:
    news = await asyncio.gather(
        *(
            store.accept([update(n) for n in range(start, start + 10)], now=NOW)
            for start in range(50)
            for store in replicas
        )
    )
    assert sum(map(sum, news)) == 59


async def test_ec_97_numbers_are_unique_over_replicas(replicas: tuple[Store, Store]) -> None:
    drawn = await asyncio.gather(
        *(store.run(lambda uow: uow.sequences.next(CodeKind.CLOCK, 2026)) for _ in range(30) for store in replicas)
    )
    assert sorted(drawn) == list(range(1, 61))


async def test_the_trail_holds_when_everybody_writes_at_once(replicas: tuple[Store, Store]) -> None:
    await asyncio.gather(
        *(store.run(lambda uow, n=n: uow.audit.append(record(f"R{n}"))) for n in range(40) for store in replicas)  # type: ignore[misc]
    )
    assert await replicas[0].read(lambda uow: uow.audit.verify()) is None
    assert len(await replicas[0].read(lambda uow: uow.audit.tail())) == 80


async def test_one_leader_at_a_time(replicas: tuple[Store, Store]) -> None:
    fences = await asyncio.gather(
        *(
            store.run(lambda uow, h=f"r{n}": uow.leases.take("socket", holder=h, now=NOW, seconds=10))  # type: ignore[misc]
            for n, store in enumerate(replicas * 3)
        )
    )
    assert [fence for fence in fences if fence is not None] == [1]


@pytest.mark.parametrize(
    "change", ["UPDATE audit SET body = body", "DELETE FROM audit", "TRUNCATE audit", "TRUNCATE audit CASCADE"]
)
async def test_the_trail_refuses_to_be_changed(postgres_database: Database, change: str) -> None:
    """P10."""
    store = await postgres_database.open()
    await store.run(lambda uow: uow.audit.append(record("R")))
    await store.close()
    connection = await connect_postgres(postgres_database.url)
    try:
        with pytest.raises(asyncpg.RaiseError, match="append-only"):
            await connection.execute(change)
    finally:
        await connection.close()


async def test_a_connection_that_is_cut_costs_one_try(postgres_database: Database) -> None:
    store = await postgres_database.open()
    await store.run(lambda uow: uow.sequences.next(CodeKind.CLOCK, 2026))
    outsider = await connect_postgres(postgres_database.url)
    await outsider.execute(
        "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE application_name = 'huiyin' "
        "AND datname = current_database()"
    )
    await outsider.close()
    with pytest.raises(StoreUnavailable):
        await store.run(lambda uow: uow.sequences.next(CodeKind.CLOCK, 2026))
    assert await store.run(lambda uow: uow.sequences.next(CodeKind.CLOCK, 2026)) == 2
    await store.close()


async def test_while_a_table_is_locked_nothing_is_acknowledged_and_afterwards_nothing_is_lost(
    postgres_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F3."""
    monkeypatch.setattr(postgres_store, "ACCEPT_SECONDS", 0.1)
    store = await postgres_database.open()
    outsider = await connect_postgres(postgres_database.url)
    async with outsider.transaction():
        await outsider.execute("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(StoreUnavailable):
            await store.accept([update(1)], now=NOW)
    await outsider.close()
    monkeypatch.undo()
    await store.accept([update(1)], now=NOW)
    assert (await store.read(lambda uow: uow.inbox.pending()))[0] == 1
    await store.close()


async def test_a_server_that_is_not_there_is_unavailable(postgres_database: Database) -> None:
    url = postgres_database.url.replace("huiyin_", "nobody_")
    with pytest.raises(StoreUnavailable):
        await storage.open_store(url)
    with pytest.raises(StoreUnavailable):
        await storage.open_store("postgresql://nobody@127.0.0.1:1/none")
    assert len(await storage.check(url)) == 1
