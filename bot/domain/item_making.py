"""What an approved request becomes: an item, its plan, its first tasks (domain.md 3.1 to 3.3; R-07, R-79; L-25)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from bot.domain.form import rows_of, text_of
from bot.domain.happened import NewTask
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.item import Item, ItemState, Level
from bot.domain.plan import Plan, PlanState, plan_key
from bot.domain.plan_form import day_of, from_request
from bot.domain.request import Request
from bot.errors import RuleViolation

#: longest name of an item in names of groups and files
SHORT = 20


def made(request: Request, *, code: Code, plan: Code | None, is_key_project: bool, now: datetime) -> Item:
    """The item of a request: special ones are planned first, routine ones are in progress at once (A-02).

    Raises RuleViolation `item_needs_one_lead` for a request without cooperating department, or with its lead among them (R-07).
    """
    if not request.coop or request.lead in request.coop:
        raise RuleViolation("item_needs_one_lead")
    content = request.content
    is_special = request.level is Level.SPECIAL
    return Item(
        code=code,
        title=request.title,
        short=request.title[:SHORT],
        level=request.level,
        lead=request.lead,
        coop=request.coop,
        state=ItemState.PLANNING if is_special else ItemState.IN_PROGRESS,
        serves=text_of(content, "serves"),
        request=request.code,
        plan=plan or "",
        start_on=day_of(text_of(content, "start_on")),
        end_on=day_of(text_of(content, "end_on")),
        is_key_project=is_key_project,
        secrecy=request.secrecy,
        access=request.access,
        created_at=now,
        started_at=None if is_special else now,
        since=now,
        scenario=text_of(content, "scenario"),
        goal=text_of(content, "goal"),
        updated_at=now,
        created_by=request.created_by,
    )


def first_plan(item: Item, request: Request | None, *, code: Code, due_at: datetime, now: datetime) -> Plan:
    """Version 1, pre-filled from the request and the risks of its assessment (T-05)."""
    content = from_request(request.content, request.assessment) if request is not None else {}
    return Plan(
        key=plan_key(code, 1),
        code=code,
        number=1,
        item=item.code,
        state=PlanState.DRAFTING,
        lead=item.lead,
        coop=item.coop,
        request=request.code if request is not None else None,
        title=item.title,
        content=content,
        opened_at=now,
        since=now,
        due_at=due_at,
        secrecy=item.secrecy,
        access=item.access,
    )


def routine_tasks(
    request: Request,
    *,
    end_of_day: Callable[[date], datetime],
    liaison: Callable[[DepartmentId], PersonId | None],
) -> tuple[NewTask, ...]:
    """L-25: one task per cooperating department's duty line, due on the request's end date; the lead's own line is none."""
    end = day_of(text_of(request.content, "end_on"))
    if end is None:
        return ()
    tasks: list[NewTask] = []
    for row in rows_of(request.content, "duties"):
        department, duty, owner = (*row, "", "", "")[:3]
        who = PersonId(owner) if owner else liaison(DepartmentId(department))
        if DepartmentId(department) in request.coop and who is not None:
            tasks.append(
                NewTask(
                    title=duty or request.title,
                    department=DepartmentId(department),
                    owner=who,
                    due_at=end_of_day(end),
                )
            )
    return tuple(tasks)
