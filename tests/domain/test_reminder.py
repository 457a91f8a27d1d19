"""When a deadline is told again and to which posts (domain.md 2.3, L-10, L-11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.company import read_company, sample_text
from bot.domain.calendar import Calendars
from bot.domain.ids import DepartmentId
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.reminder import ROUTES, Part, Stage, Steps, Told, last_step, next_step, route_of
from bot.domain.working_time import WorkingTime

BEIJING = ZoneInfo("Asia/Shanghai")
CALENDARS = Calendars(read_company(sample_text()).calendar)
EVERY = frozenset(Stage)


def at(text: str) -> datetime:
    """An instant of 2026 in Beijing."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BEIJING)


def deadline(kind: ObligationKind, due: str, *, opened: str = "09-01 10:00", detail: str = "") -> Obligation:
    """An open deadline."""
    return Obligation(
        key=f"X/{kind.value}", code="X", kind=kind, title="", due_at=at(due), opened_at=at(opened), detail=detail
    )


def hours_of(department: str) -> WorkingTime:
    """The hours of a department of the sample company."""
    return CALENDARS.of_department(DepartmentId(department))


def steps_of(one: Obligation, department: str = "QA", *, is_leaders: bool = False) -> Steps:
    return Steps(one, route_of(one, is_leaders=is_leaders), hours_of(department), CALENDARS)


def told(one: Obligation, until: str, department: str = "QA", *, is_leaders: bool = False) -> list[str]:
    """Every step up to then, as `S 09-15 09:00`."""
    steps, found = steps_of(one, department, is_leaders=is_leaders), []
    step = next_step(steps, EVERY, after=one.opened_at)
    while step is not None and step.at <= at(until):
        found.append(f"{step.stage.value[0]} {step.at.astimezone(BEIJING):%m-%d %H:%M}")
        step = next_step(steps, EVERY, after=step.at)
    return found


K = ObligationKind


@pytest.mark.parametrize(
    ("kind", "detail", "due", "soon"),
    [
        (K.REVIEW, "", "09-15 18:00", "09-15 14:00"),
        (K.TASK, "", "09-16 17:00", "09-15 09:00"),
        (K.TASK, "", "09-21 18:00", "09-20 09:00"),
        (K.WEEKLY_REPORT, "", "09-18 12:00", "09-18 10:00"),
        (K.ISSUE, "一般问题", "09-14 18:00", "09-14 17:00"),
        # three hours of the morning and one of the day before
        (K.ISSUE, "重要问题", "09-18 12:00", "09-17 17:00"),
        (K.ISSUE, "重要问题", "09-18 18:00", "09-18 14:00"),
        (K.ISSUE, "重大问题", "09-20 18:00", "09-20 14:00"),
        (K.MINUTES, "weekly", "09-14 18:00", "09-14 14:00"),
        (K.PLAN, "", "09-22 18:00", "09-21 09:00"),
        (K.COUNTERSIGN, "", "09-20 18:00", "09-20 14:00"),
    ],
)
def test_due_soon_is_told_so_long_before_in_working_time(kind: K, detail: str, due: str, soon: str) -> None:
    """2.3: review 4 working hours, weekly report 2, general issue 1, important 4; a task 1 working day before (3.4)."""
    one = deadline(kind, due, detail=detail)
    assert steps_of(one).next_soon(one.opened_at) == at(soon)


def test_l_11_minutes_before_a_limit_run_in_the_recipients_calendar() -> None:
    """L-11: production closes at 17:00, so one working hour before 18:00 begins at 16:00 there, at 17:00 elsewhere."""
    one = deadline(K.ISSUE, "09-14 18:00", detail="一般问题")
    assert steps_of(one, "SALES").next_soon(one.opened_at) == at("09-14 17:00")
    assert steps_of(one, "PROD").next_soon(one.opened_at) == at("09-14 16:00")


def test_l_10_daily_means_the_first_opening_of_the_recipients_day() -> None:
    """L-10: 08:00 in production, 09:00 elsewhere; nothing on the free Saturday, again on the make-up Sunday."""
    one = deadline(K.TASK, "09-17 17:00")
    assert told(one, "09-21 12:00") == [
        "s 09-16 09:00", "o 09-17 17:00", "o 09-18 09:00", "o 09-20 09:00", "o 09-21 09:00",
    ]  # fmt: skip
    assert told(one, "09-18 12:00", "PROD") == ["s 09-16 08:00", "o 09-17 17:00", "o 09-18 08:00"]


