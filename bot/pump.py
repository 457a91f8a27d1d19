"""The loop of every pump: work while there is some, wait for the next, survive what nobody expected.

A pump never ends by itself: an update that nobody could handle, a store that is away or a fault of ours costs a pause,
and what is owed stays in its rows meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from time import perf_counter
from typing import TypeVar

import structlog

from bot.clock import Clock
from bot.errors import StoreUnavailable

T = TypeVar("T")
R = TypeVar("R")

log = structlog.get_logger(__name__)

#: a pump looks at least this often, woken or not
IDLE_SECONDS = 1.0
#: the first pause while something is due that cannot be done; doubled up to `IDLE_SECONDS`
VAIN_SECONDS = 0.02
#: the longest pause after a fault of ours
STUMBLE_SECONDS = 30.0
#: a transaction that has taken this long takes nothing more on, so that acknowledgements do not wait behind it (P7)
TRANSACTION_SECONDS = 0.05

#: do some work; how much it was, 0 when there is nothing to do now
Step = Callable[[], Awaitable[int]]
#: when there will be something to do; None when nothing is foreseen
NextDue = Callable[[], Awaitable[datetime | None]]


async def nothing_foreseen() -> None:
    """For pumps whose work does not come by the clock."""
    return


async def pump_for_ever(
    name: str, *, step: Step, clock: Clock, work: asyncio.Event, next_due: NextDue = nothing_foreseen
) -> None:
    """Run `step` whenever there may be something to do, until cancelled. `work` is set by whoever makes work."""
    vain = stumbles = 0
    while True:
        work.clear()
        due: datetime | None = None
        try:
            while await step():
                vain = 0
                await asyncio.sleep(0)
            due = await next_due()
            stumbles = 0
        except StoreUnavailable:
            vain += 1
        except Exception:
            stumbles += 1
            log.exception("a pump stumbled and goes on", action="pump_stumbled", pump=name, times=stumbles)
            await clock.wait(asyncio.Event(), until=None, at_most=min(STUMBLE_SECONDS, 0.5 * 2 ** min(stumbles, 10)))
            continue
        if due is None or due > clock.now():
            vain = 0
            await clock.wait(work, until=due, at_most=IDLE_SECONDS)
        else:  # it is due and was not done: the store does not take it, or it came this very moment
            vain += 1
            await clock.wait(work, until=None, at_most=min(IDLE_SECONDS, VAIN_SECONDS * 2 ** min(vain, 10)))


def as_many_as_fit(
    things: Iterable[T], work: Callable[[T], R], *, seconds: Callable[[], float] = perf_counter
) -> list[R]:
    """Work through one after the other, at least one, until the transaction has taken long enough."""
    started = seconds()
    results: list[R] = []
    for thing in things:
        results.append(work(thing))
        if seconds() - started > TRANSACTION_SECONDS:
            break
    return results
