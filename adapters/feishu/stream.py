"""The long connection of this platform: where it is opened, what refuses it, and the pace that the platform asks for."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

import aiohttp
from yarl import URL

from adapters._hardened_json import JsonValue
from adapters._http import proxy_for
from adapters._stream import GOODBYE_SECONDS, LongConnection, OnGap, Refused, is_safe
from adapters.feishu.errors import STREAM_CODES
from adapters.feishu.frames import MAX_FRAME_BYTES
from adapters.feishu.hints import hint
from adapters.feishu.line import Line, Pace, Take
from bot.clock import Clock
from bot.errors import FailureKind, PlatformError
from bot.ports import ConnectionState, Finding

_TOO_MANY = "1000040350"


class Endpoint(Protocol):
    """Who tells where to connect."""

    async def stream_endpoint(self) -> tuple[str, Mapping[str, JsonValue]]:
        """The address, good for one connection, and the platform's ClientConfig. Raises PlatformError."""
        ...


class Stream:
    """Keeps one line open while `run` runs."""

    def __init__(
        self, endpoint: Endpoint, *, clock: Clock, dice: Random | None = None, on_gap: OnGap | None = None
    ) -> None:
        """`on_gap` is told when nothing could be received, as soon as something can be again."""
        self._endpoint = endpoint
        self._clock = clock
        self._connection: LongConnection[Line] = LongConnection(
            "feishu", clock=clock, dice=dice, on_gap=on_gap, waits=_waits
        )

    @property
    def state(self) -> ConnectionState:
        """How it is doing."""
        return self._connection.state

    @property
    def findings(self) -> list[Finding]:
        """What keeps us out, if anything does."""
        return self._connection.findings

    async def run(self, take: Take) -> None:
        """Until cancelled; then the connection is closed properly."""
        await self._connection.run(lambda session: self._open(session, take))

    async def _open(self, session: aiohttp.ClientSession, take: Take) -> Line:
        """One try. Raises Refused, or what the connection raises."""
        last = self._connection.last
        try:
            url, config = await self._endpoint.stream_endpoint()
            if not is_safe(url):
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
            pace=_pace_of(last).changed(config),
            take=take,
            clock=self._clock,
            answers_early=last.answers_early if last is not None else False,
        )


def _pace_of(last: Line | None) -> Pace:
    return last.pace if last is not None else Pace()


def _waits(last: Line | None) -> tuple[float, float]:
    pace = _pace_of(last)
    return pace.reconnect_nonce, pace.reconnect_interval


def _refused(problem: aiohttp.WSServerHandshakeError) -> Refused:
    """What the headers of a refused handshake say (feishu.md 2.8); without them it is trouble on the way."""
    said = {key.lower(): value for key, value in problem.headers.items()} if problem.headers is not None else {}
    status = said.get("handshake-status", "")
    if status not in ("403", "514"):
        return Refused(status or f"http_{problem.status}", is_final=False)
    code = said.get("handshake-autherrcode", "") or status
    verdict = STREAM_CODES.get(int(code)) if code.isascii() and code.isdigit() else None
    return Refused(code, is_final=True, hint=hint(verdict.hint if verdict is not None else "credentials"))


def _service_of(url: str) -> int:
    """The service id that pings carry."""
    given = parse_qs(urlsplit(url).query).get("service_id", [""])[0]
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 10 else 0
