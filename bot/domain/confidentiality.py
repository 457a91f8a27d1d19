"""Levels of secrecy (domain.md 2.5, L-21): who may know of an object, where its text may stand, who may change the level.

Level 2 means trade secrets of the company; state secrets do not belong into this program at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum, StrEnum

from bot.domain.directory import Role
from bot.domain.ids import PersonId
from bot.domain.relation import Relation
from bot.domain.roles import Actor, Basis
from bot.errors import RuleViolation

#: characters of a message that may be kept (2.5)
EXCERPT = 200


class Secrecy(IntEnum):
    """普通, 内部敏感, 涉密."""

    NORMAL = 0
    SENSITIVE = 1
    CONFIDENTIAL = 2


#: how forms call them
LEVEL_WORDS = {"普通": Secrecy.NORMAL, "内部敏感": Secrecy.SENSITIVE, "涉密": Secrecy.CONFIDENTIAL}


class Place(StrEnum):
    """Where something about an object may be written."""

    GROUP = "group"
    DIRECT = "direct"
    LEDGER = "ledger"
    #: the leader's own digest shows level-1 titles (L-21)
    LEADERS_DIGEST = "leaders_digest"
    DIGEST = "digest"
    WEEKLY_REPORT = "weekly_report"
    EXPORT = "export"
    #: search and the completion of numbers (EC-71)
    SEARCH = "search"
    #: the first line of a direct message, readable on a locked phone (EC-74)
    PREVIEW = "preview"
    #: a file sent by the bot
    FILE = "file"


class Showing(StrEnum):
    """How much of an object appears."""

    FULL = "full"
    #: number, state and departments, no title
    NUMBER_STATE_DEPARTMENTS = "number_state_departments"
    NUMBER_STATE = "number_state"
    NUMBER = "number"
    #: only counted, as in 另有 n 项涉密事项
    COUNT = "count"
    NOTHING = "nothing"


_LEVELS = {int(one): one for one in Secrecy}


def level(value: int) -> Secrecy:
    """The level of a stored number; what is unknown counts as the strictest."""
    return _LEVELS.get(value, Secrecy.CONFIDENTIAL)


def word_of(level: Secrecy) -> str:
    """How forms call the level."""
    return next(word for word, known in LEVEL_WORDS.items() if known is level)


def inherit(own: int, *parents: int) -> Secrecy:
    """The highest level of an object and everything it belongs to."""
    return max((level(v) for v in (own, *parents)), default=Secrecy.NORMAL)


def may_know(actor: Actor, relation: Relation) -> bool:
    """May the actor learn that the object exists?

    Level 2: people on the access list; the leader; ALT and the leader's delegate while the leader is away (L-21).
    """
    if level(relation.secrecy) < Secrecy.CONFIDENTIAL:
        return True
    if actor.person in relation.access:
        return True
    return any(h.role is Role.LEADER and h.basis is not Basis.STANDBY for h in actor.holdings)


def may_read(actor: Actor, relation: Relation) -> bool:
    """May the actor read the text? Level 1 needs involvement, an own part in it, or the post of leader or secretary."""
    match level(relation.secrecy):
        case Secrecy.NORMAL:
            return True
        case Secrecy.CONFIDENTIAL:
            return may_know(actor, relation)
        case Secrecy.SENSITIVE:
            own_part = relation.owners | relation.assigned | relation.members | relation.access
            if actor.person in own_part or actor.has(Role.LEADER) or actor.has(Role.SECRETARY):
                return True
            departments = {h.department for h in actor.holdings if h.basis is not Basis.STANDBY}
            return bool(departments & (relation.involved | {relation.department}))


def showing(secrecy: int, place: Place, *, may_read: bool) -> Showing:
    """How much may stand in that place, for a reader who may or may not read the text (`may_read`)."""
    match level(secrecy):
        case Secrecy.NORMAL:
            return Showing.FULL
        case Secrecy.SENSITIVE:
            return _sensitive(place, may_read)
        case Secrecy.CONFIDENTIAL:
            return _confidential(place, may_read)


def _sensitive(place: Place, may_read: bool) -> Showing:
    match place:
        case Place.DIRECT | Place.LEDGER | Place.SEARCH | Place.FILE:
            return Showing.FULL if may_read else Showing.NUMBER_STATE
        case Place.EXPORT:
            return Showing.FULL if may_read else Showing.NUMBER_STATE_DEPARTMENTS
        case Place.LEADERS_DIGEST:
            return Showing.FULL
        case Place.DIGEST | Place.WEEKLY_REPORT:
            return Showing.NUMBER_STATE_DEPARTMENTS
        case Place.GROUP:
            return Showing.NUMBER_STATE
        case Place.PREVIEW:
            return Showing.NUMBER


def _confidential(place: Place, may_read: bool) -> Showing:
    match place:
        case Place.DIRECT:
            return Showing.FULL if may_read else Showing.NOTHING
        case Place.PREVIEW:
            return Showing.NUMBER if may_read else Showing.NOTHING
        case Place.LEDGER:
            return Showing.FULL if may_read else Showing.COUNT
        case Place.LEADERS_DIGEST | Place.DIGEST | Place.WEEKLY_REPORT | Place.EXPORT:
            return Showing.COUNT
        case Place.GROUP | Place.SEARCH | Place.FILE:
            return Showing.NOTHING


def title_shown(title: str, *, secrecy: int, place: Place, may_read: bool) -> str:
    """The title where it may stand, else an empty text."""
    return title if showing(secrecy, place, may_read=may_read) is Showing.FULL else ""


def excerpt(text: str, *, secrecy: int, limit: int = EXCERPT) -> str:
    """What may be kept of a message: at most `limit` characters (never above 200), nothing of level 2."""
    return "" if level(secrecy) is Secrecy.CONFIDENTIAL else text[: min(limit, EXCERPT)]


def merges(first: int, second: int) -> bool:
    """May two reminders share one message? Confidential ones stand alone (EC-71)."""
    return Secrecy.CONFIDENTIAL not in {level(first), level(second)}


def check_group(secrecy: int) -> None:
    """Raises RuleViolation `confidential_no_group` for a level-2 item: 涉密事项不建群 (3.15)."""
    if level(secrecy) is Secrecy.CONFIDENTIAL:
        raise RuleViolation("confidential_no_group")


# ---------------------------------------------------------------- access list


def default_access(
    *,
    creator: PersonId,
    heads: Iterable[PersonId] = (),
    handlers: Iterable[PersonId] = (),
    named_liaisons: Iterable[PersonId] = (),
    secretary: PersonId | None,
    leader: PersonId | None,
) -> tuple[PersonId, ...]:
    """知悉范围 of a new level-2 object, each person once."""
    company = (p for p in (secretary, leader) if p is not None)
    return tuple(dict.fromkeys((creator, *heads, *handlers, *named_liaisons, *company)))


def add_reader(
    access: tuple[PersonId, ...], person: PersonId, *, by: PersonId, creator: PersonId, lead_head: PersonId | None
) -> tuple[PersonId, ...]:
    """The list with `person`. Raises RuleViolation `no_right` unless the creator or the lead head asks."""
    if by not in {creator, lead_head}:
        raise RuleViolation("no_right")
    return tuple(dict.fromkeys((*access, person)))


def remove_reader(
    access: tuple[PersonId, ...],
    person: PersonId,
    *,
    by: PersonId,
    creator: PersonId,
    lead_head: PersonId | None,
    secretary: PersonId | None,
    leader: PersonId | None,
) -> tuple[PersonId, ...]:
    """The list without `person`. Raises RuleViolation: `no_right`, or `leader_needed` for the secretary and the leader."""
    if person in {secretary, leader}:
        if person == leader or by != leader:
            raise RuleViolation("leader_needed")
    elif by not in {creator, lead_head}:
        raise RuleViolation("no_right")
    return tuple(p for p in access if p != person)


# ---------------------------------------------------------------- changing the level


def raised(
    now_at: int, to: int, *, by: PersonId, creator: PersonId, lead_head: PersonId | None, secretary: PersonId | None
) -> Secrecy:
    """The higher level. Raises RuleViolation `no_right`, or `level_not_higher`."""
    if by not in {creator, lead_head, secretary}:
        raise RuleViolation("no_right")
    if level(to) <= level(now_at):
        raise RuleViolation("level_not_higher")
    return level(to)


def lowered(
    now_at: int,
    to: int,
    *,
    agreed: frozenset[PersonId],
    lead_head: PersonId | None,
    leader: PersonId | None,
    parents: Iterable[int] = (),
) -> Secrecy:
    """The lower level. Raises RuleViolation.

    `no_right` unless lead head and leader both agreed, `level_not_lower`, `level_inherited` below a parent's level.
    """
    if lead_head is None or leader is None or not {lead_head, leader} <= agreed:
        raise RuleViolation("no_right")
    if level(to) >= level(now_at):
        raise RuleViolation("level_not_lower")
    if level(to) < inherit(Secrecy.NORMAL, *parents):
        raise RuleViolation("level_inherited")
    return level(to)
