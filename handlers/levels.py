"""`密级 WT-12 涉密`, `知悉范围 CT-3 @人` for issues and conflicts (domain.md 2.5; EC-71, EC-72): every card follows at once.

A family says who counts for a change and how its objects are kept; requests and items have words of their own for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.domain import levels
from bot.domain.confidentiality import Secrecy
from bot.domain.conflict import Conflict
from bot.domain.ids import CodeKind, DepartmentId, PersonId
from bot.domain.issue import Issue
from bot.domain.levels import Keepers
from bot.errors import RuleViolation
from bot.routing import Context
from handlers import left_standing, level_words, matter_access, matter_notices
from handlers.deeds import Deed, Deeds, Done

T = TypeVar("T", Issue, Conflict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified(Generic[T]):
    """What differs between the kinds."""

    kind: CodeKind
    creator: Callable[[T], PersonId]
    #: whose head may raise and, with the leader, lower it
    lead: Callable[[Context, T], DepartmentId]
    #: with everybody on its list who has to be, where it is confidential
    listed: Callable[[Context, T], T]
    #: keeps it: before, after, deed, act, reason
    save: Callable[[Deed, T, T, str, str], T]


def register(deeds: Deeds, family: Classified[T]) -> None:
    """Put both verbs on the table."""
    deeds.on("secrecy", family.kind, lambda deed, thing: _on_secrecy(deed, thing, family))
    deeds.on("access", family.kind, lambda deed, thing: _on_access(deed, thing, family))


def keepers_of(context: Context, thing: T, family: Classified[T]) -> Keepers:
    """Who counts for a change now; whoever acts for an absent one stands in his or her place."""
    posts = context.world.posts
    head = posts.head_of(family.lead(context, thing))
    item = context.uow.items.get(thing.item) if thing.item is not None else None
    return Keepers(
        creator=family.creator(thing),
        lead_head=head.acting if head is not None else None,
        secretary=posts.secretary(),
        leader=posts.leader(),
        parent=item.secrecy if item is not None else 0,
    )


def _on_secrecy(deed: Deed, thing: T, family: Classified[T]) -> Done:
    """Raised at once by one; lowered when lead head and leader have both said so. Raises RuleViolation."""
    context, words = deed.context, deed.words
    _require_sight(deed, thing)
    level = level_words.level_of(deed)
    keepers = keepers_of(context, thing, family)
    reason = f"{thing.secrecy}>{int(level)}"
    if level < thing.secrecy:
        lower = levels.lowering(thing, level, by=deed.person.id, keepers=keepers)
        return _lowered(deed, family.save(deed, thing, lower, "reclassified", reason), level, keepers)
    higher = family.listed(context, levels.raised(thing, level, by=deed.person.id, keepers=keepers))
    left = left_standing.of(context, (str(thing.code),))
    stored = family.save(deed, thing, higher, "reclassified", reason)
    left_standing.name(context, stored.code, stored.version, left)
    return Done(words.say("matter_level_set", what=stored.code, level=words.say(_KEYS[level])), is_private=True)


_KEYS = {
    Secrecy.NORMAL: "level_normal",
    Secrecy.SENSITIVE: "level_sensitive",
    Secrecy.CONFIDENTIAL: "level_confidential",
}


def _lowered(deed: Deed, stored: Issue | Conflict, level: Secrecy, keepers: Keepers) -> Done:
    context, words = deed.context, deed.words
    if stored.secrecy == level:
        return Done(words.say("matter_level_set", what=stored.code, level=words.say(_KEYS[level])), is_private=True)
    others = [p for p in (keepers.lead_head, keepers.leader) if p is not None and p not in stored.lower_agreed]
    for other in others:
        matter_notices.tell(
            context,
            other,
            stored,
            "matter_told_lowering",
            lambda told: {"name": deed.person.name, "level": told.say(_KEYS[level])},
            key=f"lower:{stored.version}",
            is_owed=True,
        )
    names = words.listing(words.name(person) for person in others)
    return Done(
        words.say("matter_level_asked", what=stored.code, level=words.say(_KEYS[level]), names=names), is_private=True
    )


def _on_access(deed: Deed, thing: T, family: Classified[T]) -> Done:
    """One more reader, or `移出` one. Raises RuleViolation."""
    _require_sight(deed, thing)
    if thing.secrecy < Secrecy.CONFIDENTIAL:
        raise RuleViolation("access_only_confidential", {"code": thing.code})
    change = levels.without_reader if level_words.is_removing(deed) else levels.with_reader
    after, keepers = thing, keepers_of(deed.context, thing, family)
    for person in level_words.people_of(deed):
        after = change(after, person.id, by=deed.person.id, keepers=keepers)
    stored = family.save(deed, thing, after, "readers", "")
    names = deed.words.listing(deed.words.name(person) for person in stored.access)
    return Done(deed.words.say("matter_readers", what=stored.code, names=names), is_private=True)


def _require_sight(deed: Deed, thing: Issue | Conflict) -> None:
    """Hidden and missing read the same; in a group a confidential object does not exist, whoever asks (EC-70, EC-73)."""
    is_hidden = not deed.is_private and thing.secrecy >= Secrecy.CONFIDENTIAL
    if is_hidden or not matter_access.may_see(deed.context, str(thing.code)):
        raise RuleViolation("not_found_or_no_right")
