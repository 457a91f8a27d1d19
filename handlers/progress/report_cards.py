"""Cards of weekly reports: the form for the lead liaison (write), what was reported for the secretary (confirm)."""

from __future__ import annotations

from bot.domain.directory import Person
from bot.domain.form import text_of
from bot.domain.progress_report import MACHINE, ProgressReport, ReportState
from bot.domain.report_form import ASKED, FORM
from bot.messages import ButtonStyle, CardColour
from bot.routing import Context, Shown
from handlers.cards.matter import Choice, matter_card
from handlers.forms.form_filling import card_fields
from handlers.progress.report_keeping import item_of, prefilled
from handlers.words import Words, words_for

WRITE, CONFIRM = "write", "confirm"
_COLOURS = {
    ReportState.OPEN: CardColour.WAITING,
    ReportState.MISSING: CardColour.OVERDUE,
    ReportState.SUBMITTED: CardColour.WAITING,
    ReportState.LATE: CardColour.WAITING,
    ReportState.WAIVED: CardColour.CLOSED,
    ReportState.VOID: CardColour.CLOSED,
}


def state_key(report: ProgressReport) -> str:
    """Catalogue key of the state's word."""
    return MACHINE.state_key(report.state)


def make(context: Context, code: str, purpose: str, reader: Person | None) -> Shown | None:
    """The card of a report; of confidential items none in groups and for people outside the list."""
    report = context.uow.reports.get(code)
    if report is None or (report.secrecy > 1 and (reader is None or reader.id not in report.access)):
        return None
    words = words_for(context, reader)
    item = item_of(context, report)
    choices = _choices(report, purpose) if reader is not None else ()
    is_form = any(choice.submits_form for choice in choices)
    card = matter_card(
        words,
        kind=words.say("report_kind"),
        code=report.code,
        title=item.short or item.title,
        state=words.say(state_key(report)),
        colour=CardColour.DONE if report.confirmed_at is not None else _COLOURS[report.state],
        rows=_rows(report, words),
        choices=choices,
        fields=card_fields(words, FORM, prefilled(context, report), keys=ASKED) if is_form else (),
        secrecy=report.secrecy,
        reads_with=words.say("report_reads_with"),
    )
    return Shown(card=card, revision=report.version)


def _choices(report: ProgressReport, purpose: str) -> tuple[Choice, ...]:
    if purpose == CONFIRM:
        return (Choice(verb="confirm", label="report_button_confirm", style=ButtonStyle.PRIMARY),) if (
            report.may_be_corrected
        ) else ()  # fmt: skip
    if report.state in {ReportState.OPEN, ReportState.MISSING}:
        return (
            Choice(verb="weekly_progress", label="report_button_submit", style=ButtonStyle.PRIMARY, submits_form=True),
        )
    return ()


def _rows(report: ProgressReport, words: Words) -> list[tuple[str, str]]:
    rows = [(words.say("report_row_week"), report.week), (words.say("report_row_due"), words.deadline(report.due_at))]
    if not report.is_submitted:
        return [*rows, (words.say("report_row_reason"), report.reason)]
    percent = text_of(report.content, "percent")
    by = words.say(
        "report_by_value",
        name=words.name(report.submitted_by),
        time=words.time(report.submitted_at) if report.submitted_at is not None else "",
        percent=percent,
    )
    return [
        (words.say("report_row_week"), report.week),
        (words.say("report_row_by"), by),
        (words.say("report_row_done"), text_of(report.content, "done")),
        (words.say("report_row_problems"), text_of(report.content, "problems")),
        (words.say("report_row_next"), text_of(report.content, "next")),
        (words.say("report_row_needs"), text_of(report.content, "needs")),
    ]
