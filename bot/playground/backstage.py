"""The bot under the stage: built from settings as in real life, restarted, looked at, and carried through time.

A jump of the clock stops at every instant at which something is due and lets it happen, so that notices come one by one
and in order, as they would have come by themselves.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from bot import app as wiring
from bot.clock import VirtualClock
from bot.config import Settings
from bot.domain.delegation import LeaveState
from bot.domain.timers import TimerKind
from bot.errors import StoreUnavailable
from bot.ports import AuditRow, UnitOfWork
from bot.stage import Stage
from bot.stage_views import DoneView, TimerView

T = TypeVar("T")

log = structlog.get_logger(__name__)

#: furthest jump at once
FURTHEST = timedelta(days=62)
#: real seconds to wait for the long connection to stand again
RECONNECT_SECONDS = 3.0
#: how often a jump stops to try something again, before it goes from timer to timer only
MAX_RETRIES = 60
_TIMERS, _DONE = 30, 80
#: housekeeping: it happens on the way, but nobody waits for it
_CHORES = frozenset(
    {
        TimerKind.DIRECTORY_SYNC,
        TimerKind.GROUP_CHECK,
        TimerKind.CALENDAR_CHECK,
        TimerKind.RETENTION,
        TimerKind.DOCUMENTS,
        TimerKind.COVERAGE,
    }
)
#: rounds until the present instant must have come to rest
_ROUNDS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is in the engine's store, as far as the inspector shows it."""

    timers: tuple[TimerView, ...] = ()
    done: tuple[DoneView, ...] = ()
    #: ids of people who are on leave
    away: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Step:
    """A stop on the way of a jump."""

    at: datetime
    is_retry: bool


