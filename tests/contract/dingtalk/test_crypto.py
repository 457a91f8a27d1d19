"""The community's SDK and ours open each other's events: two programs that know nothing of each other agree."""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest

from adapters.dingtalk.envelope import Believed, Gate
from adapters.dingtalk.signature import decrypt, encrypt, event_signature
from bot.errors import WebhookRejected
from tests.adapters.dingtalk.callbacks import APP, EVENT_PATH, KEY, NOW, SETTINGS, TOKEN, VECTORS, request, stamp

with warnings.catch_warnings():
    # its docstrings have escapes that later Pythons object to
    warnings.simplefilter("ignore")
    from dingtalk.crypto import DingTalkCrypto

PLAIN = json.dumps({"EventType": "chat_update_title", "eventId": "e-1", "Title": "项目 👨‍👩‍👧"}, ensure_ascii=False)


def theirs(*, token: str = TOKEN, key: str = KEY, owner: str = APP) -> Any:
    return DingTalkCrypto(token, key, owner)


def test_what_they_seal_and_sign_we_believe() -> None:
    made = theirs().encrypt_message(PLAIN, nonce="n0nce42", timestamp=stamp())
    query = {"msg_signature": made["msg_signature"], "timestamp": made["timeStamp"], "nonce": made["nonce"]}
    pushed = request(EVENT_PATH, json.dumps({"encrypt": made["encrypt"]}).encode(), query=query)
    opened = Gate(SETTINGS).open_event(pushed, now=NOW)
    assert isinstance(opened, Believed)
    assert opened.body == json.loads(PLAIN)


def test_what_we_answer_they_can_read() -> None:
    sealed = encrypt(b"success", aes_key=KEY, owner=APP, salt=b"0123456789abcdef")
    signature = event_signature(token=TOKEN, timestamp="1700000000000", nonce="n1", sealed=sealed)
    assert theirs().decrypt_encrypt_str(signature, "1700000000000", "n1", sealed) == "success"


@pytest.mark.parametrize("length", [0, 1, 11, 12, 13, 27, 28, 29, 500])
def test_texts_of_every_length_survive_both_ways(length: int) -> None:
    plain = ("字" * length).encode()
    sealed = encrypt(plain, aes_key=KEY, owner=APP, salt=b"fedcba9876543210")
    signature = event_signature(token=TOKEN, timestamp="1700000000000", nonce="n1", sealed=sealed)
    assert theirs().decrypt_encrypt_str(signature, "1700000000000", "n1", sealed) == plain.decode()
    back = theirs().encrypt_message(plain.decode())["encrypt"]
    assert decrypt(back, aes_key=KEY, owners=(APP,)).plain == plain


@pytest.mark.parametrize("vector", VECTORS["events"], ids=lambda vector: vector["name"])
def test_they_read_the_documented_vectors_as_we_do(vector: dict[str, str]) -> None:
    other = theirs(token=vector["token"], key=vector["aes_key"], owner=vector["owner"])
    arguments = (vector["signature"], vector["timestamp"], vector["nonce"], vector["encrypt"])
    assert other.decrypt_encrypt_str(*arguments) == vector["plain"]


def test_another_owner_is_refused_on_both_sides() -> None:
    made = theirs(owner="dingsomebodyelse").encrypt_message(PLAIN)["encrypt"]
    with pytest.raises(WebhookRejected):
        decrypt(made, aes_key=KEY, owners=(APP,))
