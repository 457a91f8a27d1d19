"""Signatures and the cipher against the platform's own vectors, and against whatever somebody may send instead (T1, T6)."""

from __future__ import annotations

import base64
from random import Random

import pytest

from adapters.wecom.signature import SignedQuery, decrypt, encrypt, is_signed_by, read_query, signature_of
from bot.errors import WebhookRejected
from tests.adapters.wecom.callbacks import CORP, KEY, TOKEN, VECTORS, seal, sign

EACH = pytest.mark.parametrize("vector", VECTORS["callbacks"], ids=lambda vector: vector["name"])


@EACH
def test_the_platforms_vectors_are_signed_and_opened_as_documented(vector: dict[str, str]) -> None:
    query = SignedQuery(signature=vector["signature"], timestamp=vector["timestamp"], nonce=vector["nonce"])
    assert is_signed_by(query, vector["encrypt"], token=vector["token"])
    opened = decrypt(vector["encrypt"], aes_key=vector["aes_key"], receiver=vector["receiver"])
    assert opened == vector["plain"].encode()


@EACH
def test_what_we_seal_is_what_the_platform_seals(vector: dict[str, str]) -> None:
    sealed = encrypt(
        vector["plain"].encode(),
        aes_key=vector["aes_key"],
        receiver=vector["receiver"],
        salt=vector["salt"].encode(),
    )
    assert sealed == vector["encrypt"]
    signature = signature_of(token=vector["token"], timestamp=vector["timestamp"], nonce=vector["nonce"], sealed=sealed)
    assert signature == vector["signature"]


def refused(sealed: str, *, aes_key: str = KEY, receiver: str = CORP) -> None:
    with pytest.raises(WebhookRejected) as caught:
        decrypt(sealed, aes_key=aes_key, receiver=receiver)
    assert (str(caught.value), caught.value.__cause__) == ("rejected", None)


@pytest.mark.parametrize(
    "sealed",
    [
        seal(b"hello", receiver="ww-another"),
        seal(b"hello", receiver=""),
        seal(b"hello", receiver=CORP + "0"),
        seal(b"hello", padding=bytes(32 - (20 + 5 + len(CORP)) % 32)),
        seal(b"hello", padding=b"\x21" * (32 - (20 + 5 + len(CORP)) % 32)),
        seal(b"hello", length=6),
        seal(b"hello", length=2**31),
        seal(b"hello", length=0),
        seal(b"hello")[:-4],
        base64.b64encode(base64.b64decode(seal(b"hello"))[:-1]).decode(),
        base64.b64encode(bytes(16)).decode(),
        "",
        "AAAA",
        "not base64!",
        seal(b"hello") + "\n",
        seal(b"hello", key=KEY[::-1]),
    ],
)
def test_what_is_not_sealed_for_us_is_one_rejection(sealed: str) -> None:
    refused(sealed)


@pytest.mark.parametrize("key", ["", KEY[:-1], KEY + "A", "ü" * 43, "=" * 43])
def test_a_key_of_another_length_opens_nothing(key: str) -> None:
    refused(seal(b"hello"), aes_key=key)


def test_the_bot_has_no_receiver_and_the_app_has_one() -> None:
    assert decrypt(seal(b"{}", receiver=""), aes_key=KEY, receiver="") == b"{}"
    refused(seal(b"{}"), receiver="")


def test_a_token_that_is_missing_signs_nothing() -> None:
    signature = sign("AAAA", timestamp="1700000000", nonce="n", token="")
    query = SignedQuery(signature=signature, timestamp="1700000000", nonce="n")
    assert not is_signed_by(query, "AAAA", token="")
    assert not is_signed_by(query, "AAAA", token=TOKEN)


@pytest.mark.parametrize(
    "changed",
    [
        {"msg_signature": "A" * 40},
        {"msg_signature": "a" * 39},
        {"msg_signature": ""},
        {"timestamp": "17000000000"},
        {"timestamp": "١٧٠٠٠٠٠٠٠٠"},
        {"timestamp": ""},
        {"nonce": ""},
        {"nonce": "a b"},
        {"nonce": "x" * 65},
        {"nonce": "\ud800"},
    ],
)
def test_a_query_of_another_shape_is_rejected(changed: dict[str, str]) -> None:
    right = {"msg_signature": "a" * 40, "timestamp": "1700000000", "nonce": "n0nce"}
    assert read_query(right).nonce == "n0nce"
    with pytest.raises(WebhookRejected):
        read_query({**right, **changed})


def test_texts_of_every_length_come_back() -> None:
    dice = Random(5)
    for length in range(200):
        plain = dice.randbytes(length)
        assert decrypt(encrypt(plain, aes_key=KEY, receiver=CORP, salt=bytes(16)), aes_key=KEY, receiver=CORP) == plain
