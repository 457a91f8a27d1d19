"""What can be done at once about a refused message: another manner of saying the same. Pure.

Each remedy is tried once, with the same key: a refused call has made nothing, so no duplicate can come of it.
"""

from __future__ import annotations

from dataclasses import replace

from adapters.feishu.errors import BAD_MENTION_CODES, GUARDED_CODES, NO_ANSWER_CODES, TOO_LONG_CODES
from adapters.feishu.render_text import Manner
from bot.errors import PlatformError
from bot.messages import EditCard, SendCard, SendText

#: how often a message that is said to be too long is made shorter
MOST_DIVISOR = 4


def remedy(problem: PlatformError, outbound: SendText | SendCard | EditCard, manner: Manner) -> Manner | None:
    """The manner of the next try, None when nothing is left to try."""
    is_answer = not isinstance(outbound, EditCard) and outbound.reply_to is not None
    if problem.code in NO_ANSWER_CODES and is_answer and manner.answers:
        return replace(manner, answers=False)
    if problem.code in BAD_MENTION_CODES and manner.mentions:
        return replace(manner, mentions=False)
    if problem.code in GUARDED_CODES and not manner.masks:
        return replace(manner, masks=True)
    if problem.code in TOO_LONG_CODES and manner.divisor < MOST_DIVISOR:
        return replace(manner, divisor=manner.divisor * 2)
    return None
