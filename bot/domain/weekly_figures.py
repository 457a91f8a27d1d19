"""What one edition of the weekly report is made from and made of (domain.md 6.2). Counting stands in `weekly_report`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.domain.conflict import Conflict
from bot.domain.document import Document
from bot.domain.ids import DepartmentId
from bot.domain.issue import Grade, Issue
from bot.domain.item import Item
from bot.domain.item_light import Colour, Light
from bot.domain.liaison_change import LiaisonChange
from bot.domain.meeting import Meeting
from bot.domain.minutes import Minutes
from bot.domain.obligation import Obligation
from bot.domain.plan import Plan
from bot.domain.progress_report import ProgressReport
from bot.domain.reply_clock import ReplyClock
from bot.domain.response import ResponseFigures, one_decimal
from bot.domain.task import Task

#: a department's rate is shown from so many counted clocks (6.2 item 6)
SAMPLE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of so many; `percent` with one decimal, None of nothing."""

    part: int
    whole: int

    @property
    def percent(self) -> Decimal | None:
        """Half up."""
        return one_decimal(Decimal(100) * self.part / self.whole) if self.whole else None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekInput:
    """Everything that exists at the cut-off, as the repositories know it."""

    #: the ISO week, `2026-W38`, and the instants between which things are counted
    week: str
    start: datetime
    end: datetime
    departments: Sequence[DepartmentId]
    items: Sequence[Item]
    plans: Sequence[Plan]
    tasks: Sequence[Task]
    reports: Sequence[ProgressReport]
    issues: Sequence[Issue]
    conflicts: Sequence[Conflict]
    meetings: Sequence[Meeting]
    minutes: Sequence[Minutes]
    documents: Sequence[Document]
    changes: Sequence[LiaisonChange]
    clocks: Sequence[ReplyClock]
    obligations: Sequence[Obligation]
    #: level-2 objects of every kind that are not finished; the only place where they count
    confidential: int = 0
    stale_days: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Coloured:
    """An item that is not green, with its light."""

    item: Item
    light: Light


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a progress report says about one item."""

    item: Item
    done: str
    problems: str
    next: str
    is_late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What a department says in the meeting: of each item that it leads the report, or that there is none."""

    department: DepartmentId
    reports: tuple[Said, ...] = ()
    #: items whose report is not there although it was due, and those whose report is not due yet
    missing: tuple[Item, ...] = ()
    awaited: tuple[Item, ...] = ()
    #: tasks of the department: confirmed in the week, still open, late
    finished: int = 0
    open: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldMeeting:
    """One meeting of the week with its length."""

    meeting: Meeting
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Aims:
    """The four aims of the plan with one figure each (R-02)."""

    process: Share
    duty_conflicts: int
    reports: Share
    tasks: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Exceptions:
    """Numbers of what did not go the ordinary way in the week, and of limits that may still move (L-16)."""

    #: liaison changes without the ordinary notice
    emergencies: tuple[str, ...] = ()
    #: reply clocks that do not count
    waived: tuple[str, ...] = ()
    regraded: tuple[str, ...] = ()
    extended: tuple[str, ...] = ()
    #: open limits in a year whose official calendar is not known yet
    provisional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyReport:
    """The figures of one edition, section by section."""

    week: str
    start: datetime
    end: datetime
    aims: Aims
    lights: Mapping[Colour, int]
    coloured: tuple[Coloured, ...]
    departments: tuple[Reported, ...]
    issues_opened: int
    issues_closed: int
    issues_open: Mapping[Grade | None, int]
    issues_overdue: int
    issues_reopened: int
    oldest: tuple[Issue, ...]
    conflicts_opened: int
    conflicts_settled: int
    conflicts_ruled: int
    conflicts_open: int
    response: ResponseFigures
    response_of: Mapping[DepartmentId, Share]
    held: tuple[HeldMeeting, ...]
    minutes_on_time: Share
    synced: tuple[DepartmentId, ...]
    #: departments whose liaison was at no sync of the week yet
    unsynced: tuple[DepartmentId, ...]
    documents: int
    noncompliant: int
    stale: int
    exceptions: Exceptions
    confidential: int
