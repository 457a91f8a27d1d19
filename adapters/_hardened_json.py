"""JSON from outside, read so that nothing in it can hurt later (M8, T17). Pure.

The standard parser takes NaN, repeated keys, numbers of any length, lone surrogates and any depth. Each of these has
been an accident somewhere: two readers see two different values, an insert fails after the acknowledgement, the stack
overflows. Here they are refused, except lone surrogates inside values, which become U+FFFD.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
JsonTable: TypeAlias = "dict[str, JsonValue]"

#: digits of the longest number; a 64-bit id has 19
_NUMBER_DIGITS = 24
#: a whole string (group 1 closes it), or one bracket; a string that does not end leaves group 1 empty
_STRING_OR_BRACKET = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*("?)|[\[{]|[\]}]', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


class BadJson(ValueError):
    """Not JSON, or JSON that we do not take. Says nothing about the content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonLimits:
    """How much is taken (B9)."""

    max_bytes: int = 256 * 1024
    depth: int = 32
    #: keys of all tables together
    keys: int = 2_000
    #: characters of one text
    string: int = 65_536


DEFAULT_LIMITS = JsonLimits()


def parse_table(raw: bytes, *, limits: JsonLimits = DEFAULT_LIMITS) -> JsonTable:
    """The table that `raw` holds. Raises BadJson for everything else."""
    value = parse_value(raw, limits=limits)
    if not isinstance(value, dict):
        raise BadJson("not a table")
    return value


def parse_value(raw: bytes, *, limits: JsonLimits = DEFAULT_LIMITS) -> JsonValue:
    """The JSON value that `raw` holds, in UTF-8 without a byte order mark. Raises BadJson.

    What a count over the whole text rules out is not looked for piece by piece: there are no more tables than opening
    brackets, no more keys than colons, and no text is longer than the whole.
    """
    if len(raw) > limits.max_bytes:
        raise BadJson("too long")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadJson("not UTF-8") from None
    if text.count("[") + text.count("{") > limits.depth:
        _check_depth(text, limits.depth)
    decoder = _DECODER if text.count(":") <= limits.keys else _decoder(_Budget(limits.keys).table)
    try:
        value: JsonValue = decoder.decode(text)
    except BadJson:
        raise
    except (ValueError, RecursionError):
        raise BadJson("not JSON") from None
    mends = _SURROGATE_ESCAPE.search(text) is not None
    return _checked(value, limits, mends=mends) if mends or len(text) > limits.string else value


def wire(value: JsonValue) -> bytes:
    """The shortest JSON of a value, in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _check_depth(text: str, limit: int) -> None:
    """Brackets outside strings, counted before any parser recurses; linear in the length."""
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        first = text[match.start()]
        if first == '"':
            if not match.group(1):
                raise BadJson("a text does not end")
        elif first in "[{":
            depth += 1
            if depth > limit:
                raise BadJson("too deep")
        else:
            depth -= 1


def _table(pairs: list[tuple[str, JsonValue]]) -> JsonTable:
    """A table; repeated keys are refused."""
    table = dict(pairs)
    if len(table) != len(pairs):
        raise BadJson("a key stands twice")
    return table


class _Budget:
    """Counts the keys of all tables of one text."""

    def __init__(self, limit: int) -> None:
        self._left = limit

    def table(self, pairs: list[tuple[str, JsonValue]]) -> JsonTable:
        self._left -= len(pairs)
        if self._left < 0:
            raise BadJson("too many keys")
        return _table(pairs)


def _refuse_constant(_: str) -> NoReturn:
    raise BadJson("not a JSON number")


def _integer(digits: str) -> int:
    if len(digits) > _NUMBER_DIGITS:
        raise BadJson("number too long")
    return int(digits)


def _number(digits: str) -> float:
    if len(digits) > 2 * _NUMBER_DIGITS:
        raise BadJson("number too long")
    number = float(digits)
    if not math.isfinite(number):
        raise BadJson("number too large")
    return number


def _checked(value: JsonValue, limits: JsonLimits, *, mends: bool) -> JsonValue:
    """The value with every text within its limit and without lone surrogates. The depth is checked by now."""
    match value:
        case str():
            if len(value) > limits.string:
                raise BadJson("a text is too long")
            return _mended(value) if mends else value
        case list():
            return [_checked(one, limits, mends=mends) for one in value]
        case dict():
            for key in value:
                if len(key) > limits.string or (mends and _SURROGATE.search(key)):
                    raise BadJson("a key is not a text")
            return {key: _checked(one, limits, mends=mends) for key, one in value.items()}
        case None | bool() | int() | float():
            return value


def _mended(text: str) -> str:
    """Lone surrogates become U+FFFD; nothing that is stored later can fail to encode (M8)."""
    return _SURROGATE.sub("\ufffd", text)


def _decoder(table: Callable[[list[tuple[str, JsonValue]]], JsonTable]) -> json.JSONDecoder:
    return json.JSONDecoder(
        object_pairs_hook=table, parse_constant=_refuse_constant, parse_int=_integer, parse_float=_number
    )


_DECODER = _decoder(_table)
