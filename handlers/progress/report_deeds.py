"""`/周进度`, and what the secretary does with a report: confirm, waive (domain.md 3.5; P-17, T-08; R-81, R-82)."""

from __future__ import annotations

from bot.domain.action import Action
from bot.domain.confidentiality import Secrecy
from bot.domain.directory import Person
from bot.domain.form import Content
from bot.domain.form_reading import Reading
from bot.domain.ids import CodeKind
from bot.domain.item import Item
from bot.domain.permissions import Grant
from bot.domain.progress_report import (
    MACHINE,
    ProgressReport,
    ReportAct,
    ReportState,
    confirmed,
    corrected,
    submitted,
    waived,
)
from bot.domain.relation import of_item as relation_of_item
from bot.domain.report_form import FORM, percent_needs_reason
from bot.errors import RuleViolation
from bot.routing import Context
from handlers import effects, matter_cards
from handlers.access import allows, require
from handlers.deadlines import deadline_words
from handlers.deeds import Deed, Done, too_late
from handlers.forms import form_drafts, form_filling, form_offers
from handlers.forms.form_filling import Filling, Needed
from handlers.possible import require_possible
from handlers.post_holders import is_at_work
from handlers.progress import report_cards
from handlers.progress.report_keeping import (
    accepted_until,
    item_of,
    of_item,
    prefilled,
    save,
    tasks_percent,
    touch_item,
)
from handlers.tables import Tables
from handlers.words import Words, words_for


def register(tables: Tables) -> None:
    """Put the verbs on the table."""
    tables.deeds.on("weekly_progress", CodeKind.ITEM, on_item_report)
    tables.deeds.on("weekly_progress", CodeKind.REPORT, on_report)
    tables.deeds.on("confirm", CodeKind.REPORT, on_confirm)
    tables.deeds.on("report_waive", CodeKind.REPORT, on_waive)
    tables.deeds.on("report_waive", CodeKind.ITEM, on_waive_item)


# ---------------------------------------------------------------- writing


def on_item_report(deed: Deed, item: Item) -> Done:
    """`/周进度 SX-7` with the lines of F7: the report of this week, or the one that is still accepted."""
    report = _wanted(deed.context, item)
    if report is None and not deed.fields and not deed.is_click:
        # whoever may see the item reads the latest one
        report = next(iter(of_item(deed.context, item)), None)
    if report is None:
        _right(deed.context, item, is_private=deed.is_private)
        raise RuleViolation("report_not_owed", {"code": item.code})
    return on_report(deed, report)


def _wanted(context: Context, item: Item) -> ProgressReport | None:
    """The newest one that can be handed in or corrected."""
    return next((r for r in of_item(context, item) if _is_writable(r)), None)


def _is_writable(report: ProgressReport) -> bool:
    return report.state in {ReportState.OPEN, ReportState.MISSING} or report.may_be_corrected


def on_report(deed: Deed, report: ProgressReport) -> Done:
    """Hand it in, or correct it until the secretary confirmed it."""
    context, words = deed.context, deed.words
    relation = relation_of_item(item_of(context, report))
    is_reading = not deed.is_click and not deed.fields
    is_writer = allows(context, Action.SUBMIT_REPORT, relation) and _is_writable(report)
    if is_reading and not is_writer and allows(context, Action.EXPLAIN, relation):
        return _shown(deed, report)
    _right(context, item_of(context, report), is_private=deed.is_private)
    if report.confirmed_at is not None:
        raise RuleViolation("report_confirmed", {"code": report.code})
    if not _is_writable(report):
        raise too_late(context, report.code, deed.verb, state=report_cards.state_key(report))
    base = _base(context, report, deed.person)
    if deed.is_click:
        reading = form_filling.read_inputs(context, FORM, deed.form, base=base)
    elif deed.fields:
        reading = form_filling.read(context, FORM, deed.fields, base=base)
    else:
        return _offer(deed, report)
    complained = form_filling.complaint(words, reading, FORM)
    if complained:
        form_drafts.keep(context, deed.person.id, FORM, reading.content, report.code)
        return Done(_rest(deed, report, complained, complained), is_private=bool(report.secrecy))
    said = _take(context, deed.person, words, report, reading, verb=deed.verb, at=deed)
    is_other = bool(needs(context, report.code, reading.content).extra)
    note = words.say("report_percent_differs", computed=tasks_percent(context, item_of(context, report)))
    return Done(_rest(deed, report, note if is_other else "", said))


