"""Pushes over HTTP: sealed, signed, sent, and kept for whoever wants to replay or forge (feishu.md 2.2-2.7)."""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import aiohttp

from adapters.feishu.emulator_crypto import BLOCK, sealed_body, signature_of
from adapters.feishu.emulator_json import Json, parse_table, text, wire
from adapters.feishu.emulator_state import State

#: captured requests kept
KEPT = 20_000
#: real seconds within which a connection must stand
CONNECT_SECONDS = 2.0
#: real seconds within which the challenge must be answered
CHALLENGE_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedRequest:
    """A push exactly as it went over the wire; header names as the platform writes them."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    at: datetime
    event_type: str = ""
    event_id: str = ""
    method: str = "POST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What became of one try to hand a push over. `outcome` as in `Attempt`."""

    outcome: str
    status: int = 0
    latency_ms: float = 0.0
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_acked(self) -> bool:
        """True when the receiver said that it has it."""
        return self.outcome == "acked"


class Webhook:
    """The HTTP client side of the platform. Without a URL nothing is subscribed."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._session: aiohttp.ClientSession | None = None
        self._captured: deque[CapturedRequest] = deque(maxlen=KEPT)
        self.event_url = ""
        self.callback_url = ""

    async def start(self) -> None:
        """Open the client."""
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())

    async def stop(self) -> None:
        """Close the client and its connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    @property
    def captured(self) -> tuple[CapturedRequest, ...]:
        """Every push made so far, oldest first."""
        return tuple(self._captured)

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

    async def post(self, request: CapturedRequest, *, seconds: float, is_kept: bool = True) -> Handover:
        """Send it as it is and wait at most `seconds` for the answer."""
        if self._session is None:
            raise RuntimeError("the emulator is not running")
        if is_kept:
            self._captured.append(request)
        started = time.perf_counter()
        limits = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
        try:
            async with self._session.post(
                request.url, data=request.body, headers=request.headers, timeout=limits, allow_redirects=False
            ) as answer:
                body = await answer.read()
                outcome = "acked" if answer.status == 200 else "refused"
                return Handover(
                    outcome=outcome,
                    status=answer.status,
                    latency_ms=_since(started),
                    body=body,
                    headers=dict(answer.headers),
                )
        except TimeoutError:
            return Handover(outcome="timeout", latency_ms=_since(started))
        except aiohttp.ClientError:
            return Handover(outcome="unreachable", latency_ms=_since(started))

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


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
