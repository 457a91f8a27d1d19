"""The two callbacks as the admin console tries them when an address is saved (wecom.md 2.2)."""

from __future__ import annotations

import secrets
from datetime import datetime

from adapters.wecom.settings import WebhookSecrets
from adapters.wecom.signature import encrypt, signature_of
from bot.ports import SelfCall


def address_check(pair: WebhookSecrets, *, path: str, receiver: str, names: tuple[str, ...], now: datetime) -> SelfCall:
    """A sealed word, which comes back in the clear and with nothing around it."""
    word = str(secrets.randbelow(10**18) + 10**18)
    sealed = encrypt(word.encode(), aes_key=pair.aes_key, receiver=receiver, salt=secrets.token_hex(8).encode())
    timestamp, nonce = str(int(now.timestamp())), secrets.token_hex(8)
    signature = signature_of(token=pair.token, timestamp=timestamp, nonce=nonce, sealed=sealed)
    return SelfCall(
        method="GET",
        path=path,
        query={"msg_signature": signature, "timestamp": timestamp, "nonce": nonce, "echostr": sealed},
        is_right=lambda body: body == word.encode(),
        secrets=names,
    )
