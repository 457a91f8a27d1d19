"""Where tasks come from and what happens to them from outside: work that was assigned, items, plans, people who left (domain.md 3.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from bot.domain import task_owner, task_terms
from bot.domain.confidentiality import Secrecy, inherit
from bot.domain.form import rows_of
from bot.domain.happened import ItemChanged, LiaisonChanged, NewTask, PlanEffective, PostsChanged, WorkAssigned
from bot.domain.ids import CodeKind, DepartmentId, PersonId
from bot.domain.item import Item, ItemState
from bot.domain.permissions import Grant
from bot.domain.plan import Plan
from bot.domain.task import OPEN, Task, TaskAct, TaskState
from bot.domain.task_terms import Planned
from bot.messages import inert
from bot.routing import Context
from handlers import effects, matter_cards
from handlers.deadlines import deadlines
from handlers.numbering import new_code
from handlers.post_holders import acting_liaison, acting_owner, liaison_post
from handlers.tables import Tables
from handlers.tasks import task_cards
from handlers.tasks.task_keeping import current, obligations, save
from handlers.words import Words, words_for

_OPEN = tuple(state.value for state in OPEN)
#: most lines of a list of moved dates
LISTED = 8
#: columns of the division of tasks in F6
_TITLE, _DEPARTMENT, _OWNER, _DUE = 0, 1, 2, 5


def register(tables: Tables) -> None:
    """Listen to what makes and moves tasks."""
    tables.router.when(WorkAssigned, on_assigned)
    tables.router.when(ItemChanged, on_item)
    tables.router.when(PlanEffective, on_plan)
    tables.router.when(PostsChanged, on_posts)
    tables.router.when(LiaisonChanged, lambda context, _: follow_posts(context))


# ---------------------------------------------------------------- new ones


def on_assigned(context: Context, event: WorkAssigned) -> None:
    """Make the tasks in the order in which they were given; card to owner and liaison."""
    item = context.uow.items.get(event.item) if event.item is not None else None
    for new in event.tasks:
        make(context, event, new, item)


def make(context: Context, event: WorkAssigned, new: NewTask, item: Item | None, *, grant: Grant | None = None) -> Task:
    """One task. Of somebody who is not there any more the department's liaison gets it."""
    owner = context.world.directory.person(new.owner)
    is_active = owner is not None and owner.is_active
    holder = new.owner if is_active else (liaison_post(context, new.department) or new.owner)
    is_offered = event.is_offered or not is_active
    secrecy = inherit(event.secrecy, item.secrecy if item is not None else 0)
    access = tuple(dict.fromkeys((*event.access, *(item.access if item is not None else ()))))
    task = Task(
        code=new_code(context, CodeKind.TASK),
        title=new.title,
        state=TaskState.TODO,
        department=new.department,
        owner=holder,
        lead=item.lead if item is not None else event.lead or new.department,
        due_at=new.due_at,
        original_due_at=new.due_at,
        created_at=context.now,
        item=event.item,
        source=event.source,
        confirmed_by_secretary=event.confirmed_by_secretary,
        start_on=context.world.calendars.local(new.start_at).date() if new.start_at is not None else None,
        is_offered=is_offered,
        offered_at=context.now if is_offered else None,
        secrecy=int(secrecy),
        access=tuple(dict.fromkeys((*access, holder))) if secrecy is Secrecy.CONFIDENTIAL else access,
    )
    stored = save(context, None, task, "make", grant=grant, facts={"source": event.source})
    _show(context, stored)
    return stored


def _show(context: Context, task: Task) -> None:
    """The work card to the owner and to the liaison of the department (2.3)."""
    owner = acting_owner(context, task.owner, task.department)
    liaison = acting_liaison(context, task.department) if task.secrecy < Secrecy.CONFIDENTIAL else None
    for person in {p.id: p for p in (owner, liaison) if p is not None}.values():
        matter_cards.show_to(context, person, task.code, task_cards.WORK)


# ---------------------------------------------------------------- the item


def on_item(context: Context, event: ItemChanged) -> None:
    """Tasks follow their item: cancelled with it, frozen with it, later by what the suspension cost (L-18), as secret as it is."""
    before, after = event.before, event.after
    tasks = [task for task in context.uow.tasks.find(item=after.code, state=_OPEN) if task.item == after.code]
    if not tasks:
        return
    if after.state is ItemState.TERMINATED and before.state is not ItemState.TERMINATED:
        _cancel_all(context, tasks, after)
    elif after.state is ItemState.SUSPENDED and before.state is not ItemState.SUSPENDED:
        for task in tasks:
            save(context, task, task_terms.frozen(task, at=context.now), TaskAct.FREEZE)
    elif before.state is ItemState.SUSPENDED and after.state is not ItemState.SUSPENDED:
        _thaw_all(context, tasks, before, after)
    elif (before.secrecy, before.access, before.lead) != (after.secrecy, after.access, after.lead):
        for task in tasks:
            _follow_item(context, task, after)


def _cancel_all(context: Context, tasks: Iterable[Task], item: Item) -> None:
    for task in tasks:
        after = save(context, task, task_terms.cancelled(task, reason=item.reason), TaskAct.CANCEL, reason=item.reason)
        _tell_owner(context, after, "task_ended_told", item=item.code)


