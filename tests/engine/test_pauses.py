"""How long a call waits for its next try: the platform's word first, then ever longer (F6, F8)."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from bot.errors import FailureKind, PlatformError
from bot.repeating import BACKOFF_CAP, BELIEVED_ATTEMPTS, pause

ROLLS = 200


def pauses(attempts: int, *, asked_ms: int | None) -> list[timedelta]:
    """Many pauses before the next try of a call that was tried so often."""
    dice = Random(attempts)
    problem = PlatformError(FailureKind.RETRY, code="busy", retry_after_ms=asked_ms)
    return [pause(attempts, problem, dice) for _ in range(ROLLS)]


@pytest.mark.parametrize("attempts", range(1, BELIEVED_ATTEMPTS + 1))
def test_the_platforms_own_word_is_taken_literally_at_first(attempts: int) -> None:
    assert set(pauses(attempts, asked_ms=1_000)) == {timedelta(seconds=1)}


def test_a_platform_that_goes_on_asking_for_a_second_is_asked_less_and_less() -> None:
    means = [sum(pauses(n, asked_ms=1_000), timedelta()) / ROLLS for n in (3, 6, 8, 12)]
    assert means == sorted(means)
    assert means[-1] > timedelta(seconds=20)
    assert max(pauses(40, asked_ms=1_000)) <= BACKOFF_CAP + timedelta(seconds=0.5)


@pytest.mark.parametrize("attempts", [1, 4, 20])
def test_no_try_comes_before_the_platform_wants_one(attempts: int) -> None:
    assert min(pauses(attempts, asked_ms=300_000)) == timedelta(minutes=5)


def test_without_a_word_the_pauses_double() -> None:
    assert max(pauses(1, asked_ms=None)) <= timedelta(seconds=2.5)
    assert max(pauses(5, asked_ms=None)) > timedelta(seconds=20)
    assert min(pauses(5, asked_ms=None)) >= timedelta(seconds=0.5)
