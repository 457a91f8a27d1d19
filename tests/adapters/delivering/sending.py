"""The whole way out: outbox, delivery, adapter, HTTP and an emulated platform, on a clock that a test moves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Generic, Protocol, TypeVar

import structlog

from adapters._emulator.faults import FaultPlan
from adapters._emulator.recorder import Recorder
from adapters._emulator.seen import SeenChat, SeenMessage
from bot.clock import VirtualClock
from bot.delivery import Delivery
from bot.dispatch import Engine
from bot.domain.ids import AccountKey, ChatKey
from bot.messages import (
    AnyOutbound,
    Button,
    Card,
    CardColour,
    SendCard,
    SendText,
    Target,
    Text,
    ToChat,
    ToPerson,
    lane_of,
)
from bot.metrics import Metrics
from bot.ports import Envelope, PlatformAdapter, SendReport, SendState, Store
from bot.routing import Outcome, Router
from tests.engine.rig import empty_world


class Emulated(Protocol):
    """What every emulator has."""

    @property
    def recorder(self) -> Recorder: ...

    @property
    def faults(self) -> FaultPlan: ...

    async def start(self) -> str: ...

    async def stop(self) -> None: ...

    def chat_as_seen(self, account: str, chat: str) -> SeenChat: ...

    def visible_duplicates(self) -> list[tuple[str, ...]]: ...


E = TypeVar("E", bound=Emulated)


class Sending(Generic[E]):
    """A company's outbox and what its people see."""

    def __init__(
        self, emulator: E, adapter: PlatformAdapter, clock: VirtualClock, store: Store, *, reader: str
    ) -> None:
        """`reader` is the one through whose eyes chats are looked at."""
        self.emulator = emulator
        self.adapter = adapter
        self.clock = clock
        self.store = store
        self.reader = reader
        #: where things go unless a test says otherwise
        self.chat = ""
        self.outcomes: list[Outcome] = []
        router = Router()
        for kind in (SendText, SendCard):
            router.outcome(kind, lambda _, outcome: self.outcomes.append(outcome))
        self.engine = Engine(
            store=store,
            router=router,
            clock=clock,
            world=empty_world,
            capabilities=lambda: {adapter.platform: adapter.capabilities},
            metrics=Metrics(),
        )
        self.delivery = Delivery(self.engine, adapter, seed=1)
        self._number = 0

    # ------------------------------------------------------------ putting

    def group(self, chat: str = "") -> Target:
        """Into a group."""
        return ToChat(ChatKey(self.adapter.platform, chat or self.chat))

    def person(self, account: str) -> Target:
        """To somebody."""
        return ToPerson(AccountKey(self.adapter.platform, account))

    def text(self, words: str, *, chat: str = "", to: Target | None = None, priority: int = 5) -> Envelope:
        """A text whose key is what it says."""
        body = SendText(target=to or self.group(chat), body=(Text(words),))
        return self._envelope(body, key=words, priority=priority)

    def card(
        self, state: str, *, card_id: str = "c1", chat: str = "", to: Target | None = None, has_button: bool = False
    ) -> Envelope:
        """A card in a state; later states replace waiting earlier ones."""
        face = Card(
            kind="clock",
            title=f"限时回复 {card_id}",
            state=state,
            colour=CardColour.WAITING,
            buttons=(Button(id="seen", text="知道了", action="seen"),) if has_button else (),
            fallback=(Text(f"限时回复：{state}"),),
        )
        made = SendCard(target=to or self.group(chat), card_id=card_id, card=face)
        coalesce = f"{card_id}@{lane_of(made)}"
        self._number += 1
        return replace(self._envelope(made, key=f"{coalesce}#{self._number}"), coalesce=coalesce)

    def _envelope(self, outbound: AnyOutbound, *, key: str, priority: int = 5) -> Envelope:
        return Envelope(
            key=key, lane=lane_of(outbound), outbound=outbound, created_at=self.clock.now(), priority=priority
        )

    async def put(self, *envelopes: Envelope) -> None:
        """Put calls and let go what can go now."""
        await self.store.run(lambda uow: [uow.outbox.put(one) for one in envelopes])
        await self.settle()

    # ------------------------------------------------------------ time

    async def settle(self) -> None:
        """Send until nothing can go at this instant."""
        while await self.delivery.send_some() + await self.delivery.idle():
            pass

    async def go(self, seconds: float, *, most_steps: int = 100_000) -> None:
        """Let time pass from one thing that is due to the next, as the running pump would."""
        end = self.clock.now() + timedelta(seconds=seconds)
        for _ in range(most_steps):
            due = await self.store.read(lambda uow: uow.outbox.next_due(platform=self.adapter.platform))
            now = self.clock.now()
            if due is None or due >= end:
                break
            self.clock.move(max(due, now + timedelta(milliseconds=1)))
            await self.settle()
        self.clock.move(end)
        await self.settle()

    async def drained(self) -> float:
        """Let time pass until nothing waits; returns how many seconds did."""
        start = self.clock.now()
        while (await self.store.read(lambda uow: uow.outbox.pending()))[0]:
            await self.go(1)
            assert self.clock.now() - start < timedelta(minutes=10)
        return (self.clock.now() - start).total_seconds()

    # ------------------------------------------------------------ looking

    def seen(self, chat: str = "") -> list[SeenMessage]:
        """The bot's messages in a chat, in order."""
        found = self.emulator.chat_as_seen(self.reader, chat or self.chat).messages
        return [one for one in found if one.is_from_bot]

    def words(self, chat: str = "") -> list[str]:
        """What they say."""
        return [one.text for one in self.seen(chat)]

    async def reports(self, state: SendState) -> list[SendReport]:
        """Calls in that state, oldest first."""
        return (await self.store.read(lambda uow: uow.outbox.reports(state, limit=20_000)))[::-1]

    async def keys(self, state: SendState) -> list[str]:
        """Keys of calls in that state, oldest first."""
        return [one.key for one in await self.reports(state)]


@asynccontextmanager
async def closing(office: Sending[E]) -> AsyncIterator[None]:
    """Both ends and the store between them, which are ended in the end."""
    try:
        with structlog.testing.capture_logs():
            yield
    finally:
        await office.adapter.close()
        await office.store.close()
        await office.emulator.stop()
        await asyncio.sleep(0)
