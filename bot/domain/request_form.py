"""Form F1, the collaboration request (domain.md 4.1; R-03, R-05, R-06, R-72, R-73, R-121), and what its fields must agree on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from bot.domain.folding import folded
from bot.domain.form import (
    Column,
    Content,
    FieldProblem,
    FieldSpec,
    FieldType,
    Form,
    Required,
    rows_of,
    text_of,
    texts_of,
)
from bot.domain.form_fields import auto, confidentiality, files
from bot.domain.ids import DepartmentId
from bot.domain.request import day_of

_T, _R = FieldType, Required
CATEGORIES = ("人力", "设备", "预算", "信息", "场地", "其他")
#: words that say nothing about a goal
_VAGUE = ("尽快", "大概", "支持一下", "配合一下", "帮忙", "协助", "尽量", "差不多")
#: so few characters are left of a goal that was only vague
_SUBSTANCE = 6

F1 = Form(
    id="F1",
    zh="跨部门协作需求单",
    en="Collaboration request",
    verb="request",
    fields=(
        auto("request_no", "需求单编号", "request number", required=_R.ALWAYS, mark="S"),
        FieldSpec(
            key="filled_on",
            zh="填写日期",
            en="filled on",
            type=_T.DATE,
            required=_R.ALWAYS,
            aliases=("填表日期",),
            mark="S",
        ),
        FieldSpec(
            key="lead_dept",
            zh="牵头部门",
            en="lead department",
            type=_T.DEPARTMENT,
            required=_R.ALWAYS,
            aliases=("牵头", "lead"),
            mark="S",
        ),
        FieldSpec(
            key="liaison", zh="对接人", en="liaison", type=_T.PERSON, required=_R.ALWAYS, aliases=("联系人",), mark="S"
        ),
        FieldSpec(
            key="phone",
            zh="联系电话",
            en="phone",
            type=_T.PHONE,
            required=_R.ALWAYS,
            aliases=("电话", "分机"),
            mark="S",
        ),
        FieldSpec(
            key="title",
            zh="协作事项名称",
            en="title",
            type=_T.TEXT,
            required=_R.ALWAYS,
            aliases=("事项名称", "协作事项", "标题", "名称", "主题", "subject"),
            longest=50,
            mark="S",
        ),
        FieldSpec(
            key="goal",
            zh="协作目标",
            en="goal",
            type=_T.LONG,
            required=_R.ALWAYS,
            aliases=("目标",),
            shortest=10,
            longest=2000,
            mark="S",
        ),
        FieldSpec(
            key="background",
            zh="协作背景与必要性",
            en="background",
            type=_T.LONG,
            required=_R.ALWAYS,
            aliases=("协作背景", "背景与必要性", "背景", "必要性"),
            shortest=10,
            longest=2000,
            mark="S",
        ),
        FieldSpec(
            key="coop_depts",
            zh="所需配合部门",
            en="cooperating departments",
            type=_T.DEPARTMENTS,
            required=_R.ALWAYS,
            aliases=("配合部门", "协作部门", "配合", "coop"),
            mark="S",
        ),
        FieldSpec(
            key="duties",
            zh="各部门职责分工",
            en="duties",
            type=_T.LIST,
            required=_R.ALWAYS,
            aliases=("部门职责分工", "职责分工", "部门职责", "职责", "分工"),
            columns=(
                Column(key="department", zh="部门", en="department", type=_T.DEPARTMENT),
                Column(key="duty", zh="职责内容", en="duty"),
                Column(key="person", zh="责任人", en="person", type=_T.PERSON, required=False),
            ),
            mark="S*",
        ),
        FieldSpec(
            key="resources",
            zh="所需资源",
            en="resources",
            type=_T.LIST,
            required=_R.ALWAYS,
            aliases=("资源", "资源需求"),
            columns=(
                Column(key="category", zh="类别", en="category", type=_T.CHOICE, options=CATEGORIES),
                Column(key="what", zh="内容", en="what"),
                Column(key="amount", zh="数量", en="amount", required=False),
                Column(key="from", zh="提供部门", en="from", type=_T.DEPARTMENT, required=False),
                Column(key="when", zh="需用时间", en="when", required=False),
            ),
            takes_none=True,
            mark="S*",
        ),
        FieldSpec(
            key="milestones",
            zh="时间节点",
            en="milestones",
            type=_T.LIST,
            required=_R.ALWAYS,
            aliases=("节点", "里程碑", "时间安排"),
            columns=(
                Column(key="name", zh="节点名称", en="name"),
                Column(key="date", zh="日期", en="date", type=_T.DATE),
                Column(key="deliverable", zh="交付物", en="deliverable", required=False),
            ),
            mark="S*",
        ),
        FieldSpec(
            key="start_on",
            zh="计划开始日期",
            en="start",
            type=_T.DATE,
            required=_R.ALWAYS,
            aliases=("开始日期", "开始时间", "计划开始", "开始"),
        ),
        FieldSpec(
            key="end_on",
            zh="计划完成日期",
            en="end",
            type=_T.DATE,
            required=_R.ALWAYS,
            aliases=("完成日期", "结束日期", "完成时间", "计划完成", "完成"),
        ),
        FieldSpec(
            key="level",
            zh="协作级别",
            en="level",
            type=_T.CHOICE,
            required=_R.ALWAYS,
            aliases=("级别",),
            options=("日常协作", "专项协作"),
        ),
        FieldSpec(
            key="scenario",
            zh="协作场景",
            en="scenario",
            type=_T.CHOICE,
            required=_R.ALWAYS,
            aliases=("场景",),
            options=("日常事务对接", "跨部门项目", "突发问题处置"),
            mark="S*",
        ),
        FieldSpec(
            key="serves",
            zh="服务目标",
            en="serves",
            type=_T.CHOICE,
            required=_R.ALWAYS,
            options=("战略目标", "重点项目", "日常工作"),
            mark="S*",
        ),
        FieldSpec(
            key="urgency",
            zh="紧急程度",
            en="urgency",
            type=_T.CHOICE,
            required=_R.ALWAYS,
            aliases=("紧急",),
            options=("一般", "紧急", "特急"),
        ),
        FieldSpec(
            key="expected_result",
            zh="预期成果与验收标准(初步)",
            en="expected result",
            type=_T.LONG,
            required=_R.SPECIAL,
            aliases=("预期成果与验收标准", "预期成果", "验收标准"),
            shortest=10,
            longest=2000,
        ),
        FieldSpec(
            key="risks", zh="潜在风险", en="risks", type=_T.LONG, aliases=("风险",), longest=2000, takes_none=True
        ),
        FieldSpec(key="budget", zh="预算估计", en="budget", type=_T.MONEY, aliases=("预算",)),
        confidentiality(aliases=("保密级别",)),
        files(longest=20),
        FieldSpec(key="remark", zh="备注", en="remark", type=_T.LONG, aliases=("说明",), longest=2000),
        auto("dept_reviews", "副组长审核意见", "reviews", mark="S*"),
        auto("assessment", "评估意见", "assessment", mark="S*"),
        auto("leader_decision", "组长审批意见", "leader's decision", mark="S*"),
        auto("plan_version", "方案版本", "plan version", required=_R.ALWAYS),
    ),
)


def disagreements(content: Content, *, today: date, liaisons: Collection[str]) -> Iterator[FieldProblem]:
    """Everything that fields of a whole form do not agree on (4.1). `liaisons` may stand as F1-4."""
    filled = day_of(content, "filled_on")
    if filled is not None and filled > today:
        yield FieldProblem(key="filled_on", code="request_filled_later")
    if text_of(content, "liaison") not in liaisons:
        yield FieldProblem(key="liaison", code="request_not_liaison")
    yield from _duties(content)
    yield from _milestones(content)


def _duties(content: Content) -> Iterator[FieldProblem]:
    """One row for the lead and for every cooperating department (F1-10)."""
    involved = (text_of(content, "lead_dept"), *texts_of(content, "coop_depts"))
    named = [row[0] for row in rows_of(content, "duties") if row]
    without = [department for department in involved if department and department not in named]
    if without:
        yield FieldProblem(key="duties", code="request_duty_missing", facts={"departments": "、".join(without)})
    others = [department for department in dict.fromkeys(named) if department and department not in involved]
    if others:
        yield FieldProblem(key="duties", code="request_duty_outside", facts={"departments": "、".join(others)})


def _milestones(content: Content) -> Iterator[FieldProblem]:
    """Inside start and end, one after the other (F1-12, F1-14)."""
    days = [row[1] for row in rows_of(content, "milestones") if len(row) > 1 and row[1]]
    if days != sorted(days):
        yield FieldProblem(key="milestones", code="request_milestones_order")
    start, end = text_of(content, "start_on"), text_of(content, "end_on")
    outside = [day for day in days if (start and day < start) or (end and day > end)]
    if outside:
        yield FieldProblem(key="milestones", code="request_milestones_outside", facts={"days": "、".join(outside)})


def is_vague(goal: str) -> bool:
    """Is there nothing in the goal but words such as 尽快 (F1-7)?"""
    plain = folded(goal)
    if not any(word in plain for word in _VAGUE):
        return False
    for word in _VAGUE:
        plain = plain.replace(word, "")
    return sum(1 for c in plain if c.isalnum()) < _SUBSTANCE


def duty_rows(content: Content) -> tuple[tuple[DepartmentId, str, str], ...]:
    """Department, duty, responsible person or nothing, of every duty line."""
    padded = ((*row, "", "", "")[:3] for row in rows_of(content, "duties"))
    return tuple((DepartmentId(department), duty, person) for department, duty, person in padded)


def copied_content(
    content: Content, *, today: date, request_no: str
) -> Mapping[str, str | tuple[tuple[str, ...], ...]]:
    """What a copy takes over: everything but its number, its date and what the flow filled in."""
    automatic = {spec.key for spec in F1.fields if spec.type is FieldType.AUTO}
    kept = {key: value for key, value in content.items() if key not in automatic}
    return {**kept, "request_no": request_no, "filled_on": today.isoformat()}
