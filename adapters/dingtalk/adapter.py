"""DingTalk as the app sees it: verified pushes go in, neutral calls go out. Implements `bot.ports.PlatformAdapter`.

It only joins the parts: the gates, the reception and the long connection for what comes in, the client for what goes out.
"""

from __future__ import annotations

import asyncio
import secrets as randomness
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from adapters._hardened_json import JsonTable, wire
from adapters.dingtalk import capabilities
from adapters.dingtalk.client import DingTalkClient
from adapters.dingtalk.envelope import Believed, Gate, Opened, Seal
from adapters.dingtalk.event import PLATFORM, Self
from adapters.dingtalk.frames import CARD_TOPIC, ROBOT_TOPIC, FrameType
from adapters.dingtalk.hints import hint
from adapters.dingtalk.reception import Reception
from adapters.dingtalk.self_call import address_check
from adapters.dingtalk.settings import DingTalkSettings, from_section
from adapters.dingtalk.signature import encrypt, event_signature
from adapters.dingtalk.stream import Stream, StreamEndpoint
from bot.errors import PlatformError, StoreUnavailable, WebhookRejected
from bot.messages import AnyOutbound
from bot.ports import (
    Capabilities,
    ConnectionState,
    DirectorySnapshot,
    Finding,
    Housing,
    Intake,
    RawReply,
    RawRequest,
    Receipt,
    SelfCall,
    Severity,
)

log = structlog.get_logger(__name__)

#: how long we wait before the address for clicks is registered once more
ROUTE_PAUSE = timedelta(minutes=1)
#: the word that the platform wants to hear
_SUCCESS = b"success"


