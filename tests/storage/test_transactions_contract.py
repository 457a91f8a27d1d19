"""Units of work: all or nothing, again when somebody was faster, never written while reading."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain.records import Setting
from bot.errors import AlreadyExists, StaleVersion, StoreUnavailable
from bot.ports import SendState, Store, UnitOfWork
from storage.session import ReadOnlyViolation
from tests.storage.samples import NOW, PERSON, at, envelope, record, timer, update


class Undo(Exception):
    """Raised by tests to undo a unit of work."""


def everything(uow: UnitOfWork) -> None:
    """Touch every part once."""
    uow.people.add(PERSON)
    uow.inbox.accept(update(1), lane="feishu:oc_1", now=NOW)
    uow.outbox.put(envelope("k"))
    uow.outbox.take_budget("b", now=NOW, period_ms=1000, burst=1)
    uow.timers.arm(timer("a", 1))
    uow.audit.append(record("A"))
    uow.leases.take("l", holder="h", now=NOW, seconds=9)
    uow.bump("directory")


def traces(uow: UnitOfWork) -> list[object]:
    """What `everything` would have left."""
    return [
        uow.people.find(),
        uow.inbox.pending()[0],
        uow.outbox.pending()[0],
        uow.timers.upcoming(),
        uow.audit.tail(),
        uow.leases.fence("l"),
        uow.revision("directory"),
    ]


NOTHING: list[object] = [[], 0, 0, [], [], 0, 0]


async def test_a_unit_of_work_that_raises_leaves_nothing_behind(store: Store) -> None:
    def work(uow: UnitOfWork) -> None:
        everything(uow)
        raise Undo

    with pytest.raises(Undo):
        await store.run(work)
    assert await store.read(traces) == NOTHING
    await store.run(everything)
    assert await store.read(traces) != NOTHING


async def test_a_savepoint_undoes_its_own_part_only(store: Store) -> None:
    def work(uow: UnitOfWork) -> None:
        uow.settings.add(Setting(name="before", body=""))
        try:
            with uow.savepoint():
                everything(uow)
                with uow.savepoint():
                    uow.settings.add(Setting(name="inner", body=""))
                raise Undo  # noqa: TRY301 - that it is caught here is the point
        except Undo:
            uow.settings.add(Setting(name="after", body=""))
        with uow.savepoint():
            uow.settings.add(Setting(name="kept", body=""))

    await store.run(work)
    assert await store.read(traces) == NOTHING
    assert [s.name for s in await store.read(lambda uow: uow.settings.find())] == ["after", "before", "kept"]


async def test_a_database_error_inside_a_savepoint_does_not_spoil_the_rest(store: Store) -> None:
    def work(uow: UnitOfWork) -> None:
        uow.people.add(PERSON)
        with pytest.raises(AlreadyExists), uow.savepoint():
            uow.people.add(PERSON)
        uow.settings.add(Setting(name="s", body=""))

    await store.run(work)
    assert len(await store.read(lambda uow: uow.people.find())) == 1


async def test_writing_while_reading_is_an_error_of_the_program(store: Store) -> None:
    for write in (
        lambda uow: uow.people.add(PERSON),
        lambda uow: uow.timers.arm(timer("a", 1)),
        lambda uow: uow.bump("directory"),
        lambda uow: uow.audit.append(record("A")),
        lambda uow: uow.inbox.accept(update(1), lane="l", now=NOW),
        lambda uow: uow.outbox.put(envelope("k")),
    ):
        with pytest.raises(ReadOnlyViolation):
            await store.read(write)
    assert await store.read(traces) == NOTHING


async def test_twenty_at_once_on_one_row_all_count(store: Store) -> None:
    """Whoever was late loads again; no change is lost."""
    await store.run(lambda uow: uow.settings.add(Setting(name="count", body="0")))

    def count(uow: UnitOfWork) -> None:
        setting = uow.settings.get("count")
        assert setting is not None
        uow.settings.put(replace(setting, body=str(int(setting.body) + 1)))

    await asyncio.gather(*(store.run(count) for _ in range(20)))
    setting = await store.read(lambda uow: uow.settings.get("count"))
    assert setting is not None
    assert (setting.body, setting.version) == ("20", 21)


async def test_a_unit_of_work_that_is_always_stale_gives_up(store: Store) -> None:
    await store.run(lambda uow: uow.people.add(PERSON))
    tries: list[int] = []

    def work(uow: UnitOfWork) -> None:
        tries.append(1)
        uow.settings.add(Setting(name="s", body=""))
        uow.people.put(PERSON)

    with pytest.raises(StaleVersion):
        await store.run(work)
    assert len(tries) > 1
    assert await store.read(lambda uow: uow.settings.find()) == []


async def test_a_failing_neighbour_does_not_hurt(store: Store) -> None:
    """Units of work that happen to share a commit succeed and fail each for itself."""

    async def one(number: int) -> str:
        def work(uow: UnitOfWork) -> str:
            uow.settings.add(Setting(name=f"n{number}", body=""))
            if number % 3 == 0:
                raise Undo
            return f"n{number}"

        return await store.run(work)

    results = await asyncio.gather(*(one(n) for n in range(30)), return_exceptions=True)
    kept = {name for name in results if isinstance(name, str)}
    assert len(kept) == 20
    assert {s.name for s in await store.read(lambda uow: uow.settings.find())} == kept


async def test_what_was_written_is_read_at_once(store: Store) -> None:
    for number in range(20):
        await store.run(lambda uow, n=number: uow.settings.add(Setting(name=f"n{n}", body="")))  # type: ignore[misc]
        assert len(await store.read(lambda uow: uow.settings.find())) == number + 1


async def test_a_closed_store_takes_nothing(store: Store) -> None:
    await store.close()
    with pytest.raises(StoreUnavailable):
        await store.run(lambda uow: uow.bump("x"))
    with pytest.raises(StoreUnavailable):
        await store.read(lambda uow: uow.revision("x"))
    with pytest.raises(StoreUnavailable):
        await store.accept([update(1)], now=NOW)


async def test_after_the_clock_was_set_back_nothing_waits_for_the_time_it_showed_before(store: Store) -> None:
    """F16: pauses and leases of a clock a day ahead end; what is meant for later stays where it is."""
    day = 86_400.0
    failed = timer("failed", 0)

    def a_day_ahead(uow: UnitOfWork) -> None:
        uow.inbox.accept(update(1), lane="feishu:1", now=at(day))
        uow.inbox.accept(update(2), lane="feishu:2", now=at(day))
        [one, _] = uow.inbox.claim(now=at(day), lease=30, limit=2)
        uow.inbox.retry(one, error="x", at=at(day + 16))
        for key in ("retry", "leased", "paused", "new", "meant for later"):
            later = at(2 * day) if key == "meant for later" else None
            uow.outbox.put(envelope(key, lane=f"feishu:{key}", created=day, not_before=later, priority=1))
        uow.outbox.put(envelope("behind", lane="feishu:paused", created=day))
        for entry in uow.outbox.claim(platform="feishu", now=at(day), lease=60, limit=4):
            match entry.envelope.key:
                case "retry":
                    uow.outbox.settle(entry, state=SendState.PENDING, now=at(day), retry_at=at(day + 9))
                case "paused":
                    uow.outbox.settle(entry, state=SendState.SENT, now=at(day), lane_free_at=at(day + 9))
                case "new":
                    uow.outbox.settle(entry, state=SendState.PENDING, now=at(day))
                case _:
                    pass
        uow.timers.arm(failed)
        uow.timers.postpone(failed, until=at(day))
        uow.timers.arm(timer("later", day))

    await store.run(a_day_ahead)
    await store.run(lambda uow: uow.clock_went_back(now=NOW))

    def claim(uow: UnitOfWork, seconds: float) -> set[str]:
        found = uow.outbox.claim(platform="feishu", now=at(seconds), lease=1, limit=9)
        return {entry.envelope.key for entry in found}

    updates = await store.run(lambda uow: uow.inbox.claim(now=NOW, lease=30, limit=9))
    updates += await store.run(lambda uow: uow.inbox.claim(now=NOW, lease=30, limit=9))
    assert len({entry.id for entry in updates}) == 2
    assert await store.run(lambda uow: claim(uow, 0)) == {"retry", "behind", "new"}
    assert "leased" in await store.run(lambda uow: claim(uow, 120))
    assert [t.ref for t in await store.run(lambda uow: uow.timers.due(now=NOW, limit=9))] == ["failed"]
    assert await store.run(lambda uow: claim(uow, 2 * day)) >= {"meant for later"}
