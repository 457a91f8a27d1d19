"""The long connection: it comes back from whatever happens to it, loses nothing, and says for how long it was gone."""

from __future__ import annotations

import asyncio
import base64
import json
import statistics
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from random import Random

import pytest
from structlog.testing import capture_logs

from adapters._hardened_json import JsonTable
from adapters.feishu import create
from adapters.feishu.emulator import EmulatorOptions
from adapters.feishu.line import MAX_IN_FLIGHT, Pace
from adapters.feishu.reception import Reception
from adapters.feishu.stream import Stream
from bot.clock import VirtualClock
from bot.errors import StoreUnavailable
from bot.ports import Finding, Severity
from bot.updates import CardClicked, MessageReceived, Unreadable
from tests.adapters.feishu.callbacks import APP_ID, NOW, event
from tests.adapters.feishu.intake import RecordingIntake
from tests.adapters.feishu.platform_socket import PlatformSocket
from tests.adapters.feishu.tenant import BUSY, Tenant, section, stream_tenant, until
from tests.adapters.feishu_emulator.rig import START, advance, make_emulator, stream
from tests.support.figures import Figures
from tests.support.housing import housing

ENDPOINT = "ws.endpoint"
PAYLOAD = json.dumps(event("message_text_with_mention"), ensure_ascii=False).encode()


@pytest.fixture
async def tenant() -> AsyncIterator[Tenant]:
    async with stream_tenant() as tenant:
        yield tenant


async def passes(
    clock: VirtualClock, seconds: float, *, step: float = 1.0, end: Callable[[], bool] = lambda: False
) -> float:
    """Let time pass step by step, with what the loop has to do in between, until `end`; returns how much did.

    Both ends are in this loop, so it is rounds of it that count and not real time.
    """
    passed = 0.0
    while passed < seconds and not end():
        advance(clock, step)
        passed += step
        for _ in range(40):
            await asyncio.sleep(0)
    return passed


def texts(tenant: Tenant) -> list[str]:
    return [one.text for one in tenant.intake.of(MessageReceived)]


