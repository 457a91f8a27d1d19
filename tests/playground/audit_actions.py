"""Every name under which the engine writes a line of its audit trail, read off the handlers' source.

A name is followed back to where it is written down: through parameters to the callers, through local names to their
assignments, through conditions to both of their ends, and through enumerations to their values.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import product
from pathlib import Path
from typing import get_args

from bot.domain.clock_events import ClockEvent
from bot.domain.delegation import LeaveEvent
from bot.domain.reconcile import Change

#: what is made in a way that cannot be followed, by module and expression
TOLD: dict[tuple[str, str], list[str]] = {
    ("handlers.clocks.clocks", "type(event).__name__.lower()"): [
        event.__name__.lower() for event in get_args(ClockEvent)
    ],
    ("handlers.people.leaves", "type(event).__name__.lower()"): [
        event.__name__.lower() for event in get_args(LeaveEvent)
    ],
    ("handlers.company.directory_sync", "change.change.value"): [change.value for change in Change],
    ("handlers.requests.request_review", "deed.verb"): ["raise_level", "lower_level"],
}
HANDLERS = Path("handlers")
#: what writes a line, in `effects`
WRITERS = ("record", "record_act")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Source:
    """One module."""

    name: str
    tree: ast.Module
    functions: tuple[Function, ...]
    imports: tuple[ast.ImportFrom, ...]


class Unread(Exception):
    """A name that is made in a way this reader does not follow."""


@cache
def sources() -> tuple[Source, ...]:
    """All modules of the handlers."""
    found: list[Source] = []
    for path in sorted(HANDLERS.rglob("*.py")):
        if path.name == "__init__.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = tuple(n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef)))
        imports = tuple(node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
        found.append(Source(".".join(path.with_suffix("").parts), tree, functions, imports))
    return tuple(found)


def audit_actions() -> set[str]:
    """Their names. Raises Unread for one that cannot be followed."""
    found = {"company_imported"}  # written by the import itself, outside of any handler
    for source in sources():
        for function in source.functions:
            for call in (call for writer in WRITERS for call in calls_of(function, writer)):
                if ast.unparse(call.func).startswith("effects."):
                    found |= set(_values(call.args[1], function, source))
    return found


def calls_of(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            is_it = (isinstance(called, ast.Name) and called.id == name) or (
                isinstance(called, ast.Attribute) and called.attr == name
            )
            if is_it:
                yield node


def _values(node: ast.expr, function: Function, source: Source, depth: int = 0) -> Iterable[str]:
    told = TOLD.get((source.name, ast.unparse(node)))
    if told is not None:
        return told
    if depth > 6:
        raise Unread(f"{source.name}: {ast.unparse(node)}")
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=one, orelse=other):
            return [*_values(one, function, source, depth), *_values(other, function, source, depth)]
        case ast.JoinedStr(values=parts):
            pieces = [list(_values(part, function, source, depth)) for part in parts]
            return ["".join(one) for one in product(*pieces)]
        case ast.FormattedValue(value=value):
            return _values(value, function, source, depth)
        case ast.Name(id=name):
            return list(_named(name, function, source, depth))
        case ast.Attribute(value=ast.Name(id=owner), attr=attr):
            return list(_attribute(owner, attr, function, source, depth))
        case _:
            raise Unread(f"{source.name}: {ast.unparse(node)}")


def _named(name: str, function: Function, source: Source, depth: int) -> Iterator[str]:
    """A parameter's values at the callers, a local name's where it is assigned, a constant's of the module."""
    members = _enumeration(source, _annotation(name, function))
    assigned = [value for tree in (function, source.tree) for value in _assigned(name, tree)]
    if members:
        yield from members
    elif name in _parameters(function):
        for caller, there, given in _given(name, function, source):
            yield from _values(given, caller, there, depth + 1)
    elif assigned:
        for value in assigned:
            yield from _values(value, function, source, depth + 1)
    else:
        raise Unread(f"{source.name}: {name}")


def _assigned(name: str, tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=found)], value=value) if found == name:
                yield value
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                yield from (v for n, v in zip(names, values, strict=True) if isinstance(n, ast.Name) and n.id == name)
            case _:
                pass


def _parameters(function: Function) -> list[str]:
    return [one.arg for one in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]


def _given(name: str, function: Function, source: Source) -> Iterator[tuple[Function, Source, ast.expr]]:
    """What callers give for a parameter; its default where they leave it out."""
    place = _parameters(function).index(name)
    for there in sources():
        if not _knows(there, source, function.name):
            continue
        for caller in there.functions:
            for call in calls_of(caller, function.name):
                if not _means(call, there, source, function.name):
                    continue
                keyword = next((k.value for k in call.keywords if k.arg == name), None)
                given = keyword or (call.args[place] if place < len(call.args) else _default(name, function))
                if given is not None:
                    yield caller, there, given


def _default(name: str, function: Function) -> ast.expr | None:
    ordered = [*function.args.posonlyargs, *function.args.args]
    defaults = dict(zip([a.arg for a in reversed(ordered)], reversed(function.args.defaults), strict=False))
    keyword = dict(zip([a.arg for a in function.args.kwonlyargs], function.args.kw_defaults, strict=True))
    return defaults.get(name) or keyword.get(name)


def _knows(there: Source, source: Source, function: str) -> bool:
    return there is source or any(_imports(there, source, function))


def _imports(there: Source, source: Source, function: str) -> Iterator[str]:
    """Names under which a module knows a function of another, or that other module."""
    package, _, module = source.name.rpartition(".")
    for node in there.imports:
        for alias in node.names:
            if node.module == package and alias.name == module:
                yield alias.asname or alias.name
            if node.module == source.name and alias.name == function:
                yield alias.asname or alias.name


def _means(call: ast.Call, there: Source, source: Source, function: str) -> bool:
    """Is it that function, and not another of the same name?"""
    known = set(_imports(there, source, function))
    match call.func:
        case ast.Attribute(value=ast.Name(id=owner)):
            return owner in known
        case ast.Name(id=name):
            return name in known or there is source
        case _:
            return False


def _attribute(owner: str, attr: str, function: Function, source: Source, depth: int) -> Iterator[str]:
    """A member of an enumeration; a field of a record, wherever such a record is made."""
    if _enumeration(source, owner):
        yield str(getattr(importlib.import_module(source.name), owner)[attr].value)
    elif attr == "value":
        yield from _named(owner, function, source, depth)
    else:
        yield from _made(_annotation(owner, function), attr, depth)


def _made(record: str, name: str, depth: int) -> Iterator[str]:
    """What is given for a field wherever that class is called. Raises Unread when it is given nowhere."""
    is_made = False
    for there in sources():
        for caller in there.functions:
            for call in calls_of(caller, record):
                for keyword in call.keywords:
                    if keyword.arg == name:
                        is_made = True
                        yield from _values(keyword.value, caller, there, depth + 1)
    if not is_made:
        raise Unread(f"{record}.{name}")


def _annotation(name: str, function: Function) -> str:
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    found = next((one.annotation for one in arguments if one.arg == name and one.annotation is not None), None)
    return ast.unparse(found) if found is not None else ""


def _enumeration(source: Source, name: str) -> list[str]:
    """Values of an enumeration that a module knows by that name; none for anything else."""
    found = getattr(importlib.import_module(source.name), name, None)
    return [str(member.value) for member in found] if isinstance(found, type) and issubclass(found, Enum) else []
