"""The acceptance YS (domain.md 3.6, R-83, R-84; SoD-3): application F8, acceptors, votes, result."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.form import Content
from bot.domain.ids import Code, DepartmentId, PersonId


class AcceptanceState(StrEnum):
    """States of 3.6."""

    APPLIED = "applied"
    SCHEDULED = "scheduled"
    VOTING = "voting"
    PASSED = "passed"
    RECTIFY = "rectify"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Verdict(StrEnum):
    """What one acceptor says of one criterion."""

    PASSED = "合格"
    RECTIFY = "整改"
    FAILED = "不合格"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One acceptor's opinion of every criterion, in the order of the criteria."""

    by: PersonId
    department: DepartmentId
    at: datetime
    verdicts: tuple[Verdict, ...]
    behalf: PersonId | None = None
    reason: str = ""
    #: the lead department's vote is heard and not counted (SoD-3)
    is_counted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """One acceptance. `content` is form F8."""

    code: Code
    item: Code
    title: str
    lead: DepartmentId
    state: AcceptanceState
    applied_by: PersonId
    applied_at: datetime
    content: Content = field(default_factory=dict)
    criteria: tuple[str, ...] = ()
    round: int = 1
    acceptors: tuple[PersonId, ...] = ()
    votes: tuple[Vote, ...] = ()
    meeting: Code | None = None
    since: datetime | None = None
    due_at: datetime | None = None
    #: opinions differ and the leader decides (3.6)
    is_split: bool = False
    decided_at: datetime | None = None
    reason: str = ""
    secrecy: int = 0
    access: tuple[PersonId, ...] = ()
    version: int = 0