class TestReconnecting:
    """With the emulated platform."""

    async def test_after_a_goodbye_it_is_back_within_seconds_and_the_gap_is_known(self, tenant: Tenant) -> None:
        await passes(tenant.clock, 60, step=10)
        before = tenant.clock.now()
        await tenant.emulator.disconnects()
        await until(lambda: not tenant.adapter.connection.is_connected)
        assert await passes(tenant.clock, 60, end=lambda: tenant.adapter.connection.is_connected) <= 3
        state = tenant.adapter.connection
        assert (state.reconnects, state.gaps) == (1, ((before, state.since),))
        await tenant.emulator.says("ou_alice", "1", tenant.chat)
        await tenant.emulator.settled()
        assert texts(tenant) == ["1"]

    async def test_a_minute_without_the_platform_costs_a_gap_and_no_event(self, tenant: Tenant) -> None:
        await tenant.emulator.disconnects(60)
        await until(lambda: not tenant.adapter.connection.is_connected)
        await tenant.emulator.says("ou_alice", "1", tenant.chat)
        assert await passes(tenant.clock, 200, end=lambda: tenant.adapter.connection.is_connected) <= 125
        [(start, end)] = tenant.adapter.connection.gaps
        assert 60 <= (end - start).total_seconds() <= 125
        while not tenant.intake.kept:
            await tenant.emulator.settled()
            advance(tenant.clock, 15)
        assert texts(tenant) == ["1"]

    async def test_a_silent_connection_is_replaced_within_ninety_five_seconds(self, tenant: Tenant) -> None:
        await passes(tenant.clock, 50, step=5)
        assert tenant.emulator.silences_sockets() == 1
        await passes(tenant.clock, 120, end=lambda: tenant.adapter.connection.reconnects > 0)
        [(start, end)] = tenant.adapter.connection.gaps
        assert 90 <= (end - start).total_seconds() <= 95
        await tenant.emulator.says("ou_alice", "1", tenant.chat)
        while not tenant.intake.kept:  # the platform may try the silent one first
            await tenant.emulator.settled()
            advance(tenant.clock, 15)
        assert texts(tenant) == ["1"]

    @pytest.mark.slow
    async def test_two_hundred_blackholes_are_noticed_in_time(self, figures: Figures) -> None:
        """F14: at random moments, 95 of 100 gaps last 95 seconds at most."""
        dice = Random(14)
        gaps: list[float] = []
        async with stream_tenant() as tenant:
            await passes(tenant.clock, 100, step=5)
            while len(gaps) < 200:
                await passes(tenant.clock, dice.uniform(0, 60), step=2.5)
                tenant.emulator.silences_sockets()
                before = tenant.adapter.connection.reconnects
                await passes(tenant.clock, 130, step=2.5, end=lambda: tenant.adapter.connection.reconnects > before)  # noqa: B023 - used at once
                start, end = tenant.adapter.connection.gaps[-1]
                gaps.append((end - start).total_seconds())
        figures(
            "feishu long connection blackholed",
            f"200 times, gap median {statistics.median(gaps)} s, p95 {sorted(gaps)[189]} s",
        )
        assert sorted(gaps)[189] <= 95
        assert max(gaps) <= 100

    async def test_a_jump_of_the_clock_is_no_silence(self, tenant: Tenant) -> None:
        """The playground jumps for hours; the platform is asked first and has time to answer."""
        for seconds in (45, 1800, 8 * 3600, 24 * 3600):  # the first lets the ping of the beginning be answered
            advance(tenant.clock, seconds)
            await until(lambda: tenant.adapter.connection.last_frame_at == tenant.clock.now())
        assert tenant.adapter.connection.reconnects == 0

    async def test_a_clock_that_goes_back_does_not_stop_the_pings(self, tenant: Tenant) -> None:
        advance(tenant.clock, -3600)
        before = tenant.emulator.sockets.pings
        await passes(tenant.clock, 45, step=5)
        assert tenant.emulator.sockets.pings > before
        assert tenant.adapter.connection.reconnects == 0

    async def test_events_that_were_not_acknowledged_come_again_and_are_kept_once(self, tenant: Tenant) -> None:
        tenant.emulator.faults.add("push.*", "disconnect", nth=2, seconds=5)
        for number in range(3):
            await tenant.emulator.says("ou_alice", str(number), tenant.chat)
        while len(tenant.intake.kept) < 3:
            await passes(tenant.clock, 15)
            await tenant.emulator.settled()
        assert sorted(texts(tenant)) == ["0", "1", "2"]


@asynccontextmanager
async def running(options: EmulatorOptions, **changes: object) -> AsyncIterator[Tenant]:
    """A tenant whose adapter tries to connect, successfully or not."""
    clock = VirtualClock(START)
    emulator = make_emulator(clock, options=options)
    await emulator.start()
    adapter = create({**section(emulator, delivery="stream"), **changes}, housing(clock, busy_text=BUSY))
    tenant = Tenant(emulator, adapter, clock, "")
    task = asyncio.create_task(adapter.run(tenant.intake))
    try:
        yield tenant
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await adapter.close()
        await emulator.stop()


async def findings(tenant: Tenant) -> list[Finding]:
    """What the probe says about the long connection."""
    return [one for one in await tenant.adapter.probe() if one.id == "feishu.stream"]


