"""An open deadline and the one who holds it. Digest section 三, `/待办` and the ledgers are read from these.

Each open object has exactly one holder at any time; an object with two open deadlines has two obligations.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import DepartmentId, PersonId


class ObligationKind(StrEnum):
    """The kinds of digest section 三, in its order (domain.md 6.1)."""

    REVIEW = "审核"
    ASSESSMENT = "评估会"
    LEADER = "组长审批"
    PLAN = "方案编制"
    COUNTERSIGN = "会签"
    TASK = "任务"
    WEEKLY_REPORT = "周进度"
    GRADING = "分级"
    ISSUE = "问题处理"
    MEETING = "协调会/专题会"
    MEDIATION = "调解"
    RULING = "裁定"
    MINUTES = "纪要"
    RESOLUTION = "决议"
    ACCEPTANCE = "验收"
    RECTIFICATION = "整改"
    ARCHIVE = "归档"
    NAMING = "命名"
    PROGRESS_REPORT = "进度报告"


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One open deadline. `key` is `code/kind`, optionally with a slot; removed when it is met or void."""

    key: str
    code: str
    kind: ObligationKind
    title: str
    due_at: datetime
    opened_at: datetime
    department: DepartmentId | None = None
    holder: PersonId | None = None
    item: str = ""
    secrecy: int = 0
    #: the due date lies in a year whose official calendar is not imported (L-16)
    is_provisional: bool = False
    #: where the limit is counted from and how long it is, so that it follows the calendar (EC-20); without a length
    #: the date was fixed by people
    counted_from: datetime | None = None
    workdays: int = 0
    minutes: int = 0
    version: int = 0
