"""Small things that must survive a restart and have no rules of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.heard import Heard
from bot.domain.ids import AccountKey, ChatKey, MessageKey, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPost:
    """A card that stands in a chat. `key` is `card_id@lane`; `message` comes with the platform's receipt."""

    key: str
    card_id: str
    code: str
    lane: str
    #: the target's account or chat in the form of its lane; rebuilt into a Target for edits
    target_chat: ChatKey | None = None
    target_account: AccountKey | None = None
    message: MessageKey | None = None
    posted_at: datetime | None = None
    #: number of the last state put on it; edits carry the next one
    serial: int = 0
    is_live: bool = True
    #: it waits to be sent and asks its reader to decide something; what nobody asks any more does not go out
    is_asking: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """An emoji somebody put on a message (or took off)."""

    by: PersonId
    emoji: str
    at: datetime
    is_removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenMessage:
    """A message somebody wrote, as far as clocks need it. Of its words at most 200 characters are kept, none for level 2."""

    message: MessageKey
    chat: ChatKey
    sender: PersonId | None
    sent_at: datetime
    #: what it said to whom, as far as clocks care; None when only a recall or a reaction is known of it yet
    heard: Heard | None = None
    #: reactions that were put on it, and taken off again, with the person and the neutral emoji
    reactions: tuple[Reaction, ...] = ()
    recalled_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A missing argument that was asked for; answered within five minutes by the same person in the same chat."""

    key: str
    person: PersonId
    chat: ChatKey
    command: str
    #: what is known already, in the words the person used
    given: str
    asked_for: str
    expires_at: datetime
    #: numbered choices (two people of one name), value per number
    choices: tuple[str, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """What a person set for himself or herself (`/设置`, `/静音`)."""

    person: PersonId
    language: str = ""
    timezone: str = ""
    muted_until: datetime | None = None
    greeted: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoable:
    """An own action that can be taken back within two minutes while nobody has acted on it (`/撤销`)."""

    key: str
    person: PersonId
    action: str
    ref: str
    #: version of the object right after the action; another version means somebody acted on it
    ref_version: int
    done_at: datetime
    facts: dict[str, str] = field(default_factory=dict)
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestIssue:
    """A digest that was sent. One per date, whatever happens (6.1)."""

    date: str
    cutoff_at: datetime
    window_from: datetime
    text: str
    issued_at: datetime
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened and that reports count (digest section 四); `secrecy` 2 is never shown."""

    key: str
    kind: str
    code: str
    at: datetime
    title: str = ""
    secrecy: int = 0
    detail: dict[str, str] = field(default_factory=dict)
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A named value of the company: parameters, plan, calendar, hash of the imported company file; JSON in `body`."""

    name: str
    body: str
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Keepsake:
    """What an adapter has to know again after a restart: a code that updates a card, two names of one group."""

    #: starts with the platform's name
    key: str
    value: str
    #: worthless from then on
    until: datetime
    version: int = 0
