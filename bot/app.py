"""Wiring: the one place that knows every room. It decides nothing; it builds, starts and stops.

Start: store, world, adapters, pumps, then the listener. Stop (P8): not ready, nothing new taken in, calls in flight
finished, long connections closed properly, store closed; at most twenty seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import Awaitable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

import adapters.dingtalk as dingtalk
import adapters.feishu as feishu
import adapters.wecom as wecom
import handlers
from bot.backups import DailyBackup
from bot.clock import Clock, SystemClock
from bot.company import read_company_file
from bot.config import Settings
from bot.crashpoints import crash_here
from bot.delivery import Delivery
from bot.dispatch import Dispatcher, Engine
from bot.downloads import Files
from bot.errors import ConfigError, Problem
from bot.leadership import Alone, StoreLeadership
from bot.metrics import Metrics
from bot.notebook import LooseNotebook, StoreNotebook
from bot.papers import templates_beside
from bot.ports import Finding, Housing, PlatformAdapter, ReadsHistory, SendState, Severity, Store, UnitOfWork
from bot.routing import Router, Surroundings
from bot.scheduler import HeartBeat
from bot.timer_pump import TimerPump
from bot.watchdog import Watchdog
from bot.web.health import AdapterVitals, VitalsSnapshot
from bot.web.server import PublicServer
from storage import open_store

log = structlog.get_logger(__name__)

#: real seconds for what has come to be stored, while the store may be away
SETTLE_SECONDS = 2.0
#: SIGTERM to exit, at most (P8)
DRAIN_SECONDS = 20.0
#: real seconds for which overdue timers wait after a start, until what was missed is heard
HISTORY_SECONDS = 10.0
#: no pump cycle for this long means that the engine is stuck (`/readyz`)
STUCK_AFTER = timedelta(seconds=15)
#: how long handled updates and finished calls are kept (B9)
RETENTION = timedelta(days=30)


@dataclass(slots=True)
class App:
    """One running Huiyin."""

    settings: Settings
    clock: Clock
    store: Store
    engine: Engine
    dispatcher: Dispatcher
    timers: TimerPump
    adapters: tuple[PlatformAdapter, ...]
    deliveries: tuple[Delivery, ...]
    desk: handlers.Handlers
    metrics: Metrics
    #: set when a pump or a connection died, which only a restart mends
    died: asyncio.Event = field(default_factory=asyncio.Event)
    #: what the last probe of each platform found
    findings: dict[str, list[Finding]] = field(default_factory=dict)
    started_at: datetime | None = None
    is_draining: bool = False
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _heart: HeartBeat = field(default_factory=HeartBeat)
    _server: PublicServer | None = None
    _watchdog: Watchdog | None = None

    async def start(self, *, listen: bool = True) -> None:
        """Bring everything up; returns when the program can take updates."""
        self.started_at = self.clock.now()
        self._watchdog = Watchdog(self.engine)
        self._watchdog.start()
        for adapter in self.adapters:
            await self._tell_of_downtime(adapter)
        await self.store.run(self._wake)
        crash_here("duties_armed")
        if listen:
            self._server = PublicServer(
                self.settings.server,
                self.adapters,
                self.dispatcher,
                self,
                self.metrics,
                clock=self.clock,
                downloads=Files(self.engine, templates_beside(self.settings.storage.url)),
            )
            await self._server.start()
            crash_here("listening")
        self._own("dispatcher", self.dispatcher.run())
        self._own("timers", self._fire_timers())
        for delivery in self.deliveries:
            self._own("delivery", delivery.run())
        for adapter in self.adapters:
            self._own(f"connection {adapter.platform}", self._connect(adapter))
        self._own("directory", self._sync_directories())
        self._heart.every(1.0, "tick", self._tick)
        self._heart.every(60.0, "alive", self._keep_alive)
        self._heart.every(3600.0, "purge", self._purge)
        self._heart.every(600.0, "backup", self._back_up)
        self._heart.every(600.0, "probe", self.probe_all)
        self._heart.start()
        crash_here("ready")
        log.info("ready", action="ready", platforms=[a.platform for a in self.adapters])

    @property
    def port(self) -> int:
        """The public listener's port, 0 without one."""
        return self._server.port if self._server is not None else 0

    async def stop(self) -> None:
        """Drain and stop; safe to call twice."""
        if self.is_draining:
            return
        self.is_draining = True
        self.dispatcher.drain()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                await self._drain()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        crash_here("drained")
        if self._watchdog is not None:
            self._watchdog.stop()
        await self.store.close()
        log.info("stopped", action="stopped")

    async def _drain(self) -> None:
        self._heart.stop()
        crash_here("draining")
        if self._server is not None:
            await self._server.stop()
        while await self.dispatcher.handle_some():  # noqa: ASYNC110 - waits for nothing, lets others run
            await asyncio.sleep(0)
        for delivery in self.deliveries:
            await delivery.idle()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for adapter in self.adapters:
            await adapter.close()

    async def settle(self) -> None:
        """Run the pumps until nothing is due now; tests and the playground jump the clock with it."""
        await self._hear_what_was_missed()
        until = asyncio.get_running_loop().time() + SETTLE_SECONDS
        while True:
            busy = await self.dispatcher.handle_some() + await self.timers.fire_some()
            for delivery in self.deliveries:
                busy += await delivery.send_some()
                busy += await delivery.idle()
            if busy:
                continue
            if not self._takes_in() or asyncio.get_running_loop().time() > until:
                return
            await asyncio.sleep(0.001)

    def _takes_in(self) -> bool:
        """Something has come and is not stored yet."""
        return any(adapter.connection.waiting for adapter in self.adapters)

    # ------------------------------------------------------------ owned tasks

    def _own(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(self._watched(name, work), name=name))

    async def _watched(self, name: str, work: Awaitable[None]) -> None:
        try:
            await work
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("a task of the engine died", action="task_died", task=name)
            self.died.set()
            raise

    async def _tick(self) -> None:
        self.engine.wake_all()

    async def _back_up(self) -> None:
        storage = self.settings.storage
        await DailyBackup(storage.url, storage.backups, self.clock).make_if_due()

    def _wake(self, uow: UnitOfWork) -> None:
        context = self.engine.context(uow, self.clock.now())
        self.desk.arm_recurring(context)
        self.desk.wake(context)

    async def _keep_alive(self) -> None:
        gaps = {adapter.platform: adapter.connection.gaps for adapter in self.adapters}
        await self.store.run(lambda uow: self.desk.beat(self.engine.context(uow, self.clock.now()), gaps))

    async def _purge(self) -> None:
        before = self.clock.now() - RETENTION
        await self.store.run(lambda uow: (uow.inbox.purge(before=before), uow.outbox.purge(before=before)))

    async def _tell_of_downtime(self, adapter: PlatformAdapter) -> None:
        """Before anything new comes in: since when nothing came, so that what was said meanwhile is read."""
        last = await self.store.read(lambda uow: uow.inbox.newest(platform=adapter.platform))
        if last is not None and isinstance(adapter, ReadsHistory):
            adapter.missed_since(last)

    async def _fire_timers(self) -> None:
        """What people said until now is heard first: no notice that an answer is missing may overtake the answer (5.8)."""
        await self._hear_what_was_missed()
        while await self.dispatcher.handle_some():  # noqa: ASYNC110 - waits for nothing, lets others run
            await asyncio.sleep(0)
        await self.timers.run()

    async def _hear_what_was_missed(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HISTORY_SECONDS):
                for adapter in self.adapters:
                    if isinstance(adapter, ReadsHistory):
                        await adapter.caught_up()

    async def _connect(self, adapter: PlatformAdapter) -> None:
        await self._probe(adapter)
        await adapter.run(self.dispatcher)

    async def _probe(self, adapter: PlatformAdapter) -> None:
        """Ask the platform again what this app may do; what is new about it is logged."""
        known = self.findings.get(adapter.platform, [])
        found = await adapter.probe()
        self.findings[adapter.platform] = found
        for finding in found:
            if finding.severity is not Severity.OK and finding not in known:
                log.warning(finding.message, action="probe", id=finding.id, hint=finding.hint)

    async def probe_all(self) -> None:
        """Ask every platform again; `/状态` and `/体检` show what came of it."""
        for adapter in self.adapters:
            await self._probe(adapter)

    async def _sync_directories(self) -> None:
        """Read the address books in the background, whenever the directory timer asks for it."""
        while True:
            await self.desk.sync_wanted.wait()
            self.desk.sync_wanted.clear()
            for adapter in self.adapters:
                await self._sync_directory(adapter)
            self.engine.wake_all()

    async def _sync_directory(self, adapter: PlatformAdapter) -> None:
        try:
            await self.desk.sync_directory(self.store, adapter, self.clock)
        except Exception:
            # the address book of today is no reason to stop: the last good copy stays in force
            log.exception("an address book could not be taken over", action="sync_broke", platform=adapter.platform)

    # ------------------------------------------------------------ vitals

    def surroundings(self) -> Surroundings:
        """What handlers may know of the program around them."""
        return Surroundings(
            name=self.settings.bot.name,
            locale=self.settings.bot.locale,
            public_url=self.settings.server.public_url,
            started_at=self.started_at,
            connections={a.platform: a.connection for a in self.adapters},
            findings=tuple(finding for found in self.findings.values() for finding in found),
        )

    async def vitals(self) -> VitalsSnapshot:
        """What health, metrics and `/状态` show."""

        def look(uow: UnitOfWork) -> tuple[Any, ...]:
            return (
                uow.inbox.pending(),
                uow.outbox.pending(),
                uow.timers.next_due(),
                len(uow.inbox.dead()),
                len(uow.outbox.reports(SendState.UNKNOWN)),
            )

        inbox, outbox, next_timer, dead, unknown = await self.store.read(look)
        now = self.clock.now()
        cycle = self.engine.last_cycle_at
        return VitalsSnapshot(
            now=now,
            is_draining=self.is_draining,
            is_stuck=cycle is not None and now - cycle > STUCK_AFTER,
            inbox_waiting=inbox[0],
            inbox_oldest=inbox[1],
            outbox_waiting=outbox[0],
            outbox_oldest=outbox[1],
            next_timer_at=next_timer,
            dead_letters=dead,
            unknown_outcomes=unknown,
            adapters=tuple(AdapterVitals(platform=a.platform, connection=a.connection) for a in self.adapters),
        )


