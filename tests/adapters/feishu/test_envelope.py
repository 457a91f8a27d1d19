"""The gate: genuine callbacks come through, everything else is one and the same rejection."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters._section import DeliveryMode
from adapters.feishu.envelope import MAX_BODY_BYTES, Believed, Challenge, Gate, Opened, Repeated
from adapters.feishu.settings import FeishuSettings
from bot.errors import WebhookRejected
from bot.ports import RawRequest
from tests.adapters.feishu.callbacks import (
    APP_ID,
    KEY,
    NOW,
    SETTINGS,
    TOKEN,
    VECTORS,
    callback,
    event,
    push,
    seal,
    sign,
)

MESSAGE = event("message_text_with_mention")
RENEWED = {**MESSAGE, "header": {**MESSAGE["header"], "token": "new-token"}}
CHALLENGE = {"challenge": "c-7f3a", "token": TOKEN, "type": "url_verification"}


def opened(request: RawRequest, *, settings: FeishuSettings = SETTINGS, now: datetime = NOW) -> Opened:
    return Gate(settings).open(request, now=now)


def is_rejected(request: RawRequest, *, settings: FeishuSettings = SETTINGS, now: datetime = NOW) -> bool:
    try:
        opened(request, settings=settings, now=now)
    except WebhookRejected as rejection:
        return (rejection.args, rejection.__cause__) == (("rejected",), None)
    return False


class TestEvents:
    """Signed, encrypted, with the token inside."""

    def test_the_vector_of_the_sdk_is_believed_at_its_time(self) -> None:
        vector = VECTORS["event"]
        headers = {
            "x-lark-request-timestamp": vector["timestamp"],
            "x-lark-request-nonce": vector["nonce"],
            "x-lark-signature": vector["signature"],
        }
        request = callback(vector["body"].encode(), headers)
        then = datetime.fromtimestamp(int(vector["timestamp"]), UTC)
        believed = opened(request, now=then)
        assert isinstance(believed, Believed)
        assert believed.envelope == json.loads(vector["plain"])
        assert is_rejected(request, now=NOW)
        changed = vector["signature"][:-1] + "f"
        assert is_rejected(callback(vector["body"].encode(), {**headers, "x-lark-signature": changed}), now=then)

    @pytest.mark.parametrize("seconds", [-300, -1, 0, 1, 300, 25_500, 26_100])
    def test_five_minutes_ahead_and_as_late_as_the_platform_repeats_it_is_believed(self, seconds: int) -> None:
        assert isinstance(opened(push(MESSAGE), now=NOW + timedelta(seconds=seconds)), Believed)

    @pytest.mark.parametrize("seconds", [-28_800, -301, 26_101, 28_800])
    def test_outside_it_is_not(self, seconds: int) -> None:
        assert is_rejected(push(MESSAGE), now=NOW + timedelta(seconds=seconds))

    @pytest.mark.parametrize(
        "token", ["", "vt", "VT_0123456789ABCDEF", None, 1, ["vt_0123456789abcdef"], {"a": 1}, "令牌"]
    )
    def test_the_token_must_be_the_known_one(self, token: object) -> None:
        envelope = json.loads(json.dumps(MESSAGE))
        envelope["header"]["token"] = token
        assert is_rejected(push(envelope))

    def test_a_token_beside_the_header_does_not_replace_the_one_inside(self) -> None:
        envelope = {**MESSAGE, "token": TOKEN, "header": {**MESSAGE["header"], "token": "x"}}
        assert is_rejected(push(envelope))

    def test_an_event_of_the_first_generation_carries_its_token_at_the_top(self) -> None:
        first = event("first_generation_event")
        assert isinstance(opened(push(first)), Believed)
        assert is_rejected(push({**first, "token": "x"}))

    @pytest.mark.parametrize("app_id", ["cli_other", "", 1, ["x"]])
    def test_an_event_of_another_app_is_not_for_us(self, app_id: object) -> None:
        assert is_rejected(push({**MESSAGE, "header": {**MESSAGE["header"], "app_id": app_id}}))

    def test_what_was_stored_is_known_again_and_what_was_not_is_let_in_again(self) -> None:
        gate, request = Gate(SETTINGS), push(MESSAGE)
        first = gate.open(request, now=NOW)
        again = gate.open(request, now=NOW)
        assert isinstance(first, Believed)
        assert isinstance(again, Believed)
        gate.remember(first, now=NOW)
        assert gate.open(request, now=NOW + timedelta(seconds=299)) == Repeated()


class TestShape:
    """What is looked at before anything is computed."""

    @pytest.mark.parametrize("method", ["GET", "PUT", "post", "HEAD"])
    def test_only_post_is_taken(self, method: str) -> None:
        assert is_rejected(replace(push(MESSAGE), method=method))

    @pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "gzip, identity", "Identity"])
    def test_packed_bodies_are_not_unpacked(self, encoding: str) -> None:
        request = push(MESSAGE)
        assert is_rejected(replace(request, headers={**request.headers, "content-encoding": encoding}))

    def test_the_size_is_bounded_and_a_body_of_that_size_is_read(self) -> None:
        room = MAX_BODY_BYTES * 3 // 4 - 1_000
        envelope = {**MESSAGE, "filler": "x" * room}
        believed = opened(push(envelope))
        assert isinstance(believed, Believed)
        assert is_rejected(push({**MESSAGE, "filler": "x" * MAX_BODY_BYTES}))
        assert is_rejected(callback(b"", sign(b"")))

    @pytest.mark.parametrize(
        "body",
        [
            b"null",
            b"[]",
            b'"x"',
            b"{}",
            b'{"encrypt":1}',
            b'{"encrypt":null}',
            b'{"encrypt":["x"]}',
            b'{"encrypt":""}',
            b'{"encrypt":"AAAA"}',
            b'{"encrypt":"AAAA","encrypt":"AAAA"}',
            b"\xff\xfe",
            b'\xef\xbb\xbf{"encrypt":"AAAA"}',
            json.dumps(MESSAGE).encode(),
        ],
    )
    def test_a_signed_body_that_is_no_sealed_table_is_rejected(self, body: bytes) -> None:
        assert is_rejected(callback(body, sign(body)))


HOSTILE = {
    "NaN": b'{"a":NaN}',
    "infinity": b'{"a":-Infinity}',
    "a number too large": b'{"a":1e400}',
    "a number too long": b'{"a":' + b"1" * 5_000 + b"}",
    "a repeated key": b'{"a":1,"a":2}',
    "a lone surrogate as key": b'{"\\ud800":1}',
    "depth": b'{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    "depth that does not end": b'{"a":' + b"[" * 40_000,
    "depth of tables": b'{"a":' * 30_000,
    "too many keys": b"{" + b",".join(b'"%d":1' % n for n in range(3_000)) + b"}",
    "cut off": b'{"a":"',
    "two values": b"{}{}",
    "not UTF-8": b'{"a":"\xff"}',
    "overlong UTF-8": b'{"a":"\xc0\xaf"}',
    "a surrogate in UTF-8": b'{"a":"\xed\xa0\x80"}',
    "nothing": b"",
}


@pytest.mark.parametrize("plain", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_json_is_rejected_even_when_it_is_signed(plain: bytes) -> None:
    assert is_rejected(push(plain))


def test_lone_surrogates_in_texts_are_mended_and_the_event_is_believed() -> None:
    plain = json.dumps({**MESSAGE, "event": {"x": "a\ud800b"}}).encode()
    believed = opened(push(plain))
    assert isinstance(believed, Believed)
    assert believed.envelope["event"] == {"x": "a\ufffdb"}


class TestChallenge:
    """The address check is the one thing that nobody signs."""

    def test_the_vector_of_the_sdk_is_answered(self) -> None:
        vector = VECTORS["challenge"]
        assert opened(callback(vector["body"].encode(), {})) == Challenge(vector["challenge"])

    def test_it_is_answered_in_plain_text_and_signed_too(self) -> None:
        assert opened(callback(json.dumps(CHALLENGE).encode(), {})) == Challenge("c-7f3a")
        assert opened(push(CHALLENGE)) == Challenge("c-7f3a")

    @pytest.mark.parametrize(
        "change",
        [
            {"token": "x"},
            {"token": None},
            {"type": "event_callback"},
            {"type": None},
            {"challenge": ""},
            {"challenge": 7},
            {"challenge": "with blank"},
            {"challenge": '"}'},
            {"challenge": "<script>"},
            {"challenge": "x" * 257},
            {"challenge": "é"},
        ],
    )
    @pytest.mark.parametrize("is_sealed", [False, True])
    def test_anything_else_is_rejected(self, change: dict[str, Any], is_sealed: bool) -> None:
        plain = json.dumps({**CHALLENGE, **change}).encode()
        assert is_rejected(callback(seal(plain) if is_sealed else plain, {}))

    def test_the_token_stands_at_the_top_of_it(self) -> None:
        plain = json.dumps({**CHALLENGE, "token": "x", "header": {"token": TOKEN}}).encode()
        assert is_rejected(callback(plain, {}))

    @pytest.mark.parametrize("name", ["x-lark-signature", "x-lark-request-timestamp", "x-lark-request-nonce"])
    def test_half_a_signature_is_not_no_signature(self, name: str) -> None:
        assert is_rejected(callback(json.dumps(CHALLENGE).encode(), {name: sign(b"{}")[name]}))

    def test_a_wrong_padding_is_rejected_although_the_text_before_it_is_right(self) -> None:
        plain = json.dumps(CHALLENGE).encode()
        blanks = b" " * (16 - len(plain) % 16)
        assert is_rejected(callback(seal(plain, padding=blanks), {}))

    def test_one_sealed_with_another_key_or_too_long_is_rejected(self) -> None:
        assert is_rejected(callback(seal(json.dumps(CHALLENGE).encode(), key="other"), {}))
        assert is_rejected(callback(json.dumps({**CHALLENGE, "x": "y" * 5_000}).encode(), {}))

    def test_an_event_without_a_signature_is_rejected_in_every_form(self) -> None:
        plain = json.dumps(MESSAGE).encode()
        assert is_rejected(callback(plain, {}))
        assert is_rejected(callback(seal(plain), {}))
        assert is_rejected(callback(seal(json.dumps({**MESSAGE, "token": TOKEN}).encode()), {}))


class TestRotation:
    """Two pairs of secrets are valid for a while, and no event is lost across the switch (T4)."""

    settings = FeishuSettings(
        app_id=APP_ID,
        app_secret="s",
        encrypt_key="new-key",
        verification_token="new-token",
        delivery=DeliveryMode.WEBHOOK,
        previous_encrypt_key=KEY,
        previous_verification_token=TOKEN,
        previous_until=NOW + timedelta(hours=24),
    )

    def test_both_pairs_open_events_and_challenges(self) -> None:
        assert isinstance(opened(push(MESSAGE), settings=self.settings), Believed)
        assert isinstance(opened(push(RENEWED, key="new-key"), settings=self.settings), Believed)
        for token, key in ((TOKEN, KEY), ("new-token", "new-key")):
            plain = json.dumps({**CHALLENGE, "token": token}).encode()
            assert opened(callback(seal(plain, key=key), {}), settings=self.settings) == Challenge("c-7f3a")

    def test_afterwards_the_old_pair_opens_nothing(self) -> None:
        later = NOW + timedelta(hours=24)
        assert is_rejected(push(MESSAGE, at=later), settings=self.settings, now=later)
        challenge = callback(seal(json.dumps(CHALLENGE).encode()), {})
        assert is_rejected(challenge, settings=self.settings, now=later)
        assert isinstance(opened(push(RENEWED, at=later, key="new-key"), settings=self.settings, now=later), Believed)

    def test_a_key_that_was_never_ours_opens_nothing(self) -> None:
        assert is_rejected(push(RENEWED, key="third-key"), settings=self.settings)


@pytest.mark.parametrize("missing", ["encrypt_key", "verification_token"])
def test_without_a_secret_nothing_at_all_is_believed(missing: str) -> None:
    settings = replace(SETTINGS, **{missing: ""})  # type: ignore[arg-type]  # the field's name is a parameter here
    for request in (
        push(MESSAGE),
        push(MESSAGE, key=""),
        callback(json.dumps(CHALLENGE).encode(), {}),
        callback(json.dumps({**CHALLENGE, "token": ""}).encode(), {}),
    ):
        assert is_rejected(request, settings=settings)
