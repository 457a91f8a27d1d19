"""One command as it was given: what, by whom, where, and how it is answered (ux.md A4 15-19).

A command handler is a function `(Call) -> None`. It refuses by raising RuleViolation; the desk turns that into a sentence,
undoes what the handler wrote, and nothing else has to know how refusals read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.command import Command
from bot.domain.chart import Chart
from bot.domain.directory import Person
from bot.messages import Card, Rich, Target, Text, ToChat, ToPerson
from bot.routing import Context
from bot.updates import ChatType, MessageReceived
from handlers import effects
from handlers.words import Words

CommandHandler = Callable[["Call"], None]


@dataclass(slots=True)
class Call:
    """A command of a known person. `words` speaks that person's language."""

    context: Context
    command: Command
    message: MessageReceived
    person: Person
    words: Words
    #: given in a group, but nobody else's business: every answer goes to the private chat
    privately: bool = False
    #: the whole number of the object that was meant, once it is known
    code: str = ""
    #: what the first answer ends with
    ending: str = ""
    _answers: int = field(default=0)
    #: the group was told that the answer is in the private chat
    _has_pointed: bool = field(default=False)

    @property
    def is_private(self) -> bool:
        """True in the direct chat with the bot."""
        return self.message.chat_type is ChatType.DIRECT

    def say(self, key: str, **facts: object) -> None:
        """Answer where the command was given with a sentence of the catalogue."""
        self.answer(self.words.say(key, **facts))

    def answer(self, text: str | Rich) -> None:
        """Answer where the command was given; in a group quoting it."""
        if self.privately and not self.is_private:
            self.answer_privately(text)
            return
        body = self._ended(text)
        reply_to = None if self.is_private else self.message.message
        effects.post(self.context, self.message.chat, body, key=self._key(), reply_to=reply_to)

    def answer_privately(self, text: str | Rich) -> None:
        """Answer in the direct chat; a group is told only that it was (A4 18)."""
        if self.is_private:
            self.answer(text)
            return
        body = self._ended(text)
        effects.tell(self.context, self.person, body, key=self._key(), at_once=True, priority=effects.ANSWER)
        self.point()

    def point(self) -> None:
        """Say once in a group that the answer is in the private chat."""
        if self.is_private or self._has_pointed:
            return
        self._has_pointed = True
        pointer = effects.text(self.words.say("sent_privately"))
        effects.post(self.context, self.message.chat, pointer, key=self._key(), reply_to=self.message.message)

    def illustrate(self, chart: Chart) -> None:
        """A picture behind an answer that was given privately, where the platform shows pictures."""
        account = effects.account_of(self.context, self.person)
        target: Target | None = ToChat(self.message.chat) if self.is_private else ToPerson(account) if account else None
        if target is not None:
            alt = self.words.say("chart_not_shown", title=chart.title)
            effects.picture(self.context, target, chart, alt=alt, key=self._key(), priority=effects.ANSWER)

    def answer_about(self, code: str, words: str, *, secrecy: int) -> None:
        """Answer about an object: of what is sensitive in private, where the number alone stands in the preview (2.5, EC-74)."""
        if secrecy:
            self.answer_privately(effects.discreet(code, words))
        else:
            self.answer(words)

    def show(self, card: Card, *, card_id: str, revision: int | str, ref: str) -> None:
        """Answer where the command was given with a card that can be brought up to date later."""
        effects.show(
            self.context,
            ToChat(self.message.chat),
            card,
            card_id=card_id,
            revision=revision,
            ref=ref,
            priority=effects.ANSWER,
            reply_to=None if self.is_private else self.message.message,
        )

    def _ended(self, text: str | Rich) -> Rich:
        body = effects.text(text) if isinstance(text, str) else text
        ending, self.ending = self.ending, ""
        return (*body, Text(f"\n{ending}")) if ending else body

    def _key(self) -> str:
        self._answers += 1
        return f"answer:{self.message.message}:{self._answers}"


class Commands:
    """The table verb -> handler. Filled once at start; two handlers for one verb are an error of the program."""

    def __init__(self) -> None:
        self._handlers: dict[str, CommandHandler] = {}

    def on(self, verb: str, handler: CommandHandler) -> None:
        """Let `handler` answer that command."""
        if verb in self._handlers:
            raise ValueError(f"two handlers for {verb!r}")
        self._handlers[verb] = handler

    def of(self, verb: str) -> CommandHandler:
        """The handler of that command; KeyError without one."""
        return self._handlers[verb]

    @property
    def verbs(self) -> frozenset[str]:
        """Every command with a handler, for the parity test."""
        return frozenset(self._handlers)
