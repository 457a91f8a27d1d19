"""The interfaces between the rooms. Everything above speaks to storage and platforms through these Protocols only.

Units of work are *synchronous* functions over a `UnitOfWork`; the store runs each in one transaction, on the writer
thread (SQLite), through `run_sync` (PostgreSQL) or in place (memory). No platform call happens inside one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar, runtime_checkable

from bot.domain.delegation import Leave
from bot.domain.directory import Department, Person
from bot.domain.group import Group
from bot.domain.ids import AccountKey, ChatKey, CodeKind, MessageKey
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
from bot.domain.timers import Timer, TimerKind
from bot.errors import FailureKind
from bot.messages import AnyOutbound, Text
from bot.updates import AnyUpdate

E = TypeVar("E")
T = TypeVar("T")

# ---------------------------------------------------------------- storage

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


class InboxState(StrEnum):
    """Life of a stored update."""

    PENDING = "pending"
    DONE = "done"
    #: gave up after the last attempt; an administrator sees it
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxEntry:
    """A stored update that this process has claimed."""

    id: int
    update: AnyUpdate | None
    raw: bytes
    attempts: int
    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """An update that could not be handled; kept with its original bytes."""

    id: int
    business_id: str
    platform: str
    attempts: int
    error: str
    received_at: datetime
    raw: bytes


class Inbox(Protocol):
    """Accepted updates. Unique on (platform, app, business_id) for the retention time of 7 days (P2)."""

    def accept(self, update: AnyUpdate, *, lane: str, now: datetime) -> bool:
        """Store; False when this business id is known already (nothing changes)."""
        ...

    def claim(self, *, now: datetime, lease: float, limit: int) -> list[InboxEntry]:
        """The next pending updates in order, none from a lane with an earlier unfinished one claimed elsewhere.

        Counts the attempt now, so that an update that kills the process ends in the dead letters. `lease` is seconds.
        """
        ...

    def done(self, entry: InboxEntry, *, now: datetime) -> bool:
        """Mark handled; False when the claim was lost meanwhile (the caller must roll back)."""
        ...

    def retry(self, entry: InboxEntry, *, error: str, at: datetime) -> None:
        """Give back after a failure; not before `at`."""
        ...

    def give_back(self, entry: InboxEntry, *, at: datetime) -> None:
        """Give back untried, not before `at`: what kept it from being handled costs it no attempt."""
        ...

    def bury(self, entry: InboxEntry, *, error: str, now: datetime) -> None:
        """Give up: dead letter."""
        ...

    def dead(self, *, limit: int = 100) -> list[DeadLetter]:
        """Dead letters, newest first."""
        ...

    def revive(self, inbox_id: int, *, now: datetime) -> bool:
        """Put a dead letter back in line."""
        ...

    def pending(self) -> tuple[int, datetime | None]:
        """How many wait, and since when the oldest does."""
        ...

    def newest(self, *, platform: str) -> datetime | None:
        """When the last update of that platform was received, None when none ever was."""
        ...

    def purge(self, *, before: datetime) -> int:
        """Forget handled updates received before; returns how many."""
        ...


class SendState(StrEnum):
    """Life of an outgoing call."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    #: we cannot know; listed, never blindly repeated (P3)
    UNKNOWN = "unknown"
    #: not owed any more when its turn came
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """An outgoing call as handlers put it.

    `key` is unique and made before the first try (P3). A later envelope with the same `coalesce` replaces a pending
    one (card edits). Lower `priority` goes first within the platform, never before an earlier one of its lane.
    `recheck` names a check that delivery asks for right before sending (`handlers` register it), with `ref`.
    """

    key: str
    lane: str
    outbound: AnyOutbound
    created_at: datetime
    not_before: datetime | None = None
    priority: int = 5
    coalesce: str = ""
    recheck: str = ""
    ref: str = ""
    #: True when the content is a notice that is worth one repetition marked 补发 after an unknown outcome
    repeat_unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEntry:
    """A claimed envelope. `token` fences: settling with an old token changes nothing and returns False."""

    id: int
    envelope: Envelope
    attempts: int
    token: int
    #: first time it was handed to a platform; None when it never was
    first_tried_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a platform said about a successful call."""

    message: MessageKey | None = None
    chat: ChatKey | None = None
    members: tuple[AccountKey, ...] = ()
    #: account -> reason key of the text catalogue, for people who could not be added
    refused: Mapping[str, str] = field(default_factory=dict)
    #: the card went out as text because the platform refused the card
    degraded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReport:
    """One row for lists of unknown, failed or waiting calls."""

    id: int
    key: str
    lane: str
    state: SendState
    attempts: int
    error: str
    created_at: datetime
    kind: str


class Outbox(Protocol):
    """Outgoing calls in lanes: first in, first out, one sender per lane over all replicas."""

    def put(self, envelope: Envelope) -> bool:
        """Add; False when the key exists already (nothing changes)."""
        ...

    def claim(self, *, platform: str, now: datetime, lease: float, limit: int) -> list[OutboxEntry]:
        """The head of up to `limit` free lanes, by priority, then age. `lease` is seconds."""
        ...

    def settle(
        self,
        entry: OutboxEntry,
        *,
        state: SendState,
        now: datetime,
        error: str = "",
        retry_at: datetime | None = None,
        lane_free_at: datetime | None = None,
        had_no_effect: bool = False,
    ) -> bool:
        """Finish (or, with PENDING and `retry_at`, give back) a claimed call; False when the claim was lost.

        `had_no_effect` says that the platform refused this try, so that `first_tried_at` goes back to what it was at
        the claim: only a try whose outcome nobody knows makes the next one a repetition.
        """
        ...

    def tried(self, entry: OutboxEntry, *, now: datetime) -> bool:
        """Mark that the call is about to be handed to the platform; False when the claim was lost."""
        ...

    def next_due(self, *, platform: str) -> datetime | None:
        """When the next call may go out, None when nothing waits."""
        ...

    def reports(self, state: SendState, *, limit: int = 100) -> list[SendReport]:
        """Calls in that state, newest first."""
        ...

    def pending(self) -> tuple[int, datetime | None]:
        """How many wait, and since when the oldest does."""
        ...

    def take_budget(self, name: str, *, now: datetime, period_ms: int, burst: int) -> datetime:
        """One GCRA step on the row `name`: the earliest instant at which this call may go.

        `period_ms` is the time one call costs, `burst` how many may go at once. Kept in a row, so that the limit
        survives restarts and holds over all replicas.
        """
        ...

    def hold(self, *, epoch: str, before: datetime | None = None) -> int:
        """Mark everything pending as held back after a restore (F24); returns how many.

        Until `release`, whatever is put because of something that happened up to `before` (see `caused_at`) is held,
        too: the restored state does not know what became of it meanwhile.
        """
        ...

    def caused_at(self, instant: datetime | None) -> None:
        """Calls put from here on in this unit of work come from something of that instant; None: from now."""
        ...

    def held(self) -> int:
        """How many calls a restore holds back."""
        ...

    def release(self) -> int:
        """Let held calls go after a person confirmed; returns how many."""
        ...

    def purge(self, *, before: datetime) -> int:
        """Forget finished calls created before; returns how many."""
        ...


class Timers(Protocol):
    """Due rows. Arming, moving and cancelling happen in the transaction of the state they come from."""

    def arm(self, timer: Timer) -> None:
        """Insert or move (kind, ref)."""
        ...

    def arm_many(self, timers: Iterable[Timer]) -> None:
        """Arm all of them in one go; the same as `arm` for each, for imports and re-timing."""
        ...

    def cancel(self, kind: TimerKind, ref: str) -> None:
        """Forget (kind, ref); no error when it is not armed."""
        ...

    def due(self, *, now: datetime, limit: int) -> list[Timer]:
        """Timers with due_at <= now, oldest first, locked for this transaction."""
        ...

    def remove(self, timer: Timer) -> bool:
        """Take a due timer away; False when it was cancelled or armed anew for another instant meanwhile."""
        ...

    def next_due(self) -> datetime | None:
        """When the next timer is due."""
        ...

    def of(self, ref: str) -> list[Timer]:
        """Timers armed for one reference, by due time."""
        ...

    def upcoming(self, *, limit: int = 50) -> list[Timer]:
        """The next timers, for the inspector and `/状态`."""
        ...

    def postpone(self, timer: Timer, *, until: datetime) -> int:
        """Give a timer whose handler failed another chance; returns how often it has been postponed by now.

        `timer.attempts` of a due timer says how often that was so far.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """Who did what, when, in which role, on whose behalf, and what changed. Never message text of level 2."""

    at: datetime
    action: str
    ref: str
    actor: str = ""
    on_behalf_of: str = ""
    role: str = ""
    platform: str = ""
    platform_at: datetime | None = None
    update_id: str = ""
    before: str = ""
    after: str = ""
    reason: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """A stored record with its place in the chain."""

    number: int
    record: AuditRecord
    hash: str


