"""PostgreSQL: any number of replicas, each unit of work through `run_sync` of the asyncpg engine.

Transactions are READ COMMITTED: aggregates carry versions, queues take row locks with SKIP LOCKED, and whatever still
collides (deadlock, serialization failure, stale version) runs again.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import URL, Connection
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import StaleVersion, StoreUnavailable
from bot.ports import UnitOfWork
from bot.updates import AnyUpdate, lane_of
from storage.inbox import accept_rows, new_row
from storage.session import PostgresSession, translated
from storage.unit_of_work import SqlUnitOfWork

T = TypeVar("T")

ACCEPT_SECONDS = 2.0
TRIES = 10
POOL_SIZE = 8
#: the first pause before a transaction that collided runs again; doubled each time, with jitter
PAUSE_SECONDS = 0.002
PAUSE_CAP = 0.05
#: rows of one accepting transaction; more wait for the next
ACCEPT_ROWS = 500

SETTINGS = {
    "application_name": "huiyin",
    "lock_timeout": "5000",
    "statement_timeout": "30000",
    "idle_in_transaction_session_timeout": "60000",
    "timezone": "UTC",
}


def async_url(url: str) -> URL:
    """The address in the form for asyncpg."""
    return make_url(url).set(drivername="postgresql+asyncpg")


def make_engine(url: str, *, pool_size: int = POOL_SIZE) -> AsyncEngine:
    """A pool of connections with our timeouts."""
    return create_async_engine(
        async_url(url),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=10,
        pool_pre_ping=False,
        query_cache_size=2000,
        connect_args={"timeout": 5, "command_timeout": 60, "server_settings": SETTINGS},
    )


class PostgresStore:
    """`bot.ports.Store` on a pool of connections."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._snapshots = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._waiting: list[tuple[list[dict[str, Any]], asyncio.Future[list[bool]]]] = []
        self._flusher: asyncio.Task[None] | None = None
        self._is_closed = False
        self._jitter = random.Random()  # noqa: S311 - spreads retries, protects nothing

    async def run(self, work: Callable[[UnitOfWork], T]) -> T:
        self._check_open()
        return await self._transact(lambda session: work(SqlUnitOfWork(session)))

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        def look(connection: Connection) -> T:
            return work(SqlUnitOfWork(PostgresSession(connection, writable=False)))

        self._check_open()
        with translated():
            async with self._snapshots.connect() as connection:
                return await connection.run_sync(look)

    async def accept(self, updates: Sequence[AnyUpdate], *, now: datetime) -> list[bool]:
        self._check_open()
        rows = [new_row(update, lane=lane_of(update), now=now) for update in updates]
        future: asyncio.Future[list[bool]] = asyncio.get_running_loop().create_future()
        self._waiting.append((rows, future))
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._flush(), name="accept")
        try:
            async with asyncio.timeout(ACCEPT_SECONDS):
                return await future
        except TimeoutError:
            raise StoreUnavailable("not stored in time") from None

    async def close(self) -> None:
        self._is_closed = True
        if self._flusher is not None:
            await asyncio.gather(self._flusher, return_exceptions=True)
        await self._engine.dispose()

    def _check_open(self) -> None:
        if self._is_closed:
            raise StoreUnavailable("the store is closed")

    async def _transact(self, work: Callable[[PostgresSession], T]) -> T:
        def unit(connection: Connection) -> T:
            return work(PostgresSession(connection, writable=True))

        for attempt in range(TRIES):
            try:
                with translated():
                    async with self._engine.begin() as connection:
                        return await connection.run_sync(unit)
            except StaleVersion:
                if attempt == TRIES - 1:
                    raise
            await asyncio.sleep(min(PAUSE_CAP, PAUSE_SECONDS * 2**attempt) * (0.5 + self._jitter.random()))
        raise AssertionError("the loop returns or raises")

    async def _flush(self) -> None:
        """Commit what waits, many callers at a time, until nothing waits."""
        while self._waiting:
            batch = self._next_batch()
            rows = [row for taken, _ in batch for row in taken]
            try:
                news = await self._transact(partial(accept_rows, rows=rows))
            except Exception as problem:  # noqa: BLE001 - told to every caller that waits
                failure = problem if isinstance(problem, StoreUnavailable) else StoreUnavailable(type(problem).__name__)
                for _, future in batch:
                    if not future.done():
                        future.set_exception(failure)
                continue
            for taken, future in batch:
                mine, news = news[: len(taken)], news[len(taken) :]
                if not future.done():
                    future.set_result(mine)

    def _next_batch(self) -> list[tuple[list[dict[str, Any]], asyncio.Future[list[bool]]]]:
        batch: list[tuple[list[dict[str, Any]], asyncio.Future[list[bool]]]] = []
        size = 0
        while self._waiting and size < ACCEPT_ROWS:
            taken = self._waiting.pop(0)
            if not taken[1].done():
                batch.append(taken)
                size += len(taken[0])
        return batch
