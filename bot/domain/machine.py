"""A state machine as a table: which act is possible in which state, and where it may lead (domain.md 3).

The table is the whole truth about what is possible; guards that look at facts stand in the function of the act. A test walks
the product of states and acts of every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from bot.errors import RuleViolation

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Line(Generic[S, A]):
    """One line of the table: in each of `states` the act leads to one of `leads_to`."""

    states: tuple[S, ...]
    act: A
    leads_to: tuple[S, ...]


class Machine(Generic[S, A]):
    """The table of one kind of object. `noun` begins the catalogue keys of its states: `request_state_in_review`."""

    def __init__(self, noun: str, lines: Iterable[Line[S, A]]) -> None:
        self.noun = noun
        table: dict[tuple[S, A], tuple[S, ...]] = {}
        for line in lines:
            for state in line.states:
                if (state, line.act) in table:
                    raise ValueError(f"two lines for {state} / {line.act}")
                table[state, line.act] = line.leads_to
        self.table: Mapping[tuple[S, A], tuple[S, ...]] = table

    def allows(self, state: S, act: A) -> bool:
        """Is the act possible in that state, as far as the table knows?"""
        return (state, act) in self.table

    def acts(self, state: S) -> tuple[A, ...]:
        """Everything that is possible in that state, in the order of the table."""
        return tuple(act for (here, act) in self.table if here == state)

    def require(self, state: S, act: A) -> None:
        """Raises RuleViolation `stale_card` with the present state for an act that the table does not have."""
        if not self.allows(state, act):
            raise RuleViolation("stale_card", {"state": self.state_key(state)})

    def after(self, state: S, act: A, leads_to: S) -> S:
        """The state after the act. Raises RuleViolation as `require`; ValueError where the table knows no such way."""
        self.require(state, act)
        if leads_to not in self.table[state, act]:
            raise ValueError(f"{self.noun}: {act} does not lead from {state} to {leads_to}")
        return leads_to

    def state_key(self, state: S) -> str:
        """The catalogue key of the state's word."""
        return f"{self.noun}_state_{state.value}"