class Audit(Protocol):
    """Append-only and hash-chained (P10)."""

    def append(self, record: AuditRecord) -> None:
        """Add one record."""
        ...

    def of(self, ref: str) -> list[AuditRow]:
        """Records about one object, oldest first."""
        ...

    def tail(self, *, limit: int = 100) -> list[AuditRow]:
        """The newest records, newest first."""
        ...

    def verify(self) -> int | None:
        """The number of the first row that does not fit the chain, None when the chain is whole."""
        ...


class Sequences(Protocol):
    """Numbers per kind and year: strictly increasing, never reused (domain.md 0.4)."""

    def next(self, kind: CodeKind, year: int) -> int:
        """The next number; burned even if the object is not made after all."""
        ...

    def at_least(self, kind: CodeKind, year: int, following: int) -> None:
        """See to it that the next number is `following` or higher (imports, EC-98)."""
        ...


class Leases(Protocol):
    """Leader rows for duties that only one replica may do, such as a platform's single connection (F19, F20)."""

    def take(self, name: str, *, holder: str, now: datetime, seconds: float) -> int | None:
        """Become or stay the holder until `now + seconds`; None while somebody else is.

        The number returned is the fence: it grows with every change of holder, and whoever writes under the lease
        compares it first, so that a holder that slept through its own end changes nothing.
        """
        ...

    def fence(self, name: str) -> int:
        """The fence of the present or last holder, 0 when nobody ever was."""
        ...

    def release(self, name: str, *, holder: str) -> bool:
        """Give the lease back at once; False when `holder` does not have it."""
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


