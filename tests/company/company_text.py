"""Company files as data: read the sample, change one thing, write it as TOML again."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from datetime import date, datetime
from pathlib import Path
from typing import cast

from bot.company import CompanyFile, read_company, sample_text
from bot.errors import ConfigError, Problem

WEEK = Path(__file__).parents[1] / "fixtures" / "company" / "week.toml"
Tree = dict[str, object]
Path_ = tuple[str | int, ...]

SAMPLE: Tree = tomllib.loads(sample_text())
#: the least that is a company
SMALL: Tree = tomllib.loads(
    """
schema = 1
[company]
name = "示例"
[[department]]
id = "GMO"
name = "总经办"
kind = "executive"
[[department]]
id = "ADMIN"
name = "行政部"
head = "P2"
[[person]]
id = "P1"
name = "组长"
dept = "GMO"
roles = ["LDR"]
[[person]]
id = "P2"
name = "经理"
dept = "ADMIN"
roles = ["DEP"]
[[person]]
id = "P3"
name = "秘书"
dept = "ADMIN"
roles = ["SEC", "LIA"]
"""
)


def toml(value: object) -> str:
    """One value in TOML; tables are written inline."""
    match value:
        case dict():
            return "{" + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(value, ensure_ascii=False)
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)


def text_of(tree: Tree) -> str:
    """The whole file."""
    return "\n".join(f"{json.dumps(key)} = {toml(value)}" for key, value in tree.items())


def read(tree: Tree) -> CompanyFile:
    return read_company(text_of(tree))


def problems(tree: Tree) -> list[Problem]:
    """Everything wrong with it; empty when it is taken."""
    try:
        read(tree)
    except ConfigError as refused:
        return list(refused.problems)
    return []


def changed(tree: Tree, path: Path_, value: object) -> Tree:
    """A copy with another value at that path, or with none where `value` is None."""
    copy = deepcopy(tree)
    place: object = copy
    for step in path[:-1]:
        if isinstance(step, str):
            table = cast(Tree, place)
            place = table.setdefault(step, {})
        else:
            place = cast(list[object], place)[step]
    last = path[-1]
    if isinstance(last, str):
        if value is None:
            cast(Tree, place).pop(last, None)
        else:
            cast(Tree, place)[last] = value
    else:
        cast(list[object], place)[last] = value
    return copy


def leaves(value: object, path: Path_ = ()) -> Iterator[tuple[Path_, object]]:
    """Every key of every table with its value, lists of plain values counting as one."""
    match value:
        case dict():
            for key, inner in value.items():
                yield from leaves(inner, (*path, key))
        case list() if value and all(isinstance(v, dict) for v in value):
            for index, inner in enumerate(value):
                yield from leaves(inner, (*path, index))
        case _:
            yield path, value


def kinds() -> dict[str, Path_]:
    """One path for each key that the sample has in each kind of table, by its name without numbers."""
    found: dict[str, Path_] = {}
    for path, _ in leaves(SAMPLE):
        name = ".".join(str(step) for step in path if isinstance(step, str))
        found.setdefault(name, path)
    return found


def tables() -> dict[str, Path_]:
    """One path for each kind of table of the sample."""
    return {name.rpartition(".")[0]: path[:-1] for name, path in kinds().items() if len(path) > 1}


def at_path(tree: Tree, path: Path_) -> object:
    place: object = tree
    for step in path:
        place = cast(Tree, place)[step] if isinstance(step, str) else cast(list[object], place)[step]
    return place
