"""The bot's gateway: one live connection, commands in JSON, a newer subscription puts the older one out (wecom.md 3.3)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import aiohttp
from aiohttp import web

from adapters._emulator.faults import FaultPlan
from adapters._emulator.handover import Handover
from adapters._emulator.wire_json import Json, compact, parse_table, table, text
from adapters.wecom.emulator_cards import check_card
from adapters.wecom.emulator_codes import ApiError
from adapters.wecom.emulator_posts import Posts
from adapters.wecom.emulator_state import EmulatedChat, EmulatedMessage, State, Transport, Voice

PATH = "/ws"
_MARKDOWN_BYTES = 20_480
#: real seconds for a client to show that it has read a push
_READ_SECONDS = 0.5
#: (so many, in so many seconds)
_IN_CONVERSATION = ((30, 60), (1000, 3600))
#: for how long a push of an event, or of a message, can be answered
_EVENT_ANSWER, _MESSAGE_ANSWER = timedelta(seconds=5), timedelta(hours=24)


class Sockets:
    """What listens at the bot's address."""

    def __init__(self, state: State, posts: Posts, faults: FaultPlan) -> None:
        self._state = state
        self._posts = posts
        self._faults = faults
        self._live: web.WebSocketResponse | None = None
        self._all: set[web.WebSocketResponse] = set()
        self._silent: set[web.WebSocketResponse] = set()
        self._closed_until = state.now()
        #: request of a card push -> task and until when it may be answered
        self._presses: dict[str, tuple[str, datetime]] = {}
        #: request of a message, or of somebody opening the chat -> that conversation and until when it may be answered
        self._asked: dict[str, tuple[EmulatedChat, datetime]] = {}
        self._entered: dict[str, tuple[EmulatedChat, datetime]] = {}
        #: replies that grow: stream id -> message
        self._streams: dict[str, EmulatedMessage] = {}
        #: pings that were not answered yet
        self._unheard: dict[bytes, asyncio.Event] = {}
        self._pings = 0
        self._closing: set[asyncio.Task[None]] = set()
        self.commands: list[Json] = []
        self.subscriptions = 0
        #: called with everything the client sends
        self.on_command: Callable[[Json], None] = self.commands.append

    @property
    def connected(self) -> int:
        """Live connections: one or none."""
        return int(self._live is not None and not self._live.closed)

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """One connection from its opening to its end."""
        fault = self._faults.strike("socket.connect", now=self._state.now())
        if fault is not None or self._state.now() < self._closed_until:
            return web.Response(status=503)
        socket = web.WebSocketResponse(autoping=False, heartbeat=None)
        await socket.prepare(request)
        self._all.add(socket)
        try:
            async for message in socket:
                match message.type:
                    case aiohttp.WSMsgType.TEXT:
                        await self._frame(socket, message.data)
                    case aiohttp.WSMsgType.PING:
                        await socket.pong(message.data)
                    case aiohttp.WSMsgType.PONG:
                        self._heard(message.data)
                    case _:
                        pass
        finally:
            self._all.discard(socket)
            if self._live is socket:
                self._live = None
            self._state.changes.touch()
        return socket

    async def disconnect(self, seconds: float = 0.0) -> None:
        """Close what stands, and let nobody in for a while."""
        self._closed_until = self._state.now() + timedelta(seconds=seconds)
        for socket in tuple(self._all):
            await socket.close()

    def silence(self) -> int:
        """What is connected stays so and nothing comes through it any more; a new connection is not concerned."""
        self._silent = set(self._all)
        return self.connected

    def speaks_again(self) -> None:
        """The end of a silence."""
        self._silent.clear()

    async def deliver(self, command: str, body: Json, *, request: str) -> Handover:
        """Push something over the live connection; nobody acknowledges it."""
        started = time.perf_counter()
        socket = self._live
        if socket is None or socket.closed:
            return Handover(outcome="nobody")
        self._may_be_answered(body, request)
        if socket not in self._silent:
            try:
                await socket.send_str(compact({"cmd": command, "headers": {"req_id": request}, "body": body}))
                await self._until_read(socket)
            except ConnectionError:
                return Handover(outcome="unreachable")
        return Handover(outcome="acked", status=0, latency_ms=(time.perf_counter() - started) * 1000)

    async def _until_read(self, socket: web.WebSocketResponse) -> None:
        """Whoever reads in order answers a ping after having read what came before; who does not answer is not waited for long."""
        self._pings += 1
        mark = str(self._pings).encode()
        heard = self._unheard[mark] = asyncio.Event()
        try:
            await socket.ping(mark)
            async with asyncio.timeout(_READ_SECONDS):
                await heard.wait()
        except TimeoutError:
            pass
        finally:
            del self._unheard[mark]

    def _heard(self, mark: bytes | bytearray) -> None:
        waiting = self._unheard.get(bytes(mark))
        if waiting is not None:
            waiting.set()

    def _may_be_answered(self, body: Json, request: str) -> None:
        """Until when which answer to this push is taken: five seconds for events, a day for messages (wecom.md 3.3)."""
        now = self._state.now()
        event = table(body, "event")
        task = text(table(event, "template_card_event"), "task_id")
        if task:
            self._presses[request] = task, now + _EVENT_ANSWER
            return
        chat = self._chat_of(body)
        if chat is None:
            return
        if text(event, "eventtype") == "enter_chat":
            self._entered[request] = chat, now + _EVENT_ANSWER
        elif not event:
            self._asked[request] = chat, now + _MESSAGE_ANSWER

    def _chat_of(self, body: Json) -> EmulatedChat | None:
        if text(body, "chattype") == "group":
            return self._state.heard(text(body, "chatid"))
        person = self._state.person(text(table(body, "from"), "userid"))
        return self._state.private(person.account, Voice.BOT) if person is not None else None

    # ------------------------------------------------------------------ frames

    async def _frame(self, socket: web.WebSocketResponse, raw: str) -> None:
        if socket in self._silent:
            return
        frame = parse_table(raw)
        if frame is None:
            return
        self.on_command({key: value for key, value in frame.items() if key != "body"} | {"body": table(frame, "body")})
        request = text(table(frame, "headers"), "req_id")
        command, body = text(frame, "cmd"), table(frame, "body")
        try:
            if command == "aibot_subscribe":
                await self._subscribe(socket, body)
            else:
                self._check_live(socket)
                self._run(command, body, request)
        except ApiError as refused:
            await self._acknowledge(socket, request, refused.code, refused.sentence)
            return
        await self._acknowledge(socket, request, 0, "ok")

    async def _acknowledge(self, socket: web.WebSocketResponse, request: str, code: int, sentence: str) -> None:
        if not socket.closed:
            await socket.send_str(compact({"headers": {"req_id": request}, "errcode": code, "errmsg": sentence}))

    async def _subscribe(self, socket: web.WebSocketResponse, body: Json) -> None:
        app, options = self._state.app, self._state.options
        if text(body, "bot_id") != app.bot_id or text(body, "secret") != app.bot_secret:
            raise ApiError(853000)
        if options.delivery is not Transport.STREAM:
            raise ApiError(853000, "the bot is not in long connection mode")
        older, self._live = self._live, socket
        self.subscriptions += 1
        self._state.changes.touch()
        if older is not None and older is not socket and not older.closed:
            gone: Json = {
                "cmd": "aibot_event_callback",
                "headers": {"req_id": self._state.new_id("evt")},
                "body": {"msgtype": "event", "aibotid": app.bot_id, "event": {"eventtype": "disconnected_event"}},
            }
            await older.send_str(compact(gone))
            closing = asyncio.create_task(_close(older), name="older connection")
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)

    def _check_live(self, socket: web.WebSocketResponse) -> None:
        if socket is not self._live:
            raise ApiError(846605, "not subscribed")

    def _run(self, command: str, body: Json, request: str) -> None:
        match command:
            case "ping":
                return
            case "aibot_send_msg":
                self._push(body)
            case "aibot_respond_update_msg":
                self._replace(body, request)
            case "aibot_respond_msg":
                self._respond(body, self._answered(self._asked, request))
            case "aibot_respond_welcome_msg":
                chat = self._answered(self._entered, request)
                del self._entered[request]
                self._welcome(body, chat)
            case _:
                raise ApiError(40035, "cmd")

    def _admit(self, chat: EmulatedChat) -> None:
        """Replies and pushes of one conversation count together."""
        if self._state.too_many(f"bot:{chat.id}", _IN_CONVERSATION):
            raise ApiError(45009)

    def _push(self, body: Json) -> None:
        chat = self._target(body)
        self._admit(chat)
        kind = text(body, "msgtype")
        self._write(chat, kind, table(body, kind))

    def _write(self, chat: EmulatedChat, kind: str, content: Json) -> None:
        if kind not in {"markdown", "template_card"}:
            raise ApiError(40008)
        if kind == "markdown":
            said = text(content, "content")
            if not said.strip():
                raise ApiError(44004)
            if len(said.encode()) > _MARKDOWN_BYTES:
                raise ApiError(45002)
        else:
            check_card(content, is_app=False)
            task = text(content, "task_id")
            if task and (Voice.BOT, task) in self._state.tasks:
                raise ApiError(42082)
        self._posts.write(chat, kind, content, voice=Voice.BOT)

    def _answered(self, waiting: dict[str, tuple[EmulatedChat, datetime]], request: str) -> EmulatedChat:
        found = waiting.get(request)
        if found is None or self._state.now() >= found[1]:
            raise ApiError(846605)
        return found[0]

    def _respond(self, body: Json, chat: EmulatedChat) -> None:
        """A reply to a message; one that streams brings its whole text so far each time."""
        kind = text(body, "msgtype")
        if kind != "stream":
            self._admit(chat)
            self._write(chat, kind, table(body, kind))
            return
        stream = table(body, "stream")
        name, said = text(stream, "id"), text(stream, "content")
        if not name:
            raise ApiError(40035, "stream.id")
        if len(said.encode()) > _MARKDOWN_BYTES:
            raise ApiError(45002)
        if name in self._streams:
            self._streams[name].text = said
            self._state.changes.touch()
        else:
            self._admit(chat)
            self._streams[name] = self._posts.write(chat, "markdown", {"content": said}, voice=Voice.BOT)

    def _welcome(self, body: Json, chat: EmulatedChat) -> None:
        kind = text(body, "msgtype")
        if kind not in {"text", "template_card"}:
            raise ApiError(40008)
        content = table(body, kind)
        if kind == "text":
            content, kind = {"content": text(content, "content")}, "markdown"
        self._write(chat, kind, content)

    def _target(self, body: Json) -> EmulatedChat:
        """A conversation that has talked to the bot before; without a type a group first, then a person."""
        name, kind = text(body, "chatid"), body.get("chat_type")
        person = self._state.person(name)
        if kind not in {None, 0, 1, 2}:
            raise ApiError(40035, "chat_type")
        chat: EmulatedChat | None
        if kind == 2 or (kind != 1 and (person is None or self._state.is_heard(name))):
            chat = self._state.heard(name)
        elif person is None:
            raise ApiError(40003)
        else:
            # a refused push leaves no empty chat behind
            chat = self._state.chats.get(f"{Voice.BOT.value}:{person.account}")
        if chat is None or not chat.knows_bot:
            raise ApiError(93006, "nobody has talked to the bot here")
        return chat

    def _replace(self, body: Json, request: str) -> None:
        task, until = self._presses.pop(request, ("", self._state.now()))
        if not task or self._state.now() >= until:
            raise ApiError(846605)
        if text(body, "response_type") != "update_template_card":
            raise ApiError(40035, "response_type")
        card = table(body, "template_card")
        check_card({**card, "task_id": task}, is_app=False, is_update=True)
        if text(card, "task_id") != task:
            raise ApiError(40035, "task_id")
        for message in self._posts.of_task(Voice.BOT, task):
            message.show(card)
        self._state.changes.touch()


async def _close(socket: web.WebSocketResponse) -> None:
    await socket.close()
