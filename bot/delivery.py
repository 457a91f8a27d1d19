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

from bot.crashpoints import crash_here
from bot.dispatch import Engine
from bot.domain.ids import AccountKey, ChatKey
from bot.domain.records import CardPost
from bot.errors import FailureKind, PlatformError, StoreUnavailable
from bot.messages import (
    AnyOutbound,
    EditCard,
    SendCard,
    SendText,
    Target,
    Text,
    ToChat,
    Urge,
    lane_of,
)
from bot.ports import LATE_MARK, Envelope, OutboxEntry, PlatformAdapter, Receipt, SendState, UnitOfWork
from bot.routing import Outcome

log = structlog.get_logger(__name__)

#: how long a claimed lane is ours; longer than any call may take
LEASE_SECONDS = 60.0
#: how many lanes of one platform are in flight at once
PARALLEL = 16
#: a keyed call with an unknown outcome is repeated this long after the first try, then it stays unknown (P3)
KEYED_WINDOW = timedelta(minutes=50)
#: how long a call that the platform cannot take now is worth repeating (EC-78)
GIVE_UP_AFTER = timedelta(hours=24)
#: how often a call is tried while only an administrator can help (F10: at most one call a minute)
ADMINISTRATOR_PAUSE = timedelta(minutes=1)
BACKOFF_CAP = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A claimed call in the form in which it goes out."""

    entry: OutboxEntry
    outbound: AnyOutbound


class Delivery:
    """The sender of one platform."""

    def __init__(self, engine: Engine, adapter: PlatformAdapter, *, seed: int | None = None) -> None:
        self._engine = engine
        self._adapter = adapter
        self._work = asyncio.Event()
        self._jitter = random.Random(seed)  # noqa: S311 - spreads retries, protects nothing
        self._flights: set[asyncio.Task[None]] = set()
        engine.wakes.append(self._work.set)

    async def run(self) -> None:
        """Send until cancelled; calls in flight are finished first."""
        try:
            while True:
                self._work.clear()
                while await self.send_some():
                    await asyncio.sleep(0)
                await self._engine.clock.wait(self._work, until=await self._next(), at_most=1.0)
        finally:
            if self._flights:
                await asyncio.wait(self._flights)

    async def _next(self) -> datetime | None:
        try:
            return await self._engine.store.read(lambda uow: uow.outbox.next_due(platform=self._adapter.platform))
        except StoreUnavailable:
            return None

    async def send_some(self) -> int:
        """Claim free lanes and start their calls; returns how many were claimed."""
        free = PARALLEL - len(self._flights)
        if free <= 0:
            await asyncio.wait(self._flights, return_when=asyncio.FIRST_COMPLETED)
            return 1
        now = self._engine.clock.now()
        try:
            claimed, ready = await self._engine.store.run(lambda uow: self._claim(uow, now, free))
        except StoreUnavailable:
            log.warning("the store does not take writes; messages wait", action="delivery_waits")
            return 0
        crash_here("claimed_to_send")
        for call in ready:
            task = asyncio.create_task(self._deliver(call))
            self._flights.add(task)
            task.add_done_callback(self._flights.discard)
        return claimed

    async def idle(self) -> None:
        """Wait until nothing is in flight; for orderly ends."""
        while self._flights:
            await asyncio.wait(tuple(self._flights))

    # ------------------------------------------------------------ before the call

    def _claim(self, uow: UnitOfWork, now: datetime, limit: int) -> tuple[int, list[_Ready]]:
        entries = uow.outbox.claim(platform=self._adapter.platform, now=now, lease=LEASE_SECONDS, limit=limit)
        ready = [call for entry in entries if (call := self._prepare(uow, entry, now)) is not None]
        return len(entries), ready

    def _prepare(self, uow: UnitOfWork, entry: OutboxEntry, now: datetime) -> _Ready | None:
        """Is it still owed, may it go now, and in which form? Settles and returns None when it does not go."""
        context = self._engine.context(uow, now)
        if entry.first_tried_at is None and not self._engine.router.is_owed(context, entry.envelope):
            uow.outbox.settle(entry, state=SendState.DROPPED, now=now, error="not owed any more")
            return None
        if entry.first_tried_at is not None and not self._may_repeat(entry, now):
            self._finish(uow, entry, entry.envelope.outbound, SendState.UNKNOWN, now, error="outcome unknown")
            return None
        outbound = self._present_form(uow, entry, now)
        if outbound is None:
            uow.outbox.settle(entry, state=SendState.DROPPED, now=now, error="superseded")
            return None
        budgets = self._adapter.budgets(outbound)
        may_go = max(
            (uow.outbox.take_budget(name, now=now, period_ms=p, burst=b) for name, p, b in budgets), default=now
        )
        if may_go > now:
            uow.outbox.settle(entry, state=SendState.PENDING, now=now, retry_at=may_go)
            return None
        return _Ready(entry, outbound) if uow.outbox.tried(entry, now=now) else None

    def _may_repeat(self, entry: OutboxEntry, now: datetime) -> bool:
        """May a call that was handed over once already (and never settled) be made again?"""
        first = entry.first_tried_at
        if first is None or entry.attempts <= 1:
            return True
        match entry.envelope.outbound:
            case EditCard():
                return True
            case Urge():
                return False
            case _:
                if self._adapter.capabilities.keyed_sends:
                    return now - first <= KEYED_WINDOW
                return entry.envelope.repeat_unknown and entry.attempts <= 2

    def _present_form(self, uow: UnitOfWork, entry: OutboxEntry, now: datetime) -> AnyOutbound | None:
        """A card that stands in the chat already is edited; one that cannot be edited any more is sent anew."""
        outbound = entry.envelope.outbound
        if isinstance(outbound, SendText) and entry.attempts > 1 and not self._adapter.capabilities.keyed_sends:
            return _marked_late(outbound) if entry.envelope.repeat_unknown and entry.first_tried_at else outbound
        if not isinstance(outbound, SendCard):
            return outbound
        post = uow.cards.get(card_key(outbound))
        if post is None or post.message is None:
            return outbound
        if not self._adapter.capabilities.card_update:
            return outbound
        seconds = self._adapter.capabilities.card_edit_seconds
        if seconds and post.posted_at is not None and now - post.posted_at >= timedelta(seconds=seconds):
            return outbound
        return EditCard(target=outbound.target, card_id=outbound.card_id, message=post.message, card=outbound.card)

    # ------------------------------------------------------------ the call

    async def _deliver(self, call: _Ready) -> None:
        try:
            receipt = await self._adapter.send(call.outbound, key=call.entry.envelope.key)
        except PlatformError as problem:
            await self._settle_failure(call, problem)
        except Exception as problem:
            log.error("a call broke", action="send_broke", key=call.entry.envelope.key, exc_info=problem)
            await self._settle_failure(
                call, PlatformError(FailureKind.PERMANENT, code=type(problem).__name__, operation="send")
            )
        else:
            crash_here("sent")
            await self._settle(call, SendState.SENT, receipt=receipt)

    async def _settle_failure(self, call: _Ready, problem: PlatformError) -> None:
        entry, now = call.entry, self._engine.clock.now()
        self._engine.metrics.sent(self._adapter.platform, type(call.outbound).__name__, problem.kind.value)
        age = now - entry.envelope.created_at
        match problem.kind:
            case FailureKind.RETRY | FailureKind.REFRESH:
                pause = self._pause(entry.attempts, problem)
                await self._again_or_fail(call, problem, at=now + pause, still=age < GIVE_UP_AFTER)
            case FailureKind.ADMINISTRATOR:
                await self._again_or_fail(call, problem, at=now + ADMINISTRATOR_PAUSE, still=age < GIVE_UP_AFTER)
            case FailureKind.UNKNOWN:
                entry = replace(entry, first_tried_at=entry.first_tried_at or now, attempts=entry.attempts + 1)
                if self._may_repeat(entry, now):
                    await self._again_or_fail(
                        call, problem, at=now + self._pause(call.entry.attempts, problem), still=True
                    )
                else:
                    await self._settle(call, SendState.UNKNOWN, problem=problem)
            case FailureKind.GONE:
                if isinstance(call.outbound, EditCard):
                    await self._send_anew(call, problem)
                else:
                    await self._settle(call, SendState.FAILED, problem=problem)
            case FailureKind.PERMANENT | FailureKind.DEGRADE:
                await self._settle(call, SendState.FAILED, problem=problem)

    def _pause(self, attempts: int, problem: PlatformError) -> timedelta:
        """1 s doubled per attempt up to a minute, with full jitter; the platform's own word where it gave one (F6, F8)."""
        if problem.retry_after_ms is not None:
            return timedelta(milliseconds=max(50, problem.retry_after_ms))
        ceiling = min(BACKOFF_CAP.total_seconds(), 2.0 ** min(attempts, 10))
        return timedelta(seconds=0.5 + self._jitter.random() * ceiling)

    async def _again_or_fail(self, call: _Ready, problem: PlatformError, *, at: datetime, still: bool) -> None:
        if not still:
            await self._settle(call, SendState.FAILED, problem=problem)
            return
        log.warning(
            "a call has to wait",
            action="send_again",
            key=call.entry.envelope.key,
            kind=problem.kind.value,
            code=problem.code,
            hint=problem.hint,
        )
        await self._commit(
            lambda uow: uow.outbox.settle(
                call.entry, state=SendState.PENDING, now=self._engine.clock.now(), error=problem.code, retry_at=at
            )
        )

    async def _send_anew(self, call: _Ready, problem: PlatformError) -> None:
        """The card's message is gone or too old to edit: forget it, so that the next try sends it anew."""
        outbound = call.outbound
        now = self._engine.clock.now()

        def forget(uow: UnitOfWork) -> bool:
            if isinstance(outbound, EditCard):
                post = uow.cards.get(card_key(outbound))
                if post is not None:
                    uow.cards.put(replace(post, message=None, posted_at=None))
            if not isinstance(call.entry.envelope.outbound, SendCard):
                return uow.outbox.settle(call.entry, state=SendState.FAILED, now=now, error=problem.code)
            key = f"{call.entry.envelope.key}#anew{call.entry.attempts}"
            uow.outbox.put(replace(call.entry.envelope, key=key, created_at=now))
            return uow.outbox.settle(call.entry, state=SendState.DROPPED, now=now, error=problem.code)

        await self._commit(forget)

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
        await self._commit(
            lambda uow: self._finish(
                uow, call.entry, call.outbound, state, now, receipt=receipt, failure=failure, error=error
            )
        )

    def _finish(
        self,
        uow: UnitOfWork,
        entry: OutboxEntry,
        outbound: AnyOutbound,
        state: SendState,
        now: datetime,
        *,
        receipt: Receipt | None = None,
        failure: FailureKind | None = None,
        error: str = "",
    ) -> bool:
        """Settle and tell the handlers, in one transaction. A lost claim changes nothing."""
        if not uow.outbox.settle(entry, state=state, now=now, error=error):
            return False
        if isinstance(outbound, SendCard | EditCard) and state is SendState.SENT:
            _remember_card(uow, entry.envelope, outbound, receipt, now)
        outcome = Outcome(
            envelope=entry.envelope, outbound=outbound, state=state, receipt=receipt, failure=failure, error=error
        )
        self._engine.router.settled(self._engine.context(uow, now), outcome)
        return True

    async def _commit(self, work: Callable[[UnitOfWork], bool]) -> None:
        """Write what became of a call; the lease runs out by itself if the store stays away for long."""
        for pause in (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 10.0):
            with contextlib.suppress(StoreUnavailable):
                await self._engine.store.run(work)
                self._engine.wake_all()
                return
            await asyncio.sleep(pause)
        log.error("the outcome of a call could not be stored", action="settle_lost")


