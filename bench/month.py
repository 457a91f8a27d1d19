"""One month of the sample company: 22 working days with two holidays between them, thirty people, some forty events a day.

Real commands and presses go through the real dispatcher, timer pump and delivery on SQLite; only the platform is in memory and
the clock is virtual. What people do is drawn from a seeded generator, so that every run is the same month.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from zoneinfo import ZoneInfo

import structlog

from bench.figure import Figure
from bench.office import Doing, Scene, Wording, beginnings, duties, glances, meetings
from bench.office.platform import PLATFORM, MemoryPlatform
from bot.clock import VirtualClock
from bot.company import CompanyFile, read_company, sample_text
from bot.delivery import Delivery
from bot.dispatch import Dispatcher, Engine
from bot.domain.directory import Person
from bot.metrics import Metrics
from bot.ports import Store
from bot.routing import Router, Surroundings
from bot.timer_pump import TimerPump
from bot.updates import AnyUpdate
from bot.vocabulary import SPECS
from handlers import Handlers
from storage import open_store

BEIJING = ZoneInfo("Asia/Shanghai")
#: 22 working days: the day before Mid-Autumn, National Day and the make-up Saturday behind it are in them
FIRST, LAST = date(2026, 9, 24), date(2026, 10, 30)
EVENTS_A_DAY = 40
SEED = 20261001
TARGET_SECONDS = 30.0
TRIES = 5
_VERBS = {word: spec.verb for spec in SPECS for word in spec.chinese}
#: how often a decision is pressed on a card where the card has the button
PRESSED = 0.6


@dataclass
class Month:
    """The company, its engine, and what was done so far."""

    store: Store
    clock: VirtualClock
    chance: random.Random
    file: CompanyFile
    wording: Wording = field(default_factory=Wording)
    said: int = 0
    pressed: int = 0
    fired: int = 0

    def __post_init__(self) -> None:
        router = Router()
        self.handlers = Handlers()
        self.handlers.register(router)
        self.platform = MemoryPlatform(now=self.clock.now)
        self.engine = Engine(
            store=self.store,
            router=router,
            clock=self.clock,
            world=self.handlers.world,
            capabilities=lambda: {PLATFORM: self.platform.capabilities},
            metrics=Metrics(),
            surroundings=lambda: Surroundings(started_at=self.clock.now()),
        )
        self.dispatcher, self.timers = Dispatcher(self.engine), TimerPump(self.engine)
        self.delivery = Delivery(self.engine, self.platform, seed=1)
        self.people = {p.name: p for p in self.file.people}
        self.by_id: dict[str, Person] = {p.id: p for p in self.file.people}

    async def begin(self) -> None:
        """The company is taken over and its recurring duties are armed."""
        await self.handlers.import_company(self.store, self.file, now=self.clock.now())
        for group in self.file.groups:
            if group.chat is not None:
                self.platform.rooms[group.chat] = group.members
        await self.store.run(lambda uow: self.handlers.arm_recurring(self.engine.context(uow, self.clock.now())))
        await self.settle()

    # ------------------------------------------------------------ time

    async def until(self, end: datetime) -> None:
        """Time passes; what is due on the way happens at its own instant."""
        while True:
            upcoming = [at for at in await self._due() if self.clock.now() < at <= end]
            if not upcoming:
                break
            self.clock.move(min(upcoming))
            await self.settle()
        self.clock.move(end)
        await self.settle()

    async def _due(self) -> list[datetime]:
        """When the timers and the outgoing calls have their turn next."""
        due = await self.store.read(lambda uow: (uow.timers.next_due(), uow.outbox.next_due(platform=PLATFORM)))
        return [at for at in due if at is not None]

    async def settle(self) -> None:
        """The pumps come to rest; like the running ones they look when something is due, and not otherwise."""
        while any(at <= self.clock.now() for at in await self._due()):
            fired, claimed = await self.timers.fire_some(), await self.delivery.send_some()
            self.fired += fired
            if not fired + claimed + await self.delivery.idle():
                return

    async def arrive(self, update: AnyUpdate) -> None:
        """Something happened on the platform."""
        await self.dispatcher.accept([update])
        while await self.dispatcher.handle_some():
            pass
        await self.settle()

    # ------------------------------------------------------------ what people do

    async def something(self) -> None:
        """Somebody does something; where the first thing that comes to mind is not possible, another one."""
        for _ in range(TRIES):
            doing = await self._drawn()
            if doing is not None:
                return await self._do(doing)
        return None

    async def _drawn(self) -> Doing | None:
        roll, now = self.chance.random(), self.clock.now()
        draw = next(draw for share, draw in _DRAWS if roll < share)
        return await self.store.read(lambda uow: draw(Scene(self.engine.context(uow, now), self.chance, self.wording)))

    async def _do(self, doing: Doing) -> None:
        who = self.by_id[doing.who]
        word, _, rest = doing.text.partition(" ")
        click = None
        if doing.code and rest == doing.code and self.chance.random() < PRESSED:
            click = self.platform.click(who, doing.code, _VERBS.get(word, ""))
        if click is not None:
            self.pressed += 1
            await self.arrive(click)
        else:
            self.said += 1
            message = self.platform.message(who, doing.text, self.people, chat=doing.chat, quotes=doing.quotes)
            await self.arrive(message)


def _duty(scene: Scene) -> Doing | None:
    one = scene.pick(scene.uow.obligations.find())
    return duties.next_step(scene, one) if one is not None else None


#: what happens, by what share of all events it ends at
_DRAWS: tuple[tuple[float, Callable[[Scene], Doing | None]], ...] = (
    (0.50, _duty),
    (0.78, beginnings.begin),
    (0.88, meetings.due),
    (0.92, meetings.answer),
    (1.01, glances.glance),
)


async def run() -> list[Figure]:
    """The month from its first morning to its last evening."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(f"sqlite:///{Path(folder) / 'month.db'}")
        try:
            return await _played(store)
        finally:
            await store.close()


