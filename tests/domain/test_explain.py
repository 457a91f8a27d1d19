"""What `/为什么` shows: segments without gaps whose counted part is the elapsed time, for any clock (L-06, L-16; EC-20)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendars import build_calendars
from bot.domain.explain import Explanation, explain
from bot.domain.ids import DepartmentId
from bot.domain.reply_clock import ReplyClock
from bot.domain.sla import FactKind, SlaPolicy
from bot.domain.working_time import SegmentKind
from tests.domain.calendar_cases import official_2026
from tests.domain.sla_support import (
    ASKER,
    CALENDARS,
    HOURS,
    LIAISON,
    MEMBER,
    PROD,
    QA,
    answer,
    at,
    breached,
    fact,
    hours_of,
    plain,
    started,
    told,
)


def shown(clock: ReplyClock, now: str | datetime = "2026-11-24 10:00") -> Explanation:
    return explain(
        clock,
        hours=hours_of(clock.department),
        now=at(now) if isinstance(now, str) else now,
        provisional=CALENDARS.is_provisional,
    )


def test_an_answer_over_lunch_shows_two_counted_pieces_and_the_break() -> None:
    found = shown(told(started("11:45"), answer("13:40")))
    kinds = [(s.kind is SegmentKind.COUNTED, s.seconds) for s in found.segments if s.seconds]
    assert [seconds for counted, seconds in kinds if counted] == [900, 600]
    assert found.counted_seconds == found.judged_seconds == 1500
    assert (found.rule, found.limit_minutes, found.answered_by) == ("R-40", 30, LIAISON)
    assert (found.started_at, found.until, found.due_at) == (at("11:45"), at("13:40"), at("13:45"))


@pytest.mark.parametrize(
    ("asked", "is_end"), [("11:30", True), ("11:45", False), ("17:30", True), ("17:50", False), ("10:00", False)]
)
def test_l_06_it_says_when_a_closing_window_ended_the_time(asked: str, is_end: bool) -> None:
    assert shown(started(asked)).ends_at_closing is is_end


def test_an_open_clock_is_shown_until_now_and_an_ended_one_until_its_end() -> None:
    assert shown(started(), "10:20").counted_seconds == 1200
    assert shown(breached(), "11:00").counted_seconds == 3600
    ended = told(started(), fact(FactKind.CALLED_OFF, "10:05", by=ASKER))
    assert (shown(ended).until, shown(ended).counted_seconds) == (at("10:05"), 300)
    assert shown(started(), "09:00").counted_seconds == 0


def test_late_delivery_shows_the_later_due() -> None:
    assert shown(started("10:00", handled="10:25")).extended_to == at("10:35")
    assert shown(started()).extended_to is None


def test_l_16_a_due_in_a_year_without_notice_is_provisional() -> None:
    assert shown(started("2026-12-31 17:40"), "2026-12-31 17:50").is_provisional
    assert not shown(started()).is_provisional


def test_ec_20_a_changed_calendar_is_named_and_the_verdict_keeps_its_own_minutes() -> None:
    clock = told(started("11:45"), answer("13:40"))
    closure = [{"date": clock.started_at.date(), "kind": "windows", "windows": [["09:00", "11:50"]]}]
    later = build_calendars(official_2026(override=closure)).company
    found = explain(clock, hours=later, now=at("14:00"), provisional=CALENDARS.is_provisional)
    assert found.calendar_changed
    assert (found.counted_seconds, found.judged_seconds) == (300, 1500)
    assert not shown(clock).calendar_changed


def test_flags_and_the_represented_person_are_shown() -> None:
    clock = told(started(), fact(FactKind.MEMBER_ANSWER, "10:10", by=MEMBER, name="om_a"))
    assert shown(clock).flags == {"other_member"}
    assert shown(clock).answered_by == MEMBER


_START = at("2026-09-01 00:00")
_MINUTES = st.integers(0, 60 * 24 * 100)


@settings(max_examples=120, derandomize=True, deadline=None)
@given(
    start=_MINUTES,
    seconds=st.integers(0, 59),
    wait=st.integers(0, 60 * 60 * 24 * 8),
    department=st.sampled_from([QA, PROD]),
    limit=st.integers(1, 30),
    is_plain=st.booleans(),
)
def test_the_segments_of_any_answered_clock_join_and_add_up(
    start: int, seconds: int, wait: int, department: DepartmentId, limit: int, is_plain: bool
) -> None:
    asked = _START + timedelta(minutes=start, seconds=seconds)
    zone = CALENDARS.zone
    opened = f"{asked.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    replied = f"{asked.astimezone(zone) + timedelta(seconds=wait):%Y-%m-%d %H:%M:%S}"
    clock = started(opened, department=department, policy=SlaPolicy.of(limit))
    clock = told(clock, plain(replied) if is_plain else answer(replied))
    found = shown(clock, at(replied))
    assert found.segments[0].start == found.started_at if found.segments else found.until == found.started_at
    for earlier, later in zip(found.segments, found.segments[1:], strict=False):
        assert earlier.end == later.start
    assert sum(s.seconds for s in found.segments) == (found.until - found.started_at).total_seconds()
    assert found.counted_seconds == clock.elapsed_seconds == hours_of(department).between(asked, at(replied))
    # in minutes of work, on time means within the limit, breaks at the end aside
    assert (clock.elapsed_seconds > limit * 60) <= (at(replied) > clock.due_at)
    assert HOURS.version == clock.calendar_version or department == PROD
