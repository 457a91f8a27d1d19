"""The store: units of work over repositories and queues, each in one transaction.

Units of work are *synchronous* functions over a `UnitOfWork`; the store runs each in one transaction, on the writer
thread (SQLite), through `run_sync` (PostgreSQL) or in place (memory). No platform call happens inside one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from bot.domain.acceptance import Acceptance
from bot.domain.appreciation import Kudos, Rating, Training
from bot.domain.conflict import Conflict
from bot.domain.delegation import Leave
from bot.domain.directory import Department, Person
from bot.domain.document import Document
from bot.domain.draft import FormDraft
from bot.domain.group import Group
from bot.domain.holding import Holding
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
from bot.ports.inbox import Inbox
from bot.ports.outbox import Outbox
from bot.ports.records import Audit, Leases, Sequences, Timers
from bot.updates import AnyUpdate

E = TypeVar("E")
T = TypeVar("T")

Indexable = str | int | bool | None


class Repository(Protocol[E]):
    """Aggregates of one kind. Entities are frozen; `version` is the one that was loaded."""

    def get(self, key: str) -> E | None:
        """The entity of that key, None if there is none."""
        ...

    def add(self, entity: E) -> E:
        """Store a new entity; returns it with version 1. Raises AlreadyExists when the key is taken."""
        ...

    def put(self, entity: E) -> E:
        """Store a changed entity; returns it with the next version. Raises StaleVersion if it was changed since loaded."""
        ...

    def remove(self, key: str) -> None:
        """Forget the entity; no error when it is not there."""
        ...

    def find(self, **equals: Indexable | tuple[Indexable, ...]) -> list[E]:
        """Entities whose indexed columns equal the values (a tuple means any of), in key order.

        Raises KeyError for a column that the kind does not index.
        """
        ...

    def between(
        self, column: str, start: datetime, end: datetime, **equals: Indexable | tuple[Indexable, ...]
    ) -> list[E]:
        """Entities with `start < column <= end` on an indexed instant, ordered by it."""
        ...


class UnitOfWork(Protocol):
    """Everything one transaction can touch."""

    @property
    def inbox(self) -> Inbox: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def timers(self) -> Timers: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def sequences(self) -> Sequences: ...
    @property
    def leases(self) -> Leases: ...
    @property
    def people(self) -> Repository[Person]: ...
    @property
    def departments(self) -> Repository[Department]: ...
    @property
    def items(self) -> Repository[Item]: ...
    @property
    def obligations(self) -> Repository[Obligation]: ...
    @property
    def clocks(self) -> Repository[ReplyClock]: ...
    @property
    def groups(self) -> Repository[Group]: ...
    @property
    def leaves(self) -> Repository[Leave]: ...
    @property
    def cards(self) -> Repository[CardPost]: ...
    @property
    def seen_messages(self) -> Repository[SeenMessage]: ...
    @property
    def questions(self) -> Repository[Question]: ...
    @property
    def preferences(self) -> Repository[Preference]: ...
    @property
    def undoables(self) -> Repository[Undoable]: ...
    @property
    def digests(self) -> Repository[DigestIssue]: ...
    @property
    def facts(self) -> Repository[Fact]: ...
    @property
    def settings(self) -> Repository[Setting]: ...
    @property
    def requests(self) -> Repository[Request]: ...
    @property
    def plans(self) -> Repository[Plan]: ...
    @property
    def tasks(self) -> Repository[Task]: ...
    @property
    def reports(self) -> Repository[ProgressReport]: ...
    @property
    def acceptances(self) -> Repository[Acceptance]: ...
    @property
    def issues(self) -> Repository[Issue]: ...
    @property
    def conflicts(self) -> Repository[Conflict]: ...
    @property
    def meetings(self) -> Repository[Meeting]: ...
    @property
    def minutes(self) -> Repository[Minutes]: ...
    @property
    def resolutions(self) -> Repository[Resolution]: ...
    @property
    def liaison_changes(self) -> Repository[LiaisonChange]: ...
    @property
    def documents(self) -> Repository[Document]: ...
    @property
    def proposals(self) -> Repository[Proposal]: ...
    @property
    def kudos(self) -> Repository[Kudos]: ...
    @property
    def ratings(self) -> Repository[Rating]: ...
    @property
    def trainings(self) -> Repository[Training]: ...
    @property
    def holdings(self) -> Repository[Holding]: ...
    @property
    def form_drafts(self) -> Repository[FormDraft]: ...
    @property
    def keepsakes(self) -> Repository[Keepsake]: ...

    def revision(self, name: str) -> int:
        """Grows with every committed `bump(name)`; caches of the directory and the calendar compare it."""
        ...

    def bump(self, name: str) -> int:
        """Make a new revision and return it. One that is undone does not come again."""
        ...

    def clock_went_back(self, *, now: datetime) -> None:
        """End the leases and pauses of inbox, outbox and timers that only a clock ahead of this one can have set (F16).

        What is meant for later (`Envelope.not_before`, `Timer.due_at`) stays where it is.
        """
        ...

    def savepoint(self) -> Savepoint:
        """A nested transaction: what is done inside is undone when the block raises, the rest stays."""
        ...


class Savepoint(Protocol):
    """`with uow.savepoint(): …`"""

    def __enter__(self) -> None: ...
    def __exit__(self, *exc: object) -> bool | None: ...


class Store(Protocol):
    """Runs units of work, each in one transaction."""

    async def run(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run and commit; rolled back when it raises.

        Runs again on StaleVersion and on serialization conflicts, so `work` must have no effect besides the unit of
        work. Raises StoreUnavailable when the database cannot take it.
        """
        ...

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run on a snapshot without the write lock; writing in it is an error of the program."""
        ...

    async def accept(self, updates: Sequence[AnyUpdate], *, now: datetime) -> list[bool]:
        """Store updates durably, many callers in one commit (group commit). True per update that is new.

        Raises StoreUnavailable when it takes longer than two seconds (P1); the caller must then not acknowledge.
        """
        ...

    async def close(self) -> None:
        """Finish what runs and let go of the database."""
        ...
