"""Memory of what was believed lately, so that a captured request has no second effect (T2).

Keyed on the signature: digits of the timestamp can move into the nonce under the same signature (M1), the signature
itself stays. This cache only spares work and answers repetitions quickly; the lasting guard is the inbox, which knows
every business id for seven days, across restarts and replicas.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

#: how long a signature is remembered; must be at least twice the window (B9)
REMEMBERED = timedelta(minutes=10)
#: signatures kept at most; the oldest goes first (B9)
CAPACITY = 50_000


class ReplayCache:
    """Signatures of requests that were stored. Bounded in time and number; not shared between processes."""

    def __init__(self, *, keep: timedelta = REMEMBERED, capacity: int = CAPACITY) -> None:
        self._keep = keep
        self._capacity = capacity
        self._seen: OrderedDict[str, datetime] = OrderedDict()

    def __len__(self) -> int:
        return len(self._seen)

    def knows(self, signature: str, *, now: datetime) -> bool:
        """True when a request with this signature was stored within the time kept."""
        at = self._seen.get(signature)
        return at is not None and now - at < self._keep

    def remember(self, signature: str, *, now: datetime) -> None:
        """Call only after the request is stored: one that was refused for lack of storage must be let in again."""
        self._seen.pop(signature, None)
        self._seen[signature] = now
        self._forget(now)

    def _forget(self, now: datetime) -> None:
        while self._seen:
            signature, at = next(iter(self._seen.items()))
            if len(self._seen) <= self._capacity and now - at < self._keep:
                return
            del self._seen[signature]


def is_timely(timestamp: str, *, now: datetime, window: timedelta, age: timedelta | None = None) -> bool:
    """Whether ten digits of seconds since the epoch lie at most `window` ahead of now and `age` behind it.

    Both ends are included; without an age the window holds on both sides. Anything but exactly ten ASCII digits is not a
    time (M1).
    """
    if len(timestamp) != 10 or not (timestamp.isascii() and timestamp.isdigit()):
        return False
    behind = now.timestamp() - int(timestamp)
    return -window.total_seconds() <= behind <= (age or window).total_seconds()
