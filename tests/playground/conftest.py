"""A running page without a bot, and a browser that has its address."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.playground.rig import Browser, Rig, company, files

company(), files()  # read from disk here, not on the loop of a test


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    rig = Rig.make()
    await rig.stage.start()
    await rig.server.start(port=0)
    yield rig
    await rig.server.stop()
    await rig.stage.stop()


@pytest.fixture
async def browser(rig: Rig) -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession() as session:
        yield Browser(rig.server.url, session)
