"""`/livez`, `/readyz`, `/metrics`: is the process alive, can it take updates, and what has it counted (B9).

Answers say nothing about people or messages. Figures are for this machine and for whoever has the token.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from aiohttp import hdrs, web

from bot.errors import StoreUnavailable
from bot.metrics import CONTENT_TYPE, Metrics
from bot.ports import ConnectionState
from bot.web.exchange import Route, answer, has_arrived

#: seconds within which the store must have answered to count as reachable
STORE_SECONDS = 2.0
_JSON = "application/json; charset=utf-8"
#: a request that passed a proxy does not come from this machine, whoever's address it carries
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterVitals:
    """How one platform's inbound side is doing."""

    platform: str
    connection: ConnectionState


@dataclass(frozen=True, slots=True, kw_only=True)
class VitalsSnapshot:
    """How the program is doing at one instant."""

    now: datetime
    is_draining: bool
    #: no pump has gone round for too long
    is_stuck: bool
    inbox_waiting: int = 0
    inbox_oldest: datetime | None = None
    outbox_waiting: int = 0
    outbox_oldest: datetime | None = None
    next_timer_at: datetime | None = None
    dead_letters: int = 0
    unknown_outcomes: int = 0
    adapters: tuple[AdapterVitals, ...] = ()


class VitalsSource(Protocol):
    """Whoever knows how the program is doing."""

    async def vitals(self) -> VitalsSnapshot:
        """Look now. Raises StoreUnavailable."""
        ...


@dataclass(slots=True)
class Health:
    """The three pages."""

    source: VitalsSource
    metrics: Metrics
    metrics_token: str = field(repr=False)
    #: one look at a time, shared by everybody who asks meanwhile, so that asking often costs nothing
    _looking: asyncio.Task[VitalsSnapshot | None] | None = None

    def routes(self) -> dict[tuple[str, str], Route]:
        """What to put on the listener."""
        pages: Mapping[str, Route] = {"/livez": self.livez, "/readyz": self.readyz, "/metrics": self.show_metrics}
        return {(method, path): page for path, page in pages.items() for method in ("GET", "HEAD")}

    async def livez(self, request: web.BaseRequest) -> web.StreamResponse:
        """The process answers; nothing else is asked."""
        has_arrived(request)
        return _as_json(200, {"alive": True, "name": "huiyin"})

    async def readyz(self, request: web.BaseRequest) -> web.StreamResponse:
        """200 while updates can be taken in, else 503 with the reasons."""
        has_arrived(request)
        reasons = reasons_against(await self._look())
        self.metrics.ready(not reasons)
        return _as_json(503 if reasons else 200, {"ready": not reasons, "reasons": list(reasons)})

    async def show_metrics(self, request: web.BaseRequest) -> web.StreamResponse:
        """Figures in the text format of Prometheus."""
        has_arrived(request)
        if not (_is_local(request) or self._has_token(request)):
            return answer(401)
        vitals = await self._look()
        self.metrics.ready(not reasons_against(vitals))
        if vitals is not None:
            note(self.metrics, vitals)
        return answer(200, self.metrics.render(), CONTENT_TYPE)

    def _has_token(self, request: web.BaseRequest) -> bool:
        given = request.headers.get(hdrs.AUTHORIZATION, "").removeprefix("Bearer ")
        is_right = hmac.compare_digest(
            given.encode("utf-8", "surrogateescape"), self.metrics_token.encode("utf-8", "surrogateescape")
        )
        return is_right and bool(self.metrics_token)

    async def _look(self) -> VitalsSnapshot | None:
        """The present state, None when the store does not answer."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_once())
        return await asyncio.shield(self._looking)

    async def _look_once(self) -> VitalsSnapshot | None:
        try:
            async with asyncio.timeout(STORE_SECONDS):
                return await self.source.vitals()
        except (StoreUnavailable, TimeoutError):
            return None


def reasons_against(vitals: VitalsSnapshot | None) -> tuple[str, ...]:
    """Why no updates should be sent here now; empty when all is well. None stands for a store that does not answer."""
    if vitals is None:
        return ("store_unavailable",)
    found = {"draining": vitals.is_draining, "engine_stuck": vitals.is_stuck}
    return tuple(reason for reason, holds in found.items() if holds)


def note(metrics: Metrics, vitals: VitalsSnapshot) -> None:
    """Put the present state among the figures."""
    for name, waiting, oldest in (
        ("inbox", vitals.inbox_waiting, vitals.inbox_oldest),
        ("outbox", vitals.outbox_waiting, vitals.outbox_oldest),
    ):
        age = (vitals.now - oldest).total_seconds() if oldest is not None else 0.0
        metrics.queue(name, waiting=waiting, oldest_seconds=age)
    metrics.left_over(dead_letters=vitals.dead_letters, unknown_outcomes=vitals.unknown_outcomes)
    due = vitals.next_timer_at
    metrics.next_timer((due - vitals.now).total_seconds() if due is not None else None)
    for adapter in vitals.adapters:
        state = adapter.connection
        metrics.connection(adapter.platform, is_connected=state.is_connected, reconnects=state.reconnects)


def _is_local(request: web.BaseRequest) -> bool:
    """Whether the request comes from this machine and no proxy says that it passes it on for somebody else."""
    try:
        is_loopback = ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        return False
    return is_loopback and not any(name in request.headers for name in _FORWARDED)


def _as_json(status: int, body: Mapping[str, object]) -> web.Response:
    return answer(status, json.dumps(body).encode(), _JSON)
