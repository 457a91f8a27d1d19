"""The long connection: every frame has its answer, the next one stands before the last one goes, and gaps are told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from adapters._section import DeliveryMode
from adapters.dingtalk.client import DingTalkClient
from adapters.dingtalk.event import Self
from adapters.dingtalk.frames import CARD_TOPIC, ROBOT_TOPIC, BadFrame, decode
from adapters.dingtalk.line import ASK_AFTER, SILENCE
from adapters.dingtalk.reception import Reception
from adapters.dingtalk.settings import DingTalkSettings
from adapters.dingtalk.stream import Stream, StreamEndpoint
from bot.clock import VirtualClock
from bot.errors import FailureKind, PlatformError
from bot.ports import Answer
from bot.updates import CardClicked, ChatRenamed, MessageReceived, Unreadable
from tests.adapters.dingtalk.callbacks import NOW, SETTINGS, click, message
from tests.adapters.dingtalk.organisation import company
from tests.adapters.dingtalk.platform_socket import TICKET, PlatformSocket
from tests.adapters.feishu.intake import RecordingIntake
from tests.support.housing import housing

STREAMED = replace(SETTINGS, delivery=DeliveryMode.STREAM, robot_over_http=False, card_secret="")
TITLE = {"openConversationId": "cidAbC==", "title": "新名", "operator": "u1001"}


class Wire:
    """Both ends: the platform's socket and our stream with what is behind it."""

    def __init__(self, platform: PlatformSocket) -> None:
        self.platform = platform
        self.clock = VirtualClock(NOW)
        house = housing(self.clock)
        self.client = DingTalkClient(STREAMED, house)
        self.intake = RecordingIntake()
        self.reception = Reception(
            Self(app=STREAMED.client_id, robot="回音"), self.client, clock=self.clock, busy_text="处理中"
        )
        self.stream = Stream(platform, clock=self.clock, dice=Random(1))

    async def run(self) -> None:
        await self.stream.run(lambda frame: self.reception.take(frame, self.intake))

    async def until(self, condition: Callable[[], bool], *, step: float = 0.0, most: int = 400) -> None:
        """Let the loop run, and the clock by steps, until the condition holds."""
        for _ in range(most):
            if condition():
                return
            if step:
                self.clock.move(self.clock.now() + timedelta(seconds=step))
            for _ in range(20):
                await asyncio.sleep(0)
            await asyncio.sleep(0.001)
        raise AssertionError("it never happened")


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    platform = PlatformSocket()
    await platform.start()
    made = Wire(platform)
    running = asyncio.create_task(made.run())
    await platform.has(1)
    await made.until(lambda: made.stream.state.is_connected)
    yield made
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await made.client.close()
    await platform.stop()


def data_of(answer: dict[str, Any]) -> Any:
    """The inner JSON of an answer."""
    assert answer["code"] == 200
    assert answer["headers"]["contentType"] == "application/json"
    return json.loads(answer["data"])


# ---------------------------------------------------------------- frames and their answers


async def test_the_ticket_goes_along_as_it_was_given(wire: Wire) -> None:
    assert wire.platform.tickets == [TICKET]


async def test_a_ping_is_echoed(wire: Wire) -> None:
    await wire.platform.sends("SYSTEM", "ping", {"opaque": "0xCAFE"}, name="p1")
    assert data_of(await wire.platform.answer("p1")) == {"opaque": "0xCAFE"}


async def test_a_message_is_stored_and_then_acknowledged(wire: Wire) -> None:
    wire.intake.may_store.clear()
    await wire.platform.sends("CALLBACK", ROBOT_TOPIC, message(), name="m1")
    await wire.until(lambda: not wire.intake.kept)
    assert wire.platform.answers == []
    wire.intake.may_store.set()
    assert data_of(await wire.platform.answer("m1")) == {"response": None}
    (update,) = wire.intake.of(MessageReceived)
    assert not update.is_unsigned


async def test_a_message_that_comes_again_under_another_frame_is_one_message(wire: Wire) -> None:
    """The gateway queues it anew with another frame id and the same message id (dingtalk.md 2.4)."""
    for name in ("m1", "m2"):
        await wire.platform.sends("CALLBACK", ROBOT_TOPIC, message(), name=name)
        await wire.platform.answer(name)
    assert len(wire.intake.brought) == 2
    assert len(wire.intake.kept) == 1


async def test_an_event_is_acknowledged_as_taken(wire: Wire) -> None:
    await wire.platform.sends("EVENT", "*", TITLE, name="e1", eventType="chat_update_title", eventId="ev-1")
    assert data_of(await wire.platform.answer("e1"))["status"] == "SUCCESS"
    (update,) = wire.intake.of(ChatRenamed)
    assert update.source.business_id == "ev-1"


async def test_an_event_that_could_not_be_stored_is_asked_for_again_later(wire: Wire) -> None:
    wire.intake.is_away = True
    await wire.platform.sends("EVENT", "*", TITLE, name="e1", eventType="chat_update_title", eventId="ev-1")
    assert data_of(await wire.platform.answer("e1"))["status"] == "LATER"


