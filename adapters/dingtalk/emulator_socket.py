"""The Stream gateway of the emulated platform: tickets, WebSocket, JSON frames, acknowledgements (dingtalk.md 2.4).

Each push goes to one connection chosen at random among those that subscribed to its topic; there is no signature and no
encryption inside.
"""

from __future__ import annotations

import asyncio
import hmac
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import WSCloseCode, WSMsgType, web

from adapters._emulator.faults import FaultKind, FaultPlan
from adapters._emulator.handover import Handover
from adapters._emulator.http_face import Call
from adapters._emulator.wire_json import Json, compact, parse_table, rows, table, text
from adapters.dingtalk.emulator_codes import ApiError, missing
from adapters.dingtalk.emulator_events import to_ms
from adapters.dingtalk.emulator_fields import known, may, must
from adapters.dingtalk.emulator_limits import TICKET_LIFE
from adapters.dingtalk.emulator_server import Route
from adapters.dingtalk.emulator_state import State

SOCKET_PATH = "/connect"
ROBOT_TOPIC, CARD_TOPIC, EVENTS = "/v1.0/im/bot/messages/get", "/v1.0/card/instances/callback", "EVENT"
_TOPICS = frozenset({ROBOT_TOPIC, CARD_TOPIC, "/v1.0/graph/api/invoke", "/v1.0/im/bot/messages/delegate"})
_IDLE_SECONDS = 3600.0


@dataclass(slots=True, kw_only=True, eq=False)
class _Ticket:
    ends: datetime
    #: topics of callbacks, and `EVENT`
    topics: frozenset[str]


@dataclass(slots=True, kw_only=True, eq=False)
class _Connection:
    """One client."""

    socket: web.WebSocketResponse
    id: str
    topics: frozenset[str]
    #: nothing goes out any more, although the connection stands
    is_silent: bool = False
    #: was told to go; it ends then
    ends: datetime | None = None
    #: what was sent over it and not answered yet
    waiting: set[asyncio.Future[AckRecord]] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class AckRecord:
    """One acknowledgement as it came in."""

    message_id: str
    connection: str
    code: int
    #: the parsed `data`, None when it was no JSON object in a string
    data: Json | None


