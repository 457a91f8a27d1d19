"""`/方案编制`: F6 is read, edited and submitted, and a plan in force is revised (domain.md 3.2; R-29, R-79, R-80, R-99; P-09)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.domain.action import Action
from bot.domain.confidentiality import Secrecy
from bot.domain.directory import Person
from bot.domain.form import Content, Value, text_of
from bot.domain.group import GroupPurpose, GroupState
from bot.domain.ids import CodeKind, DepartmentId
from bot.domain.item import Item, ItemState, Level
from bot.domain.item_making import first_plan
from bot.domain.permissions import Grant, Limit
from bot.domain.plan import PLAN, Plan, PlanAct, PlanState
from bot.domain.plan_faults import Fault, Frame, faults
from bot.domain.plan_form import F6, day_of, departments_of, missing_nodes
from bot.domain.plan_review import attached, edited, revised, submitted
from bot.domain.separation import review_slot
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers.access import allows, require
from handlers.deadlines.deadlines import limit_workdays
from handlers.deeds import Deed, Done
from handlers.forms import form_filling, form_offers
from handlers.forms.form_filling import Filling, Needed
from handlers.forms.form_talk import joined
from handlers.items import item_sight
from handlers.items.item_sight import in_private
from handlers.numbering import new_code
from handlers.plans import plan_cards, plan_keeping, plan_notices, plan_signing
from handlers.possible import require_possible
from handlers.post_holders import head_post
from handlers.tables import Tables
from handlers.words import Words

_UNPLANNED = (ItemState.ACCEPTANCE, ItemState.ACCEPTED, ItemState.ARCHIVED, ItemState.TERMINATED)


def register(tables: Tables) -> None:
    """Put the deeds and the form on the tables. `SX-…` means the item's plan that is being made, else the one in force."""
    for verb, handler in (("plan_write", on_write), ("plan_submit", on_submit), ("plan_revise", on_revise)):
        tables.deeds.on(verb, CodeKind.PLAN, in_private(handler))
        tables.deeds.on(verb, CodeKind.ITEM, in_private(_by_item(handler)))
    tables.forms.on(F6, load=load, save=save_form, needs=needs, is_stored=True, submit="plan_submit")


def _by_item(handler: Callable[[Deed, Plan], Done]) -> Callable[[Deed, Item], Done]:
    return lambda deed, item: handler(deed, _plan_of(deed, item))


def _plan_of(deed: Deed, item: Item) -> Plan:
    """The item's plan. A routine item has none until the lead begins one (A-02)."""
    context = deed.context
    plan = plan_keeping.in_making(context, item.code) or plan_keeping.in_force(context, item.code)
    if plan is not None:
        return plan
    require(context, Action.WRITE_PLAN, item_sight.relation_of(item))
    if item.state in _UNPLANNED:
        raise RuleViolation("stale_card", {"state": f"item_state_{item.state.value}"})
    return open_first(context, item)


def open_first(context: Context, item: Item, *, cause: str = "") -> Plan:
    """Version 1, pre-filled from the request where there is one (T-05)."""
    request = context.uow.requests.get(item.request) if item.request else None
    code = new_code(context, CodeKind.PLAN)
    plan = first_plan(item, request, code=code, due_at=context.now, now=context.now)
    content = {**plan_keeping.item_facts(item), **plan.content}
    filled = {key: value for key, value in content.items() if value}
    plan = edited(plan, filled, coop=plan.coop)
    return plan_keeping.save(context, None, attached(plan, cause) if cause else plan, "opened")


# ---------------------------------------------------------------- reading and editing


def on_write(deed: Deed, plan: Plan) -> Done:
    """With lines of the form the draft is edited; without any it is asked for, and shown to whoever does not write it."""
    context, words = deed.context, deed.words
    if deed.fields:
        return Done(_edit(context, deed.person, words, plan, deed), is_private=True)
    relation = plan_keeping.relation_of(context, plan)
    item_sight.require_detail(context, relation)
    if plan.is_writable and allows(context, Action.WRITE_PLAN, relation):
        head = "\n".join(_head(context, words, plan))
        said = form_offers.offer(deed, F6, plan.code, said=head, in_text=_shown(context, words, plan))
        return Done(said, is_private=True)
    return Done(_shown(context, words, plan), is_private=True)


