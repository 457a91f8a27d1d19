"""What time does to a meeting: reminder, warning of its limit, asked for its end, never held (domain.md 3.9, T-18a, L-17)."""

from __future__ import annotations

from bot.domain import meeting_course
from bot.domain.meeting import Meeting, MeetingState
from bot.domain.timers import Timer, TimerKind
from bot.domain.weekly import never_started_at
from bot.routing import Context, Router
from handlers import effects
from handlers.meetings import meeting_notices, meeting_running, meeting_store


def register(router: Router) -> None:
    """Put the four timers on the table."""
    router.timer(TimerKind.MEETING_NEAR, on_near)
    router.timer(TimerKind.MEETING_LONG, on_long)
    router.timer(TimerKind.MEETING_OPEN_END, on_open_end)
    router.timer(TimerKind.MEETING_UNHELD, on_unheld)


def _in_state(context: Context, timer: Timer, state: MeetingState) -> Meeting | None:
    meeting = context.uow.meetings.get(timer.ref)
    return meeting if meeting is not None and meeting.state is state else None


def on_near(context: Context, timer: Timer) -> None:
    """Thirty minutes before: everybody is reminded, with the agenda. A meeting of the same day may be told at once (L-09)."""
    meeting = _in_state(context, timer, MeetingState.SCHEDULED)
    if meeting is None or meeting.start_at <= context.now:
        return
    acting = meeting_store.acting(context, meeting.host) if meeting.host is not None else None
    host = context.world.directory.person(acting) if acting is not None else None
    # a host who has no card of it yet is reminded by the card with which it is started
    has_card = host is not None and meeting_notices.show_run(context, meeting, host)
    meeting_notices.tell(
        context,
        meeting,
        "meeting_near",
        name=f"near:{meeting.start_at.isoformat()}",
        besides=host.id if host is not None and has_card else None,
        at_once=True,
    )


def on_long(context: Context, timer: Timer) -> None:
    """Ten minutes before a weekly meeting or sync gets too long, host and secretary hear of it (T-18a)."""
    meeting = _in_state(context, timer, MeetingState.IN_SESSION)
    if meeting is None:
        return
    secretary = effects.secretary(context)
    told = (meeting.host, secretary.id if secretary is not None else None)
    for person in dict.fromkeys(p for p in told if p is not None):
        reader = context.world.directory.person(meeting_store.acting(context, person))
        if reader is not None:
            meeting_notices.tell_one(context, meeting, reader, "meeting_long", name="long", at_once=True)


def on_open_end(context: Context, timer: Timer) -> None:
    """Two hours after the planned end the host is asked; after the day the planned end is put in (系统补记)."""
    meeting = _in_state(context, timer, MeetingState.IN_SESSION)
    if meeting is None:
        return
    last = meeting_store.end_of_its_day(context, meeting)
    if context.now >= last:
        ended = meeting_course.assume_end(meeting, now=context.now)
        kept = meeting_running.finish(context, meeting, ended, act="end_assumed")
        _tell_host(context, kept, "meeting_end_assumed", name="assumed")
        return
    _tell_host(context, meeting, "meeting_open_end", name="open_end")
    context.uow.timers.arm(Timer(kind=TimerKind.MEETING_OPEN_END, ref=meeting.code, due_at=last))


def on_unheld(context: Context, timer: Timer) -> None:
    """Never started: 未召开. The secretary holds it later or calls it off with a reason (3.9, L-17)."""
    meeting = _in_state(context, timer, MeetingState.SCHEDULED)
    if meeting is None:
        return
    due = never_started_at(context.world.calendars, meeting.planned_end_at)
    if context.now < due:
        context.uow.timers.arm(Timer(kind=TimerKind.MEETING_UNHELD, ref=meeting.code, due_at=due))
        return
    kept = meeting_store.save(context, meeting, meeting_course.miss(meeting), "missed")
    secretary = effects.secretary(context)
    if secretary is not None and meeting_notices.may_be_told(kept, secretary.id):
        meeting_notices.tell_one(context, kept, secretary, "meeting_missed_told", name=f"missed:{kept.moves}")


def _tell_host(context: Context, meeting: Meeting, key: str, *, name: str) -> None:
    if meeting.host is None:
        return
    host = context.world.directory.person(meeting_store.acting(context, meeting.host))
    if host is not None and meeting_notices.may_be_told(meeting, host.id):
        meeting_notices.tell_one(context, meeting, host, key, name=name)
