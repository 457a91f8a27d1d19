"""All tables as lines of JSON and back: the form in which PostgreSQL is backed up, and a bridge between the databases."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import LargeBinary, Table, bindparam, delete, insert, select

from bot.errors import HuiyinError
from storage.migrations import HEAD, sqlite_version
from storage.session import Session, SqliteSession
from storage.tables import METADATA

FORMAT = "huiyin-backup-1"
_SQLITE_MAGIC = b"SQLite format 3\0"
_BATCH = 500

#: table name, column -> value
Record = tuple[str, dict[str, Any]]


class BadBackup(HuiyinError):
    """The file is not a backup of ours, is not whole, or belongs to another schema."""


def is_sqlite_file(path: Path) -> bool:
    """Does the file begin like a SQLite database?"""
    with path.open("rb") as file:
        return file.read(len(_SQLITE_MAGIC)) == _SQLITE_MAGIC


def write_lines(session: Session, target: Path) -> None:
    """Write every row, between a line that names the schema and one that says that the file is whole."""
    with target.open("w", encoding="utf-8") as file:
        file.write(json.dumps({"format": FORMAT, "schema": HEAD}) + "\n")
        count = 0
        for table, row in rows_of(session):
            plain = {name: _plain(value) for name, value in row.items()}
            file.write(json.dumps({"table": table, "row": plain}, ensure_ascii=False) + "\n")
            count += 1
        file.write(json.dumps({"rows": count}) + "\n")


def rows_of(session: Session) -> Iterator[Record]:
    """Every row of every table, page by page in the order of the key."""
    for table in METADATA.sorted_tables:
        names = [column.name for column in table.columns]
        for row in _pages(session, table):
            yield table.name, dict(zip(names, row, strict=True))


def _pages(session: Session, table: Table) -> Iterator[tuple[Any, ...]]:
    order = list(table.primary_key.columns)
    statement = select(table).order_by(*order).limit(bindparam("at_most")).offset(bindparam("skipped"))
    skipped = 0
    while page := session.rows(statement, {"at_most": 10 * _BATCH, "skipped": skipped}):
        yield from page
        skipped += len(page)


def read_records(source: Path) -> Iterator[Record]:
    """The rows of a backup in either form. Raises BadBackup before the first row or at a missing end."""
    return _from_sqlite(source) if is_sqlite_file(source) else _from_lines(source)


def _from_sqlite(source: Path) -> Iterator[Record]:
    if sqlite_version(source) != HEAD:
        raise BadBackup(f"the backup has schema {sqlite_version(source) or 'none'}, this program {HEAD}")
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as connection:
        yield from rows_of(SqliteSession(connection, writable=False))


def _from_lines(source: Path) -> Iterator[Record]:
    count = 0
    is_whole = False
    with source.open(encoding="utf-8") as file:
        for number, line in enumerate(file):
            entry = _parsed(line)
            if number == 0:
                _check_header(entry)
            elif "rows" in entry:
                is_whole = entry["rows"] == count
            else:
                count += 1
                yield entry["table"], {name: _restored(value) for name, value in entry["row"].items()}
    if not is_whole:
        raise BadBackup("the end of the backup is missing")


def _parsed(line: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError:
        raise BadBackup("not a backup of Huiyin, or a damaged one") from None
    if not isinstance(entry, dict):
        raise BadBackup("not a backup of Huiyin")
    return entry


def _check_header(entry: dict[str, Any]) -> None:
    if entry.get("format") != FORMAT:
        raise BadBackup("not a backup of Huiyin")
    if entry.get("schema") != HEAD:
        raise BadBackup(f"the backup has schema {entry.get('schema')}, this program {HEAD}")


def empty(session: Session) -> None:
    """Delete every row; the caller has taken the guards of the audit trail away."""
    for table in reversed(METADATA.sorted_tables):
        session.change(delete(table))


def fill(session: Session, records: Iterable[Record]) -> None:
    """Insert every row. Raises BadBackup for a table or a column that this schema does not have."""
    for name, rows in groupby(records, key=itemgetter(0)):
        table = METADATA.tables.get(name)
        if table is None:
            raise BadBackup(f"unknown table {name}")
        statement = insert(table).values({column.name: bindparam(column.name) for column in table.columns})
        values = (_complete(table, row) for _, row in rows)
        while batch := list(islice(values, _BATCH)):
            session.many(statement, batch)


def _complete(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    if row.keys() != {column.name for column in table.columns}:
        raise BadBackup(f"table {table.name} has other columns")
    return {name: bool(v) if str(table.c[name].type) == "BOOLEAN" else v for name, v in row.items()}


def _plain(value: Any) -> Any:
    return {"base64": base64.b64encode(bytes(value)).decode()} if isinstance(value, bytes | memoryview) else value


def _restored(value: Any) -> Any:
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value


def binary_columns(table: Table) -> list[str]:
    """Columns that hold bytes."""
    return [column.name for column in table.columns if isinstance(column.type, LargeBinary)]
