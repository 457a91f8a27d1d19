"""How an item stands: its light with the reasons, and how far it is (domain.md 3.3, 4.3). Derived, never stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.ids import Code
from bot.domain.issue import Grade, Issue
from bot.domain.item import Item, ItemState
from bot.domain.task import Task, TaskState


class Colour(StrEnum):
    """绿, 黄, 红."""

    GREEN = "绿"
    YELLOW = "黄"
    RED = "红"


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """The colour, and which numbers make it so."""

    colour: Colour
    #: the item's own end date has passed
    is_overdue: bool = False
    late_tasks: tuple[Code, ...] = ()
    important: tuple[Code, ...] = ()
    major: tuple[Code, ...] = ()


#: an item that is no longer worked on is not late any more
_AT_REST = (ItemState.ACCEPTED, ItemState.ARCHIVED, ItemState.TERMINATED)
_NOT_DONE = (TaskState.TODO, TaskState.DOING, TaskState.BLOCKED)


def light(item: Item, tasks: Iterable[Task], issues: Iterable[Issue], *, now: datetime, today: date) -> Light:
    """Red for an open major issue; yellow for a passed end date, a late task or an open important issue; else green."""
    if item.state in _AT_REST:
        return Light(colour=Colour.GREEN)
    is_overdue = item.end_on is not None and today > item.end_on and item.state is not ItemState.SUSPENDED
    late = tuple(task.code for task in tasks if is_late(task, now=now))
    still_open = [issue for issue in issues if issue.is_open]
    important = tuple(issue.code for issue in still_open if issue.grade is Grade.IMPORTANT)
    major = tuple(issue.code for issue in still_open if issue.grade is Grade.MAJOR)
    colour = Colour.RED if major else Colour.YELLOW if is_overdue or late or important else Colour.GREEN
    return Light(colour=colour, is_overdue=is_overdue, late_tasks=late, important=important, major=major)


def is_late(task: Task, *, now: datetime) -> bool:
    """Past its limit and not yet reported done; while the item is suspended nothing gets late."""
    return task.state in _NOT_DONE and task.frozen_at is None and task.due_at < now


def progress(tasks: Sequence[Task], *, days: Callable[[Task], int]) -> int:
    """The mean of the tasks' percentages, weighted by their planned working days; cancelled ones are left out."""
    counted = [(percent(task), max(days(task), 1)) for task in tasks if task.state is not TaskState.CANCELLED]
    weight = sum(w for _, w in counted)
    return (2 * sum(p * w for p, w in counted) + weight) // (2 * weight) if weight else 0


def percent(task: Task) -> int:
    """A task that is done is done to the full, whatever was reported last."""
    return 100 if task.state is TaskState.DONE else task.progress


def counted(tasks: Iterable[Task]) -> tuple[int, int]:
    """Done and all tasks (任务数), cancelled ones left out."""
    known = [task for task in tasks if task.state is not TaskState.CANCELLED]
    return sum(task.state is TaskState.DONE for task in known), len(known)
