"""A calendar that changes under running clocks: old and new due instants, and nobody late by recalculation alone (EC-20, EC-21, 3.14)."""

from __future__ import annotations

from datetime import date

import pytest

from bot.calendars import build_calendars
from bot.domain.reply_clock import ReplyClock
from bot.domain.sla import ClockState, Retimed, SlaPolicy, breach, breach_in_doubt, nudge, retime, timers_for
from bot.domain.timers import TimerKind
from bot.domain.working_time import WorkingTime
from tests.domain.calendar_cases import official_2026, shown
from tests.domain.sla_support import CALENDARS, HOURS, answer, at, breached, started, told


def with_override(day: str, kind: str, *windows: tuple[str, str]) -> WorkingTime:
    override: dict[str, object] = {"date": date.fromisoformat(day), "kind": kind}
    if windows:
        override["windows"] = [list(w) for w in windows]
    return build_calendars(official_2026(override=[override])).company


CLOSED_AFTERNOON = with_override("2026-11-25", "closure", ("13:30", "18:00"))
CLOSED_DAY = with_override("2026-11-26", "closure")
WORKED_SATURDAY = with_override("2026-11-28", "workday")
LATE_OPENING = with_override("2026-11-25", "windows", ("10:30", "12:00"), ("13:30", "18:00"))


@pytest.mark.parametrize(
    ("asked", "old", "change", "now", "new"),
    [
        ("11-25 11:50", "11-25 13:50", CLOSED_AFTERNOON, "11-25 12:30", "11-26 09:20"),
        ("11-25 17:50", "11-26 09:20", CLOSED_DAY, "11-25 17:55", "11-27 09:20"),
        ("11-27 17:50", "11-30 09:20", WORKED_SATURDAY, "11-27 17:55", "11-28 09:20"),
        ("11-27 17:50", "11-30 09:20", WORKED_SATURDAY, "11-28 09:19", "11-28 09:29"),
        ("11-27 17:50", "11-30 09:20", WORKED_SATURDAY, "11-28 11:55", "11-28 13:35"),
        ("11-25 09:10", "11-25 09:40", LATE_OPENING, "11-25 09:30", "11-25 11:00"),
        ("11-25 09:10", "11-25 09:40", CLOSED_DAY, "11-25 09:30", "11-25 09:40"),
        ("11-23 10:00", "11-23 10:30", WORKED_SATURDAY, "11-23 10:20", "11-23 10:30"),
    ],
    ids=[
        "5.6 example 27",
        "a closed day in between",
        "EC-21 an added workday, with room",
        "EC-21 an added workday, too little room",
        "EC-21 ten minutes over lunch",
        "a later opening",
        "a closure elsewhere",
        "a workday elsewhere",
    ],
)
def test_ec_20_ec_21_a_due_instant_moves_with_the_calendar(
    asked: str, old: str, change: WorkingTime, now: str, new: str
) -> None:
    clock = started(f"2026-{asked}")
    assert shown(clock.due_at) == f"2026-{old}"
    decision = retime(clock, now=at(f"2026-{now}"), hours=change)
    assert shown(decision.state.due_at) == f"2026-{new}"
    assert decision.events == (() if new == old else (Retimed(clock.code, clock.due_at, decision.state.due_at),))
    assert decision.state.calendar_version == change.version
    assert decision.state.escalate_at is not None
    assert decision.state.escalate_at >= decision.state.due_at


def test_the_last_ten_minutes_stay_when_the_calendar_changes_again() -> None:
    once = retime(started("2026-11-27 17:50"), now=at("2026-11-28 09:19"), hours=WORKED_SATURDAY).state
    again = retime(once, now=at("2026-11-28 09:21"), hours=WORKED_SATURDAY)
    assert again.events == ()
    assert again.state.due_at == at("2026-11-28 09:29")


def test_a_limit_that_has_passed_already_never_moves_forward() -> None:
    clock = started("2026-11-27 17:50")
    decision = retime(clock, now=at("2026-11-30 09:21"), hours=WORKED_SATURDAY)
    assert decision.state is clock
    assert breach(clock, now=at("2026-11-30 09:21"), hours=HOURS).state.state is ClockState.BREACHED


def test_a_reminder_that_was_sent_is_not_repeated_when_the_limit_moves_later() -> None:
    nudged = nudge(started("2026-11-25 11:40"), now=at("2026-11-25 13:30")).state
    later = retime(nudged, now=at("2026-11-25 13:31"), hours=CLOSED_AFTERNOON).state
    owed = timers_for(later, hours=CLOSED_AFTERNOON, add_workdays=CALENDARS.add_workdays)
    assert [(t.kind, shown(t.due_at)) for t in owed] == [(TimerKind.SLA_BREACH, "2026-11-26 09:10")]


CLOSED = {
    "answered in time": told(started("2026-11-25 11:50"), answer("2026-11-25 13:40")),
    "answered late": told(breached(started("2026-11-25 11:50")), answer("2026-11-25 14:00")),
    "breached": breached(started("2026-11-25 11:50")),
}


@pytest.mark.parametrize("clock", CLOSED.values(), ids=CLOSED)
def test_ec_20_a_verdict_that_was_reached_is_never_recomputed(clock: ReplyClock) -> None:
    assert retime(clock, now=at("2026-11-25 15:00"), hours=CLOSED_AFTERNOON).state is clock


@pytest.mark.parametrize(
    ("clock", "now", "is_in_doubt"),
    [
        (CLOSED["breached"], "2026-11-26 09:00", True),
        (CLOSED["answered late"], "2026-11-27 09:00", True),
        (CLOSED["answered in time"], "2026-11-25 15:00", False),
        (told(CLOSED["breached"], answer("2026-11-26 09:20")), "2026-11-27 09:00", True),
        (told(CLOSED["breached"], answer("2026-11-26 09:21")), "2026-11-27 09:00", False),
        (CLOSED["breached"], "2026-11-26 09:21", False),
        (started("2026-11-25 11:50"), "2026-11-25 12:30", False),
        (started("2026-11-25 11:50"), "2026-11-25 14:00", False),
    ],
)
def test_ec_20_a_breach_that_would_not_have_happened_is_listed_for_the_secretary(
    clock: ReplyClock, now: str, is_in_doubt: bool
) -> None:
    assert breach_in_doubt(clock, hours=CLOSED_AFTERNOON, now=at(now)) is is_in_doubt
    assert not breach_in_doubt(clock, hours=HOURS, now=at(now))


def test_a_changed_policy_leaves_running_clocks_as_they_are() -> None:
    clock = started("2026-11-25 11:50", policy=SlaPolicy.of(12))
    moved = retime(clock, now=at("2026-11-25 11:55"), hours=CLOSED_AFTERNOON).state
    assert shown(moved.due_at) == "2026-11-26 09:02"
    assert moved.policy == SlaPolicy.of(12)
