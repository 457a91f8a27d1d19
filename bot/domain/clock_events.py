"""What can be told about a reply clock: a closed union of events in the past tense (domain.md 3.14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.decision import Decision
from bot.domain.ids import Code
from bot.domain.reply_clock import ClockState, ReplyClock


@dataclass(frozen=True, slots=True)
class Started:
    """A clock began to run."""

    code: Code


@dataclass(frozen=True, slots=True)
class Attached:
    """A further message belongs to a running clock."""

    code: Code


@dataclass(frozen=True, slots=True)
class Nudged:
    """The assignee is reminded (T-01a)."""

    code: Code


@dataclass(frozen=True, slots=True)
class Breached:
    """The limit passed without an answer (T-01)."""

    code: Code


@dataclass(frozen=True, slots=True)
class Escalated:
    """The head is told, for the `times`-th time (T-01b)."""

    code: Code
    times: int


@dataclass(frozen=True, slots=True)
class SummaryDue:
    """No more single notices: an end-of-day summary for the head."""

    code: Code


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer stopped the clock. `was_told` means that a breach had been announced before."""

    code: Code
    in_time: bool
    was_told: bool


@dataclass(frozen=True, slots=True)
class BreachWithdrawn:
    """A breach was announced that was none: the answer had come, or the wait had ended, in time. 更正 (P4, 5.8)."""

    code: Code


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Nobody waits any more; not counted."""

    code: Code
    reason: str


@dataclass(frozen=True, slots=True)
class Waived:
    """The secretary took the clock out of the count (P-49)."""

    code: Code


@dataclass(frozen=True, slots=True)
class Reopened:
    """An answer turned out not to be one; the old due instant counts."""

    code: Code


@dataclass(frozen=True, slots=True)
class Retimed:
    """The due instant moved: the calendar changed, or the group can be seen again."""

    code: Code
    old_due: datetime
    new_due: datetime


@dataclass(frozen=True, slots=True)
class ClosedForCounting:
    """Three working days without an answer; the asker is offered `/问题`."""

    code: Code


@dataclass(frozen=True, slots=True)
class VerdictCorrected:
    """A verdict that was reached before changed; reported once as 更正 (L-32)."""

    code: Code
    before: ClockState
    after: ClockState


ClockEvent = (
    Started
    | Attached
    | Nudged
    | Breached
    | Escalated
    | SummaryDue
    | Answered
    | BreachWithdrawn
    | Cancelled
    | Waived
    | Reopened
    | Retimed
    | ClosedForCounting
    | VerdictCorrected
)
ClockDecision = Decision[ReplyClock, ClockEvent]
