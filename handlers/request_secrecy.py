"""`密级 XQ-15 涉密`, `知悉范围 XQ-15 @人` (domain.md 2.5; EC-72): every card follows at once."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain import request_secrecy as secrecy
from bot.domain.confidentiality import LEVEL_WORDS, Secrecy, word_of
from bot.domain.directory import Person
from bot.domain.request import Request
from bot.domain.request_secrecy import Keepers
from bot.errors import RuleViolation
from bot.routing import Context
from handlers import request_notices as notices
from handlers import request_rights as rights
from handlers.addressees import people_of
from handlers.deeds import Deed, Done
from handlers.form_names import CompanyNames
from handlers.request_commits import Step, commit
from handlers.request_notices import named

_ENGLISH = {"normal": Secrecy.NORMAL, "sensitive": Secrecy.SENSITIVE, "confidential": Secrecy.CONFIDENTIAL}
_REMOVING = ("移出", "移除", "删除", "remove")


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
    level = _level(deed.text)
    if level is None:
        raise RuleViolation("level_which", {"code": request.code})
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


def _level(text: str) -> Secrecy | None:
    plain = "".join(text.split()).lower()
    known = {**LEVEL_WORDS, "敏感": Secrecy.SENSITIVE, **_ENGLISH}
    return next((level for word, level in known.items() if word in plain), None)


def on_access(deed: Deed, request: Request) -> Done:
    """One more reader, or `移出` one; in private only. Raises RuleViolation."""
    rights.require_sight(deed.context, request)
    if not deed.is_private:
        raise RuleViolation("not_found_or_no_right")
    readers = tuple(_meant(deed))
    if not readers:
        raise RuleViolation("access_whom", {"code": request.code})
    change = secrecy.without_reader if any(word in deed.text.lower() for word in _REMOVING) else secrecy.with_reader
    after, keepers = request, keepers_of(deed.context, request)
    for reader in readers:
        after = change(after, reader.id, by=deed.person.id, keepers=keepers)
    stored = commit(deed.context, request, after, Step(action="request_readers", verb="access"))
    names = deed.words.listing(deed.words.name(person) for person in stored.access)
    return Done(deed.words.say("request_readers", what=named(deed.words, stored), names=names), is_private=True)


def _meant(deed: Deed) -> Iterator[Person]:
    """People who were picked, or written with their full name."""
    context = deed.context
    yield from people_of(context, deed.command.people if deed.command is not None else ())
    names = CompanyNames(context)
    for word in deed.text.replace("、", " ").replace("，", " ").split():
        found = names.people(word)
        person = context.world.directory.person(found[0]) if len(found) == 1 else None
        if person is not None:
            yield person
