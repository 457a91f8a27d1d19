"""Any numbered object by its code: where it is kept, who made it, and the copies of its limits that it carries itself.

Families own their objects; this is for what concerns all of them alike: a calendar that moves every limit (EC-20, EC-21), and
questions about a number of whatever kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from bot.domain.ids import CodeKind, PersonId
from bot.domain.plan import Plan, plan_key
from bot.ports import Repository, UnitOfWork
from bot.routing import Context
from handlers import matter_cards

#: fields in which an object keeps a limit that is also an open deadline
_LIMITS = ("due_at", "original_due_at", "step_due_at", "report_due_at", "record_due_at")
#: fields that name whoever made, filed or has it
_MAKERS = ("created_by", "submitted_by", "reporter", "filed_by", "applied_by", "registered_by", "announced_by", "owner")

_REPOSITORIES: Mapping[CodeKind, Callable[[UnitOfWork], Repository[Any]]] = {
    CodeKind.REQUEST: lambda uow: uow.requests,
    CodeKind.ITEM: lambda uow: uow.items,
    CodeKind.TASK: lambda uow: uow.tasks,
    CodeKind.REPORT: lambda uow: uow.reports,
    CodeKind.ACCEPTANCE: lambda uow: uow.acceptances,
    CodeKind.ISSUE: lambda uow: uow.issues,
    CodeKind.CONFLICT: lambda uow: uow.conflicts,
    CodeKind.MEETING: lambda uow: uow.meetings,
    CodeKind.MINUTES: lambda uow: uow.minutes,
    CodeKind.SYNC_RECORD: lambda uow: uow.minutes,
    CodeKind.RESOLUTION: lambda uow: uow.resolutions,
    CodeKind.LIAISON_CHANGE: lambda uow: uow.liaison_changes,
    CodeKind.DOCUMENT: lambda uow: uow.documents,
    CodeKind.PROPOSAL: lambda uow: uow.proposals,
}


def load(context: Context, code: str) -> Any | None:
    """The object of that full code; of a plan its newest version. None for clocks, leaves and numbers that nobody has."""
    return _found(context, code)[1]


def _found(context: Context, code: str) -> tuple[Repository[Any] | None, Any | None]:
    kind = matter_cards.kind_of(code)
    if kind is CodeKind.PLAN:
        return context.uow.plans, _newest_plan(context, code)
    where = _REPOSITORIES.get(kind) if kind is not None else None
    repository = where(context.uow) if where is not None else None
    return repository, repository.get(code) if repository is not None else None


def _newest_plan(context: Context, code: str) -> Plan | None:
    number, found = 1, None
    while (plan := context.uow.plans.get(plan_key(code, number))) is not None:
        found, number = plan, number + 1
    return found or next((p for p in context.uow.plans.find() if p.code == code), None)


def makers(thing: object) -> frozenset[PersonId]:
    """Whoever made, filed or has the object."""
    found = (getattr(thing, name, None) for name in _MAKERS)
    return frozenset(person for person in found if person)


def access_of(thing: object) -> frozenset[PersonId]:
    """Who may know of the object where it is confidential."""
    return frozenset(getattr(thing, "access", ()))


def move_due(context: Context, code: str, *, old: datetime, new: datetime) -> None:
    """An open deadline moved: the object's own copies of the date follow, and so do its standing cards."""
    repository, thing = _found(context, code)
    if repository is None or thing is None:
        return
    own = {field.name for field in fields(thing)}
    moved = {name: new for name in _LIMITS if name in own and getattr(thing, name) == old}
    if moved:
        repository.put(replace(thing, **moved))
        matter_cards.refresh(context, code)
