"""Members of a platform's tables, read without trust in their shape. Pure.

A member of another type reads as if it were not there, an identifier must look like one, and what a caller cannot do
without is an `Unclear`, which becomes an `Unreadable` update and never an exception outside.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from adapters._hardened_json import JsonTable, JsonValue
from bot.clock import from_ms
from bot.updates import strip_tokens

#: ids of people, chats, messages and events; the platforms' have fewer than 80 characters
_ID = re.compile(r"[\x21-\x7e]{1,256}")
#: a longer name is cut: it is shown, never compared
NAME_LENGTH = 128
#: digits of the present time in seconds, milliseconds and microseconds; documents mix them
_MS_PER_UNIT = {10: 1000.0, 13: 1.0, 16: 0.001}


class Unclear(ValueError):
    """The event lacks something without which it cannot be told in neutral words."""


def content_id(raw: bytes) -> str:
    """An identity for what has none: repetitions of the same bytes are the same event."""
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


# ---------------------------------------------------------------- members


def table(of: JsonTable, key: str) -> JsonTable:
    """The table under that key, an empty one when there is none."""
    value = of.get(key)
    return value if isinstance(value, dict) else {}


def tables(of: JsonTable, key: str) -> list[JsonTable]:
    """The tables in the list under that key."""
    value = of.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text(of: JsonTable, key: str) -> str:
    """The text under that key, empty when there is none."""
    value = of.get(key)
    return value if isinstance(value, str) else ""


def texts(of: JsonTable, key: str) -> list[str]:
    """The texts in the list under that key, without empty ones."""
    value = of.get(key)
    return [one for one in value if isinstance(one, str) and one] if isinstance(value, list) else []


def flag(of: JsonTable, key: str) -> bool:
    """True when the member is exactly true."""
    return of.get(key) is True


def ident(of: JsonTable, key: str) -> str:
    """The identifier under that key, empty when there is none or it does not look like one."""
    value = text(of, key)
    return value if _ID.fullmatch(value) else ""


def needed_id(of: JsonTable, key: str) -> str:
    """The identifier under that key. Raises Unclear."""
    found = ident(of, key)
    if not found:
        raise Unclear(f"no {key}")
    return found


def typed(value: str) -> str:
    """What a person typed, without characters that pass for a mention or that a database cannot keep (M8)."""
    return strip_tokens(value).replace("\x00", "")


def name(of: JsonTable, key: str) -> str:
    """A name to show: one line, not longer than a name is."""
    return " ".join(typed(text(of, key)).split())[:NAME_LENGTH]


def instant(value: JsonValue) -> datetime | None:
    """The instant of a count of seconds, milliseconds or microseconds, told apart by their digits."""
    digits = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(digits, str) or not (digits.isascii() and digits.isdigit()):
        return None
    per_unit = _MS_PER_UNIT.get(len(digits))
    return None if per_unit is None else from_ms(int(int(digits) * per_unit))
