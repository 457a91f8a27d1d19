"""Outgoing calls in lanes: put once, claimed with lease and fence, settled, held back after a restore (P3, F20, F24).

A lane's row points at its head, so that a claim looks only at lanes that may go now, however long the lines behind are.
Held entries do not stand in line: what is new after a restore can go while the old waits for a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import and_, bindparam, case, delete, func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.crashpoints import crash_here
from bot.ports import Envelope, OutboxEntry, SendReport, SendState
from storage.budgets import SqlBudgets
from storage.envelopes import entry_of, new_row, reports_of
from storage.session import Session
from storage.tables import table_of
from storage.tables.queues import BudgetRow, EpochRow, LaneRow, OutboxRow
from storage.types import LONGEST_PAUSE, ceil_ms, clean, floor_ms, optional_floor_ms, optional_from_ms

_T = table_of(OutboxRow)
_L = table_of(LaneRow)
_B = table_of(BudgetRow)
_E = table_of(EpochRow)

#: why an entry was dropped when a later state of the same card took its place
SUPERSEDED = "superseded"
#: why an entry failed whose bytes are not what was written (F5); its lane goes on
UNREADABLE = "unreadable row"

_IS_PENDING = _T.c.state == literal_column("'pending'")
_STANDS_IN_LINE = and_(_IS_PENDING, _T.c.held == "")
_IS_LANE = _L.c.lane == bindparam("of_lane")
_IS_CLAIM = and_(_IS_LANE, _L.c.token == bindparam("claim"), _L.c.claimed_id == bindparam("entry_id"))

_NEW_ROW = insert(_T).values({c.name: bindparam(c.name) for c in _T.columns if c.name != "id"})
_PUT = _NEW_ROW.on_conflict_do_nothing(index_elements=["key"]).returning(_T.c.id)
_KNOWN = select(_T.c.id).where(_T.c.key == bindparam("of_key"))

_NEW_LANE = insert(_L).values({c.name: bindparam(c.name) for c in _L.columns})
_WAS_IDLE = and_(_L.c.head_id.is_(None), _L.c.claimed_id.is_(None))
_QUEUE_UP = _NEW_LANE.on_conflict_do_update(
    index_elements=["lane"],
    set_={
        "head_id": _NEW_LANE.excluded.head_id,
        "priority": _NEW_LANE.excluded.priority,
        "head_at": _NEW_LANE.excluded.head_at,
        "due_at": case((_L.c.free_at > _NEW_LANE.excluded.due_at, _L.c.free_at), else_=_NEW_LANE.excluded.due_at),
    },
    where=_WAS_IDLE,
)
_OPEN_LANE = _NEW_LANE.on_conflict_do_nothing(index_elements=["lane"])

#: an older state of the same thing that no platform has seen and nobody has in hand
_OLDER = (
    select(_T.c.id, _T.c.lane)
    .select_from(_T.join(_L, _L.c.lane == _T.c.lane))
    .where(
        _IS_PENDING,
        _T.c.coalesce == bindparam("same"),
        _T.c.first_tried_at.is_(None),
        _L.c.claimed_id.is_distinct_from(_T.c.id),
    )
    .order_by(_T.c.id)
    .with_for_update()
)
_CONTENT = (
    "key",
    "body",
    "kind",
    "priority",
    "recheck",
    "ref",
    "repeat_unknown",
    "created_at",
    "not_before",
    "due_at",
    "held",
)
_REPLACE = (
    update(_T)
    .values({**{name: bindparam(f"new_{name}") for name in _CONTENT}, "attempts": 0, "error": ""})
    .where(_T.c.id == bindparam("entry_id"))
)
_CONTENT_OF = select(*(_T.c[c.name] for c in _T.columns if c.name != "id")).where(_T.c.id == bindparam("entry_id"))

_FREE_LANES = (
    select(_L.c.lane)
    .where(_L.c.platform == bindparam("of_platform"), _L.c.due_at <= bindparam("now"))
    .order_by(_L.c.priority, _L.c.head_at, _L.c.head_id)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
)
_CLAIM_LANES = (
    update(_L)
    .values(claimed_id=_L.c.head_id, due_at=bindparam("until"), token=_L.c.token + 1)
    .where(_L.c.lane.in_(_FREE_LANES.scalar_subquery()))
    .returning(_L.c.lane, _L.c.head_id, _L.c.token, _L.c.priority, _L.c.head_at)
)
_ENTRY_COLUMNS = (
    "key",
    "lane",
    "body",
    "created_at",
    "not_before",
    "priority",
    "coalesce",
    "recheck",
    "ref",
    "repeat_unknown",
    "attempts",
    "first_tried_at",
)
_CLAIM_ENTRY = (
    update(_T)
    .values(attempts=_T.c.attempts + 1)
    .where(_T.c.id == bindparam("entry_id"), _STANDS_IN_LINE)
    .returning(*(_T.c[name] for name in _ENTRY_COLUMNS))
)
_LET_GO = (
    update(_L)
    .values(
        claimed_id=None,
        token=_L.c.token + 1,
        free_at=case((_L.c.free_at > bindparam("free_from"), _L.c.free_at), else_=bindparam("free_from")),
    )
    .where(_IS_CLAIM)
)
_HEAD = (
    select(_T.c.id, _T.c.priority, _T.c.created_at, _T.c.due_at)
    .where(_T.c.lane == bindparam("in_lane"), _STANDS_IN_LINE)
    .order_by(_T.c.id)
    .limit(1)
)
_LINE_UP = (
    update(_L)
    .values(
        head_id=bindparam("new_head"),
        priority=bindparam("new_priority"),
        head_at=bindparam("new_head_at"),
        due_at=case((_L.c.free_at > bindparam("new_due"), _L.c.free_at), else_=bindparam("new_due")),
    )
    .where(_IS_LANE, _L.c.claimed_id.is_(None))
)
_IDLE = update(_L).values(head_id=None, due_at=None).where(_IS_LANE, _L.c.claimed_id.is_(None))

_IS_ENTRY = and_(_T.c.id == bindparam("entry_id"), _IS_PENDING)
_FINISH = update(_T).values(state=bindparam("new_state"), error=bindparam("why")).where(_IS_ENTRY)
_AGAIN = (
    update(_T)
    .values(
        due_at=bindparam("again_at"),
        error=bindparam("why"),
        attempts=_T.c.attempts - case((_T.c.tried_token == bindparam("claim"), 0), else_=1),
    )
    .where(_IS_ENTRY)
)
_UNTRY = update(_T).values(first_tried_at=bindparam("first")).where(_T.c.id == bindparam("entry_id"))
_TRIED = (
    update(_T)
    .values(tried_token=bindparam("claim"), first_tried_at=func.coalesce(_T.c.first_tried_at, bindparam("now")))
    .where(_IS_ENTRY, select(_L.c.lane).where(_IS_CLAIM).exists())
)
_NEXT_DUE = select(func.min(_L.c.due_at)).where(_L.c.platform == bindparam("of_platform"))
_REPORT_COLUMNS = ("id", "key", "lane", "state", "attempts", "error", "created_at", "kind")
_REPORTS = (
    select(*(_T.c[name] for name in _REPORT_COLUMNS))
    .where(_T.c.state == bindparam("in_state"))
    .order_by(_T.c.created_at.desc(), _T.c.id.desc())
    .limit(bindparam("at_most"))
)
# a notice for tomorrow morning does not wait, it is where it belongs
_PENDING = select(func.count(), func.min(_T.c.created_at)).where(
    _IS_PENDING, or_(_T.c.not_before.is_(None), _T.c.attempts > 0)
)
_HOLD = update(_T).values(held=bindparam("epoch")).where(_STANDS_IN_LINE)
_EMPTY_LINES = update(_L).values(head_id=None, due_at=None).where(_L.c.claimed_id.is_(None))
_HOLD_MORE = insert(_E).values(epoch=bindparam("epoch"), before=bindparam("before"))
_HOLD_NO_MORE = delete(_E)
_HOLDING = select(_E.c.epoch).where(_E.c.before >= bindparam("cause")).limit(1)
_HELD = select(func.count()).where(_IS_PENDING, _T.c.held != "")
_HELD_LANES = select(_T.c.lane).where(_IS_PENDING, _T.c.held != "").distinct()
_RELEASE = update(_T).values(held="").where(_IS_PENDING, _T.c.held != "")
_DUE_AGAIN = (
    update(_T)
    .values(due_at=case((_T.c.not_before > bindparam("now"), _T.c.not_before), else_=bindparam("now")))
    .where(
        _IS_PENDING,
        _T.c.due_at > bindparam("limit"),
        or_(_T.c.not_before.is_(None), _T.c.due_at > _T.c.not_before),
    )
)
_FREE_AGAIN = update(_L).values(free_at=bindparam("now")).where(_L.c.free_at > bindparam("limit"))
_LEASED_AGAIN = (
    update(_L).values(due_at=bindparam("limit")).where(_L.c.claimed_id.is_not(None), _L.c.due_at > bindparam("limit"))
)
_LATE_LANES = select(_L.c.lane).where(_L.c.claimed_id.is_(None), _L.c.due_at > bindparam("limit"))
_PURGE = delete(_T).where(~_IS_PENDING, _T.c.created_at < bindparam("before"))
_PURGE_LANES = delete(_L).where(_L.c.head_id.is_(None), _L.c.claimed_id.is_(None), _L.c.free_at < bindparam("before"))
_PURGE_BUDGETS = delete(_B).where(_B.c.arrival_at < bindparam("before"))


class SqlOutbox(SqlBudgets):
    """`bot.ports.Outbox` over the tables outbox, lane and budget."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._cause: int | None = None

    def put(self, envelope: Envelope, *, only_replacing: bool = False) -> bool:
        row = {**new_row(envelope), "held": self._epoch()}
        if self._session.first(_KNOWN, {"of_key": row["key"]}) is not None:
            return False
        older = self._session.returned(_OLDER, {"same": row["coalesce"]}) if row["coalesce"] else []
        if only_replacing and not older:
            return False
        return self._replace(older, row) or self._add(row)

    def caused_at(self, instant: datetime | None) -> None:
        self._cause = optional_floor_ms(instant)

    def _epoch(self) -> str:
        """The restore that holds back what is put now, empty when none does."""
        if self._cause is None:
            return ""
        row = self._session.first(_HOLDING, {"cause": self._cause})
        return str(row[0]) if row is not None else ""

    def _add(self, row: Mapping[str, Any]) -> bool:
        added = self._session.returned(_PUT, row)
        crash_here("call_put")
        if not added:
            return False
        is_held = bool(row["held"])
        self._session.change(
            _OPEN_LANE if is_held else _QUEUE_UP,
            {
                "lane": row["lane"],
                "platform": row["platform"],
                "head_id": None if is_held else added[0][0],
                "priority": row["priority"],
                "head_at": row["created_at"],
                "due_at": None if is_held else row["due_at"],
                "free_at": 0,
                "claimed_id": None,
                "token": 0,
            },
        )
        crash_here("lane_queued")
        return True

    def _replace(self, older: Sequence[Any], row: Mapping[str, Any]) -> bool:
        """Give the new state the place of the newest older one in its lane; False when it has to queue up itself.

        The older keys stay known as dropped entries, so that no older state can be put again.
        """
        place = next((number for number, lane in reversed(older) if lane == row["lane"]), None)
        for number, lane in older:
            if number != place:
                self._session.change(
                    _FINISH, {"entry_id": number, "new_state": SendState.DROPPED.value, "why": SUPERSEDED}
                )
                self._line_up(lane)
        if place is None:
            return False
        before = self._session.first(_CONTENT_OF, {"entry_id": place})
        assert before is not None  # noqa: S101 - found and locked a moment ago
        self._session.change(_REPLACE, {"entry_id": place, **{f"new_{name}": row[name] for name in _CONTENT}})
        remembered = dict(zip((c.name for c in _T.columns if c.name != "id"), before, strict=True))
        self._session.returned(_PUT, {**remembered, "state": SendState.DROPPED.value, "error": SUPERSEDED, "held": ""})
        self._line_up(row["lane"])
        return True

    def claim(self, *, platform: str, now: datetime, lease: float, limit: int) -> list[OutboxEntry]:
        instant = floor_ms(now)
        lanes = self._session.returned(
            _CLAIM_LANES,
            {
                "of_platform": platform,
                "now": instant,
                "at_most": limit,
                "until": instant + round(lease * 1000),
            },
        )
        crash_here("lanes_claimed")
        entries: list[OutboxEntry] = []
        for lane, head, token, _, _ in sorted(lanes, key=lambda row: (row[3], row[4], row[1] or 0)):
            entry = self._entry(head, token)
            if entry is not None:
                entries.append(entry)
            else:
                self._let_go(lane, entry_id=head, token=token, free_from=0)
                self._line_up(lane)
        return entries

    def _entry(self, head: int | None, token: int) -> OutboxEntry | None:
        """The head of a claimed lane; None when it was held back meanwhile, or cannot be read and has failed by that."""
        found = self._session.returned(_CLAIM_ENTRY, {"entry_id": head}) if head is not None else ()
        if not found or head is None:
            return None
        try:
            return entry_of(head, token, dict(zip(_ENTRY_COLUMNS, found[0], strict=True)))
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self._session.change(_FINISH, {"entry_id": head, "new_state": SendState.FAILED.value, "why": UNREADABLE})
            return None

    def settle(
        self,
        entry: OutboxEntry,
        *,
        state: SendState,
        now: datetime,
        error: str = "",
        retry_at: datetime | None = None,
        lane_free_at: datetime | None = None,
        had_no_effect: bool = False,
    ) -> bool:
        lane = clean(entry.envelope.lane)
        free_from = 0 if lane_free_at is None else ceil_ms(lane_free_at)
        if not self._let_go(lane, entry_id=entry.id, token=entry.token, free_from=free_from):
            return False
        if state is SendState.PENDING:
            again_at = ceil_ms(retry_at) if retry_at is not None else floor_ms(now)
            changed = self._session.change(
                _AGAIN, {"entry_id": entry.id, "claim": entry.token, "again_at": again_at, "why": clean(error)}
            )
        else:
            changed = self._session.change(
                _FINISH, {"entry_id": entry.id, "new_state": state.value, "why": clean(error)}
            )
        if had_no_effect:
            self._session.change(_UNTRY, {"entry_id": entry.id, "first": optional_floor_ms(entry.first_tried_at)})
        crash_here("call_settled")
        self._line_up(lane)
        crash_here("lane_moved_on")
        return changed == 1

    def tried(self, entry: OutboxEntry, *, now: datetime) -> bool:
        values = {"entry_id": entry.id, "claim": entry.token, "of_lane": clean(entry.envelope.lane)}
        was_mine = self._session.change(_TRIED, {**values, "now": floor_ms(now)}) == 1
        crash_here("call_marked")
        return was_mine

    def next_due(self, *, platform: str) -> datetime | None:
        row = self._session.first(_NEXT_DUE, {"of_platform": platform})
        return optional_from_ms(row[0]) if row is not None else None

    def reports(self, state: SendState, *, limit: int = 100) -> list[SendReport]:
        rows = self._session.rows(_REPORTS, {"in_state": state.value, "at_most": limit})
        return reports_of(dict(zip(_REPORT_COLUMNS, row, strict=True)) for row in rows)

    def pending(self) -> tuple[int, datetime | None]:
        row = self._session.first(_PENDING)
        return (row[0], optional_from_ms(row[1])) if row is not None else (0, None)

    def hold(self, *, epoch: str, before: datetime | None = None) -> int:
        if before is not None:
            self._session.change(_HOLD_MORE, {"epoch": clean(epoch), "before": floor_ms(before)})
        held = self._session.change(_HOLD, {"epoch": clean(epoch)})
        self._session.change(_EMPTY_LINES)
        return held

    def held(self) -> int:
        row = self._session.first(_HELD)
        return int(row[0]) if row is not None else 0

    def release(self) -> int:
        lanes = self._session.rows(_HELD_LANES)
        released = self._session.change(_RELEASE)
        self._session.change(_HOLD_NO_MORE)
        for (lane,) in lanes:
            self._line_up(lane)
        return released

    def clock_went_back(self, *, now: datetime) -> None:
        """See `bot.ports.UnitOfWork`. Budgets notice by themselves."""
        limit = floor_ms(now) + LONGEST_PAUSE
        for statement in (_DUE_AGAIN, _FREE_AGAIN):
            self._session.change(statement, {"now": floor_ms(now), "limit": limit})
        self._session.change(_LEASED_AGAIN, {"limit": limit})
        for (lane,) in self._session.rows(_LATE_LANES, {"limit": limit}):
            self._line_up(lane)

    def purge(self, *, before: datetime) -> int:
        until = {"before": floor_ms(before)}
        purged = self._session.change(_PURGE, until)
        self._session.change(_PURGE_LANES, until)
        self._session.change(_PURGE_BUDGETS, until)
        return purged

    def _let_go(self, lane: str, *, entry_id: int | None, token: int, free_from: int) -> bool:
        return (
            self._session.change(
                _LET_GO, {"of_lane": lane, "entry_id": entry_id, "claim": token, "free_from": free_from}
            )
            == 1
        )

    def _line_up(self, lane: str) -> None:
        """Point the lane at its head, unless somebody has the head in hand."""
        head = self._session.first(_HEAD, {"in_lane": lane})
        if head is None:
            self._session.change(_IDLE, {"of_lane": lane})
            return
        number, priority, created_at, due_at = head
        self._session.change(
            _LINE_UP,
            {
                "of_lane": lane,
                "new_head": number,
                "new_priority": priority,
                "new_head_at": created_at,
                "new_due": due_at,
            },
        )
