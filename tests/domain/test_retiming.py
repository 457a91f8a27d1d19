"""What a change of the calendar does to a due instant: it moves, but nobody becomes late by it."""

from __future__ import annotations

import pytest

from bot.domain.retiming import LimitKind, is_spared, recompute
from tests.domain.calendar_cases import at, provisional_2027, shown

CALENDARS = provisional_2027()


@pytest.mark.parametrize(
    ("kind", "old", "new", "now", "stored"),
    [
        pytest.param("minutes", "11-25 10:30", "11-25 14:30", "11-25 10:00", "11-25 14:30", id="later is taken"),
        pytest.param("minutes", "11-25 14:30", "11-25 10:30", "11-25 10:00", "11-25 10:30", id="earlier with room"),
        pytest.param("minutes", "11-25 14:30", "11-25 10:03", "11-25 10:00", "11-25 10:10", id="too little room"),
        pytest.param("minutes", "11-25 14:30", "11-25 09:30", "11-25 10:00", "11-25 10:10", id="would be late"),
        pytest.param(
            "minutes", "11-26 09:30", "11-25 11:00", "11-25 11:55", "11-25 13:35", id="ten minutes over lunch"
        ),
        pytest.param("minutes", "11-25 09:30", "11-25 09:10", "11-25 10:00", "11-25 09:30", id="already run out"),
        pytest.param("minutes", "11-25 09:30", "11-26 09:10", "11-25 10:00", "11-26 09:10", id="run out, now later"),
        pytest.param("workdays", "11-27 18:00", "11-25 18:00", "11-25 10:00", "11-26 18:00", id="end of next day"),
        pytest.param(
            "workdays", "11-30 18:00", "11-26 18:00", "11-27 10:00", "11-30 18:00", id="next day after weekend"
        ),
        pytest.param("workdays", "12-02 18:00", "11-30 18:00", "11-25 10:00", "11-30 18:00", id="days with room"),
        pytest.param("workdays", "11-26 18:00", "11-27 18:00", "11-25 10:00", "11-27 18:00", id="a closure in between"),
    ],
)
def test_a_due_instant_moves_with_the_calendar_and_leaves_time_to_act(
    kind: str, old: str, new: str, now: str, stored: str
) -> None:
    moved = recompute(
        at(f"2026-{old}"),
        at(f"2026-{new}"),
        now=at(f"2026-{now}"),
        kind=LimitKind(kind),
        hours=CALENDARS.company,
        days=CALENDARS,
    )
    assert shown(moved) == f"2026-{stored}"


@pytest.mark.parametrize(
    ("answered", "new_due", "spared"),
    [
        ("11-25 10:40", "11-25 14:00", True),
        ("11-25 14:01", "11-25 14:00", False),
        ("11-25 10:30", "11-25 14:00", False),
    ],
)
def test_a_breach_that_the_new_calendar_would_not_have_known_is_told_apart(
    answered: str, new_due: str, spared: bool
) -> None:
    assert is_spared(at("2026-11-25 10:30"), at(f"2026-{new_due}"), until=at(f"2026-{answered}")) is spared