# ---------------------------------------------------------------- platforms


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a platform can do; nothing assumes a flag (domain.md 5.4)."""

    sees_all_group_messages: bool = False
    recall_event: bool = False
    edit_event: bool = False
    reaction_event: bool = False
    read_receipt: bool = False
    group_member_event: bool = False
    group_dissolved_event: bool = False
    bot_removed_event: bool = False
    card_callback: bool = False
    card_update: bool = False
    card_forms: bool = False
    group_cards: bool = False
    urgent: bool = False
    create_group: bool = False
    threads: bool = False
    #: seconds a card can be edited after it was sent; 0 for no limit known
    card_edit_seconds: int = 0
    #: True when a repeated send with the same key is recognised by the platform
    keyed_sends: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRequest:
    """An HTTP callback before anybody believed it. `headers` keys are lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RawReply:
    """What to answer on HTTP."""

    status: int
    body: bytes
    content_type: str = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person who pressed a button sees at once."""

    toast: str
    is_error: bool = False


class Intake(Protocol):
    """Where adapters put what they received and believed. Implemented by the dispatcher."""

    async def accept(self, updates: Sequence[AnyUpdate]) -> None:
        """Store durably. Only when this returns may the platform be told that all is well.

        Raises StoreUnavailable; then the platform must not get an acknowledgement.
        """
        ...

    async def accept_click(self, update: AnyUpdate, *, within: float) -> Answer | None:
        """Store a card click durably and handle it; the answer when it is ready `within` seconds, else None."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryPerson:
    """A person as a platform describes him or her."""

    account: str
    name: str
    departments: tuple[str, ...]
    title: str = ""
    phone: str = ""
    employee_no: str = ""
    is_active: bool = True
    leader_account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryDepartment:
    """A department as a platform describes it."""

    id: str
    name: str
    parent: str = ""
    leader_account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectorySnapshot:
    """The platform's whole visible address book at one time."""

    platform: str
    people: tuple[DirectoryPerson, ...]
    departments: tuple[DirectoryDepartment, ...]
    read_at: datetime


