"""The bot's one connection: nothing it brings is lost, one process has it, strangers are not fought, answers go where they may."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.wecom import WeComAdapter, create
from adapters.wecom.frames import SEND, SUBSCRIBE, UPDATE, WELCOME, Frame, decode
from adapters.wecom.line import SILENCE
from adapters.wecom.payload import button_key
from adapters.wecom.pushes import Pushes
from adapters.wecom.render import task_of
from adapters.wecom.stream import LEASE_SECONDS, RENEW_EVERY, STAY_AWAY
from bot.clock import VirtualClock
from bot.domain.ids import MessageKey
from bot.errors import FailureKind, PlatformError, StoreUnavailable
from bot.messages import EditCard, SendCard, SendText, Text
from bot.ports import Housing
from bot.updates import CardClicked, MessageReceived, without_mentions
from tests.adapters.feishu.intake import RecordingIntake
from tests.adapters.wecom.company import CARD, group, person
from tests.adapters.wecom.platform_socket import PlatformSocket
from tests.adapters.wecom.test_decode_bot import push
from tests.support.housing import housing

NOW = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)


class OneLease:
    """Implements `bot.ports.Leadership` for several processes of one test, as the row in the store does."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.is_away = False
        self.holder = ""
        self.until = clock.now()
        self.fence = 0

    def of(self, name: str) -> Lease:
        return Lease(self, name)


class Lease:
    """One process's view of it."""

    def __init__(self, row: OneLease, name: str) -> None:
        self._row = row
        self._name = name

    async def lead(self, duty: str, *, seconds: float) -> int | None:
        row = self._row
        if row.is_away:
            raise StoreUnavailable("away")
        now = row.clock.now()
        if row.until > now and row.holder != self._name:
            return None
        if row.until <= now:
            row.fence += 1
        row.holder, row.until = self._name, now + timedelta(seconds=seconds)
        return row.fence

    async def release(self, duty: str) -> None:
        if self._row.holder == self._name:
            self._row.until = self._row.clock.now()


class Process:
    """One process of the program."""

    def __init__(self, adapter: WeComAdapter, house: Housing) -> None:
        self.adapter = adapter
        self.house = house
        self.intake = RecordingIntake()
        self._running: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._running = asyncio.create_task(self.adapter.run(self.intake))

    async def stop(self) -> None:
        await self.adapter.close()
        if self._running is not None:
            await asyncio.gather(self._running, return_exceptions=True)

    def heard(self) -> list[str]:
        return [without_mentions(one.text) for one in self.intake.of(MessageReceived)]


class Wire:
    """The platform's socket and the processes that want it."""

    def __init__(self, platform: PlatformSocket) -> None:
        self.platform = platform
        self.clock = VirtualClock(NOW)
        self.lease = OneLease(self.clock)
        self.notebook = housing(self.clock).notebook
        self.processes: list[Process] = []

    def process(self, name: str, *, delivery: str = "stream") -> Process:
        house = replace(housing(self.clock), leadership=self.lease.of(name), notebook=self.notebook)
        bot: dict[str, object] = {"bot_id": "aibXYZ", "secret": "s", "ws_url": self.platform.url, "delivery": delivery}
        if delivery == "webhook":
            bot |= {"token": "Token12345", "aes_key": "A" * 43}
        section = {"corp_id": "ww0123456789abcdef", "base_url": self.platform.http_url, "bot": bot}
        made = Process(create(section, house), house)
        self.processes.append(made)
        return made

    async def until(self, condition: Callable[[], bool], *, step: float = 0.0, most: int = 2_000) -> None:
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


@asynccontextmanager
async def platform() -> AsyncIterator[Wire]:
    socket = PlatformSocket()
    await socket.start()
    wire = Wire(socket)
    try:
        yield wire
    finally:
        for one in wire.processes:
            await one.stop()
        await socket.stop()


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with platform() as made:
        yield made


async def connected(wire: Wire, name: str = "one") -> Process:
    """A process that has the connection."""
    made = wire.process(name)
    made.start()
    await wire.until(lambda: made.adapter.connection.is_connected)
    return made


