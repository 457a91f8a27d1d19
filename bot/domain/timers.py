"""Kinds of timers. A timer is derived from state by `timers_for` and lives as one row (kind, ref, due)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TimerKind(StrEnum):
    """What a due timer is about; each kind has one handler and somebody who arms it."""

    #: T-01a: remind the assignee of a running reply clock
    SLA_NUDGE = "sla_nudge"
    #: T-01: a reply clock ran out
    SLA_BREACH = "sla_breach"
    #: T-01b and its at most two repetitions, then the end-of-day summary
    SLA_ESCALATE = "sla_escalate"
    #: a breached clock is closed for counting (end of the 3rd working day), or an invisible one is cancelled (1 wd)
    SLA_CLOSE = "sla_close"
    #: the leader's digest (6.1), re-armed in the transaction that fires it
    DIGEST = "digest"
    #: the daily check of every dedicated group (3.15)
    GROUP_CHECK = "group_check"
    #: the background sync of the platform's directory
    DIRECTORY_SYNC = "directory_sync"
    #: a leave begins or ends (3.17)
    LEAVE_START = "leave_start"
    LEAVE_END = "leave_end"
    #: warn while next year's calendar is missing (5.3 item 4)
    CALENDAR_CHECK = "calendar_check"
    #: something that an import or a job had to tell is written as soon as the engine runs
    NOTICE = "notice"
    #: daily 08:45-style duties that are not reports
    RETENTION = "retention"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """One thing to look at again at `due_at` (aware, UTC). (kind, ref) is unique."""

    kind: TimerKind
    ref: str
    due_at: datetime
    #: how often its handler failed since it was armed
    attempts: int = 0
