"""Holding a meeting: started, ended, moved, called off (domain.md 3.9; P-40; EC-60)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import meeting_attendance, meeting_course
from bot.domain.action import Action
from bot.domain.confidentiality import Secrecy
from bot.domain.delegation import Scope
from bot.domain.ids import Code, PersonId
from bot.domain.meeting import MACHINE, Meeting, MeetingAct, MeetingKind, MeetingState, Presence
from bot.domain.permissions import Grant
from bot.errors import RuleViolation
from bot.routing import Context
from handlers import deeds, effects, matter_cards, matter_notices
from handlers.access import allows, require
from handlers.calls import Call
from handlers.conversation.misread import misread
from handlers.deeds import Deed, Done
from handlers.meetings import meeting_notices, meeting_owed, meeting_records, meeting_scheduling, meeting_store
from handlers.possible import require_possible

#: a meeting of the present day is looked for where no number was written
_NEAR = timedelta(hours=14)


# ---------------------------------------------------------------- which meeting


def now_hosted(call: Call) -> Code:
    """`会议 开始`, `会议 结束` without a number: the one meeting that this person may run now. Raises `meeting_which`."""
    context = call.context
    is_start = call.command.verb == "meeting_start"
    state = MeetingState.SCHEDULED if is_start else MeetingState.IN_SESSION
    start, end = context.now - _NEAR, context.now + meeting_course.EARLIEST_START
    found = [
        m
        for m in context.uow.meetings.between("at", start, end, state=state.value)
        if allows(context, Action.RUN_MEETING, meeting_store.relation_of(m))
    ]
    own = [m for m in found if m.host == call.person.id] or found
    if len(own) != 1:
        codes = call.words.listing(m.code for m in own if m.secrecy < Secrecy.CONFIDENTIAL) or "—"
        raise RuleViolation("meeting_which", {"codes": codes})
    return own[0].code


def may_run(deed: Deed, meeting: Meeting, act: MeetingAct) -> Grant:
    """The right of host and secretary, and the table's yes. Raises RuleViolation."""
    grant = require(deed.context, Action.RUN_MEETING, meeting_store.relation_of(meeting))
    require_possible(deed, meeting, MACHINE, act)
    return grant


def _said_time(deed: Deed) -> datetime:
    """The instant that was written, `15:55` or `周五 15:55`; now where none was. A time of today already past stays today."""
    moments = [m for m in deed.moments if m.has_time]
    if not moments:
        return deed.context.now
    at = moments[-1].at
    earlier = at - timedelta(days=1)
    is_bare = deed.command is not None and at > deed.context.now and earlier > deed.context.now - timedelta(days=1)
    calendars = deed.context.world.calendars
    today = calendars.local(deed.context.now).date()
    # `15:55` said at 16:05 reads as tomorrow's; a meeting that ran ended today
    if is_bare and calendars.local(earlier).date() == today:
        return earlier
    return at


# ---------------------------------------------------------------- start and end


def on_start(deed: Deed, meeting: Meeting) -> Done:
    """The meeting begins; people on leave are represented or excused."""
    context = deed.context
    grant = may_run(deed, meeting, MeetingAct.START)
    begun = meeting_course.start(meeting, at=_said_time(deed), now=context.now)
    begun = meeting_attendance.on_leave(begun, _away(context, meeting))
    kept = meeting_store.save(context, meeting, begun, "started", grant=grant, verb=deed.verb)
    meeting_notices.show_run(context, kept, deed.person)
    lines = [
        deed.words.say(
            "meeting_started",
            what=matter_notices.what(kept),
            code=kept.code,
            start=deed.words.time(kept.started_at or context.now),
        )
    ]
    if kept.lacks_report:
        lines.append(deed.words.say("meeting_report_missing"))
    return Done("\n".join(lines))


