"""The two ledgers as tables: F3 with its task sheet and F9, made from the objects and never typed (domain.md 4.3, 4.9; R-22, R-82, R-100).

Every object has its row for ever; there is no act that takes one away (EC-100). Only the secretary's note is a person's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.form import text_of
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.issue import Grade, Issue, IssueState
from bot.domain.item import Item, ItemState, Level
from bot.domain.item_light import Colour, Light, counted, percent
from bot.domain.progress_report import ProgressReport
from bot.domain.task import Task, TaskState

#: the only column that people write
NOTE = "note"
CODES = {"progress": "item_no", "issues": "issue_no"}
EXCERPT = 80
LONGEST_NOTE = 2000
YES, NO = "是", "否"


class What(StrEnum):
    """The ledgers there are."""

    PROGRESS = "progress"
    ISSUES = "issues"


class Kind(StrEnum):
    """What the cells of a column are."""

    NUMBER = "number"
    TEXT = "text"
    LONG = "long"
    DATE = "date"
    INSTANT = "instant"
    PERCENT = "percent"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedDate:
    """A date that is no longer the one that was planned first."""

    day: date
    original: date


Cell = str | int | date | datetime | ChangedDate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerColumn:
    """One column; `options` are what a cell of it may be."""

    key: str
    zh: str
    kind: Kind = Kind.TEXT
    options: tuple[str, ...] = ()
    #: shown to those who see a summary only
    is_summary: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table."""

    name: str
    columns: tuple[LedgerColumn, ...]
    rows: tuple[tuple[Cell, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """One ledger, ready to be written: the first sheet is the ledger itself, `note` its last line."""

    what: What
    #: file name without its ending (L-31)
    stem: str
    sheets: tuple[Sheet, ...]
    note: str
    #: code -> what the row was, so that a later import knows which rows changed meanwhile
    marks: Mapping[str, str]


class Spoken(Protocol):
    """How things are called in the ledger."""

    def person(self, person: PersonId | None) -> str:
        """A name, empty for nobody."""
        ...

    def department(self, department: DepartmentId | None) -> str:
        """A short name, empty for none."""
        ...

    def item_state(self, state: ItemState) -> str:
        """The stage of 3.3."""
        ...

    def task_state(self, state: TaskState) -> str:
        """The state of 3.4."""
        ...

    def issue_state(self, state: IssueState) -> str:
        """The state of 3.7."""
        ...

    def instant(self, at: datetime) -> str:
        """An instant inside a text."""
        ...

    def local(self, at: datetime) -> datetime:
        """An instant in the company's zone."""
        ...


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


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueFacts:
    """Everything that the row of an issue is made of."""

    issue: Issue
    shows_title: bool = True
    is_summary: bool = False


# ---------------------------------------------------------------- F3


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
        _row(columns, _item_cells(one, spoken), number, one.is_summary) for number, one in enumerate(facts, start=1)
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
        "updated_at": _local(spoken, updated_at),
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


# ---------------------------------------------------------------- F9


def issue_columns(spoken: Spoken) -> tuple[LedgerColumn, ...]:
    """The columns of 4.9 in their order."""
    states = tuple(spoken.issue_state(state) for state in IssueState)
    return (
        LedgerColumn(key="no", zh="序号", kind=Kind.NUMBER),
        LedgerColumn(key="issue_no", zh="问题编号"),
        LedgerColumn(key="filed_on", zh="反馈日期", kind=Kind.DATE),
        LedgerColumn(key="found_by", zh="反馈部门/反馈人"),
        LedgerColumn(key="item", zh="关联事项"),
        LedgerColumn(key="title", zh="问题名称"),
        LedgerColumn(key="description", zh="问题描述摘要", kind=Kind.LONG, is_summary=False),
        LedgerColumn(
            key="impact", zh="影响范围", kind=Kind.CHOICE, options=("单一任务", "部分环节", "整体目标", "其他")
        ),
        LedgerColumn(key="severity", zh="严重程度", kind=Kind.CHOICE, options=("低", "中", "高")),
        LedgerColumn(key="grade", zh="问题等级", kind=Kind.CHOICE, options=tuple(grade.value for grade in Grade)),
        LedgerColumn(key="graded_at", zh="分级时间", kind=Kind.INSTANT),
        LedgerColumn(key="lead", zh="牵头部门"),
        LedgerColumn(key="coop", zh="配合部门"),
        LedgerColumn(key="owners", zh="责任人"),
        LedgerColumn(key="due_at", zh="处理时限", kind=Kind.INSTANT),
        LedgerColumn(key="solution", zh="解决方案", kind=Kind.LONG, is_summary=False),
        LedgerColumn(key="state", zh="当前状态", kind=Kind.CHOICE, options=states),
        LedgerColumn(key="result", zh="处理结果", kind=Kind.LONG, is_summary=False),
        LedgerColumn(key="resolved_at", zh="结果反馈时间", kind=Kind.INSTANT),
        LedgerColumn(key="confirmed", zh="反馈人确认", kind=Kind.CHOICE, options=("已解决", "未解决", "待确认")),
        LedgerColumn(key="closed_on", zh="闭环日期", kind=Kind.DATE),
        LedgerColumn(key="in_time", zh="是否按期", kind=Kind.CHOICE, options=(YES, NO)),
        LedgerColumn(key="reopened", zh="重开次数", kind=Kind.NUMBER),
        LedgerColumn(key="regraded", zh="升级记录", kind=Kind.LONG, is_summary=False),
        LedgerColumn(key="plan", zh="关联方案变更"),
        LedgerColumn(key=NOTE, zh="秘书备注", kind=Kind.LONG, is_summary=False),
    )


def issue_sheet(facts: Sequence[IssueFacts], spoken: Spoken, *, name: str, now: datetime) -> Sheet:
    """One row an issue, closed, merged and refused ones too (R-100, EC-100)."""
    columns = issue_columns(spoken)
    rows = (
        _row(columns, _issue_cells(one, spoken, now), number, one.is_summary)
        for number, one in enumerate(facts, start=1)
    )
    return Sheet(name=name, columns=columns, rows=tuple(rows))


def _issue_cells(facts: IssueFacts, spoken: Spoken, now: datetime) -> dict[str, Cell]:
    issue = facts.issue
    owners = dict.fromkeys(spoken.person(line.owner) for line in issue.solution)
    description = " ".join(text_of(issue.content, "description").split())
    return {
        "issue_no": issue.code,
        "filed_on": spoken.local(issue.filed_at).date(),
        "found_by": f"{spoken.department(issue.found_by)}/{spoken.person(issue.reporter)}",
        "item": issue.item or "",
        "title": issue.title if facts.shows_title else "",
        "description": excerpt(description) if facts.shows_title else "",
        "impact": issue.impact or text_of(issue.content, "impact_scope"),
        "severity": issue.severity or text_of(issue.content, "severity"),
        "grade": issue.grade.value if issue.grade is not None else "",
        "graded_at": spoken.local(issue.gradings[-1].at) if issue.gradings else None,
        "lead": spoken.department(issue.lead),
        "coop": "、".join(spoken.department(d) for d in issue.coop),
        "owners": "、".join(name for name in owners if name),
        "due_at": _local(spoken, issue.due_at),
        "solution": "\n".join(
            f"{line.measure}（{spoken.department(line.department)} {spoken.person(line.owner)}，{spoken.instant(line.due_at)}）"
            for line in issue.solution
        ),
        "state": spoken.issue_state(issue.state),
        "result": issue.result,
        "resolved_at": _local(spoken, issue.resolved_at),
        "confirmed": _confirmed(issue),
        "closed_on": spoken.local(issue.closed_at).date() if issue.closed_at is not None else None,
        "in_time": _issue_in_time(issue, now),
        "reopened": issue.reopened,
        "regraded": " → ".join(f"{g.grade.value} {spoken.instant(g.at)}" for g in issue.gradings[-5:])
        if len(issue.gradings) > 1
        else "",
        "plan": issue.plan,
        NOTE: issue.note,
    }


def _confirmed(issue: Issue) -> str:
    if issue.confirmed_at is not None:
        return "已解决"
    if issue.state is IssueState.RESOLVED:
        return "待确认"
    return "未解决" if issue.reopened else ""


def _issue_in_time(issue: Issue, now: datetime) -> str:
    if issue.in_time is not None:
        return YES if issue.in_time else NO
    return NO if issue.is_open and issue.due_at is not None and issue.due_at < now else ""


def excerpt(text: str) -> str:
    """At most eighty characters (4.9)."""
    return text if len(text) <= EXCERPT else f"{text[: EXCERPT - 1]}…"


# ---------------------------------------------------------------- rows as they are compared


def _local(spoken: Spoken, at: datetime | None) -> datetime | None:
    return spoken.local(at) if at is not None else None


def _row(columns: Iterable[LedgerColumn], cells: Mapping[str, Cell], number: int, is_summary: bool) -> tuple[Cell, ...]:
    shown = {"no": number, **cells}
    return tuple("" if is_summary and not column.is_summary else shown.get(column.key) for column in columns)


def cell_text(cell: Cell) -> str:
    """A cell as it is compared with what comes back in a file: dates by date, instants by the minute."""
    match cell:
        case None:
            return ""
        case ChangedDate():
            return cell.day.isoformat()
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M}"
        case date():
            return cell.isoformat()
        case int() | str():
            return "\n".join(line.strip() for line in str(cell).strip().splitlines())


def code_of(sheet: Sheet, row: Sequence[Cell], what: What) -> str:
    """The number of the row's object."""
    return str(row[[column.key for column in sheet.columns].index(CODES[what])])


def marks_of(sheet: Sheet, what: What) -> dict[str, str]:
    """What each row is now, in a few characters; another mark means that the row changed."""
    return {code_of(sheet, row, what): _mark(sheet.columns, row) for row in sheet.rows}


def _mark(columns: Sequence[LedgerColumn], row: Sequence[Cell]) -> str:
    texts = (cell_text(cell) for column, cell in zip(columns, row, strict=True) if column.key != "no")
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:16]
