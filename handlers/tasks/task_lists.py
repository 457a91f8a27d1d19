"""`/任务`: mine, of a department, of an item, or one; and `任务 新建`, by which the lead adds one (domain.md 3.4; P-12, R-26)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.action import Action
from bot.domain.codes import CodeRef, behind_code
from bot.domain.confidentiality import Secrecy, level
from bot.domain.directory import Department
from bot.domain.happened import NewTask, WorkAssigned
from bot.domain.ids import CodeKind, DepartmentId
from bot.domain.item import Item, ItemState
from bot.domain.relation import Relation, of_item
from bot.domain.task import OPEN, Task, TaskState
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from bot.updates import display_text
from handlers import matter_cards
from handlers.access import allows, require
from handlers.calls import Call
from handlers.conversation.addressees import people_of
from handlers.lookups import find
from handlers.possible import require_privacy
from handlers.tables import Tables
from handlers.tasks import task_cards, task_making
from handlers.tasks.task_keeping import current, relation_of
from handlers.words import Words

_OPEN = tuple(state.value for state in OPEN)
#: lines in private, and on the screen of a group
MOST, MOST_IN_GROUP = 12, 5
_OWN_DEPARTMENT = frozenset({"部门", "本部门", "department", "dept"})
#: items that may get one more task
_RUNNING = frozenset({ItemState.IN_PROGRESS, ItemState.RECTIFYING})


def register(tables: Tables) -> None:
    """Put both commands on the table."""
    tables.commands.on("tasks", on_tasks)
    tables.commands.on("task_new", on_new)


def on_tasks(call: Call) -> None:
    """My tasks, those of a department or an item, or one of them."""
    codes, context = call.command.codes, call.context
    if codes and codes[0].kind is CodeKind.TASK:
        _one(call, codes[0])
    elif codes:
        item = find(context, codes[0], CodeKind.ITEM, context.uow.items.get)
        if item is None or not _may_see_item(call, item):
            raise RuleViolation("not_found_or_no_right")
        _of_item(call, item)
    elif call.command.words.strip():
        _of_department(call, call.command.words.strip())
    else:
        _mine(call)


def _one(call: Call, ref: CodeRef) -> None:
    task = find(call.context, ref, CodeKind.TASK, lambda code: current(call.context, code))
    if task is None or not allows(call.context, Action.EXPLAIN, relation_of(call.context, task)):
        raise RuleViolation("not_found_or_no_right")
    lines = [_head(task, call.words)]
    rows = task_cards.rows_of(call.context, task, call.words, task_cards.WORK)
    lines.extend(call.words.say("card_row", name=name, value=inert(value, limit=200)) for name, value in rows if value)
    call.answer_about(task.code, "\n".join(lines), secrecy=task.secrecy)


def _head(task: Task, words: Words) -> str:
    state = words.say(f"task_state_{task.state.value}")
    return words.say("task_head", code=task.code, title=inert(task.title, limit=60), state=state)


def _mine(call: Call) -> None:
    """Everything that is mine, in private; liaisons and heads read how many their department has."""
    tasks = _current(call.context, call.context.uow.tasks.find(person=call.person.id, state=_OPEN))
    lines = _list(call, call.words.say("tasks_mine_head", count=len(tasks)), tasks, most=MOST)
    if not tasks:
        lines = [call.words.say("tasks_none")]
    for department in _kept_departments(call):
        count = len(_visible(call, call.context.uow.tasks.find(department=department, state=_OPEN)))
        if count:
            lines.append(call.words.say("tasks_department_hint", name=call.words.department(department), count=count))
    call.answer_privately("\n".join(lines))


def _kept_departments(call: Call) -> list[DepartmentId]:
    """Departments whose tasks this person follows up (R-26)."""
    departments = (d.id for d in call.context.world.directory.departments if d.is_active)
    return [d for d in departments if allows(call.context, Action.REPORT_TASK, Relation(department=d))]


def _of_department(call: Call, name: str) -> None:
    department = _department(call, name)
    relation = Relation(department=department.id, lead=department.id)
    if not allows(call.context, Action.EXPLAIN, relation):
        raise RuleViolation("no_right")
    tasks = _visible(call, call.context.uow.tasks.find(department=department.id, state=_OPEN))
    head = call.words.say("tasks_department_head", name=department.short or department.name, count=len(tasks))
    call.answer_privately("\n".join(_list(call, head, tasks, most=MOST, with_owner=True)))


def _department(call: Call, name: str) -> Department:
    directory = call.context.world.directory
    own = directory.department(call.person.department)
    if name.lower() in _OWN_DEPARTMENT and own is not None:
        return own
    for department in directory.departments:
        if name.lower() in {department.name.lower(), department.short.lower(), department.id.lower()}:
            return department
    raise RuleViolation("no_such_department", {"name": inert(name, limit=20)})


def _of_item(call: Call, item: Item) -> None:
    tasks = [task for task in _current(call.context, call.context.uow.tasks.find(item=item.code)) if task.item]
    shown = [t for t in tasks if t.state is not TaskState.CANCELLED]
    done = sum(1 for task in shown if task.state is TaskState.DONE)
    head = call.words.say("tasks_item_head", code=item.code, done=done, count=len(shown))
    opened = [task for task in shown if task.is_open]
    most = MOST if call.is_private else MOST_IN_GROUP
    lines = _list(call, head, opened, most=most, with_owner=True)
    call.answer_about(item.code, "\n".join(lines), secrecy=item.secrecy)


def _may_see_item(call: Call, item: Item) -> bool:
    return allows(call.context, Action.EXPLAIN, of_item(item))


# ---------------------------------------------------------------- lines


def _current(context: Context, tasks: Sequence[Task]) -> list[Task]:
    """With the dates of their open deadlines, the earliest first."""
    present = [current(context, task.code) or task for task in tasks]
    return sorted(present, key=lambda task: (task.due_at, task.code))


def _visible(call: Call, tasks: Sequence[Task]) -> list[Task]:
    """Without confidential ones of other people's lists."""
    return [
        task
        for task in _current(call.context, tasks)
        if task.secrecy < Secrecy.CONFIDENTIAL or allows(call.context, Action.EXPLAIN, relation_of(call.context, task))
    ]


