"""The whole way out: outbox, delivery, adapter, HTTP and the emulated platform, on a clock that a test moves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import structlog

from adapters._http import HttpClient
from adapters.feishu.adapter import FeishuAdapter
from adapters.feishu.client import FeishuClient
from adapters.feishu.emulator import EmulatorOptions, FeishuEmulator, SeenMessage
from bot.clock import VirtualClock
from bot.delivery import Delivery
from bot.dispatch import Engine
from bot.domain.ids import ChatKey
from bot.messages import AnyOutbound, Card, CardColour, SendCard, SendText, Text, ToChat, lane_of
from bot.metrics import Metrics
from bot.ports import Envelope, SendReport, SendState, Store
from bot.routing import Outcome, Router
from storage import open_store
from tests.adapters.feishu.outgoing import settings_of
from tests.adapters.feishu_emulator.rig import START, make_emulator
from tests.engine.rig import empty_world
from tests.support.housing import housing

BUSY = "正在处理"
#: a second that stands for all the time in which an answer does not come
TIMEOUT = 0.05


class Sending:
    """A company's outbox and what its people see."""

    def __init__(self, emulator: FeishuEmulator, adapter: FeishuAdapter, clock: VirtualClock, store: Store) -> None:
        self.emulator = emulator
        self.adapter = adapter
        self.clock = clock
        self.store = store
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
        self.chat = emulator.add_group("物流部协同群", ["ou_alice", "ou_bob"])
        self._number = 0

    def group(self, name: str) -> str:
        """Another group."""
        return self.emulator.add_group(name, ["ou_alice", "ou_bob"])

    # ------------------------------------------------------------ putting

    def text(self, words: str, *, chat: str = "", priority: int = 5) -> Envelope:
        """A text whose key is what it says."""
        body = SendText(target=ToChat(ChatKey("feishu", chat or self.chat)), body=(Text(words),))
        return self._envelope(body, key=words, priority=priority)

    def card(self, state: str, *, card_id: str = "c1", chat: str = "") -> Envelope:
        """A card in a state; later states replace waiting earlier ones."""
        face = Card(
            kind="clock",
            title="限时回复",
            state=state,
            colour=CardColour.WAITING,
            fallback=(Text(f"限时回复：{state}"),),
        )
        target = ToChat(ChatKey("feishu", chat or self.chat))
        made = SendCard(target=target, card_id=card_id, card=face)
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
            due = await self.store.read(lambda uow: uow.outbox.next_due(platform="feishu"))
            now = self.clock.now()
            if due is None or due >= end:
                break
            self.clock.move(max(due, now + timedelta(milliseconds=1)))
            await self.settle()
        self.clock.move(end)
        await self.settle()

    # ------------------------------------------------------------ looking

    def seen(self, chat: str = "") -> list[SeenMessage]:
        """The bot's messages in a chat, in order."""
        found = self.emulator.chat_as_seen("ou_bob", chat or self.chat).messages
        return [one for one in found if one.is_from_bot]

    def words(self, chat: str = "") -> list[str]:
        """What they say."""
        return [one.text for one in self.seen(chat)]

    def codes(self, operation: str = "im.v1.message.create") -> list[int | None]:
        """The platform's answers to one kind of call."""
        return [one.code for one in self.emulator.recorder.calls_of(operation)]

    async def reports(self, state: SendState) -> list[SendReport]:
        """Calls in that state, oldest first."""
        return (await self.store.read(lambda uow: uow.outbox.reports(state, limit=20_000)))[::-1]

    async def keys(self, state: SendState) -> list[str]:
        """Keys of calls in that state, oldest first."""
        return [one.key for one in await self.reports(state)]


@asynccontextmanager
async def sending(*, call_seconds: float = TIMEOUT) -> AsyncIterator[Sending]:
    """A company over the store in memory; a call that is not answered is given up after `call_seconds` of real time."""
    clock = VirtualClock(START)
    emulator = make_emulator(clock, options=EmulatorOptions())
    await emulator.start()
    http = HttpClient(connect_seconds=1.0, total_seconds=call_seconds)
    settings = settings_of(emulator)
    client = FeishuClient(settings, clock=clock, http=http, read_pause=timedelta(milliseconds=1))
    adapter = FeishuAdapter(settings, client, housing(clock, busy_text=BUSY))
    store = await open_store("memory://")
    try:
        with structlog.testing.capture_logs():
            yield Sending(emulator, adapter, clock, store)
    finally:
        await adapter.close()
        await store.close()
        await emulator.stop()
        await asyncio.sleep(0)
