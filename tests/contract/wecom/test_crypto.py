"""wechatpy opens what the emulated platform seals, the platform opens what wechatpy seals, and the vectors bind both."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from wechatpy.enterprise import WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException

from adapters.wecom.emulator_crypto import Seal
from adapters.wecom.signature import decrypt, encrypt
from tests.adapters.wecom.callbacks import VECTORS

TOKEN, KEY, CORP = "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7"
PLATFORM = Seal(token=TOKEN, aes_key=KEY, receiver=CORP)
STAMP, NONCE = "1700000000", "n0nce"


def library() -> Any:
    return WeChatCrypto(TOKEN, KEY, CORP)


@pytest.mark.parametrize("vector", VECTORS["callbacks"], ids=lambda vector: vector["name"])
def test_the_emulated_platform_seals_and_signs_as_documented(vector: dict[str, str]) -> None:
    seal = Seal(token=vector["token"], aes_key=vector["aes_key"], receiver=vector["receiver"])
    assert seal.seal(vector["plain"].encode(), vector["salt"].encode()) == vector["encrypt"]
    assert seal.signature(vector["timestamp"], vector["nonce"], vector["encrypt"]) == vector["signature"]
    assert seal.unseal(vector["encrypt"]) == vector["plain"].encode()


LENGTHS = [0, 1, 9, 10, 11, 12, 26, 27, 43, 44, 500]


@pytest.mark.parametrize("length", LENGTHS)
def test_the_library_opens_what_the_platform_and_what_the_adapter_seal(length: int) -> None:
    plain = "字" * length + "x" * (length % 3)
    salt = b"fedcba9876543210"
    ours = encrypt(plain.encode(), aes_key=KEY, receiver=CORP, salt=salt)
    for sealed in (PLATFORM.seal(plain.encode(), salt), ours):
        signature = PLATFORM.signature(STAMP, NONCE, sealed)
        envelope = f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        opened = library().decrypt_message(envelope, signature, STAMP, NONCE)
        assert (opened if isinstance(opened, str) else opened.decode()) == plain


@pytest.mark.parametrize("length", LENGTHS)
def test_both_sides_open_what_the_library_seals(length: int) -> None:
    plain = "字" * length
    answer = library().encrypt_message(plain, NONCE, STAMP)
    sealed = answer.split("<Encrypt><![CDATA[")[1].split("]]>")[0].strip()
    assert PLATFORM.unseal(sealed) == plain.encode()
    assert decrypt(sealed, aes_key=KEY, receiver=CORP) == plain.encode()


def test_the_library_checks_the_address_as_the_platform_asks() -> None:
    sealed = PLATFORM.seal(b"1616140317555161061", b"0123456789abcdef")
    echo = library().check_signature(PLATFORM.signature(STAMP, NONCE, sealed), STAMP, NONCE, sealed)
    assert (echo if isinstance(echo, str) else echo.decode()) == "1616140317555161061"


def test_the_library_refuses_what_the_platform_did_not_sign() -> None:
    sealed = PLATFORM.seal(b"x", base64.b64decode("AAAAAAAAAAAAAAAAAAAAAA=="))
    with pytest.raises(InvalidSignatureException):
        library().check_signature("0" * 40, STAMP, NONCE, sealed)
