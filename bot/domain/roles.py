"""Who holds what at an instant (domain.md 2.1, 2.6; L-19, L-20; R-11, EC-52, EC-56).

An `Actor` is a person with everything he or she may act as right now: own roles, a vacant post, the post of somebody who is
away. Each is a `Holding` that says on which ground and for whom, so that the record of an action can name the role used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from weakref import WeakKeyDictionary

from bot.domain.delegation import Scope
from bot.domain.directory import Department, DepartmentKind, Directory, Role
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.posts import Posts


class Basis(StrEnum):
    """On which ground a role is held."""

    OWN = "own"
    #: acting head of a department whose head is missing or away (L-19, 2.6)
    ACTING_HEAD = "acting_head"
    #: the head as liaison of a department where no liaison can answer (2.1, EC-51)
    VACANCY = "vacancy"
    #: SED, the admin head or ALT while the secretary or leader is away or the post is vacant (L-20, A-20)
    DEPUTY = "deputy"
    #: SED or ALT beside a present holder: counts only where that holder is barred (L-20)
    STANDBY = "standby"
    #: named in a leave
    DELEGATE = "delegate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One role that a person may act in now. `behalf` is the person whose post it is; None for a post of one's own."""

    role: Role
    department: DepartmentId
    basis: Basis = Basis.OWN
    behalf: PersonId | None = None
    #: what the delegation covers; None where the basis is no delegation
    scope: Scope | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """The holder of a company post with what separation of duties asks about him or her."""

    person: PersonId
    department: DepartmentId
    heads: frozenset[DepartmentId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """The company posts, present or not."""

    leader: Seat | None = None
    alternates: tuple[Seat, ...] = ()
    secretary: Seat | None = None
    deputies: tuple[Seat, ...] = ()
    admin_department: DepartmentId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person at work. `holdings` are in the order in which a right is looked for: own ones first, delegated last."""

    person: PersonId
    department: DepartmentId
    holdings: tuple[Holding, ...]
    #: departments that the person heads, as head or acting head
    heads: frozenset[DepartmentId] = frozenset()
    seats: Seats = Seats()

    def has(self, role: Role) -> bool:
        """Holds the role in any way but standby."""
        return any(h.role is role and h.basis is not Basis.STANDBY for h in self.holdings)

    def represents(self, department: DepartmentId, role: Role) -> bool:
        """Stands in by delegation for the holder of that role of that department."""
        return any(h.basis is Basis.DELEGATE and h.role is role and h.department == department for h in self.holdings)


_ORDER = tuple(Basis)


#: what was found out at one instant; forgotten with its posts
_KNOWN: WeakKeyDictionary[Posts, dict[PersonId, Actor | None]] = WeakKeyDictionary()


def actor_of(person: PersonId, *, directory: Directory, posts: Posts) -> Actor | None:
    """The actor behind a person id; None for strangers and leavers, who hold nothing. `posts` are those of `directory`."""
    known = _KNOWN.setdefault(posts, {})
    if person not in known:
        known[person] = _actor_of(person, directory=directory, posts=posts)
    return known[person]


def _actor_of(person: PersonId, *, directory: Directory, posts: Posts) -> Actor | None:
    found = directory.person(person)
    if found is None or not found.is_active:
        return None
    holdings = [
        *_own(person, directory, posts),
        *_deputised(person, directory, posts),
        *_delegated(person, directory, posts),
    ]
    holdings.sort(key=lambda h: _ORDER.index(h.basis))
    return Actor(
        person=person,
        department=found.department,
        holdings=tuple(dict.fromkeys(holdings)),
        heads=_heads(person, directory, posts),
        seats=seats_of(directory=directory, posts=posts),
    )


def seats_of(*, directory: Directory, posts: Posts) -> Seats:
    """Who sits on the company posts."""

    def seats(role: Role) -> tuple[Seat, ...]:
        return tuple(
            Seat(person=p.id, department=p.department, heads=_heads(p.id, directory, posts))
            for p in directory.holders(role)
        )

    return Seats(
        leader=next(iter(seats(Role.LEADER)), None),
        alternates=seats(Role.ALTERNATE),
        secretary=next(iter(seats(Role.SECRETARY)), None),
        deputies=seats(Role.DEPUTY_SECRETARY),
        admin_department=posts.secretary_department(),
    )


def _heads(person: PersonId, directory: Directory, posts: Posts) -> frozenset[DepartmentId]:
    return frozenset(d.id for d in directory.departments if posts.head_post(d.id) == person)


def _own(person: PersonId, directory: Directory, posts: Posts) -> Iterator[Holding]:
    """The roles written into the directory, and the headship that the department names."""
    found = directory.person(person)
    if found is None or not found.is_active:
        return
    for role in sorted(found.roles | {Role.EMPLOYEE}, key=tuple(Role).index):
        # SED and ALT are no columns of the matrix, and who is head is the department's word (L-19, L-20)
        if role not in {Role.ALTERNATE, Role.DEPUTY_SECRETARY, Role.HEAD}:
            yield Holding(role=role, department=found.department)
    for department in directory.departments:
        yield from _headship(person, department, posts)


def _headship(person: PersonId, department: Department, posts: Posts) -> Iterator[Holding]:
    post = posts.head_post(department.id)
    if post == person:
        basis = Basis.ACTING_HEAD if person != department.head and person == department.acting_head else Basis.OWN
        yield Holding(role=Role.HEAD, department=department.id, basis=basis)
    standing = posts.head_of(department.id)
    acts = standing is not None and standing.acting == person
    if acts and post is not None and post != person and person == department.acting_head:
        yield Holding(role=Role.HEAD, department=department.id, basis=Basis.ACTING_HEAD, behalf=post)
    if acts and department.kind is DepartmentKind.NORMAL and not posts.has_liaison_present(department.id):
        yield Holding(role=Role.LIAISON, department=department.id, basis=Basis.VACANCY)


def _deputised(person: PersonId, directory: Directory, posts: Posts) -> Iterator[Holding]:
    """SEC's cells for SED or the admin head, LDR's for ALT (L-20, A-20)."""
    found = directory.person(person)
    if found is None:
        return
    for role, deputy in ((Role.SECRETARY, Role.DEPUTY_SECRETARY), (Role.LEADER, Role.ALTERNATE)):
        holder = next(iter(directory.holders(role)), None)
        if deputy not in found.roles or (holder is not None and holder.id == person):
            continue
        present = holder is not None and posts.is_available(holder.id)
        yield Holding(
            role=role,
            department=holder.department if holder is not None else found.department,
            basis=Basis.STANDBY if present else Basis.DEPUTY,
            behalf=holder.id if holder is not None else None,
        )
    secretary = next(iter(directory.holders(Role.SECRETARY)), None)
    is_last = Role.DEPUTY_SECRETARY not in found.roles and posts.secretary() == person
    if is_last and (secretary is None or secretary.id != person):
        yield Holding(
            role=Role.SECRETARY,
            department=posts.secretary_department() or found.department,
            basis=Basis.DEPUTY,
            behalf=secretary.id if secretary is not None else None,
        )


def _delegated(person: PersonId, directory: Directory, posts: Posts) -> Iterator[Holding]:
    """Own roles of the people who named this one; what they hold for others stays with them (2.6)."""
    for absent, scope in posts.delegations_to(person):
        for holding in _own(absent, directory, posts):
            if holding.basis is Basis.OWN or (holding.basis is Basis.ACTING_HEAD and holding.behalf is None):
                yield replace(holding, basis=Basis.DELEGATE, behalf=absent, scope=scope)


# ---------------------------------------------------------------- start-up checks


class Gap(StrEnum):
    """What is missing in the register of roles. Only the first two keep the bot from running (R-11)."""

    NO_LEADER = "no_leader"
    NO_SECRETARY = "no_secretary"
    SEVERAL_LEADERS = "several_leaders"
    SEVERAL_SECRETARIES = "several_secretaries"
    NO_ALTERNATE = "no_alternate"
    #: the post of secretary is filled by SED or the admin head (EC-56)
    SECRETARY_VACANT = "secretary_vacant"
    #: the secretary belongs to another department than the one that keeps the plan (R-20)
    SECRETARY_ELSEWHERE = "secretary_elsewhere"
    NO_ADMINISTRATOR = "no_administrator"
    NO_HEAD = "no_head"
    NO_LIAISON = "no_liaison"


#: without these the bot does not start
FATAL = frozenset({Gap.NO_LEADER, Gap.NO_SECRETARY, Gap.SEVERAL_LEADERS, Gap.SEVERAL_SECRETARIES})


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleFinding:
    """One gap; `department` where it concerns one, `people` where too many hold a post."""

    gap: Gap
    department: DepartmentId | None = None
    people: tuple[PersonId, ...] = ()

    @property
    def is_fatal(self) -> bool:
        """Does it keep the bot from running?"""
        return self.gap in FATAL


def check_roles(directory: Directory, posts: Posts, *, keeper: DepartmentId | None = None) -> tuple[RoleFinding, ...]:
    """Every gap at once, fatal ones first. `keeper` is the department that keeps the plan (R-117), None when unknown."""
    found: list[RoleFinding] = []
    leaders = tuple(p.id for p in directory.holders(Role.LEADER))
    secretaries = tuple(p.id for p in directory.holders(Role.SECRETARY))
    if not leaders:
        found.append(RoleFinding(gap=Gap.NO_LEADER))
    if len(leaders) > 1:
        found.append(RoleFinding(gap=Gap.SEVERAL_LEADERS, people=leaders))
    if not secretaries:
        found.append(RoleFinding(gap=Gap.SECRETARY_VACANT if _has_stand_in(directory, posts) else Gap.NO_SECRETARY))
    if len(secretaries) > 1:
        found.append(RoleFinding(gap=Gap.SEVERAL_SECRETARIES, people=secretaries))
    if not directory.holders(Role.ALTERNATE):
        found.append(RoleFinding(gap=Gap.NO_ALTERNATE))
    if not directory.holders(Role.ADMINISTRATOR):
        found.append(RoleFinding(gap=Gap.NO_ADMINISTRATOR))
    if keeper is not None:
        elsewhere = tuple(p for p in secretaries if not posts.is_member(p, keeper))
        if elsewhere:
            found.append(RoleFinding(gap=Gap.SECRETARY_ELSEWHERE, department=keeper, people=elsewhere))
    found.extend(RoleFinding(gap=Gap.NO_HEAD, department=d) for d in posts.headless())
    found.extend(RoleFinding(gap=Gap.NO_LIAISON, department=d) for d in posts.vacancies())
    return tuple(sorted(found, key=lambda f: not f.is_fatal))


def _has_stand_in(directory: Directory, posts: Posts) -> bool:
    """Is there a deputy secretary or an admin head? Leave does not matter: it ends."""
    department = posts.secretary_department()
    return bool(directory.holders(Role.DEPUTY_SECRETARY)) or (
        department is not None and posts.head_post(department) is not None
    )
