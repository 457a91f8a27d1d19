"""The figures of the daily digest, section by section, with their borders (6.1; L-20, L-21, L-32; EC-71)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest

from bot.domain.digest import (
    MAX_LINES,
    DecisionKind,
    Digest,
    DigestInput,
    Happening,
    MajorIssue,
    Waiting,
    compose,
    day_bounds,
    digest_times,
    first_window,
    next_digest,
)
from bot.domain.group import Group, GroupPurpose, GroupState
from bot.domain.ids import Code
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.records import Fact
from bot.domain.reply_clock import ReplyClock
from bot.domain.response import ResponseFigures, one_decimal, response_figures
from bot.domain.sla import FactKind
from tests.domain.calendar_cases import shown
from tests.domain.sla_support import ASKER, CALENDARS, answer, at, breached, fact, heard, started, told

CUTOFF = at("2026-11-24 08:30")
SINCE = at("2026-11-23 08:30")
EMPTY = DigestInput(cutoff=CUTOFF, window_from=SINCE, obligations=(), clocks=(), facts=(), groups=())


def figures(**given: object) -> Digest:
    return compose(replace(EMPTY, **given), CALENDARS)  # type: ignore[arg-type]


# ---------------------------------------------------------------- when (5.7, 6.1)


@pytest.mark.parametrize(
    ("after", "sent"),
    [
        ("2026-11-23 08:44:59", "2026-11-23 08:45"),
        ("2026-11-23 08:45", "2026-11-24 08:45"),
        ("2026-11-27 12:00", "2026-11-30 08:45"),
        ("2026-11-28 07:00", "2026-11-30 08:45"),
        ("2026-09-18 09:00", "2026-09-20 08:45"),
        ("2026-09-30 09:00", "2026-10-08 08:45"),
        ("2026-10-09 09:00", "2026-10-10 08:45"),
        ("2026-12-31 09:00", "2027-01-04 08:45"),
    ],
)
def test_the_next_digest_is_sent_on_the_next_working_day(after: str, sent: str) -> None:
    assert shown(next_digest(CALENDARS, at(after), send=time(8, 45))) == sent


def test_a_year_of_digests_has_one_for_every_working_day() -> None:
    now, sent = at("2026-01-01 00:00"), list[datetime]()
    while now < at("2026-12-31 12:00"):
        now = next_digest(CALENDARS, now, send=time(8, 45))
        sent.append(now)
    days = [CALENDARS.local(s).date() for s in sent]
    assert len(set(days)) == len(days)
    assert all(CALENDARS.is_workday(d) for d in days)
    first = at("2026-01-01 00:00")
    worked = sum(CALENDARS.is_workday(CALENDARS.local(first + timedelta(days=n)).date()) for n in range(365))
    assert len([d for d in days if d.year == 2026]) == worked


def test_cut_off_and_sending_are_at_company_time() -> None:
    cutoff, sent = digest_times(CALENDARS, at("2026-11-24 23:30"), cutoff=time(8, 30), send=time(8, 45))
    assert (shown(cutoff), shown(sent)) == ("2026-11-24 08:30", "2026-11-24 08:45")


@pytest.mark.parametrize(
    ("cutoff", "begins"),
    [
        ("2026-11-24 08:30", "2026-11-23 08:30"),
        ("2026-11-30 08:30", "2026-11-27 08:30"),
        ("2026-10-08 08:30", "2026-09-30 08:30"),
    ],
)
def test_l_32_the_first_window_begins_at_the_previous_working_days_cut_off(cutoff: str, begins: str) -> None:
    assert shown(first_window(CALENDARS, at(cutoff), at=time(8, 30))) == begins


def test_today_is_from_midnight_to_midnight() -> None:
    begin, end = day_bounds(CALENDARS, at("2026-11-24 00:00"))
    assert (shown(begin), shown(end)) == ("2026-11-24 00:00", "2026-11-25 00:00")


# ---------------------------------------------------------------- 一 and 二


def test_section_1_counts_by_kind_and_lists_the_oldest_five() -> None:
    waiting = [
        Waiting(kind=kind, code=f"C{n}", title="x", since=SINCE - timedelta(hours=n), due_at=None)
        for n, kind in enumerate([*DecisionKind, DecisionKind.REQUEST])
    ]
    found = figures(waiting=waiting)
    assert found.waiting == {**dict.fromkeys(DecisionKind, 1), DecisionKind.REQUEST: 2}
    assert [w.code for w in found.waiting_lines] == ["C6", "C5", "C4", "C3", "C2"]
    assert not found.is_quiet


def test_section_1_leaves_out_what_came_after_the_cut_off() -> None:
    late = Waiting(kind=DecisionKind.REQUEST, code="C", title="x", since=CUTOFF + timedelta(minutes=1), due_at=None)
    assert figures(waiting=[late]).is_quiet


def test_section_2_lists_every_major_issue() -> None:
    major = [MajorIssue(code=f"WT-{n}", title="x", owner="y", due_at=None, days_open=n) for n in range(7)]
    assert figures(major=major).major == tuple(major)


# ---------------------------------------------------------------- 三


def owed(
    due: str | datetime,
    kind: ObligationKind = ObligationKind.TASK,
    *,
    key: str = "RW-1/任务",
    secrecy: int = 0,
    opened: str = "",
) -> Obligation:
    return Obligation(
        key=key,
        code=key.split("/")[0],
        kind=kind,
        title="x",
        due_at=at(due) if isinstance(due, str) else due,
        opened_at=at(opened) if opened else SINCE,
        secrecy=secrecy,
    )


@pytest.mark.parametrize(
    ("due", "overdue", "soon"),
    [
        ("2026-11-20 18:00", 1, 0),
        ("2026-11-24 08:29:59", 1, 0),
        ("2026-11-24 08:30", 0, 1),
        ("2026-11-24 18:00", 0, 1),
        ("2026-11-25 18:00", 0, 1),
        ("2026-11-25 18:00:01", 0, 0),
        ("2026-12-01 18:00", 0, 0),
    ],
)
def test_section_3_overdue_before_the_cut_off_due_soon_until_the_next_working_days_end(
    due: str, overdue: int, soon: int
) -> None:
    found = figures(obligations=[owed(due)])
    assert (sum(found.overdue.values()), sum(found.due_soon.values())) == (overdue, soon)


@pytest.mark.parametrize(
    ("cutoff", "until"),
    [
        ("2026-11-27 08:30", "2026-11-30 18:00"),
        ("2026-09-18 08:30", "2026-09-20 18:00"),
        ("2026-09-30 08:30", "2026-10-08 18:00"),
    ],
)
def test_section_3_the_next_working_day_may_be_far(cutoff: str, until: str) -> None:
    given = {"cutoff": at(cutoff), "window_from": at("2026-09-01 08:30")}
    last = owed(until, opened="2026-09-01 08:30")
    assert sum(figures(**given, obligations=[last]).due_soon.values()) == 1
    after = replace(last, due_at=last.due_at + timedelta(seconds=1))
    assert sum(figures(**given, obligations=[after]).due_soon.values()) == 0


def test_section_3_counts_exactly_its_kinds_in_their_order_and_lists_five_by_age() -> None:
    """Minute clocks, confirmations and weekly sync obligations are not in it (6.1)."""
    obligations = [
        owed(CUTOFF - timedelta(hours=n + 1), kind, key=f"K{n:02}/{kind.value}")
        for n, kind in enumerate(ObligationKind)
    ]
    found = figures(obligations=list(reversed(obligations)))
    assert [kind.value for kind in found.overdue] == SECTION_3
    counted = [o for o in obligations if o.kind.value in SECTION_3]
    assert [o.key for o in found.overdue_lines] == [o.key for o in reversed(counted)][:MAX_LINES]


#: 6.1, word for word
SECTION_3 = [
    "审核", "评估会", "组长审批", "方案编制", "会签", "任务", "周进度",
    "分级", "问题处理", "协调会/专题会", "调解", "裁定", "纪要", "决议",
    "验收", "整改", "归档", "命名", "进度报告",
]  # fmt: skip


def test_one_object_with_two_deadlines_counts_twice_and_what_opened_later_not_at_all() -> None:
    twice = [
        owed("2026-11-23 18:00", ObligationKind.ISSUE, key="WT-1/问题处理"),
        owed("2026-11-23 18:00", ObligationKind.MEETING, key="WT-1/协调会"),
    ]
    assert sum(figures(obligations=twice).overdue.values()) == 2
    later = owed("2026-11-24 18:00", opened="2026-11-24 08:31")
    assert figures(obligations=[later]).due_soon == {}


def test_slots_of_one_round_are_one_object_with_the_earliest_limit() -> None:
    """Week.md 09-18: five countersignatures of one plan are 会签 1."""
    slots = [
        owed("2026-11-25 18:00", ObligationKind.COUNTERSIGN, key=f"FA-1/会签/{department}") for department in "ABCDE"
    ]
    assert figures(obligations=slots).due_soon == {ObligationKind.COUNTERSIGN: 1}
    mixed = [*slots, owed("2026-11-23 18:00", ObligationKind.COUNTERSIGN, key="FA-1/会签/F")]
    found = figures(obligations=mixed)
    assert (found.overdue, found.due_soon) == ({ObligationKind.COUNTERSIGN: 1}, {})
    assert [o.key for o in found.overdue_lines] == ["FA-1/会签/F"]


# ---------------------------------------------------------------- 四 and 六


def event(
    kind: Happening, when: str = "2026-11-23 12:00", *, secrecy: int = 0, grade: str = "", key: str = "f"
) -> Fact:
    detail = {"grade": grade} if grade else {}
    return Fact(key=key, kind=kind.value, code="X", at=at(when), secrecy=secrecy, detail=detail)


@pytest.mark.parametrize(
    "kind",
    [h for h in Happening if h not in {Happening.MEETING_HELD, Happening.MEETING_PLANNED, Happening.REPORT_MISSING}],
)
def test_section_4_counts_what_happened_in_the_window(kind: Happening) -> None:
    found = figures(facts=[event(kind), event(kind)])
    assert found.progress == {h: 2 if h is kind else 0 for h in found.progress}
    assert not found.is_quiet


@pytest.mark.parametrize(
    ("when", "counts"),
    [
        ("2026-11-23 08:30", False),
        ("2026-11-23 08:30:01", True),
        ("2026-11-24 08:30", True),
        ("2026-11-24 08:30:01", False),
    ],
)
def test_the_window_is_open_at_its_beginning_and_closed_at_its_end(when: str, counts: bool) -> None:
    assert figures(facts=[event(Happening.REQUEST_NEW, when)]).progress[Happening.REQUEST_NEW] == counts


def test_new_issues_are_counted_by_grade() -> None:
    facts = [event(Happening.ISSUE_NEW, grade=g) for g in ("一般", "一般", "重大", "待分级")]
    assert figures(facts=facts).new_issue_grades == {"一般": 2, "重大": 1, "待分级": 1}


def test_a_fact_of_a_kind_that_is_not_reported_is_left_out() -> None:
    other = replace(event(Happening.REQUEST_NEW), kind="something_else")
    assert figures(facts=[other]).is_quiet


def test_section_6_meetings_held_and_planned_and_late_records() -> None:
    found = figures(
        facts=[event(Happening.MEETING_HELD)],
        planned=[event(Happening.MEETING_PLANNED), event(Happening.MEETING_PLANNED, secrecy=2)],
        obligations=[
            owed("2026-11-23 18:00", ObligationKind.MINUTES, key="JY-1"),
            owed("2026-11-23 18:00", ObligationKind.RESOLUTION, key="JD-1"),
            owed("2026-11-24 18:00", ObligationKind.MINUTES, key="JY-2"),
        ],
    )
    assert (found.meetings_held, found.meetings_today, found.records_overdue) == (1, 1, 2)


# ---------------------------------------------------------------- 七 and 八


def group(state: GroupState, purpose: GroupPurpose = GroupPurpose.DEDICATED) -> Group:
    return Group(id=f"{state}{purpose}", purpose=purpose, state=state, name="x", platform="feishu")


def test_section_7_is_the_state_at_the_cut_off() -> None:
    found = figures(
        groups=[*(group(s) for s in GroupState), group(GroupState.NONCOMPLIANT, GroupPurpose.CROSS_DEPARTMENT)],
        naming_open=2,
        reports_missing=1,
        vacancies=2,
    )
    assert (found.groups_noncompliant, found.naming_open, found.reports_missing, found.vacancies) == (1, 2, 1, 2)


def test_ec_71_confidential_objects_are_only_counted() -> None:
    found = figures(
        waiting=[Waiting(kind=DecisionKind.REQUEST, code="XQ-1", title="x", since=SINCE, due_at=None, secrecy=2)],
        major=[MajorIssue(code="WT-9", title="x", owner="y", due_at=None, days_open=1, secrecy=2)],
        obligations=[owed("2026-11-20 18:00", secrecy=2), owed("2026-11-24 18:00", secrecy=2)],
        facts=[event(kind, secrecy=2, grade="重大") for kind in Happening],
        clocks=[replace(told(started(), answer("10:10")), secrecy=2)],
        confidential_open=3,
    )
    assert found.confidential_open == 3
    assert replace(found, confidential_open=0).is_quiet
    assert found.new_issue_grades == {}


def test_level_1_is_counted() -> None:
    assert figures(obligations=[owed("2026-11-20 18:00", secrecy=1)]).overdue == {ObligationKind.TASK: 1}


@pytest.mark.parametrize(
    "given",
    [
        {"vacancies": 1},
        {"confidential_open": 1},
        {"planned": [event(Happening.MEETING_PLANNED)]},
        {"groups": [group(GroupState.NONCOMPLIANT)]},
        {"clocks": [told(started(), fact(FactKind.CALLED_OFF, "10:05", by=ASKER))]},
    ],
)
def test_only_a_digest_of_nothing_is_quiet(given: dict[str, object]) -> None:
    assert figures().is_quiet
    assert not figures(**given).is_quiet


def test_the_same_input_makes_the_same_digest() -> None:
    given = replace(EMPTY, obligations=[owed("2026-11-20 18:00")], facts=[event(Happening.ISSUE_NEW, grade="一般")])
    assert compose(given, CALENDARS) == compose(given, CALENDARS)


# ---------------------------------------------------------------- 五


def numbered(clock: ReplyClock, number: int) -> ReplyClock:
    return replace(clock, code=Code(f"HF-{number}"))


IN_TIME = told(started("10:00"), answer("10:10"))
LATE = told(breached(started("10:00")), answer("10:50"))
BREACHED = breached(started("10:00"))
CALLED_OFF = told(started(), fact(FactKind.CALLED_OFF, "10:05", by=ASKER))
WAIVED = told(BREACHED, fact(FactKind.WAIVED, "11:00", text="平台当日停机"))


def measured(*clocks: ReplyClock, start: datetime = SINCE, end: datetime = CUTOFF) -> ResponseFigures:
    return response_figures(clocks, start=start, end=end)


def test_section_5_counts_verdicts_and_takes_the_median_of_the_answers() -> None:
    found = measured(IN_TIME, LATE, BREACHED, CALLED_OFF, WAIVED, started())
    assert (found.on_time, found.late, found.cancelled, found.counted) == (1, 2, 1, 3)
    assert found.rate == Decimal("33.3")
    assert found.median_minutes == Decimal("30.0")


def test_section_5_without_a_verdict_has_no_rate_and_without_an_answer_no_median() -> None:
    assert (measured().rate, measured().median_minutes) == (None, None)
    assert (measured(BREACHED).rate, measured(BREACHED).median_minutes) == (Decimal("0.0"), None)


@pytest.mark.parametrize(
    ("on_time", "late", "rate"), [(1, 0, "100.0"), (2, 1, "66.7"), (1, 15, "6.3"), (7, 9, "43.8"), (0, 3, "0.0")]
)
def test_the_rate_has_one_decimal_half_up(on_time: int, late: int, rate: str) -> None:
    assert ResponseFigures(on_time=on_time, late=late).rate == Decimal(rate)


@pytest.mark.parametrize(
    ("value", "rounded"), [("0.05", "0.1"), ("0.049", "0.0"), ("12.25", "12.3"), ("12.35", "12.4")]
)
def test_half_is_rounded_up(value: str, rounded: str) -> None:
    assert one_decimal(Decimal(value)) == Decimal(rounded)


def test_a_late_clock_counts_once_at_its_breach_and_its_answer_only_in_the_median() -> None:
    noon = at("2026-11-23 10:40")
    before, after = measured(LATE, end=noon), measured(LATE, start=noon)
    assert (before.late, before.median_minutes) == (1, None)
    assert (after.late, after.median_minutes) == (0, Decimal("50.0"))


def test_a_verdict_exactly_at_the_cut_off_belongs_to_the_window_that_ends_there() -> None:
    limit = at("2026-11-23 10:30")
    assert measured(BREACHED, end=limit).late == 1
    assert measured(BREACHED, start=limit).late == 0


def test_nothing_falls_between_two_reports() -> None:
    """An answer of before the cut-off that is learned after the digest went out is counted in the next one, once."""
    known_late = replace(IN_TIME, learned_at=at("2026-11-24 09:00"))
    first = response_figures([], start=SINCE, end=CUTOFF, reported_at=at("2026-11-23 08:45"))
    next_one = response_figures(
        [known_late], start=CUTOFF, end=at("2026-11-25 08:30"), reported_at=at("2026-11-24 08:45")
    )
    later = response_figures(
        [known_late], start=at("2026-11-25 08:30"), end=at("2026-11-26 08:30"), reported_at=at("2026-11-25 08:45")
    )
    assert (first.on_time, next_one.on_time, later.on_time) == (0, 1, 0)


def test_l_32_a_verdict_corrected_after_it_was_reported_appears_once_as_a_correction() -> None:
    corrected = heard(BREACHED, answer("10:20"), now="2026-11-24 10:00").state
    assert measured(corrected).corrected == ()
    assert measured(corrected, start=CUTOFF, end=at("2026-11-25 08:30")).corrected == (corrected.code,)
    assert measured(corrected, start=at("2026-11-25 08:30"), end=at("2026-11-26 08:30")).corrected == ()


def test_a_verdict_corrected_before_it_was_reported_is_no_correction() -> None:
    corrected = heard(BREACHED, answer("10:20"), now="11:00").state
    found = measured(numbered(corrected, 1))
    assert (found.on_time, found.late, found.corrected) == (1, 0, ())
