"""Whatever people do, and in whatever order: nothing hangs with nobody, nothing is early, nothing is left behind (3, 5.9, 2.6)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.domain.confidentiality import Secrecy, level
from bot.domain.happened import DeadlinePassed
from bot.routing import Context
from handlers import numbered
from tests.properties import invariants
from tests.properties.history import KINDS, Happened, History, Step
from tests.properties.searching import Verdict, drawn, hold, judged
from tests.support.figures import Figures

SEEDS, STEPS = range(1, 6), 120
#: answers that say no for want of a right
NO_RIGHT = ("您没有执行此操作的权限", "未找到该编号")


def not_early(context: Context, event: DeadlinePassed) -> None:
    """EC-19: whatever is said to have passed has passed."""
    assert event.obligation.due_at <= context.now, f"{event.obligation.key} passed early"


def allowed(history: History, happened: Happened) -> bool:
    """Whoever holds a deadline has the right to meet it (2.2), unless it is confidential and the post changed hands (2.5)."""
    doing = happened.doing
    if doing is None or not doing.is_own or not any(no in happened.said for no in NO_RIGHT):
        return True
    thing = history.within(lambda context: numbered.load(context, doing.code))
    return thing is not None and level(thing.secrecy) is Secrecy.CONFIDENTIAL and doing.who not in thing.access


def play(history: Sequence[Step]) -> Verdict:
    told = History.watched(not_early)
    try:
        for step in history:
            happened = told.play(step)
            if not allowed(told, happened):
                return judged(told, f"the holder may not do what is owed: {happened.said}")
            invariants.check(told)
    except AssertionError as fault:
        return judged(told, str(fault))
    finally:
        told.close()
    return Verdict()


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_people_do_every_open_object_is_in_somebodys_hands_and_nothing_is_early(
    seed: int, figures: Figures
) -> None:
    """EC-11, EC-19, EC-50..EC-53: deadlines, holders, timers, trails after every step of any history."""
    kinds = [kind for kind, count in KINDS.items() for _ in range(count)]
    hold(drawn(seed, STEPS, kinds), play)
    figures("random histories of the whole charter", f"{len(SEEDS)} histories of {STEPS} steps, 0 broken rules")
