"""Callbacks of platforms: raw bytes in, within bounds, handed to the adapter, one answer out (T1, T6, T17, P7).

The adapter alone decides what is believed. Whatever it refuses, for whatever reason, gets the same status, headers and
body; whatever could not be stored gets 503, so that the platform sends it again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import structlog
from aiohttp import hdrs, web

from bot.clock import Clock
from bot.config import ServerSection
from bot.errors import StoreUnavailable, WebhookRejected
from bot.metrics import Metrics
from bot.ports import Intake, PlatformAdapter, RawReply, RawRequest
from bot.web.deadlines import Deadlines
from bot.web.exchange import Refused, Route, answer, has_arrived, read_body, single_headers
from bot.web.limits import QuietLog

log = structlog.get_logger(__name__)

#: the one answer to everything that is not believed
_REJECTED = 401
#: seconds until a platform may try again what could not be stored
_RETRY_AFTER = "1"


@dataclass(slots=True)
class Hooks:
    """The callbacks of all adapters."""

    settings: ServerSection
    intake: Intake
    metrics: Metrics
    clock: Clock
    quiet: QuietLog
    _deadlines: Deadlines = field(init=False)

    def __post_init__(self) -> None:
        self._deadlines = Deadlines(self.settings.answer_seconds)

    def routes(self, adapters: Iterable[PlatformAdapter]) -> dict[tuple[str, str], Route]:
        """What to put on the listener; later adapters cannot take over a path of earlier ones."""
        found: dict[tuple[str, str], Route] = {}
        for adapter in adapters:
            for method, path in adapter.hooks:
                found.setdefault((method, path), self._route(adapter))
        return found

    def _route(self, adapter: PlatformAdapter) -> Route:
        async def receive(request: web.BaseRequest) -> web.StreamResponse:
            return await self._receive(request, adapter)

        return receive

    async def _receive(self, request: web.BaseRequest, adapter: PlatformAdapter) -> web.StreamResponse:
        try:
            body = await read_body(request, limit=self.settings.max_body_bytes)
        except Refused as refused:
            self.quiet.warn("callback_refused", "a callback was not read", status=refused.status)
            self.metrics.rejected(adapter.platform)
            has_arrived(request)
            return answer(refused.status, closes=True)
        except ConnectionError:  # the caller has gone, or was too slow; nobody reads this
            return answer(408, closes=True)
        has_arrived(request)
        started = time.perf_counter()
        response = await self._ask(adapter, self._raw(request, body))
        self.metrics.acknowledged(adapter.platform, time.perf_counter() - started)
        return response

    def _raw(self, request: web.BaseRequest, body: bytes) -> RawRequest:
        return RawRequest(
            method=request.method,
            path=request.path,
            query=dict(request.query) if request.query_string else {},
            headers=single_headers(request.headers),
            body=body,
            received_at=self.clock.now(),
        )

    async def _ask(self, adapter: PlatformAdapter, raw: RawRequest) -> web.Response:
        """The adapter's answer, or the one that stands for what became of it."""
        wait = self._deadlines.begin()
        try:
            return _as_response(await adapter.receive(raw, self.intake))
        except asyncio.CancelledError:
            if not wait.has_expired:
                raise
            wait.task.uncancel()
            return self._not_stored(adapter)
        except WebhookRejected:
            self.quiet.warn("callback_rejected", "a callback was not believed", platform=adapter.platform)
        except (StoreUnavailable, TimeoutError):
            return self._not_stored(adapter)
        except Exception:  # the edge: a mistake of ours must not look different from a refusal (T6)
            log.exception("a callback broke its adapter", action="callback_broke", platform=adapter.platform)
        finally:
            self._deadlines.end(wait)
        self.metrics.rejected(adapter.platform)
        return answer(_REJECTED)

    def _not_stored(self, adapter: PlatformAdapter) -> web.Response:
        self.quiet.warn("callback_not_stored", "a callback could not be stored", platform=adapter.platform)
        return _not_stored()


def _as_response(reply: RawReply) -> web.Response:
    return answer(reply.status, reply.body, reply.content_type)


def _not_stored() -> web.Response:
    response = answer(503)
    response.headers[hdrs.RETRY_AFTER] = _RETRY_AFTER
    return response
