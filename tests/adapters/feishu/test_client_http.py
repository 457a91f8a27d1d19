"""The shared HTTP client: what it knows after a failure, what it never does, and what it never says."""

from __future__ import annotations

import asyncio
import socket
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from yarl import URL

from adapters._http import HttpAnswer, HttpClient, proxy_for
from bot.errors import FailureKind, PlatformError

CANARY = "canary-7f3a9c"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def server(handler: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield "http://{}:{}".format(*runner.addresses[0][:2])
    finally:
        await runner.cleanup()


@asynccontextmanager
async def raw_server(answer: bytes) -> AsyncIterator[str]:
    """Reads a request, writes these bytes and hangs up."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    made = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield "http://{}:{}".format(*made.sockets[0].getsockname()[:2])
    finally:
        made.close()
        await made.wait_closed()


async def ask(base: str, *, method: str = "POST", seconds: float = 2.0) -> HttpAnswer:
    http = HttpClient(connect_seconds=0.5, total_seconds=seconds, max_answer_bytes=10_000)
    try:
        return await http.request(
            method,
            f"{base}/open-apis/x",
            operation="im.x",
            query=[("ticket", CANARY)],
            headers={"Authorization": f"Bearer {CANARY}"},
            body=CANARY.encode(),
        )
    finally:
        await http.close()


async def failure(base: str, *, seconds: float = 2.0) -> PlatformError:
    with pytest.raises(PlatformError) as refused:
        await ask(base, seconds=seconds)
    said = "".join(traceback.format_exception(refused.value))
    assert CANARY not in said + repr(refused.value) + repr(vars(refused.value))
    assert refused.value.operation == "im.x"
    return refused.value


async def test_an_answer_comes_back_with_its_headers_by_lower_case_name() -> None:
    async def handler(request: web.Request) -> web.Response:
        assert request.query["ticket"] == CANARY
        return web.Response(status=418, body=await request.read(), headers={"X-Tt-Logid": "L1"})

    async with server(handler) as base:
        answer = await ask(base)
    assert (answer.status, answer.body, answer.headers["x-tt-logid"]) == (418, CANARY.encode(), "L1")
    assert CANARY not in repr(answer)


async def test_nobody_listening_means_that_nothing_was_sent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{free.getsockname()[1]}"
    found = await failure(base)
    assert (found.kind, found.code) == (FailureKind.RETRY, "unreachable")


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", b"NONSENSE\r\n\r\n"])
async def test_a_connection_that_breaks_after_sending_leaves_the_outcome_unknown(answer: bytes) -> None:
    async with raw_server(answer) as base:
        assert (await failure(base)).kind is FailureKind.UNKNOWN


async def test_an_answer_that_does_not_come_in_time_leaves_the_outcome_unknown() -> None:
    async def handler(request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    async with server(handler) as base:
        found = await failure(base, seconds=0.1)
    assert (found.kind, found.code) == (FailureKind.UNKNOWN, "timeout")


async def test_a_redirect_is_an_error_and_never_followed() -> None:
    asked: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=302, headers={"Location": "/elsewhere"})

    async with server(handler) as base:
        found = await failure(base)
    assert (found.kind, found.code, asked) == (FailureKind.PERMANENT, "http_302", ["/open-apis/x"])


@pytest.mark.parametrize("size", [10_001, 3_000_000])
async def test_an_answer_that_is_too_long_is_not_read_to_its_end(size: int) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(body=b"x" * size)

    async with server(handler) as base:
        found = await failure(base)
    assert (found.kind, found.code) == (FailureKind.UNKNOWN, "answer_too_long")


async def test_a_short_answer_that_unpacks_into_a_long_one_is_too_long() -> None:
    async def handler(request: web.Request) -> web.Response:
        answer = web.Response(body=b"x" * 1_000_000)
        answer.enable_compression(web.ContentCoding.gzip)
        return answer

    async with server(handler) as base:
        assert (await failure(base)).code == "answer_too_long"


@pytest.mark.parametrize("base", ["http://", "nonsense://127.0.0.1", "http://127.0.0.1:99999"])
async def test_an_address_that_is_none_is_no_reason_to_try_again(base: str) -> None:
    assert (await failure(base)).kind is FailureKind.PERMANENT


async def test_no_cookie_is_kept() -> None:
    seen: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append(request.headers.get("Cookie", ""))
        return web.Response(headers={"Set-Cookie": "a=b"})

    async with server(handler) as base:
        http = HttpClient()
        for _ in range(2):
            await http.request("GET", base, operation="im.x")
        await http.close()
    assert seen == ["", ""]


async def test_the_environments_proxy_is_used_for_others_and_never_for_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        asked.append(str(request.url.host))
        return web.Response()

    async with server(handler) as base:
        monkeypatch.setenv("http_proxy", base)
        monkeypatch.delenv("no_proxy", raising=False)
        await ask("http://platform.example")
        await ask(base)
    assert asked == ["platform.example", "127.0.0.1"]


@pytest.mark.parametrize(
    ("address", "proxy"),
    [
        ("https://platform.example/x", "http://secure:1"),
        ("wss://platform.example/ws", "http://secure:1"),
        ("ws://platform.example/ws", "http://plain:1"),
        ("wss://127.0.0.1/ws", None),
        ("wss://inside.example/ws", None),
    ],
)
def test_a_socket_takes_the_proxy_of_pages(monkeypatch: pytest.MonkeyPatch, address: str, proxy: str | None) -> None:
    for name, value in (("https", "http://secure:1"), ("http", "http://plain:1"), ("no", "inside.example")):
        monkeypatch.setenv(f"{name}_proxy", value)
    found = proxy_for(URL(address))
    assert found == (URL(proxy) if proxy else None)


async def test_a_closed_client_opens_new_connections_when_it_is_used_again() -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async with server(handler) as base:
        http = HttpClient()
        await http.close()
        assert (await http.request("GET", base, operation="im.x")).body == b"ok"
        await http.close()
        assert (await http.request("GET", base, operation="im.x")).body == b"ok"
        await http.close()
