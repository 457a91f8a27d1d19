"""Form F11, the record of a liaison sync (domain.md 4.11; R-52, R-55)."""

from __future__ import annotations

from bot.domain.form import Column, Content, FieldSpec, FieldType, Form, Required, rows_of, text_of
from bot.domain.minutes_form import PLACES

_LONG = 1000

SYNC_FORM = Form(
    id="F11",
    zh="日常沟通纪要",
    en="Liaison sync record",
    verb="sync_record",
    fields=(
        FieldSpec(key="record_no", zh="编号", en="record_no", type=FieldType.AUTO),
        FieldSpec(key="period", zh="日期与起止时间", en="period", type=FieldType.AUTO, mark="S*"),
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
        FieldSpec(
            key="progress",
            zh="进度跟进",
            en="progress",
            type=FieldType.LIST,
            required=Required.SOMETIMES,
            takes_none=True,
            longest=_LONG,
            columns=(
                Column(key="matter", zh="事项", en="matter"),
                Column(key="state", zh="情况", en="state", required=False),
            ),
            mark="S*",
        ),
        FieldSpec(
            key="demands",
            zh="需求对接",
            en="demands",
            type=FieldType.LIST,
            required=Required.SOMETIMES,
            takes_none=True,
            longest=_LONG,
            columns=(
                Column(key="from", zh="提出部门", en="from", type=FieldType.DEPARTMENT),
                Column(key="text", zh="内容", en="what"),
                Column(key="to", zh="答复部门", en="to", type=FieldType.DEPARTMENT, required=False),
                Column(key="answer", zh="答复", en="answer", required=False),
            ),
            mark="S*",
        ),
        FieldSpec(
            key="problems",
            zh="问题",
            en="problems",
            type=FieldType.LIST,
            takes_none=True,
            longest=_LONG,
            columns=(Column(key="text", zh="问题", en="problem"),),
        ),
        FieldSpec(
            key="actions",
            zh="待办",
            en="actions",
            type=FieldType.LIST,
            takes_none=True,
            aliases=("待办事项",),
            longest=_LONG,
            columns=(
                Column(key="text", zh="内容", en="what"),
                Column(key="owner", zh="责任人", en="owner", type=FieldType.PERSON, required=False),
                Column(key="due", zh="时限", en="due", type=FieldType.DATETIME, required=False),
            ),
        ),
        FieldSpec(key="sent", zh="发送记录", en="sent", type=FieldType.AUTO, mark="S*"),
    ),
)


def says_something(content: Content) -> bool:
    """Was progress or demand written down, even if only 无 (R-52)?"""
    return any(rows_of(content, key) or text_of(content, key) for key in ("progress", "demands"))
