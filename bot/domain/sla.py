"""The reply clock HF of a tracked message (domain.md 3.14, 5.5, 5.8; R-40; rulings L-01 to L-08).

A clock keeps the facts it was told, each with the time at which it happened; its state is a pure function of these facts
(`settle`). So it does not matter in which order, how late or how often facts arrive. `TABLE` says which moves exist; a
command that would make another move is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Protocol

from bot.domain.decision import Decision
from bot.domain.ids import ChatKey, Code, DepartmentId, MessageKey, PersonId
from bot.domain.timers import Timer, TimerKind
from bot.domain.working_time import Segment
from bot.errors import RuleViolation

#: a message taken back within this time takes its answer with it (5.5)
RECALL_GRACE = timedelta(minutes=2)
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
MIN_REASON = 5


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
    #: the button, or a bare 收到 (L-05)
    ACKNOWLEDGED = "acknowledged"
    REACTION = "reaction"
    REACTION_REMOVED = "reaction_removed"
    #: the asker took the asking message back
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

_ANSWERS = frozenset(
    {
        FactKind.ANSWER,
        FactKind.PLAIN_ANSWER,
        FactKind.MEMBER_ANSWER,
        FactKind.ACKNOWLEDGED,
        FactKind.REACTION,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFact:
    """Something that happened, with the time that counts for it (5.8)."""

    kind: FactKind
    at: datetime
    by: PersonId | None = None
    #: whose post `by` stands in for, where that is somebody else
    standing_for: PersonId | None = None
    message: MessageKey | None = None
    text: str = ""
    is_key: bool = False

    @property
    def _rank(self) -> tuple[datetime, int, str, str]:
        return (self.at, _ORDER.get(self.kind, _Order.OTHER), self.kind.value, str(self.message or self.by or ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaPolicy:
    """The limits a clock was started under, in working minutes of the target department (T-01, T-01a, T-01b)."""

    reply_minutes: int = 30
    nudge_minutes: int = 20
    escalate_minutes: int = 60
    reaction_ack: ReactionAck = ReactionAck.NORMAL_ONLY
    reaction_allow: tuple[str, ...] = ("👍", "OK", "收到", "DONE")

    def check(self) -> None:
        """Raises RuleViolation `sla_too_loose` (R-40) or `sla_order` for values that may not be (5.9, EC-96)."""
        if not 1 <= self.reply_minutes <= 30:
            raise RuleViolation("sla_too_loose", {"rule": "R-40", "value": self.reply_minutes, "limit": 30})
        if not 0 < self.nudge_minutes < self.reply_minutes < self.escalate_minutes:
            raise RuleViolation("sla_order", {"rule": "T-01"})


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
    answered_at: datetime | None = None
    answered_by: PersonId | None = None
    answered_for: PersonId | None = None
    answer: MessageKey | None = None
    #: working seconds from start to answer (L-06)
    elapsed_seconds: int | None = None
    #: ack_only, other_member, recalled_afterwards, late_delivery, source_received, invisible, corrected
    flags: frozenset[str] = frozenset()
    closed_for_counting: bool = False
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
    def attached_count(self) -> int:
        """How many further messages were attached."""
        return len(self.messages) - 1


#: 3.14 as a table: where facts can move a clock. Facts may arrive late and in any order, so an answer can still be
#: overtaken by an earlier recall; what was waived stays waived.
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
    ClockState.CANCELLED: frozenset({ClockState.ANSWERED_IN_TIME, ClockState.WAIVED}),
    ClockState.WAIVED: frozenset(),
}

#: what people may state on purpose, and in which states
COMMANDS: dict[FactKind, frozenset[ClockState]] = {
    FactKind.ACKNOWLEDGED: OPEN,
    FactKind.CALLED_OFF: frozenset({ClockState.RUNNING}),
    FactKind.STILL_WAITING: frozenset({ClockState.ANSWERED_IN_TIME, ClockState.ANSWERED_LATE}),
    FactKind.WAIVED: frozenset(ClockState) - {ClockState.WAIVED},
}


# ---------------------------------------------------------------- events


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
    """An answer given in time arrived after the breach was announced: 更正 (P4)."""

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
    """The calendar changed; the due instant moved."""

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


# ---------------------------------------------------------------- starting


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What is needed to start a clock. `visible_at` is when the target could see the question (L-07)."""

    code: Code
    chat: ChatKey
    thread: str = ""
    message: MessageKey
    asker: PersonId
    asking_department: DepartmentId
    department: DepartmentId
    assignee: PersonId | None
    acting: PersonId | None
    is_key: bool = False
    is_inquiry: bool = False
    visible_at: datetime
    #: when the bot received the message, or sent its own for an inquiry
    handled_at: datetime
    source_flag: str = ""
    excerpt: str = ""
    secrecy: int = 0
    plan_version: str = ""


