"""Sends what an emulated platform pushes over HTTP, byte for byte, and keeps it for whoever wants to replay or forge."""

from __future__ import annotations

import time
from collections import deque

import aiohttp
from yarl import URL

from adapters._emulator.handover import CapturedRequest, Handover

#: captured requests kept
KEPT = 20_000
#: real seconds within which a connection must stand
CONNECT_SECONDS = 2.0


class HttpSender:
    """The HTTP client side of a platform."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None
        self._captured: deque[CapturedRequest] = deque(maxlen=KEPT)

    async def start(self) -> None:
        """Open the client."""
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())

    async def stop(self) -> None:
        """Close the client and its connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    @property
    def captured(self) -> tuple[CapturedRequest, ...]:
        """Every push made so far, oldest first."""
        return tuple(self._captured)

    async def post(self, request: CapturedRequest, *, seconds: float, is_kept: bool = True) -> Handover:
        """Send it as it is and wait at most `seconds` for the answer."""
        if self._session is None:
            raise RuntimeError("the emulator is not running")
        if is_kept:
            self._captured.append(request)
        started = time.perf_counter()
        limits = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
        try:
            async with self._session.request(
                request.method,
                URL(request.url, encoded=True),
                data=request.body or None,
                headers=request.headers,
                timeout=limits,
                allow_redirects=False,
            ) as answer:
                return Handover(
                    body=await answer.read(),
                    outcome="acked" if answer.status == 200 else "refused",
                    status=answer.status,
                    latency_ms=_since(started),
                    headers=dict(answer.headers),
                )
        except TimeoutError:
            return Handover(outcome="timeout", latency_ms=_since(started))
        except aiohttp.ClientError:
            return Handover(outcome="unreachable", latency_ms=_since(started))


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
