"""Feishu as the app sees it: verified events go in, neutral calls go out. Implements `bot.ports.PlatformAdapter`.

It only joins the parts: the gate, the reception, the long connection and the history for what comes in, the client for
what goes out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from adapters._hardened_json import JsonTable, wire
from adapters.feishu import capabilities
from adapters.feishu.catch_up import CatchUp
from adapters.feishu.client import FeishuClient
from adapters.feishu.envelope import Challenge, Gate, Repeated
from adapters.feishu.event import PLATFORM
from adapters.feishu.reception import Reception
from adapters.feishu.self_call import address_check
from adapters.feishu.settings import FeishuSettings, from_section
from adapters.feishu.stream import Stream
from bot.errors import PlatformError, StoreUnavailable, WebhookRejected
from bot.messages import AnyOutbound, EditCard
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
)

log = structlog.get_logger(__name__)

#: real seconds that a callback may wait for us to learn who we are; it must be answered within three
SELF_SECONDS = 1.0
#: how long we do not ask again who we are after we got no answer
SELF_PAUSE = timedelta(seconds=30)
#: how often we ask what the app may see, and how often while we had no answer yet
RIGHTS_PAUSE, RIGHTS_PAUSE_UNKNOWN = timedelta(hours=6), timedelta(minutes=1)


class FeishuAdapter:
    """One app of one tenant."""

    def __init__(self, settings: FeishuSettings, client: FeishuClient, housing: Housing) -> None:
        self._settings = settings
        self._client = client
        self._clock = clock = housing.clock
        self._gate = Gate(settings)
        self._reception = Reception(app_id=settings.app_id, housing=housing)
        self._catch_up = CatchUp(client.history, clock=clock)
        self._stream = Stream(client, clock=clock, on_gap=self._listened_to_nobody)
        self._capabilities = capabilities.capabilities(sees_all_group_messages=False)
        self._started_at = clock.now()
        self._last_callback_at: datetime | None = None
        self._ask_self_after: datetime | None = None
        #: the platform's word on what we see was heard at least once
        self._knows_rights = False
        self._running: asyncio.Task[object] | None = None

    @property
    def platform(self) -> str:
        return PLATFORM

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities

    @property
    def hooks(self) -> tuple[tuple[str, str], ...]:
        return (("POST", self._settings.path),) if self._settings.is_webhook else ()

    # ------------------------------------------------------------ in

    async def receive(self, request: RawRequest, intake: Intake) -> RawReply:
        """Verify, decrypt, decode, store, answer. 503 while nothing can be stored, so that the platform tries again."""
        now = self._clock.now()
        if not self._settings.is_webhook or request.path != self._settings.path:
            raise WebhookRejected
        opened = self._gate.open(request, now=now)
        if isinstance(opened, Challenge):
            return _reply({"challenge": opened.text})
        self._last_callback_at = now
        if isinstance(opened, Repeated):
            return _reply({})
        if not self._reception.me.bot_open_id:
            await self._know_self()
        try:
            answer = await self._reception.take(opened.envelope, intake)
        except StoreUnavailable:
            log.warning("an event could not be stored; the platform will send it again", action="event_refused")
            return _reply({}, status=503)
        self._gate.remember(opened, now=now)
        self._learn_from_messages()
        return _reply(answer if answer is not None else {})

    def self_calls(self, *, now: datetime) -> tuple[SelfCall, ...]:  # noqa: ARG002 - nobody signs this one
        return (address_check(self._settings),) if self._settings.is_webhook else ()

    async def run(self, intake: Intake) -> None:
        """Keep the long connection up, read what was missed, and stay informed of what the app may see."""

        async def take(payload: bytes) -> JsonTable | None:
            await self._know_self()
            answer = await self._reception.take_bytes(payload, intake)
            self._learn_from_messages()
            return answer

        async def take_history(envelopes: Sequence[JsonTable]) -> int:
            await self._know_self()
            return await self._reception.take_history(envelopes, intake)

        self._running = asyncio.current_task()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._stay_informed(), name="feishu rights")
            group.create_task(self._catch_up.run(take_history, lambda: self._reception.me), name="feishu history")
            if not self._settings.is_webhook:
                group.create_task(self._stream.run(take), name="feishu stream")

    def missed_since(self, instant: datetime) -> None:
        self._catch_up.owe(instant, until=self._clock.now())

    async def caught_up(self) -> None:
        await self._catch_up.caught_up()

    def _listened_to_nobody(self, start: datetime, end: datetime) -> None:
        self._catch_up.owe(start, until=end)

    async def _stay_informed(self) -> None:
        """Ask now and then what the app may see: it is granted while we run, and the first answer may not come."""
        while True:
            pause = RIGHTS_PAUSE if self._knows_rights else RIGHTS_PAUSE_UNKNOWN
            due = self._clock.now() + pause
            while (left := due - self._clock.now()) > timedelta():
                await self._clock.wait(asyncio.Event(), until=due, at_most=left.total_seconds())
                if self._clock.now() + pause < due:
                    break  # the clock was set back
            self._sees_all(await self._client.sees_all_group_messages())

    def _sees_all(self, is_so: bool | None) -> None:
        """What the platform said, or nothing: then what was known last stays."""
        self._catch_up.allow(is_so)
        if is_so is None:
            return
        self._knows_rights = True
        self._reception.has_overheard = self._reception.has_overheard and is_so
        self._capabilities = capabilities.capabilities(sees_all_group_messages=is_so)

    def _learn_from_messages(self) -> None:
        """A message that arrived without a mention is proof, whatever names the scopes have (feishu.md 13)."""
        if self._reception.has_overheard and not self._capabilities.sees_all_group_messages:
            self._capabilities = capabilities.capabilities(sees_all_group_messages=True)
            self._catch_up.allow(True)

    async def _know_self(self) -> None:
        """Learn the bot's own id before the first mention is read; go on without it rather than keep events waiting."""
        now = self._clock.now()
        if self._reception.me.bot_open_id or (self._ask_self_after is not None and now < self._ask_self_after):
            return
        self._ask_self_after = now + SELF_PAUSE
        try:
            async with asyncio.timeout(SELF_SECONDS):
                self._reception.is_known(await self._client.bot_open_id())
        except (PlatformError, TimeoutError):
            log.warning("the bot's own id is not known yet", action="self_unknown")

    # ------------------------------------------------------------ out

    async def send(self, outbound: AnyOutbound, *, key: str) -> Receipt:
        if isinstance(outbound, EditCard):
            await self._reception.settling.settled(outbound.message.message)
        return await self._client.send(outbound, key=key)

    def budgets(self, outbound: AnyOutbound) -> tuple[tuple[str, int, int], ...]:
        return capabilities.budgets(outbound, app_id=self._settings.app_id)

    async def directory(self) -> DirectorySnapshot:
        return await self._client.directory()

    # ------------------------------------------------------------ state

    async def probe(self) -> list[Finding]:
        """Ask the platform what this app may do. Without an answer the capabilities stay as they were."""
        probe = await self._client.probe()
        self._sees_all(probe.sees_all_group_messages)
        if probe.bot_open_id:
            self._reception.is_known(probe.bot_open_id)
        return [*probe.findings, *self._stream.findings]

    @property
    def connection(self) -> ConnectionState:
        if not self._settings.is_webhook:
            return self._stream.state
        return ConnectionState(is_connected=True, since=self._started_at, last_frame_at=self._last_callback_at)

    async def close(self) -> None:
        """End `run`, which says goodbye to the platform, and let go of the client's connections."""
        running, self._running = self._running, None
        if running is not None and not running.done():
            running.cancel()
            await asyncio.wait([running])
        await self._client.close()


def create(section: Mapping[str, object] | object, housing: Housing) -> FeishuAdapter:
    """The adapter for a section `platforms.feishu`. Raises ConfigError with every problem at once."""
    settings = from_section(section)
    return FeishuAdapter(settings, FeishuClient(settings, clock=housing.clock), housing)


def _reply(body: JsonTable, *, status: int = 200) -> RawReply:
    return RawReply(status=status, body=wire(body))
