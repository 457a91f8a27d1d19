"""The heart-beat: APScheduler in memory wakes the pumps and runs process chores.

No rule and no business timer lives here: a lost tick costs one period and nothing else, because everything that is owed
is a row (design.md section 2). `misfire_grace_time=None` and `coalesce=True`, so that a stalled loop drops nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = structlog.get_logger(__name__)

Chore = Callable[[], Awaitable[None]]


class HeartBeat:
    """Runs chores at intervals of real seconds until stopped; a chore that is still running is not started again."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    def every(self, seconds: float, name: str, chore: Chore) -> None:
        """Run `chore` every `seconds`, the first time after one period. One that breaks runs again next time."""

        async def run() -> None:
            try:
                await chore()
            except Exception:
                log.exception("a chore broke", action="chore_broke", chore=name)

        self._scheduler.add_job(run, IntervalTrigger(seconds=seconds, timezone=UTC), id=name, name=name)

    def start(self) -> None:
        """Begin to beat, on the running loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop beating; a chore in flight is cancelled with its loop."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
