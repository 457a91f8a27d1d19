"""A platform as the app sees it, and what it hands over: requests, answers, address books, findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from bot.clock import Clock
from bot.messages import AnyOutbound, SendCard
from bot.ports.outbox import Receipt
from bot.updates import AnyUpdate


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
    #: pictures can be sent
    pictures: bool = False
    #: people are mentioned by their written name, which the directory has to resolve (ux.md A5.3)
    mentions_by_name: bool = False
    #: a group is heard only after a person has added the bot to it by hand
    joins_by_hand: bool = False
    #: seconds a card can be edited after it was sent; 0 for no limit known
    card_edit_seconds: int = 0
    #: True when a repeated send with the same key is recognised by the platform
    keyed_sends: bool = False
    #: the same for cards only
    keyed_cards: bool = False

    def recognises(self, outbound: AnyOutbound) -> bool:
        """Whether the platform knows a repetition of this call by its key."""
        return self.keyed_sends or (self.keyed_cards and isinstance(outbound, SendCard))


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
    #: nothing came of the press: it was refused, or somebody was faster
    is_refused: bool = False


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
    #: pushes that came and are not stored yet, where they are taken on before
    waiting: int = 0


class Notebook(Protocol):
    """What one adapter has to know again after a restart, or in another process. The last writer wins."""

    async def read(self, key: str) -> str | None:
        """What was written under the key and is worth something still. Raises StoreUnavailable."""
        ...

    async def write(self, key: str, value: str, *, keep: timedelta) -> None:
        """Keep a value for so long. Raises StoreUnavailable."""
        ...

    async def forget(self, key: str) -> None:
        """Forget a value; no error when there is none. Raises StoreUnavailable."""
        ...


class Leadership(Protocol):
    """Who of several processes has the one connection that a platform allows (F19)."""

    async def lead(self, duty: str, *, seconds: float) -> int | None:
        """Become or stay the leader for so long; the fence, or None while another process leads."""
        ...

    async def release(self, duty: str) -> None:
        """Let another process lead at once."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Housing:
    """What an adapter is given besides its section of the settings."""

    clock: Clock
    notebook: Notebook
    leadership: Leadership
    #: the bot's name in texts, which people write where a platform mentions by name
    bot_name: str
    #: said to a person whose press is still being worked on
    busy_text: str
    #: where the platforms reach us; empty where they do not
    public_url: str = ""
    #: real seconds between the answer of a press and an edit of its card, so that the screen has drawn the one
    settle_seconds: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfCall:
    """A request to our own callback, as the platform's console makes it when somebody saves the address there."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
    #: whether the body of an answer is what the platform wants
    is_right: Callable[[bytes], bool]
    #: the type of answer that the platform needs, empty for any
    content_type: str = ""
    #: the settings to compare with the console when the call is not believed
    secrets: tuple[str, ...]


@runtime_checkable
class CallsItself(Protocol):
    """An adapter that has callbacks and can try them from outside."""

    def self_calls(self, *, now: datetime) -> tuple[SelfCall, ...]:
        """One for each callback whose address the console has; none where nothing comes in over HTTP."""
        ...


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


#: tells pumps that there may be work
Wake = Callable[[], None]
