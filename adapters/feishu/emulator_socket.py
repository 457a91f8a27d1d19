"""The long connection of the emulated platform: endpoint call, WebSocket server, pings, fragments, acknowledgements.

Each event goes to one connection chosen at random; there is no signature and no encryption inside (feishu.md 2.8).
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from aiohttp import WSCloseCode, WSMsgType, web

from adapters._emulator.faults import FaultKind, FaultPlan
from adapters._emulator.handover import Handover
from adapters._emulator.http_face import Call
from adapters._emulator.wire_json import Json, parse_table, text, wire
from adapters.feishu.emulator_codes import ApiError
from adapters.feishu.emulator_frames import CONTROL, DATA, Frame, decode_frame, encode_frame
from adapters.feishu.emulator_server import Route
from adapters.feishu.emulator_state import State

SOCKET_PATH = "/ws/v2"
ENDPOINT_PATH = "/callback/ws/endpoint"
#: how long a connection ticket is good for
TICKET_LIFE = timedelta(minutes=5)
SERVICE_ID = 33554678
_BUSY, _AUTH_FAILED, _NO_CREDENTIAL, _TOO_MANY = 1, 514, 1000040344, 1000040350


@dataclass(slots=True, kw_only=True, eq=False)
class _Connection:
    """One client."""

    socket: web.WebSocketResponse
    device_id: str
    #: nothing goes out any more, although the connection stands
    is_silent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AckRecord:
    """One acknowledgement frame as it came in."""

    message_id: str
    device_id: str
    code: int
    #: handler time the client claims, milliseconds as text
    biz_rt: str
    #: the decoded result of a callback, empty for events
    data: bytes


class Sockets:
    """The connections of the app."""

    def __init__(self, state: State, faults: FaultPlan) -> None:
        self._state = state
        self._faults = faults
        self._connections: list[_Connection] = []
        self._tickets: dict[str, datetime] = {}
        self._waiting: dict[str, asyncio.Future[AckRecord]] = {}
        self._refuses_until: datetime | None = None
        self.base_url = ""
        #: acknowledgements in order of arrival
        self.acks: list[AckRecord] = []
        #: pings received over all connections
        self.pings = 0

    def routes(self) -> list[Route]:
        """The endpoint call."""
        return [
            Route(
                method="POST",
                path=ENDPOINT_PATH,
                operation="ws.endpoint",
                run=self._endpoint,
                needs_token=False,
                message="",
            )
        ]

    @property
    def connected(self) -> int:
        """How many connections stand, silent ones included."""
        return len(self._connections)

    # ------------------------------------------------------------------ coming in

    def _endpoint(self, call: Call) -> Json:
        app = self._state.app
        given, secret = text(call.body, "AppID"), text(call.body, "AppSecret")
        if not given or not secret:
            raise ApiError(_NO_CREDENTIAL, status=200)
        if given != app.app_id or not hmac.compare_digest(secret.encode(), app.app_secret.encode()):
            raise ApiError(_AUTH_FAILED, status=200)
        if not self._state.is_app_enabled:
            raise ApiError(403, status=200)
        if self._is_refusing():
            raise ApiError(_BUSY, status=200)
        if self.connected >= self._state.options.max_connections:
            raise ApiError(_TOO_MANY, status=200)
        ticket = self._state.new_id("tk-")
        self._tickets[ticket] = self._state.now() + TICKET_LIFE
        query = {"device_id": str(self._state.serial() + 7000), "service_id": str(SERVICE_ID), "ticket": ticket}
        url = f"{self.base_url.replace('http', 'ws', 1)}{SOCKET_PATH}?{urlencode(query)}"
        return {"URL": url, "ClientConfig": self._config()}

    def _config(self) -> Json:
        options = self._state.options
        return {
            "ReconnectCount": -1,
            "ReconnectInterval": options.reconnect_interval,
            "ReconnectNonce": options.reconnect_nonce,
            "PingInterval": options.ping_interval,
        }

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """The WebSocket upgrade; refusals carry the handshake headers."""
        fault = self._faults.strike("socket.connect", now=self._state.now())
        if fault is not None and fault.kind is FaultKind.DISCONNECT:
            await self.disconnect(fault.seconds)
        end = self._tickets.get(request.query.get("ticket", ""))
        if end is None or self._state.now() >= end:
            return _refusal(_AUTH_FAILED, "auth failed", auth_code=_NO_CREDENTIAL)
        if self._is_refusing():
            return _refusal(_BUSY, "system busy")
        if self.connected >= self._state.options.max_connections:
            return _refusal(_AUTH_FAILED, "exceed conn limit", auth_code=_TOO_MANY)
        socket = web.WebSocketResponse(autoping=False, compress=False)
        await socket.prepare(request)
        connection = _Connection(socket=socket, device_id=request.query.get("device_id", ""))
        connection.is_silent = fault is not None and fault.kind is FaultKind.SILENT_SOCKET
        self._connections.append(connection)
        self._state.changes.touch()
        try:
            await self._serve(connection)
        finally:
            if connection in self._connections:
                self._connections.remove(connection)
            self._state.changes.touch()
        return socket

    async def _serve(self, connection: _Connection) -> None:
        async for message in connection.socket:
            if connection.is_silent:
                continue
            match message.type:
                case WSMsgType.PING:
                    await connection.socket.pong(message.data)
                case WSMsgType.BINARY:
                    await self._take(connection, message.data)
                case _:
                    pass

    async def _take(self, connection: _Connection, raw: bytes) -> None:
        try:
            frame = decode_frame(raw)
        except ValueError:
            await connection.socket.close(code=WSCloseCode.PROTOCOL_ERROR)
            return
        if frame.method == CONTROL:
            if frame.header("type") == "ping":
                self.pings += 1
                await self._send(connection, _pong(wire(self._config())))
            return
        ack = _read_ack(frame, connection.device_id)
        self.acks.append(ack)
        waiting = self._waiting.get(ack.message_id)
        if waiting is not None and not waiting.done():
            waiting.set_result(ack)

    # ------------------------------------------------------------------ going out

    async def deliver(self, envelope: Json, *, seconds: float, kind: str = "event") -> Handover:
        """Send an event (or what frames of another kind carry) to one connection at random and wait for the answer."""
        if not self._connections:
            return Handover(outcome="nobody")
        connection = self._state.dice.choice(self._connections)
        message_id = self._state.new_id("")
        waiting: asyncio.Future[AckRecord] = asyncio.get_running_loop().create_future()
        self._waiting[message_id] = waiting
        started = time.perf_counter()
        try:
            for frame in self._frames(message_id, wire(envelope), kind):
                await self._send(connection, frame)
            async with asyncio.timeout(seconds):
                ack = await waiting
        except TimeoutError:
            return Handover(outcome="timeout", latency_ms=_since(started))
        except ConnectionError:
            return Handover(outcome="unreachable", latency_ms=_since(started))
        finally:
            del self._waiting[message_id]
        outcome = "acked" if ack.code == 200 else "refused"
        return Handover(outcome=outcome, status=ack.code, latency_ms=_since(started), body=ack.data)

    def _frames(self, message_id: str, payload: bytes, kind: str) -> list[Frame]:
        size = self._state.options.fragment_bytes
        parts = [payload[at : at + size] for at in range(0, len(payload), size)]
        trace = self._state.new_id("trace-")
        return [
            Frame(
                seq_id=self._state.serial(),
                log_id=self._state.serial(),
                service=SERVICE_ID,
                method=DATA,
                headers=(
                    ("type", kind),
                    ("message_id", message_id),
                    ("trace_id", trace),
                    ("sum", str(len(parts))),
                    ("seq", str(place)),
                ),
                payload=part,
            )
            for place, part in enumerate(parts)
        ]

    async def _send(self, connection: _Connection, frame: Frame) -> None:
        if not connection.is_silent:
            await connection.socket.send_bytes(encode_frame(frame))

    # ------------------------------------------------------------------ going wrong

    async def disconnect(self, seconds: float = 0.0) -> None:
        """Close every connection and let none in for `seconds` of the clock."""
        if seconds > 0:
            self._refuses_until = self._state.now() + timedelta(seconds=seconds)
        for connection in tuple(self._connections):
            await connection.socket.close(code=WSCloseCode.GOING_AWAY, message=b"bye", drain=False)
        self._connections.clear()
        self._state.changes.touch()

    def silence(self) -> int:
        """Stop answering on the connections that stand now; returns how many."""
        for connection in self._connections:
            connection.is_silent = True
        return len(self._connections)

    def forget(self) -> None:
        """Drop silent connections from the platform's table, as it does when it finds them dead."""
        self._connections = [connection for connection in self._connections if not connection.is_silent]

    def _is_refusing(self) -> bool:
        return self._refuses_until is not None and self._state.now() < self._refuses_until


def _pong(config: bytes) -> Frame:
    return Frame(service=SERVICE_ID, method=CONTROL, headers=(("type", "pong"),), payload=config)


def _read_ack(frame: Frame, device_id: str) -> AckRecord:
    body = parse_table(frame.payload or b"") or {}
    code = body.get("code")
    try:
        data = base64.b64decode(text(body, "data"), validate=True)
    except ValueError:
        data = b"?"
    return AckRecord(
        message_id=frame.header("message_id"),
        device_id=device_id,
        code=code if isinstance(code, int) else 0,
        biz_rt=frame.header("biz_rt"),
        data=data,
    )


def _refusal(status: int, message: str, *, auth_code: int = 0) -> web.Response:
    headers = {"handshake-status": str(status), "handshake-msg": message}
    if auth_code:
        headers["handshake-autherrcode"] = str(auth_code)
    return web.Response(status=403, headers=headers)


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
