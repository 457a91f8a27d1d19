"""What an administrator does at the command line while no bot runs on the database: imports with preview, a directory sync, exports.

Exports work while the bot runs, too: on SQLite they read a copy made for them.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import handlers
from bot.app import make_adapters
from bot.clock import Clock, SystemClock
from bot.company import Change, CompanyFile, read_company_file
from bot.config import Settings
from bot.domain.calendar import DayPlan
from bot.domain.ids import PersonId
from bot.domain.ledger_notes import Returned
from bot.downloads import written
from bot.errors import RuleViolation, StoreUnavailable
from bot.exports import EXPORTS, as_csv
from bot.papers import templates_beside
from bot.ports import PlatformAdapter, Store, UnitOfWork
from bot.ports.downloads import File
from bot.routing import Context, Surroundings
from bot.spreadsheets import read_ledger
from bot.year_table import YearPreview
from handlers.company import calendar_changes, directory_sync
from handlers.ledgers import ledger_export, ledger_notes
from handlers.ledgers.ledger_export import Format, Taken, Wanted
from storage import backup, open_store

#: dates listed before a year is taken over
_LISTED = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncResult:
    """What became of reading one platform's address book."""

    platform: str
    is_taken_over: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Offline:
    """The database, opened for work by hand."""

    settings: Settings
    store: Store
    clock: Clock
    desk: handlers.Handlers
    adapters: tuple[PlatformAdapter, ...] = ()

    async def preview_company(self, file: Path) -> tuple[Change, ...]:
        """What taking the company file over would change. Raises ConfigError with every problem in it."""
        return await self.desk.preview_company(self.store, await _read(file))

    async def import_company(self, file: Path) -> tuple[Change, ...]:
        """Take the company file over, also when exactly this one was imported before. Raises ConfigError."""
        return await self.desk.import_company(self.store, await _read(file), now=self.clock.now(), force=True)

    async def preview_year(self, file: Path) -> YearPreview:
        """What taking over an official year would change. Raises ConfigError with every problem of the table."""
        content = await asyncio.to_thread(file.read_bytes)
        return await self.store.read(lambda uow: calendar_changes.preview_import(uow, content))

    async def import_year(self, file: Path) -> int:
        """Take an official year over; how many open deadlines moved. Raises ConfigError."""
        content = await asyncio.to_thread(file.read_bytes)
        around = Surroundings(name=self.settings.bot.name, locale=self.settings.bot.locale)
        _, found = await self.store.run(
            lambda uow: calendar_changes.import_year(self.desk.context(uow, self.clock.now(), around=around), content)
        )
        return len(found.moved)

    async def sync_directories(self) -> list[SyncResult]:
        """Read the address book of every platform that is on."""
        return [await self._sync(adapter) for adapter in self.adapters]

    async def _sync(self, adapter: PlatformAdapter) -> SyncResult:
        sentence = await self.desk.sync_directory(self.store, adapter, self.clock)
        now = self.clock.now()
        state = await self.store.read(
            lambda uow: directory_sync.state_of(self.desk.context(uow, now), adapter.platform)
        )
        return SyncResult(
            platform=adapter.platform,
            is_taken_over=state is not None and not state.failure,
            sentence=sentence,
        )

    async def take(self, what: str, *, person: str, kind: str) -> File:
        """A ledger or a form as the person may take it out now; it is on the record. Raises RuleViolation."""

        def work(uow: UnitOfWork) -> Taken:
            context = self._for(uow, person)
            if context.person is None:
                raise RuleViolation("unknown_person")
            return ledger_export.take(context, context.person, Wanted(what=what, format=Format(kind)))

        taken = await self.store.run(work)
        return await asyncio.to_thread(written, taken, templates_beside(self.settings.storage.url))

    async def preview_notes(self, file: Path, *, person: str) -> ledger_notes.Import:
        """What a ledger that was edited by hand would change. Raises UnreadableFile, and RuleViolation for whoever may not."""
        return await self._with_notes(file, person, ledger_notes.preview)

    async def import_notes(self, file: Path, *, person: str) -> ledger_notes.Import:
        """Take the notes of such a file over, and nothing else of it."""
        return await self._with_notes(file, person, ledger_notes.take_over)

    async def _with_notes(
        self, file: Path, person: str, act: Callable[[Context, Returned], ledger_notes.Import]
    ) -> ledger_notes.Import:
        content = await asyncio.to_thread(file.read_bytes)
        known = await self.store.read(lambda uow: ledger_notes.columns(self._for(uow, person)))
        returned = await asyncio.to_thread(read_ledger, content, known)
        return await self.store.run(lambda uow: act(self._for(uow, person), returned))

    def _for(self, uow: UnitOfWork, person: str) -> Context:
        """A context of that person; of the acting secretary where none is named."""
        around = Surroundings(name=self.settings.bot.name, locale=self.settings.bot.locale)
        context = self.desk.context(uow, self.clock.now(), around=around)
        named = PersonId(person) if person else context.world.posts.secretary()
        found = context.world.directory.person(named) if named is not None else None
        context.person = found if found is not None and found.is_active else None
        return context

    async def export(self, what: str) -> str:
        """One of the tables of `bot.exports` as CSV, without byte order mark. Raises KeyError for another name."""
        zone = ZoneInfo(self.settings.bot.timezone)
        return await self.store.read(lambda uow: as_csv(EXPORTS[what], uow, zone=zone))


