"""A running emulator, somebody who calls it and somebody who listens to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.feishu.emulator import FeishuEmulator
from bot.clock import VirtualClock
from tests.adapters.feishu_emulator.rig import START, Api, Receiver, make_emulator


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START)


@pytest.fixture
async def emulator(clock: VirtualClock) -> AsyncIterator[FeishuEmulator]:
    emulator = make_emulator(clock)
    await emulator.start()
    yield emulator
    await emulator.stop()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def api(emulator: FeishuEmulator, session: aiohttp.ClientSession) -> Api:
    api = Api(emulator.base_url, session)
    await api.log_in()
    return api


@pytest.fixture
async def receiver(emulator: FeishuEmulator) -> AsyncIterator[Receiver]:
    receiver = Receiver()
    assert await emulator.sets_webhook(await receiver.start())
    yield receiver
    await receiver.stop()
