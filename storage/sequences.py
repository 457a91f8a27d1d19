"""Counters of one row each: object numbers, revisions of cached things, leader rows with a fence."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import bindparam, case, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.crashpoints import crash_here
from bot.domain.ids import CodeKind
from storage.session import Session
from storage.tables import table_of
from storage.tables.ledger import RevisionRow, SequenceRow
from storage.tables.queues import LeaseRow
from storage.types import clean, floor_ms

_S = table_of(SequenceRow)
_R = table_of(RevisionRow)
_L = table_of(LeaseRow)

_NEW_NUMBER = insert(_S).values(kind=bindparam("kind"), year=bindparam("year"), last=bindparam("last"))
_NEXT = _NEW_NUMBER.on_conflict_do_update(index_elements=["kind", "year"], set_={"last": _S.c.last + 1}).returning(
    _S.c.last
)
_AT_LEAST = _NEW_NUMBER.on_conflict_do_update(
    index_elements=["kind", "year"],
    set_={"last": _NEW_NUMBER.excluded.last},
    where=_S.c.last < _NEW_NUMBER.excluded.last,
)

_REVISIONS = select(_R.c.name, _R.c.value)
_BUMP = (
    insert(_R)
    .values(name=bindparam("name"), value=bindparam("step"))
    .on_conflict_do_update(index_elements=["name"], set_={"value": _R.c.value + bindparam("step")})
    .returning(_R.c.value)
)

_NEW_LEASE = insert(_L).values(
    name=bindparam("name"), holder=bindparam("holder"), fence=bindparam("fence"), until=bindparam("until")
)
_IS_SAME = (_L.c.holder == _NEW_LEASE.excluded.holder) & (_L.c.until > bindparam("now"))
_TAKE = _NEW_LEASE.on_conflict_do_update(
    index_elements=["name"],
    set_={
        "holder": _NEW_LEASE.excluded.holder,
        "fence": case((_IS_SAME, _L.c.fence), else_=_L.c.fence + 1),
        "until": _NEW_LEASE.excluded.until,
    },
    where=or_(_L.c.holder == _NEW_LEASE.excluded.holder, _L.c.until <= bindparam("now")),
).returning(_L.c.fence)
_FENCE = select(_L.c.fence).where(_L.c.name == bindparam("of_name"))
_RELEASE = (
    update(_L)
    .values(until=0, holder="")
    .where(_L.c.name == bindparam("of_name"), _L.c.holder == bindparam("of_holder"))
)


class SqlSequences:
    """`bot.ports.Sequences`. A number is gone when its transaction is undone, and then nobody has seen it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def next(self, kind: CodeKind, year: int) -> int:
        number = int(self._session.returned(_NEXT, {"kind": kind.value, "year": year, "last": 1})[0][0])
        crash_here("number_taken")
        return number

    def at_least(self, kind: CodeKind, year: int, following: int) -> None:
        self._session.change(_AT_LEAST, {"kind": kind.value, "year": year, "last": following - 1})


def revision_step() -> int:
    """By how much a revision grows: not by one, so that a revision that was undone is not made again with other content
    behind it, and whoever kept that content under it is never wrong."""
    return 1 + secrets.randbelow(1 << 31)


class SqlRevisions:
    """Revisions behind `UnitOfWork.revision` and `bump`, read once a transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, int] | None = None

    def value(self, name: str) -> int:
        """The revision of that name; 0 before the first bump."""
        if self._known is None:
            self._known = {found: int(value) for found, value in self._session.rows(_REVISIONS)}
        return self._known.get(clean(name), 0)

    def forget(self) -> None:
        """Read again next time; some of it was undone."""
        self._known = None

    def bump(self, name: str) -> int:
        """Make a new revision."""
        self.forget()
        return int(self._session.returned(_BUMP, {"name": clean(name), "step": revision_step()})[0][0])


class SqlLeases:
    """`bot.ports.Leases` over one table."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def take(self, name: str, *, holder: str, now: datetime, seconds: float) -> int | None:
        instant = floor_ms(now)
        rows = self._session.returned(
            _TAKE,
            {
                "name": clean(name),
                "holder": clean(holder),
                "fence": 1,
                "until": instant + round(seconds * 1000),
                "now": instant,
            },
        )
        return int(rows[0][0]) if rows else None

    def fence(self, name: str) -> int:
        row = self._session.first(_FENCE, {"of_name": clean(name)})
        return int(row[0]) if row is not None else 0

    def release(self, name: str, *, holder: str) -> bool:
        return self._session.change(_RELEASE, {"of_name": clean(name), "of_holder": clean(holder)}) == 1
