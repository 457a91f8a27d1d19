"""Who is told when: nudge at 20, breach at 30, head at 60 working minutes, whatever lies between (3.14, 2.3; T-01, T-01a, T-01b)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.clock_events import ClockEvent
from bot.domain.directory import Directory
from bot.domain.escalation import Notice, NoticeKind, follow, notice_at, notice_of, still_owed
from bot.domain.ids import PersonId
from bot.domain.posts import Posts
from bot.domain.sla import (
    Breached,
    BreachWithdrawn,
    Cancelled,
    ClockState,
    ClosedForCounting,
    Escalated,
    FactKind,
    Nudged,
    ReplyClock,
    Retimed,
    SlaPolicy,
    SummaryDue,
    breach,
    close,
    escalate,
    nudge,
    timers_for,
)
from bot.domain.timers import TimerKind
from tests.domain.calendar_cases import shown
from tests.domain.sla_support import (
    ASKER,
    BACKUP,
    CALENDARS,
    DIRECTORY,
    HEAD,
    HOURS,
    IT,
    IT_HEAD,
    LIAISON,
    MEMBER,
    PROD,
    QA,
    SALES_HEAD,
    SECRETARY,
    answer,
    at,
    breached,
    fact,
    heard,
    hours_of,
    leave,
    posts,
    started,
    told,
)


def timers(clock: ReplyClock) -> dict[TimerKind, datetime]:
    owed = timers_for(clock, hours=hours_of(clock.department), add_workdays=CALENDARS.add_workdays)
    return {t.kind: t.due_at for t in owed}


def life(clock: ReplyClock) -> list[tuple[str, ClockEvent]]:
    """Everything that time alone does to a clock: each timer fired at its instant until none is left."""
    told_so_far: list[tuple[str, ClockEvent]] = []
    for _ in range(12):
        owed = timers(clock)
        if not owed:
            return told_so_far
        kind = min(owed, key=lambda k: owed[k])
        now = owed[kind]
        match kind:
            case TimerKind.SLA_NUDGE:
                decision = nudge(clock, now=now)
            case TimerKind.SLA_BREACH:
                decision = breach(clock, now=now, hours=hours_of(clock.department))
            case TimerKind.SLA_ESCALATE:
                decision = escalate(clock, now=now, hours=hours_of(clock.department))
            case _:
                decision = close(clock, now=now)
        assert decision.state != clock, kind
        told_so_far += [(shown(now), event) for event in decision.events]
        clock = decision.state
    raise AssertionError("the timers never end")


CODE = started().code


@pytest.mark.parametrize(
    ("asked", "nudged", "breached_at", "escalated"),
    [
        ("11-23 10:00", "11-23 10:20", "11-23 10:30", "11-23 11:00"),
        ("11-23 11:30", "11-23 11:50", "11-23 12:00", "11-23 14:00"),
        ("11-23 11:45", "11-23 13:35", "11-23 13:45", "11-23 14:15"),
        ("11-23 12:10", "11-23 13:50", "11-23 14:00", "11-23 14:30"),
        ("11-23 17:30", "11-23 17:50", "11-23 18:00", "11-24 09:30"),
        ("11-23 22:00", "11-24 09:20", "11-24 09:30", "11-24 10:00"),
        ("11-27 17:50", "11-30 09:10", "11-30 09:20", "11-30 09:50"),
        ("11-28 15:00", "11-30 09:20", "11-30 09:30", "11-30 10:00"),
        ("09-30 17:50", "10-08 09:10", "10-08 09:20", "10-08 09:50"),
        ("10-09 17:50", "10-10 09:10", "10-10 09:20", "10-10 09:50"),
        ("09-24 17:45", "09-28 09:05", "09-28 09:15", "09-28 09:45"),
    ],
    ids=[
        "inside a window",
        "fills the morning",
        "over lunch",
        "at lunch",
        "until close",
        "at night",
        "over the weekend",
        "at the weekend",
        "over National Day",
        "into a make-up Saturday",
        "over Mid-Autumn",
    ],
)
def test_t_01_t_01a_t_01b_reminder_limit_and_head_in_working_minutes(
    asked: str, nudged: str, breached_at: str, escalated: str
) -> None:
    events = life(started(f"2026-{asked}"))
    assert events[:3] == [
        (f"2026-{nudged}", Nudged(CODE)),
        (f"2026-{breached_at}", Breached(CODE)),
        (f"2026-{escalated}", Escalated(CODE, 1)),
    ]


def test_the_whole_life_of_an_unanswered_question_each_thing_told_once() -> None:
    assert life(started()) == [
        ("2026-11-23 10:20", Nudged(CODE)),
        ("2026-11-23 10:30", Breached(CODE)),
        ("2026-11-23 11:00", Escalated(CODE, 1)),
        ("2026-11-23 14:30", Escalated(CODE, 2)),
        ("2026-11-23 16:30", Escalated(CODE, 3)),
        ("2026-11-23 18:00", SummaryDue(CODE)),
        ("2026-11-26 18:00", ClosedForCounting(CODE)),
    ]


def test_production_is_told_by_its_own_hours() -> None:
    events = life(started("2026-11-23 11:50", department=PROD))
    assert [when for when, _ in events[:3]] == ["2026-11-23 13:10", "2026-11-23 13:20", "2026-11-23 13:50"]


def test_a_stricter_policy_is_kept_for_the_life_of_the_clock() -> None:
    clock = started(policy=SlaPolicy(reply_minutes=12, nudge_minutes=5, escalate_minutes=24))
    assert [when[-5:] for when, _ in life(clock)[:3]] == ["10:05", "10:12", "10:24"]


def test_an_answer_takes_every_timer_away() -> None:
    assert timers(told(started(), answer("10:10"))) == {}
    assert timers(told(breached(), answer("10:40"))) == {}


def test_what_happened_already_is_owed_no_more() -> None:
    nudged = nudge(started(), now=at("10:20")).state
    assert set(timers(nudged)) == {TimerKind.SLA_BREACH}
    assert set(timers(breached(nudged))) == {TimerKind.SLA_ESCALATE, TimerKind.SLA_CLOSE}


@pytest.mark.parametrize(
    ("now", "times"), [("11:00", 1), ("14:29", 1), ("14:30", 2), ("16:30", 3), ("2026-11-24 10:00", 3)]
)
def test_ec_19_what_fell_due_while_the_program_was_down_is_told_once(now: str, times: int) -> None:
    decision = escalate(breached(), now=at(now), hours=HOURS)
    assert decision.events == (Escalated(CODE, times),)
    assert escalate(decision.state, now=at(now), hours=HOURS).events == ((SummaryDue(CODE),) if times == 3 else ())


def test_ec_19_a_breach_is_dated_with_the_limit_however_late_it_is_noticed() -> None:
    clock = breached(late_by=timedelta(hours=20))
    assert (clock.breached_at, clock.verdict_at) == (at("10:30"), at("10:30"))
    assert clock.learned_at == at("10:30") + timedelta(hours=20)


# ---------------------------------------------------------------- out of sight (EC-45, EC-46)

DARK = fact(FactKind.INVISIBLE, "10:10", by=None)


def test_ec_46_while_nobody_can_see_the_chat_nothing_is_judged_and_a_day_later_the_wait_is_given_up() -> None:
    dark = told(started(), DARK)
    assert timers(dark) == {TimerKind.SLA_CLOSE: at("2026-11-24 18:00")}
    assert breach(dark, now=at("10:30"), hours=HOURS).state is dark
    ended = close(dark, now=at("2026-11-24 18:00"))
    assert ended.events == (Cancelled(CODE, "invisible"),)
    assert notice_of(ended.events[0], ended.state, posts()) == Notice(NoticeKind.INVISIBLE, (ASKER,))


@pytest.mark.parametrize(("back", "due"), [("10:20", "10:30"), ("10:40", "10:50"), ("11:55", "13:35")])
def test_ec_46_a_chat_that_comes_back_leaves_ten_working_minutes_if_the_limit_passed_unseen(
    back: str, due: str
) -> None:
    decision = heard(told(started(), DARK), fact(FactKind.VISIBLE, back, by=None))
    again = decision.state
    assert again.due_at == at(due)
    assert TimerKind.SLA_BREACH in timers(again)
    assert decision.events == (() if due == "10:30" else (Retimed(CODE, at("10:30"), at(due)),))


@pytest.mark.parametrize("back", ["2026-11-24 17:00", "2026-11-25 10:00"])
def test_ec_46_what_was_given_up_unseen_stays_so_unless_the_chat_was_seen_before_that(back: str) -> None:
    ended = close(told(started(), DARK), now=at("2026-11-24 18:00")).state
    again = told(ended, fact(FactKind.VISIBLE, back, by=None))
    is_seen = back < "2026-11-24 18:00"
    assert again.state is (ClockState.RUNNING if is_seen else ClockState.CANCELLED)
    assert ("invisible" in again.flags) is not is_seen


def test_a_breach_stays_one_when_the_group_disappears_and_nobody_is_told_further() -> None:
    dark = told(breached(), fact(FactKind.INVISIBLE, "10:40", by=None))
    assert timers(dark) == {TimerKind.SLA_CLOSE: at("2026-11-24 18:00")}
    assert close(dark, now=at("2026-11-24 18:00")).state.state is ClockState.BREACHED


# ---------------------------------------------------------------- recipients

ALL_LIAISONS = (leave(LIAISON), leave(BACKUP))


def told_to(event: ClockEvent, clock: ReplyClock, found: Posts) -> tuple[PersonId, ...]:
    notice = notice_of(event, clock, found)
    assert notice is not None
    return notice.recipients


@pytest.mark.parametrize(
    ("found", "nudged", "told_of_breach", "escalated"),
    [
        (posts(), (LIAISON,), (LIAISON, BACKUP), (HEAD,)),
        (posts(leave(LIAISON)), (BACKUP,), (BACKUP,), (HEAD,)),
        (posts(leave(LIAISON, MEMBER)), (MEMBER,), (MEMBER, BACKUP), (HEAD,)),
        (posts(*ALL_LIAISONS), (HEAD,), (HEAD,), (HEAD,)),
        (posts(leave(HEAD, SALES_HEAD)), (LIAISON,), (LIAISON, BACKUP), (SALES_HEAD,)),
        (posts(leave(HEAD)), (LIAISON,), (LIAISON, BACKUP), (SECRETARY,)),
        (posts(*ALL_LIAISONS, leave(HEAD)), (SECRETARY,), (SECRETARY,), (SECRETARY,)),
    ],
    ids=[
        "everybody there",
        "liaison away",
        "liaison with delegate",
        "EC-51 no liaison",
        "head with delegate",
        "head away",
        "EC-52 nobody",
    ],
)
def test_who_is_told(
    found: Posts,
    nudged: tuple[PersonId, ...],
    told_of_breach: tuple[PersonId, ...],
    escalated: tuple[PersonId, ...],
) -> None:
    clock = started()
    assert told_to(Nudged(CODE), clock, found) == nudged
    assert told_to(Breached(CODE), clock, found) == told_of_breach
    assert told_to(Escalated(CODE, 1), clock, found) == escalated
    assert told_to(SummaryDue(CODE), clock, found) == escalated


def test_a_correction_reaches_everybody_who_was_told_of_the_breach() -> None:
    assert told_to(BreachWithdrawn(CODE), breached(), posts()) == (LIAISON, BACKUP)
    escalated = escalate(breached(), now=at("11:00"), hours=HOURS).state
    assert told_to(BreachWithdrawn(CODE), escalated, posts()) == (LIAISON, BACKUP, HEAD)


def test_a_clock_closed_for_counting_is_told_to_the_asker() -> None:
    assert told_to(ClosedForCounting(CODE), breached(), posts()) == (ASKER,)


def test_ec_51_where_only_a_head_is_the_head_is_told_of_everything() -> None:
    clock = replace(started(department=IT), assignee=IT_HEAD, acting=IT_HEAD)
    assert told_to(Nudged(CODE), clock, posts()) == (IT_HEAD,)
    assert told_to(Breached(CODE), clock, posts()) == (IT_HEAD,)


@pytest.mark.parametrize(
    ("now", "sent"),
    [
        ("10:20", "10:20"),
        ("12:00", "12:00"),
        ("12:01", "13:30"),
        ("18:00", "18:00"),
        ("18:01", "2026-11-24 09:00"),
        ("2026-11-28 10:00", "2026-11-30 09:00"),
    ],
)
def test_l_09_a_notice_waits_for_the_recipients_window_both_ends_included(now: str, sent: str) -> None:
    assert notice_at(at(now), HOURS) == at(sent)


STATES = {
    ClockState.RUNNING: started(),
    ClockState.BREACHED: breached(),
    ClockState.ANSWERED_IN_TIME: told(started(), answer("10:10")),
    ClockState.ANSWERED_LATE: told(breached(), answer("10:40")),
    ClockState.CANCELLED: told(started(), fact(FactKind.CALLED_OFF, "10:05", by=ASKER)),
    ClockState.WAIVED: told(started(), fact(FactKind.WAIVED, "10:05", text="平台当日停机")),
}
OWED = {
    NoticeKind.NUDGE: {ClockState.RUNNING},
    NoticeKind.BREACH: {ClockState.BREACHED},
    NoticeKind.ESCALATION: {ClockState.BREACHED},
    NoticeKind.SUMMARY: {ClockState.BREACHED},
    NoticeKind.CLOSED: set[ClockState](),
    NoticeKind.INVISIBLE: set[ClockState](),
    NoticeKind.CORRECTION: set(ClockState) - {ClockState.BREACHED},
}


@pytest.mark.parametrize("state", ClockState)
@pytest.mark.parametrize("kind", NoticeKind)
def test_l_09_a_notice_that_waited_is_dropped_when_it_is_no_longer_owed(kind: NoticeKind, state: ClockState) -> None:
    assert still_owed(STATES[state], kind) is (state in OWED[kind])


def test_a_closed_clock_owes_only_the_offer_to_the_asker() -> None:
    closed = close(breached(), now=at("2026-11-26 18:00")).state
    assert [k for k in NoticeKind if still_owed(closed, k)] == [NoticeKind.BREACH, NoticeKind.CLOSED]
    gone = close(told(started(), DARK), now=at("2026-11-24 18:00")).state
    assert still_owed(gone, NoticeKind.INVISIBLE)


# ---------------------------------------------------------------- following the post (EC-50)


def without(person: PersonId) -> Directory:
    people = [replace(p, is_active=False) if p.id == person else p for p in DIRECTORY.people]
    return Directory(people=people, departments=DIRECTORY.departments)


def test_ec_50_a_running_clock_goes_to_the_backup_when_the_liaison_leaves_and_keeps_its_due() -> None:
    clock = follow(started(), posts(directory=without(LIAISON)))
    assert (clock.assignee, clock.acting, clock.due_at) == (BACKUP, BACKUP, at("10:30"))
    nobody = follow(started(), posts(leave(BACKUP), directory=without(LIAISON)))
    assert nobody.acting == HEAD
    away = follow(started(), posts(leave(LIAISON)))
    assert (away.assignee, away.acting) == (LIAISON, BACKUP)


def test_a_clock_that_is_over_keeps_its_names() -> None:
    done = told(started(), answer("10:10"))
    assert follow(done, posts(leave(LIAISON))) is done


def test_a_department_nobody_answers_for_leaves_the_clock_without_a_name() -> None:
    clock = follow(started(), posts(*ALL_LIAISONS, leave(HEAD)))
    assert (clock.assignee, clock.acting, clock.department) == (None, None, QA)