class TestRefusals:
    """What only an administrator can mend is not hammered."""

    async def test_a_wrong_secret_is_tried_once_a_minute_and_becomes_a_finding(self) -> None:
        async with running(stream(), app_secret="wrong") as tenant:
            await passes(tenant.clock, 600, step=5)
            tries = len(tenant.emulator.recorder.calls_of(ENDPOINT))
            [finding] = await findings(tenant)
            assert not tenant.adapter.connection.is_connected
        assert 8 <= tries <= 11
        assert finding.severity is Severity.FAILURE
        assert "514" in finding.message
        assert finding.hint

    async def test_when_the_app_is_enabled_again_it_connects_and_the_finding_goes(self) -> None:
        async with running(stream()) as tenant:
            await until(lambda: tenant.adapter.connection.is_connected)
            tenant.emulator.disables_app()
            await tenant.emulator.disconnects()
            await passes(tenant.clock, 90, step=5)
            assert not tenant.adapter.connection.is_connected
            assert await findings(tenant)
            tenant.emulator.disables_app(is_enabled=True)
            await passes(tenant.clock, 65, step=5, end=lambda: tenant.adapter.connection.is_connected)
            assert tenant.adapter.connection.is_connected
            assert await findings(tenant) == []

    async def test_too_many_connections_say_so(self) -> None:
        async with running(stream(max_connections=0)) as tenant:
            await until(lambda: bool(tenant.emulator.recorder.calls_of(ENDPOINT)))
            await passes(tenant.clock, 1)
            [finding] = await findings(tenant)
        assert "1000040350" in finding.message
        assert finding.hint

    async def test_a_busy_platform_is_asked_again_with_growing_pauses(self) -> None:
        async with running(stream()) as tenant:
            await until(lambda: tenant.adapter.connection.is_connected)
            tenant.emulator.faults.add(ENDPOINT, "http_500")
            await tenant.emulator.disconnects()
            await passes(tenant.clock, 600)
            tries = len(tenant.emulator.recorder.calls_of(ENDPOINT))
            assert await findings(tenant) == []
        assert 14 <= tries <= 28


async def test_a_payload_in_many_frames_is_put_together_and_acknowledged_once() -> None:
    async with stream_tenant(stream(fragment_bytes=100)) as tenant:
        await tenant.emulator.says("ou_alice", "很长的话" * 200, tenant.chat)
        await tenant.emulator.settled()
        assert texts(tenant) == ["很长的话" * 200]
        [push] = tenant.emulator.recorder.pushes
        assert (push.is_acked, len(push.attempts)) == (True, 1)


@pytest.mark.slow
async def test_a_click_in_a_card_frame_is_stored_and_answered(tenant: Tenant) -> None:
    tenant.emulator.change_options(callback_frame="card")
    shown = await tenant.emulator.clicks("ou_bob", await tenant.sends_card(), "已收到")
    assert (shown.toast, shown.error) == ("好的", 0)
    [click] = tenant.intake.of(CardClicked)
    assert (click.operator.account, click.action) == ("ou_bob", "acknowledge")


async def test_three_hundred_events_at_once_are_stored_in_their_order(tenant: Tenant) -> None:
    said = [str(number) for number in range(MAX_IN_FLIGHT + 44)]
    for one in said:
        await tenant.emulator.says("ou_alice", one, tenant.chat)
    await tenant.emulator.settled()
    assert texts(tenant) == said


async def test_when_it_is_stopped_no_connection_is_left_standing() -> None:
    async with running(stream()) as tenant:
        await until(lambda: tenant.emulator.sockets.connected == 1)
    assert tenant.emulator.sockets.connected == 0


async def test_closing_the_adapter_ends_the_connection_too(tenant: Tenant) -> None:
    await tenant.adapter.close()
    await until(lambda: tenant.emulator.sockets.connected == 0)
    assert not tenant.adapter.connection.is_connected


# ---------------------------------------------------------------- frame by frame


class Rig:
    """A stream against a socket that the test holds in its hands."""

    def __init__(self) -> None:
        self.platform = PlatformSocket()
        self.clock = VirtualClock(NOW)
        self.stream = Stream(self.platform, clock=self.clock, dice=Random(1))
        #: payloads that are being taken or were
        self.arrived = 0
        self.taken: list[bytes] = []
        self.answer: Callable[[bytes], JsonTable | None] = lambda _: None
        self.gate = asyncio.Event()
        self.gate.set()

    async def take(self, payload: bytes) -> JsonTable | None:
        self.arrived += 1
        await self.gate.wait()
        answer = self.answer(payload)
        self.taken.append(payload)
        return answer


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    rig = Rig()
    await rig.platform.start()
    task = asyncio.create_task(rig.stream.run(rig.take))
    await rig.platform.has(1)
    await until(lambda: rig.stream.state.is_connected)
    yield rig
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await rig.platform.stop()


