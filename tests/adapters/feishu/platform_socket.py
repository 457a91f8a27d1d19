"""The platform's end of a long connection under a test's control: frame by frame, with nothing done by itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import WSMsgType, web

from adapters._hardened_json import JsonValue
from adapters.feishu.frames import Frame, decode, encode


class PlatformSocket:
    """Listens on loopback. Implements the adapter's `Endpoint`, too: it tells its own address."""

    def __init__(self) -> None:
        self.sockets: list[web.WebSocketResponse] = []
        #: frames that came, pings apart
        self.frames: list[Frame] = []
        self.pings = 0
        self.transport_pongs: list[bytes] = []
        self.close_codes: list[int | None] = []
        self.answers_pings = True
        self.config: dict[str, JsonValue] = {}
        #: headers with which the next connections are refused
        self.refusal: dict[str, str] | None = None
        self.asked = 0
        #: cleared: whoever asks for the address waits
        self.may_tell = asyncio.Event()
        self.may_tell.set()
        self.url = ""
        self._runner: web.AppRunner | None = None
        self._changed = asyncio.Condition()

    async def stream_endpoint(self) -> tuple[str, Mapping[str, JsonValue]]:
        self.asked += 1
        await self.may_tell.wait()
        return self.url, self.config

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/ws", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"ws://{host}:{port}/ws?device_id=1&service_id=33554678"

    async def stop(self) -> None:
        for socket in self.sockets:
            await socket.close(drain=False)
        if self._runner is not None:
            await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if self.refusal is not None:
            return web.Response(status=403, headers=self.refusal)
        socket = web.WebSocketResponse(autoping=False, timeout=0.2)
        await socket.prepare(request)
        self.sockets.append(socket)
        await self._note()
        async for message in socket:
            if message.type is WSMsgType.PONG:
                self.transport_pongs.append(message.data)
            elif message.type is WSMsgType.BINARY:
                await self._take(socket, decode(message.data))
            await self._note()
        self.close_codes.append(socket.close_code)
        await self._note()
        return socket

    async def _take(self, socket: web.WebSocketResponse, frame: Frame) -> None:
        if frame.header("type") != "ping":
            self.frames.append(frame)
            return
        self.pings += 1
        if self.answers_pings:
            await self.pong(socket)

    async def _note(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def pong(self, socket: web.WebSocketResponse, config: Mapping[str, Any] | None = None) -> None:
        """Answer a ping, with a new configuration if one is given."""
        payload = json.dumps(config).encode() if config is not None else None
        frame = Frame(seq_id=0, log_id=0, service=1, method=0, headers=(("type", "pong"),), payload=payload)
        await socket.send_bytes(encode(frame))

    async def event(self, payload: bytes, *, name: str = "m1", kind: str = "event", socket: int = -1) -> None:
        """Send a data frame."""
        headers = (("type", kind), ("message_id", name), ("trace_id", "t1"), ("sum", "1"), ("seq", "0"))
        frame = Frame(seq_id=7, log_id=9, service=1, method=1, headers=headers, payload=payload)
        await self.sockets[socket].send_bytes(encode(frame))

    async def answer(self, name: str, *, seconds: float = 30.0) -> dict[str, Any]:
        """The payload of the acknowledgement of that message, when it comes."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: any(one.header("message_id") == name for one in self.frames))
        found = next(one for one in self.frames if one.header("message_id") == name)
        answer: dict[str, Any] = json.loads(found.payload or b"")
        return answer

    async def has(self, count: int, *, seconds: float = 30.0) -> None:
        """Return when that many connections have been made."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: len(self.sockets) >= count)
