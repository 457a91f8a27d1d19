"""The weekly progress report JB (domain.md 3.5, R-81, R-82; L-26): one obligation per item and ISO week. `MACHINE` is its table."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.calendar import Calendars
from bot.domain.form import Content
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.machine import Line, Machine
from bot.errors import RuleViolation

#: an item owes a report if it was in progress at least so many working days before the limit (3.5)
LEAST_WORKDAYS = 2
#: of a report on the same working day as its limit (K3)
SAME_DAY_CREDIT = 0.5
#: reports waived by a week without a meeting (L-26)
NO_MEETING = "例会免开"


class ReportState(StrEnum):
    """States of 3.5."""

    OPEN = "open"
    SUBMITTED = "submitted"
    MISSING = "missing"
    LATE = "late"
    WAIVED = "waived"
    #: the item left `in_progress` before it was due (L-26)
    VOID = "void"


class ReportAct(StrEnum):
    """Events of 3.5 and L-26."""

    SUBMIT = "submit"
    MISS = "miss"
    WAIVE = "waive"
    CORRECT = "correct"
    CONFIRM = "confirm"
    #: the item leaves `in_progress`, and comes back in time
    LEAVE = "leave"
    RETURN = "return"
    #: the weekly meeting is held on another day
    MOVE = "move"


MACHINE: Machine[ReportState, ReportAct] = Machine(
    "report",
    (
        Line((ReportState.OPEN,), ReportAct.SUBMIT, (ReportState.SUBMITTED, ReportState.LATE)),
        Line((ReportState.MISSING,), ReportAct.SUBMIT, (ReportState.LATE,)),
        Line((ReportState.OPEN,), ReportAct.MISS, (ReportState.MISSING,)),
        Line((ReportState.OPEN, ReportState.MISSING), ReportAct.WAIVE, (ReportState.WAIVED,)),
        Line((ReportState.SUBMITTED,), ReportAct.CORRECT, (ReportState.SUBMITTED,)),
        Line((ReportState.LATE,), ReportAct.CORRECT, (ReportState.LATE,)),
        Line((ReportState.SUBMITTED,), ReportAct.CONFIRM, (ReportState.SUBMITTED,)),
        Line((ReportState.LATE,), ReportAct.CONFIRM, (ReportState.LATE,)),
        Line((ReportState.OPEN,), ReportAct.LEAVE, (ReportState.VOID,)),
        Line((ReportState.VOID,), ReportAct.RETURN, (ReportState.OPEN,)),
        Line((ReportState.OPEN,), ReportAct.MOVE, (ReportState.OPEN,)),
    ),
)


def report_code(week: str, item: str) -> Code:
    """`JB-2026-W38-SX-2026-0007`; `week` is `2026-W38`."""
    return Code(f"JB-{week}-{item}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressReport:
    """One report. `content` is form F7."""

    code: Code
    item: Code
    week: str
    lead: DepartmentId
    state: ReportState
    due_at: datetime
    opened_at: datetime
    content: Content = field(default_factory=dict)
    submitted_by: PersonId | None = None
    submitted_at: datetime | None = None
    #: of a late one: 0.5 on the same working day, else 0 (K3)
    credit: float = 0.0
    confirmed_by: PersonId | None = None
    confirmed_at: datetime | None = None
    reason: str = ""
    revision: int = 0
    secrecy: int = 0
    access: tuple[PersonId, ...] = ()
    version: int = 0

    @property
    def is_submitted(self) -> bool:
        """Is there a report, in time or late?"""
        return self.state in {ReportState.SUBMITTED, ReportState.LATE}

    @property
    def may_be_corrected(self) -> bool:
        """Until the secretary confirmed it."""
        return self.is_submitted and self.confirmed_at is None


# ---------------------------------------------------------------- weeks


def week_of(calendars: Calendars, at: datetime) -> tuple[int, int]:
    """ISO year and week of an instant in company time."""
    iso = calendars.local(at).isocalendar()
    return iso.year, iso.week


def week_name(year: int, week: int) -> str:
    """`2026-W38`."""
    return f"{year}-W{week:02d}"


def is_owed(calendars: Calendars, *, started_at: datetime | None, due_at: datetime) -> bool:
    """Was the item in progress two working days before the limit (3.5)? An unknown beginning lies long ago."""
    if started_at is None:
        return True
    first, last = calendars.local(started_at).date(), calendars.local(due_at).date()
    return calendars.workdays_between(first, last) >= LEAST_WORKDAYS


# ---------------------------------------------------------------- acts


def submitted(
    report: ProgressReport, *, content: Content, by: PersonId, at: datetime, closing: datetime, accepted_until: datetime
) -> ProgressReport:
    """Handed in: in time, late with half a credit until `closing` of the day it was due, or late without one.

    Raises RuleViolation `report_closed` at `accepted_until`: the next one is due.
    """
    MACHINE.require(report.state, ReportAct.SUBMIT)
    if at >= accepted_until and report.due_at < at:
        raise RuleViolation("report_closed", {"code": report.code})
    in_time = report.state is ReportState.OPEN and at.replace(microsecond=0) <= report.due_at
    state = MACHINE.after(report.state, ReportAct.SUBMIT, ReportState.SUBMITTED if in_time else ReportState.LATE)
    late_credit = SAME_DAY_CREDIT if at <= closing else 0.0
    return replace(
        report,
        state=state,
        content=content,
        submitted_by=by,
        submitted_at=at,
        credit=1.0 if in_time else late_credit,
        revision=report.revision + 1,
    )


def corrected(report: ProgressReport, *, content: Content) -> ProgressReport:
    """Written anew; when it was handed in stays. Raises RuleViolation `report_confirmed`."""
    MACHINE.require(report.state, ReportAct.CORRECT)
    if not report.may_be_corrected:
        raise RuleViolation("report_confirmed", {"code": report.code})
    return replace(report, content=content, revision=report.revision + 1)


def confirmed(report: ProgressReport, *, by: PersonId, now: datetime) -> ProgressReport:
    """The secretary has seen the ledger (R-82). Raises RuleViolation `report_confirmed` the second time."""
    MACHINE.require(report.state, ReportAct.CONFIRM)
    if not report.may_be_corrected:
        raise RuleViolation("report_confirmed", {"code": report.code})
    return replace(report, confirmed_by=by, confirmed_at=now)


def passed(report: ProgressReport) -> ProgressReport:
    """Nothing came by its limit."""
    return replace(report, state=MACHINE.after(report.state, ReportAct.MISS, ReportState.MISSING))


def waived(report: ProgressReport, *, reason: str) -> ProgressReport:
    """Nobody waits for it."""
    return replace(report, state=MACHINE.after(report.state, ReportAct.WAIVE, ReportState.WAIVED), reason=reason)


def left(report: ProgressReport) -> ProgressReport:
    """The item is not in progress any more."""
    return replace(report, state=MACHINE.after(report.state, ReportAct.LEAVE, ReportState.VOID))


def returned(report: ProgressReport, *, due_at: datetime) -> ProgressReport:
    """The item is in progress again, early enough."""
    return replace(report, state=MACHINE.after(report.state, ReportAct.RETURN, ReportState.OPEN), due_at=due_at)


def moved(report: ProgressReport, *, due_at: datetime) -> ProgressReport:
    """The weekly meeting is held on another day."""
    return replace(report, state=MACHINE.after(report.state, ReportAct.MOVE, ReportState.OPEN), due_at=due_at)
