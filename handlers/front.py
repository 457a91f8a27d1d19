"""The face that the wiring sees: everything registered once, and the few things that happen outside an update."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime

import structlog

from bot.clock import Clock
from bot.company import Change, CompanyFile
from bot.ports import Capabilities, PlatformAdapter, Store, UnitOfWork, Wake
from bot.routing import Context, Router, Surroundings
from handlers import card_posts, click_guard, matter_cards, notices
from handlers.acceptances import acceptances
from handlers.calls import Commands
from handlers.clocks import asking, clock_notices, clocks, replies
from handlers.company import calendar_commands, company, company_commands, coverage, directory_sync
from handlers.conflicts import conflicts
from handlers.conversation import confidential_todos, desk, explaining, helping, personal, todos
from handlers.deadlines import deadlines, reminders
from handlers.deeds import Deeds
from handlers.documents import document_weekly, documents
from handlers.forms import form_presses
from handlers.forms.form_filling import Forms
from handlers.groups import group_commands, group_joining, groups
from handlers.issues import issues
from handlers.items import items
from handlers.ledgers import ledgers, retention
from handlers.meetings import meetings
from handlers.people import leave_commands, leaves, liaison_changes
from handlers.plans import plans
from handlers.progress import progress_reports
from handlers.records import minutes, resolutions
from handlers.reports import digest_commands, digests, weekly_reports
from handlers.requests import requests
from handlers.scores import appreciation, feedback, proposals, scorecards
from handlers.service import dead_letters, operations, outages
from handlers.tables import Tables
from handlers.tasks import tasks
from handlers.texts import say
from handlers.upkeep import monthly, trainings
from handlers.world import COMPANY, WorldCache

log = structlog.get_logger(__name__)

#: every file that registers update, timer, outcome, action or re-check handlers
_ROUTED = (
    calendar_commands,
    card_posts,
    click_guard,
    clock_notices,
    clocks,
    dead_letters,
    deadlines,
    digests,
    directory_sync,
    groups,
    helping,
    leaves,
    matter_cards,
    notices,
    replies,
    retention,
)
#: every family of the charter's objects
_FAMILIES = (
    requests,
    plans,
    items,
    tasks,
    progress_reports,
    acceptances,
    issues,
    conflicts,
    meetings,
    minutes,
    resolutions,
    liaison_changes,
    documents,
    trainings,
    appreciation,
    scorecards,
    proposals,
    ledgers,
    weekly_reports,
    coverage,
    reminders,
    feedback,
)
#: every file that answers commands
_ANSWERING = (
    asking,
    calendar_commands,
    company_commands,
    confidential_todos,
    digest_commands,
    explaining,
    group_commands,
    group_joining,
    helping,
    leave_commands,
    operations,
    personal,
    replies,
    todos,
)


def busy_text(locale: str) -> str:
    """What the presser of a button sees while the answer is still being made."""
    return say("busy", locale)


def _set_soon(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    loop.call_soon_threadsafe(event.set)


class Handlers:
    """All handlers of one running program."""

    def __init__(self) -> None:
        self.world = WorldCache()
        #: set when somebody or something asks for the address books to be read
        self.sync_wanted = asyncio.Event()
        self.commands = Commands()
        self.deeds, self.forms = Deeds(), Forms()
        self._router: Router | None = None
        for family in _ANSWERING:
            family.answer_commands(self.commands)

    def register(self, router: Router) -> None:
        """Put everything on the table of the router."""
        self._router = router
        for family in _ROUTED:
            family.register(router)
        tables = Tables(router=router, commands=self.commands, deeds=self.deeds, forms=self.forms)
        for kind in _FAMILIES:
            kind.register(tables)
        self.deeds.register(router)
        self.deeds.answer_commands(self.commands)
        self.forms.register(router)
        form_presses.register(router, self.deeds)
        desk.register(router, self.commands, self.forms)
        helping.on_buttons(router, self.commands)
        directory_sync.on_wanted(router, self._sync_wish())

    def _sync_wish(self) -> Wake:
        """Sets `sync_wanted`; handlers may run in another thread than the loop that waits for it."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return self.sync_wanted.set
        return lambda: _set_soon(loop, self.sync_wanted)

    # ------------------------------------------------------------ outside updates

    def arm_recurring(self, context: Context) -> None:
        """See to it that every recurring duty has its timer row; those that are armed stay as they are."""
        for arm in (
            digests.arm,
            groups.arm_daily,
            calendar_commands.arm_check,
            directory_sync.arm,
            retention.arm,
            coverage.arm,
            document_weekly.arm,
            monthly.arm,
            meetings.arm,
            progress_reports.arm,
        ):
            arm(context)

    def wake(self, context: Context) -> None:
        """The program is up again: keep since when it was not."""
        outages.wake(context)

    def beat(self, context: Context, gaps: Mapping[str, Iterable[tuple[datetime, datetime]]]) -> None:
        """It is alive; keep that, and what the connections missed."""
        outages.beat(context, gaps)

    async def knows_company(self, store: Store) -> bool:
        """Was a company file ever taken over?"""
        return await store.read(company.is_imported)

    async def preview_company(self, store: Store, file: CompanyFile) -> tuple[Change, ...]:
        """What taking the file over would change."""
        return await store.read(lambda uow: company.changes_of(uow, file))

    async def import_company(
        self, store: Store, file: CompanyFile, *, now: datetime, force: bool = False
    ) -> tuple[Change, ...]:
        """Take the file over if it changed since the last import; open deadlines follow a changed calendar."""

        def work(uow: UnitOfWork) -> tuple[Change, ...]:
            before, revision = self.world(uow, now), uow.revision(COMPANY)
            changes = company.take_over(uow, file, now=now, force=force)
            if uow.revision(COMPANY) != revision:
                company.follow(self.context(uow, now), before)
            return changes

        return await store.run(work)

    def context(
        self,
        uow: UnitOfWork,
        now: datetime,
        *,
        capabilities: dict[str, Capabilities] | None = None,
        around: Surroundings | None = None,
    ) -> Context:
        """A context outside any update."""
        return Context(
            uow=uow,
            now=now,
            world=self.world(uow, now),
            capabilities=capabilities or {},
            around=around or Surroundings(),
            look_again=lambda: self.world(uow, now),
            router=self._router,
        )

    async def sync_directory(self, store: Store, adapter: PlatformAdapter, clock: Clock) -> str:
        """Read one platform's address book and take it over; a sentence on what became of it."""
        return await directory_sync.read_and_take_over(self, store, adapter, clock)
