"""Award and criticism proposals JC (domain.md 3.16, 6.5; R-104, R-105): facts, a hearing, and people who decide. Never automatic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import Code, DepartmentId, PersonId


class ProposalState(StrEnum):
    """States of 3.16."""

    CANDIDATE = "candidate"
    HEARING = "hearing"
    PENDING_CONFIRM = "pending_confirm"
    CONFIRMED = "confirmed"
    PUBLISHED = "published"
    APPEAL = "appeal"
    DROPPED = "dropped"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One proposal about a department or a person; `facts` are codes of the objects behind it with what happened."""

    code: Code
    month: str
    is_award: bool
    department: DepartmentId
    state: ProposalState
    created_at: datetime
    person: PersonId | None = None
    #: name of the rule of 6.5 that made it a candidate, empty where a person proposed it
    ground: str = ""
    facts: tuple[str, ...] = ()
    proposed_by: PersonId | None = None
    statement: str = ""
    stated_by: PersonId | None = None
    scope: str = ""
    points: int = 0
    confirmed_by: PersonId | None = None
    confirmed_for: PersonId | None = None
    confirmed_at: datetime | None = None
    published_at: datetime | None = None
    appeal: str = ""
    appealed_at: datetime | None = None
    #: who of leader and ALT has decided the appeal, and how
    appeal_votes: tuple[tuple[PersonId, bool], ...] = ()
    since: datetime | None = None
    due_at: datetime | None = None
    reason: str = ""
    version: int = 0