@contextlib.asynccontextmanager
async def open_offline(
    settings: Settings, *, with_adapters: bool = False, clock: Clock | None = None
) -> AsyncIterator[Offline]:
    """Open the database for the length of a block. Raises StoreUnavailable while a bot runs on the same SQLite file."""
    clock = clock or SystemClock()
    store = await open_store(settings.storage.url, ballast_bytes=0)
    adapters = make_adapters(settings, clock, store) if with_adapters else ()
    try:
        yield Offline(settings, store, clock, handlers.Handlers(), adapters)
    finally:
        for adapter in adapters:
            await adapter.close()
        await store.close()


async def take_out(settings: Settings, what: str, *, person: str, kind: str) -> tuple[File, bool]:
    """A ledger or a form as a file, also while the bot runs on SQLite; False then, for the record could not be kept.

    Raises RuleViolation for people without the right.
    """
    try:
        async with open_offline(settings) as offline:
            return await offline.take(what, person=person, kind=kind), True
    except StoreUnavailable:
        async with readable_copy(settings.storage.url) as url:
            store = await open_store(url, ballast_bytes=0)
            try:
                copy = Offline(settings, store, SystemClock(), handlers.Handlers())
                return await copy.take(what, person=person, kind=kind), False
            finally:
                await store.close()


async def export_table(settings: Settings, what: str) -> str:
    """Export, also while the bot runs: from PostgreSQL directly, from SQLite by way of a copy."""
    async with readable_copy(settings.storage.url) as url:
        return await _export_from(settings, url, what)


@contextlib.asynccontextmanager
async def readable_copy(url: str) -> AsyncIterator[str]:
    """An address to read the same rows from while a bot runs: PostgreSQL's own, of SQLite that of a copy.

    Raises BadBackup when there is nothing to read.
    """
    if not url.startswith("sqlite:"):
        yield url
        return
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="huiyin-"))
    try:
        await backup(url, folder / "copy.db")
        yield f"sqlite:///{folder}/copy.db"
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def _export_from(settings: Settings, url: str, what: str) -> str:
    store = await open_store(url, ballast_bytes=0)
    try:
        return await Offline(settings, store, SystemClock(), handlers.Handlers()).export(what)
    finally:
        await store.close()


async def _read(file: Path) -> CompanyFile:
    return await asyncio.to_thread(read_company_file, file)


def year_lines(preview: YearPreview) -> Iterator[str]:
    """The preview of an official year for a terminal: what it holds, what differs, what it seems to have forgotten."""
    yield f"{preview.year}：放假 {preview.days_off} 天，调休上班 {preview.makeup_days} 天 / days off, make-up days"
    if preview.replaces:
        yield "▲ 这一年以前导入过，将被替换 / was imported before and is replaced"
    for day, name in preview.missing_statutory:
        yield f"▲ {day} {name} 未列为放假 / is a statutory day and not off in this table"
    for change in preview.changes[:_LISTED]:
        yield f"  {change.day} {_hours(change.before)} → {_hours(change.after)}"
    left = len(preview.changes) - _LISTED
    if left > 0:
        yield f"  … 还有 {left} 天 / more days"
    if not preview.changes:
        yield "  与现有日历相同 / the same as what holds now"


def _hours(plan: DayPlan) -> str:
    return "休 off" if not plan.windows else " ".join(f"{start}-{end}" for start, end in plan.windows)
