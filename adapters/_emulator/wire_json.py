"""Reading and writing the untyped JSON that crosses the emulated wire.

Every reader here returns a value of the asked type or its empty value; none raises. Whoever must tell a missing field
from an empty one looks with `in` first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

#: one JSON object
Json = dict[str, object]


def parse(raw: str | bytes) -> object:
    """The value of a JSON document. Raises ValueError for anything else, undecodable bytes included."""
    value: object = json.loads(raw)
    return value


def parse_table(raw: str | bytes) -> Json | None:
    """The JSON object in `raw`, None when it is not one."""
    try:
        return as_table(parse(raw))
    except (ValueError, RecursionError):
        return None


def compact(value: object) -> str:
    """JSON without spaces, non-ASCII kept."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def wire(value: object) -> bytes:
    """JSON as UTF-8. Lone surrogates, which UTF-8 cannot carry, travel as escapes, as on the real wire."""
    try:
        return compact(value).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def as_table(value: object) -> Json | None:
    """The value if it is an object, else None."""
    return value if isinstance(value, dict) else None


def as_rows(value: object) -> list[Json]:
    """The objects in a list; empty when it is no list."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def as_texts(value: object) -> list[str]:
    """The strings in a list; empty when it is no list."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def text(table: Mapping[str, object], key: str, default: str = "") -> str:
    """The string at `key`."""
    value = table.get(key)
    return value if isinstance(value, str) else default


def table(holder: Mapping[str, object], key: str) -> Json:
    """The object at `key`."""
    return as_table(holder.get(key)) or {}


def rows(holder: Mapping[str, object], key: str) -> list[Json]:
    """The objects in the list at `key`."""
    return as_rows(holder.get(key))


def texts(holder: Mapping[str, object], key: str) -> list[str]:
    """The strings in the list at `key`."""
    return as_texts(holder.get(key))


def flag(holder: Mapping[str, object], key: str) -> bool:
    """True only when a JSON `true` stands at `key`."""
    return holder.get(key) is True
