"""What was not understood of a command, with an example and the next step (ux.md A4 21)."""

from __future__ import annotations

from bot.errors import RuleViolation
from bot.messages import inert
from handlers.words import Words

#: how much of what was typed is quoted
QUOTED = 20


def misread(words: Words, what: str, typed: str, *, verb: str) -> RuleViolation:
    """The refusal to raise; `what` is one of the `what_…` words, `verb` the command (or the way of using one) whose
    example is shown."""
    return RuleViolation(
        "not_understood",
        {
            "what": words.say(f"what_{what}"),
            "typed": inert(typed.strip(), limit=QUOTED),
            "example": words.say(f"example_{verb}"),
            "next": words.say("fix_and_resend"),
        },
    )
