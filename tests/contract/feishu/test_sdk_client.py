"""The official SDK works against the emulated platform, and understands what the platform and we put on the wire.

The SDK is synchronous and brings threads and loops of its own; it runs in threads here, apart from the emulator's loop.
"""

from __future__ import annotations

import asyncio
import importlib
import itertools
import json
import random
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from adapters.feishu.emulator import EmulatedApp, FeishuEmulator, Mention
from adapters.feishu.frames import Frame, decode, encode, ping
from bot.clock import VirtualClock, to_ms
from bot.updates import MessageReceived
from tests.adapters.feishu.tenant import until, webhook_tenant
from tests.adapters.feishu_emulator.rig import APP, CARD, START, make_emulator, stream
from tests.contract.feishu.sdk import lark, long_connection

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK would send even calls to this machine through a proxy of the environment."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


_numbers = itertools.count(1)


def new_app() -> EmulatedApp:
    """An app of its own: the SDK keeps access tokens for the whole process, by app id."""
    return replace(APP, app_id=f"cli_sdk{next(_numbers):013d}")


@pytest.fixture
async def emulator() -> AsyncIterator[FeishuEmulator]:
    emulator = make_emulator(VirtualClock(START), app=new_app())
    await emulator.start()
    yield emulator
    await emulator.stop()


def client_of(emulator: FeishuEmulator) -> Any:
    """The SDK's client for the emulated app."""
    quiet = lark.LogLevel.CRITICAL
    builder = lark.Client.builder().app_id(emulator.app.app_id).app_secret(emulator.app.app_secret)
    return builder.domain(emulator.base_url).log_level(quiet).build()


def created(answer: Any, member: str) -> str:
    """A member of an answer's data. An AssertionError has what the platform said."""
    assert answer.success(), (answer.code, answer.msg)
    value: str = getattr(answer.data, member)
    return value


def listed(answer: Any) -> list[Any]:
    """The items of an answer. An AssertionError has what the platform said."""
    assert answer.success(), (answer.code, answer.msg)
    return list(answer.data.items)


class TestCalls:
    """Token, group, card and its change, through the SDK's own models."""

    async def test_a_group_is_created_and_a_card_in_it_is_sent_and_changed(self, emulator: FeishuEmulator) -> None:
        im, client = lark.im.v1, client_of(emulator)
        group = (
            im.CreateChatRequestBody.builder().name("物流协同").owner_id("ou_alice").user_id_list(["ou_bob"]).build()
        )
        request = im.CreateChatRequest.builder().user_id_type("open_id").uuid("g-1").request_body(group).build()
        chat = created(await asyncio.to_thread(client.im.v1.chat.create, request), "chat_id")
        assert {member for seen in emulator.what_sees("ou_bob") for member in [seen.id]} == {chat}

        card = im.CreateMessageRequestBody.builder().receive_id(chat).msg_type("interactive").content(json.dumps(CARD))
        request = (
            im.CreateMessageRequest.builder().receive_id_type("chat_id").request_body(card.uuid("m-1").build()).build()
        )
        message = created(await asyncio.to_thread(client.im.v1.message.create, request), "message_id")
        again = created(await asyncio.to_thread(client.im.v1.message.create, request), "message_id")
        assert again == message

        changed = {**CARD, "header": {"title": {"tag": "plain_text", "content": "已回复"}}}
        body = im.PatchMessageRequestBody.builder().content(json.dumps(changed)).build()
        request = im.PatchMessageRequest.builder().message_id(message).request_body(body).build()
        assert (await asyncio.to_thread(client.im.v1.message.patch, request)).success()
        seen = emulator.message_as_seen(message, by="ou_bob")
        assert seen.card is not None
        assert seen.card.title == "已回复"

    async def test_history_is_read_as_our_adapter_reads_it(self, emulator: FeishuEmulator) -> None:
        """Every member that the catch-up relies on is one of the SDK's model, with the value that was sent."""
        chat = emulator.add_group("物流", ["ou_alice", "ou_bob"])
        first = await emulator.says("ou_alice", [Mention("ou_bob"), " 请回复"], chat)
        await emulator.says("ou_bob", "收到", chat, reply_to=first, thread="omt_1")
        builder = lark.im.v1.ListMessageRequest.builder().container_id_type("chat").container_id(chat)
        request = builder.start_time(str(int(START.timestamp()))).sort_type("ByCreateTimeAsc").page_size(50).build()
        answer = await asyncio.to_thread(client_of(emulator).im.v1.message.list, request)
        [item] = listed(answer)
        assert (item.message_id, item.thread_id, item.msg_type, item.deleted) == (first, "omt_1", "text", False)
        assert int(item.create_time) == to_ms(START)
        assert (item.sender.id, item.sender.id_type, item.sender.sender_type) == ("ou_alice", "open_id", "user")
        assert json.loads(item.body.content)["text"] == "@_user_1 请回复"
        assert (item.mentions[0].key, item.mentions[0].id, item.mentions[0].id_type) == (
            "@_user_1",
            "ou_bob",
            "open_id",
        )
        request = lark.im.v1.ListChatRequest.builder().page_size(100).build()
        [room] = listed(await asyncio.to_thread(client_of(emulator).im.v1.chat.list, request))
        assert (room.chat_id, room.external, room.tenant_key) == (chat, False, emulator.app.tenant_key)

    async def test_a_refusal_is_read_with_its_code(self, emulator: FeishuEmulator) -> None:
        request = lark.im.v1.GetChatRequest.builder().chat_id("oc_unknown").build()
        answer = await asyncio.to_thread(client_of(emulator).im.v1.chat.get, request)
        assert not answer.success()
        assert answer.code == 232001


