"""Whatever people do, and in whatever order: nothing hangs with nobody, nothing is early, nothing is left behind (3, 5.9, 2.6)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from bot.domain.confidentiality import Secrecy, level
from bot.domain.happened import DeadlinePassed
from bot.routing import Context
from handlers import numbered
from tests.properties import invariants
from tests.properties.history import Happened, History, Step, steps
from tests.support.figures import Figures

#: answers that say no for want of a right
NO_RIGHT = ("您没有执行此操作的权限", "未找到该编号")


def not_early(context: Context, event: DeadlinePassed) -> None:
    """EC-19: whatever is said to have passed has passed."""
    assert event.obligation.due_at <= context.now


def allowed(history: History, happened: Happened) -> bool:
    """Whoever holds a deadline has the right to meet it (2.2), unless it is confidential and the post changed hands (2.5)."""
    doing = happened.doing
    if doing is None or not doing.is_own or not any(no in happened.said for no in NO_RIGHT):
        return True
    thing = history.within(lambda context: numbered.load(context, doing.code))
    return thing is not None and level(thing.secrecy) is Secrecy.CONFIDENTIAL and doing.who not in thing.access


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_whatever_people_do_every_open_object_is_in_somebodys_hands_and_nothing_is_early(figures: Figures) -> None:
    """EC-11, EC-19, EC-50..EC-53: deadlines, holders, timers, trails after every step of any history."""
    played = [0, 0]

    @settings(
        max_examples=12,
        derandomize=True,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )
    @given(steps(most=80))
    def play(history: list[Step]) -> None:
        told = History.watched(not_early)
        try:
            for step in history:
                happened = told.play(step)
                assert allowed(told, happened), f"{happened.doing} was answered: {happened.said}"
                invariants.check(told)
        finally:
            told.close()
        played[0] += 1
        played[1] += len(history)

    play()
    figures("random histories of the whole charter", f"{played[0]} histories, {played[1]} steps, 0 broken rules")
