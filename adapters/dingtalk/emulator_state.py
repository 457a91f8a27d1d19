"""What the emulated platform knows: the app, people, departments, chats, messages and cards, as plain records.

Only the emulator's own modules change these records; tests read them through `DingTalkEmulator.what_sees`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from adapters._emulator.changes import Changes
from adapters._emulator.wire_json import Json
from bot.clock import Clock

ROOT = "1"
SEND_SCOPE = "qyapi_robot_sendmsg"
CARD_SCOPE = "Card.Instance.Write"
DING_SCOPE = "Premium.Ding.Write"
CHAT_WRITE_SCOPE, CHAT_READ_SCOPE = "qyapi_chat_manage", "qyapi_chat_read"
DEPARTMENTS_SCOPE, PERSON_SCOPE = "qyapi_get_department_list", "qyapi_get_member"
MEMBERS_SCOPE, MOBILE_SCOPE = "qyapi_get_department_member", "qyapi_get_member_by_mobile"
#: every permission point that some emulated call asks for (dingtalk.md 9)
ALL_SCOPES = frozenset(
    {
        SEND_SCOPE, CARD_SCOPE, DING_SCOPE, CHAT_WRITE_SCOPE, CHAT_READ_SCOPE, DEPARTMENTS_SCOPE, PERSON_SCOPE,
        MEMBERS_SCOPE, MOBILE_SCOPE,
    }
)  # fmt: skip


class Transport(StrEnum):
    """How the platform hands over events or robot messages."""

    WEBHOOK = "webhook"
    STREAM = "stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmulatedApp:
    """The internal app as the developer console has it."""

    client_id: str = "dingemulated0001app"
    client_secret: str = "emulated-client-secret-of-the-dingtalk-app"  # noqa: S105 - the emulator's own sample
    #: empty: the robot was made in this app, so that its code is the client id
    robot_code: str = ""
    agent_id: str = "1000001"
    corp_id: str = "dingcorp0000000000000001"
    name: str = "回音"
    #: events over HTTP only: 3 to 32 letters and digits, and 43 of them
    event_token: str = "emulatedEventToken1"  # noqa: S105 - the emulator's own sample
    event_aes_key: str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
    #: the bot as it stands in `atUsers` and `chatbotUserId`
    bot_id: str = "$:LWCP_v1:$bot"
    #: our own template: published, and with the variables of design.md section 3
    card_template_id: str = "0b1e7a52-3c1d-4e8f-9a60-5d7c2f4b8e10.schema"
    #: a group template, for groups of its kind
    group_template_id: str = "c3540000-emulated-group-template"
    scopes: frozenset[str] = ALL_SCOPES

    @property
    def robot(self) -> str:
        """The robot's code."""
        return self.robot_code or self.client_id


