"""The store without a database: a second implementation of the same promises, for tests and short trials.

Nothing is durable. Units of work run in place, one at a time, and are undone when they raise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from bot.domain.acceptance import Acceptance
from bot.domain.appreciation import Kudos, Rating, Training
from bot.domain.conflict import Conflict
from bot.domain.delegation import Leave
from bot.domain.directory import Department, Person
from bot.domain.document import Document
from bot.domain.draft import FormDraft
from bot.domain.group import Group
from bot.domain.holding import Holding
from bot.domain.ids import CodeKind
from bot.domain.issue import Issue
from bot.domain.item import Item
from bot.domain.liaison_change import LiaisonChange
from bot.domain.meeting import Meeting
from bot.domain.minutes import Minutes
from bot.domain.obligation import Obligation
from bot.domain.plan import Plan
from bot.domain.progress_report import ProgressReport
from bot.domain.proposal import Proposal
from bot.domain.records import (
    CardPost,
    DigestIssue,
    Fact,
    Keepsake,
    Preference,
    Question,
    SeenMessage,
    Setting,
    Undoable,
)
from bot.domain.request import Request
from bot.domain.resolution import Resolution
from bot.domain.sla import ReplyClock
from bot.domain.task import Task
from bot.errors import AlreadyExists, StaleVersion, StoreUnavailable
from bot.ports import AuditRecord, AuditRow, Savepoint, UnitOfWork
from bot.updates import AnyUpdate, lane_of
from storage import mapping
from storage.audit import Link, first_misfit, link_hash, to_row
from storage.mapping import TableSpec, encode
from storage.memory_queues import MemoryInbox, MemoryOutbox, MemoryTimers
from storage.repositories import Wanted, wanted_values
from storage.sequences import revision_step
from storage.shelves import Journal, Shelf
from storage.types import ColumnValue, clean, floor_ms

E = TypeVar("E")
T = TypeVar("T")

TRIES = 8
Row = dict[str, ColumnValue]


class MemoryRepository(Generic[E]):
    """`bot.ports.Repository`. Keeps the rows that a table would keep."""

    def __init__(self, journal: Journal, spec: TableSpec[E]) -> None:
        self._spec = spec
        self._rows: Shelf[str, Row] = Shelf(journal, indexed={name: _taker(name) for name in spec.columns})

    def get(self, key: str) -> E | None:
        row = self._rows.get(clean(key))
        return None if row is None else self._entity(row)

    def add(self, entity: E) -> E:
        stored = self._spec.stamped(entity, 1)
        key = self._spec.key_of(entity)
        if self._rows.get(key) is not None:
            raise AlreadyExists(f"{self._spec.name} {key}")
        self._rows.put(key, self._spec.to_row(stored))
        return stored

    def put(self, entity: E) -> E:
        key, loaded = self._spec.key_of(entity), self._spec.version_of(entity)
        row = self._rows.get(key)
        if row is None or row["version"] != loaded:
            raise StaleVersion(f"{self._spec.name} {key} is not at version {loaded} any more")
        stored = self._spec.stamped(entity, loaded + 1)
        self._rows.put(key, self._spec.to_row(stored))
        return stored

    def remove(self, key: str) -> None:
        self._rows.remove(clean(key))

    def find(self, **equals: Wanted) -> list[E]:
        return [self._entity(row) for _, row in sorted(self._matching(equals))]

    def between(self, column: str, start: datetime, end: datetime, **equals: Wanted) -> list[E]:
        if column not in self._spec.columns:
            raise KeyError(column)
        after, until = floor_ms(start), floor_ms(end)
        found: list[tuple[int, str, Row]] = []
        for key, row in self._matching(equals):
            at = row[column]
            if isinstance(at, int) and after < at <= until:
                found.append((at, key, row))
        return [self._entity(row) for _, _, row in sorted(found, key=lambda one: one[:2])]

    def _matching(self, equals: dict[str, Wanted]) -> list[tuple[str, Row]]:
        keys: set[str] | None = None
        for name, wanted in equals.items():
            if name not in self._spec.columns:
                raise KeyError(name)
            values, with_null = wanted_values(wanted)
            allowed = [*values, None] if with_null else values
            found = set().union(*(self._rows.keys_where(name, value) for value in allowed))
            keys = found if keys is None else keys & found
        if keys is None:
            return self._rows.items()
        return [(key, row) for key in keys if (row := self._rows.get(key)) is not None]

    def _entity(self, row: Row) -> E:
        return self._spec.from_body(str(row["body"]), int(row["crc"] or 0))


def _taker(name: str) -> Callable[[Row], ColumnValue]:
    return lambda row: row[name]


class MemoryAudit:
    """`bot.ports.Audit` with one chain."""

    def __init__(self, journal: Journal) -> None:
        self.links: Shelf[int, Link] = Shelf(
            journal, indexed={"ref": lambda link: link[3]}, ordered=lambda number, _: number
        )
        self._end: Shelf[int, tuple[int, str]] = Shelf(journal)

    def append(self, record: AuditRecord) -> None:
        position, previous = self._end.get(0) or (0, "")
        body = encode(record).decode()
        number = position + 1
        digest = link_hash(chain=0, position=number, previous=previous, body=body)
        self.links.put(number, (number, 0, number, clean(record.ref), body, digest))
        self._end.put(0, (number, digest))

    def of(self, ref: str) -> list[AuditRow]:
        return [_audit_row(link) for _, link in self.links.where("ref", clean(ref))]

    def tail(self, *, limit: int = 100) -> list[AuditRow]:
        return [_audit_row(link) for _, link in list(self.links.in_order())[::-1][:limit]]

    def verify(self) -> int | None:
        ends = [(chain, *end) for chain, end in self._end.items()]
        return first_misfit((link for _, link in self.links.in_order()), ends)


def _audit_row(link: Link) -> AuditRow:
    return to_row(link[0], link[4], link[5])


class MemorySequences:
    """`bot.ports.Sequences`."""

    def __init__(self, journal: Journal) -> None:
        self._last: Shelf[tuple[str, int], int] = Shelf(journal)

    def next(self, kind: CodeKind, year: int) -> int:
        number = (self._last.get((kind.value, year)) or 0) + 1
        self._last.put((kind.value, year), number)
        return number

    def at_least(self, kind: CodeKind, year: int, following: int) -> None:
        self._last.put((kind.value, year), max(following - 1, self._last.get((kind.value, year)) or 0))


class MemoryLeases:
    """`bot.ports.Leases`."""

    def __init__(self, journal: Journal) -> None:
        self._rows: Shelf[str, tuple[str, int, int]] = Shelf(journal)

    def take(self, name: str, *, holder: str, now: datetime, seconds: float) -> int | None:
        instant = floor_ms(now)
        known, until, fence = self._rows.get(name) or ("", 0, 0)
        is_held = until > instant
        if is_held and known != holder:
            return None
        if not is_held:
            fence += 1
        self._rows.put(name, (holder, instant + round(seconds * 1000), fence))
        return fence

    def fence(self, name: str) -> int:
        return (self._rows.get(name) or ("", 0, 0))[2]

    def release(self, name: str, *, holder: str) -> bool:
        known, _, fence = self._rows.get(name) or ("", 0, 0)
        if known != holder:
            return False
        self._rows.put(name, ("", 0, fence))
        return True


class MemoryUnitOfWork:
    """`bot.ports.UnitOfWork` over shelves."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._revisions: Shelf[str, int] = Shelf(journal)
        self.inbox = MemoryInbox(journal)
        self.outbox = MemoryOutbox(journal)
        self.timers = MemoryTimers(journal)
        self.audit = MemoryAudit(journal)
        self.sequences = MemorySequences(journal)
        self.leases = MemoryLeases(journal)
        self.people: MemoryRepository[Person] = MemoryRepository(journal, mapping.PEOPLE)
        self.departments: MemoryRepository[Department] = MemoryRepository(journal, mapping.DEPARTMENTS)
        self.items: MemoryRepository[Item] = MemoryRepository(journal, mapping.ITEMS)
        self.obligations: MemoryRepository[Obligation] = MemoryRepository(journal, mapping.OBLIGATIONS)
        self.clocks: MemoryRepository[ReplyClock] = MemoryRepository(journal, mapping.CLOCKS)
        self.groups: MemoryRepository[Group] = MemoryRepository(journal, mapping.GROUPS)
        self.leaves: MemoryRepository[Leave] = MemoryRepository(journal, mapping.LEAVES)
        self.cards: MemoryRepository[CardPost] = MemoryRepository(journal, mapping.CARDS)
        self.seen_messages: MemoryRepository[SeenMessage] = MemoryRepository(journal, mapping.SEEN_MESSAGES)
        self.questions: MemoryRepository[Question] = MemoryRepository(journal, mapping.QUESTIONS)
        self.preferences: MemoryRepository[Preference] = MemoryRepository(journal, mapping.PREFERENCES)
        self.undoables: MemoryRepository[Undoable] = MemoryRepository(journal, mapping.UNDOABLES)
        self.digests: MemoryRepository[DigestIssue] = MemoryRepository(journal, mapping.DIGESTS)
        self.facts: MemoryRepository[Fact] = MemoryRepository(journal, mapping.FACTS)
        self.settings: MemoryRepository[Setting] = MemoryRepository(journal, mapping.SETTINGS)
        self.requests: MemoryRepository[Request] = MemoryRepository(journal, mapping.REQUESTS)
        self.plans: MemoryRepository[Plan] = MemoryRepository(journal, mapping.PLANS)
        self.tasks: MemoryRepository[Task] = MemoryRepository(journal, mapping.TASKS)
        self.reports: MemoryRepository[ProgressReport] = MemoryRepository(journal, mapping.REPORTS)
        self.acceptances: MemoryRepository[Acceptance] = MemoryRepository(journal, mapping.ACCEPTANCES)
        self.issues: MemoryRepository[Issue] = MemoryRepository(journal, mapping.ISSUES)
        self.conflicts: MemoryRepository[Conflict] = MemoryRepository(journal, mapping.CONFLICTS)
        self.meetings: MemoryRepository[Meeting] = MemoryRepository(journal, mapping.MEETINGS)
        self.minutes: MemoryRepository[Minutes] = MemoryRepository(journal, mapping.MINUTES)
        self.resolutions: MemoryRepository[Resolution] = MemoryRepository(journal, mapping.RESOLUTIONS)
        self.liaison_changes: MemoryRepository[LiaisonChange] = MemoryRepository(journal, mapping.LIAISON_CHANGES)
        self.documents: MemoryRepository[Document] = MemoryRepository(journal, mapping.DOCUMENTS)
        self.proposals: MemoryRepository[Proposal] = MemoryRepository(journal, mapping.PROPOSALS)
        self.kudos: MemoryRepository[Kudos] = MemoryRepository(journal, mapping.KUDOS)
        self.ratings: MemoryRepository[Rating] = MemoryRepository(journal, mapping.RATINGS)
        self.trainings: MemoryRepository[Training] = MemoryRepository(journal, mapping.TRAININGS)
        self.holdings: MemoryRepository[Holding] = MemoryRepository(journal, mapping.HOLDINGS)
        self.form_drafts: MemoryRepository[FormDraft] = MemoryRepository(journal, mapping.FORM_DRAFTS)
        self.keepsakes: MemoryRepository[Keepsake] = MemoryRepository(journal, mapping.KEEPSAKES)

    def revision(self, name: str) -> int:
        return self._revisions.get(name) or 0

    def bump(self, name: str) -> int:
        self._revisions.put(name, self.revision(name) + revision_step())
        return self.revision(name)

    def clock_went_back(self, *, now: datetime) -> None:
        self.inbox.clock_went_back(now=now)
        self.outbox.clock_went_back(now=now)
        self.timers.clock_went_back(now=now)

    def savepoint(self) -> Savepoint:
        return _MemorySavepoint(self._journal)


