"""Slow senders, floods and silent connections are cut off cheaply while everybody else is served (M6, T18)."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from structlog.typing import EventDict

from bot.errors import ConfigError
from bot.web.limits import Doorkeeper, QuietLog, address_of
from bot.web.server import has_compiled_parser
from tests.web.rig import QUICK, SHORT, Listener, event, listening, request, status_of, until

#: another address of this machine, so that attackers and honest callers can be told apart
ATTACKER = "127.0.0.2"


async def slow_caller(port: int, pieces: list[bytes]) -> tuple[bytes, float]:
    """Sends what it is given, says nothing more, and reports the answer and how long it was tolerated."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(ATTACKER, 0))
    started = time.monotonic()
    for piece in pieces:
        writer.write(piece)
    try:
        reply = await reader.read()
    except ConnectionError:
        reply = b""
    finally:
        writer.close()
    return reply, time.monotonic() - started


HALF_HEAD = b"POST /hooks/feishu HTTP/1.1\r\nHost: x\r\nX-Lark-Si"
HALF_BODY = request(event())[:-10]
HALF_PIECE = b"POST /hooks/feishu HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"
CROWD = [HALF_HEAD, HALF_BODY, HALF_PIECE] * 100


@pytest.mark.slow
@pytest.mark.parametrize("sent", [HALF_HEAD, HALF_BODY, HALF_PIECE], ids=["head", "body", "piece"])
async def test_a_request_that_does_not_arrive_in_time_is_cut_off(listener: Listener, sent: bytes) -> None:
    reply, seconds = await slow_caller(listener.port, [sent])
    assert status_of(reply) == 408
    assert seconds >= SHORT * 0.9
    assert listener.server.door.count == 0
    assert listener.adapter.asked == []


@pytest.mark.slow
async def test_dripping_bytes_does_not_buy_time(listener: Listener) -> None:
    """The deadline counts from the first byte, not from the last: the whole request never gets through."""
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    left = iter(request(event()))

    async def drip() -> None:
        for byte in left:
            writer.write(bytes([byte]))
            await asyncio.sleep(SHORT / 20)  # the pace is the attack

    dripping = asyncio.create_task(drip())
    try:
        reply = await reader.read()
    except ConnectionError:  # a byte that came after the end is answered with a reset, which may overtake the answer
        reply = b""
    dripping.cancel()
    writer.close()
    assert status_of(reply) in {408, 0}
    assert next(left, None) is not None
    assert listener.adapter.asked == []


@pytest.mark.slow
async def test_a_connection_without_a_request_is_closed(listener: Listener) -> None:
    reply, seconds = await slow_caller(listener.port, [])
    assert reply == b""
    assert seconds >= SHORT * 0.9


@pytest.mark.slow
async def test_half_a_second_request_in_the_wake_of_a_whole_one_is_cut_off(listener: Listener) -> None:
    whole = request(event()).replace(b"Connection: close\r\n", b"")
    reply, _ = await slow_caller(listener.port, [whole + HALF_HEAD])
    assert status_of(reply) == 200


async def test_honest_callers_are_served_while_hundreds_hang_on() -> None:
    """T18 in small: 300 half requests, none of them cut off yet, keep no honest callback from its answer."""
    settings = replace(QUICK, request_seconds=600, keep_alive_seconds=600, max_connections_per_address=700)
    async with listening(settings) as running:
        attackers = [asyncio.create_task(slow_caller(running.port, [sent])) for sent in CROWD]
        await until(lambda: running.server.door.count == len(CROWD))
        for number in range(60):
            assert status_of(await running.post(event(number))) == 200
        assert running.server.door.count >= len(CROWD)
        for attacker in attackers:
            attacker.cancel()
        await asyncio.gather(*attackers, return_exceptions=True)


