"""The meeting HY (domain.md 3.9, R-57..R-70): kinds, attendance, length, and the record that is owed afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import Code, DepartmentId, PersonId


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


class Presence(StrEnum):
    """Attendance."""

    PRESENT = "present"
    DELEGATE = "delegate"
    EXCUSED = "excused"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """One required or invited person; `by` is the delegate who came instead."""

    person: PersonId
    department: DepartmentId | None
    is_required: bool = True
    presence: Presence | None = None
    by: PersonId | None = None
    reason: str = ""
    #: answered the invitation: yes, no, maybe
    answer: str = ""


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
    #: progress report before a milestone meeting (R-67, T-19)
    report_due_at: datetime | None = None
    report_at: datetime | None = None
    report: str = ""
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
