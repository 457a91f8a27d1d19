"""The inspector: what came in and whether it was believed, what was decided, what went out, and what is due next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.playground.backstage import Look
from bot.playground.stage import Stage, Wire
from bot.playground.views import DoneView, TimerView, TraceRow

#: lines of traffic and timers that are shown
LINES, TIMERS = 60, 6
#: in, then done, then out, where they happened in the same instant
_RANK = {"in": 0, "done": 1, "out": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """Everything the inspector shows."""

    wire: Wire
    timers: tuple[TimerView, ...]
    more_timers: int
    #: newest first
    rows: tuple[TraceRow, ...]


def inspect(stage: Stage, look: Look, *, now: datetime) -> Inspection:
    """The present state; timers of the far future are counted only."""
    rows = [*stage.trace(limit=LINES), *(_row(done) for done in look.done)]
    return Inspection(
        wire=stage.wire(),
        timers=look.timers[:TIMERS],
        more_timers=max(0, len(look.timers) - TIMERS),
        rows=tuple(_newest_first(row for row in rows if row.at <= now))[:LINES],
    )


def _newest_first(rows: Iterable[TraceRow]) -> list[TraceRow]:
    return sorted(rows, key=lambda row: (row.at, _RANK[row.direction], row.number), reverse=True)


def _row(done: DoneView) -> TraceRow:
    return TraceRow(
        direction="done",
        at=done.at,
        number=done.number,
        title=f"{done.action} {done.ref}".rstrip(),
        state="ok",
        facts=done.facts,
    )
