"""The community's SDK opens what the emulated platform seals, and the platform believes what the SDK answers."""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest

from adapters._emulator.wire_json import Json, compact, parse_table, text
from adapters.dingtalk.emulator import DingTalkEmulator
from adapters.dingtalk.emulator_crypto import event_signature, seal, unseal
from bot.clock import VirtualClock
from tests.adapters.dingtalk_emulator.rig import APP, START, make_emulator, query_of

with warnings.catch_warnings():
    # its docstrings have escapes that later Pythons object to
    warnings.simplefilter("ignore")
    from dingtalk.crypto import DingTalkCrypto


def sdk(*, owner: str = APP.client_id) -> Any:
    return DingTalkCrypto(APP.event_token, APP.event_aes_key, owner)


@pytest.fixture
def emulator() -> DingTalkEmulator:
    return make_emulator(VirtualClock(START))


@pytest.mark.parametrize("is_corp", [False, True])
def test_the_sdk_opens_an_event_of_the_platform(emulator: DingTalkEmulator, is_corp: bool) -> None:
    """Under both readings of whose name stands in it."""
    emulator.change_options(owner_is_corp=is_corp)
    event: Json = {"EventType": "user_add_org", "eventId": "e-1", "UserId": ["张三", "👨‍👩‍👧"]}
    pushed = emulator.seals(event, url="http://127.0.0.1/hook/dingtalk/event")
    query = query_of(pushed.url)
    owner = APP.corp_id if is_corp else APP.client_id
    opened = sdk(owner=owner).decrypt_message(pushed.body, query["msg_signature"], query["timestamp"], query["nonce"])
    assert json.loads(opened) == event


def test_the_platform_believes_the_answer_of_the_sdk(emulator: DingTalkEmulator) -> None:
    answer = sdk().encrypt_message("success")
    assert emulator.webhook.says_success(compact(answer).encode())
    assert not emulator.webhook.says_success(compact(answer | {"nonce": "another"}).encode())
    assert not emulator.webhook.says_success(compact(sdk().encrypt_message("failure")).encode())
    assert not emulator.webhook.says_success(compact(sdk(owner=APP.corp_id).encrypt_message("success")).encode())


@pytest.mark.parametrize("length", [0, 1, 10, 11, 12, 13, 26, 27, 28, 43, 44, 500])
def test_texts_of_every_length_survive_both_ways(length: int) -> None:
    plain = "字" * length + "x" * (length % 3)
    sealed = seal(plain.encode(), aes_key=APP.event_aes_key, owner=APP.client_id, random=b"fedcba9876543210")
    signature = event_signature(token=APP.event_token, timestamp="1772413200000", nonce="n1", encrypt=sealed)
    assert sdk().decrypt_encrypt_str(signature, "1772413200000", "n1", sealed) == plain
    back = sdk().encrypt_message(plain)
    assert unseal(back["encrypt"], aes_key=APP.event_aes_key) == (plain.encode(), APP.client_id)


def test_a_forged_event_is_refused_by_the_sdk(emulator: DingTalkEmulator) -> None:
    forged = emulator.webhook.seal_event({"EventType": "x"}, url="http://127.0.0.1/e", is_forged=True)
    query = query_of(forged.url)
    sealed = text(parse_table(forged.body) or {}, "encrypt")
    with pytest.raises(Exception, match="Invalid signature"):
        sdk().decrypt_encrypt_str(query["signature"], query["timestamp"], query["nonce"], sealed)
