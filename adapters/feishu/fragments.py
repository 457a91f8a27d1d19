"""Payloads that the platform split over several frames, until they are whole again. Pure.

Bounded in time, number and size: parts of a payload that never becomes whole are forgotten, and the platform sends the
whole of it again for lack of an acknowledgement.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from adapters.feishu.frames import Frame

#: how long the first part waits for the others; the platform's own clients wait 5 to 10 seconds
KEPT = timedelta(seconds=10)
#: parts of one payload, and payloads that are incomplete at once
MAX_PARTS = 256
MAX_INCOMPLETE = 64
#: bytes of all parts together that wait
MAX_WAITING_BYTES = 8 * 1024 * 1024


@dataclass(slots=True)
class _Incomplete:
    total: int
    since: datetime
    parts: dict[int, bytes] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return sum(len(part) for part in self.parts.values())


class Fragments:
    """The incomplete payloads of one connection."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, _Incomplete] = OrderedDict()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, frame: Frame, *, now: datetime) -> bytes | None:
        """The whole payload when this frame completes it, else None; a frame that fits nowhere is dropped."""
        total, place = _count(frame.header("sum")), _count(frame.header("seq"))
        part = frame.payload or b""
        if total is None or total <= 1:
            return part
        if place is None or place >= total or total > MAX_PARTS:
            return None
        self._forget(now)
        name = frame.header("message_id")
        waiting = self._waiting.get(name)
        if waiting is None or waiting.total != total:
            waiting = self._waiting[name] = _Incomplete(total, now)
            self._waiting.move_to_end(name)
        waiting.parts[place] = part
        if len(waiting.parts) < total:
            self._make_room()
            return None
        del self._waiting[name]
        return b"".join(waiting.parts[place] for place in range(total))

    def _forget(self, now: datetime) -> None:
        """Drop what waited too long; a clock that was set back must not keep it for ever."""
        for name in [name for name, one in self._waiting.items() if not timedelta(0) <= now - one.since < KEPT]:
            del self._waiting[name]

    def _make_room(self) -> None:
        while (
            len(self._waiting) > MAX_INCOMPLETE or sum(one.size for one in self._waiting.values()) > MAX_WAITING_BYTES
        ):
            self._waiting.popitem(last=False)


def _count(digits: str) -> int | None:
    return int(digits) if len(digits) <= 6 and digits.isascii() and digits.isdigit() else None