def card_key(outbound: SendCard | EditCard) -> str:
    """Key of the record of one card in one conversation."""
    return f"{outbound.card_id}@{lane_of(outbound)}"


def _remember_card(
    uow: UnitOfWork, envelope: Envelope, outbound: SendCard | EditCard, receipt: Receipt | None, now: datetime
) -> None:
    post = uow.cards.get(card_key(outbound))
    if isinstance(outbound, EditCard):
        if post is not None:
            uow.cards.put(replace(post, serial=post.serial + 1))
        return
    message = receipt.message if receipt is not None and not receipt.degraded else None
    chat, account = _ends(outbound.target)
    if post is None:
        uow.cards.add(
            CardPost(
                key=card_key(outbound),
                card_id=outbound.card_id,
                code=envelope.ref,
                lane=envelope.lane,
                target_chat=chat,
                target_account=account,
                message=message,
                posted_at=now,
                serial=1,
            )
        )
    else:
        uow.cards.put(replace(post, message=message, posted_at=now, serial=post.serial + 1))


def _ends(target: Target) -> tuple[ChatKey | None, AccountKey | None]:
    return (target.chat, None) if isinstance(target, ToChat) else (None, target.account)


def _marked_late(outbound: SendText) -> SendText:
    first = outbound.body[0] if outbound.body else None
    if isinstance(first, Text) and first.text.startswith(LATE_MARK.text):
        return outbound
    return SendText(target=outbound.target, body=(LATE_MARK, *outbound.body), reply_to=outbound.reply_to)
