"""Signatures and the cipher of WeCom's callbacks, of the app and of the bot (wecom.md 2.1, 3.2). Pure.

Every comparison takes the same time whatever it finds, every failure is the same WebhookRejected (T6, T7). The receiver
at the end of the plaintext is the company's id for the app and nothing for the bot.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.errors import WebhookRejected

#: blocks of the padding, twice those of the cipher
PADDING = 32
_BLOCK = 16
_RANDOM, _LENGTH = 16, 4
_SIGNATURE = re.compile(r"[0-9a-f]{40}")
_STAMP = re.compile(r"[0-9]{10}")
_NONCE = re.compile(r"[\x21-\x7e]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedQuery:
    """What stands in the query of a callback."""

    signature: str = field(repr=False)
    timestamp: str
    nonce: str


def read_query(query: Mapping[str, str]) -> SignedQuery:
    """The three texts, each in its form. Raises WebhookRejected."""
    signature = query.get("msg_signature", "")
    timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    if not (_SIGNATURE.fullmatch(signature) and _STAMP.fullmatch(timestamp) and _NONCE.fullmatch(nonce)):
        raise WebhookRejected
    return SignedQuery(signature=signature, timestamp=timestamp, nonce=nonce)


def signature_of(*, token: str, timestamp: str, nonce: str, sealed: str) -> str:
    """Hex SHA-1 over the four texts in order."""
    whole = "".join(sorted([token, timestamp, nonce, sealed]))
    return hashlib.sha1(whole.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def is_signed_by(query: SignedQuery, sealed: str, *, token: str) -> bool:
    """Whether a callback was signed with this token."""
    own = signature_of(token=token, timestamp=query.timestamp, nonce=query.nonce, sealed=sealed)
    return hmac.compare_digest(own.encode(), query.signature.encode()) and bool(token)


def decrypt(sealed: str, *, aes_key: str, receiver: str) -> bytes:
    """The plaintext. Only for what is signed. Raises WebhookRejected, the same way for every reason."""
    try:
        raw = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError):
        raise WebhookRejected from None
    if len(raw) < 2 * _BLOCK or len(raw) % _BLOCK:
        raise WebhookRejected
    key = _key(aes_key)
    decryptor = Cipher(algorithms.AES256(key), modes.CBC(key[:_BLOCK])).decryptor()
    return _content(_unpadded(decryptor.update(raw) + decryptor.finalize()), receiver)


def encrypt(plain: bytes, *, aes_key: str, receiver: str, salt: bytes) -> str:
    """A text sealed for the platform; `salt` is sixteen random bytes."""
    whole = salt + len(plain).to_bytes(_LENGTH, "big") + plain + receiver.encode()
    length = PADDING - len(whole) % PADDING
    key = _key(aes_key)
    encryptor = Cipher(algorithms.AES256(key), modes.CBC(key[:_BLOCK])).encryptor()
    return base64.b64encode(encryptor.update(whole + bytes([length]) * length) + encryptor.finalize()).decode()


@lru_cache(maxsize=8)
def _key(aes_key: str) -> bytes:
    """The last character carries bits that nobody needs, so that the strict reading would refuse good keys."""
    try:
        key = base64.b64decode(aes_key + "=")
    except (binascii.Error, ValueError):
        raise WebhookRejected from None
    if len(key) != 32:
        raise WebhookRejected
    return key


def _unpadded(padded: bytes) -> bytes:
    length = padded[-1]
    if not 1 <= length <= PADDING or not hmac.compare_digest(padded[-length:], bytes([length]) * length):
        raise WebhookRejected
    return padded[:-length]


def _content(whole: bytes, receiver: str) -> bytes:
    """What stands between the random bytes with the length and the receiver."""
    start = _RANDOM + _LENGTH
    if len(whole) < start:
        raise WebhookRejected
    end = start + int.from_bytes(whole[_RANDOM:start], "big")
    if end > len(whole) or not hmac.compare_digest(whole[end:], receiver.encode()):
        raise WebhookRejected
    return whole[start:end]
