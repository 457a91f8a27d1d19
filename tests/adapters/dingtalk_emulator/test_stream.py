"""The Stream gateway: tickets, topics, acknowledgements, repetitions, and how connections end (dingtalk.md 2.4)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import aiohttp
import pytest

from adapters._emulator.wire_json import Json, parse_table, table, text
from adapters.dingtalk.emulator import DingTalkEmulator, FaultKind
from bot.clock import VirtualClock
from tests.adapters.dingtalk_emulator.rig import (
    APP,
    CARDS,
    OPEN_BODY,
    ROBOT,
    Api,
    Line,
    advance,
    on_line,
)

OPEN = "/v1.0/gateway/connections/open"


def silent(_: Json) -> Json | None:
    """A client that never acknowledges."""
    return None


def at_first_silent(times: int) -> Callable[[Json], Json | None]:
    """No acknowledgement so many times, then always."""
    left = [times]

    def answer(_: Json) -> Json | None:
        left[0] -= 1
        return None if left[0] >= 0 else {"response": None}

    return answer


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop go on until it is so."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - what is waited for are sockets, which set no event
            await asyncio.sleep(0)


class TestOpening:
    """Credentials, topics, tickets."""

    @pytest.mark.parametrize(
        ("change", "status", "code"),
        [
            ({"clientSecret": "x"}, 401, "authFailed"),
            ({"clientId": "dingother"}, 401, "authFailed"),
            ({"subscriptions": []}, 400, "Missingsubscriptions"),
            ({"subscriptions": [{"type": "EVENT", "topic": "chat_add_member"}]}, 400, "InvalidParameter.subscriptions"),
            ({"subscriptions": [{"type": "CALLBACK", "topic": "/v1.0/x"}]}, 400, "InvalidParameter.subscriptions"),
        ],
    )
    async def test_a_wrong_call_is_refused(self, api: Api, change: Json, status: int, code: str) -> None:
        reply = await api.call("POST", OPEN, OPEN_BODY | change)
        assert (reply.status, reply.code) == (status, code)

    async def test_without_accepting_json_the_answer_would_be_xml(
        self, emulator: DingTalkEmulator, session: aiohttp.ClientSession
    ) -> None:
        async with session.post(emulator.base_url + OPEN, json=OPEN_BODY, headers={"Accept": "*/*"}) as answer:
            assert (parse_table(await answer.read()) or {})["code"] == "InvalidParameter.Accept"

    async def test_a_ticket_is_good_for_one_connection_and_ninety_seconds(
        self, emulator: DingTalkEmulator, api: Api, session: aiohttp.ClientSession, clock: VirtualClock
    ) -> None:
        used, late = [(await api.call("POST", OPEN, OPEN_BODY)).body for _ in range(2)]
        async with session.ws_connect(text(used, "endpoint"), params={"ticket": text(used, "ticket")}):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(text(used, "endpoint"), params={"ticket": text(used, "ticket")})
        assert refused.value.status == 401
        advance(clock, 90)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(text(late, "endpoint"), params={"ticket": text(late, "ticket")})

    async def test_the_gateway_may_greet(self, emulator: DingTalkEmulator, session: aiohttp.ClientSession) -> None:
        emulator.change_options(greets=True)
        async with on_line(emulator, session) as line:
            await until(lambda: len(line.frames) == 2)
            assert [table(frame, "headers")["topic"] for frame in line.frames] == ["CONNECTED", "REGISTERED"]


class TestFrames:
    """What a frame looks like, and what acknowledges it."""

    async def test_the_data_of_a_frame_is_a_string(self, emulator: DingTalkEmulator, line: Line, group: str) -> None:
        emulator.joins("u1003", group)
        await emulator.settled()
        [frame] = line.frames
        assert (frame["specVersion"], frame["type"], isinstance(frame["data"], str)) == ("1.0", "EVENT", True)
        headers = table(frame, "headers")
        assert (headers["eventType"], headers["eventCorpId"]) == ("chat_add_member", APP.corp_id)
        assert (headers["contentType"], text(headers, "eventBornTime").isdigit()) == ("application/json", True)
        [record] = emulator.recorder.pushes_of("chat_add_member")
        assert (record.is_acked, record.event_id) == (True, headers["eventId"])

    @pytest.mark.parametrize(
        ("code", "data", "outcome"),
        [
            (200, {"status": "SUCCESS", "message": "ok"}, "acked"),
            (200, {"status": "LATER"}, "refused"),
            (500, {"status": "SUCCESS"}, "refused"),
            (404, {}, "refused"),
        ],
    )
    async def test_an_event_is_acknowledged_or_comes_again_later(
        self, emulator: DingTalkEmulator, line: Line, group: str, code: int, data: Json, outcome: str
    ) -> None:
        line.code, line.answers = code, lambda _: data
        emulator.joins("u1003", group)
        await emulator.settled()
        [record] = emulator.recorder.pushes_of("chat_add_member")
        assert [attempt.outcome for attempt in record.attempts] == [outcome]
        assert emulator.courier.pending == (0 if outcome == "acked" else 1)

    async def test_an_acknowledgement_whose_data_is_no_string_counts_for_nothing(
        self, emulator: DingTalkEmulator, line: Line, group: str
    ) -> None:
        line.answers = silent
        emulator.joins("u1003", group)
        await until(lambda: len(line.frames) == 1)
        message_id = text(table(line.frames[0], "headers"), "messageId")
        ack = {"code": 200, "message": "OK", "headers": {"messageId": message_id}, "data": {"status": "SUCCESS"}}
        await line.socket.send_str(json.dumps(ack))
        await emulator.settled()
        [record] = emulator.recorder.pushes_of("chat_add_member")
        assert [attempt.outcome for attempt in record.attempts] == ["malformed"]

    @pytest.mark.parametrize("raw", ["{", "[]", '{"code":"200","headers":{"messageId":"1"}}', '{"code":200}'])
    async def test_what_is_no_acknowledgement_ends_the_connection(
        self, emulator: DingTalkEmulator, line: Line, raw: str
    ) -> None:
        await line.socket.send_str(raw)
        await asyncio.wait_for(line.closed.wait(), 5)
        assert line.socket.close_code == aiohttp.WSCloseCode.PROTOCOL_ERROR

    async def test_an_event_that_nobody_acknowledged_keeps_its_id_and_gets_a_new_message_id(
        self, emulator: DingTalkEmulator, line: Line, clock: VirtualClock, group: str
    ) -> None:
        emulator.change_options(ack_seconds=0.05)
        line.answers = at_first_silent(1)
        emulator.joins("u1003", group)
        await emulator.settled()
        advance(clock, 15)
        await emulator.settled()
        headers = [table(frame, "headers") for frame in line.frames]
        assert len({text(one, "eventId") for one in headers}) == 1
        assert len({text(one, "messageId") for one in headers}) == 2

    @pytest.mark.parametrize("repeats", [True, False])
    async def test_a_robot_message_comes_again_under_one_reading_only(
        self, emulator: DingTalkEmulator, line: Line, clock: VirtualClock, repeats: bool
    ) -> None:
        emulator.change_options(ack_seconds=0.05, repeats_robot_messages=repeats)
        line.answers = at_first_silent(1)
        await emulator.says("u1001", "在吗")
        await emulator.settled()
        advance(clock, 60)
        await emulator.settled()
        ids = [text(message, "msgId") for message in line.of(ROBOT)]
        assert (len(ids), len(set(ids))) == ((2, 1) if repeats else (1, 1))
        [record] = emulator.recorder.pushes_of("robot_message")
        assert record.is_given_up is not repeats

    async def test_a_topic_that_nobody_subscribed_to_is_lost(
        self, emulator: DingTalkEmulator, api: Api, session: aiohttp.ClientSession, group: str
    ) -> None:
        async with on_line(emulator, session, ROBOT) as line:
            await api.card(group, "t-1")
            [message] = emulator.chat_as_seen("u1001", group).messages
            assert (await emulator.clicks("u1001", message.id, "稍后")).error == 404
            await emulator.says("u1001", "在吗")
            await emulator.settled()
            assert (line.of(CARDS), line.texts()) == ([], ["在吗"])


class TestConnections:
    """Several, one after the other, silent ones, dying ones."""

    async def test_each_push_goes_to_one_of_them(
        self, emulator: DingTalkEmulator, session: aiohttp.ClientSession
    ) -> None:
        async with on_line(emulator, session) as one, on_line(emulator, session) as two:
            for number in range(12):
                await emulator.says("u1001", str(number))
            await emulator.settled()
            assert min(len(one.texts()), len(two.texts())) > 0
            assert sorted([*one.texts(), *two.texts()], key=int) == [str(number) for number in range(12)]

    async def test_under_one_reading_a_newer_one_takes_the_place_of_the_older(
        self, emulator: DingTalkEmulator, session: aiohttp.ClientSession
    ) -> None:
        emulator.change_options(newest_connection_only=True)
        async with on_line(emulator, session) as one, on_line(emulator, session):
            await asyncio.wait_for(one.closed.wait(), 5)
            assert emulator.sockets.connected == 1

    async def test_the_gateway_pings_every_thirty_seconds(
        self, emulator: DingTalkEmulator, line: Line, clock: VirtualClock
    ) -> None:
        advance(clock, 30)
        await until(lambda: len(emulator.sockets.acks) == 1)
        [frame] = line.frames
        assert (frame["type"], table(frame, "headers")["topic"]) == ("SYSTEM", "ping")
        assert "opaque" in (parse_table(text(frame, "data")) or {})

    async def test_a_ping_of_the_client_is_answered_unless_the_line_is_dead(
        self, emulator: DingTalkEmulator, session: aiohttp.ClientSession
    ) -> None:
        async with on_line(emulator, session) as line:
            await line.socket.ping()
            await until(lambda: emulator.sockets.pings == 1)
            assert emulator.silences_sockets() == 1
            emulator.change_options(ack_seconds=0.05, repeats_robot_messages=False)
            await emulator.says("u1001", "在吗")
            await emulator.settled()
            [record] = emulator.recorder.pushes_of("robot_message")
            assert ([one.outcome for one in record.attempts], line.frames) == (["timeout"], [])

    async def test_before_the_end_there_is_a_word_and_ten_seconds_for_the_next_one(
        self, emulator: DingTalkEmulator, session: aiohttp.ClientSession, clock: VirtualClock
    ) -> None:
        async with on_line(emulator, session) as old:
            assert await emulator.asks_to_reconnect() == 1
            await until(lambda: len(old.frames) == 1)
            assert table(old.frames[0], "headers")["topic"] == "disconnect"
            async with on_line(emulator, session) as new:
                await emulator.says("u1001", "在吗")
                await emulator.settled()
                assert (old.texts(), new.texts()) == ([], ["在吗"])
                advance(clock, 10)
                await asyncio.wait_for(old.closed.wait(), 5)
                assert emulator.sockets.connected == 1

    async def test_after_a_cut_nobody_is_let_in_for_a_while(
        self, emulator: DingTalkEmulator, api: Api, line: Line, clock: VirtualClock
    ) -> None:
        await emulator.disconnects(5)
        await asyncio.wait_for(line.closed.wait(), 5)
        assert (await api.call("POST", OPEN, OPEN_BODY)).status == 503
        advance(clock, 5)
        assert (await api.call("POST", OPEN, OPEN_BODY)).status == 200

    async def test_what_is_said_while_nobody_is_connected_comes_later(
        self, emulator: DingTalkEmulator, session: aiohttp.ClientSession, clock: VirtualClock
    ) -> None:
        await emulator.says("u1001", "在吗")
        await emulator.settled()
        async with on_line(emulator, session) as line:
            advance(clock, 15)
            await emulator.settled()
            assert line.texts() == ["在吗"]


class TestFaults:
    """What goes wrong on the way."""

    async def test_duplicates_lost_acknowledgements_and_reordering(
        self, emulator: DingTalkEmulator, line: Line, clock: VirtualClock
    ) -> None:
        emulator.faults.add("push.robot_message", FaultKind.REORDER, nth=1)
        emulator.faults.add("push.robot_message", FaultKind.DUPLICATE, nth=4, seconds=2)
        emulator.faults.add("push.robot_message", FaultKind.DROP_ACK, nth=5)
        for word in "1234":  # the first is matched twice: held back, then sent
            await emulator.says("u1001", word)
            await emulator.settled()
        for seconds in (5, 15):
            advance(clock, seconds)
            await emulator.settled()
        assert line.texts()[:2] == ["2", "1"]
        assert sorted(line.texts()[2:]) == ["3", "3", "4", "4"]
