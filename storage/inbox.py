"""Accepted updates: unique by business id, claimed in order lane by lane, handled, retried or buried (P1, P2, F22)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    LargeBinary,
    Select,
    and_,
    bindparam,
    case,
    cast,
    delete,
    exists,
    func,
    literal_column,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.crashpoints import crash_here
from bot.ports import DeadLetter, InboxEntry, InboxState
from bot.updates import AnyUpdate, decode_update
from storage.mapping import encode
from storage.session import Rows, Session, SqliteSession
from storage.tables import table_of
from storage.tables.queues import InboxRow
from storage.types import LONGEST_PAUSE, ceil_ms, clean, floor_ms, from_ms, optional_from_ms

#: the section in which one worker at a time decides which lanes are free
CLAIMING = 1

_T = table_of(InboxRow)
_EARLIER = _T.alias("earlier")
# a literal, not a parameter: SQLite uses a partial index only when it can see the condition
_IS_PENDING = _T.c.state == literal_column("'pending'")
_IS_MINE = and_(_T.c.id == bindparam("inbox_id"), _T.c.token == bindparam("claim"), _IS_PENDING)

_ACCEPT = (
    insert(_T)
    .values({c.name: bindparam(c.name) for c in _T.columns if c.name != "id"})
    .on_conflict_do_nothing(index_elements=["platform", "app", "business_id"])
    .returning(_T.c.platform, _T.c.app, _T.c.business_id)
)
_COLUMNS = tuple(c for c in _T.columns if c.name != "id")
_GIVEN = func.json_each(bindparam("given")).table_valued("value")


def _given(place: int, column: Column[Any]) -> ColumnElement[Any]:
    value = func.json_extract(_GIVEN.c.value, f"$[{place}]")
    return cast(value, LargeBinary) if column.name == "body" else value


#: SQLite takes any number of rows in one call, which leaves the interpreter to the event loop meanwhile
_ACCEPT_TOGETHER = (
    sqlite_insert(_T)
    .from_select([c.name for c in _COLUMNS], select(*(_given(n, c) for n, c in enumerate(_COLUMNS))).where(true()))
    .on_conflict_do_nothing(index_elements=["platform", "app", "business_id"])
    .returning(_T.c.platform, _T.c.app, _T.c.business_id)
)
#: whoever was claimed so often and never came to an end lets all others go before: it may be the one that ends processes,
#: and if it is not, it must not be the first victim of every restart
SUSPICIOUS = 2


def _free(which: ColumnElement[bool]) -> Select[tuple[int, bytes, int, int]]:
    return (
        select(_T.c.id, _T.c.body, _T.c.attempts, _T.c.token)
        .where(
            _IS_PENDING,
            _T.c.not_before <= bindparam("now"),
            _T.c.leased_until <= bindparam("now"),
            ~exists().where(
                _EARLIER.c.lane == _T.c.lane,
                _EARLIER.c.state == literal_column("'pending'"),
                _EARLIER.c.id < _T.c.id,
                _EARLIER.c.leased_until > bindparam("now"),
            ),
            which,
        )
        .order_by(_T.c.id)
        .limit(bindparam("at_most"))
        .with_for_update(skip_locked=True)
    )


_FREE = _free(_T.c.attempts < SUSPICIOUS)
_FREE_SUSPECTS = _free(_T.c.attempts >= SUSPICIOUS)
_CLAIM = (
    update(_T)
    .values(leased_until=bindparam("until"), attempts=_T.c.attempts + 1, token=_T.c.token + 1)
    .where(_T.c.id == bindparam("inbox_id"))
)
_DONE = update(_T).values(state=InboxState.DONE.value, body=b"", leased_until=0).where(_IS_MINE)
_GIVE_BACK = (
    update(_T)
    .values(leased_until=0, not_before=bindparam("again_at"), error=bindparam("why"), token=_T.c.token + 1)
    .where(_IS_MINE)
)
_UNTRIED = (
    update(_T)
    .values(leased_until=0, not_before=bindparam("again_at"), attempts=_T.c.attempts - 1, token=_T.c.token + 1)
    .where(_IS_MINE)
)
_BURY = update(_T).values(state=InboxState.DEAD.value, leased_until=0, error=bindparam("why")).where(_IS_MINE)
_DEAD = (
    select(_T.c.id, _T.c.business_id, _T.c.platform, _T.c.attempts, _T.c.error, _T.c.received_at, _T.c.body)
    .where(_T.c.state == InboxState.DEAD.value)
    .order_by(_T.c.received_at.desc(), _T.c.id.desc())
    .limit(bindparam("at_most"))
)
_REVIVE = (
    update(_T)
    .values(state=InboxState.PENDING.value, attempts=0, not_before=bindparam("again_at"), token=_T.c.token + 1)
    .where(_T.c.id == bindparam("inbox_id"), _T.c.state == InboxState.DEAD.value)
)
_CLOCK_WENT_BACK = (
    update(_T)
    .values(
        not_before=case((_T.c.not_before > bindparam("limit"), bindparam("now")), else_=_T.c.not_before),
        leased_until=case((_T.c.leased_until > bindparam("limit"), 0), else_=_T.c.leased_until),
    )
    .where(_IS_PENDING, (_T.c.not_before > bindparam("limit")) | (_T.c.leased_until > bindparam("limit")))
)
_PENDING = select(func.count(), func.min(_T.c.received_at)).where(_IS_PENDING)
_NEWEST = (
    select(_T.c.received_at)
    .where(_T.c.platform == bindparam("platform"))
    .order_by(_T.c.id.desc())
    .limit(literal_column("1"))
)
_PURGE = delete(_T).where(_T.c.state == InboxState.DONE.value, _T.c.received_at < bindparam("before"))


def new_row(update: AnyUpdate, *, lane: str, now: datetime) -> dict[str, Any]:
    """The columns of a fresh update."""
    source = update.source
    return {
        "platform": clean(source.platform),
        "app": clean(source.app),
        "business_id": clean(source.business_id),
        "lane": clean(lane),
        "state": InboxState.PENDING.value,
        "body": encode(update),
        "received_at": floor_ms(now),
        "not_before": 0,
        "leased_until": 0,
        "attempts": 0,
        "token": 0,
        "error": "",
    }


def accept_rows(session: Session, rows: Sequence[Mapping[str, Any]]) -> list[bool]:
    """Store many at once; True for each that is new. Of two equal ones the first is the new one."""
    return _news(rows, session.many_returned(_ACCEPT, rows))


def accept_together(session: SqliteSession, rows: Sequence[Mapping[str, Any]]) -> list[bool]:
    """The same in one call of SQLite."""
    values = [[_as_text(row[c.name]) for c in _COLUMNS] for row in rows]
    return _news(rows, session.returned(_ACCEPT_TOGETHER, {"given": msgspec.json.encode(values).decode()}))


def _as_text(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


def _news(rows: Sequence[Mapping[str, Any]], stored: Rows) -> list[bool]:
    fresh = set(stored)
    crash_here("updates_put")
    news: list[bool] = []
    for row in rows:
        identity = (row["platform"], row["app"], row["business_id"])
        news.append(identity in fresh)
        fresh.discard(identity)
    return news


def readable(raw: bytes) -> AnyUpdate | None:
    """The stored update, None when it cannot be read any more."""
    try:
        return decode_update(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def claimable(attempts: Sequence[int]) -> int:
    """How many of these free updates may be claimed together.

    One that was tried before goes alone: if it is the one that kills the process, its neighbours keep their attempts.
    """
    if attempts and attempts[0] > 0:
        return 1
    return next((place for place, tried in enumerate(attempts) if tried > 0), len(attempts))


class SqlInbox:
    """`bot.ports.Inbox` over one table."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def accept(self, update: AnyUpdate, *, lane: str, now: datetime) -> bool:
        return accept_rows(self._session, [new_row(update, lane=lane, now=now)])[0]

    def claim(self, *, now: datetime, lease: float, limit: int) -> list[InboxEntry]:
        self._session.exclusive(CLAIMING)
        instant = floor_ms(now)
        wanted = {"now": instant, "at_most": limit}
        rows = self._session.returned(_FREE, wanted) or self._session.returned(_FREE_SUSPECTS, wanted)
        rows = rows[: claimable([attempts for _, _, attempts, _ in rows])]
        until = instant + round(lease * 1000)
        self._session.many(_CLAIM, [{"inbox_id": row[0], "until": until} for row in rows])
        crash_here("updates_claimed")
        return [
            InboxEntry(id=number, update=readable(body), raw=body, attempts=attempts + 1, token=token + 1)
            for number, body, attempts, token in rows
        ]

    def done(self, entry: InboxEntry, *, now: datetime) -> bool:
        del now  # the port's; the row keeps when it was received
        was_mine = self._session.change(_DONE, _mine(entry)) == 1
        crash_here("update_done")
        return was_mine

    def retry(self, entry: InboxEntry, *, error: str, at: datetime) -> None:
        self._session.change(_GIVE_BACK, {**_mine(entry), "why": clean(error), "again_at": ceil_ms(at)})

    def give_back(self, entry: InboxEntry, *, at: datetime) -> None:
        self._session.change(_UNTRIED, {**_mine(entry), "again_at": ceil_ms(at)})

    def bury(self, entry: InboxEntry, *, error: str, now: datetime) -> None:
        del now
        self._session.change(_BURY, {**_mine(entry), "why": clean(error)})

    def dead(self, *, limit: int = 100) -> list[DeadLetter]:
        return [
            DeadLetter(
                id=number,
                business_id=business_id,
                platform=platform,
                attempts=attempts,
                error=error,
                received_at=from_ms(received_at),
                raw=body,
            )
            for number, business_id, platform, attempts, error, received_at, body in self._session.rows(
                _DEAD, {"at_most": limit}
            )
        ]

    def revive(self, inbox_id: int, *, now: datetime) -> bool:
        return self._session.change(_REVIVE, {"inbox_id": inbox_id, "again_at": floor_ms(now)}) == 1

    def pending(self) -> tuple[int, datetime | None]:
        row = self._session.first(_PENDING)
        return (row[0], optional_from_ms(row[1])) if row is not None else (0, None)

    def newest(self, *, platform: str) -> datetime | None:
        row = self._session.first(_NEWEST, {"platform": clean(platform)})
        return from_ms(row[0]) if row is not None else None

    def clock_went_back(self, *, now: datetime) -> None:
        """See `bot.ports.UnitOfWork`."""
        instant = floor_ms(now)
        self._session.change(_CLOCK_WENT_BACK, {"now": instant, "limit": instant + LONGEST_PAUSE})

    def purge(self, *, before: datetime) -> int:
        return self._session.change(_PURGE, {"before": floor_ms(before)})


def _mine(entry: InboxEntry) -> dict[str, Any]:
    return {"inbox_id": entry.id, "claim": entry.token}
