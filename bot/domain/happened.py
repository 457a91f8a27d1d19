"""What one kind of object tells the others, in the same transaction: a closed union in the past tense.

`Context.announce` hands an event to every handler that registered for its type (`Router.when`), so that requests need not know
items, meetings need not know issues, and everything still happens in one commit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.acceptance import Acceptance
from bot.domain.conflict import Conflict
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.issue import Issue
from bot.domain.item import Item
from bot.domain.liaison_change import LiaisonChange
from bot.domain.meeting import Meeting
from bot.domain.minutes import Minutes
from bot.domain.obligation import Obligation
from bot.domain.plan import Plan
from bot.domain.request import Request
from bot.domain.resolution import Resolution
from bot.domain.task import Task


@dataclass(frozen=True, slots=True)
class RequestChanged:
    """A request was drafted (`before` None) or went on."""

    before: Request | None
    after: Request


@dataclass(frozen=True, slots=True)
class RequestApproved:
    """A request may become an item: routine after review, special after the leader's approval (3.1)."""

    request: Request


@dataclass(frozen=True, slots=True)
class ItemCreated:
    """A new item exists, in `planning` or `in_progress` (3.3). `request` is None for items that were imported."""

    item: Item
    request: Request | None = None


@dataclass(frozen=True, slots=True)
class ItemChanged:
    """An item went from one state to another, or its dates, departments or secrecy changed."""

    before: Item
    after: Item


@dataclass(frozen=True, slots=True)
class PlanEffective:
    """All countersigned; `before` is the version that it replaces (3.2)."""

    plan: Plan
    before: Plan | None = None


@dataclass(frozen=True, slots=True)
class PlanRevisionDemanded:
    """A special meeting, ruling or resolution wants the item's plan changed (R-99); `cause` is its code."""

    item: Code
    cause: str
    by: PersonId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """A task to be made."""

    title: str
    department: DepartmentId
    owner: PersonId
    due_at: datetime
    start_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkAssigned:
    """Tasks to be made, from a plan, resolution, minutes, ruling or solution (3.4). Order is kept in their numbers."""

    source: str
    tasks: tuple[NewTask, ...]
    item: Code | None = None
    #: the department that confirms where there is no item (L-29)
    lead: DepartmentId | None = None
    confirmed_by_secretary: bool = False
    #: owners may refuse within one working day (actions of minutes)
    is_offered: bool = False
    secrecy: int = 0
    access: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskChanged:
    """A task was made (`before` None) or went on."""

    before: Task | None
    after: Task


@dataclass(frozen=True, slots=True)
class IssueChanged:
    """An issue was filed (`before` None) or went on."""

    before: Issue | None
    after: Issue


@dataclass(frozen=True, slots=True)
class ConflictChanged:
    """A conflict was filed (`before` None) or went on."""

    before: Conflict | None
    after: Conflict


@dataclass(frozen=True, slots=True)
class AcceptanceChanged:
    """An acceptance was applied for (`before` None) or went on."""

    before: Acceptance | None
    after: Acceptance


@dataclass(frozen=True, slots=True)
class MeetingChanged:
    """A meeting was scheduled (`before` None), moved, started, ended, cancelled, missed or closed."""

    before: Meeting | None
    after: Meeting


@dataclass(frozen=True, slots=True)
class MinutesPublished:
    """Minutes or a sync record were published; a later edition has `is_correction`."""

    minutes: Minutes
    is_correction: bool = False


@dataclass(frozen=True, slots=True)
class ResolutionSigned:
    """The leader signed a milestone resolution (R-70)."""

    resolution: Resolution


@dataclass(frozen=True, slots=True)
class LiaisonChanged:
    """A liaison change took effect."""

    change: LiaisonChange


@dataclass(frozen=True, slots=True)
class PostsChanged:
    """Somebody came, left, went on leave or came back: slots and deadlines follow whoever holds a post now (EC-09, 2.6)."""


@dataclass(frozen=True, slots=True)
class DeadlinePassed:
    """A limit was reached and what it wanted has not happened. Told once for each `due_at`, at that instant or as soon as possible."""

    obligation: Obligation


Happened = (
    RequestChanged
    | RequestApproved
    | ItemCreated
    | ItemChanged
    | PlanEffective
    | PlanRevisionDemanded
    | WorkAssigned
    | TaskChanged
    | IssueChanged
    | ConflictChanged
    | AcceptanceChanged
    | MeetingChanged
    | MinutesPublished
    | ResolutionSigned
    | LiaisonChanged
    | PostsChanged
    | DeadlinePassed
)
