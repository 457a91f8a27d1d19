"""The inspector: what came in and whether it was believed, what was decided, what went out, and what is due next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.playground.backstage import Look
from bot.stage import Stage, Wire
from bot.stage_views import DoneView, TimerView, TraceRow

#: lines of traffic and timers that are shown
LINES, TIMERS = 26, 6
#: of the lines, so many are for pushes, which the calls of a busy instant would hide
PUSHES = 8
#: pushes and calls that are looked at, before calls alike are folded
TAKEN = 240
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
    rows = [*stage.trace(limit=TAKEN), *(_row(done) for done in look.done)]
    return Inspection(
        wire=stage.wire(),
        timers=look.timers[:TIMERS],
        more_timers=max(0, len(look.timers) - TIMERS),
        rows=newest(folded(row for row in rows if row.at <= now)),
    )


def newest(rows: list[TraceRow]) -> tuple[TraceRow, ...]:
    """As many as are shown, the newest pushes among them."""
    pushes = [index for index, row in enumerate(rows) if row.direction == "in"][:PUSHES]
    others = [index for index in range(len(rows)) if index not in pushes][: LINES - len(pushes)]
    return tuple(rows[index] for index in sorted([*pushes, *others]))


def folded(rows: Iterable[TraceRow]) -> list[TraceRow]:
    """Newest first; calls alike that stand next to each other become one line, the newest, with their number."""
    found: list[TraceRow] = []
    for row in sorted(rows, key=lambda row: (row.at, _RANK[row.direction], row.number), reverse=True):
        if found and _is_alike(found[-1], row):
            found[-1] = replace(found[-1], times=found[-1].times + 1)
        else:
            found.append(row)
    return found


def _is_alike(one: TraceRow, other: TraceRow) -> bool:
    """Bodiless calls of one kind with one result, such as the pages of the address book."""
    looks = ("direction", "title", "state", "marks", "has_detail")
    is_bodiless_call = one.direction == "out" and not one.has_detail
    return is_bodiless_call and all(getattr(one, look) == getattr(other, look) for look in looks)


def _row(done: DoneView) -> TraceRow:
    return TraceRow(
        direction="done",
        at=done.at,
        number=done.number,
        title=done.action,
        ref=done.ref,
        state="ok",
        facts=done.facts,
    )
