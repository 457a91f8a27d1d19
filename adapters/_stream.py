"""A long connection to a platform: always one that lives, and an honest account of the times when there was none.

A connection that fell silent, or that is about to be closed, is kept until its successor stands, so that nothing which
comes after all is lost (F14). What the platform refuses for good, wrong credentials or a disabled app, is tried once a
minute and no more often (F10). How a connection is opened and what is said on it, each platform says itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from random import Random
from typing import Generic, Protocol, TypeVar
from urllib.parse import urlsplit

import aiohttp
import structlog

from bot.clock import Clock
from bot.ports import ConnectionState, Finding, Severity

log = structlog.get_logger(__name__)

#: seconds until a new socket must stand, the platform's greeting included
CONNECT_SECONDS = 10.0
#: seconds for the other side to answer our goodbye
GOODBYE_SECONDS = 2.0
#: wait before the first new connection, at most: what is not acknowledged comes again after 15 s, so we are back before,
#: although the platform's own clients wait up to half a minute
FIRST_WAIT = 2.0
#: wait between further tries, at most (B9)
LONGEST_WAIT = 60.0
#: wait after a refusal that only an administrator can lift
REFUSED_WAIT = 60.0
#: a connection that lived this long was a good one: tries are counted anew after it
GOOD_LIFE = timedelta(seconds=30)
#: gaps that are remembered
MAX_GAPS = 50
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


#: from when until when nothing could be received
OnGap = Callable[[datetime, datetime], None]


class OpenLine(Protocol):
    """One open connection, as each platform has it."""

    @property
    def opened_at(self) -> datetime:
        """When it stood."""
        ...

    @property
    def last_frame_at(self) -> datetime:
        """When anything came over it last."""
        ...

    @property
    def is_over(self) -> asyncio.Event:
        """Set when nothing can come in any more, or nothing does, or soon nothing will."""
        ...

    def serve(self) -> None:
        """Begin to read and to ping."""
        ...

    async def close(self) -> None:
        """Let what is in flight end, and say goodbye."""
        ...


L = TypeVar("L", bound=OpenLine)


class Refused(Exception):
    """The platform does not let us in. `is_final` when it takes somebody to change that."""

    def __init__(self, code: str, *, is_final: bool, hint: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.is_final = is_final
        self.hint = hint


#: one try to open a connection. Raises Refused, or what the connection raises
Opener = Callable[[aiohttp.ClientSession], Awaitable[L]]
#: seconds to wait after a line, the last one or None before there was one
Waits = Callable[[L | None], tuple[float, float]]


class LongConnection(Generic[L]):
    """Keeps one line open while `run` runs."""

    def __init__(
        self,
        platform: str,
        *,
        clock: Clock,
        dice: Random | None = None,
        on_gap: OnGap | None = None,
        waits: Waits[L] | None = None,
    ) -> None:
        """`on_gap` is told when nothing could be received, as soon as something can be again; `waits`, what the platform
        wishes its clients to wait at most after a line: before the first new connection, and between tries."""
        self._waits: Waits[L] = waits or (lambda _: (FIRST_WAIT, LONGEST_WAIT))
        self._platform = platform
        self._on_gap = on_gap
        self._clock = clock
        self._dice = dice or Random()  # noqa: S311 - spreads reconnections, guards nothing
        #: the line that ended last
        self.last: L | None = None
        self._line: L | None = None
        self._lost_at: datetime | None = None
        self._last_frame_at: datetime | None = None
        self._opened = 0
        self._gaps: list[tuple[datetime, datetime]] = []
        self._refusal: Refused | None = None
        self._wake = asyncio.Event()

    @property
    def state(self) -> ConnectionState:
        """How it is doing."""
        line = self._line
        return ConnectionState(
            is_connected=line is not None,
            since=line.opened_at if line is not None else self._lost_at,
            last_frame_at=line.last_frame_at if line is not None else self._last_frame_at,
            reconnects=max(0, self._opened - 1),
            gaps=tuple(self._gaps),
        )

    @property
    def findings(self) -> list[Finding]:
        """What keeps us out, if anything does."""
        refusal = self._refusal
        if refusal is None:
            return []
        return [
            Finding(
                id=f"{self._platform}.stream",
                severity=Severity.FAILURE,
                message=f"长连接被平台拒绝（{refusal.code}）/ the platform refuses the long connection ({refusal.code})",
                hint=refusal.hint,
            )
        ]

    async def run(self, opener: Opener[L]) -> None:
        """Until cancelled; then the connection is closed properly."""
        lines: list[L] = []
        async with self._session() as session:
            try:
                tries = 0
                while True:
                    line = await self._open_soon(session, opener, tries)
                    lines.append(line)
                    self._stands(line)
                    while len(lines) > 1:
                        await lines[0].close()
                        del lines[0]
                    await line.is_over.wait()
                    self._ended(line)
                    tries = 0 if self._clock.now() - line.opened_at >= GOOD_LIFE else tries + 1
            finally:
                self._line = None
                for line in lines:
                    await line.close()

    # ------------------------------------------------------------ accounts

    def _stands(self, line: L) -> None:
        line.serve()
        self._line = line
        self._opened += 1
        self._refusal = None
        if self._lost_at is not None:
            self._gaps = [*self._gaps, (self._lost_at, line.opened_at)][-MAX_GAPS:]
            log.warning("connected again", action="stream_back", since=self._lost_at)
            if self._on_gap is not None:
                self._on_gap(self._lost_at, line.opened_at)
        else:
            log.info("connected", action="stream_connected")
        self._lost_at = None

    def _ended(self, line: L) -> None:
        """Nothing could be received since the last frame; a goodbye of the platform is a frame, too."""
        self._line = None
        self._last_frame_at = self._lost_at = line.last_frame_at
        self.last = line
        log.warning("the long connection ended", action="stream_ended", last_frame_at=line.last_frame_at)

    # ------------------------------------------------------------ connecting

    async def _open_soon(self, session: aiohttp.ClientSession, opener: Opener[L], tries: int) -> L:
        """A connection that stands, however long it takes."""
        if self._opened:
            await self._pause(self._wait_of(tries))
        while True:
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    return await opener(session)
            except Refused as refusal:
                self._refusal = refusal if refusal.is_final else self._refusal
                wait = REFUSED_WAIT if refusal.is_final else self._wait_of(tries + 1)
                log.warning("the long connection was refused", action="stream_refused", code=refusal.code, wait=wait)
            except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as problem:
                wait = self._wait_of(tries + 1)
                log.warning("no connection", action="stream_unreachable", problem=type(problem).__name__, wait=wait)
            tries += 1
            await self._pause(wait)

    def _wait_of(self, tries: int) -> float:
        """Seconds before a try: short and at random after a connection that was good, doubling after failures."""
        first, longest = self._waits(self.last)
        if tries == 0:
            return self._dice.uniform(0, min(first, FIRST_WAIT))
        longest = min(LONGEST_WAIT, longest)
        return self._dice.uniform(0.5, 1.0) * min(longest, 2.0 ** min(tries, 10))

    async def _pause(self, seconds: float) -> None:
        due = self._clock.now() + timedelta(seconds=seconds)
        while (left := (due - self._clock.now()).total_seconds()) > 0:
            self._wake.clear()
            await self._clock.wait(self._wake, until=due, at_most=left)
            if self._clock.now() + timedelta(seconds=seconds) < due:
                return  # the clock was set back

    def _session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,  # would also read a netrc file, and send what stands in it
        )


def is_safe(url: str) -> bool:
    """Frames are neither signed nor encrypted: outside this machine only TLS will do."""
    parts = urlsplit(url)
    return parts.scheme == "wss" or (parts.scheme == "ws" and parts.hostname in _LOOPBACK)
