"""The long connection of this platform: where it is opened, and what is subscribed on it (dingtalk.md 2.4)."""

from __future__ import annotations

from random import Random
from typing import NamedTuple, Protocol
from urllib.parse import quote

import aiohttp
from yarl import URL

from adapters._http import proxy_for
from adapters._stream import FIRST_WAIT, GOODBYE_SECONDS, LONGEST_WAIT, LongConnection, OnGap, Refused, is_safe
from adapters.dingtalk.frames import MAX_FRAME_BYTES
from adapters.dingtalk.line import Line, Take
from bot.clock import Clock
from bot.errors import FailureKind, PlatformError
from bot.ports import ConnectionState, Finding

#: wait between tries, at most, after the platform asked us to come again
_TOLD_WAIT = 1.0


class StreamEndpoint(NamedTuple):
    """Where to open the connection; the ticket is good for one, within a minute and a half."""

    url: str
    ticket: str


class Endpoint(Protocol):
    """Who tells where to connect."""

    async def stream_endpoint(self) -> StreamEndpoint:
        """The address and a new ticket. Raises PlatformError."""
        ...


class Stream:
    """Keeps one line open while `run` runs."""

    def __init__(
        self, endpoint: Endpoint, *, clock: Clock, dice: Random | None = None, on_gap: OnGap | None = None
    ) -> None:
        self._endpoint = endpoint
        self._clock = clock
        self._connection: LongConnection[Line] = LongConnection(
            "dingtalk", clock=clock, dice=dice, on_gap=on_gap, waits=_waits
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
        try:
            endpoint = await self._endpoint.stream_endpoint()
            if not is_safe(endpoint.url):
                raise Refused("address", is_final=False)
            joint = "&" if "?" in endpoint.url else "?"
            address = URL(f"{endpoint.url}{joint}ticket={quote(endpoint.ticket, safe='')}", encoded=True)
            socket = await session.ws_connect(
                address,
                autoping=False,
                timeout=aiohttp.ClientWSTimeout(ws_close=GOODBYE_SECONDS),
                max_msg_size=MAX_FRAME_BYTES,
                proxy=proxy_for(address),
            )
        except PlatformError as problem:
            is_final = problem.kind is FailureKind.ADMINISTRATOR
            raise Refused(problem.code, is_final=is_final, hint=problem.hint) from None
        except aiohttp.WSServerHandshakeError as problem:
            raise Refused(f"http_{problem.status}", is_final=False) from None
        return Line(socket, take=take, clock=self._clock)


def _waits(last: Line | None) -> tuple[float, float]:
    """After a farewell every moment counts: messages of the time between are lost (dingtalk.md 2.4)."""
    return (0.0, _TOLD_WAIT) if last is not None and last.is_told else (FIRST_WAIT, LONGEST_WAIT)
