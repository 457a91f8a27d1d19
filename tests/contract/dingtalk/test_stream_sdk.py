"""The vendor's Stream client works against the emulated gateway, and reads robot messages, events and clicks as they come.

The client opens its connection with blocking requests and has no way to stop; it runs on a thread and a loop of its own.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import dingtalk_stream
import pytest

from adapters.dingtalk.emulator import DingTalkEmulator, Mention, MentionBot
from bot.clock import VirtualClock, to_ms
from tests.adapters.dingtalk_emulator.rig import APP, START, Api, advance, make_emulator

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client would send even calls to this machine through a proxy of the environment."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


class Heard(dingtalk_stream.CallbackHandler):  # type: ignore[misc]  # the SDK has no types
    """Keeps what comes on one topic, and answers it with `answer`."""

    def __init__(self, answer: Any = "OK") -> None:
        super().__init__()
        self.frames: list[Any] = []
        self._answer = answer

    async def process(self, message: Any) -> tuple[int, Any]:
        self.frames.append(message)
        return dingtalk_stream.AckMessage.STATUS_OK, self._answer


class HeardEvents(dingtalk_stream.EventHandler):  # type: ignore[misc]  # the SDK has no types
    """Keeps events. The first `busy` of them are refused."""

    def __init__(self, *, busy: int = 0) -> None:
        super().__init__()
        self.frames: list[Any] = []
        self._busy = busy

    async def process(self, event: Any) -> tuple[int, str]:
        self.frames.append(event)
        is_busy = len(self.frames) <= self._busy
        status = dingtalk_stream.AckMessage
        return (status.STATUS_SYSTEM_EXCEPTION, "busy") if is_busy else (status.STATUS_OK, "OK")


class SdkConnection:
    """The vendor's client on a thread and a loop of its own."""

    def __init__(self, *, robot: Heard, cards: Heard, events: HeardEvents) -> None:
        quiet = logging.getLogger("dingtalk_stream.client")
        credential = dingtalk_stream.Credential(APP.client_id, APP.client_secret)
        self._client = dingtalk_stream.DingTalkStreamClient(credential, logger=quiet)
        self._client.register_callback_handler(dingtalk_stream.ChatbotMessage.TOPIC, robot)
        self._client.register_callback_handler(dingtalk_stream.CallbackHandler.TOPIC_CARD_CALLBACK, cards)
        self._client.register_all_event_handler(events)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="dingtalk-stream")

    def start(self) -> None:
        self._thread.start()

    async def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        await asyncio.to_thread(self._thread.join, 10)

    def _run(self) -> None:
        main = self._loop.create_task(self._client.start())
        try:
            self._loop.run_forever()
            self._loop.run_until_complete(self._end(main))
        finally:
            self._loop.close()

    @staticmethod
    async def _end(main: asyncio.Task[None]) -> None:
        """The client swallows the first cancellation and sleeps over it."""
        while not main.done():
            main.cancel()
            await asyncio.wait([main], timeout=0.05)
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


@asynccontextmanager
async def connected(
    monkeypatch: pytest.MonkeyPatch, *, robot: Heard, cards: Heard, events: HeardEvents
) -> AsyncIterator[tuple[DingTalkEmulator, VirtualClock, str]]:
    """The emulated platform with the vendor's client on its gateway, and a group with the bot in it."""
    clock = VirtualClock(START)
    emulator = make_emulator(clock)
    chat = emulator.add_group("物流", ["u1001", "u1002"])
    await emulator.start()
    # the class names itself where it reads its address, so that a subclass can not give another one
    address = f"{emulator.base_url}/v1.0/gateway/connections/open"
    monkeypatch.setattr(dingtalk_stream.DingTalkStreamClient, "OPEN_CONNECTION_API", address)
    connection = SdkConnection(robot=robot, cards=cards, events=events)
    connection.start()
    try:
        async with asyncio.timeout(10):
            while emulator.sockets.connected == 0:
                await emulator.changed.wait(after=emulator.changed.revision, at_most=0.05)
        yield emulator, clock, chat
    finally:
        await connection.stop()
        await emulator.stop()


async def test_messages_events_and_clicks_come_through(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = {
        "cardUpdateOptions": {"updateCardDataByKey": True},
        "cardData": {"cardParamMap": {"state": "收到"}},
    }
    robot, cards, events = Heard(), Heard(answer), HeardEvents(busy=1)
    async with connected(monkeypatch, robot=robot, cards=cards, events=events) as (emulator, clock, chat):
        assert emulator.sockets.topics() == [
            frozenset({"EVENT", "/v1.0/im/bot/messages/get", "/v1.0/card/instances/callback"})
        ]
        said = await emulator.says("u1001", [MentionBot(), " 请 ", Mention("u1002"), " 看"], chat)
        emulator.joins("u1003", chat, operator="u1001")
        await emulator.settled()
        [record] = emulator.recorder.pushes_of("robot_message")
        assert record.is_acked
        [frame] = robot.frames
        message = dingtalk_stream.ChatbotMessage.from_dict(frame.data)
        assert (message.message_id, message.conversation_id, message.sender_staff_id) == (said, chat, "u1001")
        assert (message.text.content, message.create_at) == (" 请  看", to_ms(START))
        assert [user.staff_id for user in message.at_users] == [None, "u1002"]
        assert message.extensions.keys() == {"senderPlatform", "text"}

        advance(clock, 15)  # the first time the handler was busy
        await emulator.settled()
        [told] = emulator.recorder.pushes_of("chat_add_member")
        assert ([attempt.outcome for attempt in told.attempts], told.is_acked) == (["refused", "acked"], True)
        first, again = events.frames
        assert first.headers.event_id == again.headers.event_id == told.event_id
        assert (again.headers.event_type, again.headers.event_corp_id) == ("chat_add_member", APP.corp_id)
        assert again.data["userId"] == ["u1003"]

        async with aiohttp.ClientSession() as session:
            api = Api(emulator.base_url, session)
            await api.log_in()
            await api.card(chat, "t-1")
        shown = emulator.chat_as_seen("u1002", chat).messages[-1]
        result = await emulator.clicks("u1002", shown.id, "已回复")
        assert (result.error, result.card_changed) == (0, True)
        [click] = cards.frames
        pressed = dingtalk_stream.CardCallbackMessage.from_dict(click.data)
        assert (pressed.card_instance_id, pressed.user_id, pressed.corp_id) == ("t-1", "u1002", APP.corp_id)
        assert pressed.content["cardPrivateData"] == {
            "actionIds": ["answered"],
            "params": {"act": "answered", "v": "1"},
        }


async def test_pings_are_echoed(monkeypatch: pytest.MonkeyPatch) -> None:
    robot, cards, events = Heard(), Heard(), HeardEvents()
    async with connected(monkeypatch, robot=robot, cards=cards, events=events) as (emulator, _, _):
        await emulator.sockets.ping()
        async with asyncio.timeout(60):
            while not emulator.sockets.acks:  # noqa: ASYNC110 - what is waited for are sockets, which set no event
                await asyncio.sleep(0.001)
        [ack] = emulator.sockets.acks
        assert (ack.code, list(ack.data or {})) == (200, ["opaque"])
