"""The store behind a URL: SQLite file, PostgreSQL database, or memory."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import exc
from sqlalchemy.engine import make_url

from bot.errors import ConfigError, Problem
from bot.ports import Store
from storage.files import BALLAST_BYTES, prepare_file
from storage.memory import MemoryStore
from storage.migrations import upgrade_now
from storage.sqlite_store import SqliteStore


async def open_store(url: str, *, ballast_bytes: int = BALLAST_BYTES) -> Store:
    """Open the database of `url` and bring it to this program's schema.

    Raises ConfigError for an address that cannot be used or a schema newer than this program, StoreUnavailable when the
    database cannot be reached or, on SQLite, another process has it.
    """
    match kind_of(url):
        case "memory":
            return MemoryStore()
        case "sqlite":
            path = sqlite_path(url)
            await asyncio.to_thread(prepare_file, path)
            store = await SqliteStore.open(path, ballast_bytes=ballast_bytes)
        case _:
            # asyncio support of SQLAlchemy is a tenth of the start-up time, and SQLite does not need it
            from storage.postgres_store import PostgresStore, make_engine

            await upgrade_now(url)
            return PostgresStore(make_engine(url))
    try:
        await upgrade_now(url)
        await store.take_over()
    except BaseException:
        await store.close()
        raise
    return store


def kind_of(url: str) -> str:
    """`sqlite`, `postgresql` or `memory`; raises ConfigError for anything else."""
    if url.startswith("memory://"):
        return "memory"
    try:
        kind = make_url(url).get_backend_name()
    except exc.ArgumentError:
        kind = ""
    if kind == "postgresql" or (kind == "sqlite" and sqlite_path(url).name not in {"", ":memory:"}):
        return kind
    raise ConfigError(
        [
            Problem(
                key="storage.url",
                value=kind or "(not a URL)",
                expected="sqlite:///data/huiyin.db 或 / or postgresql://user:password@host:5432/huiyin",
                fix="see [storage] in config.example.toml",
            )
        ]
    )


def sqlite_path(url: str) -> Path:
    """The file of a SQLite URL; three slashes are relative, four absolute."""
    return Path(make_url(url).database or "")
