"""The HTTP client that the platform adapters share: bounded, silent about secrets, and exact about what it knows.

A failure says either that nothing was sent (RETRY) or that nobody can know (UNKNOWN). Errors hold the operation's name
and a code; URLs, queries, headers and bodies never come into them, whatever the libraries below put into theirs.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NoReturn
from urllib.request import getproxies, proxy_bypass

import aiohttp
from yarl import URL

from bot.clock import Clock
from bot.errors import FailureKind, PlatformError

CONNECT_SECONDS = 3.0
TOTAL_SECONDS = 10.0
#: longest answer that is read (T14)
MAX_ANSWER_BYTES = 1024 * 1024
#: calls to one host at once; more wait for a free connection
MAX_CONNECTIONS = 32
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
#: whose proxy a WebSocket takes; the environment knows pages only
_PAGES = {"wss": "https", "ws": "http"}

#: a token is renewed this long before its end; platforms give a new one while the old one still works
TOKEN_MARGIN = timedelta(minutes=20)
#: credentials that were refused are not shown again for this long (F10: at most one call a minute)
REFUSED_PAUSE = timedelta(seconds=50)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """Status, headers by lower-case name, and the body."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class HttpClient:
    """One session. No redirects, no cookies, no credentials from files; proxies as the environment says."""

    def __init__(
        self,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
        max_answer_bytes: int = MAX_ANSWER_BYTES,
    ) -> None:
        # waiting for a free connection is not trying to reach anybody: only the latter has a limit of its own
        self._timeout = aiohttp.ClientTimeout(total=total_seconds, sock_connect=connect_seconds)
        self._max_answer_bytes = max_answer_bytes
        self._session: aiohttp.ClientSession | None = None

    async def request(
        self,
        method: str,
        url: str,
        *,
        operation: str,
        query: Iterable[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> HttpAnswer:
        """Make one call. Raises PlatformError: RETRY when nothing was sent, UNKNOWN when it may have been executed."""
        try:
            address = URL(url)
            async with self._opened().request(
                method,
                address,
                params=list(query),
                headers=headers,
                data=body,
                allow_redirects=False,
                timeout=self._timeout,
                proxy=proxy_for(address),
            ) as answer:
                content = await self._read(answer.content, operation)
                found = {name.lower(): value for name, value in answer.headers.items()}
                status = answer.status
        except PlatformError:
            raise
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as problem:
            _give_up(problem, operation)
        if 300 <= status < 400:
            raise PlatformError(FailureKind.PERMANENT, code=f"http_{status}", operation=operation)
        return HttpAnswer(status=status, headers=found, body=content)

    async def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=MAX_CONNECTIONS),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,  # would also read a netrc file, and send what stands in it
            )
        return self._session

    async def _read(self, stream: aiohttp.StreamReader, operation: str) -> bytes:
        parts: list[bytes] = []
        left = self._max_answer_bytes
        async for part in stream.iter_any():
            left -= len(part)
            if left < 0:
                raise PlatformError(FailureKind.UNKNOWN, code="answer_too_long", operation=operation)
            parts.append(part)
        return b"".join(parts)


def proxy_for(address: URL) -> URL | None:
    """The proxy that the environment names for this address, sockets like pages; never one for this machine."""
    host = address.host or ""
    if host in _LOOPBACK or proxy_bypass(host):
        return None
    proxy = getproxies().get(_PAGES.get(address.scheme, address.scheme))
    return URL(proxy) if proxy else None


def _give_up(problem: Exception, operation: str) -> NoReturn:
    """What a library's exception means for the caller. Its text may hold the URL, so it is cut off here."""
    match problem:
        case aiohttp.ClientConnectorCertificateError() | ssl.CertificateError():
            kind, code = FailureKind.ADMINISTRATOR, "certificate"
        case aiohttp.ClientHttpProxyError() | aiohttp.ClientProxyConnectionError():
            kind, code = FailureKind.RETRY, "proxy"
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            kind, code = FailureKind.RETRY, "unreachable"
        case TimeoutError():
            kind, code = FailureKind.UNKNOWN, "timeout"
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            kind, code = FailureKind.PERMANENT, "bad_url"
        case aiohttp.ClientError() | OSError():
            kind, code = FailureKind.UNKNOWN, "connection_lost"
        case _:
            kind, code = FailureKind.PERMANENT, "bad_request"
    raise PlatformError(kind, code=code, operation=operation) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """An access token and for how long the platform promises to take it."""

    token: str = field(repr=False)
    life: timedelta


class SingleFlight:
    """One access token for all callers. Whoever needs a new one while one is on its way waits for that one (T16, F9)."""

    def __init__(
        self, fetch: Callable[[], Awaitable[Grant]], *, clock: Clock, margin: timedelta = TOKEN_MARGIN
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._margin = margin
        self._token = ""
        self._good_until: datetime | None = None
        self._flight: asyncio.Task[str] | None = None
        self._refusal: tuple[PlatformError, datetime] | None = None

    async def get(self) -> str:
        """A token that is good as far as we know. Raises PlatformError.

        A caller that is cancelled leaves the flight to the others.
        """
        now = self._clock.now()
        if self._token and self._good_until is not None and now < self._good_until:
            return self._token
        if self._refusal is not None and now < self._refusal[1]:
            raise _again(self._refusal[0])
        if self._flight is None or self._flight.done():
            self._flight = asyncio.create_task(self._renew(), name="access token")
        try:
            return await asyncio.shield(self._flight)
        except PlatformError as problem:
            raise _again(problem) from None

    def drop(self, token: str) -> None:
        """The platform does not take this token any more. One that was renewed meanwhile stays."""
        if token == self._token:
            self._token, self._good_until = "", None

    async def close(self) -> None:
        """End a flight that is on its way and forget the token."""
        self.drop(self._token)
        if self._flight is not None and not self._flight.done():
            self._flight.cancel()
            await asyncio.wait([self._flight])

    async def _renew(self) -> str:
        try:
            grant = await self._fetch()
        except PlatformError as problem:
            is_final = problem.kind is FailureKind.ADMINISTRATOR
            self._refusal = (problem, self._clock.now() + REFUSED_PAUSE) if is_final else None
            raise
        self._refusal = None
        self._token = grant.token
        # a token with little life left is used up rather than asked for anew with every call
        self._good_until = self._clock.now() + max(grant.life - self._margin, grant.life / 2)
        return grant.token


def _again(problem: PlatformError) -> PlatformError:
    """The same failure for another caller; one exception raised in many tasks would collect all their tracebacks."""
    return PlatformError(
        problem.kind,
        code=problem.code,
        hint=problem.hint,
        operation=problem.operation,
        retry_after_ms=problem.retry_after_ms,
    )
