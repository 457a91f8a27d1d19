"""Everything one transaction can touch, over one session. Knows no engine; both databases use this same class."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TypeVar

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
    def requests(self) -> Repository[Request]:
        return self._repository(mapping.REQUESTS)

    @cached_property
    def plans(self) -> Repository[Plan]:
        return self._repository(mapping.PLANS)

    @cached_property
    def tasks(self) -> Repository[Task]:
        return self._repository(mapping.TASKS)

    @cached_property
    def reports(self) -> Repository[ProgressReport]:
        return self._repository(mapping.REPORTS)

    @cached_property
    def acceptances(self) -> Repository[Acceptance]:
        return self._repository(mapping.ACCEPTANCES)

    @cached_property
    def issues(self) -> Repository[Issue]:
        return self._repository(mapping.ISSUES)

    @cached_property
    def conflicts(self) -> Repository[Conflict]:
        return self._repository(mapping.CONFLICTS)

    @cached_property
    def meetings(self) -> Repository[Meeting]:
        return self._repository(mapping.MEETINGS)

    @cached_property
    def minutes(self) -> Repository[Minutes]:
        return self._repository(mapping.MINUTES)

    @cached_property
    def resolutions(self) -> Repository[Resolution]:
        return self._repository(mapping.RESOLUTIONS)

    @cached_property
    def liaison_changes(self) -> Repository[LiaisonChange]:
        return self._repository(mapping.LIAISON_CHANGES)

    @cached_property
    def documents(self) -> Repository[Document]:
        return self._repository(mapping.DOCUMENTS)

    @cached_property
    def proposals(self) -> Repository[Proposal]:
        return self._repository(mapping.PROPOSALS)

    @cached_property
    def kudos(self) -> Repository[Kudos]:
        return self._repository(mapping.KUDOS)

    @cached_property
    def ratings(self) -> Repository[Rating]:
        return self._repository(mapping.RATINGS)

    @cached_property
    def trainings(self) -> Repository[Training]:
        return self._repository(mapping.TRAININGS)

    @cached_property
    def holdings(self) -> Repository[Holding]:
        return self._repository(mapping.HOLDINGS)

    @cached_property
    def form_drafts(self) -> Repository[FormDraft]:
        return self._repository(mapping.FORM_DRAFTS)

    @cached_property
    def keepsakes(self) -> Repository[Keepsake]:
        return self._repository(mapping.KEEPSAKES)

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
