"""A chart as figures and words, before anybody draws it: panels of stacked bars. Pure; `bot.charts` draws it.

Every figure that a bar shows is also written on it or beside it, so that nothing is told by colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """What a colour means."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What the parts of the bars with this number are."""

    name: str
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One line: its name, one value a series, and words behind the bar. Without values only the words."""

    label: str
    values: tuple[float, ...] = ()
    note: str = ""
    #: colour of the bar where a panel has one series and each bar its own meaning
    tone: Tone | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Bars with one scale. `most` is its end, the longest bar where it is None; `empty` stands where there are no bars."""

    title: str
    series: tuple[Series, ...]
    bars: tuple[Bar, ...]
    most: float | None = None
    empty: str = ""
    #: values are written on the bars
    is_counted: bool = True

    @property
    def scale(self) -> float:
        """The end of the scale, never nothing."""
        return self.most or max((sum(bar.values) for bar in self.bars), default=0) or 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture: what it is about, its panels, and where its figures come from."""

    title: str
    panels: tuple[Panel, ...]
    subtitle: str = ""
    footer: str = ""
