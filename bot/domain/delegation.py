"""Leave and delegation (domain.md 2.6, 3.17; SoD-7; EC-11 to EC-13).

A leave starts and ends at exact instants; nothing is deleted at its end. A delegate cannot delegate further, overlapping
delegations of one scope are refused, and nobody delegates to somebody who is away. `TABLE` is the state machine of 3.17;
who stands in for whom at an instant is answered by `posts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from bot.domain.decision import Decision
from bot.domain.directory import DepartmentKind, Directory, Person, Role
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.errors import RuleViolation

#: longest delegation in calendar days; longer needs a change of roles (2.6)
MAX_DAYS = 30
#: working minutes in which a delegate may decline (3.17: 4 working hours)
DECLINE_MINUTES = 240


class LeaveState(StrEnum):
    """States of 3.17."""

    PLANNED = "planned"
    ACTIVE = "active"
    ENDED = "ended"
    CANCELLED = "cancelled"


class Scope(StrEnum):
    """What a delegate may do in the other's place."""

    ALL = "全部"
    APPROVALS = "审批"
    LIAISON = "对接"
    TASKS = "任务"

    def meets(self, other: Scope) -> bool:
        """Do two scopes cover anything in common?"""
        return self is other or Scope.ALL in {self, other}


class Move(StrEnum):
    """What can happen to a leave."""

    START = "start"
    END = "end"
    EARLY_RETURN = "early_return"
    DECLINE = "decline"
    DELEGATE_LOST = "delegate_lost"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """One absence, with or without a delegate. Instants are aware; the leave covers `[starts_at, ends_at)`."""

    code: Code
    person: PersonId
    delegate: PersonId | None
    scope: Scope
    starts_at: datetime
    ends_at: datetime
    state: LeaveState
    reason: str = ""
    registered_by: PersonId
    registered_at: datetime | None = None
    #: until when the delegate may decline; None without a delegate
    decline_by: datetime | None = None
    #: who was named and declined or dropped out; the chain of 2.6 took over then
    former_delegate: PersonId | None = None
    version: int = 0

    def covers(self, at: datetime) -> bool:
        """Is the person away at that instant by this leave?"""
        return self.state in OPEN and self.starts_at <= at < self.ends_at

    def overlaps(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Does the open leave share an instant with that period?"""
        return self.state in OPEN and self.starts_at < ends_at and starts_at < self.ends_at


OPEN = frozenset({LeaveState.PLANNED, LeaveState.ACTIVE})

#: 3.17; what is not in it is refused and changes nothing
TABLE: Mapping[tuple[LeaveState, Move], LeaveState] = MappingProxyType(
    {
        (LeaveState.PLANNED, Move.START): LeaveState.ACTIVE,
        (LeaveState.PLANNED, Move.CANCEL): LeaveState.CANCELLED,
        (LeaveState.PLANNED, Move.DECLINE): LeaveState.PLANNED,
        (LeaveState.PLANNED, Move.DELEGATE_LOST): LeaveState.PLANNED,
        (LeaveState.ACTIVE, Move.DECLINE): LeaveState.ACTIVE,
        (LeaveState.ACTIVE, Move.DELEGATE_LOST): LeaveState.ACTIVE,
        (LeaveState.ACTIVE, Move.END): LeaveState.ENDED,
        (LeaveState.ACTIVE, Move.EARLY_RETURN): LeaveState.ENDED,
    }
)


# ---------------------------------------------------------------- events


@dataclass(frozen=True, slots=True)
class LeaveRegistered:
    """Both are told; the delegate may decline."""

    code: Code


@dataclass(frozen=True, slots=True)
class LeaveStarted:
    """Routing switches; open approvals are copied to the delegate."""

    code: Code


@dataclass(frozen=True, slots=True)
class LeaveEnded:
    """A summary of what was done on behalf is owed. `is_early` for 销假 before the planned end."""

    code: Code
    is_early: bool


@dataclass(frozen=True, slots=True)
class DelegateDeclined:
    """The chain of 2.6 takes over; the person is told."""

    code: Code
    delegate: PersonId


@dataclass(frozen=True, slots=True)
class DelegateLost:
    """The delegate left or went on leave; the person and the secretary are told."""

    code: Code
    delegate: PersonId


@dataclass(frozen=True, slots=True)
class LeaveCancelled:
    """Taken back before it began."""

    code: Code
    by: PersonId


LeaveEvent = LeaveRegistered | LeaveStarted | LeaveEnded | DelegateDeclined | DelegateLost | LeaveCancelled
LeaveDecision = Decision[Leave, LeaveEvent]


class WorkingMinutes(Protocol):
    """What the decline limit needs of `WorkingTime`."""

    def add(self, start: datetime, minutes: int) -> datetime: ...


# ---------------------------------------------------------------- registering


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What `/请假` asks for. The right to ask (P-51, P-52) is checked before."""

    code: Code
    person: PersonId
    delegate: PersonId | None
    scope: Scope = Scope.ALL
    starts_at: datetime
    ends_at: datetime
    reason: str = ""
    registered_by: PersonId


def register(
    request: Request,
    *,
    directory: Directory,
    leaves: Iterable[Leave],
    hours: WorkingMinutes,
    now: datetime,
) -> LeaveDecision:
    """A planned leave. `hours` are the delegate's. Raises RuleViolation with the first rule that says no.

    `leave_period`, `leave_past`, `unknown_person`, `leave_overlap`, `delegate_self`, `delegate_unknown`, `delegate_wrong`,
    `delegate_too_long`, `delegate_away`, `delegate_overlap`.
    """
    open_leaves = [leave for leave in leaves if leave.state in OPEN]
    person = directory.person(request.person)
    if person is None or not person.is_active:
        raise RuleViolation("unknown_person")
    if request.ends_at <= request.starts_at:
        raise RuleViolation("leave_period")
    if request.ends_at <= now:
        raise RuleViolation("leave_past")
    _check_own_overlap(request, open_leaves)
    if request.delegate is not None:
        _check_delegate(request, person, request.delegate, directory, open_leaves)
    leave = Leave(
        code=request.code,
        person=request.person,
        delegate=request.delegate,
        scope=request.scope,
        starts_at=request.starts_at,
        ends_at=request.ends_at,
        state=LeaveState.PLANNED,
        reason=request.reason,
        registered_by=request.registered_by,
        registered_at=now,
        decline_by=hours.add(now, DECLINE_MINUTES) if request.delegate is not None else None,
    )
    return Decision(leave, (LeaveRegistered(leave.code),))


def _check_own_overlap(request: Request, leaves: Iterable[Leave]) -> None:
    """Two delegations of one scope may not overlap; nor may two leaves without any (2.6)."""
    for leave in leaves:
        if leave.person != request.person or not leave.overlaps(request.starts_at, request.ends_at):
            continue
        if leave.delegate is None and request.delegate is None:
            raise RuleViolation("leave_overlap", {"code": leave.code})
        if leave.scope.meets(request.scope):
            raise RuleViolation("delegate_overlap", {"code": leave.code})


def _check_delegate(
    request: Request, person: Person, delegate: PersonId, directory: Directory, leaves: Iterable[Leave]
) -> None:
    if delegate == person.id:
        raise RuleViolation("delegate_self")
    found = directory.person(delegate)
    if found is None or not found.is_active:
        raise RuleViolation("delegate_unknown")
    if request.ends_at - request.starts_at > timedelta(days=MAX_DAYS):
        raise RuleViolation("delegate_too_long", {"days": MAX_DAYS})
    if any(leave.person == delegate and leave.overlaps(request.starts_at, request.ends_at) for leave in leaves):
        # covers circles too: whoever named this person as delegate is away in that period (EC-13)
        raise RuleViolation("delegate_away", {"name": found.name})
    if not is_fit(person, found, directory):
        raise RuleViolation("delegate_wrong", {"name": found.name})


def is_fit(person: Person, delegate: Person, directory: Directory) -> bool:
    """May this person be named? The leader's delegate is top management; a head's is of the department or another head (2.6)."""
    if Role.LEADER in person.roles:
        home = directory.department(delegate.department)
        is_top = home is not None and home.kind is DepartmentKind.EXECUTIVE
        return is_top or Role.ALTERNATE in delegate.roles
    if _heads_any(person, directory):
        return delegate.department == person.department or _heads_any(delegate, directory)
    return True


def _heads_any(person: Person, directory: Directory) -> bool:
    named: set[DepartmentId] = {d.id for d in directory.departments if person.id in {d.head, d.acting_head}}
    return bool(named) or Role.HEAD in person.roles


# ---------------------------------------------------------------- moving


def _next(leave: Leave, move: Move) -> LeaveState:
    state = TABLE.get((leave.state, move))
    if state is None:
        raise RuleViolation("leave_state", {"state": leave.state.value, "move": move.value})
    return state


def start(leave: Leave, *, now: datetime) -> LeaveDecision:
    """The start time came. Raises RuleViolation `leave_state`, or `leave_not_yet`."""
    state = _next(leave, Move.START)
    if now < leave.starts_at:
        raise RuleViolation("leave_not_yet")
    return Decision(replace(leave, state=state), (LeaveStarted(leave.code),))


def end(leave: Leave, *, now: datetime) -> LeaveDecision:
    """The end time came. Raises RuleViolation `leave_state`, or `leave_not_yet`."""
    state = _next(leave, Move.END)
    if now < leave.ends_at:
        raise RuleViolation("leave_not_yet")
    return Decision(replace(leave, state=state), (LeaveEnded(leave.code, is_early=False),))


def come_back(leave: Leave, *, now: datetime) -> LeaveDecision:
    """Back early: the leave ends now. Raises RuleViolation `leave_state`."""
    state = _next(leave, Move.EARLY_RETURN)
    return Decision(
        replace(leave, state=state, ends_at=min(now, leave.ends_at)), (LeaveEnded(leave.code, is_early=True),)
    )


def decline(leave: Leave, *, by: PersonId, now: datetime) -> LeaveDecision:
    """The delegate says no. Raises RuleViolation `leave_state`, `no_right`, or `decline_too_late` after 4 working hours."""
    state = _next(leave, Move.DECLINE)
    if leave.delegate is None or by != leave.delegate:
        raise RuleViolation("no_right")
    if leave.decline_by is not None and now > leave.decline_by:
        raise RuleViolation("decline_too_late")
    return Decision(replace(leave, state=state, delegate=None, former_delegate=by), (DelegateDeclined(leave.code, by),))


def lose_delegate(leave: Leave) -> LeaveDecision:
    """The delegate left the company or went on leave. The name stays: a delegate who returns stands in again.

    Raises RuleViolation `leave_state`; nothing happens without a delegate.
    """
    state = _next(leave, Move.DELEGATE_LOST)
    if leave.delegate is None:
        return Decision(leave)
    return Decision(replace(leave, state=state), (DelegateLost(leave.code, leave.delegate),))


def cancel(leave: Leave, *, by: PersonId, secretary: PersonId | None) -> LeaveDecision:
    """Taken back before it began, by the person or the secretary. Raises RuleViolation `leave_state`, `no_right`."""
    state = _next(leave, Move.CANCEL)
    if by not in {leave.person, leave.registered_by, secretary}:
        raise RuleViolation("no_right")
    return Decision(replace(leave, state=state), (LeaveCancelled(leave.code, by),))


def signature(acting: str, represented: str) -> str:
    """How a decision in somebody's place is recorded: `B 代 A` (2.6)."""
    return acting if acting == represented else f"{acting} 代 {represented}"
