"""The platform's side of the two callbacks, written apart from the adapter: sealing, signing, and the sample company.

`VECTORS` are those of the platform's documents and of its own libraries.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.ports import RawRequest

FIXTURES = Path(__file__).parents[2] / "fixtures" / "wecom"
VECTORS: dict[str, list[dict[str, str]]] = json.loads((FIXTURES / "vectors.json").read_text())
NOW = datetime(2026, 1, 2, 1, 0, 1, tzinfo=UTC)
CORP, AGENT = "ww0123456789abcdef", "1000002"
TOKEN, KEY = "QDG6eKQDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
APP_PATH, BOT_PATH = "/hook/wecom", "/hook/wecom-bot"
TEXT = (
    f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><FromUserName><![CDATA[lihua]]></FromUserName>"
    f"<CreateTime>{int(NOW.timestamp())}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
    f"<Content><![CDATA[进度 RW-7]]></Content><MsgId>4561255354251345929</MsgId><AgentID>{AGENT}</AgentID></xml>"
)
PUSH: dict[str, Any] = {
    "msgid": "CAIQ1",
    "aibotid": "aibXYZ",
    "chatid": "wrGROUP1",
    "chattype": "group",
    "from": {"userid": "lihua"},
    "msgtype": "text",
    "text": {"content": "@回音 进度如何"},
}


def seal(
    plain: bytes,
    *,
    key: str = KEY,
    receiver: str = CORP,
    salt: bytes = b"0123456789abcdef",
    padding: bytes | None = None,
    length: int | None = None,
) -> str:
    """The ciphertext; `padding` and `length` replace the right ones."""
    aes = base64.b64decode(key + "=")
    whole = salt + struct.pack(">I", len(plain) if length is None else length) + plain + receiver.encode()
    missing = 32 - len(whole) % 32
    padded = whole + (bytes([missing]) * missing if padding is None else padding)
    encryptor = Cipher(algorithms.AES256(aes), modes.CBC(aes[:16])).encryptor()
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def sign(sealed: str, *, timestamp: str, nonce: str, token: str = TOKEN) -> str:
    """The signature over a ciphertext."""
    return hashlib.sha1("".join(sorted([token, timestamp, nonce, sealed])).encode()).hexdigest()  # noqa: S324 - theirs


def query(sealed: str, *, at: datetime = NOW, nonce: str = "n0nce42", token: str = TOKEN) -> dict[str, str]:
    """What stands in the address of a signed callback."""
    timestamp = str(int(at.timestamp()))
    return {
        "msg_signature": sign(sealed, timestamp=timestamp, nonce=nonce, token=token),
        "timestamp": timestamp,
        "nonce": nonce,
    }


def request(path: str, body: bytes, *, signed: Mapping[str, str], method: str = "POST") -> RawRequest:
    """A callback as the web server hands it over."""
    return RawRequest(method=method, path=path, query=signed, headers={}, body=body, received_at=NOW)


def envelope(sealed: str, *, path: str = APP_PATH) -> bytes:
    """The body around a ciphertext: XML for the app, JSON for the bot."""
    if path == BOT_PATH:
        return json.dumps({"encrypt": sealed}).encode()
    return (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID><![CDATA[{AGENT}]]></AgentID>"
        f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    ).encode()


def sealed_push(
    sealed: str, *, path: str = APP_PATH, at: datetime = NOW, nonce: str = "n0nce42", token: str = TOKEN
) -> RawRequest:
    """A callback with this ciphertext, signed."""
    return request(path, envelope(sealed, path=path), signed=query(sealed, at=at, nonce=nonce, token=token))


def app_push(
    plain: str | bytes = TEXT, *, at: datetime = NOW, nonce: str = "n0nce42", key: str = KEY, token: str = TOKEN
) -> RawRequest:
    """A genuine push of the app."""
    raw = plain if isinstance(plain, bytes) else plain.encode()
    return sealed_push(seal(raw, key=key), at=at, nonce=nonce, token=token)


def bot_push(
    body: Mapping[str, Any] | bytes = PUSH,
    *,
    at: datetime = NOW,
    nonce: str = "n0nce42",
    key: str = KEY,
    token: str = TOKEN,
) -> RawRequest:
    """A genuine push of the bot."""
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return sealed_push(seal(raw, key=key, receiver=""), path=BOT_PATH, at=at, nonce=nonce, token=token)


def address_check(echo: str = "1616140317555161061", *, receiver: str = CORP, path: str = APP_PATH) -> RawRequest:
    """The console asks whether we are who we say."""
    sealed = seal(echo.encode(), receiver=receiver)
    return request(path, b"", signed={**query(sealed), "echostr": sealed}, method="GET")
