"""What a person sees on the screen of an emulated platform: chats, messages with names for mentions, cards as rendered.

The shapes are the same for every platform; what fills them, each platform says itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from adapters._emulator.wire_json import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenButton:
    """A button of a card."""

    text: str
    name: str
    element_id: str
    #: primary, danger, default …
    style: str
    is_disabled: bool
    is_in_form: bool
    submits_form: bool
    #: pressing it calls the bot
    calls_back: bool
    url: str
    #: the question asked before the click counts
    confirm: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenField:
    """An input of a card."""

    name: str
    label: str
    #: the element's tag: input, select_static, date_picker …
    kind: str
    is_required: bool
    is_multiline: bool
    #: (value, words) of a select
    options: tuple[tuple[str, str], ...]
    value: str
    placeholder: str
    max_length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenCard:
    """A card as rendered."""

    title: str
    subtitle: str
    #: the header's template
    colour: str
    tags: tuple[str, ...]
    #: every block of words in the body, in reading order; cells of one column set are blocks of their own
    texts: tuple[str, ...]
    #: the words of column sets and tables, row by row
    rows: tuple[tuple[str, ...], ...]
    buttons: tuple[SeenButton, ...]
    fields: tuple[SeenField, ...]
    #: the stored JSON, for assertions on details
    raw: Json

    @property
    def text(self) -> str:
        """All words, the header's included, one block a line."""
        return "\n".join(one for one in (self.title, self.subtitle, *self.tags, *self.texts) if one)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenMessage:
    """One message in a chat."""

    id: str
    chat: str
    at: datetime
    sender: str
    sender_name: str
    is_from_bot: bool
    kind: str
    text: str
    card: SeenCard | None
    #: accounts that a mention in it notifies
    mentions: tuple[str, ...]
    mentions_all: bool
    is_edited: bool
    is_recalled: bool
    #: it rings for the person who looks
    is_urgent: bool
    #: (emoji, account), account empty for the bot
    reactions: tuple[tuple[str, str], ...]
    reply_to: str
    thread: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenChat:
    """A chat in a person's list."""

    id: str
    name: str
    is_group: bool
    #: (account, name)
    members: tuple[tuple[str, str], ...]
    owner: str
    has_bot: bool
    is_dissolved: bool
    messages: tuple[SeenMessage, ...]
