"""The collaboration item SX (domain.md 3.3): who leads, who cooperates, how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.machine import Line, Machine
from bot.domain.slots import Slot


class ItemState(StrEnum):
    """States of 3.3."""

    PLANNING = "planning"
    IN_PROGRESS = "in_progress"
    SUSPENDED = "suspended"
    ACCEPTANCE = "acceptance"
    RECTIFYING = "rectifying"
    ACCEPTED = "accepted"
    ARCHIVED = "archived"
    TERMINATED = "terminated"


class ItemAct(StrEnum):
    """Everything that can happen to an item (3.3)."""

    #: its plan took effect
    START = "start"
    #: a later version of its plan took effect: dates, departments
    REPLAN = "replan"
    CONFIRM_CONTACT = "confirm_contact"
    SUSPEND = "suspend"
    RESUME = "resume"
    APPLY = "apply"
    ACCEPT = "accept"
    #: the acceptance wants something put right, or failed
    RECTIFY = "rectify"
    #: the application for acceptance was withdrawn
    CALL_OFF = "call_off"
    ARCHIVE = "archive"
    #: a head agrees to the termination of a routine item (P-21)
    AGREE_END = "agree_end"
    REFUSE_END = "refuse_end"
    TERMINATE = "terminate"
    #: level of secrecy, access list
    RECLASSIFY = "reclassify"


_ENDABLE = (ItemState.PLANNING, ItemState.IN_PROGRESS, ItemState.SUSPENDED, ItemState.RECTIFYING)
_STARTED = (ItemState.IN_PROGRESS, ItemState.SUSPENDED, ItemState.RECTIFYING)
#: states that nothing leads out of
FINISHED = (ItemState.ARCHIVED, ItemState.TERMINATED)


def _staying(states: tuple[ItemState, ...], act: ItemAct) -> tuple[Line[ItemState, ItemAct], ...]:
    return tuple(Line((state,), act, (state,)) for state in states)


#: 3.3
ITEM = Machine[ItemState, ItemAct](
    "item",
    (
        Line((ItemState.PLANNING,), ItemAct.START, (ItemState.IN_PROGRESS,)),
        *_staying(_STARTED, ItemAct.REPLAN),
        *_staying(_STARTED, ItemAct.CONFIRM_CONTACT),
        Line((ItemState.IN_PROGRESS,), ItemAct.SUSPEND, (ItemState.SUSPENDED,)),
        Line((ItemState.SUSPENDED,), ItemAct.RESUME, (ItemState.IN_PROGRESS,)),
        Line((ItemState.IN_PROGRESS, ItemState.RECTIFYING), ItemAct.APPLY, (ItemState.ACCEPTANCE,)),
        Line((ItemState.ACCEPTANCE,), ItemAct.ACCEPT, (ItemState.ACCEPTED,)),
        Line((ItemState.ACCEPTANCE,), ItemAct.RECTIFY, (ItemState.RECTIFYING,)),
        Line((ItemState.ACCEPTANCE,), ItemAct.CALL_OFF, (ItemState.IN_PROGRESS,)),
        Line((ItemState.ACCEPTED,), ItemAct.ARCHIVE, (ItemState.ARCHIVED,)),
        *_staying(_ENDABLE, ItemAct.AGREE_END),
        *_staying(_ENDABLE, ItemAct.REFUSE_END),
        Line(_ENDABLE, ItemAct.TERMINATE, (ItemState.TERMINATED,)),
        *_staying(tuple(ItemState), ItemAct.RECLASSIFY),
    ),
)


class Level(StrEnum):
    """Routine or special (A-02)."""

    ROUTINE = "日常"
    SPECIAL = "专项"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One collaboration item. `secrecy` is the level of 2.5 (0 normal, 1 sensitive, 2 confidential)."""

    code: Code
    title: str
    short: str
    level: Level
    lead: DepartmentId
    coop: tuple[DepartmentId, ...]
    state: ItemState
    serves: str = ""
    request: str = ""
    plan: str = ""
    plan_version: int = 0
    start_on: date | None = None
    end_on: date | None = None
    members: tuple[PersonId, ...] = ()
    is_key_project: bool = False
    secrecy: int = 0
    access: tuple[PersonId, ...] = ()
    created_at: datetime | None = None
    #: first time in `in_progress`; reports are owed from two working days later (L-26)
    started_at: datetime | None = None
    since: datetime | None = None
    original_end_on: date | None = None
    scenario: str = ""
    goal: str = ""
    suspended_at: datetime | None = None
    resume_on: date | None = None
    reason: str = ""
    #: departments that are only informed (知会)
    informed: tuple[DepartmentId, ...] = ()
    #: cooperating departments whose liaison confirmed contact (R-31)
    contacted: tuple[DepartmentId, ...] = ()
    finished_on: date | None = None
    accepted_at: datetime | None = None
    archived_at: datetime | None = None
    #: the secretary's note in the progress ledger, column 21
    note: str = ""
    #: where its documents are (R-47)
    folder: str = ""
    updated_at: datetime | None = None
    updated_by: PersonId | None = None
    #: heads who agreed to a termination that needs several of them (P-21), by department
    ending: tuple[Slot, ...] = ()
    ending_reason: str = ""
    #: a lower level that was asked for, and who agreed so far: lead head together with leader (2.5)
    lower_to: int | None = None
    lower_agreed: tuple[PersonId, ...] = ()
    #: whoever made the request it came from; may raise the level and add readers
    created_by: PersonId | None = None
    version: int = 0

    @property
    def involved(self) -> tuple[DepartmentId, ...]:
        """Lead first, then the cooperating departments."""
        return (self.lead, *self.coop)

    @property
    def is_finished(self) -> bool:
        """Is it archived or terminated?"""
        return self.state in FINISHED
