"""How a meeting looks on a card: the invitation, the host's card, the leader's consent (ux.md A6.4; domain.md 3.9)."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.confidentiality import Secrecy
from bot.domain.directory import Person
from bot.domain.meeting import MACHINE, Answer, Meeting, MeetingState
from bot.messages import ButtonStyle, CardColour, inert
from bot.routing import Context, Shown
from handlers.cards.matter import Choice, matter_card
from handlers.meetings import meeting_notices, meeting_running
from handlers.words import Words, words_for

_COLOURS = {
    MeetingState.SCHEDULED: CardColour.WAITING,
    MeetingState.IN_SESSION: CardColour.SOON,
    MeetingState.ENDED: CardColour.WAITING,
    MeetingState.CLOSED: CardColour.DONE,
    MeetingState.CANCELLED: CardColour.CLOSED,
    MeetingState.SKIPPED: CardColour.CLOSED,
    MeetingState.MISSED: CardColour.OVERDUE,
}
_INVITE = (
    Choice(verb="meeting_join", label="meeting_button_join", style=ButtonStyle.PRIMARY),
    Choice(verb="meeting_decline", label="meeting_button_decline"),
    Choice(verb="meeting_maybe", label="meeting_button_maybe"),
)
_CONSENT = (
    Choice(verb="approve", label="meeting_button_consent", style=ButtonStyle.PRIMARY),
    Choice(verb="reject", label="meeting_button_keep", style=ButtonStyle.DANGER, wants_reason=True),
)


def make(context: Context, code: str, purpose: str, reader: Person | None) -> Shown | None:
    """The card of a meeting as it is now; None for people and groups that may not know of it."""
    meeting = context.uow.meetings.get(code)
    if meeting is None or not _may_see(context, meeting, reader):
        return None
    words = words_for(context, reader)
    card = matter_card(
        words,
        kind=words.say("meeting_word"),
        code=meeting.code,
        title=meeting.title,
        state=words.say(MACHINE.state_key(meeting.state)),
        colour=_COLOURS[meeting.state],
        rows=rows(words, meeting),
        body=words.say("meeting_run_body") if purpose == "run" and meeting.state is MeetingState.SCHEDULED else "",
        choices=_choices(meeting, purpose),
        secrecy=meeting.secrecy,
        footer=meeting.code,
        reads_with=words.say("meeting_reads_with"),
    )
    return Shown(card, revision=meeting.version)


def _may_see(context: Context, meeting: Meeting, reader: Person | None) -> bool:
    if meeting.secrecy < Secrecy.CONFIDENTIAL:
        return True
    leader = context.world.posts.leader_post()
    return reader is not None and (meeting_notices.may_be_told(meeting, reader.id) or reader.id == leader)


def _choices(meeting: Meeting, purpose: str) -> tuple[Choice, ...]:
    match purpose, meeting.state:
        case "invite", MeetingState.SCHEDULED:
            return _INVITE
        case "run", MeetingState.SCHEDULED:
            return (Choice(verb="meeting_start", label="meeting_button_start", style=ButtonStyle.PRIMARY),)
        case "run", MeetingState.IN_SESSION:
            return (Choice(verb="meeting_end", label="meeting_button_end", style=ButtonStyle.PRIMARY),)
        case "consent", MeetingState.SCHEDULED | MeetingState.MISSED if meeting.cancel_asked_by is not None:
            return _CONSENT
        case _:
            return ()


def rows(words: Words, meeting: Meeting) -> list[tuple[str, str]]:
    """At most six: when, where, who leads, who comes, what about, what is missing or owed."""
    found = [
        (words.say("meeting_row_time"), _time(words, meeting)),
        (words.say("meeting_row_place"), meeting.place),
        (words.say("meeting_row_host"), words.name(meeting.host)),
        (words.say("meeting_row_people"), _people(words, meeting)),
        (words.say("meeting_row_agenda"), words.listing(meeting.agenda)),
        (words.say("meeting_row_report"), _report(words, meeting)),
        (words.say("meeting_row_record"), _record(words, meeting)),
        (words.say("meeting_row_reason"), inert(meeting.reason, limit=100)),
    ]
    return [(key, value) for key, value in found if value]


def _time(words: Words, meeting: Meeting) -> str:
    if meeting.started_at is not None and meeting.ended_at is not None:
        start, end = words.stretch(meeting.started_at, meeting.ended_at)
        length = meeting.duration or timedelta(0)
        marks = [words.say("meeting_mark_overrun")] if meeting.is_overrun else []
        if meeting.is_assumed:
            marks.append(words.say("meeting_mark_assumed"))
        return words.say("meeting_held_time", start=start, end=end, length=words.span(length), marks="".join(marks))
    start, end = words.stretch(meeting.start_at, meeting.planned_end_at)
    return words.say("meeting_planned_time", start=start, end=end)


def _people(words: Words, meeting: Meeting) -> str:
    asked = len(meeting.attendance)
    if meeting.ended_at is not None:
        return words.say("meeting_people_came", came=meeting_running.present(meeting), asked=asked)
    coming = sum(1 for line in meeting.attendance if line.answer == Answer.YES.value or line.by is not None)
    return words.say("meeting_people_coming", coming=coming, asked=asked)


def _report(words: Words, meeting: Meeting) -> str:
    if meeting.report_due_at is None:
        return ""
    if meeting.report_at is not None:
        return words.say("meeting_report_out", time=words.time(meeting.report_at))
    return words.say("meeting_report_not_out")


def _record(words: Words, meeting: Meeting) -> str:
    if meeting.record_due_at is None or meeting.state is not MeetingState.ENDED:
        return meeting.record
    return words.say("meeting_record_due", record=meeting.record, due=words.due(meeting.record_due_at))