def start(opening: Opening, policy: SlaPolicy, hours: WorkingHours) -> ClockDecision:
    """A running clock. Raises RuleViolation `no_working_time` when no due instant can be computed (EC-26)."""
    flags = {opening.source_flag} - {""}
    not_before = None
    if opening.handled_at - opening.visible_at > LATE_DELIVERY:
        flags.add("late_delivery")
        not_before = hours.add(opening.handled_at, MINIMUM_MINUTES)
    clock = ReplyClock(
        code=opening.code,
        state=ClockState.RUNNING,
        chat=opening.chat,
        thread=opening.thread,
        message=opening.message,
        asker=opening.asker,
        asking_department=opening.asking_department,
        department=opening.department,
        assignee=opening.assignee,
        acting=opening.acting,
        is_key=opening.is_key,
        is_inquiry=opening.is_inquiry,
        started_at=opening.visible_at,
        due_at=opening.visible_at,
        not_due_before=not_before,
        policy=policy,
        plan_version=opening.plan_version,
        flags=frozenset(flags),
        excerpt=opening.excerpt,
        secrecy=opening.secrecy,
    )
    return Decision(_timed(clock, hours), (Started(opening.code),))


def _timed(clock: ReplyClock, hours: WorkingHours) -> ReplyClock:
    """The three instants of the policy by these hours."""
    due = hours.add(clock.started_at, clock.policy.reply_minutes)
    if clock.not_due_before is not None:
        due = max(due, clock.not_due_before)
    return replace(
        clock,
        due_at=due,
        nudge_at=hours.add(clock.started_at, clock.policy.nudge_minutes),
        escalate_at=max(due, hours.add(clock.started_at, clock.policy.escalate_minutes)),
        calendar_version=hours.version,
    )


# ---------------------------------------------------------------- settling


def settle(clock: ReplyClock, *, hours: WorkingHours) -> ReplyClock:
    """The state that the known facts make. Pure and independent of the order in which facts came.

    That a limit has passed is not a fact but a verdict of `breach`; once reached it stays until an answer or a recall
    that is older than the limit arrives.
    """
    facts = sorted(clock.facts, key=lambda fact: fact._rank)
    base = replace(
        clock,
        facts=tuple(facts),
        is_key=clock.is_key or any(f.is_key for f in facts if f.kind is FactKind.ATTACHED),
        answered_at=None,
        answered_by=None,
        answered_for=None,
        answer=None,
        elapsed_seconds=None,
        reason="",
        flags=clock.flags - {"ack_only", "other_member", "recalled_afterwards"},
    )
    waived = _first(facts, FactKind.WAIVED)
    if waived is not None:
        return replace(base, state=ClockState.WAIVED, verdict_at=waived.at, reason=waived.text)
    ended = _ending(base, facts)
    answer = _valid_answer(base, facts, hours)
    if answer is not None and (ended is None or answer.at <= ended.at):
        return _answered(base, answer, hours)
    if ended is not None:
        return replace(base, state=ClockState.CANCELLED, verdict_at=ended.at, reason=ended.kind.value)
    if "invisible" in base.flags:
        return replace(base, state=ClockState.CANCELLED, reason=FactKind.INVISIBLE.value)
    if any(f.kind is FactKind.RECALLED and f.at > base.due_at for f in facts):
        base = replace(base, flags=base.flags | {"recalled_afterwards"})
    if base.breached_at is not None:
        return replace(base, state=ClockState.BREACHED, verdict_at=base.due_at)
    return replace(base, state=ClockState.RUNNING, verdict_at=None)


def _first(facts: Iterable[ClockFact], kind: FactKind) -> ClockFact | None:
    return next((f for f in facts if f.kind is kind), None)


