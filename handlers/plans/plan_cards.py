"""Cards of plans: for each head who has to sign (countersign), for the leader (leader), for the group once a change holds (change)."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.confidentiality import Secrecy
from bot.domain.directory import Person
from bot.domain.ids import DepartmentId
from bot.domain.obligation import Obligation
from bot.domain.plan import PLAN, Plan, PlanState
from bot.domain.plan_diff import PlanDiff
from bot.domain.plan_form import PlanTask, tasks_of
from bot.domain.slots import Slot, SlotState, open_slots
from bot.messages import ButtonStyle, CardColour
from bot.routing import Context, Shown
from handlers.cards.matter import Choice, matter_card
from handlers.plans import plan_keeping
from handlers.words import Words, words_for

COUNTERSIGN, LEADER, CHANGE = "countersign", "leader", "change"
#: tasks that a card names; the others are counted
MOST_TASKS = 6


def state_key(plan: Plan) -> str:
    """Catalogue key of the state's word."""
    return PLAN.state_key(plan.state)


def purpose(kind: str, plan: Plan) -> str:
    """What the card is for: `countersign:1.2` is the second round of the first version."""
    return f"{kind}:{plan.step}"


def make(context: Context, code: str, purpose: str, reader: Person | None) -> Shown | None:
    """The card for a purpose, of the version that the purpose names. One that stands where a confidential plan may not be read
    is made empty (EC-72); nothing new is ever shown there.
    """
    kind, _, step = purpose.partition(":")
    plan = _meant(context, code, step)
    if plan is None:
        return None
    words = words_for(context, reader)
    is_asked = plan.step == step
    is_reader = _is_reader(context, plan, reader)
    card = matter_card(
        words,
        kind=words.say("plan_kind"),
        code=plan.code,
        title=words.say("plan_card_title", title=plan.title, number=plan.number),
        state=words.say(state_key(plan)) if is_asked else words.say("plan_state_next_round"),
        colour=colour_of(context, plan) if is_asked else CardColour.CLOSED,
        rows=rows_of(context, plan, words),
        body=body_of(plan, words) if kind != CHANGE else "",
        choices=tuple(_choices(context, plan, kind, reader)) if is_asked and is_reader else (),
        step=plan.step,
        secrecy=plan.secrecy,
        reads_with=words.say("plan_reads_with") if is_reader else "",
    )
    return Shown(card=card, revision=f"{plan.number}.{plan.version}:{colour_of(context, plan).value}")


def _meant(context: Context, code: str, step: str) -> Plan | None:
    number = step.partition(".")[0]
    found = plan_keeping.versions(context, code)
    return next((p for p in found if str(p.number) == number), found[-1] if found else None)


def _is_reader(context: Context, plan: Plan, reader: Person | None) -> bool:
    if plan.secrecy < Secrecy.CONFIDENTIAL:
        return True
    return reader is not None and (reader.id in plan.access or reader.id == context.world.posts.leader())


def colour_of(context: Context, plan: Plan) -> CardColour:
    """Colour by state only."""
    match plan.state:
        case PlanState.EFFECTIVE:
            return CardColour.DONE
        case PlanState.SUPERSEDED | PlanState.VOID:
            return CardColour.CLOSED
        case PlanState.RETURNED:
            return CardColour.OVERDUE
        case PlanState.DRAFTING | PlanState.CONFIRMING | PlanState.PENDING_LEADER:
            is_over = plan.due_at is not None and plan.due_at <= context.now
            return CardColour.OVERDUE if is_over else CardColour.WAITING


# ---------------------------------------------------------------- rows


def rows_of(context: Context, plan: Plan, words: Words) -> Iterator[tuple[str, str]]:
    """At most six facts."""
    yield words.say("plan_row_item"), words.say("plan_item_value", code=plan.item, title=plan.title)
    yield words.say("plan_row_departments"), departments_line(plan, words)
    difference = plan_keeping.difference(context, plan)
    if difference is not None:
        yield words.say("plan_row_change"), change_line(difference, words)
    else:
        yield words.say("plan_row_tasks"), tasks_line(plan, words)
    if plan.state is PlanState.RETURNED:
        yield words.say("plan_row_reason"), plan.reason
    due = due_of(context, plan)
    if due:
        yield words.say("plan_row_due"), due
    if plan.slots:
        yield words.say("plan_row_signs"), signs_line(plan, words)


def due_of(context: Context, plan: Plan) -> str:
    """The limit that runs now, as the calendar has it; in words. Empty where none does."""
    words = words_for(context, context.person)
    held: list[Obligation] = context.uow.obligations.find(code=plan.code)
    due_at = min((one.due_at for one in held), default=plan.due_at) if plan.is_open else None
    return words.due(due_at) if due_at is not None else ""


