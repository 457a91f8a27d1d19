"""The ends that the emulator's tests need: a caller of both APIs, a client of the gateway, a receiver of HTTP pushes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import aiohttp
from aiohttp import web

from adapters._emulator.wire_json import Json, as_table, compact, parse_table, rows, table, text
from adapters.dingtalk.emulator import DingTalkEmulator, EmulatedApp, EmulatorOptions
from adapters.dingtalk.emulator_crypto import event_signature, seal, unseal
from bot.clock import VirtualClock

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
APP = EmulatedApp()
ROBOT, CARDS = "/v1.0/im/bot/messages/get", "/v1.0/card/instances/callback"
BUTTONS = [
    {"id": "answered", "text": "已回复", "style": "primary", "params": {"act": "answered", "v": "1"}},
    {"id": "late", "text": "稍后", "style": "default", "params": {"act": "late"}},
]
CARD: dict[str, str] = {
    "title": "待回复",
    "state": "未处理",
    "body": "**请** <a atId=u1002>张三</a> 回复",
    "rows": json.dumps([{"key": "编号", "value": "XQ-1"}], ensure_ascii=False),
    "buttons": json.dumps(BUTTONS, ensure_ascii=False),
    "footer": "30 分钟内",
}


def make_emulator(
    clock: VirtualClock, *, app: EmulatedApp = APP, options: EmulatorOptions | None = None
) -> DingTalkEmulator:
    """An organisation of four people in three departments and one outsider, not started."""
    emulator = DingTalkEmulator(clock=clock, app=app, options=options, seed=7)
    emulator.add_department("10", "市场部", leader="u1001")
    emulator.add_department("20", "研发部", leader="u1003")
    emulator.add_department("21", "测试组", parent="20")
    emulator.add_person("u1001", "李四", "10", "经理", "101", mobile="13800000001")
    emulator.add_person("u1002", "张三", "20", leader="u1003")
    emulator.add_person("u1003", "王芳", "20")
    emulator.add_person("u1004", "赵六", "21")
    emulator.add_person("x1", "外部", "", guest_of="dingother")
    return emulator


def advance(clock: VirtualClock, seconds: float) -> None:
    """Move the clock on."""
    clock.move(clock.now() + timedelta(seconds=seconds))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer of either API."""

    status: int
    body: Json

    @property
    def code(self) -> object:
        """The word of the new API, else the number of the legacy one."""
        return self.body.get("code", self.body.get("errcode"))

    @property
    def result(self) -> Json:
        return table(self.body, "result")


class Api:
    """Calls the emulator as an app would, with one token for both APIs."""

    def __init__(self, base: str, session: aiohttp.ClientSession) -> None:
        self.base = base
        self._session = session
        self.token = ""

    async def log_in(self, app: EmulatedApp = APP) -> str:
        body: Json = {"appKey": app.client_id, "appSecret": app.client_secret}
        reply = await self.call("POST", "/v1.0/oauth2/accessToken", body)
        self.token = text(reply.body, "accessToken")
        return self.token

    async def call(
        self, method: str, path: str, body: Json | None = None, *, query: list[tuple[str, str]] | None = None
    ) -> Reply:
        """A call of the new API."""
        headers = {"x-acs-dingtalk-access-token": self.token, "Accept": "application/json"}
        return await self._send(method, path, body, headers, query or [])

    async def legacy(self, path: str, body: Json | None = None, *, query: list[tuple[str, str]] | None = None) -> Reply:
        """A call of the legacy API; without a body a GET."""
        whole = [("access_token", self.token), *(query or [])]
        return await self._send("GET" if body is None else "POST", path, body, {}, whole)

    async def _send(
        self, method: str, path: str, body: Json | None, headers: dict[str, str], query: list[tuple[str, str]]
    ) -> Reply:
        url = path if path.startswith("http") else self.base + path
        async with self._session.request(method, url, json=body, params=query or None, headers=headers) as answer:
            return Reply(status=answer.status, body=parse_table(await answer.read()) or {})

    async def upload(self, content: bytes, kind: str = "image") -> Reply:
        form = aiohttp.FormData()
        form.add_field("media", content, filename="a.png", content_type="image/png")
        query = {"access_token": self.token, "type": kind}
        async with self._session.post(f"{self.base}/media/upload", data=form, params=query) as answer:
            return Reply(status=answer.status, body=parse_table(await answer.read()) or {})

    async def send(self, target: str, content: Json, *, kind: str = "sampleText") -> Reply:
        """Send into a group (`cid`) or to a person."""
        body: Json = {"robotCode": APP.robot, "msgKey": kind, "msgParam": compact(content)}
        if target.startswith("cid"):
            return await self.call("POST", "/v1.0/robot/groupMessages/send", body | {"openConversationId": target})
        return await self.call("POST", "/v1.0/robot/oToMessages/batchSend", body | {"userIds": [target]})

    async def card(self, target: str, track: str, variables: dict[str, str] | None = None, **more: object) -> Reply:
        """Create a card and deliver it to a group or a person."""
        return await self.call(
            "POST", "/v1.0/card/instances/createAndDeliver", card_body(target, track, variables) | more
        )


