"""Why a plan cannot go to the heads yet (domain.md 3.2, guards of submit; R-07, R-80): everything that is wrong at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.form import Content, text_of
from bot.domain.ids import DepartmentId
from bot.domain.plan_form import PlanTask, departments_of, is_weekly_at_least, tasks_of


class FaultKind(StrEnum):
    """What can be wrong with a plan as a whole; `plan_fault_<value>` is its sentence."""

    #: departments that neither do anything nor are marked 知会
    NO_TASK = "no_task"
    #: a task lacks owner, department or due date
    INCOMPLETE = "incomplete"
    #: a task begins or ends outside the item's dates
    OUTSIDE = "outside"
    #: a task ends before it begins
    REVERSED = "reversed"
    #: a task belongs to a department that is not involved
    STRANGER = "stranger"
    #: two tasks of one department with one title
    TWICE = "twice"
    #: less often than once a week
    TOO_RARE = "too_rare"
    #: the plan ends before it begins, or not before the first version's item does
    DATES = "dates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong; `departments` and `rows` (from 1) say where."""

    kind: FaultKind
    departments: tuple[DepartmentId, ...] = ()
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a plan has to fit into: the departments and dates it names, and those of the item for a first version."""

    involved: tuple[DepartmentId, ...]
    start_on: date | None
    end_on: date | None
    #: the latest end that this version may have without a change of the item; None for later versions
    latest_end: date | None = None


def faults(content: Content, frame: Frame) -> tuple[Fault, ...]:
    """Everything that is wrong, in the order of the form."""
    tasks = tasks_of(content)
    return tuple(
        fault
        for fault in (
            *_about_tasks(tasks, frame),
            _about_departments(content, tasks, frame),
            _about_frequency(content),
            _about_dates(frame),
        )
        if fault is not None
    )


def _about_tasks(tasks: tuple[PlanTask, ...], frame: Frame) -> Iterator[Fault | None]:
    numbered = list(enumerate(tasks, start=1))
    yield _rows(FaultKind.INCOMPLETE, (n for n, t in numbered if not (t.department and t.owner and t.due_on)))
    yield _rows(FaultKind.STRANGER, (n for n, t in numbered if t.department and t.department not in frame.involved))
    yield _rows(FaultKind.OUTSIDE, (n for n, t in numbered if _is_outside(t, frame)))
    yield _rows(FaultKind.REVERSED, (n for n, t in numbered if t.start_on and t.due_on and t.due_on < t.start_on))
    keys = [task.key for task in tasks]
    yield _rows(FaultKind.TWICE, (n for n, t in numbered if t.key in keys[: n - 1]))


def _rows(kind: FaultKind, rows: Iterable[int]) -> Fault | None:
    found = tuple(rows)
    return Fault(kind=kind, rows=found) if found else None


def _is_outside(task: PlanTask, frame: Frame) -> bool:
    days = [day for day in (task.start_on, task.due_on) if day is not None]
    first, last = frame.start_on or date.min, frame.end_on or date.max
    return any(not first <= day <= last for day in days)


def _about_departments(content: Content, tasks: tuple[PlanTask, ...], frame: Frame) -> Fault | None:
    """R-07: every cooperating department has a task or is only informed."""
    served = {task.department for task in tasks} | set(departments_of(content, "informed"))
    idle = tuple(d for d in frame.involved if d not in served)
    return Fault(kind=FaultKind.NO_TASK, departments=idle) if idle else None


def _about_frequency(content: Content) -> Fault | None:
    frequency = text_of(content, "frequency")
    return Fault(kind=FaultKind.TOO_RARE) if frequency and not is_weekly_at_least(frequency) else None


def _about_dates(frame: Frame) -> Fault | None:
    if frame.end_on is None:
        return None
    is_reversed = frame.start_on is not None and frame.end_on < frame.start_on
    is_too_late = frame.latest_end is not None and frame.end_on > frame.latest_end
    return Fault(kind=FaultKind.DATES) if is_reversed or is_too_late else None
