"""The form of section 4.13: a liaison is appointed or changed (R-107..R-109). The last fields fill themselves in."""

from __future__ import annotations

from bot.domain.form import FieldSpec, FieldType, Form, Required
from bot.domain.form_fields import auto

_T, _R = FieldType, Required


def _tick(key: str, zh: str, en: str, alias: str) -> FieldSpec:
    """One of the three points that the head confirms (R-108)."""
    return FieldSpec(key=key, zh=zh, en=en, type=_T.BOOL, aliases=(alias,), mark="S*")


LIAISON = Form(
    id="DJ",
    zh="对接人任命、变更单",
    en="Liaison appointment",
    verb="liaison_change",
    fields=(
        auto("department", "部门", "department"),
        FieldSpec(
            key="old",
            zh="原对接人",
            en="former liaison",
            type=_T.PERSON,
            aliases=("原任",),
            takes_none=True,
        ),
        FieldSpec(key="new", zh="新对接人", en="new liaison", type=_T.PERSON, required=_R.ALWAYS, aliases=("新任",)),
        FieldSpec(
            key="effective_on", zh="生效日期", en="effective on", type=_T.DATE, aliases=("生效", "日期"), mark="S*"
        ),
        FieldSpec(key="emergency", zh="是否紧急变更", en="urgent", type=_T.BOOL, aliases=("紧急变更", "紧急")),
        FieldSpec(
            key="reason",
            zh="变更原因",
            en="reason",
            type=_T.LONG,
            required=_R.SOMETIMES,
            aliases=("原因",),
            shortest=5,
            longest=200,
        ),
        _tick("skills", "沟通能力与责任心", "skills", "沟通能力"),
        _tick("business", "熟悉本部门业务流程", "knows the business", "熟悉业务"),
        _tick("handover", "已完成交接", "handed over", "交接"),
        auto("checklist", "交接清单", "checklist"),
        auto("notified_on", "通知日期", "notified on", mark="S*"),
    ),
)