def _head(context: Context, words: Words, plan: Plan) -> list[str]:
    """Which plan it is, and until when it is wanted."""
    head = words.say(
        "plan_view_head",
        code=plan.name,
        title=inert(plan.title, limit=40),
        state=words.say(plan_cards.state_key(plan)),
        item=plan.item,
    )
    due = plan_cards.due_of(context, plan)
    return [head, words.say("plan_due", due=due)] if due else [head]


def _shown(context: Context, words: Words, plan: Plan) -> str:
    """The form with what the system knows, and what comes next."""
    lines = _head(context, words, plan)
    lines.append(form_filling.shown(words, F6, _with_facts(context, plan, words)))
    difference = plan_keeping.difference(context, plan)
    if difference is not None:
        lines.append(words.say("plan_changes", changes=plan_cards.change_line(difference, words)))
    if plan.is_writable:
        lines.append(words.say("plan_next_edit", code=plan.code))
    return "\n".join(lines)


def _with_facts(context: Context, plan: Plan, words: Words) -> Content:
    facts: dict[str, Value] = {"fa_no": plan.code, "version": f"v{plan.number}", "request": plan.request or ""}
    if plan.slots:
        facts["signs"] = plan_cards.signs_line(plan, words)
    return {**facts, **plan_keeping.content_of(context, plan)}


def load(context: Context, code: str, person: Person) -> Content:  # noqa: ARG001
    """What is in the form now, for the guided dialogue. Raises RuleViolation `not_found_or_no_right`."""
    plan = plan_keeping.current(context, code)
    if plan is None:
        raise RuleViolation("not_found_or_no_right")
    item_sight.require_detail(context, plan_keeping.relation_of(context, plan))
    return plan.content


def needs(context: Context, code: str, _: Content) -> Needed:
    """A dedicated group where there has to be one, and from the second version on what changed (R-41, R-99)."""
    plan = plan_keeping.current(context, code)
    if plan is None:
        return Needed()
    has_group = bool(text_of(_prepared(context, plan).content, "group"))
    return Needed(is_special=_needs_group(context, plan) and not has_group, extra=_extra(plan))


def _needs_group(context: Context, plan: Plan) -> bool:
    """A confidential item has no group (3.15)."""
    return _is_special(context, plan) and plan.secrecy < Secrecy.CONFIDENTIAL


def _extra(plan: Plan) -> tuple[str, ...]:
    return ("change_note",) if plan.number > 1 else ()


def save_form(filling: Filling) -> str:
    """Keep what was filled in by card or in the dialogue."""
    plan = plan_keeping.current(filling.context, filling.code)
    if plan is None:
        raise RuleViolation("not_found_or_no_right")
    grant = _require_writer(filling.context, plan)
    stored = _keep(filling.context, plan, filling.reading.content, grant)
    return _answer(filling.context, filling.words, stored, form_filling.complaint(filling.words, filling.reading, F6))


def _edit(context: Context, person: Person, words: Words, plan: Plan, deed: Deed) -> str:  # noqa: ARG001
    grant = _require_writer(context, plan)
    reading = form_filling.read(context, F6, deed.fields, base=plan.content)
    stored = _keep(context, plan, reading.content, grant)
    complaint = form_filling.complaint(words, reading, F6)
    received = joined(words.say("plan_kept", code=stored.name, item=stored.item), complaint)
    in_text = _answer(context, words, stored, complaint)
    return form_offers.offer_rest(deed, F6, stored.code, said=received, in_text=in_text)


def _require_writer(context: Context, plan: Plan) -> Grant:
    """P-09. Raises RuleViolation; while heads or the leader have it nobody edits it."""
    grant = require(context, Action.WRITE_PLAN, plan_keeping.relation_of(context, plan))
    PLAN.require(plan.state, PlanAct.EDIT)
    return grant


