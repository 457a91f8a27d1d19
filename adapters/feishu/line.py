"""One long connection from its opening to its end: frames in, acknowledgements out, signs of life both ways.

A frame is acknowledged when what it carries is stored, never before; what could not be stored is refused, so that the
platform sends it again. A connection on which nothing comes any more ends as `silent`, and its owner opens another.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

import aiohttp
import structlog

from adapters._hardened_json import BadJson, JsonTable, JsonValue, parse_table, wire
from adapters.feishu.fragments import Fragments
from adapters.feishu.frames import BadFrame, Frame, Method, decode, encode, ping
from bot.clock import Clock
from bot.errors import StoreUnavailable

log = structlog.get_logger(__name__)

#: stores a payload; the answer where somebody waits for one. Raises StoreUnavailable
Take: TypeAlias = "Callable[[bytes], Awaitable[JsonTable | None]]"

#: kinds of data frames that carry something to take; clicks come as `card` while the platform's console still has their
#: configuration at its old setting, and its own clients leave those without an answer
_CARRIERS = frozenset({"event", "card"})
#: no frame for this long means that the connection is dead (F14), where the platform answers pings as often as that
SILENCE = timedelta(seconds=90)
#: we ask for a sign of life at least this often, whatever the platform asks for
PING_EVERY = timedelta(seconds=40)
#: a ping has this long to be answered, also when the clock jumped over the whole silence at once
ANSWER_TIME = timedelta(seconds=10)
#: payloads that are being stored at once; more wait on the socket
MAX_IN_FLIGHT = 256
#: seconds for what is in flight when the connection is closed
FAREWELL_SECONDS = 2.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What the platform asks of its clients; seconds, the defaults are those of its own clients (feishu.md 2.8)."""

    ping: timedelta = timedelta(seconds=120)
    #: wait before the first new connection, at most, at random
    reconnect_nonce: float = 30.0
    reconnect_interval: float = 120.0

    def changed(self, config: Mapping[str, JsonValue]) -> Pace:
        """With what a ClientConfig says; values that make no sense change nothing."""
        return Pace(
            ping=timedelta(seconds=_seconds(config, "PingInterval", self.ping.total_seconds())),
            reconnect_nonce=_seconds(config, "ReconnectNonce", self.reconnect_nonce, least=0.0),
            reconnect_interval=_seconds(config, "ReconnectInterval", self.reconnect_interval),
        )


def _seconds(config: Mapping[str, JsonValue], key: str, default: float, *, least: float = 1.0) -> float:
    value = config.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= 3600:
        return default
    return float(value)


