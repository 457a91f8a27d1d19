"""Matters that ended longer ago than ledgers are kept (domain.md 2.5, EC-77): they go whole, with all that belongs to them.

What is open stays however old it is, and so does whatever something open belongs to. Numbers are not given again; the trail
of who did what stays (P10).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.conflict import ConflictState
from bot.domain.issue import IssueState
from bot.domain.item import FINISHED
from bot.domain.liaison_change import ChangeState
from bot.domain.meeting import MeetingState
from bot.domain.proposal import ProposalState
from bot.domain.request import RequestState
from bot.domain.task import TaskState
from bot.ports import UnitOfWork
from bot.routing import Context

#: matters that go in one transaction, each with its own
LIMIT = 20
_BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
_REQUEST_OVER = (RequestState.REJECTED, RequestState.WITHDRAWN)
_ISSUE_OVER = (IssueState.CLOSED, IssueState.MERGED, IssueState.NOT_ACCEPTED)
_CONFLICT_OVER = (ConflictState.CLOSED, ConflictState.WITHDRAWN)
_MEETING_OVER = tuple(s for s in MeetingState if s not in (MeetingState.SCHEDULED, MeetingState.IN_SESSION))
_CHANGE_OVER = (ChangeState.EFFECTIVE, ChangeState.CANCELLED)
_TASK_OVER = (TaskState.DONE, TaskState.CANCELLED)
_PROPOSAL_OVER = (ProposalState.PUBLISHED, ProposalState.DROPPED, ProposalState.REJECTED, ProposalState.WITHDRAWN)

_Wanted = str | int | bool | tuple[str | int | bool | None, ...] | None


class _Kept(Protocol):
    """Objects of any one kind."""

    def get(self, key: str) -> object | None: ...
    def find(self, **equals: _Wanted) -> Sequence[object]: ...
    def between(self, column: str, start: datetime, end: datetime, **equals: _Wanted) -> Sequence[object]: ...
    def remove(self, key: str) -> None: ...


@dataclass(frozen=True, slots=True)
class _Row:
    """Where something is kept and under which key, its number if it has one, and the last instant that it knows of."""

    where: _Kept
    key: str
    code: str
    last_at: datetime | None


def forget(context: Context, until: datetime) -> bool:
    """Forget what nothing has happened to since `until`; True when there may be more to do."""
    gone = 0
    for root in _ended(context.uow, until):
        family = (root, *_belonging(context.uow, root))
        if not _is_over(context.uow, family, until):
            continue
        for row in family:
            row.where.remove(row.key)
        gone += 1
        if gone >= LIMIT:
            return True
    return False


def forget_traces(uow: UnitOfWork, code: str) -> None:
    """Who held the object, its cards, and what somebody began to write about it."""
    for row in _traces(uow, (code,)):
        row.where.remove(row.key)


def _is_over(uow: UnitOfWork, family: Sequence[_Row], until: datetime) -> bool:
    """Has nothing happened to any of it since, and does nobody owe anything for it?"""
    if any(row.last_at is not None and row.last_at > until for row in family):
        return False
    return not uow.obligations.find(code=tuple(sorted({row.code for row in family})))


# ---------------------------------------------------------------- what ended


def _ended(uow: UnitOfWork, until: datetime) -> Iterator[_Row]:
    """What is over and belongs to nothing else."""
    for item in uow.items.find(state=_values(FINISHED)):
        yield _row(uow.items, item)
    for kept, states in _loose(uow):
        for one in kept.between("at", _BEGINNING, until, state=_values(states), item=""):
            yield _row(kept, one)
    for task in uow.tasks.between("at", _BEGINNING, until, state=_values(_TASK_OVER)):
        if task.item is None and not _is_there(uow, task.source):
            yield _row(uow.tasks, task)
    for proposal in uow.proposals.between("at", _BEGINNING, until, state=_values(_PROPOSAL_OVER)):
        yield _row(uow.proposals, proposal)
    small: tuple[_Kept, ...] = (uow.kudos, uow.trainings)
    for kept in small:
        yield from (_row(kept, one) for one in kept.between("at", _BEGINNING, until))


def _loose(uow: UnitOfWork) -> tuple[tuple[_Kept, Sequence[StrEnum]], ...]:
    """Kinds that need not belong to anything, with the states in which they are over."""
    return (
        (uow.requests, _REQUEST_OVER),
        (uow.issues, _ISSUE_OVER),
        (uow.conflicts, _CONFLICT_OVER),
        (uow.meetings, _MEETING_OVER),
        (uow.liaison_changes, _CHANGE_OVER),
    )


def _values(states: Sequence[StrEnum]) -> tuple[str, ...]:
    return tuple(state.value for state in states)


def _is_there(uow: UnitOfWork, source: str) -> bool:
    """Is what the task came from still kept? It goes with that."""
    return bool(source) and any(kept.get(source) is not None for kept in _belongers(uow))


# ---------------------------------------------------------------- what belongs to it


def _belonging(uow: UnitOfWork, root: _Row) -> Iterator[_Row]:
    """Everything that names it, everything that names that, and so on."""
    known, near = {root.code}, {root.code} - {""}
    while near:
        yield from _traces(uow, tuple(sorted(near)))
        found = [_row(kept, one) for kept in _belongers(uow) for one in kept.find(item=tuple(sorted(near)))]
        yield from found
        near = {row.code for row in found} - known
        known |= near


def _belongers(uow: UnitOfWork) -> tuple[_Kept, ...]:
    """Kinds whose column `item` says what they belong to."""
    of_items: tuple[_Kept, ...] = (uow.requests, uow.plans, uow.tasks, uow.reports, uow.acceptances, uow.issues)
    return (*of_items, uow.conflicts, uow.meetings, uow.minutes, uow.resolutions, uow.documents, uow.ratings)


def _traces(uow: UnitOfWork, codes: tuple[str, ...]) -> Iterator[_Row]:
    kinds: tuple[tuple[_Kept, Sequence[object]], ...] = (
        (uow.holdings, uow.holdings.find(item=codes)),
        (uow.cards, uow.cards.find(code=codes)),
        (uow.form_drafts, uow.form_drafts.find(item=codes)),
    )
    for kept, found in kinds:
        yield from (_row(kept, one) for one in found)


def _row(kept: _Kept, one: object) -> _Row:
    code = str(getattr(one, "code", ""))
    instants: list[datetime] = []
    if is_dataclass(one):
        instants = [at for field in fields(one) if isinstance(at := getattr(one, field.name), datetime)]
    return _Row(kept, str(getattr(one, "key", code)), code, max(instants, default=None))
