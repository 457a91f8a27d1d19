"""Every row of the state table 3.14, and the full product of states with what can happen."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.domain.sla import (
    COMMANDS,
    TABLE,
    Answered,
    Attached,
    Breached,
    Cancelled,
    ClockEvent,
    ClockFact,
    ClockState,
    ClosedForCounting,
    Escalated,
    FactKind,
    Nudged,
    Reopened,
    ReplyClock,
    VerdictCorrected,
    Waived,
    breach,
    close,
    escalate,
    is_paused,
    nudge,
)
from bot.errors import RuleViolation
from tests.domain.sla_support import (
    ASKER,
    HOURS,
    LIAISON,
    MEMBER,
    SECRETARY,
    answer,
    at,
    breached,
    commanded,
    fact,
    heard,
    plain,
    started,
    told,
)

RUNNING, IN_TIME, BREACHED, LATE, CANCELLED, WAIVED = (
    ClockState.RUNNING,
    ClockState.ANSWERED_IN_TIME,
    ClockState.BREACHED,
    ClockState.ANSWERED_LATE,
    ClockState.CANCELLED,
    ClockState.WAIVED,
)
REASON = "平台当日停机"


def in_state(state: ClockState) -> ReplyClock:
    """A clock of 10:00, due 10:30, in each of its states."""
    match state:
        case ClockState.RUNNING:
            return started()
        case ClockState.ANSWERED_IN_TIME:
            return told(started(), plain("10:10"))
        case ClockState.BREACHED:
            return breached()
        case ClockState.ANSWERED_LATE:
            return told(breached(), plain("10:40"))
        case ClockState.CANCELLED:
            return told(started(), fact(FactKind.CALLED_OFF, "10:05", by=ASKER))
        case ClockState.WAIVED:
            return told(started(), fact(FactKind.WAIVED, "10:05", by=SECRETARY, text=REASON))


@dataclass(frozen=True)
class Row:
    """One row: what happened to a clock of that state, and what has to come out."""

    state: ClockState
    fact: ClockFact
    next: ClockState
    events: tuple[ClockEvent, ...]


CODE = started().code
ROWS = {
    "further message of the same key attaches": Row(
        RUNNING, fact(FactKind.ATTACHED, "10:05", by=ASKER, name="om_2"), RUNNING, (Attached(CODE),)
    ),
    "further message attaches to a breached clock too": Row(
        BREACHED, fact(FactKind.ATTACHED, "10:35", by=ASKER, name="om_2"), BREACHED, (Attached(CODE),)
    ),
    "reply until the due instant": Row(RUNNING, answer("10:30"), IN_TIME, (Answered(CODE, True, False),)),
    "reply of another member": Row(
        RUNNING,
        fact(FactKind.MEMBER_ANSWER, "10:20", by=MEMBER, name="om_a"),
        IN_TIME,
        (Answered(CODE, True, False),),
    ),
    "acknowledgement by button": Row(
        RUNNING, fact(FactKind.ACKNOWLEDGED, "10:20"), IN_TIME, (Answered(CODE, True, False),)
    ),
    "acknowledgement by reaction": Row(
        RUNNING, fact(FactKind.REACTION, "10:20", name="om_1", text="👍"), IN_TIME, (Answered(CODE, True, False),)
    ),
    "reply after the limit, before it was noticed": Row(
        RUNNING, answer("10:31"), LATE, (Answered(CODE, False, False),)
    ),
    "reply to a breached clock": Row(BREACHED, answer("11:00"), LATE, (Answered(CODE, False, True),)),
    "message recalled": Row(
        RUNNING, fact(FactKind.RECALLED, "10:10", by=ASKER, name="om_1"), CANCELLED, (Cancelled(CODE, "recalled"),)
    ),
    "message recalled after the breach": Row(
        BREACHED, fact(FactKind.RECALLED, "10:40", by=ASKER, name="om_1"), BREACHED, ()
    ),
    "edit removes the mention": Row(
        RUNNING,
        fact(FactKind.MENTION_REMOVED, "10:10", by=ASKER, name="om_1"),
        CANCELLED,
        (Cancelled(CODE, "mention_removed"),),
    ),
    "asker calls it off": Row(
        RUNNING, fact(FactKind.CALLED_OFF, "10:10", by=ASKER), CANCELLED, (Cancelled(CODE, "called_off"),)
    ),
    "waived while running": Row(
        RUNNING, fact(FactKind.WAIVED, "10:10", by=SECRETARY, text=REASON), WAIVED, (Waived(CODE),)
    ),
    "waived after the breach": Row(
        BREACHED,
        fact(FactKind.WAIVED, "11:10", by=SECRETARY, text=REASON),
        WAIVED,
        (Waived(CODE), VerdictCorrected(CODE, BREACHED, WAIVED)),
    ),
    "waived after a late answer": Row(
        LATE,
        fact(FactKind.WAIVED, "11:10", by=SECRETARY, text=REASON),
        WAIVED,
        (Waived(CODE), VerdictCorrected(CODE, LATE, WAIVED)),
    ),
    "asker still waits after a plain answer": Row(
        IN_TIME,
        fact(FactKind.STILL_WAITING, "10:15", by=ASKER),
        RUNNING,
        (Reopened(CODE), VerdictCorrected(CODE, IN_TIME, RUNNING)),
    ),
    "asker still waits after a late plain answer": Row(
        LATE,
        fact(FactKind.STILL_WAITING, "10:45", by=ASKER),
        BREACHED,
        (Reopened(CODE), VerdictCorrected(CODE, LATE, BREACHED)),
    ),
    "bot removed": Row(RUNNING, fact(FactKind.INVISIBLE, "10:10", by=None), RUNNING, ()),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_r_40_a_row_of_the_table(row: Row) -> None:
    decision = heard(in_state(row.state), row.fact)
    assert decision.state.state is row.next
    assert decision.events == row.events


def test_a_tracked_message_starts_a_clock_with_nudge_limit_and_escalation() -> None:
    clock = started("11:45")
    assert clock.state is RUNNING
    assert (clock.nudge_at, clock.due_at, clock.escalate_at) == (at("13:35"), at("13:45"), at("14:15"))
    assert clock.plan_version == "V1.0"
    assert clock.calendar_version == HOURS.version


def test_t_01a_twenty_minutes_nudge_once() -> None:
    decision = nudge(started(), now=at("10:20"))
    assert decision.events == (Nudged(CODE),)
    assert nudge(decision.state, now=at("10:21")).events == ()


def test_a_reminder_that_comes_after_the_limit_is_not_sent() -> None:
    assert nudge(started(), now=at("10:30")).events == ()


def test_t_01_the_limit_passes() -> None:
    decision = breach(started(), now=at("10:30"), hours=HOURS)
    assert decision.state.state is BREACHED
    assert decision.state.verdict_at == at("10:30")
    assert decision.events == (Breached(CODE),)


def test_no_breach_before_the_due_instant() -> None:
    assert breach(started(), now=at("10:29:59"), hours=HOURS).events == ()


def test_t_01b_sixty_minutes_after_the_start_the_head_is_told() -> None:
    decision = escalate(breached(), now=at("11:00"), hours=HOURS)
    assert decision.events == (Escalated(CODE, 1),)
    assert decision.state.state is BREACHED


def test_the_end_of_the_third_working_day_closes_the_clock_for_counting() -> None:
    decision = close(breached(), now=at("2026-11-26 18:00"))
    assert decision.events == (ClosedForCounting(CODE),)
    assert decision.state.state is BREACHED
    assert close(decision.state, now=at("2026-11-26 18:01")).events == ()


def test_a_day_out_of_sight_ends_a_running_clock() -> None:
    dark = told(started(), fact(FactKind.INVISIBLE, "10:10", by=None))
    decision = close(dark, now=at("2026-11-24 18:00"))
    assert decision.state.state is CANCELLED
    assert decision.events == (Cancelled(CODE, "invisible"),)
    assert "invisible" in decision.state.flags


def test_attached_messages_are_counted_and_do_not_move_the_due_instant() -> None:
    clock = told(started(), *(fact(FactKind.ATTACHED, f"10:0{i}", by=ASKER, name=f"om_{i}") for i in range(2, 6)))
    assert clock.attached_count == 4
    assert clock.due_at == at("10:30")


def test_a_recall_after_the_breach_is_noted() -> None:
    clock = told(breached(), fact(FactKind.RECALLED, "10:40", by=ASKER, name="om_1"))
    assert clock.flags == {"recalled_afterwards"}
    assert told(clock, answer("10:50")).flags == {"recalled_afterwards"}


def test_elapsed_working_time_is_stored_with_who_answered() -> None:
    clock = told(started("11:50"), answer("13:35:30"))
    assert clock.elapsed_seconds == 15 * 60 + 30
    assert (clock.answered_at, clock.answered_by, clock.answer) == (at("13:35:30"), LIAISON, answer("13:35:30").message)


# ---------------------------------------------------------------- the full product

AFTERNOON = {
    FactKind.ATTACHED: fact(FactKind.ATTACHED, "11:30", by=ASKER, name="om_9"),
    FactKind.ANSWER: answer("11:30", "om_9"),
    FactKind.PLAIN_ANSWER: plain("11:30", "om_9"),
    FactKind.MEMBER_ANSWER: fact(FactKind.MEMBER_ANSWER, "11:30", by=MEMBER, name="om_9"),
    FactKind.ACKNOWLEDGED: fact(FactKind.ACKNOWLEDGED, "11:30"),
    FactKind.REACTION: fact(FactKind.REACTION, "11:30", name="om_1", text="👍"),
    FactKind.REACTION_REMOVED: fact(FactKind.REACTION_REMOVED, "11:30", name="om_1", text="👍"),
    FactKind.RECALLED: fact(FactKind.RECALLED, "11:30", by=ASKER, name="om_1"),
    FactKind.ANSWER_RECALLED: fact(FactKind.ANSWER_RECALLED, "11:30", name="om_plain"),
    FactKind.MENTION_REMOVED: fact(FactKind.MENTION_REMOVED, "11:30", by=ASKER, name="om_1"),
    FactKind.CALLED_OFF: fact(FactKind.CALLED_OFF, "11:30", by=ASKER),
    FactKind.STILL_WAITING: fact(FactKind.STILL_WAITING, "11:30", by=ASKER),
    FactKind.WAIVED: fact(FactKind.WAIVED, "11:30", by=SECRETARY, text=REASON),
    FactKind.INVISIBLE: fact(FactKind.INVISIBLE, "11:30", by=None),
    FactKind.VISIBLE: fact(FactKind.VISIBLE, "11:30", by=None),
}
#: what happens an hour and a half after the question: only these move anything
LATE_MOVES = {
    **{
        (state, kind): LATE
        for state in (RUNNING, BREACHED)
        for kind in (
            FactKind.ANSWER,
            FactKind.PLAIN_ANSWER,
            FactKind.MEMBER_ANSWER,
            FactKind.ACKNOWLEDGED,
            FactKind.REACTION,
        )
    },
    **{(state, FactKind.WAIVED): WAIVED for state in ClockState},
}


@pytest.mark.parametrize("kind", FactKind)
@pytest.mark.parametrize("state", ClockState)
def test_every_fact_in_every_state_leads_where_the_table_says_or_nowhere(state: ClockState, kind: FactKind) -> None:
    before = in_state(state)
    after = heard(before, AFTERNOON[kind]).state
    assert after.state is LATE_MOVES.get((state, kind), state)
    assert after.state is state or after.state in TABLE[state]


@pytest.mark.parametrize("kind", COMMANDS)
@pytest.mark.parametrize("state", ClockState)
def test_a_command_that_the_table_does_not_know_is_refused_without_effect(state: ClockState, kind: FactKind) -> None:
    before = in_state(state)
    expected = LATE_MOVES.get((state, kind))
    if expected is not None and state is not expected:
        assert commanded(before, AFTERNOON[kind]).state.state is expected
        return
    with pytest.raises(RuleViolation) as refused:
        commanded(before, AFTERNOON[kind])
    assert refused.value.code == "stale_card"
    assert refused.value.facts == {"state": state.value}


@pytest.mark.parametrize("state", [s for s in ClockState if s is not RUNNING])
def test_time_does_nothing_to_a_clock_that_does_not_run(state: ClockState) -> None:
    clock = in_state(state)
    assert nudge(clock, now=at("12:00")).state is clock
    assert breach(clock, now=at("12:00"), hours=HOURS).state is clock


@pytest.mark.parametrize("state", [s for s in ClockState if s is not BREACHED])
def test_only_a_breached_clock_is_escalated_and_closed(state: ClockState) -> None:
    clock = in_state(state)
    assert escalate(clock, now=at("15:00"), hours=HOURS).state is clock
    assert close(clock, now=at("15:00")).state is clock


def test_the_table_names_every_state_and_waived_is_the_end() -> None:
    assert set(TABLE) == set(ClockState)
    assert TABLE[WAIVED] == frozenset()


# ---------------------------------------------------------------- commands


@pytest.mark.parametrize("kind", [FactKind.CALLED_OFF, FactKind.STILL_WAITING])
def test_only_the_asker_speaks_for_the_asker(kind: FactKind) -> None:
    with pytest.raises(RuleViolation, match="no_right"):
        commanded(started(), fact(kind, "10:05", by=LIAISON))


@pytest.mark.parametrize("reason", ["", "     ", "停机", "一二三四", "\u200b\u200b\u200b\u200b\u200b", "😀😀😀😀😀😀"])
def test_a_waiver_needs_a_reason_of_five_characters(reason: str) -> None:
    with pytest.raises(RuleViolation, match="reason_required"):
        commanded(breached(), fact(FactKind.WAIVED, "11:00", by=SECRETARY, text=reason))


def test_five_characters_are_a_reason() -> None:
    waived = commanded(breached(), fact(FactKind.WAIVED, "11:00", by=SECRETARY, text=" 当天停机了 ")).state
    assert waived.state is ClockState.WAIVED


def test_a_重点_wait_is_not_ended_by_a_button_without_a_line() -> None:
    with pytest.raises(RuleViolation, match="answer_required"):
        commanded(started(key=True), fact(FactKind.ACKNOWLEDGED, "10:10"))


def test_two_emojis_of_one_person_are_two_facts_and_one_told_twice_is_one() -> None:
    thumb, okay = (fact(FactKind.REACTION, "10:10", name="om_1", text=text) for text in ("👍", "OK"))
    assert len(told(started(), thumb, okay, thumb).facts) == 2


def test_a_waived_clock_keeps_the_reason_and_is_not_counted() -> None:
    clock = commanded(breached(), fact(FactKind.WAIVED, "11:00", by=SECRETARY, text=REASON)).state
    assert clock.reason == REASON
    assert not clock.is_open


def test_calling_off_after_the_limit_is_too_late_even_if_the_breach_was_not_noticed_yet() -> None:
    with pytest.raises(RuleViolation, match="stale_card"):
        commanded(started(), fact(FactKind.CALLED_OFF, "10:31", by=ASKER))


@pytest.mark.parametrize(
    ("clock", "now", "paused"),
    [
        (started("11:45"), "11:50", False),
        (started("11:45"), "12:30", True),
        (started("17:50"), "20:00", True),
        (breached(started("11:20")), "12:30", False),
    ],
)
def test_a_wait_is_shown_as_paused_outside_the_hours_of_whoever_is_asked(
    clock: ReplyClock, now: str, paused: bool
) -> None:
    assert is_paused(clock, now=at(now), hours=HOURS) is paused