class DingTalkAdapter:
    """One app of one organisation."""

    def __init__(self, settings: DingTalkSettings, client: DingTalkClient, housing: Housing) -> None:
        self._settings = settings
        self._client = client
        self._clock = housing.clock
        self._public_url = housing.public_url
        self._gate = Gate(settings)
        me = Self(app=settings.client_id, robot=housing.bot_name, corp_id=settings.corp_id)
        self._reception = Reception(me, client, clock=housing.clock, busy_text=housing.busy_text)
        self._stream = Stream(self, clock=housing.clock)
        self._capabilities = capabilities.capabilities(settings)
        self._started_at = self._clock.now()
        self._last_callback_at: datetime | None = None
        self._running: asyncio.Task[object] | None = None

    @property
    def platform(self) -> str:
        return PLATFORM

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities

    @property
    def hooks(self) -> tuple[tuple[str, str], ...]:
        settings, streams = self._settings, self._settings.streams
        paths = (
            (settings.event_path, streams.events),
            (settings.robot_path, streams.robot),
            (settings.card_path, streams.cards),
        )
        return tuple(("POST", path) for path, is_streamed in paths if not is_streamed)

    # ------------------------------------------------------------ in

    async def receive(self, request: RawRequest, intake: Intake) -> RawReply:
        """Verify, decrypt, decode, store, answer. 503 while nothing can be stored, so that the platform tries again."""
        now = self._clock.now()
        if ("POST", request.path) not in self.hooks:
            raise WebhookRejected
        opened = self._open(request, now=now)
        self._last_callback_at = now
        reply: JsonTable = {}
        if isinstance(opened, Believed):
            try:
                reply = await self._take(request.path, opened, intake)
            except StoreUnavailable:
                log.warning("an event could not be stored; the platform will send it again", action="event_refused")
                return _reply({}, status=503)
            self._gate.remember(opened, now=now)
        return _reply(reply if opened.seal is None else _sealed(opened.seal, now=now))

    def _open(self, request: RawRequest, *, now: datetime) -> Opened:
        if request.path == self._settings.event_path:
            return self._gate.open_event(request, now=now)
        if request.path == self._settings.robot_path:
            return self._gate.open_robot(request, now=now)
        return self._gate.open_card(request, now=now)

    async def _take(self, path: str, opened: Believed, intake: Intake) -> JsonTable:
        if path == self._settings.event_path:
            await self._reception.take_posted(opened.body, intake)
            return {}
        if path == self._settings.robot_path:
            await self._reception.take_message(opened.body, intake, is_unsigned=True)
            return {}
        return await self._reception.take_click(opened.body, intake, mark=opened.mark)

    def self_calls(self, *, now: datetime) -> tuple[SelfCall, ...]:
        is_called = ("POST", self._settings.event_path) in self.hooks and bool(self._settings.event_token)
        return (address_check(self._settings, now=now),) if is_called else ()

    async def run(self, intake: Intake) -> None:
        """Keep the long connection up, where there is one, and have clicks come to our own address, where they do."""
        self._running = asyncio.current_task()
        async with asyncio.TaskGroup() as group:
            if self._settings.has_stream:
                group.create_task(
                    self._stream.run(lambda frame: self._reception.take(frame, intake)), name="dingtalk stream"
                )
            if not self._settings.streams.cards:
                group.create_task(self._register(), name="dingtalk clicks")

    async def _register(self) -> None:
        """Once, as often as it takes; the platform keeps it."""
        if not self._public_url:
            log.error("clicks will not arrive: server.public_url is not set", action="route_unknown")
            return
        while True:
            try:
                await self._client.register_route(f"{self._public_url.rstrip('/')}{self._settings.card_path}")
            except PlatformError as problem:
                log.warning("clicks do not arrive yet", action="route_refused", code=problem.code, hint=problem.hint)
            else:
                return
            due = self._clock.now() + ROUTE_PAUSE
            await self._clock.wait(asyncio.Event(), until=due, at_most=ROUTE_PAUSE.total_seconds())

    async def stream_endpoint(self) -> StreamEndpoint:
        """Where to connect, with what is wanted there (dingtalk.md 2.4)."""
        streams = self._settings.streams
        topics = (
            (FrameType.EVENT.value, "*", streams.events),
            (FrameType.CALLBACK.value, ROBOT_TOPIC, streams.robot),
            (FrameType.CALLBACK.value, CARD_TOPIC, streams.cards),
        )
        return await self._client.stream_endpoint(topics=tuple((kind, topic) for kind, topic, on in topics if on))

    # ------------------------------------------------------------ out

    async def send(self, outbound: AnyOutbound, *, key: str) -> Receipt:
        return await self._client.send(outbound, key=key)

    def budgets(self, outbound: AnyOutbound) -> tuple[tuple[str, int, int], ...]:
        return capabilities.budgets(outbound, settings=self._settings)

    async def directory(self) -> DirectorySnapshot:
        return await self._client.directory()

    # ------------------------------------------------------------ state

    async def probe(self) -> list[Finding]:
        """Ask the platform what this app may do."""
        probe = await self._client.probe()
        clicks = [_no_clicks()] if not self._settings.streams.cards and not self._public_url else []
        nameless = [_unpublished()] if self._reception.is_unpublished else []
        return [*probe.findings, *await self._client.budget.findings(), *clicks, *nameless, *self._stream.findings]

    @property
    def connection(self) -> ConnectionState:
        if self._settings.has_stream:
            return self._stream.state
        return ConnectionState(is_connected=True, since=self._started_at, last_frame_at=self._last_callback_at)

    async def close(self) -> None:
        """End `run`, which says goodbye to the platform, and let go of the client's connections."""
        running, self._running = self._running, None
        if running is not None and not running.done():
            running.cancel()
            await asyncio.wait([running])
        await self._client.close()


def create(section: Mapping[str, object] | object, housing: Housing) -> DingTalkAdapter:
    """The adapter for a section `platforms.dingtalk`. Raises ConfigError with every problem at once."""
    settings = from_section(section)
    return DingTalkAdapter(settings, DingTalkClient(settings, housing), housing)


def _sealed(seal: Seal, *, now: datetime) -> JsonTable:
    """The word of success, sealed and signed like what it answers."""
    salt = randomness.token_hex(8).encode()
    sealed = encrypt(_SUCCESS, aes_key=seal.secrets.aes_key, owner=seal.owner, salt=salt)
    stamp, nonce = str(int(now.timestamp() * 1000)), randomness.token_hex(8)
    signature = event_signature(token=seal.secrets.token, timestamp=stamp, nonce=nonce, sealed=sealed)
    return {"msg_signature": signature, "timeStamp": stamp, "nonce": nonce, "encrypt": sealed}


def _no_clicks() -> Finding:
    return Finding(
        id="dingtalk.clicks",
        severity=Severity.FAILURE,
        message="卡片点击走 HTTP，但没有公网地址 / clicks come over HTTP, and there is no public address",
        hint=hint("public_url"),
    )


def _unpublished() -> Finding:
    return Finding(
        id="dingtalk.unpublished",
        severity=Severity.FAILURE,
        message="应用版本尚未发布，消息里没有人 / no version of the app is published, and messages name nobody",
        hint=hint("unpublished"),
    )


def _reply(body: JsonTable, *, status: int = 200) -> RawReply:
    return RawReply(status=status, body=wire(body))
