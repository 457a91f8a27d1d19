"""SQLite under fire: a locked file, a full disk, damaged bytes, a second process (F2 to F5, F19, M14)."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

import storage
from bot.domain.records import Setting
from bot.errors import DamagedRow, StoreUnavailable
from bot.ports import SendState, UnitOfWork
from storage import sqlite_store
from storage.sqlite_store import SqliteStore
from tests.storage.samples import ENTITIES, NOW, PERSON, at, envelope, record, update
from tests.support.databases import Database

BALLAST = 1 << 20


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Somebody else holds the write lock, whoever that may be."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


# ---------------------------------------------------------------- locked


async def test_while_the_file_is_locked_nothing_is_acknowledged_and_afterwards_nothing_is_lost(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F3: the platform gets no acknowledgement, so it sends again."""
    monkeypatch.setattr(sqlite_store, "ACCEPT_SECONDS", 0.1)
    monkeypatch.setattr(sqlite_store, "BUSY_SECONDS", 0.15)
    store = await sqlite_database.open()
    assert await store.accept([update(0)], now=NOW) == [True]
    with locked(sqlite_database.path):
        for result in await asyncio.gather(
            *(store.accept([update(n)], now=NOW) for n in range(1, 6)), return_exceptions=True
        ):
            assert isinstance(result, StoreUnavailable)
        with pytest.raises(StoreUnavailable):
            await store.run(lambda uow: uow.bump("x"))
        assert (await store.read(lambda uow: uow.inbox.pending()))[0] == 1
    await store.accept([update(n) for n in range(1, 6)], now=NOW)
    assert await store.run(lambda uow: uow.bump("x")) > 0
    assert (await store.read(lambda uow: uow.inbox.pending()))[0] == 6
    await store.close()


async def test_a_short_lock_is_waited_out(sqlite_database: Database) -> None:
    store = await sqlite_database.open()

    async def let_go_soon() -> None:
        with locked(sqlite_database.path):
            await asyncio.sleep(0.05)

    holding = asyncio.create_task(let_go_soon())
    await asyncio.sleep(0)
    assert await store.accept([update(1)], now=NOW) == [True]
    await holding
    await store.close()


async def test_a_second_process_is_refused(sqlite_database: Database) -> None:
    """F19: SQLite serves one process; the message says what to do."""
    store = await sqlite_database.open()
    with pytest.raises(StoreUnavailable, match="PostgreSQL"):
        await sqlite_database.open()
    program = f"""
import asyncio, storage
from bot.errors import StoreUnavailable
try:
    asyncio.run(storage.open_store({sqlite_database.url!r}))
except StoreUnavailable:
    print("refused")
"""
    root = Path(storage.__file__).parent.parent
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout == "refused\n"
    await store.close()
    again = await sqlite_database.open()
    await again.close()


# ---------------------------------------------------------------- full


