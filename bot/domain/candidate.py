"""Who becomes a candidate for an award or a criticism (domain.md 6.5): facts only, never more than a draft for people to judge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.appreciation import Kudos
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.scorecard import Entry, Metric, Scorecard, ranked

CONFIDENTIAL = 2
#: an award wants this score, and this K2
AWARD_SCORE = 90
MOST_WINNERS = 2
KUDOS, KUDOS_DEPARTMENTS = 3, 2
CLOCKS, CLOCKS_RATE = 20, 95.0
#: criticism of a department
OVERDUE_TASKS, OVERDUE_WD = 2, 5
SLOW_RATE = 60.0
MISSING_REPORTS = 2
#: criticism of a person
PERSON_OVERDUE_WD = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A draft: about whom, by which rule, with which facts (`code what number`)."""

    is_award: bool
    department: DepartmentId
    ground: str
    facts: tuple[str, ...]
    person: PersonId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """A task without granted extension that was or is so many working days overdue."""

    code: str
    department: DepartmentId
    owner: PersonId
    workdays: int
    secrecy: int = 0
    #: still open, and its head was reminded without effect
    was_reminded: bool = False
    #: its owner was on registered leave when it fell due
    was_away: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shirking:
    """A ruling in which the leader ticked 存在推诿 about a department or a person."""

    code: str
    department: DepartmentId
    person: PersonId | None = None
    secrecy: int = 0


# ---------------------------------------------------------------- awards


def department_awards(cards: Sequence[Scorecard], *, with_overdue_major: Collection[DepartmentId]) -> list[Candidate]:
    """Rank 1 with 90 points and 90 in K2, no overdue major issue; at most two where they tie."""
    found = [
        Candidate(
            is_award=True,
            department=card.department,
            ground="score",
            facts=(f"{card.month} score {card.score}", f"{card.month} tasks {card.value(Metric.TASKS) or 0:.1f}"),
        )
        for place, card in ranked(cards)
        if place == 1
        and card.score is not None
        and card.score >= AWARD_SCORE
        and (card.value(Metric.TASKS) or 0) >= AWARD_SCORE
        and card.department not in with_overdue_major
    ]
    return found if len(found) <= MOST_WINNERS else []


def kudos_awards(given: Iterable[Kudos], month: str) -> list[Candidate]:
    """At least three kudos from at least two other departments."""
    by_person: dict[PersonId, list[Kudos]] = defaultdict(list)
    for one in given:
        if one.from_department != one.department:
            by_person[one.person].append(one)
    return [
        Candidate(
            is_award=True,
            department=found[0].department,
            person=person,
            ground="kudos",
            facts=(f"{month} kudos {len(found)}",),
        )
        for person, found in by_person.items()
        if len(found) >= KUDOS and len({k.from_department for k in found}) >= KUDOS_DEPARTMENTS
    ]


def reply_awards(clocks: Mapping[tuple[PersonId, DepartmentId], Sequence[Entry]], month: str) -> list[Candidate]:
    """A liaison with at least twenty counted clocks, 95 % of them on time."""
    return [
        Candidate(
            is_award=True,
            department=department,
            person=person,
            ground="replies",
            facts=(f"{month} replies {sum(e.credit for e in entries):g}/{len(entries)}",),
        )
        for (person, department), entries in clocks.items()
        if len(entries) >= CLOCKS and 100 * sum(e.credit for e in entries) / len(entries) >= CLOCKS_RATE
    ]


# ---------------------------------------------------------------- criticism


def overdue_departments(overdue: Iterable[Overdue]) -> list[Candidate]:
    """At least two tasks overdue by more than five working days without a granted extension."""
    by_department: dict[DepartmentId, list[Overdue]] = defaultdict(list)
    for one in overdue:
        if one.secrecy < CONFIDENTIAL and one.workdays > OVERDUE_WD:
            by_department[one.department].append(one)
    return [
        Candidate(
            is_award=False,
            department=department,
            ground="overdue_tasks",
            facts=tuple(f"{one.code} overdue {one.workdays}" for one in found),
        )
        for department, found in by_department.items()
        if len(found) >= OVERDUE_TASKS
    ]


def slow_departments(cards: Iterable[Scorecard]) -> list[Candidate]:
    """K1 below 60 with at least twenty counted clocks; confidential ones are numbers there, never facts here (L-21)."""
    found: list[Candidate] = []
    for card in cards:
        figure = card.figure(Metric.REPLIES)
        entries = [e for e in figure.entries if e.secrecy < CONFIDENTIAL] if figure is not None else []
        if len(entries) < CLOCKS or 100 * sum(e.credit for e in entries) / len(entries) >= SLOW_RATE:
            continue
        late = tuple(f"{e.code} late 0" for e in entries if not e.credit)
        found.append(Candidate(is_award=False, department=card.department, ground="slow_replies", facts=late))
    return found


def silent_departments(missing: Mapping[DepartmentId, Sequence[str]]) -> list[Candidate]:
    """At least two weekly reports missing."""
    return [
        Candidate(
            is_award=False,
            department=department,
            ground="missing_reports",
            facts=tuple(f"{code} report 0" for code in codes),
        )
        for department, codes in missing.items()
        if len(codes) >= MISSING_REPORTS
    ]


def shirking(rulings: Iterable[Shirking]) -> list[Candidate]:
    """A ruling in which the leader ticked 存在推诿 (R-36: only a person can declare it)."""
    return [
        Candidate(
            is_award=False,
            department=one.department,
            person=one.person,
            ground="shirking",
            facts=(f"{one.code} ruling 0",),
        )
        for one in rulings
        if one.secrecy < CONFIDENTIAL
    ]


def overdue_people(overdue: Iterable[Overdue]) -> list[Candidate]:
    """An assigned task overdue by more than ten working days while reminders to the head were not answered; never over leave."""
    return [
        Candidate(
            is_award=False,
            department=one.department,
            person=one.owner,
            ground="overdue_task",
            facts=(f"{one.code} overdue {one.workdays}",),
        )
        for one in overdue
        if one.secrecy < CONFIDENTIAL and one.workdays > PERSON_OVERDUE_WD and one.was_reminded and not one.was_away
    ]
