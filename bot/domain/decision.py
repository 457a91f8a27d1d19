"""What a state machine answers: the new state and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

S = TypeVar("S", covariant=True)
V = TypeVar("V", covariant=True)


@dataclass(frozen=True, slots=True)
class Decision(Generic[S, V]):
    """`state` after the move, `events` in the order in which they happened; empty when nothing did."""

    state: S
    events: tuple[V, ...] = ()
