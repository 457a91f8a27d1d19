"""A tenant on loopback with the adapter connected to it, in either mode: the two ends of a real wire."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from aiohttp import web

from adapters.feishu import FeishuAdapter, create
from adapters.feishu.emulator import EmulatorOptions, FeishuEmulator
from bot.clock import VirtualClock
from bot.domain.ids import ChatKey
from bot.errors import WebhookRejected
from bot.messages import Button, Card, CardColour, Field, FieldKind, SendCard, ToChat
from bot.ports import Intake, PlatformAdapter, RawReply, RawRequest
from tests.adapters.feishu.callbacks import PATH
from tests.adapters.feishu.intake import RecordingIntake
from tests.adapters.feishu_emulator.rig import APP, START, make_emulator, stream
from tests.support.housing import housing

BUSY = "已收到，正在处理"
CARD = Card(
    kind="question",
    title="待回复",
    state="等待物流部",
    colour=CardColour.WAITING,
    fields=(
        Field(name="line", label="答复", kind=FieldKind.LONG_TEXT),
        Field(name="due", label="日期", kind=FieldKind.DATE),
    ),
    buttons=(
        Button(id="got", text="已收到", action="acknowledge", params={"code": "HF-2026-0031", "v": "1"}),
        Button(id="say", text="提交", action="answer", params={"code": "HF-2026-0031"}, submits_form=True),
    ),
)


async def until(condition: Callable[[], bool], *, seconds: float = 30.0) -> None:
    """Let the loop run until the condition holds."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is waited for are sockets, which set no event
            await asyncio.sleep(0.001)


class Tenant:
    """The emulator, the adapter, and the intake between them."""

    def __init__(self, emulator: FeishuEmulator, adapter: FeishuAdapter, clock: VirtualClock, chat: str) -> None:
        self.emulator = emulator
        self.adapter = adapter
        self.clock = clock
        self.intake = RecordingIntake()
        self.chat = chat

    def advance(self, seconds: float) -> None:
        """Move the clock on."""
        self.clock.move(self.clock.now() + timedelta(seconds=seconds))

    async def sends_card(self) -> str:
        """The sample card into the group; returns the message's id."""
        outbound = SendCard(target=ToChat(ChatKey("feishu", self.chat)), card_id="c1", card=CARD)
        receipt = await self.adapter.send(outbound, key="card-1")
        assert receipt.message is not None
        return receipt.message.message


def section(emulator: FeishuEmulator, *, delivery: str) -> dict[str, object]:
    """The settings of the emulated app."""
    return {
        "app_id": APP.app_id,
        "app_secret": APP.app_secret,
        "encrypt_key": APP.encrypt_key,
        "verification_token": APP.verification_token,
        "base_url": emulator.base_url,
        "delivery": delivery,
    }


class Listener:
    """The public listener in its shortest form: raw bytes to the adapter, 401 for what it does not believe."""

    def __init__(self, adapter: PlatformAdapter, intake: Intake, clock: VirtualClock) -> None:
        self._adapter = adapter
        self._intake = intake
        self._clock = clock
        self._runner: web.AppRunner | None = None
        self.statuses: list[int] = []

    async def start(self) -> str:
        app = web.Application()
        app.router.add_post(PATH, self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}{PATH}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.Response:
        raw = RawRequest(
            method=request.method,
            path=request.path,
            query=request.query,
            headers={name.lower(): value for name, value in request.headers.items()},
            body=await request.read(),
            received_at=self._clock.now(),
        )
        try:
            reply = await self._adapter.receive(raw, self._intake)
        except WebhookRejected:
            reply = RawReply(status=401, body=b"{}")
        self.statuses.append(reply.status)
        return web.Response(status=reply.status, body=reply.body, headers={"Content-Type": reply.content_type})


@asynccontextmanager
async def webhook_tenant() -> AsyncIterator[Tenant]:
    """Callbacks over HTTP, signed and encrypted."""
    clock = VirtualClock(START)
    emulator = make_emulator(clock)
    chat = emulator.add_group("物流部协同群", ["ou_alice", "ou_bob"])
    await emulator.start()
    adapter = create(section(emulator, delivery="webhook"), housing(clock, busy_text=BUSY))
    tenant = Tenant(emulator, adapter, clock, chat)
    listener = Listener(adapter, tenant.intake, clock)
    try:
        assert await emulator.sets_webhook(await listener.start())
        yield tenant
    finally:
        await adapter.close()
        await listener.stop()
        await emulator.stop()


@asynccontextmanager
async def stream_tenant(options: EmulatorOptions | None = None) -> AsyncIterator[Tenant]:
    """The long connection, established."""
    clock = VirtualClock(START)
    emulator = make_emulator(clock, options=options or stream())
    chat = emulator.add_group("物流部协同群", ["ou_alice", "ou_bob"])
    await emulator.start()
    adapter = create(section(emulator, delivery="stream"), housing(clock, busy_text=BUSY))
    tenant = Tenant(emulator, adapter, clock, chat)
    running = asyncio.create_task(adapter.run(tenant.intake))
    try:
        await until(lambda: adapter.connection.is_connected or running.done())
        yield tenant
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await adapter.close()
        await emulator.stop()
