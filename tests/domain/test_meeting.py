"""The meeting (domain.md 3.9): its table, times, attendance, limits, who is asked to come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from bot.domain import meeting_attendance, meeting_course, meeting_kind
from bot.domain.company import Parameters
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.meeting import (
    MACHINE,
    Answer,
    Attendance,
    Meeting,
    MeetingAct,
    MeetingKind,
    MeetingState,
    Node,
    Presence,
)
from bot.domain.meeting_invitation import Circle, invited, sync_host
from bot.domain.posts import Posts
from bot.errors import RuleViolation
from tests.domain.calendar_cases import at, provisional_2027, shown
from tests.domain.people_support import (
    LEADER,
    OFFICE_HEAD,
    PROD,
    PROD_HEAD,
    PROD_LIAISON,
    QA,
    QA_HEAD,
    QA_LIAISON,
    SALES,
    SALES_EMPLOYEE,
    SALES_HEAD,
    SALES_LIAISON,
    SECRETARY,
    company,
    posts,
)

START = datetime(2026, 9, 18, 6, 30, tzinfo=UTC)
NOW = START + timedelta(minutes=1)
S, A = MeetingState, MeetingAct
HEAD, LIAISON = PersonId("E003"), PersonId("E004")


def meeting(
    state: MeetingState = S.SCHEDULED, kind: MeetingKind = MeetingKind.COORDINATION, **changes: object
) -> Meeting:
    base = Meeting(
        code=Code("HY-2026-0042"),
        kind=kind,
        state=state,
        title="会",
        start_at=START,
        planned_end_at=START + timedelta(minutes=60),
        host=SECRETARY,
        attendance=(
            Attendance(person=HEAD, department=DepartmentId("PROD")),
            Attendance(person=LIAISON, department=DepartmentId("PROD")),
        ),
        limit_minutes=60,
        started_at=START if state in {S.IN_SESSION, S.ENDED} else None,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


# ---------------------------------------------------------------- the table

DO: dict[MeetingAct, Callable[[Meeting], Meeting]] = {
    A.ANSWER: lambda m: meeting_attendance.answer(m, HEAD, Answer.YES),
    A.REPORT: lambda m: meeting_course.distribute_report(
        replace(m, kind=MeetingKind.MILESTONE), content={"overall": "55%"}, by=HEAD, now=NOW
    ),
    A.RESCHEDULE: lambda m: meeting_course.reschedule(
        m, start_at=NOW + timedelta(days=1), end_at=NOW + timedelta(days=1, hours=1), reason="", now=NOW
    ),
    A.CANCEL: lambda m: meeting_course.cancel(m, reason="不需要了", has_consent=True),
    A.SHIFT: lambda m: meeting_course.shift(m, start_at=START, end_at=START + timedelta(hours=1)),
    A.SKIP: meeting_course.skip,
    A.START: lambda m: meeting_course.start(m, at=NOW, now=NOW),
    A.MISS: meeting_course.miss,
    A.ATTEND: lambda m: meeting_attendance.mark(m, [HEAD], Presence.EXCUSED),
    A.END: lambda m: meeting_course.end(m, at=NOW, now=NOW),
    A.ASSUME_END: lambda m: meeting_course.assume_end(m, now=NOW + timedelta(days=1)),
    A.CLOSE: lambda m: meeting_course.close(m, record="JY-2026-0028"),
}


@pytest.mark.parametrize(("state", "act"), list(product(MeetingState, MeetingAct)))
def test_what_the_table_does_not_have_is_refused_and_changes_nothing(state: MeetingState, act: MeetingAct) -> None:
    """Every pair of state and act; 3.9."""
    before = meeting(state)
    if MACHINE.allows(state, act):
        assert DO[act](before).state in MACHINE.table[state, act]
        return
    with pytest.raises(RuleViolation) as refused:
        DO[act](before)
    assert (refused.value.code, refused.value.facts["state"]) == ("stale_card", f"meeting_state_{state.value}")


def test_nothing_leads_out_of_the_last_states() -> None:
    for state in (S.CLOSED, S.CANCELLED, S.SKIPPED):
        assert MACHINE.acts(state) == ()


# ---------------------------------------------------------------- times (EC-60)


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (-1, 60, "meeting_in_past"),
        (60, 60, "meeting_end_before_start"),
        (60, 30, "meeting_end_before_start"),
        (60, 60 + 721, "meeting_too_long"),
    ],
)
def test_ec_60_times_that_cannot_be_planned_are_refused(start: int, end: int, code: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        meeting_course.check_times(NOW + timedelta(minutes=start), NOW + timedelta(minutes=end), now=NOW)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("minutes", "later", "code"),
    [
        (-1, 0, "meeting_end_before_start"),
        (10, 0, "meeting_time_ahead"),
        (14 * 60, 15 * 60, "meeting_too_long"),
    ],
)
def test_ec_60_an_end_before_the_start_and_a_meeting_of_14_hours_are_refused(
    minutes: int, later: int, code: str
) -> None:
    running = meeting(S.IN_SESSION)
    with pytest.raises(RuleViolation) as refused:
        meeting_course.end(running, at=START + timedelta(minutes=minutes), now=START + timedelta(minutes=later))
    assert refused.value.code == code


def test_twelve_hours_are_the_longest() -> None:
    at_ = START + timedelta(hours=12)
    assert meeting_course.end(meeting(S.IN_SESSION), at=at_, now=at_).duration == timedelta(hours=12)


def test_ec_60_a_meeting_that_nobody_ended_gets_its_planned_end_and_a_mark() -> None:
    """系统补记 (3.9)."""
    ended = meeting_course.assume_end(meeting(S.IN_SESSION), now=START + timedelta(days=1))
    assert (ended.ended_at, ended.is_assumed, ended.state) == (START + timedelta(minutes=60), True, S.ENDED)


def test_a_meeting_started_after_its_planned_end_ends_when_it_began() -> None:
    late = START + timedelta(minutes=90)
    ended = meeting_course.assume_end(meeting(S.IN_SESSION, started_at=late), now=START + timedelta(days=1))
    assert ended.duration == timedelta(0)


@pytest.mark.parametrize(("minutes", "is_overrun"), [(59, False), (60, False), (61, True)])
def test_longer_than_the_limit_is_marked_and_exactly_the_limit_is_not(minutes: int, is_overrun: bool) -> None:
    """R-54, R-59, T-18."""
    at_ = START + timedelta(minutes=minutes)
    assert meeting_course.end(meeting(S.IN_SESSION), at=at_, now=at_).is_overrun is is_overrun


def test_a_kind_without_limit_never_overruns() -> None:
    at_ = START + timedelta(hours=5)
    running = meeting(S.IN_SESSION, MeetingKind.SPECIAL, limit_minutes=0)
    assert not meeting_course.end(running, at=at_, now=at_).is_overrun


def test_a_meeting_starts_neither_in_the_future_nor_hours_before_its_time() -> None:
    for at_, now, code in (
        (NOW + timedelta(minutes=1), NOW, "meeting_time_ahead"),
        (START - timedelta(hours=3), NOW, "meeting_too_early"),
    ):
        with pytest.raises(RuleViolation) as refused:
            meeting_course.start(meeting(), at=at_, now=now)
        assert refused.value.code == code


def test_more_than_two_moves_are_flagged_and_answers_are_asked_for_anew() -> None:
    """3.9: everyone told; more than 2 moves flagged."""
    moved = meeting_attendance.answer(meeting(), HEAD, Answer.YES)
    flags = []
    for days in (1, 2, 3):
        start = NOW + timedelta(days=days)
        moved = meeting_course.reschedule(moved, start_at=start, end_at=start + timedelta(hours=1), reason="", now=NOW)
        flags.append(moved.is_moved_often)
    assert flags == [False, False, True]
    assert {line.answer for line in moved.attendance} == {""}


def test_a_weekly_meeting_is_cancelled_only_with_the_leaders_consent() -> None:
    """3.9: cancel; weekly: only with leader's consent."""
    weekly = meeting(kind=MeetingKind.WEEKLY)
    with pytest.raises(RuleViolation, match="meeting_needs_consent"):
        meeting_course.cancel(weekly, reason="全员培训", has_consent=False)
    asked = meeting_course.ask_to_cancel(weekly, by=SECRETARY, reason="全员培训")
    assert (asked.state, asked.cancel_asked_by) == (S.SCHEDULED, SECRETARY)
    assert meeting_course.cancel(asked, reason="全员培训", has_consent=True).state is S.CANCELLED
    assert meeting_course.keep(asked).cancel_asked_by is None
    with pytest.raises(RuleViolation, match="stale_card"):
        meeting_course.keep(weekly)


