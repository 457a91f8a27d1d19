"""The reply clock HF of a tracked message as data: state, policy, facts, and the table of 3.14 (domain.md 3.14, 5.9).

What the facts of a clock amount to is decided in `bot.domain.settling`; who moves a clock is in `bot.domain.sla`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Protocol

from bot.domain.ids import ChatKey, Code, DepartmentId, MessageKey, PersonId
from bot.domain.timers import TimerKind
from bot.domain.working_time import Segment
from bot.errors import RuleViolation

#: a message taken back within this time takes its answer with it (5.5)
RECALL_GRACE = timedelta(minutes=2)
#: an answer that is older than the question by no more than this is a matter of clocks (5.5)
SKEW = timedelta(seconds=60)
#: a message that reached or left the bot later than this is 延迟送达 (L-07)
LATE_DELIVERY = timedelta(minutes=5)
#: what is left to a department that cannot have known earlier, in working minutes (L-07, EC-21)
MINIMUM_MINUTES = 10
#: how long 还在等 can be pressed after a plain answer, in working minutes (L-04)
STILL_WAITING_MINUTES = 30
#: escalations after the first, two working hours apart (3.14)
REPEAT_MINUTES = 120
MAX_ESCALATIONS = 3
#: end of the 3rd working day: closed for counting (3.14)
CLOSE_AFTER_WORKDAYS = 3
#: a clock nobody can see any more runs one working day (3.14)
INVISIBLE_WORKDAYS = 1


class WorkingHours(Protocol):
    """What the rules need of `WorkingTime`."""

    @property
    def version(self) -> str: ...
    def add(self, start: datetime, minutes: int) -> datetime: ...
    def between(self, start: datetime, end: datetime) -> int: ...
    def is_working(self, at: datetime) -> bool: ...
    def segments(self, start: datetime, end: datetime) -> tuple[Segment, ...]: ...


class ClockState(StrEnum):
    """Stored states of 3.14; `paused` is computed for display."""

    RUNNING = "running"
    ANSWERED_IN_TIME = "answered_in_time"
    BREACHED = "breached"
    ANSWERED_LATE = "answered_late"
    CANCELLED = "cancelled"
    WAIVED = "waived"


OPEN = frozenset({ClockState.RUNNING, ClockState.BREACHED})


class ReactionAck(StrEnum):
    """Whether an emoji answers (A-10)."""

    NORMAL_ONLY = "normal_only"
    NONE = "none"
    ALL = "all"


class FactKind(StrEnum):
    """What can happen to a clock."""

    #: a further message of the same key (L-03)
    ATTACHED = "attached"
    #: a quote, thread reply or mention of the asker by a post holder
    ANSWER = "answer"
    #: a natural answer without mention (L-04)
    PLAIN_ANSWER = "plain_answer"
    #: the same by somebody else of the department
    MEMBER_ANSWER = "member_answer"
    #: the button, or a bare 收到 (L-05); with a text it is a one-line answer
    ACKNOWLEDGED = "acknowledged"
    REACTION = "reaction"
    REACTION_REMOVED = "reaction_removed"
    #: the asker took an asking message back
    RECALLED = "recalled"
    #: an answer was taken back
    ANSWER_RECALLED = "answer_recalled"
    #: an edit took the mention away
    MENTION_REMOVED = "mention_removed"
    #: 取消等待
    CALLED_OFF = "called_off"
    #: 还在等
    STILL_WAITING = "still_waiting"
    WAIVED = "waived"
    #: the bot left the group or the group was dissolved, and the reverse
    INVISIBLE = "invisible"
    VISIBLE = "visible"


class _Order(IntEnum):
    """Order of facts with equal times: recall, edit, reply, reaction, timer (5.8)."""

    RECALL = 0
    EDIT = 1
    REPLY = 2
    REACTION = 3
    OTHER = 4


_ORDER = {
    FactKind.RECALLED: _Order.RECALL,
    FactKind.ANSWER_RECALLED: _Order.RECALL,
    FactKind.MENTION_REMOVED: _Order.EDIT,
    FactKind.ATTACHED: _Order.EDIT,
    FactKind.ANSWER: _Order.REPLY,
    FactKind.PLAIN_ANSWER: _Order.REPLY,
    FactKind.MEMBER_ANSWER: _Order.REPLY,
    FactKind.ACKNOWLEDGED: _Order.REPLY,
    FactKind.REACTION: _Order.REACTION,
    FactKind.REACTION_REMOVED: _Order.REACTION,
}

#: facts that are a message, a press or an emoji of the answering side
ANSWERS = frozenset(
    {
        FactKind.ANSWER,
        FactKind.PLAIN_ANSWER,
        FactKind.MEMBER_ANSWER,
        FactKind.ACKNOWLEDGED,
        FactKind.REACTION,
    }
)
#: facts that say that a message does not exist any more
RECALLS = frozenset({FactKind.RECALLED, FactKind.ANSWER_RECALLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFact:
    """Something that happened, with the time that counts for it (5.8)."""

    kind: FactKind
    at: datetime
    by: PersonId | None = None
    #: whose post `by` stands in for, where that is somebody else
    standing_for: PersonId | None = None
    #: the message it is, or the message that was recalled, edited or reacted to
    message: MessageKey | None = None
    #: the emoji of a reaction, the reason of a waiver, the one-line answer of a button
    text: str = ""
    #: the message is 重点
    is_key: bool = False
    #: an answer without quote or mention, which the asker may refuse once (L-04)
    is_plain: bool = False
    #: by somebody of the department who holds no post there (5.5)
    by_member: bool = False

    @property
    def rank(self) -> tuple[datetime, int, str, str, str, str]:
        """Sort key: time, then the order of 5.8, then anything stable."""
        order = _ORDER.get(self.kind, _Order.OTHER)
        return (self.at, order, self.kind.value, str(self.message or ""), str(self.by or ""), self.text)

    @property
    def is_natural(self) -> bool:
        """An answer without quote or mention."""
        return self.is_plain or self.kind is FactKind.PLAIN_ANSWER


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaPolicy:
    """The limits a clock was started under, in working minutes of the target department (T-01, T-01a, T-01b).

    `nudge_minutes` 0 sends no reminder; it is the only value that a limit of one minute leaves room for.
    """

    reply_minutes: int = 30
    nudge_minutes: int = 20
    escalate_minutes: int = 60
    reaction_ack: ReactionAck = ReactionAck.NORMAL_ONLY
    reaction_allow: tuple[str, ...] = ("👍", "OK", "收到", "DONE")

    def check(self) -> None:
        """Raises RuleViolation `sla_too_loose` (R-40) or `sla_order` for values that may not be (5.9, EC-96)."""
        if not 1 <= self.reply_minutes <= 30:
            raise RuleViolation("sla_too_loose", {"rule": "R-40", "value": self.reply_minutes, "limit": 30})
        if not 0 <= self.nudge_minutes < self.reply_minutes < self.escalate_minutes:
            raise RuleViolation("sla_order", {"rule": "T-01"})

    @classmethod
    def of(cls, reply_minutes: int) -> SlaPolicy:
        """A policy of which only the limit was set: reminder and escalation keep the proportions of 20, 30 and 60."""
        return cls(
            reply_minutes=reply_minutes, nudge_minutes=reply_minutes * 2 // 3, escalate_minutes=reply_minutes * 2
        )


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
    #: 重点 from the start; `is_key` also knows of attached messages (L-03)
    asked_key: bool = False
    is_inquiry: bool = False
    started_at: datetime
    due_at: datetime
    nudge_at: datetime | None = None
    escalate_at: datetime | None = None
    #: earliest due instant whatever the calendar says (late delivery, EC-21)
    not_due_before: datetime | None = None
    policy: SlaPolicy = SlaPolicy()
    plan_version: str = ""
    calendar_version: str = ""
    facts: tuple[ClockFact, ...] = ()
    #: when the notices were written; a notice is written once
    nudged_at: datetime | None = None
    breached_at: datetime | None = None
    escalations: int = 0
    #: when the verdict was reached: answer, breach or cancellation (6.1 section 五)
    verdict_at: datetime | None = None
    #: when the bot knew of the first verdict that still stands for counting
    learned_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: PersonId | None = None
    answered_for: PersonId | None = None
    answer: MessageKey | None = None
    #: working seconds from start to answer (L-06)
    elapsed_seconds: int | None = None
    #: ack_only, other_member, recalled_afterwards, late_delivery, source_received, invisible
    flags: frozenset[str] = frozenset()
    closed_for_counting: bool = False
    #: when the wait was given up because nobody could see the chat any more (3.14)
    invisible_at: datetime | None = None
    #: when a verdict reached before was changed, and when it had been reached (L-32)
    corrected_at: datetime | None = None
    reported_verdict_at: datetime | None = None
    reason: str = ""
    excerpt: str = ""
    secrecy: int = 0
    version: int = 0

    @property
    def is_open(self) -> bool:
        """True while an answer is owed."""
        return self.state in OPEN

    @property
    def messages(self) -> frozenset[MessageKey]:
        """The asking messages: the first and those attached."""
        attached = (f.message for f in self.facts if f.kind is FactKind.ATTACHED and f.message is not None)
        return frozenset((self.message, *attached))

    @property
    def askers(self) -> frozenset[PersonId]:
        """Everybody who asked: the first and those whose messages were attached."""
        attached = (f.by for f in self.facts if f.kind is FactKind.ATTACHED and f.by is not None)
        return frozenset((self.asker, *attached))

    @property
    def attached_count(self) -> int:
        """How many further messages were attached."""
        return len(self.messages) - 1

    def covers(self, at: datetime) -> bool:
        """Was an answer owed at that instant, as far as is known now?"""
        if at < self.started_at or self.closed_for_counting:
            return False
        return self.is_open or (self.ended_at is not None and at < self.ended_at)

    @property
    def ended_at(self) -> datetime | None:
        """When the wait was over, None while an answer is owed."""
        return None if self.is_open else self.answered_at or self.verdict_at


#: 3.14 as a table: where facts and time can move a clock. Facts may arrive late and in any order, so that an answer can
#: still be overtaken by an earlier recall or turn out to have come in time; what was waived stays waived.
TABLE: dict[ClockState, frozenset[ClockState]] = {
    ClockState.RUNNING: frozenset(
        {
            ClockState.ANSWERED_IN_TIME,
            ClockState.ANSWERED_LATE,
            ClockState.BREACHED,
            ClockState.CANCELLED,
            ClockState.WAIVED,
        }
    ),
    ClockState.BREACHED: frozenset(
        {ClockState.ANSWERED_IN_TIME, ClockState.ANSWERED_LATE, ClockState.CANCELLED, ClockState.WAIVED}
    ),
    ClockState.ANSWERED_IN_TIME: frozenset(
        {ClockState.RUNNING, ClockState.BREACHED, ClockState.ANSWERED_LATE, ClockState.CANCELLED, ClockState.WAIVED}
    ),
    ClockState.ANSWERED_LATE: frozenset(
        {ClockState.RUNNING, ClockState.BREACHED, ClockState.ANSWERED_IN_TIME, ClockState.CANCELLED, ClockState.WAIVED}
    ),
    ClockState.CANCELLED: frozenset(
        {
            ClockState.RUNNING,
            ClockState.BREACHED,
            ClockState.ANSWERED_IN_TIME,
            ClockState.ANSWERED_LATE,
            ClockState.WAIVED,
        }
    ),
    ClockState.WAIVED: frozenset(),
}

#: what people may state on purpose, and in which states
COMMANDS: dict[FactKind, frozenset[ClockState]] = {
    FactKind.ACKNOWLEDGED: OPEN,
    FactKind.CALLED_OFF: frozenset({ClockState.RUNNING}),
    FactKind.STILL_WAITING: frozenset({ClockState.ANSWERED_IN_TIME, ClockState.ANSWERED_LATE}),
    FactKind.WAIVED: frozenset(ClockState) - {ClockState.WAIVED},
}

#: kinds of timers a clock may ever have
CLOCK_TIMERS = (TimerKind.SLA_NUDGE, TimerKind.SLA_BREACH, TimerKind.SLA_ESCALATE, TimerKind.SLA_CLOSE)
