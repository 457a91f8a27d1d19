"""The task RW (domain.md 3.4, R-33, R-34): owner, progress, confirmation, extensions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.ids import Code, DepartmentId, PersonId


class TaskState(StrEnum):
    """States of 3.4."""

    TODO = "todo"
    DOING = "doing"
    BLOCKED = "blocked"
    DONE_PENDING = "done_pending"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A later date that was asked for."""

    asked_by: PersonId
    asked_at: datetime
    due_at: datetime
    reason: str
    granted_by: PersonId | None = None
    granted_at: datetime | None = None
    is_refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One task. `lead` is the department that confirms it (L-29); lateness is judged by `done_at`."""

    code: Code
    title: str
    state: TaskState
    department: DepartmentId
    owner: PersonId
    lead: DepartmentId
    due_at: datetime
    #: the date before any extension; the scorecard keeps it
    original_due_at: datetime
    created_at: datetime
    item: Code | None = None
    #: what it came from: a plan, resolution, minutes, ruling or solution
    source: str = ""
    #: minutes of weekly meetings: the secretary confirms (L-29)
    confirmed_by_secretary: bool = False
    start_on: date | None = None
    progress: int = 0
    note: str = ""
    blocked_reason: str = ""
    evidence: str = ""
    done_at: datetime | None = None
    done_by: PersonId | None = None
    confirmed_at: datetime | None = None
    confirmed_by: PersonId | None = None
    extensions: tuple[Extension, ...] = ()
    #: when it was last spoken of by its owner, for weekly nudges (R-34)
    reported_at: datetime | None = None
    #: new owner has not accepted yet (reassignment, action of minutes)
    is_offered: bool = False
    #: set while the item is suspended
    frozen_at: datetime | None = None
    secrecy: int = 0
    access: tuple[PersonId, ...] = ()
    version: int = 0

    @property
    def is_open(self) -> bool:
        """Is there still something to do or to confirm?"""
        return self.state not in {TaskState.DONE, TaskState.CANCELLED}
