"""Copies: consistent while the program runs, whole or refused, and silent about the past when restored (F24, EC-98)."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import storage
from bot.domain.ids import CodeKind
from bot.domain.records import Setting
from bot.errors import ConfigError, StoreUnavailable
from bot.ports import Store, UnitOfWork
from storage.backup import SEQUENCE_GAP
from tests.storage.samples import ENTITIES, NOW, at, envelope, record, timer, update
from tests.support.databases import Database

#: long after any restore in these tests
LATER = 4e9


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def durable(request: pytest.FixtureRequest) -> Database:
    """Both databases in turn."""
    found: Database = request.getfixturevalue(f"{request.param}_database")
    return found


def fill(uow: UnitOfWork) -> None:
    """Something of everything."""
    for name, (entity, _) in ENTITIES.items():
        getattr(uow, name).add(entity)
    uow.inbox.accept(update(1), lane="feishu:oc_1", now=NOW)
    uow.inbox.accept(update(2, chat="oc_2"), lane="feishu:oc_2", now=NOW)
    uow.inbox.claim(now=NOW, lease=1e9, limit=1)
    for key in ("a", "b", "c"):
        uow.outbox.put(envelope(key, lane=f"feishu:{key}"))
    uow.outbox.claim(platform="feishu", now=NOW, lease=1e9, limit=1)
    uow.timers.arm(timer("HF-2026-0001", 60))
    uow.audit.append(record("HF-2026-0001"))
    uow.audit.append(record("HF-2026-0002"))
    uow.sequences.at_least(CodeKind.CLOCK, 2026, 42)
    uow.leases.take("socket", holder="old", now=NOW, seconds=1e9)
    uow.bump("directory")


def contents(uow: UnitOfWork) -> dict[str, Any]:
    """What can be compared before and after."""
    return {
        **{name: getattr(uow, name).find() for name in ENTITIES},
        "audit": uow.audit.tail(),
        "timers": uow.timers.upcoming(),
        "inbox": uow.inbox.pending(),
        "revision": uow.revision("directory"),
    }


async def filled(database: Database) -> dict[str, Any]:
    """Fill a database and say what is in it."""
    store = await database.open()
    await store.run(fill)
    found = await store.read(contents)
    await store.close()
    return found


async def restored(database: Database, source: Path) -> tuple[int, Store]:
    """Restore and open."""
    held = await storage.restore(database.url, source)
    return held, await database.open()


async def test_a_restored_copy_holds_everything_that_was_there(durable: Database, tmp_path: Path) -> None:
    before = await filled(durable)
    await storage.backup(durable.url, tmp_path / "copies" / "b")
    store = await durable.open()
    await store.run(lambda uow: [getattr(uow, name).remove(key) for name, (_, key) in ENTITIES.items()])
    await store.run(lambda uow: uow.settings.add(Setting(name="new since", body="")))
    await store.close()
    _, store = await restored(durable, tmp_path / "copies" / "b")
    assert await store.read(contents) == before
    assert await store.read(lambda uow: uow.audit.verify()) is None
    await store.run(lambda uow: uow.audit.append(record("after")))
    await store.run(lambda uow: uow.timers.arm(timer("after", 1)))
    await store.close()
    assert await storage.check(durable.url) == []
    assert [p.name for p in (tmp_path / "copies").iterdir()] == ["b"]


async def test_a_restored_copy_sends_nothing_old_before_a_person_confirms(durable: Database, tmp_path: Path) -> None:
    await filled(durable)
    await storage.backup(durable.url, tmp_path / "b")
    held, store = await restored(durable, tmp_path / "b")
    assert held == 3

    def old_timer_fires(uow: UnitOfWork) -> None:
        [due] = uow.timers.due(now=at(LATER), limit=9)
        uow.outbox.caused_at(due.due_at)
        uow.timers.remove(due)
        uow.outbox.put(envelope("overdue", lane="feishu:d"))

    await store.run(old_timer_fires)
    assert await store.run(lambda uow: uow.outbox.claim(platform="feishu", now=at(LATER), lease=1, limit=9)) == []
    await store.run(lambda uow: uow.outbox.put(envelope("new", lane="feishu:n")))
    [entry] = await store.run(lambda uow: uow.outbox.claim(platform="feishu", now=at(LATER), lease=1, limit=9))
    assert entry.envelope.key == "new"
    assert await store.run(lambda uow: uow.outbox.release()) == 4
    freed = await store.run(lambda uow: uow.outbox.claim(platform="feishu", now=at(LATER), lease=9, limit=9))
    assert {e.envelope.key for e in freed} == {"a", "b", "c", "overdue"}
    await store.close()


async def test_claims_and_leases_of_the_past_are_void(durable: Database, tmp_path: Path) -> None:
    await filled(durable)
    await storage.backup(durable.url, tmp_path / "b")
    _, store = await restored(durable, tmp_path / "b")
    first = await store.run(lambda uow: uow.inbox.claim(now=NOW, lease=30, limit=1))
    assert [(e.update.source.business_id, e.attempts) for e in first if e.update is not None] == [("om_1", 2)]
    assert await store.run(lambda uow: uow.leases.take("socket", holder="new", now=NOW, seconds=10)) == 2
    await store.close()


async def test_ec_98_numbers_issued_since_the_backup_are_not_issued_again(durable: Database, tmp_path: Path) -> None:
    """EC-98: a gap after what the backup knows, and beyond whatever the replaced database had issued."""
    await filled(durable)
    await storage.backup(durable.url, tmp_path / "b")
    store = await durable.open()
    await store.run(lambda uow: uow.sequences.at_least(CodeKind.CLOCK, 2026, 5000))
    await store.close()
    _, store = await restored(durable, tmp_path / "b")
    assert await store.run(lambda uow: uow.sequences.next(CodeKind.CLOCK, 2026)) == 5000
    await store.close()


async def test_a_gap_is_left_when_the_replaced_database_is_gone(sqlite_database: Database, tmp_path: Path) -> None:
    await filled(sqlite_database)
    await storage.backup(sqlite_database.url, tmp_path / "b")
    elsewhere = Database("sqlite", f"sqlite:///{tmp_path}/elsewhere/huiyin.db")
    _, store = await restored(elsewhere, tmp_path / "b")
    assert await store.run(lambda uow: uow.sequences.next(CodeKind.CLOCK, 2026)) == 41 + SEQUENCE_GAP + 1
    await store.close()


async def test_a_backup_can_be_written_while_the_program_runs(durable: Database, tmp_path: Path) -> None:
    store = await durable.open()

    async def write() -> None:
        for number in range(40):
            await store.run(
                lambda uow, n=number: (  # type: ignore[misc]
                    uow.settings.add(Setting(name=f"a{n}", body="")),
                    uow.settings.add(Setting(name=f"b{n}", body="")),
                )
            )

    await asyncio.gather(write(), storage.backup(durable.url, tmp_path / "b"))
    await store.close()
    _, store = await restored(durable, tmp_path / "b")
    found = [s.name for s in await store.read(lambda uow: uow.settings.find())]
    assert len([name for name in found if name[0] == "a"]) == len([name for name in found if name[0] == "b"])
    await store.close()


@pytest.mark.postgres
async def test_a_backup_of_one_database_fits_the_other(
    tmp_path: Path, sqlite_database: Database, postgres_database: Database
) -> None:
    """Moving from SQLite to PostgreSQL is a backup and a restore."""
    source, target = sqlite_database, postgres_database
    before = await filled(source)
    await storage.backup(source.url, tmp_path / "from sqlite")
    _, store = await restored(target, tmp_path / "from sqlite")
    assert await store.read(contents) == before
    await store.close()
    await storage.backup(target.url, tmp_path / "from postgres")
    back = Database("sqlite", f"sqlite:///{tmp_path}/back.db")
    _, store = await restored(back, tmp_path / "from postgres")
    assert await store.read(contents) == before
    assert await store.read(lambda uow: uow.audit.verify()) is None
    await store.close()
    assert await storage.check(back.url) == []


async def test_a_file_that_is_no_whole_backup_changes_nothing(durable: Database, tmp_path: Path) -> None:
    before = await filled(durable)
    await storage.backup(durable.url, tmp_path / "good")
    good = (tmp_path / "good").read_bytes()
    header = json.dumps({"format": "huiyin-backup-1", "schema": storage.head_version()})
    older = json.dumps({"format": "huiyin-backup-1", "schema": "0000"})
    bad = {
        "empty": b"",
        "text": b"hello\n",
        "list": b"[1]\n",
        "cut": good[: len(good) * 2 // 3],
        "end missing": f"{header}\n".encode(),
        "other schema": f'{older}\n{{"rows": 0}}\n'.encode(),
        "unknown table": f'{header}\n{{"table": "x", "row": {{}}}}\n{{"rows": 1}}\n'.encode(),
        "unknown column": f'{header}\n{{"table": "setting", "row": {{"y": 1}}}}\n{{"rows": 1}}\n'.encode(),
    }
    for name, body in bad.items():
        (tmp_path / name).write_bytes(body)
        with pytest.raises((storage.BadBackup, StoreUnavailable, ConfigError)):
            await storage.restore(durable.url, tmp_path / name)
    store = await durable.open()
    assert await store.read(contents) == before
    assert await store.read(lambda uow: uow.outbox.pending()) == (3, NOW)
    await store.close()


async def test_a_database_in_use_is_not_replaced(durable: Database, tmp_path: Path) -> None:
    await filled(durable)
    await storage.backup(durable.url, tmp_path / "b")
    store = await durable.open()
    await store.read(contents)
    with pytest.raises(StoreUnavailable):
        await storage.restore(durable.url, tmp_path / "b")
    await store.close()


async def test_the_replaced_file_is_kept_beside(sqlite_database: Database, tmp_path: Path) -> None:
    await filled(sqlite_database)
    await storage.backup(sqlite_database.url, tmp_path / "b")
    await storage.restore(sqlite_database.url, tmp_path / "b")
    kept = sqlite_database.path.with_name(sqlite_database.path.name + ".before-restore")
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT count(*) FROM outbox WHERE held = ''").fetchone() == (3,)


async def test_memory_can_be_neither_copied_nor_restored(tmp_path: Path) -> None:
    for work in (storage.backup("memory://", tmp_path / "b"), storage.check("memory://")):
        with pytest.raises(ConfigError):
            await work
    with pytest.raises(ConfigError):
        await storage.restore("memory://", tmp_path / "b")


async def test_a_missing_database_is_reported(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/nothing.db"
    assert len(await storage.check(url)) == 1
    with pytest.raises(storage.BadBackup):
        await storage.backup(url, tmp_path / "b")
