"""Callbacks: one answer for everything not believed, bounds on everything, nothing acknowledged that is not stored."""

from __future__ import annotations

import asyncio
import gzip
import resource
from dataclasses import replace
from itertools import pairwise

import pytest
from structlog.typing import EventDict

from bot.errors import WebhookRejected
from tests.storage.samples import NOW
from tests.web.rig import HOOK, QUICK, Listener, body_of, event, listening, request, status_of, until

LIMIT = QUICK.max_body_bytes


async def test_a_callback_is_handed_over_exactly_as_it_was_sent(listener: Listener) -> None:
    reply = await listener.post(event(), path=f"{HOOK}?a=1&b=%E5%9B%9E", headers="X-Lark-Signature: abc\r\n")
    assert (status_of(reply), body_of(reply)) == (200, b"{}")
    [asked] = listener.adapter.asked
    assert (asked.method, asked.path, asked.query, asked.body) == ("POST", HOOK, {"a": "1", "b": "回"}, event())
    assert asked.headers["x-lark-signature"] == "abc"
    assert asked.received_at == NOW
    assert len(listener.desk.taken) == 1


async def test_one_connection_serves_many_callbacks(listener: Listener) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    kept_open = request(event()).replace(b"Connection: close\r\n", b"")
    for _ in range(5):
        writer.write(kept_open)
        assert status_of(await reader.readuntil(b"\r\n\r\n{}")) == 200
    writer.close()
    assert listener.server.door.count == 1


async def test_everything_that_is_not_believed_gets_the_same_answer(listener: Listener) -> None:
    """T6: neither a reason nor a mistake of ours shows; M8's inputs are among them."""
    odd = [
        b"",
        b"{}",
        b"[" * 100_000,
        b'{"a":' * 20_000,
        b'{"n":' + b"9" * 5_000 + b"}",
        b'{"n":NaN}',
        b'{"n":1e400}',
        b'{"a":1,"a":2}',
        b'{"t":"\\ud800"}',
        b'{"t":"\\u0000"}',
        b"\xff\xfe\x00",
        event()[:-2],
        event().replace(b"om_1", b'"'),
    ]
    replies = {await listener.post(body) for body in odd}
    for problem in (WebhookRejected(), ValueError("padding wrong at byte 7"), RecursionError(), KeyError("encrypt")):
        listener.adapter.breaks = problem
        replies.add(await listener.post(event()))
    [reply] = {without_date(one) for one in replies}
    assert status_of(reply) == 401
    assert body_of(reply) == b""
    assert listener.desk.taken == []
    assert listener.metrics.value("huiyin_callbacks_rejected_total", platform="feishu") == len(odd) + 4


def without_date(reply: bytes) -> bytes:
    """The answer without the one header that time changes."""
    return b"\r\n".join(line for line in reply.split(b"\r\n") if not line.startswith(b"Date:"))


async def test_what_cannot_be_stored_is_not_acknowledged_and_nothing_is_told_why(listener: Listener) -> None:
    listener.desk.is_away = True
    reply = await listener.post(event())
    assert status_of(reply) == 503
    assert b"Retry-After: 1" in reply
    assert body_of(reply) == b""
    assert b"secret" not in reply


async def test_a_store_that_hangs_costs_the_caller_no_more_than_the_answer_time() -> None:
    async with listening(replace(QUICK, answer_seconds=0.1)) as slow:
        slow.desk.gate = asyncio.Event()
        assert status_of(await slow.post(event())) == 503
        slow.desk.gate.set()
        assert status_of(await slow.post(event())) == 200


async def test_a_large_body_is_refused_before_it_is_read(listener: Listener) -> None:
    """M7: 3 MiB announced, and 3 MiB in pieces without saying how much will come."""
    piece = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    announced = await listener.post(b"x" * (3 * 1024 * 1024))
    in_pieces = await listener.send(chunked(HOOK) + piece * 48 + b"0\r\n\r\n")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert status_of(announced) == 413
    assert status_of(in_pieces) == 413
    assert grown < 32 * 1024
    assert listener.adapter.asked == []


async def test_a_body_of_just_the_limit_is_read(listener: Listener) -> None:
    await listener.post(b"x" * LIMIT)
    assert len(listener.adapter.asked[0].body) == LIMIT
    assert status_of(await listener.post(b"x" * (LIMIT + 1))) == 413


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "GZIP, identity"])
async def test_a_packed_body_is_refused_without_being_unpacked(listener: Listener, encoding: str) -> None:
    """M7: 100 MiB of nothing in 100 KiB."""
    bomb = gzip.compress(bytes(100 * 1024 * 1024), compresslevel=1)[:200_000]
    reply = await listener.post(bomb, headers=f"Content-Encoding: {encoding}\r\n")
    assert status_of(reply) == 415
    assert listener.adapter.asked == []


