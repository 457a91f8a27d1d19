"""What the page needs from a platform: people who can be played, their chats, what they do there and what may go wrong.

A stage is filled by a platform's emulator. Everything somebody does on it reaches the bot over the platform's own wire;
there is no second way in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.config import PlatformsSection
from bot.stage_views import ChatView, FaultView, MessageView, PersonView, Toast, TraceRow

#: stand for an account where somebody mentions the bot or everybody
BOT, EVERYBODY = "@bot", "@all"
#: values of a form by field name; several where a field takes several
FormValues = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A real mention inside what somebody says."""

    account: str


Said = Sequence[str | Mentioned]


class Refused(Exception):
    """The platform's client does not let the person do it. `key` names the sentence (wording.py)."""

    def __init__(self, key: str, **facts: str) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """How events reach the bot at present."""

    #: one of `Stage.deliveries`
    delivery: str
    is_up: bool
    #: pushes that are not acknowledged and will be tried again
    waiting: int
    next_attempt_at: datetime | None
    #: address of the emulated platform
    address: str
    #: faults that are still to come
    faults: tuple[FaultView, ...] = field(default=())


class Stage(Protocol):
    """One emulated platform. Accounts, chats and messages go by the platform's own ids."""

    @property
    def platform(self) -> str:
        """Its short name, for example `feishu`."""
        ...

    @property
    def platforms(self) -> tuple[str, ...]:
        """Names of all platforms that it shows; one, for one that is a platform itself."""
        ...

    @property
    def bot_name(self) -> str:
        """How the bot is called in chats."""
        ...

    @property
    def deliveries(self) -> tuple[str, ...]:
        """Ways in which events can reach the bot, the usual one first."""
        ...

    @property
    def emoji(self) -> tuple[tuple[str, str], ...]:
        """Emoji that people can put under messages: the platform's key and how it looks."""
        ...

    @property
    def hears_all(self) -> bool:
        """Whether the bot hears what is said in groups without naming it."""
        ...

    @property
    def revision(self) -> int:
        """Grows with every visible change."""
        ...

    async def changed(self, *, after: int, at_most: float) -> int:
        """The revision as soon as it is above `after`, or whatever it is after `at_most` real seconds."""
        ...

    def touch(self) -> None:
        """Something visible changed outside of the platform: the clock, the bot."""
        ...

    async def start(self) -> None:
        """Open the platform on loopback."""
        ...

    async def stop(self) -> None:
        """Close it."""
        ...

    def sections(self, delivery: str) -> PlatformsSection:
        """What stands in the bot's configuration to use this platform."""
        ...

    async def connect(self, delivery: str, *, listener: str) -> bool:
        """Deliver in that way from now on; `listener` is the address of the bot. False when the bot does not answer."""
        ...

    # ------------------------------------------------------------ looking

    def people(self) -> tuple[PersonView, ...]:
        """Everybody who can be played, department by department."""
        ...

    def chats(self, account: str) -> tuple[ChatView, ...]:
        """The chats of a person, the one with the bot among them."""
        ...

    def messages(self, account: str, chat: str, *, limit: int) -> tuple[MessageView, ...]:
        """The newest messages of a chat, oldest first. Raises Refused when the person does not see it."""
        ...

    def standing(self, account: str, chat: str) -> tuple[str, ...]:
        """The ids of everything that was written into a chat, oldest first. Raises Refused as `messages` does."""
        ...

    def cards(self, account: str, chat: str) -> Mapping[str, int]:
        """The cards of a chat by their messages, each with how often it has changed its looks. May raise Refused."""
        ...

    def picture(self, key: str) -> bytes | None:
        """The bytes of a picture in a message."""
        ...

    def wire(self) -> Wire:
        """How events reach the bot at present."""
        ...

    def trace(self, *, limit: int) -> list[TraceRow]:
        """The newest traffic between platform and bot."""
        ...

    def detail(self, number: int) -> str:
        """The body of that line of the trace as JSON, empty for none."""
        ...

    # ------------------------------------------------------------ acting; every one may raise Refused

    async def says(self, account: str, chat: str, said: Said, *, quoting: str = "") -> str:
        """A text message; returns its id."""
        ...

    async def sends_picture(self, account: str, chat: str, content: bytes) -> None:
        """A picture."""
        ...

    async def reacts(self, account: str, message: str, emoji: str) -> None:
        """Put an emoji under a message, or take it away again."""
        ...

    async def recalls(self, account: str, message: str) -> None:
        """Take an own message back."""
        ...

    async def reads(self, account: str, chat: str) -> None:
        """Open a chat: what stands in it counts as read."""
        ...

    async def presses(self, account: str, message: str, button: str, form: FormValues) -> Toast | None:
        """Press a button of a card; what the client shows then."""
        ...

    def buttons(self, message: str) -> Mapping[str, str]:
        """What every button of a card sends along, by its words, in the platform's own form."""
        ...

    async def presses_as(self, account: str, message: str, sent: str, form: FormValues) -> Toast | None:
        """A press from a client that still shows an older card, or that lies about what it shows."""
        ...

    async def chooses(self, account: str, message: str, name: str, value: str) -> Toast | None:
        """Use a select or picker that stands outside a form."""
        ...

    def makes_group(self, account: str, name: str, members: Sequence[str], *, with_bot: bool) -> str:
        """A new group that the person owns; returns its id."""
        ...

    def adds(self, account: str, chat: str, members: Sequence[str]) -> None:
        """Let people in."""
        ...

    def removes(self, account: str, chat: str, member: str) -> None:
        """Put somebody out, or leave."""
        ...

    def moves_bot(self, account: str, chat: str, *, inside: bool) -> None:
        """Add the bot to a group, or put it out."""
        ...

    def renames(self, account: str, chat: str, name: str) -> None:
        """Give a group another name."""
        ...

    def dissolves(self, account: str, chat: str) -> None:
        """End a group."""
        ...

    # ------------------------------------------------------------ what goes wrong

    @property
    def faults(self) -> tuple[str, ...]:
        """Faults on offer, by their keys in wording.py."""
        ...

    async def strikes(self, fault: str) -> None:
        """Let this go wrong: the next time it can, or at once."""
        ...

    def clears_faults(self) -> None:
        """All is well again."""
        ...

    async def replays(self, push: str) -> Toast:
        """Send a push once more as it was."""
        ...

    # ------------------------------------------------------------ time

    def next_due(self) -> datetime | None:
        """When the platform itself does something next, such as another attempt to deliver."""
        ...

    async def settled(self) -> None:
        """Return when nothing is due or on its way at the present instant."""
        ...
