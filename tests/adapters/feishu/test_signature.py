"""Signature, cipher and token: right for the documented vectors, and nothing else is right."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.feishu.signature import (
    SignedHeaders,
    decrypt,
    decrypt_unsigned,
    is_same_token,
    is_signed_by,
    is_unsigned,
    read_headers,
    signature_of,
)
from bot.errors import WebhookRejected
from tests.adapters.feishu.callbacks import KEY, VECTORS, seal, sign

HEADERS = sign(b"{}")


def sealed(body: bytes | str) -> str:
    """The `encrypt` member of a body."""
    text: str = json.loads(body)["encrypt"]
    return text


def test_the_documented_cipher_vector_opens() -> None:
    vector = VECTORS["official"]
    assert decrypt(vector["encrypt"], encrypt_key=vector["encrypt_key"]) == vector["plain"].encode()


def test_the_event_of_the_sdk_vector_opens_and_its_signature_is_ours() -> None:
    vector = VECTORS["event"]
    body = vector["body"].encode()
    signature = signature_of(timestamp=vector["timestamp"], nonce=vector["nonce"], encrypt_key=KEY, body=body)
    assert signature == vector["signature"]
    assert decrypt(sealed(body), encrypt_key=KEY) == vector["plain"].encode()


def test_the_signature_covers_a_body_that_is_no_ciphertext_too() -> None:
    vector = VECTORS["signature_only"]
    names = ("timestamp", "nonce", "encrypt_key")
    made = signature_of(**{name: vector[name] for name in names}, body=vector["body"].encode())
    assert made == vector["signature"]


@pytest.mark.slow
@settings(deadline=None)
@given(st.binary(max_size=200), st.binary(min_size=16, max_size=16), st.text(max_size=40))
def test_what_was_sealed_opens_again(plain: bytes, iv: bytes, key: str) -> None:
    assert decrypt(sealed(seal(plain, key=key, iv=iv)), encrypt_key=key) == plain


@pytest.mark.parametrize(
    "padding",
    [
        b"\x00" * 16,
        b"\x11" * 16,
        b"\xff" * 16,
        b"\x00" * 15 + b"\x02",
        b"\x03" * 14 + b"\x04\x03",
        b"\x10" * 14 + b"\x0f\x10",
        b"\x0f" + b"\x10" * 15,
    ],
)
def test_every_byte_of_the_padding_counts(padding: bytes) -> None:
    body = sealed(seal(b"0123456789abcdef", padding=padding))
    with pytest.raises(WebhookRejected):
        decrypt(body, encrypt_key=KEY)
    opened = decrypt_unsigned(body, encrypt_key=KEY)
    assert (opened.is_padded, len(opened.plain)) == (False, 32)


@pytest.mark.parametrize(
    "text", ["", "AAAA", "A" * 43, "?" * 44, "AAECAwQFBgcICQoLDA0ODw==", "AAECAwQFBgcICQoLDA0ODxAREhM=", "好" * 44]
)
def test_what_has_not_the_shape_of_a_ciphertext_is_refused(text: str) -> None:
    with pytest.raises(WebhookRejected):
        decrypt(text, encrypt_key=KEY)


def test_an_empty_key_signs_nothing() -> None:
    headers = sign(b"{}", key="")
    assert not is_signed_by(read_headers(headers), b"{}", encrypt_key="")


@pytest.mark.parametrize("length", [0, 1, 63, 65, 128])
def test_a_signature_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(WebhookRejected):
        read_headers({**HEADERS, "x-lark-signature": "a" * length})


@pytest.mark.parametrize(
    "timestamp", ["", "1", "17000000011", "170000000", "17000o0001", "١٧٠٠٠٠٠٠٠١", " 1700000001", "+170000001"]
)
def test_a_timestamp_is_ten_ascii_digits(timestamp: str) -> None:
    with pytest.raises(WebhookRejected):
        read_headers({**HEADERS, "x-lark-request-timestamp": timestamp})


@pytest.mark.parametrize("nonce", ["", "a b", "a\n", "é", "n" * 129])
def test_a_nonce_is_short_and_printable(nonce: str) -> None:
    with pytest.raises(WebhookRejected):
        read_headers({**HEADERS, "x-lark-request-nonce": nonce})


def test_headers_without_one_of_the_three_are_neither_signed_nor_unsigned() -> None:
    assert is_unsigned({"content-type": "application/json"})
    for missing in ("x-lark-signature", "x-lark-request-timestamp", "x-lark-request-nonce"):
        rest = {key: value for key, value in HEADERS.items() if key != missing}
        assert not is_unsigned(rest)
        with pytest.raises(WebhookRejected):
            read_headers(rest)


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=64), st.integers(min_value=0, max_value=511))
def test_one_bit_of_the_body_changes_the_signature(body: bytes, place: int) -> None:
    changed = bytearray(body)
    changed[place // 8 % len(body)] ^= 1 << place % 8
    assert is_signed_by(read_headers(sign(body)), body, encrypt_key=KEY)
    assert not is_signed_by(read_headers(sign(body)), bytes(changed), encrypt_key=KEY)


@pytest.mark.parametrize("given_token", [None, 1, True, [], {}, "", "vt", "vt_x\ud800", "令牌", b"vt_x"])
def test_a_token_of_another_value_or_type_is_wrong_and_no_error(given_token: object) -> None:
    assert not is_same_token(given_token, "vt_x")
    assert not is_same_token(given_token, "")


def test_the_right_token_is_right() -> None:
    assert is_same_token("vt_x", "vt_x")


def test_secrets_do_not_show_in_what_is_logged() -> None:
    signed = SignedHeaders(signature="f" * 64, timestamp="1700000001", nonce="n")
    assert "f" * 64 not in repr(signed)
    opened = decrypt_unsigned(VECTORS["official"]["encrypt"], encrypt_key=VECTORS["official"]["encrypt_key"])
    assert "hello" not in repr(opened)


def test_the_key_of_the_cipher_is_the_digest_of_the_encrypt_key() -> None:
    digest = "fa2bdca424f01f01ffb48df93acc35d439c7fd331a1a7fba6ac2fd83aa9ab31a"
    assert hashlib.sha256(VECTORS["official"]["encrypt_key"].encode()).hexdigest() == digest