def said(number: int, **members: Any) -> dict[str, Any]:
    return push(msgid=f"CAIQ{number}", text={"content": f"@回音 {number}"}, **members)


def event(kind: str, **members: Any) -> dict[str, Any]:
    return {
        "msgid": f"EV-{kind}",
        "aibotid": "aibXYZ",
        "chattype": "single",
        "from": {"userid": "lihua"},
        "create_time": int(NOW.timestamp()),
        "msgtype": "event",
        "event": {"eventtype": kind, **members},
    }


def press(task: str) -> dict[str, Any]:
    key = button_key(CARD.buttons[0].action, CARD.buttons[0].params)
    return event("template_card_event", template_card_event={"task_id": task, "event_key": key})


# ---------------------------------------------------------------- what comes in


async def test_while_the_store_is_away_nothing_is_lost_and_the_order_stays(wire: Wire) -> None:
    """Each push had a task of its own once, gave up after five tries, and whoever was stored first came first."""
    process = await connected(wire)
    process.intake.is_away = True
    for number in range(20):
        await wire.platform.pushes(said(number))
    await wire.until(lambda: wire.platform.pings > 1, step=5)
    for _ in range(12):
        wire.clock.move(wire.clock.now() + timedelta(seconds=5))
        await wire.until(lambda: True)
    process.intake.is_away = False
    await wire.until(lambda: len(process.heard()) == 20, step=1)
    assert process.heard() == [str(number) for number in range(20)]


async def test_what_a_connection_brought_outlives_it(wire: Wire) -> None:
    process = await connected(wire)
    process.intake.is_away = True
    await wire.platform.pushes(said(1))
    await wire.until(lambda: wire.platform.pings > 0)
    await wire.platform.sockets[0].close()
    await wire.until(lambda: len(wire.platform.sockets) == 2, step=1)
    process.intake.is_away = False
    await wire.platform.pushes(said(2))
    await wire.until(lambda: len(process.heard()) == 2, step=1)
    assert process.heard() == ["1", "2"]


async def test_much_may_wait_for_the_store_and_what_we_say_is_acknowledged_meanwhile(wire: Wire) -> None:
    process = await connected(wire)
    process.intake.is_away = True
    for number in range(2_000):
        await wire.platform.pushes(said(number))
    receipt = await process.adapter.send(SendText(target=group("wrGROUP1"), body=(Text("在"),)), key="t1")
    assert receipt.chat == group("wrGROUP1").chat
    assert process.adapter.connection.waiting == 2_000
    process.intake.is_away = False
    await wire.until(lambda: len(process.heard()) == 2_000, step=0.5)
    await wire.until(lambda: process.adapter.connection.waiting == 0)
    assert process.heard() == [str(number) for number in range(2_000)]


async def test_more_bytes_than_may_wait_stay_on_the_socket() -> None:
    stored: list[str] = []
    may_store = asyncio.Event()

    async def take(frame: Frame) -> None:
        await may_store.wait()
        stored.append(frame.request)

    def frame(number: int) -> Frame:
        return decode(f'{{"cmd":"aibot_msg_callback","headers":{{"req_id":"{number:03}"}},"body":{{}}}}')

    pushes = Pushes(take, clock=VirtualClock(NOW), most=3 * frame(0).size)
    running = asyncio.create_task(pushes.run())
    for number in range(3):
        await asyncio.wait_for(pushes.put(frame(number)), 5)
    late = asyncio.create_task(pushes.put(frame(3)))
    await asyncio.sleep(0.01)
    assert not late.done(), "the socket keeps it"
    may_store.set()
    await asyncio.wait_for(late, 5)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await pushes.finish()
    assert stored == ["000", "001", "002", "003"]


async def test_what_comes_before_the_subscription_is_answered_is_heard(wire: Wire) -> None:
    wire.platform.early = [said(1), said(2)]
    process = await connected(wire)
    await wire.platform.pushes(said(3))
    await wire.until(lambda: len(process.heard()) == 3)
    assert process.heard() == ["1", "2", "3"]


