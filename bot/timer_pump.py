"""Fires due timers: load, decide, write, remove, in one transaction; exactly once, never early (P4).

A timer whose handler fails comes again later and later; it never keeps its neighbours from firing.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog

from bot.crashpoints import crash_here
from bot.dispatch import Engine
from bot.domain.timers import Timer
from bot.errors import DamagedRow, StaleVersion, StoreUnavailable
from bot.ports import UnitOfWork
from bot.pump import as_many_as_fit, pump_for_ever
from bot.safety_net import Net, WithoutNet, run_with_net_if_need_be

log = structlog.get_logger(__name__)

#: a timer whose handler fails is tried again after this long, doubled each time, for at most an hour
TIMER_RETRY = timedelta(seconds=5)
TIMER_RETRY_CAP = timedelta(hours=1)


class TimerPump:
    """Fires due timers: load, decide, write, remove, in one transaction; exactly once, never early."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._work = asyncio.Event()
        self._turn = asyncio.Lock()
        engine.wakes.append(self._work.set)

    async def run(self) -> None:
        """Fire until cancelled; sleeps until the next due timer, at most a second."""
        await pump_for_ever(
            "timers", step=self.fire_some, clock=self._engine.clock, work=self._work, next_due=self._next
        )

    async def _next(self) -> datetime | None:
        return await self._engine.store.read(lambda uow: uow.timers.next_due())

    async def fire_some(self, *, limit: int = 200) -> int:
        """Fire some; returns how many. Trouble with the store counts as none."""
        engine = self._engine
        async with self._turn:
            try:
                now = await engine.begin_cycle()
                fired = await self._fire(now, limit)
            except (StoreUnavailable, StaleVersion, DamagedRow) as problem:
                log.warning("the store is in trouble; timers wait", action="timers_wait", problem=str(problem))
                return 0
        for timer in fired:
            engine.metrics.timer_fired(timer.kind.value, late_seconds=(now - timer.due_at).total_seconds())
        if fired:
            crash_here("fired")
            engine.wake_others(self._work.set)
        return len(fired)

    async def _fire(self, now: datetime, limit: int) -> list[Timer]:
        """As many as fit into one transaction; each in its own when somebody else keeps being faster with one."""

        due: list[Timer] = []

        def fire(uow: UnitOfWork, net: Net) -> list[Timer]:
            due[:] = uow.timers.due(now=now, limit=limit)
            fired = as_many_as_fit(due, lambda timer: self._fire_one(uow, timer, now, net))
            return [timer for timer in fired if timer is not None]

        run = self._engine.store.run
        try:
            return await run_with_net_if_need_be(run, fire)
        except StaleVersion as problem:
            always_late = problem
        if limit == 1:
            return await run(lambda uow: [self._failed(uow, timer, always_late, now) for timer in due])
        fired: list[Timer] = []
        while len(fired) < limit and (one := await self._fire(now, 1)):
            fired += one
        return fired

    def _fire_one(self, uow: UnitOfWork, timer: Timer, now: datetime, net: Net) -> Timer | None:
        """Fire it; None when one that was due with it has cancelled or moved it."""
        context = self._engine.context(uow, now)  # what breaks here is not the timer's fault
        crash_here("firing")
        self._engine.at_work = timer
        try:
            with net(uow):
                uow.outbox.caused_at(timer.due_at)
                if not uow.timers.remove(timer):
                    return None
                self._engine.router.fire(context, timer)
                crash_here("rung")
        except (StaleVersion, StoreUnavailable, WithoutNet):
            raise
        except Exception as problem:  # noqa: BLE001 - the pump's edge: one timer must not stop the others
            return self._failed(uow, timer, problem, now)
        finally:
            self._engine.at_work = None
        return timer

    def _failed(self, uow: UnitOfWork, timer: Timer, problem: Exception, now: datetime) -> Timer:
        pause = min(TIMER_RETRY * 2 ** min(timer.attempts, 16), TIMER_RETRY_CAP)
        times = uow.timers.postpone(timer, until=now + pause)
        log.error(
            "a timer's handler failed",
            action="timer_failed",
            kind=timer.kind.value,
            ref=timer.ref,
            times=times,
            exc_info=problem,
        )
        return timer
