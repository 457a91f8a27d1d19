"""One transaction's connection, the same face for both databases: statements of SQLAlchemy Core in, plain tuples out.

On SQLite a statement is compiled once per process and then goes straight to the driver; on PostgreSQL it runs on the
synchronous side of the asyncpg engine. Errors of the database come out as StoreUnavailable or `Conflict`, so that no
handler can mistake a full disk for a fault of its own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn, Protocol, cast

from sqlalchemy import Connection, Executable, exc, func, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

from bot.errors import StaleVersion, StoreUnavailable
from bot.ports import Savepoint

Parameters = Mapping[str, Any]
Rows = Sequence[tuple[Any, ...]]
NONE: Parameters = {}


class Conflict(StaleVersion):
    """Two transactions got in each other's way; the unit of work has to run again."""


class ReadOnlyViolation(RuntimeError):
    """A unit of work handed to `Store.read` tried to write: a fault of the program."""


class Session(Protocol):
    """What repositories and queues need from a connection inside a transaction."""

    @property
    def chains(self) -> int:
        """How many audit chains writers of this database share."""
        ...

    def rows(self, statement: Executable, parameters: Parameters = NONE) -> Rows:
        """Run and fetch everything."""
        ...

    def first(self, statement: Executable, parameters: Parameters = NONE) -> tuple[Any, ...] | None:
        """Run and fetch the first row."""
        ...

    def change(self, statement: Executable, parameters: Parameters = NONE) -> int:
        """Run a writing statement without RETURNING; how many rows it changed."""
        ...

    def returned(self, statement: Executable, parameters: Parameters = NONE) -> Rows:
        """Run a writing statement with RETURNING."""
        ...

    def many(self, statement: Executable, parameters: Iterable[Parameters]) -> None:
        """Run a writing statement once per set of parameters."""
        ...

    def many_returned(self, statement: Executable, parameters: Sequence[Parameters]) -> Rows:
        """The same with RETURNING; what all of them returned, in no particular order."""
        ...

    def exclusive(self, number: int) -> None:
        """Wait until no other transaction is inside the section of that number; until commit."""
        ...

    def savepoint(self) -> Savepoint:
        """A nested transaction."""
        ...


# ---------------------------------------------------------------- SQLite

_SQLITE: Dialect = sqlite.dialect(paramstyle="named")
_compiled: dict[Executable, tuple[str, dict[str, Any]]] = {}

#: primary result codes that mean "the database cannot take it", not "the program is wrong"
_UNAVAILABLE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)


def sqlite_form(statement: Executable) -> tuple[str, dict[str, Any]]:
    """SQL text and constant parameters of a statement, compiled once."""
    known = _compiled.get(statement)
    if known is None:
        assert isinstance(statement, ClauseElement)  # noqa: S101 - every statement here is built with Core
        form = cast(SQLCompiler, statement.compile(dialect=_SQLITE))
        required = {bind.key for bind in form.binds.values() if bind.required}
        known = (str(form), {name: value for name, value in form.params.items() if name not in required})
        _compiled[statement] = known
    return known


def primary_code(problem: sqlite3.Error) -> int:
    """The primary result code of an SQLite error, 0 when it has none."""
    return (getattr(problem, "sqlite_errorcode", None) or 0) & 0xFF


def sqlite_unavailable(problem: sqlite3.Error) -> StoreUnavailable:
    """The error for callers; with the way out when the file is damaged (F5)."""
    is_damaged = primary_code(problem) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
    hint = "（恢复备份 / restore a backup: huiyin db restore BACKUP）" if is_damaged else ""
    return StoreUnavailable(f"SQLite: {problem}{hint}")


