"""Dispatcher, timer pump and delivery, driven step by step: no task runs unless a test says so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from bot.clock import VirtualClock
from bot.delivery import Delivery
from bot.dispatch import Dispatcher, Engine
from bot.domain.calendar import CalendarData, Calendars
from bot.domain.company import Company
from bot.domain.directory import Directory
from bot.domain.ids import ChatKey
from bot.domain.posts import Posts
from bot.domain.timers import Timer
from bot.domain.world import World
from bot.errors import StoreUnavailable
from bot.messages import Card, CardColour, SendCard, Text, ToChat
from bot.metrics import Metrics
from bot.ports import Capabilities, Envelope, SendReport, SendState, Store, UnitOfWork
from bot.routing import Outcome, Router
from bot.timer_pump import TimerPump
from bot.updates import AnyUpdate
from tests.storage.samples import NOW, envelope
from tests.support.fake_adapter import FakeAdapter

T = TypeVar("T")

_DIRECTORY = Directory(people=(), departments=())
_CALENDARS = Calendars(CalendarData())


def empty_world(_: UnitOfWork, now: datetime) -> World:
    """A company without people."""
    return World(
        directory=_DIRECTORY, company=Company(), calendars=_CALENDARS, leaves=(), posts=Posts(_DIRECTORY, (), at=now)
    )


class ShakyStore:
    """`bot.ports.Store` that passes everything on, except while a test says that the database is away."""

    def __init__(self, store: Store) -> None:
        self.inner = store
        self.is_away = False
        #: how many more units of work are turned away, whatever `is_away` says
        self.refuse = 0
        #: how many pass before those
        self.let_pass = 0

    def _check(self) -> None:
        if self.is_away:
            raise StoreUnavailable("away")
        if self.let_pass > 0:
            self.let_pass -= 1
        elif self.refuse > 0:
            self.refuse -= 1
            raise StoreUnavailable("away")

    async def run(self, work: Callable[[UnitOfWork], T]) -> T:
        self._check()
        return await self.inner.run(work)

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        self._check()
        return await self.inner.read(work)

    async def accept(self, updates: Sequence[AnyUpdate], *, now: datetime) -> list[bool]:
        self._check()
        return await self.inner.accept(updates, now=now)

    async def close(self) -> None:
        await self.inner.close()


class Rig:
    """Everything between a store and a platform."""

    def __init__(self, store: Store, adapter: FakeAdapter | None = None) -> None:
        self.store = ShakyStore(store)
        self.clock = VirtualClock(NOW)
        self.adapter = adapter or FakeAdapter()
        self.adapter.now = self.clock.now
        self.router = Router()
        self.outcomes: list[Outcome] = []
        self.engine = Engine(
            store=self.store,
            router=self.router,
            clock=self.clock,
            world=empty_world,
            capabilities=lambda: {self.adapter.platform: self.adapter.capabilities},
            metrics=Metrics(),
        )
        self.dispatcher = Dispatcher(self.engine)
        self.timers = TimerPump(self.engine)
        self.delivery = Delivery(self.engine, self.adapter, seed=1)

    def on_platform(self, **capabilities: bool | int) -> None:
        """Give the platform other capabilities."""
        self.adapter.capabilities = Capabilities(**capabilities)  # type: ignore[arg-type]

    async def settle(self) -> None:
        """Let every pump run until nothing is due at this instant."""
        for _ in range(10_000):
            busy = await self.dispatcher.handle_some() + await self.timers.fire_some()
            busy += await self.delivery.send_some()
            busy += await self.delivery.idle()
            if not busy:
                return
        raise AssertionError("the pumps never come to rest")

    async def go(self, seconds: float, *, step: float | None = None) -> None:
        """Let so many seconds pass, stopping every `step` of them; the pumps settle at each stop."""
        end = self.clock.now() + timedelta(seconds=seconds)
        while self.clock.now() < end:
            pause = seconds if step is None else step
            self.clock.move(min(end, self.clock.now() + timedelta(seconds=pause)))
            await self.settle()

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        """One unit of work."""
        return await self.store.run(work)

    async def look(self, work: Callable[[UnitOfWork], T]) -> T:
        """Look at the store."""
        return await self.store.read(work)

    async def put(self, *envelopes: Envelope) -> None:
        """Put calls and let them go."""
        await self.store.run(lambda uow: [uow.outbox.put(one) for one in envelopes])
        await self.settle()

    async def say(self, *words: str, lane: str = "feishu:oc_1", **more: object) -> None:
        """Put texts whose key is what they say; a lane's chat is what follows the colon."""
        await self.put(*(text(word, lane=lane, **more) for word in words))

    async def arm(self, *timers: Timer) -> None:
        """Arm timers."""
        await self.store.run(lambda uow: uow.timers.arm_many(timers))

    async def reports(self, state: SendState) -> list[SendReport]:
        """Calls in that state, oldest first."""
        return (await self.store.read(lambda uow: uow.outbox.reports(state, limit=1000)))[::-1]

    async def keys(self, state: SendState) -> list[str]:
        """Keys of calls in that state, oldest first."""
        return [report.key for report in await self.reports(state)]

    async def idle_loop(self) -> None:
        """Give other tasks of the loop their turn."""
        for _ in range(20):
            await asyncio.sleep(0)


def text(words: str, *, lane: str = "feishu:oc_1", **more: object) -> Envelope:
    """A text message whose key is what it says."""
    from dataclasses import replace

    from bot.messages import SendText

    chat = ChatKey("feishu", lane.partition(":")[2])
    fields = {key: value for key, value in more.items() if key in {"repeat_unknown", "recheck", "ref"}}
    rest = {key: value for key, value in more.items() if key not in fields}
    made = envelope(words, lane=lane, words=words, **rest)  # type: ignore[arg-type]
    return replace(made, outbound=SendText(target=ToChat(chat), body=(Text(words),)), **fields)  # type: ignore[arg-type]


def card(title: str, *, key: str, card_id: str = "c1", chat: str = "oc_1", created: float = 0) -> Envelope:
    """A card in a state; later states of the same card replace waiting earlier ones."""
    from dataclasses import replace

    made = envelope(key, lane=f"feishu:{chat}", coalesce=f"{card_id}@{chat}", created=created)
    face = Card(
        kind="clock", title=title, state="等待", colour=CardColour.WAITING, fallback=(Text(f"{title}（文字）"),)
    )
    return replace(made, outbound=SendCard(target=ToChat(ChatKey("feishu", chat)), card_id=card_id, card=face))
