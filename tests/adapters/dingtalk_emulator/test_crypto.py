"""The emulator's signatures and encryption against vectors that were computed elsewhere (dingtalk.md 12)."""

from __future__ import annotations

import base64

import pytest

from adapters.dingtalk.emulator_crypto import (
    card_signature,
    event_signature,
    robot_signature,
    seal,
    unseal,
)

KEY, OWNER, RANDOM = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "dingappkey0001", b"0123456789abcdef"
SEALED = [
    (
        "success",
        "Q3stYC6hdFzMh9T8HCvyDPAmVUAR9ZeRhlEwYP+nuEBRFhY5hPnJphiLrsk5JQ77nHTRPON2ndQ1W0dSzbphjg==",
        "bd0c79a6b09355c0fcd569843b07cec578d4dc58",
    ),
    (
        '{"EventType":"check_url"}',
        "Q3stYC6hdFzMh9T8HCvyDLV8JeomtQuxZLosYEI28mjzSD5UpK2hp0QUc4H6M/N5ly3jG17WwENxT2k9HIRGKg==",
        "ffb1735f362b0b93e4bf9f1ec0645025e45eb7c7",
    ),
    (
        '{"EventType":"user_add_org","CorpId":"ding0","UserId":["张三"]}',
        (
            "Q3stYC6hdFzMh9T8HCvyDNve1gtlzDd/Pdyq1Gny9LljcWjswiX8Ui93qx2KCpcmXxEBGrWkgvTcgyuZ4l+k/IPPdqg0sCNHgUtY"
            "4S2mClPR3Fv//g8WKiiMYvwyHZLvLQMQ/YiAxE8Hz8D18O68HNt4UpsLMERP3tSH947aAbA="
        ),
        "8640356ac2f44c40ac7ba745fa3f12d1bee345bd",
    ),
]
#: V1 of the official questions and answers
OFFICIAL = "YvkvaGe4hQxd3VxRmEty0dVlnCOAqwf56xwTRHDHoOURqhalbmBJQk5FNcRk42Gl5T0YQXZNwpwWSm1xAFJ5ZA=="


@pytest.mark.parametrize(("plain", "sealed", "signature"), SEALED)
def test_events_are_sealed_and_signed_byte_for_byte(plain: str, sealed: str, signature: str) -> None:
    assert seal(plain.encode(), aes_key=KEY, owner=OWNER, random=RANDOM) == sealed
    assert unseal(sealed, aes_key=KEY) == (plain.encode(), OWNER)
    assert event_signature(token="ackt0ken", timestamp="1700000000000", nonce="nonce123", encrypt=sealed) == signature


def test_the_official_example_opens() -> None:
    """Its aes_key ends in a character with unused bits set."""
    key = "1234567890123456789012345678901234567890123"
    assert unseal(OFFICIAL, aes_key=key) == (b"success", "dingsnotzck6pm5veliw")
    signature = event_signature(token="123456", timestamp="1614767836", nonce="A7Co0cJLMzIDtMMI", encrypt=OFFICIAL)
    assert signature == "9a95a004dd16f5c307e849b994173f76aa26e5eb"


@pytest.mark.parametrize("sealed", ["", "QUJD", base64.b64encode(bytes(64)).decode(), "%%%"])
def test_what_was_not_sealed_does_not_open(sealed: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        unseal(sealed, aes_key=KEY)


@pytest.mark.parametrize(
    ("stamp", "secret", "signature"),
    [
        ("1700000000000", "SECtestsecret0001", "VAolOw/cfl1UkWd3YB7Jai3ENz1yksp/K2WvBpzZlGk="),
        ("1577262236757", "this is secret", "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM="),
    ],
)
def test_robot_messages_are_signed_over_their_time_and_the_secret(stamp: str, secret: str, signature: str) -> None:
    assert robot_signature(timestamp=stamp, secret=secret) == signature


def test_card_callbacks_are_signed_over_their_time() -> None:
    signature = card_signature(timestamp="1577262236757", secret="card-api-secret")
    assert signature == "TOFFwFe7czr6LD4OXehZfjsEM3pPTKzrneCxkhg0luw="
