"""The adapter on the emulated platform: what people write and press arrives, what we send stands where it should."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import msgspec
import pytest
from aiohttp import ClientSession

from adapters._emulator.said import MentionBot
from adapters.wecom.emulator_state import EmulatedApp, EmulatorOptions, Transport, Voice
from bot.domain.ids import AccountKey, ChatKey, MessageKey
from bot.errors import FailureKind, PlatformError
from bot.messages import At, CreateGroup, EditCard, Link, LinkChats, SendCard, SendText, Text
from bot.ports import Answer, Severity
from bot.updates import CardClicked, ChatType, DirectChatOpened, MessageReceived, without_mentions
from tests.adapters.wecom.company import CARD, Company, company, group, person, until


@pytest.fixture
async def place() -> AsyncIterator[Company]:
    async with company() as found:
        yield found


async def test_a_private_message_to_the_app_is_heard_once(place: Company) -> None:
    await place.emulator.says("lihua", "待办")
    await place.intake.has(1)
    (heard,) = place.intake.of(MessageReceived)
    assert (heard.text, heard.chat_type, heard.sender.account) == ("待办", ChatType.DIRECT, "lihua")
    request = place.emulator.capture()[0]
    assert (await place.emulator.replays(request)).status == 200
    assert len(place.intake.kept) == 1


async def test_a_forged_push_is_not_believed(place: Company) -> None:
    await place.emulator.says("lihua", "待办")
    await place.emulator.settled()
    request = place.emulator.capture()[0]
    forged = replace(request, url=request.url.replace("msg_signature=", "msg_signature=0"))
    assert (await place.emulator.replays(forged)).status == 401
    place.advance(3600)
    assert (await place.emulator.replays(request)).status == 401


async def test_while_nothing_can_be_stored_the_platform_brings_it_again(place: Company) -> None:
    place.intake.is_away = True
    await place.emulator.says("lihua", "待办")
    await place.emulator.settled()
    assert place.intake.kept == []
    place.intake.is_away = False
    place.advance(6)
    await place.emulator.settled()
    assert len(place.intake.of(MessageReceived)) == 1


async def test_opening_the_chat_is_told(place: Company) -> None:
    await place.emulator.enters("wangwu")
    await place.emulator.settled()
    (opened,) = place.intake.of(DirectChatOpened)
    assert opened.account.account == "wangwu"


async def test_whoever_opens_the_bots_chat_is_greeted_there_and_told_the_rest_by_the_app(place: Company) -> None:
    await place.emulator.enters("wangwu", Voice.BOT)
    await place.intake.has(1)
    for n, words in enumerate(("您好，我是回音", "待办 2 项")):
        await place.adapter.send(SendText(target=person("wangwu"), body=(Text(words),)), key=f"k{n}")
    assert place.seen("wangwu", place.emulator.direct_chat("wangwu", Voice.BOT)) == ["您好，我是回音"]
    assert place.seen("wangwu", place.emulator.direct_chat("wangwu")) == ["待办 2 项"]


async def test_who_opened_the_bots_chat_long_ago_is_told_by_the_app(place: Company) -> None:
    await place.emulator.enters("wangwu", Voice.BOT)
    await place.intake.has(1)
    place.advance(5)
    await place.adapter.send(SendText(target=person("wangwu"), body=(Text("您好"),)), key="k1")
    assert place.seen("wangwu", place.emulator.direct_chat("wangwu")) == ["您好"]


async def test_what_mentions_the_bot_in_a_group_is_heard_with_what_it_quotes(place: Company) -> None:
    chat = place.emulator.add_group("发版群", ["lihua", "wangwu"])
    asked = await place.emulator.says("lihua", "谁来看 HF-2026-0001", chat)
    await place.emulator.says("wangwu", [MentionBot(), "我来"], chat, reply_to=asked)
    await place.intake.has(1)
    (heard,) = place.intake.of(MessageReceived)
    assert heard.chat == ChatKey("wecom", chat)
    assert heard.mentions[0].is_bot
    assert without_mentions(heard.text) == "我来"
    assert "HF-2026-0001" in heard.quoted


async def test_a_text_with_a_link_and_a_name_reaches_a_person_as_meant(place: Company) -> None:
    body = (Text("请看 <b>"), Link("说明", "https://example.com/a"), Text(" @all"))
    await place.adapter.send(SendText(target=person("lihua"), body=body), key="t1")
    assert place.seen("lihua", place.emulator.direct_chat("lihua")) == ["请看 ＜b＞说明 @all"]


async def test_a_long_text_goes_out_in_parts_each_once(place: Company) -> None:
    """A part that was refused is tried again without repeating those before it."""
    body = tuple(Text(f"第{n}行：" + "内容" * 60 + "\n") for n in range(12))
    place.emulator.faults.add("message/send", "code", nth=2, code=-1)
    outbound = SendText(target=person("lihua"), body=body)
    with pytest.raises(PlatformError) as refused:
        await place.adapter.send(outbound, key="long")
    assert refused.value.kind is FailureKind.RETRY
    await place.adapter.send(outbound, key="long")
    seen = place.seen("lihua", place.emulator.direct_chat("lihua"))
    assert len(seen) == len(set(seen)) >= 2
    assert [line for part in seen for line in part.split("\n") if line] == [span.text.strip() for span in body]


async def test_a_card_is_pressed_changed_once_a_code_and_then_sent_anew(place: Company) -> None:
    receipt = await place.adapter.send(SendCard(target=person("lihua"), card_id="c", card=CARD), key="card-1")
    assert receipt.message is not None
    (message,) = place.emulator.chat_as_seen("lihua", place.emulator.direct_chat("lihua")).messages
    assert [button.text for button in message.card.buttons] == ["同意", "退回"] if message.card else False
    result = await place.emulator.clicks("lihua", message.id, "同意")
    assert result.error == 0
    (click,) = place.intake.of(CardClicked)
    assert (click.action, click.params, click.operator.account) == (
        "approve", {"code": "XQ-2026-0015", "v": "1"}, "lihua",
    )  # fmt: skip
    assert click.message == receipt.message
    done = replace(CARD, state="已同意", buttons=())
    edit = EditCard(target=person("lihua"), card_id="c", message=receipt.message, card=done)
    await place.adapter.send(edit, key="edit-1")
    shown = place.emulator.message_as_seen(message.id).card
    assert shown is not None
    assert shown.subtitle == "已同意"
    assert shown.buttons == ()
    with pytest.raises(PlatformError) as gone:
        await place.adapter.send(msgspec.structs.replace(edit, card=CARD), key="edit-2")
    assert gone.value.kind is FailureKind.GONE
    # a state that asks nothing more of anybody is not worth another message
    assert (await place.adapter.send(edit, key="edit-3")).message == receipt.message


async def test_who_pressed_in_vain_is_told(place: Company) -> None:
    place.intake.answer = lambda _: Answer(toast="您不是审批人。", is_error=True)
    await place.adapter.send(SendCard(target=person("wangwu"), card_id="c", card=CARD), key="card-1")
    chat = place.emulator.direct_chat("wangwu")
    (message,) = place.emulator.chat_as_seen("wangwu", chat).messages
    await place.emulator.clicks("wangwu", message.id, "同意")
    assert place.seen("wangwu", chat)[-1] == "您不是审批人。"


async def test_a_group_is_made_once_and_a_mention_rings_in_it(place: Company) -> None:
    accounts = tuple(AccountKey("wecom", one) for one in ("lihua", "wangwu", "nobody"))
    outbound = CreateGroup(platform="wecom", name="X1 发版群", description="", owner=accounts[0], members=accounts)
    receipt = await place.adapter.send(outbound, key="group-1")
    again = await place.adapter.send(outbound, key="group-1")
    assert receipt.chat == again.chat
    assert receipt.chat is not None
    assert receipt.wants_bot
    assert receipt.refused == {"nobody": "reason_not_in_tenant"}
    words = SendText(target=group(receipt.chat.chat), body=(At(accounts[1], "王五"), Text(" 请回复")))
    await place.adapter.send(words, key="t")
    (message,) = place.emulator.chat_as_seen("lihua", receipt.chat.chat).messages
    assert (message.text, message.mentions) == ("@王五 请回复", ("wangwu",))
    with pytest.raises(PlatformError) as refused:
        await place.adapter.send(SendCard(target=group(receipt.chat.chat), card_id="c", card=CARD), key="c")
    assert refused.value.kind is FailureKind.DEGRADE


async def test_two_names_of_one_group_are_joined_by_a_persons_word() -> None:
    async with company(EmulatorOptions(one_chat_id=False)) as place:
        accounts = tuple(AccountKey("wecom", one) for one in ("lihua", "wangwu"))
        outbound = CreateGroup(platform="wecom", name="X1", description="", owner=None, members=accounts)
        receipt = await place.adapter.send(outbound, key="group-1")
        assert receipt.chat is not None
        place.emulator.adds_bot(receipt.chat.chat)
        await place.emulator.says("lihua", [MentionBot(), "绑定 SX-7"], receipt.chat.chat)
        await place.intake.has(1)
        heard_as = place.intake.of(MessageReceived)[0].chat
        assert heard_as != receipt.chat
        await place.adapter.send(LinkChats(chat=receipt.chat, heard_as=heard_as), key="link")
        await place.emulator.says("lihua", [MentionBot(), "进度"], receipt.chat.chat)
        await place.intake.has(2)
        assert place.intake.of(MessageReceived)[1].chat == receipt.chat


async def test_into_a_group_that_people_made_the_bot_speaks(place: Company) -> None:
    chat = place.emulator.add_group("发版群", ["lihua", "wangwu"])
    await place.emulator.says("lihua", [MentionBot(), "在吗"], chat)
    await place.intake.has(1)
    await place.adapter.send(SendText(target=group(chat), body=(Text("在", bold=True), Text("的 *不是*"))), key="t")
    assert place.seen("wangwu", chat)[-1] == "在的 ＊不是＊"


async def test_a_connection_that_ends_is_opened_again_and_the_gap_is_told(place: Company) -> None:
    await place.emulator.disconnects()
    await until(lambda: not place.adapter.connection.is_connected)
    place.advance(3)
    await place.emulator.connected()
    await until(lambda: place.adapter.connection.reconnects == 1)
    assert len(place.adapter.connection.gaps) == 1


async def test_another_client_takes_the_bot_over_and_is_not_fought(place: Company) -> None:
    """Whoever subscribes last has the bot: two programs that both come back at once would put each other out for ever."""
    app = place.emulator.app
    async with ClientSession() as session, session.ws_connect(place.emulator.ws_url) as other:
        body = {"bot_id": app.bot_id, "secret": app.bot_secret}
        await other.send_json({"cmd": "aibot_subscribe", "headers": {"req_id": "aibot_subscribe_1"}, "body": body})
        assert (await other.receive_json())["errcode"] == 0
        await until(lambda: not place.adapter.connection.is_connected)
        place.advance(5)
        await until(lambda: any(one.id == "wecom.bot_elsewhere" for one in place.adapter.stream_findings))
        assert place.emulator.sockets.subscriptions == 2
        place.advance(30)
        assert place.emulator.sockets.subscriptions == 2
    place.advance(60)
    await place.emulator.connected()
    await until(lambda: not place.adapter.stream_findings)


async def test_over_http_the_bot_answers_once_through_the_address_that_came(place: Company) -> None:
    del place
    async with company(EmulatorOptions(delivery=Transport.WEBHOOK)) as other:
        chat = other.emulator.add_group("发版群", ["lihua", "wangwu"])
        await other.emulator.says("lihua", [MentionBot(), "在吗"], chat)
        await other.intake.has(1)
        outbound = SendText(target=group(chat), body=(Text("在"),))
        await other.adapter.send(outbound, key="t1")
        assert other.seen("wangwu", chat)[-1] == "在"
        with pytest.raises(PlatformError) as gone:
            await other.adapter.send(outbound, key="t2")
        assert gone.value.kind is FailureKind.GONE


async def test_an_address_that_is_not_trusted_is_named(place: Company) -> None:
    place.emulator.change_options(trusted_ips=())
    found = {one.id: one for one in await place.adapter.probe()}
    assert found["wecom.trusted_ip"].severity is Severity.FAILURE
    assert "203.0.113.7" in found["wecom.trusted_ip"].hint


async def test_the_address_book_is_read_whole(place: Company) -> None:
    snapshot = await place.adapter.directory()
    assert {one.account: one.leader_account for one in snapshot.people} == {
        "lihua": "", "zhaoliu": "lihua", "wangwu": "",
    }  # fmt: skip
    assert {one.name for one in snapshot.departments} == {"公司", "产品部", "市场部"}


async def test_encrypted_ids_are_read_through_the_app() -> None:
    async with company(EmulatorOptions(encrypted_ids=True)) as place:
        await place.emulator.says("lihua", "你好", place.emulator.direct_chat("lihua", Voice.BOT))
        await place.intake.has(1)
        assert place.intake.of(MessageReceived)[0].sender == AccountKey("wecom", "lihua")


@pytest.mark.parametrize("name", ["回音 助手", "HuiyinBot"])
async def test_a_bot_with_another_name_is_mentioned_by_that_one(name: str) -> None:
    async with company(app=EmulatedApp(name=name), bot_name=name) as place:
        chat = place.emulator.add_group("协同群", ["lihua", "wangwu"])
        await place.emulator.says("lihua", ["请看 ", MentionBot(), "待办"], chat)
        await place.intake.has(1)
        assert without_mentions(place.intake.of(MessageReceived)[0].text).split() == ["请看", "待办"]
        assert "wecom.bot_name" not in [one.id for one in await place.adapter.probe()]


async def test_a_mention_under_a_name_that_nobody_configured_is_pointed_out() -> None:
    async with company(app=EmulatedApp(name="小助手")) as place:
        chat = place.emulator.add_group("协同群", ["lihua", "wangwu"])
        await place.emulator.says("lihua", [MentionBot(), "待办"], chat)
        await place.intake.has(1)
        assert without_mentions(place.intake.of(MessageReceived)[0].text) == "待办"
        found = {one.id: one for one in await place.adapter.probe()}
        assert "platforms.wecom.bot.name" in found["wecom.bot_name"].hint


async def test_an_expired_token_is_renewed_and_the_call_made_again(place: Company) -> None:
    place.emulator.faults.add("message/send", "token_expired", nth=1)
    receipt = await place.adapter.send(SendText(target=person("lihua"), body=(Text("在"),)), key="t")
    assert receipt.message is not None
    assert isinstance(receipt.message, MessageKey)
    assert place.seen("lihua", place.emulator.direct_chat("lihua")) == ["在"]