class TestAcknowledgements:
    """What goes back over the socket."""

    async def test_the_same_frame_goes_back_with_the_time_it_took(self, rig: Rig) -> None:
        await rig.platform.event(PAYLOAD)
        assert await rig.platform.answer("m1") == {"code": 200}
        [frame] = rig.platform.frames
        assert (frame.seq_id, frame.log_id, frame.header("trace_id")) == (7, 9, "t1")
        assert frame.header("biz_rt").isdigit()
        assert rig.taken == [PAYLOAD]

    async def test_an_answer_for_a_person_travels_in_base64(self, rig: Rig) -> None:
        rig.answer = lambda _: {"toast": {"type": "info", "content": "好"}}
        await rig.platform.event(PAYLOAD)
        data = (await rig.platform.answer("m1"))["data"]
        assert json.loads(base64.b64decode(data)) == {"toast": {"type": "info", "content": "好"}}

    async def test_an_empty_answer_is_an_empty_table_and_not_nothing(self, rig: Rig) -> None:
        rig.answer = lambda _: {}
        await rig.platform.event(PAYLOAD)
        assert base64.b64decode((await rig.platform.answer("m1"))["data"]) == b"{}"

    @pytest.mark.parametrize("problem", [StoreUnavailable("away"), ZeroDivisionError("a mistake of ours")])
    async def test_what_could_not_be_taken_is_refused_and_the_connection_lives_on(
        self, rig: Rig, problem: Exception
    ) -> None:
        def fail(_: bytes) -> JsonTable:
            raise problem

        rig.answer = fail
        await rig.platform.event(PAYLOAD, name="m1")
        assert await rig.platform.answer("m1") == {"code": 500}
        rig.answer = lambda _: None
        await rig.platform.event(PAYLOAD, name="m2")
        assert await rig.platform.answer("m2") == {"code": 200}

    async def test_a_slow_click_does_not_hold_up_the_messages_behind_it(self, rig: Rig) -> None:
        rig.gate.clear()
        await rig.platform.event(b"slow", name="m1")
        await until(lambda: rig.arrived == 1)
        take, rig.gate = rig.gate, asyncio.Event()
        rig.gate.set()
        await rig.platform.event(b"quick", name="m2")
        await rig.platform.answer("m2")
        assert rig.taken == [b"quick"]
        take.set()
        await rig.platform.answer("m1")

    async def test_a_card_frame_is_answered_like_an_event_and_complained_about_once(self, rig: Rig) -> None:
        """The platform sends these while callbacks are not switched; its own clients leave people without an answer."""
        toast: JsonTable = {"toast": {"type": "info", "content": "好的"}}
        rig.answer = lambda _: toast
        with capture_logs() as logs:
            for name in ("m1", "m2"):
                await rig.platform.event(PAYLOAD, name=name, kind="card")
                answer = await rig.platform.answer(name)
                assert json.loads(base64.b64decode(answer["data"])) == toast
        assert [one["action"] for one in logs if one["log_level"] == "error"] == ["stream_card_frame"]
        assert rig.taken == [PAYLOAD, PAYLOAD]

    async def test_a_frame_of_a_kind_that_nobody_knows_is_left_alone(self, rig: Rig) -> None:
        await rig.platform.event(PAYLOAD, name="m1", kind="novel")
        await rig.platform.event(PAYLOAD, name="m2")
        await rig.platform.answer("m2")
        assert len(rig.platform.frames) == len(rig.taken) == 1

    async def test_rubbish_does_no_harm(self, rig: Rig) -> None:
        socket = rig.platform.sockets[0]
        await socket.send_str("hello")
        await socket.send_bytes(b"")
        await socket.send_bytes(b"\xff" * 100)
        await rig.platform.pong(socket, {"PingInterval": "soon", "ReconnectNonce": -1, "ReconnectInterval": None})
        await rig.platform.event(PAYLOAD)
        await rig.platform.answer("m1")
        assert rig.stream.state.reconnects == 0


