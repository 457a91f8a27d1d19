"""What else stops a reply clock besides messages: buttons, reactions and edits (domain.md 5.5; A-10, EC-32, EC-41).

Every function names the facts to tell a clock; whether they count is decided in `bot.domain.settling`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.ids import MessageKey, PersonId
from bot.domain.posts import Posts
from bot.domain.reply_clock import ClockFact, FactKind, ReplyClock
from bot.domain.tracking import Spoken, Stopped, Target, addressed, is_courtesy, represented, speaks_for, targets
from bot.errors import RuleViolation


def acknowledgement(clock: ReplyClock, person: PersonId, posts: Posts, *, at: datetime, text: str = "") -> ClockFact:
    """The button 已收到, with a line of answer where the message is 重点; give it to `sla.command`.

    Raises RuleViolation `no_right` for somebody of another department, `answer_required` when the line of answer to a 重点
    message is a mere courtesy (5.5, EC-41).
    """
    if not speaks_for(person, clock.department, posts):
        raise RuleViolation("no_right")
    if clock.is_key and is_courtesy(text):
        raise RuleViolation("answer_required")
    post = posts.post_in(person, clock.department)
    return ClockFact(
        kind=FactKind.ACKNOWLEDGED,
        at=at,
        by=person,
        standing_for=represented(person, clock, posts),
        text=text.strip(),
        by_member=post is None,
    )


def reactions(
    message: MessageKey,
    emoji: str,
    *,
    by: PersonId,
    at: datetime,
    clocks: Iterable[ReplyClock],
    posts: Posts,
    is_removed: bool = False,
) -> tuple[Stopped, ...]:
    """The clocks to tell of an emoji on a question by a post holder of the department; whether it counts is A-10."""
    kind = FactKind.REACTION_REMOVED if is_removed else FactKind.REACTION
    found: list[Stopped] = []
    for clock in clocks:
        if posts.post_in(by, clock.department) is None or message not in clock.messages:
            continue
        standing_for = represented(by, clock, posts)
        fact = ClockFact(kind=kind, at=at, by=by, standing_for=standing_for, message=message, text=emoji)
        found.append(Stopped(clock, fact))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edit takes away and what it adds; clocks for `added` start at the time of the edit (EC-32)."""

    removed: tuple[Stopped, ...]
    added: tuple[Target, ...]


def edited(spoken: Spoken, clocks: Iterable[ReplyClock], posts: Posts) -> Edited:
    """What follows from a message reading differently now; `spoken` is the new reading, `spoken.at` the time of the edit."""
    asked = {c.department: c for c in clocks if c.chat == spoken.chat and spoken.message in c.messages}
    still = {t.department for t in addressed(replace(spoken, words=f"【重点】{spoken.words}?"), posts)}
    fact = ClockFact(kind=FactKind.MENTION_REMOVED, at=spoken.at, by=spoken.sender, message=spoken.message)
    return Edited(
        removed=tuple(Stopped(c, fact) for d, c in asked.items() if d not in still),
        added=tuple(t for t in targets(spoken, posts) if t.department not in asked),
    )
