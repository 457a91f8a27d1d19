"""The registered document WD (domain.md 3.13, R-46..R-51; A-17): a link and a name that follows the rule, or does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import Code, DepartmentId, PersonId


class DocumentState(StrEnum):
    """States of 3.13."""

    COMPLIANT = "compliant"
    NONCOMPLIANT = "noncompliant"
    WAIVED = "waived"
    ARCHIVED = "archived"
    MISSING = "missing"


class Category(StrEnum):
    """Categories of R-49."""

    REQUEST = "需求"
    PLAN = "方案"
    PROGRESS = "进度"
    MEETING = "会议"
    ISSUE = "问题"
    ACCEPTANCE = "验收"
    OTHER = "其他"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document of an item. `rights` is 编辑 or 查看 by department (R-48)."""

    code: Code
    item: Code
    name: str
    state: DocumentState
    registered_by: PersonId
    registered_at: datetime
    department: DepartmentId | None = None
    link: str = ""
    category: Category = Category.OTHER
    rights: Mapping[str, str] = field(default_factory=dict)
    suggestion: str = ""
    problem: str = ""
    due_at: datetime | None = None
    was_noncompliant: bool = False
    #: the name was put right before its limit (K6)
    fixed_in_time: bool | None = None
    updated_at: datetime | None = None
    reason: str = ""
    secrecy: int = 0
    access: tuple[PersonId, ...] = ()
    version: int = 0
