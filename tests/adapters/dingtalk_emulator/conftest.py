"""A running emulator, somebody who calls it and somebody who listens to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.dingtalk.emulator import DingTalkEmulator, Transport
from bot.clock import VirtualClock
from tests.adapters.dingtalk_emulator.rig import START, Api, Line, Receiver, make_emulator, on_line


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START)


@pytest.fixture
async def emulator(clock: VirtualClock) -> AsyncIterator[DingTalkEmulator]:
    emulator = make_emulator(clock)
    await emulator.start()
    yield emulator
    await emulator.stop()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def api(emulator: DingTalkEmulator, session: aiohttp.ClientSession) -> Api:
    api = Api(emulator.base_url, session)
    await api.log_in()
    return api


@pytest.fixture
async def line(emulator: DingTalkEmulator, session: aiohttp.ClientSession) -> AsyncIterator[Line]:
    async with on_line(emulator, session) as line:
        yield line


@pytest.fixture
async def receiver(emulator: DingTalkEmulator) -> AsyncIterator[Receiver]:
    receiver = Receiver()
    url = await receiver.start()
    emulator.change_options(delivery=Transport.WEBHOOK)
    assert await emulator.sets_webhook(f"{url}/event", robot_url=f"{url}/robot")
    emulator.registers_card_route("r1", f"{url}/card", "card-api-secret")
    yield receiver
    await receiver.stop()


@pytest.fixture
def group(emulator: DingTalkEmulator) -> str:
    return emulator.add_group("联调群", ["u1001", "u1002"])
