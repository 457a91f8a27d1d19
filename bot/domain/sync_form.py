"""Form F11, the record of a liaison sync (domain.md 4.11; R-52, R-55)."""

from __future__ import annotations

from bot.domain.form import Column, Content, FieldSpec, FieldType, Form, Required, rows_of, text_of
from bot.domain.form_fields import auto, due_column, listed, owner_column
from bot.domain.minutes_form import PLACES

SYNC_FORM = Form(
    id="F11",
    zh="日常沟通纪要",
    en="Liaison sync record",
    verb="sync_record",
    fields=(
        auto("record_no", "编号", "record number"),
        auto("period", "日期与起止时间", "period", mark="S*"),
        FieldSpec(
            key="mode",
            zh="方式",
            en="mode",
            type=FieldType.CHOICE,
            required=Required.ALWAYS,
            options=PLACES,
            aliases=("沟通方式",),
            mark="S*",
        ),
        FieldSpec(
            key="participants",
            zh="参加对接人",
            en="participants",
            type=FieldType.PEOPLE,
            required=Required.ALWAYS,
            aliases=("参加人",),
            mark="S*",
        ),
        FieldSpec(key="recorder", zh="记录人", en="recorder", type=FieldType.PERSON, required=Required.ALWAYS),
        listed(
            "progress",
            "进度跟进",
            "progress",
            Column(key="matter", zh="事项", en="matter"),
            Column(key="state", zh="情况", en="state", required=False),
            required=Required.SOMETIMES,
            mark="S*",
        ),
        listed(
            "demands",
            "需求对接",
            "demands",
            Column(key="from", zh="提出部门", en="from", type=FieldType.DEPARTMENT),
            Column(key="text", zh="内容", en="what"),
            Column(key="to", zh="答复部门", en="to", type=FieldType.DEPARTMENT, required=False),
            Column(key="answer", zh="答复", en="answer", required=False),
            required=Required.SOMETIMES,
            mark="S*",
        ),
        listed("problems", "问题", "problems", Column(key="text", zh="问题", en="problem")),
        listed(
            "actions",
            "待办",
            "actions",
            Column(key="text", zh="内容", en="what"),
            owner_column(required=False),
            due_column(required=False, zh="时限"),
            aliases=("待办事项",),
        ),
        auto("sent", "发送记录", "sent", mark="S*"),
    ),
)


def says_something(content: Content) -> bool:
    """Was progress or demand written down, even if only 无 (R-52)?"""
    return any(rows_of(content, key) or text_of(content, key) for key in ("progress", "demands"))