class Disk:
    """A disk of so many pages; giving the ballast back makes room on it, as on a real one."""

    def __init__(self, store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
        self._connection = store._connection
        #: is there room for a new ballast?
        self.is_spacious = False
        drop = store._ballast.drop

        def drop_and_make_room() -> bool:
            had_any = drop()
            if had_any and not self.is_spacious:
                self.limit(256)
            return had_any

        fill = store._ballast.fill
        monkeypatch.setattr(store._ballast, "drop", drop_and_make_room)
        monkeypatch.setattr(store._ballast, "fill", lambda: self.is_spacious and fill())
        #: is there room for a new ballast?
        self.is_spacious = False

    def limit(self, more_pages: int) -> None:
        """Leave room for so many more pages."""
        [used] = self._connection.execute("PRAGMA page_count").fetchone()
        self._connection.execute(f"PRAGMA max_page_count = {used + more_pages}")


def fat(number: int) -> Setting:
    """A row of sixteen pages."""
    return Setting(name=f"n{number}", body="x" * 65536)


async def test_on_a_full_disk_the_ballast_lets_work_go_on_and_intake_stops_until_there_is_room(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F4."""
    store = await SqliteStore.open(sqlite_database.path, ballast_bytes=BALLAST)
    ballast = sqlite_database.path.with_name("huiyin.db.ballast")
    assert ballast.stat().st_size == BALLAST
    disk = Disk(store, monkeypatch)
    await store.accept([update(0)], now=NOW)
    await store.run(lambda uow: uow.outbox.put(envelope("a")))
    disk.limit(8)
    await store.run(lambda uow: uow.settings.add(fat(1)))
    assert not ballast.exists()
    with pytest.raises(StoreUnavailable, match="full"):
        await store.accept([update(1)], now=NOW)
    [entry] = await store.run(lambda uow: uow.outbox.claim(platform="feishu", now=NOW, lease=60, limit=1))
    assert await store.run(lambda uow: uow.outbox.settle(entry, state=SendState.SENT, now=NOW))
    monkeypatch.setattr(sqlite_store, "ROOM_CHECK_SECONDS", 0.0)
    with pytest.raises(StoreUnavailable, match="full"):
        await store.accept([update(1)], now=NOW)
    disk.is_spacious = True
    assert await store.accept([update(1)], now=NOW) == [True]
    assert ballast.stat().st_size == BALLAST
    assert (await store.read(lambda uow: uow.inbox.pending()))[0] == 2
    await store.close()
    assert not ballast.exists()


async def test_when_even_the_ballast_is_used_up_nothing_is_half_written(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await SqliteStore.open(sqlite_database.path, ballast_bytes=0)
    disk = Disk(store, monkeypatch)
    kept: list[int] = []
    disk.limit(100)
    for number in range(20):
        try:
            await store.run(lambda uow, n=number: (uow.settings.add(fat(n)), uow.audit.append(record(f"n{n}"))))  # type: ignore[misc]
            kept.append(number)
        except StoreUnavailable:
            continue
    assert 0 < len(kept) < 20
    found = await store.read(lambda uow: {s.name for s in uow.settings.find()})
    assert found == {f"n{number}" for number in kept}
    assert await store.read(lambda uow: uow.audit.verify()) is None
    assert await store.read(lambda uow: {r.record.ref for r in uow.audit.tail()}) == found
    disk.limit(1000)
    await store.run(lambda uow: uow.settings.add(fat(99)))
    await store.close()
    assert await storage.check(sqlite_database.url) == []


async def test_neighbours_in_the_same_commit_hear_of_the_failure_too(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await SqliteStore.open(sqlite_database.path, ballast_bytes=0)
    Disk(store, monkeypatch).limit(3)
    results = await asyncio.gather(
        *(store.run(lambda uow, n=n: uow.settings.add(fat(n))) for n in range(10)),  # type: ignore[misc]
        return_exceptions=True,
    )
    assert all(isinstance(result, StoreUnavailable) for result in results)
    assert await store.read(lambda uow: uow.settings.find()) == []
    await store.close()


# ---------------------------------------------------------------- damaged


def everything(uow: UnitOfWork) -> None:
    """Rows of every kind, and a few hundred of some."""
    for name, (entity, _) in ENTITIES.items():
        getattr(uow, name).add(entity)
    for number in range(400):
        uow.settings.add(Setting(name=f"s{number:03d}", body=f"值{number}" * 9))
        uow.audit.append(record(f"R{number}"))
        uow.inbox.accept(update(number), lane=f"feishu:{number}", now=NOW)
        uow.outbox.put(envelope(f"k{number}", lane=f"feishu:{number}"))


def all_of(uow: UnitOfWork) -> list[object]:
    """All that was written, read back."""
    uow_parts: list[object] = [getattr(uow, name).find() for name in ENTITIES]
    uow_parts.append([row.record for row in uow.audit.tail(limit=999)])
    return uow_parts


@pytest.mark.slow
async def test_a_flipped_byte_is_reported_or_harmless_wherever_it_is(sqlite_database: Database, tmp_path: Path) -> None:
    """F5: in fifty places of the file, never a silently different truth."""
    store = await sqlite_database.open()
    await store.run(everything)
    truth = await store.read(all_of)
    await store.close()
    await storage.backup(sqlite_database.url, tmp_path / "whole.db")
    whole = (tmp_path / "whole.db").read_bytes()
    chance = random.Random(5)
    reported = 0
    for _ in range(50):
        place = chance.randrange(100, len(whole))
        damaged = tmp_path / "damaged.db"
        damaged.write_bytes(whole[:place] + bytes([whole[place] ^ (1 << chance.randrange(8))]) + whole[place + 1 :])
        url = f"sqlite:///{damaged}"
        if await storage.check(url):
            reported += 1
            continue
        store = await storage.open_store(url, ballast_bytes=0)
        assert await store.read(all_of) == truth
        await store.close()
    assert 10 < reported < 50


async def test_a_damaged_row_is_an_error_and_its_neighbours_are_fine(sqlite_database: Database) -> None:
    store = await sqlite_database.open()
    await store.run(lambda uow: (uow.people.add(PERSON), uow.settings.add(Setting(name="s", body=""))))
    await store.close()
    with closing(sqlite3.connect(sqlite_database.path)) as connection, connection:
        connection.execute("UPDATE person SET body = replace(body, '张三', '李四')")
    [problem] = await storage.check(sqlite_database.url)
    assert "person" in problem
    assert "zhang" in problem
    store = await sqlite_database.open()
    with pytest.raises(DamagedRow):
        await store.read(lambda uow: uow.people.get("zhang"))
    assert len(await store.read(lambda uow: uow.settings.find())) == 1
    await store.close()


async def test_a_column_that_says_something_else_than_the_row_is_reported(sqlite_database: Database) -> None:
    store = await sqlite_database.open()
    await store.run(lambda uow: uow.people.add(PERSON))
    await store.close()
    with closing(sqlite3.connect(sqlite_database.path)) as connection, connection:
        connection.execute("UPDATE person SET department = 'xx'")
    assert len(await storage.check(sqlite_database.url)) == 1


async def test_a_file_that_is_no_database_is_refused_with_the_way_out(sqlite_database: Database) -> None:
    sqlite_database.path.write_bytes(b"not a database" * 999)
    with pytest.raises(StoreUnavailable, match="restore"):
        await sqlite_database.open()
    assert len(await storage.check(sqlite_database.url)) == 1


async def test_bytes_in_the_outbox_that_cannot_be_read_fail_alone(sqlite_database: Database) -> None:
    """One bad row must not stop the sender, nor the calls behind it in its lane."""
    store = await sqlite_database.open()
    await store.run(lambda uow: [uow.outbox.put(envelope(key)) for key in ("bad", "good")])
    await store.run(lambda uow: uow.outbox.put(envelope("other", lane="feishu:other")))
    await store.close()
    with closing(sqlite3.connect(sqlite_database.path)) as connection, connection:
        connection.execute("UPDATE outbox SET body = x'ff' WHERE key = 'bad'")
    assert len(await storage.check(sqlite_database.url)) == 1
    store = await sqlite_database.open()

    async def claim() -> list[str]:
        entries = await store.run(lambda uow: uow.outbox.claim(platform="feishu", now=NOW, lease=60, limit=9))
        return [entry.envelope.key for entry in entries]

    assert await claim() == ["other"]
    assert await claim() == ["good"]
    [report] = await store.read(lambda uow: uow.outbox.reports(SendState.FAILED))
    assert (report.key, report.error) == ("bad", "unreadable row")
    await store.close()


async def test_an_update_that_cannot_be_read_is_handed_out_with_its_bytes(sqlite_database: Database) -> None:
    store = await sqlite_database.open()
    await store.accept([update(1)], now=NOW)
    await store.close()
    with closing(sqlite3.connect(sqlite_database.path)) as connection, connection:
        connection.execute("UPDATE inbox SET body = x'fffe00'")
    store = await sqlite_database.open()
    [entry] = await store.run(lambda uow: uow.inbox.claim(now=at(1), lease=30, limit=9))
    assert (entry.update, entry.raw) == (None, b"\xff\xfe\x00")
    await store.close()


# ---------------------------------------------------------------- the trail


@pytest.mark.parametrize("change", ["UPDATE audit SET body = body", "DELETE FROM audit WHERE number = 2"])
async def test_the_trail_refuses_to_be_changed(sqlite_database: Database, change: str) -> None:
    """P10."""
    store = await sqlite_database.open()
    for number in range(3):
        await store.run(lambda uow, n=number: uow.audit.append(record(f"R{n}")))  # type: ignore[misc]
    await store.close()
    with (
        closing(sqlite3.connect(sqlite_database.path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute(change)


@pytest.mark.parametrize(
    ("change", "misfit"),
    [
        ("UPDATE audit SET body = replace(body, 'running', 'answered') WHERE number = 2", 2),
        ("UPDATE audit SET ref = 'other' WHERE number = 2", 2),
        ("DELETE FROM audit WHERE number = 2", 3),
        ("DELETE FROM audit WHERE number = 3", 3),
        ("UPDATE audit SET position = position + 9 WHERE number = 1", 1),
    ],
)
async def test_whoever_takes_the_guards_away_is_found_out(sqlite_database: Database, change: str, misfit: int) -> None:
    store = await sqlite_database.open()
    for number in range(3):
        await store.run(lambda uow, n=number: uow.audit.append(record(f"R{n}")))  # type: ignore[misc]
    await store.close()
    with closing(sqlite3.connect(sqlite_database.path)) as connection, connection:
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("DROP TRIGGER audit_no_delete")
        connection.execute(change)
    store = await sqlite_database.open()
    assert await store.read(lambda uow: uow.audit.verify()) == misfit
    await store.close()
    [problem] = await storage.check(sqlite_database.url)
    assert str(misfit) in problem


# ---------------------------------------------------------------- group commit


async def test_many_accepts_share_a_few_commits(sqlite_database: Database) -> None:
    store = await SqliteStore.open(sqlite_database.path, ballast_bytes=0)
    told: list[str] = []
    store._connection.set_trace_callback(told.append)
    await asyncio.gather(*(store.accept([update(n)], now=NOW) for n in range(200)))
    store._connection.set_trace_callback(None)
    assert 1 <= told.count("COMMIT") < 50
    assert (await store.read(lambda uow: uow.inbox.pending()))[0] == 200
    await store.close()


async def test_accepted_updates_are_on_disk_when_the_caller_hears_of_it(sqlite_database: Database) -> None:
    """P1: the settings that make a commit survive a power cut are the ones in force."""
    store = await SqliteStore.open(sqlite_database.path, ballast_bytes=0)
    await store.accept([update(1)], now=NOW)
    settings = [store._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    assert settings == ["wal", 2]
    with closing(sqlite3.connect(f"file:{sqlite_database.path}?mode=ro", uri=True)) as other:
        assert other.execute("SELECT business_id FROM inbox").fetchall() == [("om_1",)]
    await store.close()
