"""Hands events to the app: lanes, attempts, the real retry schedule on the injected clock, and faults on the way.

Delivery is at least once. First attempts of one chat go one after another; retries may come in between, as on the real
platform, unless the event type is ordered (feishu.md 2.7).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.feishu.emulator_events import envelope, is_allowed
from adapters.feishu.emulator_faults import Fault, FaultKind, FaultPlan
from adapters.feishu.emulator_json import Json
from adapters.feishu.emulator_recorder import Attempt, PushRecord, Recorder
from adapters.feishu.emulator_socket import Sockets
from adapters.feishu.emulator_state import Changes, State, Transport
from adapters.feishu.emulator_webhook import CapturedRequest, Handover, Webhook

#: a reordered push waits at most that many seconds of the clock for one to overtake it
REORDER_SECONDS = 5.0
_IDLE_SECONDS = 3600.0


@dataclass(slots=True, kw_only=True, eq=False)
class _Push:
    """An event on its way."""

    record: PushRecord
    envelope: Json
    lane: str
    due: datetime
    is_held_back: bool = False
    was_held_back: bool = False
    sealed: CapturedRequest | None = None


class Courier:
    """One for the app. `emit` is called by whatever changes the tenant."""

    def __init__(
        self, *, state: State, recorder: Recorder, faults: FaultPlan, webhook: Webhook, sockets: Sockets
    ) -> None:
        self._state = state
        self._recorder = recorder
        self._faults = faults
        self._webhook = webhook
        self._sockets = sockets
        self._waiting: list[_Push] = []
        self._flying: dict[_Push, asyncio.Task[None]] = {}
        self._busy: set[str] = set()
        self._wake = asyncio.Event()
        self._steps = Changes()
        self._pump: asyncio.Task[None] | None = None
        #: called with every push record that was created or tried
        self.on_step: Callable[[PushRecord], None] = _ignore

    def start(self) -> None:
        """Begin to deliver."""
        self._pump = asyncio.create_task(self._run(), name="feishu-emulator-courier")

    async def stop(self) -> None:
        """Stop delivering; what waits is forgotten."""
        tasks = [*self._flying.values(), *([self._pump] if self._pump is not None else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._pump = None
        self._waiting.clear()
        self._flying.clear()
        self._busy.clear()

    def emit(self, event_type: str, event: Json, lane: str) -> None:
        """Queue an event. Before the start, and while no address is known for a webhook, nothing is subscribed."""
        if self._pump is None or (self._transport(event_type) is Transport.WEBHOOK and not self._webhook.event_url):
            return
        if is_allowed(self._state, event_type):
            self._queue(event_type, event, lane=lane)

    async def settled(self, *, at_most: float = 30.0) -> None:
        """Return when nothing is due or on its way. Raises TimeoutError after `at_most` real seconds."""
        async with asyncio.timeout(at_most):
            while self._flying or any(self._is_ready(push) for push in self._waiting):
                revision = self._steps.revision
                self._wake.set()
                await self._steps.wait(after=revision, at_most=at_most)

    @property
    def pending(self) -> int:
        """Pushes that are not acknowledged and will be tried (again)."""
        return len(self._waiting) + len(self._flying)

    def next_due(self) -> datetime | None:
        """When the next attempt is to be made."""
        return min((push.due for push in self._waiting), default=None)

    # ------------------------------------------------------------------ callbacks

    async def call(self, event_type: str, event: Json) -> Handover:
        """Push a callback once and return its answer; the platform never repeats these (feishu.md 4.1)."""
        push = self._make(event_type, event, lane="")
        fault = self._strike(push)
        if fault is not None and fault.kind is FaultKind.DELAY:
            await asyncio.sleep(fault.seconds)
        copies = fault.count if fault is not None and fault.kind is FaultKind.DUPLICATE else 0
        handover = await self._hand_over(push, fault)
        for _ in range(copies):
            await self._hand_over(push, None)
        push.record.is_given_up = not push.record.is_acked
        return handover

    # ------------------------------------------------------------------ the pump

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            for push in [push for push in self._waiting if self._is_ready(push)]:
                if push.lane not in self._busy:
                    self._launch(push)
            await self._state.clock.wait(self._wake, until=self._next_start(), at_most=_IDLE_SECONDS)

    def _next_start(self) -> datetime | None:
        """When a push becomes due; those that wait for their lane are woken by its end."""
        now = self._state.now()
        return min((push.due for push in self._waiting if push.due > now), default=None)

    def _is_ready(self, push: _Push) -> bool:
        return push.due <= self._state.now() and not self._is_blocked(push)

    def _is_blocked(self, push: _Push) -> bool:
        """True while an earlier event of an ordered type in the same lane is not acknowledged."""
        if push.record.event_type not in self._state.options.ordered_events:
            return False
        rivals = [*self._waiting, *self._flying]
        return any(
            other.lane == push.lane
            and other.record.event_type == push.record.event_type
            and other.record.number < push.record.number
            and not other.is_held_back
            for other in rivals
            if other is not push
        )

    def _launch(self, push: _Push) -> None:
        self._waiting.remove(push)
        self._busy.add(push.lane)
        self._flying[push] = asyncio.create_task(self._attempt(push), name=f"push-{push.record.number}")

    async def _attempt(self, push: _Push) -> None:
        try:
            fault = self._strike(push)
            if fault is not None and fault.kind in {FaultKind.DELAY, FaultKind.REORDER}:
                if not push.was_held_back:
                    self._hold_back(push, fault)
                    return
                fault = None
            handover = await self._hand_over(push, fault)
            self._after(push, handover, fault)
            self._release_held()
        finally:
            self._flying.pop(push, None)
            self._busy.discard(push.lane)
            self._wake.set()
            self._steps.touch()

    def _hold_back(self, push: _Push, fault: Fault) -> None:
        is_reorder = fault.kind is FaultKind.REORDER
        push.due = self._state.now() + timedelta(seconds=REORDER_SECONDS if is_reorder else fault.seconds)
        push.is_held_back, push.was_held_back = is_reorder, True
        self._waiting.append(push)

    def _release_held(self) -> None:
        for push in self._waiting:
            if push.is_held_back:
                push.is_held_back, push.due = False, self._state.now()

    def _after(self, push: _Push, handover: Handover, fault: Fault | None) -> None:
        if fault is not None and fault.kind is FaultKind.DUPLICATE:
            for copy in range(1, fault.count + 1):
                self._copy(push, after=fault.seconds * copy)
        if handover.is_acked:
            return
        failures = len(push.record.attempts)
        retries = self._state.options.retries
        if failures > len(retries) or push.record.is_duplicate:
            push.record.is_given_up = True
            return
        push.due = self._state.now() + timedelta(seconds=retries[failures - 1])
        self._waiting.append(push)

    # ------------------------------------------------------------------ one attempt

    async def _hand_over(self, push: _Push, fault: Fault | None) -> Handover:
        if fault is not None and fault.kind is FaultKind.DISCONNECT:
            await self._sockets.disconnect(fault.seconds)
        if fault is not None and fault.kind is FaultKind.SILENT_SOCKET:
            self._sockets.silence()
        if self._transport(push.record.event_type) is Transport.WEBHOOK:
            handover = await self._post(push, is_forged=fault is not None and fault.kind is FaultKind.WRONG_SIGNATURE)
        else:
            options = self._state.options
            kind = options.callback_frame if push.record.event_type == "card.action.trigger" else "event"
            handover = await self._sockets.deliver(push.envelope, seconds=options.ack_seconds, kind=kind)
        if fault is not None and fault.kind is FaultKind.DROP_ACK:
            handover = Handover(outcome="ack_dropped", status=handover.status, latency_ms=handover.latency_ms)
        self._note(push, handover, fault)
        return handover

    async def _post(self, push: _Push, *, is_forged: bool) -> Handover:
        is_callback = push.record.event_type == "card.action.trigger"
        url = self._webhook.callback_url or self._webhook.event_url if is_callback else self._webhook.event_url
        if not url:
            return Handover(outcome="nobody")
        request = push.sealed
        if request is None or is_forged or self._state.options.retry_signs_anew:
            request = self._webhook.seal(push.envelope, url=url, is_forged=is_forged)
            push.sealed = None if is_forged else request
        return await self._webhook.post(request, seconds=self._state.options.ack_seconds)

    def _note(self, push: _Push, handover: Handover, fault: Fault | None) -> None:
        push.record.attempts.append(
            Attempt(
                at=self._state.now(),
                outcome=handover.outcome,
                status=handover.status,
                latency_ms=handover.latency_ms,
                fault=fault.kind if fault is not None else "",
            )
        )
        push.record.is_acked = push.record.is_acked or handover.is_acked
        self.on_step(push.record)
        self._state.changes.touch()

    # ------------------------------------------------------------------ making

    def _queue(self, event_type: str, event: Json, *, lane: str) -> None:
        self._waiting.append(self._make(event_type, event, lane=lane))
        self._wake.set()

    def _make(self, event_type: str, event: Json, *, lane: str) -> _Push:
        now = self._state.now()
        event_id = self._state.new_id("")
        whole = envelope(app=self._state.app, event_type=event_type, event_id=event_id, at=now, event=event)
        record = self._keep(event_type, event_id, event, is_duplicate=False)
        return _Push(record=record, envelope=whole, lane=lane, due=now)

    def _copy(self, push: _Push, *, after: float) -> None:
        original = push.record
        record = self._keep(original.event_type, original.event_id, original.event, is_duplicate=True)
        due = self._state.now() + timedelta(seconds=after)
        self._waiting.append(_Push(record=record, envelope=push.envelope, lane=push.lane, due=due))

    def _keep(self, event_type: str, event_id: str, event: Json, *, is_duplicate: bool) -> PushRecord:
        record = PushRecord(
            number=self._recorder.next_number(),
            event_id=event_id,
            event_type=event_type,
            transport=self._transport(event_type),
            created_at=self._state.now(),
            event=event,
            is_duplicate=is_duplicate,
        )
        self._recorder.add_push(record)
        self.on_step(record)
        return record

    def _strike(self, push: _Push) -> Fault | None:
        if push.record.is_duplicate:
            return None
        return self._faults.strike(f"push.{push.record.event_type}", now=self._state.now())

    def _transport(self, event_type: str) -> Transport:
        options = self._state.options
        if event_type == "card.action.trigger":
            return options.callbacks or options.delivery
        return options.delivery


def _ignore(record: PushRecord) -> None:
    """Nobody listens."""
