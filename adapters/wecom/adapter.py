"""WeCom as the app sees it: verified pushes go in, neutral calls go out. Implements `bot.ports.PlatformAdapter`.

It only joins the parts: the gates, the reception and the bot's long connection for what comes in, the client for what goes
out. To everybody else the self-built app and the intelligent bot are one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime

import structlog

from adapters.wecom import capabilities
from adapters.wecom.client import WeComClient
from adapters.wecom.envelope import Believed, Challenge, Gate, Opened
from adapters.wecom.event import PLATFORM, Self
from adapters.wecom.hints import hint
from adapters.wecom.reception import Reception
from adapters.wecom.self_call import address_check
from adapters.wecom.settings import WeComSettings, from_section
from bot.errors import StoreUnavailable, WebhookRejected
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

_PLAIN = "text/plain; charset=utf-8"


class WeComAdapter:
    """One company."""

    def __init__(self, settings: WeComSettings, client: WeComClient, housing: Housing) -> None:
        self._settings = settings
        self._client = client
        self._clock = housing.clock
        self._gate = Gate(receiver=settings.corp_id, window=settings.replay_window, is_json=False)
        bot_id, bot_name = (settings.bot.bot_id, settings.bot.name) if settings.bot is not None else ("", "")
        self._reception = Reception(
            client,
            app=Self(app=f"{settings.corp_id}:{settings.agent_id}", bot_name=housing.bot_name),
            bot=Self(app=bot_id, bot_name=bot_name or housing.bot_name),
            clock=housing.clock,
        )
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
        paths = [self._settings.path] if self._settings.has_app else []
        if self._settings.bot is not None and self._settings.bot.is_webhook:
            paths.append(self._settings.bot.path)
        return tuple((method, path) for path in paths for method in ("GET", "POST"))

    # ------------------------------------------------------------ in

    async def receive(self, request: RawRequest, intake: Intake) -> RawReply:
        """Verify, decrypt, decode, store, answer. 503 while nothing can be stored, so that the platform tries again."""
        now = self._clock.now()
        if (request.method, request.path) not in self.hooks:
            raise WebhookRejected
        gate, opened = self._open(request, now=now)
        if isinstance(opened, Challenge):
            return RawReply(status=200, body=opened.text, content_type=_PLAIN)
        self._last_callback_at = now
        if isinstance(opened, Believed):
            try:
                if gate is self._gate:
                    await self._reception.take(opened.body, intake)
                else:
                    await self._reception.take_push(opened.body, intake)
            except StoreUnavailable:
                log.warning("a push could not be stored; the platform will send it again", action="event_refused")
                return RawReply(status=503, body=b"", content_type=_PLAIN)
            gate.remember(opened, now=now)
        return RawReply(status=200, body=b"", content_type=_PLAIN)

    def _open(self, request: RawRequest, *, now: datetime) -> tuple[Gate, Opened]:
        if self._settings.has_app and request.path == self._settings.path:
            return self._gate, self._gate.open(request, self._settings.secrets(now=now), now=now)
        bot = self._client.bot
        if bot is None:
            raise WebhookRejected
        return bot.gate, bot.gate.open(request, bot.settings.secrets, now=now)

    def self_calls(self, *, now: datetime) -> tuple[SelfCall, ...]:
        settings, bot = self._settings, self._settings.bot
        calls = [
            address_check(
                pair,
                path=settings.path,
                receiver=settings.corp_id,
                names=("token", "aes_key", "corp_id"),
                now=now,
            )
            for pair in settings.secrets(now=now)[:1]
            if settings.has_app
        ]
        if bot is not None and bot.is_webhook:
            names = ("bot.token", "bot.aes_key")
            calls += [address_check(one, path=bot.path, receiver="", names=names, now=now) for one in bot.secrets]
        return tuple(calls)

    async def run(self, intake: Intake) -> None:
        """Keep the bot's long connection up where there is one."""
        self._running = asyncio.current_task()
        if self._client.bot is not None:
            await self._client.bot.run(lambda body, request: self._reception.take_push(body, intake, request=request))

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
        strangers = [_strangers()] if self._reception.has_strangers else []
        misnamed = [_misnamed()] if self._reception.is_misnamed else []
        return [*probe.findings, *strangers, *misnamed, *self.stream_findings]

    @property
    def stream_findings(self) -> list[Finding]:
        """What keeps the bot's connection from standing, if anything does."""
        bot = self._client.bot
        return bot.stream.findings if bot is not None else []

    @property
    def connection(self) -> ConnectionState:
        bot = self._client.bot
        if bot is not None and not bot.settings.is_webhook and (bot.stream.leads or not self._settings.has_app):
            return bot.stream.state
        return ConnectionState(is_connected=True, since=self._started_at, last_frame_at=self._last_callback_at)

    async def close(self) -> None:
        """End `run`, which says goodbye to the platform, and let go of the client's connections."""
        running, self._running = self._running, None
        if running is not None and not running.done():
            running.cancel()
            await asyncio.wait([running])
        await self._client.close()


def create(section: Mapping[str, object] | object, housing: Housing) -> WeComAdapter:
    """The adapter for a section `platforms.wecom`. Raises ConfigError with every problem at once."""
    settings = from_section(section)
    return WeComAdapter(settings, WeComClient(settings, housing), housing)


def _strangers() -> Finding:
    return Finding(
        id="wecom.encrypted_ids",
        severity=Severity.FAILURE,
        message="机器人给出的是加密的成员ID，认不出人 / the bot delivers encrypted ids that name nobody",
        hint=hint("encrypted_ids"),
    )


def _misnamed() -> Finding:
    return Finding(
        id="wecom.bot_name",
        severity=Severity.WARNING,
        message="群里 @ 机器人用的名字与配置不同 / the bot is mentioned under another name than the configured one",
        hint=hint("bot_name"),
    )
