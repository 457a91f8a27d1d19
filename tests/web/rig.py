"""The public listener with a platform in memory behind it, and callers that speak HTTP byte by byte."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.clock import VirtualClock
from bot.config import ServerSection
from bot.domain.ids import AccountKey, ChatKey, MessageKey
from bot.errors import StoreUnavailable
from bot.metrics import Metrics
from bot.ports import Answer, ConnectionState, Intake, RawReply, RawRequest
from bot.ports.downloads import Downloads
from bot.updates import AnyUpdate, ChatType, ContentKind, MessageReceived, Source, encode_update
from bot.web.health import AdapterVitals, VitalsSnapshot
from bot.web.server import PublicServer
from tests.storage.samples import NOW
from tests.support.fake_adapter import FakeAdapter

#: long enough for an honest request on a busy machine, short enough for a test
SHORT = 0.4
HOOK = "/hooks/feishu"

QUICK = ServerSection(port=0, request_seconds=SHORT, keep_alive_seconds=2 * SHORT, answer_seconds=2.5)


class Desk:
    """An intake that keeps what it takes, or says that nothing can be stored."""

    def __init__(self) -> None:
        self.taken: list[AnyUpdate] = []
        self.is_away = False
        self.gate: asyncio.Event | None = None

    async def accept(self, updates: Sequence[AnyUpdate]) -> None:
        if self.gate is not None:
            await self.gate.wait()
        if self.is_away:
            raise StoreUnavailable("/secret/path/huiyin.db is locked")
        self.taken.extend(updates)

    async def accept_click(self, update: AnyUpdate, *, within: float) -> Answer | None:
        await self.accept([update])
        return None


class Fragile(FakeAdapter):
    """An adapter that a test can break, and that keeps what it was asked."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.asked: list[RawRequest] = []
        self.breaks: Exception | None = None

    async def receive(self, request: RawRequest, intake: Intake) -> RawReply:
        self.asked.append(request)
        if self.breaks is not None:
            raise self.breaks
        return await super().receive(request, intake)


class Patient:
    """A source of vitals that says what a test wants it to say."""

    def __init__(self) -> None:
        self.snapshot = VitalsSnapshot(
            now=NOW,
            is_draining=False,
            is_stuck=False,
            inbox_waiting=3,
            inbox_oldest=NOW - timedelta(seconds=7),
            next_timer_at=NOW + timedelta(seconds=60),
            dead_letters=2,
            unknown_outcomes=1,
            adapters=(AdapterVitals(platform="feishu", connection=ConnectionState(is_connected=True, reconnects=4)),),
        )
        self.is_away = False
        self.looks = 0

    async def vitals(self) -> VitalsSnapshot:
        self.looks += 1
        await asyncio.sleep(0)
        if self.is_away:
            raise StoreUnavailable("away")
        return self.snapshot

    def say(self, *, is_draining: bool = False, is_stuck: bool = False) -> None:
        self.snapshot = replace(self.snapshot, is_draining=is_draining, is_stuck=is_stuck)


@dataclass(slots=True)
class Listener:
    """A running server and everything around it."""

    server: PublicServer
    adapter: Fragile
    desk: Desk
    patient: Patient
    metrics: Metrics

    @property
    def port(self) -> int:
        return self.server.port

    async def post(self, body: bytes, *, path: str = HOOK, headers: str = "", host: str = "127.0.0.1") -> bytes:
        """The whole answer to one callback."""
        return await self.send(request(body, path=path, headers=headers), host=host)

    async def get(self, path: str, *, headers: str = "") -> bytes:
        """The whole answer to one GET."""
        return await self.send(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n".encode())

    async def send(self, raw: bytes, *, host: str = "127.0.0.1") -> bytes:
        """Send it as it is, and read until the other side closes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(host, 0))
        try:
            writer.write(raw)
            await writer.drain()
            return await reader.read()
        finally:
            writer.close()


@contextlib.asynccontextmanager
async def listening(settings: ServerSection = QUICK, *, downloads: Downloads | None = None) -> AsyncIterator[Listener]:
    """A server on a free port for the length of a block."""
    adapter, desk, patient, metrics = Fragile(), Desk(), Patient(), Metrics()
    clock = VirtualClock(NOW)
    server = PublicServer(settings, [adapter], desk, patient, metrics, clock=clock, downloads=downloads)
    await server.start()
    try:
        yield Listener(server, adapter, desk, patient, metrics)
    finally:
        await server.stop()


async def until(holds: Callable[[], bool]) -> None:
    """Let others run until it holds."""
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 - connections are counted by the server, which knows nothing of tests
            await asyncio.sleep(0)


def request(body: bytes, *, path: str = HOOK, headers: str = "", method: str = "POST") -> bytes:
    """A callback as a platform writes it, for a connection that is used once."""
    head = f"{method} {path} HTTP/1.1\r\nHost: bot.example.com\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Connection: close\r\n{headers}\r\n".encode() + body


def status_of(reply: bytes) -> int:
    """The status of an answer, 0 when there was none."""
    return int(reply.split(b" ", 2)[1]) if reply else 0


def body_of(reply: bytes) -> bytes:
    """What stands after the headers."""
    return reply.partition(b"\r\n\r\n")[2]


def event(number: int = 1, text: str = "你好") -> bytes:
    """A callback that the platform in memory believes."""
    return encode_update(
        MessageReceived(
            source=Source(platform="feishu", app="app", business_id=f"om_{number}", received_at=NOW),
            message=MessageKey("feishu", f"om_{number}"),
            chat=ChatKey("feishu", "oc_1"),
            chat_type=ChatType.GROUP,
            sender=AccountKey("feishu", "ou_1"),
            text=text,
            content=ContentKind.TEXT,
        )
    )
