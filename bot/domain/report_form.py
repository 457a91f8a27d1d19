"""Form F7, the weekly progress report (domain.md 4.7; R-61, R-81)."""

from __future__ import annotations

from bot.domain.form import Content, FieldSpec, FieldType, Form, Required, text_of
from bot.domain.form_fields import auto

FORM = Form(
    id="F7",
    zh="周进度汇报",
    en="weekly progress report",
    verb="weekly_progress",
    fields=(
        auto("item", "事项", "item"),
        auto("iso_week", "周次", "week"),
        FieldSpec(
            key="done",
            zh="本周完成情况",
            en="done this week",
            type=FieldType.LONG,
            required=Required.ALWAYS,
            aliases=("本周完成", "完成情况", "本周进展", "done"),
            longest=2000,
            mark="S*",
        ),
        FieldSpec(
            key="percent",
            zh="总体进度",
            en="overall progress",
            type=FieldType.PERCENT,
            required=Required.ALWAYS,
            aliases=("进度", "完成进度", "percent"),
            mark="S*",
        ),
        FieldSpec(
            key="percent_reason",
            zh="进度调整原因",
            en="reason for the percentage",
            type=FieldType.LONG,
            required=Required.SOMETIMES,
            aliases=("调整原因", "percent reason"),
            longest=500,
        ),
        FieldSpec(
            key="problems",
            zh="存在问题",
            en="problems",
            type=FieldType.LONG,
            required=Required.ALWAYS,
            aliases=("问题", "problem"),
            longest=2000,
            takes_none=True,
            mark="S*",
        ),
        FieldSpec(
            key="next",
            zh="下周计划",
            en="next week",
            type=FieldType.LONG,
            required=Required.ALWAYS,
            aliases=("计划", "下周", "plan"),
            longest=2000,
            mark="S*",
        ),
        FieldSpec(
            key="needs",
            zh="需协调事项",
            en="needs",
            type=FieldType.LONG,
            aliases=("需协调", "协调事项", "needs coordination"),
            longest=2000,
            takes_none=True,
        ),
        auto("by", "提交人", "submitted by"),
        auto("at", "提交时间", "submitted at"),
        auto("on_time", "是否按时", "on time"),
    ),
)
#: what people fill in, in the order of the form
ASKED = ("done", "percent", "percent_reason", "problems", "next", "needs")


def percent_needs_reason(content: Content, computed: int | None) -> bool:
    """Does the percentage differ from that of the tasks (`computed`, None without tasks) without a reason (4.7)?"""
    given = text_of(content, "percent")
    if computed is None or not given or float(given) == computed:
        return False
    return not text_of(content, "percent_reason")
