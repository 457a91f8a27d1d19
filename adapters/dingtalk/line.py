"""One long connection from its opening to its end: frames in, acknowledgements out, signs of life both ways.

A frame is acknowledged when what it carries is stored, never before. A connection on which nothing comes any more, or
which the platform says it will close, is over for its owner, who opens another before this one is closed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeAlias

import aiohttp
import structlog

from adapters.dingtalk.frames import BadFrame, Frame, FrameType, decode
from bot.clock import Clock
from bot.errors import StoreUnavailable

log = structlog.get_logger(__name__)

#: stores what a frame carries; the `data` of its answer. Raises StoreUnavailable
Take: TypeAlias = "Callable[[Frame], Awaitable[str]]"

#: no frame for this long means that the connection is dead (F14); the platform sends one every half minute
SILENCE = timedelta(seconds=90)
#: we ask for a sign of life when nothing came for so long, and an answer has so long to come
ASK_AFTER, ANSWER_TIME = timedelta(seconds=40), timedelta(seconds=10)
#: payloads that are being stored at once; more wait on the socket
MAX_IN_FLIGHT = 256
#: seconds for what is in flight when the connection is closed
FAREWELL_SECONDS = 2.5
#: the answer to an event that is to be pushed again
_LATER = '{"status":"LATER","message":"not stored"}'
_CARRIERS = frozenset({FrameType.EVENT, FrameType.CALLBACK})


class Line:
    """One open socket. `serve` first, `close` in any case."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, *, take: Take, clock: Clock) -> None:
        self.opened_at = clock.now()
        self.last_frame_at = self.opened_at
        #: set when nothing can come in any more, or soon nothing will
        self.is_over = asyncio.Event()
        #: the platform said that it will close the connection, and sends nothing more over it
        self.is_told = False
        self._socket = socket
        self._take = take
        self._clock = clock
        self._slots = asyncio.Semaphore(MAX_IN_FLIGHT)
        self._in_flight: set[asyncio.Task[None]] = set()
        self._own: list[asyncio.Task[None]] = []
        self._wake = asyncio.Event()
        self._asked_at: datetime | None = None

    def serve(self) -> None:
        """Begin to read and to listen for signs of life."""
        self._own = [
            asyncio.create_task(self._read(), name="dingtalk frames"),
            asyncio.create_task(self._watch(), name="dingtalk signs of life"),
        ]

    async def close(self) -> None:
        """Let what is in flight end, say goodbye properly, and await everything that was begun."""
        self._end()
        if self._in_flight:
            await asyncio.wait(self._in_flight, timeout=FAREWELL_SECONDS)
        for task in (*self._in_flight, *self._own[1:]):
            task.cancel()
        await self._socket.close()
        for task in self._own[:1]:
            task.cancel()
        await asyncio.gather(*self._in_flight, *self._own, return_exceptions=True)

    # ------------------------------------------------------------ signs of life

    async def _watch(self) -> None:
        """Ask when it is quiet, and give up when nothing comes although we asked."""
        while not self.is_over.is_set():
            now = self._clock.now()
            if now < self.last_frame_at:
                self.last_frame_at = now  # the clock was set back
            quiet = now - self.last_frame_at
            has_waited = self._asked_at is not None and now - self._asked_at >= ANSWER_TIME
            if quiet >= SILENCE and has_waited:
                log.warning("the long connection is silent", action="stream_silent", since=self.last_frame_at)
                break
            if quiet >= ASK_AFTER and self._asked_at is None:
                await self._ask(now)
            due = self.last_frame_at + (ASK_AFTER if self._asked_at is None else SILENCE)
            await self._pause(max(due, now + ANSWER_TIME), now)
        self._end()

    async def _pause(self, until: datetime, now: datetime) -> None:
        self._wake.clear()
        if not self.is_over.is_set():
            await self._clock.wait(self._wake, until=until, at_most=(until - now).total_seconds())

    async def _ask(self, now: datetime) -> None:
        self._asked_at = now
        try:
            await self._socket.ping()
        except (ConnectionError, aiohttp.ClientError):
            self._end()

    def _heard(self) -> None:
        self.last_frame_at = self._clock.now()
        self._asked_at = None

    def _end(self) -> None:
        self.is_over.set()
        self._wake.set()

    # ------------------------------------------------------------ frames

    async def _read(self) -> None:
        """Every message of the socket until it ends; pings and pongs of the transport are signs of life, too."""
        try:
            async for message in self._socket:
                self._heard()
                if message.type in {aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY}:
                    await self._frame(message.data)
                elif message.type is aiohttp.WSMsgType.PING:
                    await self._socket.pong(message.data)
                elif message.type is aiohttp.WSMsgType.ERROR:
                    break
            if not self.is_over.is_set() and self._socket.close_code not in (
                None,
                aiohttp.WSCloseCode.ABNORMAL_CLOSURE,
            ):
                self._heard()  # a goodbye is a frame, too
        except ConnectionError:
            pass
        finally:
            self._end()

    async def _frame(self, raw: str | bytes) -> None:
        try:
            frame = decode(raw)
        except BadFrame:
            log.warning("a frame could not be read", action="stream_bad_frame", length=len(raw))
            return
        if frame.type == FrameType.SYSTEM:
            await self._system(frame)
        elif frame.type in _CARRIERS:
            await self._carried(frame)
        else:
            log.warning(
                "a frame of an unknown kind was left alone", action="stream_foreign_frame", kind=frame.type[:32]
            )

    async def _system(self, frame: Frame) -> None:
        """Pings are echoed. After a farewell nothing more comes, and ten seconds later the platform hangs up."""
        match frame.topic:
            case "ping":
                await self._write(frame.answered(frame.data))
            case "disconnect":
                log.info("the platform will close the connection", action="stream_farewell")
                self.is_told = True
                self._end()
            case _:
                pass

    async def _carried(self, frame: Frame) -> None:
        await self._slots.acquire()
        task = asyncio.create_task(self._deliver(frame), name="dingtalk frame")
        self._in_flight.add(task)
        task.add_done_callback(self._landed)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._in_flight.discard(task)
        self._slots.release()

    async def _deliver(self, frame: Frame) -> None:
        try:
            answer = frame.answered(await self._take(frame))
        except StoreUnavailable:
            log.warning("a frame could not be stored; the platform may send it again", action="event_refused")
            answer = _not_stored(frame)
        except Exception:  # the edge of the connection: one frame must not end it
            log.exception("a frame could not be taken", action="event_failed")
            answer = frame.answered("", code=500, message="not taken")
        await self._write(answer)

    async def _write(self, frame: bytes) -> None:
        """Send; a connection that is gone meanwhile is noticed by the reader."""
        try:
            await self._socket.send_str(frame.decode())
        except (ConnectionError, aiohttp.ClientError):
            log.info("the long connection is gone; the answer was not sent", action="stream_write_lost")


def _not_stored(frame: Frame) -> bytes:
    """Events come again when we ask for it; of messages nobody knows whether they do (dingtalk.md 2.4)."""
    if frame.type == FrameType.EVENT:
        return frame.answered(_LATER)
    return frame.answered("", code=500, message="not stored")
