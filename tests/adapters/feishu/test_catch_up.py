"""What was written while nobody listened: read from history once, in its own time, and the same as the event was."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec
import pytest

from adapters.feishu import create
from adapters.feishu.catch_up import FURTHEST_BACK, REST
from adapters.feishu.emulator import FaultKind, Mention, MentionAll, MentionBot
from bot.domain.ids import MessageKey
from bot.updates import ContentKind, MessageReceived
from tests.adapters.feishu.intake import RecordingIntake
from tests.adapters.feishu.tenant import BUSY, Tenant, section, stream_tenant, until, webhook_tenant
from tests.adapters.feishu_emulator.rig import START, advance, stream
from tests.support.housing import housing

LIST, ROOMS = "im.v1.message.list", "im.v1.chat.list"
#: the platform repeats nothing within these tests
NO_REPEAT = (1e6,)


@pytest.fixture
async def tenant() -> AsyncIterator[Tenant]:
    async with stream_tenant(stream(retries=NO_REPEAT)) as tenant:
        await tenant.adapter.probe()
        yield tenant


@asynccontextmanager
async def started_again(tenant: Tenant, *, since: datetime) -> AsyncIterator[RecordingIntake]:
    """Another process of the same app that received its last update then."""
    adapter = create(section(tenant.emulator, delivery="webhook"), housing(tenant.clock, busy_text=BUSY))
    intake = RecordingIntake()
    adapter.missed_since(since)
    running = asyncio.create_task(adapter.run(intake))
    await adapter.probe()
    try:
        yield intake
    finally:
        await adapter.close()
        await asyncio.gather(running, return_exceptions=True)


async def passes(tenant: Tenant, seconds: float, *, step: float = 1.0, end: Callable[[], bool] = lambda: False) -> None:
    """Let time pass, with what both ends have to do in between."""
    passed = 0.0
    while passed < seconds and not end():
        advance(tenant.clock, step)
        passed += step
        for _ in range(40):
            await asyncio.sleep(0)


async def is_back(tenant: Tenant, *, seconds: float = 200) -> None:
    """Let time pass until the long connection stands again."""
    await passes(tenant, seconds, end=lambda: tenant.adapter.connection.is_connected)
    await until(lambda: tenant.adapter.connection.is_connected)


def texts(intake: RecordingIntake) -> list[str]:
    return [one.text for one in intake.of(MessageReceived)]


def asked(tenant: Tenant, operation: str = LIST) -> int:
    return len(tenant.emulator.recorder.calls_of(operation))


class TestGaps:
    """The connection was away."""

    async def test_a_reply_sent_while_we_were_away_counts_and_keeps_its_time(self, tenant: Tenant) -> None:
        await tenant.emulator.disconnects(120)
        await until(lambda: not tenant.adapter.connection.is_connected)
        advance(tenant.clock, 30)
        written = tenant.clock.now()
        await tenant.emulator.says("ou_bob", "明天给", tenant.chat)
        await is_back(tenant)
        await tenant.intake.has(1)
        [reply] = tenant.intake.of(MessageReceived)
        assert (reply.text, reply.source.happened_at) == ("明天给", written)
        assert tenant.clock.now() - written > timedelta(minutes=1)

    async def test_what_the_platform_repeats_afterwards_is_known(self) -> None:
        async with stream_tenant(stream(retries=(300.0,))) as tenant:
            await tenant.adapter.probe()
            await tenant.emulator.disconnects(60)
            await until(lambda: not tenant.adapter.connection.is_connected)
            await tenant.emulator.says("ou_bob", "1", tenant.chat)
            await is_back(tenant)
            await tenant.intake.has(1)
            advance(tenant.clock, 300)
            await tenant.emulator.settled()
            assert len(tenant.intake.brought) == 2
            assert texts(tenant.intake) == ["1"]

    async def test_a_gap_that_the_first_repetition_covers_costs_no_call(self, tenant: Tenant) -> None:
        await tenant.emulator.disconnects()
        await is_back(tenant)
        await passes(tenant, 30)
        assert len(tenant.adapter.connection.gaps) == 1
        assert asked(tenant, ROOMS) == asked(tenant) == 0

    async def test_a_connection_that_comes_and_goes_reads_once_a_minute_at_most(self, tenant: Tenant) -> None:
        for _ in range(20):
            await tenant.emulator.disconnects(12)
            await until(lambda: not tenant.adapter.connection.is_connected)
            await is_back(tenant)
        minutes = (tenant.clock.now() - START) / REST
        assert len(tenant.adapter.connection.gaps) == 20
        assert 2 <= asked(tenant, ROOMS) <= minutes + 1

    async def test_while_the_store_is_away_it_is_owed(self, tenant: Tenant) -> None:
        await tenant.emulator.disconnects(60)
        await until(lambda: not tenant.adapter.connection.is_connected)
        await tenant.emulator.says("ou_bob", "1", tenant.chat)
        tenant.intake.is_away = True
        await is_back(tenant)
        await until(lambda: asked(tenant) == 1)
        await passes(tenant, 5)
        assert tenant.intake.kept == []
        tenant.intake.is_away = False
        advance(tenant.clock, 16)
        await tenant.intake.has(1)
        assert texts(tenant.intake) == ["1"]

    @pytest.mark.parametrize("fault", [FaultKind.HTTP_500, FaultKind.RESET, FaultKind.HTTP_429])
    async def test_while_the_platform_stumbles_it_is_owed(self, tenant: Tenant, fault: FaultKind) -> None:
        await tenant.emulator.disconnects(60)
        await until(lambda: not tenant.adapter.connection.is_connected)
        await tenant.emulator.says("ou_bob", "1", tenant.chat)
        tenant.emulator.faults.add(ROOMS, fault, times=9)
        await is_back(tenant)
        await passes(tenant, 600, step=5, end=lambda: bool(tenant.intake.kept))
        assert texts(tenant.intake) == ["1"]

    async def test_without_the_scope_nothing_is_asked_and_with_it_what_is_owed_is_read(self) -> None:
        async with stream_tenant(stream(retries=NO_REPEAT)) as tenant:
            tenant.emulator.revokes("im:message.group_msg")
            await tenant.adapter.probe()
            await tenant.emulator.disconnects(60)
            await until(lambda: not tenant.adapter.connection.is_connected)
            await tenant.emulator.says("ou_bob", "1", tenant.chat)
            await is_back(tenant)
            await passes(tenant, 60)
            assert asked(tenant, ROOMS) == asked(tenant) == 0
            tenant.emulator.grants("im:message.group_msg")
            await tenant.adapter.probe()
            await tenant.intake.has(1)
            assert texts(tenant.intake) == ["1"]


class TestStart:
    """The process was away, or came for the first time."""

    async def test_history_says_exactly_what_the_events_said(self, tenant: Tenant) -> None:
        emulator, chat = tenant.emulator, tenant.chat
        first = await emulator.says(
            "ou_alice", ["请", Mention("ou_bob"), "和", MentionBot(), "看 ", MentionAll()], chat
        )
        await emulator.says("ou_bob", "收到 @_user_1 <at>", chat, reply_to=first)
        await emulator.says("ou_bob", "在话题里", chat, reply_to=first, thread="omt_1")
        await emulator.posts("ou_bob", "post", {"title": "题", "content": [[{"tag": "text", "text": "一行"}]]}, chat)
        await emulator.sends_image("ou_alice", chat)
        await emulator.posts("ou_alice", "sticker", {"file_key": "f"}, chat)
        await emulator.settled()
        await tenant.intake.has(6)
        advance(tenant.clock, 60)
        async with started_again(tenant, since=START) as intake:
            await intake.has(6)
        found = {one.message: one for one in intake.of(MessageReceived)}
        for told in tenant.intake.of(MessageReceived):
            read = found[told.message]
            source = replace(told.source, received_at=read.source.received_at, event_id=read.source.event_id)
            # the head of a thread did not know of it when it was told
            assert msgspec.structs.replace(told, source=source, thread=read.thread) == read
        assert found[MessageKey("feishu", first)].mentions[1].is_bot

    async def test_only_what_people_wrote_and_did_not_take_back_is_read(self, tenant: Tenant) -> None:
        await tenant.sends_card()
        gone = await tenant.emulator.says("ou_alice", "1", tenant.chat)
        await tenant.emulator.recalls(gone)
        await tenant.emulator.says("ou_alice", "2", tenant.chat)
        advance(tenant.clock, 60)
        async with started_again(tenant, since=START) as intake:
            await intake.has(1)
        assert texts(intake) == ["2"]

    async def test_every_page_of_every_group_is_read_in_its_order(self, tenant: Tenant) -> None:
        other = tenant.emulator.add_group("另一个群", ["ou_carol", "ou_dave"])
        for n in range(120):
            await tenant.emulator.says("ou_alice", f"{n}", tenant.chat)
        await tenant.emulator.says("ou_carol", "x", other)
        advance(tenant.clock, 60)
        async with started_again(tenant, since=START) as intake:
            await intake.has(121)
        assert [one for one in texts(intake) if one != "x"] == [f"{n}" for n in range(120)]

    async def test_nothing_older_than_what_may_be_believed_is_asked_for(self, tenant: Tenant) -> None:
        await tenant.emulator.says("ou_alice", "alt", tenant.chat)
        advance(tenant.clock, 50 * 3600)
        await tenant.emulator.says("ou_alice", "neu", tenant.chat)
        async with started_again(tenant, since=START) as intake:
            await intake.has(1)
        assert texts(intake) == ["neu"]
        [call] = tenant.emulator.recorder.calls_of(LIST)
        asked_from = datetime.fromtimestamp(int(dict(call.query)["start_time"]), START.tzinfo)
        assert tenant.clock.now() - asked_from <= FURTHEST_BACK + timedelta(minutes=1)

    async def test_a_group_that_is_lost_holds_up_no_other(self, tenant: Tenant) -> None:
        await tenant.emulator.says("ou_alice", "1", tenant.chat)
        other = tenant.emulator.add_group("另一个群", ["ou_carol", "ou_dave"])
        await tenant.emulator.says("ou_carol", "2", other)
        tenant.emulator.faults.add(LIST, FaultKind.CODE, code=230002, nth=1)
        advance(tenant.clock, 60)
        async with started_again(tenant, since=START) as intake:
            await intake.has(1)
        assert texts(intake) == ["2"]

    async def test_a_first_start_reads_nothing(self, tenant: Tenant) -> None:
        await passes(tenant, 120)
        assert asked(tenant, ROOMS) == 0

    async def test_in_webhook_mode_a_start_reads_too(self) -> None:
        async with webhook_tenant() as tenant:
            written = await tenant.emulator.says("ou_alice", "1", tenant.chat)
            await tenant.emulator.settled()
            advance(tenant.clock, 60)
            async with started_again(tenant, since=START) as intake:
                await intake.has(1)
            [message] = intake.of(MessageReceived)
            assert (message.message.message, message.content) == (written, ContentKind.TEXT)


class TestWaiting:
    """Whoever must not be faster than what was missed."""

    async def test_nothing_owed_is_nothing_to_wait_for(self, tenant: Tenant) -> None:
        async with asyncio.timeout(60):
            await tenant.adapter.caught_up()

    async def test_it_waits_until_all_is_in_the_intake(self, tenant: Tenant) -> None:
        await tenant.emulator.says("ou_alice", "1", tenant.chat)
        advance(tenant.clock, 60)
        tenant.intake.may_store.clear()
        tenant.adapter.missed_since(START)
        waiting = asyncio.create_task(tenant.adapter.caught_up())
        await until(lambda: asked(tenant) == 1)
        assert not waiting.done()
        tenant.intake.may_store.set()
        await waiting
        assert texts(tenant.intake) == ["1"]

    async def test_what_cannot_be_read_now_is_not_waited_for(self, tenant: Tenant) -> None:
        tenant.emulator.faults.add(ROOMS, FaultKind.HTTP_500)
        advance(tenant.clock, 60)
        tenant.adapter.missed_since(START)
        async with asyncio.timeout(60):
            await tenant.adapter.caught_up()

    @pytest.mark.parametrize("answer", ["no", "none"])
    async def test_without_the_right_or_without_an_answer_nobody_waits(self, answer: str) -> None:
        async with webhook_tenant() as tenant:
            if answer == "no":
                tenant.emulator.revokes("im:message.group_msg")
            else:
                tenant.emulator.faults.add("*", FaultKind.REFUSE)
            advance(tenant.clock, 60)
            tenant.adapter.missed_since(START)
            waiting = asyncio.create_task(tenant.adapter.caught_up())
            await asyncio.sleep(0)
            assert not waiting.done(), "until the platform was asked"
            await tenant.adapter.probe()
            async with asyncio.timeout(60):
                await waiting
