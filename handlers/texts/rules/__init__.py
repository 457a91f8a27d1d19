"""The 121 rules of the coordination plan in our own words, for `/规则` (domain.md section 1)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from handlers.texts.rules import channels, duties, flow, group, meetings, opening, safeguards, trouble
from handlers.texts.rules.rule import Both, Rule

__all__ = ["CHAPTERS", "RULES", "Both", "Rule", "chapter_of"]

_FAMILIES = (opening, group, duties, channels, meetings, flow, trouble, safeguards)

RULES: Mapping[int, Rule] = MappingProxyType({rule.number: rule for family in _FAMILIES for rule in family.RULES})

#: chapters by their last rule
CHAPTERS: tuple[tuple[int, Both], ...] = (
    (1, ("封面", "cover")),
    (3, ("方案目的", "purpose")),
    (5, ("适用范围", "scope")),
    (10, ("核心原则", "principles")),
    (27, ("协调小组", "coordination group")),
    (37, ("部门职责", "duties of departments")),
    (56, ("日常沟通", "daily communication")),
    (70, ("例会制度", "meetings")),
    (85, ("专项协作", "special collaboration")),
    (91, ("冲突处理", "conflicts")),
    (101, ("问题处理", "issues")),
    (114, ("保障措施", "safeguards")),
    (119, ("附则", "supplementary clauses")),
    (121, ("附件", "attachments")),
)


def chapter_of(rule: Rule) -> Both:
    """The chapter a rule stands in."""
    return next(name for last, name in CHAPTERS if rule.number <= last)
