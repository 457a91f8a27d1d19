"""What the bot's connection brought and is not stored yet (F14).

Nobody sends such a push twice, so it is stored in the order in which it came and asked for again and again while the store
is away; it outlives the connection that brought it. A press does not wait its turn: five seconds are all it has. What waits
is measured in bytes, and amply: a reader that stops would also hold up the acknowledgements of what we say.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import structlog

from adapters._members import table, text
from adapters.wecom.frames import EVENT, Frame
from bot.clock import Clock
from bot.errors import StoreUnavailable

log = structlog.get_logger(__name__)

#: stores what a push carries. Raises StoreUnavailable
Take: TypeAlias = "Callable[[Frame], Awaitable[None]]"

#: bytes of pushes that wait; more stay on the socket
MAX_WAITING_BYTES = 64 * 1024 * 1024
#: presses that are being handled at once
MAX_PRESSES = 64
#: real seconds between tries while the store is away: the first pause, and the longest
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
#: real seconds for what still waits when the program ends
FAREWELL_SECONDS = 2.5


class Pushes:
    """`put` what came; `run` until the program ends, then `finish`."""

    def __init__(self, take: Take, *, clock: Clock, most: int = MAX_WAITING_BYTES) -> None:
        """`most` bytes wait."""
        self._most = most
        self._bytes = 0
        self._take = take
        self._clock = clock
        self._waiting: deque[Frame] = deque()
        self._changed = asyncio.Event()
        self._has_room = asyncio.Event()
        self._has_room.set()
        self._presses: set[asyncio.Task[None]] = set()

    @property
    def waiting(self) -> int:
        """How many are not stored yet."""
        return len(self._waiting) + len(self._presses)

    async def put(self, frame: Frame) -> None:
        """Take it on. Returns at once as long as there is room."""
        if _is_press(frame) and len(self._presses) < MAX_PRESSES:
            task = asyncio.create_task(self._press(frame), name="wecom press")
            self._presses.add(task)
            task.add_done_callback(self._presses.discard)
            return
        try:
            await self._has_room.wait()
        finally:
            self._append(frame)  # a connection that is closed meanwhile has brought it all the same

    async def run(self) -> None:
        """Store one after the other, until cancelled."""
        while True:
            while not self._waiting:
                self._changed.clear()
                await self._changed.wait()
            await self._store_first()

    async def finish(self) -> None:
        """Give what still waits a last chance; what is lost then is told."""
        storing = asyncio.create_task(self._rest(), name="wecom last pushes")
        await asyncio.wait({storing, *self._presses}, timeout=FAREWELL_SECONDS)
        for task in (storing, *self._presses):
            task.cancel()
        await asyncio.gather(storing, *self._presses, return_exceptions=True)
        if self._waiting:
            log.error("pushes could not be stored and are lost", action="push_lost", count=len(self._waiting))

    async def _rest(self) -> None:
        while self._waiting:
            await self._store_first()

    async def _store_first(self) -> None:
        await self._store(self._waiting[0])
        self._bytes -= self._waiting.popleft().size
        if self._bytes < self._most:
            self._has_room.set()

    def _append(self, frame: Frame) -> None:
        self._waiting.append(frame)
        self._bytes += frame.size
        if self._bytes >= self._most:
            self._has_room.clear()
        self._changed.set()

    async def _press(self, frame: Frame) -> None:
        try:
            await self._take(frame)
        except StoreUnavailable:
            self._append(frame)
        except Exception:  # the edge of the connection: one push must not end it
            log.exception("a push could not be taken", action="event_failed")

    async def _store(self, frame: Frame) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                await self._take(frame)
            except StoreUnavailable:
                log.warning("a push waits for the store", action="push_waits", pause=pause)
            except Exception:  # the edge of the connection: one push must not end it
                log.exception("a push could not be taken", action="event_failed")
                return
            else:
                return
            await self._clock.wait(asyncio.Event(), until=None, at_most=pause)
            pause = min(2 * pause, LONGEST_PAUSE)


def _is_press(frame: Frame) -> bool:
    return frame.command == EVENT and text(table(frame.body, "event"), "eventtype") == "template_card_event"
