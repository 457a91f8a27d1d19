"""Revisions of everything visible on an emulated platform, to wait on."""

from __future__ import annotations

import asyncio


class Changes:
    """Tells live pages that something visible changed. Revisions only grow."""

    def __init__(self) -> None:
        self.revision = 0
        self._waiters: set[asyncio.Event] = set()

    def touch(self) -> None:
        """Count up and wake whoever waits."""
        self.revision += 1
        for waiter in tuple(self._waiters):
            waiter.set()

    async def wait(self, *, after: int, at_most: float) -> int:
        """The revision as soon as it is above `after`, or whatever it is after `at_most` real seconds."""
        waiter = asyncio.Event()
        self._waiters.add(waiter)
        try:
            if self.revision <= after:
                async with asyncio.timeout(at_most):
                    await waiter.wait()
        except TimeoutError:
            pass
        finally:
            self._waiters.discard(waiter)
        return self.revision
