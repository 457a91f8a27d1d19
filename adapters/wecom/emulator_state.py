"""What the emulated platform knows: app, bot, people, departments, chats and messages, as plain records.

Only the emulator's own modules change these records. A group has two ids where the platform is read so: one for the app
that made it and one under which the bot hears it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from adapters._emulator.changes import Changes
from adapters._emulator.limits import Windows
from adapters._emulator.wire_json import Json
from adapters.wecom.emulator_codes import ApiError
from bot.clock import Clock

#: the company itself
ROOT = 1


class Transport(StrEnum):
    """How the platform hands over what the bot hears."""

    WEBHOOK = "webhook"
    STREAM = "stream"


class Voice(StrEnum):
    """Who speaks for the program in a chat."""

    APP = "app"
    BOT = "bot"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmulatedApp:
    """The self-built app and the intelligent bot as the admin console has them."""

    corp_id: str = "ww0123456789abcdef"
    agent_id: int = 1000002
    secret: str = "emulated-app-secret"  # noqa: S105 - the emulator's own sample
    token: str = "EmulatedToken0001"  # noqa: S105 - the emulator's own sample
    aes_key: str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
    bot_id: str = "aibEMULATED0001"
    bot_secret: str = "emulated-bot-secret"  # noqa: S105 - the emulator's own sample
    bot_token: str = "EmulatedBotToken1"  # noqa: S105 - the emulator's own sample
    bot_aes_key: str = "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba"
    name: str = "回音"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmulatorOptions:
    """Readings of what nobody could confirm, and settings of the console."""

    #: how the bot's pushes come
    delivery: Transport = Transport.STREAM
    #: the bot hears a group under the id that the app gave it (wecom.md 15)
    one_chat_id: bool = True
    #: the bot delivers encrypted ids of people, as one does that an ordinary member made
    encrypted_ids: bool = False
    #: a second `gettoken` kills the token before it
    token_dies_of_successor: bool = False
    #: an answer that updates a card brings another code
    update_brings_code: bool = False
    #: limits hold
    enforces_rates: bool = True
    #: addresses that may call; None for any
    trusted_ips: tuple[str, ...] | None = None
    #: seconds between attempts to push to the app, which are three in all; how long apart nobody says
    retries: tuple[float, ...] = (5.0, 5.0)
    #: real seconds until a push must be answered
    ack_seconds: float = 5.0


@dataclass(slots=True, kw_only=True, eq=False)
class EmulatedDepartment:
    """A department; its id is a number."""

    id: int
    name: str
    parent: int
    leader: str = ""


@dataclass(slots=True, kw_only=True, eq=False)
class EmulatedPerson:
    """An employee."""

    account: str
    name: str
    departments: list[int]
    title: str = ""
    leader: str = ""
    mobile: str = ""
    status: int = 1
    is_visible: bool = True

    @property
    def encrypted(self) -> str:
        """The id that a bot of an ordinary member delivers."""
        return f"wo{self.account.encode().hex():0<30}"[:40]


@dataclass(slots=True, kw_only=True, eq=False)
class EmulatedChat:
    """A group, or a person's private chat with the app or the bot."""

    id: str
    name: str
    members: list[str]
    is_group: bool
    #: who speaks for the program in a private chat
    voice: Voice = Voice.APP
    owner: str = ""
    #: the self-built app made it, and may write into it
    is_of_app: bool = False
    has_bot: bool = False
    #: somebody has talked to the bot here, so it may write
    knows_bot: bool = False
    #: the id under which the bot hears it
    bot_chat: str = ""
    is_dissolved: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class EmulatedMessage:
    """One message."""

    id: str
    chat: str
    #: the person, empty for the program
    sender: str
    kind: str
    text: str
    at: datetime
    mentions: tuple[str, ...] = ()
    mentions_bot: bool = False
    card: Json | None = None
    voice: Voice = Voice.APP
    versions: int = 0
    parent: str = ""
    #: the id that the call answered with, which all copies of one call share
    sent_as: str = ""
    is_recalled: bool = False

    @property
    def is_from_bot(self) -> bool:
        """Whether the program wrote it."""
        return not self.sender

    def show(self, card: Json) -> None:
        """From now on it looks like that."""
        self.card = card
        self.versions += 1


@dataclass(slots=True, kw_only=True, eq=False)
class Code:
    """Permission to change a card once."""

    task: str
    until: datetime
    is_spent: bool = False