class _MemorySavepoint:
    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._mark = 0

    def __enter__(self) -> None:
        self._mark = self._journal.mark

    def __exit__(self, *exc_info: object) -> None:
        if exc_info[0] is not None:
            self._journal.roll_back(self._mark)


class MemoryStore:
    """`bot.ports.Store` that forgets everything at the end."""

    def __init__(self) -> None:
        self._journal = Journal()
        self._uow = MemoryUnitOfWork(self._journal)
        self._is_closed = False

    async def run(self, work: Callable[[UnitOfWork], T]) -> T:
        self._check_open()
        for _ in range(TRIES - 1):
            try:
                return self._transact(work)
            except StaleVersion:
                continue
        return self._transact(work)

    def _transact(self, work: Callable[[UnitOfWork], T]) -> T:
        self._uow.outbox.caused_at(None)
        try:
            result = work(self._uow)
        except BaseException:
            self._journal.roll_back(0)
            raise
        self._journal.commit()
        return result

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        self._check_open()
        self._journal.is_read_only = True
        try:
            return work(self._uow)
        finally:
            self._journal.is_read_only = False

    async def accept(self, updates: Sequence[AnyUpdate], *, now: datetime) -> list[bool]:
        return await self.run(lambda uow: [uow.inbox.accept(u, lane=lane_of(u), now=now) for u in updates])

    async def close(self) -> None:
        self._is_closed = True

    def _check_open(self) -> None:
        if self._is_closed:
            raise StoreUnavailable("the store is closed")
