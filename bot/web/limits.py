"""How much anybody may ask of the public listener: connections, time to send a request, log lines (B9, T18, M6).

The HTTP library bounds sizes, not time: a request that never ends would live for ever in it, and each dropped one would
write a traceback. Here a request has one deadline from its first byte to its last, connections are counted per address
and in total, and what is refused is counted and logged once a minute.
"""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from aiohttp import web

from bot.web.exchange import Punctual, answer

log = structlog.get_logger(__name__)

#: seconds within which trouble of one kind is logged once
QUIET_SECONDS = 60.0
#: file descriptors that are not for callers: database, long connections, calls to platforms
RESERVED_DESCRIPTORS = 96
#: networks of an IPv6 host that count as one address; whoever has one address there has all of them
_IPV6_PREFIX = 64
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass(slots=True)
class QuietLog:
    """Logs trouble of one kind once a minute at most, with how often it happened meanwhile (≤ 20 lines in any flood)."""

    monotonic: Callable[[], float] = time.monotonic
    _since: dict[str, float] = field(default_factory=dict)
    _kept_back: Counter[str] = field(default_factory=Counter)

    def warn(self, action: str, event: str, **facts: object) -> None:
        """Log it, unless the same `action` was logged within the last minute."""
        now = self.monotonic()
        last = self._since.get(action)
        if last is not None and now - last < QUIET_SECONDS:
            self._kept_back[action] += 1
            return
        self._since[action] = now
        log.warning(event, action=action, kept_back=self._kept_back.pop(action, 0), **facts)


@dataclass(slots=True)
class Doorkeeper:
    """Counts open connections. Whoever comes when the house, or the part for that address, is full is turned away."""

    total: int
    per_address: int
    quiet: QuietLog
    _open: Counter[str] = field(default_factory=Counter)
    _count: int = 0

    @property
    def count(self) -> int:
        """Connections that are open now."""
        return self._count

    def lets_in(self, address: str) -> bool:
        """Count one more; False when it is too many, and nothing is counted then."""
        if self._count >= self.total:
            self.quiet.warn("connections_full", "all connections are taken", limit=self.total)
            return False
        if self._open[address] >= self.per_address:
            self.quiet.warn("address_full", "one address has too many connections", limit=self.per_address)
            return False
        self._open[address] += 1
        self._count += 1
        return True

    def lets_out(self, address: str) -> None:
        """One that was let in has gone."""
        self._count -= 1
        self._open[address] -= 1
        if not self._open[address]:
            del self._open[address]


def address_of(peer: object) -> str:
    """What counts as one caller: an IPv4 address, the /64 of an IPv6 one; empty for sockets without addresses."""
    if not isinstance(peer, tuple) or not peer:
        return ""
    try:
        address = ipaddress.ip_address(str(peer[0]).partition("%")[0])
    except ValueError:
        return str(peer[0])
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ipaddress.ip_network((address, _IPV6_PREFIX), strict=False))
    return str(address)


class GuardedConnection(Punctual, web.RequestHandler):
    """One connection of the HTTP library with a doorkeeper in front and a deadline for each request."""

    __slots__ = ("_address", "_deadline", "_door", "_quiet", "_seconds")

    def __init__(self, server: GuardedServer, *, loop: asyncio.AbstractEventLoop, seconds: float, **options: object):
        super().__init__(server, loop=loop, **options)  # type: ignore[arg-type]  # passed on as they are
        self._door = server.door
        self._quiet = server.door.quiet
        self._seconds = seconds
        self._address: str | None = None
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        address = address_of(transport.get_extra_info("peername"))
        if not self._door.lets_in(address):
            transport.abort()  # type: ignore[attr-defined]  # every stream transport has it
            return
        self._address = address
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        if self._address is None:  # was never let in
            return
        self.has_arrived()
        self._door.lets_out(self._address)
        self._address = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if data and self._deadline is None:
            self._deadline = self._loop.call_later(self._seconds, self._expire)
        super().data_received(data)

    def has_arrived(self) -> None:
        """The request is whole, or it does not matter any more: its deadline is off."""
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _expire(self) -> None:
        """The request is not whole in time: 408, whether head or body is missing, and the connection is gone."""
        self._deadline = None
        self._quiet.warn("request_too_slow", "a request did not arrive in time", seconds=self._seconds)
        transport = self.transport
        if transport is None:
            return
        if transport.get_write_buffer_size():
            transport.abort()
        else:
            transport.write(_TOO_SLOW)
        self.force_close()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - the library's signature
    ) -> web.StreamResponse:
        """What the library could not parse, or what a handler let escape: no word about it in the answer (T6)."""
        if request.writer.output_size:
            raise ConnectionError("the answer has begun already")
        if status >= 500:
            log.error("a request failed", action="request_failed", exc_info=exc)
        else:
            self._quiet.warn("request_malformed", "a request was no HTTP", status=status)
        self.has_arrived()
        return answer(status, closes=True)


class GuardedServer(web.Server):
    """Makes guarded connections."""

    def __init__(
        self,
        handler: Callable[[web.BaseRequest], object],
        *,
        door: Doorkeeper,
        seconds: float,
        keep_alive_seconds: float,
        linger_seconds: float,
    ) -> None:
        super().__init__(handler)  # type: ignore[arg-type]  # the library's alias is private
        self.door = door
        self._seconds = seconds
        self._options: dict[str, object] = {
            "keepalive_timeout": keep_alive_seconds,
            "lingering_time": linger_seconds,
            "access_log": None,
            "auto_decompress": False,
        }

    def __call__(self) -> web.RequestHandler:
        return GuardedConnection(self, loop=asyncio.get_running_loop(), seconds=self._seconds, **self._options)
