"""Timers with a million others pending: how late, how early, and what a tick costs.

Every timer that fires writes one outgoing call in its transaction, which is what a reminder does.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.figure import Figure
from bench.process import fill
from bot.clock import SystemClock
from bot.dispatch import Engine
from bot.domain.calendar import CalendarData, Calendars
from bot.domain.company import Company
from bot.domain.directory import Directory
from bot.domain.ids import ChatKey
from bot.domain.posts import Posts
from bot.domain.timers import Timer, TimerKind
from bot.domain.world import World
from bot.messages import SendText, Text, ToChat
from bot.metrics import Metrics
from bot.ports import Envelope, Store, UnitOfWork
from bot.routing import Context, Router
from bot.timer_pump import TimerPump
from storage import open_store

FEW, MANY = 10_000, 1_000_000
ROUNDS = 15
BATCH = 200
AT_ONCE = 10_000
#: timers that come due one by one over so many seconds
SPREAD, SPREAD_SECONDS = 4_000, 20


@dataclass(slots=True)
class Bench:
    """A store with its pump; fired timers are noted with how late they were, in seconds."""

    store: Store
    clock: SystemClock = field(default_factory=SystemClock)
    lateness: list[float] = field(default_factory=list)

    def pump(self) -> TimerPump:
        """A pump whose handler writes a call."""
        router = Router()
        router.timer(TimerKind.SLA_BREACH, self._fired)
        return TimerPump(
            Engine(
                store=self.store,
                router=router,
                clock=self.clock,
                world=_empty_world,
                capabilities=dict,
                metrics=Metrics(),
            )
        )

    def _fired(self, context: Context, timer: Timer) -> None:
        self.lateness.append((self.clock.now() - timer.due_at).total_seconds())
        chat = ChatKey("feishu", f"oc_{timer.ref[-2:]}")
        context.uow.outbox.put(
            Envelope(
                key=timer.ref,
                lane=str(chat),
                outbound=SendText(target=ToChat(chat), body=(Text("响应超时"),)),
                created_at=context.now,
            )
        )

    async def arm(self, count: int, *, name: str, due: Callable[[int], datetime]) -> None:
        """Arm timers `name-0`… at their instants."""
        timers = [Timer(kind=TimerKind.SLA_BREACH, ref=f"{name}-{n}", due_at=due(n)) for n in range(count)]
        await self.store.run(lambda uow: uow.timers.arm_many(timers))


_DIRECTORY = Directory(people=(), departments=())
_CALENDARS = Calendars(CalendarData())


def _empty_world(_: UnitOfWork, now: datetime) -> World:
    posts = Posts(_DIRECTORY, (), at=now)
    return World(directory=_DIRECTORY, company=Company(), calendars=_CALENDARS, leaves=(), posts=posts)


async def run() -> list[Figure]:
    """The figures of timers. Takes about a minute and a half."""
    few = await _with_pending(FEW, _ticks)
    return [
        *await _with_pending(MANY, lambda bench: _all_of(bench, few)),
    ]


async def _with_pending(pending: int, measure: Callable[[Bench], Awaitable[list[float] | list[Figure]]]) -> list:  # type: ignore[type-arg]
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(f"sqlite:///{Path(folder) / 'bench.db'}")
        try:
            await fill(store, pending)
            return list(await measure(Bench(store)))
        finally:
            await store.close()


async def _all_of(bench: Bench, few: list[float]) -> list[Figure]:
    many = await _ticks(bench)
    ratio = median(many) / median(few)
    flood = await _at_once(bench)
    late = await _one_by_one(bench)
    early = sum(seconds < 0 for seconds in late)
    p99 = sorted(late)[int(0.99 * len(late))] * 1000
    return [
        Figure(f"a tick that fires {BATCH}, {MANY:,} pending", median(many) * 1000, "ms", "for information"),
        Figure(f"the same against {FEW:,} pending", ratio, "ratio", "≤ 1.2", f"{FEW:,} pending", ratio, ratio <= 1.2),
        Figure(f"{AT_ONCE:,} due in one instant, all committed", flood, "s", "≤ 10 s", ok=flood <= 10),
        Figure(f"fired too early, of {len(late):,}", early, "timers", "0", ok=early == 0),
        Figure(f"lateness p99, {MANY:,} pending", p99, "ms", "≤ 1,000 ms", ok=p99 <= 1000),
    ]


async def _ticks(bench: Bench) -> list[float]:
    """Seconds of single ticks that fire a batch."""
    pump, ticks = bench.pump(), []
    now = bench.clock.now()
    for number in range(ROUNDS):
        await bench.arm(BATCH, name=f"tick-{number}", due=lambda _: now)
        begin = perf_counter()
        fired = await pump.fire_some(limit=BATCH)
        ticks.append(perf_counter() - begin)
        assert fired == BATCH, "a tick fires what is due and nothing else"
    return ticks


async def _at_once(bench: Bench) -> float:
    pump, now = bench.pump(), bench.clock.now()
    await bench.arm(AT_ONCE, name="flood", due=lambda _: now)
    begin = perf_counter()
    fired = 0
    while fired < AT_ONCE:
        fired += await pump.fire_some()
    return perf_counter() - begin


async def _one_by_one(bench: Bench) -> list[float]:
    """The running pump, timers due one after another."""
    start = datetime.now(UTC) + timedelta(seconds=1)  # noqa: TID251 - a benchmark measures real time
    step = timedelta(seconds=SPREAD_SECONDS) / SPREAD
    await bench.arm(SPREAD, name="spread", due=lambda n: start + n * step)
    bench.lateness.clear()
    task = asyncio.create_task(bench.pump().run())
    while len(bench.lateness) < SPREAD:  # noqa: ASYNC110 - looks now and then, so that it does not disturb
        await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return list(bench.lateness)
