"""A platform in memory: it takes every call, keeps the cards that people see, and sends updates of what they do."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.directory import Person
from bot.domain.ids import AccountKey, ChatKey, MessageKey
from bot.messages import AddMembers, AnyOutbound, Button, Card, CreateGroup, EditCard, ReadMembers, SendCard, SendText
from bot.ports import Capabilities, ConnectionState, DirectorySnapshot, Finding, Intake, RawReply, RawRequest, Receipt
from bot.updates import CardClicked, ChatType, ContentKind, Mention, MessageReceived, Source, mention_token

PLATFORM = "feishu"
_BOT = "bot"
_AT = re.compile(r"@([\u4e00-\u9fff]{2,4})(?![\u4e00-\u9fff])")


@dataclass(frozen=True, slots=True)
class Standing:
    """A card as it stands in somebody's private chat."""

    message: MessageKey
    card: Card


@dataclass
class MemoryPlatform:
    """Implements `bot.ports.PlatformAdapter`; `now` is the virtual clock's."""

    now: Callable[[], datetime]
    platform: str = PLATFORM
    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(
            sees_all_group_messages=True,
            card_callback=True,
            card_update=True,
            card_forms=True,
            group_cards=True,
            group_member_event=True,
            create_group=True,
            keyed_sends=True,
        )
    )
    #: who is in which group
    rooms: dict[ChatKey, tuple[AccountKey, ...]] = field(default_factory=dict)
    #: account -> number of the object -> its card there
    cards: dict[str, dict[str, Standing]] = field(default_factory=dict)
    sent: int = 0
    _places: dict[MessageKey, str] = field(default_factory=dict)
    _number: int = 0

    # ------------------------------------------------------------ what people do

    def message(self, who: Person, text: str, people: dict[str, Person], *, chat: str, quotes: str) -> MessageReceived:
        """Somebody writes; `@姓名` are real mentions."""
        account = self._account(who)
        found: list[Mention] = []

        def token(match: re.Match[str]) -> str:
            named = people.get(match[1])
            if named is None:
                return match[0]
            found.append(Mention(self._account(named), named.name))
            return mention_token(len(found) - 1)

        words = _AT.sub(token, text)
        return MessageReceived(
            source=self._source(),
            message=MessageKey(self.platform, f"om_{self._number}"),
            chat=ChatKey(self.platform, chat or f"p2p_{account.account}"),
            chat_type=ChatType.GROUP if chat else ChatType.DIRECT,
            sender=account,
            content=ContentKind.TEXT,
            text=words,
            mentions=tuple(found),
            reply_to=MessageKey(self.platform, quotes) if quotes else None,
        )

    def click(self, who: Person, code: str, verb: str) -> CardClicked | None:
        """Somebody presses the button for that verb on the card of that object; None without one."""
        account = self._account(who)
        standing = self.cards.get(account.account, {}).get(code)
        button = _button(standing.card, verb) if standing is not None else None
        if standing is None or button is None:
            return None
        return CardClicked(
            source=self._source(),
            operator=account,
            chat=ChatKey(self.platform, f"p2p_{account.account}"),
            message=standing.message,
            action=button.action,
            params=dict(button.params),
            form={},
        )

    def _account(self, who: Person) -> AccountKey:
        return AccountKey(self.platform, who.accounts[self.platform])

    def _source(self) -> Source:
        self._number += 1
        now = self.now()
        return Source(
            platform=self.platform, app="app", business_id=f"ev_{self._number}", received_at=now, happened_at=now
        )

    # ------------------------------------------------------------ PlatformAdapter

    @property
    def hooks(self) -> tuple[tuple[str, str], ...]:
        return ()

    async def receive(self, request: RawRequest, intake: Intake) -> RawReply:
        raise NotImplementedError

    async def run(self, intake: Intake) -> None:
        raise NotImplementedError

    async def send(self, outbound: AnyOutbound, *, key: str) -> Receipt:  # noqa: ARG002 - every key is new here
        self.sent += 1
        match outbound:
            case SendText() | SendCard():
                message = MessageKey(self.platform, f"m_{self.sent}")
                if isinstance(outbound, SendCard):
                    self._keep(message, outbound)
                return Receipt(message=message)
            case EditCard():
                self._change(outbound)
                return Receipt(message=outbound.message)
            case CreateGroup():
                return self._room(ChatKey(self.platform, f"c_{self.sent}"), outbound.members)
            case AddMembers():
                return self._room(outbound.chat, outbound.members)
            case ReadMembers():
                return Receipt(chat=outbound.chat, members=self.rooms.get(outbound.chat, ()))
            case _:
                return Receipt()

    def _keep(self, message: MessageKey, outbound: SendCard) -> None:
        account = getattr(outbound.target, "account", None)
        if account is not None:
            self._places[message] = account.account
            code = outbound.card_id.partition("#")[0]
            self.cards.setdefault(account.account, {})[code] = Standing(message, outbound.card)

    def _change(self, outbound: EditCard) -> None:
        account = self._places.get(outbound.message)
        for code, standing in self.cards.get(account or "", {}).items():
            if standing.message == outbound.message:
                self.cards[account or ""][code] = Standing(outbound.message, outbound.card)
                return

    def _room(self, chat: ChatKey, accounts: tuple[AccountKey, ...]) -> Receipt:
        self.rooms[chat] = tuple(dict.fromkeys((*self.rooms.get(chat, ()), *accounts)))
        return Receipt(chat=chat, members=accounts)

    def budgets(self, outbound: AnyOutbound) -> tuple[tuple[str, int, int], ...]:  # noqa: ARG002 - without limits
        return ()

    async def directory(self) -> DirectorySnapshot:
        return DirectorySnapshot(platform=self.platform, people=(), departments=(), read_at=self.now())

    async def probe(self) -> list[Finding]:
        return []

    @property
    def connection(self) -> ConnectionState:
        return ConnectionState(is_connected=True)

    async def close(self) -> None:
        """There is nothing to let go of."""


def _button(card: Card, verb: str) -> Button | None:
    return next((b for b in card.buttons if b.params.get("verb") == verb and not b.submits_form), None)
