"""The platform on loopback, told by the test what to answer: every request it got, and answers in their turn.

It knows nothing by itself; what the platform really does is the emulator's business, which somebody else wrote.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from aiohttp import web

from adapters._http import HttpClient
from adapters.dingtalk.client import DingTalkClient
from adapters.dingtalk.settings import DingTalkSettings
from bot.clock import VirtualClock
from tests.adapters.dingtalk.callbacks import NOW
from tests.adapters.dingtalk.outgoing import SETTINGS
from tests.support.housing import housing


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    token: str
    body: dict[str, Any]


@dataclass(slots=True)
class Organisation:
    """Answers by path; a list is answered one after the other, its last one for ever."""

    answers: dict[str, list[tuple[int, Any]]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    tokens: int = 0
    #: the next requests to these paths are answered never
    silent: set[str] = field(default_factory=set)
    url: str = ""
    #: set to let go of whoever waits for an answer that never comes
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def says(self, path: str, *answers: Any, status: int = 200) -> None:
        """What the next requests to a path are answered; a pair is a status and a body."""
        self.answers[path] = [one if isinstance(one, tuple) else (status, one) for one in answers]

    def of(self, path: str) -> list[Asked]:
        """The requests to one path."""
        return [one for one in self.asked if one.path == path]

    @property
    def paths(self) -> list[str]:
        """Where requests went, tokens apart."""
        return [one.path for one in self.asked if not one.path.endswith("accessToken")]

    async def handle(self, request: web.Request) -> web.Response:
        raw = await request.read()
        is_json = request.content_type == "application/json"
        body = json.loads(raw) if raw and is_json else {"raw": len(raw)} if raw else {}
        token = request.headers.get("x-acs-dingtalk-access-token", "")
        self.asked.append(Asked(request.method, request.path, dict(request.query), token, body))
        if request.path in self.silent:
            await self.over.wait()
        if request.path == "/v1.0/oauth2/accessToken" and request.path not in self.answers:
            self.tokens += 1
            return web.json_response({"accessToken": f"token-{self.tokens}", "expireIn": 7200})
        known = self.answers.get(request.path)
        if not known:
            return web.json_response({"code": "no.such.path", "message": request.path}, status=404)
        status, answer = known.pop(0) if len(known) > 1 else known[0]
        if isinstance(answer, bytes):
            return web.Response(status=status, body=answer)
        return web.json_response(answer, status=status)


@dataclass(slots=True)
class Company:
    """An organisation, its clock, and our client of it."""

    platform: Organisation
    clock: VirtualClock
    client: DingTalkClient


@asynccontextmanager
async def company(settings: DingTalkSettings = SETTINGS, *, seconds: float = 2.0) -> AsyncIterator[Company]:
    """A client of a scripted platform, its clock standing still; calls time out after `seconds`."""
    platform = Organisation()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", platform.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    platform.url = f"http://{host}:{port}"
    clock = VirtualClock(NOW)
    settings = replace(settings, base_url=platform.url, legacy_base_url=platform.url)
    http = HttpClient(connect_seconds=1.0, total_seconds=seconds)
    client = DingTalkClient(settings, housing(clock), http=http, read_pause=timedelta(milliseconds=1))
    try:
        yield Company(platform, clock, client)
    finally:
        platform.over.set()
        await client.close()
        await runner.cleanup()
