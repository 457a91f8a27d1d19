"""The department scorecard (domain.md 6.4, L-33; R-102, R-103): seven metrics, weights, bands. Every figure lists what is behind it.

Scores are computed, never edited (SoD-6): a number changes only when a verdict behind it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from bot.domain.ids import DepartmentId, PersonId


class Metric(StrEnum):
    """The metrics of 6.4."""

    REPLIES = "K1"
    TASKS = "K2"
    REPORTS = "K3"
    ISSUES = "K4"
    MEETINGS = "K5"
    DOCUMENTS = "K6"
    PEERS = "K7"


WEIGHTS: Mapping[Metric, int] = {
    Metric.REPLIES: 15,
    Metric.TASKS: 30,
    Metric.REPORTS: 10,
    Metric.ISSUES: 20,
    Metric.MEETINGS: 10,
    Metric.DOCUMENTS: 5,
    Metric.PEERS: 10,
}
#: samples below which a metric is not applicable; K7 also wants two departments
MINIMUM: Mapping[Metric, int] = {
    Metric.REPLIES: 5,
    Metric.TASKS: 1,
    Metric.REPORTS: 1,
    Metric.ISSUES: 1,
    Metric.MEETINGS: 1,
    Metric.DOCUMENTS: 1,
    Metric.PEERS: 3,
}
RATING_DEPARTMENTS = 2
#: the personal card: own clocks, own tasks, sync attendance, documents
PERSONAL: Mapping[Metric, int] = {Metric.REPLIES: 40, Metric.TASKS: 40, Metric.MEETINGS: 10, Metric.DOCUMENTS: 10}
#: applicable weights below this make no score: 样本不足，不评分
ENOUGH = 50
MOST_DEDUCTION, MOST_BONUS = 20, 10


class Band(StrEnum):
    """Bands by the rounded score; the value ends the catalogue key of the word."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One object behind a number: what it counts (`credit` of 1), its limit, when it happened, and why."""

    code: str
    credit: float
    due_at: datetime | None = None
    done_at: datetime | None = None
    #: ends the catalogue key of its verdict: on_time, late, half, missing, …
    verdict: str = ""
    #: level of 2.5; a confidential one is counted and never named (L-21)
    secrecy: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A share of a metric: lead and coop part of K3, meetings and actions of K5; one part for the others.

    `score` is 0..100, None without sample.
    """

    name: str
    score: float | None
    entries: tuple[Entry, ...] = ()

    @property
    def numerator(self) -> float:
        """What was earned."""
        return sum(entry.credit for entry in self.entries)

    @property
    def denominator(self) -> int:
        """Of how many."""
        return len(self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One metric of one card; not applicable where `score` is None."""

    metric: Metric
    score: float | None
    parts: tuple[Part, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Everything behind it."""
        return tuple(entry for part in self.parts for entry in part.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Points of a confirmed proposal."""

    code: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A frozen score that would be another one now: shown as 更正 in the next month."""

    month: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """The card of a department for a month, or of a person (`person`). `score` None: 样本不足，不评分."""

    department: DepartmentId
    month: str
    as_of: datetime
    figures: tuple[Figure, ...]
    #: before D and B
    base: float | None
    deductions: tuple[Points, ...] = ()
    bonuses: tuple[Points, ...] = ()
    #: limited to 0..100, not rounded
    exact: float | None = None
    person: PersonId | None = None
    frozen_at: datetime | None = None
    corrections: tuple[Correction, ...] = ()

    @property
    def score(self) -> Decimal | None:
        """One decimal, half up."""
        return rounded(self.exact) if self.exact is not None else None

    @property
    def band(self) -> Band | None:
        """By the rounded score (L-33)."""
        return band_of(self.score) if self.score is not None else None

    def figure(self, metric: Metric) -> Figure | None:
        """The figure of a metric, None on a card without it."""
        return next((f for f in self.figures if f.metric is metric), None)

    def value(self, metric: Metric) -> float | None:
        """Its score, None where it is not applicable."""
        figure = self.figure(metric)
        return figure.score if figure is not None else None


# ---------------------------------------------------------------- figures


def part(name: str, entries: Iterable[Entry]) -> Part:
    """100 · earned / all; None without sample."""
    kept = tuple(entries)
    score = 100 * sum(entry.credit for entry in kept) / len(kept) if kept else None
    return Part(name=name, score=score, entries=kept)


def figure(metric: Metric, entries: Iterable[Entry]) -> Figure:
    """A metric of one part, not applicable below its sample minimum."""
    whole = part("", entries)
    score = whole.score if whole.denominator >= MINIMUM[metric] else None
    return Figure(metric=metric, score=score, parts=(whole,))


def mean_of_parts(metric: Metric, parts: Iterable[Part]) -> Figure:
    """K3: the mean of lead and coop part where both exist, else the one that does (L-33)."""
    kept = tuple(parts)
    scores = [p.score for p in kept if p.score is not None]
    return Figure(metric=metric, score=sum(scores) / len(scores) if scores else None, parts=kept)


def halves(metric: Metric, parts: Iterable[Part]) -> Figure:
    """K5: half and half; a half without sample counts 100, the metric without any is not applicable."""
    kept = tuple(parts)
    if not any(p.score is not None for p in kept):
        return Figure(metric=metric, score=None, parts=kept)
    return Figure(metric=metric, score=sum(100.0 if p.score is None else p.score for p in kept) / len(kept), parts=kept)


def weekly_part(name: str, weeks: Sequence[Sequence[Entry]]) -> Part:
    """The coop part of K3: the mean of the weeks' shares (L-33); weeks without active tasks do not count."""
    shares = [100 * sum(e.credit for e in week) / len(week) for week in weeks if week]
    entries = tuple(entry for week in weeks for entry in week)
    return Part(name=name, score=sum(shares) / len(shares) if shares else None, entries=entries)


def peers(answers: Sequence[tuple[str, Sequence[int]]], departments: int) -> Figure:
    """K7: (mean − 1) / 4 · 100 over ratings given as (item, answers); which department gave which is not kept (anonymous)."""
    entries = tuple(
        Entry(code=item, credit=(sum(given) / len(given) - 1) / 4, verdict="rated") for item, given in answers
    )
    is_enough = len(entries) >= MINIMUM[Metric.PEERS] and departments >= RATING_DEPARTMENTS
    score = 100 * sum(e.credit for e in entries) / len(entries) if is_enough else None
    return Figure(metric=Metric.PEERS, score=score, parts=(Part(name="", score=score, entries=entries),))


# ---------------------------------------------------------------- the card


def weighed(figures: Iterable[Figure], weights: Mapping[Metric, int] = WEIGHTS) -> float | None:
    """Σ(w·s)/Σ(w of applicable metrics); None where they weigh less than 50."""
    applicable = [(weights[f.metric], f.score) for f in figures if f.score is not None]
    total = sum(weight for weight, _ in applicable)
    return sum(weight * score for weight, score in applicable) / total if total >= ENOUGH else None


def scored(
    department: DepartmentId,
    month: str,
    figures: Iterable[Figure],
    *,
    as_of: datetime,
    deductions: Iterable[Points] = (),
    bonuses: Iterable[Points] = (),
    person: PersonId | None = None,
) -> Scorecard:
    """The card: the weighed metrics − D + B within 0..100."""
    kept, minus, plus = tuple(figures), tuple(deductions), tuple(bonuses)
    base = weighed(kept, PERSONAL if person is not None else WEIGHTS)
    exact = None
    if base is not None:
        lost = min(MOST_DEDUCTION, sum(abs(p.points) for p in minus))
        won = min(MOST_BONUS, sum(p.points for p in plus))
        exact = min(100.0, max(0.0, base - lost + won))
    return Scorecard(
        department=department,
        month=month,
        as_of=as_of,
        figures=kept,
        base=base,
        deductions=minus,
        bonuses=plus,
        exact=exact,
        person=person,
    )


def rounded(value: float) -> Decimal:
    """One decimal, half up; what a float adds behind the ninth place is none of the score."""
    return Decimal(repr(round(value, 9))).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def band_of(score: Decimal) -> Band:
    """≥ 90 优秀, 80-89.9 良好, 60-79.9 合格, < 60 待改进."""
    for least, band in ((90, Band.EXCELLENT), (80, Band.GOOD), (60, Band.FAIR)):
        if score >= least:
            return band
    return Band.POOR


def performance(business: float, collaboration: float, weight: float) -> float:
    """R-103: what the share of collaboration makes of a department's result; the product only exports score and share."""
    return (1 - weight) * business + weight * collaboration


def ranked(cards: Iterable[Scorecard]) -> tuple[tuple[int, Scorecard], ...]:
    """Place and card, the best first; equal rounded scores share a place. Cards without a score are left out."""
    known = sorted((c for c in cards if c.score is not None), key=lambda c: (-(c.score or 0), c.department))
    scores = [c.score for c in known]
    return tuple((scores.index(c.score) + 1, c) for c in known)


# ---------------------------------------------------------------- months


def month_of(day: datetime) -> str:
    """`2026-09`; `day` is in company time."""
    return f"{day:%Y-%m}"


def month_before(month: str) -> str:
    """`2026-08` of `2026-09`."""
    year, number = (int(part) for part in month.split("-"))
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02d}"


def month_after(month: str) -> str:
    """`2026-10` of `2026-09`."""
    year, number = (int(part) for part in month.split("-"))
    return f"{year + 1}-01" if number == 12 else f"{year}-{number + 1:02d}"
