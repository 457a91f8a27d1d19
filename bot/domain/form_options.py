"""What the options of forms are called in English. A content keeps the Chinese word (domain.md 4); this is for reading and writing."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.domain.form import NO, NONE, YES

ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        YES: "yes",
        NO: "no",
        NONE: "none",
        "其他": "other",
        # F1
        "人力": "people",
        "设备": "equipment",
        "预算": "budget",
        "信息": "information",
        "场地": "space",
        "日常协作": "routine",
        "专项协作": "special",
        "日常": "routine",
        "专项": "special",
        "日常事务对接": "daily business",
        "跨部门项目": "cross-department project",
        "突发问题处置": "emergency",
        "战略目标": "strategic goal",
        "重点项目": "key project",
        "日常工作": "daily work",
        "一般": "normal",
        "紧急": "urgent",
        "特急": "very urgent",
        "普通": "open",
        "内部敏感": "sensitive",
        "涉密": "confidential",
        # F5
        "可行": "feasible",
        "有条件可行": "feasible on conditions",
        "不可行": "not feasible",
        "满足": "sufficient",
        "部分满足": "partly sufficient",
        "不满足": "insufficient",
        "建议批准": "approve",
        "建议补充": "supplement",
        "建议不批准": "do not approve",
        # F2
        "高": "high",
        "中": "medium",
        "低": "low",
        "单一任务": "one task",
        "部分环节": "some links",
        "整体目标": "overall goal",
        "进度延误": "delay",
        "资源不足": "lack of resources",
        "职责不清": "unclear duties",
        "信息不一致": "inconsistent information",
        "质量问题": "quality",
        "沟通不畅": "poor communication",
        "一般问题": "general",
        "重要问题": "important",
        "重大问题": "major",
        # conflicts
        "职责边界": "boundary of duties",
        "资源分配": "allocation of resources",
        "沟通信息": "information exchange",
        "未尽事宜": "matters not covered",
        "优先保障重点项目": "key project first",
        "共享": "share",
        "调整优先级": "reorder",
        # F4, F6, F8, F11
        "线下": "on site",
        "线上": "online",
        "混合": "hybrid",
        "已落实": "secured",
        "待落实": "to be secured",
        "编辑": "edit",
        "查看": "view",
        "达到": "reached",
        "部分达到": "partly reached",
        "未达到": "not reached",
        "需求": "requests",
        "方案": "plans",
        "进度": "progress",
        "会议": "meetings",
        "问题": "issues",
        "验收": "acceptance",
        "合格": "passed",
        "整改": "to be reworked",
        "不合格": "failed",
        "未提交": "not submitted",
    }
)


def english(option: str) -> str:
    """The English word of an option; the option itself where there is none."""
    return ENGLISH.get(option, option)