def test_the_leader_is_asked_each_working_morning_until_the_decision_and_after_the_limit() -> None:
    one = deadline(K.LEADER, "09-17 18:00", opened="09-15 16:20")
    assert told(one, "09-18 10:00", "GMO", is_leaders=True) == [
        "s 09-16 09:00", "s 09-17 09:00", "o 09-17 18:00", "o 09-18 09:00",
    ]  # fmt: skip


def test_a_signature_is_the_leaders_and_a_draft_is_not() -> None:
    one = deadline(K.RESOLUTION, "09-18 18:00", opened="09-17 17:10")
    assert told(one, "09-18 12:00", "GMO", is_leaders=True) == ["s 09-18 09:00"]
    assert told(one, "09-18 17:00", "RD") == ["s 09-18 14:00"]
    assert Part.SECRETARY in route_of(one).overdue_to
    assert route_of(one, is_leaders=True).overdue_to == (Part.HOLDER,)


def test_names_are_asked_for_three_times_after_their_limit_and_no_more() -> None:
    """3.13: daily, 3 times, then the weekly report only."""
    one = deadline(K.NAMING, "09-14 18:00")
    assert told(one, "10-30 12:00") == [
        "s 09-14 14:00", "o 09-14 18:00", "o 09-15 09:00", "o 09-16 09:00", "o 09-17 09:00",
    ]  # fmt: skip


def test_an_issue_that_is_not_graded_is_brought_up_every_two_working_hours() -> None:
    """3.7, T-11."""
    one = deadline(K.GRADING, "09-15 16:40", opened="09-15 11:10")
    assert told(one, "09-16 10:00", "ADMIN") == ["s 09-15 15:40", "o 09-15 16:40", "o 09-16 09:40"]


def test_proposals_come_again_weekly_and_some_kinds_never() -> None:
    assert told(deadline(K.PROPOSAL, "09-14 18:00"), "09-22 10:00") == [
        "s 09-14 14:00",
        "o 09-14 18:00",
        "o 09-20 09:00",
    ]
    for kind in (K.ACKNOWLEDGE, K.SYNC):
        assert told(deadline(kind, "09-14 18:00"), "12-01 10:00") == []
    assert told(deadline(K.RATING, "09-16 18:00"), "12-01 10:00") == ["s 09-15 09:00"]


def test_of_several_steps_that_were_missed_only_the_last_is_told() -> None:
    """EC-19."""
    one = deadline(K.TASK, "09-16 17:00")
    found = last_step(steps_of(one), EVERY, after=at("09-14 08:00"), until=at("09-18 11:00"))
    assert found == Told(stage=Stage.OVERDUE, at=at("09-18 09:00"))
    assert last_step(steps_of(one), EVERY, after=at("09-18 09:00"), until=at("09-18 11:00")) is None


def test_whoever_is_told_at_one_stage_only_is_not_told_at_the_other() -> None:
    one = deadline(K.ISSUE, "09-14 18:00", detail="一般问题")
    steps = steps_of(one)
    assert next_step(steps, frozenset({Stage.SOON}), after=at("09-14 17:00")) is None
    first = next_step(steps, frozenset({Stage.OVERDUE}), after=one.opened_at)
    assert first == Told(stage=Stage.OVERDUE, at=at("09-14 18:00"))


def test_every_kind_of_deadline_has_its_route_and_a_reader() -> None:
    assert set(ROUTES) == set(ObligationKind)
    silent = {kind for kind, route in ROUTES.items() if route.soon is None and not route.overdue_to}
    assert silent == {K.ACKNOWLEDGE, K.SYNC}, "these two have timers of their own (L-27, L-17)"


def test_a_major_issue_knows_no_night_and_goes_to_leader_and_alternate() -> None:
    major = route_of(deadline(K.ISSUE, "09-20 18:00", detail="重大问题"))
    assert (major.soon_to, major.overdue_to) == ((Part.LEADER,), (Part.LEADER, Part.ALTERNATE))
    assert major.at_any_hour
    meeting = route_of(deadline(K.MEETING, "09-20 18:00", detail="special"))
    assert meeting.at_any_hour
    assert not route_of(deadline(K.MEETING, "09-20 18:00", detail="coordination")).at_any_hour


def test_a_person_without_working_days_is_never_told() -> None:
    nobody = WorkingTime((), zone=BEIJING)
    one = deadline(K.TASK, "09-16 17:00")
    steps = replace(steps_of(one), hours=nobody)
    assert steps.next_soon(one.opened_at) is None
    assert steps.next_overdue(at("09-16 17:00")) is None
