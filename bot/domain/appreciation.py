"""Kudos and peer ratings (domain.md 6.4 K7, 6.5; R-09, R-35; EC-90, EC-91), and trainings (R-110).

A rating is anonymous to the rated: who gave it is kept for its count only, and never leaves this program but in the list of
pairs for the performance officer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from statistics import fmean

from bot.domain.directory import Person
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.errors import RuleViolation

#: working days in which departments rate each other after an item
RATING_WD = 3
LOWEST, HIGHEST = 1, 5
#: what is asked, in this order: initiative, response, time to solution, feedback, quality of the result (6.4)
QUESTIONS = ("initiative", "response", "solution", "feedback", "quality")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kudos:
    """One person thanks another of another department."""

    key: str
    by: PersonId
    from_department: DepartmentId
    person: PersonId
    department: DepartmentId
    at: datetime
    reason: str
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One department's rating of another after an item; five answers of 1 to 5, anonymous to the rated."""

    key: str
    item: Code
    by: PersonId
    from_department: DepartmentId
    department: DepartmentId
    at: datetime
    answers: tuple[int, ...]
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """A training in cross-department communication (R-110)."""

    key: str
    topic: str
    planned_for: datetime | None = None
    held_at: datetime | None = None
    attendees: tuple[PersonId, ...] = ()
    recorded_by: PersonId | None = None
    version: int = 0


# ---------------------------------------------------------------- kudos


def kudos(by: Person, person: Person, reason: str, *, now: datetime, today: date) -> Kudos:
    """Thanks, at most once a day from one person to another.

    Raises RuleViolation `kudos_self`, `kudos_own_department` (EC-91).
    """
    if by.id == person.id:
        raise RuleViolation("kudos_self")
    if by.department == person.department:
        raise RuleViolation("kudos_own_department", {"name": person.name})
    return Kudos(
        key=f"{by.id}:{person.id}:{today.isoformat()}",
        by=by.id,
        from_department=by.department,
        person=person.id,
        department=person.department,
        at=now,
        reason=reason,
    )


# ---------------------------------------------------------------- peer ratings


def rated(department: DepartmentId, involved: Sequence[DepartmentId]) -> tuple[DepartmentId, ...]:
    """Whom a department rates: the others that were involved; nobody rates the own department (K7)."""
    return tuple(d for d in dict.fromkeys(involved) if d != department)


def rating(
    item: Code,
    *,
    by: PersonId,
    from_department: DepartmentId,
    department: DepartmentId,
    involved: Sequence[DepartmentId],
    answers: Sequence[int],
    now: datetime,
) -> Rating:
    """One rating. Raises RuleViolation `rating_own`, `rating_not_involved`, `rating_answers`."""
    if department == from_department:
        raise RuleViolation("rating_own")
    if department not in involved or from_department not in involved:
        raise RuleViolation("rating_not_involved")
    if len(answers) != len(QUESTIONS) or not all(LOWEST <= answer <= HIGHEST for answer in answers):
        raise RuleViolation("rating_answers")
    return Rating(
        key=rating_key(item, from_department, department),
        item=item,
        by=by,
        from_department=from_department,
        department=department,
        at=now,
        answers=tuple(answers),
    )


def rating_key(item: Code, from_department: DepartmentId, department: DepartmentId) -> str:
    """One rating of each department by each other one after an item."""
    return f"{item}/{from_department}/{department}"


def mean(ratings: Iterable[Rating]) -> float:
    """The mean of all answers; the caller makes sure that there are any."""
    return fmean(answer for one in ratings for answer in one.answers)


def only_praise(ratings: Iterable[Rating]) -> tuple[tuple[DepartmentId, DepartmentId], ...]:
    """Pairs of departments that rated each other, and with nothing but the highest (EC-90): listed, never corrected."""
    given: dict[tuple[DepartmentId, DepartmentId], bool] = {}
    for one in ratings:
        pair = (one.from_department, one.department)
        given[pair] = given.get(pair, True) and set(one.answers) == {HIGHEST}
    return tuple(
        sorted((a, b) for (a, b), is_praise in given.items() if a < b and is_praise and given.get((b, a), False))
    )


# ---------------------------------------------------------------- trainings


def held(training: Training, *, at: datetime, attendees: Sequence[PersonId], by: PersonId) -> Training:
    """It took place. Raises RuleViolation `training_future`, `training_recorded`."""
    if training.held_at is not None:
        raise RuleViolation("training_recorded")
    return replace(training, held_at=at, attendees=tuple(attendees), recorded_by=by)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has a 28th")


def is_due(last: date | None, *, today: date, months: int) -> bool:
    """Has it been so many months since the last one (T-24, T-25)? What never was is due."""
    return last is None or last <= months_before(today, months)
