"""What people do in a story: they write, take back, change, react, open the chat and press buttons."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

from bot.clock import VirtualClock
from bot.domain.directory import Person
from bot.domain.ids import AccountKey, ChatKey, MessageKey
from bot.ports import Answer, UnitOfWork
from bot.updates import (
    AnyUpdate,
    CardClicked,
    ChatType,
    ContentKind,
    DirectChatOpened,
    Mention,
    MessageEdited,
    MessageRecalled,
    MessageReceived,
    ReactionAdded,
    ReactionRemoved,
    Source,
    mention_token,
)
from tests.handlers.shown import Said, Shown

T = TypeVar("T")

PLATFORM = "feishu"
BOT = AccountKey(PLATFORM, "ou_bot")


class Deeds:
    """Turns what people do into updates. How these arrive is the business of the bench."""

    clock: VirtualClock
    #: where people act
    platform = PLATFORM
    _number = 0

    @property
    def bot(self) -> AccountKey:
        """The bot's own account there."""
        return AccountKey(self.platform, BOT.account)

    @contextmanager
    def on(self, platform: str) -> Iterator[None]:
        """People act on another platform for the length of a block."""
        before, self.platform = self.platform, platform
        try:
            yield
        finally:
            self.platform = before

    def read(self, work: Callable[[UnitOfWork], T]) -> T:
        """Look into the store."""
        raise NotImplementedError

    def happens(self, *updates: AnyUpdate) -> None:
        """These updates arrive."""
        raise NotImplementedError

    def presses(self, *clicks: CardClicked) -> list[Answer | None]:
        """These presses arrive."""
        raise NotImplementedError

    # ------------------------------------------------------------ people and places

    def person(self, name: str) -> Person:
        """The person of that name, as the directory has it now; the first of several."""
        found = self.read(lambda uow: [p for p in uow.people.find() if p.name == name])
        assert found, f"nobody is called {name}"
        return found[0]

    def account(self, who: str) -> AccountKey:
        """The account of a person of the company; a name nobody has is a stranger's."""
        people = self.read(lambda uow: [p for p in uow.people.find() if p.name == who or p.id == who])
        account = people[0].account_on(self.platform) if people else None
        return account or AccountKey(self.platform, f"ou_{who}")

    def chat(self, where: str | None, who: str) -> ChatKey:
        """The chat behind a group's id (`X1` for `G-X1`), or the private chat of a person with the bot."""
        if where is None:
            return ChatKey(self.platform, f"p2p_{self.account(who).account}")
        groups = self.read(lambda uow: uow.groups.find())
        known = {g.id: g.chat for g in groups} | {g.id.removeprefix("G-"): g.chat for g in groups}
        return known.get(where) or ChatKey(self.platform, where)

    # ------------------------------------------------------------ what people do

    def says(
        self,
        who: str,
        text: str,
        *,
        where: str | None = None,
        quotes: Said | Shown | MessageKey | None = None,
        content: ContentKind = ContentKind.TEXT,
        sent: timedelta = timedelta(0),
        thread: str = "",
        by_bot: bool = False,
        external: bool = False,
        message: str = "",
    ) -> Said:
        """Somebody writes. `sent` ago for a message that arrives late; `message` gives it an id of your own."""
        said = Said(self.message(who, text, where=where, quotes=quotes, content=content, sent=sent, thread=thread))
        said = Said(changed(said.update, sender_is_bot=by_bot, sender_is_external=external))
        if message:
            said = Said(changed(said.update, message=MessageKey(self.platform, message)))
        self.happens(said.update)
        return said

    def types(self, who: str, text: str, *, where: str | None = None) -> Said:
        """Somebody writes names by hand: only the bot, where it is named, is really mentioned."""
        bot = (Mention(self.bot, "回音", is_bot=True),) if "@回音" in text else ()
        update = self.message(who, "", where=where)
        said = Said(changed(update, text=text.replace("@回音", mention_token(0)), mentions=bot))
        self.happens(said.update)
        return said

    def message(
        self,
        who: str,
        text: str,
        *,
        where: str | None = None,
        quotes: Said | Shown | MessageKey | None = None,
        content: ContentKind = ContentKind.TEXT,
        sent: timedelta = timedelta(0),
        thread: str = "",
    ) -> MessageReceived:
        """The update of a message that was not received yet; give it to `happens`."""
        words, mentions = self._mentions(text)
        self._number += 1
        return MessageReceived(
            source=self.source(sent=sent),
            message=MessageKey(self.platform, f"om_{self._number}"),
            chat=self.chat(where, who),
            chat_type=ChatType.DIRECT if where is None else ChatType.GROUP,
            sender=self.account(who),
            content=content,
            text=words,
            mentions=mentions,
            reply_to=quotes.message if isinstance(quotes, Said | Shown) else quotes,
            thread=thread,
        )

    def recalls(self, said: Said, *, sent: timedelta = timedelta(0)) -> None:
        """The message is taken back."""
        self.happens(MessageRecalled(source=self.source(sent=sent), message=said.message, chat=said.update.chat))

    def edits(self, said: Said, text: str) -> None:
        """The message reads differently."""
        words, mentions = self._mentions(text)
        self.happens(
            MessageEdited(
                source=self.source(), message=said.message, chat=said.update.chat, text=words, mentions=mentions
            )
        )

    def reacts(self, who: str, to: Said, emoji: str, *, sent: timedelta = timedelta(0)) -> None:
        """Somebody puts an emoji on a message."""
        self.happens(
            ReactionAdded(source=self.source(sent=sent), message=to.message, operator=self.account(who), emoji=emoji)
        )

    def takes_back_reaction(self, who: str, to: Said, emoji: str) -> None:
        """The emoji goes again."""
        self.happens(ReactionRemoved(source=self.source(), message=to.message, operator=self.account(who), emoji=emoji))

    def opens_chat(self, who: str) -> None:
        """Somebody opens the private chat with the bot."""
        self.happens(DirectChatOpened(source=self.source(), chat=self.chat(None, who), account=self.account(who)))

    def clicks(self, who: str, button: str, *, card: Shown, answer: str = "", forged: str = "") -> Answer | None:
        """Somebody presses a button of a card as it was when it was shown; returns what he or she sees at once."""
        return self.click_together((who, button), card=card, answer=answer, forged=forged)[0]

    def click_together(
        self, *presses: tuple[str, str], card: Shown, answer: str = "", forged: str = ""
    ) -> list[Answer | None]:
        """Several presses that arrive before any of them is handled. `forged` is another code in the payload."""
        clicks = [self.click(who, button, card=card, answer=answer, forged=forged) for who, button in presses]
        return self.presses(*clicks)

    def click(self, who: str, button: str, *, card: Shown, answer: str = "", forged: str = "") -> CardClicked:
        """The update of a press that was not received yet."""
        pressed = next((b for b in card.card.buttons if button in (b.text, b.action)), None)
        assert pressed is not None, f"no button {button} on {card}"
        form = {f.name: answer for f in card.card.fields} if pressed.submits_form else {}
        return CardClicked(
            source=self.source(),
            operator=self.account(who),
            chat=ChatKey(self.platform, card.chat) if card.chat else None,
            message=card.message,
            action=pressed.action,
            params={**pressed.params, **({"code": forged} if forged else {})},
            form=form,
        )

    def source(self, *, sent: timedelta = timedelta(0)) -> Source:
        """A new event that happened `sent` ago and is received now."""
        self._number += 1
        now = self.clock.now()
        return Source(
            platform=self.platform,
            app="app",
            business_id=f"ev_{self._number}",
            received_at=now,
            happened_at=now - sent,
        )

    def _mentions(self, text: str) -> tuple[str, tuple[Mention, ...]]:
        """`@name` of people becomes what adapters make of a real mention; other names stay typed."""
        people = self.read(lambda uow: uow.people.find(is_active=True))
        known = {p.name: Mention(p.account_on(self.platform), p.name) for p in reversed(people)}
        known |= {p.id: Mention(p.account_on(self.platform), p.name) for p in people}
        known["回音"] = Mention(self.bot, "回音", is_bot=True)
        known["所有人"] = Mention(None, "所有人", is_everybody=True)
        found: list[Mention] = []

        def token(match: re.Match[str]) -> str:
            found.append(known[match.group(1)])
            return mention_token(len(found) - 1)

        names = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
        return re.sub(f"@({names})", token, text), tuple(found)


def changed(update: MessageReceived, **changes: Any) -> MessageReceived:
    """The same message with other fields."""
    return type(update)(**{name: getattr(update, name) for name in update.__struct_fields__} | changes)
