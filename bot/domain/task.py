"""The task RW (domain.md 3.4, R-33, R-34): owner, progress, confirmation, extensions. `MACHINE` is its table.

What each act does to a task stands in `task_work` (progress to confirmation), `task_extension` (a later date), `task_owner`
(who has it) and `task_terms` (what its item and plan do to it).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.machine import Line, Machine
from bot.errors import RuleViolation


class TaskState(StrEnum):
    """States of 3.4."""

    TODO = "todo"
    DOING = "doing"
    BLOCKED = "blocked"
    DONE_PENDING = "done_pending"
    DONE = "done"
    CANCELLED = "cancelled"


class TaskAct(StrEnum):
    """Events of 3.4."""

    START = "start"
    REPORT = "report"
    BLOCK = "block"
    UNBLOCK = "unblock"
    MARK_DONE = "mark_done"
    CONFIRM = "confirm"
    SEND_BACK = "send_back"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    REASSIGN = "reassign"
    #: a new owner takes it, or gives it back, within one working day
    ACCEPT = "accept"
    RETURN = "return"
    #: the item is suspended, and resumed (L-18)
    FREEZE = "freeze"
    THAW = "thaw"
    #: the plan has another date or owner for it
    REVISE = "revise"
    CANCEL = "cancel"


#: there is still something to do
WORKED = (TaskState.TODO, TaskState.DOING, TaskState.BLOCKED)
#: there is still something to do or to confirm
OPEN = (*WORKED, TaskState.DONE_PENDING)
#: what is possible in every open state and leaves it as it is
_KEEPING = (
    TaskAct.ASK_EXTENSION,
    TaskAct.GRANT_EXTENSION,
    TaskAct.REFUSE_EXTENSION,
    TaskAct.REASSIGN,
    TaskAct.ACCEPT,
    TaskAct.RETURN,
    TaskAct.FREEZE,
    TaskAct.THAW,
    TaskAct.REVISE,
)

MACHINE: Machine[TaskState, TaskAct] = Machine(
    "task",
    (
        Line((TaskState.TODO,), TaskAct.START, (TaskState.DOING,)),
        Line((TaskState.TODO,), TaskAct.REPORT, (TaskState.TODO, TaskState.DOING)),
        Line((TaskState.DOING,), TaskAct.REPORT, (TaskState.DOING,)),
        Line((TaskState.TODO, TaskState.DOING), TaskAct.BLOCK, (TaskState.BLOCKED,)),
        Line((TaskState.BLOCKED,), TaskAct.UNBLOCK, (TaskState.DOING,)),
        Line(WORKED, TaskAct.MARK_DONE, (TaskState.DONE_PENDING,)),
        Line((TaskState.DONE_PENDING,), TaskAct.CONFIRM, (TaskState.DONE,)),
        Line((TaskState.DONE_PENDING,), TaskAct.SEND_BACK, (TaskState.DOING,)),
        *(Line((state,), act, (state,)) for act in _KEEPING for state in OPEN),
        Line(OPEN, TaskAct.CANCEL, (TaskState.CANCELLED,)),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A later date that was asked for."""

    asked_by: PersonId
    asked_at: datetime
    due_at: datetime
    reason: str
    granted_by: PersonId | None = None
    granted_at: datetime | None = None
    is_refused: bool = False

    @property
    def is_pending(self) -> bool:
        """Was it not decided yet?"""
        return self.granted_by is None and not self.is_refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One task. `lead` is the department that confirms it (L-29); lateness is judged by `done_at`."""

    code: Code
    title: str
    state: TaskState
    department: DepartmentId
    owner: PersonId
    lead: DepartmentId
    due_at: datetime
    #: the date before any extension; the scorecard keeps it
    original_due_at: datetime
    created_at: datetime
    item: Code | None = None
    #: what it came from: a plan, resolution, minutes, ruling or solution
    source: str = ""
    #: minutes of weekly meetings: the secretary confirms (L-29)
    confirmed_by_secretary: bool = False
    start_on: date | None = None
    progress: int = 0
    #: what it was before it was marked done, for a task that is sent back
    progress_before: int = 0
    #: the percentage that it fell from, with the reason in `note` (EC-89)
    dropped_from: int | None = None
    note: str = ""
    blocked_reason: str = ""
    evidence: str = ""
    done_at: datetime | None = None
    done_by: PersonId | None = None
    confirmed_at: datetime | None = None
    confirmed_by: PersonId | None = None
    sent_back: int = 0
    reason: str = ""
    extensions: tuple[Extension, ...] = ()
    #: when it was last spoken of by its owner, for weekly nudges (R-34)
    reported_at: datetime | None = None
    #: new owner has not accepted yet (reassignment, action of minutes)
    is_offered: bool = False
    offered_at: datetime | None = None
    #: who had it before; gets it back if the new owner returns it. None for actions of minutes and for leavers' tasks
    previous_owner: PersonId | None = None
    #: the owner of an action of minutes refused it and the secretary decides (3.10)
    refused_reason: str = ""
    #: set while the item is suspended
    frozen_at: datetime | None = None
    secrecy: int = 0
    access: tuple[PersonId, ...] = ()
    version: int = 0

    @property
    def is_open(self) -> bool:
        """Is there still something to do or to confirm?"""
        return self.state in OPEN

    @property
    def is_late(self) -> bool:
        """Was it done after its date? A slow confirmer does not count (EC-87); to the second."""
        return self.done_at is not None and self.done_at.replace(microsecond=0) > self.due_at

    @property
    def asked(self) -> Extension | None:
        """The extension that waits for its decision."""
        return self.extensions[-1] if self.extensions and self.extensions[-1].is_pending else None

    @property
    def granted(self) -> int:
        """How many extensions it got."""
        return sum(1 for extension in self.extensions if extension.granted_by is not None)


def require_running(task: Task, act: TaskAct) -> None:
    """Raises RuleViolation `stale_card` for an act that the table does not have, `task_frozen` while the item is suspended."""
    MACHINE.require(task.state, act)
    if task.frozen_at is not None:
        raise RuleViolation("task_frozen", {"code": task.code})