# ---------------------------------------------------------------- attendance (R-58, K5)


def test_at_the_end_everybody_came_of_whom_nothing_else_is_known() -> None:
    """R-58: present / delegate / excused / absent."""
    a, b, c, d, e = (PersonId(f"E01{n}") for n in range(5))
    lines = (
        Attendance(person=a, department=None),
        Attendance(person=b, department=None, answer="no", reason="出差"),
        Attendance(person=c, department=None, answer="no"),
        Attendance(person=d, department=None, by=a),
        Attendance(person=e, department=None, presence=Presence.ABSENT),
    )
    settled = meeting_attendance.settled(lines)
    assert [line.presence for line in settled] == [
        Presence.PRESENT,
        Presence.EXCUSED,
        Presence.ABSENT,
        Presence.DELEGATE,
        Presence.ABSENT,
    ]
    assert [line.counts_as_present for line in settled] == [True, False, False, True, False]


def test_a_head_who_sends_somebody_counts_as_present() -> None:
    """3.9: a head who is represented by a delegate counts as present for K5."""
    sent = meeting_attendance.represent(meeting(), HEAD, LIAISON)
    line = sent.attendance_of(HEAD)
    assert line is not None
    assert (line.by, line.presence, line.counts_as_present) == (LIAISON, Presence.DELEGATE, True)
    with pytest.raises(RuleViolation, match="meeting_own_delegate"):
        meeting_attendance.represent(meeting(), HEAD, HEAD)


