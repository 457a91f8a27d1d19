"""A story bench: people of the sample company write and press, time passes, and everything the bot sent is accounted for.

Behind it stand the real dispatcher, timer pump and delivery over the memory store, and a platform in memory. Every step
lets the pumps come to rest, so that a story reads like a day. Names of people are those of the sample company; `where` is
the id of a group (`X1`, `ALL`) or, left out, the private chat with the bot. `@秦书禾`, `@回音` and `@所有人` in a text are real
mentions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from bot.clock import VirtualClock
from bot.company import CompanyFile, read_company, sample_text
from bot.delivery import Delivery
from bot.dispatch import Dispatcher, Engine
from bot.domain.ids import Code
from bot.domain.reply_clock import ReplyClock
from bot.messages import CardColour, EditCard, ReadMembers, SendCard, SendText
from bot.metrics import Metrics
from bot.ports import Answer, AuditRecord, Capabilities, UnitOfWork
from bot.routing import Context, Router, Surroundings
from bot.timer_pump import TimerPump
from bot.updates import (
    AnyUpdate,
    CardClicked,
)
from handlers.company import company
from storage.memory import MemoryStore
from tests.handlers.deeds import PLATFORM as PLATFORM
from tests.handlers.deeds import Deeds
from tests.handlers.deeds import changed as changed
from tests.handlers.shown import BEIJING, Shown, Wanted, each, shown_of
from tests.handlers.wiring import register_everything
from tests.support.fake_adapter import FakeAdapter

T = TypeVar("T")

#: Monday of the acceptance week, an hour before anybody works
MONDAY = datetime(2026, 9, 14, 8, 0, tzinfo=BEIJING)
EVERYTHING = Capabilities(
    sees_all_group_messages=True,
    recall_event=True,
    edit_event=True,
    reaction_event=True,
    group_member_event=True,
    group_dissolved_event=True,
    bot_removed_event=True,
    card_callback=True,
    card_update=True,
    card_forms=True,
    group_cards=True,
    urgent=True,
    create_group=True,
    threads=True,
    pictures=True,
    card_edit_seconds=14 * 24 * 3600,
    keyed_sends=True,
)


@cache
def sample_company() -> CompanyFile:
    """The sample company, read once."""
    return read_company(sample_text())


@dataclass
class Bench(Deeds):
    """One company at one virtual time. Close it at the end (the fixture `bench` does)."""

    start: datetime = MONDAY
    capabilities: Capabilities = EVERYTHING
    file: CompanyFile = field(default_factory=sample_company)
    router: Router = field(default_factory=Router)

    def __post_init__(self) -> None:
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self.clock = VirtualClock(self.start)
        self.store = MemoryStore()
        self.adapter = FakeAdapter(platform=PLATFORM, capabilities=self.capabilities, now=self.clock.now)
        self._wire()
        self._unread: list[Shown] = []
        self._all: list[Shown] = []
        #: a test that lets handlers fail on purpose sets this
        self.tolerates_failures = False
        #: a story about reminders sets this; in all others they are sent and not looked at
        self.hears_reminders = False
        #: what was answered to presses, newest last
        self.toasts: list[Answer | None] = []
        self.transact(lambda uow: company.take_over(uow, self.file, now=self.clock.now()))
        for group in self.file.groups:
            if group.chat is not None:
                self.adapter.rooms[group.chat] = group.members

    def _wire(self) -> None:
        self.wired = register_everything(self.router)
        self.engine = Engine(
            store=self.store,
            router=self.router,
            clock=self.clock,
            world=self.wired.world,
            capabilities=lambda: {PLATFORM: self.adapter.capabilities},
            metrics=Metrics(),
            surroundings=lambda: Surroundings(started_at=self.start),
        )
        self.dispatcher = Dispatcher(self.engine)
        self.timers = TimerPump(self.engine)
        self.delivery = Delivery(self.engine, self.adapter, seed=1)

    def restarts(self) -> None:
        """The program ends and begins again: nothing is left of it but what is in the store."""
        self.router = Router()
        self._wire()

    def close(self) -> None:
        """Let go of the loop."""
        self._runner.close()

    # ------------------------------------------------------------ what arrives

    def happens(self, *updates: AnyUpdate) -> None:
        """These updates arrive, in this order; the pumps come to rest afterwards. Give one twice for a redelivery."""
        self._run(self._arrive(updates))

    def presses(self, *clicks: CardClicked) -> list[Answer | None]:
        """These presses arrive before any of them is handled; returns what each presser sees at once."""
        answers = self._run(self._press(clicks))
        self.toasts.extend(answers)
        return answers

    # ------------------------------------------------------------ time

    @property
    def now(self) -> datetime:
        """The present instant in Beijing."""
        return self.clock.now().astimezone(BEIJING)

    def advance(self, *, minutes: float = 0, hours: float = 0, days: float = 0, seconds: float = 0) -> None:
        """Time passes; timers and waiting messages go at their own instants."""
        self._run(self._until(self.now + timedelta(minutes=minutes, hours=hours, days=days, seconds=seconds)))

    def until(self, moment: str) -> None:
        """Time passes until `10:05` of today, or until `09-18 17:50`."""
        day, _, hour = moment.rpartition(" ")
        month_day = day or f"{self.now:%m-%d}"
        seconds = hour if hour.count(":") == 2 else f"{hour}:00"
        target = datetime.fromisoformat(f"{self.now.year}-{month_day}T{seconds}").replace(tzinfo=BEIJING)
        assert target >= self.now, "the clock of a story does not go back"
        self._run(self._until(target))

    def jumps(self, *, minutes: float = 0, hours: float = 0) -> None:
        """The program was away for so long: everything that fell due meanwhile is found at once."""
        self.clock.move(self.now + timedelta(minutes=minutes, hours=hours))
        self._run(self._settle())

    # ------------------------------------------------------------ what the bot did

    def expects_message(self, **wanted: Any) -> Shown:
        """A text that was not looked at yet, with `to=` or `in_chat=`, `contains=`, `lacks=`, `mentions=`."""
        return self._expect("text", lambda s: isinstance(s.sent.outbound, SendText), **wanted)

    def expects_card(self, **wanted: Any) -> Shown:
        """A new card; besides what messages have: `state=`, `colour=`, `buttons=`."""
        return self._expect("card", lambda s: isinstance(s.sent.outbound, SendCard), **wanted)

    def expects_card_update(self, **wanted: Any) -> Shown:
        """The new state of a card that stands already."""
        return self._expect("card update", lambda s: isinstance(s.sent.outbound, EditCard), **wanted)

    def expects_nothing_more(self) -> None:
        """Everything that was sent has been looked at."""
        unread = [str(s) for s in self._unread]
        assert not unread, "sent and not expected:\n" + "\n".join(unread)

    def forget(self) -> list[Shown]:
        """Look at everything that was sent so far; returns it."""
        seen, self._unread = self._unread, []
        return seen

    def everything(self) -> list[Shown]:
        """All that the bot ever sent, looked at or not."""
        return list(self._all)

    def _expect(
        self,
        kind: str,
        is_kind: Callable[[Shown], bool],
        *,
        to: str | None = None,
        in_chat: str | None = None,
        contains: str | Sequence[str] = (),
        lacks: str | Sequence[str] = (),
        mentions: str | Sequence[str] = (),
        state: str | None = None,
        colour: CardColour | None = None,
        buttons: Sequence[str] | None = None,
    ) -> Shown:
        wanted = Wanted(
            to=to,
            chat=self.chat(in_chat, "").chat if in_chat is not None else None,
            contains=each(contains),
            mentions=each(mentions),
            state=state,
            colour=colour,
            buttons=tuple(buttons) if buttons is not None else None,
        )
        for shown in self._unread:
            if is_kind(shown) and wanted.fits(shown):
                found = [part for part in each(lacks) if part in shown.words]
                assert not found, f"should not say {found}: {shown}"
                self._unread.remove(shown)
                return shown
        unread = "\n".join(str(s) for s in self._unread) or "nothing at all"
        raise AssertionError(f"no {kind} like {wanted}; there is:\n{unread}")

    # ------------------------------------------------------------ rows

    def read(self, work: Callable[[UnitOfWork], T]) -> T:
        """Look into the store."""
        return self._run(self.store.read(work))

    def transact(self, work: Callable[[UnitOfWork], T]) -> T:
        """Change the store as if something else had."""
        return self._run(self.store.run(work))

    def within(self, work: Callable[[Context], T]) -> T:
        """Do something in a context outside any update, as jobs do; then let the pumps rest."""
        result = self.transact(lambda uow: work(self.engine.context(uow, self.clock.now())))
        self._run(self._settle())
        return result

    def does(self, work: Coroutine[Any, Any, T]) -> T:
        """Something the program does by itself, such as an import; then let the pumps rest."""
        result = self._run(work)
        self._run(self._settle())
        return result

    def clocks(self, **equals: str) -> list[ReplyClock]:
        """Every reply clock, in the order of its number."""
        return self.read(lambda uow: uow.clocks.find(**equals))

    def the_clock(self) -> ReplyClock:
        """The only clock there is."""
        found = self.clocks()
        assert len(found) == 1, f"{len(found)} clocks: {[c.code for c in found]}"
        return found[0]

    def audit(self, ref: Code | str = "") -> list[AuditRecord]:
        """The trail of one object, or all of it, oldest first."""
        if ref:
            return [row.record for row in self.read(lambda uow: uow.audit.of(ref))]
        return [row.record for row in reversed(self.read(lambda uow: uow.audit.tail(limit=1000)))]

    # ------------------------------------------------------------ the pumps

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)

    async def _arrive(self, updates: Sequence[AnyUpdate]) -> None:
        await self.dispatcher.accept(updates)
        await self._settle()

    async def _press(self, clicks: Sequence[CardClicked]) -> list[Answer | None]:
        waiting = [asyncio.ensure_future(self.dispatcher.accept_click(click, within=5.0)) for click in clicks]
        await asyncio.sleep(0)
        await self._settle()
        return list(await asyncio.gather(*waiting))

    async def _until(self, end: datetime) -> None:
        while True:
            due = [await self.store.read(lambda uow: uow.timers.next_due())]
            due.append(await self.store.read(lambda uow: uow.outbox.next_due(platform=PLATFORM)))
            upcoming = [at for at in due if at is not None and self.clock.now() < at <= end]
            if not upcoming:
                break
            self.clock.move(min(upcoming))
            await self._settle()
        self.clock.move(end)
        await self._settle()

    async def _settle(self) -> None:
        for _ in range(10_000):
            busy = await self.dispatcher.handle_some() + await self.timers.fire_some()
            busy += await self.delivery.send_some()
            await self.delivery.idle()
            if not busy:
                break
        else:
            raise AssertionError("the pumps never come to rest")
        await self._take_in()
        if not self.tolerates_failures:
            await self._check_nothing_failed()

    async def _check_nothing_failed(self) -> None:
        """What failed waits for its next try; the log above has the traceback."""
        waiting, _ = await self.store.read(lambda uow: uow.inbox.pending())
        dead = await self.store.read(lambda uow: uow.inbox.dead())
        assert waiting == 0, "an update could not be handled"
        assert not dead, "an update could not be handled, again and again"
        late = await self.store.read(lambda uow: [t for t in uow.timers.upcoming(limit=1000) if t.attempts])
        assert not late, f"a timer's handler failed: {late}"

    async def _take_in(self) -> None:
        people = await self.store.read(lambda uow: {p.account_on(PLATFORM): p.name for p in uow.people.find()})
        new = [shown_of(sent, people) for sent in self.adapter.sent[len(self._all) :]]
        self._all.extend(new)
        self._unread.extend(shown for shown in new if self._is_read(shown))

    def _is_read(self, shown: Shown) -> bool:
        """Most stories are about something else than the reminders of what the sample company has open."""
        is_reminder = shown.sent.key.startswith("reminders:")
        return not isinstance(shown.sent.outbound, ReadMembers) and (self.hears_reminders or not is_reminder)
