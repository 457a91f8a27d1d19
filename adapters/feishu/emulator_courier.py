"""Hands events to the app: over HTTP or the long connection, with the platform's retry schedule.

Delivery is at least once. First attempts of one chat go one after another; retries may come in between, as on the real
platform, unless the event type is ordered (feishu.md 2.7).
"""

from __future__ import annotations

from adapters._emulator.faults import Fault, FaultKind, FaultPlan
from adapters._emulator.handover import Handover
from adapters._emulator.pushes import Push, Pushes
from adapters._emulator.recorder import Recorder
from adapters._emulator.wire_json import Json
from adapters.feishu.emulator_events import envelope, is_allowed
from adapters.feishu.emulator_socket import Sockets
from adapters.feishu.emulator_state import State, Transport
from adapters.feishu.emulator_webhook import Webhook

_CLICK = "card.action.trigger"


class Courier(Pushes):
    """One for the app. `emit` is called by whatever changes the tenant."""

    def __init__(
        self, *, state: State, recorder: Recorder, faults: FaultPlan, webhook: Webhook, sockets: Sockets
    ) -> None:
        super().__init__(clock=state.clock, changes=state.changes, recorder=recorder, faults=faults)
        self._state = state
        self._webhook = webhook
        self._sockets = sockets

    def emit(self, event_type: str, event: Json, lane: str) -> None:
        """Queue an event. Before the start, and while no address is known for a webhook, nothing is subscribed."""
        if not self.is_running or (self.transport_of(event_type) == Transport.WEBHOOK and not self._webhook.event_url):
            return
        if is_allowed(self._state, event_type):
            event_id, whole = self._enveloped(event_type, event)
            self.queue(event_type, event_id, event, whole, lane=lane)

    async def call(self, event_type: str, event: Json) -> Handover:
        """Push a callback once and return its answer; the platform never repeats these (feishu.md 4.1)."""
        event_id, whole = self._enveloped(event_type, event)
        return await self.call_once(event_type, event_id, event, whole)

    def _enveloped(self, event_type: str, event: Json) -> tuple[str, Json]:
        event_id = self._state.new_id("")
        at = self._state.now()
        return event_id, envelope(app=self._state.app, event_type=event_type, event_id=event_id, at=at, event=event)

    def transport_of(self, event_type: str) -> str:
        """Clicks may be switched apart from events."""
        options = self._state.options
        return (options.callbacks or options.delivery) if event_type == _CLICK else options.delivery

    def retries_of(self, push: Push) -> tuple[float, ...]:  # noqa: ARG002 - the same for every event
        """15 s, 5 min, 1 h, 6 h."""
        return self._state.options.retries

    def is_ordered(self, event_type: str) -> bool:
        """Types that the console has ordered."""
        return event_type in self._state.options.ordered_events

    async def carry(self, push: Push, fault: Fault | None) -> Handover:
        """One attempt over whatever transport the console has for it."""
        if fault is not None and fault.kind is FaultKind.DISCONNECT:
            await self._sockets.disconnect(fault.seconds)
        if fault is not None and fault.kind is FaultKind.SILENT_SOCKET:
            self._sockets.silence()
        if self.transport_of(push.record.event_type) == Transport.WEBHOOK:
            return await self._post(push, is_forged=fault is not None and fault.kind is FaultKind.WRONG_SIGNATURE)
        options = self._state.options
        kind = options.callback_frame if push.record.event_type == _CLICK else "event"
        return await self._sockets.deliver(push.envelope, seconds=options.ack_seconds, kind=kind)

    async def _post(self, push: Push, *, is_forged: bool) -> Handover:
        is_callback = push.record.event_type == _CLICK
        url = self._webhook.callback_url or self._webhook.event_url if is_callback else self._webhook.event_url
        if not url:
            return Handover(outcome="nobody")
        request = push.sealed
        if request is None or is_forged or self._state.options.retry_signs_anew:
            request = self._webhook.seal(push.envelope, url=url, is_forged=is_forged)
            push.sealed = None if is_forged else request
        return await self._webhook.post(request, seconds=self._state.options.ack_seconds)