def _list(call: Call, head: str, tasks: Sequence[Task], *, most: int, with_owner: bool = False) -> list[str]:
    lines = [head, *(_line(call.words, task, with_owner=with_owner) for task in tasks[:most])]
    if len(tasks) > most:
        lines.append(call.words.say("tasks_more", count=len(tasks)))
    return lines


def _line(words: Words, task: Task, *, with_owner: bool) -> str:
    """One task; of confidential ones the number, the state and the date."""
    title = inert(task.title, limit=30) if level(task.secrecy) is not Secrecy.CONFIDENTIAL else ""
    due = words.due(task.due_at) if task.done_at is None and task.frozen_at is None else words.deadline(task.due_at)
    facts = {
        "code": task.code,
        "title": title,
        "percent": task.progress,
        "state": words.say(f"task_state_{task.state.value}"),
        "due": due,
    }
    if with_owner:
        return words.say("task_line_owner", **facts, name=words.name(task.owner))
    return words.say("task_line", **facts)


# ---------------------------------------------------------------- one more


def on_new(call: Call) -> None:
    """`任务 新建 SX-7 整理样机清单 @人 9-25`: the lead adds a task that the plan did not have (P-12)."""
    context = call.context
    item = find(context, call.command.codes[0], CodeKind.ITEM, context.uow.items.get)
    if item is None:
        raise RuleViolation("not_found_or_no_right")
    grant = require(context, Action.CREATE_TASK, of_item(item))
    require_privacy(call, item)
    if item.state not in _RUNNING:
        raise RuleViolation("task_item_not_running", {"code": item.code})
    work = WorkAssigned(source=item.code, tasks=(_new(call, item),), item=item.code)
    task = task_making.make(context, work, work.tasks[0], item, grant=grant)
    matter_cards.refresh(context, item.code)
    text = call.words.say(
        "task_made",
        code=task.code,
        title="" if task.secrecy else call.words.say("task_title", title=inert(task.title, limit=40)),
        name=call.words.name(task.owner),
        due=call.words.due(task.due_at),
    )
    call.answer_about(task.code, text, secrecy=task.secrecy)


def _new(call: Call, item: Item) -> NewTask:
    command, calendars = call.command, call.context.world.calendars
    people = people_of(call.context, command.pair_people.get("责任人", command.people))
    title = inert(behind_code(display_text(command.rest, call.message.mentions)), limit=100)
    if not people or not command.moments or not title:
        raise RuleViolation("task_new_incomplete", {"code": item.code})
    due_at = command.moments[0].at
    if due_at <= call.context.now:
        raise RuleViolation("task_due_past")
    if item.end_on is not None and due_at > calendars.end_of_day(item.end_on):
        raise RuleViolation("extension_beyond", {"latest": item.end_on.isoformat()})
    return NewTask(title=title, department=people[0].department, owner=people[0].id, due_at=due_at)
