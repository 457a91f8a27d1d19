"""The course of a meeting: moved, cancelled, started, ended, recorded (domain.md 3.9; EC-60). Pure; the table is in `meeting`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.form import Content
from bot.domain.ids import PersonId
from bot.domain.meeting import MACHINE, Meeting, MeetingAct, MeetingKind, MeetingState
from bot.domain.meeting_attendance import settled
from bot.errors import RuleViolation

#: nothing is longer (3.9, EC-60)
LONGEST = timedelta(hours=12)
#: a meeting may begin so long before its time
EARLIEST_START = timedelta(hours=2)
#: how long after its planned end the host is asked for the end
ASK_FOR_END_AFTER = timedelta(hours=2)


def check_times(start_at: datetime, end_at: datetime, *, now: datetime) -> None:
    """Raises RuleViolation `meeting_in_past`, `meeting_end_before_start`, `meeting_too_long` for times that cannot be planned."""
    if start_at <= now:
        raise RuleViolation("meeting_in_past")
    if end_at <= start_at:
        raise RuleViolation("meeting_end_before_start")
    if end_at - start_at > LONGEST:
        raise RuleViolation("meeting_too_long")


def reschedule(meeting: Meeting, *, start_at: datetime, end_at: datetime, reason: str, now: datetime) -> Meeting:
    """Another time; the answers are asked for anew. Raises RuleViolation as `check_times`, `stale_card`."""
    state = MACHINE.after(meeting.state, MeetingAct.RESCHEDULE, MeetingState.SCHEDULED)
    check_times(start_at, end_at, now=now)
    return replace(
        meeting,
        state=state,
        start_at=start_at,
        planned_end_at=end_at,
        moves=meeting.moves + 1,
        reason=reason,
        cancel_asked_by=None,
        attendance=tuple(replace(a, answer="", presence=None) for a in meeting.attendance),
    )


def ask_to_cancel(meeting: Meeting, *, by: PersonId, reason: str) -> Meeting:
    """The secretary wants to cancel a weekly meeting; the leader has to consent (3.9)."""
    MACHINE.require(meeting.state, MeetingAct.CANCEL)
    if meeting.kind is not MeetingKind.WEEKLY:
        raise ValueError("only a weekly meeting waits for consent")
    return replace(meeting, cancel_asked_by=by, reason=reason)


def keep(meeting: Meeting) -> Meeting:
    """The leader does not consent: the meeting stays. Raises RuleViolation `stale_card` where nobody asked."""
    if meeting.cancel_asked_by is None:
        raise RuleViolation("stale_card", {"state": MACHINE.state_key(meeting.state)})
    MACHINE.require(meeting.state, MeetingAct.CANCEL)
    return replace(meeting, cancel_asked_by=None, reason="")


def cancel(meeting: Meeting, *, reason: str, has_consent: bool) -> Meeting:
    """Called off. Raises RuleViolation `meeting_needs_consent` for a weekly meeting without the leader's yes."""
    state = MACHINE.after(meeting.state, MeetingAct.CANCEL, MeetingState.CANCELLED)
    if meeting.kind is MeetingKind.WEEKLY and not has_consent:
        raise RuleViolation("meeting_needs_consent")
    return replace(meeting, state=state, reason=reason, cancel_asked_by=None)


def shift(meeting: Meeting, *, start_at: datetime, end_at: datetime) -> Meeting:
    """A weekly date follows the calendar; that is nobody's move (5.7, L-17)."""
    state = MACHINE.after(meeting.state, MeetingAct.SHIFT, MeetingState.SCHEDULED)
    return replace(meeting, state=state, start_at=start_at, planned_end_at=end_at)


def skip(meeting: Meeting) -> Meeting:
    """免开: the week has no working day (5.7)."""
    return replace(meeting, state=MACHINE.after(meeting.state, MeetingAct.SKIP, MeetingState.SKIPPED))


def start(meeting: Meeting, *, at: datetime, now: datetime) -> Meeting:
    """It begins at `at`. Raises RuleViolation `meeting_time_ahead` for a time to come, `meeting_too_early`, `stale_card`."""
    state = MACHINE.after(meeting.state, MeetingAct.START, MeetingState.IN_SESSION)
    if at > now:
        raise RuleViolation("meeting_time_ahead")
    if at < meeting.start_at - EARLIEST_START:
        raise RuleViolation("meeting_too_early", {"hours": int(EARLIEST_START.total_seconds() // 3600)})
    return replace(meeting, state=state, started_at=at, cancel_asked_by=None)


def end(meeting: Meeting, *, at: datetime, now: datetime) -> Meeting:
    """It is over; too long ones are marked (R-54, R-59).

    Raises RuleViolation `meeting_end_before_start`, `meeting_too_long`, `meeting_time_ahead` (EC-60), `stale_card`.
    """
    state = MACHINE.after(meeting.state, MeetingAct.END, MeetingState.ENDED)
    return _ended(meeting, state, at=at, now=now)


def _ended(meeting: Meeting, state: MeetingState, *, at: datetime, now: datetime) -> Meeting:
    started = meeting.started_at or meeting.start_at
    if at < started:
        raise RuleViolation("meeting_end_before_start")
    if at > now:
        raise RuleViolation("meeting_time_ahead")
    if at - started > LONGEST:
        raise RuleViolation("meeting_too_long")
    return replace(
        meeting,
        state=state,
        ended_at=at,
        is_overrun=is_over(meeting, at - started),
        attendance=settled(meeting.attendance),
    )


def assume_end(meeting: Meeting, *, now: datetime) -> Meeting:
    """Nobody ended it that day: the planned end is put in and marked 系统补记 (3.9)."""
    state = MACHINE.after(meeting.state, MeetingAct.ASSUME_END, MeetingState.ENDED)
    started = meeting.started_at or meeting.start_at
    at = meeting.planned_end_at if meeting.planned_end_at > started else started
    return replace(_ended(meeting, state, at=at, now=now), is_assumed=True)


def is_over(meeting: Meeting, length: timedelta) -> bool:
    """Is that longer than the kind allows? Exactly the limit is not."""
    return meeting.limit_minutes > 0 and length > timedelta(minutes=meeting.limit_minutes)


def miss(meeting: Meeting) -> Meeting:
    """未召开: nobody started it (3.9, L-17)."""
    return replace(meeting, state=MACHINE.after(meeting.state, MeetingAct.MISS, MeetingState.MISSED))


def distribute_report(meeting: Meeting, *, content: Content, by: PersonId, now: datetime) -> Meeting:
    """The progress report goes out before the meeting (R-67). Raises RuleViolation `meeting_no_report` for other kinds."""
    if meeting.kind is not MeetingKind.MILESTONE:
        raise RuleViolation("meeting_no_report")
    state = MACHINE.after(meeting.state, MeetingAct.REPORT, MeetingState.SCHEDULED)
    return replace(meeting, state=state, report_content=content, report_at=meeting.report_at or now, report_by=by)


def close(meeting: Meeting, *, record: str) -> Meeting:
    """The record is published, signed or given: nothing is owed any more."""
    state = MACHINE.after(meeting.state, MeetingAct.CLOSE, MeetingState.CLOSED)
    return replace(meeting, state=state, record=record)