class TestSignsOfLife:
    """Pings, and what follows when nothing answers."""

    async def test_it_pings_at_once_and_at_least_every_forty_seconds(self, rig: Rig) -> None:
        await until(lambda: rig.platform.pings == 1)
        await passes(rig.clock, 120)
        assert rig.platform.pings == 4

    async def test_the_platform_can_ask_for_more_pings_while_the_connection_stands(self, rig: Rig) -> None:
        await rig.platform.pong(rig.platform.sockets[0], {"PingInterval": 10})
        await passes(rig.clock, 45)
        before = rig.platform.pings
        await passes(rig.clock, 60)
        assert rig.platform.pings - before == 6

    async def test_a_ping_of_the_transport_is_answered_and_a_sign_of_life(self, rig: Rig) -> None:
        await passes(rig.clock, 5)
        await rig.platform.sockets[0].ping(b"abc")
        await until(lambda: rig.platform.transport_pongs == [b"abc"])
        assert rig.stream.state.last_frame_at == rig.clock.now()

    async def test_a_platform_that_never_answered_early_pings_gets_the_patience_of_two_of_its_own(
        self, rig: Rig
    ) -> None:
        """The default interval is 120 s; nobody has promised an answer to more pings than that."""
        rig.platform.answers_pings = False
        passed = await passes(rig.clock, 300, end=lambda: len(rig.platform.sockets) > 1)
        assert 240 <= passed <= 245

    async def test_one_that_did_answer_them_gets_ninety_seconds(self, rig: Rig) -> None:
        await passes(rig.clock, 50)
        rig.platform.answers_pings = False
        passed = await passes(rig.clock, 120, end=lambda: len(rig.platform.sockets) > 1)
        assert 75 <= passed <= 95

    async def test_the_old_connection_is_read_until_the_new_one_stands(self, rig: Rig) -> None:
        """It was slow, not dead: what comes through it while its successor is being made is stored and acknowledged."""
        await passes(rig.clock, 50)
        rig.platform.answers_pings = False
        rig.platform.may_tell.clear()
        await passes(rig.clock, 100, end=lambda: not rig.stream.state.is_connected)
        await rig.platform.event(PAYLOAD, name="late", socket=0)
        assert await rig.platform.answer("late") == {"code": 200}
        assert (len(rig.platform.sockets), rig.platform.close_codes) == (1, [])
        rig.platform.may_tell.set()
        await passes(rig.clock, 10, end=lambda: rig.stream.state.is_connected)
        await until(lambda: rig.platform.close_codes == [1000])
        await rig.platform.event(PAYLOAD, name="next")
        assert await rig.platform.answer("next") == {"code": 200}


