"""The event callback as the developer console tries it when its address is saved (dingtalk.md 3)."""

from __future__ import annotations

import json
import secrets
from datetime import datetime

from adapters._hardened_json import BadJson, parse_table
from adapters._members import text
from adapters.dingtalk.settings import DingTalkSettings
from adapters.dingtalk.signature import decrypt, encrypt, event_signature
from bot.errors import WebhookRejected
from bot.ports import SelfCall


def address_check(settings: DingTalkSettings, *, now: datetime) -> SelfCall:
    """A sealed `check_url`, which is answered by a sealed word."""
    owner, key, token = settings.client_id, settings.event_aes_key, settings.event_token
    sealed = encrypt(b'{"EventType":"check_url"}', aes_key=key, owner=owner, salt=_salt())
    timestamp, nonce = str(int(now.timestamp() * 1000)), secrets.token_hex(8)
    signature = event_signature(token=token, timestamp=timestamp, nonce=nonce, sealed=sealed)

    def is_right(body: bytes) -> bool:
        try:
            told = text(parse_table(body), "encrypt")
            return decrypt(told, aes_key=key, owners=(owner,)).plain == b"success"
        except (BadJson, WebhookRejected):
            return False

    return SelfCall(
        method="POST",
        path=settings.event_path,
        query={"msg_signature": signature, "signature": signature, "timestamp": timestamp, "nonce": nonce},
        body=json.dumps({"encrypt": sealed}).encode(),
        is_right=is_right,
        content_type="application/json",
        secrets=("event_token", "event_aes_key", "client_id"),
    )


def _salt() -> bytes:
    return secrets.token_hex(8).encode()