async def test_a_press_does_not_wait_for_what_cannot_be_stored(wire: Wire) -> None:
    process = await connected(wire)
    process.intake.may_store.clear()
    await wire.platform.pushes(said(1))
    await wire.until(lambda: not process.intake.kept)
    process.intake.may_store.set()
    await wire.platform.pushes(press("t1"))
    await wire.until(lambda: len(process.intake.of(CardClicked)) == 1)


async def test_what_still_waits_at_the_end_is_stored_before_the_program_goes(wire: Wire) -> None:
    process = await connected(wire)
    process.intake.is_away = True
    await wire.platform.pushes(said(1))
    await wire.until(lambda: wire.platform.pings > 0)
    process.intake.is_away = False
    await process.stop()
    assert process.heard() == ["1"]


# ---------------------------------------------------------------- one process has it


async def test_one_process_connects_and_the_next_takes_over_when_it_ends(wire: Wire) -> None:
    first = await connected(wire)
    second = wire.process("two")
    second.start()
    await wire.until(lambda: wire.clock.now() - NOW > timedelta(minutes=1), step=2)
    assert len(wire.platform.sockets) == 1
    await first.stop()
    await wire.until(lambda: second.adapter.connection.is_connected, step=1)
    assert len(wire.platform.sockets) == 2


async def test_a_store_that_hangs_for_a_moment_does_not_cost_the_connection(wire: Wire) -> None:
    process = await connected(wire)
    wire.lease.is_away = True
    wire.clock.move(wire.clock.now() + RENEW_EVERY)
    await wire.until(lambda: True)
    assert process.adapter.connection.is_connected
    wire.lease.is_away = False
    await wire.until(lambda: wire.lease.until > wire.clock.now() + RENEW_EVERY, step=1)
    assert len(wire.platform.sockets) == 1


async def test_who_cannot_renew_lets_go_before_another_may_begin(wire: Wire) -> None:
    process = await connected(wire)
    wire.lease.is_away = True
    since = wire.lease.until - timedelta(seconds=LEASE_SECONDS)
    await wire.until(lambda: wire.platform.sockets[0].closed, step=1)
    assert wire.clock.now() - since < timedelta(seconds=LEASE_SECONDS)
    assert not process.adapter.connection.is_connected


async def test_a_clock_that_jumps_over_the_lease_keeps_the_connection_when_nobody_else_came(wire: Wire) -> None:
    await connected(wire)
    wire.clock.move(wire.clock.now() + timedelta(seconds=40))
    await wire.until(lambda: wire.lease.fence == 2)
    assert len(wire.platform.sockets) == 1


async def test_without_the_connection_a_text_waits_for_the_process_that_has_it(wire: Wire) -> None:
    await connected(wire)
    other = wire.process("two")
    other.start()
    with pytest.raises(PlatformError) as refused:
        await other.adapter.send(SendText(target=group("wrGROUP1"), body=(Text("到"),)), key="k")
    assert (refused.value.kind, refused.value.code) == (FailureKind.RETRY, "not_connected")


# ---------------------------------------------------------------- strangers and silence


async def test_a_stranger_that_takes_the_bot_is_not_fought_and_each_time_left_alone_for_longer(wire: Wire) -> None:
    """A copy of the program on another store once took turns with this one, every minute, for ever."""
    process = await connected(wire)
    stayed: list[timedelta] = []
    for number in range(1, 4):
        await wire.platform.pushes(event("disconnected_event"))
        await wire.platform.sockets[-1].close()
        gone = wire.clock.now()
        await wire.until(lambda: not process.adapter.connection.is_connected)
        await wire.until(lambda n=number: len(wire.platform.sockets) == n + 1, step=10)  # type: ignore[misc]
        stayed.append(wire.clock.now() - gone)
        await wire.until(lambda: process.adapter.connection.is_connected)
    assert stayed[0] >= STAY_AWAY
    assert stayed[1] >= 2 * STAY_AWAY
    assert stayed[2] >= 4 * STAY_AWAY


