"""Form F8, application for acceptance and what has to be put right (domain.md 4.8; R-83, R-85)."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.form import Column, Content, FieldSpec, FieldType, Form, Required, rows_of
from bot.domain.form_fields import auto, owner_column

SELF_CHECK = ("达到", "部分达到", "未达到")

FORM = Form(
    id="F8",
    zh="协作成果验收申请",
    en="acceptance application",
    verb="acceptance",
    fields=(
        auto("ys_no", "验收编号", "number"),
        auto("item", "事项", "item"),
        auto("lead", "牵头部门", "lead"),
        FieldSpec(
            key="summary",
            zh="完成情况说明",
            en="summary",
            type=FieldType.LONG,
            required=Required.ALWAYS,
            aliases=("完成情况", "说明"),
            longest=2000,
        ),
        FieldSpec(key="finished_on", zh="完成日期", en="finished on", type=FieldType.DATE, aliases=("实际完成",)),
        FieldSpec(
            key="results",
            zh="成果清单",
            en="results",
            type=FieldType.LIST,
            required=Required.ALWAYS,
            aliases=("成果",),
            columns=(
                Column(key="result", zh="成果", en="result"),
                Column(key="place", zh="位置", en="place", required=False),
                Column(key="criterion", zh="对应验收标准", en="criterion", required=False),
            ),
        ),
        FieldSpec(
            key="self_check",
            zh="对照验收标准自评",
            en="self check",
            type=FieldType.LIST,
            required=Required.ALWAYS,
            aliases=("自评", "验收标准自评", "对照自评"),
            columns=(
                Column(key="criterion", zh="验收标准", en="criterion"),
                Column(key="check", zh="自评", en="check", type=FieldType.CHOICE, options=SELF_CHECK),
                Column(key="evidence", zh="依据", en="evidence", required=False),
            ),
            mark="S*",
        ),
        FieldSpec(
            key="leftovers",
            zh="遗留问题",
            en="leftovers",
            type=FieldType.LONG,
            required=Required.ALWAYS,
            aliases=("遗留",),
            longest=2000,
            takes_none=True,
        ),
        auto("by", "申请人", "applied by", mark="S*"),
        auto("at", "申请日期", "applied on", mark="S*"),
        auto("acceptors", "验收部门与人员", "acceptors", mark="S*"),
        auto("votes", "逐项验收意见", "votes", mark="S*"),
        auto("result", "验收结论", "result", mark="S*"),
        auto("archive_list", "归档清单", "archive list", mark="S*"),
    ),
)
#: what people fill in, in the order of the form
ASKED = ("summary", "results", "self_check", "leftovers", "finished_on")

RECTIFICATION = Form(
    id="F8-R",
    zh="整改要求",
    en="rectifications",
    verb="rectify",
    fields=(
        FieldSpec(
            key="rectifications",
            zh="整改要求",
            en="rectifications",
            type=FieldType.LIST,
            required=Required.ALWAYS,
            aliases=("整改", "整改清单"),
            columns=(
                Column(key="what", zh="内容", en="what"),
                owner_column(required=True),
                Column(key="due", zh="时限", en="due", type=FieldType.DATE, required=False),
            ),
        ),
    ),
)


def criteria_of_plan(plan: Content) -> tuple[str, ...]:
    """The criteria of F6, one line each: 项目：标准."""
    found: list[str] = []
    for row in rows_of(plan, "acceptance"):
        subject, criterion = (*row, "", "")[:2]
        found.append(f"{subject}：{criterion}" if subject and criterion else subject or criterion)
    return tuple(found)


def criteria_of(content: Content) -> tuple[str, ...]:
    """Without a plan the criteria are those that the applicant checked."""
    return tuple(dict.fromkeys(row[0] for row in rows_of(content, "self_check") if row and row[0]))


def unchecked(criteria: Iterable[str], content: Content) -> tuple[str, ...]:
    """Criteria of the plan that the self-check leaves out; either part of their line names them."""
    checked = {_plain(name) for name in criteria_of(content)}
    return tuple(c for c in criteria if not ({_plain(c), *(_plain(part) for part in c.split("："))} & checked))


def _plain(text: str) -> str:
    return "".join(text.split())