class Severity(StrEnum):
    """How bad a finding of a probe is."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One result of a start-up probe or of `doctor`. `hint` says exactly what to do next."""

    id: str
    severity: Severity
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionState:
    """The inbound side of an adapter, for `/状态`, `/readyz` and the metrics."""

    is_connected: bool
    since: datetime | None = None
    last_frame_at: datetime | None = None
    reconnects: int = 0
    #: instants between which nothing could be received: (from, to)
    gaps: tuple[tuple[datetime, datetime], ...] = ()


class PlatformAdapter(Protocol):
    """One platform, seen from the app. All adapters have the same files and this face."""

    @property
    def platform(self) -> str:
        """The short name used in keys, for example `feishu`."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What it can do, as far as configuration and the last probe tell."""
        ...

    @property
    def hooks(self) -> tuple[tuple[str, str], ...]:
        """(method, path) of the callbacks it answers on the public listener."""
        ...

    async def receive(self, request: RawRequest, intake: Intake) -> RawReply:
        """Verify, decrypt, decode, hand to the intake, answer. Raises WebhookRejected for everything not believed."""
        ...

    async def run(self, intake: Intake) -> None:
        """Keep the inbound side up until cancelled: the long connection where there is one, and what was missed."""
        ...

    async def send(self, outbound: AnyOutbound, *, key: str) -> Receipt:
        """Make one call. `key` is the platform idempotency key. Raises PlatformError."""
        ...

    def budgets(self, outbound: AnyOutbound) -> tuple[tuple[str, int, int], ...]:
        """Rate limits this call counts against: (row name, period_ms, burst) for `Outbox.take_budget`."""
        ...

    async def directory(self) -> DirectorySnapshot:
        """Read the whole visible address book. Raises PlatformError."""
        ...

    async def probe(self) -> list[Finding]:
        """Check credentials and scopes and set capabilities accordingly; never raises PlatformError."""
        ...

    @property
    def connection(self) -> ConnectionState:
        """How the inbound side is doing."""
        ...

    async def close(self) -> None:
        """Let go of sockets, with a proper close."""
        ...


@runtime_checkable
class ReadsHistory(Protocol):
    """An adapter whose platform lets us read afterwards what was said while nobody listened."""

    def missed_since(self, instant: datetime) -> None:
        """Nothing was received from that instant until now; `run` makes up for it as far as the platform allows."""
        ...

    async def caught_up(self) -> None:
        """Return when what was missed is in the intake, or cannot be read now."""
        ...


#: Asked right before a message goes out: is it still owed? (re-check before sending)
Recheck = Callable[[UnitOfWork, str, datetime], bool]
#: Runs in the settling transaction with what became of a call.
Settled = Callable[[UnitOfWork, "OutboxEntry", SendState, "Receipt | None", FailureKind | None, datetime], None]
#: Tells pumps that there may be work.
Wake = Callable[[], None]
Background = Callable[[], Awaitable[None]]

#: marks of a message sent late (补发)
LATE_MARK = Text("（补发）")
