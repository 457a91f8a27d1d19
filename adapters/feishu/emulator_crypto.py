"""The platform's signing and encryption of what it pushes, written from its documentation only.

Nothing here may be imported by the code that verifies, nor import it: the two sides are written apart so that one
mistake cannot hide in both (feishu.md 2.4, 2.5, 12).
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from adapters._emulator.wire_json import wire

#: bytes of an AES block, of the initialisation vector too
BLOCK = 16


def signature_of(*, timestamp: str, nonce: str, encrypt_key: str, body: bytes) -> str:
    """Lower-case hex of SHA-256 over timestamp, nonce, key and the raw body."""
    return hashlib.sha256(timestamp.encode() + nonce.encode() + encrypt_key.encode() + body).hexdigest()


def seal(plain: bytes, *, encrypt_key: str, iv: bytes) -> str:
    """Base64 of `iv` and the AES-256-CBC ciphertext. Raises ValueError unless `iv` has 16 bytes."""
    if len(iv) != BLOCK:
        raise ValueError("the initialisation vector has 16 bytes")
    padder = PKCS7(BLOCK * 8).padder()
    padded = padder.update(plain) + padder.finalize()
    encryptor = Cipher(algorithms.AES256(_key(encrypt_key)), modes.CBC(iv)).encryptor()
    return base64.b64encode(iv + encryptor.update(padded) + encryptor.finalize()).decode()


def unseal(sealed: str, *, encrypt_key: str) -> bytes:
    """Inverse of `seal`, for looking into captured pushes. Raises ValueError for anything `seal` did not make."""
    raw = base64.b64decode(sealed, validate=True)
    if len(raw) < 2 * BLOCK or len(raw) % BLOCK:
        raise ValueError("not a sealed document")
    decryptor = Cipher(algorithms.AES256(_key(encrypt_key)), modes.CBC(raw[:BLOCK])).decryptor()
    unpadder = PKCS7(BLOCK * 8).unpadder()
    return unpadder.update(decryptor.update(raw[BLOCK:]) + decryptor.finalize()) + unpadder.finalize()


def sealed_body(plain: bytes, *, encrypt_key: str, iv: bytes) -> bytes:
    """The HTTP body of a push: an `encrypt` member, or the plain document where the app has no key."""
    if not encrypt_key:
        return plain
    return wire({"encrypt": seal(plain, encrypt_key=encrypt_key, iv=iv)})


def _key(encrypt_key: str) -> bytes:
    return hashlib.sha256(encrypt_key.encode()).digest()
