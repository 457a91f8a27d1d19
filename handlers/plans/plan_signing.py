"""会签 and the leader's decision about a change (domain.md 3.2; A-03, P-10, P-11; SoD-1, SoD-2): by card, by text, in one place."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from bot.domain.action import Action
from bot.domain.happened import NewTask, PlanEffective, WorkAssigned
from bot.domain.ids import CodeKind, DepartmentId
from bot.domain.permissions import Grant
from bot.domain.plan import PLAN, Plan, PlanAct, PlanState
from bot.domain.plan_form import PlanTask, tasks_of
from bot.domain.plan_review import agreed, approved, disagreed, returned, superseded
from bot.domain.relation import Relation
from bot.domain.slots import Slot, open_slots
from bot.errors import RuleViolation
from bot.routing import Context
from handlers.access import allows, require
from handlers.deadlines.deadlines import limit_workdays
from handlers.deeds import Deed, Done, too_late
from handlers.items.item_sight import in_private
from handlers.plans import plan_cards, plan_keeping, plan_notices
from handlers.tables import Tables

#: what stands on the record for both ways to say yes, and for both ways to say no
YES, NO = "approve", "reject"
_NO_WORDS = re.compile(r"\A\s*(?:不同意|不|否|no\b|disagree\b)[\s,，:：]*", re.IGNORECASE)
_YES_WORDS = re.compile(r"\A\s*(?:同意|是|yes\b|agree\b)[\s,，:：]*", re.IGNORECASE)


def register(tables: Tables) -> None:
    """Put the deeds on the table."""
    tables.deeds.on("approve", CodeKind.PLAN, in_private(on_yes))
    tables.deeds.on("reject", CodeKind.PLAN, in_private(on_no))
    tables.deeds.on("send_back", CodeKind.PLAN, in_private(on_no))
    tables.deeds.on("countersign", CodeKind.PLAN, in_private(on_countersign))


def on_countersign(deed: Deed, plan: Plan) -> Done | str:
    """`会签 FA-10` agrees; `会签 FA-10 不同意 原因` does not."""
    refusing = _NO_WORDS.match(deed.text)
    if refusing is not None:
        return on_no(replace(deed, text=deed.text[refusing.end() :]), plan)
    agreeing = _YES_WORDS.match(deed.text)
    return on_yes(replace(deed, text=deed.text[agreeing.end() :]) if agreeing is not None else deed, plan)


def on_yes(deed: Deed, plan: Plan) -> Done | str:
    """会签同意, or the leader's approval of a change beyond A-03."""
    return _approve(deed, plan) if plan.state is PlanState.PENDING_LEADER else _agree(deed, plan)


def on_no(deed: Deed, plan: Plan) -> Done | str:
    """会签不同意, or the leader's return; both want a reason."""
    return _return(deed, plan) if plan.state is PlanState.PENDING_LEADER else _disagree(deed, plan)


# ---------------------------------------------------------------- the heads


def _agree(deed: Deed, plan: Plan) -> Done:
    context, words = deed.context, deed.words
    department, grant = _slot(deed, plan, YES)
    reason = deed.optional_reason()
    after = agreed(
        plan,
        department,
        by=deed.person.id,
        behalf=grant.behalf,
        reason=reason,
        leader_due_at=_leader_due(context),
        now=context.now,
    )
    stored = _save(deed, plan, after, PlanAct.AGREE, grant, department, YES)
    stored = _after_signing(context, stored)
    facts = {"code": stored.name, "department": words.department(department), "name": deed.person.name}
    match stored.state:
        case PlanState.EFFECTIVE:
            return Done(words.say("plan_effective", **facts, item=stored.item))
        case PlanState.PENDING_LEADER:
            return Done(words.say("plan_to_leader", **facts))
        case _:
            return Done(words.say("plan_signed", **facts, signs=plan_cards.signs_line(stored, words)))


def _disagree(deed: Deed, plan: Plan) -> Done:
    context, words = deed.context, deed.words
    department, grant = _slot(deed, plan, NO)
    reason = deed.reason()
    days = context.world.company.parameters.timers_plan_again_wd
    after = disagreed(
        plan,
        department,
        by=deed.person.id,
        behalf=grant.behalf,
        reason=reason,
        due_at=limit_workdays(context, days).due_at,
        now=context.now,
    )
    stored = _save(deed, plan, after, PlanAct.DISAGREE, grant, department, NO, reason=reason)
    plan_notices.tell_lead(
        context,
        stored,
        "plan_told_returned",
        name=deed.person.name,
        department=words.department(department),
        reason=reason if not stored.secrecy else "",
    )
    return Done(
        words.say(
            "plan_returned",
            code=stored.name,
            department=words.department(department),
            name=deed.person.name,
            item=stored.item,
        )
    )


