"""What becomes of a due instant when the calendar changes under it: nobody becomes late by recalculation alone (EC-20, EC-21)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Protocol

#: working minutes left at least after a minute-based limit was moved forward
LEAST_MINUTES = 10


class LimitKind(StrEnum):
    """How a limit is measured, which decides what is left of it at least."""

    MINUTES = "minutes"
    WORKDAYS = "workdays"


class _Hours(Protocol):
    """The hours of the responsible department."""

    def add(self, start: datetime, minutes: int) -> datetime: ...


class _Days(Protocol):
    """The company's calendar."""

    def add_workdays(self, at: datetime, days: int) -> datetime: ...


def recompute(
    old_due: datetime, new_due: datetime, *, now: datetime, kind: LimitKind, hours: _Hours, days: _Days
) -> datetime:
    """The due instant to store for an open deadline. `hours` and `days` are those of the new calendar.

    Later is taken as it is. Earlier leaves at least ten working minutes, or the next working day, from `now` on; a
    deadline that had already run out stays where it was.
    """
    if new_due >= old_due or old_due <= now:
        return max(old_due, new_due)
    match kind:
        case LimitKind.MINUTES:
            return max(new_due, hours.add(now, LEAST_MINUTES))
        case LimitKind.WORKDAYS:
            return max(new_due, days.add_workdays(now, 1))


def is_spared(judged_due: datetime, new_due: datetime, *, until: datetime) -> bool:
    """Would a breach at `judged_due` not have happened under the new calendar? `until` is the answer, or now.

    Such verdicts stay; the secretary gets the list and may waive them (EC-20).
    """
    return judged_due < until <= new_due
