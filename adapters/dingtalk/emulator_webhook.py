"""Pushes over HTTP: events sealed and signed, robot messages and card callbacks signed only (dingtalk.md 2.2, 2.3, 3.4)."""

from __future__ import annotations

from urllib.parse import urlencode

from adapters._emulator.handover import CapturedRequest, Handover
from adapters._emulator.http_sender import HttpSender
from adapters._emulator.wire_json import Json, parse_table, text, wire
from adapters.dingtalk import emulator_crypto as crypto
from adapters.dingtalk.emulator_events import CARD_CALLBACK, CHECK_URL, ROBOT_MESSAGE, to_ms
from adapters.dingtalk.emulator_state import State

#: the word that acknowledges an event
SUCCESS = b"success"


class Webhook(HttpSender):
    """The HTTP client side of the platform. Without an address nothing is pushed that way."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self._state = state
        self.event_url = ""
        self.robot_url = ""

    def owner(self) -> str:
        """Whose name stands in a sealed event."""
        app = self._state.app
        return app.corp_id if self._state.options.owner_is_corp else app.client_id

    def seal_event(self, payload: Json, *, url: str, is_forged: bool = False) -> CapturedRequest:
        """An event sealed and signed now; with `is_forged` the signature is that of another token."""
        app, dice = self._state.app, self._state.dice
        sealed = crypto.seal(
            wire(payload), aes_key=app.event_aes_key, owner=self.owner(), random=dice.randbytes(crypto.RANDOM)
        )
        stamp, nonce = str(to_ms(self._state.now())), f"{dice.getrandbits(48):012x}"
        token = "forged" if is_forged else app.event_token
        signature = crypto.event_signature(token=token, timestamp=stamp, nonce=nonce, encrypt=sealed)
        query = {"signature": signature, "msg_signature": signature, "timestamp": stamp, "nonce": nonce}
        return CapturedRequest(
            url=f"{url}?{urlencode(query)}",
            headers={"Content-Type": "application/json; charset=utf-8"},
            body=wire({"encrypt": sealed}),
            at=self._state.now(),
            event_type=text(payload, "EventType"),
            event_id=text(payload, "eventId"),
        )

    def seal_robot(self, payload: Json, *, url: str, is_forged: bool = False) -> CapturedRequest:
        """A robot message signed now. No signature covers its body."""
        stamp = str(to_ms(self._state.now()))
        secret = "forged" if is_forged else self._state.app.client_secret
        sign = crypto.robot_signature(timestamp=stamp, secret=secret)
        return CapturedRequest(
            url=url,
            headers={"Content-Type": "application/json; charset=utf-8", "timestamp": stamp, "sign": sign},
            body=wire(payload),
            at=self._state.now(),
            event_type=ROBOT_MESSAGE,
            event_id=text(payload, "msgId"),
        )

    def seal_card(self, payload: Json, *, url: str, secret: str, is_forged: bool = False) -> CapturedRequest:
        """A card callback signed now. No signature covers its body."""
        stamp = str(to_ms(self._state.now()))
        sign = crypto.card_signature(timestamp=stamp, secret="forged" if is_forged else secret)
        return CapturedRequest(
            url=url,
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "x-ddpaas-signature-timestamp": stamp,
                "x-ddpaas-signature": sign,
            },
            body=wire(payload),
            at=self._state.now(),
            event_type=CARD_CALLBACK,
            event_id=text(payload, "outTrackId"),
        )

    async def post_event(self, request: CapturedRequest, *, seconds: float, is_kept: bool = True) -> Handover:
        """The same for an event: only the sealed and signed word `success` acknowledges it."""
        handover = await self.post(request, seconds=seconds, is_kept=is_kept)
        if handover.is_acked and not self.says_success(handover.body):
            return Handover(
                outcome="malformed", status=handover.status, latency_ms=handover.latency_ms, body=handover.body
            )
        return handover

    async def check(self, url: str) -> bool:
        """The question with which an address is saved."""
        payload: Json = {"EventType": CHECK_URL}
        answer = await self.post_event(self.seal_event(payload, url=url), seconds=self._state.options.event_seconds)
        return answer.is_acked

    def says_success(self, body: bytes) -> bool:
        """Whether an answer holds the sealed word, signed with our token over its own timestamp and nonce."""
        given = parse_table(body) or {}
        sealed, nonce = text(given, "encrypt"), text(given, "nonce")
        stamp = given.get("timeStamp")
        signature = crypto.event_signature(
            token=self._state.app.event_token, timestamp=str(stamp), nonce=nonce, encrypt=sealed
        )
        if not isinstance(stamp, str | int) or not nonce or text(given, "msg_signature") != signature:
            return False
        try:
            word, owner = crypto.unseal(sealed, aes_key=self._state.app.event_aes_key)
        except ValueError:
            return False
        return word == SUCCESS and owner == self.owner()
