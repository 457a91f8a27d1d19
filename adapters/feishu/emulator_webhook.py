"""Pushes over HTTP: sealed, signed, sent, and kept for whoever wants to replay or forge (feishu.md 2.2-2.7)."""

from __future__ import annotations

import hashlib

from adapters._emulator.handover import CapturedRequest
from adapters._emulator.http_sender import HttpSender
from adapters._emulator.wire_json import Json, parse_table, text, wire
from adapters.feishu.emulator_crypto import BLOCK, sealed_body, signature_of
from adapters.feishu.emulator_state import State

#: real seconds within which the challenge must be answered
CHALLENGE_SECONDS = 1.0


class Webhook(HttpSender):
    """The HTTP client side of the platform. Without a URL nothing is subscribed."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self._state = state
        self.event_url = ""
        self.callback_url = ""

    def seal(self, envelope: Json, *, url: str, is_forged: bool = False) -> CapturedRequest:
        """A push signed now; with `is_forged` its signature is wrong in every digit."""
        app = self._state.app
        iv = self._state.dice.randbytes(BLOCK)
        body = sealed_body(wire(envelope), encrypt_key=app.encrypt_key, iv=iv)
        header = envelope.get("header")
        known: Json = header if isinstance(header, dict) else {}
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Go-http-client/1.1"}
        if app.encrypt_key:
            headers |= self.signed_headers(body)
        if is_forged and app.encrypt_key:
            headers["X-Lark-Signature"] = hashlib.sha256(b"forged" + body).hexdigest()
        return CapturedRequest(
            url=url,
            headers=headers,
            body=body,
            at=self._state.now(),
            event_type=text(known, "event_type"),
            event_id=text(known, "event_id"),
        )

    def signed_headers(self, body: bytes) -> dict[str, str]:
        """Timestamp, nonce and the signature of `body` under the app's key."""
        timestamp = str(int(self._state.now().timestamp()))
        nonce = f"{self._state.dice.getrandbits(64):016x}"
        key = self._state.app.encrypt_key
        return {
            "X-Lark-Request-Timestamp": timestamp,
            "X-Lark-Request-Nonce": nonce,
            "X-Lark-Signature": signature_of(timestamp=timestamp, nonce=nonce, encrypt_key=key, body=body),
        }

    async def challenge(self, url: str) -> bool:
        """The handshake on saving a URL: unsigned, sealed where there is a key, to be answered within a second."""
        secret = self._state.new_id("c-")
        asked: Json = {
            "challenge": secret,
            "token": self._state.app.verification_token,
            "type": "url_verification",
        }
        sealed = self.seal(asked, url=url)
        unsigned = CapturedRequest(
            url=url,
            headers={name: value for name, value in sealed.headers.items() if not name.startswith("X-Lark-")},
            body=sealed.body,
            at=sealed.at,
            event_type="url_verification",
        )
        answer = await self.post(unsigned, seconds=CHALLENGE_SECONDS)
        return answer.is_acked and text(parse_table(answer.body) or {}, "challenge") == secret