def _ending(clock: ReplyClock, facts: list[ClockFact]) -> ClockFact | None:
    """The first fact that ended the wait without an answer, at or before the due instant (EC-31, EC-92)."""
    ends = {FactKind.RECALLED, FactKind.MENTION_REMOVED, FactKind.CALLED_OFF}
    for fact in facts:
        if fact.kind not in ends or fact.at > clock.due_at:
            continue
        if fact.kind is FactKind.RECALLED and fact.message not in (None, clock.message):
            continue
        return fact
    return None


def _valid_answer(clock: ReplyClock, facts: list[ClockFact], hours: WorkingHours) -> ClockFact | None:
    """The first answer that counts and was not taken back (5.5, L-04, L-05)."""
    refused_plain = _refused_plain(clock, facts, hours)
    for fact in facts:
        if fact.kind not in _ANSWERS or fact is refused_plain:
            continue
        if fact.kind is FactKind.REACTION and not _reaction_counts(clock, fact):
            continue
        if fact.kind is FactKind.ACKNOWLEDGED and clock.is_key and not fact.text:
            continue
        if _taken_back(fact, facts):
            continue
        return fact
    return None


def _reaction_counts(clock: ReplyClock, fact: ClockFact) -> bool:
    if fact.text not in clock.policy.reaction_allow:
        return False
    match clock.policy.reaction_ack:
        case ReactionAck.NONE:
            return False
        case ReactionAck.ALL:
            return True
        case ReactionAck.NORMAL_ONLY:
            return not clock.is_key


def _taken_back(answer: ClockFact, facts: list[ClockFact]) -> bool:
    """Was this answer recalled within two minutes, or the reaction removed within two minutes?"""
    for fact in facts:
        if fact.at < answer.at or fact.at - answer.at > RECALL_GRACE:
            continue
        if fact.kind is FactKind.ANSWER_RECALLED and fact.message == answer.message and fact.message is not None:
            return True
        if fact.kind is FactKind.REACTION_REMOVED and answer.kind is FactKind.REACTION:
            same = fact.by == answer.by and fact.text == answer.text and fact.message == answer.message
            if same:
                return True
    return False


def _refused_plain(clock: ReplyClock, facts: list[ClockFact], hours: WorkingHours) -> ClockFact | None:
    """The plain answer that 还在等 refuses: the last one before it, within 30 working minutes; once a clock (L-04)."""
    pressed = _first(facts, FactKind.STILL_WAITING)
    if pressed is None:
        return None
    plain = [f for f in facts if f.kind is FactKind.PLAIN_ANSWER and f.at <= pressed.at]
    if not plain:
        return None
    if hours.between(max(plain[0].at, clock.started_at), pressed.at) > STILL_WAITING_MINUTES * 60:
        return None
    return plain[0]


def _answered(clock: ReplyClock, answer: ClockFact, hours: WorkingHours) -> ReplyClock:
    at = max(answer.at, clock.started_at)
    in_time = at.replace(microsecond=0) <= clock.due_at
    flags = set(clock.flags)
    if answer.kind in {FactKind.ACKNOWLEDGED, FactKind.REACTION}:
        flags.add("ack_only")
    if answer.kind is FactKind.MEMBER_ANSWER:
        flags.add("other_member")
    return replace(
        clock,
        state=ClockState.ANSWERED_IN_TIME if in_time else ClockState.ANSWERED_LATE,
        verdict_at=at if in_time else clock.due_at,
        answered_at=at,
        answered_by=answer.by,
        answered_for=answer.standing_for,
        answer=answer.message,
        elapsed_seconds=hours.between(clock.started_at, at),
        flags=frozenset(flags),
    )


# ---------------------------------------------------------------- events of facts


def tell(clock: ReplyClock, fact: ClockFact, *, hours: WorkingHours, now: datetime) -> ClockDecision:
    """Add a fact and settle. A fact that is known already changes nothing."""
    if _same(clock.facts, fact):
        return Decision(clock, ())
    settled = settle(replace(clock, facts=(*clock.facts, fact)), hours=hours)
    events = _events(clock, settled, fact)
    if any(isinstance(event, VerdictCorrected) for event in events):
        settled = replace(settled, corrected_at=now, reported_verdict_at=clock.verdict_at)
    return Decision(settled, events)


