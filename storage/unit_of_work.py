"""Everything one transaction can touch, over one session. Knows no engine; both databases use this same class."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TypeVar

from bot.domain.delegation import Leave
from bot.domain.directory import Department, Person
from bot.domain.group import Group
from bot.domain.item import Item
from bot.domain.obligation import Obligation
from bot.domain.records import (
    CardPost,
    DigestIssue,
    Fact,
    Preference,
    Question,
    SeenMessage,
    Setting,
    Undoable,
)
from bot.domain.sla import ReplyClock
from bot.ports import Audit, Inbox, Leases, Outbox, Repository, Savepoint, Sequences, Timers
from storage import mapping
from storage.audit import SqlAudit
from storage.inbox import SqlInbox
from storage.mapping import TableSpec
from storage.outbox import SqlOutbox
from storage.repositories import SqlRepository
from storage.sequences import SqlLeases, SqlRevisions, SqlSequences
from storage.session import Session
from storage.timers import SqlTimers

E = TypeVar("E")


class SqlUnitOfWork:
    """`bot.ports.UnitOfWork`. Parts are made when they are first asked for."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def _repository(self, spec: TableSpec[E]) -> Repository[E]:
        return SqlRepository(self._session, spec)

    @cached_property
    def inbox(self) -> Inbox:
        return SqlInbox(self._session)

    @cached_property
    def outbox(self) -> Outbox:
        return SqlOutbox(self._session)

    @cached_property
    def timers(self) -> Timers:
        return SqlTimers(self._session)

    @cached_property
    def audit(self) -> Audit:
        return SqlAudit(self._session)

    @cached_property
    def sequences(self) -> Sequences:
        return SqlSequences(self._session)

    @cached_property
    def leases(self) -> Leases:
        return SqlLeases(self._session)

    @cached_property
    def people(self) -> Repository[Person]:
        return self._repository(mapping.PEOPLE)

    @cached_property
    def departments(self) -> Repository[Department]:
        return self._repository(mapping.DEPARTMENTS)

    @cached_property
    def items(self) -> Repository[Item]:
        return self._repository(mapping.ITEMS)

    @cached_property
    def obligations(self) -> Repository[Obligation]:
        return self._repository(mapping.OBLIGATIONS)

    @cached_property
    def clocks(self) -> Repository[ReplyClock]:
        return self._repository(mapping.CLOCKS)

    @cached_property
    def groups(self) -> Repository[Group]:
        return self._repository(mapping.GROUPS)

    @cached_property
    def leaves(self) -> Repository[Leave]:
        return self._repository(mapping.LEAVES)

    @cached_property
    def cards(self) -> Repository[CardPost]:
        return self._repository(mapping.CARDS)

    @cached_property
    def seen_messages(self) -> Repository[SeenMessage]:
        return self._repository(mapping.SEEN_MESSAGES)

    @cached_property
    def questions(self) -> Repository[Question]:
        return self._repository(mapping.QUESTIONS)

    @cached_property
    def preferences(self) -> Repository[Preference]:
        return self._repository(mapping.PREFERENCES)

    @cached_property
    def undoables(self) -> Repository[Undoable]:
        return self._repository(mapping.UNDOABLES)

    @cached_property
    def digests(self) -> Repository[DigestIssue]:
        return self._repository(mapping.DIGESTS)

    @cached_property
    def facts(self) -> Repository[Fact]:
        return self._repository(mapping.FACTS)

    @cached_property
    def settings(self) -> Repository[Setting]:
        return self._repository(mapping.SETTINGS)

    @cached_property
    def _revisions(self) -> SqlRevisions:
        return SqlRevisions(self._session)

    def revision(self, name: str) -> int:
        return self._revisions.value(name)

    def bump(self, name: str) -> int:
        return self._revisions.bump(name)

    def clock_went_back(self, *, now: datetime) -> None:
        SqlInbox(self._session).clock_went_back(now=now)
        SqlOutbox(self._session).clock_went_back(now=now)
        SqlTimers(self._session).clock_went_back(now=now)

    def savepoint(self) -> Savepoint:
        return _Savepoint(self._session.savepoint(), self._revisions)


class _Savepoint:
    """The session's, which also forgets the revisions that were undone."""

    def __init__(self, inner: Savepoint, revisions: SqlRevisions) -> None:
        self._inner = inner
        self._revisions = revisions

    def __enter__(self) -> None:
        self._inner.__enter__()

    def __exit__(self, *exc_info: object) -> None:
        if exc_info[0] is not None:
            self._revisions.forget()
        self._inner.__exit__(*exc_info)
