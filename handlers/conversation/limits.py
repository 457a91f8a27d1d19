"""How much one person may ask of the bot: 30 commands and 20 look-ups a minute (T19, EC-73).

Taken outside a command's own savepoint, so that what is refused is counted like what is granted.
"""

from __future__ import annotations

from bot.domain.directory import Person
from bot.routing import Context

COMMANDS_A_MINUTE = 30
LOOK_UPS_A_MINUTE = 20


def may_command(context: Context, person: Person) -> bool:
    """Count one more command; False when there were too many. The bot is silent then: an answer would be one more message."""
    return _take(context, f"commands:{person.id}", COMMANDS_A_MINUTE)


def may_look_up(context: Context, person: Person) -> bool:
    """Count one more look-up of a number; False when there were too many."""
    return _take(context, f"look-ups:{person.id}", LOOK_UPS_A_MINUTE)


def _take(context: Context, name: str, a_minute: int) -> bool:
    period = 60_000 // a_minute
    return context.uow.outbox.take_budget(name, now=context.now, period_ms=period, burst=a_minute) <= context.now
