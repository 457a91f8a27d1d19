"""The platform's own side of signatures and sealing, written from the documents and not from the adapter."""

from __future__ import annotations

import base64
import hashlib
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32


@dataclass(frozen=True, slots=True)
class Seal:
    """Token, key and receiver of one callback address."""

    token: str
    aes_key: str
    receiver: str

    def signature(self, timestamp: str, nonce: str, sealed: str) -> str:
        """SHA-1 over the sorted four."""
        joined = "".join(sorted((self.token, timestamp, nonce, sealed)))
        return hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()

    def seal(self, plain: bytes, salt: bytes) -> str:
        """Base64 of the ciphertext."""
        whole = salt + struct.pack(">I", len(plain)) + plain + self.receiver.encode()
        fill = _BLOCK - len(whole) % _BLOCK
        key = self._key()
        machine = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
        return base64.b64encode(machine.update(whole + bytes([fill]) * fill) + machine.finalize()).decode()

    def unseal(self, sealed: str) -> bytes:
        """The plaintext of something that the app sealed. Raises ValueError."""
        key = self._key()
        machine = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        whole = machine.update(base64.b64decode(sealed)) + machine.finalize()
        whole = whole[: -whole[-1]]
        (length,) = struct.unpack(">I", whole[16:20])
        if whole[20 + length :] != self.receiver.encode():
            raise ValueError("another receiver")
        return whole[20 : 20 + length]

    def _key(self) -> bytes:
        return base64.b64decode(f"{self.aes_key}=")