def _rest(deed: Deed, report: ProgressReport, said: str, in_text: str) -> str:
    """By text the rest is asked for; whoever pressed a button has the inputs before him or her."""
    if deed.is_click:
        return in_text
    return form_offers.offer_rest(deed, FORM, report.code, said=said, in_text=in_text)


def _shown(deed: Deed, report: ProgressReport) -> Done:
    """What was reported, in private, for everybody concerned."""
    state = deed.words.say(report_cards.state_key(report))
    head = deed.words.say("report_head", code=report.code, state=state)
    shown = form_filling.shown(deed.words, FORM, report.content) if report.content else ""
    waits = deadline_words.holder_lines(deed.context, report.code, deed.words)
    return Done("\n".join(part for part in (head, shown, *waits) if part), is_private=True)


def _offer(deed: Deed, report: ProgressReport) -> Done:
    """Without a line: the card with the form, or the first question, in private."""
    head = deed.words.say("report_offer", code=report.code, due=deed.words.due(report.due_at))
    return Done(form_offers.offer(deed, FORM, report.code, said=head), is_private=True)


def load(context: Context, code: str, _: Person) -> Content:
    """What the report holds now, for the card and the dialogue."""
    report = context.uow.reports.get(code)
    return prefilled(context, report) if report is not None else {}


def needs(context: Context, code: str, content: Content) -> Needed:
    """Another percentage than that of the tasks wants its reason (4.7)."""
    report = context.uow.reports.get(code)
    computed = tasks_percent(context, item_of(context, report)) if report is not None else None
    return Needed(extra=("percent_reason",) if percent_needs_reason(content, computed) else ())


def keep(filling: Filling) -> str:
    """Answers of the dialogue and inputs of the card: handed in as soon as it is whole."""
    context = filling.context
    report = context.uow.reports.get(filling.code)
    if report is None:
        raise RuleViolation("not_found_or_no_right")
    _right(context, item_of(context, report), is_private=True)
    return _take(context, filling.person, filling.words, report, filling.reading, verb="weekly_progress", at=None)


def _base(context: Context, report: ProgressReport, person: Person) -> Content:
    return {**prefilled(context, report), **form_drafts.kept(context, person.id, FORM, report.code)}


def _take(
    context: Context,
    person: Person,
    words: Words,
    report: ProgressReport,
    reading: Reading,
    *,
    verb: str,
    at: Deed | None,
) -> str:
    item = item_of(context, report)
    grant = require(context, Action.SUBMIT_REPORT, relation_of_item(item))
    computed = tasks_percent(context, item)
    needed = needs(context, report.code, reading.content)
    filling = Filling(context=context, person=person, words=words, form=FORM, code=report.code, reading=reading)
    unfinished = form_filling.unfinished(filling, reading.content, needed=needed)
    if unfinished:
        note = words.say("report_percent_differs", computed=computed) if needed.extra else ""
        return "\n".join(part for part in (unfinished, note) if part)
    form_drafts.drop(context, person.id, FORM, report.code)
    if report.is_submitted:
        return _correct(context, person, words, report, reading.content, grant, verb)
    return _submit(context, person, words, report, reading.content, grant, verb, at)