class State:
    """The company's data and the sources of ids and randomness, all derived from one seed."""

    def __init__(self, *, app: EmulatedApp, options: EmulatorOptions, clock: Clock, seed: int) -> None:
        self.app = app
        self.options = options
        self.clock = clock
        self.dice = Random(seed)
        self.people: dict[str, EmulatedPerson] = {}
        self.departments: dict[int, EmulatedDepartment] = {
            ROOT: EmulatedDepartment(id=ROOT, name="公司", parent=0),
        }
        self.chats: dict[str, EmulatedChat] = {}
        self.messages: dict[str, EmulatedMessage] = {}
        self.codes: dict[str, Code] = {}
        #: card -> the message that shows it, per voice
        self.tasks: dict[tuple[Voice, str], list[str]] = {}
        self.resources: dict[str, bytes] = {}
        #: when the app uploaded what; an upload is good for three days (wecom.md 6.1)
        self.uploaded_at: dict[str, datetime] = {}
        #: address for one answer of the bot -> (chat, until)
        self.addresses: dict[str, tuple[str, datetime]] = {}
        self.is_app_enabled = True
        self.windows = Windows()
        self.changes = Changes()
        self._serial = 0

    def now(self) -> datetime:
        """The present instant of the injected clock."""
        return self.clock.now()

    def new_id(self, prefix: str) -> str:
        """A fresh opaque id, the same in every run with the same seed."""
        self._serial += 1
        return f"{prefix}{self.dice.getrandbits(64):016x}{self._serial:06x}"

    def person(self, account: str) -> EmulatedPerson | None:
        """The person, whatever letters the id is written in."""
        found = self.people.get(account)
        return found or next((p for p in self.people.values() if p.account.lower() == account.lower()), None)

    def name_of(self, account: str) -> str:
        """The display name of a person, or of the program."""
        person = self.people.get(account)
        return person.name if person is not None else account or self.app.name

    def too_many(self, name: str, limits: tuple[tuple[int, int], ...]) -> bool:
        """Count one of `name`; true when a limit, so many in so many seconds, does not allow it."""
        return self.options.enforces_rates and self.windows.take(name, limits, now=self.now()) > 0

    def new_number(self) -> str:
        """A fresh 64-bit number, as ids of people's messages to the app are."""
        self._serial += 1
        return str(self.dice.getrandbits(40) << 22 | self._serial)

    def messages_of(self, chat: str) -> Iterator[EmulatedMessage]:
        """The messages of a chat in the order in which they were sent."""
        return (message for message in self.messages.values() if message.chat == chat)

    def private(self, account: str, voice: Voice) -> EmulatedChat:
        """A person's chat with the app or with the bot."""
        key = f"{voice.value}:{account}"
        if key not in self.chats:
            self.chats[key] = EmulatedChat(id=key, name=self.app.name, members=[account], is_group=False, voice=voice)
        return self.chats[key]

    def is_heard(self, chat_id: str) -> bool:
        """Whether the bot knows a group by that id."""
        return any(chat.is_group and chat.bot_chat == chat_id for chat in self.chats.values())

    def heard(self, chat_id: str) -> EmulatedChat:
        """The group that the bot knows by that id. Raises ApiError 93006."""
        for chat in self.chats.values():
            if chat.is_group and chat.bot_chat == chat_id and chat.has_bot and not chat.is_dissolved:
                return chat
        raise ApiError(93006)

    def of_app(self, chat_id: str) -> EmulatedChat:
        """A group that the app made. Raises ApiError 86003, 86008."""
        chat = self.chats.get(chat_id)
        if chat is None or not chat.is_group or chat.is_dissolved:
            raise ApiError(86003)
        if not chat.is_of_app:
            raise ApiError(86008)
        return chat

    def has_media(self, key: str) -> bool:
        """Whether that was uploaded, and not too long ago."""
        at = self.uploaded_at.get(key)
        return at is not None and self.now() < at + timedelta(days=3)

    def new_code(self, task: str) -> str:
        """Permission to change a card: three days, once."""
        code = self.new_id("rc")
        self.codes[code] = Code(task=task, until=self.now() + timedelta(hours=72))
        return code

    def keep(self, message: EmulatedMessage) -> EmulatedMessage:
        """A new message stands in its chat."""
        self.messages[message.id] = message
        self.changes.touch()
        return message


@dataclass(slots=True, kw_only=True)
class Tokens:
    """Access tokens of the app."""

    state: State
    live: dict[str, datetime] = field(default_factory=dict)

    def give(self) -> tuple[str, int]:
        """A token and its life in seconds; while one lives it is the same one."""
        now = self.state.now()
        known = next((one for one, until in self.live.items() if until > now), None)
        if known is not None and not self.state.options.token_dies_of_successor:
            return known, max(1, int((self.live[known] - now).total_seconds()))
        self.live.clear()
        token = self.state.new_id("tok-")
        self.live[token] = now + timedelta(seconds=7200)
        return token, 7200

    def check(self, token: str) -> None:
        """Raises ApiError 41001, 40014, 42001."""
        if not token:
            raise ApiError(41001)
        until = self.live.get(token)
        if until is None:
            raise ApiError(40014)
        if until <= self.state.now():
            raise ApiError(42001)
