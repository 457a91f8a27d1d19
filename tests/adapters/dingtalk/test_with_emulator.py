"""The adapter and the emulated platform, written by two people from the same documents, over a real wire."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from adapters._emulator.faults import FaultKind
from adapters._emulator.said import Mention, MentionBot
from adapters.dingtalk import DingTalkAdapter, create
from adapters.dingtalk.emulator import EmulatorOptions, SeenMessage, Transport
from bot.clock import VirtualClock
from bot.domain.chart import Chart
from bot.domain.ids import AccountKey, MessageKey
from bot.errors import FailureKind, PlatformError, WebhookRejected
from bot.messages import (
    AddMembers,
    At,
    Card,
    CreateGroup,
    EditCard,
    ReadMembers,
    Rich,
    SendCard,
    SendPicture,
    SendText,
    Text,
)
from bot.ports import Answer, RawReply, RawRequest
from bot.updates import (
    CardClicked,
    ChatMembersChanged,
    ChatRenamed,
    DirectoryChanged,
    MessageReceived,
    without_mentions,
)
from tests.adapters.dingtalk.outgoing import CARD
from tests.adapters.dingtalk.tenant import BUSY, Tenant, section, stream_tenant
from tests.adapters.dingtalk_emulator.rig import START, make_emulator
from tests.support.housing import housing

ZHANG = At(AccountKey("dingtalk", "u1002"), "张三")
ASKS: Card = replace(CARD, body=(ZHANG, Text(" 请回复")))
CALLS: Rich = (ZHANG, Text(" 请回复"))


@pytest.fixture
async def tenant() -> AsyncIterator[Tenant]:
    async with stream_tenant() as made:
        yield made


def room(*members: str, name: str = "X1 项目") -> CreateGroup:
    people = tuple(AccountKey("dingtalk", one) for one in members)
    return CreateGroup(platform="dingtalk", name=name, description="", owner=people[0], members=people[1:])


def newest(tenant: Tenant, by: str = "u1002") -> SeenMessage:
    """The last message of the group, as somebody sees it."""
    return tenant.emulator.chat_as_seen(by, tenant.chat).messages[-1]


async def sends(tenant: Tenant, card: Card = ASKS, *, key: str = "k") -> MessageKey:
    receipt = await tenant.adapter.send(SendCard(target=tenant.group, card_id="c", card=card), key=key)
    assert receipt.message is not None
    return receipt.message


# ---------------------------------------------------------------- in


async def test_what_is_said_to_the_robot_in_a_group_is_a_command_with_its_mention_in_front(tenant: Tenant) -> None:
    await tenant.emulator.says("u1001", [MentionBot(), " 请回复 ", Mention("u1002"), " 30分钟"], tenant.chat)
    await tenant.emulator.says("u1001", "大家好", tenant.chat)
    await tenant.emulator.settled()
    (update,) = tenant.intake.of(MessageReceived)
    assert update.chat == tenant.group.chat
    assert [one.is_bot for one in update.mentions] == [True]
    assert without_mentions(update.text).split() == ["请回复", "30分钟"]
    assert update.named == (AccountKey("dingtalk", "u1002"),)
    assert not update.is_unsigned


async def test_a_mention_of_others_may_stay_in_the_words(tenant: Tenant) -> None:
    tenant.emulator.change_options(keeps_other_mentions=True)
    await tenant.emulator.says("u1001", [MentionBot(), " 请回复 ", Mention("u1002")], tenant.chat)
    await tenant.emulator.settled()
    (update,) = tenant.intake.of(MessageReceived)
    assert without_mentions(update.text) == "请回复 @张三"
    assert update.named == (AccountKey("dingtalk", "u1002"),)


async def test_private_words_are_answered_where_they_were_said(tenant: Tenant) -> None:
    await tenant.emulator.says("u1002", "待办")
    await tenant.emulator.settled()
    (update,) = tenant.intake.of(MessageReceived)
    from bot.messages import ToChat

    await tenant.adapter.send(SendText(target=ToChat(update.chat), body=(Text("没有待办"),)), key="a")
    chat = tenant.emulator.chat_as_seen("u1002", tenant.emulator.direct_chat("u1002"))
    assert [one.text for one in chat.messages] == ["待办", "没有待办"]


async def test_people_of_other_companies_are_strangers(tenant: Tenant) -> None:
    chat = tenant.emulator.add_group("客户群", ["u1001", "x1"])
    await tenant.emulator.says("x1", [MentionBot(), " 你好"], chat)
    await tenant.emulator.settled()
    assert all(one.sender_is_external for one in tenant.intake.of(MessageReceived))


async def test_before_a_version_is_published_whoever_writes_hears_what_is_missing(tenant: Tenant) -> None:
    """The platform names nobody then, so that every other way to answer is closed (dingtalk.md 2.1)."""
    emulator = tenant.emulator
    emulator.change_options(is_published=False)
    await emulator.says("u1002", "帮助")
    await emulator.says("u1001", [MentionBot(), " 帮助"], tenant.chat)
    await emulator.says("u1002", "有人吗")
    await emulator.settled()
    assert all(one.sender_is_external for one in tenant.intake.of(MessageReceived))
    private = emulator.chat_as_seen("u1002", emulator.direct_chat("u1002")).messages
    said = [one.text for one in private if "版本管理与发布" in one.text]
    assert len(said) == 1, "once in a while, however often somebody tries"
    assert "版本管理与发布" in newest(tenant).text
    assert "dingtalk.unpublished" in [one.id for one in await tenant.adapter.probe()]
    tenant.advance(11 * 60)
    await emulator.says("u1002", "还在吗")
    await emulator.settled()
    assert "版本管理与发布" in emulator.chat_as_seen("u1002", emulator.direct_chat("u1002")).messages[-1].text
    emulator.change_options(is_published=True)
    await emulator.says("u1002", "帮助")
    await emulator.settled()
    assert not tenant.intake.of(MessageReceived)[-1].sender_is_external
    assert "dingtalk.unpublished" not in [one.id for one in await tenant.adapter.probe()]


async def test_people_of_other_companies_hear_nothing_of_it(tenant: Tenant) -> None:
    chat = tenant.emulator.add_group("客户群", ["u1001", "x1"])
    await tenant.emulator.says("x1", [MentionBot(), " 你好"], chat)
    await tenant.emulator.settled()
    assert len(tenant.emulator.chat_as_seen("u1001", chat).messages) == 1
    assert "dingtalk.unpublished" not in [one.id for one in await tenant.adapter.probe()]


async def test_a_message_that_is_pushed_twice_is_one(tenant: Tenant) -> None:
    """The gateway did not see our answer and queues the message anew under another frame (dingtalk.md 2.4)."""
    tenant.emulator.faults.add("push.*", FaultKind.DROP_ACK, nth=1)
    await tenant.emulator.says("u1002", "待办")
    for _ in range(4):
        await tenant.emulator.settled()
        tenant.advance(20)
    await tenant.emulator.settled()
    assert len(tenant.intake.brought) >= 2
    assert len(tenant.intake.of(MessageReceived)) == 1


async def test_what_happens_to_groups_and_people_is_told(tenant: Tenant) -> None:
    tenant.emulator.renames(tenant.chat, "X2 联调群", operator="u1001")
    tenant.emulator.joins("u1003", tenant.chat)
    tenant.emulator.leaves("u1003", tenant.chat)
    tenant.emulator.add_person("u1009", "新人", "10")
    await tenant.emulator.settled()
    (renamed,) = tenant.intake.of(ChatRenamed)
    assert renamed.name == "X2 联调群"
    who = AccountKey("dingtalk", "u1003")
    assert [(one.joined, one.left) for one in tenant.intake.of(ChatMembersChanged)] == [((who,), ()), ((), (who,))]
    assert tenant.intake.of(DirectoryChanged)


# ---------------------------------------------------------------- cards


async def test_a_card_is_shown_pressed_answered_and_repainted_for_everybody(tenant: Tenant) -> None:
    tenant.intake.answer = lambda _: Answer(toast="已收到")
    message = await sends(tenant)
    seen = newest(tenant)
    assert seen.card is not None
    assert (seen.card.title, seen.card.tags, seen.card.rows[0]) == (
        ASKS.title,
        ("等待回复",),
        ("提问人", "李四（市场部）"),
    )
    assert seen.mentions == ("u1002",)
    assert [one.text for one in seen.card.buttons] == ["收到", "不用回了"]
    result = await tenant.emulator.clicks("u1002", seen.id, "不用回了")
    assert result.card_changed
    (click,) = tenant.intake.of(CardClicked)
    assert (click.operator.account, click.action, click.message) == ("u1002", "clock_call_off", message)
    assert click.chat == tenant.group.chat
    mine, others = newest(tenant, "u1002"), newest(tenant, "u1001")
    assert mine.card is not None
    assert others.card is not None
    assert mine.card.raw["hint"] == "已收到"
    assert "hint" not in others.card.raw, "nobody else sees the answer"
    done = replace(ASKS, state="已回复", buttons=(), fields=())
    await tenant.adapter.send(EditCard(target=tenant.group, card_id="c", message=message, card=done), key="e")
    for who in ("u1001", "u1002"):
        card = newest(tenant, who).card
        assert card is not None
        assert (card.tags, card.buttons) == (("已回复",), ())


async def test_a_form_comes_back_with_what_was_typed(tenant: Tenant) -> None:
    await sends(tenant)
    form = {"answer": "明天", "detail": "一\n二", "level": "h", "due": "2026-03-05"}
    await tenant.emulator.clicks("u1002", newest(tenant).id, "收到", form)
    (click,) = tenant.intake.of(CardClicked)
    assert (click.action, click.params) == ("clock_ack", {"code": "HF-2026-0031", "mac": "abc"})
    assert click.form == form


async def test_an_answer_to_a_card_names_the_card(tenant: Tenant) -> None:
    message = await sends(tenant)
    await tenant.emulator.says("u1002", [MentionBot(), " 明天"], tenant.chat, reply_to=newest(tenant).id)
    await tenant.emulator.settled()
    (update,) = tenant.intake.of(MessageReceived)
    assert update.reply_to == message


async def test_a_card_whose_answer_was_lost_is_there_once(tenant: Tenant) -> None:
    tenant.emulator.faults.add("card.createAndDeliver", FaultKind.BAD_JSON, nth=1)
    with pytest.raises(PlatformError) as refused:
        await sends(tenant)
    assert refused.value.kind is FailureKind.UNKNOWN
    assert tenant.adapter.capabilities.recognises(SendCard(target=tenant.group, card_id="c", card=ASKS))
    message = await sends(tenant)
    await tenant.emulator.clicks("u1002", newest(tenant).id, "不用回了")
    assert tenant.intake.of(CardClicked)[0].message == message
    assert tenant.emulator.visible_duplicates() == []


async def test_a_platform_that_takes_only_short_texts_gets_short_ones(tenant: Tenant) -> None:
    """The documents say a kilobyte, the field sees twenty (dingtalk.md 3.1): both work."""
    tenant.emulator.change_options(card_value_bytes=1024)
    long = replace(ASKS, body=(ZHANG, Text("长" * 2_000)))
    message = await sends(tenant, long)
    seen = newest(tenant)
    assert seen.card is not None
    assert "…" in seen.text
    before = len(tenant.emulator.recorder.calls)
    await tenant.adapter.send(EditCard(target=tenant.group, card_id="c", message=message, card=long), key="e")
    assert len(tenant.emulator.recorder.calls) == before + 1, "what was learnt once is not asked for again"


async def test_a_card_into_a_group_without_the_robot_goes_as_words_that_say_why_not(tenant: Tenant) -> None:
    tenant.emulator.removes_bot(tenant.chat)
    with pytest.raises(PlatformError):
        await sends(tenant)
    with pytest.raises(PlatformError) as refused:
        await tenant.adapter.send(SendText(target=tenant.group, body=(Text("早"),)), key="t")
    assert refused.value.kind is FailureKind.GONE
    assert "添加机器人" in refused.value.hint


async def test_a_template_that_is_not_published_is_named(tenant: Tenant) -> None:
    tenant.emulator.publishes_template("0b1e7a52-3c1d-4e8f-9a60-5d7c2f4b8e10.schema", is_published=False)
    with pytest.raises(PlatformError) as refused:
        await sends(tenant)
    assert refused.value.kind is FailureKind.DEGRADE
    assert "card_template_id" in refused.value.hint


# ---------------------------------------------------------------- texts, pictures, mentions


async def test_a_text_is_shown_as_it_was_meant_and_a_mention_rings(tenant: Tenant) -> None:
    await tenant.adapter.send(SendText(target=tenant.group, body=(Text("**不是粗体** <a atId=u1001>"),)), key="a")
    seen = newest(tenant)
    assert (seen.text, seen.mentions) == ("**不是粗体** <a atId=u1001>", ())
    await tenant.adapter.send(SendText(target=tenant.group, body=CALLS), key="b")
    assert newest(tenant).mentions == ("u1002",)


@pytest.mark.parametrize("rings", [False, True])
async def test_without_a_template_a_mention_rings_where_somebody_just_spoke(rings: bool) -> None:
    async with stream_tenant(card_template_id="") as tenant:
        if rings:
            await tenant.emulator.says("u1001", [MentionBot(), " 状态"], tenant.chat)
            await tenant.emulator.settled()
        await tenant.adapter.send(SendText(target=tenant.group, body=CALLS), key="a")
        seen = newest(tenant)
        assert (seen.mentions == ("u1002",)) == rings
        assert "张三" in seen.text
        if rings:  # the address ends after an hour and a half; then the words still arrive
            tenant.advance(6_000)
            await tenant.adapter.send(SendText(target=tenant.group, body=CALLS), key="b")
            assert newest(tenant).mentions == ()


async def test_a_picture_is_shown(tenant: Tenant) -> None:
    chart = Chart(title="周报", panels=())
    await tenant.adapter.send(SendPicture(target=tenant.group, chart=chart, alt="周报"), key="p")
    assert newest(tenant).kind not in {"text", "interactiveCard"}


# ---------------------------------------------------------------- groups


@pytest.mark.parametrize("template", ["", "c3540000-emulated-group-template"])
@pytest.mark.parametrize("adds", [True, False])
async def test_a_group_is_made_with_its_people_and_says_whether_a_person_has_to_add_the_robot(
    template: str, adds: bool
) -> None:
    options = EmulatorOptions(adds_robot_by_api=adds, template_brings_robot=False)
    async with stream_tenant(options, group_template_id=template) as tenant:
        receipt = await tenant.adapter.send(room("u1001", "u1002", "u1003"), key="g")
        assert receipt.wants_bot != adds
        assert receipt.chat is not None
        assert {one.account for one in receipt.members} == {"u1001", "u1002", "u1003"}
        if not template:
            listed = await tenant.adapter.send(ReadMembers(chat=receipt.chat), key="r")
            assert set(listed.members) == set(receipt.members)
        added = await tenant.adapter.send(
            AddMembers(chat=receipt.chat, members=(AccountKey("dingtalk", "u1004"),)), key="a"
        )
        assert added.members == (AccountKey("dingtalk", "u1004"),)
        assert "u1004" in str(tenant.emulator.what_sees("u1004")) or tenant.emulator.what_sees("u1004")


async def test_a_group_from_a_template_whose_answer_was_lost_is_there_once() -> None:
    async with stream_tenant(group_template_id="c3540000-emulated-group-template") as tenant:
        tenant.emulator.faults.add("im.sceneGroup.create", FaultKind.BAD_JSON, nth=1)
        with pytest.raises(PlatformError) as refused:
            await tenant.adapter.send(room("u1001", "u1002"), key="g")
        assert refused.value.kind is FailureKind.RETRY
        receipt = await tenant.adapter.send(room("u1001", "u1002"), key="g")
        assert receipt.chat is not None
        names = [one.name for one in tenant.emulator.what_sees("u1002")]
        assert names.count("X1 项目") == 1


async def test_a_plain_group_whose_answer_was_lost_is_reported_as_unknown(tenant: Tenant) -> None:
    tenant.emulator.faults.add("im.group.create", FaultKind.BAD_JSON, nth=1)
    with pytest.raises(PlatformError) as refused:
        await tenant.adapter.send(room("u1001", "u1002"), key="g")
    assert refused.value.kind is FailureKind.UNKNOWN
    assert not tenant.adapter.capabilities.recognises(room("u1001", "u1002"))


async def test_who_is_in_a_group_that_others_made_is_told_once_an_event_named_it(tenant: Tenant) -> None:
    """Until then nobody is said to be out of it: an empty list would be a lie."""
    untold = await tenant.adapter.send(ReadMembers(chat=tenant.group.chat), key="a")
    assert untold.members_untold
    tenant.emulator.joins("u1003", tenant.chat)
    await tenant.emulator.settled()
    await tenant.until(lambda: bool(tenant.intake.of(ChatMembersChanged)))
    told = await tenant.adapter.send(ReadMembers(chat=tenant.group.chat), key="b")
    assert {one.account for one in told.members} == {"u1001", "u1002", "u1003"}


async def test_a_person_out_of_reach_is_left_out_with_a_reason(tenant: Tenant) -> None:
    receipt = await tenant.adapter.send(room("u1001", "u1002", "x1", "u1003"), key="g")
    assert {one.account for one in receipt.members} == {"u1001", "u1002", "u1003"}
    assert set(receipt.refused) == {"x1"}


# ---------------------------------------------------------------- the connection


async def test_after_the_gateways_farewell_nothing_that_is_said_is_lost(tenant: Tenant) -> None:
    tenant.advance(40)
    await tenant.until(lambda: True)
    await tenant.emulator.asks_to_reconnect()
    await tenant.until(lambda: tenant.adapter.connection.reconnects == 1, step=0.05)
    await tenant.emulator.says("u1002", "待办")
    await tenant.emulator.settled()
    assert len(tenant.intake.of(MessageReceived)) == 1


async def test_an_outage_is_a_gap_that_is_told_and_events_come_afterwards(tenant: Tenant) -> None:
    await tenant.emulator.disconnects(30)
    await tenant.until(lambda: not tenant.adapter.connection.is_connected)
    tenant.emulator.renames(tenant.chat, "X2 联调群")
    await tenant.until(lambda: tenant.adapter.connection.is_connected, step=2)
    [(start, end)] = tenant.adapter.connection.gaps
    assert 30 <= (end - start).total_seconds() <= 100
    for _ in range(4):
        await tenant.emulator.settled()
        tenant.advance(61)
    await tenant.emulator.settled()
    assert [one.name for one in tenant.intake.of(ChatRenamed)] == ["X2 联调群"]


async def test_a_connection_that_goes_deaf_is_replaced(tenant: Tenant) -> None:
    tenant.emulator.silences_sockets()
    await tenant.until(lambda: tenant.adapter.connection.reconnects == 1, step=3)
    [(start, end)] = tenant.adapter.connection.gaps
    assert 85 <= (end - start).total_seconds() <= 125
    await tenant.emulator.says("u1002", "待办")
    for _ in range(3):
        await tenant.emulator.settled()
        tenant.advance(20)
    assert len(tenant.intake.of(MessageReceived)) == 1


async def test_a_token_that_ran_out_is_renewed_without_anybody_noticing(tenant: Tenant) -> None:
    for wraps in (False, True):
        tenant.emulator.change_options(wraps_legacy_codes=wraps)
        tenant.emulator.expires_tokens()
        await tenant.adapter.send(SendText(target=tenant.group, body=(Text("早"),)), key=f"k{wraps}")
        tenant.emulator.expires_tokens()
        assert len((await tenant.adapter.directory()).people) == 4


async def test_a_missing_permission_is_named(tenant: Tenant) -> None:
    tenant.emulator.revokes("qyapi_robot_sendmsg")
    with pytest.raises(PlatformError) as refused:
        await tenant.adapter.send(SendText(target=tenant.group, body=(Text("早"),)), key="k")
    assert refused.value.kind is FailureKind.ADMINISTRATOR
    assert "qyapi_robot_sendmsg" in refused.value.hint
    tenant.emulator.revokes("qyapi_get_department_list")
    findings = {one.id: one for one in await tenant.adapter.probe()}
    assert "qyapi_get_department_list" in findings["dingtalk.contact_range"].hint


async def test_the_months_end_of_calls_is_a_finding_and_answers_still_arrive() -> None:
    async with stream_tenant(EmulatorOptions(monthly_calls=2)) as tenant:
        await tenant.emulator.says("u1001", [MentionBot(), " 状态"], tenant.chat)
        await tenant.emulator.settled()
        for number in range(4):
            await tenant.adapter.send(SendText(target=tenant.group, body=(Text(f"第{number}条"),)), key=f"k{number}")
        texts = [one.text for one in tenant.emulator.chat_as_seen("u1001", tenant.chat).messages]
        assert texts[-4:] == ["第0条", "第1条", "第2条", "第3条"]
        findings = {one.id: one for one in await tenant.adapter.probe()}
        assert findings["dingtalk.budget.calls"].severity.value == "failure"


async def test_the_months_end_of_deliveries_is_a_finding() -> None:
    async with stream_tenant(EmulatorOptions(monthly_pushes=1)) as tenant:
        for word in ("一", "二", "三"):
            await tenant.emulator.says("u1001", word)
        await tenant.emulator.settled()
        findings = {one.id: one for one in await tenant.adapter.probe()}
        assert findings["dingtalk.budget.deliveries"].severity.value == "failure"


# ---------------------------------------------------------------- over HTTP


class Listener:
    """The public listener in its shortest form: raw bytes to the adapter, 401 for what it does not believe."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._runner: web.AppRunner | None = None
        self.tenant: Tenant | None = None
        self.statuses: list[int] = []

    async def start(self) -> str:
        app = web.Application()
        app.router.add_post("/{rest:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.Response:
        assert self.tenant is not None
        raw = RawRequest(
            method=request.method,
            path=request.path,
            query=request.query,
            headers={name.lower(): value for name, value in request.headers.items()},
            body=await request.read(),
            received_at=self._clock.now(),
        )
        try:
            reply = await self.tenant.adapter.receive(raw, self.tenant.intake)
        except WebhookRejected:
            reply = RawReply(status=401, body=b"{}")
        self.statuses.append(reply.status)
        return web.Response(status=reply.status, body=reply.body, headers={"Content-Type": reply.content_type})


@asynccontextmanager
async def posted_tenant(**options: Any) -> AsyncIterator[tuple[Tenant, Listener]]:
    """Everything over HTTP, clicks included."""
    clock = VirtualClock(START)
    emulator = make_emulator(clock, options=EmulatorOptions(delivery=Transport.WEBHOOK, **options))
    chat = emulator.add_group("联调群", ["u1001", "u1002"])
    await emulator.start()
    listener = Listener(clock)
    url = await listener.start()
    settings = section(emulator, delivery="webhook", robot_over_http=True, card_secret="a-secret-for-clicks-0001")
    adapter: DingTalkAdapter = create(settings, replace(housing(clock, busy_text=BUSY), public_url=url))
    tenant = listener.tenant = Tenant(emulator, adapter, clock, chat)
    running = asyncio.create_task(adapter.run(tenant.intake))
    try:
        assert await emulator.sets_webhook(f"{url}/hook/dingtalk/event", robot_url=f"{url}/hook/dingtalk/robot")
        await tenant.until(lambda: any("register" in one.operation for one in emulator.recorder.calls))
        yield tenant, listener
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await adapter.close()
        await listener.stop()
        await emulator.stop()


@pytest.mark.parametrize(
    "options", [{}, {"capital_fields": False}, {"owner_is_corp": True}, {"retry_signs_anew": False}]
)
async def test_everything_arrives_over_http_however_the_platform_writes_it(options: dict[str, Any]) -> None:
    async with posted_tenant(**options) as (tenant, listener):
        tenant.emulator.renames(tenant.chat, "X2 联调群")
        await tenant.emulator.says("u1001", [MentionBot(), " 状态"], tenant.chat)
        await tenant.emulator.settled()
        assert [one.name for one in tenant.intake.of(ChatRenamed)] == ["X2 联调群"]
        (update,) = tenant.intake.of(MessageReceived)
        assert update.is_unsigned
        await sends(tenant)
        tenant.intake.answer = lambda _: Answer(toast="已收到")
        await tenant.emulator.clicks("u1002", newest(tenant).id, "不用回了")
        assert [one.action for one in tenant.intake.of(CardClicked)] == ["clock_call_off"]
        seen = newest(tenant)
        assert seen.card is not None
        assert seen.card.raw["hint"] == "已收到"
        assert set(listener.statuses) == {200}


async def test_an_event_that_could_not_be_stored_comes_again() -> None:
    async with posted_tenant() as (tenant, listener):
        tenant.intake.is_away = True
        tenant.emulator.renames(tenant.chat, "X2 联调群")
        await tenant.emulator.settled()
        assert listener.statuses[-1] == 503
        tenant.intake.is_away = False
        tenant.advance(10)
        await tenant.emulator.settled()
        assert [one.name for one in tenant.intake.of(ChatRenamed)] == ["X2 联调群"]


async def test_captured_callbacks_have_no_second_effect() -> None:
    """T2: at once, within the window, after it, and after eight hours."""
    async with posted_tenant() as (tenant, listener):
        tenant.emulator.renames(tenant.chat, "X2 联调群")
        await tenant.emulator.says("u1001", [MentionBot(), " 状态"], tenant.chat)
        await tenant.emulator.settled()
        kept = len(tenant.intake.kept)
        captured = tenant.emulator.capture()
        assert captured
        for seconds in (1, 58, 240, 2, 28_800):
            tenant.advance(seconds)
            for one in captured:
                await tenant.emulator.replays(one)
        assert len(tenant.intake.kept) == kept
        assert 401 in listener.statuses
