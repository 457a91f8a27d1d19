"""Who has a record: whom it reached, as the platform said, and whom it has not reached (domain.md R-56).

Nobody can tell whether it was read. What is known is when the platform took the message for the person's chat.
"""

from __future__ import annotations

from bot.domain.ids import PersonId
from bot.domain.minutes import Minutes
from bot.routing import Context
from handlers.words import Words

#: the record in the trail that says to whom it was sent on
_FORWARDED = "sync_record_forwarded"
#: so many people are named
_MOST = 12


def line(context: Context, words: Words, minutes: Minutes) -> str:
    """Delivered to how many, the last of them when, and who is missing; empty for a record that was sent to nobody."""
    edition = minutes.edition
    to = _sent_to(context, minutes)
    if edition is None or not to:
        return ""
    reached = {
        reader.id: post.posted_at
        for post in context.uow.cards.find(code=minutes.code)
        if post.target_account is not None
        and post.posted_at is not None
        and post.posted_at >= edition.published_at
        and (reader := context.world.directory.by_account(post.target_account)) is not None
    }
    missing = [person for person in to if person not in reached]
    last = max((at for person, at in reached.items() if person in to and at is not None), default=None)
    if not missing:
        time = words.time(last) if last is not None else ""
        return words.say("record_delivered", count=len(to), time=time)
    names = words.listing(words.name(person) for person in missing[:_MOST])
    return words.say("record_not_delivered", count=len(to) - len(missing), all=len(to), names=names)


def _sent_to(context: Context, minutes: Minutes) -> tuple[PersonId, ...]:
    """The people to whom its newest version was sent on, as the trail has it; nobody where it was not sent on."""
    sent = [row.record for row in context.uow.audit.of(minutes.code) if row.record.action == _FORWARDED]
    return tuple(PersonId(one) for one in sent[-1].facts.get("to", "").split(",") if one) if sent else ()
