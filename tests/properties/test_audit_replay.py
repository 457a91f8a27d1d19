"""The trail alone tells the state of everything: folding its rows gives what the tables hold (P10, 3)."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings

from tests.properties import invariants
from tests.properties.history import History, Step, steps
from tests.support.figures import Figures


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_folding_the_trail_of_anything_gives_its_present_state(figures: Figures) -> None:
    replayed: Counter[str] = Counter()

    @settings(
        max_examples=6,
        derandomize=True,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )
    @given(steps(most=140))
    def fold(history: list[Step]) -> None:
        told = History.watched()
        try:
            for step in history:
                told.play(step)
            faults, kinds = told.within(lambda c: ([*invariants.replay_faults(c)], invariants.replayed_kinds(c)))
        finally:
            told.close()
        assert not faults, "\n".join(faults)
        replayed.update(kinds)

    fold()
    figures("objects whose state follows from their trail", f"{sum(replayed.values())} of {len(replayed)} kinds")
