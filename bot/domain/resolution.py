"""The milestone resolution JD (domain.md 3.11, R-69, R-70): drafted by the lead, signed by the leader over its exact text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.form import Content
from bot.domain.ids import Code, DepartmentId, PersonId


class ResolutionState(StrEnum):
    """States of 3.11."""

    DRAFTING = "drafting"
    PENDING_SIGNATURE = "pending_signature"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """One resolution. `content` is form F12; `text_hash` is what the leader's card showed."""

    code: Code
    meeting: Code
    item: Code
    title: str
    lead: DepartmentId
    state: ResolutionState
    content: Content = field(default_factory=dict)
    amends: Code | None = None
    submitted_by: PersonId | None = None
    submitted_at: datetime | None = None
    text_hash: str = ""
    signed_by: PersonId | None = None
    signed_for: PersonId | None = None
    signed_at: datetime | None = None
    since: datetime | None = None
    due_at: datetime | None = None
    reason: str = ""
    secrecy: int = 0
    access: tuple[PersonId, ...] = ()
    version: int = 0
