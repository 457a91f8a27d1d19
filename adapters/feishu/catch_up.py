"""Makes up for the time in which nobody listened: what people wrote meanwhile is read from the groups' history.

The platform repeats an event for seven hours, with hours between the last tries, and an answer that comes late would
look like none. So after every gap that its first repetition may have missed, and after every start, the groups are read
once. What comes twice is known by its message id, which the inbox keeps; a reply keeps the time at which it was written.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

import structlog

from adapters._hardened_json import JsonTable
from adapters.feishu.event import Self
from adapters.feishu.history import History, Room
from bot.clock import Clock
from bot.errors import FailureKind, PlatformError, StoreUnavailable

log = structlog.get_logger(__name__)

#: puts envelopes into the intake; returns how many could be read. Raises StoreUnavailable
TakeMany: TypeAlias = "Callable[[Sequence[JsonTable]], Awaitable[int]]"

#: shorter gaps are covered by the platform's first repetition, 15 s after the first try
SHORTEST_GAP = timedelta(seconds=10)
#: older messages would not be believed to be of their own time (domain.md 5.8)
FURTHEST_BACK = timedelta(hours=48)
#: clocks differ, and history counts in whole seconds
SLACK = timedelta(seconds=5)
#: from the end of one reading to the next: a connection that comes and goes must not eat the tenant's calls
REST = timedelta(minutes=1)
#: pauses after a reading that broke off
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(minutes=10)
#: a wait of the clock ends at least this often, in real seconds
_LOOK_UP = 3600.0


class CatchUp:
    """One for the app. Owes nothing until told, and does nothing until it may."""

    def __init__(self, history: History, *, clock: Clock) -> None:
        self._history = history
        self._clock = clock
        self._since: datetime | None = None
        self._not_before: datetime | None = None
        #: None while the platform has not said
        self._may_read: bool | None = None
        self._is_reading = False
        #: the last try to read, or to learn whether we may, came to nothing
        self._is_in_vain = False
        self._wake = asyncio.Event()
        self._news = asyncio.Event()

    @property
    def owed_since(self) -> datetime | None:
        """From when on messages may be missing, None when all is read."""
        return self._since

    def owe(self, since: datetime, *, until: datetime) -> None:
        """Nobody listened between these two; what is owed already stays owed."""
        if until - since < SHORTEST_GAP:
            return
        self._since = since if self._since is None else min(self._since, since)
        self._wake.set()

    def allow(self, may_read: bool | None) -> None:
        """Whether the app may read everything in its groups; without that history says nothing. None: no answer."""
        if may_read is None:
            self._is_in_vain = self._may_read is None
        else:
            self._may_read, self._is_in_vain = may_read, False
        self._wake.set()
        self._news.set()

    async def caught_up(self) -> None:
        """Return when everything that can be read now is read, which is at once when nothing is owed."""
        while self._is_promising:
            self._news.clear()
            await self._news.wait()

    @property
    def _is_promising(self) -> bool:
        is_owed = self._is_reading or self._since is not None
        return is_owed and not self._is_in_vain and self._may_read is not False

    async def run(self, take: TakeMany, me: Callable[[], Self]) -> None:
        """Read whenever something is owed, until cancelled."""
        pause = FIRST_PAUSE
        while True:
            since = await self._owed()
            self._is_reading = True
            try:
                await self._read(max(since, self._clock.now() - FURTHEST_BACK) - SLACK, take, me())
            except (PlatformError, StoreUnavailable) as problem:
                code = problem.code if isinstance(problem, PlatformError) else "store"
                log.warning("history could not be read; it is tried again", action="catch_up_waits", code=code)
                self._since = since if self._since is None else min(self._since, since)
                self._not_before, pause = self._clock.now() + pause, min(LONGEST_PAUSE, pause * 2)
                self._is_in_vain = True
            else:
                self._not_before, pause = self._clock.now() + REST, FIRST_PAUSE
                self._is_in_vain = False
            finally:
                self._is_reading = False
                self._news.set()

    async def _owed(self) -> datetime:
        """Since when messages may be missing, as soon as they may be read; what is taken from here is owed no more."""
        while True:
            self._wake.clear()
            start, since = self._start(), self._since if self._may_read else None
            if since is not None and start is None:
                self._since = None
                return since
            await self._clock.wait(self._wake, until=start if since is not None else None, at_most=_LOOK_UP)

    def _start(self) -> datetime | None:
        """When the next reading may begin, None for now."""
        now, start = self._clock.now(), self._not_before
        if start is not None and (now >= start or start - now > LONGEST_PAUSE):
            self._not_before = None  # over, or the clock was set back
        return self._not_before

    async def _read(self, since: datetime, take: TakeMany, me: Self) -> None:
        """Every group once. Raises PlatformError, StoreUnavailable."""
        rooms = await self._history.rooms()
        found = 0
        for room in rooms:
            found += await self._read_room(room, since, take, me)
        log.info("history is read", action="caught_up", since=since, groups=len(rooms), messages=found)

    async def _read_room(self, room: Room, since: datetime, take: TakeMany, me: Self) -> int:
        """One group; one that is lost meanwhile holds up no other."""
        found = 0
        try:
            async for envelopes in self._history.missed(room, since=since, me=me):
                found += await take(envelopes)
        except PlatformError as problem:
            if problem.kind not in {FailureKind.GONE, FailureKind.PERMANENT}:
                raise
            log.info("a group's history is closed to us", action="catch_up_skipped", chat=room.chat, code=problem.code)
        return found
