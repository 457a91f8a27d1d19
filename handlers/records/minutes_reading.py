"""A record as it is read: its text, its versions, whom it reached, and what was objected to (domain.md 3.10; R-56, P-56)."""

from __future__ import annotations

from bot.domain.action import Action
from bot.domain.form import Form, text_of
from bot.domain.minutes import MACHINE, Minutes
from bot.domain.minutes_form import MINUTES_FORM
from bot.domain.sync_form import SYNC_FORM
from bot.errors import RuleViolation
from bot.messages import inert
from handlers.access import allows
from handlers.deeds import Deed
from handlers.forms import form_filling
from handlers.possible import require_privacy
from handlers.records import minutes_draft, minutes_objections, minutes_publishing, minutes_store, receipts

#: objections and answers that are shown with a record
_MOST = 5


def read_out(deed: Deed, minutes: Minutes) -> str:
    """The text of the record, its versions and objections. Raises `not_found_or_no_right`, `confidential_refused`."""
    context, words = deed.context, deed.words
    _require_reader(deed, minutes)
    content = minutes_draft.content_of(context, minutes)
    lines = [
        words.say(
            "minutes_head",
            code=minutes.code,
            title=inert(minutes.title or text_of(content, "title"), limit=60),
            state=words.say(MACHINE.state_key(minutes.state)),
            number=len(minutes.editions) or "—",
        ),
        form_filling.shown(words, form_of(minutes), content),
    ]
    lines.extend(
        words.say("minutes_edition", number=e.number, time=words.time(e.published_at), note=inert(e.note, limit=100))
        for e in minutes.editions
        if e.note
    )
    lines.append(receipts.line(context, words, minutes))
    lines.extend(minutes_objections.lines(words, minutes)[:_MOST])
    return "\n".join(line for line in lines if line)


def form_of(minutes: Minutes) -> Form:
    """F4, or F11 for a liaison sync."""
    return SYNC_FORM if minutes_store.is_sync(minutes) else MINUTES_FORM


def _require_reader(deed: Deed, minutes: Minutes) -> None:
    """A draft is read by those who write it; a published record by those to whom it went and who see the weekly report (P-56)."""
    context = deed.context
    relation = minutes_store.relation_of(context, minutes)
    writes = Action.SUBMIT_SYNC_RECORD if minutes_store.is_sync(minutes) else Action.PUBLISH_MINUTES
    meeting = context.uow.meetings.get(minutes.meeting)
    require_privacy(deed, minutes)
    if allows(context, writes, relation):
        return
    is_reader = meeting is not None and minutes_publishing.may_read(context, minutes, meeting, deed.person.id)
    is_open = not minutes.secrecy and allows(context, Action.SEE_WEEKLY_REPORT, relation)
    if minutes_draft.is_draft(minutes) or not (is_reader or is_open):
        raise RuleViolation("not_found_or_no_right")
