"""Why a question to these people starts no clock, and whom to ask instead, in the asker's own words (5.4, L-02; ux.md A4 21)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.directory import DepartmentKind, Person
from bot.errors import RuleViolation
from bot.messages import inert
from handlers.calls import Call

#: how much of the question is repeated in the example
REPEATED = 40


def nobody_to_ask(call: Call, people: Sequence[Person], text: str) -> RuleViolation:
    """The refusal to raise when none of the people asked is liaison or head of another department."""
    why = call.words.listing(_why(call, person) for person in people)
    names = list(dict.fromkeys(name for person in people for name in _instead(call, person)))
    words = inert(" ".join(text.split()), limit=REPEATED)
    whom = " ".join(f"@{name}" for name in names)
    instead = f"{whom} {words}" if whom else call.words.say("clock_ask_anybody", text=words)
    return RuleViolation("clock_ask_nobody", {"why": why, "instead": instead})


def _why(call: Call, person: Person) -> str:
    if person.department == call.person.department:
        return call.words.say("clock_ask_colleague", name=person.name)
    if _is_executive(call, person):
        return call.words.say("clock_ask_executive", name=person.name)
    department = call.words.department(person.department)
    return call.words.say("clock_ask_employee", name=person.name, department=department)


def _is_executive(call: Call, person: Person) -> bool:
    found = call.context.world.directory.department(person.department)
    return found is not None and found.kind is DepartmentKind.EXECUTIVE


def _instead(call: Call, person: Person) -> list[str]:
    """The liaison of the department, its head where it has none."""
    if person.department == call.person.department or _is_executive(call, person):
        return []
    posts = call.context.world.posts
    liaisons = posts.liaisons(person.department)[:1] or (posts.head_post(person.department),)
    return [call.words.name(one) for one in liaisons if one is not None]