class TestPushes:
    """What the platform pushes over HTTP opens in the SDK as it opens in our adapter."""

    async def test_the_sdk_decrypts_and_types_what_our_adapter_reads(self) -> None:
        async with webhook_tenant() as tenant:
            await tenant.emulator.says("ou_alice", "请确认交期", tenant.chat, mentions=["ou_bob"])
            await tenant.emulator.settled()
            [ours] = tenant.intake.of(MessageReceived)
            challenge, pushed = tenant.emulator.capture()
        opened: list[Any] = []
        echoed = await asyncio.to_thread(_dispatched, challenge, opened.append)
        answer = await asyncio.to_thread(_dispatched, pushed, opened.append)
        assert (echoed.status_code, list(json.loads(echoed.content))) == (200, ["challenge"])
        assert (answer.status_code, json.loads(answer.content)) == (200, {"msg": "success"})
        [event] = opened
        assert event.header.event_id == ours.source.event_id
        assert event.event.message.message_id == ours.message.message
        assert event.event.sender.sender_id.open_id == ours.sender.account
        assert event.event.message.mentions[0].id.open_id == "ou_bob"
        assert json.loads(event.event.message.content) == {"text": "@_user_1 请确认交期"}

    async def test_the_sdk_refuses_what_carries_a_wrong_signature(self, emulator: FeishuEmulator) -> None:
        pushed = emulator.seals(
            {"schema": "2.0", "header": {"event_type": "im.message.receive_v1"}}, url="http://127.0.0.1/"
        )
        wrong = {**pushed.headers, "X-Lark-Signature": "0" * 64}
        request = lark.RawRequest()
        request.uri, request.headers, request.body = "/hook", wrong, pushed.body
        opened: list[Any] = []
        answer = await asyncio.to_thread(_dispatcher(opened.append).do, request)
        assert (answer.status_code, opened) == (500, [])


def _dispatcher(take: Callable[[Any], None], click: Callable[[Any], Any] | None = None) -> Any:
    builder = lark.EventDispatcherHandler.builder(APP.encrypt_key, APP.verification_token, lark.LogLevel.CRITICAL)
    builder.register_p2_im_message_receive_v1(take)
    if click is not None:
        builder.register_p2_card_action_trigger(click)
    return builder.build()


def _dispatched(pushed: Any, take: Callable[[Any], None]) -> Any:
    request = lark.RawRequest()
    request.uri, request.headers, request.body = "/hook", dict(pushed.headers), pushed.body
    return _dispatcher(take).do(request)


