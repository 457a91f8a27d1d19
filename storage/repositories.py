"""Aggregates in tables: get, add, put, remove, find, between; optimistic versions, never a blind overwrite."""

from __future__ import annotations

from datetime import datetime
from functools import cache, lru_cache
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Executable, Table, and_, bindparam, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.crashpoints import crash_here
from bot.errors import AlreadyExists, StaleVersion
from bot.ports import Indexable
from storage.mapping import TableSpec
from storage.session import Session
from storage.types import ColumnValue, clean, column_value, floor_ms

E = TypeVar("E")

Wanted = Indexable | tuple[Indexable, ...]
#: (column, how many values, is NULL among them)
Shape = tuple[str, int, bool]


class _Statements:
    """The fixed statements of one table."""

    def __init__(self, table: Table) -> None:
        columns = [c.name for c in table.columns]
        is_key = table.c.key == bindparam("the_key")
        self.get = select(table.c.body, table.c.crc).where(is_key)
        self.add = (
            insert(table)
            .values({name: bindparam(name) for name in columns})
            .on_conflict_do_nothing(index_elements=["key"])
        )
        self.put = (
            update(table)
            .values({name: bindparam(f"new_{name}") for name in columns if name != "key"})
            .where(is_key, table.c.version == bindparam("loaded"))
        )
        self.remove = delete(table).where(is_key)


@cache
def _statements(table: Table) -> _Statements:
    return _Statements(table)


@lru_cache(maxsize=2048)
def _search(table: Table, shapes: tuple[Shape, ...], ordered_by: str) -> Executable:
    clauses: list[ColumnElement[bool]] = [_clause(table, shape) for shape in shapes]
    order = [table.c.key]
    if ordered_by != "key":
        column = table.c[ordered_by]
        clauses += [column > bindparam("after"), column <= bindparam("until")]
        order.insert(0, column)
    return select(table.c.body, table.c.crc).where(and_(True, *clauses)).order_by(*order)


def _clause(table: Table, shape: Shape) -> ColumnElement[bool]:
    name, count, with_null = shape
    column = table.c[name]
    found: ColumnElement[bool] = column.in_([bindparam(f"{name}_{n}") for n in range(count)])
    if count == 1:
        found = column == bindparam(f"{name}_0")
    if not with_null:
        return found
    return or_(found, column.is_(None)) if count else column.is_(None)


class SqlRepository(Generic[E]):
    """`bot.ports.Repository` over one table."""

    def __init__(self, session: Session, spec: TableSpec[E]) -> None:
        self._session = session
        self._spec = spec
        self._is = _statements(spec.table)

    def get(self, key: str) -> E | None:
        row = self._session.first(self._is.get, {"the_key": clean(key)})
        return None if row is None else self._spec.from_body(row[0], row[1])

    def add(self, entity: E) -> E:
        stored = self._spec.stamped(entity, 1)
        if self._session.change(self._is.add, self._spec.to_row(stored)) != 1:
            raise AlreadyExists(f"{self._spec.name} {self._spec.key_of(entity)}")
        crash_here("entity_added")
        return stored

    def put(self, entity: E) -> E:
        loaded = self._spec.version_of(entity)
        stored = self._spec.stamped(entity, loaded + 1)
        row = self._spec.to_row(stored)
        values: dict[str, Any] = {f"new_{name}": value for name, value in row.items() if name != "key"}
        if self._session.change(self._is.put, {**values, "the_key": row["key"], "loaded": loaded}) != 1:
            raise StaleVersion(f"{self._spec.name} {row['key']} is not at version {loaded} any more")
        crash_here("entity_changed")
        return stored

    def remove(self, key: str) -> None:
        self._session.change(self._is.remove, {"the_key": clean(key)})

    def find(self, **equals: Wanted) -> list[E]:
        return self._search(equals, "key", {})

    def between(self, column: str, start: datetime, end: datetime, **equals: Wanted) -> list[E]:
        if column not in self._spec.columns:
            raise KeyError(column)
        return self._search(equals, column, {"after": floor_ms(start), "until": floor_ms(end)})

    def _search(self, equals: dict[str, Wanted], ordered_by: str, bounds: dict[str, Any]) -> list[E]:
        shapes: list[Shape] = []
        parameters: dict[str, Any] = bounds
        for name, wanted in equals.items():
            if name not in self._spec.columns:
                raise KeyError(name)
            values, with_null = wanted_values(wanted)
            if not values and not with_null:
                return []
            shapes.append((name, len(values), with_null))
            parameters.update({f"{name}_{n}": value for n, value in enumerate(values)})
        statement = _search(self._spec.table, tuple(shapes), ordered_by)
        return [self._spec.from_body(body, crc) for body, crc in self._session.rows(statement, parameters)]


def wanted_values(wanted: Wanted) -> tuple[list[ColumnValue], bool]:
    """The values to look for and whether NULL is one of them.

    Long lists are filled up to the next power of two, so that the number of distinct statements stays small.
    """
    given = wanted if isinstance(wanted, tuple) else (wanted,)
    values = [column_value(value) for value in given if value is not None]
    while len(values) & (len(values) - 1):
        values.append(values[-1])
    return values, None in given
