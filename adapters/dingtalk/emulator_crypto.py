"""The platform's signatures and encryption of what it pushes, written from its documentation only.

Nothing here may be imported by the code that verifies, nor import it: the two sides are written apart so that one
mistake cannot hide in both (dingtalk.md 2.2, 2.3, 3.4, 12).
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

#: bytes of random data in front, of an AES block, and of the platform's padding
RANDOM, BLOCK, PADDING = 16, 16, 32


def event_signature(*, token: str, timestamp: str, nonce: str, encrypt: str) -> str:
    """Hex of SHA-1 over the four strings, sorted and joined."""
    return hashlib.sha1("".join(sorted([token, timestamp, nonce, encrypt])).encode()).hexdigest()  # noqa: S324


def seal(plain: bytes, *, aes_key: str, owner: str, random: bytes) -> str:
    """Base64 of AES-256-CBC over random, length, text and owner. Raises ValueError unless `random` has 16 bytes."""
    if len(random) != RANDOM:
        raise ValueError("sixteen bytes of random data come first")
    whole = random + len(plain).to_bytes(4, "big") + plain + owner.encode()
    fill = PADDING - len(whole) % PADDING
    key = _key(aes_key)
    encryptor = Cipher(algorithms.AES256(key), modes.CBC(key[:BLOCK])).encryptor()
    return base64.b64encode(encryptor.update(whole + bytes([fill]) * fill) + encryptor.finalize()).decode()


def unseal(sealed: str, *, aes_key: str) -> tuple[bytes, str]:
    """The text and its owner. Raises ValueError for anything `seal` did not make."""
    raw = base64.b64decode(sealed, validate=True)
    if not raw or len(raw) % PADDING:
        raise ValueError("not a sealed document")
    key = _key(aes_key)
    decryptor = Cipher(algorithms.AES256(key), modes.CBC(key[:BLOCK])).decryptor()
    whole = decryptor.update(raw) + decryptor.finalize()
    fill = whole[-1]
    if not 1 <= fill <= PADDING or whole[-fill:] != bytes([fill]) * fill:
        raise ValueError("wrong padding")
    whole = whole[:-fill]
    size = int.from_bytes(whole[RANDOM : RANDOM + 4], "big")
    text, owner = whole[RANDOM + 4 : RANDOM + 4 + size], whole[RANDOM + 4 + size :]
    if len(text) != size:
        raise ValueError("wrong length")
    return text, owner.decode()


def robot_signature(*, timestamp: str, secret: str) -> str:
    """Base64 of HMAC-SHA256 over timestamp, a newline and the secret, as robot messages and group webhooks carry it."""
    return _hmac(secret, f"{timestamp}\n{secret}")


def card_signature(*, timestamp: str, secret: str) -> str:
    """Base64 of HMAC-SHA256 over the timestamp, as card callbacks over HTTP carry it."""
    return _hmac(secret, timestamp)


def _hmac(secret: str, message: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), message.encode(), hashlib.sha256).digest()).decode()


def _key(aes_key: str) -> bytes:
    """32 bytes; the unused bits of the last character may be anything."""
    return base64.b64decode(aes_key + "=")