async def test_a_takeover_is_told_to_whoever_looks(wire: Wire) -> None:
    process = await connected(wire)
    await wire.platform.pushes(event("disconnected_event"))
    await wire.until(lambda: bool(process.adapter.stream_findings), step=1)
    assert process.adapter.stream_findings[0].id == "wecom.bot_elsewhere"


async def test_a_connection_that_falls_silent_is_replaced_and_the_gap_is_told(wire: Wire) -> None:
    process = await connected(wire)
    wire.platform.answers_pings = False
    await wire.until(lambda: len(wire.platform.sockets) == 2, step=5)
    await wire.until(lambda: process.adapter.connection.is_connected, step=1)
    [(start, end)] = process.adapter.connection.gaps
    assert end - start >= SILENCE


# ---------------------------------------------------------------- answers


async def test_whoever_opens_the_chat_is_welcomed_by_the_answer_to_that(wire: Wire) -> None:
    """A push would be refused: nobody has written in that conversation yet."""
    process = await connected(wire)
    await wire.platform.pushes(event("enter_chat"), request="open-1")
    await process.intake.has(1)
    await process.adapter.send(SendText(target=person("lihua"), body=(Text("您好"),)), key="k1")
    await process.adapter.send(SendText(target=person("lihua"), body=(Text("再来"),)), key="k2")
    [welcome] = wire.platform.calls(WELCOME)
    assert welcome["headers"]["req_id"] == "open-1"
    assert welcome["body"] == {"msgtype": "text", "text": {"content": "您好"}}
    assert len(wire.platform.calls(SEND)) == 1


async def test_five_seconds_later_it_is_a_push_like_any_other(wire: Wire) -> None:
    process = await connected(wire)
    await wire.platform.pushes(event("enter_chat"), request="open-1")
    await process.intake.has(1)
    wire.clock.move(wire.clock.now() + timedelta(seconds=5))
    await process.adapter.send(SendText(target=person("lihua"), body=(Text("您好"),)), key="k1")
    assert (len(wire.platform.calls(WELCOME)), len(wire.platform.calls(SEND))) == (0, 1)


async def test_a_pressed_card_is_replaced_by_the_request_of_the_press(wire: Wire) -> None:
    process = await connected(wire)
    await process.adapter.send(SendCard(target=person("lihua"), card_id="c1", card=CARD), key="k1")
    edit = EditCard(target=person("lihua"), card_id="c1", message=MessageKey("wecom", task_of("k1")), card=CARD)
    await wire.platform.pushes(press(task_of("k1")), request="press-1")
    await process.intake.has(1)
    await process.adapter.send(edit, key="k2")
    [change] = wire.platform.calls(UPDATE)
    assert change["headers"]["req_id"] == "press-1"
    with pytest.raises(PlatformError) as again:
        await process.adapter.send(edit, key="k3")
    assert again.value.kind is FailureKind.GONE


async def test_a_press_that_another_process_was_told_of_is_left_to_it(wire: Wire) -> None:
    """The process without the connection sent the card anew once, so that the reader had it twice."""
    first = await connected(wire)
    other = wire.process("two")
    other.start()
    await wire.platform.pushes(press("t1"), request="press-1")
    await first.intake.has(1)
    edit = EditCard(target=person("lihua"), card_id="c1", message=MessageKey("wecom", "t1"), card=CARD)
    with pytest.raises(PlatformError) as elsewhere:
        await other.adapter.send(edit, key="k2")
    assert elsewhere.value.kind is FailureKind.RETRY
    await first.adapter.send(edit, key="k2")
    wire.clock.move(wire.clock.now() + timedelta(seconds=5))
    with pytest.raises(PlatformError) as late:
        await other.adapter.send(edit, key="k2")
    assert late.value.kind is FailureKind.GONE


async def test_a_text_in_parts_goes_on_where_it_stopped(wire: Wire) -> None:
    process = await connected(wire)
    long = SendText(target=group("wrGROUP1"), body=(Text("𠮷" * 6_000),))
    wire.platform.next_codes[SEND] = [0, 846_607]
    with pytest.raises(PlatformError):
        await process.adapter.send(long, key="k")
    first, refused = [one["body"]["markdown"]["content"] for one in wire.platform.calls(SEND)]
    wire.platform.said.clear()
    await process.adapter.send(long, key="k")
    [rest] = [one["body"]["markdown"]["content"] for one in wire.platform.calls(SEND)]
    assert rest == refused
    assert first != rest


