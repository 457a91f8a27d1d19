"""A plan on its way through the heads (domain.md 3.2; A-03, R-29, R-79; SoD-1): submitted, countersigned, decided, revised.

Who may do it is judged elsewhere; here stands what becomes of the version.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.domain.form import Content
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.plan import PLAN, Plan, PlanAct, PlanState, plan_key
from bot.domain.plan_form import next_version
from bot.domain.separation import Slot as Need
from bot.domain.slots import Slot, SlotState, filled_in, is_filled, open_slots, voided
from bot.errors import RuleViolation

#: between the causes of one version
CAUSES = " "


def opened(plan: Plan, *, due_at: datetime, now: datetime) -> Plan:
    """A new version as it begins (T-05)."""
    return replace(plan, state=PlanState.DRAFTING, opened_at=now, since=now, due_at=due_at)


def edited(plan: Plan, content: Content, *, coop: tuple[DepartmentId, ...]) -> Plan:
    """The version with that content. Raises RuleViolation `stale_card` while heads or the leader have it."""
    PLAN.require(plan.state, PlanAct.EDIT)
    return replace(plan, content=content, coop=coop)


def submitted(
    plan: Plan,
    *,
    by: PersonId,
    needs: Iterable[tuple[DepartmentId, Need]],
    is_beyond: bool,
    due_at: datetime,
    leader_due_at: datetime,
    now: datetime,
) -> Plan:
    """The next round: one slot a department; that of the lead needs no signature where its head submitted (SoD-1)."""
    PLAN.require(plan.state, PlanAct.SUBMIT)
    slots = tuple(
        Slot(department=department, state=SlotState.SELF_SUBMITTED, by=by, at=now)
        if need is Need.SELF_SUBMITTED
        else Slot(department=department)
        for department, need in needs
    )
    sent = replace(
        plan,
        round=plan.round + 1,
        slots=slots,
        submitted_by=by,
        submitted_at=now,
        is_beyond=is_beyond,
        reason="",
        decided_by=None,
        decided_for=None,
        decided_at=None,
    )
    return _went_on(sent, PlanAct.SUBMIT, due_at=due_at, leader_due_at=leader_due_at, now=now)


def agreed(
    plan: Plan,
    department: DepartmentId,
    *,
    by: PersonId,
    behalf: PersonId | None,
    reason: str,
    leader_due_at: datetime,
    now: datetime,
) -> Plan:
    """会签同意. With the last one the plan is in force, or with the leader where it goes beyond A-03.

    Raises RuleViolation `stale_card` for another state or a slot that is not open.
    """
    PLAN.require(plan.state, PlanAct.AGREE)
    slot = replace(_open(plan, department), state=SlotState.PASSED, by=by, behalf=behalf, at=now, reason=reason)
    signed = replace(plan, slots=filled_in(plan.slots, slot))
    return _went_on(signed, PlanAct.AGREE, due_at=plan.due_at, leader_due_at=leader_due_at, now=now)


def disagreed(
    plan: Plan,
    department: DepartmentId,
    *,
    by: PersonId,
    behalf: PersonId | None,
    reason: str,
    due_at: datetime,
    now: datetime,
) -> Plan:
    """会签不同意: every other slot of the round is void, the lead has T-05b to submit again. Raises RuleViolation `stale_card`."""
    state = PLAN.after(plan.state, PlanAct.DISAGREE, PlanState.RETURNED)
    slot = replace(_open(plan, department), state=SlotState.RETURNED, by=by, behalf=behalf, at=now, reason=reason)
    slots = voided(filled_in(plan.slots, slot))
    return replace(plan, state=state, slots=slots, reason=reason, since=now, due_at=due_at)


def approved(plan: Plan, *, by: PersonId, behalf: PersonId | None, reason: str, now: datetime) -> Plan:
    """The leader agrees to a change beyond A-03. Raises RuleViolation `stale_card`."""
    state = PLAN.after(plan.state, PlanAct.APPROVE, PlanState.EFFECTIVE)
    return replace(
        plan,
        state=state,
        decided_by=by,
        decided_for=behalf,
        decided_at=now,
        reason=reason,
        since=now,
        due_at=None,
        effective_at=now,
    )


def returned(
    plan: Plan, *, by: PersonId, behalf: PersonId | None, reason: str, due_at: datetime, now: datetime
) -> Plan:
    """The leader sends a change back. Raises RuleViolation `stale_card`."""
    state = PLAN.after(plan.state, PlanAct.RETURN, PlanState.RETURNED)
    return replace(
        plan,
        state=state,
        decided_by=by,
        decided_for=behalf,
        decided_at=now,
        reason=reason,
        since=now,
        due_at=due_at,
    )


def revised(
    plan: Plan,
    *,
    content: Content,
    cause: str,
    reason: str,
    coop: tuple[DepartmentId, ...],
    due_at: datetime,
    now: datetime,
) -> Plan:
    """The next version of a plan in force, which stays so meanwhile (R-99). Raises RuleViolation `stale_card`."""
    PLAN.require(plan.state, PlanAct.REVISE)
    number = plan.number + 1
    return Plan(
        key=plan_key(plan.code, number),
        code=plan.code,
        number=number,
        item=plan.item,
        state=PlanState.DRAFTING,
        lead=plan.lead,
        coop=coop,
        request=plan.request,
        title=plan.title,
        content=next_version(content),
        opened_at=now,
        since=now,
        due_at=due_at,
        cause=cause,
        reason=reason,
        secrecy=plan.secrecy,
        access=plan.access,
    )


def attached(plan: Plan, cause: str) -> Plan:
    """A further demand joins the version that is being made; the same one only once. Raises RuleViolation `stale_card`."""
    PLAN.require(plan.state, PlanAct.ATTACH)
    causes = tuple(dict.fromkeys((*causes_of(plan), cause)))
    return replace(plan, cause=CAUSES.join(c for c in causes if c))


def causes_of(plan: Plan) -> tuple[Code, ...]:
    """The issues, rulings and resolutions that demanded the version."""
    return tuple(Code(cause) for cause in plan.cause.split(CAUSES) if cause)


def superseded(plan: Plan, *, now: datetime) -> Plan:
    """The next version took effect. Raises RuleViolation `stale_card`."""
    state = PLAN.after(plan.state, PlanAct.REPLACE, PlanState.SUPERSEDED)
    return replace(plan, state=state, since=now)


def voided_plan(plan: Plan, *, reason: str, now: datetime) -> Plan:
    """The item was terminated. Raises RuleViolation `stale_card`."""
    state = PLAN.after(plan.state, PlanAct.VOID, PlanState.VOID)
    return replace(plan, state=state, reason=reason, since=now, due_at=None)


def _open(plan: Plan, department: DepartmentId) -> Slot:
    found = next((slot for slot in open_slots(plan.slots) if slot.department == department), None)
    if found is None:
        raise RuleViolation("stale_card", {"state": PLAN.state_key(plan.state)})
    return found


def _went_on(plan: Plan, act: PlanAct, *, due_at: datetime | None, leader_due_at: datetime, now: datetime) -> Plan:
    """Where the version stands once its slots are as they are."""
    if not is_filled(plan.slots):
        state = PLAN.after(plan.state, act, PlanState.CONFIRMING)
        since = plan.since if plan.state is PlanState.CONFIRMING else now
        return replace(plan, state=state, since=since, due_at=due_at)
    if plan.is_beyond and plan.number > 1:
        state = PLAN.after(plan.state, act, PlanState.PENDING_LEADER)
        return replace(plan, state=state, since=now, due_at=leader_due_at)
    state = PLAN.after(plan.state, act, PlanState.EFFECTIVE)
    return replace(plan, state=state, since=now, due_at=None, effective_at=now)
