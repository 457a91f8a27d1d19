"""Tasks as they are kept (domain.md 3.4; 5.9): loaded, saved with their deadlines, records and cards, and who owes what."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.confidentiality import Secrecy
from bot.domain.digest import Happening
from bot.domain.happened import TaskChanged
from bot.domain.ids import PersonId
from bot.domain.item import Item
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.permissions import LIAISON_EXTENSION_DAYS, Grant
from bot.domain.relation import Relation
from bot.domain.separation import task_confirmer
from bot.domain.task import OPEN, WORKED, Task, TaskAct, TaskState
from bot.domain.task_extension import needs_head
from bot.routing import Context
from handlers import effects, happenings, matter_cards
from handlers.deadlines import deadlines
from handlers.deadlines.deadlines import limit_at, limit_workdays, owed
from handlers.deeds import SLOT, VERB
from handlers.post_holders import head_post, liaison_post, secretary_post

#: working days in which an extension is decided and an offered task accepted (3.4)
EXTENSION_WD, ACCEPT_WD = 1, 1


def current(context: Context, code: str) -> Task | None:
    """The task of that code; its date is that of its open deadline, which follows the calendar (EC-20)."""
    task = context.uow.tasks.get(code)
    if task is None or task.state not in WORKED:
        return task
    held = context.uow.obligations.get(Obligation.key_for(code, ObligationKind.TASK))
    return task if held is None or held.due_at == task.due_at else replace(task, due_at=held.due_at)


def item_of(context: Context, task: Task) -> Item | None:
    """The item that the task belongs to."""
    return context.uow.items.get(task.item) if task.item is not None else None


def relation_of(context: Context, task: Task, *, workdays: int = 0) -> Relation:
    """How the task stands to people; `workdays` are those of the extension that is decided."""
    item = item_of(context, task)
    return Relation(
        department=task.department,
        lead=task.lead,
        coop=frozenset((task.department, *(item.coop if item is not None else ()))) - {task.lead},
        owners=frozenset({task.owner}),
        assigned=frozenset({task.owner}),
        members=frozenset(item.members) if item is not None else frozenset(),
        workdays=workdays,
        secrecy=task.secrecy,
        access=frozenset(task.access),
    )


# ---------------------------------------------------------------- saving


def save(
    context: Context,
    before: Task | None,
    after: Task,
    act: TaskAct | str,
    *,
    grant: Grant | None = None,
    reason: str = "",
    verb: str = "",
    facts: dict[str, str] | None = None,
) -> Task:
    """Keep the task with its deadlines, its record, its cards, and tell the others."""
    stored = context.uow.tasks.add(after) if before is None else context.uow.tasks.put(after)
    deadlines.settle(context, stored.code, obligations(context, stored))
    effects.record_act(
        context,
        f"task_{act}",
        before,
        stored,
        grant=grant,
        reason=reason,
        facts={VERB: verb, SLOT: "", **(facts or {})},
    )
    if stored.state is TaskState.DONE:
        _report(context, stored)
    matter_cards.refresh(context, stored.code)
    context.announce(TaskChanged(before, stored))
    return stored


def _report(context: Context, task: Task) -> None:
    """A task counts when it is confirmed, its lateness by the moment it was done (6.1)."""
    kind = Happening.TASK_LATE if task.is_late else Happening.TASK_ON_TIME
    happenings.note(context, task, kind, {"department": task.department, "item": task.item or ""})


# ---------------------------------------------------------------- who owes what


def obligations(context: Context, task: Task) -> list[Obligation]:
    """The open deadlines of a task; none of its owner's while the item is suspended."""
    if not task.is_open:
        return []
    found: list[Obligation] = []
    if task.state is TaskState.DONE_PENDING and task.done_at is not None:
        days = context.world.company.parameters.timers_confirm_task_wd
        limit = limit_workdays(context, days, since=task.done_at)
        found.append(_owed(context, task, ObligationKind.CONFIRM_TASK, limit, confirmer_post(context, task)))
    if task.frozen_at is not None:
        return found
    if task.state in WORKED:
        found.append(
            _owed(context, task, ObligationKind.TASK, limit_at(task.due_at), task.owner, opened_at=task.created_at)
        )
    if task.asked is not None:
        limit = limit_workdays(context, EXTENSION_WD, since=task.asked.asked_at)
        found.append(_owed(context, task, ObligationKind.EXTENSION, limit, granter_post(context, task)))
    if task.state in WORKED and task.offered_at is not None and (task.is_offered or task.refused_reason):
        limit = limit_workdays(context, ACCEPT_WD, since=task.offered_at)
        holder = secretary_post(context) if task.refused_reason else task.owner
        found.append(_owed(context, task, ObligationKind.ACCEPT_TASK, limit, holder))
    return found


def follow_calendar(context: Context) -> None:
    """A later date that was asked for may be more working days away now, and another one's to grant (P-16)."""
    for task in context.uow.tasks.find(state=tuple(state.value for state in OPEN)):
        if task.asked is not None:
            deadlines.settle(context, task.code, obligations(context, current(context, task.code) or task))


def _owed(
    context: Context,
    task: Task,
    kind: ObligationKind,
    limit: deadlines.Limit,
    holder: PersonId | None,
    *,
    opened_at: datetime | None = None,
) -> Obligation:
    item = item_of(context, task)
    return owed(
        context,
        task.code,
        kind,
        limit,
        title=task.title,
        holder=holder,
        department=task.lead if kind in {ObligationKind.CONFIRM_TASK, ObligationKind.EXTENSION} else task.department,
        opened_at=opened_at,
        item=task.item or "",
        secrecy=task.secrecy,
        access=task.access,
        lead=task.lead,
        coop=item.coop if item is not None else (),
    )


def confirmer_post(context: Context, task: Task) -> PersonId | None:
    """The lead liaison, the lead head where the liaison has the task (SoD-8); the secretary for weekly minutes (L-29)."""
    secretary = secretary_post(context)
    if task.confirmed_by_secretary and secretary != task.owner:
        return secretary
    return lead_confirmer(context, task) or secretary


def lead_confirmer(context: Context, task: Task) -> PersonId | None:
    """Liaison or head of the lead, whoever does not have the task; None where nobody else is left (SoD-8)."""
    return task_confirmer(
        assignee=task.owner,
        lead_liaison=known_to(task, liaison_post(context, task.lead)),
        lead_head=known_to(task, head_post(context, task.lead)),
    )


def known_to(task: Task, person: PersonId | None) -> PersonId | None:
    """That person, where a confidential task may be known to him or her (2.5)."""
    return person if task.secrecy < Secrecy.CONFIDENTIAL or person in task.access else None


def extension_days(context: Context, task: Task) -> int:
    """By how many working days the date that is asked for is later; the third extension counts as a long one (3.4)."""
    if task.asked is None:
        return 0
    calendars = context.world.calendars
    days = calendars.workdays_between(calendars.local(task.due_at).date(), calendars.local(task.asked.due_at).date())
    return max(days, LIAISON_EXTENSION_DAYS + 1) if needs_head(task) else days


def granter_post(context: Context, task: Task) -> PersonId | None:
    """The lead liaison up to three working days, else the lead head; never whoever asked, while there is somebody else (P-16)."""
    liaison = known_to(task, liaison_post(context, task.lead))
    head = known_to(task, head_post(context, task.lead))
    asked_by = task.asked.asked_by if task.asked is not None else None
    is_short = extension_days(context, task) <= LIAISON_EXTENSION_DAYS
    if is_short and liaison is not None and liaison not in {task.owner, asked_by}:
        return liaison
    return head or liaison
