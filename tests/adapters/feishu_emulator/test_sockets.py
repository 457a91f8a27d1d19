"""The long connection from the platform's side: address, frames, acknowledgements, limits, silence (feishu.md 2.8)."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest

from adapters._emulator.wire_json import Json, parse_table, table, text
from adapters.feishu.emulator import FaultKind, FeishuEmulator
from adapters.feishu.emulator_frames import Frame, decode_frame, encode_frame
from adapters.feishu.emulator_socket import ENDPOINT_PATH, SERVICE_ID
from bot.clock import VirtualClock
from tests.adapters.feishu_emulator.rig import APP, CARD, Api, advance, make_emulator, old_group, stream

RECEIVE = "im.message.receive_v1"


@pytest.fixture
async def emulator(clock: VirtualClock) -> AsyncIterator[FeishuEmulator]:
    emulator = make_emulator(clock, options=stream(retries=(15.0, 300.0)))
    await emulator.start()
    yield emulator
    await emulator.stop()


@pytest.fixture
def group(emulator: FeishuEmulator) -> str:
    return old_group(emulator, "联调群", ["ou_alice", "ou_bob"])


class Client:
    """A client that does what a test tells it, frame by frame."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def frame(self, *, seconds: float = 30.0) -> Frame:
        return decode_frame(await self.socket.receive_bytes(timeout=seconds))

    async def event(self) -> tuple[Frame, Json]:
        """The next event with its last frame."""
        payload = b""
        while True:
            frame = await self.frame()
            payload += frame.payload or b""
            if int(frame.header("seq")) == int(frame.header("sum")) - 1:
                return frame, parse_table(payload) or {}

    async def acknowledges(self, frame: Frame, *, code: int = 200, data: Json | None = None) -> None:
        body: Json = {"code": code}
        if data is not None:
            body["data"] = base64.b64encode(json.dumps(data).encode()).decode()
        answered = replace(frame, headers=(*frame.headers, ("biz_rt", "3")), payload=json.dumps(body).encode())
        await self.socket.send_bytes(encode_frame(answered))

    async def pings(self) -> Frame:
        ping = Frame(service=SERVICE_ID, headers=(("type", "ping"),))
        await self.socket.send_bytes(encode_frame(ping))
        return await self.frame()


async def endpoint(api: Api, *, secret: str = APP.app_secret, app_id: str = APP.app_id) -> Json:
    return (await api.call("POST", ENDPOINT_PATH, {"AppID": app_id, "AppSecret": secret})).body


class Clients:
    """Opens connections and closes them all."""

    def __init__(self, api: Api, session: aiohttp.ClientSession) -> None:
        self._api = api
        self._session = session
        self._open: list[Client] = []

    async def connect(self, url: str = "") -> Client:
        """Another connection, to a fresh address unless one is given."""
        url = url or text(table(await endpoint(self._api), "data"), "URL")
        self._open.append(Client(await self._session.ws_connect(url, autoping=False)))
        return self._open[-1]

    async def close(self) -> None:
        for client in self._open:
            await client.socket.close()


@pytest.fixture
async def clients(api: Api, session: aiohttp.ClientSession) -> AsyncIterator[Clients]:
    clients = Clients(api, session)
    yield clients
    await clients.close()


@pytest.fixture
async def client(clients: Clients) -> Client:
    return await clients.connect()


