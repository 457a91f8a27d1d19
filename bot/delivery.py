"""Sends what handlers wrote, at the speed the platform allows; one sender a lane, first in, first out.

Claim (commit), re-check and mark as tried in the same transaction, call, settle (commit). A call whose outcome nobody
knows is repeated only where the platform recognises the repetition (P3); otherwise it is listed as unknown.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.card_record import forget_message, present_form, remember_card
from bot.crashpoints import crash_here
from bot.dispatch import Engine
from bot.errors import DamagedRow, FailureKind, PlatformError, StaleVersion, StoreUnavailable
from bot.messages import (
    AnyOutbound,
    EditCard,
    SendCard,
    SendPicture,
    SendText,
    Text,
)
from bot.ports import Envelope, OutboxEntry, PlatformAdapter, Receipt, SendState, UnitOfWork
from bot.pump import pump_for_ever
from bot.repeating import GIVE_UP_AFTER, age, is_worth_it, may_repeat, pause
from bot.routing import Outcome

log = structlog.get_logger(__name__)

#: how long a claimed lane is ours; longer than any call may take
LEASE_SECONDS = 60.0
#: no call takes longer, whatever an adapter does; then nobody knows what became of it
CALL_SECONDS = 45.0
#: at the end of the program, how long calls in flight are waited for (P8 allows twenty seconds for everything)
LANDING_SECONDS = 10.0
#: how many lanes of one platform are in flight at once
PARALLEL = 16
#: how often a call is tried while only an administrator can help (F10: at most one call a minute)
ADMINISTRATOR_PAUSE = timedelta(minutes=1)
#: pauses while the outcome of a call cannot be written
WRITE_PAUSE, WRITE_PAUSE_CAP = 0.1, 5.0
#: why a call was dropped
NOT_OWED, SHADOW = "not owed any more", "shadow"


@dataclass(frozen=True, slots=True)
class _Ready:
    """A claimed call in the form in which it goes out."""

    entry: OutboxEntry
    outbound: AnyOutbound
    #: nobody knows what became of the last try, and it must not be repeated
    is_lost: bool = False
    #: it is in flight already; the clock jumped over its lease
    renews: bool = False


class _HasToWait(Exception):
    """A rate limit or a closed door; undoes what other limits of the same call took."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class Delivery:
    """The sender of one platform."""

    def __init__(
        self,
        engine: Engine,
        adapter: PlatformAdapter,
        *,
        is_shadow: bool = False,
        call_seconds: float = CALL_SECONDS,
        landing_seconds: float = LANDING_SECONDS,
        seed: int | None = None,
    ) -> None:
        """With `is_shadow` everything is decided and recorded, and nothing is sent (`bot.mode = shadow`)."""
        self._engine = engine
        self._adapter = adapter
        self._is_shadow = is_shadow
        self._call_seconds = call_seconds
        self._landing_seconds = landing_seconds
        self._work = asyncio.Event()
        self._turn = asyncio.Lock()
        self._jitter = random.Random(seed)  # noqa: S311 - spreads retries, protects nothing
        self._flights: set[asyncio.Task[None]] = set()
        self._claiming: asyncio.Task[int] | None = None
        self._landings = 0
        #: the newest claim of every call in flight: when the clock jumps over a lease, the flight goes on under the new one
        self._in_hand: dict[int, OutboxEntry] = {}
        #: kinds of calls that only an administrator can help, and when one of them may be tried again (F10)
        self._closed: dict[type, datetime] = {}
        engine.wakes.append(self._work.set)

    async def run(self) -> None:
        """Send until cancelled; calls in flight are finished first."""
        try:
            await pump_for_ever(
                f"calls to {self._adapter.platform}",
                step=self.send_some,
                clock=self._engine.clock,
                work=self._work,
                next_due=self._next,
            )
        finally:
            await self._land()

    async def _land(self) -> None:
        """Let what is claimed take off, and calls in flight end. One that does not is cut off; the next process knows that
        it may have been made."""
        if self._claiming is not None:
            await asyncio.wait({self._claiming}, timeout=self._landing_seconds)
        if not self._flights:
            return
        _, late = await asyncio.wait(self._flights, timeout=self._landing_seconds)
        for flight in late:
            flight.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _next(self) -> datetime | None:
        return await self._engine.store.read(lambda uow: uow.outbox.next_due(platform=self._adapter.platform))

    async def send_some(self) -> int:
        """Claim free lanes and start their calls; returns how many were claimed.

        Whoever calls it while it runs waits: when it returns, every call that was claimed is in flight (`idle`). Whoever is
        cancelled in it leaves the claim to itself: a call that is marked as tried and never made would be in doubt.
        """
        async with self._turn:
            self._claiming = asyncio.create_task(self._send_some(), name="claim")
            return await asyncio.shield(self._claiming)

    async def _send_some(self) -> int:
        free = PARALLEL - len(self._flights)
        if free <= 0:
            await asyncio.wait(self._flights, return_when=asyncio.FIRST_COMPLETED)
            return 1
        try:
            now = await self._engine.begin_cycle()
            claimed, ready = await self._engine.store.run(lambda uow: self._claim(uow, now, free))
        except (StoreUnavailable, StaleVersion):
            log.warning("the store does not take writes; messages wait", action="delivery_waits")
            return 0
        crash_here("claimed_to_send")
        for call in ready:
            if call.renews and call.entry.id not in self._in_hand:
                await self._give_back(call.entry, now)
                continue
            self._in_hand[call.entry.id] = call.entry
            if call.renews:
                continue
            if type(call.outbound) in self._closed:
                self._closed[type(call.outbound)] = now + ADMINISTRATOR_PAUSE
            task = asyncio.create_task(self._deliver(call))
            self._flights.add(task)
            task.add_done_callback(self._has_landed)
        return claimed

    def _has_landed(self, flight: asyncio.Task[None]) -> None:
        self._flights.discard(flight)
        self._landings += 1

    async def idle(self) -> int:
        """Wait until nothing is in flight; returns how many calls have landed since it was asked last. Each may have
        left work behind it: the next call of its lane, or what its outcome's handler wrote."""
        while self._flights:
            await asyncio.wait(tuple(self._flights))
        landed, self._landings = self._landings, 0
        return landed

    # ------------------------------------------------------------ before the call

    def _claim(self, uow: UnitOfWork, now: datetime, limit: int) -> tuple[int, list[_Ready]]:
        entries = uow.outbox.claim(platform=self._adapter.platform, now=now, lease=LEASE_SECONDS, limit=limit)
        looking: set[type] = set()
        ready = [call for entry in entries if (call := self._prepare_safely(uow, entry, now, looking)) is not None]
        return len(entries), ready

    async def _give_back(self, entry: OutboxEntry, now: datetime) -> None:
        await self._write(lambda uow: uow.outbox.settle(entry, state=SendState.PENDING, now=now, retry_at=now))

    def _prepare_safely(self, uow: UnitOfWork, entry: OutboxEntry, now: datetime, looking: set[type]) -> _Ready | None:
        """`_prepare`; a check that breaks concerns its own call and no other."""
        try:
            with uow.savepoint():
                return self._prepare(uow, entry, now, looking)
        except _HasToWait as wait:
            uow.outbox.settle(entry, state=SendState.PENDING, now=now, retry_at=wait.until)
        except (StaleVersion, StoreUnavailable):
            raise
        except Exception as problem:
            log.exception("a call could not be made ready", action="prepare_failed", key=entry.envelope.key)
            error = type(problem).__name__
            state = SendState.PENDING if age(entry, now) < GIVE_UP_AFTER else SendState.FAILED
            uow.outbox.settle(entry, state=state, now=now, error=error, retry_at=now + ADMINISTRATOR_PAUSE)
        return None

    def _prepare(self, uow: UnitOfWork, entry: OutboxEntry, now: datetime, looking: set[type]) -> _Ready | None:
        """Is it still owed, may it go now, and in which form? Settles and returns None when it does not go."""
        if entry.id in self._in_hand:
            return _Ready(entry, entry.envelope.outbound, renews=True)
        if self._is_shadow:
            uow.outbox.settle(entry, state=SendState.DROPPED, now=now, error=SHADOW)
            return None
        if entry.first_tried_at is None and not self._is_owed(uow, entry.envelope, now):
            uow.outbox.settle(entry, state=SendState.DROPPED, now=now, error=NOT_OWED)
            return None
        outbound = present_form(uow, entry, self._adapter.capabilities, now=now)
        if not may_repeat(entry, outbound, now, is_keyed=self._adapter.capabilities.recognises(outbound)):
            return _Ready(entry, outbound, is_lost=True)
        budgets = self._adapter.budgets(outbound)
        may_go = max(
            (uow.outbox.take_budget(name, now=now, period_ms=p, burst=b) for name, p, b in budgets), default=now
        )
        kind = type(outbound)
        closed_until = self._closed.get(kind, now) if kind not in looking else now + ADMINISTRATOR_PAUSE
        if max(may_go, closed_until) > now:
            raise _HasToWait(max(may_go, closed_until))
        if kind in self._closed:
            looking.add(kind)  # this one call looks whether it works again
        return _Ready(entry, outbound) if uow.outbox.tried(entry, now=now) else None

    def _is_owed(self, uow: UnitOfWork, envelope: Envelope, now: datetime) -> bool:
        return not envelope.recheck or self._engine.router.is_owed(self._engine.context(uow, now), envelope)

    # ------------------------------------------------------------ the call

    async def _deliver(self, call: _Ready) -> None:
        key = call.entry.envelope.key
        try:
            await self._call_and_settle(call)
        except Exception:
            # the claim runs out, and whoever takes it next knows that the call may have been made
            log.exception("what became of a call could not be written", action="settle_broke", key=key)
        finally:
            del self._in_hand[call.entry.id]

    async def _call_and_settle(self, call: _Ready) -> None:
        if call.is_lost:
            await self._settle(call, SendState.UNKNOWN, problem=PlatformError(FailureKind.UNKNOWN, code="lost"))
            return
        crash_here("sending")
        try:
            async with asyncio.timeout(self._call_seconds):
                receipt = await self._send(call)
        except PlatformError as problem:
            crash_here("refused")
            await self._settle_failure(call, problem)
        except TimeoutError:
            await self._settle_failure(call, PlatformError(FailureKind.UNKNOWN, code="timeout", operation="send"))
        except Exception as problem:
            log.exception("a call broke", action="send_broke", key=call.entry.envelope.key)
            await self._settle_failure(
                call, PlatformError(FailureKind.PERMANENT, code=type(problem).__name__, operation="send")
            )
        else:
            crash_here("sent")
            self._closed.pop(type(call.outbound), None)
            await self._settle(call, SendState.SENT, receipt=receipt)
        crash_here("settled")

    async def _send(self, call: _Ready) -> Receipt:
        """Make the call; a card or a picture that the platform refuses as such goes out as the text that stands for it."""
        key, outbound = call.entry.envelope.key, call.outbound
        try:
            return await self._adapter.send(outbound, key=key)
        except PlatformError as problem:
            text = _plainer(outbound)
            if problem.kind is not FailureKind.DEGRADE or text is None:
                raise
        return replace(await self._adapter.send(text, key=key), degraded=True)

    async def _settle_failure(self, call: _Ready, problem: PlatformError) -> None:
        entry, now = call.entry, self._engine.clock.now()
        self._engine.metrics.sent(self._adapter.platform, type(call.outbound).__name__, problem.kind.value)
        may_wait = is_worth_it(entry, now)
        match problem.kind:
            case FailureKind.RETRY | FailureKind.REFRESH if may_wait:
                await self._again(call, problem, at=now + pause(entry.attempts, problem, self._jitter))
            case FailureKind.ADMINISTRATOR if may_wait:
                self._closed[type(call.outbound)] = now + ADMINISTRATOR_PAUSE
                await self._again(call, problem, at=now + ADMINISTRATOR_PAUSE)
            case FailureKind.UNKNOWN:
                keyed = self._adapter.capabilities.recognises(call.outbound)
                next_try = replace(entry, first_tried_at=entry.first_tried_at or now, attempts=entry.attempts + 1)
                if may_wait and may_repeat(next_try, call.outbound, now, is_keyed=keyed):
                    await self._again(call, problem, at=now + pause(entry.attempts, problem, self._jitter))
                else:
                    await self._settle(call, SendState.UNKNOWN, problem=problem)
            case FailureKind.GONE if isinstance(call.outbound, EditCard):
                await self._send_anew(call, problem)
            case (
                FailureKind.RETRY
                | FailureKind.REFRESH
                | FailureKind.ADMINISTRATOR
                | FailureKind.GONE
                | FailureKind.PERMANENT
                | FailureKind.DEGRADE
            ):
                await self._settle(call, SendState.FAILED, problem=problem)

    async def _again(self, call: _Ready, problem: PlatformError, *, at: datetime) -> None:
        log.warning(
            "a call has to wait",
            action="send_again",
            key=call.entry.envelope.key,
            kind=problem.kind.value,
            code=problem.code,
            hint=problem.hint,
        )
        await self._write(
            lambda uow: uow.outbox.settle(
                self._present(call),
                state=SendState.PENDING,
                now=self._engine.clock.now(),
                error=problem.code,
                retry_at=at,
                had_no_effect=problem.kind is not FailureKind.UNKNOWN,
            )
        )
        crash_here("put_off")

    def _present(self, call: _Ready) -> OutboxEntry:
        """The claim under which the call is in flight now; what was known before its first try stays."""
        return replace(self._in_hand[call.entry.id], first_tried_at=call.entry.first_tried_at)

    async def _send_anew(self, call: _Ready, problem: PlatformError) -> None:
        """The card's message is gone or too old to edit: forget it and try again in the same place, as a new card."""
        outbound = call.outbound
        now = self._engine.clock.now()

        def forget(uow: UnitOfWork) -> bool:
            if isinstance(outbound, EditCard):
                forget_message(uow, outbound)
            is_card = isinstance(call.entry.envelope.outbound, SendCard)
            state = SendState.PENDING if is_card else SendState.FAILED
            entry = self._present(call)
            return uow.outbox.settle(entry, state=state, now=now, error=problem.code, retry_at=now, had_no_effect=True)

        await self._write(forget)

    async def _settle(
        self, call: _Ready, state: SendState, *, receipt: Receipt | None = None, problem: PlatformError | None = None
    ) -> None:
        now = self._engine.clock.now()
        if state is SendState.SENT:
            self._engine.metrics.sent(self._adapter.platform, type(call.outbound).__name__, "sent")
            log.info(
                "call delivered",
                action="call_delivered",
                kind=type(call.outbound).__name__,
                key=call.entry.envelope.key,
                lane=call.entry.envelope.lane,
            )
        elif problem is not None:
            log.error(
                "a call did not go through",
                action="send_failed",
                key=call.entry.envelope.key,
                state=state.value,
                kind=problem.kind.value,
                code=problem.code,
                hint=problem.hint,
            )
        error = problem.code if problem is not None else ""
        failure = problem.kind if problem is not None else None
        outcome = Outcome(
            envelope=call.entry.envelope,
            outbound=call.outbound,
            state=state,
            receipt=receipt,
            failure=failure,
            error=error,
        )
        try:
            await self._commit(lambda uow: self._finish(uow, self._present(call), outcome, now))
        except StaleVersion:
            log.exception("an outcome's handler is always late", action="outcome_failed", key=call.entry.envelope.key)
            await self._write(lambda uow: uow.outbox.settle(self._present(call), state=state, now=now, error=error))
        if self._engine.router.cares_about(call.outbound):
            self._engine.wake_others(self._work.set)

    def _finish(self, uow: UnitOfWork, entry: OutboxEntry, outcome: Outcome, now: datetime) -> bool:
        """Settle and tell the handlers, in one transaction. A lost claim changes nothing; a handler that breaks
        undoes its own part only, because the call is made, whatever anybody thinks of it."""
        if not uow.outbox.settle(entry, state=outcome.state, now=now, error=outcome.error):
            return False
        try:
            with uow.savepoint():
                if isinstance(outcome.outbound, SendCard | EditCard) and outcome.state is SendState.SENT:
                    remember_card(uow, outcome.envelope, outcome.outbound, outcome.receipt, now=now)
                self._engine.router.settled(self._engine.context(uow, now), outcome)
        except (StaleVersion, StoreUnavailable):
            raise
        except Exception:
            log.exception("an outcome's handler failed", action="outcome_failed", key=entry.envelope.key)
        return True

    async def _write(self, work: Callable[[UnitOfWork], bool]) -> None:
        """`_commit` for what concerns the queue only, where being late is the same as having to wait."""
        while True:
            with contextlib.suppress(StaleVersion):
                return await self._commit(work)
            await asyncio.sleep(WRITE_PAUSE)

    async def _commit(self, work: Callable[[UnitOfWork], bool]) -> None:
        """Write what became of a call, however long the store is away: what is known must not become a doubt. The
        claim may run out meanwhile; the pump then renews it, unless another replica was faster."""
        pause = WRITE_PAUSE
        while True:
            try:
                await self._engine.store.run(work)
            except (StoreUnavailable, DamagedRow):
                log.warning("the outcome of a call waits for the store", action="settle_waits")
            else:
                self._work.set()  # the next call of its lane
                return
            await asyncio.sleep(pause)
            pause = min(WRITE_PAUSE_CAP, pause * 2)


def _plainer(outbound: AnyOutbound) -> SendText | None:
    """The text that says the same, for what has one."""
    match outbound:
        case SendCard() if outbound.card.fallback:
            return SendText(target=outbound.target, body=outbound.card.fallback, reply_to=outbound.reply_to)
        case SendPicture() if outbound.alt:
            return SendText(target=outbound.target, body=(Text(outbound.alt),))
        case _:
            return None
