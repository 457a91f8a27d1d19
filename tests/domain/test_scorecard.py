"""The scorecard's arithmetic: the worked example, sample minimums, spreading of weights, points, bands (domain.md 6.4, L-33)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.domain.ids import DepartmentId
from bot.domain.scorecard import (
    ENOUGH,
    PERSONAL,
    WEIGHTS,
    Band,
    Entry,
    Figure,
    Metric,
    Part,
    Points,
    Scorecard,
    band_of,
    figure,
    halves,
    mean_of_parts,
    month_after,
    month_before,
    part,
    peers,
    performance,
    ranked,
    rounded,
    scored,
    weekly_part,
)

NOW = datetime(2026, 10, 9, 10, 0, tzinfo=UTC)
PROD = DepartmentId("PROD")


def entries(*earned: float) -> list[Entry]:
    return [Entry(code=f"X-{n}", credit=credit) for n, credit in enumerate(earned)]


def of(good: int, all_: int, *more: float) -> list[Entry]:
    return entries(*([1.0] * good + [0.0] * (all_ - good - len(more)) + list(more)))


def card(figures: list[Figure], deductions: Sequence[Points] = (), bonuses: Sequence[Points] = ()) -> Scorecard:
    return scored(PROD, "2026-09", figures, as_of=NOW, deductions=deductions, bonuses=bonuses)


def plain(metric: Metric, score: float | None) -> Figure:
    return Figure(metric=metric, score=score)


EXAMPLE = [
    figure(Metric.REPLIES, of(37, 40)),
    figure(Metric.TASKS, of(10, 12, 0.5)),
    mean_of_parts(Metric.REPORTS, [part("lead", of(7, 8, 0.5)), weekly_part("coop", [])]),
    figure(Metric.ISSUES, of(4, 5)),
    halves(Metric.MEETINGS, [part("meetings", of(5, 5)), part("actions", of(5, 6))]),
    figure(Metric.DOCUMENTS, of(19, 20)),
    peers([("SX-2026-0007", (5, 5, 5, 5, 5)), ("SX-2026-0008", (4, 4, 4, 4, 4))], 2),
]


def test_the_worked_example_comes_out() -> None:
    """6.4, R-102, R-103: 88.24 from six metrics, 90.2 with two points of an award, 优秀; 86.05 with a business result of 85."""
    assert [f.score if f.score is None else round(f.score, 2) for f in EXAMPLE] == [
        92.5,
        87.5,
        93.75,
        80.0,
        91.67,
        95.0,
        None,
    ]
    found = card(EXAMPLE, bonuses=[Points(code="JC-2026-09-01", points=2)])
    assert found.base is not None
    assert round(found.base, 2) == 88.24
    assert (found.score, found.band) == (Decimal("90.2"), Band.EXCELLENT)
    assert found.exact is not None
    assert round(performance(85, found.exact, 0.20), 2) == 86.05


def test_weights_sum_to_a_hundred() -> None:
    assert sum(WEIGHTS.values()) == sum(PERSONAL.values()) == 100


@pytest.mark.parametrize(
    ("metric", "samples", "is_applicable"),
    [
        (Metric.REPLIES, 4, False),
        (Metric.REPLIES, 5, True),
        (Metric.TASKS, 0, False),
        (Metric.TASKS, 1, True),
        (Metric.ISSUES, 1, True),
        (Metric.DOCUMENTS, 0, False),
    ],
)
def test_a_metric_below_its_sample_minimum_is_not_applicable(metric: Metric, samples: int, is_applicable: bool) -> None:
    assert (figure(metric, of(samples, samples)).score is not None) is is_applicable


@pytest.mark.parametrize(("ratings", "departments", "is_applicable"), [(3, 1, False), (2, 2, False), (3, 2, True)])
def test_peer_ratings_need_three_from_two_departments(ratings: int, departments: int, is_applicable: bool) -> None:
    """K7, EC-90: one friend is not enough."""
    found = peers([(f"SX-{n}", (5, 5, 5, 5, 5)) for n in range(ratings)], departments)
    assert (found.score is not None) is is_applicable
    assert peers([("a", (1, 1, 1, 1, 1)), ("b", (3, 3, 3, 3, 3)), ("c", (5, 5, 5, 5, 5))], 2).score == 50.0


def test_weights_of_what_is_not_applicable_are_spread_over_the_rest() -> None:
    found = card([plain(Metric.TASKS, 100.0), plain(Metric.ISSUES, 50.0), plain(Metric.REPLIES, None)])
    assert found.exact == (30 * 100 + 20 * 50) / ENOUGH


def test_less_than_half_the_weight_makes_no_score() -> None:
    """样本不足，不评分."""
    below = card([plain(Metric.TASKS, 100.0), plain(Metric.REPLIES, 100.0), plain(Metric.PEERS, None)])
    assert (below.score, below.band, below.base) == (None, None, None)
    assert card([plain(Metric.TASKS, 100.0), plain(Metric.ISSUES, 100.0)]).score == Decimal("100.0")


def test_a_half_of_the_meetings_without_sample_counts_a_hundred() -> None:
    assert halves(Metric.MEETINGS, [part("meetings", of(1, 2)), part("actions", [])]).score == 75.0
    assert halves(Metric.MEETINGS, [part("meetings", []), part("actions", [])]).score is None


def test_reports_are_the_mean_of_lead_and_coop_part_where_both_exist() -> None:
    """L-33; the coop part is averaged over the month's weeks, empty weeks left out."""
    lead = part("lead", of(1, 2))
    coop = weekly_part("coop", [entries(1.0, 1.0), entries(0.0), []])
    assert (lead.score, coop.score) == (50.0, 50.0)
    assert mean_of_parts(Metric.REPORTS, [lead, weekly_part("coop", [entries(1.0)])]).score == 75.0
    assert mean_of_parts(Metric.REPORTS, [part("lead", []), coop]).score == 50.0
    assert mean_of_parts(Metric.REPORTS, [part("lead", []), weekly_part("coop", [])]).score is None


