"""Aggregates and rows: whatever a domain class can hold comes back the same, and damage is never read as truth."""

from __future__ import annotations

import types
import typing
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import Enum
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import DamagedRow
from bot.ports import UnitOfWork
from storage.mapping import SPECS, TableSpec, checksum
from tests.storage.samples import PERSON

#: what a database can keep: no lone surrogates, no NUL (M8; the contract suite covers how those are cleaned)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-4, minutes=-30))])
SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(-(2**53), 2**53),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    bytes: st.binary(max_size=6),
    type(None): st.none(),
    date: st.dates(),
    time: st.times(),
    timedelta: st.timedeltas(timedelta(0), timedelta(days=9999)).map(
        lambda d: timedelta(seconds=round(d.total_seconds()))
    ),
    datetime: st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=ZONES),  # noqa: DTZ001 - bounds
}


def anything(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a type as the domain classes use them."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if isinstance(kind, typing.NewType):
        return anything(kind.__supertype__)
    if kind in SIMPLE:
        return SIMPLE[kind]
    if origin in {typing.Union, types.UnionType}:
        return st.one_of(*(anything(one) for one in inner))
    if origin is typing.Literal:
        return st.sampled_from(inner)
    if origin is tuple:
        if len(inner) == 2 and inner[1] is Ellipsis:
            return st.lists(anything(inner[0]), max_size=3).map(tuple)
        return st.tuples(*(anything(one) for one in inner))
    if origin is frozenset:
        return st.frozensets(anything(inner[0]), max_size=3)
    if origin is not None and issubclass(origin, typing.Mapping):
        return st.dictionaries(anything(inner[0]), anything(inner[1]), max_size=3)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    if isinstance(kind, type) and is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return st.builds(kind, **{f.name: anything(hints[f.name]) for f in fields(kind) if f.init})
    raise AssertionError(f"no values known for {kind!r}")


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_every_value_of_every_kind_survives_the_row(spec: TableSpec[Any], data: st.DataObject) -> None:
    entity = data.draw(anything(spec.entity))
    row = spec.to_row(entity)
    assert spec.from_body(str(row["body"]), int(row["crc"] or 0)) == entity
    assert spec.to_row(spec.from_body(str(row["body"]), int(row["crc"] or 0))) == row
    assert set(row) == {column.name for column in spec.table.columns}


def test_every_repository_of_the_unit_of_work_has_a_table() -> None:
    hints = {
        name: typing.get_type_hints(member.fget)["return"]
        for name, member in vars(UnitOfWork).items()
        if isinstance(member, property)
    }
    kinds = {typing.get_args(hint)[0] for hint in hints.values() if typing.get_args(hint)}
    assert kinds == {spec.entity for spec in SPECS}


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_a_kind_carries_its_version_and_has_a_column_for_every_search(spec: TableSpec[Any]) -> None:
    assert "version" in {f.name for f in fields(spec.entity)}
    assert set(spec.columns) <= {column.name for column in spec.table.columns}


def test_a_flipped_character_is_an_error_and_never_another_truth() -> None:
    """F5."""
    spec = next(spec for spec in SPECS if spec.entity is type(PERSON))
    body = str(spec.to_row(PERSON)["body"])
    crc = checksum(body)
    for place in range(len(body)):
        damaged = body[:place] + chr(ord(body[place]) ^ 1) + body[place + 1 :]
        with pytest.raises(DamagedRow):
            spec.from_body(damaged, crc)


def test_equal_values_have_equal_bodies() -> None:
    """Sets and dictionaries are written in order, so that a body does not change without cause."""
    spec = next(spec for spec in SPECS if spec.entity is type(PERSON))
    one = replace(PERSON, accounts={"feishu": "a", "wecom": "b"})
    other = replace(PERSON, accounts={"wecom": "b", "feishu": "a"})
    assert spec.to_row(one) == spec.to_row(other)
