"""Meetings as rows: one function saves a meeting with all that follows from it (domain.md 3.9, 5.9, 6.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.digest import Happening
from bot.domain.happened import MeetingChanged
from bot.domain.ids import PersonId
from bot.domain.meeting import MACHINE, Meeting, MeetingAct, MeetingKind, MeetingState
from bot.domain.meeting_course import ASK_FOR_END_AFTER, close
from bot.domain.meeting_kind import warn_minutes
from bot.domain.permissions import Grant
from bot.domain.records import Fact
from bot.domain.relation import Relation
from bot.domain.timers import Timer, TimerKind
from bot.domain.wall_time import instant_at
from bot.domain.weekly import never_started_at
from bot.routing import Context
from handlers import effects, matter_cards
from handlers.deadlines import deadlines
from handlers.deeds import SLOT, VERB
from handlers.meetings import meeting_owed

#: so long before its start a meeting is called to mind (3.9)
REMIND_BEFORE = timedelta(minutes=30)
TIMERS = (
    TimerKind.MEETING_NEAR,
    TimerKind.MEETING_LONG,
    TimerKind.MEETING_OPEN_END,
    TimerKind.MEETING_UNHELD,
)
_DAY = timedelta(days=1)


def relation_of(meeting: Meeting) -> Relation:
    """How a meeting stands to people and departments. Where the secretary or the leader hosts, no department does (P-40)."""
    is_departments = meeting.kind in {MeetingKind.MILESTONE, MeetingKind.SYNC}
    return Relation(
        department=meeting.host_department,
        lead=meeting.lead,
        coop=frozenset(meeting.coop),
        participants=frozenset(meeting.everybody),
        host=meeting.host,
        host_department=meeting.host_department if is_departments else None,
        owners=frozenset({meeting.created_by} if meeting.created_by is not None else ()),
        secrecy=meeting.secrecy,
        access=frozenset(meeting.access),
    )


def save(
    context: Context,
    before: Meeting | None,
    after: Meeting,
    act: str,
    *,
    grant: Grant | None = None,
    verb: str = "",
    slot: str = "",
    reason: str = "",
) -> Meeting:
    """Keep the meeting with its timers, facts, deadlines, record of what was done and cards; everybody concerned hears of it."""
    kept = context.uow.meetings.add(after) if before is None else context.uow.meetings.put(after)
    effects.record_act(
        context,
        f"meeting_{act}",
        before,
        kept,
        grant=grant,
        reason=reason,
        facts={VERB: verb, SLOT: slot} if verb else {},
    )
    effects.retime(context, kept.code, TIMERS, timers_for(context, kept))
    _keep_facts(context, kept)
    settle(context, kept)
    matter_cards.refresh(context, kept.code)
    context.announce(MeetingChanged(before, kept))
    return context.uow.meetings.get(kept.code) or kept


def settle(context: Context, meeting: Meeting) -> None:
    """The open deadlines of the meeting; a sync moves those of its week with it."""
    deadlines.settle(context, meeting.code, meeting_owed.owed_by(context, meeting))
    if meeting.kind is MeetingKind.SYNC and meeting.week:
        first = meeting_owed.anchor(context, meeting.week)
        if first is not None and first.code != meeting.code:
            deadlines.settle(context, first.code, meeting_owed.owed_by(context, first))


def recorded(context: Context, code: str, record: str) -> None:
    """The record of the meeting is published, signed or given: an ended meeting is closed. Nothing happens to others."""
    meeting = context.uow.meetings.get(code)
    if meeting is not None and MACHINE.allows(meeting.state, MeetingAct.CLOSE):
        save(context, meeting, close(meeting, record=record), "closed")


# ---------------------------------------------------------------- timers


def timers_for(context: Context, meeting: Meeting) -> Iterator[Timer]:
    """What has to be looked at again, derived from the state."""
    calendars, ref = context.world.calendars, meeting.code
    match meeting.state:
        case MeetingState.SCHEDULED:
            near = meeting.start_at - REMIND_BEFORE
            if near > context.now:
                yield Timer(kind=TimerKind.MEETING_NEAR, ref=ref, due_at=near)
            unheld = never_started_at(calendars, meeting.planned_end_at)
            yield Timer(kind=TimerKind.MEETING_UNHELD, ref=ref, due_at=unheld)
        case MeetingState.IN_SESSION:
            started = meeting.started_at or meeting.start_at
            minutes = warn_minutes(meeting.kind, context.world.company.parameters)
            warned = started + timedelta(minutes=minutes)
            if minutes and warned > context.now:
                yield Timer(kind=TimerKind.MEETING_LONG, ref=ref, due_at=warned)
            yield Timer(kind=TimerKind.MEETING_OPEN_END, ref=ref, due_at=_open_end(context, meeting))
        case (
            MeetingState.ENDED
            | MeetingState.CLOSED
            | MeetingState.CANCELLED
            | MeetingState.SKIPPED
            | MeetingState.MISSED
        ):
            return


def _open_end(context: Context, meeting: Meeting) -> datetime:
    asked = meeting.planned_end_at + ASK_FOR_END_AFTER
    return asked if asked > context.now else max(end_of_its_day(context, meeting), context.now)


def end_of_its_day(context: Context, meeting: Meeting) -> datetime:
    """Midnight after the planned end and the start, when the end is put in (3.9)."""
    calendars = context.world.calendars
    last = max(meeting.planned_end_at, meeting.started_at or meeting.start_at)
    return instant_at(calendars.local(last).date() + _DAY, 0, calendars.zone)


# ---------------------------------------------------------------- facts of the digest


def _keep_facts(context: Context, meeting: Meeting) -> None:
    """Planned at its start, held at its end; a meeting that was called off was never planned (6.1, section 六)."""
    is_off = meeting.state in {MeetingState.CANCELLED, MeetingState.SKIPPED}
    planned = f"{meeting.code}/{Happening.MEETING_PLANNED}"
    if is_off:
        context.uow.facts.remove(planned)
    else:
        _put_fact(context, meeting, planned, Happening.MEETING_PLANNED, meeting.start_at)
    if meeting.was_held and meeting.ended_at is not None:
        held = f"{meeting.code}/{Happening.MEETING_HELD}"
        _put_fact(context, meeting, held, Happening.MEETING_HELD, meeting.ended_at)


def _put_fact(context: Context, meeting: Meeting, key: str, kind: Happening, at: datetime) -> None:
    length = meeting.duration
    fact = Fact(
        key=key,
        kind=kind.value,
        code=meeting.code,
        at=at,
        title=meeting.title,
        secrecy=meeting.secrecy,
        detail={
            "kind": meeting.kind.value,
            "minutes": str(int(length.total_seconds() // 60)) if length is not None else "",
            "overrun": "1" if meeting.is_overrun else "",
        },
    )
    known = context.uow.facts.get(key)
    if known is None:
        context.uow.facts.add(fact)
    elif replace(fact, version=known.version) != known:
        context.uow.facts.put(replace(fact, version=known.version))


# ---------------------------------------------------------------- people


def acting(context: Context, person: PersonId) -> PersonId:
    """Whom a notice to a participant reaches: the one who comes instead of somebody on leave, else the person."""
    posts = context.world.posts
    department = posts.department_of(person)
    if not posts.is_away(person) or department is None:
        return person
    standing = posts.assignee(department, person)
    return standing.acting if standing is not None and standing.represented == person else person
