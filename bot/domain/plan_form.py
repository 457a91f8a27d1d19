"""Form F6, the implementation plan (domain.md 4.6): its fields, its rows as facts, and what a new version begins with.

The first version begins with what the request says, a later one with the version in force. Dates are dates here; the hour at
which they end belongs to the calendar.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from bot.domain.folding import folded
from bot.domain.form import NONE, Column, Content, FieldSpec, FieldType, Form, Required, Value, rows, rows_of, text_of
from bot.domain.form_fields import auto, department_column, owner_column
from bot.domain.ids import DepartmentId, PersonId

ALWAYS, SPECIAL, SOMETIMES = Required.ALWAYS, Required.SPECIAL, Required.SOMETIMES
#: nodes at which a special item has its milestone meetings (R-64)
NODES = ("启动", "中期", "验收前")
#: ways to say that one meets at least once a week (R-80), and ways to say that one does not
_OFTEN = ("每日", "每天", "每工作日", "天天", "每周", "一周", "每星期", "周会", "daily", "everyday", "week", "weekday")
_RARE = (
    "两周一",
    "每两周",
    "双周",
    "隔周",
    "每月",
    "月度",
    "biweekly",
    "everytwoweeks",
    "everyotherweek",
    "fortnight",
    "month",
)


def _text(key: str, zh: str, en: str, *, required: bool = False) -> Column:
    return Column(key=key, zh=zh, en=en, required=required)


F6 = Form(
    id="F6",
    zh="跨部门协作实施方案",
    en="implementation plan",
    verb="plan_write",
    fields=(
        auto("fa_no", "方案编号", "plan number"),
        FieldSpec(key="version", zh="方案版本", en="version", type=FieldType.AUTO, aliases=("版本",)),
        FieldSpec(key="request", zh="关联需求单", en="request", type=FieldType.AUTO, aliases=("需求单",)),
        FieldSpec(
            key="goal",
            zh="协作目标",
            en="goal",
            type=FieldType.LONG,
            required=ALWAYS,
            aliases=("目标", "目标与范围", "方案目标"),
            longest=2000,
        ),
        FieldSpec(
            key="scope",
            zh="协作范围",
            en="scope",
            type=FieldType.LONG,
            required=ALWAYS,
            aliases=("范围",),
            longest=2000,
        ),
        FieldSpec(
            key="tasks",
            zh="任务分工",
            en="tasks",
            type=FieldType.LIST,
            required=ALWAYS,
            aliases=("任务", "分工", "任务清单"),
            columns=(
                _text("title", "任务", "task", required=True),
                department_column(required=True),
                owner_column(required=True),
                _text("coop", "配合部门", "cooperating"),
                Column(key="start", zh="开始", en="start", type=FieldType.DATE, required=False),
                Column(key="due", zh="完成", en="due", type=FieldType.DATE),
                _text("deliverable", "交付物", "deliverable"),
            ),
            mark="S*",
        ),
        FieldSpec(
            key="milestones",
            zh="时间节点",
            en="milestones",
            type=FieldType.LIST,
            required=ALWAYS,
            aliases=("节点", "里程碑"),
            columns=(
                _text("name", "节点名称", "node", required=True),
                Column(key="on", zh="日期", en="date", type=FieldType.DATE),
                _text("deliverable", "交付物", "deliverable"),
            ),
            mark="S*",
        ),
        FieldSpec(
            key="frequency",
            zh="沟通频率",
            en="frequency",
            type=FieldType.TEXT,
            required=ALWAYS,
            aliases=("频率", "沟通频次"),
            mark="S*",
        ),
        FieldSpec(
            key="acceptance",
            zh="验收标准",
            en="acceptance",
            type=FieldType.LIST,
            required=ALWAYS,
            aliases=("验收",),
            columns=(
                _text("subject", "项目", "subject", required=True),
                _text("criterion", "标准", "criterion", required=True),
                _text("check", "验证方式", "check"),
            ),
            mark="S*",
        ),
        FieldSpec(
            key="resources",
            zh="资源保障",
            en="resources",
            type=FieldType.LIST,
            aliases=("资源",),
            columns=(
                _text("what", "资源", "resource", required=True),
                Column(
                    key="status",
                    zh="状态",
                    en="status",
                    type=FieldType.CHOICE,
                    options=("已落实", "待落实"),
                    required=False,
                ),
                Column(key="department", zh="提供部门", en="department", type=FieldType.DEPARTMENT, required=False),
            ),
            takes_none=True,
            mark="S*",
        ),
        FieldSpec(
            key="risks",
            zh="风险与应对",
            en="risks",
            type=FieldType.LIST,
            aliases=("风险",),
            columns=(_text("risk", "风险", "risk", required=True), _text("answer", "应对", "answer")),
            takes_none=True,
        ),
        FieldSpec(
            key="docs",
            zh="文档目录与权限",
            en="docs",
            type=FieldType.LIST,
            required=ALWAYS,
            aliases=("文档目录", "文档权限", "文档"),
            columns=(
                _text("folder", "文件夹", "folder", required=True),
                Column(key="department", zh="部门", en="department", type=FieldType.DEPARTMENT),
                Column(key="right", zh="权限", en="right", type=FieldType.CHOICE, options=("编辑", "查看")),
            ),
            mark="S*",
        ),
        FieldSpec(
            key="group",
            zh="专项群",
            en="group",
            type=FieldType.TEXT,
            required=SPECIAL,
            aliases=("群", "协作专项群"),
            mark="S*",
        ),
        FieldSpec(
            key="informed",
            zh="知会部门",
            en="informed",
            type=FieldType.DEPARTMENTS,
            aliases=("知会", "仅知会"),
            takes_none=True,
        ),
        FieldSpec(
            key="coop_depts",
            zh="配合部门",
            en="cooperating departments",
            type=FieldType.DEPARTMENTS,
            aliases=("所需配合部门",),
        ),
        FieldSpec(key="start_on", zh="计划开始日期", en="start", type=FieldType.DATE, aliases=("开始日期", "计划开始")),
        FieldSpec(key="end_on", zh="计划完成日期", en="end", type=FieldType.DATE, aliases=("完成日期", "计划完成")),
        FieldSpec(key="budget", zh="预算", en="budget", type=FieldType.MONEY, aliases=("预算估计",)),
        FieldSpec(key="members", zh="项目组成员", en="members", type=FieldType.PEOPLE, aliases=("项目组",)),
        auto("signs", "会签记录", "signs"),
        FieldSpec(
            key="change_note",
            zh="变更说明",
            en="change note",
            type=FieldType.LONG,
            required=SOMETIMES,
            aliases=("变更原因", "修订说明"),
            longest=2000,
            mark="S*",
        ),
    ),
)


# ---------------------------------------------------------------- rows as facts


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTask:
    """One line of 任务分工; what was not filled in is empty."""

    title: str
    department: DepartmentId | None = None
    owner: PersonId | None = None
    coop: str = ""
    start_on: date | None = None
    due_on: date | None = None
    deliverable: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """The same work in two versions of a plan."""
        return folded(self.title).replace(" ", ""), self.department or ""


def tasks_of(content: Content) -> tuple[PlanTask, ...]:
    """The tasks in their order."""
    return tuple(_task(row) for row in rows_of(content, "tasks") if any(row))


def _task(row: tuple[str, ...]) -> PlanTask:
    title, department, owner, coop, start, due, deliverable = (*row, *("",) * 7)[:7]
    return PlanTask(
        title=title,
        department=DepartmentId(department) if department else None,
        owner=PersonId(owner) if owner else None,
        coop=coop,
        start_on=day_of(start),
        due_on=day_of(due),
        deliverable=deliverable,
    )


def day_of(text: str) -> date | None:
    """A stored date; None for an empty or strange one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def departments_of(content: Content, key: str) -> tuple[DepartmentId, ...]:
    """A field of departments, once each."""
    return tuple(dict.fromkeys(DepartmentId(row[0]) for row in rows_of(content, key) if row and row[0]))


