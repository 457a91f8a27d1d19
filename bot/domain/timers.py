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
    #: the next step of an open deadline: due soon, overdue, the daily repetition (2.3); ref is the obligation's key
    DEADLINE = "deadline"
    #: what was collected for one person goes out as one message (2.3, L-10); ref is the person
    REMINDERS = "reminders"
    #: a draft nobody touched for 30 days (3.1); ref is the request
    REQUEST_IDLE = "request_idle"
    #: an item's expected resume date (3.3)
    ITEM_RESUME = "item_resume"
    #: the Monday of an ISO week: weekly meeting, sync, report obligations (5.7, L-26)
    WEEK_START = "week_start"
    #: the pre-meeting pack (6.2), re-armed when the weekly meeting moves
    WEEKLY_PACK = "weekly_pack"
    #: a meeting is near (30 minutes), is getting long (T-18a), was never ended or never started (3.9); ref is the meeting
    MEETING_NEAR = "meeting_near"
    MEETING_LONG = "meeting_long"
    MEETING_OPEN_END = "meeting_open_end"
    MEETING_UNHELD = "meeting_unheld"
    #: last call for the liaison sync of the week (R-53)
    SYNC_CALL = "sync_call"
    #: T-14: the leader has not acknowledged a major issue
    MAJOR_ACK = "major_ack"
    #: a liaison change takes effect at 00:00 (3.12)
    LIAISON_EFFECTIVE = "liaison_effective"
    #: a document's weekly look: stale (T-26), rights still empty (R-48)
    DOCUMENTS = "documents"
    #: first working day of the month: scorecards, candidates (6.4, 6.5); plan revision and training reminders (3.18)
    MONTHLY = "monthly"
    #: the nightly coverage audit
    COVERAGE = "coverage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """One thing to look at again at `due_at` (aware, UTC). (kind, ref) is unique."""

    kind: TimerKind
    ref: str
    due_at: datetime
    #: how often its handler failed since it was armed
    attempts: int = 0
