"""The acceptance week as the page shows it: steps with their marks, the tables, how far it is, and where to look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.playground.shortfall import Shortfall


class Mark(StrEnum):
    """How a step or a line of a table stands."""

    AHEAD = "ahead"
    PLAYING = "playing"
    DONE = "done"
    WRONG = "wrong"


class Pace(StrEnum):
    """How fast the week plays by itself."""

    FAST = "fast"
    #: an act every two seconds
    SLOW = "slow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the play is to be seen: whose page, which chat. `number` grows with every act; accounts are empty at first."""

    number: int = 0
    me: str = ""
    chat: str = ""
    #: code of the object whose card is pressed
    card: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step."""

    number: int
    at: datetime
    actor: str
    action: str
    #: the step in one Chinese sentence
    zh: str
    mark: Mark
    shortfalls: tuple[Shortfall, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """A line of a table: its cells in English and in Chinese."""

    cells: tuple[str, ...]
    zh: tuple[str, ...]
    mark: Mark
    shortfalls: tuple[Shortfall, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """All of it."""

    steps: tuple[StepView, ...]
    has_begun: bool
    is_running: bool
    is_over: bool
    wrong: int
    #: number of the step that is next, 0 after the end
    next_step: int
    #: the step that is played, or was played last
    now: StepView | None
    #: acts that were played, and all of them
    played: int
    acts: int
    pace: Pace
    digests: tuple[RowView, ...]
    clocks: tuple[RowView, ...]
    closing: tuple[RowView, ...]
