"""The platform's end of a long connection under a test's control: frame by frame, with nothing done by itself."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import WSMsgType, web

from adapters.dingtalk.stream import StreamEndpoint

#: a ticket with characters that mean something in an address
TICKET = "7a0c+/=&x"


class PlatformSocket:
    """Listens on loopback. Implements the adapter's `Endpoint`, too: it tells its own address."""

    def __init__(self) -> None:
        self.sockets: list[web.WebSocketResponse] = []
        self.tickets: list[str] = []
        self.answers: list[dict[str, Any]] = []
        self.transport_pings = 0
        self.close_codes: list[int | None] = []
        self.answers_pings = True
        #: the status with which the next connections are refused
        self.refusal = 0
        self.asked = 0
        self.url = ""
        self._runner: web.AppRunner | None = None
        self._changed = asyncio.Condition()

    async def stream_endpoint(self) -> StreamEndpoint:
        self.asked += 1
        return StreamEndpoint(self.url, TICKET)

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/connect", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"ws://{host}:{port}/connect"

    async def stop(self) -> None:
        for socket in self.sockets:
            await socket.close(drain=False)
        if self._runner is not None:
            await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.tickets.append(request.query.get("ticket", ""))
        if self.refusal:
            return web.Response(status=self.refusal)
        socket = web.WebSocketResponse(autoping=False, timeout=0.2)
        await socket.prepare(request)
        self.sockets.append(socket)
        await self._note()
        async for message in socket:
            if message.type is WSMsgType.PING:
                self.transport_pings += 1
                if self.answers_pings:
                    await socket.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                self.answers.append(json.loads(message.data))
            await self._note()
        self.close_codes.append(socket.close_code)
        await self._note()
        return socket

    async def _note(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def sends(
        self, kind: str, topic: str, data: Any, *, name: str = "f1", socket: int = -1, **headers: str
    ) -> None:
        """Send a frame; data that is no text is put into one."""
        whole = {
            "specVersion": "1.0",
            "type": kind,
            "headers": {"topic": topic, "messageId": name, "contentType": "application/json", **headers},
            "data": data if isinstance(data, str) else json.dumps(data, ensure_ascii=False),
        }
        await self.sockets[socket].send_str(json.dumps(whole, ensure_ascii=False))

    async def raw(self, text: str) -> None:
        """Send whatever it is."""
        await self.sockets[-1].send_str(text)

    async def answer(self, name: str, *, seconds: float = 30.0) -> dict[str, Any]:
        """The answer to that frame, when it comes."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: any(one["headers"]["messageId"] == name for one in self.answers))
        return next(one for one in self.answers if one["headers"]["messageId"] == name)

    async def has(self, count: int, *, seconds: float = 30.0) -> None:
        """Return when that many connections have been made."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: len(self.sockets) >= count)

    async def has_ended(self, count: int, *, seconds: float = 30.0) -> None:
        """Return when that many connections have ended."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: len(self.close_codes) >= count)
