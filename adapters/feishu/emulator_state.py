"""What the emulated platform knows: the app, people, departments, chats and messages, as plain records.

Only the emulator's own modules change these records; tests read them through `FeishuEmulator.what_sees`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from random import Random

from adapters._emulator.changes import Changes
from adapters._emulator.limits import Windows
from adapters._emulator.wire_json import Json
from adapters.feishu.emulator_codes import ApiError
from bot.clock import Clock

#: every application scope that some emulated call or event asks for (feishu.md 10.1)
ALL_SCOPES = frozenset(
    {
        "im:message", "im:message.p2p_msg:readonly", "im:message.group_at_msg:readonly", "im:message.group_msg",
        "im:message.reactions:read", "im:message.reactions:write_only", "im:message.pins:write_only", "im:resource",
        "im:message.urgent", "im:chat", "im:chat:operate_as_owner", "im:chat.members:bot_access",
        "contact:contact.base:readonly", "contact:department.base:readonly", "contact:department.organize:readonly",
        "contact:user.base:readonly", "contact:user.department:readonly", "contact:user.employee:readonly",
        "contact:user.employee_id:readonly", "contact:user.id:readonly", "contact:user.phone:readonly",
        "contact:user.email:readonly",
    }
)  # fmt: skip
#: scopes that the emulator knows and an app does not have unless it asks for them
MORE_SCOPES = frozenset({"im:message.group_at_msg.include_bot:readonly"})
#: the scope that lets an app see group messages that do not mention it
GROUP_MESSAGES_SCOPE = "im:message.group_msg"


class Transport(StrEnum):
    """How the platform hands over events or callbacks."""

    WEBHOOK = "webhook"
    STREAM = "stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmulatedApp:
    """The self-built app as the developer console has it."""

    app_id: str = "cli_a1b2c3d4e5f60718"
    app_secret: str = "emulated-app-secret"  # noqa: S105 - the emulator's own sample
    #: empty: pushes are neither signed nor encrypted
    encrypt_key: str = ""
    verification_token: str = "vt_0123456789abcdef"  # noqa: S105 - the emulator's own sample
    name: str = "回音"
    bot_open_id: str = "ou_bot"
    tenant_key: str = "tk1"
    scopes: frozenset[str] = ALL_SCOPES


@dataclass(frozen=True, slots=True, kw_only=True)
class EmulatorOptions:
    """How strict and how fast the platform is. Figures of feishu.md unless said otherwise."""

    delivery: Transport = Transport.WEBHOOK
    #: card callbacks are switched apart from events; None means like `delivery`
    callbacks: Transport | None = None
    #: kind of the frames in which clicks come over the long connection; `card` as while callbacks are not switched yet
    callback_frame: str = "event"
    #: seconds of the clock between one failed attempt and the next
    retries: tuple[float, ...] = (15.0, 300.0, 3600.0, 21600.0)
    #: real seconds the platform waits for an acknowledgement
    ack_seconds: float = 3.0
    #: true: a retry carries a fresh timestamp and signature (the fact sheet leaves it open)
    retry_signs_anew: bool = True
    #: event types of which the next one of a chat waits until the previous one is acknowledged
    ordered_events: frozenset[str] = frozenset()
    #: seconds, as told to clients of the long connection
    ping_interval: int = 120
    reconnect_interval: int = 120
    reconnect_nonce: int = 30
    max_connections: int = 50
    #: payloads above this many bytes go out in several frames
    fragment_bytes: int = 64 * 1024
    enforces_rates: bool = True
    #: HTTP status of 99991663; 200 and 400 were both seen on the real platform
    token_error_status: int = 400
    #: HTTP status of 99991400; some APIs answer with 400
    rate_error_status: int = 429
    #: true: a group that the bot makes itself causes the bot-added event, too (the documents leave it open)
    tells_of_own_groups: bool = True
    #: true: the app may write to groups and people of other companies
    shares_outside: bool = False
    #: calls of a month before 99991403; None for a paid edition
    monthly_quota: int | None = None


class PersonStatus(StrEnum):
    """Where an employee stands."""

    ACTIVE = "active"
    FROZEN = "frozen"
    RESIGNED = "resigned"
    #: invited, never logged in
    INACTIVE = "inactive"


@dataclass(slots=True, kw_only=True, eq=False)
class EmulatedPerson:
    """One employee. `account` is the open_id under this app."""

    account: str
    union_id: str
    user_id: str
    name: str
    departments: list[str]
    title: str = ""
    employee_no: str = ""
    email: str = ""
    mobile: str = ""
    leader: str = ""
    status: PersonStatus = PersonStatus.ACTIVE
    #: inside the app's availability range: can be messaged and added
    is_available: bool = True
    #: has stopped the bot in the private chat
    has_stopped_bot: bool = False
    #: another company's tenant key; empty for our own people
    guest_of: str = ""


@dataclass(slots=True, kw_only=True, eq=False)
class EmulatedDepartment:
    """One department; the root is `0` and is not kept."""

    id: str
    name: str
    parent: str = "0"
    leader: str = ""


@dataclass(slots=True, kw_only=True, eq=False)
class EmulatedChat:
    """A group, or the private chat of one person with the bot."""

    id: str
    name: str
    is_group: bool
    created_at: datetime
    members: list[str] = field(default_factory=list)
    #: open_id, or the app id where the bot owns the group
    owner: str = ""
    managers: list[str] = field(default_factory=list)
    description: str = ""
    has_bot: bool = True
    is_made_by_bot: bool = False
    is_dissolved: bool = False
    #: dissolved, and people may still read it
    keeps_history: bool = False
    #: people of other companies may be in it
    is_external: bool = False
    #: group settings as sent on creation, by their API names
    settings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionRecord:
    """One resolved mention in a message; `account` is the bot's open_id for the bot."""

    key: str
    account: str
    name: str
    is_bot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionRecord:
    """An emoji under a message. `account` is empty where the bot put it."""

    id: str
    emoji: str
    account: str
    at: datetime


