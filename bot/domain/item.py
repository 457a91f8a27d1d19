"""The collaboration item SX (domain.md 3.3): who leads, who cooperates, how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.ids import Code, DepartmentId, PersonId


class ItemState(StrEnum):
    """States of 3.3."""

    PLANNING = "planning"
    IN_PROGRESS = "in_progress"
    SUSPENDED = "suspended"
    ACCEPTANCE = "acceptance"
    RECTIFYING = "rectifying"
    ACCEPTED = "accepted"
    ARCHIVED = "archived"
    TERMINATED = "terminated"


class Level(StrEnum):
    """Routine or special (A-02)."""

    ROUTINE = "日常"
    SPECIAL = "专项"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One collaboration item. `secrecy` is the level of 2.5 (0 normal, 1 sensitive, 2 confidential)."""

    code: Code
    title: str
    short: str
    level: Level
    lead: DepartmentId
    coop: tuple[DepartmentId, ...]
    state: ItemState
    serves: str = ""
    request: str = ""
    plan: str = ""
    plan_version: int = 0
    start_on: date | None = None
    end_on: date | None = None
    members: tuple[PersonId, ...] = ()
    is_key_project: bool = False
    secrecy: int = 0
    access: tuple[PersonId, ...] = ()
    created_at: datetime | None = None
    #: first time in `in_progress`; reports are owed from two working days later (L-26)
    started_at: datetime | None = None
    since: datetime | None = None
    original_end_on: date | None = None
    scenario: str = ""
    goal: str = ""
    suspended_at: datetime | None = None
    resume_on: date | None = None
    reason: str = ""
    #: departments that are only informed (知会)
    informed: tuple[DepartmentId, ...] = ()
    #: cooperating departments whose liaison confirmed contact (R-31)
    contacted: tuple[DepartmentId, ...] = ()
    finished_on: date | None = None
    accepted_at: datetime | None = None
    archived_at: datetime | None = None
    #: the secretary's note in the progress ledger, column 21
    note: str = ""
    updated_at: datetime | None = None
    updated_by: PersonId | None = None
    version: int = 0

    @property
    def involved(self) -> tuple[DepartmentId, ...]:
        """Lead first, then the cooperating departments."""
        return (self.lead, *self.coop)
