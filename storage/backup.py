"""Copies of the database: written while it runs, checked, and restored so that nothing old goes out by itself (F24, EC-98).

A restored database is a new epoch: calls that were waiting are held until a person confirms, and numbers issued since the
backup are not issued again.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, bindparam, func, select, text, update

from bot.clock import SystemClock
from bot.errors import ConfigError, Problem, StoreUnavailable
from storage.archive import BadBackup, empty, fill, is_sqlite_file, read_records, write_lines
from storage.claims import void_claims
from storage.engine import kind_of, sqlite_path
from storage.examination import examine
from storage.files import ProcessLock, beside, prepare_file
from storage.migrations import HEAD, current_version, sqlite_version, upgrade_now
from storage.outbox import SqlOutbox
from storage.session import PostgresSession, Session, SqliteSession, translated
from storage.sqlite_store import connect
from storage.tables import METADATA, table_of
from storage.tables.ledger import SequenceRow

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

T = TypeVar("T")

#: numbers of each kind that may have been issued since the backup and are skipped (EC-98)
SEQUENCE_GAP = 500
#: how often and how many seconds apart a restore looks whether the program is gone
LEAVING_TRIES = 10
LEAVING_SECONDS = 0.1

_S = table_of(SequenceRow)
_MARKS = select(_S.c.kind, _S.c.year, _S.c.last)
_LEAVE_GAP = update(_S).values(last=_S.c.last + SEQUENCE_GAP)
_RAISE = (
    update(_S)
    .values(last=bindparam("seen"))
    .where(_S.c.kind == bindparam("of_kind"), _S.c.year == bindparam("of_year"), _S.c.last < bindparam("seen"))
)

#: kind, year, last number
Mark = tuple[str, int, int]


async def backup(url: str, target: Path) -> None:
    """Write a consistent copy to `target`, also while the program runs: a SQLite file, or lines from PostgreSQL."""
    await asyncio.to_thread(target.parent.mkdir, parents=True, exist_ok=True)
    part = beside(target, ".part")
    try:
        if _kind(url) == "sqlite":
            await asyncio.to_thread(copy_sqlite, sqlite_path(url), part)
        else:
            await asyncio.to_thread(prepare_file, part)
            await _on_postgres(url, lambda session: write_lines(session, part), writable=False)
    except BaseException:  # half a copy must not stay and fill the disk
        await asyncio.to_thread(part.unlink, missing_ok=True)
        raise
    await asyncio.to_thread(part.replace, target)


async def restore(url: str, source: Path) -> int:
    """Replace the database by `source`; returns how many calls are held back until a person confirms.

    Raises BadBackup for a file that is not whole (nothing is changed then), StoreUnavailable while a process uses the
    database. What was there before stays beside it as `….before-restore` (SQLite).
    """
    if _kind(url) == "sqlite":
        return await asyncio.to_thread(_restore_sqlite, sqlite_path(url), source)
    await upgrade_now(url)
    return await _on_postgres(url, lambda session: _refill_postgres(session, source), writable=True, alone=True)


async def check(url: str) -> list[str]:
    """What is wrong with the database, a sentence each; empty when all is well."""
    if _kind(url) == "sqlite":
        return await asyncio.to_thread(check_sqlite, sqlite_path(url))
    try:
        return await _on_postgres(url, examine, writable=False)
    except StoreUnavailable as problem:
        return [f"无法连接 / not reachable: {problem}"]


def _kind(url: str) -> str:
    kind = kind_of(url)
    if kind == "memory":
        raise ConfigError(
            [Problem(key="storage.url", value=url, expected="sqlite or postgresql", fix="memory:// keeps nothing")]
        )
    return kind


# ---------------------------------------------------------------- SQLite


def copy_sqlite(source: Path, target: Path) -> None:
    """A consistent copy through the online backup API. Raises BadBackup when there is nothing to copy."""
    if not source.exists():
        raise BadBackup(f"{source} does not exist")
    target.unlink(missing_ok=True)
    prepare_file(target)
    try:
        with (
            contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
            contextlib.closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as problem:
        raise BadBackup(f"{source}: {problem}") from problem


def check_sqlite(path: Path) -> list[str]:
    """What is wrong with a SQLite file."""
    if not path.exists():
        return [f"{path} 不存在 / does not exist"]
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            if found:
                return [f"数据库文件损坏 / the file is damaged: {found[0]}（{_HOW_TO_RESTORE}）"]
            version = sqlite_version(path)
            return [_wrong_schema(version)] if version != HEAD else examine(SqliteSession(connection, writable=False))
    except (sqlite3.Error, StoreUnavailable, UnicodeDecodeError) as problem:
        return [f"数据库无法读取 / not readable: {problem}（{_HOW_TO_RESTORE}）"]
    except ConfigError as problem:
        return [str(problem)]


_HOW_TO_RESTORE = "huiyin db restore BACKUP"


def _wrong_schema(version: str) -> str:
    return f"数据库结构是 {version or '空'}，本程序需要 {HEAD} / schema {version or 'none'}, this program needs {HEAD}"


def _restore_sqlite(path: Path, source: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = ProcessLock(path)
    try:
        part = beside(path, ".restoring")
        _forget(part)
        marks = _marks_of(path)
        if is_sqlite_file(source):
            _take_over_file(source, part)
        else:
            asyncio.run(upgrade_now(f"sqlite:///{part}"))
            _change_sqlite(part, lambda session: fill_guarded_sqlite(session, source))
        held = _change_sqlite(part, lambda session: begin_epoch(session, marks))
        _put_aside(path)
        part.replace(path)
        return held
    finally:
        lock.release()


def _take_over_file(source: Path, part: Path) -> None:
    copy_sqlite(source, part)
    asyncio.run(upgrade_now(f"sqlite:///{part}"))
    problems = check_sqlite(part)
    if problems:
        _forget(part)
        raise BadBackup("; ".join(problems))


def fill_guarded_sqlite(session: Session, source: Path) -> None:
    """Fill a fresh database; its seeded rows go first."""
    empty(session)
    fill(session, read_records(source))


def _change_sqlite(path: Path, work: Callable[[Session], T]) -> T:
    with contextlib.closing(connect(path, pragmas={"journal_mode": "DELETE", "synchronous": "FULL"})) as connection:
        session = SqliteSession(connection, writable=True)
        session.script("BEGIN IMMEDIATE")
        result = work(session)
        session.script("COMMIT")
        return result


def _marks_of(path: Path) -> list[Mark]:
    """The last numbers of the database that is replaced, as far as it can still be read."""
    if not path.exists():
        return []
    try:
        with contextlib.closing(connect(path, pragmas={"query_only": "ON"})) as connection:
            return [(kind, year, last) for kind, year, last in SqliteSession(connection, writable=False).rows(_MARKS)]
    except (sqlite3.Error, StoreUnavailable):
        return []


def _put_aside(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        file = beside(path, suffix)
        if file.exists():
            file.replace(beside(path, f".before-restore{suffix}"))


def _forget(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        beside(path, suffix).unlink(missing_ok=True)


# ---------------------------------------------------------------- PostgreSQL


async def _on_postgres(url: str, work: Callable[[Session], T], *, writable: bool, alone: bool = False) -> T:
    """Work that reads or writes files between its statements, so it has a thread and a loop of its own."""
    return await asyncio.to_thread(lambda: asyncio.run(_on_a_loop(url, work, writable=writable, alone=alone)))


async def _on_a_loop(url: str, work: Callable[[Session], T], *, writable: bool, alone: bool) -> T:
    from storage.postgres_store import make_engine

    engine = make_engine(url, pool_size=1)
    try:
        with translated():
            return await _in_transaction(engine, work, writable=writable, alone=alone)
    finally:
        await engine.dispose()


async def _in_transaction(engine: AsyncEngine, work: Callable[[Session], T], *, writable: bool, alone: bool) -> T:
    def unit(connection: Connection) -> T:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        version = current_version(connection)
        if version != HEAD:
            raise StoreUnavailable(_wrong_schema(version))
        return work(PostgresSession(connection, writable=writable))

    if alone:
        await _wait_until_alone(engine)
    # REPEATABLE READ makes a copy of one moment
    async with engine.execution_options(isolation_level="REPEATABLE READ").begin() as connection:
        return await connection.run_sync(unit)


async def _wait_until_alone(engine: AsyncEngine) -> None:
    """The server takes a moment to see that a program that was stopped is gone."""
    for _ in range(LEAVING_TRIES):
        async with engine.begin() as connection:
            if not (await connection.execute(_OTHERS)).scalar():
                return
        await asyncio.sleep(LEAVING_SECONDS)
    raise StoreUnavailable("数据库正被使用，请先停止程序 / the database is in use; stop the program first")


_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'huiyin' "
    "AND pid <> pg_backend_pid()"
)


def _refill_postgres(session: Session, source: Path) -> int:
    marks: list[Mark] = [(kind, year, last) for kind, year, last in session.rows(_MARKS)]
    session.change(text("ALTER TABLE audit DISABLE TRIGGER USER"))
    empty(session)
    fill(session, read_records(source))
    session.change(text("ALTER TABLE audit ENABLE TRIGGER USER"))
    for table in METADATA.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            top = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
            session.rows(select(func.setval(func.pg_get_serial_sequence(table.name, column.name), top, False)))
    problems = examine(session)
    if problems:
        raise BadBackup("; ".join(problems))
    return begin_epoch(session, marks)


# ---------------------------------------------------------------- both


def begin_epoch(session: Session, marks: list[Mark]) -> int:
    """Nothing of the past goes on by itself: claims are void, old calls are held (those that old updates and timers
    still make, too), numbers moved on."""
    void_claims(session)
    session.change(_LEAVE_GAP)
    session.many(_RAISE, [{"of_kind": kind, "of_year": year, "seen": last} for kind, year, last in marks])
    return SqlOutbox(session).hold(epoch=secrets.token_hex(8), before=SystemClock().now())
