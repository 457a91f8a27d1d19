"""Keeps edits of a card back until whoever pressed on it has the answer.

An edit that reaches a platform before the answer of a click does, or in the moment after it, is rolled back on the
screen of the person who pressed, or fails there (feishu.md 4.1, 11; dingtalk.md 10). Only clicks that came to this
process are known here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from bot.clock import Clock

#: a click is answered within three seconds, or never
LONGEST_CLICK = 3.0


class Settling:
    """The cards somebody has just pressed on; `seconds` pass between the answer and an edit, real ones."""

    def __init__(self, clock: Clock, *, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
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
            self._answered[message] = _instant()
            self._changed.set()

    async def settled(self, message: str) -> None:
        """Return when an edit of that message's card is not in anybody's way any more."""
        until = _instant() + LONGEST_CLICK
        while (left := self._left(message, until)) > 0:
            self._changed.clear()
            await self._clock.wait(self._changed, until=None, at_most=left)

    def _left(self, message: str, until: float) -> float:
        """Seconds to wait before looking again."""
        now = _instant()
        if message in self._open:
            return until - now
        answered = self._answered.get(message)
        return 0.0 if answered is None else answered + self._seconds - now

    def _forget(self) -> None:
        now = _instant()
        self._answered = {key: at for key, at in self._answered.items() if now - at < self._seconds}


def _instant() -> float:
    return asyncio.get_running_loop().time()