def people_of(content: Content, key: str) -> tuple[PersonId, ...]:
    """A field of people, once each."""
    return tuple(dict.fromkeys(PersonId(row[0]) for row in rows_of(content, key) if row and row[0]))


def budget_of(content: Content) -> Decimal | None:
    """The budget; None where none is stated."""
    try:
        return Decimal(text_of(content, "budget"))
    except InvalidOperation:
        return None


def is_weekly_at_least(frequency: str) -> bool:
    """每日, 每周两次, 每周, in words of one's own too; 每两周 is rarer (3.2)."""
    plain = folded(frequency).replace(" ", "")
    return any(word in plain for word in _OFTEN) and not any(word in plain for word in _RARE)


def missing_nodes(content: Content) -> tuple[str, ...]:
    """Nodes of a special plan that 时间节点 does not name (R-64)."""
    named = "".join(row[0] for row in rows_of(content, "milestones") if row)
    return tuple(node for node in NODES if node.removesuffix("前") not in named)


# ---------------------------------------------------------------- what a version begins with


def from_request(request: Content, assessment: Content | None = None) -> Content:
    """F6 as far as F1 and the risks of F5 fill it (3.2: pre-filled from F1)."""
    start, end = text_of(request, "start_on"), text_of(request, "end_on")
    filled: dict[str, Value] = {
        "goal": text_of(request, "goal"),
        "scope": text_of(request, "background"),
        "tasks": tuple(
            (duty, department, owner, "", start, end, "")
            for department, duty, owner in (_three(row) for row in rows_of(request, "duties"))
        ),
        "milestones": rows_of(request, "milestones"),
        "acceptance": _acceptance(request),
        "resources": tuple(_resource(row) for row in rows_of(request, "resources")),
        "risks": _risks(request, assessment or {}),
        "coop_depts": rows(departments_of(request, "coop_depts")),
        "start_on": start,
        "end_on": end,
        "budget": text_of(request, "budget"),
    }
    return _without_nothing(filled)


