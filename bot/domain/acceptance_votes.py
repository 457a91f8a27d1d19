"""How votes become a result (domain.md 3.6, SoD-3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.acceptance import AcceptanceState, Verdict, Vote

_ORDER = (Verdict.PASSED, Verdict.RECTIFY, Verdict.FAILED)
_RESULT = {
    Verdict.PASSED: AcceptanceState.PASSED,
    Verdict.RECTIFY: AcceptanceState.RECTIFY,
    Verdict.FAILED: AcceptanceState.FAILED,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result, or that opinions are split and the leader decides (`result` None)."""

    result: AcceptanceState | None

    @property
    def is_split(self) -> bool:
        """Does the leader decide?"""
        return self.result is None


def worst(vote: Vote) -> Verdict:
    """What an acceptor says of the whole: the worst that is said of one criterion."""
    return max(vote.verdicts, key=_ORDER.index)


def outcome(votes: Iterable[Vote]) -> Outcome:
    """All 合格: passed. A 整改 and no 不合格: rectify. A 不合格: failed; unless somebody else found everything 合格: split.

    Votes that do not count are left out. Raises ValueError without any that counts.
    """
    opinions = {worst(vote) for vote in votes if vote.is_counted}
    if Verdict.FAILED in opinions and Verdict.PASSED in opinions:
        return Outcome(None)
    return Outcome(_RESULT[max(opinions, key=_ORDER.index)])
