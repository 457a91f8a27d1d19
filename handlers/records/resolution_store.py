"""Resolutions as rows: one function saves a resolution with all that follows from it (domain.md 3.11, T-20a, T-20b)."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.ids import PersonId
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.permissions import Grant
from bot.domain.relation import Relation
from bot.domain.resolution import Resolution, ResolutionState
from bot.routing import Context
from handlers import effects, matter_cards
from handlers.deadlines import deadlines
from handlers.deadlines.deadlines import Limit
from handlers.deeds import SLOT, VERB
from handlers.meetings import meeting_owed


def relation_of(context: Context, resolution: Resolution) -> Relation:
    """How a resolution stands to people and departments."""
    meeting = context.uow.meetings.get(resolution.meeting)
    item = context.uow.items.get(resolution.item)
    submitter = resolution.submitted_by
    return Relation(
        department=resolution.lead,
        lead=resolution.lead,
        coop=frozenset(item.coop if item is not None else ()),
        members=frozenset(item.members if item is not None else ()),
        participants=frozenset(meeting.everybody if meeting is not None else ()),
        owners=frozenset((submitter,) if submitter is not None else ()),
        submitter=submitter,
        secrecy=resolution.secrecy,
        access=frozenset(resolution.access),
    )


def save(
    context: Context,
    before: Resolution | None,
    after: Resolution,
    act: str,
    *,
    grant: Grant | None = None,
    verb: str = "",
    slot: str = "",
    reason: str = "",
) -> Resolution:
    """Keep the resolution with its limit, the record of what was done and its cards."""
    kept = context.uow.resolutions.add(after) if before is None else context.uow.resolutions.put(after)
    effects.record_act(
        context,
        f"resolution_{act}",
        before,
        kept,
        grant=grant,
        reason=reason,
        facts={VERB: verb, SLOT: slot} if verb else {},
    )
    settle(context, kept)
    matter_cards.refresh(context, kept.code)
    return kept


def settle(context: Context, resolution: Resolution) -> None:
    """The open deadline of the resolution; its holder follows the post."""
    deadlines.settle(context, resolution.code, _owed(context, resolution))


def draft_limit(context: Context, resolution: Resolution) -> Limit:
    """T-20a: from the meeting's end, anew from a return."""
    days = context.world.company.parameters.timers_resolution_wd
    return deadlines.limit_workdays(context, days, since=resolution.since)


def signature_limit(context: Context, resolution: Resolution) -> Limit:
    """T-20b: from the submission."""
    days = context.world.company.parameters.timers_signature_wd
    return deadlines.limit_workdays(context, days, since=resolution.since)


def _owed(context: Context, resolution: Resolution) -> Iterator[Obligation]:
    match resolution.state:
        case ResolutionState.DRAFTING:
            holder = meeting_owed.liaison(context, resolution.lead)
            yield _one(context, resolution, "draft", draft_limit(context, resolution), holder)
        case ResolutionState.PENDING_SIGNATURE:
            holder = context.world.posts.leader_post()
            yield _one(context, resolution, "signature", signature_limit(context, resolution), holder)
        case ResolutionState.SIGNED:
            return


def _one(context: Context, resolution: Resolution, detail: str, limit: Limit, holder: PersonId | None) -> Obligation:
    item = context.uow.items.get(resolution.item)
    is_leaders = detail == "signature"
    return deadlines.owed(
        context,
        resolution.code,
        ObligationKind.RESOLUTION,
        meeting_owed.standing(context, resolution.code, ObligationKind.RESOLUTION, limit),
        title=resolution.title,
        holder=holder,
        department=context.world.posts.department_of(holder) if is_leaders and holder is not None else resolution.lead,
        item=resolution.item,
        secrecy=resolution.secrecy,
        access=resolution.access,
        detail=detail,
        lead=resolution.lead,
        coop=item.coop if item is not None else (),
    )
