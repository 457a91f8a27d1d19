"""Form F2 (domain.md 4.2, R-92) and the forms of an issue's steps: grading, solution."""

from __future__ import annotations

from bot.domain.form import FieldSpec, FieldType, Form, Required
from bot.domain.form_fields import auto, confidentiality, files, measure_columns, related_item
from bot.domain.issue import Grade

IMPACTS = ("单一任务", "部分环节", "整体目标", "其他")
SEVERITIES = ("低", "中", "高")
#: kinds of problems; the first of `DISPUTES` may rather be a conflict
KINDS = ("进度延误", "资源不足", "职责不清", "信息不一致", "质量问题", "沟通不畅", "其他")
DISPUTES = frozenset({"职责不清", "资源不足", "信息不一致"})

_T, _R = FieldType, Required

_IMPACT = FieldSpec(
    key="impact_scope",
    zh="影响范围",
    en="impact scope",
    type=_T.CHOICE,
    required=_R.ALWAYS,
    aliases=("影响",),
    options=IMPACTS,
    mark="S*",
)
_SEVERITY = FieldSpec(
    key="severity", zh="严重程度", en="severity", type=_T.CHOICE, required=_R.ALWAYS, options=SEVERITIES, mark="S*"
)
_SOLUTION = FieldSpec(
    key="solution",
    zh="解决方案",
    en="solution",
    type=_T.LIST,
    required=_R.ALWAYS,
    aliases=("方案", "措施"),
    columns=measure_columns(required=False),
    mark="S*",
)

#: the issue form, field by field as in 4.2
F2 = Form(
    id="F2",
    zh="跨部门协作问题反馈单",
    en="Issue form",
    verb="issue_file",
    fields=(
        auto("issue_no", "反馈单编号", "issue no"),
        auto("filed_at", "反馈日期", "filed at"),
        FieldSpec(
            key="found_by_dept",
            zh="反馈部门",
            en="found by dept",
            type=_T.DEPARTMENT,
            required=_R.ALWAYS,
            aliases=("发现部门",),
            mark="S*",
        ),
        FieldSpec(key="reporter", zh="反馈人", en="reporter", type=_T.PERSON, required=_R.ALWAYS),
        FieldSpec(key="phone", zh="联系电话", en="phone", type=_T.PHONE, aliases=("电话",)),
        related_item(),
        FieldSpec(
            key="title",
            zh="问题名称",
            en="title",
            type=_T.TEXT,
            required=_R.ALWAYS,
            aliases=("名称", "标题", "问题"),
            longest=50,
        ),
        FieldSpec(
            key="description",
            zh="问题描述",
            en="description",
            type=_T.LONG,
            required=_R.ALWAYS,
            aliases=("描述", "情况"),
            shortest=10,
            longest=2000,
            mark="S*",
        ),
        FieldSpec(
            key="occurred_at",
            zh="发生时间",
            en="occurred at",
            type=_T.DATETIME,
            required=_R.ALWAYS,
            aliases=("时间",),
        ),
        FieldSpec(
            key="depts",
            zh="涉及部门",
            en="departments",
            type=_T.DEPARTMENTS,
            required=_R.ALWAYS,
            aliases=("部门", "相关部门"),
        ),
        _IMPACT,
        _SEVERITY,
        FieldSpec(
            key="kind", zh="问题类型", en="kind", type=_T.CHOICE, required=_R.ALWAYS, aliases=("类型",), options=KINDS
        ),
        FieldSpec(key="cause", zh="原因初步分析", en="cause", type=_T.LONG, aliases=("原因分析", "原因"), longest=2000),
        FieldSpec(key="done_so_far", zh="已采取措施", en="done so far", type=_T.LONG, longest=2000),
        FieldSpec(
            key="proposal", zh="建议解决方案", en="proposal", type=_T.LONG, aliases=("建议方案", "建议"), longest=2000
        ),
        FieldSpec(key="wish_date", zh="期望解决时间", en="wish date", type=_T.DATE, aliases=("期望时间",)),
        confidentiality(),
        files(),
        auto("grade", "问题等级", "grade", mark="S*"),
        auto("grade_reason", "分级依据", "grade reason", mark="S*"),
        auto("handlers", "牵头部门/配合部门", "handlers", mark="S*"),
        auto("due_at", "处理时限", "due at", mark="S*"),
        auto("solution", "解决方案", "solution", mark="S*"),
        auto("plan_change", "是否调整协作方案", "plan change", mark="S*"),
        auto("result", "处理结果", "result", mark="S*"),
        auto("resolved_at", "结果反馈时间", "resolved at", mark="S*"),
        auto("confirmed", "反馈人确认", "confirmed"),
        auto("closed", "闭环日期/闭环人", "closed", mark="S*"),
    ),
)

#: fields 20 to 22: what the secretary decides (R-93, R-94); the last two are taken from the item where there is one
GRADING = Form(
    id="F2-20",
    zh="问题分级",
    en="Grading of an issue",
    verb="grade",
    fields=(
        FieldSpec(
            key="grade",
            zh="问题等级",
            en="grade",
            type=_T.CHOICE,
            required=_R.ALWAYS,
            aliases=("等级", "级别", "分级"),
            options=tuple(g.value for g in Grade),
            mark="S*",
        ),
        FieldSpec(
            key="grade_reason",
            zh="分级依据",
            en="basis",
            type=_T.LONG,
            required=_R.ALWAYS,
            aliases=("依据", "理由", "grade reason"),
            shortest=5,
            longest=500,
            mark="S*",
        ),
        FieldSpec(
            key="lead",
            zh="牵头部门",
            en="lead",
            type=_T.DEPARTMENT,
            required=_R.ALWAYS,
            aliases=("牵头",),
            mark="S*",
        ),
        FieldSpec(
            key="coop",
            zh="配合部门",
            en="coop",
            type=_T.DEPARTMENTS,
            required=_R.ALWAYS,
            aliases=("配合",),
            takes_none=True,
            mark="S*",
        ),
        _IMPACT,
        _SEVERITY,
        FieldSpec(
            key="regrade_reason",
            zh="调整原因",
            en="reason",
            type=_T.LONG,
            aliases=("原因",),
            shortest=5,
            longest=500,
        ),
    ),
)

#: fields 24 and 25 (R-96, R-98, R-99): every line has an owner and a date, which R-98 asks for in its own words
SOLUTION = Form(
    id="F2-24",
    zh="问题解决方案",
    en="Solution of an issue",
    verb="solution",
    fields=(
        _SOLUTION,
        FieldSpec(
            key="plan_change",
            zh="是否调整协作方案",
            en="plan change",
            type=_T.BOOL,
            aliases=("调整协作方案", "调整方案", "方案调整", "是否调整方案"),
            mark="S*",
        ),
    ),
)
