"""Who comes to a meeting and who came (domain.md 3.9, R-58): answers before it, presence at its end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.domain.ids import PersonId
from bot.domain.meeting import MACHINE, Answer, Attendance, Meeting, MeetingAct, Presence
from bot.errors import RuleViolation


def answer(meeting: Meeting, person: PersonId, said: Answer, *, reason: str = "") -> Meeting:
    """An invited person comes, does not, or does not know yet. Raises RuleViolation `meeting_not_invited`, `stale_card`."""
    MACHINE.require(meeting.state, MeetingAct.ANSWER)
    line = _line(meeting, person)
    comes_again = said is not Answer.NO
    after = replace(
        line,
        answer=said.value,
        reason=reason if said is Answer.NO else "",
        by=None if comes_again else line.by,
        presence=None,
    )
    return _with(meeting, after)


def represent(meeting: Meeting, person: PersonId, by: PersonId, *, reason: str = "") -> Meeting:
    """Somebody else comes in the person's place.

    Raises RuleViolation `meeting_not_invited`, `meeting_own_delegate` for the person himself or herself, `stale_card`.
    """
    MACHINE.require(meeting.state, MeetingAct.ATTEND)
    line = _line(meeting, person)
    if by == person:
        raise RuleViolation("meeting_own_delegate")
    return _with(meeting, replace(line, by=by, presence=Presence.DELEGATE, answer=Answer.NO.value, reason=reason))


def mark(meeting: Meeting, people: Iterable[PersonId], presence: Presence, *, reason: str = "") -> Meeting:
    """Host or secretary write down who came. Raises RuleViolation `meeting_not_invited`, `stale_card`."""
    MACHINE.require(meeting.state, MeetingAct.ATTEND)
    for person in people:
        line = _line(meeting, person)
        by = line.by if presence is Presence.DELEGATE else None
        meeting = _with(meeting, replace(line, presence=presence, by=by, reason=reason or line.reason))
    return meeting


def on_leave(meeting: Meeting, away: Mapping[PersonId, PersonId | None]) -> Meeting:
    """At the start: people on leave are represented by their delegate or excused, unless somebody wrote something else."""
    MACHINE.require(meeting.state, MeetingAct.ATTEND)
    for line in meeting.attendance:
        if line.presence is not None or line.person not in away:
            continue
        by = away[line.person]
        presence = Presence.DELEGATE if by is not None else Presence.EXCUSED
        meeting = _with(meeting, replace(line, presence=presence, by=by))
    return meeting


def settled(attendance: tuple[Attendance, ...]) -> tuple[Attendance, ...]:
    """At the end everybody came of whom nothing else is known; who said no is excused with a reason, else absent."""
    return tuple(replace(line, presence=_presence(line)) for line in attendance)


def _presence(line: Attendance) -> Presence:
    if line.presence is not None:
        return line.presence
    if line.by is not None:
        return Presence.DELEGATE
    if line.answer == Answer.NO.value:
        return Presence.EXCUSED if line.reason else Presence.ABSENT
    return Presence.PRESENT


def _line(meeting: Meeting, person: PersonId) -> Attendance:
    found = meeting.attendance_of(person)
    if found is None:
        raise RuleViolation("meeting_not_invited")
    return found


def _with(meeting: Meeting, line: Attendance) -> Meeting:
    lines = tuple(line if a.person == line.person else a for a in meeting.attendance)
    return replace(meeting, attendance=lines)