def _away(context: Context, meeting: Meeting) -> dict[PersonId, PersonId | None]:
    """People on leave, each with the delegate who comes instead."""
    posts = context.world.posts
    away: dict[PersonId, PersonId | None] = {}
    for line in meeting.attendance:
        if posts.is_away(line.person):
            acting = meeting_store.acting(context, line.person)
            named = next(iter(posts.delegates_of(line.person, Scope.LIAISON)), None)
            away[line.person] = named or (acting if acting != line.person else None)
    return away


def on_end(deed: Deed, meeting: Meeting) -> Done:
    """The meeting is over: how long it took, and what is owed now (R-54, R-59, R-62)."""
    grant = may_run(deed, meeting, MeetingAct.END)
    ended = meeting_course.end(meeting, at=_said_time(deed), now=deed.context.now)
    kept = finish(deed.context, meeting, ended, act="ended", grant=grant, verb=deed.verb)
    return Done(ended_text(deed, kept))


def finish(
    context: Context, before: Meeting, ended: Meeting, *, act: str, grant: Grant | None = None, verb: str = ""
) -> Meeting:
    """Keep an ended meeting with the draft of its record; the limit runs from the actual end (3.9)."""
    limit = meeting_owed.record_limit(context, ended)
    record = meeting_records.begin(context, ended, limit)
    ended = replace(ended, record=record, record_due_at=limit.due_at)
    return meeting_store.save(context, before, ended, act, grant=grant, verb=verb)


def ended_text(deed: Deed, meeting: Meeting) -> str:
    """Duration, overrun, the record that is due."""
    words = deed.words
    length = meeting.duration or timedelta(0)
    lines = [words.say("meeting_ended", what=matter_notices.what(meeting), minutes=_minutes(length))]
    if meeting.is_overrun:
        lines.append(words.say("meeting_overrun", limit=meeting.limit_minutes))
    if meeting.record_due_at is not None:
        record = meeting.record or meeting.code
        lines.append(
            words.say(
                f"meeting_owes_{meeting.kind.value}",
                record=record,
                subject=meeting.subject or record,
                due=words.due(meeting.record_due_at),
            )
        )
    is_about_issue = meeting.kind in {MeetingKind.COORDINATION, MeetingKind.SPECIAL} and bool(meeting.subject)
    if is_about_issue and deed.person.id == deed.context.world.posts.secretary():
        lines.append(words.say("meeting_owes_solution", code=meeting.subject))
    return "\n".join(lines)


