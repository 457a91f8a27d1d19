"""Minutes JY and liaison sync records GT (domain.md 3.10, R-62, R-63, R-55, R-56; SoD-10): drafts, versions, objections."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.form import Content
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.meeting import MeetingKind


class MinutesState(StrEnum):
    """States of 3.10."""

    DRAFTING = "drafting"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One published version; it never changes (SoD-10)."""

    number: int
    content: Content
    published_by: PersonId
    published_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """What a participant objects to, and the secretary's answer."""

    by: PersonId
    at: datetime
    reason: str
    answer: str = ""
    answered_at: datetime | None = None
    is_corrected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """Minutes of one meeting, or the record of a liaison sync; `content` is the draft of form F4 or F11."""

    code: Code
    meeting: Code
    kind: MeetingKind
    state: MinutesState
    title: str = ""
    department: DepartmentId | None = None
    content: Content = field(default_factory=dict)
    editions: tuple[Edition, ...] = ()
    objections: tuple[Objection, ...] = ()
    created_at: datetime | None = None
    due_at: datetime | None = None
    published_at: datetime | None = None
    #: published after its limit; permanent (EC-58)
    is_late: bool = False
    secrecy: int = 0
    access: tuple[PersonId, ...] = ()
    version: int = 0
