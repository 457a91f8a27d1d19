"""Meetings HY: scheduled, held, recorded (domain.md 3.9). The commands, and what is ahead; the deeds stand beside it.

Other families call a meeting with `schedule` and close one whose record lies with them with `recorded`.
"""

from __future__ import annotations

from datetime import timedelta

from bot.domain.acceptance import AcceptanceState
from bot.domain.confidentiality import may_read
from bot.domain.form import text_of
from bot.domain.happened import AcceptanceChanged
from bot.domain.ids import CodeKind
from bot.domain.meeting import MACHINE, Meeting, MeetingState
from bot.domain.progress_statement_form import STATEMENT_FORM
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import effects
from handlers.access import actor
from handlers.calls import Call
from handlers.deeds import Kind
from handlers.forms import form_filling
from handlers.items import milestones
from handlers.lookups import find
from handlers.meetings import (
    attendance,
    meeting_cards,
    meeting_running,
    meeting_store,
    meeting_timers,
    meeting_week,
    meeting_wishes,
)
from handlers.meetings.meeting_notices import titled
from handlers.meetings.meeting_store import recorded as recorded
from handlers.meetings.meeting_week import arm as arm
from handlers.possible import require_privacy
from handlers.progress import progress_statements
from handlers.tables import Tables
from handlers.words import Words

#: so far ahead `会议` looks
AHEAD = timedelta(days=14)
MOST = 6


def register(tables: Tables) -> None:
    """Put commands, deeds, timers and cards on the tables."""
    kind = CodeKind.MEETING
    tables.deeds.kind(
        Kind(
            kind=kind,
            get=lambda context, code: context.uow.meetings.get(code),
            state=lambda meeting: MACHINE.state_key(meeting.state),
        )
    )
    tables.commands.on("meeting", on_show)
    tables.commands.on("meeting_plan", meeting_wishes.on_plan)
    for verb, deed in (
        ("meeting_start", meeting_running.on_start),
        ("meeting_end", meeting_running.on_end),
        ("meeting_move", meeting_running.on_move),
        ("meeting_cancel", meeting_running.on_cancel),
        ("approve", meeting_running.on_consent),
        ("reject", meeting_running.on_refuse),
        ("meeting_join", attendance.on_join),
        ("meeting_decline", attendance.on_decline),
        ("meeting_maybe", attendance.on_maybe),
        ("meeting_delegate", attendance.on_delegate),
        ("meeting_mark", attendance.on_mark),
        ("progress_statement", progress_statements.on_statement),
    ):
        tables.deeds.on(verb, kind, deed)
    for verb in ("meeting_start", "meeting_end"):
        tables.deeds.without_code(verb, meeting_running.now_hosted)
    tables.router.card(kind, meeting_cards.make)
    tables.router.when(AcceptanceChanged, on_acceptance)
    tables.forms.on(STATEMENT_FORM, load=progress_statements.load, save=progress_statements.save)
    for part in (meeting_timers, meeting_week, milestones, progress_statements):
        part.register(tables.router)


def on_acceptance(context: Context, event: AcceptanceChanged) -> None:
    """The result of an acceptance is the record of its meeting (F8, result part)."""
    after = event.after
    is_decided = after.state in {AcceptanceState.PASSED, AcceptanceState.RECTIFY, AcceptanceState.FAILED}
    if is_decided and after.meeting is not None:
        recorded(context, after.meeting, after.code)


# ---------------------------------------------------------------- looking


def on_show(call: Call) -> None:
    """`会议` is what lies ahead of oneself, `会议 HY-42` one meeting; longer things are read in private."""
    if call.command.codes:
        _show_one(call)
        return
    context = call.context
    mine = [m for m in _ahead(context) if _is_mine(context, m, call)]
    if not mine:
        call.answer_privately(call.words.say("meeting_none_ahead", example=call.words.say("example_meeting_plan")))
        return
    lines = [call.words.say("meeting_ahead", count=len(mine))]
    lines.extend(line_of(call.words, m) for m in mine[:MOST])
    if len(mine) > MOST:
        lines.append(call.words.say("meeting_more", count=len(mine) - MOST))
    call.answer_privately("\n".join(lines))


def _ahead(context: Context) -> list[Meeting]:
    running = context.uow.meetings.find(state=MeetingState.IN_SESSION.value)
    coming = context.uow.meetings.between("at", context.now, context.now + AHEAD, state=MeetingState.SCHEDULED.value)
    return [*running, *coming]


def _is_mine(context: Context, meeting: Meeting, call: Call) -> bool:
    own = {call.person.id} | {p for p in meeting.everybody if meeting_store.acting(context, p) == call.person.id}
    return bool(own & set(meeting.everybody))


def line_of(words: Words, meeting: Meeting) -> str:
    """One line of a list: number, when, what, where it stands."""
    return words.say(
        "meeting_line",
        code=meeting.code,
        start=words.time(meeting.start_at),
        title=titled(words, meeting.title, secrecy=meeting.secrecy),
        state=words.say(MACHINE.state_key(meeting.state)),
    )


def _show_one(call: Call) -> None:
    context = call.context
    meeting = find(context, call.command.codes[0], CodeKind.MEETING, context.uow.meetings.get)
    who = actor(context)
    if meeting is None or who is None or not _may_read(context, meeting):
        raise RuleViolation("not_found_or_no_right")
    require_privacy(call, meeting)
    text = details(call, meeting)
    call.answer_privately(effects.discreet(meeting.code, text) if meeting.secrecy else text)


def _may_read(context: Context, meeting: Meeting) -> bool:
    who = actor(context)
    relation = meeting_store.relation_of(meeting)
    return who is not None and (may_read(who, relation) or (meeting.secrecy < 2 and who.person in meeting.everybody))


def details(call: Call, meeting: Meeting) -> str:
    """Everything about one meeting, for reading in private."""
    words = call.words
    lines = [
        words.say(
            "meeting_details",
            code=meeting.code,
            title=inert(meeting.title, limit=60),
            state=words.say(MACHINE.state_key(meeting.state)),
        )
    ]
    lines.extend(words.say("card_row", name=key, value=value) for key, value in meeting_cards.rows(words, meeting))
    lines.append(words.say("meeting_people", people=_people(words, meeting)))
    if text_of(meeting.report_content, "overall"):
        lines.append(form_filling.shown(words, STATEMENT_FORM, meeting.report_content))
    return "\n".join(lines)


def _people(words: Words, meeting: Meeting) -> str:
    found: list[str] = []
    for line in meeting.attendance:
        name = words.name(line.person)
        if line.by is not None:
            found.append(words.say("meeting_person_by", name=name, by=words.name(line.by)))
        elif line.presence is not None:
            presence = words.say(f"presence_{line.presence.value}")
            found.append(words.say("meeting_person_state", name=name, state=presence))
        elif line.answer:
            found.append(words.say("meeting_person_state", name=name, state=words.say(f"meeting_said_{line.answer}")))
        else:
            found.append(name)
    return words.listing(found)
