"""The one place that reads the system clock. Everything else is handed `now`."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Wall time for rules and rows, and waiting for pumps."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...

    async def wait(self, event: asyncio.Event, *, until: datetime | None, at_most: float) -> None:
        """Return when `event` is set, `until` is reached or `at_most` real seconds have passed."""
        ...


class SystemClock:
    """The machine's clock. Waiting uses monotonic time, so a jump of the wall clock costs one poll at most."""

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time(), UTC)

    async def wait(self, event: asyncio.Event, *, until: datetime | None, at_most: float) -> None:
        seconds = at_most if until is None else max(0.0, min(at_most, (until - self.now()).total_seconds()))
        await _wait(event, seconds)


class VirtualClock:
    """A clock that stands still or runs at the machine's pace from any instant, and can be moved forward.

    The playground and the tests drive the product with it. `move` wakes every pump that waits.
    """

    def __init__(self, start: datetime, *, running: bool = False) -> None:
        self._base = start.astimezone(UTC)
        self._running = running
        self._since = time.monotonic()
        self._moved: set[asyncio.Event] = set()

    def now(self) -> datetime:
        if not self._running:
            return self._base
        return self._base + timedelta(seconds=time.monotonic() - self._since)

    def move(self, to: datetime) -> None:
        """Set the present instant; pumps wake up and look again."""
        self._base = to.astimezone(UTC)
        self._since = time.monotonic()
        for event in tuple(self._moved):
            event.set()

    def run(self, running: bool) -> None:
        """Let the clock go at the machine's pace, or stop it where it is."""
        self._base = self.now()
        self._since = time.monotonic()
        self._running = running

    @property
    def is_running(self) -> bool:
        """True while the clock goes by itself."""
        return self._running

    async def wait(self, event: asyncio.Event, *, until: datetime | None, at_most: float) -> None:
        self._moved.add(event)
        try:
            seconds = at_most
            if until is not None:
                gap = (until - self.now()).total_seconds()
                seconds = max(0.0, min(at_most, gap)) if self._running or gap <= 0 else at_most
            await _wait(event, seconds)
        finally:
            self._moved.discard(event)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return


def to_ms(instant: datetime) -> int:
    """UTC milliseconds since the epoch, the form in which rows keep instants."""
    return round(instant.timestamp() * 1000)


def from_ms(milliseconds: int) -> datetime:
    """Inverse of `to_ms`."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
