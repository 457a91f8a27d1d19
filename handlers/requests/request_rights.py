"""Who may see, fill in and decide a request (P-01..P-08, domain.md 2.5). Every question about rights of requests is asked here."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.action import Action
from bot.domain.confidentiality import may_read
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.permissions import Column, Grant, Refusal, may
from bot.domain.relation import Relation
from bot.domain.request import Request, RequestState
from bot.domain.roles import Actor, actor_of
from bot.domain.slots import Slot, open_slots
from bot.errors import RuleViolation
from bot.routing import Context
from handlers.access import actor, allows, require


def relation_of(request: Request, department: DepartmentId | None = None) -> Relation:
    """How the request stands to people and departments; `department` is the one whose slot is meant."""
    owners = frozenset(p for p in (request.created_by, request.submitted_by) if p is not None)
    return Relation(
        department=department or request.lead,
        lead=request.lead,
        coop=frozenset(request.coop),
        owners=owners,
        submitter=request.submitted_by,
        secrecy=request.secrecy,
        access=frozenset(request.access),
    )


# ---------------------------------------------------------------- seeing


def may_see(context: Context, request: Request) -> bool:
    """May whoever is behind this transaction read it?

    A draft is its department's own matter; from the first submission on those see it who may ask for its arithmetic (L-23).
    """
    who = actor(context)
    if who is None:
        return False
    if request.state is RequestState.PENDING_LEADER and may_decide(context, request, who.person):
        # the alternate reads what the leader may not decide (SoD-2)
        return True
    if not may_read(who, relation_of(request)):
        return False
    if not request.round:
        return who.person == request.created_by or is_editor(context, request)
    return who.person in {request.created_by, request.submitted_by} or allows(
        context, Action.EXPLAIN, relation_of(request)
    )


def require_sight(context: Context, request: Request) -> None:
    """Raises RuleViolation `not_found_or_no_right` for everybody who may not see it: it reads as if it were not there."""
    if not may_see(context, request):
        raise RuleViolation("not_found_or_no_right")


# ---------------------------------------------------------------- filling in


def require_creation(context: Context, lead: DepartmentId) -> Grant:
    """A request of that department (P-01); only the leader makes one for a department that is not the own."""
    return require(context, Action.CREATE_REQUEST, Relation(department=lead, lead=lead))


def require_editor(context: Context, request: Request) -> Grant:
    """The creator, a liaison or the head of the lead department (3.1). Raises RuleViolation `no_right`."""
    relation = relation_of(request)
    if context.person is not None and context.person.id == request.created_by:
        return require(context, Action.CREATE_REQUEST, relation)
    grant = require(context, Action.SUBMIT_REQUEST, relation)
    if grant.column is Column.LDR:
        raise RuleViolation("no_right")
    return grant


def is_editor(context: Context, request: Request) -> bool:
    """Would `require_editor` grant it?"""
    try:
        require_editor(context, request)
    except RuleViolation:
        return False
    return True


def require_submission(context: Context, request: Request) -> Grant:
    """A liaison or the head of the lead department, or the leader (P-02)."""
    return require(context, Action.SUBMIT_REQUEST, relation_of(request))


def require_withdrawal(context: Context, request: Request) -> Grant:
    """The submitter, or the head of the lead department (P-03)."""
    own = frozenset({request.submitted_by}) if request.submitted_by is not None else frozenset[PersonId]()
    return require(context, Action.WITHDRAW_REQUEST, replace(relation_of(request), owners=own))


def require_secretary(context: Context, request: Request) -> Grant:
    """What only the executive secretary does: the assessment (P-07), and taking out what was left alone."""
    return require(context, Action.ASSESS_REQUEST, relation_of(request))


# ---------------------------------------------------------------- deciding


def own_slots(context: Context, request: Request) -> tuple[Slot, ...]:
    """Slots of the present round, in their order, that whoever is behind this transaction may fill (SoD-1, SoD-7, EC-09)."""
    who = actor(context)
    return slots_of(who, request) if who is not None else ()


def slots_of(who: Actor, request: Request) -> tuple[Slot, ...]:
    """The same for anybody; own posts come before those of others."""
    found: list[tuple[bool, Slot]] = []
    for slot in request.slots:
        answer = may(Action.REVIEW_REQUEST, who, relation_of(request, slot.department))
        if not isinstance(answer, Refusal):
            found.append((answer.behalf is not None, slot))
    return tuple(slot for _, slot in sorted(found, key=lambda pair: pair[0]))


def waiting_slot(context: Context, request: Request, person: PersonId) -> Slot | None:
    """The open slot that waits for this person; None where none does."""
    who = actor_of(person, directory=context.world.directory, posts=context.world.posts)
    return next(iter(open_slots(slots_of(who, request))), None) if who is not None else None


def may_decide(context: Context, request: Request, person: PersonId) -> bool:
    """Is this person the one who decides for the leader (P-08, SoD-2)?"""
    who = actor_of(person, directory=context.world.directory, posts=context.world.posts)
    return who is not None and not isinstance(may(Action.DECIDE_REQUEST, who, relation_of(request)), Refusal)


def require_review(context: Context, request: Request, department: DepartmentId) -> Grant:
    """The right to fill the slot of that department (P-04)."""
    return require(context, Action.REVIEW_REQUEST, relation_of(request, department))


def require_decision(context: Context, request: Request) -> Grant:
    """The right to decide for the leader (P-08, SoD-2)."""
    return require(context, Action.DECIDE_REQUEST, relation_of(request))
