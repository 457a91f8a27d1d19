"""Plans as they are kept (domain.md 3.2; 5.9): loaded, saved with their deadlines, records and cards, and who owes what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from bot.domain.directory import Role
from bot.domain.form import Content, Value, text_of
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.item import Item
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.permissions import Grant
from bot.domain.plan import Plan, PlanAct, PlanState, plan_key
from bot.domain.plan_diff import PlanDiff, compare
from bot.domain.plan_form import carried, day_of
from bot.domain.relation import Relation
from bot.domain.slots import open_slots
from bot.domain.task import TaskState
from bot.routing import Context
from handlers import effects, matter_cards
from handlers.deadlines import deadlines
from handlers.deadlines.deadlines import Limit, limit_workdays, owed
from handlers.deeds import SLOT, VERB
from handlers.post_holders import head_post, liaison_post

#: versions of one plan are looked for up to this number, and up to this gap
MOST_VERSIONS, MOST_GAP = 99, 9


def versions(context: Context, code: str) -> list[Plan]:
    """Every version of the plan, the first one first. Of an imported plan there may be only a later one."""
    found: list[Plan] = []
    gap = 0
    for number in range(1, MOST_VERSIONS + 1):
        plan = context.uow.plans.get(plan_key(code, number))
        gap = gap + 1 if plan is None else 0
        if plan is not None:
            found.append(plan)
        if gap > MOST_GAP or (found and gap):
            break
    return found


def current(context: Context, code: str) -> Plan | None:
    """The newest version: the one that is being made, else the one in force."""
    return next(reversed(versions(context, code)), None)


def plans_of(context: Context, item: str) -> list[Plan]:
    """Every version of every plan of an item."""
    return sorted(context.uow.plans.find(item=item), key=lambda plan: (plan.code, plan.number))


def in_force(context: Context, item: str) -> Plan | None:
    """The version that holds now."""
    return next((p for p in reversed(plans_of(context, item)) if p.state is PlanState.EFFECTIVE), None)


def in_making(context: Context, item: str) -> Plan | None:
    """The version that is being written, countersigned or decided."""
    return next((p for p in reversed(plans_of(context, item)) if p.is_open), None)


def item_of(context: Context, plan: Plan) -> Item | None:
    """The item that it is the plan of."""
    return context.uow.items.get(plan.item)


# ---------------------------------------------------------------- how it stands to people


def relation_of(context: Context, plan: Plan) -> Relation:
    """For writing, reading and the leader's decision."""
    item = item_of(context, plan)
    return Relation(
        department=plan.lead,
        lead=plan.lead,
        coop=frozenset(plan.coop),
        members=frozenset(item.members) if item is not None else frozenset(),
        submitter=plan.submitted_by,
        secrecy=plan.secrecy,
        access=frozenset(plan.access),
    )


def slot_relation(plan: Plan, department: DepartmentId) -> Relation:
    """For one department's signature: nobody else's head is involved in it (A-03)."""
    return Relation(
        department=department,
        coop=frozenset({department}),
        submitter=plan.submitted_by,
        secrecy=plan.secrecy,
        access=frozenset(plan.access),
    )


# ---------------------------------------------------------------- limits


def counted_from(context: Context, at: datetime) -> datetime:
    """No limit runs before the company's plan is in force (R-118)."""
    effective = context.world.company.plan.effective_date
    return max(at, context.world.calendars.start_of_day(effective)) if effective is not None else at


def limit_of(context: Context, plan: Plan) -> Limit | None:
    """The limit of the state it is in (T-05, T-05b, T-06, T-04); None where nothing is owed."""
    wd = context.world.company.parameters
    days = {
        PlanState.DRAFTING: wd.timers_plan_wd,
        PlanState.RETURNED: wd.timers_plan_again_wd,
        PlanState.CONFIRMING: wd.timers_countersign_wd,
        PlanState.PENDING_LEADER: wd.timers_leader_wd,
    }.get(plan.state)
    if days is None:
        return None
    since = (plan.submitted_at if plan.state is PlanState.CONFIRMING else plan.since) or context.now
    return limit_workdays(context, days, since=counted_from(context, since))


