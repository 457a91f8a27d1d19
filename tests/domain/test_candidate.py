"""Who becomes a candidate, and who never does (domain.md 6.5; R-36, R-104, R-105, L-21)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.appreciation import Kudos
from bot.domain.candidate import (
    Overdue,
    Shirking,
    department_awards,
    kudos_awards,
    overdue_departments,
    overdue_people,
    reply_awards,
    shirking,
    silent_departments,
    slow_departments,
)
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.scorecard import Entry, Figure, Metric, Scorecard, figure, scored

NOW = datetime(2026, 10, 12, 10, 0, tzinfo=UTC)
PROD, RD, QA = DepartmentId("PROD"), DepartmentId("RD"), DepartmentId("QA")
QIN = PersonId("E004")


def card(department: DepartmentId, score: float, tasks: float | None = None) -> Scorecard:
    figures = [Figure(metric=Metric.ISSUES, score=score), Figure(metric=Metric.TASKS, score=tasks or score)]
    return scored(department, "2026-09", figures, as_of=NOW)


def clocks(on_time: int, late: int, secrecy: int = 0) -> list[Entry]:
    return [
        *(Entry(code=f"HF-2026-{n:04}", credit=1.0) for n in range(on_time)),
        *(Entry(code=f"HF-2026-9{n:03}", credit=0.0, secrecy=secrecy) for n in range(late)),
    ]


def test_the_first_of_the_month_with_ninety_points_is_a_candidate() -> None:
    """R-104."""
    found = department_awards([card(PROD, 95), card(RD, 92)], with_overdue_major=())
    assert [(c.department, c.ground, c.person) for c in found] == [(PROD, "score", None)]
    assert found[0].facts == ("2026-09 score 95.0", "2026-09 tasks 95.0")


@pytest.mark.parametrize(
    ("cards", "overdue"),
    [
        ([card(PROD, 89.9)], ()),
        # 90 points, but tasks below
        ([card(PROD, 100, 89)], ()),
        ([card(PROD, 95)], (PROD,)),
        # more than two tie
        ([card(PROD, 95), card(RD, 95), card(QA, 95)], ()),
    ],
)
def test_no_department_is_a_candidate_for_an_award(cards: list[Scorecard], overdue: tuple[DepartmentId, ...]) -> None:
    assert department_awards(cards, with_overdue_major=overdue) == []


def test_two_that_tie_are_both_candidates() -> None:
    assert len(department_awards([card(PROD, 95), card(RD, 95)], with_overdue_major=())) == 2


def kudos(*departments: str) -> list[Kudos]:
    return [
        Kudos(
            key=f"k{n}",
            by=PersonId(f"E{n}"),
            from_department=DepartmentId(d),
            person=QIN,
            department=PROD,
            at=NOW,
            reason="连夜赶出样件",
        )
        for n, d in enumerate(departments)
    ]


def test_three_kudos_from_two_departments_make_a_candidate() -> None:
    """R-09."""
    [found] = kudos_awards(kudos("SALES", "SALES", "QA"), "2026-09")
    assert (found.person, found.department, found.facts) == (QIN, PROD, ("2026-09 kudos 3",))
    assert kudos_awards(kudos("SALES", "QA"), "2026-09") == []
    assert kudos_awards(kudos("SALES", "SALES", "SALES"), "2026-09") == []
    assert kudos_awards(kudos("PROD", "PROD", "SALES", "QA"), "2026-09") == []


def test_a_liaison_with_twenty_clocks_and_ninety_five_percent_is_a_candidate() -> None:
    assert len(reply_awards({(QIN, PROD): clocks(19, 1)}, "2026-09")) == 1
    assert reply_awards({(QIN, PROD): clocks(18, 2)}, "2026-09") == []
    assert reply_awards({(QIN, PROD): clocks(19, 0)}, "2026-09") == []


def overdue(code: str, workdays: int, **more: object) -> Overdue:
    return replace(Overdue(code=code, department=PROD, owner=QIN, workdays=workdays), **more)  # type: ignore[arg-type]


def test_two_tasks_more_than_five_days_overdue_make_a_department_a_candidate() -> None:
    """R-105."""
    [found] = overdue_departments([overdue("RW-1", 6), overdue("RW-2", 9)])
    assert found.facts == ("RW-1 overdue 6", "RW-2 overdue 9")
    assert overdue_departments([overdue("RW-1", 6), overdue("RW-2", 5)]) == []
    assert overdue_departments([overdue("RW-1", 6), overdue("RW-2", 9, secrecy=2)]) == [], "L-21: no confidential fact"


def test_a_person_is_a_candidate_after_ten_days_and_unanswered_reminders() -> None:
    late = overdue("RW-1", 11, was_reminded=True)
    assert [c.person for c in overdue_people([late])] == [QIN]
    for never in (
        replace(late, workdays=10),
        replace(late, was_reminded=False),
        replace(late, was_away=True),
        replace(late, secrecy=2),
    ):
        assert overdue_people([never]) == []


def test_slow_replies_missing_reports_and_a_ruling_make_candidates() -> None:
    """R-36: shirking only where the leader ticked it."""

    def slow(on_time: int, late: int, secrecy: int = 0) -> list[Scorecard]:
        return [scored(PROD, "2026-09", [figure(Metric.REPLIES, clocks(on_time, late, secrecy))], as_of=NOW)]

    assert [c.ground for c in slow_departments(slow(11, 9))] == ["slow_replies"]
    assert slow_departments(slow(12, 8)) == []
    assert slow_departments(slow(11, 8)) == []
    assert slow_departments(slow(11, 9, secrecy=2)) == []
    assert len(silent_departments({RD: ["JB-1", "JB-2"], QA: ["JB-3"]})) == 1
    [found] = shirking([Shirking(code="CT-1", department=PROD), Shirking(code="CT-2", department=RD, secrecy=2)])
    assert (found.department, found.facts) == (PROD, ("CT-1 ruling 0",))