def _keep(context: Context, plan: Plan, content: Content, grant: Grant) -> Plan:
    if content == plan.content:
        return plan
    coop = tuple(d for d in departments_of(content, "coop_depts") if d != plan.lead) or plan.coop
    if plan.number == 1 and set(coop) != set(plan.coop):
        raise RuleViolation("plan_departments_approved", {"code": plan.code})
    return plan_keeping.save(context, plan, edited(plan, content, coop=coop), PlanAct.EDIT, grant=grant)


def _answer(context: Context, words: Words, plan: Plan, complaint: str) -> str:
    """What was kept, what was not understood, what is still missing, what comes next."""
    lines = [words.say("plan_kept", code=plan.name, item=plan.item)]
    if complaint:
        lines.append(complaint)
    found = _lacking(context, words, plan)
    lines.append(found or words.say("plan_next_submit", code=plan.code))
    return "\n".join(lines)


def _lacking(context: Context, words: Words, plan: Plan) -> str:
    """Why it could not be submitted yet; empty where it could."""
    try:
        _require_whole(context, words, _prepared(context, plan))
    except RuleViolation as refusal:
        return words.say(refusal.code, **refusal.facts)
    return ""


# ---------------------------------------------------------------- submitting


def on_submit(deed: Deed, plan: Plan) -> Done:
    """The version goes to the heads (T-06), whole and without faults. Raises RuleViolation with everything that is missing."""
    context, words = deed.context, deed.words
    grant = require(context, Action.WRITE_PLAN, plan_keeping.relation_of(context, plan))
    if grant.limit is Limit.EDIT_ONLY:
        raise RuleViolation("no_right")
    require_possible(deed, plan, PLAN, PlanAct.SUBMIT, slot=f"@{plan.step}")
    ready = _prepared(context, plan)
    _require_whole(context, words, ready)
    stored = _send(context, plan, ready, deed, grant)
    difference = plan_keeping.difference(context, stored)
    lines = [
        words.say(
            "plan_submitted",
            code=stored.name,
            name=deed.person.name,
            heads=words.listing(words.department(slot.department) for slot in stored.slots),
            due=words.due(stored.due_at) if stored.due_at is not None else "",
        )
    ]
    nodes = missing_nodes(stored.content) if _is_special(context, stored) else ()
    if nodes:
        lines.append(words.say("plan_nodes_missing", nodes=words.listing(nodes)))
    if difference is not None and difference.is_beyond:
        lines.append(words.say("plan_will_need_leader"))
    return Done("\n".join(lines), is_private=bool(stored.secrecy))


def _send(context: Context, plan: Plan, ready: Plan, deed: Deed, grant: Grant) -> Plan:
    difference = plan_keeping.difference(context, ready)
    wd = context.world.company.parameters
    after = submitted(
        ready,
        by=deed.person.id,
        needs=[
            (d, review_slot(d, head=head_post(context, d), lead=plan.lead, submitter=deed.person.id))
            for d in ready.involved
        ],
        is_beyond=difference is not None and difference.is_beyond,
        due_at=limit_workdays(context, wd.timers_countersign_wd).due_at,
        leader_due_at=limit_workdays(context, wd.timers_leader_wd).due_at,
        now=context.now,
    )
    stored = plan_keeping.save(context, plan, after, PlanAct.SUBMIT, grant=grant, verb=deed.verb, slot=f"@{after.step}")
    plan_notices.ask_heads(context, stored)
    if stored.state is PlanState.EFFECTIVE:
        plan_signing.take_effect(context, stored)
    return stored


def _is_special(context: Context, plan: Plan) -> bool:
    item = plan_keeping.item_of(context, plan)
    return item is not None and item.level is Level.SPECIAL


def _prepared(context: Context, plan: Plan) -> Plan:
    """The version with what the system knows by now: the dedicated group (R-41)."""
    if text_of(plan.content, "group"):
        return plan
    names = [
        group.name
        for group in context.uow.groups.find(item=plan.item)
        if group.purpose is GroupPurpose.DEDICATED and group.state not in {GroupState.FAILED, GroupState.RETIRED}
    ]
    return edited(plan, {**plan.content, "group": names[0]}, coop=plan.coop) if names else plan