def _slot(deed: Deed, plan: Plan, verb: str) -> tuple[DepartmentId, Grant]:
    """The slot that this person may fill: the button's, else the first open one. Raises RuleViolation.

    A slot that is filled already says who filled it; whoever has no slot at all is refused (EC-06, EC-07).
    """
    context = deed.context
    if not plan.slots:
        raise _missing(context, plan)
    asked = [slot for slot in plan.slots if deed.slot in ("", slot.department)]
    mine = [slot for slot in asked if allows(context, Action.COUNTERSIGN_PLAN, _relation(plan, slot))]
    if not mine:
        require(
            context,
            Action.COUNTERSIGN_PLAN,
            plan_keeping.slot_relation(plan, asked[0].department if asked else plan.lead),
        )
        raise RuleViolation("no_right")
    waiting = {slot.department for slot in open_slots(plan.slots)}
    chosen = next((slot for slot in mine if slot.department in waiting), None)
    if plan.state is PlanState.RETURNED:
        raise RuleViolation("stale_card", {"state": plan_cards.state_key(plan)})
    if chosen is None or not PLAN.allows(plan.state, PlanAct.AGREE):
        raise too_late(context, plan.code, verb, state=plan_cards.state_key(plan), slot=_mark(mine[0].department, plan))
    return chosen.department, require(context, Action.COUNTERSIGN_PLAN, _relation(plan, chosen))


def _relation(plan: Plan, slot: Slot) -> Relation:
    return plan_keeping.slot_relation(plan, slot.department)


def _missing(context: Context, plan: Plan) -> RuleViolation:
    """Nobody was asked yet; to people who may not even know of it, it does not exist."""
    known = allows(context, Action.SEE_PROGRESS_LEDGER, plan_keeping.relation_of(context, plan))
    return RuleViolation("stale_card", {"state": plan_cards.state_key(plan)}) if known else RuleViolation("no_right")


def _mark(department: DepartmentId, plan: Plan) -> str:
    """A slot of a round, so that a later round is another one (EC-05)."""
    return f"{department}@{plan.step}"


def _save(
    deed: Deed,
    before: Plan,
    after: Plan,
    act: PlanAct,
    grant: Grant,
    department: DepartmentId | None,
    verb: str,
    *,
    reason: str = "",
) -> Plan:
    return plan_keeping.save(
        deed.context,
        before,
        after,
        act,
        grant=grant,
        reason=reason,
        verb=verb,
        slot=_mark(department, after) if department is not None else "",
    )


def _leader_due(context: Context) -> datetime:
    return limit_workdays(context, context.world.company.parameters.timers_leader_wd).due_at


# ---------------------------------------------------------------- the leader


def _approve(deed: Deed, plan: Plan) -> Done:
    context, words = deed.context, deed.words
    grant = require(context, Action.APPROVE_PLAN_CHANGE, plan_keeping.relation_of(context, plan))
    after = approved(plan, by=deed.person.id, behalf=grant.behalf, reason=deed.optional_reason(), now=context.now)
    stored = _after_signing(context, _save(deed, plan, after, PlanAct.APPROVE, grant, None, YES))
    return Done(words.say("plan_approved", code=stored.name, name=deed.person.name, item=stored.item))


def _return(deed: Deed, plan: Plan) -> Done:
    context, words = deed.context, deed.words
    grant = require(context, Action.APPROVE_PLAN_CHANGE, plan_keeping.relation_of(context, plan))
    reason = deed.reason()
    days = context.world.company.parameters.timers_plan_again_wd
    due_at = limit_workdays(context, days).due_at
    after = returned(plan, by=deed.person.id, behalf=grant.behalf, reason=reason, due_at=due_at, now=context.now)
    stored = _save(deed, plan, after, PlanAct.RETURN, grant, None, NO, reason=reason)
    plan_notices.tell_lead(
        context,
        stored,
        "plan_told_leader_returned",
        name=deed.person.name,
        reason=reason if not stored.secrecy else "",
    )
    return Done(words.say("plan_leader_returned", code=stored.name, name=deed.person.name))


# ---------------------------------------------------------------- in force


def _after_signing(context: Context, plan: Plan) -> Plan:
    """What follows once nobody has to sign any more."""
    if plan.state is PlanState.PENDING_LEADER:
        plan_notices.ask_leader(context, plan)
    elif plan.state is PlanState.EFFECTIVE:
        take_effect(context, plan)
    return plan


def take_effect(context: Context, plan: Plan) -> None:
    """The version holds: the old one is replaced, the item follows, its work is given out (R-79)."""
    difference = plan_keeping.difference(context, plan)
    old = next(
        (
            p
            for p in plan_keeping.versions(context, plan.code)
            if p.number < plan.number and PLAN.allows(p.state, PlanAct.REPLACE)
        ),
        None,
    )
    if old is not None:
        known = replace(superseded(old, now=context.now), content=plan_keeping.content_of(context, old))
        old = plan_keeping.save(context, old, known, PlanAct.REPLACE)
    context.announce(PlanEffective(plan, old))
    new = difference.added if difference is not None else tasks_of(plan.content)
    tasks = tuple(task for line in new if (task := _new_task(context, line)) is not None)
    if tasks:
        context.announce(
            WorkAssigned(
                source=plan.code,
                tasks=tasks,
                item=plan.item,
                lead=plan.lead,
                secrecy=plan.secrecy,
                access=plan.access,
            )
        )
    plan_notices.tell_effective(context, plan)


def _new_task(context: Context, line: PlanTask) -> NewTask | None:
    calendars = context.world.calendars
    if line.department is None or line.owner is None or line.due_on is None:
        return None
    return NewTask(
        title=line.title,
        department=line.department,
        owner=line.owner,
        due_at=calendars.end_of_day(line.due_on),
        start_at=calendars.start_of_day(line.start_on) if line.start_on is not None else None,
    )