class SdkConnection:
    """The SDK's long connection on a thread and a loop of its own."""

    def __init__(self, emulator: FeishuEmulator, handler: Any) -> None:
        self._loop = asyncio.new_event_loop()
        self._emulator = emulator
        self._handler = handler
        self._thread = threading.Thread(target=self._run, name="lark-oapi")

    def start(self) -> None:
        self._thread.start()

    async def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        await asyncio.to_thread(self._thread.join, 10)

    def _run(self) -> None:
        long_connection.loop = self._loop
        asyncio.set_event_loop(self._loop)
        options = {
            "domain": self._emulator.base_url,
            "log_level": lark.LogLevel.CRITICAL,
            "event_handler": self._handler,
        }
        app = self._emulator.app
        client = long_connection.Client(app.app_id, app.app_secret, **options)
        try:
            client.start()  # has no stop of its own
        except RuntimeError:
            self._loop.run_until_complete(self._end(client))
        finally:
            self._loop.close()

    async def _end(self, client: Any) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        if client._conn is not None:
            await client._conn.close()


@asynccontextmanager
async def sdk_connected(handler: Any) -> AsyncIterator[tuple[FeishuEmulator, str]]:
    """The emulated platform with the SDK's client on its long connection, and a group with the bot in it."""
    emulator = make_emulator(VirtualClock(START), app=new_app(), options=stream(ping_interval=1))
    emulator.change_options(ack_seconds=5.0)
    chat = emulator.add_group("物流", ["ou_alice", "ou_bob"])
    await emulator.start()
    connection = SdkConnection(emulator, handler)
    connection.start()
    try:
        await until(lambda: emulator.sockets.connected == 1, seconds=10)
        yield emulator, chat
    finally:
        await connection.stop()
        await emulator.stop()


class TestLongConnection:
    """The SDK's client connects, receives, acknowledges and answers clicks."""

    async def test_events_and_clicks_come_through(self) -> None:
        texts: list[str] = []
        clicks: list[Any] = []
        models = importlib.import_module("lark_oapi.event.callback.model.p2_card_action_trigger")
        toast = models.P2CardActionTriggerResponse

        def take(event: Any) -> None:
            texts.append(json.loads(event.event.message.content)["text"])

        def click(event: Any) -> Any:
            clicks.append(event.event.action.value)
            return toast({"toast": {"type": "success", "content": "好"}})

        async with sdk_connected(_dispatcher(take, click)) as (emulator, chat):
            await emulator.says("ou_alice", "你好", chat)
            await emulator.settled()
            assert texts == ["你好"]
            assert [push.is_acked for push in emulator.recorder.pushes_of("im.message.receive_v1")] == [True]
            answer = await asyncio.to_thread(self.sends_card, client_of(emulator), chat)
            result = await emulator.clicks("ou_bob", created(answer, "message_id"), "已回复")
            assert (result.toast, result.toast_kind, result.error) == ("好", "success", 0)
            assert clicks == [{"act": "answered", "v": "1"}]
            assert emulator.sockets.pings >= 1

    @staticmethod
    def sends_card(client: Any, chat: str) -> Any:
        im = lark.im.v1
        body = im.CreateMessageRequestBody.builder().receive_id(chat).msg_type("interactive").content(json.dumps(CARD))
        request = im.CreateMessageRequest.builder().receive_id_type("chat_id").request_body(body.build()).build()
        return client.im.v1.message.create(request)


def test_our_frames_are_the_sdks_frames() -> None:
    """Each side reads what the other writes, byte for byte the same."""
    dice = random.Random(9)
    for _ in range(300):
        frame = Frame(
            seq_id=dice.getrandbits(64),
            log_id=dice.getrandbits(40),
            service=dice.randrange(-(2**31), 2**31),
            method=dice.randrange(2),
            headers=tuple((f"k{n}", "值" * dice.randrange(4)) for n in range(dice.randrange(6))),
            payload_encoding=dice.choice([None, "", "gzip"]),
            payload_type=dice.choice([None, "json"]),
            payload=dice.choice([None, b"", dice.randbytes(dice.randrange(400))]),
            log_id_new=dice.choice([None, "x" * dice.randrange(200)]),
        )
        theirs = long_connection.Frame()
        theirs.ParseFromString(encode(frame))
        assert (theirs.SeqID, theirs.LogID, theirs.service, theirs.method) == (
            frame.seq_id,
            frame.log_id,
            frame.service,
            frame.method,
        )
        assert [(header.key, header.value) for header in theirs.headers] == list(frame.headers)
        assert theirs.SerializeToString() == encode(frame)
        assert decode(theirs.SerializeToString()) == frame
    assert long_connection._new_ping_frame(33554678).SerializeToString() == encode(ping(33554678))