async def test_a_message_that_could_not_be_stored_is_not_acknowledged_as_if_it_were(wire: Wire) -> None:
    wire.intake.is_away = True
    await wire.platform.sends("CALLBACK", ROBOT_TOPIC, message(), name="m1")
    assert (await wire.platform.answer("m1"))["code"] == 500


async def test_a_click_is_answered_with_what_only_its_person_sees(wire: Wire) -> None:
    wire.intake.answer = lambda _: Answer(toast="已批准")
    await wire.platform.sends("CALLBACK", CARD_TOPIC, click(), name="c1")
    reply = data_of(await wire.platform.answer("c1"))["response"]
    assert reply["userPrivateData"] == {"cardParamMap": {"hint": "已批准"}}
    assert len(wire.intake.of(CardClicked)) == 1


async def test_the_same_press_twice_is_two_clicks_and_one_delivered_twice_is_one(wire: Wire) -> None:
    for name in ("c1", "c2", "c2"):
        await wire.platform.sends("CALLBACK", CARD_TOPIC, click(), name=name)
    await wire.until(lambda: len(wire.platform.answers) == 3)
    assert len(wire.intake.of(CardClicked)) == 2


async def test_a_form_without_an_action_finds_it_among_the_notes(wire: Wire) -> None:
    from tests.adapters.dingtalk.outgoing import CARD

    await wire.client.tracks.shown("hy-" + "0" * 40, CARD)
    await wire.platform.sends("CALLBACK", CARD_TOPIC, click(params={"form": {"answer": "好"}}), name="c1")
    await wire.platform.answer("c1")
    (update,) = wire.intake.of(CardClicked)
    assert (update.action, update.form) == ("clock_ack", {"answer": "好"})


@pytest.mark.parametrize("data", ["{", "[]", '"x"', ""])
async def test_what_cannot_be_read_is_kept_and_acknowledged(wire: Wire, data: str) -> None:
    await wire.platform.sends("CALLBACK", ROBOT_TOPIC, data, name="m1")
    assert (await wire.platform.answer("m1"))["code"] == 200
    assert len(wire.intake.of(Unreadable)) == 1


async def test_a_topic_that_we_never_asked_for_is_kept_as_it_is(wire: Wire) -> None:
    await wire.platform.sends("CALLBACK", "/v1.0/graph/api/invoke", {"x": 1}, name="g1")
    await wire.platform.answer("g1")
    assert len(wire.intake.of(Unreadable)) == 1


async def test_frames_that_are_none_end_nothing(wire: Wire) -> None:
    for text in ("", "x", "[]", "{}", '{"type":7}', '{"type":"NEW","headers":{}}', "{" * 100):
        await wire.platform.raw(text)
    await wire.platform.sends("SYSTEM", "CONNECTED", {}, name="s1")
    await wire.platform.sends("SYSTEM", "ping", {}, name="p1")
    await wire.platform.answer("p1")
    assert wire.stream.state.is_connected


@pytest.mark.parametrize(
    "raw", ["", "x", "[]", "{}", '{"headers":{}}', '{"type":1}', "{" * 50, '{"type":"A","type":"B"}']
)
def test_no_text_is_another_exception_than_a_bad_frame(raw: str) -> None:
    with pytest.raises(BadFrame):
        decode(raw)


# ---------------------------------------------------------------- its life


async def test_after_a_farewell_the_next_one_stands_before_the_last_one_goes(wire: Wire) -> None:
    """Whatever comes over the old one in its last moments still counts (dingtalk.md 2.4)."""
    wire.clock.move(wire.clock.now() + timedelta(seconds=31))
    await wire.platform.sends("SYSTEM", "disconnect", {"reason": "persistent connection is timeout"}, name="d1")
    await wire.platform.has(2)
    await wire.platform.has_ended(1)
    await wire.until(lambda: wire.stream.state.reconnects == 1)
    assert wire.platform.tickets == [TICKET, TICKET]
    assert not any(one["headers"]["messageId"] == "d1" for one in wire.platform.answers)
    [(start, end)] = wire.stream.state.gaps
    assert end - start < timedelta(seconds=3), "F14: back within three seconds"
    await wire.platform.sends("CALLBACK", ROBOT_TOPIC, message(), name="m1")
    await wire.platform.answer("m1")


async def test_a_platform_that_says_farewell_at_once_is_not_stormed(wire: Wire) -> None:
    for _ in range(3):
        count = len(wire.platform.sockets)
        await wire.platform.sends("SYSTEM", "disconnect", {}, name="d1")
        await wire.until(lambda: not wire.stream.state.is_connected)
        assert len(wire.platform.sockets) == count, "not before a moment has passed"
        await wire.until(lambda: wire.stream.state.is_connected, step=0.5)


async def test_a_lost_connection_comes_back_and_the_gap_is_known(wire: Wire) -> None:
    before = wire.clock.now()
    await wire.platform.sockets[0].close(drain=False)
    await wire.until(lambda: not wire.stream.state.is_connected)
    await wire.until(lambda: wire.stream.state.is_connected, step=0.5)
    [(start, end)] = wire.stream.state.gaps
    assert start == before
    assert end <= before + timedelta(seconds=10)