def departments_line(plan: Plan, words: Words) -> str:
    """牵头 研发；配合 生产、质量."""
    return words.say(
        "plan_departments",
        lead=words.department(plan.lead),
        coop=words.listing(words.department(d) for d in plan.coop) or words.say("plan_nobody"),
    )


def tasks_line(plan: Plan, words: Words) -> str:
    """How many tasks, and when the last one is due."""
    tasks = tasks_of(plan.content)
    last = max((t.due_on for t in tasks if t.due_on is not None), default=None)
    if last is None:
        return words.say("plan_tasks_count", count=len(tasks))
    return words.say("plan_tasks_until", count=len(tasks), day=words.day(last))


def signs_line(plan: Plan, words: Words) -> str:
    """2/5，还差生产、质量."""
    signed = sum(s.state in {SlotState.PASSED, SlotState.SELF_SUBMITTED} for s in plan.slots)
    waiting = open_slots(plan.slots)
    key = "plan_signs_waiting" if waiting else "plan_signs_all"
    returned = next((s for s in plan.slots if s.state is SlotState.RETURNED), None)
    if returned is not None:
        return words.say(
            "plan_signs_returned", department=words.department(returned.department), name=signer(returned, words)
        )
    return words.say(
        key,
        signed=signed,
        all=len(plan.slots),
        departments=words.listing(words.department(s.department) for s in waiting),
    )


def signer(slot: Slot, words: Words) -> str:
    """Who signed, “B 代 A” where somebody stood in."""
    if slot.behalf is not None and slot.behalf != slot.by:
        return words.say("plan_signed_for", name=words.name(slot.by), other=words.name(slot.behalf))
    return words.name(slot.by)


def change_line(difference: PlanDiff, words: Words) -> str:
    """What a later version changes, shortest first."""
    parts: list[str] = []
    if difference.end_moved_wd and difference.end_before is not None and difference.end_after is not None:
        parts.append(
            words.say(
                "plan_change_end",
                before=words.day(difference.end_before),
                after=words.day(difference.end_after),
                days=difference.end_moved_wd,
            )
        )
    if difference.departments_added:
        names = words.listing(words.department(d) for d in difference.departments_added)
        parts.append(words.say("plan_change_departments", departments=names))
    if difference.departments_removed:
        names = words.listing(words.department(d) for d in difference.departments_removed)
        parts.append(words.say("plan_change_left", departments=names))
    if difference.budget_after != difference.budget_before:
        before, after = difference.budget_before or 0, difference.budget_after or 0
        parts.append(words.say("plan_change_budget", before=f"{before:,}", after=f"{after:,}"))
    counts = (len(difference.added), len(difference.changed), len(difference.removed))
    if any(counts):
        parts.append(words.say("plan_change_tasks", added=counts[0], changed=counts[1], removed=counts[2]))
    return words.say("plan_change_separator").join(parts) or words.say("plan_change_none")


def body_of(plan: Plan, words: Words) -> str:
    """The tasks, so that a head sees what is expected of the own department."""
    tasks = tasks_of(plan.content)
    lines = [task_line(number, task, words) for number, task in enumerate(tasks[:MOST_TASKS], start=1)]
    if len(tasks) > MOST_TASKS:
        lines.append(words.say("plan_more_tasks", count=len(tasks), code=plan.code))
    return "\n".join(lines)


def task_line(number: int, task: PlanTask, words: Words) -> str:
    """1 产线准备 · 生产 秦书禾 · 10月16日."""
    return words.say(
        "plan_task_line",
        number=number,
        title=task.title,
        department=words.department(task.department) if task.department is not None else "",
        owner=words.name(task.owner),
        due=words.day(task.due_on) if task.due_on is not None else "",
    )


# ---------------------------------------------------------------- buttons


def _choices(context: Context, plan: Plan, kind: str, reader: Person | None) -> Iterator[Choice]:
    if reader is None:
        return
    if kind == COUNTERSIGN and plan.state is PlanState.CONFIRMING:
        mine = next(iter(slots_for(context, plan, reader)), None)
        if mine is not None:
            yield Choice(verb="approve", label="plan_button_sign", style=ButtonStyle.PRIMARY, slot=mine)
            yield Choice(
                verb="reject", label="plan_button_refuse", style=ButtonStyle.DANGER, slot=mine, wants_reason=True
            )
    elif kind == LEADER and plan.state is PlanState.PENDING_LEADER:
        yield Choice(verb="approve", label="plan_button_approve", style=ButtonStyle.PRIMARY)
        yield Choice(verb="send_back", label="plan_button_return", style=ButtonStyle.DANGER, wants_reason=True)


def slots_for(context: Context, plan: Plan, reader: Person) -> Iterator[DepartmentId]:
    """Open slots that this person may fill as head, as acting head or as delegate."""
    posts = context.world.posts
    for slot in open_slots(plan.slots):
        acting = posts.head_of(slot.department)
        if reader.id == posts.head_post(slot.department) or (acting is not None and acting.acting == reader.id):
            yield slot.department
