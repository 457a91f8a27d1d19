"""What a quoted message stands for: one of ours carries the number of what it is about (ux.md A4 5)."""

from __future__ import annotations

from bot.command import Command, Quoted
from bot.domain.codes import CodeRef, read_codes
from bot.domain.ids import Code, MessageKey
from bot.routing import Context


def whose(context: Context, quoted: MessageKey | None) -> Quoted:
    """Whether a text quotes nothing, somebody, or a message of ours."""
    if quoted is None:
        return Quoted.NOTHING
    return Quoted.BOT if context.uow.cards.find(message=str(quoted)) else Quoted.SOMEBODY


def code_of(context: Context, quoted: MessageKey | None) -> Code | None:
    """The number that a quoted message of ours is about, or of the reply clock that a quoted question started."""
    if quoted is None:
        return None
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