def _minutes(length: timedelta) -> int:
    return -(-int(length.total_seconds()) // 60)


# ---------------------------------------------------------------- moving and calling off


def on_move(deed: Deed, meeting: Meeting) -> Done:
    """Another time; everybody is told, and answers anew (3.9)."""
    context, words = deed.context, deed.words
    grant = may_run(deed, meeting, MeetingAct.RESCHEDULE)
    timed = [m for m in deed.moments if m.has_time]
    if deed.command is not None and deed.command.impossible:
        raise misread(words, "time", deed.command.impossible[0], verb="meeting_move")
    if not timed:
        raise RuleViolation("meeting_needs_time", {"example": words.say("example_meeting_move")})
    start = timed[0].at
    end = timed[1].at if len(timed) > 1 else start + (meeting.planned_end_at - meeting.start_at)
    reason = deed.given("原因")
    moved = meeting_course.reschedule(meeting, start_at=start, end_at=end, reason=reason, now=context.now)
    moved = meeting_scheduling.retimed_report(context, moved)
    kept = meeting_store.save(context, meeting, moved, "moved", grant=grant, verb=deed.verb, reason=reason)
    meeting_notices.tell(
        context, kept, "meeting_moved_told", name=f"moved:{kept.moves}", besides=deed.person.id, at_once=True
    )
    lines = [words.say("meeting_moved", code=kept.code, start=words.time(kept.start_at))]
    if kept.is_moved_often:
        lines.append(words.say("meeting_moved_often", count=kept.moves))
        _tell_secretary_of_moves(context, kept, deed.person.id)
    return Done("\n".join(lines))


def _tell_secretary_of_moves(context: Context, meeting: Meeting, by: PersonId) -> None:
    secretary = effects.secretary(context)
    if secretary is not None and secretary.id != by and meeting_notices.may_be_told(meeting, secretary.id):
        meeting_notices.tell_one(context, meeting, secretary, "meeting_moved_often_told", name=f"moves:{meeting.moves}")


def on_cancel(deed: Deed, meeting: Meeting) -> Done:
    """Called off with a reason; a weekly meeting only with the leader's consent (3.9)."""
    context, words = deed.context, deed.words
    is_leader = meeting.kind is MeetingKind.WEEKLY and _is_leader(context)
    grant = (
        require(context, Action.SCHEDULE_WEEKLY, meeting_store.relation_of(meeting))
        if is_leader
        else may_run(deed, meeting, MeetingAct.CANCEL)
    )
    reason = deed.reason()
    if meeting.kind is MeetingKind.WEEKLY and not is_leader:
        asked = meeting_course.ask_to_cancel(meeting, by=deed.person.id, reason=reason)
        kept = meeting_store.save(context, meeting, asked, "cancel_asked", grant=grant, verb=deed.verb, reason=reason)
        leader = effects.leader(context)
        if leader is not None:
            matter_cards.show_to(context, leader, kept.code, "consent", at_once=True)
        return Done(words.say("meeting_cancel_asked", code=kept.code))
    return _cancelled(deed, meeting, reason=reason, grant=grant)


def _is_leader(context: Context) -> bool:
    """May this person consent? The leader, or who acts in the leader's place."""
    leader = effects.leader(context)
    return context.person is not None and leader is not None and context.person.id == leader.id


def _cancelled(deed: Deed, meeting: Meeting, *, reason: str, grant: Grant) -> Done:
    gone = meeting_course.cancel(meeting, reason=reason, has_consent=True)
    kept = meeting_store.save(deed.context, meeting, gone, "cancelled", grant=grant, verb=deed.verb, reason=reason)
    meeting_notices.tell(
        deed.context, kept, "meeting_cancelled_told", name="cancelled", besides=deed.person.id, at_once=True
    )
    return Done(deed.words.say("meeting_cancelled", code=kept.code))


def on_consent(deed: Deed, meeting: Meeting) -> Done:
    """The leader agrees that a weekly meeting falls out."""
    grant = _consent_right(deed, meeting)
    return _cancelled(deed, meeting, reason=meeting.reason, grant=grant)


def on_refuse(deed: Deed, meeting: Meeting) -> Done:
    """The leader does not agree: the weekly meeting stays."""
    context = deed.context
    grant = _consent_right(deed, meeting)
    asked_by = meeting.cancel_asked_by
    reason = deed.reason()
    kept = meeting_store.save(
        context, meeting, meeting_course.keep(meeting), "kept", grant=grant, verb=deed.verb, reason=reason
    )
    asker = context.world.directory.person(asked_by) if asked_by is not None else None
    if asker is not None:
        meeting_notices.tell_one(context, kept, asker, "meeting_kept_told", name=f"kept:{kept.version}")
    return Done(deed.words.say("meeting_kept", code=kept.code))


def _consent_right(deed: Deed, meeting: Meeting) -> Grant:
    grant = require(deed.context, Action.SCHEDULE_WEEKLY, meeting_store.relation_of(meeting))
    if not _is_leader(deed.context):
        raise RuleViolation("no_right")
    if meeting.cancel_asked_by is None or not MACHINE.allows(meeting.state, MeetingAct.CANCEL):
        raise deeds.too_late(deed.context, meeting.code, deed.verb, state=MACHINE.state_key(meeting.state))
    return grant


def present(meeting: Meeting) -> int:
    """How many came, or are represented."""
    return sum(1 for line in meeting.attendance if line.presence in {Presence.PRESENT, Presence.DELEGATE})