def settle_memory() -> None:
    """What was made at start lives as long as the process: the garbage collector need not look at it again and again.

    Call it once, when everything is up; collections then cost what the work makes, not what the company is.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def make_adapters(
    settings: Settings, clock: Clock, store: Store | None = None, *, settle_seconds: float | None = None
) -> tuple[PlatformAdapter, ...]:
    """One adapter per section that is present; without a store nothing that they learn outlives them."""
    made: list[PlatformAdapter] = []

    def housing(platform: str) -> Housing:
        housed = _housing(platform, settings, clock, store)
        return housed if settle_seconds is None else replace(housed, settle_seconds=settle_seconds)

    if settings.platforms.feishu is not None:
        made.append(feishu.create(settings.platforms.feishu, housing("feishu")))
    if settings.platforms.dingtalk is not None:
        made.append(dingtalk.create(settings.platforms.dingtalk, housing("dingtalk")))
    if settings.platforms.wecom is not None:
        made.append(wecom.create(settings.platforms.wecom, housing("wecom")))
    return tuple(made)


def _housing(platform: str, settings: Settings, clock: Clock, store: Store | None) -> Housing:
    return Housing(
        clock=clock,
        notebook=LooseNotebook(clock) if store is None else StoreNotebook(store, clock, platform=platform),
        leadership=Alone() if store is None else StoreLeadership(store, clock),
        bot_name=settings.bot.name,
        busy_text=handlers.busy_text(settings.bot.locale),
        public_url=settings.server.public_url,
    )


async def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    store: Store | None = None,
    adapters: Sequence[PlatformAdapter] | None = None,
    settle_seconds: float | None = None,
) -> App:
    """Make an app that is ready to start. Raises ConfigError or StoreUnavailable; the store is closed then.

    `settle_seconds` is for screens that are known to draw faster than people's phones (see `Housing`).
    """
    clock = clock or SystemClock()
    store = store or await open_store(settings.storage.url)
    metrics = Metrics()
    made = (
        tuple(adapters)
        if adapters is not None
        else make_adapters(settings, clock, store, settle_seconds=settle_seconds)
    )
    router = Router()
    desk = handlers.Handlers()
    desk.register(router)
    engine = Engine(
        store=store,
        router=router,
        clock=clock,
        world=desk.world,
        capabilities=lambda: {a.platform: a.capabilities for a in made},
        metrics=metrics,
    )
    try:
        await import_company(settings, store, desk, clock)
    except BaseException:
        await store.close()
        raise
    app = App(
        settings=settings,
        clock=clock,
        store=store,
        engine=engine,
        dispatcher=Dispatcher(engine),
        timers=TimerPump(engine),
        adapters=made,
        deliveries=tuple(Delivery(engine, adapter, is_shadow=settings.bot.mode == "shadow") for adapter in made),
        desk=desk,
        metrics=metrics,
    )
    engine.surroundings = app.surroundings
    return app


async def import_company(settings: Settings, store: Store, desk: handlers.Handlers, clock: Clock) -> None:
    """Read the company file and take over what changed since the last import.

    A file that is gone is a warning once a company was imported, and a ConfigError before (R-11).
    """
    path = Path(settings.bot.company)
    if not await asyncio.to_thread(path.exists):
        if not await desk.knows_company(store):
            raise ConfigError([_no_company(path)])
        log.warning(
            "the company file is gone; the last import stays in force", action="company_missing", file=str(path)
        )
        return
    company = await asyncio.to_thread(read_company_file, path)
    await desk.import_company(store, company, now=clock.now())
    crash_here("company_taken")


def _no_company(path: Path) -> Problem:
    return Problem(
        key="bot.company",
        value=str(path),
        expected="a company file that exists",
        fix="huiyin init 生成一份 / writes one to start from",
    )
