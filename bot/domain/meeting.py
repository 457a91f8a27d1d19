"""The meeting HY (domain.md 3.9, R-57..R-70): kinds, states, who is asked to come, and the record that is owed afterwards.

What each act does stands in `meeting_course`, attendance in `meeting_attendance`, what the kinds differ in in `meeting_kind`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.form import Content
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.machine import Line, Machine

#: more than so many moves are flagged (3.9)
MOVES_WITHOUT_FLAG = 2


class MeetingKind(StrEnum):
    """Kinds of 3.9."""

    WEEKLY = "weekly"
    MILESTONE = "milestone"
    ASSESSMENT = "assessment"
    COORDINATION = "coordination"
    SPECIAL = "special"
    ACCEPTANCE = "acceptance"
    SYNC = "sync"


class Node(StrEnum):
    """The three nodes of a milestone meeting (R-64)."""

    KICK_OFF = "启动"
    MID_TERM = "中期"
    PRE_ACCEPTANCE = "验收前"


class MeetingState(StrEnum):
    """States of 3.9."""

    SCHEDULED = "scheduled"
    IN_SESSION = "in_session"
    ENDED = "ended"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    MISSED = "missed"


class MeetingAct(StrEnum):
    """What can be done to a meeting, by people or by time."""

    #: participants answer the invitation or name who comes instead
    ANSWER = "answer"
    #: the progress report was distributed (R-67)
    REPORT = "report"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"
    #: a weekly date follows the calendar (5.7)
    SHIFT = "shift"
    SKIP = "skip"
    START = "start"
    MISS = "miss"
    #: host or secretary mark who came
    ATTEND = "attend"
    END = "end"
    #: the end that nobody gave (系统补记)
    ASSUME_END = "assume_end"
    #: the record is published or signed
    CLOSE = "close"


_SCHEDULED, _SESSION, _ENDED = MeetingState.SCHEDULED, MeetingState.IN_SESSION, MeetingState.ENDED
_MISSED, _CANCELLED = MeetingState.MISSED, MeetingState.CANCELLED

MACHINE: Machine[MeetingState, MeetingAct] = Machine(
    "meeting",
    (
        Line((_SCHEDULED,), MeetingAct.ANSWER, (_SCHEDULED,)),
        Line((_SCHEDULED,), MeetingAct.REPORT, (_SCHEDULED,)),
        Line((_SCHEDULED, _MISSED), MeetingAct.RESCHEDULE, (_SCHEDULED,)),
        Line((_SCHEDULED, _MISSED), MeetingAct.CANCEL, (_CANCELLED,)),
        Line((_SCHEDULED,), MeetingAct.SHIFT, (_SCHEDULED,)),
        Line((_SCHEDULED,), MeetingAct.SKIP, (MeetingState.SKIPPED,)),
        Line((_SCHEDULED,), MeetingAct.START, (_SESSION,)),
        Line((_SCHEDULED,), MeetingAct.MISS, (_MISSED,)),
        Line((_SCHEDULED,), MeetingAct.ATTEND, (_SCHEDULED,)),
        Line((_SESSION,), MeetingAct.ATTEND, (_SESSION,)),
        Line((_ENDED,), MeetingAct.ATTEND, (_ENDED,)),
        Line((_SESSION,), MeetingAct.END, (_ENDED,)),
        Line((_SESSION,), MeetingAct.ASSUME_END, (_ENDED,)),
        Line((_ENDED,), MeetingAct.CLOSE, (MeetingState.CLOSED,)),
    ),
)


class Presence(StrEnum):
    """Attendance."""

    PRESENT = "present"
    DELEGATE = "delegate"
    EXCUSED = "excused"
    ABSENT = "absent"


class Answer(StrEnum):
    """What an invited person said."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """One required or invited person; `by` is the delegate who comes instead."""

    person: PersonId
    department: DepartmentId | None
    is_required: bool = True
    presence: Presence | None = None
    by: PersonId | None = None
    reason: str = ""
    #: answered the invitation: yes, no, maybe
    answer: str = ""

    @property
    def counts_as_present(self) -> bool:
        """Somebody who is represented counts as present (3.9, K5)."""
        return self.presence in {Presence.PRESENT, Presence.DELEGATE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One meeting. `subject` is the object it is held for: a request, issue, item or acceptance."""

    code: Code
    kind: MeetingKind
    state: MeetingState
    title: str
    start_at: datetime
    planned_end_at: datetime
    host: PersonId | None
    host_department: DepartmentId | None = None
    subject: str = ""
    item: Code | None = None
    node: Node | None = None
    attendance: tuple[Attendance, ...] = ()
    agenda: tuple[str, ...] = ()
    place: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    #: minutes allowed; 0 for no limit
    limit_minutes: int = 0
    is_overrun: bool = False
    #: its end was put in by the program (系统补记)
    is_assumed: bool = False
    moves: int = 0
    #: the ISO week a weekly meeting or sync belongs to, `2026-W38`
    week: str = ""
    #: lead and cooperating departments of what it is about
    lead: DepartmentId | None = None
    coop: tuple[DepartmentId, ...] = ()
    #: the secretary wants to cancel a weekly meeting and waits for the leader’s consent (3.9)
    cancel_asked_by: PersonId | None = None
    #: progress report before a milestone meeting (R-67, T-19)
    report_due_at: datetime | None = None
    report_at: datetime | None = None
    report: str = ""
    #: form F10 as it was distributed
    report_content: Content = field(default_factory=dict)
    report_by: PersonId | None = None
    #: minutes, sync record, resolution or opinion that came of it
    record: str = ""
    record_due_at: datetime | None = None
    reason: str = ""
    created_by: PersonId | None = None
    created_at: datetime | None = None
    secrecy: int = 0
    access: tuple[PersonId, ...] = ()
    version: int = 0

    @property
    def participants(self) -> tuple[PersonId, ...]:
        """Everybody who was asked to come."""
        return tuple(a.person for a in self.attendance)

    @property
    def everybody(self) -> tuple[PersonId, ...]:
        """Host, participants and those who come instead, once each."""
        hosts = (self.host,) if self.host is not None else ()
        stand_ins = (a.by for a in self.attendance if a.by is not None)
        return tuple(dict.fromkeys((*hosts, *self.participants, *stand_ins)))

    @property
    def duration(self) -> timedelta | None:
        """How long it took; None before its end."""
        if self.started_at is None or self.ended_at is None:
            return None
        return self.ended_at - self.started_at

    @property
    def was_held(self) -> bool:
        """Did it take place?"""
        return self.ended_at is not None and self.state in {MeetingState.ENDED, MeetingState.CLOSED}

    @property
    def is_moved_often(self) -> bool:
        """More than two moves are flagged (3.9)."""
        return self.moves > MOVES_WITHOUT_FLAG

    @property
    def lacks_report(self) -> bool:
        """报告未分发: a milestone meeting whose progress report was not distributed (R-67)."""
        return self.kind is MeetingKind.MILESTONE and self.report_at is None

    def attendance_of(self, person: PersonId) -> Attendance | None:
        """The person's own line; None for somebody who was not asked."""
        return next((a for a in self.attendance if a.person == person), None)
