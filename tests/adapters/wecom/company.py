"""A company on loopback with the adapter connected to it: the two ends of a real wire."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

from aiohttp import web

from adapters.wecom import WeComAdapter, create
from adapters.wecom.emulator import WeComEmulator
from adapters.wecom.emulator_state import EmulatedApp, EmulatorOptions, Transport
from bot.clock import VirtualClock
from bot.domain.ids import AccountKey, ChatKey
from bot.errors import WebhookRejected
from bot.messages import Button, Card, CardColour, Row, Text, ToChat, ToPerson
from bot.ports import RawRequest
from tests.adapters.feishu.intake import RecordingIntake
from tests.support.housing import housing

START = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)
CARD = Card(
    kind="request",
    title="审批 XQ-2026-0015",
    state="待审批",
    colour=CardColour.WAITING,
    rows=(Row(key="牵头", value="产品部"), Row(key="期限", value="09-16 18:00")),
    body=(Text("专项需求：试产夹具"),),
    buttons=(
        Button(id="yes", text="同意", action="approve", params={"code": "XQ-2026-0015", "v": "1"}),
        Button(id="no", text="退回", action="return", params={"code": "XQ-2026-0015", "v": "1"}),
    ),
    fallback=(Text("审批 XQ-2026-0015：同意 XQ-15 / 退回 XQ-15 原因"),),
)


class Company:
    """The emulator, the adapter, and the intake between them."""

    def __init__(self, emulator: WeComEmulator, adapter: WeComAdapter, clock: VirtualClock) -> None:
        self.emulator = emulator
        self.adapter = adapter
        self.clock = clock
        self.intake = RecordingIntake()

    def advance(self, seconds: float) -> None:
        """Move the clock on."""
        self.clock.move(self.clock.now() + timedelta(seconds=seconds))

    def seen(self, account: str, chat: str) -> list[str]:
        """What somebody reads in a chat."""
        return [one.text for one in self.emulator.chat_as_seen(account, chat).messages]


async def until(condition: Callable[[], bool], *, seconds: float = 30.0) -> None:
    """Let the loop run until the condition holds."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is waited for are sockets, which set no event
            await asyncio.sleep(0.001)


def person(account: str) -> ToPerson:
    """A direct message to somebody."""
    return ToPerson(account=AccountKey("wecom", account))


def group(chat: str) -> ToChat:
    """Into a group."""
    return ToChat(chat=ChatKey("wecom", chat))


def section(emulator: WeComEmulator, *, bot_name: str = "") -> dict[str, object]:
    """The settings of the emulated app and bot; the bot's name stands there only if it is given."""
    app = emulator.app
    return {
        "corp_id": app.corp_id,
        "agent_id": str(app.agent_id),
        "secret": app.secret,
        "token": app.token,
        "aes_key": app.aes_key,
        "base_url": emulator.api_url,
        "bot": {
            "bot_id": app.bot_id,
            "name": bot_name,
            "secret": app.bot_secret,
            "ws_url": emulator.ws_url,
            "delivery": emulator.state.options.delivery.value,
            "token": app.bot_token,
            "aes_key": app.bot_aes_key,
        },
    }


def populate(emulator: WeComEmulator) -> None:
    """Three people in two departments."""
    emulator.add_department(2, "产品部", leader="lihua")
    emulator.add_department(3, "市场部", leader="wangwu")
    emulator.add_person("lihua", "李华", 2, "负责人")
    emulator.add_person("zhaoliu", "赵六", 2, "对接人")
    emulator.add_person("wangwu", "王五", 3, "负责人")


@asynccontextmanager
async def company(
    options: EmulatorOptions | None = None, *, app: EmulatedApp | None = None, bot_name: str = ""
) -> AsyncIterator[Company]:
    """Everything up, the app's address saved in the console and the bot connected."""
    clock = VirtualClock(START)
    emulator = WeComEmulator(clock=clock, options=options, app=app)
    populate(emulator)
    await emulator.start()
    adapter = create(section(emulator, bot_name=bot_name), housing(clock))
    place = Company(emulator, adapter, clock)
    runner, address = await _listen(place)
    running = asyncio.create_task(adapter.run(place.intake))
    try:
        assert await emulator.sets_app_url(f"{address}/hook/wecom")
        if emulator.state.options.delivery is Transport.STREAM:
            await emulator.connected()
        else:
            assert await emulator.sets_bot_url(f"{address}/hook/wecom-bot")
        yield place
    finally:
        await adapter.close()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await runner.cleanup()
        await emulator.stop()


async def _listen(place: Company) -> tuple[web.AppRunner, str]:
    async def handle(request: web.Request) -> web.Response:
        raw = RawRequest(
            method=request.method,
            path=request.path,
            query=dict(request.query),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=await request.read(),
            received_at=place.clock.now(),
        )
        try:
            reply = await place.adapter.receive(raw, place.intake)
        except WebhookRejected:
            return web.Response(status=401)
        return web.Response(status=reply.status, body=reply.body, headers={"Content-Type": reply.content_type})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    return runner, f"http://{host}:{port}"
