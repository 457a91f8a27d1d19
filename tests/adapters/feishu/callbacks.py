"""The platform's side of a callback, written apart from the adapter: sealing, signing, and the sample app.

Also the fixtures: `events()` are the sample events with the updates they stand for, `VECTORS` the vectors of the
platform's documentation and of its SDK.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from adapters._section import DeliveryMode
from adapters.feishu.settings import FeishuSettings
from bot.ports import RawRequest

FIXTURES = Path(__file__).parents[2] / "fixtures" / "feishu"
VECTORS: dict[str, Any] = json.loads((FIXTURES / "vectors.json").read_text())
NOW = datetime(2026, 1, 2, 1, 0, 1, tzinfo=UTC)
APP_ID = "cli_a1b2c3d4e5f60718"
KEY: str = VECTORS["encrypt_key"]
TOKEN: str = VECTORS["verification_token"]
PATH = "/hook/feishu"
SETTINGS = FeishuSettings(
    app_id=APP_ID,
    app_secret="emulated-app-secret",
    encrypt_key=KEY,
    verification_token=TOKEN,
    delivery=DeliveryMode.WEBHOOK,
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One event of the wire and the update that it stands for, as JSON."""

    name: str
    envelope: dict[str, Any]
    update: dict[str, Any] = field(repr=False)


def events() -> list[Sample]:
    """All sample events, by name."""
    found = []
    for file in sorted((FIXTURES / "events").glob("*.json")):
        table = json.loads(file.read_text())
        found.append(Sample(file.stem, table["envelope"], table["update"]))
    return found


def event(name: str) -> dict[str, Any]:
    """One sample event."""
    return next(sample.envelope for sample in events() if sample.name == name)


def seal(plain: bytes, *, key: str = KEY, iv: bytes = bytes(range(16)), padding: bytes | None = None) -> bytes:
    """The body `{"encrypt": …}` for a plaintext; `padding` replaces the right one."""
    missing = 16 - len(plain) % 16
    padded = plain + (bytes([missing]) * missing if padding is None else padding)
    encryptor = Cipher(algorithms.AES256(hashlib.sha256(key.encode()).digest()), modes.CBC(iv)).encryptor()
    sealed = base64.b64encode(iv + encryptor.update(padded) + encryptor.finalize())
    return b'{"encrypt":"' + sealed + b'"}'


def sign(body: bytes, *, at: datetime = NOW, nonce: str = "n0nce-42", key: str = KEY) -> dict[str, str]:
    """The headers of a signed callback."""
    timestamp = str(int(at.timestamp()))
    signature = hashlib.sha256(f"{timestamp}{nonce}{key}".encode() + body).hexdigest()
    return {
        "x-lark-request-timestamp": timestamp,
        "x-lark-request-nonce": nonce,
        "x-lark-signature": signature,
        "content-type": "application/json; charset=utf-8",
    }


def callback(body: bytes, headers: Mapping[str, str], *, method: str = "POST", path: str = PATH) -> RawRequest:
    """A request as the web server hands it over."""
    return RawRequest(method=method, path=path, query={}, headers=headers, body=body, received_at=NOW)


def push(
    envelope: Mapping[str, Any] | bytes, *, at: datetime = NOW, nonce: str = "n0nce-42", key: str = KEY
) -> RawRequest:
    """A genuine callback of any envelope, or of any bytes."""
    plain = envelope if isinstance(envelope, bytes) else json.dumps(envelope, ensure_ascii=False).encode()
    body = seal(plain, key=key)
    return callback(body, sign(body, at=at, nonce=nonce, key=key))
