"""`/终止` (domain.md 3.3; P-20, P-21): a special item by the leader, a routine one by the leader or by all heads together."""

from __future__ import annotations

from bot.domain.action import Action
from bot.domain.ids import CodeKind
from bot.domain.item import ITEM, Item, ItemAct, Level
from bot.domain.item_course import end_agreed, end_refused, is_end_agreed, terminated
from bot.domain.permissions import Grant, Limit
from bot.domain.relation import Relation
from bot.domain.slots import SlotState
from bot.errors import RuleViolation
from handlers import matter_cards
from handlers.access import allows, require
from handlers.deeds import Deed, Done, too_late
from handlers.items import item_groups, item_keeping, item_levels
from handlers.items.item_cards import ENDING, LOWERING, state_key
from handlers.items.item_sight import in_private, relation_of, require_known
from handlers.matter_notices import may_be_told
from handlers.possible import require_possible
from handlers.post_holders import acting_head, is_at_work
from handlers.tables import Tables

#: what stands on the record for both ways to agree
VERB = "terminate"


def register(tables: Tables) -> None:
    """Put the deeds on the table. 同意 and 驳回 on an item mean what waits for an answer: its end, or a lower level."""
    tables.deeds.on("terminate", CodeKind.ITEM, in_private(on_terminate))
    tables.deeds.on("approve", CodeKind.ITEM, in_private(on_agree))
    tables.deeds.on("reject", CodeKind.ITEM, in_private(on_refuse))


def on_terminate(deed: Deed, item: Item) -> Done:
    """With a reason; issues that are open have to be closed or moved first. Raises RuleViolation."""
    context = deed.context
    grant = require(context, _action(item), relation_of(item))
    require_possible(deed, item, ITEM, ItemAct.TERMINATE, verb=VERB)
    if grant.limit is Limit.BOTH_HEADS:
        return _agree(deed, item, deed.reason() if not item.ending else deed.optional_reason())
    return _end(deed, item, deed.reason(), grant)


def _action(item: Item) -> Action:
    return Action.TERMINATE_SPECIAL if item.level is Level.SPECIAL else Action.TERMINATE_ROUTINE


def _end(deed: Deed, item: Item, reason: str, grant: Grant) -> Done:
    context, words = deed.context, deed.words
    open_issues = [issue.code for issue in context.uow.issues.find(item=item.code) if issue.is_open]
    after = terminated(item, reason=reason, open_issues=open_issues, now=context.now)
    stored = item_keeping.save(context, item, after, ItemAct.TERMINATE, grant=grant, reason=reason, verb=VERB)
    people = [*item_keeping.liaisons(context, stored), *item_keeping.heads(context, stored)]
    item_keeping.tell(
        context, people, stored, "item_told_terminated", facts={"reason": reason if not item.secrecy else ""}
    )
    item_groups.say(context, stored, "item_told_terminated_group", key="terminated")
    item_groups.retire(context, stored, "group_retired_terminated")
    return Done(words.say("item_terminated", code=item.code, name=deed.person.name))


# ---------------------------------------------------------------- several heads


def _agree(deed: Deed, item: Item, reason: str) -> Done:
    """One head more agrees; the last one ends it (P-21)."""
    context, words = deed.context, deed.words
    slots = {slot.department for slot in item.ending if slot.state is SlotState.OPEN} or set(item.involved)
    mine = [d for d in item.involved if allows(context, Action.TERMINATE_ROUTINE, _of(item, d))]
    department = next((d for d in mine if not item.ending or d in slots), None)
    if department is None:
        raise too_late(context, item.code, VERB, state=state_key(item), slot=f"{mine[0]}" if mine else "")
    grant = require(context, Action.TERMINATE_ROUTINE, _of(item, department))
    after = end_agreed(item, department, by=deed.person.id, behalf=grant.behalf, reason=reason, now=context.now)
    if is_end_agreed(after):
        return _end(deed, after, after.ending_reason, grant)
    stored = item_keeping.save(
        context, item, after, ItemAct.AGREE_END, grant=grant, reason=reason, verb=VERB, slot=department
    )
    for slot in stored.ending:
        head = acting_head(context, slot.department) if slot.state is SlotState.OPEN else None
        if head is not None and may_be_told(context, stored, head.id):
            matter_cards.show_to(context, head, stored.code, ENDING, at_once=is_at_work(context))
    waiting = [words.department(s.department) for s in stored.ending if s.state is SlotState.OPEN]
    return Done(words.say("item_end_agreed", code=item.code, name=deed.person.name, departments=words.listing(waiting)))


def _of(item: Item, department: str) -> Relation:
    """One department's say in the end of an item."""
    own = {d for d in item.involved if d == department}
    return Relation(coop=frozenset(own), secrecy=item.secrecy, access=frozenset(item.access))


def on_agree(deed: Deed, item: Item) -> Done:
    """同意: to the end that heads talk about, or to a lower level."""
    if _is_about_level(deed, item):
        return item_levels.agree(deed, item)
    if not item.ending:
        require_known(deed.context, relation_of(item))
        raise too_late(deed.context, item.code, VERB, state=state_key(item))
    require(deed.context, _action(item), relation_of(item))
    return _agree(deed, item, deed.optional_reason())


def on_refuse(deed: Deed, item: Item) -> Done:
    """不同意: the item goes on, the level stays."""
    context, words = deed.context, deed.words
    if _is_about_level(deed, item):
        return item_levels.refuse(deed, item)
    if not item.ending:
        require_known(context, relation_of(item))
        raise RuleViolation("stale_card", {"state": state_key(item)})
    grant = require(context, _action(item), relation_of(item))
    stored = item_keeping.save(
        context, item, end_refused(item), ItemAct.REFUSE_END, grant=grant, reason=deed.optional_reason(), verb=deed.verb
    )
    heads = item_keeping.heads(context, stored)
    item_keeping.tell(context, heads, stored, "item_told_end_refused", facts={"name": deed.person.name})
    return Done(words.say("item_end_refused", code=item.code, name=deed.person.name))


def _is_about_level(deed: Deed, item: Item) -> bool:
    return item.lower_to is not None and (deed.slot == LOWERING or not item.ending)
