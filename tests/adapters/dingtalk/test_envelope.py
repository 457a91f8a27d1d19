"""The gates: what is believed, what is repeated, and that everything else is the same rejection (T1, T2, T3, T6)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from adapters.dingtalk.envelope import MAX_BODY_BYTES, Believed, Checked, Gate, Repeated
from bot.errors import WebhookRejected
from bot.ports import RawRequest
from tests.adapters.dingtalk.callbacks import (
    APP,
    CARD_PATH,
    CORP,
    EVENT_PATH,
    KEY,
    NOW,
    ROBOT_PATH,
    SETTINGS,
    TOKEN,
    card,
    click,
    event,
    message,
    request,
    robot,
    seal,
    sealed_event,
)

BODY = {"EventType": "chat_update_title", "eventId": "e-1", "title": "新名"}
OLD_KEY = KEY[::-1]


def rejected(work: Callable[[], object]) -> None:
    """The one way in which everything else ends."""
    with pytest.raises(WebhookRejected) as refused:
        work()
    assert str(refused.value) == "rejected"
    assert refused.value.__cause__ is None


def test_a_genuine_event_is_believed_and_its_answer_is_sealed_with_its_own_pair() -> None:
    opened = Gate(SETTINGS).open_event(event(BODY), now=NOW)
    assert isinstance(opened, Believed)
    assert opened.body == BODY
    assert opened.seal is not None
    assert (opened.seal.secrets.token, opened.seal.owner) == (TOKEN, APP)


def test_the_check_of_the_address_is_known() -> None:
    assert isinstance(Gate(SETTINGS).open_event(event({"EventType": "check_url"}), now=NOW), Checked)


def test_the_companys_id_may_seal_an_event() -> None:
    opened = Gate(SETTINGS).open_event(event(BODY, owner=CORP), now=NOW)
    assert isinstance(opened, Believed)
    assert opened.seal is not None
    assert opened.seal.owner == CORP, "the answer is sealed as the question was"
    rejected(lambda: Gate(replace(SETTINGS, corp_id="")).open_event(event(BODY, owner=CORP), now=NOW))
    rejected(lambda: Gate(replace(SETTINGS, corp_id="")).open_event(event(BODY, owner=""), now=NOW))


def test_the_window_is_the_configured_one_on_both_sides() -> None:
    gate = Gate(SETTINGS)
    for seconds in (-300, 300):
        assert isinstance(gate.open_event(event(BODY, at=NOW + timedelta(seconds=seconds)), now=NOW), Believed)
    for seconds in (-301, 301):
        request_ = event(BODY, at=NOW + timedelta(seconds=seconds))
        rejected(lambda request_=request_: gate.open_event(request_, now=NOW))  # type: ignore[misc]


def test_a_second_pair_is_believed_until_its_time_is_over() -> None:
    """T4: nothing is lost while secrets are rotated, and nothing stays open afterwards."""
    until = NOW + timedelta(hours=24)
    settings = replace(SETTINGS, previous_event_token="0ldt0ken", previous_event_aes_key=OLD_KEY, previous_until=until)
    old = event(BODY, token="0ldt0ken", key=OLD_KEY)
    assert isinstance(Gate(settings).open_event(old, now=NOW), Believed)
    assert isinstance(Gate(settings).open_event(event(BODY), now=NOW), Believed)
    late = event(BODY, token="0ldt0ken", key=OLD_KEY, at=until)
    rejected(lambda: Gate(settings).open_event(late, now=until))


def test_what_is_stored_is_a_repetition_and_what_is_not_may_come_again() -> None:
    gate, pushed = Gate(SETTINGS), event(BODY)
    first = gate.open_event(pushed, now=NOW)
    assert isinstance(first, Believed)
    assert isinstance(gate.open_event(pushed, now=NOW), Believed)
    gate.remember(first, now=NOW)
    again = gate.open_event(pushed, now=NOW + timedelta(seconds=1))
    assert isinstance(again, Repeated)
    assert again.seal is not None, "the platform wants its word for a repetition, too"


def test_without_a_token_no_event_is_believed() -> None:
    rejected(lambda: Gate(replace(SETTINGS, event_token="")).open_event(event(BODY), now=NOW))


FORGED: list[RawRequest] = [
    event(BODY, token="an0thert0ken"),
    event(BODY, key=OLD_KEY),
    event(BODY, owner="dingsomebodyelse"),
    replace(event(BODY), method="GET"),
    replace(event(BODY), body=b""),
    replace(event(BODY), body=b"[]"),
    replace(event(BODY), body=b'{"encrypt":7}'),
    replace(event(BODY), body=b'{"encrypt":"AAAA","encrypt":"BBBB"}'),
    replace(event(BODY), body=b"x" * (MAX_BODY_BYTES + 1)),
    replace(event(BODY), headers={"content-encoding": "gzip"}),
    replace(event(BODY), query={}),
    event(b"not json"),
    event(b"[]"),
    event(b'{"a":NaN}'),
    sealed_event(seal(b"{}", padding=bytes(28))),
    request(EVENT_PATH, json.dumps(BODY).encode(), query=dict(event(BODY).query)),
]


@pytest.mark.parametrize("forged", FORGED)
def test_forged_events_are_rejected(forged: RawRequest) -> None:
    rejected(lambda: Gate(SETTINGS).open_event(forged, now=NOW))


@pytest.mark.parametrize("name", ["signature", "timestamp", "nonce"])
def test_an_event_with_any_part_of_its_query_changed_is_rejected(name: str) -> None:
    genuine = event(BODY)
    value = genuine.query[name]
    for other in ("", value[1:], value + "0", value[::-1], value.upper() + "x", "\ud800", "0" * len(value)):
        query = {**genuine.query, name: other, **({"msg_signature": other} if name == "signature" else {})}
        rejected(lambda query=query: Gate(SETTINGS).open_event(replace(genuine, query=query), now=NOW))  # type: ignore[misc]


def test_no_mutation_of_an_event_is_believed_or_breaks() -> None:
    """One rejection for whatever is sent; nothing altered gets through (M13)."""
    dice, gate, genuine = Random(7), Gate(SETTINGS), event(BODY)
    for _ in range(3_000):
        raw = bytearray(genuine.body)
        for _ in range(dice.randint(1, 3)):
            raw[dice.randrange(len(raw))] = dice.randrange(256)
        try:
            opened = gate.open_event(replace(genuine, body=bytes(raw)), now=NOW)
        except WebhookRejected:
            continue
        assert isinstance(opened, Believed)
        assert opened.body == BODY


# ---------------------------------------------------------------- robot messages and clicks


def test_a_robot_message_is_believed_to_come_from_the_platform_for_a_minute() -> None:
    gate = Gate(SETTINGS)
    assert isinstance(gate.open_robot(robot(message()), now=NOW + timedelta(seconds=60)), Believed)
    rejected(lambda: gate.open_robot(robot(message()), now=NOW + timedelta(seconds=61)))
    rejected(lambda: gate.open_robot(robot(message(), secret="another"), now=NOW))
    rejected(lambda: gate.open_robot(request(ROBOT_PATH, b"{}"), now=NOW))
    rejected(lambda: gate.open_robot(replace(robot(message()), headers={"sign": "x", "timestamp": "1"}), now=NOW))


def test_two_messages_of_one_millisecond_are_two() -> None:
    gate = Gate(SETTINGS)
    one, two = robot(message(msgId="m1")), robot(message(msgId="m2"))
    first = gate.open_robot(one, now=NOW)
    assert isinstance(first, Believed)
    gate.remember(first, now=NOW)
    assert isinstance(gate.open_robot(one, now=NOW), Repeated)
    assert isinstance(gate.open_robot(two, now=NOW), Believed)


def test_a_clicks_signature_counts_once_whatever_it_is_sent_with() -> None:
    """T3: it covers nothing but the time, so whoever sees one could press any button in anybody's name."""
    gate, genuine = Gate(SETTINGS), card(click())
    first = gate.open_card(genuine, now=NOW)
    assert isinstance(first, Believed)
    gate.remember(first, now=NOW)
    for number in range(50):
        altered = replace(genuine, body=json.dumps(click(userId=f"u{number}")).encode())
        assert isinstance(gate.open_card(altered, now=NOW + timedelta(seconds=1)), Repeated)
    rejected(lambda: gate.open_card(genuine, now=NOW + timedelta(seconds=61)))


def test_a_click_without_the_secret_of_ours_is_rejected() -> None:
    gate = Gate(SETTINGS)
    rejected(lambda: gate.open_card(card(click(), secret="another"), now=NOW))
    rejected(lambda: gate.open_card(replace(card(click()), headers=robot(click()).headers), now=NOW))
    rejected(lambda: gate.open_card(request(CARD_PATH, b"{}"), now=NOW))
    rejected(lambda: Gate(replace(SETTINGS, card_secret="")).open_card(card(click(), secret=""), now=NOW))


def test_secrets_are_not_shown() -> None:
    opened = Gate(SETTINGS).open_event(event(BODY), now=NOW)
    assert TOKEN not in repr(opened)
    assert KEY not in repr(opened)
    assert APP not in repr(Gate(SETTINGS))
