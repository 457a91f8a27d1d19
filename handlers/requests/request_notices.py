"""Whom a request's course is told: the submitter of every outcome, the heads of a refusal, the secretary of what is to be done (2.3, 3.1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.domain.confidentiality import Secrecy
from bot.domain.delegation import Scope
from bot.domain.directory import Person
from bot.domain.ids import PersonId
from bot.domain.request import Request
from bot.messages import inert
from bot.routing import Context
from handlers import effects
from handlers.post_holders import acting_head, acting_liaison
from handlers.words import Words, words_for

TITLE = 50


def named(words: Words, request: Request) -> str:
    """Number and title; of anything secret the number alone, which then begins the message (EC-74)."""
    if request.secrecy or not request.title:
        return request.code
    return words.say("request_named", code=request.code, title=inert(request.title, limit=TITLE))


def doer(words: Words, by: PersonId | None, behalf: PersonId | None) -> str:
    """Who did it; “B 代 A” where somebody stood in (2.6)."""
    if behalf is None or behalf == by:
        return words.name(by)
    return words.say("request_for", name=words.name(by), represented=words.name(behalf))


def said(reason: str) -> str:
    """A reason as it is shown."""
    return inert(" ".join(reason.split()), limit=300)


# ---------------------------------------------------------------- to whom


def askers(context: Context, request: Request) -> tuple[Person, ...]:
    """Who asked for it: submitter and creator; while one is away, also the delegate or whoever answers for the department."""
    found: list[PersonId] = []
    for person in (request.submitted_by, request.created_by):
        if person is None:
            continue
        found.append(person)
        if not context.world.posts.is_available(person):
            delegates = context.world.posts.delegates_of(person, Scope.LIAISON)
            stand_in = delegates[0] if delegates else context.world.posts.recipient(request.lead)
            found.extend([stand_in] if stand_in is not None else [])
    return people(context, found)


def other_askers(context: Context, request: Request) -> tuple[Person, ...]:
    """Who asked for it and hears of its item in no other way: the lead, and of a routine one every liaison, do (3.3)."""
    liaisons = (request.lead,) if request.is_special else request.involved
    informed = [acting_head(context, request.lead), *(acting_liaison(context, d) for d in liaisons)]
    known = {person.id for person in informed if person is not None}
    return tuple(person for person in askers(context, request) if person.id not in known)


def heads(context: Context, request: Request) -> tuple[Person, ...]:
    """Whoever acts as head of the departments with a slot."""
    standing = (context.world.posts.head_of(slot.department) for slot in request.slots)
    return people(context, (s.acting for s in standing if s is not None))


def people(context: Context, ids: Iterable[PersonId]) -> tuple[Person, ...]:
    """Active people, once each, without whoever is behind this transaction: that person reads the answer."""
    own = context.person.id if context.person is not None else None
    found = (context.world.directory.person(p) for p in dict.fromkeys(ids) if p != own)
    return tuple(p for p in found if p is not None and p.is_active)


# ---------------------------------------------------------------- telling


def tell(
    context: Context,
    readers: Iterable[Person],
    request: Request,
    key: str,
    *,
    event: str = "",
    is_owed: bool = False,
    **facts: object,
) -> None:
    """One sentence to each reader, once for this round; it waits for the reader's windows (L-09).

    What is confidential is told to nobody outside its list, whoever stands in for whom (2.3).
    """
    for reader in readers:
        if request.secrecy >= Secrecy.CONFIDENTIAL and reader.id not in request.access:
            continue
        words = words_for(context, reader)
        shown = {name: _shown(words, fact) for name, fact in facts.items()}
        text = words.say(key, what=named(words, request), code=request.code, **shown)
        effects.tell(
            context,
            reader,
            effects.text(effects.discreet(request.code, text) if request.secrecy else text),
            key=f"request:{request.code}:{event or key}:{request.round}:{reader.id}",
            ref=request.code,
            is_owed=is_owed,
        )


def _shown(words: Words, fact: object) -> object:
    """Dates, and what reads differently in each language, are put into words for each reader."""
    if isinstance(fact, datetime):
        return words.deadline(fact)
    return fact(words) if callable(fact) else fact


def tell_secretary(context: Context, request: Request, key: str, *, event: str = "", **facts: object) -> None:
    """The acting secretary, unless it is the secretary who acts."""
    secretary = effects.secretary(context)
    if secretary is not None:
        tell(context, people(context, (secretary.id,)), request, key, event=event, is_owed=True, **facts)
