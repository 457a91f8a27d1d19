"""The trail alone tells the state of everything: folding its rows gives what the tables hold (P10, 3)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.properties import invariants
from tests.properties.history import KINDS, History, Step
from tests.properties.searching import Verdict, drawn, hold, judged
from tests.support.figures import Figures

SEEDS, STEPS = range(20, 24), 180


def fold(history: Sequence[Step]) -> Verdict:
    told = History.watched()
    try:
        for step in history:
            told.play(step)
        faults = told.within(lambda context: [*invariants.replay_faults(context)])
        return judged(told, "\n".join(faults)) if faults else judged(told, "")
    except AssertionError as fault:
        return judged(told, str(fault))
    finally:
        told.close()


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_folding_the_trail_of_anything_gives_its_present_state(seed: int, figures: Figures) -> None:
    hold(drawn(seed, STEPS, [kind for kind, count in KINDS.items() for _ in range(count)]), fold)
    figures("states that follow from the trail alone", f"{len(SEEDS)} histories of {STEPS} steps, every object")
