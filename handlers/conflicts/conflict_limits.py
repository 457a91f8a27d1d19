"""What is owed on a conflict, by whom, until when (domain.md 5.9: T-15, T-15b; 3.8, R-91)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.conflict import Conflict, ConflictKind, ConflictState
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.obligation import Obligation, ObligationKind
from bot.routing import Context
from handlers.conflicts import conflict_people as people
from handlers.deadlines import deadlines
from handlers.deadlines.deadlines import Limit, limit_at, limit_workdays, owed
from handlers.post_holders import head_post, liaison_post, secretary_post

#: what the other party is asked for, what the lead verifies: one working day (3.8, R-91)
ASKED_WORKDAYS = 1
#: what was agreed or ruled is done within three (3.8)
EXECUTION_WORKDAYS = 3
#: an item on the agenda of the office meeting is remembered every week (3.8)
AGENDA = "agenda"
WEEK = timedelta(days=7)


def settle(context: Context, conflict: Conflict) -> None:
    """Its deadlines are exactly those of its state."""
    deadlines.settle(context, conflict.code, list(_owed(context, conflict)))


def _owed(context: Context, conflict: Conflict) -> Iterator[Obligation]:
    match conflict.state:
        case ConflictState.MEDIATING:
            yield _one(context, conflict, ObligationKind.MEDIATION, secretary_post(context))
            yield from _from_parties(context, conflict)
        case ConflictState.PENDING_RULING:
            yield _one(context, conflict, ObligationKind.RULING, _ruling_post(context, conflict))
        case ConflictState.TO_GM_MEETING:
            yield _one(context, conflict, ObligationKind.EXECUTION, secretary_post(context), slot=AGENDA)
        case ConflictState.SETTLED | ConflictState.RULED:
            lead = people.lead_of(context, conflict)
            yield _one(context, conflict, ObligationKind.EXECUTION, liaison_post(context, lead), department=lead)
        case ConflictState.CLOSED | ConflictState.WITHDRAWN:
            pass


def _ruling_post(context: Context, conflict: Conflict) -> PersonId | None:
    """The leader's post; ALT's where the leader heads a party (SoD-5)."""
    leader = context.world.posts.leader_post()
    heads = {context.world.posts.head_post(d) for d in conflict.parties}
    return people.ruler(context, conflict) if leader is None or leader in heads else leader


def _from_parties(context: Context, conflict: Conflict) -> Iterator[Obligation]:
    """Statements until there is an outcome, then the answers to it; and for information the lead's verification."""
    asked = limit_workdays(context, ASKED_WORKDAYS, since=conflict.filed_at)
    if conflict.kind is ConflictKind.INFORMATION and conflict.verified_at is None:
        lead = people.lead_of(context, conflict)
        holder = liaison_post(context, lead)
        yield _one(context, conflict, ObligationKind.VERIFICATION, holder, department=lead, limit=asked)
    for party in conflict.parties:
        holder = head_post(context, party)
        if conflict.is_offered and conflict.answer_of(party) is None and conflict.due_at is not None:
            limit = limit_at(conflict.due_at)
            yield _one(context, conflict, ObligationKind.OFFER, holder, slot=party, department=party, limit=limit)
        elif not conflict.is_offered and party != conflict.filed_for and conflict.statement_of(party) is None:
            yield _one(context, conflict, ObligationKind.STATEMENT, holder, slot=party, department=party, limit=asked)


def _one(
    context: Context,
    conflict: Conflict,
    kind: ObligationKind,
    holder: PersonId | None,
    *,
    slot: str = "",
    department: DepartmentId | None = None,
    limit: Limit | None = None,
) -> Obligation:
    home = context.world.posts.department_of(holder) if holder is not None else None
    counted = limit or limit_of(context, conflict)
    if limit is None and conflict.due_at is not None:
        counted = replace(counted, due_at=conflict.due_at)
    return owed(
        context,
        conflict.code,
        kind,
        counted,
        title=conflict.title,
        holder=holder,
        department=department or home,
        slot=slot,
        item=conflict.item or "",
        secrecy=conflict.secrecy,
        access=conflict.access,
        detail=conflict.kind.value,
        lead=conflict.filed_for,
        coop=tuple(d for d in conflict.parties if d != conflict.filed_for),
    )


def limit_of(context: Context, conflict: Conflict) -> Limit:
    """T-15, T-15b, the weekly look at the agenda, three days to execute."""
    parameters = context.world.company.parameters
    since = conflict.since or conflict.filed_at
    match conflict.state:
        case ConflictState.MEDIATING:
            return limit_workdays(context, parameters.conflict_mediation_wd, since=conflict.filed_at)
        case ConflictState.PENDING_RULING:
            return limit_workdays(context, parameters.conflict_ruling_wd, since=since)
        case ConflictState.TO_GM_MEETING:
            return limit_at(next_week(context))
        case _:
            return limit_workdays(context, EXECUTION_WORKDAYS, since=since)


def next_week(context: Context) -> datetime:
    """The opening of the working day a week from now."""
    calendars = context.world.calendars
    return calendars.start_of_day(calendars.workday_on_or_after(calendars.local(context.now + WEEK).date()))
