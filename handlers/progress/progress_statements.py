"""`/进度报告 HY-…`: the project progress report goes out before a milestone meeting (domain.md 4.10; R-67, T-19)."""

from __future__ import annotations

from bot.domain import meeting_course
from bot.domain.action import Action
from bot.domain.directory import Person
from bot.domain.form import Content
from bot.domain.form_reading import missing
from bot.domain.happened import DeadlinePassed
from bot.domain.meeting import MACHINE, Meeting, MeetingAct, MeetingKind
from bot.domain.obligation import ObligationKind
from bot.domain.progress_statement_form import STATEMENT_FORM
from bot.errors import RuleViolation
from bot.routing import Context, Router
from handlers import matter_cards
from handlers.access import require
from handlers.deeds import Deed, Done
from handlers.forms import form_drafts, form_filling, form_offers, step_forms
from handlers.forms.form_filling import Filling
from handlers.meetings import meeting_notices, meeting_store
from handlers.possible import require_possible


def register(router: Router) -> None:
    """The card of the meeting shows 报告未分发 as soon as the limit has passed."""
    router.when(DeadlinePassed, on_passed)


def on_statement(deed: Deed, meeting: Meeting) -> Done:
    """Lines of F10; complete ones are distributed, of incomplete ones is said what is missing."""
    context = deed.context
    grant = require(context, Action.SUBMIT_REPORT, meeting_store.relation_of(meeting))
    if meeting.kind is not MeetingKind.MILESTONE:
        raise RuleViolation("meeting_no_report")
    require_possible(deed, meeting, MACHINE, MeetingAct.REPORT)
    base = {
        **load(context, meeting.code, deed.person),
        **form_drafts.kept(context, deed.person.id, STATEMENT_FORM, meeting.code),
    }
    reading = form_filling.read(context, STATEMENT_FORM, deed.fields, base=base)
    if not deed.fields and missing(STATEMENT_FORM, reading.content):
        return Done(form_offers.offer(deed, STATEMENT_FORM, meeting.code), is_private=True)
    lacking = step_forms.lacking(deed, STATEMENT_FORM, meeting.code, reading)
    if lacking is not None:
        return Done(lacking.text, is_private=True)
    sent = meeting_course.distribute_report(meeting, content=reading.content, by=deed.person.id, now=context.now)
    is_again = meeting.report_at is not None
    kept = meeting_store.save(context, meeting, sent, "report", grant=grant, verb="" if is_again else deed.verb)
    name = f"report:{kept.version}"
    meeting_notices.tell(context, kept, "meeting_report_told", name=name, besides=deed.person.id, at_once=True)
    return Done(deed.words.say("meeting_report_sent", code=kept.code, count=len(kept.participants)))


def load(context: Context, code: str, person: Person) -> Content:  # noqa: ARG001 - the shape of a form's loader
    """What was distributed, or nothing yet."""
    meeting = context.uow.meetings.get(code)
    return meeting.report_content if meeting is not None else {}


def save(filling: Filling) -> str:
    """The guided dialogue ends in the same distribution."""
    context, words = filling.context, filling.words
    meeting = context.uow.meetings.get(filling.code)
    if meeting is None:
        raise RuleViolation("not_found_or_no_right")
    grant = require(context, Action.SUBMIT_REPORT, meeting_store.relation_of(meeting))
    lacking = form_filling.unfinished(filling, filling.reading.content)
    if lacking:
        return lacking
    form_drafts.drop(context, filling.person.id, STATEMENT_FORM, filling.code)
    sent = meeting_course.distribute_report(
        meeting, content=filling.reading.content, by=filling.person.id, now=context.now
    )
    kept = meeting_store.save(context, meeting, sent, "report", grant=grant)
    name = f"report:{kept.version}"
    meeting_notices.tell(context, kept, "meeting_report_told", name=name, besides=filling.person.id, at_once=True)
    return words.say("meeting_report_sent", code=kept.code, count=len(kept.participants))


def on_passed(context: Context, event: DeadlinePassed) -> None:
    """Cards that stand say that the report is missing."""
    if event.obligation.kind is ObligationKind.PROGRESS_REPORT:
        matter_cards.refresh(context, event.obligation.code)
