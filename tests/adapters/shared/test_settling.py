"""Edits wait for the answer of a click on the same card, and for nothing else."""

from __future__ import annotations

import pytest

from adapters._settling import Settling
from bot.clock import SystemClock


def goes_at_once(settling: Settling, message: str) -> bool:
    """True when an edit of that message's card would not be held back for a moment."""
    edit = settling.settled(message)
    try:
        edit.send(None)
    except StopIteration:
        return True
    edit.close()
    return False


async def test_with_nobody_pressing_nothing_is_held_back() -> None:
    assert goes_at_once(Settling(SystemClock(), seconds=0.1), "a")


async def test_only_the_pressed_card_waits() -> None:
    settling = Settling(SystemClock(), seconds=0.1)
    with settling.answering("a"):
        assert not goes_at_once(settling, "a")
        assert goes_at_once(settling, "b")


@pytest.mark.slow
async def test_an_edit_goes_a_moment_after_the_answer() -> None:
    settling = Settling(SystemClock(), seconds=0.1)
    with settling.answering("a"):
        pass
    await settling.settled("a")
    assert goes_at_once(settling, "a")
