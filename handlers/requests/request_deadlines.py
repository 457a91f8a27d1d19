"""What a request owes in its present state, to whom and until when (T-02, T-03, T-04), and the timer of those left alone (3.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.domain.directory import Role
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.request import EDITABLE, Request, RequestState, idle_at
from bot.domain.slots import open_slots
from bot.domain.timers import Timer, TimerKind
from bot.routing import Context
from handlers.deadlines.deadlines import Limit, limit_workdays, owed

#: a returned request that nobody edits is brought to mind every week (3.1)
AGAIN = timedelta(days=7)


def obligations(context: Context, request: Request) -> Iterator[Obligation]:
    """Its open deadlines, each with the present holder of the post; absence is resolved when a row is used."""
    parameters = context.world.company.parameters
    match request.state:
        case RequestState.IN_REVIEW:
            since = request.submitted_at or context.now
            for slot in open_slots(request.slots):
                head = context.world.posts.head_post(slot.department)
                yield _owed(
                    context, request, ObligationKind.REVIEW, parameters.timers_review_wd, since, head, slot.department
                )
        case RequestState.REVIEWED | RequestState.ASSESSING:
            if request.held_at is None:
                since = _reviewed_at(request) or context.now
                holder = secretary_post(context)
                yield _owed(
                    context, request, ObligationKind.ASSESSMENT, parameters.timers_assessment_wd, since, holder, None
                )
        case RequestState.PENDING_LEADER:
            since = request.since or context.now
            yield _owed(
                context,
                request,
                ObligationKind.LEADER,
                parameters.timers_leader_wd,
                since,
                decider_post(context, request),
                None,
            )
        case (
            RequestState.DRAFT
            | RequestState.RETURNED
            | RequestState.APPROVED
            | RequestState.REJECTED
            | RequestState.WITHDRAWN
        ):
            pass


def _reviewed_at(request: Request) -> datetime | None:
    """When the last slot was filled: T-03 counts from there, also once the meeting is fixed."""
    return max((slot.at for slot in request.slots if slot.at is not None), default=request.since)


def _owed(
    context: Context,
    request: Request,
    kind: ObligationKind,
    workdays: int,
    since: datetime,
    holder: PersonId | None,
    department: DepartmentId | None,
) -> Obligation:
    slot = department or ""
    return owed(
        context,
        request.code,
        kind,
        _limit(context, Obligation.key_for(request.code, kind, slot), workdays, since),
        title=request.title,
        holder=holder,
        department=department,
        slot=slot,
        opened_at=since,
        secrecy=request.secrecy,
        access=request.access,
        lead=request.lead,
        coop=request.coop,
    )


def _limit(context: Context, key: str, workdays: int, since: datetime) -> Limit:
    """A deadline that runs already keeps its date, wherever the calendar has moved it (EC-20, EC-21)."""
    known = context.uow.obligations.get(key)
    if known is not None and known.counted_from == since:
        return Limit(due_at=known.due_at, counted_from=since, workdays=known.workdays)
    return limit_workdays(context, workdays, since=since)


# ---------------------------------------------------------------- posts


def secretary_post(context: Context) -> PersonId | None:
    """The executive secretary, present or not; while there is none, whoever acts."""
    holders = context.world.directory.holders(Role.SECRETARY)
    return holders[0].id if holders else context.world.posts.secretary()


def decider_post(context: Context, request: Request) -> PersonId | None:
    """The leader; the alternate where the leader asked for it or heads the lead department (SoD-2)."""
    leader = context.world.posts.leader_post()
    if leader is not None and not _is_interested(context, request, leader):
        return leader
    stand_ins = (p.id for p in context.world.directory.holders(Role.ALTERNATE))
    return next((p for p in stand_ins if not _is_interested(context, request, p)), None)


def _is_interested(context: Context, request: Request, person: PersonId) -> bool:
    return person == request.submitted_by or context.world.posts.head_post(request.lead) == person


# ---------------------------------------------------------------- left alone


def arm_idle(context: Context, request: Request) -> None:
    """Drafts and returned requests are looked at again after 30 days without an edit."""
    if request.state in EDITABLE:
        context.uow.timers.arm(Timer(kind=TimerKind.REQUEST_IDLE, ref=request.code, due_at=idle_at(request)))
    else:
        context.uow.timers.cancel(TimerKind.REQUEST_IDLE, request.code)
