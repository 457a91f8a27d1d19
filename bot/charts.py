"""Charts as SVG: a small drawing hand without state or library, for pages and for `bot.pictures` (ux.md A4 16, 19). Pure.

All words are escaped; nothing in the result loads, links or runs anything. Widths of words are estimated, generously, so that a
label is cut rather than drawn over a bar.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from bot.domain.chart import Bar, Chart, Panel, Series, Tone

#: in pixels of the drawing; pictures are twice as large
WIDTH = 720
MARGIN = 28
#: the widest that labels and words behind the bars may be
_LABEL, _NOTE = 200, 220
_LINE = 40
_THICK = 24
_GAP = 10
_TITLE, _HEAD, _TEXT, _SMALL = 26.0, 20.0, 18.0, 15.0
#: of a square: the mean of letters and digits, capital letters more than made up for by the small ones
_NARROW = 0.58
#: a value needs so much room on its part of a bar
_ROOM = 10

FAMILY = "Huiyin Sans"
_FONTS = f"'{FAMILY}','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"
_INK, _FAINT, _PAPER, _TRACK = "#1f2329", "#646a73", "#ffffff", "#eff0f1"
_COLOURS = {Tone.GOOD: "#2b8a6e", Tone.WARNING: "#c77700", Tone.BAD: "#c73a3a", Tone.PLAIN: "#3370b8"}


def svg(chart: Chart) -> str:
    """The drawing with its words; the height follows from what is on it."""
    body, height = _whole(chart)
    words = f"<title>{_safe(chart.title)}</title><desc>{_safe(described(chart))}</desc>"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
        f' role="img" font-family="{_FONTS}">{words}<rect width="{WIDTH}" height="{height}" fill="{_PAPER}"/>'
        f"{''.join(body)}</svg>"
    )


def described(chart: Chart) -> str:
    """The same figures as text, for those who do not see the picture and where none can be shown."""
    lines = [chart.title]
    for panel in chart.panels:
        bars = [_described(bar, panel) for bar in panel.bars] or [panel.empty]
        lines.append(f"{panel.title}：{'；'.join(bars)}")
    return "\n".join(lines)


def _described(bar: Bar, panel: Panel) -> str:
    if not panel.is_counted or len(panel.series) != len(bar.values):
        return f"{bar.label} {bar.note}".strip()
    parts = "、".join(f"{s.name} {v:g}" for s, v in zip(panel.series, bar.values, strict=True))
    return f"{bar.label} {parts}".strip()


def _whole(chart: Chart) -> tuple[list[str], int]:
    y = MARGIN + _TITLE
    parts = [_text(MARGIN, y, chart.title, size=_TITLE, room=WIDTH - 2 * MARGIN)]
    if chart.subtitle:
        y += _SMALL + _GAP
        parts.append(_text(MARGIN, y, chart.subtitle, size=_SMALL, colour=_FAINT, room=WIDTH - 2 * MARGIN))
    y += 2 * _GAP
    for panel in chart.panels:
        drawn, y = _panel(panel, y)
        parts.extend(drawn)
    if chart.footer:
        y += _SMALL + _GAP
        parts.append(_text(MARGIN, y, chart.footer, size=_SMALL, colour=_FAINT, room=WIDTH - 2 * MARGIN))
    return parts, round(y + MARGIN)


def _panel(panel: Panel, top: float) -> tuple[list[str], float]:
    y = top + 2 * _GAP + _HEAD
    legend = list(_legend(panel.series, y)) if len(panel.series) > 1 else []
    room = WIDTH - 2 * MARGIN - (_legend_width(panel.series) if legend else 0)
    parts = [_text(MARGIN, y, panel.title, size=_HEAD, room=room), *legend]
    y += _GAP
    if not panel.bars:
        parts.append(_text(MARGIN, y + _LINE - _GAP, panel.empty, size=_TEXT, colour=_FAINT, room=WIDTH - 2 * MARGIN))
        return parts, y + _LINE
    for bar in panel.bars:
        parts.extend(_bar(bar, panel, y))
        y += _LINE
    return parts, y


def _legend(series: tuple[Series, ...], y: float) -> Iterator[str]:
    """Names with their colours, from the right edge."""
    x = WIDTH - MARGIN - _legend_width(series)
    for one in series:
        yield _box(x, y - 13, 14, 14, _COLOURS[one.tone])
        yield _text(x + 20, y, one.name, size=_SMALL, colour=_FAINT, room=WIDTH)
        x += 20 + width_of(one.name, _SMALL) + 2 * _GAP


def _legend_width(series: tuple[Series, ...]) -> float:
    return sum(20 + width_of(one.name, _SMALL) + 2 * _GAP for one in series) - 2 * _GAP


def _bar(bar: Bar, panel: Panel, top: float) -> Iterator[str]:
    label = _column([one.label for one in panel.bars], _LABEL)
    note = _column([one.note for one in panel.bars], _NOTE)
    start, length = MARGIN + label, WIDTH - 2 * MARGIN - label - note
    base = top + (_LINE + _TEXT) / 2 - 2
    if bar.label:
        yield _text(MARGIN, base, bar.label, size=_TEXT, room=label - _GAP)
    yield _box(start, top + (_LINE - _THICK) / 2, length, _THICK, _TRACK)
    yield from _parts(bar, panel, start, top, length)
    if bar.note:
        yield _text(start + length + _GAP, base, bar.note, size=_TEXT, colour=_FAINT, room=note - _GAP)


def _column(words: Iterable[str], most: float) -> float:
    """Room for the widest of them and a gap, nothing where there are none."""
    widest = max((width_of(one, _TEXT) for one in words), default=0)
    return min(widest, most) + 2 * _GAP if widest else 0


def _parts(bar: Bar, panel: Panel, start: float, top: float, length: float) -> Iterator[str]:
    x = start
    for series, value in zip(panel.series, bar.values, strict=False):
        wide = length * min(max(value, 0) / panel.scale, 1)
        if wide <= 0:
            continue
        yield _box(x, top + (_LINE - _THICK) / 2, wide, _THICK, _COLOURS[bar.tone or series.tone])
        shown = f"{value:g}"
        if panel.is_counted and width_of(shown, _SMALL) + _ROOM <= wide:
            middle = top + (_LINE + _SMALL) / 2 - 2
            yield _text(x + wide / 2, middle, shown, size=_SMALL, colour=_PAPER, room=wide, anchor="middle")
        x += wide


# ---------------------------------------------------------------- words


def width_of(words: str, size: float) -> float:
    """About as wide as the words are drawn, rather wider: Chinese characters fill a square, others about half of one."""
    return sum(size * (1 if unicodedata.east_asian_width(c) in "WFA" else _NARROW) for c in words)


def cut(words: str, size: float, room: float) -> str:
    """As many of the words as there is room for."""
    if width_of(words, size) <= room:
        return words
    while words and width_of(words + "…", size) > room:
        words = words[:-1]
    return words.rstrip() + "…"


def _text(x: float, y: float, words: str, *, size: float, room: float, colour: str = _INK, anchor: str = "") -> str:
    where = f' text-anchor="{anchor}"' if anchor else ""
    shown = _safe(cut(words, size, room))
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{colour}"{where}>{shown}</text>'


def _box(x: float, y: float, wide: float, high: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" rx="3" fill="{colour}"/>'


def _safe(words: str) -> str:
    """Words that XML can hold: no control characters, no lone surrogates, nothing that is markup."""
    kept = (c if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs", "Cn", "Co"} else "" for c in words)
    return escape("".join(kept))
