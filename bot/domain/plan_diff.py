"""What a later version of a plan changes, and whether that needs the leader (domain.md 3.2; A-03, R-99)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.domain.form import Content
from bot.domain.ids import DepartmentId
from bot.domain.plan_form import PlanTask, budget_of, tasks_of

#: working days by which the end date may move, and part by which the budget may grow, without the leader (A-03)
END_DATE_WD = 5
BUDGET_GROWTH = Decimal("0.10")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A task that both versions have, with another owner, date or deliverable."""

    before: PlanTask
    after: PlanTask


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDiff:
    """The difference between two versions. Tasks are the same when title and department are."""

    added: tuple[PlanTask, ...] = ()
    removed: tuple[PlanTask, ...] = ()
    changed: tuple[Changed, ...] = ()
    kept: tuple[PlanTask, ...] = ()
    departments_added: tuple[DepartmentId, ...] = ()
    departments_removed: tuple[DepartmentId, ...] = ()
    end_before: date | None = None
    end_after: date | None = None
    #: working days between the two end dates, in either direction
    end_moved_wd: int = 0
    budget_before: Decimal | None = None
    budget_after: Decimal | None = None

    @property
    def is_beyond(self) -> bool:
        """Beyond A-03: the end date by more than five working days, a department more, the budget up by more than 10 %."""
        return self.end_moved_wd > END_DATE_WD or bool(self.departments_added) or self._is_dearer

    @property
    def _is_dearer(self) -> bool:
        if self.budget_after is None:
            return False
        before = self.budget_before or Decimal(0)
        return self.budget_after > before * (1 + BUDGET_GROWTH)

    @property
    def is_nothing(self) -> bool:
        """Do both say the same, as far as dates, departments, money and tasks go?"""
        same = (self.end_before, self.budget_before) == (self.end_after, self.budget_after)
        lists = (self.added, self.removed, self.changed, self.departments_added, self.departments_removed)
        return same and not any(lists)


def compare(
    before: Content,
    after: Content,
    *,
    involved_before: tuple[DepartmentId, ...],
    involved_after: tuple[DepartmentId, ...],
    end_before: date | None,
    end_after: date | None,
    workdays: Callable[[date, date], int],
) -> PlanDiff:
    """The difference; `workdays` counts working days in `(start, end]`."""
    old, new = tasks_of(before), tasks_of(after)
    known = {task.key: task for task in old}
    wanted = {task.key for task in new}
    both = [(known[task.key], task) for task in new if task.key in known]
    return PlanDiff(
        added=tuple(task for task in new if task.key not in known),
        removed=tuple(task for task in old if task.key not in wanted),
        changed=tuple(Changed(before=a, after=b) for a, b in both if a != b),
        kept=tuple(b for a, b in both if a == b),
        departments_added=tuple(d for d in involved_after if d not in involved_before),
        departments_removed=tuple(d for d in involved_before if d not in involved_after),
        end_before=end_before,
        end_after=end_after,
        end_moved_wd=_moved(end_before, end_after, workdays),
        budget_before=budget_of(before),
        budget_after=budget_of(after),
    )


def _moved(before: date | None, after: date | None, workdays: Callable[[date, date], int]) -> int:
    if before is None or after is None or before == after:
        return 0
    return workdays(min(before, after), max(before, after))
