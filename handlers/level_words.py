"""How people write a level of secrecy, and whom a list of readers gains or loses (domain.md 2.5)."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.confidentiality import Secrecy
from bot.domain.directory import Person
from bot.errors import RuleViolation
from handlers.conversation import addressees
from handlers.deeds import Deed
from handlers.forms.form_names import CompanyNames

_WORDS = {
    Secrecy.CONFIDENTIAL: ("涉密", "机密", "confidential"),
    Secrecy.SENSITIVE: ("内部敏感", "敏感", "内部", "sensitive"),
    Secrecy.NORMAL: ("普通", "公开", "normal"),
}
_REMOVING = ("移出", "移除", "删除", "去掉", "remove", "without")


def level_of(deed: Deed) -> Secrecy:
    """The level that was written behind the number. Raises RuleViolation `level_which`."""
    plain = "".join(deed.text.split()).lower()
    found = next((level for level, words in _WORDS.items() if any(word in plain for word in words)), None)
    if found is None:
        raise RuleViolation("level_which", {"code": deed.code})
    return found


def is_removing(deed: Deed) -> bool:
    """Is somebody to be taken off the list?"""
    return any(word in deed.text.lower() for word in _REMOVING)


def people_of(deed: Deed) -> tuple[Person, ...]:
    """People who were picked, or written with their full name. Raises RuleViolation `access_whom` for nobody."""
    found = tuple({person.id: person for person in _meant(deed)}.values())
    if not found:
        raise RuleViolation("access_whom", {"code": deed.code})
    return found


def _meant(deed: Deed) -> Iterator[Person]:
    context = deed.context
    yield from addressees.people_of(context, deed.command.people if deed.command is not None else ())
    names = CompanyNames(context)
    for word in deed.text.replace("、", " ").replace("，", " ").split():
        found = names.people(word)
        person = context.world.directory.person(found[0]) if len(found) == 1 else None
        if person is not None:
            yield person
