"""What must hold after every step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any

from bot.domain.acceptance import AcceptanceState
from bot.domain.conflict import ConflictState
from bot.domain.document import DocumentState
from bot.domain.issue import IssueState
from bot.domain.item import ItemState
from bot.domain.liaison_change import ChangeState
from bot.domain.meeting import MeetingState
from bot.domain.minutes import MinutesState
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.plan import PlanState
from bot.domain.progress_report import ReportState
from bot.domain.proposal import ProposalState
from bot.domain.request import RequestState
from bot.domain.resolution import ResolutionState
from bot.domain.sla import ClockState
from bot.domain.task import OPEN
from bot.ports import UnitOfWork
from bot.routing import Context
from handlers.company import coverage
from tests.properties.history import History


def _kinds(states: Iterable[StrEnum]) -> frozenset[tuple[type, str]]:
    """States of several machines: two of them may have the same word."""
    return frozenset((type(state), state.value) for state in states)


#: states in which somebody has to act by a limit
OWING = _kinds(
    [
        RequestState.IN_REVIEW,
        RequestState.REVIEWED,
        RequestState.ASSESSING,
        RequestState.PENDING_LEADER,
        PlanState.DRAFTING,
        PlanState.CONFIRMING,
        PlanState.RETURNED,
        PlanState.PENDING_LEADER,
        *OPEN,
        ReportState.OPEN,
        AcceptanceState.APPLIED,
        AcceptanceState.SCHEDULED,
        AcceptanceState.VOTING,
        AcceptanceState.RECTIFY,
        IssueState.PENDING_GRADING,
        IssueState.NEGOTIATING,
        IssueState.COORDINATING,
        IssueState.ESCALATED,
        IssueState.SPECIAL_MEETING,
        IssueState.EXECUTING,
        IssueState.RESOLVED,
        ConflictState.MEDIATING,
        ConflictState.PENDING_RULING,
        ConflictState.RULED,
        ConflictState.SETTLED,
        ConflictState.TO_GM_MEETING,
        MinutesState.DRAFTING,
        ResolutionState.DRAFTING,
        ResolutionState.PENDING_SIGNATURE,
        ChangeState.PENDING_CONSENT,
        DocumentState.NONCOMPLIANT,
        ProposalState.CANDIDATE,
        ProposalState.HEARING,
        ProposalState.PENDING_CONFIRM,
        ProposalState.CONFIRMED,
        ProposalState.APPEAL,
    ]
)
#: states in which nobody has anything to do with the object any more
OVER = _kinds(
    [
        RequestState.APPROVED,
        RequestState.REJECTED,
        RequestState.WITHDRAWN,
        PlanState.EFFECTIVE,
        PlanState.SUPERSEDED,
        PlanState.VOID,
        *(state for state in type(OPEN[0]) if state not in OPEN),
        AcceptanceState.WITHDRAWN,
        IssueState.CLOSED,
        IssueState.MERGED,
        IssueState.NOT_ACCEPTED,
        ConflictState.CLOSED,
        ConflictState.WITHDRAWN,
        MinutesState.PUBLISHED,
        ResolutionState.SIGNED,
        ChangeState.CANCELLED,
        DocumentState.COMPLIANT,
        DocumentState.WAIVED,
        DocumentState.ARCHIVED,
        ProposalState.DROPPED,
        ProposalState.REJECTED,
        ProposalState.PUBLISHED,
        MeetingState.CANCELLED,
        MeetingState.SKIPPED,
        MeetingState.CLOSED,
        ItemState.TERMINATED,
    ]
)
#: what is owed under the number of something that is over: mutual rating of an archived item, the sync of a week
_AFTERWARDS = frozenset({ObligationKind.RATING, ObligationKind.SYNC})
#: reasons in the trail for which nothing changed
_NOTHING_CHANGED = frozenset({"refused", "repeated"})


def things(uow: UnitOfWork) -> Iterator[Any]:
    """Every numbered object of the charter."""
    for repository in (
        uow.requests,
        uow.plans,
        uow.items,
        uow.tasks,
        uow.reports,
        uow.acceptances,
        uow.issues,
        uow.conflicts,
        uow.meetings,
        uow.minutes,
        uow.resolutions,
        uow.liaison_changes,
        uow.documents,
        uow.proposals,
    ):
        yield from repository.find()


def check(history: History) -> None:
    """All of it, in one look at the store."""
    found = history.within(lambda context: [*faults(context)])
    assert not found, "\n".join(found)


def faults(context: Context) -> Iterator[str]:
    """Everything that is not as it must be."""
    obligations = context.uow.obligations.find()
    owed = Counter(one.code for one in obligations)
    for one in obligations:
        yield from _reachable(context, one)
    yield from _held_once(context, obligations)
    yield from _not_early(context)
    for thing in things(context.uow):
        code, state = str(thing.code), (type(thing.state), thing.state.value)
        if state in OWING and not owed[code] and not _rests(thing):
            yield f"{code} is {thing.state} and nobody has to act"
        late = [one for one in obligations if one.code == code and one.kind not in _AFTERWARDS]
        if state in OVER and late and not _is_other_version(context, thing):
            yield f"{code} is {thing.state} and owed are {[one.key for one in late]}"
        yield from _recorded(context, thing)


def _rests(thing: Any) -> bool:
    """Tasks of a suspended item wait; so does a task whose date nobody may miss while it is frozen."""
    return getattr(thing, "frozen_at", None) is not None


def _is_other_version(context: Context, thing: Any) -> bool:
    """All versions of a plan share one number: what is owed is owed for the version in the making."""
    if not hasattr(thing, "number"):
        return False
    return any(p.is_open for p in context.uow.plans.find(item=thing.item) if p.code == thing.code)


def _reachable(context: Context, one: Obligation) -> Iterator[str]:
    """Its holder is active; where nobody holds the post, somebody is told of the vacancy every morning."""
    if one.holder is None:
        if context.world.posts.secretary() is None or not coverage.audit(context):
            yield f"{one.key} is held by nobody, and nobody is told of it"
        return
    person = context.world.directory.person(one.holder)
    if person is None or not person.is_active:
        yield f"{one.key} is held by {one.holder}, who left"


def _held_once(context: Context, obligations: list[Obligation]) -> Iterator[str]:
    """Each open deadline has exactly one open stretch of its holder, and no stretch is left open without one."""
    found = Counter((h.deadline, h.holder) for h in context.uow.holdings.find(state="open"))
    wanted = Counter((one.key, one.holder) for one in obligations)
    for key in wanted.keys() | found.keys():
        if wanted[key] != found[key]:
            yield f"{key} is owed {wanted[key]} times and held {found[key]} times"


def _not_early(context: Context) -> Iterator[str]:
    """No limit counts as passed, and no verdict falls, before its due instant."""
    now = context.now
    for one in context.uow.obligations.find():
        if one.passed_at is not None and now < one.due_at:
            yield f"{one.key} passed before {one.due_at}"
    for clock in context.uow.clocks.find():
        if clock.state in {ClockState.BREACHED, ClockState.ANSWERED_LATE} and now < clock.due_at:
            yield f"{clock.code} is {clock.state} before {clock.due_at}"
    for report in context.uow.reports.find(state=ReportState.MISSING.value):
        if now < report.due_at:
            yield f"{report.code} is missing before {report.due_at}"
    for request in context.uow.requests.find():
        if request.is_overdue and request.due_at is not None and now < request.due_at:
            yield f"{request.code} is overdue before {request.due_at}"


def changes(context: Context, thing: Any) -> list[tuple[str, str, str]]:
    """(action, before, after) of everything that changed the object, oldest first; of a plan its own version only."""
    number = str(thing.number) if hasattr(thing, "number") else None
    rows = [row.record for row in context.uow.audit.of(str(thing.code))]
    return [
        (r.action, r.before, r.after)
        for r in rows
        if r.after and r.action not in _NOTHING_CHANGED and number in (None, r.facts.get("version"))
    ]


def _recorded(context: Context, thing: Any) -> Iterator[str]:
    """The last change in the trail led to the present state."""
    rows = changes(context, thing)
    if rows and rows[-1][2] != thing.state.value:
        yield f"{thing.code} is {thing.state.value}, its trail ends with {rows[-1]}"


def replay_faults(context: Context) -> Iterator[str]:
    """Folding the trail of an object gives its present state: each change begins where the one before ended."""
    for thing in things(context.uow):
        state: str | None = None
        for action, before, after in changes(context, thing):
            if state is not None and before != state:
                yield f"{thing.code}: {action} begins at {before!r}, the trail was at {state!r}"
            state = after
        if state is not None and state != thing.state.value:
            yield f"{thing.code} is {thing.state.value}, its trail gives {state}"
