"""An organisation on loopback with the adapter connected to it: the two ends of a real wire."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from adapters.dingtalk import DingTalkAdapter, create
from adapters.dingtalk.emulator import DingTalkEmulator, EmulatorOptions
from bot.clock import VirtualClock
from bot.domain.ids import AccountKey, ChatKey
from bot.messages import ToChat, ToPerson
from tests.adapters.dingtalk_emulator.rig import APP, START, make_emulator
from tests.adapters.feishu.intake import RecordingIntake
from tests.support.housing import housing

BUSY = "已收到，正在处理"


class Tenant:
    """The emulator, the adapter, and the intake between them."""

    def __init__(self, emulator: DingTalkEmulator, adapter: DingTalkAdapter, clock: VirtualClock, chat: str) -> None:
        self.emulator = emulator
        self.adapter = adapter
        self.clock = clock
        self.intake = RecordingIntake()
        self.chat = chat

    @property
    def group(self) -> ToChat:
        return ToChat(ChatKey("dingtalk", self.chat))

    def person(self, user: str) -> ToPerson:
        return ToPerson(AccountKey("dingtalk", user))

    def advance(self, seconds: float) -> None:
        """Move the clock on."""
        self.clock.move(self.clock.now() + timedelta(seconds=seconds))

    async def until(self, condition: Callable[[], bool], *, step: float = 0.0, most: int = 600) -> None:
        """Let the loop run, and the clock by steps, until the condition holds."""
        for _ in range(most):
            if condition():
                return
            if step:
                self.advance(step)
            for _ in range(20):
                await asyncio.sleep(0)
            await asyncio.sleep(0.001)
        raise AssertionError("it never happened")


def section(emulator: DingTalkEmulator, **changes: Any) -> dict[str, object]:
    """The settings of the emulated app."""
    return {
        "client_id": APP.client_id,
        "client_secret": APP.client_secret,
        "corp_id": APP.corp_id,
        "event_token": APP.event_token,
        "event_aes_key": APP.event_aes_key,
        "card_template_id": APP.card_template_id,
        "base_url": emulator.base_url,
        "legacy_base_url": emulator.base_url,
        **changes,
    }


@asynccontextmanager
async def stream_tenant(options: EmulatorOptions | None = None, **changes: Any) -> AsyncIterator[Tenant]:
    """The long connection, established."""
    clock = VirtualClock(START)
    emulator = make_emulator(clock, options=options)
    chat = emulator.add_group("联调群", ["u1001", "u1002"])
    await emulator.start()
    adapter = create(section(emulator, **changes), housing(clock, busy_text=BUSY))
    tenant = Tenant(emulator, adapter, clock, chat)
    running = asyncio.create_task(adapter.run(tenant.intake))
    try:
        await tenant.until(lambda: adapter.connection.is_connected)
        yield tenant
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await adapter.close()
        await emulator.stop()