@dataclass(slots=True, kw_only=True, eq=False)
class EmulatedMessage:
    """One message. `content` is the JSON string as events and history show it; `card` the parsed card."""

    id: str
    chat: str
    #: open_id, or the app id for the bot; for bots of other apps their app id
    sender: str
    is_from_bot: bool
    kind: str
    content: str
    created_at: datetime
    updated_at: datetime
    mentions: tuple[MentionRecord, ...] = ()
    mentions_all: bool = False
    parent: str = ""
    root: str = ""
    thread: str = ""
    card: Json | None = None
    uuid: str = ""
    is_recalled: bool = False
    is_edited: bool = False
    edits: int = 0
    urgent_to: list[str] = field(default_factory=list)
    reactions: list[ReactionRecord] = field(default_factory=list)
    read_by: dict[str, datetime] = field(default_factory=dict)
    #: name of the other app whose bot wrote it, empty for people and our own bot
    other_bot: str = ""
    #: clicks on the card that the app has not answered yet
    clicks_open: int = 0
    #: updates that came while a click was open: the client rolls them back (feishu.md 11)
    updates_under_click: int = 0
    #: how many cards it has shown so far
    versions: int = 0

    def show(self, card: Json, *, at: datetime) -> None:
        """From now on it looks like that."""
        self.card, self.updated_at = card, at
        self.versions += 1


class State:
    """The tenant's data and the sources of ids and randomness, all derived from one seed."""

    def __init__(self, *, app: EmulatedApp, options: EmulatorOptions, clock: Clock, seed: int) -> None:
        self.app = app
        self.options = options
        self.clock = clock
        self.dice = Random(seed)
        self.scopes: set[str] = set(app.scopes)
        #: departments and people that the app may read, None for all staff
        self.contact_range: frozenset[str] | None = None
        #: event types that nobody subscribed to in the console
        self.unsubscribed: set[str] = set()
        #: messages per chat and updates per message, whoever makes them
        self.target_windows = Windows()
        self.is_app_enabled = True
        self.people: dict[str, EmulatedPerson] = {}
        self.departments: dict[str, EmulatedDepartment] = {}
        self.chats: dict[str, EmulatedChat] = {}
        self.messages: dict[str, EmulatedMessage] = {}
        #: image and file keys with their bytes
        self.resources: dict[str, bytes] = {}
        self.changes = Changes()
        self._serial = 0

    def now(self) -> datetime:
        """The present instant of the injected clock."""
        return self.clock.now()

    def serial(self) -> int:
        """1, 2, 3 …"""
        self._serial += 1
        return self._serial

    def new_id(self, prefix: str) -> str:
        """A fresh opaque id, the same in every run with the same seed."""
        return f"{prefix}{self.dice.getrandbits(96):024x}{self.serial():06x}"

    def messages_of(self, chat: str) -> Iterator[EmulatedMessage]:
        """The messages of a chat in the order in which they were sent."""
        return (message for message in self.messages.values() if message.chat == chat)

    def person_by(self, kind: str, value: str) -> EmulatedPerson | None:
        """The person with that id of that kind (open_id, union_id, user_id, email)."""
        match kind:
            case "open_id":
                return self.people.get(value)
            case "union_id" | "user_id" | "email":
                return next((p for p in self.people.values() if value and getattr(p, kind) == value), None)
            case _:
                return None

    def id_of(self, account: str, kind: str) -> str:
        """The id of that kind of a person; for strangers and for the bot the given one."""
        person = self.people.get(account)
        if person is None:
            return account
        match kind:
            case "union_id":
                return person.union_id
            case "user_id":
                return person.user_id
            case _:
                return person.account

    def can_read_department(self, department: str) -> bool:
        """Inside the contact data range, by itself or with a department above it."""
        if self.contact_range is None:
            return True
        while department in self.departments:
            if department in self.contact_range:
                return True
            department = self.departments[department].parent
        return False

    def can_read_person(self, person: EmulatedPerson) -> bool:
        """One of our own people inside the contact data range."""
        if person.guest_of:
            return False
        if self.contact_range is None or person.account in self.contact_range:
            return True
        return any(self.can_read_department(one) for one in person.departments)

    def tenant_of(self, account: str) -> str:
        """The tenant key of a person's company."""
        person = self.people.get(account)
        return person.guest_of if person is not None and person.guest_of else self.app.tenant_key

    def name_of(self, account: str) -> str:
        """The display name of a person or of the bot."""
        if account in {self.app.app_id, self.app.bot_open_id}:
            return self.app.name
        person = self.people.get(account)
        return person.name if person is not None else account

    def live_chat(self, chat_id: str) -> EmulatedChat:
        """The chat, usable by the bot. Raises ApiError 230034, 232009, 230002."""
        chat = self.chats.get(chat_id)
        if chat is None:
            raise ApiError(230034, f"invalid receive_id {chat_id}")
        if chat.is_dissolved:
            raise ApiError(232009)
        if not chat.has_bot:
            raise ApiError(230002)
        return chat
