"""Which reply clock somebody means, and whether he or she may know of it (domain.md 2.5; L-23, EC-73)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from bot.domain.action import Action
from bot.domain.codes import CodeRef
from bot.domain.ids import ChatKey, CodeKind, PersonId
from bot.domain.relation import Relation
from bot.domain.reply_clock import ReplyClock
from bot.domain.tracking import speaks_for
from bot.errors import RuleViolation
from bot.routing import Context
from handlers.access import allows
from handlers.calls import Call
from handlers.clocks import clocks
from handlers.conversation.places import group_of, item_of
from handlers.lookups import find


def relation_of(context: Context, clock: ReplyClock) -> Relation:
    """How a clock stands to people and departments."""
    item = item_of(context, group_of(context, clock.chat))
    assigned = (p for p in (clock.assignee, clock.acting, clock.answered_by) if p is not None)
    return Relation(
        department=clock.department,
        lead=clock.department,
        coop=frozenset({clock.asking_department}),
        owners=clock.askers,
        assigned=frozenset(assigned),
        secrecy=clock.secrecy,
        access=frozenset(item.access) if item is not None else frozenset(),
    )


def may_see(context: Context, clock: ReplyClock) -> bool:
    """May whoever is behind the update see this clock?"""
    relation = relation_of(context, clock)
    if context.person is not None and context.person.id in relation.assigned:
        return True
    return allows(context, Action.EXPLAIN, relation)


def named(context: Context, ref: CodeRef) -> ReplyClock:
    """The clock of a typed code. Raises RuleViolation: what is missing and what is forbidden read the same (2.5)."""
    clock = find(context, ref, CodeKind.CLOCK, context.uow.clocks.get)
    if clock is None or not may_see(context, clock):
        raise RuleViolation("not_found_or_no_right")
    return clock


def meant(call: Call, among: Iterable[ReplyClock], *, none: str) -> ReplyClock:
    """The clock of the code or the quoted message; without one the only one there is, in this chat before elsewhere.

    Raises RuleViolation: `none` where there is none, `which_clock` where there are several: nobody guesses.
    """
    if call.command.codes:
        return named(call.context, call.command.codes[0])
    found = list(among)
    here = [clock for clock in found if clock.chat == call.message.chat]
    candidates = here or found
    if not candidates:
        raise RuleViolation(none)
    if len(candidates) > 1:
        codes = call.words.listing(clock.code for clock in candidates[:5])
        raise RuleViolation("which_clock", {"codes": codes, "example": f"{call.command.word} {candidates[0].code}"})
    return candidates[0]


def waiting_for(context: Context, person: PersonId) -> list[ReplyClock]:
    """Open clocks that wait for this very person, by due time."""
    return [clock for clock in clocks.open_clocks(context) if clock.acting == person]


def escalated_to(context: Context, person: PersonId) -> list[ReplyClock]:
    """Open clocks that were brought before this person as head of the department, by due time."""
    posts = context.world.posts
    found = [c for c in clocks.open_clocks(context) if c.escalations and c.acting != person]
    heads = {c.department: posts.head_of(c.department) for c in found}
    return [c for c in found if (head := heads[c.department]) is not None and head.acting == person]


def answerable_by(context: Context, person: PersonId, *, chat: ChatKey | None = None) -> list[ReplyClock]:
    """Open clocks that this person could answer: the own ones, else those of the department in this chat."""
    own = waiting_for(context, person)
    if own or chat is None:
        return own
    posts = context.world.posts
    return [c for c in clocks.open_clocks(context, chat=str(chat)) if speaks_for(person, c.department, posts)]


def asked_by(context: Context, person: PersonId) -> list[ReplyClock]:
    """Open clocks that this person started, by due time."""
    return clocks.open_clocks(context, asker=person)


def answered_plainly(context: Context, person: PersonId) -> list[ReplyClock]:
    """What this person asked today and somebody answered without quote or mention: it may have been about something else."""
    since = context.now - timedelta(days=1)
    found = context.uow.clocks.between("verdict_at", since, context.now, asker=person)
    return [c for c in found if any(f.message == c.answer and f.is_natural for f in c.facts if c.answer is not None)]
