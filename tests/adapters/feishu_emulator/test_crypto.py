"""The published and computed vectors of the platform's signing and encryption (feishu.md 12)."""

from __future__ import annotations

import json

import pytest

from adapters.feishu.emulator_crypto import seal, sealed_body, signature_of, unseal

KEY = "kudryavka-encrypt-key-01"
V1_PLAIN = b'{"challenge":"c-7f3a","token":"vt_0123456789abcdef","type":"url_verification"}'
V1_SEALED = (
    "AAECAwQFBgcICQoLDA0OD0gE7rdmRhma9mk8v7WBTZgB0Dh/35H1m3noiGug45Z/OqLiFK0GzG2/ml/t1ZhUt2E/c4tIucbbT8s6huZElURBOgh"
    "SkKSc9X2HsmC9d3sO"
)
V2_BODY = (
    b'{"encrypt":"8ODQwLCgkIBwYFBAMCAQAGG4N0gNf6q2sGn7QlDEbn45E1uQfsQMkJzNXT3uEYWVVgtYLNOCplOjICNz+nsghI6xZOs8/dyxFnQ'
    b"s3VS7zqTWxi4KDhiuSrgMNjW1oicaJtGVFNpg7rSiyzRSWu3F35435IvowcpPDTHNxcuTPWWrr3LteL5/zag2wi1ArXrpAxQwBGlVuDU560d4yQfF"
    b"g5pxquQKSVXhrmzb4v8KAtqEZcEjeTYxekpy6J3PGHSivqCYzjHOqxjo52VejWStIaIokAe7c8wWWIODNpbvqGM+czMtIunQ34Jzvv9lgjdtKLV3K"
    b"lccePgJujy52Xc7bxjyxoi1ePDAooDx5RyBLSwRQwWX5e89LCM1S2Vf+ww0pearF+PJWPB8fhWbR/11enTZ3jrFD897z2499ONf2raX1wqFbfaJMw"
    b"EaVtCqKQVVOhF/O5+u0lY9bfpcTeu6LgDVQ8lBKB4OPVPE7iFJWzicTc28s+gwRLVQ01Z5eWdHEu97oYas5KnPKhpIXi3F73axhEqdTTj1vEqYjQ6i"
    b'REUgSEauqsdtPoJx89yNz2QSTl6FcuEJ4dNIDzk65KKNKU+y3RqbAbk7JN7NRZDN2ms="}'
)


def test_the_platforms_own_example_opens_to_hello_world() -> None:
    assert unseal("P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=", encrypt_key="test key") == b"hello world"


def test_a_sealed_challenge_has_exactly_the_known_bytes() -> None:
    body = sealed_body(V1_PLAIN, encrypt_key=KEY, iv=bytes(range(16)))
    assert json.loads(body) == {"encrypt": V1_SEALED}
    assert body == b'{"encrypt":"' + V1_SEALED.encode() + b'"}'


def test_a_known_event_signs_to_the_known_digest_and_opens_to_the_known_event() -> None:
    signature = signature_of(timestamp="1700000001", nonce="n0nce-42", encrypt_key=KEY, body=V2_BODY)
    assert signature == "49df4d1467ba0b5c035106d70b07f8a1f6fee245c78be2b68fe88673829a2d4e"
    plain = unseal(json.loads(V2_BODY)["encrypt"], encrypt_key=KEY)
    assert json.loads(plain)["header"]["event_id"] == "ev-1"
    resealed = seal(plain, encrypt_key=KEY, iv=bytes.fromhex("f0e0d0c0b0a090807060504030201000"))
    assert resealed == json.loads(V2_BODY)["encrypt"]


def test_a_plain_body_signs_to_the_known_digest() -> None:
    signature = signature_of(timestamp="1609459200", nonce="abc", encrypt_key="ek", body=b'{"a":1}')
    assert signature == "9d43f2c482cbf178e4b7470a93d8d337de2f474abe58fc4248fd3fd7f1ca608e"


def test_without_a_key_the_body_stays_plain() -> None:
    assert sealed_body(V1_PLAIN, encrypt_key="", iv=bytes(16)) == V1_PLAIN


@pytest.mark.parametrize("broken", ["", "AAAA", "!!!!", V1_SEALED[:-4] + "AAAA", V1_SEALED[:24]])
def test_what_was_not_sealed_does_not_open(broken: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        unseal(broken, encrypt_key=KEY)


def test_a_vector_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        seal(b"x", encrypt_key=KEY, iv=b"short")