class SqliteSession:
    """A transaction on a connection that only the calling thread uses."""

    chains = 1

    def __init__(self, connection: sqlite3.Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable
        self._depth = 0
        #: primary code of the first failure that makes the whole transaction void
        self.failure = 0

    def _fail(self, problem: sqlite3.Error) -> NoReturn:
        code = primary_code(problem)
        if code not in _UNAVAILABLE:
            raise problem
        self.failure = self.failure or code
        raise sqlite_unavailable(problem) from problem

    def rows(self, statement: Executable, parameters: Parameters = NONE) -> Rows:
        sql, constants = sqlite_form(statement)
        try:
            return self._connection.execute(sql, {**constants, **parameters}).fetchall()
        except sqlite3.Error as problem:
            self._fail(problem)

    def first(self, statement: Executable, parameters: Parameters = NONE) -> tuple[Any, ...] | None:
        found = self.rows(statement, parameters)
        return found[0] if found else None

    def change(self, statement: Executable, parameters: Parameters = NONE) -> int:
        self._check_writable()
        sql, constants = sqlite_form(statement)
        try:
            return self._connection.execute(sql, {**constants, **parameters}).rowcount
        except sqlite3.Error as problem:
            self._fail(problem)

    def returned(self, statement: Executable, parameters: Parameters = NONE) -> Rows:
        self._check_writable()
        return self.rows(statement, parameters)

    def many(self, statement: Executable, parameters: Iterable[Parameters]) -> None:
        self._check_writable()
        sql, constants = sqlite_form(statement)
        try:
            self._connection.executemany(sql, ({**constants, **one} for one in parameters))
        except sqlite3.Error as problem:
            self._fail(problem)

    def many_returned(self, statement: Executable, parameters: Sequence[Parameters]) -> Rows:
        self._check_writable()
        return [row for one in parameters for row in self.rows(statement, one)]

    def script(self, sql: str) -> None:
        """Run one statement of transaction control."""
        try:
            self._connection.execute(sql)
        except sqlite3.Error as problem:
            self._fail(problem)

    def exclusive(self, number: int) -> None:
        """The one writer is alone anyway."""

    def savepoint(self) -> Savepoint:
        return _SqliteSavepoint(self)

    def begin_nested(self) -> str:
        """Open a savepoint and return its name."""
        self._depth += 1
        name = f"s{self._depth}"
        self.script(f"SAVEPOINT {name}")
        return name

    def end_nested(self, name: str, *, keep: bool) -> None:
        """Close a savepoint; nothing to undo when the database has rolled everything back by itself."""
        self._depth -= 1
        if not self._connection.in_transaction:
            return
        if not keep:
            self.script(f"ROLLBACK TO {name}")
        self.script(f"RELEASE {name}")

    def _check_writable(self) -> None:
        if not self._writable:
            raise ReadOnlyViolation("Store.read is for reading")


class _SqliteSavepoint:
    def __init__(self, session: SqliteSession) -> None:
        self._session = session
        self._name = ""

    def __enter__(self) -> None:
        self._name = self._session.begin_nested()

    def __exit__(self, *exc_info: object) -> None:
        self._session.end_nested(self._name, keep=exc_info[0] is None)


# ---------------------------------------------------------------- PostgreSQL

#: serialization_failure, deadlock_detected
_CONFLICTS = frozenset({"40001", "40P01"})
#: connection, authorization, no such database, resources, operator intervention, system, lock not available,
#: read-only standby, internal error
_UNAVAILABLE_CLASSES = ("08", "28", "3D", "53", "57", "58", "55P03", "25006", "XX")
_AUDIT_CHAINS = 8


def postgres_error(problem: exc.DBAPIError) -> Exception:
    """Our form of a driver's error; the error itself when it is a fault of the program."""
    state = str(getattr(problem.orig, "sqlstate", None) or "")
    if state in _CONFLICTS:
        return Conflict(f"PostgreSQL: {state}")
    if problem.connection_invalidated or not state or state.startswith(_UNAVAILABLE_CLASSES):
        return StoreUnavailable(f"PostgreSQL: {state or type(problem.orig).__name__}")
    return problem


@contextmanager
def translated() -> Iterator[None]:
    """Turns errors of the driver into ours."""
    try:
        yield
    except exc.DBAPIError as problem:
        ours = postgres_error(problem)
        if ours is problem:
            raise
        raise ours from problem
    except (OSError, exc.TimeoutError, exc.InvalidRequestError) as problem:
        # InvalidRequestError: the transaction is void after a lost connection
        raise StoreUnavailable(f"PostgreSQL: {type(problem).__name__}") from problem


class PostgresSession:
    """A transaction inside `run_sync`."""

    chains = _AUDIT_CHAINS

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def rows(self, statement: Executable, parameters: Parameters = NONE) -> Rows:
        with translated():
            return [tuple(row) for row in self._connection.execute(statement, parameters)]

    def first(self, statement: Executable, parameters: Parameters = NONE) -> tuple[Any, ...] | None:
        found = self.rows(statement, parameters)
        return found[0] if found else None

    def change(self, statement: Executable, parameters: Parameters = NONE) -> int:
        self._check_writable()
        with translated():
            return self._connection.execute(statement, parameters).rowcount

    def returned(self, statement: Executable, parameters: Parameters = NONE) -> Rows:
        self._check_writable()
        return self.rows(statement, parameters)

    def many(self, statement: Executable, parameters: Iterable[Parameters]) -> None:
        self._check_writable()
        listed = list(parameters)
        if listed:
            with translated():
                self._connection.execute(statement, listed)

    def many_returned(self, statement: Executable, parameters: Sequence[Parameters]) -> Rows:
        self._check_writable()
        if not parameters:
            return []
        with translated():
            return [tuple(row) for row in self._connection.execute(statement, parameters)]

    def exclusive(self, number: int) -> None:
        self._check_writable()
        with translated():
            self._connection.execute(select(func.pg_advisory_xact_lock(number)))

    def savepoint(self) -> Savepoint:
        return _PostgresSavepoint(self._connection)

    def _check_writable(self) -> None:
        if not self._writable:
            raise ReadOnlyViolation("Store.read is for reading")


class _PostgresSavepoint:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        with translated():
            self._nested = self._connection.begin_nested()

    def __exit__(self, *exc_info: object) -> None:
        kind, problem, _ = exc_info
        if isinstance(problem, Conflict | StoreUnavailable):
            return  # the whole transaction is void
        with translated():
            if kind is None:
                self._nested.commit()
            else:
                self._nested.rollback()