async def test_a_wrong_secret_is_told_and_tried_seldom(wire: Wire) -> None:
    wire.platform.codes[SUBSCRIBE] = 853_000
    process = wire.process("one")
    process.start()
    await wire.until(lambda: bool(process.adapter.stream_findings), step=1)
    before = len(wire.platform.sockets)
    start = wire.clock.now()
    await wire.until(lambda: wire.clock.now() - start > timedelta(minutes=3), step=5)
    assert len(wire.platform.sockets) - before <= 4


# ---------------------------------------------------------------- over HTTP


def addressed(url: str) -> dict[str, Any]:
    return said(1, response_url=url)


async def heard_over_http(wire: Wire, url: str) -> Process:
    """A bot in URL mode that was told an address for its answer."""
    process = wire.process("one", delivery="webhook")
    bot = process.adapter._client.bot
    assert bot is not None
    await bot.learn(addressed(url), request="")
    return process


async def answer(process: Process) -> None:
    await process.adapter.send(SendText(target=group("wrGROUP1"), body=(Text("到"),)), key="k")


async def test_an_address_is_good_for_one_answer(wire: Wire) -> None:
    process = await heard_over_http(wire, f"{wire.platform.http_url}/aibot/response?response_code=1")
    await answer(process)
    assert wire.platform.posted == [{"msgtype": "markdown", "markdown": {"content": "到"}}]
    with pytest.raises(PlatformError) as spent:
        await answer(process)
    assert spent.value.kind is FailureKind.GONE


async def test_a_call_that_had_no_effect_does_not_use_the_address_up(wire: Wire) -> None:
    process = await heard_over_http(wire, f"{wire.platform.http_url}/aibot/response?response_code=1")
    wire.platform.post_code = 45_009
    with pytest.raises(PlatformError):
        await answer(process)
    wire.platform.post_code = 0
    await answer(process)
    assert len(wire.platform.posted) == 2


async def test_another_process_answers_through_the_address_that_this_one_heard(wire: Wire) -> None:
    await heard_over_http(wire, f"{wire.platform.http_url}/aibot/response?response_code=1")
    await answer(wire.process("two", delivery="webhook"))
    assert len(wire.platform.posted) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/cgi-bin/aibot/response?response_code=1",
        "https://qyapi.weixin.qq.com.evil.example/cgi-bin/aibot/response?response_code=1",
        "https://user@qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=1",
        "https://qyapi.weixin.qq.com/cgi-bin/message/send?access_token=1",
        "file:///etc/passwd",
        "https://qyapi.weixin.qq.com:bad/cgi-bin/aibot/response",
        "",
    ],
)
async def test_nothing_is_posted_to_an_address_that_is_not_the_platforms(wire: Wire, url: str) -> None:
    process = await heard_over_http(wire, url)
    with pytest.raises(PlatformError) as refused:
        await answer(process)
    assert refused.value.code == "no_address"


async def test_a_call_that_nobody_acknowledges_holds_up_no_answer_to_a_press(wire: Wire) -> None:
    """One lock for all calls once let a lost push use up the five seconds of a card."""
    process = await connected(wire)
    wire.platform.codes[SEND] = None
    lost = asyncio.create_task(
        process.adapter.send(SendText(target=group("wrGROUP1"), body=(Text("到"),)), key="k1"),
    )
    await wire.until(lambda: len(wire.platform.calls(SEND)) == 1)
    await wire.platform.pushes(press("t1"), request="press-1")
    await process.intake.has(1)
    edit = EditCard(target=person("lihua"), card_id="c1", message=MessageKey("wecom", "t1"), card=CARD)
    await process.adapter.send(edit, key="k2")
    assert not lost.done()
    lost.cancel()
    await asyncio.gather(lost, return_exceptions=True)
