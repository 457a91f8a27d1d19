"""The weekly progress report JB (domain.md 3.5, R-81, R-82; L-26): one obligation per item and ISO week."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.form import Content
from bot.domain.ids import Code, DepartmentId, PersonId


class ReportState(StrEnum):
    """States of 3.5."""

    OPEN = "open"
    SUBMITTED = "submitted"
    MISSING = "missing"
    LATE = "late"
    WAIVED = "waived"
    #: the item left `in_progress` before it was due (L-26)
    VOID = "void"


def report_code(week: str, item: str) -> Code:
    """`JB-2026-W38-SX-2026-0007`; `week` is `2026-W38`."""
    return Code(f"JB-{week}-{item}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressReport:
    """One report. `content` is form F7."""

    code: Code
    item: Code
    week: str
    lead: DepartmentId
    state: ReportState
    due_at: datetime
    opened_at: datetime
    content: Content = field(default_factory=dict)
    submitted_by: PersonId | None = None
    submitted_at: datetime | None = None
    #: of a late one: 0.5 on the same working day, else 0 (K3)
    credit: float = 0.0
    confirmed_by: PersonId | None = None
    confirmed_at: datetime | None = None
    reason: str = ""
    revision: int = 0
    secrecy: int = 0
    access: tuple[PersonId, ...] = ()
    version: int = 0