class Line:
    """One open socket. `serve` first, `close` in any case."""

    def __init__(
        self,
        socket: aiohttp.ClientWebSocketResponse,
        *,
        service: int,
        pace: Pace,
        take: Take,
        clock: Clock,
        answers_early: bool = False,
    ) -> None:
        self.pace = pace
        self.opened_at = clock.now()
        self.last_frame_at = self.opened_at
        #: set when nothing can come in any more, or nothing does
        self.is_over = asyncio.Event()
        #: the platform answers pings that come earlier than it asked for
        self.answers_early = answers_early
        self._socket = socket
        self._service = service
        self._take = take
        self._clock = clock
        self._fragments = Fragments()
        self._slots = asyncio.Semaphore(MAX_IN_FLIGHT)
        self._in_flight: set[asyncio.Task[None]] = set()
        self._own: list[asyncio.Task[None]] = []
        self._wake = asyncio.Event()
        #: when we asked for a sign of life that has not come yet
        self._asked_at: datetime | None = None
        self._first_pong_at: datetime | None = None
        self._has_card_frames = False

    def serve(self) -> None:
        """Begin to read and to ping."""
        self._own = [
            asyncio.create_task(self._read(), name="feishu frames"),
            asyncio.create_task(self._beat(), name="feishu pings"),
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

    @property
    def patience(self) -> timedelta:
        """How long silence is no reason to worry."""
        return SILENCE if self.answers_early else max(SILENCE, 2 * self.pace.ping)

    def _is_silent(self, now: datetime) -> bool:
        """Nothing came for too long, although we asked and left time to answer."""
        if now < self.last_frame_at:
            self.last_frame_at = now  # the clock was set back
        has_asked = self._asked_at is not None and now - self._asked_at >= ANSWER_TIME
        return has_asked and now - self.last_frame_at >= self.patience

    def _heard(self) -> None:
        self.last_frame_at = self._clock.now()
        self._asked_at = None

    async def _beat(self) -> None:
        """Ping, wait, and look whether anything came back."""
        next_ping = self._clock.now()
        while not self.is_over.is_set():
            now = self._clock.now()
            if self._is_silent(now):
                log.warning("the long connection is silent", action="stream_silent", since=self.last_frame_at)
                break
            interval = min(self.pace.ping, PING_EVERY)
            if now >= next_ping or next_ping - now > interval:
                await self._ping(now)
                next_ping = now + interval
            await self._pause(min(next_ping, max(self.last_frame_at + self.patience, now + ANSWER_TIME)), now)
        self._end()

    async def _pause(self, until: datetime, now: datetime) -> None:
        self._wake.clear()
        if not self.is_over.is_set():
            await self._clock.wait(self._wake, until=until, at_most=(until - now).total_seconds())

    async def _ping(self, now: datetime) -> None:
        if self._asked_at is None or now < self._asked_at:
            self._asked_at = now
        await self._write(ping(self._service))

    def _end(self) -> None:
        self.is_over.set()
        self._wake.set()

    # ------------------------------------------------------------ frames

    async def _read(self) -> None:
        """Every message of the socket until it ends; also pings of the transport are signs of life."""
        try:
            async for message in self._socket:
                self._heard()
                if message.type is aiohttp.WSMsgType.BINARY:
                    await self._frame(message.data)
                elif message.type is aiohttp.WSMsgType.PING:
                    await self._socket.pong(message.data)
                elif message.type is aiohttp.WSMsgType.ERROR:
                    break
            if (
                self._socket.close_code not in (None, aiohttp.WSCloseCode.ABNORMAL_CLOSURE)
                and not self.is_over.is_set()
            ):
                self._heard()  # a goodbye is a frame, too
        except ConnectionError:
            pass
        finally:
            self._end()

    async def _frame(self, raw: bytes) -> None:
        try:
            frame = decode(raw)
        except BadFrame:
            log.warning("a frame could not be read", action="stream_bad_frame", length=len(raw))
            return
        kind = frame.header("type")
        if frame.method == Method.CONTROL:
            if kind == "pong":
                self._ponged(frame.payload or b"")
        elif kind in _CARRIERS:
            if kind == "card":
                self._warn_of_card_frames()
            await self._event(frame)
        else:
            log.warning("a frame of an unknown kind was left alone", action="stream_foreign_frame", kind=kind[:32])

    def _warn_of_card_frames(self) -> None:
        """Once a connection; the click itself is handled and answered like any other (feishu.md 2.8)."""
        if not self._has_card_frames:
            log.error(
                "clicks come as card frames, so whoever presses may see an error although it counted: switch the "
                "callback configuration to the long connection and publish a version of the app",
                action="stream_card_frame",
            )
        self._has_card_frames = True

    def _ponged(self, payload: bytes) -> None:
        now = self._clock.now()
        if self._first_pong_at is None:
            self._first_pong_at = now
        elif self.last_frame_at - self._first_pong_at < self.pace.ping:
            self.answers_early = True
        if payload:
            try:
                self.pace = self.pace.changed(parse_table(payload))
            except BadJson:
                log.warning("the platform's configuration could not be read", action="stream_bad_config")

    async def _event(self, frame: Frame) -> None:
        payload = self._fragments.add(frame, now=self._clock.now())
        if payload is None:
            return
        await self._slots.acquire()
        task = asyncio.create_task(self._deliver(frame, payload), name="feishu event")
        self._in_flight.add(task)
        task.add_done_callback(self._landed)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._in_flight.discard(task)
        self._slots.release()

    async def _deliver(self, frame: Frame, payload: bytes) -> None:
        loop = asyncio.get_running_loop()
        started = loop.time()
        answer: JsonTable = {"code": 200}
        try:
            said = await self._take(payload)
        except StoreUnavailable:
            log.warning("an event could not be stored; the platform will send it again", action="event_refused")
            answer = {"code": 500}
        except Exception:  # the edge of the connection: one event must not end it
            log.exception("an event could not be taken", action="event_failed")
            answer = {"code": 500}
        else:
            if said is not None:
                answer["data"] = base64.b64encode(wire(said)).decode()
        took_ms = round((loop.time() - started) * 1000)
        await self._write(frame.answered(wire(answer), took_ms=took_ms))

    async def _write(self, frame: Frame) -> None:
        """Send; a connection that is gone meanwhile is noticed by the reader."""
        try:
            await self._socket.send_bytes(encode(frame))
        except (ConnectionError, aiohttp.ClientError):
            log.info("the long connection is gone; the frame was not sent", action="stream_write_lost")