def command(clock: ReplyClock, fact: ClockFact, *, hours: WorkingHours, now: datetime) -> ClockDecision:
    """A fact that a person states on purpose. Raises RuleViolation `stale_card` when it is too late or moves nothing."""
    decision = tell(clock, fact, hours=hours, now=now) if clock.state in COMMANDS[fact.kind] else None
    if decision is None or decision.state.state is clock.state:
        raise RuleViolation("stale_card", {"state": clock.state.value})
    return decision


def _same(facts: Iterable[ClockFact], new: ClockFact) -> bool:
    """The same happening told twice: for messages and reactions by identity, else in full."""
    if new.message is not None and new.kind in _ANSWERS - {FactKind.ACKNOWLEDGED, FactKind.REACTION} | {
        FactKind.ATTACHED
    }:
        return any(f.message == new.message and f.kind in _ANSWERS | {FactKind.ATTACHED} for f in facts)
    return new in facts


def _events(before: ReplyClock, after: ReplyClock, fact: ClockFact) -> tuple[ClockEvent, ...]:
    if before.state is after.state:
        return (Attached(after.code),) if fact.kind is FactKind.ATTACHED else ()
    events: list[ClockEvent] = []
    was_told = before.breached_at is not None
    match after.state:
        case ClockState.ANSWERED_IN_TIME | ClockState.ANSWERED_LATE:
            in_time = after.state is ClockState.ANSWERED_IN_TIME
            if in_time and was_told:
                events.append(BreachWithdrawn(after.code))
            events.append(Answered(after.code, in_time, was_told))
        case ClockState.CANCELLED:
            events.append(Cancelled(after.code, after.reason))
        case ClockState.WAIVED:
            events.append(Waived(after.code))
        case ClockState.RUNNING | ClockState.BREACHED:
            events.append(Reopened(after.code))
    if before.verdict_at is not None and not (
        before.state is ClockState.BREACHED and after.state is ClockState.ANSWERED_LATE
    ):
        events.append(VerdictCorrected(after.code, before.state, after.state))
    return tuple(events)


# ---------------------------------------------------------------- what time does


def nudge(clock: ReplyClock, *, now: datetime) -> ClockDecision:
    """T-01a: remind once, if an answer is still owed and the limit has not passed."""
    if clock.state is not ClockState.RUNNING or clock.nudged_at is not None or now >= clock.due_at:
        return Decision(clock, ())
    return Decision(replace(clock, nudged_at=now), (Nudged(clock.code),))


def breach(clock: ReplyClock, *, now: datetime, hours: WorkingHours) -> ClockDecision:
    """T-01: the limit passed. The verdict is dated with the due instant, whenever it is noticed (EC-19)."""
    if clock.state is not ClockState.RUNNING or now < clock.due_at:
        return Decision(clock, ())
    breached = settle(replace(clock, breached_at=clock.due_at), hours=hours)
    return Decision(breached, (Breached(clock.code),))


def escalate(clock: ReplyClock, *, now: datetime) -> ClockDecision:
    """T-01b and its two repetitions; after them one end-of-day summary (3.14)."""
    if clock.state is not ClockState.BREACHED or clock.closed_for_counting:
        return Decision(clock, ())
    if clock.escalate_at is not None and now < clock.escalate_at:
        return Decision(clock, ())
    times = clock.escalations + 1
    told = replace(clock, escalations=times)
    event: ClockEvent = Escalated(clock.code, times) if times <= MAX_ESCALATIONS else SummaryDue(clock.code)
    return Decision(told, (event,))


def close(clock: ReplyClock, *, now: datetime) -> ClockDecision:
    """The end of the third working day after a breach, or of the working day after the group went dark (3.14)."""
    dark = dark_since(clock)
    if dark is not None and clock.is_open:
        reason = FactKind.INVISIBLE.value
        ended = replace(
            clock, state=ClockState.CANCELLED, verdict_at=now, reason=reason, flags=clock.flags | {"invisible"}
        )
        return Decision(ended, (Cancelled(clock.code, reason),))
    if clock.state is ClockState.BREACHED and not clock.closed_for_counting:
        return Decision(replace(clock, closed_for_counting=True), (ClosedForCounting(clock.code),))
    return Decision(clock, ())


def dark_since(clock: ReplyClock) -> datetime | None:
    """Since when nobody can see the chat; None while it can be seen."""
    last = [f for f in clock.facts if f.kind in {FactKind.INVISIBLE, FactKind.VISIBLE}]
    last.sort(key=lambda f: f.at)
    return last[-1].at if last and last[-1].kind is FactKind.INVISIBLE else None


