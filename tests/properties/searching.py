"""Histories from seeds, and the shortest one that still goes wrong: steps are left out as long as the same thing is wrong."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from tests.properties.history import History, Step

#: so many plays are tried to make a history shorter
TRIES = 100


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was wrong, empty for nothing, and what had happened until then."""

    fault: str = ""
    story: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """What was wrong without numbers and dates, to know it again."""
        return re.sub(r"[\d:.+-]+", "#", self.fault.split("\n", 1)[0])[:70]


Play = Callable[[Sequence[Step]], Verdict]


def drawn(seed: int, count: int, kinds: Sequence[str]) -> list[Step]:
    """The history of that seed."""
    chance = random.Random(seed)
    return [Step(chance.choice(kinds), chance.randrange(2**20)) for _ in range(count)]


def judged(told: History, fault: str) -> Verdict:
    """What was wrong with a history."""
    lines = tuple(
        f"{h.at} {h.step} {h.doing.who if h.doing is not None else ''} "
        f"{h.doing.text if h.doing is not None else ''} -> {h.said}".replace("\n", " / ")[:300]
        for h in told.done
    )
    return Verdict(fault, lines)


def hold(history: Sequence[Step], play: Play, *, tries: int = TRIES) -> None:
    """Fails with the shortest history in which the same is wrong."""
    verdict = play(history)
    if not verdict.fault:
        return
    steps, verdict = shortened(history, play, verdict, tries=tries)
    story = "\n".join(verdict.story)
    pytest.fail(f"{verdict.fault}\n{len(steps)} of {len(history)} steps:\n{story}", pytrace=False)


def shortened(history: Sequence[Step], play: Play, verdict: Verdict, *, tries: int) -> tuple[list[Step], Verdict]:
    """Leave out as much as possible, first large parts, then single steps."""
    steps, tried = list(history[: len(verdict.story) + 1]), 0
    size = max(1, len(steps) // 4)
    while size and tried < tries:
        at = 0
        while at < len(steps) and tried < tries:
            shorter, tried = steps[:at] + steps[at + size :], tried + 1
            found = play(shorter)
            if found.fault and found.kind == verdict.kind:
                steps, verdict = shorter, found
            else:
                at += size
        size //= 2
    return steps, verdict
