"""What is filed about a conflict, and the forms of its steps: mediation and ruling (domain.md 3.8, R-86..R-91)."""

from __future__ import annotations

from bot.domain.conflict import ConflictKind
from bot.domain.form import FieldSpec, FieldType, Form, Required
from bot.domain.form_fields import confidentiality, measure_columns, related_item

#: ways out of a conflict about resources (R-88, R-89)
KEY_FIRST, SHARE, REORDER = "优先保障重点项目", "共享", "调整优先级"

_T, _R = FieldType, Required

_ACTIONS = FieldSpec(
    key="measures",
    zh="执行任务",
    en="measures",
    type=_T.LIST,
    aliases=("任务", "措施"),
    columns=measure_columns(required=True),
)
_DUTIES = FieldSpec(
    key="changes_duties",
    zh="是否调整职责分工",
    en="changes duties",
    type=_T.BOOL,
    aliases=("调整职责", "调整职责分工", "职责调整"),
)
_BASIS = FieldSpec(
    key="basis",
    zh="依据",
    en="basis",
    type=_T.LONG,
    aliases=("条款", "制度依据", "依据条款"),
    shortest=2,
    longest=500,
)

#: what is filed (`/冲突 上报`)
CONFLICT = Form(
    id="CT",
    zh="协作冲突",
    en="Conflict",
    verb="conflict_file",
    fields=(
        FieldSpec(
            key="kind",
            zh="冲突类型",
            en="kind",
            type=_T.CHOICE,
            required=_R.ALWAYS,
            aliases=("类型",),
            options=tuple(k.value for k in ConflictKind),
            mark="S*",
        ),
        FieldSpec(
            key="title",
            zh="冲突名称",
            en="title",
            type=_T.TEXT,
            required=_R.ALWAYS,
            aliases=("名称", "标题", "冲突"),
            longest=50,
        ),
        FieldSpec(
            key="parties",
            zh="当事部门",
            en="parties",
            type=_T.DEPARTMENTS,
            required=_R.ALWAYS,
            aliases=("冲突部门", "涉及部门", "部门", "双方"),
            mark="S*",
        ),
        FieldSpec(
            key="facts",
            zh="事实经过",
            en="facts",
            type=_T.LONG,
            required=_R.ALWAYS,
            aliases=("事实", "经过", "情况"),
            shortest=10,
            longest=2000,
            mark="S*",
        ),
        FieldSpec(
            key="evidence",
            zh="证据材料",
            en="evidence",
            type=_T.LONG,
            required=_R.ALWAYS,
            aliases=("证据", "材料", "依据材料"),
            longest=1000,
            mark="S*",
        ),
        related_item(),
        FieldSpec(key="issue", zh="关联问题", en="issue", type=_T.CODE, aliases=("问题",), takes_none=True),
        FieldSpec(
            key="competing",
            zh="竞争事项",
            en="competing",
            type=_T.LONG,
            aliases=("争用事项",),
            longest=500,
        ),
        confidentiality(mark="I"),
    ),
)

#: what the secretary proposes (`/调解`)
MEDIATION = Form(
    id="CT-M",
    zh="调解意见",
    en="Mediation",
    verb="mediate",
    fields=(
        FieldSpec(
            key="outcome",
            zh="调解意见",
            en="outcome",
            type=_T.LONG,
            required=_R.ALWAYS,
            aliases=("结果", "意见", "调解结果", "结论"),
            shortest=5,
            longest=2000,
            mark="S*",
        ),
        _BASIS,
        FieldSpec(
            key="outcome_type",
            zh="处理方式",
            en="outcome type",
            type=_T.CHOICE,
            aliases=("方式",),
            options=(KEY_FIRST, SHARE, REORDER),
            mark="S*",
        ),
        FieldSpec(key="schedule", zh="排期", en="schedule", type=_T.LONG, aliases=("时间安排",), longest=500),
        _DUTIES,
        _ACTIONS,
    ),
)

#: what the leader decides (`/裁定`), and what the office meeting decided
RULING = Form(
    id="CT-R",
    zh="裁定意见",
    en="Ruling",
    verb="rule_conflict",
    fields=(
        FieldSpec(
            key="ruling",
            zh="裁定意见",
            en="ruling",
            type=_T.LONG,
            required=_R.ALWAYS,
            aliases=("裁定", "意见", "决定", "结论"),
            shortest=5,
            longest=2000,
            mark="S*",
        ),
        FieldSpec(
            key="basis",
            zh="依据",
            en="basis",
            type=_T.LONG,
            required=_R.ALWAYS,
            aliases=("条款", "制度依据", "依据条款", "决定文号", "文号"),
            shortest=2,
            longest=500,
            mark="S*",
        ),
        FieldSpec(key="shirking", zh="存在推诿", en="shirking", type=_T.TEXT, aliases=("推诿",), takes_none=True),
        _DUTIES,
        _ACTIONS,
    ),
)