class TestAddress:
    """Who gets in."""

    async def test_the_address_carries_the_ids_and_the_wishes(self, api: Api) -> None:
        answer = await endpoint(api)
        data = table(answer, "data")
        assert (answer["code"], answer["msg"]) == (0, "")
        assert f"service_id={SERVICE_ID}" in text(data, "URL")
        assert "device_id=" in text(data, "URL")
        config = table(data, "ClientConfig")
        assert (config["PingInterval"], config["ReconnectCount"], config["ReconnectNonce"]) == (120, -1, 30)

    @pytest.mark.parametrize(
        ("app_id", "secret", "code"), [("", "", 1000040344), (APP.app_id, "wrong", 514), ("cli_no", "x", 514)]
    )
    async def test_wrong_credentials_have_their_codes(self, api: Api, app_id: str, secret: str, code: int) -> None:
        assert (await endpoint(api, app_id=app_id, secret=secret))["code"] == code

    async def test_a_disabled_app_and_a_busy_platform_have_theirs(self, emulator: FeishuEmulator, api: Api) -> None:
        emulator.disables_app()
        assert (await endpoint(api))["code"] == 403
        emulator.disables_app(is_enabled=True)
        await emulator.disconnects(30)
        assert (await endpoint(api))["code"] == 1

    async def test_no_more_than_the_limit_is_let_in(
        self, emulator: FeishuEmulator, api: Api, clients: Clients, client: Client
    ) -> None:
        emulator.change_options(max_connections=2)
        url = text(table(await endpoint(api), "data"), "URL")
        second = await clients.connect()
        assert (await endpoint(api))["code"] == 1000040350
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await clients.connect(url)
        headers = refused.value.headers
        assert headers is not None
        assert (headers["handshake-status"], headers["handshake-autherrcode"]) == ("514", "1000040350")
        assert not client.socket.closed
        assert not second.socket.closed

    async def test_fifty_connections_stand_and_the_fifty_first_does_not(
        self, emulator: FeishuEmulator, api: Api, clients: Clients
    ) -> None:
        for _ in range(50):
            await clients.connect()
        assert (emulator.sockets.connected, (await endpoint(api))["code"]) == (50, 1000040350)

    async def test_an_address_is_good_for_minutes_only(self, api: Api, clients: Clients, clock: VirtualClock) -> None:
        url = text(table(await endpoint(api), "data"), "URL")
        advance(clock, 600)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await clients.connect(url)


