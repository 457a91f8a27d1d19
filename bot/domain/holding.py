"""Who held an object, and for how long: a late item is not blamed on the last person who had it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import DepartmentId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A stretch during which one person (or one vacant post) had to act. `until` is None while it lasts.

    `seconds` are working seconds in the calendar of the holder's department, counted when the stretch ends.
    """

    key: str
    code: str
    kind: str
    holder: PersonId | None
    department: DepartmentId | None
    since: datetime
    until: datetime | None = None
    seconds: int = 0
    version: int = 0
