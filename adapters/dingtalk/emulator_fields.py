"""Strict reading of what a call carries: what is missing, of another kind, too long or unknown is refused by name.

Stricter than the platform in one thing: it ignores members it does not know, and a mistyped one would stay unnoticed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from adapters._emulator.wire_json import Json, as_table, parse
from adapters.dingtalk.emulator_codes import LEGACY_BAD_PARAMETER, ApiError, LegacyError, missing

_HTTP = re.compile(r"https?://[^\s/]+\S*")


def known(body: Json, names: Collection[str]) -> None:
    """Refuse members that the call does not have."""
    strange = sorted(body.keys() - set(names))
    if strange:
        raise ApiError("InvalidParameter", f"the call has no {strange[0]}")


def must(body: Mapping[str, object], name: str, *, most: int = 0) -> str:
    """A string that has to be there, of at most `most` characters."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise missing(name)
    if most and len(value) > most:
        raise ApiError("InvalidParameter", f"{name} has more than {most} characters")
    return value


def may(body: Mapping[str, object], name: str) -> str:
    """A string that may be missing, and may not be something else."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise ApiError("InvalidParameter", f"{name} is no string")
    return value or ""


def must_list(body: Mapping[str, object], name: str, *, most: int, code: str = "InvalidParameter") -> list[str]:
    """A list of strings with at least one and at most `most` in it."""
    found = may_list(body, name)
    if not found:
        raise missing(name)
    if len(found) > most:
        raise ApiError(code, f"{name} has more than {most} entries")
    return found


def may_list(body: Mapping[str, object], name: str) -> list[str]:
    """A list of strings that may be missing."""
    value = body.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise ApiError("InvalidParameter", f"{name} is no list of strings")
    return list(dict.fromkeys(value))


def may_table(body: Mapping[str, object], name: str) -> Json:
    """An object that may be missing."""
    value = body.get(name)
    if value is not None and not isinstance(value, dict):
        raise ApiError("InvalidParameter", f"{name} is no object")
    return as_table(value) or {}


def may_flag(body: Mapping[str, object], name: str) -> bool:
    """A boolean that may be missing."""
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise ApiError("InvalidParameter", f"{name} is no boolean")
    return value is True


def one_of(body: Mapping[str, object], name: str, allowed: Collection[object], *, default: object) -> object:
    """A value out of a closed list."""
    value = body.get(name, default)
    if value not in allowed or isinstance(value, bool):
        raise ApiError("InvalidParameter", f"{name} is none of {sorted(map(str, allowed))}")
    return value


def is_address(value: str) -> bool:
    """True for what a client opens."""
    return _HTTP.fullmatch(value) is not None or value.startswith("dingtalk://")


def json_text(body: Mapping[str, object], name: str, code: str) -> Json:
    """An object written as a JSON string. Raises ApiError with `code`."""
    raw = body.get(name)
    if not isinstance(raw, str):
        raise ApiError(code, f"{name} is no JSON string")
    try:
        found = as_table(parse(raw))
    except (ValueError, RecursionError) as error:
        raise ApiError(code, f"{name} is no JSON") from error
    if found is None:
        raise ApiError(code, f"{name} holds no object")
    return found


def legacy_text(body: Mapping[str, object], name: str) -> str:
    """A string of a legacy call that has to be there."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise LegacyError(LEGACY_BAD_PARAMETER, f"{name} is missing")
    return value


def legacy_number(body: Mapping[str, object], name: str, *, default: int | None = None, most: int | None = None) -> int:
    """A number of a legacy call; strings of digits are taken, as on the real one."""
    value = body.get(name, default)
    if isinstance(value, str) and value.isdigit():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0 or (most is not None and value > most):
        raise LegacyError(LEGACY_BAD_PARAMETER, f"{name} is no valid number")
    return value
