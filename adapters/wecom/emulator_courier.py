"""Carries pushes to the app's address, to the bot's, or over the bot's connection (wecom.md 2.3, 3.2, 3.3)."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from adapters._emulator.changes import Changes
from adapters._emulator.faults import Fault, FaultKind, FaultPlan
from adapters._emulator.handover import CapturedRequest, Handover
from adapters._emulator.http_sender import HttpSender
from adapters._emulator.pushes import Push, Pushes
from adapters._emulator.recorder import Recorder
from adapters._emulator.wire_json import Json, text, wire
from adapters.wecom import emulator_xml as xml
from adapters.wecom.emulator_crypto import Seal
from adapters.wecom.emulator_socket import Sockets
from adapters.wecom.emulator_state import State, Transport

#: what belongs to the bot begins so
BOT = "bot."


class Courier(Pushes):
    """Two addresses and one connection."""

    def __init__(
        self, *, state: State, sockets: Sockets, recorder: Recorder, faults: FaultPlan, changes: Changes
    ) -> None:
        super().__init__(clock=state.clock, changes=changes, recorder=recorder, faults=faults)
        self._state = state
        self._sockets = sockets
        self.app_url = ""
        self.bot_url = ""
        self.sender = HttpSender()

    @property
    def app_seal(self) -> Seal:
        """What the app's pushes are sealed with."""
        app = self._state.app
        return Seal(app.token, app.aes_key, app.corp_id)

    @property
    def bot_seal(self) -> Seal:
        """What the bot's pushes are sealed with."""
        app = self._state.app
        return Seal(app.bot_token, app.bot_aes_key, "")

    # ------------------------------------------------------------------ of this platform

    def transport_of(self, event_type: str) -> str:
        is_streamed = event_type.startswith(BOT) and self._state.options.delivery is Transport.STREAM
        return Transport.STREAM.value if is_streamed else Transport.WEBHOOK.value

    def retries_of(self, push: Push) -> tuple[float, ...]:
        """The bot's pushes are made once."""
        return () if push.record.event_type.startswith(BOT) else self._state.options.retries

    def is_ordered(self, event_type: str) -> bool:  # noqa: ARG002 - nothing is
        return False

    async def carry(self, push: Push, fault: Fault | None) -> Handover:
        if push.record.transport == Transport.STREAM.value:
            command = "aibot_event_callback" if text(push.envelope, "msgtype") == "event" else "aibot_msg_callback"
            return await self._sockets.deliver(command, push.envelope, request=f"req-{push.record.number}")
        if push.sealed is None or fault is not None:
            is_wrong = fault is not None and fault.kind is FaultKind.WRONG_SIGNATURE
            push.sealed = self.seal(push.envelope, event_type=push.record.event_type, is_wrong=is_wrong)
        return await self.post(push.sealed)

    # ------------------------------------------------------------------ HTTP

    def seal(self, body: Json, *, event_type: str = "", is_wrong: bool = False) -> CapturedRequest:
        """A genuine push, sealed and signed now."""
        is_bot = event_type.startswith(BOT)
        seal, url = (self.bot_seal, self.bot_url) if is_bot else (self.app_seal, self.app_url)
        plain = wire(body) if is_bot else xml.inner(body)
        sealed = seal.seal(plain, self._state.dice.randbytes(16))
        app = self._state.app
        outer = wire({"encrypt": sealed}) if is_bot else xml.outer(sealed, corp_id=app.corp_id, agent_id=app.agent_id)
        query = self.query(seal, sealed, is_wrong=is_wrong)
        return CapturedRequest(
            url=f"{url}?{urlencode(query)}",
            headers={"Content-Type": "application/json" if is_bot else "text/xml"},
            body=outer,
            at=self._state.now(),
            event_type=event_type,
        )

    def query(self, seal: Seal, sealed: str, *, is_wrong: bool = False) -> dict[str, str]:
        """The signature and what it covers."""
        stamp, nonce = str(int(self._state.now().timestamp())), self._state.new_id("n")
        signature = seal.signature(stamp, nonce, sealed)
        if is_wrong:
            signature = ("0" if signature[0] != "0" else "1") + signature[1:]
        return {"msg_signature": signature, "timestamp": stamp, "nonce": nonce}

    async def check(self, url: str, *, is_bot: bool) -> bool:
        """Whether the address answers as the console wants before it is saved."""
        seal = self.bot_seal if is_bot else self.app_seal
        word = str(self._state.dice.getrandbits(60))
        sealed = seal.seal(word.encode(), self._state.dice.randbytes(16))
        query = {**self.query(seal, sealed), "echostr": sealed}
        request = CapturedRequest(
            url=f"{url}?{urlencode(query)}", headers={}, body=b"", at=self._state.now(), method="GET"
        )
        handover = await self.post(request, is_kept=False)
        return handover.is_acked and handover.body == word.encode()

    async def post(self, request: CapturedRequest, *, is_kept: bool = True) -> Handover:
        """One try over HTTP."""
        if not request.url.startswith("http"):
            return Handover(outcome="nobody")
        return await self.sender.post(request, seconds=self._state.options.ack_seconds, is_kept=is_kept)


def stamp(at: datetime) -> int:
    """Seconds, as pushes have them."""
    return int(at.timestamp())