def _require_whole(context: Context, words: Words, plan: Plan) -> None:
    """Raises RuleViolation: `missing_fields`, `field_problems`, `plan_faults`."""
    form_filling.require_complete(
        context,
        words,
        F6,
        plan.content,
        is_special=_needs_group(context, plan),
        extra_required=_extra(plan),
    )
    found = faults(plan.content, _frame(context, plan))
    if found:
        sentences = "\n".join(_sentence(words, fault) for fault in found)
        raise RuleViolation("plan_faults", {"code": plan.name, "faults": sentences})


def _frame(context: Context, plan: Plan) -> Frame:
    item = plan_keeping.item_of(context, plan)
    start = day_of(text_of(plan.content, "start_on")) or (item.start_on if item is not None else None)
    return Frame(
        involved=plan.involved,
        start_on=start,
        end_on=plan_keeping.end_of(plan, item),
        latest_end=item.end_on if item is not None and plan.number == 1 else None,
    )


def _sentence(words: Words, fault: Fault) -> str:
    return words.say(
        f"plan_fault_{fault.kind.value}",
        rows=words.listing(str(row) for row in fault.rows),
        departments=words.listing(words.department(d) for d in fault.departments),
    )


# ---------------------------------------------------------------- revising


def on_revise(deed: Deed, plan: Plan) -> Done:
    """The lead wants another version of a plan in force; the reason stands in 变更说明."""
    context, words = deed.context, deed.words
    grant = require(context, Action.WRITE_PLAN, plan_keeping.relation_of(context, plan))
    if grant.limit is Limit.EDIT_ONLY:
        raise RuleViolation("no_right")
    require_possible(deed, plan, PLAN, PlanAct.REVISE)
    stored = _revise(context, plan, cause="", reason=deed.reason(), grant=grant, verb=deed.verb)
    plan_notices.tell_lead(context, stored, "plan_told_revision", cause=stored.reason if not stored.secrecy else "")
    return Done(
        words.say(
            "plan_revised",
            code=stored.name,
            name=deed.person.name,
            due=words.due(stored.due_at) if stored.due_at is not None else "",
            item=stored.item,
        )
    )


def demanded(context: Context, item: Item, *, cause: str, reason: str) -> None:
    """R-99: a special meeting, a ruling or a resolution wants it; a second demand joins the version in the making."""
    making = plan_keeping.in_making(context, item.code)
    holding = plan_keeping.in_force(context, item.code)
    if making is not None:
        stored = plan_keeping.save(context, making, attached(making, cause), PlanAct.ATTACH, reason=cause)
        sentence = "plan_told_attached"
    elif holding is not None:
        stored = _revise(context, holding, cause=cause, reason=reason)
        sentence = "plan_told_revision"
    else:
        stored = open_first(context, item, cause=cause)
        sentence = "plan_told_revision"
    plan_notices.tell_lead(context, stored, sentence, cause=cause)


def _revise(
    context: Context, plan: Plan, *, cause: str, reason: str, grant: Grant | None = None, verb: str = ""
) -> Plan:
    note = " ".join(part for part in (cause, reason) if part)
    content = {**plan_keeping.content_of(context, plan)}
    after = revised(
        plan,
        content=content,
        cause=cause,
        reason=reason,
        coop=_still_there(context, plan.coop),
        due_at=context.now,
        now=context.now,
    )
    noted = edited(after, {**after.content, "change_note": note} if note else after.content, coop=after.coop)
    return plan_keeping.save(context, None, noted, PlanAct.REVISE, grant=grant, reason=note, verb=verb)


def _still_there(context: Context, departments: Iterable[DepartmentId]) -> tuple[DepartmentId, ...]:
    """Departments where they are now: a merged one is its successor (EC-48)."""
    return tuple(dict.fromkeys(context.world.directory.successor(d) for d in departments))
