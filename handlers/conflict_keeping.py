"""How a conflict is kept: its rows, deadlines, trail, readers, and who decides it (domain.md 2.3, 2.5, 3.8; SoD-5, L-20)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.action import Action
from bot.domain.confidentiality import Secrecy, level
from bot.domain.conflict import MACHINE, Conflict, ConflictAct
from bot.domain.happened import ConflictChanged
from bot.domain.ids import PersonId
from bot.domain.permissions import Grant
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import conflict_limits as limits
from handlers import conflict_people as people
from handlers import deeds, effects, matter_cards
from handlers.access import require
from handlers.deeds import Deed
from handlers.post_holders import is_at_work, liaison_post, secretary_post
from handlers.words import Words, words_for

TITLE = 40
Facts = Callable[[Words], Mapping[str, object]]


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
    if not MACHINE.allows(conflict.state, act):
        raise too_late(deed, conflict)


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


# ---------------------------------------------------------------- readers, telling


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


def may_be_told(context: Context, conflict: Conflict, person: PersonId) -> bool:
    """Confidential ones are spoken of only to people on their list, and to whoever acts as leader (L-21)."""
    if level(conflict.secrecy) is not Secrecy.CONFIDENTIAL:
        return True
    return person in conflict.access or person == context.world.posts.leader()


def what(conflict: Conflict) -> str:
    """Number and title, of a sensitive one the number only (EC-74)."""
    title = inert(conflict.title, limit=TITLE)
    return f"{conflict.code}《{title}》" if not conflict.secrecy else str(conflict.code)


def _nothing(_: Words) -> Mapping[str, object]:
    return {}


def tell(
    context: Context,
    person: PersonId | None,
    conflict: Conflict,
    sentence: str,
    facts: Facts = _nothing,
    *,
    key: str,
    is_owed: bool = False,
) -> bool:
    """A direct message about it; it begins with the number where the rest is nobody's business (EC-74)."""
    found = context.world.directory.person(person) if person is not None else None
    if found is None or not may_be_told(context, conflict, found.id):
        return False
    words = words_for(context, found)
    text = words.say(sentence, code=conflict.code, what=what(conflict), **facts(words))
    if conflict.secrecy:
        text = f"{conflict.code}\n{text}"
    return effects.tell(
        context,
        found,
        effects.text(text),
        key=f"conflict:{conflict.code}:{key}:{found.id}",
        ref=conflict.code,
        is_owed=is_owed,
    )


def show(context: Context, person: PersonId | None, conflict: Conflict, purpose: str) -> bool:
    """Its card for a purpose to somebody who may know of it; at once where it was asked for at work (L-09)."""
    found = context.world.directory.person(person) if person is not None else None
    if found is None or not may_be_told(context, conflict, found.id):
        return False
    return matter_cards.show_to(context, found, conflict.code, purpose, at_once=is_at_work(context))
