"""A task from its beginning to its confirmation (domain.md 3.4; EC-87, EC-88, EC-89)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.ids import PersonId
from bot.domain.task import MACHINE, Task, TaskAct, TaskState, require_running
from bot.errors import RuleViolation

#: characters of a progress note (3.4)
LONGEST_NOTE = 500


def started(task: Task, *, at: datetime) -> Task:
    """Work has begun."""
    require_running(task, TaskAct.START)
    state = MACHINE.after(task.state, TaskAct.START, TaskState.DOING)
    return replace(_taken(task), state=state, reported_at=at)


def reported(task: Task, *, percent: int | None, note: str, is_reasoned: bool, at: datetime) -> Task:
    """How far it is. Without a percentage only the note is new. `is_reasoned`: the note is long enough to be a reason.

    Raises RuleViolation: `percent_range`, `note_too_long`, `progress_empty`, `drop_needs_reason` (EC-89).
    """
    require_running(task, TaskAct.REPORT)
    if percent is None and not note:
        raise RuleViolation("progress_empty")
    if percent is not None and not 0 <= percent <= 100:
        raise RuleViolation("percent_range")
    if len(note) > LONGEST_NOTE:
        raise RuleViolation("note_too_long", {"count": len(note), "limit": LONGEST_NOTE})
    reached = task.progress if percent is None else percent
    is_drop = reached < task.progress
    if is_drop and not is_reasoned:
        raise RuleViolation("drop_needs_reason", {"before": task.progress, "after": reached})
    is_begun = reached > 0 or task.state is TaskState.DOING
    state = MACHINE.after(task.state, TaskAct.REPORT, TaskState.DOING if is_begun else TaskState.TODO)
    return replace(
        _taken(task),
        state=state,
        progress=reached,
        note=note or task.note,
        dropped_from=task.progress if is_drop else task.dropped_from,
        reported_at=at,
    )


def blocked(task: Task, *, reason: str, at: datetime) -> Task:
    """It cannot go on."""
    require_running(task, TaskAct.BLOCK)
    state = MACHINE.after(task.state, TaskAct.BLOCK, TaskState.BLOCKED)
    return replace(_taken(task), state=state, blocked_reason=reason, reported_at=at)


def unblocked(task: Task, *, at: datetime) -> Task:
    """It goes on."""
    require_running(task, TaskAct.UNBLOCK)
    state = MACHINE.after(task.state, TaskAct.UNBLOCK, TaskState.DOING)
    return replace(task, state=state, blocked_reason="", reported_at=at)


def marked_done(task: Task, *, evidence: str, by: PersonId, at: datetime) -> Task:
    """Done, as its owner says; `at` decides about lateness. Raises RuleViolation `evidence_required`, `note_too_long`."""
    require_running(task, TaskAct.MARK_DONE)
    if not evidence:
        raise RuleViolation("evidence_required", {"code": task.code})
    if len(evidence) > LONGEST_NOTE:
        raise RuleViolation("note_too_long", {"count": len(evidence), "limit": LONGEST_NOTE})
    return replace(
        _taken(task),
        state=MACHINE.after(task.state, TaskAct.MARK_DONE, TaskState.DONE_PENDING),
        evidence=evidence,
        done_at=at,
        done_by=by,
        progress_before=task.progress,
        progress=100,
        blocked_reason="",
        reported_at=at,
    )


def confirmed(task: Task, *, by: PersonId, now: datetime) -> Task:
    """The lead agrees that it is done. An extension that nobody decided falls away."""
    state = MACHINE.after(task.state, TaskAct.CONFIRM, TaskState.DONE)
    asked = task.asked
    return replace(
        task,
        state=state,
        confirmed_by=by,
        confirmed_at=now,
        frozen_at=None,
        extensions=task.extensions[:-1] if asked is not None else task.extensions,
    )


def sent_back(task: Task, *, reason: str) -> Task:
    """Not done yet: `done_at` is cleared (EC-88)."""
    return replace(
        task,
        state=MACHINE.after(task.state, TaskAct.SEND_BACK, TaskState.DOING),
        done_at=None,
        done_by=None,
        evidence="",
        progress=task.progress_before,
        reason=reason,
        sent_back=task.sent_back + 1,
    )


def _taken(task: Task) -> Task:
    """Whoever works on an offered task has accepted it."""
    return replace(task, is_offered=False, refused_reason="") if task.is_offered or task.refused_reason else task
