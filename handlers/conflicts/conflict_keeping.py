"""How a conflict is kept: its rows, deadlines, trail, readers, and who decides it (domain.md 2.3, 2.5, 3.8; SoD-5, L-20)."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.action import Action
from bot.domain.confidentiality import Secrecy, level
from bot.domain.conflict import MACHINE, Conflict, ConflictAct
from bot.domain.happened import ConflictChanged
from bot.domain.ids import PersonId
from bot.domain.permissions import Grant
from bot.errors import RuleViolation
from bot.routing import Context
from handlers import deeds, effects, matter_cards, possible
from handlers.access import require
from handlers.conflicts import conflict_limits as limits
from handlers.conflicts import conflict_people as people
from handlers.deeds import Deed
from handlers.post_holders import liaison_post, secretary_post


def get(context: Context, code: str) -> Conflict | None:
    """The conflict of that number."""
    return context.uow.conflicts.get(code)


def save(
    context: Context,
    before: Conflict | None,
    after: Conflict,
    *,
    act: str,
    grant: Grant | None = None,
    reason: str = "",
    verb: str = "",
    slot: str = "",
) -> Conflict:
    """Keep it with the limit of its state, and let deadlines, cards and everybody who cares follow."""
    if before is None or before.state is not after.state:
        after = replace(after, due_at=limits.limit_of(context, after).due_at)
    kept = context.uow.conflicts.add(after) if before is None else context.uow.conflicts.put(after)
    limits.settle(context, kept)
    effects.record_act(
        context, f"conflict_{act}", before, kept, grant=grant, reason=reason, facts={deeds.VERB: verb, deeds.SLOT: slot}
    )
    matter_cards.refresh(context, kept.code)
    context.announce(ConflictChanged(before, kept))
    return kept


def require_possible(deed: Deed, conflict: Conflict, act: ConflictAct) -> None:
    """Raises RuleViolation: somebody did just that already, or the state is another one (2.8)."""
    possible.require_possible(deed, conflict, MACHINE, act, slot=deed.slot)


def too_late(deed: Deed, conflict: Conflict) -> RuleViolation:
    """Why it is not possible any more."""
    return deeds.too_late(
        deed.context, conflict.code, deed.verb, state=MACHINE.state_key(conflict.state), slot=deed.slot
    )


# ---------------------------------------------------------------- rights


def require_sight(context: Context, conflict: Conflict) -> Grant:
    """The right to read it. Raises RuleViolation `not_found_or_no_right`: hidden and missing read the same (EC-73)."""
    try:
        return require(context, Action.SEE_ISSUE_LEDGER, people.relation(context, conflict))
    except RuleViolation as refusal:
        raise RuleViolation("not_found_or_no_right") from refusal


# ---------------------------------------------------------------- readers


def with_readers(context: Context, conflict: Conflict) -> Conflict:
    """Of a confidential conflict: who filed it, heads and liaisons of the parties, secretary and leader (2.5)."""
    if level(conflict.secrecy) is not Secrecy.CONFIDENTIAL:
        return conflict
    posts = context.world.posts
    readers: list[PersonId | None] = [conflict.filed_by]
    for party in conflict.parties:
        readers += [posts.head_post(party), liaison_post(context, party)]
    readers += [secretary_post(context), posts.leader_post(), people.ruler(context, conflict)]
    return replace(conflict, access=tuple(dict.fromkeys((*conflict.access, *(p for p in readers if p is not None)))))
