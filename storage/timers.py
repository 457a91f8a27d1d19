"""Due rows: armed, moved and cancelled with the state they come from, fired once in one transaction (P4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.crashpoints import crash_here
from bot.domain.timers import Timer, TimerKind
from storage.session import Session
from storage.tables import table_of
from storage.tables.queues import TimerRow
from storage.types import LONGEST_TIMER_PAUSE, ceil_ms, clean, floor_ms, from_ms, optional_from_ms

KINDS = frozenset(kind.value for kind in TimerKind)

_T = table_of(TimerRow)
_IS_IT = (_T.c.kind == bindparam("of_kind")) & (_T.c.ref == bindparam("of_ref"))
_COLUMNS = (_T.c.kind, _T.c.ref, _T.c.due_at, _T.c.attempts)

_ARM_ROW = insert(_T).values(
    kind=bindparam("kind"), ref=bindparam("ref"), due_at=bindparam("due_at"), attempts=bindparam("attempts")
)
_ARM = _ARM_ROW.on_conflict_do_update(
    index_elements=["kind", "ref"], set_={"due_at": _ARM_ROW.excluded.due_at, "attempts": 0}
)
_CANCEL = delete(_T).where(_IS_IT)
_DUE = (
    select(*_COLUMNS)
    .where(_T.c.due_at <= bindparam("now"))
    .order_by(_T.c.due_at, _T.c.id)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
)
_REMOVE = delete(_T).where(_IS_IT, _T.c.due_at == bindparam("armed_for"))
_NEXT = select(func.min(_T.c.due_at))
_OF = select(*_COLUMNS).where(_T.c.ref == bindparam("of_ref")).order_by(_T.c.due_at, _T.c.id)
_UPCOMING = select(*_COLUMNS).order_by(_T.c.due_at, _T.c.id).limit(bindparam("at_most"))
_CLOCK_WENT_BACK = update(_T).values(due_at=bindparam("now")).where(_T.c.attempts > 0, _T.c.due_at > bindparam("limit"))
_POSTPONE = (
    update(_T)
    .values(due_at=bindparam("later"), attempts=_T.c.attempts + 1)
    .where(_IS_IT, _T.c.due_at == bindparam("armed_for"))
    .returning(_T.c.attempts)
)


class SqlTimers:
    """`bot.ports.Timers` over one table."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def arm(self, timer: Timer) -> None:
        self._session.change(_ARM, _row(timer))
        crash_here("timer_armed")

    def arm_many(self, timers: Iterable[Timer]) -> None:
        self._session.many(_ARM, map(_row, timers))

    def cancel(self, kind: TimerKind, ref: str) -> None:
        self._session.change(_CANCEL, {"of_kind": kind.value, "of_ref": clean(ref)})

    def due(self, *, now: datetime, limit: int) -> list[Timer]:
        instant = floor_ms(now)
        rows = self._session.returned(_DUE, {"now": instant, "at_most": limit})
        for kind, ref, due_at, _ in rows:
            if kind not in KINDS:  # written by another version of the program; in nobody's way meanwhile
                later = {"of_kind": kind, "of_ref": ref, "armed_for": due_at, "later": instant + LONGEST_TIMER_PAUSE}
                self._session.returned(_POSTPONE, later)
        return _timers(rows)

    def remove(self, timer: Timer) -> bool:
        was_armed = self._session.change(_REMOVE, _as_armed(timer)) == 1
        crash_here("timer_removed")
        return was_armed

    def next_due(self) -> datetime | None:
        row = self._session.first(_NEXT)
        return optional_from_ms(row[0]) if row is not None else None

    def of(self, ref: str) -> list[Timer]:
        return _timers(self._session.rows(_OF, {"of_ref": clean(ref)}))

    def upcoming(self, *, limit: int = 50) -> list[Timer]:
        return _timers(self._session.rows(_UPCOMING, {"at_most": limit}))

    def clock_went_back(self, *, now: datetime) -> None:
        """See `bot.ports.UnitOfWork`."""
        instant = floor_ms(now)
        self._session.change(_CLOCK_WENT_BACK, {"now": instant, "limit": instant + LONGEST_TIMER_PAUSE})

    def postpone(self, timer: Timer, *, until: datetime) -> int:
        rows = self._session.returned(_POSTPONE, {**_as_armed(timer), "later": ceil_ms(until)})
        return rows[0][0] if rows else 0


def _row(timer: Timer) -> dict[str, Any]:
    return {"kind": timer.kind.value, "ref": clean(timer.ref), "due_at": ceil_ms(timer.due_at), "attempts": 0}


def _as_armed(timer: Timer) -> dict[str, Any]:
    return {"of_kind": timer.kind.value, "of_ref": clean(timer.ref), "armed_for": ceil_ms(timer.due_at)}


def _timers(rows: Sequence[tuple[Any, ...]]) -> list[Timer]:
    return [
        Timer(kind=TimerKind(kind), ref=ref, due_at=from_ms(due_at), attempts=attempts)
        for kind, ref, due_at, attempts in rows
        if kind in KINDS
    ]
