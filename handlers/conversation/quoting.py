"""What a quoted message stands for: one of ours carries the number of what it is about (ux.md A4 5)."""

from __future__ import annotations

from bot.command import Command, Quoted
from bot.domain.codes import CodeRef, read_codes
from bot.domain.ids import Code, MessageKey
from bot.routing import Context

#: begins the id of a quote whose platform gives words and no id; what follows is the number that stands in the words
_BY_WORDS = "quoted:"


def by_words(code: Code, platform: str) -> MessageKey:
    """The id of a quote that is known only by a number in its words."""
    return MessageKey(platform, f"{_BY_WORDS}{code}")


def code_in(quoted: MessageKey) -> Code | None:
    """The number of such a quote, None for any other."""
    return Code(quoted.message.removeprefix(_BY_WORDS)) if quoted.message.startswith(_BY_WORDS) else None


def whose(context: Context, quoted: MessageKey | None) -> Quoted:
    """Whether a text quotes nothing, somebody, or a message of ours."""
    if quoted is None:
        return Quoted.NOTHING
    if code_in(quoted) is not None:
        return Quoted.BOT
    return Quoted.BOT if context.uow.cards.find(message=str(quoted)) else Quoted.SOMEBODY


def code_of(context: Context, quoted: MessageKey | None) -> Code | None:
    """The number that a quoted message of ours is about, or of the reply clock that a quoted question started."""
    if quoted is None:
        return None
    if (said := code_in(quoted)) is not None:
        return said
    for post in context.uow.cards.find(message=str(quoted)):
        if post.code:
            return Code(post.code)
    for clock in context.uow.clocks.find(message=str(quoted)):
        return clock.code
    return None


def with_code(context: Context, command: Command, quoted: MessageKey | None) -> tuple[CodeRef, ...]:
    """The codes of a command; where none was written, that of the quoted message."""
    if command.codes:
        return command.codes
    code = code_of(context, quoted)
    return read_codes(code)[0] if code is not None else ()
