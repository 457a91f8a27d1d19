"""Who may know of any numbered object, by the object's own rights (domain.md 2.2, 2.5; L-23, EC-73)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.domain import confidentiality
from bot.domain.action import Action
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.item import Item
from bot.domain.obligation import Obligation
from bot.domain.proposal import Proposal
from bot.domain.relation import Relation
from bot.routing import Context
from handlers import numbered
from handlers.access import actor, allows

#: fields of one department, and of several, that have a part in an object
_ONE = ("lead", "department", "found_by", "filed_for", "host_department")
_SEVERAL = ("coop", "departments", "parties", "informed")


def may_see(context: Context, code: str) -> bool:
    """May whoever is behind the update ask about this number? What is missing and what is hidden read the same."""
    relation = relation_of(context, code)
    return relation is not None and allows(context, Action.EXPLAIN, relation)


def relation_of(context: Context, code: str) -> Relation | None:
    """How the object, its open deadlines and the item it belongs to stand to people and departments; None for nothing at all."""
    open_ones = context.uow.obligations.find(code=code)
    thing = numbered.load(context, code)
    if thing is None and not open_ones:
        return None
    item = _item(context, thing, open_ones)
    holders = frozenset(one.holder for one in open_ones if one.holder is not None)
    return Relation(
        lead=_lead(thing, item, open_ones),
        coop=frozenset(_involved(thing, item, open_ones)),
        owners=(numbered.makers(thing) if thing is not None else frozenset()) | holders,
        assigned=holders,
        members=frozenset(item.members) if item is not None else frozenset(),
        participants=frozenset(getattr(thing, "participants", ())),
        secrecy=max((_secrecy(found) for found in (thing, item, *open_ones)), default=0),
        access=_listed(thing, item, open_ones),
    )


def may_know(context: Context, code: str) -> bool:
    """May whoever is behind the update know that there is such a confidential thing? Nobody is kept from others (2.5)."""
    relation, who = relation_of(context, code), actor(context)
    return relation is None or (who is not None and confidentiality.may_know(who, relation))


def _listed(thing: object | None, item: Item | None, open_ones: Iterable[Obligation]) -> frozenset[PersonId]:
    """The object's own list; of one that has none those of its limits and its item, and whoever has to act."""
    own = numbered.access_of(thing) if thing is not None else frozenset[PersonId]()
    if own:
        return own
    lists = (numbered.access_of(found) for found in (item, *open_ones) if found is not None)
    unlisted = (one.holder for one in open_ones if one.holder is not None and not one.access)
    return frozenset(unlisted).union(*lists)


def _item(context: Context, thing: object, open_ones: Iterable[Obligation]) -> Item | None:
    if isinstance(thing, Item):
        return thing
    named = [getattr(thing, "item", None), *(one.item for one in open_ones)]
    return next((item for code in named if code and (item := context.uow.items.get(str(code))) is not None), None)


def _secrecy(found: object) -> int:
    return int(getattr(found, "secrecy", 0))


def _lead(thing: object, item: Item | None, open_ones: Iterable[Obligation]) -> DepartmentId | None:
    """Proposals are no business of the department's liaisons: whoever is concerned holds the limit (3.16)."""
    if isinstance(thing, Proposal):
        return None
    own: DepartmentId | None = getattr(thing, "lead", None)
    of_limits = next((one.lead or _doing(one) for one in open_ones), None)
    return own or of_limits or (item.lead if item is not None else None)


def _doing(one: Obligation) -> DepartmentId | None:
    """The department that does it. Who keeps the group's business has no part in what is sensitive (2.5)."""
    return one.department if not one.secrecy else None


def _involved(thing: Any, item: Item | None, open_ones: Iterable[Obligation]) -> Iterable[DepartmentId]:
    if isinstance(thing, Proposal):
        return
    for one in open_ones:
        yield from (d for d in (_doing(one), one.lead, *one.coop) if d is not None)
    yield from (d for name in _ONE if (d := getattr(thing, name, None)) is not None)
    for name in _SEVERAL:
        yield from getattr(thing, name, ())
    if item is not None:
        yield from item.involved
