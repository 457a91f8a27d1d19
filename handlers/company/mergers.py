"""Departments that were merged into another: what is open moves there, history keeps the old name (domain.md EC-48)."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.decision import Decision
from bot.domain.directory import Directory
from bot.domain.ids import DepartmentId
from bot.domain.item import Item
from bot.domain.obligation import Obligation
from bot.domain.reply_clock import OPEN
from bot.routing import Context
from handlers import effects
from handlers.clocks import clocks


def see_to(context: Context, before: Directory) -> None:
    """Every department that was merged since. The world of the context is that after the change."""
    for department in context.world.directory.departments:
        known = before.department(department.id)
        if department.merged_into is not None and (known is None or known.merged_into is None):
            _merge(context, department.id, context.world.directory.successor(department.id))


def _merge(context: Context, old: DepartmentId, new: DepartmentId) -> None:
    uow = context.uow
    for item in uow.items.find():
        if old in item.involved:
            uow.items.put(_moved(item, old, new))
    for obligation in uow.obligations.find():
        if old in {obligation.department, obligation.lead, *obligation.coop}:
            uow.obligations.put(_moved_limit(obligation, old, new))
    for clock in uow.clocks.find(department=old, state=tuple(state.value for state in OPEN)):
        # the due time stays; whoever holds the post in the new department is found afterwards
        clocks.save(context, clock, Decision(replace(clock, department=new, assignee=None, acting=None), ()))
    effects.record(context, "department_merged", old, before=old, after=new)


def _moved_limit(one: Obligation, old: DepartmentId, new: DepartmentId) -> Obligation:
    """The limit with the new department wherever the old one stood; its date and holder stay."""
    coop = dict.fromkeys(new if d == old else d for d in one.coop)
    return replace(
        one,
        department=new if one.department == old else one.department,
        lead=new if one.lead == old else one.lead,
        coop=tuple(coop),
    )


def _moved(item: Item, old: DepartmentId, new: DepartmentId) -> Item:
    """The item with the new department in the old one's place, once."""
    lead = new if item.lead == old else item.lead
    coop = dict.fromkeys(new if d == old else d for d in item.coop)
    return replace(item, lead=lead, coop=tuple(d for d in coop if d != lead))
