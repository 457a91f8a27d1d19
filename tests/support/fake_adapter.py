"""A platform that exists in memory only: it keeps what was sent, and does what a test tells it to.

It implements `bot.ports.PlatformAdapter` without a mock in it: keyed sends are recognised, edited cards change, messages
that are gone cannot be edited. `fail` and `hang` are how a test makes the platform misbehave.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.domain.ids import AccountKey, ChatKey, MessageKey
from bot.errors import FailureKind, PlatformError, WebhookRejected
from bot.messages import (
    AddMembers,
    AnyOutbound,
    CreateGroup,
    EditCard,
    LeaveChat,
    LinkChats,
    ReadMembers,
    SendCard,
    SendPicture,
    SendText,
    Urge,
    lane_of,
    plain,
)
from bot.ports import (
    Capabilities,
    ConnectionState,
    DirectorySnapshot,
    Finding,
    Intake,
    RawReply,
    RawRequest,
    Receipt,
    Severity,
)
from bot.updates import AnyUpdate, decode_update

#: what a test may put in the way of a call: None lets it through, an error is raised before anything happens
Trouble = Callable[[AnyOutbound], PlatformError | None]


@dataclass(slots=True)
class Sent:
    """One call that took effect."""

    outbound: AnyOutbound
    key: str
    lane: str
    message: MessageKey | None
    at: datetime


@dataclass
class FakeAdapter:
    """One platform in memory. `now` tells the time that is noted with each call."""

    platform: str = "feishu"
    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(card_update=True, group_cards=True, keyed_sends=True)
    )
    limits: tuple[tuple[str, int, int], ...] = ()
    now: Callable[[], datetime] = lambda: datetime(2026, 1, 1, tzinfo=UTC)

    def __post_init__(self) -> None:
        self.sent: list[Sent] = []
        #: every call that reached the platform, whatever became of it
        self.calls: list[AnyOutbound] = []
        self.gone: set[MessageKey] = set()
        #: who is in which group; tests may write here what people did on their own
        self.rooms: dict[ChatKey, tuple[AccountKey, ...]] = {}
        #: accounts that cannot be added to groups, with the reason
        self.unwilling: dict[AccountKey, str] = {}
        #: groups of which the platform does not tell who is in them
        self.untold: set[ChatKey] = set()
        #: what the address book says
        self.address_book = DirectorySnapshot(platform=self.platform, people=(), departments=(), read_at=self.now())
        self.in_flight: list[str] = []
        self.most_in_flight = 0
        self.is_closed = False
        self._known: dict[str, Receipt] = {}
        self._troubles: deque[Trouble] = deque()
        self._standing: Trouble | None = None
        self._gate: asyncio.Event | None = None
        self._number = 0

    # ------------------------------------------------------------ what a test does to it

    def fail(
        self, kind: FailureKind, *, times: int = 1, after_effect: bool = False, retry_ms: int | None = None
    ) -> None:
        """The next calls fail; with `after_effect` only after they took effect (F7)."""
        problem = PlatformError(kind, code=f"test_{kind.value}", operation="send", retry_after_ms=retry_ms)

        def trouble(outbound: AnyOutbound) -> PlatformError:
            if after_effect:
                self._take_effect(outbound, self._key)
            return problem

        self._troubles.extend([trouble] * times)

    def outage(self, trouble: Trouble | None) -> None:
        """Every call is asked about, until told otherwise; None ends the outage."""
        self._standing = trouble

    def hold(self) -> asyncio.Event:
        """Calls hang until the event that is returned is set."""
        self._gate = asyncio.Event()
        return self._gate

    def texts(self, lane: str | None = None) -> list[str]:
        """Words of all text messages and cards' titles that took effect, of one lane or of all."""
        return [_words(one.outbound) for one in self.sent if lane is None or one.lane == lane]

    # ------------------------------------------------------------ PlatformAdapter

    @property
    def hooks(self) -> tuple[tuple[str, str], ...]:
        return (("POST", f"/hooks/{self.platform}"),)

    async def receive(self, request: RawRequest, intake: Intake) -> RawReply:
        try:
            update: AnyUpdate = decode_update(request.body)
        except ValueError:
            raise WebhookRejected from None
        await intake.accept([update])
        return RawReply(status=200, body=b"{}")

    async def run(self, intake: Intake) -> None:
        """There is no long connection."""

    async def send(self, outbound: AnyOutbound, *, key: str) -> Receipt:
        lane = lane_of(outbound)
        self.calls.append(outbound)
        self.in_flight.append(lane)
        self.most_in_flight = max(self.most_in_flight, len(self.in_flight))
        # what had to wait for an opening goes through a lane of its own beside the conversation's
        assert self.in_flight.count(lane) <= 2, f"three calls of conversation {lane} at once"
        try:
            if self._gate is not None:
                await self._gate.wait()
            await asyncio.sleep(0)
            return self._answer(outbound, key)
        finally:
            self.in_flight.remove(lane)

    def budgets(self, outbound: AnyOutbound) -> tuple[tuple[str, int, int], ...]:
        return tuple((name.format(lane=lane_of(outbound)), period, burst) for name, period, burst in self.limits)

    async def directory(self) -> DirectorySnapshot:
        return replace(self.address_book, read_at=self.now())

    async def probe(self) -> list[Finding]:
        return [Finding(id=f"{self.platform}.fake", severity=Severity.OK, message="in memory")]

    @property
    def connection(self) -> ConnectionState:
        return ConnectionState(is_connected=not self.is_closed)

    async def close(self) -> None:
        self.is_closed = True

    # ------------------------------------------------------------ inside

    def _answer(self, outbound: AnyOutbound, key: str) -> Receipt:
        self._key = key
        trouble = self._troubles.popleft() if self._troubles else self._standing
        problem = trouble(outbound) if trouble is not None else None
        if problem is not None:
            raise problem
        return self._take_effect(outbound, key)

    def _take_effect(self, outbound: AnyOutbound, key: str) -> Receipt:
        if self.capabilities.keyed_sends and key in self._known and not isinstance(outbound, EditCard):
            return self._known[key]
        if isinstance(outbound, EditCard) and outbound.message in self.gone:
            raise PlatformError(FailureKind.GONE, code="test_gone", operation="edit")
        receipt = self._receipt(outbound)
        self.sent.append(Sent(outbound, key, lane_of(outbound), receipt.message, self.now()))
        self._known[key] = receipt
        return receipt

    def _receipt(self, outbound: AnyOutbound) -> Receipt:
        self._number += 1
        match outbound:
            case SendText() | SendCard() | SendPicture():
                return Receipt(message=MessageKey(self.platform, f"m{self._number}"))
            case EditCard():
                return Receipt(message=outbound.message)
            case CreateGroup():
                made = self._invite(ChatKey(self.platform, f"c{self._number}"), outbound.members)
                return replace(made, wants_bot=self.capabilities.joins_by_hand)
            case AddMembers():
                return self._invite(outbound.chat, outbound.members)
            case ReadMembers():
                if outbound.chat in self.untold:
                    return Receipt(chat=outbound.chat, members_untold=True)
                return Receipt(chat=outbound.chat, members=self.rooms.get(outbound.chat, ()))
            case LeaveChat() | LinkChats():
                return Receipt(chat=outbound.chat)
            case Urge():
                return Receipt(message=outbound.message)

    def _invite(self, chat: ChatKey, accounts: tuple[AccountKey, ...]) -> Receipt:
        joined = tuple(a for a in accounts if a not in self.unwilling)
        self.rooms[chat] = tuple(dict.fromkeys((*self.rooms.get(chat, ()), *joined)))
        refused = {a.account: self.unwilling[a] for a in accounts if a in self.unwilling}
        return Receipt(chat=chat, members=joined, refused=refused)


def _words(outbound: AnyOutbound) -> str:
    match outbound:
        case SendText():
            return plain(outbound.body)
        case SendCard():
            return outbound.card.title
        case EditCard():
            return f"{outbound.card.title} (edited)"
        case SendPicture():
            return f"[{outbound.chart.title}]"
        case _:
            return type(outbound).__name__
