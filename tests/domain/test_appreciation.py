"""Kudos, peer ratings and trainings: what counts and what is refused (domain.md 6.4 K7; EC-90, EC-91; T-24, T-25)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.domain.appreciation import (
    Rating,
    Training,
    held,
    is_due,
    kudos,
    mean,
    months_before,
    only_praise,
    rated,
    rating,
)
from bot.domain.directory import Person
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.errors import RuleViolation

NOW = datetime(2026, 9, 21, 2, 0, tzinfo=UTC)
ITEM = Code("SX-2026-0008")
SALES, ADMIN, FIN = DepartmentId("SALES"), DepartmentId("ADMIN"), DepartmentId("FIN")
INVOLVED = (SALES, ADMIN, FIN)
SU = Person(id=PersonId("E009"), name="苏念初", department=SALES)
LU = Person(id=PersonId("E019"), name="卢雨桐", department=ADMIN)


def rate(whom: DepartmentId = ADMIN, answers: Sequence[int] = (5, 4, 5, 4, 5), by: DepartmentId = SALES) -> Rating:
    return rating(ITEM, by=SU.id, from_department=by, department=whom, involved=INVOLVED, answers=answers, now=NOW)


def test_ec_91_nobody_praises_himself_or_the_own_department() -> None:
    """R-09."""
    assert kudos(SU, LU, "连夜改好合同", now=NOW, today=date(2026, 9, 21)).key == "E009:E019:2026-09-21"
    with pytest.raises(RuleViolation, match="kudos_self"):
        kudos(SU, SU, "连夜改好合同", now=NOW, today=date(2026, 9, 21))
    with pytest.raises(RuleViolation, match="kudos_own_department"):
        kudos(SU, replace(LU, department=SALES), "连夜改好合同", now=NOW, today=date(2026, 9, 21))


@pytest.mark.parametrize(
    ("whom", "answers", "code"),
    [
        (SALES, (5, 5, 5, 5, 5), "rating_own"),
        (DepartmentId("IT"), (5, 5, 5, 5, 5), "rating_not_involved"),
        (ADMIN, (5, 5, 5, 5), "rating_answers"),
        (ADMIN, (5, 5, 5, 5, 5, 5), "rating_answers"),
        (ADMIN, (0, 5, 5, 5, 5), "rating_answers"),
        (ADMIN, (6, 5, 5, 5, 5), "rating_answers"),
    ],
)
def test_a_rating_is_five_answers_about_another_department(
    whom: DepartmentId, answers: Sequence[int], code: str
) -> None:
    """R-35."""
    with pytest.raises(RuleViolation, match=code):
        rate(whom, answers)


def test_a_department_rates_all_others_that_were_involved() -> None:
    assert rated(SALES, INVOLVED) == (ADMIN, FIN)
    assert mean([rate(answers=(1, 2, 3, 4, 5)), rate(answers=(5, 5, 5, 5, 5))]) == 4.0


def test_ec_90_pairs_that_give_each_other_nothing_but_fives_are_listed() -> None:
    fives = (5, 5, 5, 5, 5)
    praise = [rate(ADMIN, fives), rate(SALES, fives, by=ADMIN), rate(FIN, fives), rate(SALES, (5, 5, 5, 5, 4), by=FIN)]
    assert only_praise(praise) == ((ADMIN, SALES),)
    assert only_praise([*praise, rate(ADMIN, (4, 5, 5, 5, 5))]) == ()
    assert only_praise(praise[:1]) == ()


def test_what_was_never_held_or_is_half_a_year_old_is_due() -> None:
    """T-24, T-25, R-106, R-110."""
    assert is_due(None, today=date(2026, 9, 1), months=6)
    assert is_due(date(2026, 3, 1), today=date(2026, 9, 1), months=6)
    assert not is_due(date(2026, 3, 2), today=date(2026, 9, 1), months=6)
    assert months_before(date(2026, 8, 31), 6) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 12) == date(2025, 1, 15)
    assert months_before(date(2026, 7, 1), 6) == date(2026, 1, 1)


def test_a_training_is_recorded_once() -> None:
    """R-110."""
    training = held(Training(key="t", topic="沟通"), at=NOW, attendees=[SU.id], by=LU.id)
    assert (training.attendees, training.recorded_by) == ((SU.id,), LU.id)
    with pytest.raises(RuleViolation, match="training_recorded"):
        held(training, at=NOW, attendees=[SU.id], by=LU.id)