def _three(row: tuple[str, ...]) -> tuple[str, str, str]:
    department, duty, owner = (*row, "", "", "")[:3]
    return department, duty, owner


def _acceptance(request: Content) -> tuple[tuple[str, ...], ...]:
    wanted = text_of(request, "expected_result")
    return ((text_of(request, "title"), wanted, ""),) if wanted and wanted != NONE else ()


def _resource(row: tuple[str, ...]) -> tuple[str, ...]:
    """F1: 类别, 内容, 数量, 提供部门, 需用时间. Of the plan: 资源, 状态, 提供部门."""
    _, what, amount, department, _ = (*row, *("",) * 5)[:5]
    return (" ".join(part for part in (what, amount) if part), "待落实", department)


def _risks(request: Content, assessment: Content) -> tuple[tuple[str, ...], ...]:
    """F5: 风险, 可能性, 影响, 应对措施, 责任部门; before an assessment what the request says."""
    judged = rows_of(assessment, "risks")
    if judged:
        return tuple((row[0], (*row, *("",) * 4)[3]) for row in judged)
    said = text_of(request, "risks")
    return ((said, ""),) if said and said != NONE else ()


def next_version(content: Content) -> Content:
    """What a later version begins with: the one in force, its reasons left out."""
    return {key: value for key, value in content.items() if key not in {"change_note", "signs", "version"}}


def carried(content: Content, facts: Mapping[str, Value]) -> Content:
    """The content with what else is known laid under it."""
    return {**_without_nothing(facts), **content}


def _without_nothing(filled: Mapping[str, Value]) -> Content:
    return {key: value for key, value in filled.items() if value}
