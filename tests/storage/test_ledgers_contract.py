"""What only grows: the audit trail, numbers, revisions, leader rows (P10, F19, F20, EC-98)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.ids import CodeKind
from bot.ports import AuditRecord, Store, UnitOfWork
from tests.storage.samples import NOW, at, record


class Undo(Exception):
    """Raised by tests to undo a unit of work."""


async def append(store: Store, *records: AuditRecord) -> None:
    """Write records, a transaction each."""
    for one in records:
        await store.run(lambda uow, r=one: uow.audit.append(r))  # type: ignore[misc]


# ---------------------------------------------------------------- audit


async def test_records_come_back_whole_and_in_order(store: Store) -> None:
    full = AuditRecord(
        at=NOW,
        action="leave_granted",
        ref="QJ-2026-0001",
        actor="li",
        on_behalf_of="wang",
        role="head",
        platform="feishu",
        platform_at=at(-1),
        update_id="om_1",
        before="asked",
        after="granted",
        reason="同意",
        facts={"z": "1", "a": "2"},
    )
    await append(store, record("A"), full, record("A", "clock_answered"))
    rows = await store.read(lambda uow: uow.audit.of("A"))
    assert [row.record.action for row in rows] == ["clock_started", "clock_answered"]
    [row] = await store.read(lambda uow: uow.audit.of("QJ-2026-0001"))
    assert row.record == full
    tail = await store.read(lambda uow: uow.audit.tail(limit=2))
    assert [r.record.action for r in tail] == ["clock_answered", "leave_granted"]
    assert tail[0].number > tail[1].number
    assert await store.read(lambda uow: uow.audit.of("nothing")) == []


async def test_a_whole_chain_verifies(store: Store) -> None:
    assert await store.read(lambda uow: uow.audit.verify()) is None
    await append(store, *(record(f"R{n}") for n in range(20)))
    assert await store.read(lambda uow: uow.audit.verify()) is None
    assert len({row.hash for row in await store.read(lambda uow: uow.audit.tail())}) == 20


async def test_equal_records_have_different_hashes_and_order_of_facts_does_not_matter(store: Store) -> None:
    await append(store, record("A"), replace(record("A"), facts={"a": "1", "b": "2"}))
    first, second = await store.read(lambda uow: uow.audit.of("A"))
    assert first.record == second.record
    assert first.hash != second.hash


async def test_an_undone_record_leaves_no_hole(store: Store) -> None:
    await append(store, record("A"))

    def write_and_fail(uow: UnitOfWork) -> None:
        uow.audit.append(record("gone"))
        try:
            with uow.savepoint():
                uow.audit.append(record("gone, too"))
                raise Undo  # noqa: TRY301 - that it is caught here is the point
        except Undo:
            uow.audit.append(record("kept"))

    await store.run(write_and_fail)
    assert await store.read(lambda uow: uow.audit.verify()) is None
    assert [r.record.ref for r in await store.read(lambda uow: uow.audit.tail())] == ["kept", "gone", "A"]


# ---------------------------------------------------------------- numbers


async def test_ec_97_ec_99_numbers_rise_per_kind_and_year(store: Store) -> None:
    def draw(uow: UnitOfWork) -> list[int]:
        kinds = (CodeKind.CLOCK, CodeKind.CLOCK, CodeKind.LEAVE, CodeKind.CLOCK)
        return [uow.sequences.next(kind, 2026) for kind in kinds] + [uow.sequences.next(CodeKind.CLOCK, 2027)]

    assert await store.run(draw) == [1, 2, 1, 3, 1]
    assert await store.run(draw) == [4, 5, 2, 6, 2]


async def test_numbers_can_be_moved_on_and_never_back(store: Store) -> None:
    await store.run(lambda uow: uow.sequences.at_least(CodeKind.CLOCK, 2026, 501))
    assert await store.run(lambda uow: uow.sequences.next(CodeKind.CLOCK, 2026)) == 501
    await store.run(lambda uow: uow.sequences.at_least(CodeKind.CLOCK, 2026, 10))
    assert await store.run(lambda uow: uow.sequences.next(CodeKind.CLOCK, 2026)) == 502


# ---------------------------------------------------------------- revisions


async def test_a_revision_grows_with_committed_changes(store: Store) -> None:
    assert await store.read(lambda uow: uow.revision("directory")) == 0
    first, second = await store.run(lambda uow: (uow.bump("directory"), uow.bump("directory")))
    assert 0 < first < second
    assert await store.read(lambda uow: (uow.revision("directory"), uow.revision("calendar"))) == (second, 0)


async def test_a_revision_that_was_undone_is_not_made_again(store: Store) -> None:
    """Whoever kept what it read under an undone revision would take it for what a later change made."""
    undone: list[int] = []

    def change_and_fail(uow: UnitOfWork) -> None:
        with uow.savepoint():
            undone.append(uow.bump("directory"))
            assert uow.revision("directory") == undone[-1]
            raise LookupError

    def work(uow: UnitOfWork) -> tuple[int, int]:
        with pytest.raises(LookupError):
            change_and_fail(uow)
        return uow.revision("directory"), uow.bump("directory")

    for _ in range(20):
        before = await store.read(lambda uow: uow.revision("directory"))
        seen, made = await store.run(work)
        assert seen == before
        assert made not in undone


# ---------------------------------------------------------------- leases


async def take(store: Store, holder: str, seconds: float) -> int | None:
    """Try to be the leader for ten seconds."""
    return await store.run(lambda uow: uow.leases.take("socket", holder=holder, now=at(seconds), seconds=10))


async def test_one_holder_at_a_time_and_the_fence_grows_with_every_change(store: Store) -> None:
    assert await store.read(lambda uow: uow.leases.fence("socket")) == 0
    assert await take(store, "a", 0) == 1
    assert await take(store, "b", 9.9) is None
    assert await take(store, "a", 9.9) == 1
    assert await take(store, "b", 19.8) is None
    assert await take(store, "b", 19.9) == 2
    assert await take(store, "a", 20) is None
    assert await store.read(lambda uow: uow.leases.fence("socket")) == 2


async def test_whoever_slept_through_its_lease_gets_a_new_fence(store: Store) -> None:
    assert await take(store, "a", 0) == 1
    assert await take(store, "a", 10) == 2


async def test_a_lease_can_be_given_back_by_its_holder_only(store: Store) -> None:
    assert await take(store, "a", 0) == 1
    assert not await store.run(lambda uow: uow.leases.release("socket", holder="b"))
    assert await store.run(lambda uow: uow.leases.release("socket", holder="a"))
    assert not await store.run(lambda uow: uow.leases.release("socket", holder="a"))
    assert await take(store, "b", 0) == 2
    assert not await store.run(lambda uow: uow.leases.release("other", holder="b"))
