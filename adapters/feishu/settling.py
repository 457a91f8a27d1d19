"""Keeps edits of a card back until whoever pressed on it has the answer.

An edit that reaches the platform before the answer of a click does, or in the moment after it, is rolled back on the
screen of the person who pressed (feishu.md 4.1, 11). Only clicks that came to this process are known here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from bot.clock import Clock

#: real seconds between the answer and the edit
AFTER_ANSWER = 0.5
#: a click is answered within three seconds, or never
LONGEST_CLICK = 3.0


class Settling:
    """The cards somebody has just pressed on."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[str, int] = {}
        self._answered: dict[str, float] = {}
        self._changed = asyncio.Event()

    @contextmanager
    def answering(self, message: str) -> Iterator[None]:
        """For as long as a click on that message's card has no answer."""
        self._open[message] = self._open.get(message, 0) + 1
        try:
            yield
        finally:
            self._open[message] -= 1
            if not self._open[message]:
                del self._open[message]
            self._forget()
            self._answered[message] = _seconds()
            self._changed.set()

    async def settled(self, message: str) -> None:
        """Return when an edit of that message's card is not in anybody's way any more."""
        until = _seconds() + LONGEST_CLICK
        while (left := self._left(message, until)) > 0:
            self._changed.clear()
            await self._clock.wait(self._changed, until=None, at_most=left)

    def _left(self, message: str, until: float) -> float:
        """Seconds to wait before looking again."""
        now = _seconds()
        if message in self._open:
            return until - now
        answered = self._answered.get(message)
        return 0.0 if answered is None else answered + AFTER_ANSWER - now

    def _forget(self) -> None:
        now = _seconds()
        self._answered = {key: at for key, at in self._answered.items() if now - at < AFTER_ANSWER}


def _seconds() -> float:
    return asyncio.get_running_loop().time()
