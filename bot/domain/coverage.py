"""Where a message, an approval or a limit would reach nobody: the nightly audit of posts, accounts, holders and calendar. Pure.

Nothing is repaired here; every hole is told to the secretary with what to do about it (EC-11, EC-52, EC-53, EC-56, SoD-1, L-16).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.directory import Directory, Person, Role
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.posts import Posts, Standing


class HoleKind(StrEnum):
    """What can be missing, in the order in which it is told."""

    #: nobody approves (EC-11), nobody keeps the group's business (EC-56)
    LEADER = "leader"
    SECRETARY = "secretary"
    #: departments without the post
    HEAD = "head"
    LIAISON = "liaison"
    #: the post is there, and of its chain nobody can be reached today
    HEAD_CHAIN = "head_chain"
    LIAISON_CHAIN = "liaison_chain"
    #: people without an account on any platform that is on
    ACCOUNT = "account"
    #: somebody who left holds something still (EC-53)
    LEAVER = "leaver"
    #: whoever has to decide is whoever submitted (SoD-1, SoD-2)
    OWN_APPROVAL = "own_approval"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """One kind of gap with whom or what it concerns."""

    kind: HoleKind
    departments: tuple[DepartmentId, ...] = ()
    people: tuple[PersonId, ...] = ()
    #: numbers that may be named; confidential ones are only counted
    codes: tuple[str, ...] = ()
    hidden: int = 0
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """Everything that the audit looks at."""

    directory: Directory
    posts: Posts
    obligations: Iterable[Obligation]
    #: has the person an account on a platform that is on?
    is_reachable: Callable[[Person], bool]
    #: who submitted what waits for a decision, by code
    submitters: Mapping[str, PersonId]
    #: the coming year whose official notice is missing
    missing_year: int | None = None


_DECISIONS = frozenset(
    {ObligationKind.REVIEW, ObligationKind.COUNTERSIGN, ObligationKind.LEADER, ObligationKind.CONFIRM_TASK}
)
_CONFIDENTIAL = 2


def holes(given: Covered) -> tuple[Hole, ...]:
    """Every gap, in the order of `HoleKind`; none when everything is covered."""
    return (
        *_company(given),
        *_departments(given),
        *_people(given),
        *_leavers(given),
        *_own_approvals(given),
        *([Hole(kind=HoleKind.CALENDAR, year=given.missing_year)] if given.missing_year is not None else []),
    )


def _reaches(given: Covered, person: PersonId | None) -> bool:
    found = given.posts.person(person)
    return found is not None and found.is_active and given.is_reachable(found)


def _company(given: Covered) -> Iterator[Hole]:
    if not _reaches(given, given.posts.leader()):
        yield Hole(kind=HoleKind.LEADER)
    if not given.directory.holders(Role.SECRETARY) or not _reaches(given, given.posts.secretary()):
        yield Hole(kind=HoleKind.SECRETARY)


def _departments(given: Covered) -> Iterator[Hole]:
    posts = given.posts
    normal = [d.id for d in given.directory.departments if posts.has_clocks(d.id)]
    headless, vacant = posts.headless(), posts.vacancies()
    unreached_heads = [d for d in normal if d not in headless and not _acts(given, posts.head_of(d))]
    unreached = [d for d in normal if d not in vacant and not _acts(given, posts.assignee(d))]
    for kind, found in (
        (HoleKind.HEAD, headless),
        (HoleKind.LIAISON, vacant),
        (HoleKind.HEAD_CHAIN, tuple(unreached_heads)),
        (HoleKind.LIAISON_CHAIN, tuple(unreached)),
    ):
        if found:
            yield Hole(kind=kind, departments=found)


def _acts(given: Covered, standing: Standing | None) -> bool:
    return standing is not None and _reaches(given, standing.acting)


def _people(given: Covered) -> Iterator[Hole]:
    silent = tuple(p.id for p in given.directory.people if p.is_active and not given.is_reachable(p))
    if silent:
        yield Hole(kind=HoleKind.ACCOUNT, people=silent)


def _leavers(given: Covered) -> Iterator[Hole]:
    held: dict[PersonId, list[Obligation]] = {}
    for one in given.obligations:
        found = given.posts.person(one.holder)
        if one.holder is not None and (found is None or not found.is_active):
            held.setdefault(one.holder, []).append(one)
    for person, limits in sorted(held.items()):
        yield _with_codes(Hole(kind=HoleKind.LEAVER, people=(person,)), limits)


def _own_approvals(given: Covered) -> Iterator[Hole]:
    own = [
        one
        for one in given.obligations
        if one.kind in _DECISIONS and one.holder is not None and given.submitters.get(one.code) == one.holder
    ]
    if own:
        yield _with_codes(Hole(kind=HoleKind.OWN_APPROVAL), own)


def _with_codes(hole: Hole, limits: Iterable[Obligation]) -> Hole:
    codes = dict.fromkeys(one.code for one in limits if one.secrecy < _CONFIDENTIAL)
    hidden = {one.code for one in limits if one.secrecy >= _CONFIDENTIAL}
    return Hole(
        kind=hole.kind, departments=hole.departments, people=hole.people, codes=tuple(codes), hidden=len(hidden)
    )
