"""Open pages learn of every change through one stream each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp

from bot.stage import Mentioned
from tests.playground.rig import SU, X1, YUAN, Browser, Rig


async def lines_of(answer: aiohttp.ClientResponse) -> AsyncIterator[str]:
    async for raw in answer.content:
        line = raw.decode().strip()
        if line.startswith("data:"):
            yield line


async def test_a_change_is_told_to_every_open_tab(rig: Rig, browser: Browser) -> None:
    async with (
        browser.session.get(f"{browser.url}changes") as one,
        browser.session.get(f"{browser.url}changes") as other,
    ):
        streams = [lines_of(one), lines_of(other)]
        first = [await anext(stream) for stream in streams]
        await rig.stage.says(SU, X1, [Mentioned(YUAN), " 在吗"])
        async with asyncio.timeout(60):
            second = [await anext(stream) for stream in streams]
        assert first[0] != second[0]
        assert second[0] == second[1]


async def test_the_stream_ends_with_the_page(rig: Rig, browser: Browser) -> None:
    async with browser.session.get(f"{browser.url}changes") as answer:
        stream = lines_of(answer)
        await anext(stream)
        async with asyncio.timeout(60):
            await rig.server.stop()
            assert [line async for line in stream] == []


async def test_news_carry_everything_that_changes_by_itself(rig: Rig, browser: Browser) -> None:
    await browser.does("say", me=SU, chat=X1, text="@袁知行 在吗")
    news = await browser.news(me=YUAN, chat=X1)
    assert (news["me"], news["chat"], news["unread"], news["running"]) == (YUAN, X1, 1, False)
    assert news["title"] == "(1) 袁知行 · 回音 · 演示"
    messages = news["messages"]
    assert isinstance(messages, list)
    assert "在吗" in messages[0][1]
