"""Rate limits in rows: the generic cell rate algorithm, one row a limit, kept over restarts and shared by replicas."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.crashpoints import crash_here
from storage.session import Session
from storage.tables import table_of
from storage.tables.queues import BudgetRow
from storage.types import clean, floor_ms, from_ms

_T = table_of(BudgetRow)
_OPEN = (
    insert(_T)
    .values(name=bindparam("name"), arrival_at=bindparam("arrival_at"))
    .on_conflict_do_nothing(index_elements=["name"])
)
_ARRIVAL = select(_T.c.arrival_at).where(_T.c.name == bindparam("of_name")).with_for_update()
_ADVANCE = update(_T).values(arrival_at=bindparam("next_arrival")).where(_T.c.name == bindparam("of_name"))


def gcra_step(arrival_at: int, *, now: int, period_ms: int, burst: int) -> tuple[int, int]:
    """(when this call may go, arrival time to keep), in milliseconds; a call that has to wait takes nothing.

    An arrival time further ahead than any burst can bring it comes from a clock that was set back (F16).
    """
    if arrival_at > now + 2 * burst * period_ms:
        arrival_at = now
    earliest = max(arrival_at, now) - (burst - 1) * period_ms
    if earliest > now:
        return earliest, arrival_at
    return now, max(arrival_at, now) + period_ms


class SqlBudgets:
    """The part of `bot.ports.Outbox` that counts calls."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def take_budget(self, name: str, *, now: datetime, period_ms: int, burst: int) -> datetime:
        row, instant = clean(name), floor_ms(now)
        found = self._session.returned(_ARRIVAL, {"of_name": row})
        if not found:
            self._session.change(_OPEN, {"name": row, "arrival_at": 0})
            found = self._session.returned(_ARRIVAL, {"of_name": row})
        arrival_at = int(found[0][0])
        may_go, kept = gcra_step(arrival_at, now=instant, period_ms=period_ms, burst=burst)
        if kept != arrival_at:
            self._session.change(_ADVANCE, {"of_name": row, "next_arrival": kept})
            crash_here("budget_taken")
        return now if may_go <= instant else from_ms(may_go)
