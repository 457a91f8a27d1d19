"""Minutes JY and liaison sync records GT (domain.md 3.10): the commands of both, drafts, versions, objections."""

from __future__ import annotations

from bot.domain import minutes as rules
from bot.domain.action import Action
from bot.domain.confidentiality import may_read
from bot.domain.form import Content
from bot.domain.happened import RequestChanged
from bot.domain.ids import CodeKind
from bot.domain.meeting import Meeting
from bot.domain.minutes import MACHINE, Minutes, MinutesAct
from bot.domain.minutes_form import MINUTES_FORM
from bot.domain.permissions import Grant
from bot.domain.request import RequestState
from bot.errors import RuleViolation
from bot.routing import Context
from handlers import deeds, refusing
from handlers.access import actor, allows, require
from handlers.deeds import Deed, Done, Kind
from handlers.forms import form_filling, form_offers
from handlers.forms.form_filling import Filling, Needed
from handlers.meetings import meeting_store
from handlers.possible import require_possible
from handlers.records import (
    minutes_draft,
    minutes_objections,
    minutes_publishing,
    minutes_reading,
    minutes_store,
    sync_records,
)
from handlers.tables import Tables


def register(tables: Tables) -> None:
    """Put commands, deeds, timers and cards on the tables."""
    for kind in (CodeKind.MINUTES, CodeKind.SYNC_RECORD):
        tables.deeds.kind(
            Kind(
                kind=kind,
                get=lambda context, code: context.uow.minutes.get(code),
                state=lambda minutes: MACHINE.state_key(minutes.state),
            )
        )
        tables.deeds.on("minutes", kind, on_minutes)
        tables.deeds.on("minutes_correct", kind, on_correct)
        tables.deeds.on("minutes_object", kind, minutes_objections.on_object)
        tables.deeds.on("minutes_answer", kind, minutes_objections.on_answer)
    tables.deeds.on("minutes", CodeKind.MEETING, on_minutes_of_meeting)
    tables.deeds.on("minutes_publish", CodeKind.MINUTES, on_publish)
    tables.deeds.on("minutes_publish", CodeKind.MEETING, on_publish_of_meeting)
    tables.forms.on(
        MINUTES_FORM, load=minutes_draft.load, save=save, needs=needs, is_stored=True, submit="minutes_publish"
    )
    tables.router.when(RequestChanged, on_request)
    sync_records.register(tables)


def on_request(context: Context, event: RequestChanged) -> None:
    """The opinion is recorded: the assessment meeting has its record (3.9)."""
    before, after = event.before, event.after
    has_left = before is not None and before.state is RequestState.ASSESSING is not after.state
    if has_left and after.meeting is not None and after.assessed_at is not None:
        meeting_store.recorded(context, after.meeting, after.code)


# ---------------------------------------------------------------- writing and reading


def record_of(context: Context, meeting: Meeting) -> Minutes:
    """The minutes of a meeting. Raises RuleViolation `minutes_not_yet`, `minutes_none` for kinds without."""
    require_known(context, meeting)
    found = context.uow.minutes.get(meeting.record) if meeting.record else None
    if found is None:
        if meeting.ended_at is None:
            raise RuleViolation("minutes_not_yet", {"code": meeting.code})
        raise RuleViolation("minutes_none", {"code": meeting.code})
    return found


def require_known(context: Context, meeting: Meeting) -> None:
    """Whoever may not know of a confidential meeting reads that there is none."""
    who = actor(context)
    if who is None or (meeting.secrecy and not may_read(who, meeting_store.relation_of(meeting))):
        raise RuleViolation("not_found_or_no_right")


def on_minutes_of_meeting(deed: Deed, meeting: Meeting) -> Done:
    """`/纪要 HY-…` is about the record of that meeting."""
    return on_minutes(deed, record_of(deed.context, meeting))


def on_minutes(deed: Deed, minutes: Minutes) -> Done:
    """With lines: go on with the draft; without: read it."""
    if not deed.fields:
        text = minutes_reading.read_out(deed, minutes)
        return Done("" if _is_asked(deed, minutes, text.split("\n", 1)[0]) else text, is_private=True)
    if minutes_store.is_sync(minutes):
        return sync_records.on_record(deed, minutes)
    grant = _right(deed.context, minutes)
    return Done(_write(deed, minutes, grant), is_private=True)


def _is_asked(deed: Deed, minutes: Minutes, head: str) -> bool:
    """Whoever writes the draft gets it as a card that can be filled in, where the platform has forms."""
    if not minutes_draft.is_draft(minutes) or minutes_store.is_sync(minutes):
        return False
    relation = minutes_store.relation_of(deed.context, minutes)
    is_writer = allows(deed.context, Action.PUBLISH_MINUTES, relation)
    return is_writer and form_offers.on_card(deed, MINUTES_FORM, minutes.code, said=head)


def needs(context: Context, code: str, _: Content) -> Needed:
    """The weekly meeting wants the departments' reports (R-61)."""
    minutes = context.uow.minutes.get(code)
    return Needed(extra=minutes_publishing.extra_of(minutes) if minutes is not None else ())


