"""Minutes and sync records as rows: one function saves a record with all that follows from it (domain.md 3.10, T-16, T-17)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.domain.happened import MinutesPublished
from bot.domain.ids import CodeKind, PersonId
from bot.domain.meeting import Meeting, MeetingKind
from bot.domain.minutes import Minutes, MinutesState
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.permissions import Grant
from bot.domain.relation import Relation
from bot.routing import Context
from handlers import effects, matter_cards
from handlers.deadlines import deadlines
from handlers.deeds import SLOT, VERB
from handlers.meetings import meeting_owed
from handlers.post_holders import liaison_post

#: working days in which a participant may object to what was published (3.10)
OBJECT_DAYS = 2


def relation_of(context: Context, minutes: Minutes) -> Relation:
    """How a record stands to people and departments."""
    meeting = context.uow.meetings.get(minutes.meeting)
    people = frozenset(meeting.everybody) if meeting is not None else frozenset[PersonId]()
    return Relation(
        department=minutes.department,
        lead=meeting.lead if meeting is not None else None,
        coop=frozenset(meeting.coop if meeting is not None else ()),
        participants=people,
        # whoever was there may read a sensitive record
        owners=people,
        secrecy=minutes.secrecy,
        access=frozenset(minutes.access),
    )


def is_sync(minutes: Minutes) -> bool:
    """Is it the record GT of a liaison sync?"""
    return matter_cards.kind_of(minutes.code) is CodeKind.SYNC_RECORD


def save(
    context: Context,
    before: Minutes | None,
    after: Minutes,
    act: str,
    *,
    meeting: Meeting | None = None,
    grant: Grant | None = None,
    verb: str = "",
    slot: str = "",
    reason: str = "",
) -> Minutes:
    """Keep the record with its limit, the record of what was done and its cards. A first version closes the meeting."""
    kept = context.uow.minutes.add(after) if before is None else context.uow.minutes.put(after)
    about = meeting or context.uow.meetings.get(kept.meeting)
    effects.record_act(
        context,
        f"minutes_{act}",
        before,
        kept,
        grant=grant,
        reason=reason,
        facts={VERB: verb, SLOT: slot} if verb else {},
    )
    settle(context, kept, about)
    matter_cards.refresh(context, kept.code)
    is_new_edition = len(kept.editions) > len(before.editions if before is not None else ())
    if is_new_edition:
        context.announce(MinutesPublished(kept, is_correction=len(kept.editions) > 1))
    return kept


def settle(context: Context, minutes: Minutes, meeting: Meeting | None = None) -> None:
    """The open deadline of the record; its holder follows the post."""
    about = meeting or context.uow.meetings.get(minutes.meeting)
    deadlines.settle(context, minutes.code, _owed(context, minutes, about))


def _owed(context: Context, minutes: Minutes, meeting: Meeting | None) -> Iterator[Obligation]:
    """The publication, from the actual end of the meeting (T-16, T-17); a seed's limit is what its file says."""
    if minutes.state is not MinutesState.DRAFTING:
        return
    holder = meeting_owed.secretary_post(context)
    department = context.world.posts.secretary_department()
    if minutes.kind is MeetingKind.SYNC and meeting is not None and meeting.host is not None:
        holder, department = _writer(context, meeting), meeting.host_department
    known = context.uow.obligations.get(Obligation.key_for(minutes.code, ObligationKind.MINUTES))
    if known is not None:
        yield replace(known, holder=holder, department=department, secrecy=minutes.secrecy, access=minutes.access)
        return
    limit = meeting_owed.record_limit(context, meeting) if meeting is not None else None
    if limit is None:
        return
    yield deadlines.owed(
        context,
        minutes.code,
        ObligationKind.MINUTES,
        limit,
        title=minutes.title,
        holder=holder,
        department=department,
        item=(meeting.item or "") if meeting is not None else "",
        secrecy=minutes.secrecy,
        access=minutes.access,
        detail=minutes.kind.value,
        lead=meeting.lead if meeting is not None else None,
        coop=meeting.coop if meeting is not None else (),
    )


def _writer(context: Context, meeting: Meeting) -> PersonId | None:
    """The host of a sync; where he or she is no liaison any more, whoever is (P-42, EC-53)."""
    posts, host = context.world.posts, meeting.host
    department = meeting.host_department or (posts.department_of(host) if host is not None else None)
    if department is None:
        return meeting_owed.secretary_post(context)
    if host in {*posts.liaisons(department), *posts.backups(department)}:
        return host
    return liaison_post(context, department) or meeting_owed.secretary_post(context)


def due_at(context: Context, minutes: Minutes) -> datetime | None:
    """The limit as it stands now: it may have followed the calendar since it was set."""
    known = context.uow.obligations.get(Obligation.key_for(minutes.code, ObligationKind.MINUTES))
    return known.due_at if known is not None else minutes.due_at
