"""Problem rows that are about an issue: their solution is recorded there, and the issue makes the tasks (domain.md 3.7, 3.9)."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.directory import Person
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.issue import Issue, IssueState, Solution
from bot.domain.minutes_form import Row
from bot.domain.permissions import Grant
from bot.routing import Context
from handlers.issues import issues


def parted(context: Context, rows: Iterable[Row]) -> tuple[list[Row], dict[str, list[Row]]]:
    """Rows that make tasks of their own, and rows by the issue that takes their solution.

    A row that only repeats what an issue has recorded already makes nothing.
    """
    own: list[Row] = []
    linked: dict[str, list[Row]] = {}
    for row in rows:
        issue = context.uow.issues.get(row.link) if row.link else None
        if issue is not None and takes_solution(issue):
            linked.setdefault(issue.code, []).append(row)
        elif issue is None or not any(line.owner == row.owner for line in issue.solution):
            own.append(row)
    return own, linked


def takes_solution(issue: Issue) -> bool:
    """An important issue whose meeting records the solution; a major one also needs the word on its plan (R-99)."""
    return issue.state is IssueState.COORDINATING


def lines_of(context: Context, rows: Iterable[Row]) -> tuple[Solution, ...]:
    """The rows as lines of a solution (R-96)."""
    found: list[Solution] = []
    for row in rows:
        due_at, owner = row.due_at, PersonId(row.owner)
        department = DepartmentId(row.department) if row.department else context.world.posts.department_of(owner)
        if due_at is not None and department is not None:
            found.append(Solution(measure=row.work, department=department, owner=owner, due_at=due_at))
    return tuple(found)


def record(context: Context, linked: dict[str, list[Row]], *, by: Person, grant: Grant) -> None:
    """Hand every issue its solution. Raises RuleViolation where the issue does not take it."""
    for code, rows in linked.items():
        issue = context.uow.issues.get(code)
        if issue is not None:
            issues.record_solution(context, issue, lines_of(context, rows), by=by, grant=grant, verb="minutes_publish")