@pytest.mark.slow
async def test_hundreds_that_hang_on_are_cut_off_with_few_words(records: list[EventDict]) -> None:
    """T18 in small: every one of 300 half requests gets its answer, the log a line or two."""
    async with listening(replace(QUICK, max_connections_per_address=700)) as running:
        replies = await asyncio.gather(*(slow_caller(running.port, [sent]) for sent in CROWD))
        await until(lambda: running.server.door.count == 0)
    assert {status_of(reply) for reply, _ in replies} == {408}
    assert len(records) <= 5


async def test_one_address_cannot_take_every_connection(records: list[EventDict]) -> None:
    async with listening(replace(QUICK, max_connections_per_address=5)) as running:
        flood = [await asyncio.open_connection("127.0.0.1", running.port, local_addr=(ATTACKER, 0)) for _ in range(20)]
        assert status_of(await running.post(event())) == 200
        assert running.server.door.count == 5
        turned_away = 0
        for reader, writer in flood[5:]:
            try:
                turned_away += await reader.read() == b""
            except ConnectionError:
                turned_away += 1
            writer.close()
        assert turned_away == 15
        for _, writer in flood[:5]:
            writer.close()
    assert [record["action"] for record in records if record["action"] != "listening"] == ["address_full"]


async def test_the_house_has_a_number_of_seats() -> None:
    async with listening(replace(QUICK, max_connections=3, keep_alive_seconds=30)) as running:
        seats = [await asyncio.open_connection("127.0.0.1", running.port) for _ in range(3)]
        await until(lambda: running.server.door.count == 3)
        assert await nothing_or_reset(running) == b""
        seats[0][1].close()
        await until(lambda: running.server.door.count == 2)
        assert status_of(await running.post(event())) == 200
        for _, writer in seats:
            writer.close()


async def nothing_or_reset(running: Listener) -> bytes:
    """What a caller gets who is turned away at the door."""
    try:
        return await running.post(event())
    except ConnectionError:
        return b""


def test_who_was_let_in_is_let_out_again() -> None:
    door = Doorkeeper(total=2, per_address=1, quiet=QuietLog())
    assert door.lets_in("a")
    assert not door.lets_in("a")
    assert door.lets_in("b")
    assert not door.lets_in("c")
    door.lets_out("a")
    assert door.lets_in("c")
    assert door.count == 2


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        (("203.0.113.7", 4711), "203.0.113.7"),
        (("::ffff:203.0.113.7", 4711, 0, 0), "203.0.113.7"),
        (("2001:db8:1:2:3:4:5:6", 4711, 0, 0), "2001:db8:1:2::/64"),
        (("fe80::1%eth0", 4711, 0, 2), "fe80::/64"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_caller_with_a_whole_network_of_addresses_counts_as_one(peer: object, address: str) -> None:
    assert address_of(peer) == address


def test_trouble_of_one_kind_is_logged_once_a_minute(records: list[EventDict]) -> None:
    now = [100.0]
    quiet = QuietLog(monotonic=lambda: now[0])
    for _ in range(1_000):
        quiet.warn("flood", "too many")
        quiet.warn("other", "something else")
    now[0] += 60
    quiet.warn("flood", "too many")
    assert [(record["action"], record["kept_back"]) for record in records] == [
        ("flood", 0),
        ("other", 0),
        ("flood", 999),
    ]


async def test_a_port_that_is_taken_is_a_problem_of_the_configuration(listener: Listener) -> None:
    with pytest.raises(ConfigError) as caught:
        async with listening(replace(QUICK, port=listener.port)):
            pytest.fail("two programs listen on one port")
    assert caught.value.problems[0].key == "server.port"


@pytest.mark.slow
def test_without_the_compiled_parser_nothing_listens() -> None:
    assert has_compiled_parser()
    script = "from bot.web.server import require_compiled_parser as check; check()"
    environment = {**os.environ, "AIOHTTP_NO_EXTENSIONS": "1"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own interpreter
    assert done.returncode == 1
    assert "ConfigError: AIOHTTP_NO_EXTENSIONS" in done.stderr
