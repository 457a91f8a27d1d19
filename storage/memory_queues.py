"""Inbox, outbox and timers of the memory store: the same promises as the tables, kept by plain Python.

Rows have the columns of the tables, so that what goes in comes out in the same form as from a database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from bot.domain.timers import Timer, TimerKind
from bot.ports import DeadLetter, Envelope, InboxEntry, InboxState, OutboxEntry, SendReport, SendState
from bot.updates import AnyUpdate
from storage.budgets import gcra_step
from storage.envelopes import entry_of, reports_of
from storage.envelopes import new_row as outbox_row
from storage.inbox import SUSPICIOUS, claimable, readable
from storage.inbox import new_row as inbox_row
from storage.outbox import SUPERSEDED
from storage.shelves import Journal, Shelf
from storage.types import (
    LONGEST_PAUSE,
    LONGEST_TIMER_PAUSE,
    ceil_ms,
    clean,
    floor_ms,
    from_ms,
    optional_floor_ms,
    optional_from_ms,
)

Row = Mapping[str, Any]
PENDING = SendState.PENDING.value


class MemoryInbox:
    """`bot.ports.Inbox`."""

    def __init__(self, journal: Journal) -> None:
        self._rows: Shelf[int, Row] = Shelf(journal, indexed={"state": lambda row: row["state"]})
        self._known: Shelf[tuple[str, str, str], int] = Shelf(journal)
        self._last = 0

    def accept(self, update: AnyUpdate, *, lane: str, now: datetime) -> bool:
        row = inbox_row(update, lane=lane, now=now)
        identity = (row["platform"], row["app"], row["business_id"])
        if self._known.get(identity) is not None:
            return False
        self._last += 1
        self._known.put(identity, self._last)
        self._rows.put(self._last, row)
        return True

    def claim(self, *, now: datetime, lease: float, limit: int) -> list[InboxEntry]:
        instant = floor_ms(now)
        until = instant + round(lease * 1000)
        free = list(islice((one for one in self._free(instant) if one[1]["attempts"] < SUSPICIOUS), limit))
        free = free or list(islice(self._free(instant), limit))
        return [
            self._claim(number, row, until) for number, row in free[: claimable([row["attempts"] for _, row in free])]
        ]

    def _free(self, now: int) -> Iterator[tuple[int, Row]]:
        busy: set[str] = set()
        for number, row in self._rows.where("state", InboxState.PENDING.value):
            if row["leased_until"] > now:
                busy.add(row["lane"])
            elif row["not_before"] <= now and row["lane"] not in busy:
                yield number, row

    def _claim(self, number: int, row: Row, until: int) -> InboxEntry:
        claimed = {**row, "leased_until": until, "attempts": row["attempts"] + 1, "token": row["token"] + 1}
        self._rows.put(number, claimed)
        return InboxEntry(
            id=number,
            update=readable(row["body"]),
            raw=row["body"],
            attempts=claimed["attempts"],
            token=claimed["token"],
        )

    def done(self, entry: InboxEntry, *, now: datetime) -> bool:
        del now
        return self._change(entry, state=InboxState.DONE.value, body=b"", leased_until=0)

    def retry(self, entry: InboxEntry, *, error: str, at: datetime) -> None:
        self._change(entry, leased_until=0, not_before=ceil_ms(at), error=clean(error), token=entry.token + 1)

    def give_back(self, entry: InboxEntry, *, at: datetime) -> None:
        self._change(entry, leased_until=0, not_before=ceil_ms(at), attempts=entry.attempts - 1, token=entry.token + 1)

    def bury(self, entry: InboxEntry, *, error: str, now: datetime) -> None:
        del now
        self._change(entry, state=InboxState.DEAD.value, leased_until=0, error=clean(error))

    def _change(self, entry: InboxEntry, **values: object) -> bool:
        row = self._rows.get(entry.id)
        if row is None or row["token"] != entry.token or row["state"] != InboxState.PENDING.value:
            return False
        self._rows.put(entry.id, {**row, **values})
        return True

    def dead(self, *, limit: int = 100) -> list[DeadLetter]:
        found = sorted(
            self._rows.where("state", InboxState.DEAD.value), key=lambda one: (-one[1]["received_at"], -one[0])
        )
        return [
            DeadLetter(
                id=number,
                business_id=row["business_id"],
                platform=row["platform"],
                attempts=row["attempts"],
                error=row["error"],
                received_at=from_ms(row["received_at"]),
                raw=row["body"],
            )
            for number, row in found[:limit]
        ]

    def revive(self, inbox_id: int, *, now: datetime) -> bool:
        row = self._rows.get(inbox_id)
        if row is None or row["state"] != InboxState.DEAD.value:
            return False
        changes = {"state": InboxState.PENDING.value, "attempts": 0, "not_before": floor_ms(now)}
        self._rows.put(inbox_id, {**row, **changes, "token": row["token"] + 1})
        return True

    def pending(self) -> tuple[int, datetime | None]:
        waiting = [row["received_at"] for _, row in self._rows.where("state", InboxState.PENDING.value)]
        return len(waiting), optional_from_ms(min(waiting, default=None))

    def newest(self, *, platform: str) -> datetime | None:
        mine = [row["received_at"] for _, row in self._rows.items() if row["platform"] == platform]
        return from_ms(mine[-1]) if mine else None

    def clock_went_back(self, *, now: datetime) -> None:
        """See `bot.ports.UnitOfWork`."""
        instant = floor_ms(now)
        limit = instant + LONGEST_PAUSE
        for number, row in self._rows.where("state", InboxState.PENDING.value):
            not_before = instant if row["not_before"] > limit else row["not_before"]
            leased_until = 0 if row["leased_until"] > limit else row["leased_until"]
            self._rows.put(number, {**row, "not_before": not_before, "leased_until": leased_until})

    def purge(self, *, before: datetime) -> int:
        old = [
            one for one in self._rows.where("state", InboxState.DONE.value) if one[1]["received_at"] < floor_ms(before)
        ]
        for number, row in old:
            self._rows.remove(number)
            self._known.remove((row["platform"], row["app"], row["business_id"]))
        return len(old)


@dataclass(frozen=True, slots=True)
class _Lane:
    token: int = 0
    claimed: int | None = None
    leased_until: int = 0
    free_at: int = 0


class MemoryOutbox:
    """`bot.ports.Outbox`."""

    def __init__(self, journal: Journal) -> None:
        self._rows: Shelf[int, Row] = Shelf(journal, indexed={"state": lambda row: row["state"]})
        self._keys: Shelf[str, int] = Shelf(journal)
        self._lanes: Shelf[str, _Lane] = Shelf(journal)
        self._budgets: Shelf[str, int] = Shelf(journal)
        self._held_before: Shelf[str, int] = Shelf(journal)
        self._last = 0
        self._cause: int | None = None

    def put(self, envelope: Envelope, *, only_replacing: bool = False) -> bool:
        row = {**outbox_row(envelope), "held": self._epoch()}
        if self._keys.get(row["key"]) is not None:
            return False
        older = self._older(row["coalesce"]) if row["coalesce"] else []
        if only_replacing and not older:
            return False
        if not self._replace(older, row):
            self._add(row)
        return True

    def caused_at(self, instant: datetime | None) -> None:
        self._cause = optional_floor_ms(instant)

    def _epoch(self) -> str:
        if self._cause is None:
            return ""
        return next((epoch for epoch, before in self._held_before.items() if self._cause <= before), "")

    def _add(self, row: Row) -> None:
        self._last += 1
        self._rows.put(self._last, row)
        self._keys.put(row["key"], self._last)

    def _older(self, coalesce: str) -> list[tuple[int, Row]]:
        return [
            (number, old)
            for number, old in self._rows.where("state", PENDING)
            if old["coalesce"] == coalesce
            and old["first_tried_at"] is None
            and self._lane(old["lane"]).claimed != number
        ]

    def _replace(self, older: list[tuple[int, Row]], row: Row) -> bool:
        place = next((number for number, old in reversed(older) if old["lane"] == row["lane"]), None)
        for number, old in older:
            dropped = {**old, "state": SendState.DROPPED.value, "error": SUPERSEDED, "held": ""}
            if number == place:
                self._rows.put(number, row)
                self._keys.put(row["key"], number)
                self._add(dropped)
            else:
                self._rows.put(number, dropped)
        return place is not None

    def _lane(self, lane: str) -> _Lane:
        return self._lanes.get(lane) or _Lane()

    def _heads(self, platform: str) -> Iterator[tuple[int, Row, int]]:
        """Number, row and instant of the head of every lane; of a claimed lane, the end of the lease."""
        seen: set[str] = set()
        for number, row in self._rows.where("state", PENDING):
            if row["platform"] != platform or row["held"] or row["lane"] in seen:
                continue
            seen.add(row["lane"])
            lane = self._lane(row["lane"])
            due_at = lane.leased_until if lane.claimed is not None else max(row["due_at"], lane.free_at)
            yield number, row, due_at

    def claim(self, *, platform: str, now: datetime, lease: float, limit: int) -> list[OutboxEntry]:
        instant = floor_ms(now)
        due = [(number, row) for number, row, due_at in self._heads(platform) if due_at <= instant]
        due.sort(key=lambda one: (one[1]["priority"], one[1]["created_at"], one[0]))
        entries: list[OutboxEntry] = []
        for number, row in due[:limit]:
            lane = self._lane(row["lane"])
            token = lane.token + 1
            until = instant + round(lease * 1000)
            self._lanes.put(row["lane"], replace(lane, token=token, claimed=number, leased_until=until))
            claimed = {**row, "attempts": row["attempts"] + 1}
            self._rows.put(number, claimed)
            entries.append(entry_of(number, token, claimed))
        return entries

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
        if not self._is_mine(entry):
            return False
        lane, row = self._lane(entry.envelope.lane), self._rows.get(entry.id)
        free_at = max(lane.free_at, ceil_ms(lane_free_at)) if lane_free_at is not None else lane.free_at
        self._lanes.put(entry.envelope.lane, _Lane(token=lane.token + 1, free_at=free_at))
        if row is None or row["state"] != PENDING:
            return False
        changes: dict[str, Any] = {"state": state.value, "error": clean(error)}
        if state is SendState.PENDING:
            changes["due_at"] = ceil_ms(retry_at) if retry_at is not None else floor_ms(now)
            changes["attempts"] = row["attempts"] - (0 if row["tried_token"] == entry.token else 1)
        if had_no_effect:
            changes["first_tried_at"] = optional_floor_ms(entry.first_tried_at)
        self._rows.put(entry.id, {**row, **changes})
        return True

    def tried(self, entry: OutboxEntry, *, now: datetime) -> bool:
        row = self._rows.get(entry.id)
        if not self._is_mine(entry) or row is None or row["state"] != PENDING:
            return False
        first = row["first_tried_at"]
        tried_at = floor_ms(now) if first is None else first
        self._rows.put(entry.id, {**row, "tried_token": entry.token, "first_tried_at": tried_at})
        return True

    def _is_mine(self, entry: OutboxEntry) -> bool:
        lane = self._lane(entry.envelope.lane)
        return lane.token == entry.token and lane.claimed == entry.id

    def next_due(self, *, platform: str) -> datetime | None:
        return optional_from_ms(min((due_at for _, _, due_at in self._heads(platform)), default=None))

    def reports(self, state: SendState, *, limit: int = 100) -> list[SendReport]:
        found = sorted(self._rows.where("state", state.value), key=lambda one: (-one[1]["created_at"], -one[0]))
        return reports_of([{**row, "id": number} for number, row in found[:limit]])

    def pending(self) -> tuple[int, datetime | None]:
        waiting = [
            row["created_at"]
            for _, row in self._rows.where("state", PENDING)
            if row["not_before"] is None or row["attempts"] > 0
        ]
        return len(waiting), optional_from_ms(min(waiting, default=None))

    def take_budget(self, name: str, *, now: datetime, period_ms: int, burst: int) -> datetime:
        instant = floor_ms(now)
        arrival_at = self._budgets.get(clean(name)) or 0
        may_go, kept = gcra_step(arrival_at, now=instant, period_ms=period_ms, burst=burst)
        if kept != arrival_at:
            self._budgets.put(clean(name), kept)
        return now if may_go <= instant else from_ms(may_go)

    def hold(self, *, epoch: str, before: datetime | None = None) -> int:
        if before is not None:
            self._held_before.put(clean(epoch), floor_ms(before))
        free = [(number, row) for number, row in self._rows.where("state", PENDING) if not row["held"]]
        for number, row in free:
            self._rows.put(number, {**row, "held": clean(epoch)})
        return len(free)

    def held(self) -> int:
        return sum(bool(row["held"]) for _, row in self._rows.where("state", PENDING))

    def release(self) -> int:
        held = [(number, row) for number, row in self._rows.where("state", PENDING) if row["held"]]
        for number, row in held:
            self._rows.put(number, {**row, "held": ""})
        for epoch in self._held_before.keys():  # noqa: SIM118 - a shelf is no dict
            self._held_before.remove(epoch)
        return len(held)

    def clock_went_back(self, *, now: datetime) -> None:
        """See `bot.ports.UnitOfWork`. Budgets notice by themselves."""
        instant = floor_ms(now)
        limit = instant + LONGEST_PAUSE
        for number, row in self._rows.where("state", PENDING):
            not_before = row["not_before"]
            if row["due_at"] > limit and (not_before is None or row["due_at"] > not_before):
                self._rows.put(number, {**row, "due_at": max(not_before or instant, instant)})
        for name, lane in self._lanes.items():
            free_at = instant if lane.free_at > limit else lane.free_at
            self._lanes.put(name, replace(lane, free_at=free_at, leased_until=min(lane.leased_until, limit)))

    def purge(self, *, before: datetime) -> int:
        until = floor_ms(before)
        old = [(n, row) for n, row in self._rows.items() if row["state"] != PENDING and row["created_at"] < until]
        for number, row in old:
            self._rows.remove(number)
            self._keys.remove(row["key"])
        return len(old)


@dataclass(frozen=True, slots=True)
class _Armed:
    due_at: int
    number: int
    ref: str
    attempts: int = 0


class MemoryTimers:
    """`bot.ports.Timers`."""

    def __init__(self, journal: Journal) -> None:
        self._rows: Shelf[tuple[str, str], _Armed] = Shelf(
            journal, indexed={"ref": lambda row: row.ref}, ordered=lambda _, row: (row.due_at, row.number)
        )
        self._journal = journal
        self._last = 0

    def arm(self, timer: Timer) -> None:
        key = _timer_key(timer.kind, timer.ref)
        known = self._rows.get(key)
        if known is None:
            self._last += 1
        number = self._last if known is None else known.number
        self._rows.put(key, _Armed(ceil_ms(timer.due_at), number, key[1]))

    def arm_many(self, timers: Iterable[Timer]) -> None:
        for timer in timers:
            self.arm(timer)

    def cancel(self, kind: TimerKind, ref: str) -> None:
        self._rows.remove(_timer_key(kind, ref))

    def due(self, *, now: datetime, limit: int) -> list[Timer]:
        instant = floor_ms(now)
        found: list[Timer] = []
        for key, row in self._rows.in_order():
            if row.due_at > instant or len(found) >= limit:
                break
            found.append(_timer(key, row))
        return found

    def remove(self, timer: Timer) -> bool:
        key = _timer_key(timer.kind, timer.ref)
        known = self._rows.get(key)
        if known is None or known.due_at != ceil_ms(timer.due_at):
            return False
        self._rows.remove(key)
        return True

    def next_due(self) -> datetime | None:
        first = self._rows.first()
        return from_ms(first[1].due_at) if first is not None else None

    def of(self, ref: str) -> list[Timer]:
        found = sorted(self._rows.where("ref", clean(ref)), key=lambda one: (one[1].due_at, one[1].number))
        return [_timer(key, row) for key, row in found]

    def upcoming(self, *, limit: int = 50) -> list[Timer]:
        return [_timer(key, row) for key, row in islice(self._rows.in_order(), limit)]

    def clock_went_back(self, *, now: datetime) -> None:
        """See `bot.ports.UnitOfWork`."""
        instant = floor_ms(now)
        for key, row in self._rows.items():
            if row.attempts and row.due_at > instant + LONGEST_TIMER_PAUSE:
                self._rows.put(key, replace(row, due_at=instant))

    def postpone(self, timer: Timer, *, until: datetime) -> int:
        key = _timer_key(timer.kind, timer.ref)
        known = self._rows.get(key)
        if known is None or known.due_at != ceil_ms(timer.due_at):
            return 0
        self._rows.put(key, replace(known, due_at=ceil_ms(until), attempts=known.attempts + 1))
        return known.attempts + 1


def _timer_key(kind: TimerKind, ref: str) -> tuple[str, str]:
    return kind.value, clean(ref)


def _timer(key: tuple[str, str], row: _Armed) -> Timer:
    return Timer(kind=TimerKind(key[0]), ref=key[1], due_at=from_ms(row.due_at), attempts=row.attempts)
