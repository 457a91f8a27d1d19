"""Signed and encrypted Feishu messages as the platform would send them, made before the stopwatch runs.

Written from the platform's documentation with its own crypto, so that server and generator share no code.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import secrets

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from bench.company import chats

APP_ID = "cli_bench"
APP_SECRET = "bench-app-secret"
ENCRYPT_KEY = "bench-encrypt-key-of-some-length"
VERIFICATION_TOKEN = "bench-verification-token"


def messages(count: int, *, at_ms: int, asking: float = 0.1, seed: int = 1) -> list[tuple[str, bytes]]:
    """(event id, HTTP request) for `count` different messages; a share of `asking` mentions a liaison with a question.

    They are spread over the company's groups, and each is a millisecond younger than the one before.
    """
    chance = random.Random(seed)
    key = hashlib.sha256(ENCRYPT_KEY.encode()).digest()
    return [_request(_event(n, at_ms + n, chance, asking), key, at_ms) for n in range(count)]


def _event(number: int, at_ms: int, chance: random.Random, asking: float) -> tuple[str, bytes]:
    run, chat = f"{at_ms:x}{number:x}", chance.choice(chats())
    mentions: list[dict[str, object]] = []
    text = f"第 {number} 批样件已经到库，明天上午可以领用"
    if chance.random() < asking:
        text = f"@_user_1 第 {number} 批样件什么时候能检验完？"
        mentions.append(
            {
                "key": "@_user_1",
                "id": {"open_id": chance.choice(chat.liaisons), "union_id": "on_x", "user_id": "u_x"},
                "mentioned_type": "user",
                "name": "对接人",
                "tenant_key": "tk_bench",
            }
        )
    message = {
        "message_id": f"om_{run}",
        "create_time": str(at_ms),
        "update_time": str(at_ms),
        "chat_id": chat.id,
        "chat_type": "group",
        "message_type": "text",
        "content": json.dumps({"text": text}, ensure_ascii=False),
        "mentions": mentions,
    }
    sender = {"open_id": chance.choice(chat.people), "union_id": "on_y", "user_id": "u_y"}
    event = {
        "schema": "2.0",
        "header": {
            "event_id": f"ev_{run}",
            "event_type": "im.message.receive_v1",
            "create_time": str(at_ms),
            "token": VERIFICATION_TOKEN,
            "app_id": APP_ID,
            "tenant_key": "tk_bench",
        },
        "event": {
            "sender": {"sender_id": sender, "sender_type": "user", "tenant_key": "tk_bench"},
            "message": message,
        },
    }
    return f"ev_{run}", json.dumps(event, ensure_ascii=False).encode()


def _request(event: tuple[str, bytes], key: bytes, at_ms: int) -> tuple[str, bytes]:
    name, plain = event
    vector = secrets.token_bytes(16)
    padder = PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES256(key), modes.CBC(vector)).encryptor()
    sealed = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
    body = json.dumps({"encrypt": base64.b64encode(vector + sealed).decode()}).encode()
    timestamp, nonce = str(at_ms // 1000), secrets.token_hex(8)
    signature = hashlib.sha256(f"{timestamp}{nonce}{ENCRYPT_KEY}".encode() + body).hexdigest()
    head = (
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json; charset=utf-8\r\n"
        f"X-Lark-Request-Timestamp: {timestamp}\r\nX-Lark-Request-Nonce: {nonce}\r\nX-Lark-Signature: {signature}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return name, head.encode() + body


def to_path(requests: list[tuple[str, bytes]], path: str) -> list[bytes]:
    """The same requests, addressed to one server's path."""
    return [request.replace(b"{path}", path.encode(), 1) for _, request in requests]
