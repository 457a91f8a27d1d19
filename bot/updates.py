"""What comes in, in neutral words. Adapters make these; nothing here knows a platform.

Mentions inside `text` are tokens: U+E000, the index into `mentions`, U+E001. Adapters strip both characters from what
people typed before they put tokens in, so that a mention cannot be typed by hand (ux.md A4 14).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

from bot.domain.ids import AccountKey, ChatKey, MessageKey

MENTION_OPEN = "\ue000"
MENTION_CLOSE = "\ue001"
_TOKEN = re.compile(f"{MENTION_OPEN}(\\d+){MENTION_CLOSE}")


class ChatType(StrEnum):
    """Where a message was written."""

    DIRECT = "direct"
    GROUP = "group"


class ContentKind(StrEnum):
    """What a message is made of; only text is read (EC-40)."""

    TEXT = "text"
    IMAGE = "image"
    FILE = "file"
    VOICE = "voice"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where an update comes from and when.

    `business_id` is the identity that survives retries (P2 of reliability.md): the message id for messages, the event
    id otherwise. `happened_at` is the platform's time, None where the platform gives none (5.8 of domain.md decides
    whether it is believed).
    """

    platform: str
    app: str
    business_id: str
    received_at: datetime
    happened_at: datetime | None = None
    event_id: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """One person, the bot itself or everybody, named in a message."""

    account: AccountKey | None
    name: str
    is_bot: bool = False
    is_everybody: bool = False