async def _played(store: Store) -> list[Figure]:
    clock = VirtualClock(datetime.combine(FIRST, datetime.min.time(), BEIJING) + timedelta(hours=7, minutes=30))
    month = Month(store=store, clock=clock, chance=random.Random(SEED), file=read_company(sample_text()))
    begin, begin_cpu = perf_counter(), process_time()
    await month.begin()
    day = FIRST
    days = 0
    while day <= LAST:
        days += await _day(month, day)
        day += timedelta(days=1)
    seconds, cpu = perf_counter() - begin, process_time() - begin_cpu
    dead = len(await store.read(lambda uow: uow.inbox.dead()))
    counted = f"{days} working days, {month.said + month.pressed:,} events, {month.fired:,} timers, {month.platform.sent:,} calls"
    return [
        Figure(
            "one month of the sample company, simulated",
            seconds,
            "s",
            f"≤ {TARGET_SECONDS:.0f} s",
            ok=seconds <= TARGET_SECONDS and not dead,
        ),
        Figure(f"the same in processor time ({counted})", cpu, "s", "for information"),
    ]


async def _day(month: Month, day: date) -> int:
    """1 for a working day, on which people do things between half past eight and half past six; 0 for another."""
    midnight = datetime.combine(day, datetime.min.time(), BEIJING)
    world = await month.store.read(lambda uow: month.handlers.world(uow, month.clock.now()))
    if not world.calendars.is_workday(day):
        await month.until(midnight + timedelta(days=1))
        return 0
    moments = sorted(month.chance.uniform(8.5 * 3600, 18.5 * 3600) for _ in range(EVENTS_A_DAY))
    for seconds in moments:
        await month.until(midnight + timedelta(seconds=seconds))
        await month.something()
    await month.until(midnight + timedelta(days=1))
    return 1