def _right(context: Context, minutes: Minutes) -> Grant:
    return require(context, Action.PUBLISH_MINUTES, minutes_store.relation_of(context, minutes))


def _write(deed: Deed, minutes: Minutes, grant: Grant) -> str:
    context, words = deed.context, deed.words
    reading = form_filling.read(context, MINUTES_FORM, deed.fields, base=minutes.content)
    kept = minutes_store.save(
        context, minutes, rules.save(minutes, reading.content), "saved", grant=grant, slot=str(minutes.version)
    )
    complaint = form_filling.complaint(words, reading, MINUTES_FORM)
    return "\n".join(part for part in (saved_text(deed, kept), complaint) if part)


def saved_text(deed: Deed, minutes: Minutes) -> str:
    """What was kept, and what publishing would still refuse."""
    words = deed.words
    due_at = minutes_store.due_at(deed.context, minutes)
    lines = [
        words.say("minutes_saved", code=minutes.code, due=words.due(due_at) if due_at is not None else "—"),
    ]
    content = minutes_draft.content_of(deed.context, minutes)
    try:
        minutes_publishing.check(deed.context, words, minutes, content)
        lines.append(words.say("minutes_ready", example=f"{words.say('minutes_publish_with')} {minutes.code}"))
    except RuleViolation as refusal:
        lines.append(refusing.sentence(words, refusal))
    return "\n".join(lines)


def save(filling: Filling) -> str:
    """The guided dialogue writes into the same draft."""
    context, words = filling.context, filling.words
    minutes = context.uow.minutes.get(filling.code)
    if minutes is None:
        raise RuleViolation("not_found_or_no_right")
    grant = _right(context, minutes)
    own = {key: value for key, value in filling.reading.content.items() if key in filling.reading.understood}
    kept = minutes_store.save(context, minutes, rules.save(minutes, {**minutes.content, **own}), "saved", grant=grant)
    due_at = minutes_store.due_at(context, kept)
    return words.say("minutes_saved", code=kept.code, due=words.due(due_at) if due_at is not None else "—")


# ---------------------------------------------------------------- publishing


def on_publish_of_meeting(deed: Deed, meeting: Meeting) -> Done:
    """`/纪要 发布 HY-…` is about the record of that meeting."""
    return on_publish(deed, record_of(deed.context, meeting))


def on_publish(deed: Deed, minutes: Minutes) -> Done:
    """P-41; refused while a row lacks solution, person or date (R-63). Lines given with it are kept whatever happens."""
    context = deed.context
    grant = _right(context, minutes)
    require_possible(deed, minutes, MACHINE, MinutesAct.PUBLISH, verb="minutes_publish")
    if not deed.fields:
        return Done(_publish(deed, minutes, grant))
    said = _write(deed, minutes, grant)
    written = context.uow.minutes.get(minutes.code) or minutes
    try:
        with context.uow.savepoint():
            return Done(_publish(deed, written, grant))
    except RuleViolation as refusal:
        deeds.keep_record(context, minutes.code, deed.verb, refusal)
        return Done(said, is_private=True)


def _publish(deed: Deed, minutes: Minutes, grant: Grant) -> str:
    context, words = deed.context, deed.words
    kept = minutes_publishing.publish(
        context, minutes, person=deed.person, words=words, grant=grant, verb="minutes_publish"
    )
    meeting = context.uow.meetings.get(kept.meeting)
    readers = minutes_publishing.readers(context, kept, meeting) if meeting is not None else ()
    count = sum(1 for person in readers if person != deed.person.id)
    what = minutes_publishing.named(words, kept)
    lines = [words.say("minutes_published_now" if count else "minutes_published_alone", what=what, count=count)]
    if kept.is_late and kept.due_at is not None:
        lines.append(words.say("minutes_late", due=words.time(kept.due_at)))
    if meeting is not None:
        lines.append(minutes_publishing.next_line(words, meeting))
    return "\n".join(line for line in lines if line)


def on_correct(deed: Deed, minutes: Minutes) -> Done:
    """`/纪要 更正 JY-… 说明` + lines: a further version with a visible note (SoD-10)."""
    context, words = deed.context, deed.words
    is_sync = minutes_store.is_sync(minutes)
    relation = minutes_store.relation_of(context, minutes)
    grant = require(context, Action.SUBMIT_SYNC_RECORD if is_sync else Action.PUBLISH_MINUTES, relation)
    require_possible(deed, minutes, MACHINE, MinutesAct.CORRECT)
    note = deed.reason()
    form = minutes_reading.form_of(minutes)
    reading = form_filling.read(context, form, deed.fields, base=minutes_draft.content_of(context, minutes))
    complaint = form_filling.complaint(words, reading, form)
    if complaint:
        return Done(complaint, is_private=True)
    if not reading.understood:
        raise RuleViolation("minutes_nothing_corrected", {"example": words.say("example_minutes_correct")})
    if is_sync:
        kept = sync_records.correct(deed, minutes, reading.content, note=note, grant=grant)
    else:
        kept = minutes_publishing.correct(
            context, minutes, reading.content, note=note, person=deed.person, words=words, grant=grant
        )
    return Done(words.say("minutes_corrected", code=kept.code, number=len(kept.editions)))