class Backstage:
    """Owns the running app. One jump or restart at a time."""

    def __init__(
        self,
        *,
        stage: Stage,
        clock: VirtualClock,
        settings: Settings,
        names: Mapping[str, str] | None = None,
        settle_seconds: float | None = None,
    ) -> None:
        self._stage = stage
        self._settings = settings
        self._names = names or {}
        self._settle_seconds = settle_seconds
        self._app: wiring.App | None = None
        self._lock = asyncio.Lock()
        self._woken = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None
        self.clock = clock
        self.look = Look()

    @property
    def is_running(self) -> bool:
        """False while the bot is down or on its way up."""
        return self._app is not None

    @property
    def is_jumping(self) -> bool:
        """True while the clock is carried forward or the bot restarts."""
        return self._lock.locked()

    async def start(self, delivery: str) -> bool:
        """Build and start the bot; false when the platform could not reach it afterwards."""
        async with self._lock:
            is_reached = await self._start(delivery)
        self._watch = asyncio.create_task(self._watch_engine(), name="playground-watch")
        return is_reached

    async def stop(self) -> None:
        """Stop the bot; the store is closed, its file stays."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
            self._watch = None
        async with self._lock:
            await self._stop()

    async def restart(self, delivery: str) -> bool:
        """Stop it and start it again on the same store, as after a deployment."""
        async with self._lock:
            await self._stop()
            is_reached = await self._start(delivery)
        await self._refresh()
        return is_reached

    async def _start(self, delivery: str) -> bool:
        settings = replace(self._settings, platforms=self._stage.sections(delivery))
        app = await wiring.build(settings, clock=self.clock, settle_seconds=self._settle_seconds)
        app.engine.wakes.append(self._woken.set)
        await app.start()
        self._app = app
        is_reached = await self._stage.connect(delivery, listener=f"http://127.0.0.1:{app.port}")
        await self._reconnected()
        await self._settle(app)
        self._stage.touch()
        return is_reached

    async def _stop(self) -> None:
        app, self._app = self._app, None
        if app is not None:
            await app.stop()
            self._stage.touch()

    # ------------------------------------------------------------ time

    def run_clock(self, running: bool) -> None:
        """Let the clock go at the machine's pace, or stop it."""
        self.clock.run(running)
        self._stage.touch()

    async def jump(self, to: datetime) -> None:
        """Carry everything to that instant; an earlier one and one too far away are left alone."""
        async with self._lock:
            if not self.clock.now() < to <= self.clock.now() + FURTHEST:
                return
            goes_by_itself = self.clock.is_running
            self.clock.run(False)
            self._stage.touch()
            try:
                await self._carry(to)
            finally:
                self.clock.run(goes_by_itself)
        self._stage.touch()
        await self._refresh()

    async def settled(self) -> None:
        """Return when bot and platform have done what is to be done at the present instant."""
        async with self._lock:
            if self._app is not None:
                await self._settle(self._app)
                wire = self._stage.wire()
                if wire.waiting and not wire.is_up:
                    # A push met the old connection, which the bot was just giving up as deaf.
                    await self._reconnected()
                    await self._settle(self._app)
        await self._refresh()

    async def _carry(self, to: datetime) -> None:
        app = self._app
        if app is None:
            self.clock.move(to)
            return
        await self._settle(app)
        patience = MAX_RETRIES
        while (step := await self._next_step(app, with_retries=patience > 0)) is not None and step.at < to:
            patience -= step.is_retry
            self.clock.move(step.at)
            self._stage.touch()
            await self._settle(app)
        self.clock.move(to)
        await self._reconnected()
        await self._settle(app)

    async def _next_step(self, app: wiring.App, *, with_retries: bool) -> _Step | None:
        """The next instant at which something is due, a second away at least, so that what stays overdue holds up nothing."""
        now = self.clock.now()
        timers, sending = await app.store.read(
            lambda uow: (
                uow.timers.next_due(),
                [uow.outbox.next_due(platform=platform) for platform in self._stage.platforms],
            )
        )
        retries = [*sending, self._stage.next_due()] if with_retries else []
        due = [
            _Step(at, is_retry) for at, is_retry in [(timers, False), *((at, True) for at in retries)] if at is not None
        ]
        if not due:
            return None
        first = min(due, key=lambda step: step.at)
        earliest = now + timedelta(seconds=1)
        if first.at >= earliest:
            return first
        return _Step(earliest, is_retry=True) if with_retries else None

    async def _settle(self, app: wiring.App) -> None:
        """Pumps and platform, until neither makes work for the other."""
        for _ in range(_ROUNDS):
            before = self._stage.revision
            await app.settle()
            with contextlib.suppress(TimeoutError):
                await self._stage.settled()
            await app.settle()
            if self._stage.revision == before:
                return
        log.warning("the present instant does not come to rest", action="settle_gave_up")

    async def _reconnected(self) -> None:
        """Wait for the long connection, which may think that it was deaf for the hours that were skipped."""
        revision = self._stage.revision
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(RECONNECT_SECONDS):
                while not self._stage.wire().is_up:
                    revision = await self._stage.changed(after=revision, at_most=RECONNECT_SECONDS)

    # ------------------------------------------------------------ looking

    async def next_timer(self) -> datetime | None:
        """When the next timer that somebody waits for is due; chores are no reason to stop."""
        await self._refresh()
        now = self.clock.now()
        waited_for = (timer for timer in self.look.timers if timer.kind not in _CHORES)
        return next((timer.due_at for timer in waited_for if timer.due_at > now), None)

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        """Look into the store of the running bot. Raises StoreUnavailable while it is down."""
        if self._app is None:
            raise StoreUnavailable("the bot is not running")
        return await self._app.store.read(work)

    async def _watch_engine(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            await self._refresh()

    async def _refresh(self) -> None:
        app = self._app
        if app is None:
            return
        try:
            look = await app.store.read(self._read)
        except StoreUnavailable:
            return
        if look != self.look:
            self.look = look
            self._stage.touch()

    def _read(self, uow: UnitOfWork) -> Look:
        return Look(
            timers=tuple(
                TimerView(kind=timer.kind.value, ref=timer.ref, due_at=timer.due_at)
                for timer in uow.timers.upcoming(limit=_TIMERS)
            ),
            done=tuple(self._done(row) for row in uow.audit.tail(limit=_DONE)),
            away=frozenset(leave.person for leave in uow.leaves.find() if leave.state is LeaveState.ACTIVE),
        )

    def _done(self, row: AuditRow) -> DoneView:
        record = row.record
        facts = [
            ("fact_who", self._names.get(record.actor, record.actor)),
            ("fact_before", record.before if record.before != record.after else ""),
            ("fact_change", record.after),
            ("fact_reason", record.reason),
            *((key, value) for key, value in record.facts.items()),
        ]
        return DoneView(
            number=row.number,
            at=record.at,
            action=record.action,
            ref=record.ref,
            facts=tuple((key, value) for key, value in facts if value not in {"", "False"}),
        )
