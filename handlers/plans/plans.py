"""Plans FA: F6, countersignature, versions (domain.md 3.2). Written in `plan_writing`, signed in `plan_signing`; here they are
opened, follow their item, and follow whoever holds a post.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.happened import DeadlinePassed, ItemChanged, LiaisonChanged, PlanRevisionDemanded, PostsChanged
from bot.domain.ids import CodeKind, DepartmentId
from bot.domain.item import Item, ItemState
from bot.domain.plan import PLAN, Plan, PlanAct, PlanState
from bot.domain.plan_review import voided_plan
from bot.domain.slots import Slot, SlotState
from bot.routing import Context
from handlers import matter_cards
from handlers.deadlines import deadlines
from handlers.deeds import Kind
from handlers.plans import plan_cards, plan_keeping, plan_notices, plan_signing, plan_writing
from handlers.tables import Tables


def register(tables: Tables) -> None:
    """Put what this family answers on the tables."""
    tables.deeds.kind(
        Kind(
            kind=CodeKind.PLAN,
            get=plan_keeping.current,
            step=lambda plan: plan.step,
            state=plan_cards.state_key,
        )
    )
    tables.router.card(CodeKind.PLAN, plan_cards.make)
    tables.router.when(PlanRevisionDemanded, on_demanded)
    tables.router.when(ItemChanged, on_item_changed)
    tables.router.when(DeadlinePassed, on_passed)
    tables.router.when(PostsChanged, lambda context, _: follow_posts(context))
    tables.router.when(LiaisonChanged, lambda context, _: follow_posts(context))
    plan_writing.register(tables)
    plan_signing.register(tables)


def on_demanded(context: Context, event: PlanRevisionDemanded) -> None:
    """An issue, a ruling or a resolution wants the plan changed (R-99): a new version, or one more cause of the one in the making."""
    item = context.uow.items.get(event.item)
    if item is None or item.state in {ItemState.ACCEPTED, ItemState.ARCHIVED, ItemState.TERMINATED}:
        return
    plan_writing.demanded(context, item, cause=event.cause, reason=event.reason)


# ---------------------------------------------------------------- the item


def on_item_changed(context: Context, event: ItemChanged) -> None:
    """A terminated item has no plan; the level and the list of the item are those of its plan (2.5)."""
    for plan in plan_keeping.plans_of(context, event.after.code):
        if event.after.state is ItemState.TERMINATED and PLAN.allows(plan.state, PlanAct.VOID):
            after = voided_plan(plan, reason=event.after.reason, now=context.now)
            plan_keeping.save(context, plan, after, PlanAct.VOID, reason=event.after.reason)
        elif _differs(plan, event.after):
            _follow(context, plan, event.after)


def _differs(plan: Plan, item: Item) -> bool:
    own = (plan.secrecy, plan.access, plan.lead)
    return own != (item.secrecy, item.access, item.lead) and plan.state is not PlanState.SUPERSEDED


def _follow(context: Context, plan: Plan, item: Item) -> None:
    after = replace(
        plan,
        secrecy=item.secrecy,
        access=item.access,
        lead=item.lead,
        coop=tuple(d for d in plan.coop if d != item.lead),
    )
    plan_keeping.save(context, plan, after, "followed")


# ---------------------------------------------------------------- time and people


def on_passed(context: Context, event: DeadlinePassed) -> None:
    """A plan that is overdue looks so; who is told is a matter of the reminders (2.3). Nobody agrees by silence."""
    if matter_cards.kind_of(event.obligation.code) is CodeKind.PLAN:
        matter_cards.refresh(context, event.obligation.code)


def follow_posts(context: Context) -> None:
    """Open slots and limits are those of whoever holds the post now, who also gets the card (EC-09)."""
    states = tuple(state.value for state in (PlanState.DRAFTING, PlanState.RETURNED))
    waiting = (PlanState.CONFIRMING.value, PlanState.PENDING_LEADER.value)
    for known in context.uow.plans.find(state=(*states, *waiting)):
        plan = _merged(context, known)
        deadlines.settle(context, plan.code, plan_keeping.obligations(context, plan))
        if plan.state is PlanState.CONFIRMING:
            plan_notices.ask_heads(context, plan)
        elif plan.state is PlanState.PENDING_LEADER:
            plan_notices.ask_leader(context, plan)


def _merged(context: Context, plan: Plan) -> Plan:
    """Departments that were merged into another are that one, in the plan and in its open slots (EC-48)."""
    now = context.world.directory.successor
    lead = now(plan.lead)
    coop = tuple(dict.fromkeys(d for department in plan.coop if (d := now(department)) != lead))
    if (lead, coop) == (plan.lead, plan.coop):
        return plan
    slots: dict[DepartmentId, Slot] = {}
    for slot in plan.slots:
        moved = replace(slot, department=now(slot.department))
        known = slots.get(moved.department)
        # of two slots that became one, the one that is still open counts
        if known is None or moved.state is SlotState.OPEN:
            slots[moved.department] = moved
    after = replace(plan, lead=lead, coop=coop, slots=tuple(slots.values()))
    return plan_keeping.save(context, plan, after, "merged")
