"""What the platform pushes over HTTP: sealed events, signed robot messages, repetitions, forgeries (dingtalk.md 2.2, 2.3)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import replace

import pytest
from aiohttp import web

from adapters._emulator.wire_json import Json, as_rows, parse_table, text
from adapters.dingtalk.emulator import DingTalkEmulator, FaultKind, MentionBot
from adapters.dingtalk.emulator_crypto import event_signature, unseal
from bot.clock import VirtualClock
from tests.adapters.dingtalk_emulator.rig import APP, Api, Receiver, advance, query_of


def refuse(_: Json) -> web.Response | None:
    """An address that is out of order."""
    return web.Response(status=500)


class TestAddress:
    """The question on saving it."""

    async def test_it_is_asked_and_has_to_answer_with_the_sealed_word(
        self, emulator: DingTalkEmulator, receiver: Receiver
    ) -> None:
        assert [text(event, "EventType") for event in receiver.events] == ["check_url"]
        receiver.answers = lambda _: web.Response(text="success")
        assert not await emulator.sets_webhook(f"{receiver.url}/event2")
        assert emulator.webhook.event_url == f"{receiver.url}/event"

    @pytest.mark.parametrize("wrong", [{"word": b"failure"}, {"token": "anotherToken"}])
    async def test_another_word_or_another_token_is_no_answer(
        self, emulator: DingTalkEmulator, receiver: Receiver, wrong: dict[str, object]
    ) -> None:
        receiver.answers = lambda _: receiver.success(**wrong)  # type: ignore[arg-type]
        assert not await emulator.sets_webhook(f"{receiver.url}/event")


class TestEvents:
    """Sealed, signed, repeated after ten and thirty seconds."""

    async def test_an_event_is_flat_and_signed_in_its_address(
        self, emulator: DingTalkEmulator, receiver: Receiver, group: str
    ) -> None:
        emulator.joins("u1003", group)
        await emulator.settled()
        event = receiver.events[-1]
        assert (event["EventType"], event["CorpId"], event["UserId"]) == ("chat_add_member", APP.corp_id, ["u1003"])
        assert event["OpenConversationId"] == group
        request = emulator.capture()[-1]
        query = query_of(request.url)
        sealed = text(receiver_body(request.body), "encrypt")
        right = event_signature(
            token=APP.event_token, timestamp=query["timestamp"], nonce=query["nonce"], encrypt=sealed
        )
        assert query["signature"] == query["msg_signature"] == right
        assert unseal(sealed, aes_key=APP.event_aes_key)[1] == APP.client_id

    async def test_under_the_other_reading_its_owner_is_the_company(
        self, emulator: DingTalkEmulator, receiver: Receiver, group: str
    ) -> None:
        emulator.change_options(owner_is_corp=True, capital_fields=False)
        emulator.joins("u1003", group)
        await emulator.settled()
        assert receiver.events[-1]["userId"] == ["u1003"]
        sealed = text(receiver_body(emulator.capture()[-1].body), "encrypt")
        assert unseal(sealed, aes_key=APP.event_aes_key)[1] == APP.corp_id

    @pytest.mark.parametrize("anew", [True, False])
    async def test_a_refused_one_comes_again_after_10_and_30_seconds_and_then_never(
        self, emulator: DingTalkEmulator, receiver: Receiver, clock: VirtualClock, group: str, anew: bool
    ) -> None:
        emulator.change_options(retry_signs_anew=anew)
        receiver.answers = refuse
        emulator.joins("u1003", group)
        await emulator.settled()
        for wait in (10, 30):
            before = len(receiver.types())
            advance(clock, wait - 1)
            await emulator.settled()
            assert len(receiver.types()) == before
            advance(clock, 1)
            await emulator.settled()
            assert len(receiver.types()) == before + 1
        advance(clock, 10_000)
        await emulator.settled()
        [record] = emulator.recorder.pushes_of("chat_add_member")
        assert (len(receiver.types()), record.is_given_up) == (3, True)
        urls = {request.url for request in emulator.capture() if request.event_type == "chat_add_member"}
        assert len(urls) == (3 if anew else 1)

    async def test_what_was_missed_can_be_fetched_once_for_five_minutes(
        self, emulator: DingTalkEmulator, receiver: Receiver, api: Api, clock: VirtualClock, group: str
    ) -> None:
        receiver.answers = refuse
        emulator.joins("u1003", group)
        await emulator.settled()
        missed = await api.legacy("/call_back/get_call_back_failed_result")
        assert [event["EventType"] for event in as_rows(missed.body["failed_list"])] == ["chat_add_member"]
        assert (await api.legacy("/call_back/get_call_back_failed_result")).body["failed_list"] == []
        emulator.joins("u1004", group)
        await emulator.settled()
        advance(clock, 301)
        assert (await api.call("GET", "/v1.0/event/callbacks/failedResults")).body["failedList"] == []

    async def test_a_wrong_signature_happens_on_purpose(
        self, emulator: DingTalkEmulator, receiver: Receiver, group: str
    ) -> None:
        emulator.faults.add("push.chat_*", FaultKind.WRONG_SIGNATURE)
        emulator.joins("u1003", group)
        await emulator.settled()
        request = emulator.capture()[-1]
        query = query_of(request.url)
        sealed = text(receiver_body(request.body), "encrypt")
        right = event_signature(
            token=APP.event_token, timestamp=query["timestamp"], nonce=query["nonce"], encrypt=sealed
        )
        assert query["signature"] != right


class TestRobotMessages:
    """Signed over their time only."""

    async def test_they_carry_the_signature_of_the_secret(self, emulator: DingTalkEmulator, receiver: Receiver) -> None:
        await emulator.says("u1001", "在吗")
        await emulator.settled()
        [message] = receiver.messages
        headers, _, _ = receiver.requests[-1]
        signed = f"{headers['timestamp']}\n{APP.client_secret}".encode()
        right = base64.b64encode(hmac.new(APP.client_secret.encode(), signed, hashlib.sha256).digest()).decode()
        assert (headers["sign"], message["robotCode"]) == (right, APP.robot)

    async def test_the_answer_may_itself_be_a_message(
        self, emulator: DingTalkEmulator, receiver: Receiver, group: str
    ) -> None:
        answer: Json = {"msgtype": "markdown", "markdown": {"title": "t", "text": "**好**"}}
        receiver.answers = lambda _: web.json_response(answer)
        await emulator.says("u1001", [MentionBot(), " 在吗"], group)
        await emulator.settled()
        assert [one.text for one in emulator.chat_as_seen("u1002", group).messages] == ["@回音 在吗", "好"]


class TestAttacks:
    """What somebody on the way could do."""

    async def test_captured_requests_are_replayed_byte_for_byte_or_altered(
        self, emulator: DingTalkEmulator, receiver: Receiver, group: str
    ) -> None:
        emulator.joins("u1003", group)
        await emulator.settled()
        captured = emulator.capture()[-1]
        assert (await emulator.replays(captured)).status == 200
        altered = replace(captured, url=captured.url.replace("/event?", "/robot?"))
        await emulator.replays(altered)
        assert (receiver.types(), len(receiver.messages)) == (["chat_add_member"] * 2, 1)
        assert len([one for one in emulator.capture() if one.event_type == "chat_add_member"]) == 1

    async def test_genuine_requests_of_any_content_are_made(
        self, emulator: DingTalkEmulator, receiver: Receiver
    ) -> None:
        await emulator.replays(emulator.seals({"EventType": "strange"}))
        await emulator.replays(emulator.seals_robot_message({"msgtype": "strange"}))
        await emulator.replays(emulator.seals_card_callback({"type": "strange"}, route="r1"))
        assert receiver.types() == ["strange"]
        assert [*receiver.messages, *receiver.clicks] == [{"msgtype": "strange"}, {"type": "strange"}]


def receiver_body(raw: bytes) -> Json:
    """The envelope of a sealed event."""
    return parse_table(raw) or {}
