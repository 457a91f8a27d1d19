"""Rate limits and idempotency keys of an emulated platform. Which limits there are, each platform says itself."""

from __future__ import annotations

import math
from collections import deque
from datetime import datetime, timedelta


class Windows:
    """Sliding windows over the injected clock."""

    def __init__(self) -> None:
        self._taken: dict[tuple[str, int], deque[datetime]] = {}

    def take(self, name: str, limits: tuple[tuple[int, int], ...], *, now: datetime) -> int:
        """Count one call; 0 when all limits hold, else whole seconds until the next may come. Refused calls are free."""
        for calls, seconds in limits:
            taken = self._taken.setdefault((name, seconds), deque())
            start = now - timedelta(seconds=seconds)
            while taken and taken[0] <= start:
                taken.popleft()
            if len(taken) >= calls:
                return max(1, math.ceil((taken[0] - start).total_seconds()))
        for _, seconds in limits:
            self._taken[name, seconds].append(now)
        return 0


class SeenKeys:
    """What was made under an idempotency key, for as long as the platform remembers it."""

    def __init__(self, life: timedelta) -> None:
        self._life = life
        self._made: dict[str, tuple[str, datetime]] = {}

    def find(self, key: str, *, now: datetime) -> str:
        """The id made under that key, empty when there is none or it is forgotten by now."""
        made, at = self._made.get(key, ("", now))
        return made if made and now - at < self._life else ""

    def keep(self, key: str, made: str, *, now: datetime) -> None:
        """Remember what was made."""
        self._made[key] = (made, now)
