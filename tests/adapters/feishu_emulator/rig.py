"""The two ends that the emulator's tests need: a caller of its API, and a receiver of its pushes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp
from aiohttp import web

from adapters._emulator.wire_json import Json, as_table, parse_table, table, text
from adapters.feishu.emulator import EmulatedApp, EmulatorOptions, FeishuEmulator
from adapters.feishu.emulator_crypto import unseal
from adapters.feishu.emulator_state import Transport
from bot.clock import VirtualClock

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
APP = EmulatedApp(encrypt_key="kudryavka-encrypt-key-01")
CARD: Json = {
    "schema": "2.0",
    "config": {"update_multi": True},
    "header": {"template": "blue", "title": {"tag": "plain_text", "content": "待回复"}},
    "body": {
        "elements": [
            {"tag": "markdown", "content": "**请** <at id=ou_bob></at> 回复"},
            {
                "tag": "button",
                "text": {"tag": "plain_text", "content": "已回复"},
                "behaviors": [{"type": "callback", "value": {"act": "answered", "v": "1"}}],
            },
        ]
    },
}


def make_emulator(
    clock: VirtualClock, *, app: EmulatedApp = APP, options: EmulatorOptions | None = None
) -> FeishuEmulator:
    """A tenant of four people in two departments, not started."""
    emulator = FeishuEmulator(clock=clock, app=app, options=options, seed=7)
    emulator.add_department("od-sales", "市场部", leader="ou_alice")
    emulator.add_department("od-dev", "研发部", leader="ou_carol")
    emulator.add_department("od-test", "测试组", parent="od-dev")
    emulator.add_person("ou_alice", "李四", "od-sales", "经理", "101", email="alice@corp.example")
    emulator.add_person("ou_bob", "张三", "od-dev", leader="ou_carol")
    emulator.add_person("ou_carol", "王芳", "od-dev")
    emulator.add_person("ou_dave", "赵六", "od-test")
    return emulator


def old_group(emulator: FeishuEmulator, name: str, members: list[str]) -> str:
    """A group that stood before the platform had anybody to tell of it."""
    chat = emulator.add_group(name, members, with_bot=False)
    emulator.state.chats[chat].has_bot = True
    return chat


def stream(**changes: object) -> EmulatorOptions:
    """Options for the long connection with a short patience."""
    return EmulatorOptions(delivery=Transport.STREAM, ack_seconds=0.2, **changes)  # type: ignore[arg-type]


def advance(clock: VirtualClock, seconds: float) -> None:
    """Move the clock on."""
    clock.move(clock.now() + timedelta(seconds=seconds))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer of the API."""

    status: int
    body: Json
    headers: dict[str, str]

    @property
    def code(self) -> object:
        return self.body.get("code")

    @property
    def data(self) -> Json:
        return table(self.body, "data")


class Api:
    """Calls the emulator as an app would, with one token."""

    def __init__(self, base: str, session: aiohttp.ClientSession) -> None:
        self.base = base
        self._session = session
        self.token = ""

    async def log_in(self, app: EmulatedApp = APP) -> str:
        body: Json = {"app_id": app.app_id, "app_secret": app.app_secret}
        reply = await self.call("POST", "/open-apis/auth/v3/tenant_access_token/internal", body)
        self.token = text(reply.body, "tenant_access_token")
        return self.token

    async def call(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        seconds: float = 5.0,
        query: list[tuple[str, str]] | None = None,
    ) -> Reply:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with self._session.request(
            method,
            self.base + path,
            json=body,
            params=query or [],
            headers=headers,
            timeout=aiohttp.ClientTimeout(total=seconds),
        ) as answer:
            raw = await answer.read()
            return Reply(status=answer.status, body=parse_table(raw) or {}, headers=dict(answer.headers))

    async def send(self, target: str, content: Json, *, kind: str = "text", uuid: str = "") -> Reply:
        """Send into a chat (`oc_`) or to a person (`ou_`)."""
        id_type = "chat_id" if target.startswith("oc_") else "open_id"
        body: Json = {"receive_id": target, "msg_type": kind, "content": json.dumps(content)}
        if uuid:
            body["uuid"] = uuid
        return await self.call("POST", "/open-apis/im/v1/messages", body, query=[("receive_id_type", id_type)])


Answering = Callable[[Json], web.Response]


@dataclass(slots=True)
class Receiver:
    """A callback URL that opens every push with the app's key and answers as told."""

    app: EmulatedApp = APP
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    envelopes: list[Json] = field(default_factory=list)
    answers: Answering = field(default=lambda _: web.json_response({"msg": "success"}))
    url: str = ""
    _runner: web.AppRunner | None = None

    async def start(self) -> str:
        app = web.Application()
        app.router.add_post("/hook", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/hook"
        return self.url

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.Response:
        raw = await request.read()
        outer = parse_table(raw) or {}
        plain = unseal(text(outer, "encrypt"), encrypt_key=self.app.encrypt_key) if self.app.encrypt_key else raw
        envelope = as_table(json.loads(plain)) or {}
        if text(envelope, "type") == "url_verification":
            return web.json_response({"challenge": text(envelope, "challenge")})
        self.requests.append((dict(request.headers), raw))
        self.envelopes.append(envelope)
        return self.answers(envelope)

    def events(self, event_type: str) -> list[Json]:
        """The payloads of one type, in order of arrival."""
        found = [one for one in self.envelopes if text(table(one, "header"), "event_type") == event_type]
        return [table(one, "event") for one in found]

    def texts(self) -> list[str]:
        """The texts of the received messages, in order of arrival."""
        messages = [table(event, "message") for event in self.events("im.message.receive_v1")]
        return [text(parse_table(text(message, "content")) or {}, "text") for message in messages]