async def test_a_silent_connection_is_asked_and_then_replaced(wire: Wire) -> None:
    """Stream mode goes deaf without a word (dingtalk.md 2.4): ninety seconds without a sign are enough."""
    wire.platform.answers_pings = False
    start = wire.clock.now()
    await wire.until(lambda: wire.platform.transport_pings > 0, step=5)
    assert wire.clock.now() - start <= ASK_AFTER + timedelta(seconds=15)
    await wire.until(lambda: wire.stream.state.reconnects == 1, step=2)
    [(gone, back)] = wire.stream.state.gaps
    assert SILENCE <= back - gone <= timedelta(seconds=110)


async def test_a_quiet_connection_that_answers_lives(wire: Wire) -> None:
    for _ in range(30):
        wire.clock.move(wire.clock.now() + timedelta(seconds=10))
        await wire.until(lambda: True)
        for _ in range(30):
            await asyncio.sleep(0)
        await asyncio.sleep(0.001)
    assert wire.stream.state.reconnects == 0
    assert wire.platform.transport_pings >= 4


async def test_the_end_is_a_proper_goodbye() -> None:
    platform = PlatformSocket()
    await platform.start()
    wire = Wire(platform)
    running = asyncio.create_task(wire.run())
    await platform.has(1)
    await wire.until(lambda: wire.stream.state.is_connected)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await platform.has_ended(1)
    assert platform.close_codes == [1000]
    await wire.client.close()
    await platform.stop()


class Closed:
    """A gateway that lets nobody in."""

    def __init__(self, problem: PlatformError | None = None, url: str = "") -> None:
        self.problem = problem
        self.url = url
        self.asked = 0

    async def stream_endpoint(self) -> StreamEndpoint:
        self.asked += 1
        if self.problem is not None:
            raise self.problem
        return StreamEndpoint(self.url, "t")


@pytest.mark.parametrize(
    ("gateway", "is_final"),
    [
        (Closed(PlatformError(FailureKind.ADMINISTRATOR, code="invalidClientIdOrSecret", hint="核对")), True),
        (Closed(PlatformError(FailureKind.RETRY, code="no_address")), False),
        (Closed(url="ws://wss-open-connection.dingtalk.com/connect"), False),
        (Closed(url="wss://"), False),
    ],
)
async def test_a_gateway_that_refuses_is_asked_again_and_tells_why(gateway: Closed, is_final: bool) -> None:
    """F10: what only an administrator can mend is tried once a minute. Unsafe addresses are never opened."""
    clock = VirtualClock(NOW)
    stream = Stream(gateway, clock=clock, dice=Random(2))

    async def nothing(_: object) -> str:
        return ""

    running = asyncio.create_task(stream.run(nothing))
    for _ in range(60):
        for _ in range(20):
            await asyncio.sleep(0)
        await asyncio.sleep(0.001)
        clock.move(clock.now() + timedelta(seconds=2))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert not stream.state.is_connected
    if is_final:
        assert 2 <= gateway.asked <= 3
        assert [one.hint for one in stream.findings] == ["核对"]
    else:
        assert gateway.asked >= 3
        assert stream.findings == []


# ---------------------------------------------------------------- what is subscribed


@pytest.mark.parametrize(
    ("settings", "topics"),
    [
        (STREAMED, ["*", ROBOT_TOPIC, CARD_TOPIC]),
        (replace(STREAMED, delivery=DeliveryMode.WEBHOOK), [ROBOT_TOPIC, CARD_TOPIC]),
        (replace(STREAMED, delivery=DeliveryMode.WEBHOOK, robot_over_http=True), [CARD_TOPIC]),
    ],
)
async def test_only_what_is_wanted_is_subscribed(settings: DingTalkSettings, topics: list[str]) -> None:
    from adapters.dingtalk.adapter import DingTalkAdapter

    path = "/v1.0/gateway/connections/open"
    async with company(settings) as here:
        here.platform.says(path, {"endpoint": "wss://x.dingtalk.com/connect", "ticket": "t"})
        adapter = DingTalkAdapter(settings, here.client, housing(here.clock))
        assert await adapter.stream_endpoint() == StreamEndpoint("wss://x.dingtalk.com/connect", "t")
        (asked,) = here.platform.of(path)
        assert [one["topic"] for one in asked.body["subscriptions"]] == topics
        assert asked.body["clientId"] == settings.client_id
        assert asked.token == ""


@pytest.mark.parametrize(
    "answer", [{}, {"endpoint": "wss://x"}, {"ticket": "t"}, {"endpoint": "https://x", "ticket": "t"}]
)
async def test_a_gateway_without_an_address_is_asked_again(answer: dict[str, str]) -> None:
    async with company(STREAMED) as here:
        here.platform.says("/v1.0/gateway/connections/open", answer)
        with pytest.raises(PlatformError) as refused:
            await here.client.stream_endpoint()
        assert refused.value.kind is FailureKind.RETRY
