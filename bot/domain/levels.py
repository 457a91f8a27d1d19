"""The level of secrecy of issues and conflicts, and who may know of them (domain.md 2.5): raised by one, lowered by two.

Never below what they belong to. Requests and items have their own words for it (`request_secrecy`, `item_secrecy`), because a
request's level stands in its form, and an item's list is made of its members.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from bot.domain import confidentiality
from bot.domain.confidentiality import Secrecy
from bot.domain.conflict import Conflict
from bot.domain.ids import PersonId
from bot.domain.issue import Issue
from bot.errors import RuleViolation

T = TypeVar("T", Issue, Conflict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keepers:
    """Who counts for a change now; whoever acts for an absent one stands in his or her place."""

    creator: PersonId
    lead_head: PersonId | None
    secretary: PersonId | None
    leader: PersonId | None
    #: the level of the item it belongs to
    parent: int = 0


def raised(thing: T, to: Secrecy, *, by: PersonId, keepers: Keepers) -> T:
    """The higher level, by creator, lead head or secretary. Raises RuleViolation: `no_right`, `level_not_higher`."""
    found = confidentiality.raised(
        thing.secrecy,
        to,
        by=by,
        creator=keepers.creator,
        lead_head=keepers.lead_head,
        secretary=keepers.secretary,
    )
    return replace(thing, secrecy=int(found), lower_to=None, lower_agreed=())


def lowering(thing: T, to: Secrecy, *, by: PersonId, keepers: Keepers) -> T:
    """One of lead head and leader agrees to a lower level; it is lowered when both have.

    Raises RuleViolation: `no_right`, `level_not_lower`, `level_inherited`.
    """
    both = frozenset(p for p in (keepers.lead_head, keepers.leader) if p is not None)
    if by not in both:
        raise RuleViolation("no_right")
    # judged as if both had agreed: what can never be is refused before the other one is asked
    level = confidentiality.lowered(
        thing.secrecy,
        to,
        agreed=both,
        lead_head=keepers.lead_head,
        leader=keepers.leader,
        parents=(keepers.parent,),
    )
    agreed = {by, *(thing.lower_agreed if thing.lower_to == int(to) else ())}
    if not both <= agreed:
        return replace(thing, lower_to=int(level), lower_agreed=tuple(sorted(agreed)))
    access = thing.access if level is Secrecy.CONFIDENTIAL else ()
    return replace(thing, secrecy=int(level), access=access, lower_to=None, lower_agreed=())


def with_reader(thing: T, person: PersonId, *, by: PersonId, keepers: Keepers) -> T:
    """One more on the list, by creator or lead head. Raises RuleViolation `access_only_confidential`, `no_right`."""
    _require_list(thing)
    access = confidentiality.add_reader(
        thing.access, person, by=by, creator=keepers.creator, lead_head=keepers.lead_head
    )
    return replace(thing, access=access)


def without_reader(thing: T, person: PersonId, *, by: PersonId, keepers: Keepers) -> T:
    """One off the list. Raises RuleViolation `access_only_confidential`, `no_right`, `leader_needed`."""
    _require_list(thing)
    access = confidentiality.remove_reader(
        thing.access,
        person,
        by=by,
        creator=keepers.creator,
        lead_head=keepers.lead_head,
        secretary=keepers.secretary,
        leader=keepers.leader,
    )
    return replace(thing, access=access)


def _require_list(thing: Issue | Conflict) -> None:
    if thing.secrecy < Secrecy.CONFIDENTIAL:
        raise RuleViolation("access_only_confidential", {"code": thing.code})
