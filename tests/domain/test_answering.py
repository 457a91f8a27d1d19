"""Buttons, reactions, edits, recalls and 还在等: what counts as an answer and what takes one away (5.5, 3.14; A-05, A-10, L-04 to L-06)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.answering import acknowledgement, edited, reactions
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.reply_clock import ReactionAck
from bot.domain.sla import (
    Answered,
    BreachWithdrawn,
    ClockFact,
    ClockState,
    FactKind,
    ReplyClock,
    SlaPolicy,
    VerdictCorrected,
    minutes_shown,
    seen_from,
)
from bot.errors import RuleViolation
from tests.domain.sla_support import (
    ASKER,
    BACKUP,
    HEAD,
    HOURS,
    LIAISON,
    MEMBER,
    PROD,
    PROD_HEAD,
    PROD_LIAISON,
    QA,
    SALES_LIAISON,
    answer,
    at,
    breached,
    commanded,
    fact,
    heard,
    leave,
    message,
    plain,
    posts,
    says,
    started,
    told,
)

RUNNING, IN_TIME, BREACHED, LATE, CANCELLED = (
    ClockState.RUNNING,
    ClockState.ANSWERED_IN_TIME,
    ClockState.BREACHED,
    ClockState.ANSWERED_LATE,
    ClockState.CANCELLED,
)


# ---------------------------------------------------------------- in time (A-05, L-06)


@pytest.mark.parametrize(
    ("asked", "answered", "state", "seconds"),
    [
        ("10:00", "10:29:59", IN_TIME, 1799),
        ("10:00", "10:30:00", IN_TIME, 1800),
        ("10:00", "10:30:00.999", IN_TIME, 1800),
        ("10:00", "10:30:01", LATE, 1801),
        ("10:00", "09:59:01", IN_TIME, 0),
        ("11:30", "12:00", IN_TIME, 1800),
        ("11:30", "12:10", LATE, 1800),
        ("11:45", "12:40", IN_TIME, 900),
        ("11:45", "13:45", IN_TIME, 1800),
        ("12:10", "13:00", IN_TIME, 0),
        ("2026-11-27 17:59:59", "2026-11-30 09:29:59", IN_TIME, 1800),
        ("2026-11-27 17:59:59", "2026-11-30 09:30:00", LATE, 1801),
        ("2026-11-27 17:50", "2026-11-28 23:00", IN_TIME, 600),
    ],
)
def test_a_05_ec_25_ec_44_on_time_until_the_due_second_at_its_real_time(
    asked: str, answered: str, state: ClockState, seconds: int
) -> None:
    clock = told(started(asked), answer(answered))
    assert (clock.state, clock.elapsed_seconds) == (state, seconds)


def test_a_reply_older_than_the_question_by_more_than_a_minute_is_none() -> None:
    assert told(started(), answer("09:59:00")).state is IN_TIME
    assert told(started(), answer("09:58:59")).state is RUNNING


@pytest.mark.parametrize(("seconds", "shown"), [(0, 0), (1, 1), (60, 1), (61, 2), (1800, 30), (1801, 31)])
def test_l_06_minutes_are_shown_rounded_up(seconds: int, shown: int) -> None:
    assert minutes_shown(seconds) == shown


def test_the_first_valid_answer_counts_whatever_the_order_of_arrival() -> None:
    first, second = answer("10:10", "om_a"), fact(FactKind.ANSWER, "10:20", by=HEAD, name="om_b")
    assert told(started(), second, first) == told(started(), first, second, now="10:20")
    assert told(started(), second, first).answered_by == LIAISON


def test_an_answer_given_in_time_but_delivered_late_withdraws_the_breach() -> None:
    decision = heard(breached(), answer("10:29"), now="10:41")
    assert decision.state.state is IN_TIME
    assert decision.events == (
        BreachWithdrawn(decision.state.code),
        Answered(decision.state.code, True, True),
        VerdictCorrected(decision.state.code, BREACHED, IN_TIME),
    )
    assert decision.state.corrected_at == at("10:41")
    assert decision.state.reported_verdict_at == at("10:30")


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ((fact(FactKind.RECALLED, "10:10", name="om_1"), answer("10:10")), CANCELLED),
        ((fact(FactKind.MENTION_REMOVED, "10:10", name="om_1"), answer("10:10")), CANCELLED),
        ((answer("10:10"), fact(FactKind.CALLED_OFF, "10:10", by=ASKER)), IN_TIME),
        ((answer("10:10"), fact(FactKind.RECALLED, "10:11", name="om_1")), IN_TIME),
    ],
    ids=["recall before reply", "edit before reply", "reply before the rest", "reply came first"],
)
def test_5_8_the_order_of_facts_with_equal_times(facts: tuple[ClockFact, ...], state: ClockState) -> None:
    assert told(started(), *facts, now="10:20").state is state
    assert told(started(), *reversed(facts), now="10:20").state is state


# ---------------------------------------------------------------- the button


def pressed(
    clock: ReplyClock, person: PersonId = LIAISON, *, when: str = "10:10", text: str = "", away: bool = False
) -> ReplyClock:
    given = posts(leave(LIAISON, PROD_LIAISON)) if away else posts()
    return commanded(clock, acknowledgement(clock, person, given, at=at(when), text=text)).state


@pytest.mark.parametrize(
    ("person", "text", "flags"),
    [
        (LIAISON, "", {"ack_only"}),
        (BACKUP, "", {"ack_only"}),
        (MEMBER, "", {"ack_only", "other_member"}),
        (LIAISON, "明天下班前给", set[str]()),
        (MEMBER, "明天下班前给", {"other_member"}),
    ],
)
def test_the_button_stops_the_clock_and_a_line_of_answer_makes_it_an_answer(
    person: PersonId, text: str, flags: set[str]
) -> None:
    clock = pressed(started(), person, text=text)
    assert clock.state is IN_TIME
    assert clock.flags == flags


def test_after_the_limit_the_button_makes_a_late_answer() -> None:
    assert pressed(breached(), when="10:40").state is LATE


@pytest.mark.parametrize("text", ["", " ", "收到", "好的！", "👍"])
def test_a_重点_message_wants_a_line_of_answer(text: str) -> None:
    with pytest.raises(RuleViolation, match="answer_required"):
        pressed(started(key=True), text=text)
    assert pressed(started(key=True), text="明天下班前给").state is IN_TIME


def test_a_delegate_presses_in_the_place_of_the_absent_liaison() -> None:
    assert pressed(started(), PROD_LIAISON, away=True).answered_for == LIAISON


def test_ec_34_nobody_of_a_third_department_presses_it() -> None:
    with pytest.raises(RuleViolation, match="no_right"):
        pressed(started(), PROD_HEAD)


def test_a_second_press_is_told_that_it_is_done() -> None:
    with pytest.raises(RuleViolation, match="stale_card"):
        pressed(pressed(started()), when="10:11")


# ---------------------------------------------------------------- reactions (A-10, EC-35)


def reacted(
    clock: ReplyClock, emoji: str = "👍", *, by: PersonId = LIAISON, when: str = "10:10", name: str = "om_1"
) -> ReplyClock:
    for stop in reactions(message(name), emoji, by=by, at=at(when), clocks=[clock], posts=posts()):
        clock = told(clock, stop.fact)
    return clock


@pytest.mark.parametrize("ack", ReactionAck)
@pytest.mark.parametrize("key", [False, True])
def test_a_10_ec_35_whether_an_emoji_answers(ack: ReactionAck, key: bool) -> None:
    clock = reacted(started(policy=SlaPolicy(reaction_ack=ack), key=key))
    counts = ack is ReactionAck.ALL or (ack is ReactionAck.NORMAL_ONLY and not key)
    assert clock.state is (IN_TIME if counts else RUNNING)
    assert ("ack_only" in clock.flags) is counts


@pytest.mark.parametrize(
    ("emoji", "by", "name", "counts"),
    [
        ("👍", LIAISON, "om_1", True),
        ("OK", BACKUP, "om_1", True),
        ("收到", HEAD, "om_1", True),
        ("DONE", LIAISON, "om_1", True),
        ("😀", LIAISON, "om_1", False),
        ("👍", MEMBER, "om_1", False),
        ("👍", PROD_HEAD, "om_1", False),
        ("👍", ASKER, "om_1", False),
        ("👍", LIAISON, "om_other", False),
    ],
)
def test_only_an_allowed_emoji_of_a_post_holder_on_the_question_counts(
    emoji: str, by: PersonId, name: str, counts: bool
) -> None:
    assert reacted(started(), emoji, by=by, name=name).state is (IN_TIME if counts else RUNNING)


def test_l_05_a_reaction_never_stops_a_重点_clock_even_after_the_breach() -> None:
    assert reacted(breached(started(key=True)), when="10:40").state is BREACHED
    assert reacted(breached(), when="10:40").state is LATE


def test_l_03_an_emoji_counted_before_the_wait_became_重点_and_not_after() -> None:
    attached = fact(FactKind.ATTACHED, "10:05", by=ASKER, name="om_2", key=True)
    assert reacted(told(started(), attached), when="10:04").state is IN_TIME
    assert reacted(told(started(), attached), when="10:06").state is RUNNING


@pytest.mark.parametrize(("removed", "state"), [("10:12", RUNNING), ("10:12:01", IN_TIME)])
def test_an_emoji_taken_off_within_two_minutes_was_none(removed: str, state: ClockState) -> None:
    clock = reacted(started())
    (stop,) = reactions(
        message("om_1"), "👍", by=LIAISON, at=at(removed), clocks=[clock], posts=posts(), is_removed=True
    )
    assert told(clock, stop.fact).state is state


# ---------------------------------------------------------------- answers taken back


@pytest.mark.parametrize(("recalled", "state"), [("10:12", RUNNING), ("10:12:01", IN_TIME), ("10:50", IN_TIME)])
def test_an_answer_recalled_within_two_minutes_reopens_the_clock_with_its_old_due(
    recalled: str, state: ClockState
) -> None:
    clock = told(started(), answer("10:10"), fact(FactKind.ANSWER_RECALLED, recalled, name="om_answer"))
    assert clock.state is state
    assert clock.due_at == at("10:30")


def test_another_answer_stands_in_for_the_recalled_one() -> None:
    clock = told(
        started(),
        answer("10:10"),
        fact(FactKind.ANSWER, "10:11", by=HEAD, name="om_b"),
        fact(FactKind.ANSWER_RECALLED, "10:12", name="om_answer"),
    )
    assert (clock.state, clock.answered_by) == (IN_TIME, HEAD)


# ---------------------------------------------------------------- recalls and edits of the question (EC-31, EC-32, EC-92)


@pytest.mark.parametrize(
    ("recalled", "state"),
    [("10:30", CANCELLED), ("10:30:00.5", CANCELLED), ("10:30:01", BREACHED), ("11:00", BREACHED)],
)
def test_ec_31_ec_92_a_recall_ends_the_wait_only_until_the_limit(recalled: str, state: ClockState) -> None:
    clock = told(breached(), fact(FactKind.RECALLED, recalled, by=ASKER, name="om_1"))
    assert clock.state is state
    assert ("recalled_afterwards" in clock.flags) is (state is BREACHED)


def test_the_wait_goes_on_while_an_attached_question_stands() -> None:
    clock = told(
        started(),
        fact(FactKind.ATTACHED, "10:05", by=ASKER, name="om_2"),
        fact(FactKind.RECALLED, "10:06", by=ASKER, name="om_1"),
    )
    assert clock.state is RUNNING
    assert told(clock, fact(FactKind.RECALLED, "10:07", by=ASKER, name="om_2")).state is CANCELLED


@pytest.mark.parametrize(
    ("mentioned", "removed", "added"),
    [
        ((LIAISON,), (), ()),
        ((HEAD,), (), ()),
        ((), (QA,), ()),
        ((PROD_LIAISON,), (QA,), (PROD,)),
        ((LIAISON, PROD_LIAISON), (), (PROD,)),
        ((SALES_LIAISON,), (QA,), ()),
    ],
)
def test_ec_32_an_edit_takes_departments_away_and_adds_others(
    mentioned: tuple[PersonId, ...], removed: tuple[DepartmentId, ...], added: tuple[DepartmentId, ...]
) -> None:
    clock = started()
    change = edited(says(ASKER, "报告呢", *mentioned, when="10:08"), [clock], posts())
    assert tuple(s.clock.department for s in change.removed) == removed
    assert tuple(t.department for t in change.added) == added
    for stop in change.removed:
        assert told(clock, stop.fact).state is CANCELLED


def test_an_edit_of_another_message_touches_nothing() -> None:
    assert edited(says(ASKER, "报告呢", name="om_8"), [started()], posts()).removed == ()


# ---------------------------------------------------------------- 还在等 (L-04)


def waits(clock: ReplyClock, when: str) -> ReplyClock:
    return commanded(clock, fact(FactKind.STILL_WAITING, when, by=ASKER)).state


@pytest.mark.parametrize(("when", "is_accepted"), [("10:11", True), ("10:40", True), ("10:41", False)])
def test_l_04_the_asker_may_refuse_a_plain_answer_within_thirty_working_minutes(when: str, is_accepted: bool) -> None:
    clock = told(started(), plain("10:10"))
    if not is_accepted:
        with pytest.raises(RuleViolation, match="stale_card"):
            waits(clock, when)
        return
    again = waits(clock, when)
    assert (again.state, again.due_at) == (RUNNING, at("10:30"))


def test_l_04_lunch_does_not_count_for_those_thirty_minutes() -> None:
    clock = told(started("11:40"), plain("11:50"))
    assert waits(clock, "13:50").state is RUNNING
    with pytest.raises(RuleViolation, match="stale_card"):
        waits(clock, "13:51")


def test_l_04_only_a_plain_answer_is_refused_and_only_once() -> None:
    with pytest.raises(RuleViolation, match="stale_card"):
        waits(told(started(), answer("10:10")), "10:12")
    again = told(waits(told(started(), plain("10:10")), "10:12"), plain("10:20", "om_again"))
    assert (again.state, again.answered_at) == (IN_TIME, at("10:20"))
    with pytest.raises(RuleViolation, match="stale_card"):
        waits(again, "10:21")


def test_a_refused_bare_收到_counts_like_any_natural_answer() -> None:
    nod = ClockFact(kind=FactKind.ACKNOWLEDGED, at=at("10:10"), by=LIAISON, message=message("om_ok"), is_plain=True)
    clock = told(started(), nod)
    assert clock.flags == {"ack_only"}
    assert waits(clock, "10:12").state is RUNNING


# ---------------------------------------------------------------- late delivery (L-07)


@pytest.mark.parametrize(
    ("received", "due", "is_late"),
    [
        ("10:00", "10:30", False),
        ("10:05", "10:30", False),
        ("10:05:01", "10:30", True),
        ("10:19", "10:30", True),
        ("10:25", "10:35", True),
        ("11:55", "13:35", True),
        ("2026-11-24 08:00", "2026-11-24 09:10", True),
    ],
)
def test_l_07_what_the_bot_learned_late_leaves_ten_working_minutes(received: str, due: str, is_late: bool) -> None:
    clock = started("10:00", handled=received)
    assert clock.due_at == at(due)
    assert ("late_delivery" in clock.flags) is is_late
    assert clock.escalate_at is not None
    assert clock.escalate_at >= clock.due_at


def test_l_07_an_inquiry_starts_when_its_message_arrived_and_only_while_it_runs() -> None:
    seen = seen_from(started(), at=at("10:20"), hours=HOURS)
    assert (seen.started_at, seen.due_at, seen.nudge_at) == (at("10:20"), at("10:50"), at("10:40"))
    over = told(started(), answer("10:10"))
    assert seen_from(over, at=at("10:20"), hours=HOURS) == over


@pytest.mark.parametrize(
    ("emoji", "by", "is_taken_off"), [("👍", LIAISON, True), ("OK", LIAISON, False), ("👍", HEAD, False)]
)
def test_only_ones_own_emoji_of_the_same_kind_is_taken_off(emoji: str, by: PersonId, is_taken_off: bool) -> None:
    clock = reacted(started())
    (stop,) = reactions(message("om_1"), emoji, by=by, at=at("10:11"), clocks=[clock], posts=posts(), is_removed=True)
    assert (told(clock, stop.fact).state is RUNNING) is is_taken_off


def test_being_told_three_times_is_being_told_once() -> None:
    once = told(started(), plain("10:10"))
    assert told(started(), plain("10:10"), plain("10:10"), plain("10:10")) == once
    decision = heard(once, plain("10:10"), now="10:15")
    assert decision.events == ()
    assert decision.state is once
    assert once.due_at - once.started_at == timedelta(minutes=30)