def test_who_comes_after_all_needs_no_delegate_any_more() -> None:
    back = meeting_attendance.answer(meeting_attendance.represent(meeting(), HEAD, LIAISON), HEAD, Answer.YES)
    line = back.attendance_of(HEAD)
    assert line is not None
    assert (line.by, line.presence) == (None, None)


def test_people_on_leave_are_represented_or_excused_at_the_start() -> None:
    gone = meeting_attendance.on_leave(meeting(), {HEAD: None, LIAISON: PersonId("E014")})
    assert [line.presence for line in gone.attendance] == [Presence.EXCUSED, Presence.DELEGATE]
    marked = meeting_attendance.mark(meeting(), [HEAD], Presence.PRESENT)
    assert meeting_attendance.on_leave(marked, {HEAD: None}) == marked


def test_somebody_who_was_not_asked_has_no_line() -> None:
    with pytest.raises(RuleViolation, match="meeting_not_invited"):
        meeting_attendance.answer(meeting(), PersonId("E099"), Answer.YES)


# ---------------------------------------------------------------- kinds, limits, records


@pytest.mark.parametrize(
    ("kind", "limit", "warning", "days"),
    [
        (MeetingKind.WEEKLY, 90, 80, 1),
        (MeetingKind.MILESTONE, 0, 0, 1),
        (MeetingKind.ASSESSMENT, 90, 0, 1),
        (MeetingKind.COORDINATION, 60, 0, 1),
        (MeetingKind.SPECIAL, 0, 0, 1),
        (MeetingKind.ACCEPTANCE, 0, 0, 0),
        (MeetingKind.SYNC, 60, 50, 1),
    ],
)
def test_limits_warnings_and_days_for_the_record(kind: MeetingKind, limit: int, warning: int, days: int) -> None:
    """The table of 3.9 with T-16, T-17, T-18, T-18a, T-20a; A-13."""
    parameters = Parameters()
    assert meeting_kind.limit_of(kind, parameters) == limit
    assert meeting_kind.warn_minutes(kind, parameters) == warning
    assert meeting_kind.record_workdays(kind, parameters) == days


def test_a_company_may_be_stricter_than_the_plan_never_looser() -> None:
    """T-18 is marked S."""
    assert meeting_kind.limit_of(MeetingKind.WEEKLY, Parameters(weekly_meeting_minutes=60)) == 60
    assert meeting_kind.limit_of(MeetingKind.WEEKLY, Parameters(weekly_meeting_minutes=120)) == 90


