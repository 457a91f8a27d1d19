"""SQLite: one process, one writer thread, group commit (P1, F1-F4, M14).

Whatever waits when the writer is free shares one commit and one fsync: first the accepted updates, because a platform
waits for its acknowledgement, then units of work, each in a savepoint of its own. Nobody hears of success before the
commit. Readers have threads and connections of their own and never wait for the writer.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import structlog

from bot.crashpoints import crash_here
from bot.errors import StaleVersion, StoreUnavailable
from bot.ports import UnitOfWork
from bot.updates import AnyUpdate, lane_of
from storage.claims import void_claims
from storage.files import BALLAST_BYTES, Ballast, ProcessLock
from storage.inbox import accept_together, new_row
from storage.session import SqliteSession, sqlite_unavailable
from storage.unit_of_work import SqlUnitOfWork

T = TypeVar("T")
log = structlog.get_logger(__name__)

#: an update that cannot be stored in this time is not acknowledged (P1)
ACCEPT_SECONDS = 2.0
BUSY_SECONDS = 5.0
#: how often a unit of work runs when somebody else was faster
TRIES = 8
#: units of work share a commit until this much time is used up; one that waits for an acknowledgement is not held up
GROUP_SECONDS = 0.008
READERS = 2
#: while the disk is full, how often to look whether there is room again
ROOM_CHECK_SECONDS = 1.0

PRAGMAS: Mapping[str, str | int] = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "cache_size": -16000,
    "temp_store": "MEMORY",
}


def connect(path: Path, *, pragmas: Mapping[str, str | int] = PRAGMAS) -> sqlite3.Connection:
    """A connection in autocommit mode; transactions are begun by hand. Raises StoreUnavailable."""
    try:
        connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=512
        )
    except sqlite3.Error as problem:
        raise sqlite_unavailable(problem) from problem
    try:
        for name, value in pragmas.items():
            connection.execute(f"PRAGMA {name}={value}")
    except sqlite3.Error as problem:
        connection.close()
        raise sqlite_unavailable(problem) from problem
    return connection


@dataclass(slots=True, eq=False)
class _Job:
    """Something that waits for the writer."""

    future: asyncio.Future[Any]
    perform: Callable[[SqliteSession], Any]
    #: updates to accept, which have no other work
    rows: Sequence[Mapping[str, Any]] = ()
    result: Any = None
    problem: BaseException | None = None

    def outcome(self) -> None:
        """Tell the caller; runs on the event loop."""
        if self.future.done():
            return
        if self.problem is not None:
            self.future.set_exception(self.problem)
        else:
            self.future.set_result(self.result)


class SqliteStore:
    """`bot.ports.Store` on one file."""

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        ballast_bytes: int = BALLAST_BYTES,
        pragmas: Mapping[str, str | int] = PRAGMAS,
    ) -> SqliteStore:
        """Open the file. Raises StoreUnavailable when another process has the database."""
        loop = asyncio.get_running_loop()
        return await asyncio.to_thread(cls, path, loop=loop, ballast_bytes=ballast_bytes, pragmas=pragmas)

    def __init__(
        self,
        path: Path,
        *,
        loop: asyncio.AbstractEventLoop,
        ballast_bytes: int,
        pragmas: Mapping[str, str | int],
    ) -> None:
        """Touches the disk, so it does not run on the loop; `open` is for callers."""
        self._lock = ProcessLock(path)
        crash_here("locked")
        self._loop = loop
        try:
            self._connection = connect(path, pragmas=pragmas)
        except StoreUnavailable:
            self._lock.release()
            raise
        self._path = path
        self._ballast = Ballast(path, ballast_bytes)
        self._ballast.fill()
        crash_here("opened")
        self._room_checked_at = 0.0
        #: accepts of this turn of the event loop
        self._gathered: list[_Job] = []
        self._accepts: deque[_Job] = deque()
        self._works: deque[_Job] = deque()
        self._wake = threading.Condition()
        self._is_closing = False
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="huiyin-reader")
        self._reading = threading.local()
        self._read_connections: list[sqlite3.Connection] = []
        self._writer = threading.Thread(target=self._write_for_ever, name="huiyin-writer", daemon=True)
        self._writer.start()

    # ------------------------------------------------------------ for callers, on the event loop

    async def run(self, work: Callable[[UnitOfWork], T]) -> T:
        job = _Job(self._loop.create_future(), lambda session: work(SqlUnitOfWork(session)))
        self._submit(self._works, job)
        result: T = await job.future
        return result

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        if self._is_closing:
            raise StoreUnavailable("the store is closed")
        return await self._loop.run_in_executor(self._readers, self._read, work)

    async def accept(self, updates: Sequence[AnyUpdate], *, now: datetime) -> list[bool]:
        if self._ballast.is_spent and not await self._has_room_again():
            raise StoreUnavailable("磁盘已满，暂不接收 / the disk is full, nothing is taken in")
        rows = [new_row(update, lane=lane_of(update), now=now) for update in updates]
        if self._is_closing:
            raise StoreUnavailable("the store is closed")
        job = _Job(self._loop.create_future(), _nothing, rows=rows)
        if not self._gathered:
            self._loop.call_soon(self._hand_over)
        self._gathered.append(job)
        news: list[bool] = await job.future
        return news

    def _hand_over(self) -> None:
        """What came in during one turn of the loop goes to the writer at once: one lock, one alarm, one commit."""
        jobs, self._gathered = self._gathered, []
        with self._wake:
            self._accepts.extend(jobs)
            self._wake.notify()
        self._loop.call_later(ACCEPT_SECONDS, _expire, jobs)

    async def take_over(self) -> None:
        """Void the claims of the process that had the file before; nobody else has it, or we would not have the lock."""
        job = _Job(self._loop.create_future(), void_claims)
        self._submit(self._works, job)
        await job.future

    async def close(self) -> None:
        with self._wake:
            self._is_closing = True
            self._wake.notify()
        await self._loop.run_in_executor(None, self._close)

    def _submit(self, queue: deque[_Job], job: _Job) -> None:
        with self._wake:
            if self._is_closing:
                raise StoreUnavailable("the store is closed")
            queue.append(job)
            self._wake.notify()

    async def _has_room_again(self) -> bool:
        now = self._loop.time()
        if now - self._room_checked_at < ROOM_CHECK_SECONDS:
            return False
        self._room_checked_at = now
        return await self._loop.run_in_executor(None, self._ballast.fill)

    def _close(self) -> None:
        self._writer.join()
        self._readers.shutdown()
        for connection in (*self._read_connections, self._connection):
            with contextlib.suppress(sqlite3.Error):
                connection.close()
        self._ballast.drop()
        self._lock.release()

    # ------------------------------------------------------------ readers

    def _read(self, work: Callable[[UnitOfWork], T]) -> T:
        session = SqliteSession(self._read_connection(), writable=False)
        session.script("BEGIN")
        try:
            return work(SqlUnitOfWork(session))
        finally:
            session.script("ROLLBACK")

    def _read_connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._reading, "connection", None)
        if connection is None:
            connection = connect(self._path, pragmas={"query_only": "ON", "cache_size": -8000, "temp_store": "MEMORY"})
            self._reading.connection = connection
            self._read_connections.append(connection)
        return connection

    # ------------------------------------------------------------ the writer thread

    def _write_for_ever(self) -> None:
        while True:
            with self._wake:
                while not (self._accepts or self._works or self._is_closing):
                    self._wake.wait()
                if not (self._accepts or self._works):
                    return
                accepts = [job for job in self._accepts if not job.future.done()]
                self._accepts.clear()
            if accepts:
                self._commit(accepts, self._accept)
            if self._works:
                self._commit([], self._work)

    def _commit(self, jobs: list[_Job], perform: Callable[[SqliteSession, list[_Job]], None]) -> None:
        """Perform in one transaction and tell everybody what became of it; once more when the ballast makes room."""
        failure, code = self._try(jobs, perform)
        if code == sqlite3.SQLITE_FULL:
            log.error("the disk is full", action="disk_full", database=str(self._path))
            if self._ballast.drop():
                failure, code = self._try(jobs, perform)
        if failure is not None:
            for job in jobs:
                job.problem = failure
        with contextlib.suppress(RuntimeError):  # the loop is gone: nobody listens any more
            self._loop.call_soon_threadsafe(_tell, jobs)

    def _try(
        self, jobs: list[_Job], perform: Callable[[SqliteSession, list[_Job]], None]
    ) -> tuple[StoreUnavailable | None, int]:
        """One transaction; (None, 0) when it is committed, else why not and SQLite's code. Nothing is kept then."""
        session = SqliteSession(self._connection, writable=True)
        try:
            session.script("BEGIN IMMEDIATE")
            perform(session, jobs)
            if not session.failure:
                crash_here("committing")
                session.script("COMMIT")
                crash_here("committed")
                return None, 0
            failure = StoreUnavailable(f"SQLite: result code {session.failure}")
        except StoreUnavailable as problem:
            failure = problem
        except BaseException as problem:
            log.exception("the writer stumbled", action="writer_stumbled")
            failure = StoreUnavailable(type(problem).__name__)
            failure.__cause__ = problem
        self._roll_back()
        if not jobs:  # not even begun: nobody who waits now can be served
            jobs.extend(self._taken(len(self._works)))
        return failure, session.failure

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")

    def _accept(self, session: SqliteSession, jobs: list[_Job]) -> None:
        news = iter(accept_together(session, [row for job in jobs for row in job.rows]))
        for job in jobs:
            job.result = list(islice(news, len(job.rows)))

    def _work(self, session: SqliteSession, jobs: list[_Job]) -> None:
        """Units of work, as many as fit; `jobs` is filled with those taken, and run again as they are if not empty."""
        for job in tuple(jobs):
            self._perform(session, job)
        if jobs:
            return
        until = time.monotonic() + GROUP_SECONDS
        while taken := self._taken(1):
            jobs.extend(taken)
            self._perform(session, taken[0])
            if session.failure or self._accepts or time.monotonic() > until:
                return

    def _taken(self, count: int) -> list[_Job]:
        with self._wake:
            return [self._works.popleft() for _ in range(min(count, len(self._works)))]

    def _perform(self, session: SqliteSession, job: _Job) -> None:
        if job.future.done():  # cancelled: whoever wanted it would not know that it happened
            return
        job.result = job.problem = None
        for _ in range(TRIES):
            try:
                with session.savepoint():
                    job.result = job.perform(session)
            except StaleVersion as problem:
                job.problem = problem
            except BaseException as problem:  # noqa: BLE001 - handed to the caller, whose error it is
                job.problem = problem
                return
            else:
                job.problem = None
                return


def _nothing(_: SqliteSession) -> None:
    """Updates are accepted all together, not one job after the other."""


def _expire(jobs: Sequence[_Job]) -> None:
    for job in jobs:
        if not job.future.done():
            job.future.set_exception(StoreUnavailable("not stored in time"))


def _tell(jobs: Sequence[_Job]) -> None:
    for job in jobs:
        job.outcome()
