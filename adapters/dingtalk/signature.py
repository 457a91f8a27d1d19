"""Signatures and the cipher of DingTalk's callbacks (dingtalk.md 2.2, 2.3, 3.4). Pure.

Three schemes: events are encrypted and signed whole; robot messages carry a signature over the time only, so that their
words are not covered by it; clicks over HTTP carry one over the time with a secret of our own. Every comparison takes
the same time whatever it finds, every failure is the same WebhookRejected (T6, T7).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.errors import WebhookRejected

#: blocks of the padding, twice those of the cipher
PADDING = 32
_BLOCK = 16
_RANDOM, _LENGTH = 16, 4
_SIGNATURE = re.compile(r"[0-9a-f]{40}")
_NONCE = re.compile(r"[\x21-\x7e]{1,64}")
_STAMP = re.compile(r"[0-9]{10}|[0-9]{13}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedQuery:
    """What stands in the query of an event callback."""

    signature: str = field(repr=False)
    timestamp: str
    nonce: str


def event_signature(*, token: str, timestamp: str, nonce: str, sealed: str) -> str:
    """Hex SHA-1 over the four texts in order."""
    whole = "".join(sorted([token, timestamp, nonce, sealed]))
    return hashlib.sha1(whole.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def is_signed_by(query: SignedQuery, sealed: str, *, token: str) -> bool:
    """Whether an event callback was signed with this token."""
    own = event_signature(token=token, timestamp=query.timestamp, nonce=query.nonce, sealed=sealed)
    return hmac.compare_digest(own.encode(), query.signature.encode()) and bool(token)


def read_query(query: dict[str, str]) -> SignedQuery:
    """The three texts, each in its form. Raises WebhookRejected."""
    signature = query.get("msg_signature") or query.get("signature") or ""
    timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    if not (_SIGNATURE.fullmatch(signature) and _STAMP.fullmatch(timestamp) and _NONCE.fullmatch(nonce)):
        raise WebhookRejected
    return SignedQuery(signature=signature, timestamp=timestamp, nonce=nonce)


def stamp_seconds(timestamp: str) -> str:
    """A timestamp in seconds or milliseconds as ten digits of seconds; empty for anything else."""
    return timestamp[:10] if _STAMP.fullmatch(timestamp) else ""


def time_signature(timestamp: str, *, secret: str, message: str | None = None) -> str:
    """Base64 of HMAC-SHA256 over the time and the secret, or over the message given."""
    said = f"{timestamp}\n{secret}" if message is None else message
    digest = hmac.new(secret.encode(), said.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def is_robot_signature(given: str, *, timestamp: str, secret: str) -> bool:
    """Whether a robot message comes from the platform. Says nothing about its words."""
    own = time_signature(timestamp, secret=secret)
    return hmac.compare_digest(own.encode(), given.encode("utf-8", "surrogatepass")) and bool(secret)


def is_card_signature(given: str, *, timestamp: str, secret: str) -> bool:
    """Whether a click over HTTP comes from the platform. Says nothing about what was clicked."""
    own = time_signature(timestamp, secret=secret, message=timestamp)
    return hmac.compare_digest(own.encode(), given.encode("utf-8", "surrogatepass")) and bool(secret)


# ---------------------------------------------------------------- the cipher


class Unsealed(NamedTuple):
    """What stands in a ciphertext, and the owner that it ends with, who wants to read the same in the answer."""

    plain: bytes
    owner: str


def decrypt(sealed: str, *, aes_key: str, owners: tuple[str, ...]) -> Unsealed:
    """The plaintext of an event. Only for what is signed. Raises WebhookRejected, the same way for every reason.

    The text ends with its owner: the app's key, in older set-ups the company's id; both are passed in `owners`.
    """
    try:
        raw = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError):
        raise WebhookRejected from None
    if len(raw) < 2 * _BLOCK or len(raw) % _BLOCK:
        raise WebhookRejected
    key = _key(aes_key)
    decryptor = Cipher(algorithms.AES256(key), modes.CBC(key[:_BLOCK])).decryptor()
    return _content(_unpadded(decryptor.update(raw) + decryptor.finalize()), owners)


def encrypt(plain: bytes, *, aes_key: str, owner: str, salt: bytes) -> str:
    """A text sealed for the platform; `salt` is sixteen random bytes."""
    whole = salt + len(plain).to_bytes(_LENGTH, "big") + plain + owner.encode()
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


def _content(whole: bytes, owners: tuple[str, ...]) -> Unsealed:
    """What stands between the random bytes with the length and the owner."""
    start = _RANDOM + _LENGTH
    if len(whole) < start:
        raise WebhookRejected
    end = start + int.from_bytes(whole[_RANDOM:start], "big")
    if end > len(whole):
        raise WebhookRejected
    found = whole[end:]
    owner = [one for one in owners if one and hmac.compare_digest(found, one.encode())]
    if not owner:
        raise WebhookRejected
    return Unsealed(whole[start:end], owner[0])
