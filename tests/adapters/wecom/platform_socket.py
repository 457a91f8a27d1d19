"""The platform's end of the bot's connection under a test's control: frame by frame, with nothing done by itself."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import WSMsgType, web


class PlatformSocket:
    """Listens on loopback. Subscriptions and calls are acknowledged with the code that a test sets for their command."""

    def __init__(self) -> None:
        self.sockets: list[web.WebSocketResponse] = []
        #: what the bot said, in order, pings left out
        self.said: list[dict[str, Any]] = []
        self.pings = 0
        self.answers_pings = True
        #: command -> code of the acknowledgement; None for a command that is never acknowledged
        self.codes: dict[str, int | None] = {}
        #: command -> codes of its next acknowledgements, before `codes` holds
        self.next_codes: dict[str, list[int]] = {}
        #: what is pushed, after a ping, before the next subscription is answered
        self.early: list[dict[str, Any]] = []
        #: addresses that were posted to over HTTP, and the code of the answer
        self.posted: list[dict[str, Any]] = []
        self.post_status, self.post_code = 200, 0
        self.url = ""
        self.http_url = ""
        self._runner: web.AppRunner | None = None
        self._changed = asyncio.Condition()

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/", self._serve)
        app.router.add_post("/cgi-bin/aibot/response", self._post)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url, self.http_url = f"ws://{host}:{port}", f"http://{host}:{port}/cgi-bin"

    async def stop(self) -> None:
        for socket in self.sockets:
            await socket.close(drain=False)
        if self._runner is not None:
            await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(autoping=False, timeout=0.2)
        await socket.prepare(request)
        self.sockets.append(socket)
        await self._note()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._said(socket, json.loads(message.data))
            await self._note()
        await self._note()
        return socket

    async def _said(self, socket: web.WebSocketResponse, frame: dict[str, Any]) -> None:
        command = frame["cmd"]
        if command == "ping":
            self.pings += 1
            if not self.answers_pings:
                return
        else:
            self.said.append(frame)
        if command == "aibot_subscribe" and self.early:
            await socket.ping(b"are you there")
            early, self.early = self.early, []
            for body in early:
                await self.pushes(body)
        coming = self.next_codes.get(command)
        code = coming.pop(0) if coming else self.codes.get(command, 0)
        if code is not None:
            await socket.send_str(json.dumps({"headers": frame["headers"], "errcode": code, "errmsg": "said"}))

    async def _post(self, request: web.Request) -> web.Response:
        self.posted.append(await request.json())
        body = json.dumps({"errcode": self.post_code, "errmsg": "said"})
        return web.Response(status=self.post_status, text=body, content_type="application/json")

    async def _note(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def pushes(self, body: dict[str, Any], *, request: str = "r1", socket: int = -1) -> None:
        """Send what somebody said, or an event."""
        command = "aibot_event_callback" if body["msgtype"] == "event" else "aibot_msg_callback"
        frame = {"cmd": command, "headers": {"req_id": request}, "body": body}
        await self.sockets[socket].send_str(json.dumps(frame, ensure_ascii=False))

    async def has(self, count: int, *, seconds: float = 60.0) -> None:
        """Return when that many connections have been made."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: len(self.sockets) >= count)

    def calls(self, command: str) -> list[dict[str, Any]]:
        """What the bot said with one command."""
        return [one for one in self.said if one["cmd"] == command]