async def test_a_body_in_pieces_of_one_byte_is_read(listener: Listener) -> None:
    body = event()
    pieces = b"".join(b"1\r\n" + body[at : at + 1] + b"\r\n" for at in range(len(body)))
    assert status_of(await listener.send(chunked(HOOK) + pieces + b"0\r\n\r\n")) == 200
    assert listener.adapter.asked[0].body == body


async def test_pieces_that_are_no_pieces_are_refused(listener: Listener) -> None:
    assert status_of(await listener.send(chunked(HOOK) + b"zz\r\nabc\r\n0\r\n\r\n")) == 400
    assert listener.adapter.asked == []


def chunked(path: str) -> bytes:
    """Head of a request whose length is not announced."""
    return f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n".encode()


async def test_a_header_that_stands_twice_is_not_seen(listener: Listener) -> None:
    await listener.post(event(), headers="X-Lark-Signature: a\r\nX-Lark-Signature: b\r\nX-Once: 1\r\n")
    headers = listener.adapter.asked[0].headers
    assert "x-lark-signature" not in headers
    assert headers["x-once"] == "1"


@pytest.mark.parametrize(
    "raw",
    [
        request(event(), path="/hooks/other"),
        request(event(), path=f"{HOOK}/"),
        request(event(), path="/hooks//feishu"),
        request(event(), method="PUT"),
        request(b"", method="GET"),
    ],
)
async def test_other_paths_and_methods_do_not_exist(listener: Listener, raw: bytes) -> None:
    assert status_of(await listener.send(raw)) == 404
    assert listener.adapter.asked == []


@pytest.mark.parametrize(
    "head",
    [
        b"POST /hooks/feishu HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /hooks/feishu HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
        b"POST /hooks/feishu HTTP/1.1\r\nHost: x\r\nContent-Length: +4\r\n\r\nabcd",
        b"POST /hooks/feishu HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"POST /hooks/feishu HTTP/1.1\r\nHost : x\r\n\r\n",
        b"POST /hooks/feishu HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n",
        b"POST /hooks/feishu HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET " + b"/x" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 20_000 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20,
    ],
)
async def test_what_two_readers_could_read_differently_is_no_request(listener: Listener, head: bytes) -> None:
    """T29: two lengths, odd lengths, folded lines, overlong lines, TLS on the wrong port."""
    reply = await listener.send(head)
    assert status_of(reply) == 400
    assert body_of(reply) == b""
    assert listener.adapter.asked == []


async def test_a_caller_that_waits_for_leave_to_send_gets_it(listener: Listener) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    head, _, body = request(event(), headers="Expect: 100-continue\r\n").partition(b"\r\n\r\n")
    writer.write(head + b"\r\n\r\n")
    assert status_of(await reader.readuntil(b"\r\n\r\n")) == 100
    writer.write(body)
    assert status_of(await reader.read()) == 200
    writer.close()


async def test_requests_sent_one_after_the_other_without_waiting_are_answered_in_order(listener: Listener) -> None:
    first, second = (request(event(number)).replace(b"Connection: close\r\n", b"") for number in (1, 2))
    reply = await listener.send(first + second + request(event(3)))
    assert reply.count(b"HTTP/1.1 200 OK") == 3
    numbers = [update.source.business_id for update in listener.desk.taken]
    assert all(a < b for a, b in pairwise(numbers))


async def test_many_refusals_are_one_line_in_the_log(listener: Listener, records: list[EventDict]) -> None:
    for _ in range(100):
        await listener.post(b"{}")
    assert [record["action"] for record in records] == ["callback_rejected"]


async def test_a_caller_that_goes_away_leaves_no_trace(listener: Listener, records: list[EventDict]) -> None:
    for _ in range(20):
        _, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        writer.write(request(event())[:-5])
        await writer.drain()
        writer.transport.abort()
    assert status_of(await listener.post(event())) == 200
    assert records == []


async def test_stopping_finishes_what_is_under_way() -> None:
    async with listening() as running:
        running.desk.gate = asyncio.Event()
        call = asyncio.create_task(running.post(event()))
        await until(lambda: bool(running.adapter.asked))
        stopping = asyncio.create_task(running.server.stop())
        await asyncio.sleep(0)
        running.desk.gate.set()
        assert status_of(await call) == 200
        await stopping
        assert running.port == 0
