"""Signatures and the cipher against the platform's own vectors, and against whatever somebody may send instead."""

from __future__ import annotations

import base64
from random import Random

import pytest

from adapters.dingtalk.signature import (
    SignedQuery,
    decrypt,
    encrypt,
    event_signature,
    is_card_signature,
    is_robot_signature,
    is_signed_by,
    read_query,
    stamp_seconds,
)
from bot.errors import WebhookRejected
from tests.adapters.dingtalk.callbacks import APP, KEY, TOKEN, VECTORS, opened, seal

EVENTS = pytest.mark.parametrize("vector", VECTORS["events"], ids=lambda vector: vector["name"])


@EVENTS
def test_the_platforms_vectors_are_signed_and_opened_as_documented(vector: dict[str, str]) -> None:
    query = SignedQuery(signature=vector["signature"], timestamp=vector["timestamp"], nonce=vector["nonce"])
    assert is_signed_by(query, vector["encrypt"], token=vector["token"])
    assert (
        decrypt(vector["encrypt"], aes_key=vector["aes_key"], owners=(vector["owner"],)).plain
        == vector["plain"].encode()
    )


@EVENTS
def test_what_we_seal_is_what_the_platform_seals(vector: dict[str, str]) -> None:
    sealed = encrypt(
        vector["plain"].encode(), aes_key=vector["aes_key"], owner=vector["owner"], salt=vector["salt"].encode()
    )
    assert sealed == vector["encrypt"]
    signature = event_signature(
        token=vector["token"], timestamp=vector["timestamp"], nonce=vector["nonce"], sealed=sealed
    )
    assert signature == vector["signature"]


@pytest.mark.parametrize("vector", VECTORS["robot"])
def test_robot_signatures_are_the_documented_ones(vector: dict[str, str]) -> None:
    assert is_robot_signature(vector["sign"], timestamp=vector["timestamp"], secret=vector["secret"])
    assert not is_robot_signature(vector["sign"], timestamp=vector["timestamp"][:-1] + "9", secret=vector["secret"])
    assert not is_robot_signature(vector["sign"], timestamp=vector["timestamp"], secret="another")
    assert not is_robot_signature("ü", timestamp=vector["timestamp"], secret=vector["secret"])


@pytest.mark.parametrize("vector", VECTORS["card"])
def test_click_signatures_are_the_documented_ones(vector: dict[str, str]) -> None:
    assert is_card_signature(vector["sign"], timestamp=vector["timestamp"], secret=vector["secret"])
    assert not is_card_signature(vector["sign"], timestamp=vector["timestamp"], secret="another")
    assert not is_card_signature(vector["sign"], timestamp=vector["timestamp"], secret="")


def test_an_empty_token_signs_nothing() -> None:
    signature = event_signature(token="", timestamp="1", nonce="n", sealed="x")
    assert not is_signed_by(SignedQuery(signature=signature, timestamp="1", nonce="n"), "x", token="")


@pytest.mark.parametrize(
    "sealed",
    [
        "",
        "====",
        "AAAA",
        "ä",
        base64.b64encode(bytes(16)).decode(),
        base64.b64encode(bytes(33)).decode(),
        seal(b"{}", padding=bytes(28)),
        seal(b"{}", padding=bytes([2]) * 1 + bytes([3]) * 27),
        seal(b"{}", owner="dingsomebodyelse"),
        seal(b"{}", key=KEY[::-1]),
    ],
)
def test_what_is_no_ciphertext_of_ours_is_rejected_without_a_reason(sealed: str) -> None:
    with pytest.raises(WebhookRejected) as refused:
        decrypt(sealed, aes_key=KEY, owners=(APP,))
    assert str(refused.value) == "rejected"


def test_a_length_that_reaches_beyond_the_text_is_rejected() -> None:
    """A wrong key gives enormous lengths; other programs cut with them (dingtalk.md 2.3)."""
    whole = bytearray(base64.b64decode(seal(b"{}")))
    whole[0] ^= 0x80  # the block after this one, in which the length stands, is turned over with it
    whole[16] ^= 0xFF
    with pytest.raises(WebhookRejected):
        decrypt(base64.b64encode(bytes(whole)).decode(), aes_key=KEY, owners=(APP,))


def test_the_company_may_stand_in_the_place_of_the_app() -> None:
    """Addresses that were registered in the old way are sealed with the company's id."""
    assert decrypt(seal(b"{}", owner="dingcorp"), aes_key=KEY, owners=(APP, "dingcorp")) == (b"{}", "dingcorp")
    with pytest.raises(WebhookRejected):
        decrypt(seal(b"{}", owner=""), aes_key=KEY, owners=(APP, ""))


def test_our_answer_opens_on_the_other_side() -> None:
    assert opened(encrypt(b"success", aes_key=KEY, owner=APP, salt=b"fedcba9876543210")) == b"success"


@pytest.mark.parametrize(
    "changes",
    [
        {"msg_signature": "A" * 40, "signature": ""},
        {"msg_signature": "a" * 39, "signature": ""},
        {"timestamp": "17000000000"},
        {"timestamp": "1700000000x"},
        {"timestamp": "１７０００００００００００"},
        {"nonce": ""},
        {"nonce": "n" * 65},
        {"nonce": "n\n"},
    ],
)
def test_a_query_of_another_shape_is_rejected(changes: dict[str, str]) -> None:
    query = {"msg_signature": "a" * 40, "timestamp": "1700000000000", "nonce": "n"}
    assert read_query(query).nonce == "n"
    with pytest.raises(WebhookRejected):
        read_query({**query, **changes})


def test_times_are_seconds_or_milliseconds_and_nothing_else() -> None:
    assert stamp_seconds("1700000000") == stamp_seconds("1700000000999") == "1700000000"
    assert stamp_seconds("170000000099") == stamp_seconds("") == ""


def test_no_mutation_of_a_ciphertext_is_another_exception() -> None:
    """M2: other programs have five kinds of them, each an oracle."""
    dice = Random(20_260_102)
    whole = base64.b64decode(seal(b'{"EventType":"user_add_org","UserId":["u1"]}'))
    altered = 0
    for _ in range(4_000):
        raw = bytearray(whole)
        for _ in range(dice.randint(1, 4)):
            raw[dice.randrange(len(raw))] = dice.randrange(256)
        try:
            decrypt(base64.b64encode(bytes(raw)).decode(), aes_key=KEY, owners=(APP,))
        except WebhookRejected:
            altered += 1
    # the sixteen random bytes carry nothing, so a change there may pass; it is the signature that forbids it
    assert altered > 2_500


def test_digits_that_move_from_the_time_into_the_nonce_keep_the_signature_and_lose_the_time() -> None:
    """M1: so the memory of repetitions goes by the signature, and a time must have exactly its digits."""
    one = event_signature(token=TOKEN, timestamp="1700000000000", nonce="123", sealed="zz")
    other = event_signature(token=TOKEN, timestamp="700000000000", nonce="1231", sealed="zz")
    assert one == other
    with pytest.raises(WebhookRejected):
        read_query({"msg_signature": other, "timestamp": "700000000000", "nonce": "1231"})
