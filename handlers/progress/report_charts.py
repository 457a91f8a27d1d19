"""Charts of reports: the week for the meeting, a scorecard by metric (domain.md 6.2, 6.4; ux.md A4 19). Counts only, never a title (2.5)."""

from __future__ import annotations

from bot.domain.chart import Bar, Chart, Panel, Series, Tone
from bot.domain.item_light import Colour
from bot.domain.scorecard import Figure, Scorecard, rounded
from bot.domain.weekly_figures import SAMPLE, WeeklyReport
from handlers.scores.scorecard_views import metric_name, share_of
from handlers.words import Words

#: scores from here on are drawn as good, below the other as bad: the bands 优秀 and 待改进
_EXCELLENT, _FAIR = 90, 60


def weekly(report: WeeklyReport, words: Words) -> Chart:
    """Answers and tasks by department, items by light."""
    start, end = words.stretch(report.start, report.end)
    return Chart(
        title=words.say("chart_week", week=report.week),
        subtitle=words.say("week_range", start=start, end=end),
        panels=(_answers(report, words), _tasks(report, words), _items(report, words)),
    )


def _answers(report: WeeklyReport, words: Words) -> Panel:
    bars = []
    for department, share in report.response_of.items():
        if share.whole:
            note = f"{share.percent}%" if share.whole >= SAMPLE else words.say("chart_too_few")
            values = (float(share.part), float(share.whole - share.part))
            bars.append(Bar(label=words.department(department), values=values, note=note))
    return Panel(
        title=words.say("chart_answers"),
        series=(_series("chart_in_time", Tone.GOOD, words), _series("chart_late", Tone.BAD, words)),
        bars=tuple(bars),
        empty=words.say("chart_no_answers"),
    )


def _tasks(report: WeeklyReport, words: Words) -> Panel:
    return Panel(
        title=words.say("chart_tasks"),
        series=(
            _series("chart_finished", Tone.GOOD, words),
            _series("chart_open", Tone.PLAIN, words),
            _series("chart_overdue", Tone.BAD, words),
        ),
        bars=tuple(
            Bar(
                label=words.department(one.department),
                values=(float(one.finished), float(one.open - one.late), float(one.late)),
            )
            for one in report.departments
            if one.finished or one.open
        ),
        empty=words.say("chart_no_tasks"),
    )


def _items(report: WeeklyReport, words: Words) -> Panel:
    lights = report.lights
    total = sum(lights.values())
    values = tuple(float(lights.get(colour, 0)) for colour in (Colour.GREEN, Colour.YELLOW, Colour.RED))
    bar = Bar(label=words.say("chart_active"), values=values, note=words.say("chart_total", count=total))
    return Panel(
        title=words.say("chart_items"),
        series=(
            _series("chart_green", Tone.GOOD, words),
            _series("chart_yellow", Tone.WARNING, words),
            _series("chart_red", Tone.BAD, words),
        ),
        bars=(bar,) if total else (),
        empty=words.say("chart_no_items"),
    )


def _series(key: str, tone: Tone, words: Words) -> Series:
    return Series(name=words.say(key), tone=tone)


def scorecard(card: Scorecard, words: Words) -> Chart | None:
    """One bar a metric; None where there is nothing to look at yet."""
    if all(figure.score is None for figure in card.figures):
        return None
    whose = words.name(card.person) if card.person is not None else words.department(card.department)
    day = (card.frozen_at or card.as_of).astimezone(words.zone).date()
    return Chart(
        title=_headline(card, whose, words),
        subtitle=words.say("chart_as_of", day=words.day(day)),
        panels=(
            Panel(
                title=words.say("chart_metrics"),
                series=(_series("chart_score", Tone.PLAIN, words),),
                bars=tuple(_metric(figure, words) for figure in card.figures),
                most=100,
                is_counted=False,
            ),
        ),
    )


def _headline(card: Scorecard, whose: str, words: Words) -> str:
    if card.score is None or card.band is None:
        return words.say("chart_no_score", whose=whose, month=card.month)
    band = words.say(f"score_band_{card.band.value}")
    return words.say("chart_card", whose=whose, month=card.month, score=card.score, band=band)


def _metric(figure: Figure, words: Words) -> Bar:
    label = metric_name(figure.metric, words)
    if figure.score is None:
        return Bar(label=label, note=words.say("chart_too_few"))
    tone = Tone.GOOD if figure.score >= _EXCELLENT else Tone.PLAIN if figure.score >= _FAIR else Tone.BAD
    note = words.say("chart_metric_note", score=rounded(figure.score), share=share_of(figure))
    return Bar(label=label, values=(figure.score,), note=note, tone=tone)
