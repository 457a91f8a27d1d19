"""How an aggregate becomes a row and back: the whole of it as JSON, beside the few columns that are searched.

One `TableSpec` per kind is all that a kind needs; fields may be added to an aggregate (with a default) without touching
anything here.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Generic, TypeVar, cast

import msgspec
from sqlalchemy import Table

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
from bot.errors import DamagedRow
from storage.tables import EntityRow, table_of
from storage.tables import chats as c
from storage.tables import directory as d
from storage.tables import matters as m
from storage.tables import work as w
from storage.types import ColumnValue, clean, column_value

E = TypeVar("E")

_encoder = msgspec.json.Encoder(order="deterministic")


def encode(value: object) -> bytes:
    """Canonical JSON (keys and sets in order) without characters that a database cannot keep."""
    try:
        body = _encoder.encode(value)
    except UnicodeEncodeError:
        return _encoder.encode(_cleaned(msgspec.to_builtins(value, order="deterministic")))
    return _encoder.encode(_cleaned(msgspec.json.decode(body))) if b"\\u0000" in body else body


def _cleaned(value: Any) -> Any:
    match value:
        case str():
            return clean(value)
        case dict():
            return {_cleaned(key): _cleaned(item) for key, item in value.items()}
        case list() | tuple():
            return [_cleaned(item) for item in value]
        case _:
            return value


def checksum(body: str) -> int:
    """CRC-32 of a body as it is stored."""
    return zlib.crc32(body.encode())


class TableSpec(Generic[E]):
    """One kind of aggregate: its type, its row class, its key and the columns that `find` and `between` may use."""

    def __init__(
        self,
        entity: type[E],
        row: type[EntityRow],
        *,
        key: Callable[[E], object],
        **columns: Callable[[E], object],
    ) -> None:
        self.entity = entity
        self.table: Table = table_of(row)
        self.columns: Mapping[str, Callable[[E], object]] = columns
        self._key = key
        self._decoder: msgspec.json.Decoder[E] = msgspec.json.Decoder(entity)

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name

    def key_of(self, entity: E) -> str:
        """The key under which the entity is stored."""
        return clean(str(self._key(entity)))

    def version_of(self, entity: E) -> int:
        """The version that was loaded, 0 for a new one."""
        return cast(int, cast(Any, entity).version)

    def stamped(self, entity: E, version: int) -> E:
        """The same entity with another version."""
        return cast(E, replace(cast(Any, entity), version=version))

    def to_row(self, entity: E) -> dict[str, ColumnValue]:
        """Every column of the row."""
        body = encode(entity).decode()
        row: dict[str, ColumnValue] = {name: column_value(take(entity)) for name, take in self.columns.items()}
        row.update(key=self.key_of(entity), version=self.version_of(entity), crc=checksum(body), body=body)
        return row

    def from_body(self, body: str, crc: int) -> E:
        """The entity; raises DamagedRow for a body that is not what was written (F5)."""
        if checksum(body) != crc:
            raise DamagedRow(f"table {self.name}: the checksum of a row does not fit")
        return self._decoder.decode(body)


PEOPLE = TableSpec(
    Person, d.PersonRow, key=lambda e: e.id, department=lambda e: e.department, is_active=lambda e: e.is_active
)
DEPARTMENTS = TableSpec(Department, d.DepartmentRow, key=lambda e: e.id, is_active=lambda e: e.is_active)
LEAVES = TableSpec(
    Leave,
    d.LeaveRow,
    key=lambda e: e.code,
    person=lambda e: e.person,
    delegate=lambda e: e.delegate,
    state=lambda e: e.state,
    starts_at=lambda e: e.starts_at,
    ends_at=lambda e: e.ends_at,
)
PREFERENCES = TableSpec(Preference, d.PreferenceRow, key=lambda e: e.person)
ITEMS = TableSpec(Item, w.ItemRow, key=lambda e: e.code, state=lambda e: e.state, lead=lambda e: e.lead)
OBLIGATIONS = TableSpec(
    Obligation,
    w.ObligationRow,
    key=lambda e: e.key,
    code=lambda e: e.code,
    kind=lambda e: e.kind,
    holder=lambda e: e.holder,
    department=lambda e: e.department,
    due_at=lambda e: e.due_at,
    item=lambda e: e.item,
)
CLOCKS = TableSpec(
    ReplyClock,
    w.ClockRow,
    key=lambda e: e.code,
    state=lambda e: e.state,
    chat=lambda e: e.chat,
    thread=lambda e: e.thread,
    department=lambda e: e.department,
    asking_department=lambda e: e.asking_department,
    asker=lambda e: e.asker,
    message=lambda e: e.message,
    answer=lambda e: e.answer,
    due_at=lambda e: e.due_at,
    started_at=lambda e: e.started_at,
    verdict_at=lambda e: e.verdict_at,
    ended_at=lambda e: e.ended_at,
    closed_for_counting=lambda e: e.closed_for_counting,
)
FACTS = TableSpec(Fact, w.FactRow, key=lambda e: e.key, kind=lambda e: e.kind, code=lambda e: e.code, at=lambda e: e.at)
DIGESTS = TableSpec(DigestIssue, w.DigestRow, key=lambda e: e.date, issued_at=lambda e: e.issued_at)
SETTINGS = TableSpec(Setting, w.SettingRow, key=lambda e: e.name)
GROUPS = TableSpec(
    Group,
    c.GroupRow,
    key=lambda e: e.id,
    chat=lambda e: e.chat,
    item=lambda e: e.item,
    state=lambda e: e.state,
    platform=lambda e: e.platform,
)
CARDS = TableSpec(
    CardPost,
    c.CardRow,
    key=lambda e: e.key,
    card_id=lambda e: e.card_id,
    code=lambda e: e.code,
    message=lambda e: e.message,
    is_live=lambda e: e.is_live,
)
SEEN_MESSAGES = TableSpec(
    SeenMessage,
    c.SeenMessageRow,
    key=lambda e: e.message,
    chat=lambda e: e.chat,
    sender=lambda e: e.sender,
    sent_at=lambda e: e.sent_at,
)
QUESTIONS = TableSpec(
    Question, c.QuestionRow, key=lambda e: e.key, person=lambda e: e.person, expires_at=lambda e: e.expires_at
)
UNDOABLES = TableSpec(
    Undoable, c.UndoableRow, key=lambda e: e.key, person=lambda e: e.person, done_at=lambda e: e.done_at
)
REQUESTS = TableSpec(
    Request,
    m.RequestRow,
    key=lambda e: e.code,
    state=lambda e: e.state,
    item=lambda e: e.item or "",
    department=lambda e: e.lead,
    person=lambda e: e.created_by,
    at=lambda e: e.first_submitted_at,
)
PLANS = TableSpec(
    Plan,
    m.PlanRow,
    key=lambda e: e.key,
    state=lambda e: e.state,
    item=lambda e: e.item,
    department=lambda e: e.lead,
    person=lambda e: e.submitted_by,
    at=lambda e: e.due_at,
)
TASKS = TableSpec(
    Task,
    m.TaskRow,
    key=lambda e: e.code,
    state=lambda e: e.state,
    item=lambda e: e.item or e.source,
    department=lambda e: e.department,
    person=lambda e: e.owner,
    at=lambda e: e.due_at,
)
REPORTS = TableSpec(
    ProgressReport,
    m.ProgressReportRow,
    key=lambda e: e.code,
    state=lambda e: e.state,
    item=lambda e: e.item,
    department=lambda e: e.lead,
    person=lambda e: e.submitted_by,
    at=lambda e: e.due_at,
)
ACCEPTANCES = TableSpec(
    Acceptance,
    m.AcceptanceRow,
    key=lambda e: e.code,
    state=lambda e: e.state,
    item=lambda e: e.item,
    department=lambda e: e.lead,
    person=lambda e: e.applied_by,
    at=lambda e: e.applied_at,
)
ISSUES = TableSpec(
    Issue,
    m.IssueRow,
    key=lambda e: e.code,
    state=lambda e: e.state,
    item=lambda e: e.item or "",
    department=lambda e: e.lead,
    person=lambda e: e.reporter,
    at=lambda e: e.filed_at,
)
CONFLICTS = TableSpec(
    Conflict,
    m.ConflictRow,
    key=lambda e: e.code,
    state=lambda e: e.state,
    item=lambda e: e.item or "",
    department=lambda e: e.filed_for,
    person=lambda e: e.filed_by,
    at=lambda e: e.filed_at,
)
MEETINGS = TableSpec(
    Meeting,
    m.MeetingRow,
    key=lambda e: e.code,
    state=lambda e: e.state,
    item=lambda e: e.subject,
    department=lambda e: e.host_department,
    person=lambda e: e.host,
    at=lambda e: e.start_at,
)
MINUTES = TableSpec(
    Minutes,
    m.MinutesRow,
    key=lambda e: e.code,
    state=lambda e: e.state,
    item=lambda e: e.meeting,
    department=lambda e: e.department,
    person=lambda _: None,
    at=lambda e: e.due_at,
)
RESOLUTIONS = TableSpec(
    Resolution,
    m.ResolutionRow,
    key=lambda e: e.code,
    state=lambda e: e.state,
    item=lambda e: e.item,
    department=lambda e: e.lead,
    person=lambda e: e.submitted_by,
    at=lambda e: e.signed_at,
)
LIAISON_CHANGES = TableSpec(
    LiaisonChange,
    m.LiaisonChangeRow,
    key=lambda e: e.code,
    state=lambda e: e.state,
    item=lambda _: "",
    department=lambda e: e.department,
    person=lambda e: e.new,
    at=lambda e: e.announced_at,
)
DOCUMENTS = TableSpec(
    Document,
    m.DocumentRow,
    key=lambda e: e.code,
    state=lambda e: e.state,
    item=lambda e: e.item,
    department=lambda e: e.department,
    person=lambda e: e.registered_by,
    at=lambda e: e.registered_at,
)
PROPOSALS = TableSpec(
    Proposal,
    m.ProposalRow,
    key=lambda e: e.code,
    state=lambda e: e.state,
    item=lambda e: e.month,
    department=lambda e: e.department,
    person=lambda e: e.person,
    at=lambda e: e.created_at,
)
KUDOS = TableSpec(
    Kudos,
    m.KudosRow,
    key=lambda e: e.key,
    state=lambda _: "",
    item=lambda e: e.from_department,
    department=lambda e: e.department,
    person=lambda e: e.person,
    at=lambda e: e.at,
)
RATINGS = TableSpec(
    Rating,
    m.RatingRow,
    key=lambda e: e.key,
    state=lambda _: "",
    item=lambda e: e.item,
    department=lambda e: e.department,
    person=lambda e: e.by,
    at=lambda e: e.at,
)
TRAININGS = TableSpec(
    Training,
    m.TrainingRow,
    key=lambda e: e.key,
    state=lambda _: "",
    item=lambda _: "",
    department=lambda _: None,
    person=lambda e: e.recorded_by,
    at=lambda e: e.held_at or e.planned_for,
)
HOLDINGS = TableSpec(
    Holding,
    m.HoldingRow,
    key=lambda e: e.key,
    state=lambda e: "open" if e.until is None else "ended",
    item=lambda e: e.code,
    department=lambda e: e.department,
    person=lambda e: e.holder,
    at=lambda e: e.since,
)
FORM_DRAFTS = TableSpec(
    FormDraft,
    m.FormDraftRow,
    key=lambda e: e.key,
    state=lambda e: e.form,
    item=lambda e: e.code,
    department=lambda _: None,
    person=lambda e: e.person,
    at=lambda e: e.updated_at,
)

KEEPSAKES = TableSpec(Keepsake, c.KeepsakeRow, key=lambda e: e.key, until=lambda e: e.until)

#: every kind, for checks that walk them all
SPECS: tuple[TableSpec[Any], ...] = (
    PEOPLE,
    DEPARTMENTS,
    LEAVES,
    PREFERENCES,
    ITEMS,
    OBLIGATIONS,
    CLOCKS,
    FACTS,
    DIGESTS,
    SETTINGS,
    GROUPS,
    CARDS,
    SEEN_MESSAGES,
    QUESTIONS,
    UNDOABLES,
    REQUESTS,
    PLANS,
    TASKS,
    REPORTS,
    ACCEPTANCES,
    ISSUES,
    CONFLICTS,
    MEETINGS,
    MINUTES,
    RESOLUTIONS,
    LIAISON_CHANGES,
    DOCUMENTS,
    PROPOSALS,
    KUDOS,
    RATINGS,
    TRAININGS,
    HOLDINGS,
    FORM_DRAFTS,
    KEEPSAKES,
)
