"""Kudos and peer ratings (domain.md 6.4 K7, 6.5; R-09, R-35; EC-90, EC-91)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import Code, DepartmentId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Kudos:
    """One person thanks another of another department."""

    key: str
    by: PersonId
    from_department: DepartmentId
    person: PersonId
    department: DepartmentId
    at: datetime
    reason: str
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One department's rating of another after an item; five answers of 1 to 5, anonymous to the rated."""

    key: str
    item: Code
    by: PersonId
    from_department: DepartmentId
    department: DepartmentId
    at: datetime
    answers: tuple[int, ...]
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """A training in cross-department communication (R-110)."""

    key: str
    topic: str
    planned_for: datetime | None = None
    held_at: datetime | None = None
    attendees: tuple[PersonId, ...] = ()
    recorded_by: PersonId | None = None
    version: int = 0