def _submit(
    context: Context,
    person: Person,
    words: Words,
    report: ProgressReport,
    content: Content,
    grant: Grant,
    verb: str,
    deed: Deed | None,
) -> str:
    calendars = context.world.calendars
    after = submitted(
        report,
        content=content,
        by=person.id,
        at=deed.at if deed is not None else context.now,
        closing=calendars.end_of_day(calendars.local(report.due_at).date()),
        accepted_until=accepted_until(context, report),
    )
    stored = save(context, report, after, ReportAct.SUBMIT, grant=grant, verb=verb)
    touch_item(context, stored, person.id)
    secretary = effects.secretary(context)
    if secretary is not None:
        matter_cards.show_to(context, secretary, stored.code, report_cards.CONFIRM, at_once=is_at_work(context))
    key = f"report_said_{stored.state.value}"
    if stored.state is ReportState.LATE:
        key = "report_said_late_today" if stored.credit else "report_said_late"
    return words.say(key, code=stored.code, name=secretary.name if secretary is not None else words.say("vacant"))


def _correct(
    context: Context, person: Person, words: Words, report: ProgressReport, content: Content, grant: Grant, verb: str
) -> str:
    stored = save(context, report, corrected(report, content=content), ReportAct.CORRECT, grant=grant, verb=verb)
    touch_item(context, stored, person.id)
    return words.say("report_corrected", code=stored.code, revision=stored.revision)


# ---------------------------------------------------------------- the secretary


def on_confirm(deed: Deed, report: ProgressReport) -> str:
    """The ledger shows what was reported (T-08)."""
    relation = relation_of_item(item_of(deed.context, report))
    grant = require(deed.context, Action.ANNOTATE_LEDGER, relation)
    if not MACHINE.allows(report.state, ReportAct.CONFIRM) or not report.may_be_corrected:
        raise too_late(deed.context, report.code, deed.verb, state=report_cards.state_key(report))
    after = confirmed(report, by=deed.person.id, now=deed.context.now)
    stored = save(deed.context, report, after, ReportAct.CONFIRM, grant=grant, verb=deed.verb)
    return deed.words.say("report_confirmed_said", code=stored.code)


def on_waive(deed: Deed, report: ProgressReport) -> str:
    """`免报 JB-… 原因`: nobody waits for it."""
    context = deed.context
    grant = require(context, Action.CORRECT_VERDICT, relation_of_item(item_of(context, report)))
    require_possible(deed, report, MACHINE, ReportAct.WAIVE)
    reason = deed.reason()
    stored = save(
        context, report, waived(report, reason=reason), ReportAct.WAIVE, grant=grant, reason=reason, verb=deed.verb
    )
    liaison = context.world.posts.assignee(report.lead)
    told = context.world.directory.person(liaison.acting) if liaison is not None else None
    if told is not None and told.id != deed.person.id:
        theirs = words_for(context, told)
        text = theirs.say("report_waived_told", code=stored.code, name=deed.person.name, reason=reason)
        effects.tell(context, told, effects.text(text), key=f"report:{stored.code}:waived", ref=stored.code)
    return deed.words.say("report_waived_said", code=stored.code)


def on_waive_item(deed: Deed, item: Item) -> str:
    """`免报 SX-7 原因`: the report of the item that is waited for."""
    require(deed.context, Action.CORRECT_VERDICT, relation_of_item(item))
    waited = (r for r in of_item(deed.context, item) if MACHINE.allows(r.state, ReportAct.WAIVE))
    report = next(waited, None)
    if report is None:
        raise RuleViolation("report_not_owed", {"code": item.code})
    return on_waive(deed, report)


# ---------------------------------------------------------------- rights


def _right(context: Context, item: Item, *, is_private: bool) -> Grant:
    """P-17: head or liaison of the lead; confidential items in private only (2.5)."""
    grant = require(context, Action.SUBMIT_REPORT, relation_of_item(item))
    if not is_private and item.secrecy >= Secrecy.CONFIDENTIAL:
        raise RuleViolation("confidential_refused")
    return grant
