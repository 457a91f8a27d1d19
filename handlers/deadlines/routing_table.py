"""Who is told of an open deadline at this moment (domain.md 2.3, 2.5, 2.6; L-20, L-21; EC-51, EC-52, EC-56).

`bot.domain.reminder` says by kind which posts are told; here posts become people who are there today: delegates, backups, acting
heads. Where nobody is left, the secretary is told that the post is vacant. Of confidential matters only the access list learns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from bot.domain.confidentiality import Secrecy, level, may_know, may_read
from bot.domain.delegation import Scope
from bot.domain.directory import Person, Role
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.obligation import Obligation
from bot.domain.posts import Posts, Standing
from bot.domain.relation import Relation
from bot.domain.reminder import Part, Route, Stage, route_of
from bot.domain.roles import actor_of
from bot.routing import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody who is told, and why; `behalf` is the absent person whose post it is."""

    person: Person
    part: Part
    behalf: PersonId | None = None
    #: told as secretary because the post that should be told is vacant
    is_vacancy: bool = False


def route(context: Context, one: Obligation) -> Route:
    """The row of 2.3 that holds for this deadline."""
    return route_of(one, is_leaders=is_leaders(context, one))


def is_leaders(context: Context, one: Obligation) -> bool:
    """Does the leader owe it, or the alternate in the leader's place?"""
    return one.holder is not None and one.holder in _leaders(context)


def _leaders(context: Context) -> frozenset[PersonId]:
    alternates = {p.id for p in context.world.directory.holders(Role.ALTERNATE)}
    leader = context.world.posts.leader_post()
    return frozenset(alternates | ({leader} if leader is not None else set()))


def recipients(context: Context, one: Obligation, stage: Stage) -> tuple[Recipient, ...]:
    """Everybody who is told at that stage, each person once, on the first ground that applies."""
    row = route(context, one)
    parts = row.soon_to if stage is Stage.SOON else row.overdue_to
    found: dict[PersonId, Recipient] = {}
    for part in parts:
        for recipient in _of_part(context, one, part):
            if recipient.person.id not in found and may_learn(context, one, recipient.person):
                found[recipient.person.id] = recipient
    return tuple(found.values())


def acting_for(context: Context, one: Obligation) -> Standing | None:
    """Who acts for the holder of a deadline today (2.6); None where the post is vacant or nobody stands in."""
    holder = one.holder
    if holder is None:
        return None
    posts = context.world.posts
    if posts.is_available(holder):
        return Standing(holder, holder)
    acting = _stand_in(posts, context, holder, one.department)
    return Standing(holder, acting) if acting is not None else None


def _stand_in(posts: Posts, context: Context, holder: PersonId, department: DepartmentId | None) -> PersonId | None:
    if holder == posts.leader_post():
        return posts.leader()
    if any(p.id == holder for p in context.world.directory.holders(Role.SECRETARY)):
        return posts.secretary()
    home = posts.department_of(holder) or department
    if home is None:
        return None
    if holder == posts.head_post(home):
        head = posts.head_of(home)
        return head.acting if head is not None else None
    for delegate in posts.delegates_of(holder, Scope.TASKS):
        return delegate
    standing = posts.assignee(home, holder)
    return standing.acting if standing is not None else None


# ---------------------------------------------------------------- posts


def _of_part(context: Context, one: Obligation, part: Part) -> Iterator[Recipient]:
    found = list(_standings(context, one, part))
    for standing in found:
        if standing is None:
            yield from _vacant(context, part)
            continue
        person = context.world.directory.person(standing.acting)
        if person is not None and person.is_active:
            yield Recipient(person=person, part=part, behalf=standing.represented if standing.stands_in else None)


def _standings(context: Context, one: Obligation, part: Part) -> Iterable[Standing | None]:
    """One for every post of that part; None for a post that nobody fills or stands in for."""
    posts, lead = context.world.posts, one.lead or one.department
    match part:
        case Part.HOLDER:
            return (acting_for(context, one),)
        case Part.LIAISON:
            return _each(posts, (one.department,), posts.assignee)
        case Part.HEAD:
            return _each(posts, (one.department,), posts.head_of)
        case Part.LEAD_LIAISON:
            return _each(posts, (lead,), posts.assignee)
        case Part.LEAD_HEAD:
            return _each(posts, (lead,), posts.head_of)
        case Part.COOP_LIAISONS:
            return _each(posts, one.coop, posts.assignee)
        case Part.COOP_HEADS:
            return _each(posts, one.coop, posts.head_of)
        case Part.ADMIN_HEAD:
            return _each(posts, (posts.secretary_department(),), posts.head_of)
        case Part.SECRETARY:
            return _company_post(posts.secretary())
        case Part.LEADER:
            return (_standing(posts.leader_post(), posts.leader()),)
        case Part.DEPUTY_SECRETARY:
            return _holders(context, Role.DEPUTY_SECRETARY)
        case Part.ALTERNATE:
            return _holders(context, Role.ALTERNATE)


def _each(
    posts: Posts, departments: Iterable[DepartmentId | None], who: Callable[[DepartmentId], Standing | None]
) -> list[Standing | None]:
    """Executive units have neither liaisons nor vacancies (L-02)."""
    return [who(d) for d in departments if d is not None and posts.has_clocks(d)]


def _company_post(person: PersonId | None) -> list[Standing | None]:
    return [Standing(person, person)] if person is not None else []


def _standing(post: PersonId | None, acting: PersonId | None) -> Standing | None:
    return Standing(post or acting, acting) if acting is not None else None


def _holders(context: Context, role: Role) -> list[Standing | None]:
    available = (p.id for p in context.world.directory.holders(role) if context.world.posts.is_available(p.id))
    return [Standing(p, p) for p in available]


def _vacant(context: Context, part: Part) -> Iterator[Recipient]:
    """Nobody is left: the secretary is told, where there is none the leader; never silently nobody (EC-52, EC-56)."""
    told = context.world.posts.secretary() or context.world.posts.leader()
    person = context.world.directory.person(told) if told is not None else None
    if person is not None:
        yield Recipient(person=person, part=part, is_vacancy=True)


# ---------------------------------------------------------------- secrecy


def relation_of(one: Obligation) -> Relation:
    """How a deadline stands to people and departments, by what its row says."""
    holder = frozenset({one.holder} if one.holder is not None else ())
    lead = one.lead or one.department
    return Relation(
        department=one.department,
        lead=lead,
        coop=frozenset((*one.coop, *((one.department,) if one.department is not None else ()))),
        owners=holder,
        assigned=holder,
        secrecy=one.secrecy,
        # what has no list is known to whoever has to act
        access=frozenset(one.access) or holder,
    )


def may_learn(context: Context, one: Obligation, person: Person) -> bool:
    """Of a level-2 object only the access list learns, and the leader (2.5, L-21)."""
    if level(one.secrecy) is not Secrecy.CONFIDENTIAL:
        return True
    actor = actor_of(person.id, directory=context.world.directory, posts=context.world.posts)
    return actor is not None and may_know(actor, relation_of(one))


def reads_title(context: Context, one: Obligation, person: Person) -> bool:
    """May the title stand in a direct message to this person? Who keeps the group's business is not involved by it (2.5)."""
    actor = actor_of(person.id, directory=context.world.directory, posts=context.world.posts)
    involved = replace(relation_of(one), department=None, lead=one.lead, coop=frozenset(one.coop))
    return actor is not None and may_read(actor, involved)