@dataclass(frozen=True, slots=True, kw_only=True)
class EmulatorOptions:
    """How strict and how fast the platform is. Figures of dingtalk.md; the second half is what it leaves UNCONFIRMED."""

    #: events; robot messages too unless `robot_delivery` says otherwise. Card callbacks go where each card says
    delivery: Transport = Transport.STREAM
    robot_delivery: Transport | None = None
    #: seconds of the clock between failed attempts of an event over HTTP
    retries: tuple[float, ...] = (10.0, 30.0)
    #: the same over the stream; unacknowledged ones are pushed again, how often is not published
    stream_retries: tuple[float, ...] = (15.0, 60.0, 300.0)
    #: real seconds the platform waits for an acknowledgement: stream, event over HTTP, card
    ack_seconds: float = 2.0
    event_seconds: float = 2.5
    card_seconds: float = 2.0
    #: seconds of the clock between two pings of the gateway
    ping_interval: float = 30.0
    #: seconds of the clock from the disconnect frame to the end of the connection
    farewell_seconds: float = 10.0
    enforces_rates: bool = True
    #: calls of one API in a second; some tenants have 40
    calls_per_second: int = 20
    #: calls of one address in 20 seconds before it is banned
    calls_of_an_address: int = 10_000
    #: paid calls and deliveries of a month, None without end (the standard edition has 5000 and 3000)
    monthly_calls: int | None = None
    monthly_pushes: int | None = None
    #: people in one batchSend; the page says 20, an error text says 100
    batch_people: int = 20
    session_life: timedelta = timedelta(minutes=90)
    #: true: a robot message that nobody acknowledged comes again with the same msgId (newer sources); false: never (DP)
    repeats_robot_messages: bool = True
    robot_retries: tuple[float, ...] = (15.0, 60.0)
    #: true: a newer connection takes the place of the older one (a third party claims so)
    newest_connection_only: bool = False
    #: true: the gateway sends CONNECTED and REGISTERED first
    greets: bool = False
    #: true: chat_* events come of every internal group; false: only of those that the app made
    tells_of_all_groups: bool = True
    #: true: `atUserIds` of groupMessages/send mentions people
    robot_messages_mention: bool = False
    #: false: no version of the app was published yet, and messages name nobody by his staffId
    is_published: bool = True
    #: true: a reply to a card carries its words, as a tree; false: nothing of it
    quotes_show_cards: bool = False
    #: true: the mentions of other people stay in the text that the robot gets
    keeps_other_mentions: bool = False
    #: true: orgRobots/add exists for this app
    adds_robot_by_api: bool = True
    #: true: the app's robot is in the groups that are made from the group template
    template_brings_robot: bool = True
    #: true: installed/groups/query exists for this app
    lists_robot_groups: bool = True
    #: true: getByDingTalkId exists for this app
    finds_by_dingtalk_id: bool = True
    #: true: DING is open to the edition of this organisation
    allows_ding: bool = True
    #: true: card callbacks and session replies use up the deliveries of the month
    callbacks_cost: bool = True
    #: true: what our template's button sends along stands one level down, under `params`, as its export is written
    nests_button_params: bool = False
    #: bytes of one variable of a card: 1024 is documented, products send far more
    card_value_bytes: int = 20 * 1024
    #: true: events over HTTP name the corpId as their owner, not the AppKey
    owner_is_corp: bool = False
    #: true: the fields of events over HTTP begin with capitals (`UserId`), as in the official examples
    capital_fields: bool = True
    #: true: a repeated event over HTTP carries a fresh timestamp, nonce and signature
    retry_signs_anew: bool = True
    #: true: legacy refusals come as errcode 88 with a sub_code
    wraps_legacy_codes: bool = False
    #: how long a `msgUuid` of a group webhook is remembered
    msg_uuid_life: timedelta = timedelta(hours=1)
    #: true: callbacks/failedResults of the new API exists, too
    lists_failed_events: bool = True
    #: seconds of the clock after a card was made within which a change leaves it broken on screens (seen in the field)
    card_rest_seconds: float = 0.0
    #: how long the link to a file can be fetched
    download_life: timedelta = timedelta(minutes=10)


class PersonStatus(StrEnum):
    """Where an employee stands."""

    ACTIVE = "active"
    #: invited, never logged in
    INACTIVE = "inactive"
    RESIGNED = "resigned"


@dataclass(slots=True, kw_only=True, eq=False)
class EmulatedPerson:
    """One employee. `account` is the userid, which is also the staffId."""

    account: str
    union_id: str
    dingtalk_id: str
    name: str
    departments: list[str]
    title: str = ""
    job_number: str = ""
    email: str = ""
    mobile: str = ""
    leader: str = ""
    status: PersonStatus = PersonStatus.ACTIVE
    #: inside the app's visible range: can be messaged, and the app may read about them
    is_available: bool = True
    #: gets so many messages that the platform holds more of them back for now
    is_flooded: bool = False
    #: another company's corpId; empty for our own people
    guest_of: str = ""


@dataclass(slots=True, kw_only=True, eq=False)
class EmulatedDepartment:
    """One department; the root is `1` and is not kept."""

    id: str
    name: str
    parent: str = ROOT
    leader: str = ""


@dataclass(slots=True, kw_only=True, eq=False)
class EmulatedChat:
    """A group, or the private chat of one person with the bot. `id` is the openConversationId."""

    id: str
    name: str
    is_group: bool
    created_at: datetime
    #: the legacy id
    chat_id: str = ""
    members: list[str] = field(default_factory=list)
    owner: str = ""
    managers: list[str] = field(default_factory=list)
    has_bot: bool = False
    is_made_by_app: bool = False
    is_dissolved: bool = False
    #: people of other companies may be in it; our robot may not
    is_external: bool = False
    #: the group template it was made from
    template: str = ""
    settings: Json = field(default_factory=dict)