def card_body(target: str, track: str, variables: dict[str, str] | None = None) -> Json:
    """What createAndDeliver takes."""
    body: Json = {
        "cardTemplateId": APP.card_template_id,
        "outTrackId": track,
        "callbackType": "STREAM",
        "cardData": {"cardParamMap": CARD if variables is None else variables},
    }
    if target.startswith("cid"):
        return body | {
            "openSpaceId": f"dtv1.card//IM_GROUP.{target}",
            "imGroupOpenSpaceModel": {"supportForward": False},
            "imGroupOpenDeliverModel": {"robotCode": APP.robot, "atUserIds": {"u1002": "张三"}},
        }
    return body | {
        "openSpaceId": f"dtv1.card//IM_ROBOT.{target}",
        "imRobotOpenSpaceModel": {"supportForward": False},
        "imRobotOpenDeliverModel": {"spaceType": "IM_ROBOT", "robotCode": APP.robot},
    }


Acking = Callable[[Json], Json | None]


def acknowledge(_: Json) -> Json | None:
    """What every frame gets unless a test says otherwise."""
    return {"response": None}


@dataclass(slots=True)
class Line:
    """A client of the gateway: collects frames, answers each as told (None: not at all)."""

    socket: aiohttp.ClientWebSocketResponse
    answers: Acking = acknowledge
    code: int = 200
    frames: list[Json] = field(default_factory=list)
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        async for message in self.socket:
            frame = as_table(json.loads(message.data)) or {}
            self.frames.append(frame)
            data = self.answers(frame)
            if data is not None:
                headers = {"messageId": text(table(frame, "headers"), "messageId"), "contentType": "application/json"}
                ack: Json = {"code": self.code, "message": "OK", "headers": headers, "data": compact(data)}
                await self.socket.send_str(compact(ack))
        self.closed.set()

    def of(self, topic: str) -> list[Json]:
        """The data of the frames of a topic, in order of arrival."""
        found = [one for one in self.frames if table(one, "headers").get("topic") == topic]
        return [parse_table(text(one, "data")) or {} for one in found]

    def events(self, event_type: str) -> list[Json]:
        """The data of the events of a type, in order of arrival."""
        found = [one for one in self.frames if table(one, "headers").get("eventType") == event_type]
        return [parse_table(text(one, "data")) or {} for one in found]

    def texts(self) -> list[str]:
        """The texts of robot messages, in order of arrival."""
        return [text(table(one, "text"), "content") for one in self.of(ROBOT)]


OPEN_BODY: Json = {
    "clientId": APP.client_id,
    "clientSecret": APP.client_secret,
    "ua": "rig/1",
    "subscriptions": [
        {"type": "EVENT", "topic": "*"},
        {"type": "CALLBACK", "topic": ROBOT},
        {"type": "CALLBACK", "topic": CARDS},
    ],
}


@asynccontextmanager
async def on_line(
    emulator: DingTalkEmulator, session: aiohttp.ClientSession, *topics: str, answers: Acking = acknowledge
) -> AsyncIterator[Line]:
    """A connected client; of all topics unless some are named."""
    body = dict(OPEN_BODY)
    if topics:
        body["subscriptions"] = [one for one in rows(OPEN_BODY, "subscriptions") if text(one, "topic") in topics]
    opened = await Api(emulator.base_url, session).call("POST", "/v1.0/gateway/connections/open", body)
    url, ticket = text(opened.body, "endpoint"), text(opened.body, "ticket")
    async with session.ws_connect(url, params={"ticket": ticket}) as socket:
        line = Line(socket, answers)
        task = asyncio.create_task(line.run())
        try:
            yield line
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


Answering = Callable[[Json], web.Response | None]


def nothing_special(_: Json) -> web.Response | None:
    """The right answer to whatever came."""
    return None


@dataclass(slots=True)
class Receiver:
    """Callback addresses that open every push with the app's keys and answer as told."""

    app: EmulatedApp = APP
    requests: list[tuple[dict[str, str], dict[str, str], bytes]] = field(default_factory=list)
    events: list[Json] = field(default_factory=list)
    messages: list[Json] = field(default_factory=list)
    clicks: list[Json] = field(default_factory=list)
    answers: Answering = nothing_special
    url: str = ""
    _runner: web.AppRunner | None = None

    async def start(self) -> str:
        app = web.Application()
        app.router.add_post("/{kind}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self.url

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.Response:
        raw = await request.read()
        body = parse_table(raw) or {}
        self.requests.append((dict(request.headers), dict(request.query), raw))
        match request.match_info["kind"]:
            case "event":
                plain, _ = unseal(text(body, "encrypt"), aes_key=self.app.event_aes_key)
                event = as_table(json.loads(plain)) or {}
                self.events.append(event)
                return self.answers(event) or self.success()
            case "robot":
                self.messages.append(body)
            case _:
                self.clicks.append(body)
        return self.answers(body) or web.json_response({})

    def success(self, word: bytes = b"success", *, token: str = "") -> web.Response:
        """The sealed and signed word."""
        sealed = seal(word, aes_key=self.app.event_aes_key, owner=self.app.client_id, random=b"0123456789abcdef")
        stamp, nonce = "1772413200000", "n1"
        token = token or self.app.event_token
        signature = event_signature(token=token, timestamp=stamp, nonce=nonce, encrypt=sealed)
        return web.json_response({"msg_signature": signature, "timeStamp": stamp, "nonce": nonce, "encrypt": sealed})

    def types(self) -> list[str]:
        """The types of the events, in order of arrival, the check of the address left out."""
        found = [text(one, "EventType") for one in self.events]
        return [one for one in found if one != "check_url"]


def query_of(url: str) -> dict[str, str]:
    """The query of an address."""
    return dict(parse_qsl(urlsplit(url).query))