class Update(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """Base of everything that comes in. Stored as JSON in the inbox before it is acknowledged."""

    source: Source


class MessageReceived(Update, frozen=True, kw_only=True, tag="message_received"):
    """Somebody wrote something that the bot can see."""

    message: MessageKey
    chat: ChatKey
    chat_type: ChatType
    sender: AccountKey
    #: True for messages of bots, ours or others (EC-36)
    sender_is_bot: bool = False
    content: ContentKind = ContentKind.TEXT
    text: str = ""
    mentions: tuple[Mention, ...] = ()
    #: the message this one answers or quotes
    reply_to: MessageKey | None = None
    #: the words of the message it quotes, where the platform does not say which one that is
    quoted: str = ""
    #: people the platform says are mentioned, where it does not say at which place of the text
    named: tuple[AccountKey, ...] = ()
    #: set only where the platform has threads (EC-42)
    thread: str = ""
    #: True when the sender belongs to another company (EC-84)
    sender_is_external: bool = False
    #: True when the platform vouches for the sender but not for the words: nothing is decided by them
    is_unsigned: bool = False


class MessageEdited(Update, frozen=True, kw_only=True, tag="message_edited"):
    """A message now reads differently."""

    message: MessageKey
    chat: ChatKey
    text: str
    mentions: tuple[Mention, ...] = ()


class MessageRecalled(Update, frozen=True, kw_only=True, tag="message_recalled"):
    """A message was taken back."""

    message: MessageKey
    chat: ChatKey


class ReactionAdded(Update, frozen=True, kw_only=True, tag="reaction_added"):
    """Somebody put an emoji on a message. `emoji` is the neutral form: 👍, OK, 收到, DONE, else the platform's name."""

    message: MessageKey
    operator: AccountKey
    emoji: str


class ReactionRemoved(Update, frozen=True, kw_only=True, tag="reaction_removed"):
    """An emoji was taken back."""

    message: MessageKey
    operator: AccountKey
    emoji: str


class CardClicked(Update, frozen=True, kw_only=True, tag="card_clicked"):
    """Somebody pressed a button of a card. `params` says what was pressed, never what is allowed."""

    operator: AccountKey
    chat: ChatKey | None
    message: MessageKey | None
    action: str
    params: dict[str, str] = {}
    form: dict[str, str] = {}


class ChatMembersChanged(Update, frozen=True, kw_only=True, tag="chat_members_changed"):
    """People came into or left a group."""

    chat: ChatKey
    joined: tuple[AccountKey, ...] = ()
    left: tuple[AccountKey, ...] = ()


class BotJoinedChat(Update, frozen=True, kw_only=True, tag="bot_joined_chat"):
    """The bot was put into a group."""

    chat: ChatKey
    name: str = ""
    operator: AccountKey | None = None
    is_external: bool = False


class BotLeftChat(Update, frozen=True, kw_only=True, tag="bot_left_chat"):
    """The bot was taken out of a group."""

    chat: ChatKey
    operator: AccountKey | None = None


class ChatDissolved(Update, frozen=True, kw_only=True, tag="chat_dissolved"):
    """A group does not exist any more."""

    chat: ChatKey
    operator: AccountKey | None = None


class ChatRenamed(Update, frozen=True, kw_only=True, tag="chat_renamed"):
    """A group has a new name."""

    chat: ChatKey
    name: str


class DirectChatOpened(Update, frozen=True, kw_only=True, tag="direct_chat_opened"):
    """A person opened the private chat with the bot, possibly for the first time (ux.md A4 26)."""

    chat: ChatKey
    account: AccountKey


class DirectoryChanged(Update, frozen=True, kw_only=True, tag="directory_changed"):
    """The platform's address book changed; the next sync reads what."""

    reason: str
    account: AccountKey | None = None


class Unreadable(Update, frozen=True, kw_only=True, tag="unreadable"):
    """A genuine, signed event whose shape we do not know. Kept so that it is visible, never guessed at."""

    event_type: str
    problem: str = ""


class Ignored(Update, frozen=True, kw_only=True, tag="ignored"):
    """A genuine event that nobody needs (for example a read receipt); counted, not stored as work."""

    event_type: str


AnyUpdate = (
    MessageReceived
    | MessageEdited
    | MessageRecalled
    | ReactionAdded
    | ReactionRemoved
    | CardClicked
    | ChatMembersChanged
    | BotJoinedChat
    | BotLeftChat
    | ChatDissolved
    | ChatRenamed
    | DirectChatOpened
    | DirectoryChanged
    | Unreadable
    | Ignored
)

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[AnyUpdate] = msgspec.json.Decoder(AnyUpdate)


def encode_update(update: AnyUpdate) -> bytes:
    """The JSON that the inbox keeps."""
    return _encoder.encode(update)


def decode_update(raw: bytes) -> AnyUpdate:
    """Inverse of `encode_update`; raises msgspec.ValidationError for anything else."""
    return _decoder.decode(raw)


def mention_token(index: int) -> str:
    """The text that stands for `mentions[index]`."""
    return f"{MENTION_OPEN}{index}{MENTION_CLOSE}"


def strip_tokens(text: str) -> str:
    """What a person typed, without characters that could pass for a mention token."""
    return text.replace(MENTION_OPEN, "").replace(MENTION_CLOSE, "")


def display_text(text: str, mentions: tuple[Mention, ...]) -> str:
    """The text as people see it: tokens become `@name`."""

    def name(match: re.Match[str]) -> str:
        index = int(match.group(1))
        return f"@{mentions[index].name}" if index < len(mentions) else ""

    return _TOKEN.sub(name, text)


def without_mentions(text: str) -> str:
    """What is left of a text when the mentions are taken out."""
    return _TOKEN.sub(" ", text).strip()


def lane_of(update: AnyUpdate) -> str:
    """Updates of one lane are handled in the order in which they were stored; lanes do not wait for each other."""
    match update:
        case MessageReceived() | MessageEdited() | MessageRecalled() | ChatMembersChanged() | BotJoinedChat():
            return str(update.chat)
        case BotLeftChat() | ChatDissolved() | ChatRenamed() | DirectChatOpened():
            return str(update.chat)
        case CardClicked():
            return str(update.chat) if update.chat is not None else str(update.operator)
        case ReactionAdded() | ReactionRemoved():
            return str(update.message)
        case DirectoryChanged() | Unreadable() | Ignored():
            return update.source.platform
