"""What goes out, in neutral words. Handlers make these; adapters render them.

Free text is data: a `Text` span is shown literally on every platform, whatever it contains (T13, EC-61). Only spans make
formatting, and only an `At` span makes a mention. `inert` is applied to every text that a person outside this program
wrote, before it goes into a span.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from bot.domain.chart import Chart
from bot.domain.ids import AccountKey, ChatKey, MessageKey


class Text(msgspec.Struct, frozen=True, tag_field="span", tag="text"):
    """Literal text; newlines are line breaks."""

    text: str
    bold: bool = False


class At(msgspec.Struct, frozen=True, tag_field="span", tag="at"):
    """A real mention of one person. `name` is shown where the platform cannot mention."""

    account: AccountKey
    name: str


class Link(msgspec.Struct, frozen=True, tag_field="span", tag="link"):
    """A link to an http or https address."""

    text: str
    url: str


Span = Text | At | Link
Rich = tuple[Span, ...]


class CardColour(StrEnum):
    """Colour by state only (ux.md A4 28). The state is also a word on the card."""

    #: waiting for the reader
    WAITING = "blue"
    #: less than ten minutes left
    SOON = "orange"
    #: overdue or refused
    OVERDUE = "red"
    DONE = "green"
    #: withdrawn, cancelled, expired
    CLOSED = "grey"


class ButtonStyle(StrEnum):
    """How much weight a button has; never two primary ones on a card."""

    PRIMARY = "primary"
    DANGER = "danger"
    PLAIN = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A key and its value; at most six on a card, keys of at most five characters."""

    key: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button. `params` come back with the click: object code, step version, MAC. Authority never stands in them."""

    id: str
    text: str
    action: str
    params: dict[str, str] = field(default_factory=dict)
    style: ButtonStyle = ButtonStyle.PLAIN
    #: the button submits the card's input fields
    submits_form: bool = False
    #: asked before the click counts; empty for none
    confirm: str = ""


class FieldKind(StrEnum):
    """Kinds of input on a card."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    DATE = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """An input on a card."""

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    #: (value, label) pairs for CHOICE
    choices: tuple[tuple[str, str], ...] = ()
    placeholder: str = ""
    value: str = ""
    max_length: int = 500
    #: what is wrong with it, shown beside the input; empty where nothing is
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One obligation on one card (ux.md A4 27-34). `fallback` carries the same facts as text."""

    kind: str
    title: str
    state: str
    colour: CardColour
    rows: tuple[Row, ...] = ()
    body: Rich = ()
    fields: tuple[Field, ...] = ()
    buttons: tuple[Button, ...] = ()
    link: Link | None = None
    footer: str = ""
    fallback: Rich = ()


class ToChat(msgspec.Struct, frozen=True, tag_field="to", tag="chat"):
    """Into a conversation the bot is in."""

    chat: ChatKey


class ToPerson(msgspec.Struct, frozen=True, tag_field="to", tag="person"):
    """A direct message to one account."""

    account: AccountKey


Target = ToChat | ToPerson