def test_points_are_capped_and_the_score_stays_between_nothing_and_a_hundred() -> None:
    """3.16: deduction at most 20, bonus at most 10 a month."""
    many = [Points(code=f"JC-{n}", points=5) for n in range(6)]
    full = [plain(Metric.TASKS, 90.0), plain(Metric.ISSUES, 90.0)]
    assert card(full, deductions=many).exact == 70.0
    assert card(full, bonuses=many).exact == 100.0
    assert card([plain(Metric.TASKS, 3.0), plain(Metric.ISSUES, 3.0)], deductions=many).exact == 0.0


@pytest.mark.parametrize(
    ("score", "band"),
    [
        ("90.0", Band.EXCELLENT),
        ("89.9", Band.GOOD),
        ("80.0", Band.GOOD),
        ("79.9", Band.FAIR),
        ("60.0", Band.FAIR),
        ("59.9", Band.POOR),
    ],
)
def test_bands_go_by_the_rounded_score(score: str, band: Band) -> None:
    """L-33: 89.95 is 90.0 and excellent."""
    assert band_of(Decimal(score)) is band
    assert band_of(rounded(89.95)) is Band.EXCELLENT
    assert (rounded(88.25), rounded(88.2499999), rounded(88.35)) == (Decimal("88.3"), Decimal("88.2"), Decimal("88.4"))


def test_every_figure_lists_what_is_behind_it() -> None:
    """Explainable: numerator and denominator are the sums of its entries."""
    found = figure(Metric.TASKS, of(10, 12, 0.5))
    assert (found.parts[0].numerator, found.parts[0].denominator, len(found.entries)) == (10.5, 12, 12)


def test_equal_scores_share_a_place() -> None:
    def of_department(name: str, score: float | None) -> Scorecard:
        figures = [plain(Metric.TASKS, score), plain(Metric.ISSUES, score)]
        return scored(DepartmentId(name), "2026-09", figures, as_of=NOW)

    cards = [of_department("A", 80.0), of_department("B", 95.0), of_department("C", 80.0), of_department("D", None)]
    assert [(place, c.department) for place, c in ranked(cards)] == [(1, "B"), (2, "A"), (2, "C")]


def test_months_follow_each_other_over_the_year() -> None:
    assert (month_before("2026-01"), month_after("2026-12"), month_after("2026-08")) == (
        "2025-12",
        "2027-01",
        "2026-09",
    )
    assert Part(name="", score=None).denominator == 0
