"""The conflict CT (domain.md 3.8, R-86..R-91, R-115, R-116; L-24, L-30): mediation, ruling, the office meeting."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.form import Content
from bot.domain.ids import Code, DepartmentId, PersonId


class ConflictState(StrEnum):
    """States of 3.8."""

    MEDIATING = "mediating"
    PENDING_RULING = "pending_ruling"
    RULED = "ruled"
    SETTLED = "settled"
    TO_GM_MEETING = "to_gm_meeting"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class ConflictKind(StrEnum):
    """Kinds of 4.1 of the plan, and what it does not cover."""

    DUTY = "职责边界"
    RESOURCE = "资源分配"
    INFORMATION = "沟通信息"
    UNCOVERED = "未尽事宜"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one party says."""

    department: DepartmentId
    by: PersonId
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """One party's answer to the mediation's outcome."""

    department: DepartmentId
    by: PersonId
    at: datetime
    is_accepted: bool
    behalf: PersonId | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """One conflict. `content` is what was filed."""

    code: Code
    state: ConflictState
    kind: ConflictKind
    title: str
    filed_by: PersonId
    filed_for: DepartmentId
    parties: tuple[DepartmentId, ...]
    filed_at: datetime
    item: Code | None = None
    issue: Code | None = None
    content: Content = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    #: the secretary's proposal, and the clause, document or priority that it rests on
    outcome: str = ""
    basis: str = ""
    outcome_type: str = ""
    offered_at: datetime | None = None
    answers: tuple[Acceptance, ...] = ()
    ruling: str = ""
    #: the leader ticked 存在推诿 about these departments and people (6.5)
    shirking: tuple[str, ...] = ()
    ruled_by: PersonId | None = None
    ruled_for: PersonId | None = None
    concluded_at: datetime | None = None
    since: datetime | None = None
    due_at: datetime | None = None
    executed_at: datetime | None = None
    reason: str = ""
    secrecy: int = 0
    access: tuple[PersonId, ...] = ()
    version: int = 0
