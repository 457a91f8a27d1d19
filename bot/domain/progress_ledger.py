"""The progress ledger F3 and its task sheet (domain.md 4.3; R-22, R-82)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.form import text_of
from bot.domain.ids import PersonId
from bot.domain.issue import Issue
from bot.domain.item import Item, ItemState, Level
from bot.domain.item_light import Colour, Light, counted, percent
from bot.domain.ledger import NO, NOTE, YES, Cell, ChangedDate, Kind, LedgerColumn, Sheet, Spoken, local_of, row_of
from bot.domain.progress_report import ProgressReport
from bot.domain.task import Task, TaskState


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """Everything that the row of an item is made of. `shows_title` and `is_summary` say how much the reader may see."""

    item: Item
    tasks: tuple[Task, ...] = ()
    issues: tuple[Issue, ...] = ()
    light: Light
    progress: int = 0
    report: ProgressReport | None = None
    plan: str = ""
    accountable: PersonId | None = None
    liaison: PersonId | None = None
    shows_title: bool = True
    is_summary: bool = False


def progress_columns(spoken: Spoken) -> tuple[LedgerColumn, ...]:
    """The columns of 4.3 in their order; what it names together stands side by side, so that dates stay dates."""
    stages = tuple(spoken.item_state(state) for state in ItemState)
    lights = tuple(colour.value for colour in Colour)
    return (
        LedgerColumn(key="no", zh="序号", kind=Kind.NUMBER),
        LedgerColumn(key="item_no", zh="事项编号"),
        LedgerColumn(key="title", zh="协作事项名称"),
        LedgerColumn(key="level", zh="协作级别", kind=Kind.CHOICE, options=tuple(level.value for level in Level)),
        LedgerColumn(key="serves", zh="服务目标", kind=Kind.CHOICE, options=("战略目标", "重点项目", "日常工作")),
        LedgerColumn(key="lead_dept", zh="牵头部门"),
        LedgerColumn(key="accountable", zh="牵头责任人"),
        LedgerColumn(key="liaison", zh="对接人"),
        LedgerColumn(key="coop_depts", zh="配合部门"),
        LedgerColumn(key="request_no", zh="需求单编号"),
        LedgerColumn(key="plan_ver", zh="方案版本"),
        LedgerColumn(key="start_on", zh="计划开始", kind=Kind.DATE),
        LedgerColumn(key="end_on", zh="计划完成", kind=Kind.DATE),
        LedgerColumn(key="stage", zh="当前阶段", kind=Kind.CHOICE, options=stages),
        LedgerColumn(key="progress", zh="完成进度", kind=Kind.PERCENT),
        LedgerColumn(key="tasks", zh="任务数（完成/总数）"),
        LedgerColumn(key="done_this_week", zh="本周完成情况", kind=Kind.LONG, is_summary=False),
        LedgerColumn(key="problems", zh="存在问题", kind=Kind.LONG, is_summary=False),
        LedgerColumn(key="next_week", zh="下周计划", kind=Kind.LONG, is_summary=False),
        LedgerColumn(key="light", zh="状态灯", kind=Kind.CHOICE, options=lights),
        LedgerColumn(key="finished_on", zh="实际完成", kind=Kind.DATE),
        LedgerColumn(key="accepted_on", zh="验收日期", kind=Kind.DATE),
        LedgerColumn(key="archived_on", zh="归档日期", kind=Kind.DATE),
        LedgerColumn(key=NOTE, zh="秘书备注", kind=Kind.LONG, is_summary=False),
        LedgerColumn(key="updated_at", zh="更新时间", kind=Kind.INSTANT),
        LedgerColumn(key="updated_by", zh="更新人"),
    )


def progress_sheet(facts: Sequence[ItemFacts], spoken: Spoken, *, name: str) -> Sheet:
    """One row an item, in the order that is given."""
    columns = progress_columns(spoken)
    rows = (
        row_of(columns, _item_cells(one, spoken), number, one.is_summary) for number, one in enumerate(facts, start=1)
    )
    return Sheet(name=name, columns=columns, rows=tuple(rows))


def _item_cells(facts: ItemFacts, spoken: Spoken) -> dict[str, Cell]:
    item, report = facts.item, facts.report
    done, every = counted(facts.tasks)
    updated_at, updated_by = _updated(item, report)
    return {
        "item_no": item.code,
        "title": item.title if facts.shows_title else "",
        "level": item.level.value,
        "serves": item.serves,
        "lead_dept": spoken.department(item.lead),
        "accountable": spoken.person(facts.accountable),
        "liaison": spoken.person(facts.liaison),
        "coop_depts": "、".join(spoken.department(d) for d in item.coop),
        "request_no": item.request,
        "plan_ver": facts.plan,
        "start_on": item.start_on,
        "end_on": _end(item),
        "stage": spoken.item_state(item.state),
        "progress": facts.progress,
        "tasks": f"{done}/{every}",
        "done_this_week": text_of(report.content, "done") if report is not None else "",
        "problems": "、".join(_graded(issue) for issue in facts.issues if issue.is_open),
        "next_week": text_of(report.content, "next") if report is not None else "",
        "light": facts.light.colour.value,
        "finished_on": item.finished_on,
        "accepted_on": spoken.local(item.accepted_at).date() if item.accepted_at is not None else None,
        "archived_on": spoken.local(item.archived_at).date() if item.archived_at is not None else None,
        NOTE: item.note,
        "updated_at": local_of(spoken, updated_at),
        "updated_by": spoken.person(updated_by),
    }


def _end(item: Item) -> Cell:
    original = item.original_end_on
    if item.end_on is None or original is None or original == item.end_on:
        return item.end_on
    return ChangedDate(day=item.end_on, original=original)


def _graded(issue: Issue) -> str:
    return f"{issue.code}（{issue.grade.value if issue.grade is not None else '待分级'}）"


def _updated(item: Item, report: ProgressReport | None) -> tuple[datetime | None, PersonId | None]:
    """The last event or report (R-82)."""
    at = item.updated_at or item.since or item.created_at
    if report is not None and report.submitted_at is not None and (at is None or report.submitted_at > at):
        return report.submitted_at, report.submitted_by
    return at, item.updated_by


# ---------------------------------------------------------------- tasks


def task_columns(spoken: Spoken) -> tuple[LedgerColumn, ...]:
    """The columns of the task sheet in the order of 4.3."""
    states = tuple(spoken.task_state(state) for state in TaskState)
    return (
        LedgerColumn(key="task_no", zh="任务编号"),
        LedgerColumn(key="item_no", zh="事项编号"),
        LedgerColumn(key="title", zh="任务内容", kind=Kind.LONG),
        LedgerColumn(key="department", zh="责任部门"),
        LedgerColumn(key="owner", zh="责任人"),
        LedgerColumn(key="start_on", zh="计划开始", kind=Kind.DATE),
        LedgerColumn(key="due_on", zh="计划完成", kind=Kind.DATE),
        LedgerColumn(key="original_due_on", zh="原计划完成", kind=Kind.DATE),
        LedgerColumn(key="progress", zh="进度", kind=Kind.PERCENT),
        LedgerColumn(key="state", zh="状态", kind=Kind.CHOICE, options=states),
        LedgerColumn(key="blocked", zh="受阻原因", kind=Kind.LONG),
        LedgerColumn(key="done_on", zh="实际完成", kind=Kind.DATE),
        LedgerColumn(key="in_time", zh="是否按期", kind=Kind.CHOICE, options=(YES, NO)),
        LedgerColumn(key="extensions", zh="延期次数", kind=Kind.NUMBER),
        LedgerColumn(key="remark", zh="备注", kind=Kind.LONG),
    )


def task_sheet(tasks: Sequence[Task], spoken: Spoken, *, name: str, now: datetime) -> Sheet:
    """One row a task."""
    columns = task_columns(spoken)
    rows = (tuple(_task_cells(task, spoken, now).get(c.key) for c in columns) for task in tasks)
    return Sheet(name=name, columns=columns, rows=tuple(rows))


def _task_cells(task: Task, spoken: Spoken, now: datetime) -> dict[str, Cell]:
    return {
        "task_no": task.code,
        "item_no": task.item or "",
        "title": task.title,
        "department": spoken.department(task.department),
        "owner": spoken.person(task.owner),
        "start_on": task.start_on,
        "due_on": spoken.local(task.due_at).date(),
        "original_due_on": spoken.local(task.original_due_at).date(),
        "progress": percent(task),
        "state": spoken.task_state(task.state),
        "blocked": task.blocked_reason,
        "done_on": spoken.local(task.done_at).date() if task.done_at is not None else None,
        "in_time": _in_time(task, now),
        "extensions": sum(1 for one in task.extensions if one.granted_at is not None and not one.is_refused),
        "remark": task.note,
    }


def _in_time(task: Task, now: datetime) -> str:
    """Judged by when it was reported done; empty while that is open."""
    if task.state is TaskState.CANCELLED:
        return ""
    if task.done_at is not None:
        return YES if task.done_at <= task.due_at else NO
    return NO if task.due_at < now and task.frozen_at is None else ""
