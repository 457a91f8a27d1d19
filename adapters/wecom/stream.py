"""The bot's long connection: one in the whole world, so whoever of several processes leads has it (wecom.md 3.3; F19).

The lead is renewed while the connection stands, and the connection is closed before the lead can have run out. A takeover
by a stranger is not fought: after each one we stay away longer, and say so.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import aiohttp
import structlog
from yarl import URL

from adapters._http import proxy_for
from adapters._stream import GOODBYE_SECONDS, LongConnection, OnGap, Refused
from adapters.wecom.frames import MAX_FRAME_BYTES
from adapters.wecom.hints import hint
from adapters.wecom.line import Line, Put
from adapters.wecom.pushes import Pushes, Take
from adapters.wecom.settings import BotSettings
from bot.clock import Clock
from bot.errors import FailureKind, PlatformError, StoreUnavailable
from bot.ports import ConnectionState, Finding, Leadership, Severity

log = structlog.get_logger(__name__)

#: seconds for which the lead is taken, and how often it is renewed
LEASE_SECONDS = 10.0
RENEW_EVERY = timedelta(seconds=3)
#: real seconds for one answer about the lead
LEAD_SECONDS = 3.0
#: the connection is given up this long before the lead runs out
_SAFETY = timedelta(seconds=1)
#: how long we stay away after a takeover: at first, at most, and how long a connection must live to be a fresh start
STAY_AWAY, STAY_AWAY_AT_MOST, FRESH_START = timedelta(minutes=1), timedelta(minutes=15), timedelta(minutes=10)


class Stream:
    """Keeps one line open while `run` runs and this process leads."""

    def __init__(
        self,
        settings: BotSettings,
        *,
        clock: Clock,
        leadership: Leadership,
        dice: Random | None = None,
        on_gap: OnGap | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._leadership = leadership
        self._duty = f"wecom:bot:{settings.bot_id}"
        self._connection: LongConnection[Line] = LongConnection("wecom", clock=clock, dice=dice, on_gap=on_gap)
        self._line: Line | None = None
        #: what came and is not stored yet, None before `run`
        self._pushes: Pushes | None = None
        #: which lead this is, None while another process has the bot
        self._fence: int | None = None
        #: the line whose end was counted as a takeover
        self._seen: Line | None = None
        self._takeovers = 0
        self._away_until: datetime | None = None

    @property
    def state(self) -> ConnectionState:
        """How it is doing; a process that does not lead has nothing to keep up."""
        waiting = self._pushes.waiting if self._pushes is not None else 0
        return replace(self._connection.state, waiting=waiting)

    @property
    def leads(self) -> bool:
        """Whether this process has the bot at present."""
        return self._fence is not None

    @property
    def line(self) -> Line | None:
        """The line that stands, None for none."""
        line = self._line
        return line if line is not None and not line.is_over.is_set() else None

    @property
    def findings(self) -> list[Finding]:
        """What keeps us out, if anything does."""
        if self._away_until is None:
            return self._connection.findings
        message = "机器人被另一个程序接管 / another program has taken the bot over"
        taken = Finding(
            id="wecom.bot_elsewhere", severity=Severity.FAILURE, message=message, hint=hint("bot_elsewhere")
        )
        return [taken, *self._connection.findings]

    async def run(self, take: Take) -> None:
        """Until cancelled; then the connection is closed properly and another process may lead at once."""
        pushes = self._pushes = Pushes(take, clock=self._clock)
        storing = asyncio.create_task(pushes.run(), name="wecom pushes")
        try:
            while True:
                with contextlib.suppress(StoreUnavailable):
                    if (fence := await self._lead()) is not None:
                        await self._while_leading(fence, pushes.put)
                await self._wait(RENEW_EVERY)
        finally:
            storing.cancel()
            await asyncio.wait([storing])
            await pushes.finish()
            with contextlib.suppress(StoreUnavailable, TimeoutError):
                async with asyncio.timeout(LEAD_SECONDS):
                    await self._leadership.release(self._duty)

    async def _lead(self) -> int | None:
        """The number of our lead, None when another process has it. Raises StoreUnavailable when nobody can tell."""
        try:
            async with asyncio.timeout(LEAD_SECONDS):
                return await self._leadership.lead(self._duty, seconds=LEASE_SECONDS)
        except TimeoutError:
            raise StoreUnavailable from None

    async def _while_leading(self, fence: int, put: Put) -> None:
        """The connection stands until the lead is lost, or may be."""
        self._fence = fence
        held_since = self._clock.now()
        connection = asyncio.create_task(
            self._connection.run(lambda session: self._open(session, put)), name="wecom connection"
        )
        try:
            while not connection.done():
                await self._wait(RENEW_EVERY)
                asked_at = self._clock.now()
                try:
                    lead = await self._lead()
                    # one more: ours ran out and nobody took it meanwhile, so that the connection is still the only one
                    if lead is None or lead > fence + 1:
                        log.warning("another process has the bot now", action="lead_lost")
                        return
                    self._fence = fence = lead
                    held_since = asked_at
                except StoreUnavailable:
                    if self._clock.now() + RENEW_EVERY + _SAFETY - held_since >= timedelta(seconds=LEASE_SECONDS):
                        log.warning("nobody can tell who has the bot", action="lead_in_doubt")
                        return
        finally:
            self._fence = None
            connection.cancel()
            await asyncio.wait([connection])
            self._line = None

    async def _wait(self, pause: timedelta) -> None:
        await self._clock.wait(asyncio.Event(), until=self._clock.now() + pause, at_most=pause.total_seconds())

    async def _open(self, session: aiohttp.ClientSession, put: Put) -> Line:
        """One try. Raises Refused, or what the connection raises."""
        self._note_takeover()
        if self._away_until is not None and self._clock.now() < self._away_until:
            raise Refused("taken_over", is_final=True, hint=hint("bot_elsewhere"))
        address = URL(self._settings.ws_url)
        try:
            socket = await session.ws_connect(
                address,
                autoping=False,
                timeout=aiohttp.ClientWSTimeout(ws_close=GOODBYE_SECONDS),
                max_msg_size=MAX_FRAME_BYTES,
                proxy=proxy_for(address),
            )
        except aiohttp.WSServerHandshakeError as problem:
            raise Refused(f"http_{problem.status}", is_final=False) from None
        line = Line(socket, put=put, clock=self._clock)
        try:
            await line.subscribe(bot_id=self._settings.bot_id, secret=self._settings.secret)
        except PlatformError as problem:
            await line.close()
            is_final = problem.kind is FailureKind.ADMINISTRATOR
            raise Refused(problem.code, is_final=is_final, hint=problem.hint) from None
        except BaseException:
            await line.close()
            raise
        self._line = line
        self._away_until = None
        return line

    def _note_takeover(self) -> None:
        """Whoever comes back at once is thrown out at once, and throws the other out before (wecom.md 3.4)."""
        last = self._connection.last
        if last is None or not last.is_taken_over or last is self._seen:
            return
        self._seen = last
        now = self._clock.now()
        self._takeovers = 1 if now - last.opened_at >= FRESH_START else self._takeovers + 1
        self._away_until = now + min(STAY_AWAY * 2 ** min(self._takeovers - 1, 10), STAY_AWAY_AT_MOST)
