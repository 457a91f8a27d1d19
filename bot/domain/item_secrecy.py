"""Level and access list of an item (domain.md 2.5; L-21): who may change them, and what the item is then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.domain import confidentiality
from bot.domain.confidentiality import Secrecy
from bot.domain.ids import PersonId
from bot.domain.item import Item
from bot.errors import RuleViolation


@dataclass(frozen=True, slots=True, kw_only=True)
class Keepers:
    """The people who count for a change of level, present holders of their posts."""

    lead_head: PersonId | None
    secretary: PersonId | None
    leader: PersonId | None
    #: heads of the departments involved, and their liaisons named in the item
    heads: tuple[PersonId, ...] = ()
    liaisons: tuple[PersonId, ...] = ()


def raised(item: Item, to: int, *, by: PersonId, keepers: Keepers, handlers: Iterable[PersonId] = ()) -> Item:
    """The higher level; a confidential item gets its access list. Raises RuleViolation `no_right`, `level_not_higher`."""
    level = confidentiality.raised(
        item.secrecy,
        to,
        by=by,
        creator=item.created_by or PersonId(""),
        lead_head=keepers.lead_head,
        secretary=keepers.secretary,
    )
    after = replace(item, secrecy=int(level), lower_to=None, lower_agreed=())
    if level is not Secrecy.CONFIDENTIAL:
        return after
    return replace(after, access=item.access or default_access(item, by=by, keepers=keepers, handlers=handlers))


def default_access(
    item: Item, *, by: PersonId, keepers: Keepers, handlers: Iterable[PersonId] = ()
) -> tuple[PersonId, ...]:
    """知悉范围: the creator, heads and named handlers of the departments, their liaisons, secretary and leader (2.5)."""
    return confidentiality.default_access(
        creator=item.created_by or by,
        heads=keepers.heads,
        handlers=(*item.members, *handlers),
        named_liaisons=keepers.liaisons,
        secretary=keepers.secretary,
        leader=keepers.leader,
    )


def lowering(item: Item, to: int, *, by: PersonId, keepers: Keepers, parents: Iterable[int] = ()) -> Item:
    """One of lead head and leader agrees to a lower level; with both it is lowered.

    Raises RuleViolation: `no_right`, `level_not_lower`, `level_inherited`.
    """
    both = frozenset(p for p in (keepers.lead_head, keepers.leader) if p is not None)
    if by not in both:
        raise RuleViolation("no_right")
    # judged as if both had agreed: what can never be is refused before the other one is asked
    level = confidentiality.lowered(
        item.secrecy, to, agreed=both, lead_head=keepers.lead_head, leader=keepers.leader, parents=parents
    )
    agreed = {by, *(item.lower_agreed if item.lower_to == to else ())}
    if not both <= agreed:
        return replace(item, lower_to=int(level), lower_agreed=tuple(sorted(agreed)))
    access = item.access if level is Secrecy.CONFIDENTIAL else ()
    return replace(item, secrecy=int(level), access=access, lower_to=None, lower_agreed=())


def refused_lowering(item: Item) -> Item:
    """It stays at its level."""
    return replace(item, lower_to=None, lower_agreed=())


def with_reader(item: Item, person: PersonId, *, by: PersonId, keepers: Keepers) -> Item:
    """Somebody more may know of it. Raises RuleViolation `no_right`."""
    access = confidentiality.add_reader(
        item.access, person, by=by, creator=item.created_by or PersonId(""), lead_head=keepers.lead_head
    )
    return replace(item, access=access)


def without_reader(item: Item, person: PersonId, *, by: PersonId, keepers: Keepers) -> Item:
    """Somebody is taken off the list. Raises RuleViolation `no_right`, `leader_needed`."""
    access = confidentiality.remove_reader(
        item.access,
        person,
        by=by,
        creator=item.created_by or PersonId(""),
        lead_head=keepers.lead_head,
        secretary=keepers.secretary,
        leader=keepers.leader,
    )
    return replace(item, access=access)