class Sockets:
    """The connections of the app."""

    def __init__(self, state: State, faults: FaultPlan) -> None:
        self._state = state
        self._faults = faults
        self._connections: list[_Connection] = []
        self._tickets: dict[str, _Ticket] = {}
        self._waiting: dict[str, asyncio.Future[AckRecord]] = {}
        self._refuses_until: datetime | None = None
        self._next_ping = state.now() + timedelta(seconds=state.options.ping_interval)
        self._wake = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self.base_url = ""
        #: acknowledgements in order of arrival, those of pings included
        self.acks: list[AckRecord] = []
        #: pings sent, and pings of clients received
        self.pings_sent = 0
        self.pings = 0

    def routes(self) -> list[Route]:
        """The call that opens a connection."""
        return [
            Route(
                method="POST",
                path="/v1.0/gateway/connections/open",
                operation="gateway.connections.open",
                run=self._open,
                needs_token=False,
                is_paid=False,
            )
        ]

    def start(self) -> None:
        """Begin to ping."""
        self._keeper = asyncio.create_task(self._keep(), name="dingtalk-emulator-pings")

    async def stop(self) -> None:
        """Stop pinging and close everything."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
            self._keeper = None
        await self.disconnect()

    @property
    def connected(self) -> int:
        """How many connections stand, silent ones included."""
        return len(self._connections)

    def topics(self) -> list[frozenset[str]]:
        """What each connection subscribed to."""
        return [connection.topics for connection in self._connections]

    # ------------------------------------------------------------------ coming in

    def _open(self, call: Call) -> Json:
        """POST /v1.0/gateway/connections/open."""
        if "json" not in call.headers.get("accept", ""):
            raise ApiError("InvalidParameter.Accept", "without Accept: application/json the answer is XML")
        body, app = call.body, self._state.app
        known(body, {"clientId", "clientSecret", "subscriptions", "ua", "localIp", "extras"})
        must(body, "clientId")
        may(body, "ua")
        may(body, "localIp")
        secret = must(body, "clientSecret")
        is_ours = body["clientId"] == app.client_id and hmac.compare_digest(secret.encode(), app.client_secret.encode())
        if not is_ours or not self._state.is_app_enabled:
            raise ApiError("authFailed", "鉴权失败", status=401)
        if self._is_refusing():
            raise ApiError("ServiceUnavailable")
        ticket = self._state.new_id("")
        ends = self._state.now() + TICKET_LIFE
        self._tickets[ticket] = _Ticket(ends=ends, topics=_subscribed(body))
        return {"endpoint": f"{self.base_url.replace('http', 'ws', 1)}{SOCKET_PATH}", "ticket": ticket}

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """The WebSocket upgrade; a ticket is good for one connection."""
        fault = self._faults.strike("socket.connect", now=self._state.now())
        if fault is not None and fault.kind is FaultKind.DISCONNECT:
            await self.disconnect(fault.seconds)
        ticket = self._tickets.pop(request.query.get("ticket", ""), None)
        if ticket is None or self._state.now() >= ticket.ends:
            return web.Response(status=401, text="ticket is invalid")
        if self._is_refusing():
            return web.Response(status=503)
        socket = web.WebSocketResponse(autoping=False, compress=False)
        await socket.prepare(request)
        connection = _Connection(socket=socket, id=self._state.new_id("conn-"), topics=ticket.topics)
        connection.is_silent = fault is not None and fault.kind is FaultKind.SILENT_SOCKET
        if self._state.options.newest_connection_only:
            for older in tuple(self._connections):
                await self._drop(older)
        self._connections.append(connection)
        self._state.changes.touch()
        try:
            await self._greet(connection)
            await self._serve(connection)
        finally:
            self._forget(connection)
        return socket

    async def _greet(self, connection: _Connection) -> None:
        if self._state.options.greets:
            for topic in ("CONNECTED", "REGISTERED"):
                await self._system(connection, topic, {})

    async def _serve(self, connection: _Connection) -> None:
        async for message in connection.socket:
            if connection.is_silent:
                continue
            match message.type:
                case WSMsgType.PING:
                    self.pings += 1
                    await connection.socket.pong(message.data)
                case WSMsgType.TEXT:
                    await self._take(connection, message.data)
                case _:
                    pass

    async def _take(self, connection: _Connection, raw: str) -> None:
        ack = _read_ack(raw, connection.id)
        if ack is None:
            await connection.socket.close(code=WSCloseCode.PROTOCOL_ERROR)
            return
        self.acks.append(ack)
        waiting = self._waiting.get(ack.message_id)
        if waiting is not None and not waiting.done():
            waiting.set_result(ack)

    # ------------------------------------------------------------------ going out

    async def deliver(self, payload: Json, *, topic: str, seconds: float, headers: Json | None = None) -> Handover:
        """Send an event (`topic` EVENT) or a callback to one of those who want it, and wait for the answer."""
        ready = [one for one in self._connections if topic in one.topics and one.ends is None]
        if not ready:
            return Handover(outcome="nobody")
        connection = self._state.dice.choice(ready)
        message_id = self._state.new_id("")
        waiting: asyncio.Future[AckRecord] = asyncio.get_running_loop().create_future()
        self._waiting[message_id] = waiting
        connection.waiting.add(waiting)
        kind, name = ("EVENT", "*") if topic == EVENTS else ("CALLBACK", topic)
        frame = self._frame(connection, kind, name, message_id, payload, headers or {})
        started = time.perf_counter()
        try:
            await self._send(connection, frame)
            async with asyncio.timeout(seconds):
                ack = await waiting
        except TimeoutError:
            return Handover(outcome="timeout", latency_ms=_since(started))
        except ConnectionError:
            return Handover(outcome="unreachable", latency_ms=_since(started))
        finally:
            del self._waiting[message_id]
            connection.waiting.discard(waiting)
        outcome = "malformed" if ack.data is None else "acked" if ack.code == 200 else "refused"
        if topic == EVENTS and text(ack.data or {}, "status") == "LATER":
            outcome = "refused"
        body = compact(ack.data).encode() if ack.data is not None else b""
        return Handover(outcome=outcome, status=ack.code, latency_ms=_since(started), body=body)

    def _frame(
        self, connection: _Connection, kind: str, topic: str, message_id: str, data: Json, headers: Json
    ) -> Json:
        whole: Json = {
            "topic": topic,
            "messageId": message_id,
            "contentType": "application/json",
            "time": str(to_ms(self._state.now())),
            "appId": self._state.app.agent_id,
            "connectionId": connection.id,
        }
        return {"specVersion": "1.0", "type": kind, "headers": whole | headers, "data": compact(data)}

    async def _system(self, connection: _Connection, topic: str, data: Json) -> None:
        frame = self._frame(connection, "SYSTEM", topic, self._state.new_id(""), data, {})
        await self._send(connection, frame)

    async def _send(self, connection: _Connection, frame: Json) -> None:
        if not connection.is_silent:
            await connection.socket.send_str(compact(frame))

    # ------------------------------------------------------------------ keeping and ending

    async def _keep(self) -> None:
        while True:
            self._wake.clear()
            await self._turn()
            ends = [one.ends for one in self._connections if one.ends is not None]
            await self._state.clock.wait(self._wake, until=min([self._next_ping, *ends]), at_most=_IDLE_SECONDS)

    async def _turn(self) -> None:
        now = self._state.now()
        for connection in tuple(self._connections):
            if connection.ends is not None and now >= connection.ends:
                await self._drop(connection)
        if now >= self._next_ping:
            self._next_ping = now + timedelta(seconds=self._state.options.ping_interval)
            await self.ping()

    async def ping(self) -> None:
        """Ask every connection for a sign of life."""
        for connection in tuple(self._connections):
            if connection.ends is None:
                self.pings_sent += 1
                await self._system(connection, "ping", {"opaque": self._state.new_id("")})

    async def ask_to_go(self) -> int:
        """Tell every connection that it ends; returns how many. They fall silent and are cut ten seconds later."""
        told = [one for one in self._connections if one.ends is None]
        for connection in told:
            await self._system(connection, "disconnect", {"reason": "persistence connection is timeout"})
            connection.ends = self._state.now() + timedelta(seconds=self._state.options.farewell_seconds)
        self._wake.set()
        return len(told)

    async def disconnect(self, seconds: float = 0.0) -> None:
        """Close every connection and let none in for `seconds` of the clock."""
        if seconds > 0:
            self._refuses_until = self._state.now() + timedelta(seconds=seconds)
        for connection in tuple(self._connections):
            await self._drop(connection)

    def silence(self) -> int:
        """Stop answering on the connections that stand now; returns how many."""
        for connection in self._connections:
            connection.is_silent = True
        return len(self._connections)

    async def _drop(self, connection: _Connection) -> None:
        await connection.socket.close(code=WSCloseCode.GOING_AWAY, message=b"bye", drain=False)
        self._forget(connection)

    def _forget(self, connection: _Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
        for waiting in connection.waiting:
            if not waiting.done():
                waiting.set_exception(ConnectionResetError("the connection ended before it answered"))
        self._state.changes.touch()

    def _is_refusing(self) -> bool:
        return self._refuses_until is not None and self._state.now() < self._refuses_until


def _subscribed(body: Json) -> frozenset[str]:
    """The topics a client asks for. Raises ApiError for one that does not exist."""
    wanted = rows(body, "subscriptions")
    if not wanted:
        raise missing("subscriptions")
    found: set[str] = set()
    for one in wanted:
        kind, topic = text(one, "type"), text(one, "topic")
        if kind == "EVENT" and topic == "*":
            found.add(EVENTS)
        elif kind == "CALLBACK" and topic in _TOPICS:
            found.add(topic)
        else:
            raise ApiError("InvalidParameter.subscriptions", f"{kind} {topic} can not be subscribed to")
    return frozenset(found)


def _read_ack(raw: str, connection: str) -> AckRecord | None:
    """The acknowledgement, None for what is none."""
    frame = parse_table(raw)
    if frame is None:
        return None
    code, data = frame.get("code"), frame.get("data")
    message_id = text(table(frame, "headers"), "messageId")
    if not isinstance(code, int) or not message_id:
        return None
    parsed = parse_table(data) if isinstance(data, str) else None
    return AckRecord(message_id=message_id, connection=connection, code=code, data=parsed)


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
