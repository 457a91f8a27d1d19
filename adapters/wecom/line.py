"""One long connection of the bot from its subscription to its end: pushes in, calls out with their acknowledgements.

A push is not acknowledged on this connection, so it is handed on before the next frame is read. A connection on which
nothing comes any more ends as silent; one that was taken over by another client says so, and is not fought for.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeAlias

import aiohttp
import structlog

from adapters._hardened_json import JsonTable
from adapters._members import table, text
from adapters.wecom.errors import failure_of
from adapters.wecom.frames import EVENT, PING, SUBSCRIBE, BadFrame, Frame, decode, encode
from bot.clock import Clock
from bot.errors import FailureKind, PlatformError

log = structlog.get_logger(__name__)

#: takes a push on, in its turn
Put: TypeAlias = "Callable[[Frame], Awaitable[None]]"

#: the platform wants to hear from us every half minute (wecom.md 3.3)
PING_EVERY = timedelta(seconds=25)
#: no frame for this long means that the connection is dead (F14): two pings went without an answer
SILENCE = timedelta(seconds=70)
#: real seconds for an acknowledgement
ACK_SECONDS = 5.0


class Line:
    """One open and subscribed socket. `serve` first, `close` in any case."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, *, put: Put, clock: Clock) -> None:
        self.opened_at = clock.now()
        self.last_frame_at = self.opened_at
        #: set when nothing can come in any more, or nothing does
        self.is_over = asyncio.Event()
        #: another client has the bot now
        self.is_taken_over = False
        self._socket = socket
        self._put = put
        self._clock = clock
        self._own: list[asyncio.Task[None]] = []
        #: pushes that came before the answer to the subscription
        self._early: list[Frame] = []
        self._wake = asyncio.Event()
        self._waiting: dict[str, asyncio.Future[Frame]] = {}
        #: frames of one request go strictly one after another; those of others need not wait for its acknowledgement
        self._turns: dict[str, asyncio.Lock] = {}

    async def subscribe(self, *, bot_id: str, secret: str) -> None:
        """Say who we are, before anything else. Raises PlatformError."""
        request = f"{SUBSCRIBE}_{secrets.token_hex(8)}"
        await self._socket.send_str(encode(SUBSCRIBE, request, {"bot_id": bot_id, "secret": secret}))
        async with asyncio.timeout(ACK_SECONDS):
            while True:
                message = await self._socket.receive()
                if message.type is aiohttp.WSMsgType.PING:
                    await self._socket.pong(message.data)
                    continue
                if message.type not in {aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY}:
                    raise PlatformError(FailureKind.RETRY, code="closed", operation=SUBSCRIBE)
                try:
                    frame = decode(message.data)
                except BadFrame:
                    continue
                if frame.is_push:
                    self._early.append(frame)  # it was faster than the answer
                elif frame.request == request and frame.errcode is not None:
                    break
        if frame.errcode:
            raise failure_of(frame.errcode, frame.whole, operation=SUBSCRIBE)

    def serve(self) -> None:
        """Begin to read and to ping."""
        self._own = [
            asyncio.create_task(self._read(), name="wecom frames"),
            asyncio.create_task(self._beat(), name="wecom pings"),
        ]

    async def close(self) -> None:
        """Say goodbye properly, and await everything that was begun."""
        self._end()
        for task in self._own[1:]:
            task.cancel()
        await self._socket.close()
        for task in self._own[:1]:
            task.cancel()
        await asyncio.gather(*self._own, return_exceptions=True)
        self._drop_waiting()

    async def call(self, command: str, body: JsonTable, *, request: str = "") -> JsonTable:
        """Send a frame and wait for its acknowledgement. Raises PlatformError: UNKNOWN when none comes."""
        request = request or f"{command}_{secrets.token_hex(8)}"
        turn = self._turns.setdefault(request, asyncio.Lock())
        async with turn:
            if self.is_over.is_set():
                raise PlatformError(FailureKind.RETRY, code="not_connected", operation=command)
            answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
            self._waiting[request] = answer
            try:
                await self._socket.send_str(encode(command, request, body))
                async with asyncio.timeout(ACK_SECONDS):
                    frame = await answer
            except (ConnectionError, aiohttp.ClientError, TimeoutError):
                raise PlatformError(FailureKind.UNKNOWN, code="no_ack", operation=command) from None
            finally:
                self._waiting.pop(request, None)
                if self._turns.get(request) is turn:
                    del self._turns[request]
        if frame.errcode:
            raise failure_of(frame.errcode, frame.whole, operation=command)
        return frame.body

    # ------------------------------------------------------------ signs of life

    async def _beat(self) -> None:
        """Ping, wait, and look whether anything came back."""
        next_ping = self._clock.now()
        while not self.is_over.is_set():
            now = self._clock.now()
            if now < self.last_frame_at:
                self.last_frame_at = now  # the clock was set back
            if now - self.last_frame_at >= SILENCE:
                log.warning("the long connection is silent", action="stream_silent", since=self.last_frame_at)
                break
            if now >= next_ping or next_ping - now > PING_EVERY:
                await self._write(encode(PING, f"{PING}_{secrets.token_hex(8)}"))
                next_ping = now + PING_EVERY
            await self._pause(min(next_ping, self.last_frame_at + SILENCE), now)
        self._end()

    async def _pause(self, until: datetime, now: datetime) -> None:
        self._wake.clear()
        if not self.is_over.is_set() and until > now:
            await self._clock.wait(self._wake, until=until, at_most=(until - now).total_seconds())

    def _end(self) -> None:
        self.is_over.set()
        self._wake.set()

    def _drop_waiting(self) -> None:
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(ConnectionResetError())

    # ------------------------------------------------------------ frames

    async def _read(self) -> None:
        """Every message of the socket until it ends, whatever the code of its end (wecom.md 3.4)."""
        try:
            for early in self._early:
                await self._push(early)
            async for message in self._socket:
                self.last_frame_at = self._clock.now()
                if message.type in {aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY}:
                    await self._frame(message.data)
                elif message.type is aiohttp.WSMsgType.PING:
                    await self._socket.pong(message.data)
                elif message.type is aiohttp.WSMsgType.ERROR:
                    break
        except ConnectionError:
            pass
        finally:
            self._end()
            self._drop_waiting()

    async def _frame(self, raw: str | bytes) -> None:
        try:
            frame = decode(raw)
        except BadFrame:
            log.warning("a frame could not be read", action="stream_bad_frame", length=len(raw))
            return
        if frame.is_push:
            await self._push(frame)
            return
        waiting = self._waiting.get(frame.request)
        if waiting is not None and not waiting.done():
            waiting.set_result(frame)

    async def _push(self, frame: Frame) -> None:
        if not _is_farewell(frame):
            await self._put(frame)
            return
        log.warning("another client has taken the bot over", action="stream_taken_over")
        self.is_taken_over = True
        self._end()

    async def _write(self, frame: str) -> None:
        """Send; a connection that is gone meanwhile is noticed by the reader."""
        try:
            await self._socket.send_str(frame)
        except (ConnectionError, aiohttp.ClientError):
            log.info("the long connection is gone; the frame was not sent", action="stream_write_lost")


def _is_farewell(frame: Frame) -> bool:
    """Whether the platform says that a newer connection has taken over."""
    return frame.command == EVENT and text(table(frame.body, "event"), "eventtype") == "disconnected_event"