class Outbound(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """Base of every call that a platform is asked to make. Stored as JSON in the outbox."""


class SendText(Outbound, frozen=True, kw_only=True, tag="send_text"):
    """A text message, optionally as an answer to another."""

    target: Target
    body: Rich
    reply_to: MessageKey | None = None


class SendCard(Outbound, frozen=True, kw_only=True, tag="send_card"):
    """A card. `card_id` names the card for later edits; the receipt's message id is kept under it."""

    target: Target
    card_id: str
    card: Card
    reply_to: MessageKey | None = None


class EditCard(Outbound, frozen=True, kw_only=True, tag="edit_card"):
    """The same card in its present state. Last writer wins: a backlog costs one edit a card."""

    target: Target
    card_id: str
    message: MessageKey
    card: Card


class SendPicture(Outbound, frozen=True, kw_only=True, tag="send_picture"):
    """A chart as a picture; where none can be shown, `alt` as text.

    The figures travel in the row and are drawn when it is sent, so that nothing but the row has to outlive a restart.
    """

    target: Target
    chart: Chart
    alt: str


class Urge(Outbound, frozen=True, kw_only=True, tag="urge"):
    """Make the platform's in-app alarm ring for a message of ours (major issues, leader's decisions)."""

    message: MessageKey
    accounts: tuple[AccountKey, ...]


class CreateGroup(Outbound, frozen=True, kw_only=True, tag="create_group"):
    """Make a group with these people and the bot in it. The receipt carries the chat and who could not be added."""

    platform: str
    name: str
    description: str
    owner: AccountKey | None
    members: tuple[AccountKey, ...]


class AddMembers(Outbound, frozen=True, kw_only=True, tag="add_members"):
    """Invite people into a group; the receipt lists who could not be added and why."""

    chat: ChatKey
    members: tuple[AccountKey, ...]


class ReadMembers(Outbound, frozen=True, kw_only=True, tag="read_members"):
    """Ask who is in a group; the receipt carries the list."""

    chat: ChatKey


class LeaveChat(Outbound, frozen=True, kw_only=True, tag="leave_chat"):
    """The bot leaves a group (EC-84)."""

    chat: ChatKey


class LinkChats(Outbound, frozen=True, kw_only=True, tag="link_chats"):
    """What is heard in `heard_as` belongs to `chat`: two names of one group, where the bot is two things to a platform."""

    chat: ChatKey
    heard_as: ChatKey


AnyOutbound = (
    SendText | SendCard | SendPicture | EditCard | Urge | CreateGroup | AddMembers | ReadMembers | LeaveChat | LinkChats
)

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[AnyOutbound] = msgspec.json.Decoder(AnyOutbound)


def encode_outbound(outbound: AnyOutbound) -> bytes:
    """The JSON that the outbox keeps."""
    return _encoder.encode(outbound)


def decode_outbound(raw: bytes) -> AnyOutbound:
    """Inverse of `encode_outbound`; raises msgspec.ValidationError for anything else."""
    return _decoder.decode(raw)


def platform_of(outbound: AnyOutbound) -> str:
    """The platform that has to make the call."""
    match outbound:
        case SendText() | SendCard() | SendPicture() | EditCard():
            target = outbound.target
            return target.chat.platform if isinstance(target, ToChat) else target.account.platform
        case Urge():
            return outbound.message.platform
        case CreateGroup():
            return outbound.platform
        case AddMembers() | ReadMembers() | LeaveChat() | LinkChats():
            return outbound.chat.platform


def lane_of(outbound: AnyOutbound) -> str:
    """The first-in-first-out lane of a call: one conversation, or the platform for calls that have none."""
    match outbound:
        case SendText() | SendCard() | SendPicture() | EditCard():
            target = outbound.target
            return (
                str(target.chat)
                if isinstance(target, ToChat)
                else f"{target.account.platform}:~{target.account.account}"
            )
        case Urge():
            return f"{outbound.message.platform}:!urge"
        case CreateGroup():
            return f"{outbound.platform}:!groups"
        case AddMembers() | ReadMembers() | LeaveChat() | LinkChats():
            return str(outbound.chat)


#: Format characters that change how the text around them reads or hide in it: bidi controls and marks, BOM, soft hyphen.
_HARMFUL = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff\u00ad\u2028\u2029")


def inert(text: str, *, limit: int = 4000) -> str:
    """Foreign text made safe to show: no control, bidi or surrogate characters, at most `limit` characters.

    What is left is the same text to the eye (EC-66); cutting is marked with an ellipsis and never splits a surrogate
    pair or a combining sequence.
    """
    kept = "".join(
        c for c in text if c == "\n" or (c not in _HARMFUL and unicodedata.category(c) not in {"Cc", "Cs", "Co"})
    )
    if len(kept) <= limit:
        return kept
    end = limit - 1
    while end > 0 and (unicodedata.combining(kept[end]) or kept[end] == "\u200d" or kept[end - 1] == "\u200d"):
        end -= 1
    return kept[:end] + "…"


def plain(body: Rich) -> str:
    """The words of a rich text, for fallbacks, tests and platforms without formatting."""
    parts: list[str] = []
    for span in body:
        match span:
            case Text():
                parts.append(span.text)
            case At():
                parts.append(f"@{span.name}")
            case Link():
                parts.append(f"{span.text} {span.url}" if span.text else span.url)
    return "".join(parts)