class TestEnding:
    """A proper goodbye, from whichever side."""

    async def test_what_is_in_flight_is_acknowledged_before_the_goodbye(self) -> None:
        rig = Rig()
        await rig.platform.start()
        task = asyncio.create_task(rig.stream.run(rig.take))
        await rig.platform.has(1)
        rig.gate.clear()
        await rig.platform.event(PAYLOAD)
        await until(lambda: rig.arrived == 1)
        task.cancel()
        await asyncio.sleep(0)
        rig.gate.set()
        await asyncio.gather(task, return_exceptions=True)
        assert await rig.platform.answer("m1") == {"code": 200}
        await until(lambda: rig.platform.close_codes == [1000])
        assert rig.stream.state.is_connected is False
        await rig.platform.stop()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    async def test_a_refused_handshake_tells_its_reason(self, rig: Rig) -> None:
        rig.platform.refusal = {"handshake-status": "514", "handshake-msg": "x", "handshake-autherrcode": "1000040350"}
        await rig.platform.sockets[0].close()
        await passes(rig.clock, 200, end=lambda: bool(rig.stream.findings))
        assert "1000040350" in rig.stream.findings[0].message
        asked = rig.platform.asked
        await passes(rig.clock, 55)
        assert rig.platform.asked == asked
        rig.platform.refusal = None
        await passes(rig.clock, 10, end=lambda: rig.stream.state.is_connected)
        assert rig.stream.findings == []

    async def test_a_handshake_refused_by_something_in_between_is_trouble_on_the_way(self, rig: Rig) -> None:
        rig.platform.refusal = {}
        await rig.platform.sockets[0].close()
        await passes(rig.clock, 30)
        assert rig.stream.findings == []
        assert rig.platform.asked >= 4

    @pytest.mark.parametrize(
        "url", ["ws://feishu.example/ws", "http://127.0.0.1:1/ws", "", "wss://", "ws://127.0.0.1:1/ws"]
    )
    async def test_an_address_without_tls_or_without_anybody_is_tried_again_later(self, rig: Rig, url: str) -> None:
        right, rig.platform.url = rig.platform.url, url
        await rig.platform.sockets[0].close()
        await passes(rig.clock, 20)
        assert not rig.stream.state.is_connected
        rig.platform.url = right
        await passes(rig.clock, 60, end=lambda: rig.stream.state.is_connected)
        assert len(rig.stream.state.gaps) == 1

    async def test_a_connection_that_ends_at_once_again_and_again_is_not_hammered(self, rig: Rig) -> None:
        for _ in range(600):
            for socket in rig.platform.sockets:
                if not socket.closed:
                    await socket.close()
            await passes(rig.clock, 1)
        assert 14 <= rig.platform.asked <= 30


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, (120.0, 30.0, 120.0)),
        ({"PingInterval": 30, "ReconnectNonce": 0, "ReconnectInterval": 10}, (30.0, 0.0, 10.0)),
        ({"PingInterval": 0, "ReconnectNonce": -5, "ReconnectInterval": 10**9}, (120.0, 30.0, 120.0)),
        ({"PingInterval": True, "ReconnectNonce": "5", "ReconnectInterval": None}, (120.0, 30.0, 120.0)),
    ],
)
def test_a_configuration_changes_only_what_makes_sense(config: JsonTable, expected: tuple[float, float, float]) -> None:
    pace = Pace().changed(config)
    assert (pace.ping.total_seconds(), pace.reconnect_nonce, pace.reconnect_interval) == expected


async def test_a_payload_that_is_no_event_is_kept_as_unreadable() -> None:
    intake = RecordingIntake()
    reception = Reception(app_id=APP_ID, housing=housing(VirtualClock(NOW)))
    for payload in (b"", b"[]", b'{"a":NaN}', b"[" * 9_999, json.dumps(event("message_image")).encode()):
        assert await reception.take_bytes(payload, intake) is None
    other = {**event("message_image"), "header": {**event("message_image")["header"], "app_id": "cli_other"}}
    await reception.take_bytes(json.dumps(other).encode(), intake)
    assert len(intake.of(Unreadable)) == 5
    assert len(intake.of(MessageReceived)) == 1


async def test_a_click_in_the_form_without_an_envelope_is_a_click_and_the_same_one_when_it_comes_again() -> None:
    """What `card.action.trigger_v1` looks like; it has no id of its own, its token is another one with every click."""
    old: JsonTable = {
        "open_id": "ou_bob",
        "user_id": "u_bob",
        "open_message_id": "om_1",
        "open_chat_id": "oc_1",
        "tenant_key": "tk1",
        "token": "c-1",
        "action": {"tag": "button", "value": {"a": "acknowledge", "p": {"code": "HF-2026-0031"}}},
    }
    reception = Reception(app_id=APP_ID, housing=housing(VirtualClock(NOW)))
    intake = RecordingIntake()
    for token in ("c-1", "c-1", "c-2"):
        answer = await reception.take_bytes(json.dumps(old | {"token": token}).encode(), intake)
        assert answer is not None
    first, second = intake.of(CardClicked)
    assert (first.operator.account, first.action, first.params) == ("ou_bob", "acknowledge", {"code": "HF-2026-0031"})
    assert (str(first.chat), str(first.message)) == ("feishu:oc_1", "feishu:om_1")
    assert first.source.business_id != second.source.business_id
