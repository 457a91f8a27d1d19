"""Bringing a database to this program's schema: alembic, run from code, the same scripts on both databases.

A schema newer than this program is refused; an older one is upgraded in one transaction, on SQLite after a copy was
written beside the database. Alembic is imported only when there is something to do, because that takes longer than
everything else at start-up.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, exc, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from bot.crashpoints import crash_here
from bot.errors import ConfigError, Problem, StoreUnavailable
from storage.files import prepare_file
from storage.session import sqlite_unavailable

if TYPE_CHECKING:
    from alembic.config import Config

_HERE = Path(__file__).parent
#: the schema that this program works with; a test compares it with the newest script
HEAD = "0004"
#: schemas that it can upgrade from, oldest first
KNOWN = ("0001", "0002", "0003", "0004")
#: two replicas that start together upgrade one after the other
_ADVISORY_LOCK = 20260


def head_version() -> str:
    """The schema that this program works with."""
    return HEAD


def upgrade(url: str) -> str:
    """Upgrade outside an event loop; returns the schema version. Raises what `upgrade_now` raises."""
    return asyncio.run(upgrade_now(url))


async def upgrade_now(url: str) -> str:
    """Upgrade the database, if need be; returns the schema version.

    Raises ConfigError for a schema newer than this program, StoreUnavailable when the database cannot be reached.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return await asyncio.to_thread(_upgrade_sqlite, Path(parsed.database or ""))

    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(parsed.set(drivername="postgresql+asyncpg"), connect_args={"timeout": 5})
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(_upgrade_postgres)
    except (exc.DBAPIError, OSError) as problem:
        raise StoreUnavailable(f"PostgreSQL: {problem}") from problem
    finally:
        await engine.dispose()


def _upgrade_sqlite(path: Path) -> str:
    prepare_file(path)
    found = sqlite_version(path)
    if found == HEAD:
        return HEAD
    if found:
        _copy(path, path.with_name(f"backup-{found}.db"))
    engine = sqlite_engine(path)
    try:
        with engine.begin() as connection:
            _run_scripts(connection, HEAD)
            crash_here("upgrading")
        crash_here("upgraded")
    except exc.DBAPIError as problem:
        raise StoreUnavailable(f"SQLite: {problem.orig}") from problem
    finally:
        engine.dispose()
    with contextlib.closing(sqlite3.connect(path)) as plain:
        plain.execute("PRAGMA journal_mode=WAL")
    return HEAD


def sqlite_engine(path: Path) -> Engine:
    """An engine whose transactions hold schema changes, too; the driver alone would commit each of them at once."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def leave_transactions_to_us(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _upgrade_postgres(connection: Connection) -> str:
    connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ADVISORY_LOCK})
    if current_version(connection) != HEAD:
        _run_scripts(connection, HEAD)
    return HEAD


def sqlite_version(path: Path) -> str:
    """The schema of a SQLite file, empty for a new one. Raises ConfigError for one that this program does not know."""
    try:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            has_table = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if has_table else None
    except sqlite3.Error as problem:
        raise sqlite_unavailable(problem) from problem
    return _known(row[0] if row else "")


def current_version(connection: Connection) -> str:
    """The schema found on a connection, empty for a new database. Raises ConfigError for one we do not know."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return _known(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _known(found: str) -> str:
    if found and found not in KNOWN:
        raise ConfigError(
            [
                Problem(
                    key="storage.url",
                    value=f"schema {found}",
                    expected=f"schema {HEAD} 或更早 / or older",
                    fix="数据库来自更新的版本：请升级程序或恢复备份 / written by a newer Huiyin: install it or restore a backup",
                )
            ]
        )
    return found


def _copy(source: Path, target: Path) -> None:
    prepare_file(target)
    with contextlib.closing(sqlite3.connect(source)) as old, contextlib.closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(_HERE))
    config.attributes["connection"] = connection
    return config


def _run_scripts(connection: Connection, to: str) -> None:
    from alembic import command

    command.upgrade(_config(connection), to)


def upgrade_to(connection: Connection, version: str) -> None:
    """Run the scripts up to a version; for tests that start from an older schema."""
    _run_scripts(connection, version)


def differences(connection: Connection) -> list[Any]:
    """What autogenerate would still change; empty when the tables and the scripts agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from storage.tables import METADATA

    return list(compare_metadata(MigrationContext.configure(connection), METADATA))
