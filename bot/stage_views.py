"""What the page shows, free of any platform: people, chats, messages and cards as plain records.

A stage fills them from its emulator; templates read them. Every text in here is foreign and is escaped when rendered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SpanKind(StrEnum):
    """How a stretch of words looks."""

    PLAIN = "plain"
    BOLD = "bold"
    MENTION = "mention"
    MUTED = "muted"
    #: what is not in order
    WRONG = "wrong"
    #: words that lead somewhere; the page shows the address and never follows it
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of words in one look."""

    text: str
    kind: SpanKind = SpanKind.PLAIN
    url: str = ""


Words = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """Somebody who can be played."""

    account: str
    #: id in the company file
    id: str
    name: str
    title: str
    department: str
    #: codes of the roles, the weightiest first; wording.py has the words
    roles: tuple[str, ...]
    #: title, role codes and id in lower case: what the search looks at besides the words that are shown
    sought: str
    unread: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatView:
    """A line of the chat list."""

    id: str
    name: str
    is_group: bool
    #: (account, name)
    members: tuple[tuple[str, str], ...]
    #: account, or empty where the bot owns it
    owner: str
    has_bot: bool
    unread: int
    #: something in it rings for the person
    is_urgent: bool
    last_sender: str
    last_words: str
    last_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonView:
    """A button of a card."""

    #: what the emulator finds it by: name, element id, else its words
    key: str
    words: str
    style: str
    is_disabled: bool
    submits: bool
    confirm: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """An input of a card."""

    name: str
    label: str
    kind: str
    is_required: bool
    is_multiline: bool
    options: tuple[tuple[str, str], ...]
    chosen: tuple[str, ...]
    placeholder: str
    max_length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One piece of a card's body. `kind` names the template; only what that kind needs is filled."""

    kind: str
    words: Words = ()
    #: what stands inside: a form, a panel, the cells of a row
    blocks: tuple[Block, ...] = ()
    #: table: the head and the lines under it
    head: tuple[str, ...] = ()
    lines: tuple[tuple[str, ...], ...] = ()
    button: ButtonView | None = None
    field: FieldView | None = None
    picture: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """A card."""

    title: str
    subtitle: str
    colour: str
    #: (words, colour)
    tags: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """One emoji under a message with those who put it there."""

    key: str
    #: how it looks; the key where the page has no picture of it
    emoji: str
    names: tuple[str, ...]
    is_mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """One message as one person sees it."""

    id: str
    at: datetime
    sender: str
    sender_name: str
    is_mine: bool
    is_from_bot: bool
    words: Words
    card: CardView | None
    picture: str
    #: sender and beginning of the message that this one answers
    quote: tuple[str, str] | None
    reactions: tuple[Reaction, ...]
    is_edited: bool
    is_recalled: bool
    is_urgent: bool
    #: a mention in it notifies the person who looks
    is_for_me: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Toast:
    """What a person sees for a moment after an action."""

    words: str
    #: info, success, warning or error
    kind: str = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultView:
    """A fault that is still to come."""

    #: key in wording.py
    key: str
    #: how many times
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerView:
    """A timer that is armed."""

    kind: str
    ref: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneView:
    """Something the engine has recorded in its audit trail."""

    number: int
    at: datetime
    action: str
    ref: str
    #: pairs of a text key and its value
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceRow:
    """A line of the inspector."""

    #: in, done or out
    direction: str
    at: datetime
    number: int
    #: event, action or call, by its own name
    title: str
    #: ok, bad or wait
    state: str
    #: what it is about
    ref: str = ""
    #: keys of short words about it
    marks: tuple[str, ...] = ()
    #: pairs of a text key and its value
    facts: tuple[tuple[str, str], ...] = ()
    #: there is a body to look at (`Stage.detail`)
    has_detail: bool = False
    #: a push that can be sent once more
    replay: str = ""
    #: how many alike happened one after the other
    times: int = 1
