"""The pipeline every update walks: store, acknowledge, handle in one transaction.

Nothing is acknowledged that is not on disk (P1). Each update is handled in a savepoint of its own, so that one poisoned
update cannot take its neighbours with it; attempts are counted when it is claimed, so that one that kills the process
ends in the dead letters (F22).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.crashpoints import crash_here
from bot.domain.ids import AccountKey
from bot.domain.world import World
from bot.errors import DamagedRow, StaleVersion, StoreUnavailable
from bot.in_hand import Hand
from bot.metrics import Metrics
from bot.ports import Answer, Capabilities, InboxEntry, Store, UnitOfWork, Wake
from bot.pump import as_many_as_fit, pump_for_ever
from bot.routing import Context, Router, Surroundings
from bot.safety_net import Net, WithoutNet, run_with_net_if_need_be
from bot.updates import (
    AnyUpdate,
    BotJoinedChat,
    BotLeftChat,
    CardClicked,
    ChatDissolved,
    ChatMembersChanged,
    ChatRenamed,
    DirectChatOpened,
    DirectoryChanged,
    Ignored,
    MessageEdited,
    MessageRecalled,
    MessageReceived,
    ReactionAdded,
    ReactionRemoved,
    Unreadable,
)

log = structlog.get_logger(__name__)

#: how many times an update is tried before it becomes a dead letter (B9)
MAX_ATTEMPTS = 5
#: how long a claim holds before another replica may take the update over
LEASE_SECONDS = 30.0
BATCH = 64
#: one that may have brought trouble with the store lets others go before for so long
SUSPECT_PAUSE = timedelta(seconds=2)

#: a clock that goes back by less is none of our business
CLOCK_SLACK = timedelta(seconds=5)

WorldSource = Callable[[UnitOfWork, datetime], World]
#: platform, app, business id: what makes two deliveries the same update (P2)
Identity = tuple[str, str, str]


@dataclass(slots=True)
class Engine:
    """What the pumps share: the store, the table of handlers, the clock and the present view of the company."""

    store: Store
    router: Router
    clock: Clock
    world: WorldSource
    capabilities: Callable[[], dict[str, Capabilities]]
    metrics: Metrics
    surroundings: Callable[[], Surroundings] = Surroundings
    #: pumps to wake after a commit that may have made work for them
    wakes: list[Wake] = field(default_factory=list)
    last_cycle_at: datetime | None = None
    #: the handler that is at work now, for whoever watches that none hangs (F22); another object every time
    at_work: object | None = None

    def context(self, uow: UnitOfWork, now: datetime, update: AnyUpdate | None = None) -> Context:
        """A fresh context for one handler call."""
        world = self.world(uow, now)
        context = Context(
            uow=uow,
            now=now,
            world=world,
            capabilities=self.capabilities(),
            around=self.surroundings(),
            update=update,
            look_again=lambda: self.world(uow, now),
            router=self.router,
        )
        account = actor_of(update) if update is not None else None
        if account is not None:
            context.person = world.directory.by_account(account)
        return context

    async def begin_cycle(self) -> datetime:
        """The instant of a pump's cycle. After the clock was set back, leases and pauses that count on the time it showed
        before are ended first (F16). Raises what `Store.run` raises."""
        now, last = self.clock.now(), self.last_cycle_at
        if last is not None and last - now > CLOCK_SLACK:
            log.warning("the clock went back", action="clock_went_back", seconds=(last - now).total_seconds())
            await self.store.run(lambda uow: uow.clock_went_back(now=now))
        self.last_cycle_at = now
        return now

    def wake_all(self) -> None:
        """Tell every pump that there may be work."""
        for wake in self.wakes:
            wake()

    def wake_others(self, mine: Wake) -> None:
        """Tell every pump but the one that says so."""
        for wake in self.wakes:
            if wake != mine:
                wake()


def actor_of(update: AnyUpdate) -> AccountKey | None:
    """The authenticated account behind an update; never anything a payload merely claims (T8)."""
    match update:
        case MessageReceived():
            return update.sender
        case CardClicked() | ReactionAdded() | ReactionRemoved():
            return update.operator
        case BotJoinedChat() | BotLeftChat() | ChatDissolved():
            return update.operator
        case DirectChatOpened() | DirectoryChanged():
            return update.account
        case MessageEdited() | MessageRecalled() | ChatMembersChanged() | ChatRenamed() | Unreadable() | Ignored():
            return None


class Dispatcher:
    """Accepts updates from adapters and handles them. Implements `bot.ports.Intake`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._work = asyncio.Event()
        self._turn = asyncio.Lock()
        self._waiting: dict[Identity, list[asyncio.Future[Answer | None]]] = {}
        self._is_draining = False
        self._hand = Hand()
        engine.wakes.append(self._work.set)

    async def accept(self, updates: Sequence[AnyUpdate]) -> None:
        """Store durably; duplicates are swallowed. Raises StoreUnavailable, also while draining (P8)."""
        wanted = [u for u in updates if not isinstance(u, Ignored)]
        if not wanted:
            return
        if self._is_draining:
            raise StoreUnavailable("draining")
        crash_here("accepting")
        news = await self._engine.store.accept(wanted, now=self._engine.clock.now())
        crash_here("accepted")
        for update, is_new in zip(wanted, news, strict=True):
            self._engine.metrics.accepted(update.source.platform, is_new=is_new)
        if any(news):
            self._work.set()

    async def accept_click(self, update: AnyUpdate, *, within: float) -> Answer | None:
        """Store a click and wait for its answer until `within` real seconds are over, storing included.

        Whoever delivers the same click meanwhile gets the same answer. Raises what `accept` raises.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within
        answer: asyncio.Future[Answer | None] = loop.create_future()
        waiting = self._waiting.setdefault(_identity(update), [])
        waiting.append(answer)
        try:
            await self.accept([update])
            async with asyncio.timeout_at(deadline):
                return await answer
        except TimeoutError:
            return None
        finally:
            waiting.remove(answer)
            if not waiting:
                self._waiting.pop(_identity(update), None)

    async def run(self) -> None:
        """Handle stored updates until cancelled."""
        await pump_for_ever("updates", step=self.handle_some, clock=self._engine.clock, work=self._work)

    def drain(self) -> None:
        """Take nothing in any more; what is stored stays stored."""
        self._is_draining = True

    async def handle_some(self) -> int:
        """Handle some of what is stored; returns how many. Trouble with the store counts as none."""
        engine = self._engine
        async with self._turn:
            try:
                await self._claim(await engine.begin_cycle())
                done = await self._handle()
            except (StoreUnavailable, StaleVersion, DamagedRow) as problem:
                log.warning("the store is in trouble; updates wait", action="handle_waits", problem=str(problem))
                return 0
        if not done:
            return 0
        crash_here("handled")
        for result in done:
            self._report(result)
        engine.wake_others(self._work.set)
        return len(done)

    async def _claim(self, now: datetime) -> None:
        """Take the next that nobody has, unless some are in hand. Those whose claim is over go back untried."""
        hand = self._hand
        if hand.is_ours(now=now):
            return

        def claim(uow: UnitOfWork) -> list[InboxEntry]:
            for entry in hand.entries:
                uow.inbox.give_back(entry, at=now)
            return uow.inbox.claim(now=now, lease=LEASE_SECONDS, limit=BATCH)

        hand.take(await self._engine.store.run(claim), until=now + timedelta(seconds=LEASE_SECONDS))
        if hand.entries:
            crash_here("claimed")

    async def _handle(self) -> list[_Handled]:
        """The next in hand, as many as fit into one transaction; one by one when one of them makes trouble."""
        run, clock, hand = self._engine.store.run, self._engine.clock, self._hand
        batch = hand.next_ones()
        if not batch:
            return []

        def handle(uow: UnitOfWork, net: Net) -> list[_Handled]:
            return as_many_as_fit(batch, lambda entry: self._handle_one(uow, entry, clock.now(), net))

        try:
            done = await run_with_net_if_need_be(run, handle)
        except (StaleVersion, StoreUnavailable) as problem:
            if hand.be_careful():
                return await self._handle()
            return await self._in_trouble(batch[0], problem)
        hand.handled(len(done))
        return done

    async def _in_trouble(self, entry: InboxEntry, problem: StaleVersion | StoreUnavailable) -> list[_Handled]:
        """One that went alone met trouble: is it its own, or the store's?"""
        run, now, hand = self._engine.store.run, self._engine.clock.now(), self._hand
        if isinstance(problem, StaleVersion) or hand.suspect() is not None:
            done = [await run(lambda uow: self._failed(uow, entry, problem, now))]
            hand.failed()
            return done
        if hand.is_stuck():  # let the others look; if the store is away, this fails too

            def give_back(uow: UnitOfWork) -> None:
                for one in hand.entries:
                    uow.inbox.give_back(one, at=now + SUSPECT_PAUSE if one is entry else now)

            await run(give_back)
            hand.take((), until=None)
        raise problem

    def _handle_one(self, uow: UnitOfWork, entry: InboxEntry, now: datetime, net: Net) -> _Handled:
        if entry.update is None or entry.attempts > MAX_ATTEMPTS:
            # more attempts than failures: the others ended the process or the store (F22)
            error = "unreadable row" if entry.update is None else "never came to an end"
            self._bury(uow, entry, error, now)
            return _Handled(entry, error)
        context = self._engine.context(uow, now, entry.update)  # what breaks here is not the update's fault
        crash_here("handling")
        self._engine.at_work = entry
        try:
            with net(uow):
                uow.outbox.caused_at(entry.update.source.received_at)
                self._engine.router.handle(context, entry.update)
                crash_here("decided")
                if not uow.inbox.done(entry, now=now):
                    raise _ClaimLost  # noqa: TRY301 - undoes the savepoint
        except _ClaimLost:
            return _Handled(entry, "claim lost")
        except (StaleVersion, StoreUnavailable, WithoutNet):
            raise
        except Exception as problem:  # noqa: BLE001 - the dispatcher's edge: one update must not stop the others
            return self._failed(uow, entry, problem, now)
        finally:
            self._engine.at_work = None
        return _Handled(entry, "", context.answer, context.counted)

    def _failed(self, uow: UnitOfWork, entry: InboxEntry, problem: Exception, now: datetime) -> _Handled:
        error = type(problem).__name__
        log.error(
            "an update could not be handled",
            action="handle_failed",
            inbox=entry.id,
            attempt=entry.attempts,
            exc_info=problem,
        )
        if entry.attempts >= MAX_ATTEMPTS:
            self._bury(uow, entry, error, now)
        else:
            uow.inbox.retry(entry, error=error, at=now + timedelta(seconds=2 ** (entry.attempts - 1)))
        return _Handled(entry, error)

    def _bury(self, uow: UnitOfWork, entry: InboxEntry, error: str, now: datetime) -> None:
        """Make it a dead letter, and let whoever sent it know. Telling may fail without any harm to the burial."""
        uow.inbox.bury(entry, error=error, now=now)
        if entry.update is None:
            return
        try:
            with uow.savepoint():
                uow.outbox.caused_at(entry.update.source.received_at)
                self._engine.router.bury(self._engine.context(uow, now, entry.update), entry.update, entry.id)
        except (StaleVersion, StoreUnavailable):
            raise
        except Exception:
            log.exception("nobody could be told", action="burial_untold", inbox=entry.id)

    def _report(self, handled: _Handled) -> None:
        update = handled.entry.update
        kind = type(update).__name__ if update is not None else "unreadable"
        self._engine.metrics.handled(kind, ok=not handled.error)
        for name, times in handled.counted.items():
            self._engine.metrics.happened(name, times)
        if update is None or handled.error:
            return
        log.info(
            "update handled",
            action="update_handled",
            kind=kind,
            platform=update.source.platform,
            business_id=update.source.business_id,
        )
        for answer in self._waiting.get(_identity(update), ()):
            if not answer.done():
                answer.set_result(handled.answer)


@dataclass(slots=True)
class _Handled:
    """What became of one claimed update."""

    entry: InboxEntry
    error: str
    answer: Answer | None = None
    counted: dict[str, int] = field(default_factory=dict)


class _ClaimLost(Exception):
    """Another replica took the update over; what was done for it is undone."""


def _identity(update: AnyUpdate) -> Identity:
    return update.source.platform, update.source.app, update.source.business_id
