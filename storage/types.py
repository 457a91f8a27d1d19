"""The forms in which rows keep things: instants as UTC milliseconds, keys as text in code-point order, clean strings.

Nothing else in this folder turns a datetime into a number or a string into something a database takes.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import Enum

from sqlalchemy import BigInteger, Integer, LargeBinary, Text

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

#: text that is compared and ordered by code point on both databases
KeyText = Text().with_variant(Text(collation="C"), "postgresql")
#: a number that SQLite assigns by itself only when the column is INTEGER PRIMARY KEY
AutoId = BigInteger().with_variant(Integer, "sqlite")
Number = BigInteger
Bytes = LargeBinary

#: no pause or lease of ours is longer (milliseconds); the pauses of failing timers are at most an hour
LONGEST_PAUSE = 120_000
LONGEST_TIMER_PAUSE = 3_600_000

#: what an indexed column can hold
ColumnValue = str | int | bool | None

#: what stands in the place of a character that a database cannot keep
REPLACEMENT = "\ufffd"


def floor_ms(instant: datetime) -> int:
    """Milliseconds since the epoch, rounded down: the form of "now", so that nothing is early by a rounding."""
    return (instant - _EPOCH) // _MILLISECOND


def ceil_ms(instant: datetime) -> int:
    """Milliseconds since the epoch, rounded up: the form of "not before"."""
    return -((_EPOCH - instant) // _MILLISECOND)


def from_ms(milliseconds: int) -> datetime:
    """The aware UTC instant, exact to the millisecond."""
    return _EPOCH + milliseconds * _MILLISECOND


def optional_floor_ms(instant: datetime | None) -> int | None:
    """`floor_ms`, or NULL for None."""
    return None if instant is None else floor_ms(instant)


def optional_from_ms(milliseconds: int | None) -> datetime | None:
    """`from_ms`, or None for NULL."""
    return None if milliseconds is None else from_ms(milliseconds)


def clean(text: str) -> str:
    """The text without lone surrogates and NUL, which SQLite and PostgreSQL cannot keep (M8 of reliability.md)."""
    if text.isascii():
        return text.replace("\0", REPLACEMENT) if "\0" in text else text
    return "".join(REPLACEMENT if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text)


def column_value(value: object) -> ColumnValue:
    """A value in the form an indexed column holds: instants in milliseconds, enum members by value, keys as text."""
    match value:
        case None | bool() | int():
            return value
        case datetime():
            return floor_ms(value)
        case Enum():
            return column_value(value.value)
        case str():
            return clean(value)
        case _:
            return clean(str(value))