class TestFrames:
    """What goes over it."""

    async def test_a_ping_is_answered_with_the_present_wishes(self, emulator: FeishuEmulator, client: Client) -> None:
        emulator.change_options(ping_interval=30)
        pong = await client.pings()
        assert (pong.header("type"), pong.method) == ("pong", 0)
        assert (parse_table(pong.payload or b"") or {})["PingInterval"] == 30
        assert emulator.sockets.pings == 1

    async def test_an_event_is_plain_and_done_with_its_acknowledgement(
        self, emulator: FeishuEmulator, client: Client, group: str
    ) -> None:
        await emulator.says("ou_alice", "1", group)
        frame, envelope = await client.event()
        assert (frame.method, frame.header("type"), frame.header("sum")) == (1, "event", "1")
        assert text(table(envelope, "header"), "event_type") == RECEIVE
        await client.acknowledges(frame)
        await emulator.settled()
        assert emulator.courier.pending == 0
        [ack] = emulator.sockets.acks
        assert (ack.code, ack.biz_rt, ack.data) == (200, "3", b"")

    async def test_a_long_event_comes_in_parts_and_has_one_acknowledgement(
        self, emulator: FeishuEmulator, client: Client, group: str
    ) -> None:
        emulator.change_options(fragment_bytes=100)
        await emulator.says("ou_alice", "长" * 200, group)
        frame, envelope = await client.event()
        assert int(frame.header("sum")) > 5
        assert "长" * 200 in text(table(table(envelope, "event"), "message"), "content")
        await client.acknowledges(frame)
        await emulator.settled()
        assert emulator.courier.pending == 0

    @pytest.mark.parametrize("code", [None, 500])
    async def test_without_an_acknowledgement_or_with_a_bad_one_it_comes_again(
        self, emulator: FeishuEmulator, client: Client, clock: VirtualClock, group: str, code: int | None
    ) -> None:
        await emulator.says("ou_alice", "1", group)
        frame, first = await client.event()
        if code is not None:
            await client.acknowledges(frame, code=code)
        await emulator.settled()
        advance(clock, 15)
        again, second = await client.event()
        assert first == second
        await client.acknowledges(again)
        await emulator.settled()
        assert emulator.courier.pending == 0

    async def test_while_nobody_is_connected_events_wait_for_their_repetition(
        self, emulator: FeishuEmulator, api: Api, clients: Clients, clock: VirtualClock, group: str
    ) -> None:
        await emulator.says("ou_alice", "1", group)
        await emulator.settled()
        client = await clients.connect()
        advance(clock, 15)
        frame, _ = await client.event()
        await client.acknowledges(frame)
        await emulator.settled()
        [record] = emulator.recorder.pushes_of(RECEIVE)
        assert [one.outcome for one in record.attempts] == ["nobody", "acked"]

    @pytest.mark.parametrize("kind", ["event", "card"])
    async def test_a_click_waits_for_its_answer_whatever_kind_of_frame_brings_it(
        self, emulator: FeishuEmulator, api: Api, client: Client, kind: str
    ) -> None:
        emulator.change_options(callback_frame=kind)
        sent = text((await api.send("ou_bob", CARD, kind="interactive")).data, "message_id")
        pressing = asyncio.create_task(emulator.clicks("ou_bob", sent, "已回复"))
        frame, envelope = await client.event()
        assert frame.header("type") == kind
        assert table(table(envelope, "event"), "action")["value"] == {"act": "answered", "v": "1"}
        await client.acknowledges(frame, data={"toast": {"type": "success", "content": "好"}})
        assert (await pressing).toast == "好"

    async def test_each_event_goes_to_one_connection_only(
        self, emulator: FeishuEmulator, api: Api, clients: Clients, group: str
    ) -> None:
        three = [await clients.connect() for _ in range(3)]
        emulator.change_options(ack_seconds=0.01)
        for number in range(12):
            await emulator.says("ou_alice", str(number), group)
        await emulator.settled()
        counts = []
        for one in three:
            await one.socket.send_bytes(encode_frame(Frame(headers=(("type", "ping"),))))
            count = 0
            while (await one.frame()).method == 1:
                count += 1
            counts.append(count)
        assert sum(counts) == 12
        assert all(counts)


class TestTrouble:
    """What goes wrong on purpose."""

    async def test_a_silent_connection_stands_and_says_nothing(
        self, emulator: FeishuEmulator, client: Client, group: str
    ) -> None:
        assert emulator.silences_sockets() == 1
        await emulator.says("ou_alice", "1", group)
        await emulator.settled()
        with pytest.raises(TimeoutError):
            await client.frame(seconds=0.05)
        assert (emulator.sockets.connected, emulator.courier.pending) == (1, 1)

    async def test_a_connection_can_be_silent_from_its_beginning(
        self, emulator: FeishuEmulator, api: Api, clients: Clients
    ) -> None:
        emulator.faults.add("socket.connect", FaultKind.SILENT_SOCKET, nth=1)
        client = await clients.connect()
        await client.socket.send_bytes(encode_frame(Frame(headers=(("type", "ping"),))))
        with pytest.raises(TimeoutError):
            await client.frame(seconds=0.05)

    async def test_everybody_is_thrown_out_and_none_let_in_for_a_while(
        self, emulator: FeishuEmulator, api: Api, client: Client, clock: VirtualClock
    ) -> None:
        await emulator.disconnects(60)
        assert (await client.socket.receive()).type in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED}
        assert client.socket.close_code == aiohttp.WSCloseCode.GOING_AWAY
        assert (await endpoint(api))["code"] == 1
        advance(clock, 60)
        assert (await endpoint(api))["code"] == 0

    async def test_what_is_no_frame_ends_the_connection(self, client: Client) -> None:
        await client.socket.send_bytes(b"\xff\xff")
        await client.socket.receive()
        assert client.socket.close_code == aiohttp.WSCloseCode.PROTOCOL_ERROR
