"""Separation of duties (domain.md 2.4): who may not use a right that he or she holds, and who does it instead.

`barred` answers for one holding of one person about one object; `permissions.may` asks it before every grant.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.action import Action
from bot.domain.directory import Role
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.relation import Relation
from bot.domain.roles import Actor, Basis, Holding, Seat
from bot.errors import RuleViolation


class Duty(StrEnum):
    """The ten rules of 2.4."""

    OWN_REQUEST = "SoD-1"
    LEADERS_OWN = "SoD-2"
    OWN_RESULT = "SoD-3"
    OWN_ISSUE = "SoD-4"
    LEADERS_CONFLICT = "SoD-5"
    OWN_PROPOSAL = "SoD-6"
    DELEGATED_INTEREST = "SoD-7"
    OWN_TASK = "SoD-8"
    ADMINISTRATOR = "SoD-9"
    PUBLISHED = "SoD-10"


#: approval slots of a request (SoD-1)
SLOTS = frozenset({Action.REVIEW_REQUEST, Action.COUNTERSIGN_PLAN, Action.DECIDE_REQUEST, Action.APPROVE_PLAN_CHANGE})
#: decisions of the leader about what a department asked for (SoD-2)
LEADERS = frozenset({Action.DECIDE_REQUEST, Action.APPROVE_PLAN_CHANGE, Action.SIGN_RESOLUTION})
#: decisions in which a stand-in must have no interest (SoD-7)
DECISIONS = SLOTS | {
    Action.SIGN_RESOLUTION,
    Action.CONFIRM_TASK,
    Action.GRANT_EXTENSION,
    Action.TERMINATE_SPECIAL,
    Action.TERMINATE_ROUTINE,
    Action.VOTE_ACCEPTANCE,
    Action.GRADE_ISSUE,
    Action.ACKNOWLEDGE_MAJOR,
    Action.CLOSE_ISSUE,
    Action.CLOSE_MAJOR,
    Action.RECORD_MEDIATION,
    Action.ACCEPT_MEDIATION,
    Action.RULE_CONFLICT,
    Action.CORRECT_VERDICT,
    Action.CONFIRM_PROPOSAL,
}


def barred(action: Action, actor: Actor, holding: Holding, relation: Relation) -> Duty | None:
    """The rule that keeps the actor from using this holding here; None when none does."""
    return (
        _interest(
            action,
            person=actor.person,
            department=holding.department if holding.role is not Role.SECRETARY else actor.department,
            heads=actor.heads,
            role=holding.role,
            is_own_post=holding.basis is Basis.OWN,
            relation=relation,
        )
        or _represented_interest(action, actor, holding, relation)
        or _delegated_interest(action, actor, holding, relation)
    )


def seat_barred(action: Action, seat: Seat, role: Role, relation: Relation, *, is_deputy: bool = False) -> Duty | None:
    """The same for the holder of a company post, to know whether the stand-in's turn has come (L-20)."""
    return _interest(
        action,
        person=seat.person,
        department=seat.department,
        heads=seat.heads,
        role=role,
        is_own_post=not is_deputy,
        relation=relation,
    )


def _interest(
    action: Action,
    *,
    person: PersonId,
    department: DepartmentId,
    heads: frozenset[DepartmentId],
    role: Role,
    is_own_post: bool,
    relation: Relation,
) -> Duty | None:
    if action in SLOTS and role is not Role.LEADER and person == relation.submitter:
        return Duty.OWN_REQUEST
    if action in LEADERS and role is Role.LEADER and (person == relation.submitter or relation.lead in heads):
        return Duty.LEADERS_OWN
    if action is Action.VOTE_ACCEPTANCE and (department == relation.lead or relation.lead in heads):
        return Duty.OWN_RESULT
    if action is Action.GRADE_ISSUE:
        # SED may grade for the own department, but not what he or she filed (L-20)
        is_responsible = role is Role.SECRETARY and is_own_post and department == relation.responsible
        if person in relation.owners or is_responsible:
            return Duty.OWN_ISSUE
    if action is Action.RULE_CONFLICT and heads & relation.parties:
        return Duty.LEADERS_CONFLICT
    if action is Action.CONFIRM_PROPOSAL and person in relation.beneficiaries:
        return Duty.OWN_PROPOSAL
    if action is Action.CONFIRM_TASK and person in relation.assigned:
        return Duty.OWN_TASK
    return None


def _represented_interest(action: Action, actor: Actor, holding: Holding, relation: Relation) -> Duty | None:
    """A delegate has the cells of the person represented, minus what that person may not do: leave is no way around 2.4."""
    if holding.basis is not Basis.DELEGATE or holding.behalf is None:
        return None
    seats = (actor.seats.leader, actor.seats.secretary, *actor.seats.deputies)
    seat = next((s for s in seats if s is not None and s.person == holding.behalf), None)
    heads = frozenset({holding.department}) if holding.role is Role.HEAD else frozenset[DepartmentId]()
    return _interest(
        action,
        person=holding.behalf,
        department=seat.department if seat is not None else holding.department,
        heads=seat.heads if seat is not None else heads,
        role=holding.role,
        is_own_post=True,
        relation=relation,
    )


def _delegated_interest(action: Action, actor: Actor, holding: Holding, relation: Relation) -> Duty | None:
    """SoD-7: no delegated decision by the submitter, a party or somebody who gains."""
    if holding.basis is not Basis.DELEGATE or action not in DECISIONS:
        return None
    is_party = actor.department in relation.parties and actor.department != holding.department
    if actor.person == relation.submitter or actor.person in relation.beneficiaries or is_party:
        return Duty.DELEGATED_INTEREST
    return None


# ---------------------------------------------------------------- what happens instead


class Slot(StrEnum):
    """What becomes of a department's review slot (SoD-1)."""

    MANDATORY = "mandatory"
    #: 本人提交，免审
    SELF_SUBMITTED = "self_submitted"


def review_slot(department: DepartmentId, *, head: PersonId | None, lead: DepartmentId, submitter: PersonId) -> Slot:
    """Only the lead department's slot, and only where its head submitted, needs no review; the others stay mandatory."""
    return Slot.SELF_SUBMITTED if department == lead and head == submitter else Slot.MANDATORY


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptors:
    """Departments whose votes count; `needs_independent` when the secretary must name somebody (SoD-3)."""

    departments: tuple[DepartmentId, ...]
    needs_independent: bool


def acceptors(*, lead: DepartmentId, coop: Iterable[DepartmentId], using: Iterable[DepartmentId] = ()) -> Acceptors:
    """Cooperating and using departments without the lead."""
    departments = tuple(d for d in dict.fromkeys((*coop, *using)) if d != lead)
    return Acceptors(departments=departments, needs_independent=not departments)


def task_confirmer(*, assignee: PersonId, lead_liaison: PersonId | None, lead_head: PersonId | None) -> PersonId | None:
    """The lead liaison, or the lead head where the liaison did the task; None where nobody else is left (SoD-8)."""
    return next((p for p in (lead_liaison, lead_head) if p is not None and p != assignee), None)


def check_correction(*, is_published: bool, makes_new_version: bool) -> None:
    """Raises RuleViolation `published_is_final` for a change of a published version in place (SoD-10)."""
    if is_published and not makes_new_version:
        raise RuleViolation("published_is_final", {"rule": Duty.PUBLISHED.value})
