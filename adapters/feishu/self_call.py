"""The callback as the developer console tries it when its address is saved (feishu.md 2.2)."""

from __future__ import annotations

import json
import secrets

from adapters._hardened_json import BadJson, parse_table
from adapters.feishu.settings import FeishuSettings
from adapters.feishu.signature import BLOCK, encrypt
from bot.ports import SelfCall


def address_check(settings: FeishuSettings) -> SelfCall:
    """A sealed challenge, which comes back in the clear."""
    challenge = secrets.token_hex(16)
    plain = {"challenge": challenge, "token": settings.verification_token, "type": "url_verification"}
    sealed = encrypt(json.dumps(plain).encode(), encrypt_key=settings.encrypt_key, iv=secrets.token_bytes(BLOCK))

    def is_right(body: bytes) -> bool:
        try:
            return parse_table(body).get("challenge") == challenge
        except BadJson:
            return False

    return SelfCall(
        method="POST",
        path=settings.path,
        body=json.dumps({"encrypt": sealed}).encode(),
        is_right=is_right,
        content_type="application/json",
        secrets=("encrypt_key", "verification_token"),
    )
