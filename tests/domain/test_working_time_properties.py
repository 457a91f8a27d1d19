"""Laws of working time over random hours, closures, zones and instants, and agreement with a count minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.domain.calendar import CalendarData, Calendars, Holiday, HoursVersion, Override, OverrideKind
from bot.domain.wall_time import DAY_MINUTES, Hours, Windows, hours_of, windows_of
from bot.domain.working_time import SegmentKind, WorkingTime
from bot.errors import RuleViolation
from tests.domain.wall_zones import ZONES

pytestmark = pytest.mark.slow

FIRST = date(2026, 2, 20)
DAYS = 60
laws = settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def windows(draw: st.DrawFn) -> Windows:
    """One to three windows of a day, now and then the last one over midnight."""
    count = draw(st.integers(1, 3))
    cuts = sorted(draw(st.lists(st.integers(0, 287), min_size=2 * count, max_size=2 * count, unique=True)))
    hours = [(cuts[2 * i] * 5, cuts[2 * i + 1] * 5) for i in range(count)]
    if draw(st.booleans()):
        begin = hours[-1][0]
        end = draw(st.integers(begin + 5, DAY_MINUTES + hours[0][0] if count > 1 else begin + DAY_MINUTES - 5))
        hours[-1] = (begin, end)
    assume(all(last - first < DAY_MINUTES for first, last in hours))
    return windows_of(tuple(hours))


days = st.integers(0, DAYS).map(lambda n: FIRST + timedelta(days=n))


@st.composite
def overrides(draw: st.DrawFn) -> Override:
    kind = draw(st.sampled_from(OverrideKind))
    return Override(date=draw(days), kind=kind, windows=draw(windows()) if draw(st.booleans()) else ())


@st.composite
def calendars(draw: st.DrawFn, zones: tuple[str, ...] = ZONES) -> Calendars:
    start = draw(days)
    holiday = Holiday(name="节", start=start, end=start + timedelta(days=draw(st.integers(0, 9))), makeup=(draw(days),))
    return Calendars(
        CalendarData(
            timezone=draw(st.sampled_from(zones)),
            hours=(HoursVersion(windows=draw(windows())), HoursVersion(effective=draw(days), windows=draw(windows()))),
            holidays=(holiday,),
            imported_years=(2026,),
            overrides=tuple(draw(st.lists(overrides(), max_size=4))),
            first_year=2026,
            last_year=2026,
        )
    )


instants = st.integers(0, DAYS * 86_400_000).map(
    lambda ms: datetime.combine(FIRST, time(0), UTC) + timedelta(milliseconds=ms)
)
minutes = st.integers(1, 2000)


def reached(known: Calendars, start: datetime, amount: int) -> datetime:
    """Where so much working time ends; calendars that end before it say nothing about the law."""
    try:
        return known.company.add(start, amount)
    except RuleViolation:
        assume(False)
        raise


@laws
@given(calendars(), instants, minutes)
def test_what_is_added_is_what_lies_between(known: Calendars, start: datetime, amount: int) -> None:
    due = reached(known, start, amount)
    assert due > start
    assert known.company.between(start, due) == amount * 60


@laws
@given(calendars(), instants, minutes, minutes)
def test_adding_twice_is_adding_the_sum(known: Calendars, start: datetime, first: int, second: int) -> None:
    assert reached(known, reached(known, start, first), second) == known.company.add(start, first + second)


@laws
@given(calendars(), instants, instants, minutes)
def test_a_later_start_is_never_due_earlier(known: Calendars, one: datetime, other: datetime, amount: int) -> None:
    early, late = sorted((one, other))
    due = reached(known, late, amount)
    assert known.company.add(early, amount) <= due


@laws
@given(calendars(), instants, minutes)
def test_a_due_instant_lies_in_a_window_or_at_its_end_and_is_the_earliest_such(
    known: Calendars, start: datetime, amount: int
) -> None:
    """Counted from a whole second: elapsed time is kept in seconds (L-06), so that a start of a fraction more is the same."""
    start = start.replace(microsecond=0)
    due = reached(known, start, amount)
    assert known.company.is_notice_time(due)
    assert known.company.is_working(due - timedelta(milliseconds=1))
    assert known.company.between(start, due - timedelta(seconds=1)) < amount * 60


@laws
@given(calendars(), instants, minutes)
def test_going_back_from_a_due_instant_finds_the_latest_start(known: Calendars, start: datetime, amount: int) -> None:
    hours = known.company
    due = reached(known, start, amount)
    latest = hours.before(due, amount)
    assert latest >= start
    assert hours.add(latest, amount) == due < reached(known, latest + timedelta(milliseconds=1), amount)
    assert hours.between(latest, due) == amount * 60
    assert hours.is_working(latest)


@laws
@given(calendars(), instants, instants, instants)
def test_what_lies_between_adds_up_over_any_instant_in_the_middle(
    known: Calendars, one: datetime, two: datetime, three: datetime
) -> None:
    a, b, c = sorted((one, two, three))
    hours = known.company
    assert hours.between(a, b) + hours.between(b, c) == hours.between(a, c)
    assert 0 <= hours.between(a, c) <= (c - a) / timedelta(seconds=1) + 1
    assert hours.between(c, a) == 0


@laws
@given(calendars(), instants, instants)
def test_segments_cover_the_time_without_gaps_and_the_counted_ones_add_up(
    known: Calendars, one: datetime, other: datetime
) -> None:
    start, end = sorted((one, other))
    hours = known.company
    segments = hours.segments(start, end)
    assert sum(s.seconds for s in segments if s.kind is SegmentKind.COUNTED) == hours.between(start, end)
    assert all(before.end == after.start for before, after in pairwise(segments))
    assert all(s.start < s.end for s in segments)
    if segments:
        assert (segments[0].start, segments[-1].end) == (start.replace(microsecond=0), end.replace(microsecond=0))


@laws
@given(calendars(), instants)
def test_the_next_opening_is_working_time_with_none_before_it(known: Calendars, at: datetime) -> None:
    opening = known.company.next_opening(at)
    assert opening >= at
    assert known.company.is_working(opening)
    assert known.company.between(at, opening) == 0
    assert at <= known.company.next_notice_time(at) <= opening


@settings(laws, max_examples=40)
@given(calendars(zones=("Asia/Shanghai", "Asia/Kathmandu")), instants, st.integers(1, 3 * DAY_MINUTES))
def test_counting_minute_by_minute_on_the_wall_gives_the_same(known: Calendars, at: datetime, length: int) -> None:
    """The definition itself: a minute counts if it lies in a window of its date, or of the date before over midnight."""
    start = at.replace(second=0, microsecond=0)
    local = known.local(start).replace(tzinfo=None)
    open_minutes = {
        (known.local(start).date() + timedelta(days=offset), minute)
        for offset in range(-1, 4)
        for first, last in known.plan(known.local(start).date() + timedelta(days=offset)).hours
        for minute in range(first, last)
    }
    worked = 0
    for n in range(length):
        wall = local + timedelta(minutes=n)
        minute = wall.hour * 60 + wall.minute
        worked += (wall.date(), minute) in open_minutes or (
            wall.date() - timedelta(days=1),
            minute + DAY_MINUTES,
        ) in open_minutes
    assert known.company.between(start, start + timedelta(minutes=length)) == worked * 60


@laws
@given(windows())
def test_windows_written_and_read_again_are_the_same(written: Windows) -> None:
    hours: Hours = hours_of(written)
    assert hours_of(windows_of(hours)) == hours


@laws
@given(
    st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**7)).map(lambda p: (p[0], p[0] + p[1])), max_size=20),
    st.integers(0, 10**9),
    minutes,
)
def test_any_spans_at_all_give_a_right_answer_or_none(spans: list[tuple[int, int]], at: int, amount: int) -> None:
    hours = WorkingTime(spans, zone=UTC)
    start = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)
    refused = ""
    due = start
    try:
        due = hours.add(start, amount)
    except RuleViolation as problem:
        refused = problem.code
    if refused:
        assert refused == "no_working_time"
        return
    assert hours.between(start, due) in {amount * 60, amount * 60 - 1, amount * 60 + 1}  # spans here end within seconds


def test_the_zones_of_these_laws_include_some_that_change_their_clocks_within_the_period() -> None:
    start, end = datetime.combine(FIRST, time(0)), datetime.combine(FIRST + timedelta(days=DAYS), time(0))
    changing = [z for z in ZONES if ZoneInfo(z).utcoffset(start) != ZoneInfo(z).utcoffset(end)]
    assert len(changing) >= 5
