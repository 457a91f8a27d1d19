"""The long connection: always one that lives, and an honest account of the times when there was none.

A connection that fell silent is kept until its successor stands, so that nothing which comes after all is lost (F14).
What the platform refuses for good, wrong credentials or a disabled app, is tried once a minute and no more often (F10).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

import aiohttp
import structlog
from yarl import URL

from adapters._http import proxy_for
from adapters.feishu.errors import STREAM_CODES
from adapters.feishu.frames import MAX_FRAME_BYTES
from adapters.feishu.hardened_json import JsonValue
from adapters.feishu.hints import hint
from adapters.feishu.line import Line, Pace, Take
from bot.clock import Clock
from bot.errors import FailureKind, PlatformError
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
_TOO_MANY = "1000040350"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


#: from when until when nothing could be received
OnGap = Callable[[datetime, datetime], None]


class Endpoint(Protocol):
    """Who tells where to connect."""

    async def stream_endpoint(self) -> tuple[str, Mapping[str, JsonValue]]:
        """The address, good for one connection, and the platform's ClientConfig. Raises PlatformError."""
        ...


class Refused(Exception):
    """The platform does not let us in. `is_final` when it takes somebody to change that."""

    def __init__(self, code: str, *, is_final: bool, hint: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.is_final = is_final
        self.hint = hint


class Stream:
    """Keeps one line open while `run` runs."""

    def __init__(
        self, endpoint: Endpoint, *, clock: Clock, dice: Random | None = None, on_gap: OnGap | None = None
    ) -> None:
        """`on_gap` is told when nothing could be received, as soon as something can be again."""
        self._on_gap = on_gap
        self._endpoint = endpoint
        self._clock = clock
        self._dice = dice or Random()  # noqa: S311 - spreads reconnections, guards nothing
        self._pace = Pace()
        self._answers_early = False
        self._line: Line | None = None
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
                id="feishu.stream",
                severity=Severity.FAILURE,
                message=f"长连接被平台拒绝（{refusal.code}）/ the platform refuses the long connection ({refusal.code})",
                hint=refusal.hint,
            )
        ]

    async def run(self, take: Take) -> None:
        """Until cancelled; then the connection is closed properly."""
        lines: list[Line] = []
        async with self._session() as session:
            try:
                tries = 0
                while True:
                    line = await self._open_soon(session, take, tries)
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

    def _stands(self, line: Line) -> None:
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

    def _ended(self, line: Line) -> None:
        """Nothing could be received since the last frame; a goodbye of the platform is a frame, too."""
        self._line = None
        self._last_frame_at = self._lost_at = line.last_frame_at
        self._pace, self._answers_early = line.pace, line.answers_early
        log.warning("the long connection ended", action="stream_ended", last_frame_at=line.last_frame_at)

    # ------------------------------------------------------------ connecting

    async def _open_soon(self, session: aiohttp.ClientSession, take: Take, tries: int) -> Line:
        """A connection that stands, however long it takes."""
        if self._opened:
            await self._pause(self._wait_of(tries))
        while True:
            try:
                return await self._open(session, take)
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
        if tries == 0:
            return self._dice.uniform(0, min(self._pace.reconnect_nonce, FIRST_WAIT))
        longest = min(LONGEST_WAIT, self._pace.reconnect_interval)
        return self._dice.uniform(0.5, 1.0) * min(longest, 2.0 ** min(tries, 10))

    async def _pause(self, seconds: float) -> None:
        due = self._clock.now() + timedelta(seconds=seconds)
        while (left := (due - self._clock.now()).total_seconds()) > 0:
            self._wake.clear()
            await self._clock.wait(self._wake, until=due, at_most=left)
            if self._clock.now() + timedelta(seconds=seconds) < due:
                return  # the clock was set back

    async def _open(self, session: aiohttp.ClientSession, take: Take) -> Line:
        """One try. Raises Refused, or what the connection raises."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                url, config = await self._endpoint.stream_endpoint()
                if not _is_safe(url):
                    raise Refused("address", is_final=False)
                socket = await session.ws_connect(
                    url,
                    autoping=False,
                    timeout=aiohttp.ClientWSTimeout(ws_close=GOODBYE_SECONDS),
                    max_msg_size=MAX_FRAME_BYTES,
                    proxy=proxy_for(URL(url)),
                )
        except PlatformError as problem:
            is_final = problem.kind is FailureKind.ADMINISTRATOR or problem.code == _TOO_MANY
            raise Refused(problem.code, is_final=is_final, hint=problem.hint) from None
        except aiohttp.WSServerHandshakeError as problem:
            raise _refused(problem) from None
        return Line(
            socket,
            service=_service_of(url),
            pace=self._pace.changed(config),
            take=take,
            clock=self._clock,
            answers_early=self._answers_early,
        )

    def _session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,  # would also read a netrc file, and send what stands in it
        )


def _refused(problem: aiohttp.WSServerHandshakeError) -> Refused:
    """What the headers of a refused handshake say (feishu.md 2.8); without them it is trouble on the way."""
    said = {key.lower(): value for key, value in problem.headers.items()} if problem.headers is not None else {}
    status = said.get("handshake-status", "")
    if status not in ("403", "514"):
        return Refused(status or f"http_{problem.status}", is_final=False)
    code = said.get("handshake-autherrcode", "") or status
    verdict = STREAM_CODES.get(int(code)) if code.isascii() and code.isdigit() else None
    return Refused(code, is_final=True, hint=hint(verdict.hint if verdict is not None else "credentials"))


def _is_safe(url: str) -> bool:
    """Frames are neither signed nor encrypted: outside this machine only TLS will do (feishu.md 2.1)."""
    parts = urlsplit(url)
    return parts.scheme == "wss" or (parts.scheme == "ws" and parts.hostname in _LOOPBACK)


def _service_of(url: str) -> int:
    """The service id that pings carry."""
    given = parse_qs(urlsplit(url).query).get("service_id", [""])[0]
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 10 else 0
