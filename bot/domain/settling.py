"""What the known facts of a reply clock amount to (domain.md 3.14, 5.5, 5.8; L-03 to L-06).

`settle` is a pure function of the set of facts. In which order, how late or how often facts arrived makes no difference,
so a redelivered or delayed event can never make another verdict than the same event in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.ids import MessageKey
from bot.domain.reply_clock import (
    ANSWERS,
    RECALL_GRACE,
    RECALLS,
    SKEW,
    STILL_WAITING_MINUTES,
    ClockFact,
    ClockState,
    FactKind,
    ReactionAck,
    ReplyClock,
    WorkingHours,
)

#: flags that follow from facts; the others were set when the clock was started
_DERIVED_FLAGS = frozenset({"ack_only", "other_member", "recalled_afterwards", "invisible"})


def settle(clock: ReplyClock, *, hours: WorkingHours) -> ReplyClock:
    """The state that the known facts make.

    That a limit has passed is not a fact but a verdict of `breach`; once reached it stays until an answer or a recall
    that is older than the limit arrives. The same holds for `invisible_at`.
    """
    facts = sorted(clock.facts, key=lambda fact: fact.rank)
    base = replace(
        clock,
        facts=tuple(facts),
        is_key=_is_key(clock, facts, until=None),
        verdict_at=None,
        answered_at=None,
        answered_by=None,
        answered_for=None,
        answer=None,
        elapsed_seconds=None,
        reason="",
        flags=clock.flags - _DERIVED_FLAGS,
    )
    waived = _first(facts, FactKind.WAIVED)
    if waived is not None:
        return replace(base, state=ClockState.WAIVED, verdict_at=waived.at, reason=waived.text)
    ended = _ending(base, facts)
    answer = _standing_answer(base, facts, hours)
    if answer is not None and (ended is None or answer.rank < ended.rank):
        return _answered(base, answer, hours)
    if ended is not None:
        return replace(base, state=ClockState.CANCELLED, verdict_at=ended.at, reason=ended.kind.value)
    if base.invisible_at is not None and is_dark(base, at=base.invisible_at):
        return replace(
            base,
            state=ClockState.CANCELLED,
            verdict_at=base.invisible_at,
            reason=FactKind.INVISIBLE.value,
            flags=base.flags | {"invisible"},
        )
    if base.breached_at is not None:
        return replace(base, state=ClockState.BREACHED, verdict_at=base.due_at, flags=_with_recall(base))
    return replace(base, state=ClockState.RUNNING)


def in_time(at: datetime, due_at: datetime) -> bool:
    """The verdict: cut to the second, not after the due instant (A-05, L-06)."""
    return to_second(at) <= due_at


def to_second(at: datetime) -> datetime:
    """Cut to the second; what is measured and shown has no finer unit (L-06)."""
    return at.replace(microsecond=0)


def is_dark(clock: ReplyClock, *, at: datetime) -> bool:
    """Was the chat out of sight at that instant?"""
    seen = [f for f in clock.facts if f.kind in {FactKind.INVISIBLE, FactKind.VISIBLE} and f.at <= at]
    return bool(seen) and max(seen, key=lambda f: f.rank).kind is FactKind.INVISIBLE


def dark_since(clock: ReplyClock) -> datetime | None:
    """Since when nobody can see the chat; None while it can be seen."""
    seen = sorted((f for f in clock.facts if f.kind in {FactKind.INVISIBLE, FactKind.VISIBLE}), key=lambda f: f.rank)
    since: datetime | None = None
    for fact in seen:
        if fact.kind is FactKind.VISIBLE:
            since = None
        elif since is None:
            since = fact.at
    return since


def _first(facts: Iterable[ClockFact], kind: FactKind) -> ClockFact | None:
    return next((f for f in facts if f.kind is kind), None)


def _is_key(clock: ReplyClock, facts: Sequence[ClockFact], *, until: datetime | None) -> bool:
    """重点 at an instant (None: at the end): from the start, or since a 重点 message was attached (L-03)."""
    attached = [f for f in facts if f.kind is FactKind.ATTACHED and f.is_key]
    if clock.asked_key or (clock.is_key and not attached):
        return True
    return any(until is None or f.at <= until for f in attached)


def _ending(clock: ReplyClock, facts: Sequence[ClockFact]) -> ClockFact | None:
    """The fact that ended the wait without an answer, at or before the due instant (EC-31, EC-92).

    The wait ends when the asker calls it off, or when the last of the asking messages is gone.
    """
    asking = {clock.message}
    for fact in facts:
        if not in_time(fact.at, clock.due_at):
            return None
        if fact.kind is FactKind.ATTACHED and fact.message is not None:
            asking.add(fact.message)
        if fact.kind is FactKind.CALLED_OFF:
            return fact
        if fact.kind in RECALLS or fact.kind is FactKind.MENTION_REMOVED:
            gone = _gone(clock, fact)
            if gone is not None and gone in asking:
                asking.discard(gone)
                if not asking:
                    return fact
    return None


def _gone(clock: ReplyClock, fact: ClockFact) -> MessageKey | None:
    """The message that a recall or an edit took away; the first question where none is named."""
    if fact.message is None and fact.kind is not FactKind.ANSWER_RECALLED:
        return clock.message
    return fact.message


def _with_recall(clock: ReplyClock) -> frozenset[str]:
    """The flag 事后撤回: the question was taken back after the limit (3.14)."""
    late = any(
        f.kind in RECALLS and _gone(clock, f) in clock.messages and not in_time(f.at, clock.due_at) for f in clock.facts
    )
    return clock.flags | {"recalled_afterwards"} if late else clock.flags


# ---------------------------------------------------------------- answers


def _standing_answer(clock: ReplyClock, facts: Sequence[ClockFact], hours: WorkingHours) -> ClockFact | None:
    """The first answer that counts, was not taken back and was not refused by the asker (5.5, L-04)."""
    valid = [f for f in facts if _counts(clock, f, facts) and not _taken_back(f, facts)]
    refusal = _refusal(clock, valid, facts, hours)
    if refusal is None:
        return valid[0] if valid else None
    return next((f for f in valid if not (f.is_natural and f.at <= refusal.at)), None)


def _counts(clock: ReplyClock, fact: ClockFact, facts: Sequence[ClockFact]) -> bool:
    """Is this fact an answer by the rules of 5.5, A-10 and L-05?"""
    if fact.kind not in ANSWERS or fact.at < clock.started_at - SKEW:
        return False
    is_key = _is_key(clock, facts, until=fact.at)
    if fact.kind is FactKind.ACKNOWLEDGED:
        return bool(fact.text) or not is_key
    if fact.kind is not FactKind.REACTION:
        return True
    if fact.text not in clock.policy.reaction_allow:
        return False
    match clock.policy.reaction_ack:
        case ReactionAck.NONE:
            return False
        case ReactionAck.ALL:
            return True
        case ReactionAck.NORMAL_ONLY:
            return not is_key


def _taken_back(answer: ClockFact, facts: Sequence[ClockFact]) -> bool:
    """Was this answer recalled, or the reaction removed, within two minutes?"""
    for fact in facts:
        if not answer.at <= fact.at <= answer.at + RECALL_GRACE:
            continue
        same = fact.message == answer.message
        if answer.kind is FactKind.REACTION:
            if fact.kind is FactKind.REACTION_REMOVED and same and fact.by == answer.by and fact.text == answer.text:
                return True
        elif fact.kind in RECALLS and same and fact.message is not None:
            return True
    return False


def _refusal(
    clock: ReplyClock, valid: Sequence[ClockFact], facts: Sequence[ClockFact], hours: WorkingHours
) -> ClockFact | None:
    """还在等, where it refuses something: once, within 30 working minutes of the plain answer that had stopped the clock."""
    pressed = _first(facts, FactKind.STILL_WAITING)
    if pressed is None:
        return None
    stopped = next((f for f in valid if f.at <= pressed.at), None)
    if stopped is None or not stopped.is_natural:
        return None
    waited = hours.between(max(stopped.at, clock.started_at), pressed.at)
    return pressed if waited <= STILL_WAITING_MINUTES * 60 else None


def _answered(clock: ReplyClock, answer: ClockFact, hours: WorkingHours) -> ReplyClock:
    at = max(answer.at, clock.started_at)
    is_in_time = in_time(at, clock.due_at)
    flags = set(clock.flags if is_in_time else _with_recall(clock))
    if answer.kind is FactKind.REACTION or (answer.kind is FactKind.ACKNOWLEDGED and not answer.text):
        flags.add("ack_only")
    if answer.kind is FactKind.MEMBER_ANSWER or answer.by_member:
        flags.add("other_member")
    return replace(
        clock,
        state=ClockState.ANSWERED_IN_TIME if is_in_time else ClockState.ANSWERED_LATE,
        is_key=_is_key(clock, clock.facts, until=at),
        verdict_at=at if is_in_time else clock.due_at,
        answered_at=at,
        answered_by=answer.by,
        answered_for=answer.standing_for,
        answer=answer.message if answer.kind is not FactKind.REACTION else None,
        elapsed_seconds=hours.between(to_second(clock.started_at), to_second(at)),
        flags=frozenset(flags),
    )
