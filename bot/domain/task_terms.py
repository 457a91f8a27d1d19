"""What an item and its plan do to open tasks: suspension, resumption, another version, the end (domain.md 3.2-3.4; L-18)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.calendar import Calendars
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.task import MACHINE, WORKED, Task, TaskAct, TaskState
from bot.domain.wall_time import resolve_local
from bot.domain.weekly import resumed


def frozen(task: Task, *, at: datetime) -> Task:
    """The item is suspended."""
    MACHINE.require(task.state, TaskAct.FREEZE)
    return replace(task, frozen_at=at)


def thawed(task: Task, *, calendars: Calendars, suspended: datetime, now: datetime) -> Task:
    """The item goes on: dates of what is not done yet are later by the working days lost (L-18)."""
    MACHINE.require(task.state, TaskAct.THAW)
    running = replace(task, frozen_at=None)
    if task.done_at is not None:
        return running

    def later(at: datetime) -> datetime:
        local = calendars.local(at)
        day = resumed(
            calendars, local.date(), suspended=calendars.local(suspended).date(), resumed_on=calendars.local(now).date()
        )
        return resolve_local(day, local.time().replace(tzinfo=None), calendars.zone)

    return replace(running, due_at=later(task.due_at), original_due_at=later(task.original_due_at))


def cancelled(task: Task, *, reason: str) -> Task:
    """Its item ended, or the plan has no place for it any more."""
    return replace(task, state=MACHINE.after(task.state, TaskAct.CANCEL, TaskState.CANCELLED), reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One line of the division of tasks in a plan."""

    title: str
    department: DepartmentId
    owner: PersonId | None = None
    due_on: date | None = None

    @property
    def key(self) -> tuple[DepartmentId, str]:
        """What makes two lines the same task."""
        return self.department, "".join(self.title.split())


def revised(task: Task, *, before: Iterable[Planned], after: Iterable[Planned], calendars: Calendars) -> Task | None:
    """The open task under another version of its plan: its new date and owner, or cancelled; None where it stays as it is.

    A date that the new version repeats does not undo an extension. What is done and waits for confirmation stays.
    """
    if task.state not in WORKED:
        return None
    own = (task.department, "".join(task.title.split()))
    line = next((one for one in after if one.key == own), None)
    if line is None:
        return cancelled(task, reason="")
    known = next((one for one in before if one.key == own), None)
    changed = task
    if line.due_on is not None and (known is None or known.due_on != line.due_on):
        due_at = calendars.end_of_day(line.due_on)
        if calendars.local(task.due_at).date() != line.due_on:
            changed = replace(changed, due_at=due_at, original_due_at=due_at)
    if line.owner is not None and line.owner != task.owner and (known is None or known.owner != line.owner):
        changed = replace(changed, owner=line.owner, is_offered=False, previous_owner=None, refused_reason="")
    MACHINE.require(task.state, TaskAct.REVISE)
    return None if changed == task else changed
