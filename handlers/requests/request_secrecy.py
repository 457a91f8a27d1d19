"""`密级 XQ-15 涉密`, `知悉范围 XQ-15 @人` (domain.md 2.5; EC-72): every card follows at once."""

from __future__ import annotations

from bot.domain import request_secrecy as secrecy
from bot.domain.confidentiality import word_of
from bot.domain.request import Request
from bot.domain.request_secrecy import Keepers
from bot.errors import RuleViolation
from bot.routing import Context
from handlers import level_words
from handlers.deeds import Deed, Done
from handlers.requests import request_notices as notices
from handlers.requests import request_rights as rights
from handlers.requests.request_commits import Step, commit
from handlers.requests.request_notices import named


def keepers_of(context: Context, request: Request) -> Keepers:
    """Whoever acts as head of the lead, as secretary and as leader now."""
    posts = context.world.posts
    head = posts.head_of(request.lead)
    return Keepers(
        lead_head=head.acting if head is not None else None, secretary=posts.secretary(), leader=posts.leader()
    )


def on_secrecy(deed: Deed, request: Request) -> Done:
    """Raised at once by one; lowered when lead head and leader have both said so. Raises RuleViolation."""
    rights.require_sight(deed.context, request)
    level = level_words.level_of(deed)
    keepers = keepers_of(deed.context, request)
    change = secrecy.lowering if level < request.secrecy else secrecy.raised
    after = change(request, level, by=deed.person.id, keepers=keepers)
    step = Step(action="request_reclassified", verb="secrecy", reason=f"{request.secrecy}>{int(level)}")
    stored = commit(deed.context, request, after, step)
    word = word_of(level)
    what = named(deed.words, stored)
    if stored.secrecy == level:
        return Done(deed.words.say("request_level_set", what=what, level=word), is_private=True)
    others = (keepers.lead_head, keepers.leader)
    readers = notices.people(deed.context, (p for p in others if p is not None and p not in stored.lower_agreed))
    event = f"lower:{stored.version}"
    name = deed.person.name
    notices.tell(
        deed.context, readers, stored, "request_told_lowering", event=event, is_owed=True, name=name, level=word
    )
    names = deed.words.listing(reader.name for reader in readers)
    return Done(deed.words.say("request_level_asked", what=what, level=word, names=names), is_private=True)


def on_access(deed: Deed, request: Request) -> Done:
    """One more reader, or `移出` one; in private only. Raises RuleViolation."""
    rights.require_sight(deed.context, request)
    if not deed.is_private:
        raise RuleViolation("not_found_or_no_right")
    readers = level_words.people_of(deed)
    change = secrecy.without_reader if level_words.is_removing(deed) else secrecy.with_reader
    after, keepers = request, keepers_of(deed.context, request)
    for reader in readers:
        after = change(after, reader.id, by=deed.person.id, keepers=keepers)
    stored = commit(deed.context, request, after, Step(action="request_readers", verb="access"))
    names = deed.words.listing(deed.words.name(person) for person in stored.access)
    return Done(deed.words.say("request_readers", what=named(deed.words, stored), names=names), is_private=True)
