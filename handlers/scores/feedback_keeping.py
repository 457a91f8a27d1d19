"""Rounds of feedback and what departments answered, kept as facts (R-23): no numbered objects, and forgotten like all excerpts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.domain.codes import read_codes
from bot.domain.directory import Person
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.records import Fact
from bot.errors import RuleViolation
from bot.routing import Context
from handlers import matter_access

#: kinds of facts: a question to all departments, one department's answer to it, and what somebody says unasked
ROUND, ANSWER, UNASKED = "feedback_round", "feedback", "feedback_unasked"
KINDS = (ROUND, ANSWER, UNASKED)
#: an answer still belongs to a round that ended so short a time ago
GRACE = timedelta(days=7)
#: older rounds are not looked for
_REMEMBERED = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Round:
    """A question of the secretary to the liaisons of all departments."""

    key: str
    topic: str
    asked_at: datetime
    until: datetime
    departments: tuple[DepartmentId, ...]

    def is_open(self, now: datetime) -> bool:
        """Does what a liaison says belong to it?"""
        return now <= self.until + GRACE


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said, in answer to a round or unasked."""

    text: str
    by: PersonId
    department: DepartmentId
    at: datetime
    is_late: bool = False


def newest(context: Context) -> Round | None:
    """The last round that was begun, over or not."""
    found = context.uow.facts.between("at", context.now - _REMEMBERED, context.now, kind=ROUND)
    return _round(max(found, key=lambda fact: (fact.at, fact.key))) if found else None


def get(context: Context, key: str) -> Round | None:
    """The round of that name."""
    fact = context.uow.facts.get(key)
    return _round(fact) if fact is not None and fact.kind == ROUND else None


def begin(context: Context, topic: str, until: datetime, departments: Iterable[DepartmentId]) -> Round:
    """A new round; the one before takes no answers any more."""
    begun = Round(
        key=f"feedback/{context.now.astimezone(UTC):%Y%m%d%H%M%S%f}",
        topic=topic,
        asked_at=context.now,
        until=until,
        departments=tuple(departments),
    )
    detail = {"until": until.isoformat(), "departments": " ".join(begun.departments)}
    context.uow.facts.add(Fact(key=begun.key, kind=ROUND, code="", at=context.now, title=topic, detail=detail))
    return begun


def answer(context: Context, asked: Round, person: Person, department: DepartmentId, text: str) -> Said:
    """The answer of a department; a later one stands in its place."""
    said = Said(text, person.id, department, context.now, context.now > asked.until)
    fact = _fact(f"{asked.key}/{department}", ANSWER, said)
    known = context.uow.facts.get(fact.key)
    if known is None:
        context.uow.facts.add(fact)
    else:
        context.uow.facts.put(replace(fact, version=known.version))
    return said


def note(context: Context, person: Person, text: str, *, key: str) -> Said:
    """What somebody says unasked."""
    said = Said(text, person.id, person.department, context.now)
    context.uow.facts.add(_fact(f"feedback/unasked/{key}", UNASKED, said))
    return said


def answers(context: Context, asked: Round) -> dict[DepartmentId, Said]:
    """Who has answered, and what, in the order in which the departments were asked."""
    found = {d: context.uow.facts.get(f"{asked.key}/{d}") for d in asked.departments}
    return {department: _said(fact) for department, fact in found.items() if fact is not None}


def unasked(context: Context, since: datetime) -> list[Said]:
    """What people said of their own accord, the newest first."""
    found = context.uow.facts.between("at", since, context.now, kind=UNASKED)
    return [_said(fact) for fact in sorted(found, key=lambda fact: fact.at, reverse=True)]


def require_open_words(context: Context, text: str) -> None:
    """Feedback and comments are read by several: nothing in them is about what not everybody may know of (2.5).

    Raises RuleViolation `feedback_secret`.
    """
    year = context.world.calendars.local(context.now).year
    for ref in read_codes(text)[0]:
        code = ref.code(year)
        relation = matter_access.relation_of(context, code) if code is not None else None
        if relation is not None and relation.secrecy:
            raise RuleViolation("feedback_secret")


def _fact(key: str, kind: str, said: Said) -> Fact:
    detail = {"text": said.text, "by": said.by, "department": said.department, "late": "1" if said.is_late else ""}
    return Fact(key=key, kind=kind, code="", at=said.at, detail=detail)


def _said(fact: Fact) -> Said:
    of = fact.detail
    return Said(of["text"], PersonId(of["by"]), DepartmentId(of["department"]), fact.at, bool(of["late"]))


def _round(fact: Fact) -> Round:
    until = datetime.fromisoformat(fact.detail["until"])
    departments = tuple(DepartmentId(d) for d in fact.detail["departments"].split())
    return Round(fact.key, fact.title, fact.at, until, departments)