def obligations(context: Context, plan: Plan) -> Iterator[Obligation]:
    """The open deadlines of a version: one of the lead, one of each head who has not signed, or one of the leader."""
    limit = limit_of(context, plan)
    if limit is None:
        return
    match plan.state:
        case PlanState.CONFIRMING:
            for slot in open_slots(plan.slots):
                head = head_post(context, slot.department)
                yield _owed(context, plan, ObligationKind.COUNTERSIGN, limit, head, slot.department, slot.department)
        case PlanState.PENDING_LEADER:
            yield _owed(context, plan, ObligationKind.LEADER, limit, approver_post(context, plan), None, "")
        case _:
            liaison = liaison_post(context, plan.lead)
            yield _owed(context, plan, ObligationKind.PLAN, limit, liaison, plan.lead, "")


def _owed(
    context: Context,
    plan: Plan,
    kind: ObligationKind,
    limit: Limit,
    holder: PersonId | None,
    department: DepartmentId | None,
    slot: str,
) -> Obligation:
    return owed(
        context,
        plan.code,
        kind,
        limit,
        title=plan.title,
        holder=holder,
        department=department,
        slot=slot,
        item=plan.item,
        secrecy=plan.secrecy,
        access=plan.access,
        detail=f"v{plan.number}",
        lead=plan.lead,
        coop=plan.coop,
    )


def approver_post(context: Context, plan: Plan) -> PersonId | None:
    """The leader; ALT where the leader submitted it or heads the lead department (SoD-2)."""
    posts = context.world.posts
    leader = posts.leader_post()
    is_barred = leader is not None and leader in {plan.submitted_by, posts.head_post(plan.lead)}
    if not is_barred:
        return leader
    return next((p.id for p in context.world.directory.holders(Role.ALTERNATE)), None)


# ---------------------------------------------------------------- saving


def save(
    context: Context,
    before: Plan | None,
    after: Plan,
    act: PlanAct | str,
    *,
    grant: Grant | None = None,
    reason: str = "",
    verb: str = "",
    slot: str = "",
) -> Plan:
    """Keep the version with its deadlines, its record and its cards."""
    limit = limit_of(context, after)
    dated = replace(after, due_at=limit.due_at if limit is not None else None)
    stored = context.uow.plans.add(dated) if before is None else context.uow.plans.put(dated)
    if stored.is_open or before is None or before.is_open:
        deadlines.settle(context, stored.code, obligations(context, stored))
    effects.record_act(
        context,
        f"plan_{act}",
        before,
        stored,
        grant=grant,
        reason=reason,
        facts={VERB: verb, SLOT: slot, "version": str(stored.number)},
    )
    matter_cards.refresh(context, stored.code)
    return stored


# ---------------------------------------------------------------- contents


def content_of(context: Context, plan: Plan) -> Content:
    """What stands in it; of an imported plan what its tasks and its item say."""
    item = item_of(context, plan)
    if "tasks" in plan.content or item is None:
        return plan.content
    return carried(plan.content, {**item_facts(item), "tasks": _task_rows(context, plan)})


def item_facts(item: Item) -> dict[str, Value]:
    """What the item knows of the plan."""
    return {
        "goal": item.goal,
        "coop_depts": tuple((d,) for d in item.coop),
        "informed": tuple((d,) for d in item.informed),
        "members": tuple((p,) for p in item.members),
        "start_on": item.start_on.isoformat() if item.start_on is not None else "",
        "end_on": item.end_on.isoformat() if item.end_on is not None else "",
    }


def _task_rows(context: Context, plan: Plan) -> Value:
    calendars = context.world.calendars
    return tuple(
        (
            task.title,
            task.department,
            task.owner,
            "",
            task.start_on.isoformat() if task.start_on is not None else "",
            calendars.local(task.due_at).date().isoformat(),
            "",
        )
        for task in sorted(context.uow.tasks.find(item=plan.item), key=lambda t: t.code)
        if task.source == plan.code and task.state is not TaskState.CANCELLED
    )


def end_of(plan: Plan, item: Item | None) -> date | None:
    """The end date that the version plans with."""
    return day_of(text_of(plan.content, "end_on")) or (item.end_on if item is not None else None)


def difference(context: Context, plan: Plan) -> PlanDiff | None:
    """What the version changes against the one in force; None for a first one."""
    old = next((p for p in reversed(versions(context, plan.code)) if _was_before(p, plan)), None)
    if old is None:
        return None
    item = item_of(context, plan)
    return compare(
        content_of(context, old),
        plan.content,
        involved_before=old.involved,
        involved_after=plan.involved,
        end_before=end_of(old, item),
        end_after=end_of(plan, item),
        workdays=context.world.calendars.workdays_between,
    )


def _was_before(old: Plan, plan: Plan) -> bool:
    return old.number < plan.number and old.state in {PlanState.EFFECTIVE, PlanState.SUPERSEDED}
