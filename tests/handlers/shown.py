"""What people said and what the bot showed, in the words of a story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.charts import described
from bot.domain.ids import AccountKey, MessageKey
from bot.messages import At, Card, CardColour, EditCard, SendCard, SendPicture, SendText, ToPerson, plain
from bot.updates import MessageReceived
from tests.support.fake_adapter import Sent

BEIJING = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Said:
    """A message that somebody wrote."""

    update: MessageReceived

    @property
    def message(self) -> MessageKey:
        return self.update.message


@dataclass(frozen=True, slots=True)
class Shown:
    """Something the bot sent: a text, a card, or a card's new state."""

    sent: Sent
    #: name of the one reader, empty for a group
    reader: str
    chat: str

    @property
    def card(self) -> Card:
        assert isinstance(self.sent.outbound, SendCard | EditCard), f"not a card: {self.words}"
        return self.sent.outbound.card

    @property
    def message(self) -> MessageKey | None:
        return self.sent.message

    @property
    def is_update(self) -> bool:
        return isinstance(self.sent.outbound, EditCard)

    @property
    def words(self) -> str:
        """Everything on it that a person can read."""
        out = self.sent.outbound
        match out:
            case SendText():
                return plain(out.body)
            case SendPicture():
                return f"[图] {described(out.chart)}"
            case SendCard() | EditCard():
                rows = "\n".join(f"{row.key}：{row.value}" for row in out.card.rows)
                buttons = " ".join(f"[{b.text}]" for b in out.card.buttons)
                head = f"{out.card.title}｜{out.card.state}"
                return "\n".join((head, plain(out.card.body), rows, buttons, out.card.footer))
            case _:
                return type(out).__name__

    @property
    def mentioned(self) -> set[str]:
        out = self.sent.outbound
        body = out.body if isinstance(out, SendText) else out.card.body if isinstance(out, SendCard | EditCard) else ()
        return {span.name for span in body if isinstance(span, At)}

    def __str__(self) -> str:
        to = self.reader or f"#{self.chat}"
        kind = type(self.sent.outbound).__name__
        return f"[{self.sent.at.astimezone(BEIJING):%m-%d %H:%M:%S}] {kind} -> {to}: {self.words}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a story expects of something shown; what is None or empty does not matter."""

    to: str | None = None
    chat: str | None = None
    contains: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    state: str | None = None
    colour: CardColour | None = None
    buttons: tuple[str, ...] | None = None

    def fits(self, shown: Shown) -> bool:
        """Is this it?"""
        if self.to not in (None, shown.reader) or self.chat not in (None, shown.chat):
            return False
        if not all(part in shown.words for part in self.contains) or not set(self.mentions) <= shown.mentioned:
            return False
        if isinstance(shown.sent.outbound, SendText | SendPicture):
            return True
        card = shown.card
        texts = tuple(button.text for button in card.buttons)
        return self.state in (None, card.state) and self.colour in (None, card.colour) and self.buttons in (None, texts)


def shown_of(sent: Sent, people: Mapping[AccountKey | None, str]) -> Shown:
    """Who could read it, by name."""
    out = sent.outbound
    if not isinstance(out, SendText | SendCard | SendPicture | EditCard):
        return Shown(sent, "", "")
    if isinstance(out.target, ToPerson):
        account = out.target.account
        return Shown(sent, people.get(account, account.account), f"p2p_{account.account}")
    chat = out.target.chat.chat
    if not chat.startswith("p2p_"):
        return Shown(sent, "", chat)
    account = AccountKey(out.target.chat.platform, chat.removeprefix("p2p_"))
    return Shown(sent, people.get(account, account.account), chat)


def each(wanted: str | Sequence[str]) -> tuple[str, ...]:
    """One or several."""
    return (wanted,) if isinstance(wanted, str) else tuple(wanted)
