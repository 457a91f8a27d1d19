"""Makes things fit into a platform's limits by giving texts less room, never by cutting JSON. Pure."""

from __future__ import annotations

from collections.abc import Callable

from adapters._hardened_json import JsonTable, wire
from adapters._words import MOST_ROOM
from bot.errors import FailureKind, PlatformError

#: an eighth more room would not be worth another try
_PRECISION = 8
#: with less room than this a message says nothing any more
LEAST_ROOM = 8


def fitted(build: Callable[[int], JsonTable], *, max_bytes: int, room: int = MOST_ROOM) -> JsonTable:
    """What `build` makes with about the most room that stays within `max_bytes`; `build(n)` gives each free text n characters.

    Raises PlatformError(DEGRADE) when even the least room is too much, for example for a card with enormous parameters.
    """
    whole, size = _sized(build, room)
    if size <= max_bytes:
        return whole
    best: JsonTable | None = None
    low, high = LEAST_ROOM, room - 1
    while low <= high and (best is None or high - low > low // _PRECISION):
        middle = (low + high) // 2
        tried, size = _sized(build, middle)
        if size <= max_bytes:
            best, low = tried, middle + 1
        else:
            high = middle - 1
    if best is None:
        raise PlatformError(FailureKind.DEGRADE, code="too_large", operation="render")
    return best


def _sized(build: Callable[[int], JsonTable], room: int) -> tuple[JsonTable, int]:
    """What is built and its bytes on the wire.

    Raises PlatformError(DEGRADE) for what cannot be encoded, which only parameters can hold: nobody cleans those.
    """
    try:
        body = build(room)
        return body, len(wire(body))
    except UnicodeEncodeError:
        raise PlatformError(FailureKind.DEGRADE, code="bad_text", operation="render") from None
