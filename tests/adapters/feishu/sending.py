"""The whole way out of a message on Feishu, on a clock that a test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from adapters._http import HttpClient
from adapters.feishu.adapter import FeishuAdapter
from adapters.feishu.client import FeishuClient
from adapters.feishu.emulator import EmulatorOptions, FeishuEmulator
from bot.clock import VirtualClock
from storage import open_store
from tests.adapters.delivering.sending import Sending, closing
from tests.adapters.feishu.outgoing import settings_of
from tests.adapters.feishu_emulator.rig import START, make_emulator
from tests.support.housing import housing

BUSY = "正在处理"
#: a second that stands for all the time in which an answer does not come
TIMEOUT = 0.05


class FeishuSending(Sending[FeishuEmulator]):
    """Alice, Bob and their group."""

    def new_group(self, name: str) -> str:
        """Another group."""
        return self.emulator.add_group(name, ["ou_alice", "ou_bob"])

    def codes(self, operation: str = "im.v1.message.create") -> list[int | None]:
        """The platform's answers to one kind of call."""
        return [one.code for one in self.emulator.recorder.calls_of(operation)]


@asynccontextmanager
async def sending(*, call_seconds: float = TIMEOUT) -> AsyncIterator[FeishuSending]:
    """A company over the store in memory; a call that is not answered is given up after `call_seconds` of real time."""
    clock = VirtualClock(START)
    emulator = make_emulator(clock, options=EmulatorOptions())
    await emulator.start()
    http = HttpClient(connect_seconds=1.0, total_seconds=call_seconds)
    settings = settings_of(emulator)
    client = FeishuClient(settings, clock=clock, http=http, read_pause=timedelta(milliseconds=1))
    adapter = FeishuAdapter(settings, client, housing(clock, busy_text=BUSY))
    office = FeishuSending(emulator, adapter, clock, await open_store("memory://"), reader="ou_bob")
    office.chat = office.new_group("物流部协同群")
    async with closing(office):
        yield office
