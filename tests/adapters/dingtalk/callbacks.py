"""The platform's side of its callbacks, written apart from the adapter: sealing, signing, and the sample app.

`VECTORS` are those of the platform's documents and of its own sample programs.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import struct
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from adapters._section import DeliveryMode
from adapters.dingtalk.settings import DingTalkSettings
from bot.ports import RawRequest

FIXTURES = Path(__file__).parents[2] / "fixtures" / "dingtalk"
VECTORS: dict[str, list[dict[str, str]]] = json.loads((FIXTURES / "vectors.json").read_text())
NOW = datetime(2026, 1, 2, 1, 0, 1, tzinfo=UTC)
APP, CORP, SECRET = "dingappkey0001", "dingcorp00000001", "emulated-app-secret"
TOKEN, KEY = "ackt0ken", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
CLICK_SECRET = "a-secret-for-clicks-0001"
EVENT_PATH, ROBOT_PATH, CARD_PATH = "/hook/dingtalk/event", "/hook/dingtalk/robot", "/hook/dingtalk/card"
SETTINGS = DingTalkSettings(
    client_id=APP,
    client_secret=SECRET,
    corp_id=CORP,
    event_token=TOKEN,
    event_aes_key=KEY,
    delivery=DeliveryMode.WEBHOOK,
    robot_over_http=True,
    card_secret=CLICK_SECRET,
    card_template_id="tpl.schema",
)


def stamp(at: datetime = NOW) -> str:
    """Milliseconds, as the platform writes them."""
    return str(int(at.timestamp() * 1000))


def seal(
    plain: bytes, *, key: str = KEY, owner: str = APP, salt: bytes = b"0123456789abcdef", padding: bytes | None = None
) -> str:
    """The ciphertext of an event; `padding` replaces the right one."""
    aes = base64.b64decode(key + "=")
    whole = salt + struct.pack(">I", len(plain)) + plain + owner.encode()
    missing = 32 - len(whole) % 32
    padded = whole + (bytes([missing]) * missing if padding is None else padding)
    encryptor = Cipher(algorithms.AES256(aes), modes.CBC(aes[:16])).encryptor()
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def sign(sealed: str, *, timestamp: str, nonce: str, token: str = TOKEN) -> str:
    """The signature of an event."""
    return hashlib.sha1("".join(sorted([token, timestamp, nonce, sealed])).encode()).hexdigest()  # noqa: S324 - theirs


def request(path: str, body: bytes, *, headers: Mapping[str, str] = {}, query: Mapping[str, str] = {}) -> RawRequest:
    """A callback as the web server hands it over."""
    return RawRequest(method="POST", path=path, query=query, headers=headers, body=body, received_at=NOW)


def event(
    body: Mapping[str, Any] | bytes,
    *,
    at: datetime = NOW,
    nonce: str = "n0nce42",
    token: str = TOKEN,
    key: str = KEY,
    owner: str = APP,
) -> RawRequest:
    """A genuine event callback."""
    plain = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return sealed_event(seal(plain, key=key, owner=owner), at=at, nonce=nonce, token=token)


def sealed_event(sealed: str, *, at: datetime = NOW, nonce: str = "n0nce42", token: str = TOKEN) -> RawRequest:
    """An event callback with this ciphertext, signed."""
    timestamp = stamp(at)
    signature = sign(sealed, timestamp=timestamp, nonce=nonce, token=token)
    query = {"signature": signature, "msg_signature": signature, "timestamp": timestamp, "nonce": nonce}
    return request(EVENT_PATH, json.dumps({"encrypt": sealed}).encode(), query=query)


def _hmac(secret: str, message: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), message.encode(), hashlib.sha256).digest()).decode()


def robot(body: Mapping[str, Any] | bytes, *, at: datetime = NOW, secret: str = SECRET) -> RawRequest:
    """A robot message over HTTP."""
    timestamp = stamp(at)
    headers = {"timestamp": timestamp, "sign": _hmac(secret, f"{timestamp}\n{secret}")}
    return request(ROBOT_PATH, _bytes(body), headers=headers)


def card(body: Mapping[str, Any] | bytes, *, at: datetime = NOW, secret: str = CLICK_SECRET) -> RawRequest:
    """A click over HTTP."""
    timestamp = stamp(at)
    headers = {"x-ddpaas-signature-timestamp": timestamp, "x-ddpaas-signature": _hmac(secret, timestamp)}
    return request(CARD_PATH, _bytes(body), headers=headers)


def _bytes(body: Mapping[str, Any] | bytes) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()


def opened(sealed: str, *, key: str = KEY, owner: str = APP) -> bytes:
    """What stands in a ciphertext of ours."""
    aes = base64.b64decode(key + "=")
    decryptor = Cipher(algorithms.AES256(aes), modes.CBC(aes[:16])).decryptor()
    padded = decryptor.update(base64.b64decode(sealed)) + decryptor.finalize()
    whole = padded[: -padded[-1]]
    (length,) = struct.unpack(">I", whole[16:20])
    assert whole[20 + length :] == owner.encode()
    return whole[20 : 20 + length]


# ---------------------------------------------------------------- what people do


def message(**changes: Any) -> dict[str, Any]:
    """A robot message in a group, as it comes over both ways."""
    whole: dict[str, Any] = {
        "conversationId": "cidAbC==",
        "conversationType": "2",
        "conversationTitle": "X1 项目",
        "msgId": "msgXyz==",
        "msgtype": "text",
        "text": {"content": " 进度 RW-7"},
        "senderId": "$:LWCP_v1:$aa",
        "senderStaffId": "u1001",
        "senderNick": "李雷",
        "senderCorpId": CORP,
        "isAdmin": False,
        "atUsers": [{"dingtalkId": "$:LWCP_v1:$bot"}, {"dingtalkId": "$:LWCP_v1:$bb", "staffId": "u1002"}],
        "isInAtList": True,
        "chatbotUserId": "$:LWCP_v1:$bot",
        "chatbotCorpId": CORP,
        "robotCode": APP,
        "createAt": int(NOW.timestamp() * 1000),
        "sessionWebhook": "https://oapi.dingtalk.com/robot/sendBySession?session=s1",
        "sessionWebhookExpiredTime": int(NOW.timestamp() * 1000) + 5_400_000,
    }
    return {**whole, **changes}


def click(**changes: Any) -> dict[str, Any]:
    """A press on a card of ours, as it comes over both ways."""
    params = changes.pop("params", {"a": "approve", "p": {"code": "XQ-2026-0001"}})
    whole: dict[str, Any] = {
        "type": "actionCallback",
        "outTrackId": "hy-" + "0" * 40,
        "corpId": CORP,
        "userId": "u1001",
        "userIdType": 1,
        "spaceType": "IM_GROUP",
        "spaceId": "cidAbC==",
        "extension": "{}",
        "content": json.dumps({"cardPrivateData": {"actionIds": ["ok"], "params": params}}),
    }
    return {**whole, **changes}
