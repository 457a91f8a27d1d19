"""What one person is told or shown about an object: nothing to people who may not know of it, the number first where the rest is secret.

Rules 2.3 and 2.5 of domain.md, L-21 and EC-74 stand here once for the families that speak to people one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from bot.domain.confidentiality import Secrecy, level
from bot.domain.directory import Person
from bot.domain.ids import Code, PersonId
from bot.messages import inert
from bot.routing import Context
from handlers import effects, matter_cards
from handlers.post_holders import is_at_work
from handlers.texts import Named
from handlers.words import Words, words_for

#: titles are cut to this in sentences
TITLE = 40
#: facts of a sentence that depend on who reads it
Facts = Callable[[Words], Mapping[str, object]]


class Matter(Protocol):
    """A numbered object that may be secret."""

    @property
    def code(self) -> Code: ...
    @property
    def title(self) -> str: ...
    @property
    def secrecy(self) -> int: ...
    @property
    def access(self) -> tuple[PersonId, ...]: ...


def may_be_told(context: Context, matter: Matter, person: PersonId) -> bool:
    """Confidential ones are spoken of only to people on their list, and to whoever acts as leader (2.3, L-21)."""
    if level(matter.secrecy) is not Secrecy.CONFIDENTIAL:
        return True
    return person in matter.access or person == context.world.posts.leader()


def what(matter: Matter) -> str:
    """The object in a sentence: number and title, of a sensitive one the number only (EC-74)."""
    return Named(matter.code, inert(matter.title, limit=TITLE)) if not matter.secrecy else str(matter.code)


def numbered(matter: Matter, text: str) -> str:
    """The message begins with the number where the rest is nobody's business (EC-74)."""
    return f"{matter.code}\n{text.removeprefix(matter.code).lstrip()}" if matter.secrecy else text


def _nothing(_: Words) -> Mapping[str, object]:
    return {}


def tell(
    context: Context,
    person: PersonId | None,
    matter: Matter,
    sentence: str,
    facts: Facts = _nothing,
    *,
    key: str,
    at_once: bool = False,
    is_owed: bool = False,
) -> bool:
    """A direct message about the object; `key` is unique among those about it. False where it does not go out."""
    reader = _reader(context, person, matter)
    if reader is None:
        return False
    words = words_for(context, reader)
    text = words.say(sentence, code=matter.code, what=what(matter), **facts(words))
    return effects.tell(
        context,
        reader,
        effects.text(numbered(matter, text)),
        key=f"{matter.code}:{key}:{reader.id}",
        ref=matter.code,
        at_once=at_once,
        is_owed=is_owed,
    )


def show(context: Context, person: PersonId | None, matter: Matter, purpose: str, *, at_once: bool = False) -> bool:
    """The object's card for a purpose, at once also where somebody at work asks for it (L-09). False where it does not go out."""
    reader = _reader(context, person, matter)
    if reader is None:
        return False
    return matter_cards.show_to(context, reader, matter.code, purpose, at_once=at_once or is_at_work(context))


def _reader(context: Context, person: PersonId | None, matter: Matter) -> Person | None:
    found = context.world.directory.person(person) if person is not None else None
    return found if found is not None and may_be_told(context, matter, found.id) else None
