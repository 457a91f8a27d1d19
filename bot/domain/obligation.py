"""An open deadline and the one who holds it. Digest section 三, `/待办` and the ledgers are read from these.

Each open object has exactly one holder at any time; an object with two open deadlines has two obligations.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import DepartmentId, PersonId


class ObligationKind(StrEnum):
    """The kinds of digest section 三, in its order (domain.md 6.1), then those that the digest leaves out."""

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
    #: T-08, T-12c, T-22: confirmations
    CONFIRM_LEDGER = "台账确认"
    CONFIRM_RESULT = "结果确认"
    CONFIRM_TASK = "任务确认"
    CLOSE_ISSUE = "闭环"
    #: T-14: the leader's acknowledgement of a major issue
    ACKNOWLEDGE = "知悉"
    EXTENSION = "延期审批"
    #: a new owner accepts or returns a task within one working day
    ACCEPT_TASK = "任务接收"
    #: R-31: a cooperating liaison confirms contact with the lead
    CONTACT = "对接确认"
    STATEMENT = "情况陈述"
    OFFER = "调解答复"
    EXECUTION = "裁定执行"
    VERIFICATION = "核实"
    VOTE = "验收评议"
    HANDOVER = "交接"
    CONSENT = "变更同意"
    #: the weekly liaison sync, one per department (R-53)
    SYNC = "沟通会"
    #: T-27: candidate, hearing, confirmation, publication, appeal
    PROPOSAL = "奖惩"
    RATING = "互评"


#: what section 三 counts (6.1); minute clocks, confirmations and weekly sync obligations are not in it
DIGEST_KINDS = tuple(ObligationKind)[:19]


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One open deadline. `key` is `code/kind`, optionally with `/slot`; removed when it is met or void.

    Slots of one round are obligations of their own, each with its one holder; the digest counts their object once.
    """

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
    #: people who may know of it where it is confidential
    access: tuple[PersonId, ...] = ()
    #: the grade of an issue, the kind of a meeting: what routing (2.3) needs to know besides the kind
    detail: str = ""
    #: lead and cooperating departments, for routing
    lead: DepartmentId | None = None
    coop: tuple[DepartmentId, ...] = ()
    #: how far its reminders are: the last step that was told
    reminded_at: datetime | None = None
    passed_at: datetime | None = None
    version: int = 0

    @staticmethod
    def key_for(code: str, kind: ObligationKind, slot: str = "") -> str:
        """`XQ-2026-0015/审核/PROD`."""
        return f"{code}/{kind.value}/{slot}" if slot else f"{code}/{kind.value}"
