"""A chart as figures: its scale is never nothing (6.2, 6.4)."""

from __future__ import annotations

import pytest

from bot.domain.chart import Bar, Panel, Series, Tone

SERIES = (Series(name="按时", tone=Tone.GOOD), Series(name="超时", tone=Tone.BAD))


@pytest.mark.parametrize(
    ("values", "most", "scale"),
    [(((2.0, 1.0), (1.0, 0.0)), None, 3.0), (((50.0,),), 100.0, 100.0), ((), None, 1.0), (((0.0, 0.0),), None, 1.0)],
    ids=["the longest bar", "given", "no bars", "empty bars"],
)
def test_the_scale_of_a_panel(values: tuple[tuple[float, ...], ...], most: float | None, scale: float) -> None:
    panel = Panel(title="t", series=SERIES, bars=tuple(Bar(label="x", values=v) for v in values), most=most)
    assert panel.scale == scale
