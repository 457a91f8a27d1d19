"""The reply clock HF of a tracked message (domain.md 3.14, 5.4, 5.5; R-40; rulings L-01 to L-08)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import ChatKey, Code, DepartmentId, MessageKey, PersonId


class ClockState(StrEnum):
    """Stored states of 3.14; `paused` is computed for display."""

    RUNNING = "running"
    ANSWERED_IN_TIME = "answered_in_time"
    BREACHED = "breached"
    ANSWERED_LATE = "answered_late"
    CANCELLED = "cancelled"
    WAIVED = "waived"


class ReactionAck(StrEnum):
    """Whether an emoji answers (A-10)."""

    NORMAL_ONLY = "normal_only"
    NONE = "none"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaPolicy:
    """The limits a clock was started under, in working minutes of the target department (T-01, T-01a, T-01b)."""

    reply_minutes: int = 30
    nudge_minutes: int = 20
    escalate_minutes: int = 60
    reaction_ack: ReactionAck = ReactionAck.NORMAL_ONLY
    reaction_allow: tuple[str, ...] = ("👍", "OK", "收到", "DONE")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyClock:
    """One clock per (chat or thread, target department, asking department). Instants are aware and UTC."""

    code: Code
    state: ClockState
    chat: ChatKey
    thread: str = ""
    #: the message that started it
    message: MessageKey
    asker: PersonId
    asking_department: DepartmentId
    department: DepartmentId
    #: the post holder asked for; a delegate answers in his or her place (L-02)
    assignee: PersonId | None
    #: who has to act now: the assignee or the person standing in
    acting: PersonId | None = None
    is_key: bool = False
    is_inquiry: bool = False
    started_at: datetime
    due_at: datetime
    nudge_at: datetime | None = None
    escalate_at: datetime | None = None
    policy: SlaPolicy = SlaPolicy()
    plan_version: str = ""
    calendar_version: str = ""
    attached: tuple[MessageKey, ...] = ()
    nudged_at: datetime | None = None
    breached_at: datetime | None = None
    escalations: int = 0
    verdict_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: PersonId | None = None
    answered_for: PersonId | None = None
    answer: MessageKey | None = None
    #: working seconds from start to answer (L-06)
    elapsed_seconds: int | None = None
    #: names of 3.14 and 5.5: ack_only, recalled_afterwards, other_member, late_delivery, source_received, …
    flags: frozenset[str] = frozenset()
    closed_for_counting: bool = False
    reason: str = ""
    excerpt: str = ""
    secrecy: int = 0
    version: int = 0
