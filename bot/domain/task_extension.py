"""A later date for a task (domain.md 3.4, P-15, P-16; EC-94): asked before the old one, inside the plan, decided by the lead."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.ids import PersonId
from bot.domain.task import Extension, Task, TaskAct, require_running
from bot.errors import RuleViolation

#: from the third extension on the head of the lead department decides
FREELY_GRANTED = 2


def asked(task: Task, *, due_at: datetime, reason: str, by: PersonId, at: datetime, latest: datetime | None) -> Task:
    """Ask for `due_at`; `latest` is the end of the plan or item.

    Raises RuleViolation: `extension_pending`, `extension_too_late` at or after the present date, `extension_not_later`,
    `extension_beyond`.
    """
    require_running(task, TaskAct.ASK_EXTENSION)
    if task.asked is not None:
        raise RuleViolation("extension_pending", {"code": task.code})
    if at >= task.due_at:
        raise RuleViolation("extension_too_late", {"code": task.code})
    if due_at <= task.due_at:
        raise RuleViolation("extension_not_later")
    if latest is not None and due_at > latest:
        raise RuleViolation("extension_beyond", {"latest": f"{latest:%Y-%m-%d}"})
    extension = Extension(asked_by=by, asked_at=at, due_at=due_at, reason=reason)
    return replace(task, extensions=(*task.extensions, extension))


def granted(task: Task, *, by: PersonId, now: datetime) -> Task:
    """The date moves; the original one is kept for the scorecard."""
    extension = _waiting(task, TaskAct.GRANT_EXTENSION)
    decided = replace(extension, granted_by=by, granted_at=now)
    return replace(task, due_at=extension.due_at, extensions=(*task.extensions[:-1], decided))


def refused(task: Task, *, now: datetime) -> Task:
    """The old date stays."""
    extension = _waiting(task, TaskAct.REFUSE_EXTENSION)
    return replace(task, extensions=(*task.extensions[:-1], replace(extension, is_refused=True, granted_at=now)))


def needs_head(task: Task) -> bool:
    """Is it at least the third one (3.4)?"""
    return task.granted >= FREELY_GRANTED


def _waiting(task: Task, act: TaskAct) -> Extension:
    require_running(task, act)
    if task.asked is None:
        raise RuleViolation("no_extension_asked", {"code": task.code})
    return task.asked