def retime(clock: ReplyClock, *, now: datetime, hours: WorkingHours) -> ClockDecision:
    """The calendar changed: new instants for a running clock; nobody becomes late by recalculation alone (EC-20, EC-21)."""
    if clock.state is not ClockState.RUNNING:
        return Decision(clock, ())
    timed = _timed(clock, hours)
    if timed.due_at <= now < clock.due_at:
        floor = hours.add(now, MINIMUM_MINUTES)
        timed = replace(timed, not_due_before=floor, due_at=floor, escalate_at=max(floor, timed.escalate_at or floor))
    if timed.due_at == clock.due_at:
        return Decision(replace(timed, calendar_version=hours.version), ())
    return Decision(timed, (Retimed(clock.code, clock.due_at, timed.due_at),))


def reassign(clock: ReplyClock, *, assignee: PersonId | None, acting: PersonId | None) -> ReplyClock:
    """Responsibility moves with the post; the due instant stays (EC-50, 3.12)."""
    return replace(clock, assignee=assignee, acting=acting) if clock.is_open else clock


#: kinds of timers a clock may ever have
CLOCK_TIMERS = (TimerKind.SLA_NUDGE, TimerKind.SLA_BREACH, TimerKind.SLA_ESCALATE, TimerKind.SLA_CLOSE)


def timers_for(
    clock: ReplyClock, *, hours: WorkingHours, add_workdays: Callable[[datetime, int], datetime]
) -> tuple[Timer, ...]:
    """The timers that this state owes. `add_workdays` is the company calendar's (5.2)."""
    timers: list[Timer] = []

    def arm(kind: TimerKind, at: datetime | None) -> None:
        if at is not None:
            timers.append(Timer(kind=kind, ref=clock.code, due_at=at))

    dark = dark_since(clock)
    match clock.state:
        case ClockState.RUNNING:
            if clock.nudged_at is None:
                arm(TimerKind.SLA_NUDGE, clock.nudge_at)
            arm(TimerKind.SLA_BREACH, clock.due_at)
            if dark is not None:
                arm(TimerKind.SLA_CLOSE, add_workdays(dark, INVISIBLE_WORKDAYS))
        case ClockState.BREACHED:
            if not clock.closed_for_counting:
                arm(TimerKind.SLA_ESCALATE, _next_escalation(clock, hours, add_workdays))
                limit = add_workdays(clock.due_at, CLOSE_AFTER_WORKDAYS)
                arm(TimerKind.SLA_CLOSE, limit if dark is None else add_workdays(dark, INVISIBLE_WORKDAYS))
        case ClockState.ANSWERED_IN_TIME | ClockState.ANSWERED_LATE | ClockState.CANCELLED | ClockState.WAIVED:
            pass
    return tuple(timers)


def _next_escalation(
    clock: ReplyClock, hours: WorkingHours, add_workdays: Callable[[datetime, int], datetime]
) -> datetime | None:
    """60 working minutes from the start, then twice two working hours later, then the end of that day, then nothing."""
    if clock.escalate_at is None:
        return None
    if clock.escalations < MAX_ESCALATIONS:
        return (
            hours.add(clock.escalate_at, REPEAT_MINUTES * clock.escalations) if clock.escalations else clock.escalate_at
        )
    if clock.escalations == MAX_ESCALATIONS:
        last = hours.add(clock.escalate_at, REPEAT_MINUTES * (MAX_ESCALATIONS - 1))
        return add_workdays(last - timedelta(days=1), 1)
    return None


def is_paused(clock: ReplyClock, *, now: datetime, hours: WorkingHours) -> bool:
    """Display only: an answer is owed, but it is not working time for the department (3.14)."""
    return clock.state is ClockState.RUNNING and not hours.is_working(now)


def minutes_shown(seconds: int) -> int:
    """Working minutes as shown: rounded up (L-06)."""
    return -(-seconds // 60)


def check_reason(text: str) -> str:
    """The reason of a waiver: at least five visible characters (2.8). Raises RuleViolation `reason_required`."""
    visible = "".join(text.split())
    if len(visible) < MIN_REASON:
        raise RuleViolation("reason_required")
    return text.strip()
