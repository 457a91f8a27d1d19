"""Who moves a reply clock, and when: facts, commands and time (domain.md 3.14, 5.8; R-40; rulings L-01 to L-08).

A clock keeps the facts it was told, each with the time at which it happened; its state is a pure function of these facts
(`bot.domain.settling`). Nothing here remembers or sends: every function answers with the new clock and what happened.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.clock_events import (
    Answered,
    Attached,
    Breached,
    BreachWithdrawn,
    Cancelled,
    ClockDecision,
    ClockEvent,
    ClosedForCounting,
    Escalated,
    Nudged,
    Reopened,
    Retimed,
    Started,
    SummaryDue,
    VerdictCorrected,
    Waived,
)
from bot.domain.clock_timers import timers_for
from bot.domain.decision import Decision
from bot.domain.ids import ChatKey, Code, DepartmentId, MessageKey, PersonId
from bot.domain.reply_clock import (
    ANSWERS,
    CLOCK_TIMERS,
    COMMANDS,
    LATE_DELIVERY,
    MAX_ESCALATIONS,
    MINIMUM_MINUTES,
    OPEN,
    RECALLS,
    REPEAT_MINUTES,
    TABLE,
    ClockFact,
    ClockState,
    FactKind,
    ReactionAck,
    ReplyClock,
    SlaPolicy,
    WorkingHours,
)
from bot.domain.retiming import is_spared
from bot.domain.settling import dark_since, is_dark, settle, to_second
from bot.errors import RuleViolation

__all__ = [
    "CLOCK_TIMERS",
    "COMMANDS",
    "OPEN",
    "TABLE",
    "Answered",
    "Attached",
    "BreachWithdrawn",
    "Breached",
    "Cancelled",
    "ClockDecision",
    "ClockEvent",
    "ClockFact",
    "ClockState",
    "ClosedForCounting",
    "Escalated",
    "FactKind",
    "Nudged",
    "Opening",
    "ReactionAck",
    "Reopened",
    "ReplyClock",
    "Retimed",
    "SlaPolicy",
    "Started",
    "SummaryDue",
    "VerdictCorrected",
    "Waived",
    "WorkingHours",
    "breach",
    "breach_in_doubt",
    "changes",
    "check_reason",
    "close",
    "command",
    "dark_since",
    "escalate",
    "is_paused",
    "minutes_shown",
    "nudge",
    "reassign",
    "retime",
    "seen_from",
    "settle",
    "start",
    "tell",
    "timers_for",
]

MIN_REASON = 5

#: what only the person who asked may state (L-23)
_BY_ASKER = frozenset({FactKind.CALLED_OFF, FactKind.STILL_WAITING})


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
        asked_key=opening.is_key,
        is_inquiry=opening.is_inquiry,
        started_at=opening.visible_at,
        due_at=opening.visible_at,
        policy=policy,
        plan_version=opening.plan_version,
        flags=frozenset({opening.source_flag} - {""}),
        excerpt=opening.excerpt,
        secrecy=opening.secrecy,
    )
    clock = _seen_late(clock, since=opening.visible_at, now=opening.handled_at, hours=hours)
    return Decision(_timed(clock, hours), (Started(opening.code),))


def _seen_late(clock: ReplyClock, *, since: datetime, now: datetime, hours: WorkingHours) -> ReplyClock:
    """L-07: what the bot handled more than five minutes late leaves ten working minutes from then."""
    if now - since <= LATE_DELIVERY:
        return clock
    return _not_due_before(replace(clock, flags=clock.flags | {"late_delivery"}), hours.add(now, MINIMUM_MINUTES))


def _not_due_before(clock: ReplyClock, floor: datetime) -> ReplyClock:
    return replace(clock, not_due_before=max(floor, clock.not_due_before or floor))


def _timed(clock: ReplyClock, hours: WorkingHours) -> ReplyClock:
    """The three instants of the policy by these hours."""
    policy = clock.policy
    due = hours.add(clock.started_at, policy.reply_minutes)
    if clock.not_due_before is not None:
        due = max(due, clock.not_due_before)
    return replace(
        clock,
        due_at=due,
        nudge_at=hours.add(clock.started_at, policy.nudge_minutes) if policy.nudge_minutes else None,
        escalate_at=max(due, hours.add(clock.started_at, policy.escalate_minutes)),
        calendar_version=hours.version,
    )


def seen_from(clock: ReplyClock, *, at: datetime, hours: WorkingHours) -> ReplyClock:
    """The clock of an inquiry whose message reached the target at that instant: that is when it starts (L-07)."""
    if clock.state is not ClockState.RUNNING:
        return clock
    return _timed(replace(clock, started_at=at), hours)


# ---------------------------------------------------------------- facts


def tell(clock: ReplyClock, fact: ClockFact, *, hours: WorkingHours, now: datetime) -> ClockDecision:
    """Add a fact and settle. A fact that is known already changes nothing."""
    if _is_known(clock, fact):
        return Decision(clock, ())
    told = replace(clock, facts=(*clock.facts, fact))
    if fact.kind in {FactKind.INVISIBLE, FactKind.VISIBLE}:
        told = _resurfaced(told, hours)
    return _settled(clock, told, hours=hours, now=now, attached=fact.kind is FactKind.ATTACHED)


def command(clock: ReplyClock, fact: ClockFact, *, hours: WorkingHours, now: datetime) -> ClockDecision:
    """A fact that a person states on purpose.

    Raises RuleViolation: `stale_card` when it is too late or moves nothing, `no_right` when somebody else than the asker
    speaks for the asker (L-23), `reason_required` for a waiver without a reason, `answer_required` when a 重点 message is
    acknowledged without a line of answer (5.5).
    """
    if fact.kind in _BY_ASKER and fact.by != clock.asker:
        raise RuleViolation("no_right")
    if clock.state not in COMMANDS[fact.kind]:
        raise RuleViolation("stale_card", {"state": clock.state.value})
    if fact.kind is FactKind.WAIVED:
        check_reason(fact.text)
    if fact.kind is FactKind.ACKNOWLEDGED and clock.is_key and not fact.text.strip():
        raise RuleViolation("answer_required")
    decision = tell(clock, fact, hours=hours, now=now)
    if decision.state.state is clock.state:
        raise RuleViolation("stale_card", {"state": clock.state.value})
    return decision


def _is_known(clock: ReplyClock, new: ClockFact) -> bool:
    """The same happening told twice: messages by their identity, everything else in full."""
    if new.message is None or new.kind in {FactKind.REACTION, FactKind.REACTION_REMOVED}:
        return new in clock.facts
    if new.kind is FactKind.ATTACHED:
        return new.message in clock.messages
    if new.kind in RECALLS:
        return any(f.kind in RECALLS and f.message == new.message for f in clock.facts)
    if new.kind in ANSWERS:
        kinds = ANSWERS - {FactKind.REACTION}
        return any(f.kind in kinds and f.message == new.message for f in clock.facts)
    return new in clock.facts


def _resurfaced(clock: ReplyClock, hours: WorkingHours) -> ReplyClock:
    """A due instant that passed out of sight cannot be judged: ten working minutes remain when the chat is seen again."""
    if clock.state is not ClockState.RUNNING or not is_dark(clock, at=clock.due_at):
        return clock
    seen = min((f.at for f in clock.facts if f.kind is FactKind.VISIBLE and f.at > clock.due_at), default=None)
    return clock if seen is None else _timed(_not_due_before(clock, hours.add(seen, MINIMUM_MINUTES)), hours)


def _settled(
    before: ReplyClock, told: ReplyClock, *, hours: WorkingHours, now: datetime, attached: bool
) -> ClockDecision:
    """Settle, and say what changed from `before`."""
    after = settle(told, hours=hours)
    events = changes(before, after, attached=attached)
    if any(isinstance(event, VerdictCorrected) for event in events):
        after = replace(after, corrected_at=now, reported_verdict_at=before.reported_verdict_at or before.verdict_at)
    return Decision(_learned(before, after, now), events)


def _learned(before: ReplyClock, after: ReplyClock, now: datetime) -> ReplyClock:
    """Keep when the first standing verdict became known; a clock that runs again has none."""
    if after.verdict_at is None:
        return replace(after, learned_at=None)
    return after if before.learned_at is not None else replace(after, learned_at=now)


def changes(before: ReplyClock, after: ReplyClock, *, attached: bool = False) -> tuple[ClockEvent, ...]:
    """What can be told of a clock that went from one state to another by facts."""
    events: list[ClockEvent] = []
    if attached:
        events.append(Attached(after.code))
    if after.state is ClockState.RUNNING and before.state is ClockState.RUNNING and after.due_at != before.due_at:
        events.append(Retimed(after.code, before.due_at, after.due_at))
    if before.state is after.state:
        return tuple(events)
    match after.state:
        case ClockState.ANSWERED_IN_TIME | ClockState.ANSWERED_LATE:
            is_in_time = after.state is ClockState.ANSWERED_IN_TIME
            was_told = before.breached_at is not None
            if is_in_time and was_told:
                events.append(BreachWithdrawn(after.code))
            events.append(Answered(after.code, is_in_time, was_told))
        case ClockState.CANCELLED:
            if before.state is ClockState.BREACHED:
                events.append(BreachWithdrawn(after.code))
            events.append(Cancelled(after.code, after.reason))
        case ClockState.WAIVED:
            events.append(Waived(after.code))
        case ClockState.RUNNING | ClockState.BREACHED:
            events.append(Reopened(after.code))
    answered_after_breach = before.state is ClockState.BREACHED and after.state is ClockState.ANSWERED_LATE
    if before.verdict_at is not None and not answered_after_breach:
        events.append(VerdictCorrected(after.code, before.state, after.state))
    return tuple(events)


# ---------------------------------------------------------------- what time does


def nudge(clock: ReplyClock, *, now: datetime) -> ClockDecision:
    """T-01a: remind once, if an answer is still owed and the limit has not passed."""
    if clock.state is not ClockState.RUNNING or clock.nudged_at is not None or now >= clock.due_at:
        return Decision(clock, ())
    return Decision(replace(clock, nudged_at=now), (Nudged(clock.code),))


def breach(clock: ReplyClock, *, now: datetime, hours: WorkingHours) -> ClockDecision:
    """T-01: the limit passed. The verdict is dated with the due instant, whenever it is noticed (EC-19).

    While the chat is out of sight nothing is judged (3.14).
    """
    if clock.state is not ClockState.RUNNING or now < clock.due_at or is_dark(clock, at=clock.due_at):
        return Decision(clock, ())
    breached = settle(replace(clock, breached_at=clock.due_at), hours=hours)
    return Decision(_learned(clock, breached, now), (Breached(clock.code),))


def escalate(clock: ReplyClock, *, now: datetime, hours: WorkingHours) -> ClockDecision:
    """T-01b and its two repetitions; after them one end-of-day summary (3.14).

    What fell due while the program was down is told once, not once for each repetition (EC-19).
    """
    if clock.state is not ClockState.BREACHED or clock.closed_for_counting:
        return Decision(clock, ())
    if clock.escalate_at is None or now < clock.escalate_at or clock.escalations > MAX_ESCALATIONS:
        return Decision(clock, ())
    if clock.escalations == MAX_ESCALATIONS:
        return Decision(replace(clock, escalations=MAX_ESCALATIONS + 1), (SummaryDue(clock.code),))
    elapsed = 1 + hours.between(clock.escalate_at, now) // (REPEAT_MINUTES * 60)
    times = min(elapsed, MAX_ESCALATIONS)
    if times <= clock.escalations:
        return Decision(clock, ())
    return Decision(replace(clock, escalations=times), (Escalated(clock.code, times),))


def close(clock: ReplyClock, *, now: datetime) -> ClockDecision:
    """The end of the third working day after a breach, or of the working day after the group went dark (3.14).

    A breach stays one when the group disappears: otherwise removing the bot would erase it (EC-92).
    """
    if clock.state is ClockState.RUNNING and dark_since(clock) is not None:
        reason = FactKind.INVISIBLE.value
        ended = replace(
            clock,
            state=ClockState.CANCELLED,
            invisible_at=now,
            verdict_at=now,
            learned_at=now,
            reason=reason,
            flags=clock.flags | {"invisible"},
        )
        return Decision(ended, (Cancelled(clock.code, reason),))
    if clock.state is ClockState.BREACHED and not clock.closed_for_counting:
        return Decision(replace(clock, closed_for_counting=True), (ClosedForCounting(clock.code),))
    return Decision(clock, ())


def retime(clock: ReplyClock, *, now: datetime, hours: WorkingHours) -> ClockDecision:
    """The calendar changed: new instants for a running clock (EC-20, EC-21).

    Nobody becomes late by recalculation alone: a due instant that moves forward leaves ten working minutes from now, and
    one that has passed already never moves forward.
    """
    if clock.state is not ClockState.RUNNING:
        return Decision(clock, ())
    timed = _timed(clock, hours)
    if timed.due_at < clock.due_at:
        if clock.due_at <= now:
            return Decision(clock, ())
        floor = hours.add(now, MINIMUM_MINUTES)
        if timed.due_at < floor:
            timed = _timed(_not_due_before(clock, floor), hours)
    if timed.due_at == clock.due_at:
        return Decision(timed, ())
    return Decision(timed, (Retimed(clock.code, clock.due_at, timed.due_at),))


def breach_in_doubt(clock: ReplyClock, *, hours: WorkingHours, now: datetime) -> bool:
    """Would this breach not have happened under these hours? Listed for the secretary to waive, never undone (EC-20)."""
    if clock.state not in {ClockState.BREACHED, ClockState.ANSWERED_LATE}:
        return False
    until = to_second(clock.answered_at or now)
    return is_spared(clock.due_at, _timed(clock, hours).due_at, until=until)


def reassign(clock: ReplyClock, *, assignee: PersonId | None, acting: PersonId | None) -> ReplyClock:
    """Responsibility moves with the post; the due instant stays (EC-50, 3.12)."""
    return replace(clock, assignee=assignee, acting=acting) if clock.is_open else clock


# ---------------------------------------------------------------- display


def is_paused(clock: ReplyClock, *, now: datetime, hours: WorkingHours) -> bool:
    """Display only: an answer is owed, but it is not working time for the department (3.14)."""
    return clock.state is ClockState.RUNNING and not hours.is_working(now)


def minutes_shown(seconds: int) -> int:
    """Working minutes as shown: rounded up (L-06)."""
    return -(-seconds // 60)


def check_reason(text: str) -> str:
    """The reason without blanks around it: five characters that can be seen, at least one of them a letter or digit.

    Raises RuleViolation `reason_required` (2.8, EC-14, EC-16).
    """
    visible = [c for c in text if unicodedata.category(c)[0] not in "CZ"]
    if len(visible) < MIN_REASON or not any(unicodedata.category(c)[0] in "LN" for c in visible):
        raise RuleViolation("reason_required")
    return text.strip()
