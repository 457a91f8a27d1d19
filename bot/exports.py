"""What can be taken out of the database as a table, and how a table becomes CSV that no spreadsheet mistakes for formulas (T12).

Excerpts of confidential messages and the reasons that people gave about confidential objects never leave the database this way.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.domain.ids import PersonId
from bot.ports import SendState, UnitOfWork
from bot.spreadsheets import guarded

__all__ = ["EXPORTS", "Cell", "Export", "as_csv", "guarded"]

Cell = str | int | bool | datetime | None
Rows = Iterable[Sequence[Cell]]

#: more rows than any database has
_ALL = 2**31 - 1
#: messages of this level and above keep their words to themselves
_CONFIDENTIAL = 2


@dataclass(frozen=True, slots=True)
class Export:
    """A table: its columns, and how its rows are read."""

    columns: tuple[str, ...]
    rows: Callable[[UnitOfWork], Rows]


def as_csv(export: Export, uow: UnitOfWork, *, zone: ZoneInfo) -> str:
    """The table by RFC 4180, without byte order mark; instants in `zone`."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(export.columns)
    for row in export.rows(uow):
        writer.writerow([_shown(cell, zone) for cell in row])
    return out.getvalue()


def _shown(cell: Cell, zone: ZoneInfo) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "1" if cell else "0"
        case int():
            return str(cell)
        case datetime():
            return cell.astimezone(zone).isoformat(sep=" ", timespec="seconds")
        case str():
            return guarded(cell)


# ---------------------------------------------------------------- the tables


def _clocks(uow: UnitOfWork) -> Rows:
    names = {person.id: person.name for person in uow.people.find()}
    for clock in uow.clocks.find():
        yield (
            clock.code,
            clock.state.value,
            str(clock.chat),
            clock.department,
            clock.asking_department,
            _named(names, clock.asker),
            _named(names, clock.acting or clock.assignee),
            clock.is_key,
            clock.is_inquiry,
            clock.started_at,
            clock.due_at,
            clock.answered_at,
            _named(names, clock.answered_by),
            clock.elapsed_seconds,
            clock.escalations,
            clock.secrecy,
            " ".join(sorted(clock.flags)),
            clock.reason if clock.secrecy < _CONFIDENTIAL else "",
            clock.excerpt if clock.secrecy < _CONFIDENTIAL else "",
        )


def _named(names: Mapping[PersonId, str], person: PersonId | None) -> str:
    return "" if person is None else f"{names.get(person, '')} ({person})".strip()


class _Classified(Protocol):
    """An object with a number and a level (2.5)."""

    @property
    def code(self) -> str: ...
    @property
    def secrecy(self) -> int: ...


def _confidential(uow: UnitOfWork) -> frozenset[str]:
    """Numbers of everything that only people on a list may read of."""
    kinds: tuple[Sequence[_Classified], ...] = (
        uow.clocks.find(),
        uow.requests.find(),
        uow.plans.find(),
        uow.items.find(),
        uow.tasks.find(),
        uow.reports.find(),
        uow.acceptances.find(),
        uow.issues.find(),
        uow.conflicts.find(),
        uow.meetings.find(),
        uow.minutes.find(),
        uow.resolutions.find(),
        uow.documents.find(),
    )
    return frozenset(one.code for kind in kinds for one in kind if one.secrecy >= _CONFIDENTIAL)


def _audit(uow: UnitOfWork) -> Rows:
    confidential = _confidential(uow)
    for row in reversed(uow.audit.tail(limit=_ALL)):
        record = row.record
        has_words = record.ref not in confidential
        yield (
            row.number,
            record.at,
            record.action,
            record.ref,
            record.actor,
            record.on_behalf_of,
            record.role,
            record.platform,
            record.platform_at,
            record.update_id,
            record.before,
            record.after,
            record.reason if has_words else "",
            json.dumps(dict(record.facts), ensure_ascii=False, sort_keys=True) if record.facts and has_words else "",
            row.hash,
        )


def _calls(state: SendState) -> Callable[[UnitOfWork], Rows]:
    def rows(uow: UnitOfWork) -> Rows:
        for report in uow.outbox.reports(state, limit=_ALL):
            yield (
                report.id,
                report.created_at,
                report.kind,
                report.lane,
                report.state.value,
                report.attempts,
                report.error,
                report.key,
            )

    return rows


def _dead(uow: UnitOfWork) -> Rows:
    for letter in uow.inbox.dead(limit=_ALL):
        yield (
            letter.id,
            letter.received_at,
            letter.platform,
            letter.business_id,
            letter.attempts,
            letter.error,
            len(letter.raw),
        )


_CALL_COLUMNS = ("id", "created_at", "kind", "lane", "state", "attempts", "error", "key")

#: name -> table
EXPORTS: Mapping[str, Export] = {
    "clocks": Export(
        (
            "code",
            "state",
            "chat",
            "department",
            "asking_department",
            "asker",
            "answers",
            "is_key",
            "is_inquiry",
            "started_at",
            "due_at",
            "answered_at",
            "answered_by",
            "elapsed_seconds",
            "escalations",
            "secrecy",
            "flags",
            "reason",
            "excerpt",
        ),
        _clocks,
    ),
    "audit": Export(
        (
            "number",
            "at",
            "action",
            "ref",
            "actor",
            "on_behalf_of",
            "role",
            "platform",
            "platform_at",
            "update_id",
            "before",
            "after",
            "reason",
            "facts",
            "hash",
        ),
        _audit,
    ),
    "unknown": Export(_CALL_COLUMNS, _calls(SendState.UNKNOWN)),
    "failed": Export(_CALL_COLUMNS, _calls(SendState.FAILED)),
    "waiting": Export(_CALL_COLUMNS, _calls(SendState.PENDING)),
    "dead": Export(("id", "received_at", "platform", "business_id", "attempts", "error", "bytes"), _dead),
}
