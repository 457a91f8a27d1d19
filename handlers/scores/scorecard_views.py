"""How scorecards read: the card, the objects behind a figure, the ranking (domain.md 6.4; L-21). Always in private."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.confidentiality import Secrecy
from bot.domain.scorecard import (
    PERSONAL,
    WEIGHTS,
    Correction,
    Entry,
    Figure,
    Metric,
    Points,
    Scorecard,
    ranked,
    rounded,
)
from bot.routing import Context
from handlers.scores import scorecard_keeping
from handlers.visible import coverage
from handlers.words import Words

#: objects listed of one figure
MOST = 20


def card(context: Context, shown: Scorecard, words: Words) -> str:
    """The whole card: score and band, every metric with its share, points, corrections, and what can be done about it."""
    lines = [_head(shown, words)]
    lines.extend(_figure(context, figure, shown, words) for figure in shown.figures)
    if shown.deductions or shown.bonuses:
        lines.append(_points(shown, words))
    lines.extend(_correction(one, words) for one in shown.corrections)
    if shown.person is None:
        department = words.department(shown.department)
        lines.append(words.say("score_more", department=department, month=shown.month))
        ends = scorecard_keeping.contest_ends(context, shown)
        if ends is not None and ends >= context.now:
            lines.append(words.say("score_contest_until", until=words.time(ends)))
    return "\n".join(lines)


def _head(shown: Scorecard, words: Words) -> str:
    whose = words.name(shown.person) if shown.person is not None else words.department(shown.department)
    state = (
        words.say("score_frozen", at=words.time(shown.frozen_at))
        if shown.frozen_at is not None
        else words.say("score_open", at=words.time(shown.as_of))
    )
    if shown.score is None or shown.band is None:
        return words.say("score_head_none", whose=whose, month=shown.month, state=state)
    band = words.say(f"score_band_{shown.band.value}")
    return words.say("score_head", whose=whose, month=shown.month, score=shown.score, band=band, state=state)


def _figure(context: Context, figure: Figure, shown: Scorecard, words: Words) -> str:
    weights = PERSONAL if shown.person is not None else WEIGHTS
    line = words.say(
        "score_figure" if figure.score is not None else "score_figure_none",
        metric=metric_name(figure.metric, words),
        score=rounded(figure.score) if figure.score is not None else "",
        share=share_of(figure),
        weight=weights[figure.metric],
    )
    return line + coverage(context, words) if figure.metric is Metric.REPLIES else line


def share_of(figure: Figure) -> str:
    """`10.5/12`, of two parts both: `5/5 + 5/6`. Of ratings only how many there were."""
    if figure.metric is Metric.PEERS:
        return str(len(figure.entries))
    parts = [p for p in figure.parts if p.entries] or figure.parts[:1]
    return " + ".join(f"{part.numerator:g}/{part.denominator}" for part in parts)


def metric_name(metric: Metric, words: Words) -> str:
    """`K1 响应及时率`."""
    return f"{metric.value} {words.say(f'score_metric_{metric.value.lower()}')}"


def _points(shown: Scorecard, words: Words) -> str:
    def codes(points: Iterable[Points]) -> str:
        return words.listing(f"{p.code} {p.points}" for p in points) or "0"

    return words.say("score_points", minus=codes(shown.deductions), plus=codes(shown.bonuses))


def _correction(one: Correction, words: Words) -> str:
    def shown(value: float | None) -> object:
        return rounded(value) if value is not None else "-"

    return words.say("score_correction", month=one.month, before=shown(one.before), after=shown(one.after))


# ---------------------------------------------------------------- behind a figure


def detail(context: Context, shown: Scorecard, metric: Metric, words: Words) -> str:
    """The objects behind a figure: limit, what happened, verdict; confidential ones are only counted (L-21)."""
    figure = shown.figure(metric)
    whose = words.department(shown.department)
    if figure is None or not figure.entries:
        return words.say("score_detail_none", whose=whose, month=shown.month, metric=metric_name(metric, words))
    lines = [
        words.say(
            "score_detail_head",
            whose=whose,
            month=shown.month,
            metric=metric_name(metric, words),
            score=rounded(figure.score) if figure.score is not None else words.say("score_too_few"),
            share=share_of(figure),
        )
    ]
    if metric is Metric.PEERS:
        return "\n".join([*lines, words.say("score_detail_peers")])
    open_ones = [e for e in figure.entries if e.secrecy < Secrecy.CONFIDENTIAL]
    lines.extend(_entry(entry, words) for entry in open_ones[:MOST])
    if len(open_ones) > MOST:
        lines.append(words.say("score_detail_more", count=len(open_ones)))
    hidden = len(figure.entries) - len(open_ones)
    if hidden:
        lines.append(words.say("score_detail_hidden", count=hidden))
    lines.append(words.say("score_detail_calendar", version=context.world.calendars.version))
    left_out = sorted(scorecard_keeping.corrected(context, shown.month))
    if left_out:
        lines.append(words.say("score_detail_corrected", codes=words.listing(left_out)))
    return "\n".join(lines)


def _entry(entry: Entry, words: Words) -> str:
    return words.say(
        "score_entry",
        code=entry.code,
        due=words.time(entry.due_at) if entry.due_at is not None else "-",
        done=words.time(entry.done_at) if entry.done_at is not None else "-",
        verdict=words.say(f"score_verdict_{entry.verdict}"),
        credit=f"{entry.credit:g}",
    )


# ---------------------------------------------------------------- all departments


def ranking(cards: Iterable[Scorecard], month: str, words: Words) -> str:
    """Departments by place; no names of people (P-57)."""
    kept = list(cards)
    lines = [words.say("score_ranking_head", month=month)]
    for place, one in ranked(kept):
        band = words.say(f"score_band_{one.band.value}") if one.band is not None else ""
        department = words.department(one.department)
        lines.append(
            words.say("score_ranking_line", place=place, department=department, score=one.score or "", band=band)
        )
    unscored = [words.department(one.department) for one in kept if one.score is None]
    if unscored:
        lines.append(words.say("score_ranking_none", departments=words.listing(unscored)))
    return "\n".join(lines)
