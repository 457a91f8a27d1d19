"""The vendor's own SDK for the intelligent bot as a client of our emulated gateway: it gets in, hears, answers and pushes.

The SDK speaks TLS and nothing else, so that a listener with a throwaway certificate stands before the emulator.
"""

from __future__ import annotations

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from adapters._emulator.said import MentionBot
from adapters.wecom.emulator import WeComEmulator
from adapters.wecom.payload import button_key
from bot.clock import VirtualClock
from tests.adapters.wecom.company import CARD, populate
from tests.ops.test_doctor_public import certificate

with warnings.catch_warnings():
    # it uses the old interface of its WebSocket library
    warnings.simplefilter("ignore")
    import aibot
    import aibot.ws

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
START = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)


class Silent:
    """The SDK's logger writes to the terminal otherwise."""

    def debug(self, *_: object) -> None: ...
    def info(self, *_: object) -> None: ...
    def warn(self, *_: object) -> None: ...
    def error(self, *_: object) -> None: ...


@asynccontextmanager
async def behind_tls(port: int, context: ssl.SSLContext) -> AsyncIterator[int]:
    """A port with TLS that passes everything on, both ways."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        there, back = await asyncio.open_connection("127.0.0.1", port)
        try:
            with suppress(ConnectionError):
                await asyncio.gather(_pipe(reader, back), _pipe(there, writer))
        finally:
            tasks.discard(task)
            for one in (back, writer):
                one.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(65_536):
        writer.write(piece)
        await writer.drain()
    writer.close()


class Place:
    """The emulated platform and the SDK's client on it."""

    def __init__(self, emulator: WeComEmulator, client: Any) -> None:
        self.emulator = emulator
        self.client = client
        self.heard: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()

    async def next(self) -> tuple[str, Any]:
        """The next event that the SDK told of, and its frame."""
        async with asyncio.timeout(60):
            return await self.heard.get()


@pytest.fixture
async def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    files = await asyncio.to_thread(certificate, tmp_path, days=2)
    mine = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    await asyncio.to_thread(mine.load_cert_chain, *files)
    trusted = ssl.create_default_context(cafile=str(files[0]))
    monkeypatch.setattr(aibot.ws, "_SSL_CONTEXT", trusted)
    emulator = WeComEmulator(clock=VirtualClock(START))
    populate(emulator)
    await emulator.start()
    inner = urlsplit(emulator.ws_url)
    assert inner.port is not None
    async with behind_tls(inner.port, mine) as port:
        options = aibot.WSClientOptions(
            bot_id=emulator.app.bot_id,
            secret=emulator.app.bot_secret,
            ws_url=f"wss://127.0.0.1:{port}{inner.path}",
            max_reconnect_attempts=0,
            logger=Silent(),
        )
        made = Place(emulator, aibot.WSClient(options))
        for name in ("authenticated", "message.text", "event.template_card_event", "error"):
            made.client.on(name, lambda *frame, name=name: made.heard.put_nowait((name, frame[0] if frame else None)))
        await made.client.connect()
        try:
            yield made
        finally:
            with suppress(Exception):
                made.client.disconnect()
            await asyncio.sleep(0)
            await made.client._ws_manager._cleanup_ws()
            await emulator.stop()


async def test_it_gets_in_and_hears_what_mentions_the_bot(place: Place) -> None:
    assert (await place.next())[0] == "authenticated"
    group = place.emulator.add_group("X1 项目", ["lihua", "zhaoliu"])
    await place.emulator.says("lihua", [MentionBot(), " 进度如何"], group)
    name, frame = await place.next()
    assert name == "message.text"
    assert frame["body"]["from"]["userid"] == "lihua"
    assert frame["body"]["chattype"] == "group"
    assert "进度如何" in frame["body"]["text"]["content"]


async def test_what_it_pushes_stands_in_the_group(place: Place) -> None:
    await place.next()
    group = place.emulator.add_group("X1 项目", ["lihua", "zhaoliu"])
    await place.emulator.says("lihua", [MentionBot(), " 进度如何"], group)
    _, frame = await place.next()
    answer = await place.client.send_message(
        frame["body"]["chatid"], {"msgtype": "markdown", "markdown": {"content": "周四"}}
    )
    assert answer["errcode"] == 0
    assert place.emulator.chat_as_seen("zhaoliu", group).messages[-1].text == "周四"


async def test_a_reply_that_grows_is_one_message(place: Place) -> None:
    await place.next()
    group = place.emulator.add_group("X1 项目", ["lihua", "zhaoliu"])
    await place.emulator.says("lihua", [MentionBot(), " 进度如何"], group)
    _, frame = await place.next()
    for content, is_last in (("周", False), ("周四到位", True)):
        assert (await place.client.reply_stream(frame, "s-1", content, is_last))["errcode"] == 0
    said = [one.text for one in place.emulator.chat_as_seen("zhaoliu", group).messages]
    assert said[-1] == "周四到位"
    assert "周" not in said


async def test_a_card_that_it_pushed_is_pressed_and_replaced(place: Place) -> None:
    await place.next()
    group = place.emulator.add_group("X1 项目", ["lihua", "zhaoliu"])
    await place.emulator.says("lihua", [MentionBot(), " 进度如何"], group)
    _, frame = await place.next()
    key = button_key(CARD.buttons[0].action, CARD.buttons[0].params)
    card = {
        "card_type": "button_interaction",
        "main_title": {"title": "审批"},
        "button_list": [{"text": "同意", "style": 1, "key": key}],
        "task_id": "t-1",
    }
    body = {"msgtype": "template_card", "template_card": card}
    assert (await place.client.send_message(frame["body"]["chatid"], body))["errcode"] == 0
    message = place.emulator.chat_as_seen("lihua", group).messages[-1]
    press = asyncio.create_task(place.emulator.clicks("lihua", message.id, "同意"))
    name, frame = await place.next()
    assert name == "event.template_card_event"
    changed = {**card, "button_list": [{"text": "已同意", "style": 1, "key": "done"}]}
    assert (await place.client.update_template_card(frame, changed))["errcode"] == 0
    await press
    seen = place.emulator.message_as_seen(message.id).card
    assert seen is not None
    assert "已同意" in str(seen)


async def test_a_push_to_somebody_who_never_wrote_is_refused_and_leaves_no_chat(place: Place) -> None:
    await place.next()
    before = len(place.emulator.what_sees("wangwu"))
    with pytest.raises(Exception, match="93006"):
        await place.client.send_message("wangwu", {"msgtype": "markdown", "markdown": {"content": "周四"}})
    assert len(place.emulator.what_sees("wangwu")) == before


async def test_with_another_secret_it_is_told_so(place: Place) -> None:
    await place.next()
    place.client._ws_manager.set_credentials(place.emulator.app.bot_id, "another")
    await place.client._ws_manager.connect()
    name, problem = await place.next()
    assert name == "error"
    assert "853000" in str(problem)
