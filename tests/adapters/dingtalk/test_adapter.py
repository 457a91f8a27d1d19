"""The adapter as the app sees it: callbacks in, updates stored before they are acknowledged, one answer each."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.dingtalk import DingTalkAdapter, create
from adapters.dingtalk.client import DingTalkClient
from adapters.dingtalk.settings import DingTalkSettings
from bot.clock import VirtualClock
from bot.config import DingTalkSection
from bot.domain.ids import ChatKey
from bot.errors import ConfigError, WebhookRejected
from bot.ports import Answer, Housing, RawReply, RawRequest
from bot.updates import CardClicked, ChatRenamed, MessageReceived, Unreadable
from tests.adapters.dingtalk.callbacks import (
    APP,
    CARD_PATH,
    EVENT_PATH,
    NOW,
    ROBOT_PATH,
    SETTINGS,
    TOKEN,
    card,
    click,
    event,
    message,
    opened,
    robot,
    sign,
)
from tests.adapters.feishu.intake import RecordingIntake
from tests.support.housing import housing

TITLE = {"EventType": "chat_update_title", "eventId": "e-1", "openConversationId": "cidAbC==", "Title": "新名"}


class Desk:
    """An adapter that gets callbacks, and the intake behind it."""

    def __init__(self, settings: DingTalkSettings = SETTINGS) -> None:
        self.clock = VirtualClock(NOW)
        self.house: Housing = housing(self.clock)
        self.client = DingTalkClient(settings, self.house)
        self.adapter = DingTalkAdapter(settings, self.client, self.house)
        self.intake = RecordingIntake()

    async def takes(self, request: RawRequest) -> RawReply:
        return await self.adapter.receive(request, self.intake)

    async def answers(self, request: RawRequest) -> dict[str, Any]:
        reply = await self.takes(request)
        assert reply.status == 200
        body: dict[str, Any] = json.loads(reply.body)
        return body


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    made = Desk()
    yield made
    await made.adapter.close()


def is_word_of_success(body: dict[str, Any]) -> bool:
    """The sealed word that the platform wants, signed over its own time and nonce (dingtalk.md 2.3)."""
    right = sign(body["encrypt"], timestamp=body["timeStamp"], nonce=body["nonce"])
    return body["msg_signature"] == right and opened(body["encrypt"]) == b"success"


async def test_the_check_of_the_address_is_answered_and_nothing_is_stored(desk: Desk) -> None:
    assert is_word_of_success(await desk.answers(event({"EventType": "check_url"})))
    assert desk.intake.brought == []


async def test_an_event_is_stored_before_it_is_acknowledged(desk: Desk) -> None:
    assert is_word_of_success(await desk.answers(event(TITLE)))
    (update,) = desk.intake.of(ChatRenamed)
    assert update.name == "新名"
    assert update.source.business_id == "e-1"


async def test_an_event_that_could_not_be_stored_is_not_acknowledged_and_is_taken_when_it_comes_again(
    desk: Desk,
) -> None:
    desk.intake.is_away = True
    assert (await desk.takes(event(TITLE))).status == 503
    desk.intake.is_away = False
    assert is_word_of_success(await desk.answers(event(TITLE)))
    assert len(desk.intake.of(ChatRenamed)) == 1


async def test_a_repetition_is_acknowledged_and_brings_nothing(desk: Desk) -> None:
    await desk.takes(event(TITLE))
    assert is_word_of_success(await desk.answers(event(TITLE)))
    assert len(desk.intake.brought) == 1
    # the platform may send the same event with another time and nonce: then its id tells
    assert is_word_of_success(await desk.answers(event(TITLE, at=NOW + timedelta(seconds=10), nonce="another")))
    assert len(desk.intake.kept) == 1


async def test_an_event_that_nobody_can_read_is_kept_as_it_is(desk: Desk) -> None:
    assert is_word_of_success(await desk.answers(event({"EventType": "something_new", "eventId": "e-9"})))
    (update,) = desk.intake.of(Unreadable)
    assert update.event_type == "something_new"


async def test_a_robot_message_over_http_is_marked_as_unsigned_and_its_address_is_not_believed(desk: Desk) -> None:
    """T3, T14: whoever invents a message would choose where our answer goes."""
    assert await desk.answers(robot(message())) == {}
    (update,) = desk.intake.of(MessageReceived)
    assert update.is_unsigned
    assert desk.client.webhooks.of(update.chat, now=NOW) == ""


async def test_a_captured_header_brings_fifty_other_messages_and_none_of_them_is_signed(desk: Desk) -> None:
    genuine = robot(message())
    for number in range(50):
        body = message(msgId=f"m{number}", senderStaffId="u-boss", text={"content": "同意 XQ-1"})
        await desk.takes(replace(genuine, body=json.dumps(body).encode()))
    assert all(one.is_unsigned for one in desk.intake.of(MessageReceived))


async def test_a_click_over_http_is_answered_with_what_only_its_person_sees(desk: Desk) -> None:
    desk.intake.answer = lambda _: Answer(toast="已批准")
    reply = await desk.answers(card(click()))
    assert reply["userPrivateData"] == {"cardParamMap": {"hint": "已批准"}}
    (update,) = desk.intake.of(CardClicked)
    assert update.action == "approve"


async def test_a_captured_click_presses_nothing_more_for_anybody(desk: Desk) -> None:
    """T3: the signature covers the time alone, and counts once."""
    genuine = card(click())
    await desk.takes(genuine)
    for number in range(50):
        await desk.takes(replace(genuine, body=json.dumps(click(userId=f"u{number}")).encode()))
    assert len(desk.intake.of(CardClicked)) == 1


async def test_pressing_the_same_button_twice_is_two_clicks(desk: Desk) -> None:
    await desk.takes(card(click()))
    await desk.takes(card(click(), at=NOW + timedelta(seconds=2)))
    assert len(desk.intake.of(CardClicked)) == 2


async def test_a_click_that_could_not_be_stored_may_come_again(desk: Desk) -> None:
    desk.intake.is_away = True
    assert (await desk.takes(card(click()))).status == 503
    desk.intake.is_away = False
    await desk.answers(card(click()))
    assert len(desk.intake.of(CardClicked)) == 1


async def test_a_click_that_takes_longer_is_told_to_wait(desk: Desk) -> None:
    desk.intake.answer = lambda _: None
    assert "处理中" in str(await desk.answers(card(click())))


async def test_a_callback_on_a_path_that_is_not_open_is_rejected() -> None:
    desk = Desk(replace(SETTINGS, robot_over_http=False, card_secret=""))
    assert desk.adapter.hooks == (("POST", EVENT_PATH),)
    for request in (robot(message()), card(click()), replace(event(TITLE), path="/hook/other")):
        with pytest.raises(WebhookRejected):
            await desk.takes(request)
    await desk.takes(event(TITLE))
    assert desk.intake.of(MessageReceived) == []


def test_the_hooks_are_those_of_what_does_not_come_over_the_stream() -> None:
    assert Desk().adapter.hooks == (("POST", EVENT_PATH), ("POST", ROBOT_PATH), ("POST", CARD_PATH))
    assert Desk(replace(SETTINGS, card_secret="")).adapter.hooks == (("POST", EVENT_PATH), ("POST", ROBOT_PATH))


async def test_an_event_for_another_path_is_not_believed_there(desk: Desk) -> None:
    for request in (replace(event(TITLE), path=ROBOT_PATH), replace(robot(message()), path=CARD_PATH)):
        with pytest.raises(WebhookRejected):
            await desk.takes(request)


async def test_words_that_stay_away_are_a_finding_at_once(desk: Desk) -> None:
    await desk.takes(robot(message(code="20001", text=None)))
    findings = {one.id: one for one in await desk.client.budget.findings()}
    assert findings["dingtalk.budget.deliveries"].severity.value == "failure"
    assert "推送额度" in findings["dingtalk.budget.deliveries"].hint


async def test_the_state_without_a_stream_tells_of_the_last_callback(desk: Desk) -> None:
    assert desk.adapter.connection.last_frame_at is None
    await desk.takes(event(TITLE))
    assert desk.adapter.connection.is_connected
    assert desk.adapter.connection.last_frame_at == NOW


async def test_the_adapter_is_made_from_the_section_of_the_settings() -> None:
    house = housing(VirtualClock(NOW))
    adapter = create(DingTalkSection(client_id=APP, client_secret="s3cr3t-of-the-app"), house)
    assert (adapter.platform, adapter.hooks) == ("dingtalk", ())
    await adapter.close()
    with pytest.raises(ConfigError):
        create(DingTalkSection(), house)


def test_capabilities_are_honest() -> None:
    """Nothing is promised that the platform does not do; without a template there is nothing to press."""
    can = Desk().adapter.capabilities
    assert not can.sees_all_group_messages
    assert not any((can.recall_event, can.edit_event, can.reaction_event, can.read_receipt, can.bot_removed_event))
    assert all((can.mentions_by_name, can.joins_by_hand, can.create_group, can.pictures))
    assert all((can.card_callback, can.card_update, can.card_forms, can.group_cards, can.keyed_cards))
    assert not any((can.keyed_sends, can.urgent, can.threads))
    bare = Desk(replace(SETTINGS, card_template_id="")).adapter.capabilities
    assert not any((bare.card_callback, bare.card_update, bare.card_forms, bare.group_cards, bare.keyed_cards))


async def test_a_group_of_the_stream_is_the_group_of_the_callback(desk: Desk) -> None:
    await desk.takes(robot(message()))
    assert desk.intake.of(MessageReceived)[0].chat == ChatKey("dingtalk", "cidAbC==")
    assert TOKEN not in repr(desk.adapter)
