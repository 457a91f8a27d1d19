"""Hands what an emulated platform pushes to the app: lanes, attempts, retries on the injected clock, faults on the way.

First attempts in one lane go one after another; retries may come in between, unless the platform orders the type. How
often and how long apart it repeats, and how one attempt is made, each platform says itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters._emulator.changes import Changes
from adapters._emulator.faults import Fault, FaultKind, FaultPlan
from adapters._emulator.handover import CapturedRequest, Handover
from adapters._emulator.recorder import Attempt, PushRecord, Recorder
from adapters._emulator.wire_json import Json
from bot.clock import Clock

#: a reordered push waits at most that many seconds of the clock for one to overtake it
REORDER_SECONDS = 5.0
_IDLE_SECONDS = 3600.0


@dataclass(slots=True, kw_only=True, eq=False)
class Push:
    """An event on its way."""

    record: PushRecord
    envelope: Json
    lane: str
    due: datetime
    is_held_back: bool = False
    was_held_back: bool = False
    sealed: CapturedRequest | None = None


class Pushes:
    """What waits and what is on its way. A platform's courier derives from it and says how a push is carried."""

    def __init__(self, *, clock: Clock, changes: Changes, recorder: Recorder, faults: FaultPlan) -> None:
        self._clock = clock
        self._changes = changes
        self._recorder = recorder
        self._faults = faults
        self._waiting: list[Push] = []
        self._flying: dict[Push, asyncio.Task[None]] = {}
        self._busy: set[str] = set()
        self._wake = asyncio.Event()
        self._steps = Changes()
        self._pump: asyncio.Task[None] | None = None
        #: called with every push record that was created or tried
        self.on_step: Callable[[PushRecord], None] = _ignore

    # ------------------------------------------------------------------ what each platform says itself

    def transport_of(self, event_type: str) -> str:
        """`webhook` or `stream`."""
        raise NotImplementedError

    def retries_of(self, push: Push) -> tuple[float, ...]:
        """Seconds of the clock between one failed attempt of this push and the next."""
        raise NotImplementedError

    def is_ordered(self, event_type: str) -> bool:
        """Whether the next one in a lane waits until the one before it is acknowledged."""
        raise NotImplementedError

    async def carry(self, push: Push, fault: Fault | None) -> Handover:
        """Make one attempt."""
        raise NotImplementedError

    # ------------------------------------------------------------------ for everybody

    @property
    def is_running(self) -> bool:
        """True between start and stop."""
        return self._pump is not None

    def start(self) -> None:
        """Begin to deliver."""
        self._pump = asyncio.create_task(self._run(), name="emulator-courier")

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

    async def call_once(self, event_type: str, event_id: str, event: Json, whole: Json) -> Handover:
        """Push a callback once and return its answer."""
        record = self._keep(event_type, event_id, event, is_duplicate=False)
        push = Push(record=record, envelope=whole, lane="", due=self._clock.now())
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
            await self._clock.wait(self._wake, until=self._next_start(), at_most=_IDLE_SECONDS)

    def _next_start(self) -> datetime | None:
        """When a push becomes due; those that wait for their lane are woken by its end."""
        now = self._clock.now()
        return min((push.due for push in self._waiting if push.due > now), default=None)

    def _is_ready(self, push: Push) -> bool:
        return push.due <= self._clock.now() and not self._is_blocked(push)

    def _is_blocked(self, push: Push) -> bool:
        """True while an earlier event of an ordered type in the same lane is not acknowledged."""
        if not self.is_ordered(push.record.event_type):
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

    def _launch(self, push: Push) -> None:
        self._waiting.remove(push)
        self._busy.add(push.lane)
        self._flying[push] = asyncio.create_task(self._attempt(push), name=f"push-{push.record.number}")

    async def _attempt(self, push: Push) -> None:
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

    def _hold_back(self, push: Push, fault: Fault) -> None:
        is_reorder = fault.kind is FaultKind.REORDER
        push.due = self._clock.now() + timedelta(seconds=REORDER_SECONDS if is_reorder else fault.seconds)
        push.is_held_back, push.was_held_back = is_reorder, True
        self._waiting.append(push)

    def _release_held(self) -> None:
        for push in self._waiting:
            if push.is_held_back:
                push.is_held_back, push.due = False, self._clock.now()

    def _after(self, push: Push, handover: Handover, fault: Fault | None) -> None:
        if fault is not None and fault.kind is FaultKind.DUPLICATE:
            for copy in range(1, fault.count + 1):
                self._copy(push, after=fault.seconds * copy)
        if handover.is_acked:
            return
        failures = len(push.record.attempts)
        retries = self.retries_of(push)
        if failures > len(retries) or push.record.is_duplicate:
            push.record.is_given_up = True
            return
        push.due = self._clock.now() + timedelta(seconds=retries[failures - 1])
        self._waiting.append(push)

    # ------------------------------------------------------------------ one attempt

    async def _hand_over(self, push: Push, fault: Fault | None) -> Handover:
        handover = await self.carry(push, fault)
        if fault is not None and fault.kind is FaultKind.DROP_ACK:
            handover = Handover(outcome="ack_dropped", status=handover.status, latency_ms=handover.latency_ms)
        self._note(push, handover, fault)
        return handover

    def _note(self, push: Push, handover: Handover, fault: Fault | None) -> None:
        push.record.attempts.append(
            Attempt(
                at=self._clock.now(),
                outcome=handover.outcome,
                status=handover.status,
                latency_ms=handover.latency_ms,
                fault=fault.kind if fault is not None else "",
            )
        )
        push.record.is_acked = push.record.is_acked or handover.is_acked
        self.on_step(push.record)
        self._changes.touch()

    # ------------------------------------------------------------------ making

    def queue(self, event_type: str, event_id: str, event: Json, whole: Json, *, lane: str) -> PushRecord:
        """Put an event in its lane; `whole` is what goes over the wire, `event` what the record shows."""
        record = self._keep(event_type, event_id, event, is_duplicate=False)
        self._waiting.append(Push(record=record, envelope=whole, lane=lane, due=self._clock.now()))
        self._wake.set()
        return record

    def _copy(self, push: Push, *, after: float) -> None:
        original = push.record
        record = self._keep(original.event_type, original.event_id, original.event, is_duplicate=True)
        due = self._clock.now() + timedelta(seconds=after)
        self._waiting.append(Push(record=record, envelope=push.envelope, lane=push.lane, due=due))

    def _keep(self, event_type: str, event_id: str, event: Json, *, is_duplicate: bool) -> PushRecord:
        record = PushRecord(
            number=self._recorder.next_number(),
            event_id=event_id,
            event_type=event_type,
            transport=self.transport_of(event_type),
            created_at=self._clock.now(),
            event=event,
            is_duplicate=is_duplicate,
        )
        self._recorder.add_push(record)
        self.on_step(record)
        return record

    def _strike(self, push: Push) -> Fault | None:
        if push.record.is_duplicate:
            return None
        return self._faults.strike(f"push.{push.record.event_type}", now=self._clock.now())


def _ignore(record: PushRecord) -> None:
    """Nobody listens."""
