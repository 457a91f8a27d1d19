"""Form F12, the milestone resolution (domain.md 4.12; R-65..R-70), its text for the signature, and the work that comes of it."""

from __future__ import annotations

import hashlib

from bot.domain.form import NO, YES, Column, Content, FieldSpec, FieldType, Form, Required, rows_of
from bot.domain.form_fields import auto, department_column, due_column, listed, owner_column
from bot.domain.minutes_form import Row, cells, new_work

_WHO = owner_column(required=False)
_WHEN = due_column(required=False)

RESOLUTION_FORM = Form(
    id="F12",
    zh="项目推进会决议",
    en="Milestone resolution",
    verb="resolution",
    fields=(
        auto("resolution_no", "决议编号", "resolution number"),
        auto("project", "项目", "project", mark="S*"),
        auto("node", "节点", "node", mark="S*"),
        auto("held_at", "会议时间", "held", mark="S*"),
        FieldSpec(key="host", zh="主持人", en="host", type=FieldType.PERSON, required=Required.ALWAYS, mark="S*"),
        FieldSpec(
            key="participants",
            zh="参会人员",
            en="participants",
            type=FieldType.PEOPLE,
            required=Required.ALWAYS,
            mark="S*",
        ),
        listed(
            "difficulties",
            "难点问题",
            "difficulties",
            Column(key="text", zh="难点问题", en="difficulty"),
            required=Required.ALWAYS,
            aliases=("难点",),
            mark="S*",
        ),
        listed(
            "solutions",
            "解决方案",
            "solutions",
            Column(key="text", zh="解决方案", en="solution"),
            _WHO,
            _WHEN,
            required=Required.ALWAYS,
            mark="S*",
        ),
        listed(
            "next_steps",
            "下一步工作计划",
            "next steps",
            Column(key="text", zh="内容", en="what"),
            department_column(required=False),
            _WHO,
            _WHEN,
            required=Required.ALWAYS,
            aliases=("下一步计划", "下一步"),
            mark="S*",
        ),
        listed(
            "resolved",
            "决议事项",
            "resolved",
            Column(key="text", zh="决议事项", en="resolved"),
            required=Required.ALWAYS,
            takes_none=False,
            mark="S*",
        ),
        FieldSpec(
            key="plan_change",
            zh="方案是否调整",
            en="plan change",
            type=FieldType.CHOICE,
            options=(NO, YES),
            aliases=("方案调整", "调整方案"),
        ),
        auto("signature", "组长签字", "signature", mark="S*"),
        auto("signed_at", "签字时间", "signed at", mark="S*"),
        auto("text_hash", "文本哈希", "text hash", mark="S*"),
    ),
)


def solution_rows(content: Content) -> tuple[Row, ...]:
    """The solutions; each needs a person and a date (R-68)."""
    return tuple(
        _row(number, row, ("text", "owner", "due"), is_owed=True)
        for number, row in enumerate(rows_of(content, "solutions"), start=1)
    )


def step_rows(content: Content) -> tuple[Row, ...]:
    """The next steps; a person or a date makes work of one, then it needs both."""
    return tuple(
        _row(number, row, ("text", "department", "owner", "due"))
        for number, row in enumerate(rows_of(content, "next_steps"), start=1)
    )


def work_rows(content: Content) -> tuple[Row, ...]:
    """What becomes tasks: the next steps, and solutions whose person has no next step of the same date."""
    steps = new_work(step_rows(content))
    planned = {(row.owner, row.due) for row in steps}
    return (*steps, *(row for row in new_work(solution_rows(content)) if (row.owner, row.due) not in planned))


def _row(number: int, values: tuple[str, ...], names: tuple[str, ...], *, is_owed: bool = False) -> Row:
    given = cells(values, names)
    wanted = ("owner", "due") if is_owed or given.get("owner") or given.get("due") else ()
    return Row(number=number, lacking=tuple(name for name in wanted if not given.get(name)), **given)


def wants_plan_change(content: Content) -> bool:
    """Does the resolution want the implementation plan adjusted (R-99)?"""
    return content.get("plan_change") == YES


def hash_of(code: str, content: Content) -> str:
    """The fingerprint of the exact text that is signed (R-70): every field that people write, in the order of the form."""
    parts = [code]
    for spec in RESOLUTION_FORM.fields:
        if spec.type is FieldType.AUTO:
            continue
        value = content.get(spec.key, "")
        rows = value if not isinstance(value, str) else ((value,),)
        parts.append("\x1e".join((spec.key, *("\x1f".join(row) for row in rows))))
    return hashlib.sha256("\x1d".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
