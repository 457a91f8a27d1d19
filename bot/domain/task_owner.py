"""Who has a task: handed over, offered, accepted, given back (domain.md 3.4, 3.10; EC-53)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.ids import PersonId
from bot.domain.task import MACHINE, Task, TaskAct
from bot.errors import RuleViolation


def reassigned(task: Task, *, to: PersonId, is_member: bool, now: datetime) -> Task:
    """Another person of the department gets it and accepts or returns it; the date stays.

    Raises RuleViolation: `task_other_department` unless `is_member`, `task_same_owner`.
    """
    MACHINE.require(task.state, TaskAct.REASSIGN)
    if to == task.owner:
        raise RuleViolation("task_same_owner")
    if not is_member:
        raise RuleViolation("task_other_department")
    # whoever never accepted it, or refused it, does not get it back
    had_it = not task.is_offered and not task.refused_reason
    return replace(_known_to(task, to), owner=to, previous_owner=task.owner if had_it else task.previous_owner,
                   is_offered=True, offered_at=now, refused_reason="")  # fmt: skip


def accepted(task: Task) -> Task:
    """The new owner takes it. Raises RuleViolation `task_not_offered` where nothing was offered."""
    _require_offered(task, TaskAct.ACCEPT)
    return replace(task, is_offered=False, previous_owner=None)


def returned(task: Task, *, reason: str, back_to: PersonId | None) -> Task:
    """The new owner does not take it: back to `back_to`; without anybody the secretary decides (3.10)."""
    _require_offered(task, TaskAct.RETURN)
    if back_to is None:
        return replace(task, is_offered=False, refused_reason=reason)
    return replace(task, owner=back_to, previous_owner=None, is_offered=False, reason=reason)


def vacated(task: Task, *, liaison: PersonId, now: datetime) -> Task:
    """The owner left: the liaison has it for the time being and hands it over within a working day (EC-53)."""
    MACHINE.require(task.state, TaskAct.REASSIGN)
    return replace(_known_to(task, liaison), owner=liaison, previous_owner=None, is_offered=True, offered_at=now)


def _require_offered(task: Task, act: TaskAct) -> None:
    MACHINE.require(task.state, act)
    if not task.is_offered:
        raise RuleViolation("task_not_offered", {"code": task.code})


def _known_to(task: Task, person: PersonId) -> Task:
    """Whoever handles a confidential task stands on its access list (2.5)."""
    if not task.access or person in task.access:
        return task
    return replace(task, access=(*task.access, person))