def _thaw_all(context: Context, tasks: Iterable[Task], before: Item, after: Item) -> None:
    """Dates move, and every owner reads the old and the new one; the lead liaison gets the list."""
    suspended = before.suspended_at or context.now
    moved: list[tuple[Task, Task]] = []
    for task in tasks:
        thawed = task_terms.thawed(task, calendars=context.world.calendars, suspended=suspended, now=context.now)
        facts = {"due_before": task.due_at.isoformat(), "due_after": thawed.due_at.isoformat()}
        stored = save(context, task, thawed, TaskAct.THAW, facts=facts)
        if stored.due_at != task.due_at:
            moved.append((task, stored))
            _tell_owner(context, stored, "task_moved_told", item=after.code, due=stored.due_at, was=task.due_at)
    liaison = acting_liaison(context, after.lead)
    if moved and liaison is not None:
        words = words_for(context, liaison)
        lines = [words.say("tasks_moved_head", item=after.code, count=len(moved))]
        lines.extend(
            words.say("tasks_moved_line", code=new.code, was=words.deadline(old.due_at), due=words.deadline(new.due_at))
            for old, new in moved[:LISTED]
        )
        key = f"tasks:{after.code}:moved:{context.now.isoformat()}:{liaison.id}"
        effects.tell(context, liaison, effects.text("\n".join(lines)), key=key, ref=after.code, is_owed=True)


def _follow_item(context: Context, task: Task, item: Item) -> None:
    secrecy = int(inherit(item.secrecy, 0 if task.item else task.secrecy))
    access = tuple(dict.fromkeys((*item.access, task.owner))) if secrecy >= Secrecy.CONFIDENTIAL else item.access
    changed = replace(task, secrecy=secrecy, access=access, lead=item.lead)
    if changed != task:
        save(context, task, changed, "follow_item")


# ---------------------------------------------------------------- the plan


def on_plan(context: Context, event: PlanEffective) -> None:
    """Another version took effect: open tasks that it does not have are cancelled, others get its dates and owners (3.2)."""
    if event.before is None:
        return
    before, after = _lines(event.before), _lines(event.plan)
    for found in context.uow.tasks.find(item=event.plan.item, state=_OPEN):
        if not found.source.startswith(event.plan.code):
            continue
        task = current(context, found.code) or found
        changed = task_terms.revised(task, before=before, after=after, calendars=context.world.calendars)
        if changed is None:
            continue
        is_gone = changed.state is TaskState.CANCELLED
        act = TaskAct.CANCEL if is_gone else TaskAct.REVISE
        facts = {"due_before": task.due_at.isoformat(), "due_after": changed.due_at.isoformat()}
        stored = save(context, task, changed, act, reason=event.plan.key, facts=facts)
        if is_gone:
            _tell_owner(context, stored, "task_ended_told", item=event.plan.code)
        else:
            _tell_owner(context, stored, "task_moved_told", item=event.plan.code, due=stored.due_at, was=task.due_at)
            if stored.owner != task.owner:
                _show(context, stored)


def _lines(plan: Plan) -> list[Planned]:
    """The division of tasks of F6."""
    found: list[Planned] = []
    for row in rows_of(plan.content, "tasks"):
        cells = (*row, *("",) * (_DUE + 1 - len(row)))
        found.append(
            Planned(
                title=cells[_TITLE],
                department=DepartmentId(cells[_DEPARTMENT]),
                owner=PersonId(cells[_OWNER]) if cells[_OWNER] else None,
                due_on=date.fromisoformat(cells[_DUE][:10]) if cells[_DUE] else None,
            )
        )
    return found


# ---------------------------------------------------------------- people


def on_posts(context: Context, _: PostsChanged) -> None:
    """Tasks of people who left go to their liaison; whatever waits for a post waits for its present holder (EC-48, EC-53)."""
    successor = context.world.directory.successor
    for found in context.uow.tasks.find(state=_OPEN):
        task = current(context, found.code) or found
        moved = replace(task, department=successor(task.department), lead=successor(task.lead))
        if moved != task:
            task = save(context, task, moved, "follow_department")
        owner = context.world.directory.person(task.owner)
        if owner is None or not owner.is_active:
            _vacate(context, task)
    follow_posts(context)


def _vacate(context: Context, found: Task) -> None:
    """The liaison has it now and hands it over within a working day; the date stays (EC-53)."""
    task = current(context, found.code) or found
    department = context.world.directory.successor(task.department)
    liaison = acting_liaison(context, department)
    if liaison is None or liaison.id == task.owner:
        return
    vacated = task_owner.vacated(replace(task, department=department), liaison=liaison.id, now=context.now)
    # `leavers` tells the liaison in one notice what the leaver held
    save(context, task, vacated, "vacate", facts={"owner_before": task.owner})


def follow_posts(context: Context) -> None:
    """Confirmations and later dates wait for whoever holds the post now."""
    for task in context.uow.tasks.find(state=_OPEN):
        if task.state is TaskState.DONE_PENDING or task.asked is not None or task.refused_reason:
            deadlines.settle(context, task.code, obligations(context, current(context, task.code) or task))


# ---------------------------------------------------------------- common


def _title(task: Task, words: Words) -> str:
    """Nothing that may not be read on a locked phone (EC-74)."""
    return "" if task.secrecy else words.say("task_title", title=inert(task.title, limit=40))


def _tell_owner(
    context: Context, task: Task, key: str, *, item: str, due: datetime | None = None, was: datetime | None = None
) -> None:
    owner = acting_owner(context, task.owner, task.department)
    if owner is None or (task.secrecy >= Secrecy.CONFIDENTIAL and owner.id not in task.access):
        return
    words = words_for(context, owner)
    dates = {"due": words.deadline(due), "was": words.deadline(was)} if due is not None and was is not None else {}
    text = words.say(key, code=task.code, title=_title(task, words), item=item, **dates)
    name = f"task:{task.code}:{key}:{task.version}"
    effects.tell(context, owner, effects.text(text), key=name, ref=task.code, is_owed=True)