@pytest.mark.parametrize(
    ("start", "now", "due"),
    [
        ("2026-09-17 14:00", "2026-09-15 10:20", "2026-09-16 18:00"),
        ("2026-09-21 09:00", "2026-09-15 10:20", "2026-09-20 18:00"),
        ("2026-09-15 15:00", "2026-09-15 10:20", "2026-09-15 15:00"),
    ],
)
def test_t_19_the_report_is_due_at_the_end_of_the_working_day_before(start: str, now: str, due: str) -> None:
    """R-67, T-19; the make-up Sunday counts, and a meeting called too late wants it before its start."""
    found = meeting_kind.report_due(at(start), provisional_2027(), Parameters(), now=at(now))
    assert shown(found) == due


def test_titles_name_item_and_node() -> None:
    titles = [
        meeting_kind.title_of(MeetingKind.MILESTONE, subject="X1试产", node=Node.MID_TERM),
        meeting_kind.title_of(MeetingKind.ASSESSMENT, subject="X1量产导入"),
        meeting_kind.title_of(MeetingKind.WEEKLY),
    ]
    assert titles == ["X1试产中期推进会", "X1量产导入需求评估会", "跨部门协作周例会"]


# ---------------------------------------------------------------- who is asked to come


def people_of(kind: MeetingKind, circle: Circle, *, at_work: Posts | None = None) -> list[PersonId]:
    lines = invited(kind, circle, company(), at_work or posts())
    return [line.person for line in lines if line.is_required]


ABOUT = Circle(lead=SALES, coop=(QA, PROD), members=(SALES_EMPLOYEE,))


def test_the_weekly_meeting_asks_all_heads_all_liaisons_and_the_secretary_not_the_leader() -> None:
    """R-58, A-16."""
    people = set(people_of(MeetingKind.WEEKLY, Circle()))
    assert {SALES_HEAD, QA_HEAD, PROD_HEAD, OFFICE_HEAD, SALES_LIAISON, QA_LIAISON, PROD_LIAISON, SECRETARY} <= people
    assert LEADER not in people


def test_a_milestone_meeting_asks_heads_project_members_and_the_leader() -> None:
    """R-65: leader required."""
    assert people_of(MeetingKind.MILESTONE, ABOUT) == [SALES_HEAD, QA_HEAD, PROD_HEAD, SALES_EMPLOYEE, LEADER]


def test_a_coordination_meeting_asks_the_liaisons_concerned() -> None:
    assert people_of(MeetingKind.COORDINATION, ABOUT) == [SECRETARY, SALES_LIAISON, QA_LIAISON, PROD_LIAISON]


def test_a_special_meeting_asks_whom_the_leader_names_else_the_heads() -> None:
    named = replace(ABOUT, named=(QA_LIAISON,))
    assert people_of(MeetingKind.SPECIAL, named) == [QA_LIAISON, SECRETARY]
    assert people_of(MeetingKind.SPECIAL, ABOUT) == [SALES_HEAD, QA_HEAD, PROD_HEAD, SECRETARY]


def test_an_acceptance_meeting_asks_acceptors_and_the_lead_department() -> None:
    circle = replace(ABOUT, acceptors=(QA_HEAD,))
    assert people_of(MeetingKind.ACCEPTANCE, circle) == [SECRETARY, QA_HEAD, SALES_HEAD, SALES_LIAISON]


def test_a_liaison_sync_asks_one_of_each_department() -> None:
    """R-53."""
    people = people_of(MeetingKind.SYNC, Circle())
    assert {SALES_LIAISON, QA_LIAISON, PROD_LIAISON} <= set(people)
    assert SECRETARY not in people


def test_the_hosts_of_the_sync_take_turns_week_by_week() -> None:
    """3.9: rotating liaison."""
    monday = date(2026, 9, 14)
    hosts = [sync_host(monday + timedelta(weeks=n), date(2026, 7, 1), company(), posts()) for n in range(6)]
    liaisons = [h for h in dict.fromkeys(hosts) if h is not None]
    assert len(liaisons) > 1
    assert hosts[: len(liaisons)] == liaisons
    assert hosts[len(liaisons)] == liaisons[0]
