"""The level of secrecy of a request, and who may know of it (domain.md 2.5): raised by one, lowered by two, never below what binds."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain import confidentiality
from bot.domain.confidentiality import Secrecy, word_of
from bot.domain.ids import PersonId
from bot.domain.request import MACHINE, Request, RequestAct
from bot.errors import RuleViolation


@dataclass(frozen=True, slots=True, kw_only=True)
class Keepers:
    """Who counts for a change now; whoever acts for an absent one stands in his or her place."""

    lead_head: PersonId | None
    secretary: PersonId | None
    leader: PersonId | None


def raised(request: Request, to: Secrecy, *, by: PersonId, keepers: Keepers) -> Request:
    """The higher level, by creator, lead head or secretary. Raises RuleViolation: `stale_card`, `no_right`, `level_not_higher`."""
    MACHINE.require(request.state, RequestAct.RECLASSIFY)
    level = confidentiality.raised(
        request.secrecy,
        to,
        by=by,
        creator=request.created_by,
        lead_head=keepers.lead_head,
        secretary=keepers.secretary,
    )
    return _at(request, level)


def lowering(request: Request, to: Secrecy, *, by: PersonId, keepers: Keepers) -> Request:
    """One of lead head and leader agrees to a lower level; it is lowered when both have.

    Raises RuleViolation: `stale_card`, `no_right`, `level_not_lower`.
    """
    MACHINE.require(request.state, RequestAct.RECLASSIFY)
    if by not in {keepers.lead_head, keepers.leader}:
        raise RuleViolation("no_right")
    if to >= request.secrecy:
        raise RuleViolation("level_not_lower")
    before = request.lower_agreed if request.lower_to == int(to) else ()
    agreed = tuple(dict.fromkeys((*before, by)))
    if not {keepers.lead_head, keepers.leader} <= set(agreed):
        return replace(request, lower_to=int(to), lower_agreed=agreed)
    level = confidentiality.lowered(
        request.secrecy, to, agreed=frozenset(agreed), lead_head=keepers.lead_head, leader=keepers.leader
    )
    return _at(request, level)


def _at(request: Request, level: Secrecy) -> Request:
    return replace(
        request,
        secrecy=int(level),
        content={**request.content, "confidentiality": word_of(level)},
        access=request.access if level is Secrecy.CONFIDENTIAL else (),
        lower_to=None,
        lower_agreed=(),
    )


def with_reader(request: Request, person: PersonId, *, by: PersonId, keepers: Keepers) -> Request:
    """One more on the list, by creator or lead head. Raises RuleViolation `access_only_confidential`, `no_right`."""
    _require_list(request)
    access = confidentiality.add_reader(
        request.access, person, by=by, creator=request.created_by, lead_head=keepers.lead_head
    )
    return replace(request, access=access)


def without_reader(request: Request, person: PersonId, *, by: PersonId, keepers: Keepers) -> Request:
    """One off the list. Raises RuleViolation `access_only_confidential`, `no_right`, `leader_needed`."""
    _require_list(request)
    access = confidentiality.remove_reader(
        request.access,
        person,
        by=by,
        creator=request.created_by,
        lead_head=keepers.lead_head,
        secretary=keepers.secretary,
        leader=keepers.leader,
    )
    return replace(request, access=access)


def _require_list(request: Request) -> None:
    if request.secrecy < Secrecy.CONFIDENTIAL:
        raise RuleViolation("access_only_confidential", {"code": request.code})