@dataclass(slots=True, kw_only=True, eq=False)
class EmulatedMessage:
    """One message. `content` is the part of a callback that its msgtype names; `words` what the screen shows."""

    id: str
    chat: str
    #: userid, or the robot's code
    sender: str
    is_from_bot: bool
    kind: str
    created_at: datetime
    content: Json = field(default_factory=dict)
    words: str = ""
    mentions: tuple[str, ...] = ()
    mentions_all: bool = False
    #: of what the robot sent: processQueryKey, and carrierId of a delivered card
    key: str = ""
    #: outTrackId of the card it shows
    card: str = ""
    #: buttons of an ActionCard: words and address
    links: tuple[tuple[str, str], ...] = ()
    title: str = ""
    parent: str = ""
    is_recalled: bool = False
    urgent_to: list[str] = field(default_factory=list)
    reactions: list[tuple[str, str]] = field(default_factory=list)
    read_by: dict[str, datetime] = field(default_factory=dict)
    #: only they see it; empty for everybody
    recipients: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True, eq=False)
class EmulatedCard:
    """One card instance, wherever it was delivered to."""

    out_track_id: str
    template: str
    created_at: datetime
    callback_type: str
    route_key: str
    #: variables that everybody sees
    shared: dict[str, str] = field(default_factory=dict)
    #: variables of single people, laid over the shared ones
    private: dict[str, dict[str, str]] = field(default_factory=dict)
    #: what an answer to a click changed on the screen of who clicked, until the next update
    local: dict[str, dict[str, str]] = field(default_factory=dict)
    #: in which spaces it may be delivered, by their type
    spaces: frozenset[str] = frozenset()
    at_accounts: tuple[str, ...] = ()
    #: a change came too early; the next one repairs it
    is_torn: bool = False
    #: how many states it has shown so far
    versions: int = 1

    def seen_by(self, account: str) -> dict[str, str]:
        """The variables on one person's screen."""
        return self.shared | self.private.get(account, {}) | self.local.get(account, {})


class State:
    """The organisation's data and the sources of ids and randomness, all derived from one seed."""

    def __init__(self, *, app: EmulatedApp, options: EmulatorOptions, clock: Clock, seed: int) -> None:
        self.app = app
        self.options = options
        self.clock = clock
        self.dice = Random(seed)
        self.scopes: set[str] = set(app.scopes)
        #: event types that are not ticked in the console
        self.unsubscribed: set[str] = set()
        self.is_app_enabled = True
        #: only these addresses may call; None for all
        self.is_whitelisted = True
        #: published card templates, and those that are only drafts
        self.templates: set[str] = {app.card_template_id}
        self.draft_templates: set[str] = set()
        self.group_templates: set[str] = {app.group_template_id}
        self.people: dict[str, EmulatedPerson] = {}
        self.departments: dict[str, EmulatedDepartment] = {}
        self.chats: dict[str, EmulatedChat] = {}
        self.messages: dict[str, EmulatedMessage] = {}
        self.cards: dict[str, EmulatedCard] = {}
        #: media ids and download codes with their bytes
        self.resources: dict[str, bytes] = {}
        #: card callback routes of the HTTP mode: address and secret
        self.card_routes: dict[str, tuple[str, str]] = {}
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

    def with_key(self, key: str) -> list[EmulatedMessage]:
        """What one call of the robot sent, by its processQueryKey."""
        return [message for message in self.messages.values() if key and message.key == key]

    def chat_by_legacy_id(self, chat_id: str) -> EmulatedChat | None:
        """The group with that `chat…` id."""
        return next((chat for chat in self.chats.values() if chat_id and chat.chat_id == chat_id), None)

    def employee(self, account: str) -> EmulatedPerson | None:
        """One of our own people who still works here."""
        person = self.people.get(account)
        if person is None or person.guest_of or person.status is PersonStatus.RESIGNED:
            return None
        return person

    def name_of(self, account: str) -> str:
        """The display name of a person or of the bot."""
        if account in {self.app.robot, self.app.bot_id}:
            return self.app.name
        person = self.people.get(account)
        return person.name if person is not None else account
