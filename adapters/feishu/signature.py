"""Raw bytes, headers and secrets in; plaintext out, or WebhookRejected. Pure.

The order is the defence (T6): the signature over the raw body first, decryption only for what carries a valid one, so
that nobody without the key learns whether a padding was right. All failures are one exception without a reason.
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

BLOCK = 16
SIGNATURE_HEADER = "x-lark-signature"
TIMESTAMP_HEADER = "x-lark-request-timestamp"
NONCE_HEADER = "x-lark-request-nonce"
_HEADERS = (SIGNATURE_HEADER, TIMESTAMP_HEADER, NONCE_HEADER)
_SIGNATURE = re.compile(r"[0-9a-f]{64}")
_TIMESTAMP = re.compile(r"[0-9]{10}")
_NONCE = re.compile(r"[\x21-\x7e]{1,128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedHeaders:
    """The three headers of a signed callback, of the right shape but not verified yet."""

    signature: str = field(repr=False)
    timestamp: str
    nonce: str


def is_unsigned(headers: Mapping[str, str]) -> bool:
    """True when none of the three headers is there, as with the address check (feishu.md 2.2)."""
    return not any(name in headers for name in _HEADERS)


def read_headers(headers: Mapping[str, str]) -> SignedHeaders:
    """The three headers. Raises WebhookRejected when one is missing or misshapen."""
    signature = headers.get(SIGNATURE_HEADER, "")
    timestamp = headers.get(TIMESTAMP_HEADER, "")
    nonce = headers.get(NONCE_HEADER, "")
    if not _SIGNATURE.fullmatch(signature) or not _TIMESTAMP.fullmatch(timestamp) or not _NONCE.fullmatch(nonce):
        raise WebhookRejected
    return SignedHeaders(signature=signature, timestamp=timestamp, nonce=nonce)


def signature_of(*, timestamp: str, nonce: str, encrypt_key: str, body: bytes) -> str:
    """Lower-case hex SHA-256 over timestamp, nonce, encrypt key and the body as received (feishu.md 2.4)."""
    return hashlib.sha256(f"{timestamp}{nonce}{encrypt_key}".encode() + body).hexdigest()


def is_signed_by(signed: SignedHeaders, body: bytes, *, encrypt_key: str) -> bool:
    """Whether the signature is right, in constant time. An empty key signs nothing."""
    right = signature_of(timestamp=signed.timestamp, nonce=signed.nonce, encrypt_key=encrypt_key, body=body)
    return hmac.compare_digest(right.encode(), signed.signature.encode()) and bool(encrypt_key)


def is_same_token(given: object, known: str) -> bool:
    """Whether a verification token is the known one, in constant time; never for an empty one or another type."""
    if not isinstance(given, str) or not known:
        return False
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), known.encode("utf-8"))


@dataclass(frozen=True, slots=True)
class Decrypted:
    """What came out of the cipher. With a wrong padding `plain` is all of it, padding included."""

    plain: bytes = field(repr=False)
    is_padded: bool


def decrypt(sealed: str, *, encrypt_key: str) -> bytes:
    """The plaintext of the `encrypt` member: base64 of IV and AES-256-CBC ciphertext with PKCS#7 (feishu.md 2.5).

    Only for what is signed. Raises WebhookRejected, the same way for every reason.
    """
    opened = decrypt_unsigned(sealed, encrypt_key=encrypt_key)
    if not opened.is_padded:
        raise WebhookRejected
    return opened.plain


def decrypt_unsigned(sealed: str, *, encrypt_key: str) -> Decrypted:
    """The same for the address check, which nobody signs: a wrong padding is no failure of its own.

    The caller goes on with `plain` as if all were well and looks at `is_padded` last, so that a wrong padding costs the
    same time as any other nonsense. Raises WebhookRejected for what has not the shape of a ciphertext, which the sender
    knows anyway.
    """
    try:
        raw = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError):
        raise WebhookRejected from None
    if len(raw) < 2 * BLOCK or len(raw) % BLOCK:
        raise WebhookRejected
    decryptor = Cipher(algorithms.AES256(_aes_key(encrypt_key)), modes.CBC(raw[:BLOCK])).decryptor()
    return _unpadded(decryptor.update(raw[BLOCK:]) + decryptor.finalize())


def encrypt(plain: bytes, *, encrypt_key: str, iv: bytes) -> str:
    """The `encrypt` member for a plaintext; `iv` is sixteen random bytes."""
    length = BLOCK - len(plain) % BLOCK
    encryptor = Cipher(algorithms.AES256(_aes_key(encrypt_key)), modes.CBC(iv)).encryptor()
    sealed = encryptor.update(plain + bytes([length]) * length) + encryptor.finalize()
    return base64.b64encode(iv + sealed).decode()


@lru_cache(maxsize=8)
def _aes_key(encrypt_key: str) -> bytes:
    return hashlib.sha256(encrypt_key.encode()).digest()


def _unpadded(padded: bytes) -> Decrypted:
    """Without PKCS#7 padding, every byte of which is compared."""
    length = padded[-1]
    if not 1 <= length <= BLOCK or not hmac.compare_digest(padded[-length:], bytes([length]) * length):
        return Decrypted(padded, False)
    return Decrypted(padded[:-length], True)
