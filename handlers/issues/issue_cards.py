"""Cards of issues: for whoever grades, handles, takes note, confirms, closes or raises it, and for the group of its item.

Of a sensitive or confidential issue a card shows number and state only (EC-08); buttons only for whoever may press them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.directory import Person
from bot.domain.form import text_of
from bot.domain.issue import MACHINE, Grade, Issue, IssueState
from bot.domain.issue_form import GRADING
from bot.domain.issue_grading import higher
from bot.domain.issue_handling import owners
from bot.messages import ButtonStyle, CardColour, Field, FieldKind
from bot.routing import Context, Shown
from handlers import matter_notices
from handlers.cards.matter import Choice, matter_card
from handlers.forms import form_filling
from handlers.issues import issue_limits as limits
from handlers.issues import issue_people as people
from handlers.issues.issue_closing import CLOSE, CONFIRM, GROUP, RAISE, RESULT
from handlers.issues.issue_filing import FILED, GRADE, INFORM, receipt_lines
from handlers.issues.issue_grading import ACKNOWLEDGE, HANDLE, known
from handlers.issues.issue_solving import START
from handlers.texts import keys
from handlers.words import Words, words_for

_S = IssueState
#: inputs of the secretary's card
_GRADING_KEYS = ("grade", "grade_reason", "lead", "coop", "impact_scope", "severity")


@dataclass(frozen=True, slots=True)
class _Look:
    """What a card of a purpose offers now."""

    choices: tuple[Choice, ...] = ()
    fields: tuple[Field, ...] = ()


def state_key(issue: Issue) -> str:
    """Catalogue key of the state's word; resolved and confirmed reads differently."""
    if issue.state is _S.RESOLVED and issue.is_confirmed:
        return "issue_state_confirmed"
    return MACHINE.state_key(issue.state)


def step(issue: Issue) -> str:
    """A card about an earlier result counts no more (EC-05)."""
    return str(issue.results)


def make(context: Context, code: str, purpose: str, reader: Person | None) -> Shown | None:
    """The card of an issue; None for people who may not know of it.

    A card that stands in a group when the level is raised keeps number and state (EC-72); none is sent there afterwards.
    """
    issue = context.uow.issues.get(code)
    if issue is None:
        return None
    if reader is not None and not matter_notices.may_be_told(context, issue, reader.id):
        return None
    words = words_for(context, reader)
    look = _LOOKS[purpose](context, issue, words, reader) if purpose in _LOOKS else _Look()
    card = matter_card(
        words,
        kind=words.say("issue_kind"),
        code=issue.code,
        title=issue.title,
        state=words.say(state_key(issue)),
        colour=colour_of(context, issue, purpose),
        rows=_rows(issue, words, purpose),
        body=_body(issue, purpose, words),
        choices=look.choices,
        fields=look.fields,
        step=step(issue),
        secrecy=issue.secrecy,
        reads_with=words.say("issue_reads_with"),
    )
    return Shown(card=card, revision=f"{issue.version}:{card.colour.value}")


def colour_of(context: Context, issue: Issue, purpose: str = "") -> CardColour:
    """Colour by state only (ux.md A4 28)."""
    if issue.state is _S.CLOSED:
        return CardColour.DONE
    if issue.state in {_S.MERGED, _S.NOT_ACCEPTED}:
        return CardColour.CLOSED
    limits = [at for at in (issue.due_at, issue.step_due_at) if at is not None and issue.state is not _S.RESOLVED]
    is_late = bool(limits) and min(limits) < context.now
    return CardColour.OVERDUE if is_late or purpose == RAISE else CardColour.WAITING


# ---------------------------------------------------------------- rows


def _rows(issue: Issue, words: Words, purpose: str) -> list[tuple[str, str]]:
    rows = [
        (
            words.say("issue_row_finder"),
            words.say(
                "issue_row_finder_value", name=words.name(issue.reporter), department=words.department(issue.found_by)
            ),
        )
    ]
    if issue.item is not None:
        rows.append((words.say("issue_row_item"), issue.item))
    if issue.grade is not None:
        rows.append((words.say("issue_row_grade"), words.say(f"issue_grade_{issue.grade.name.lower()}")))
    else:
        scope = words.listing(words.option(part) for part in (issue.impact, issue.severity) if part)
        rows.append((words.say("issue_row_impact"), scope))
    if issue.lead is not None:
        coop = words.listing(words.department(d) for d in issue.coop)
        lead = words.department(issue.lead)
        rows.append(
            (
                words.say("issue_row_handlers"),
                words.say("issue_row_handlers_value", lead=lead, coop=coop) if coop else lead,
            )
        )
    limit = issue.step_due_at if issue.state in {_S.PENDING_GRADING, _S.ESCALATED, _S.SPECIAL_MEETING} else issue.due_at
    if issue.is_open and limit is not None and issue.state is not _S.RESOLVED and purpose != RAISE:
        rows.append((words.say("issue_row_due"), words.due(limit)))
    if issue.result and issue.state in {_S.RESOLVED, _S.CLOSED}:
        rows.append((words.say("issue_row_result"), issue.result))
    return rows


def _body(issue: Issue, purpose: str, words: Words) -> str:
    description = text_of(issue.content, "description")
    if purpose == GRADE and issue.state is _S.PENDING_GRADING:
        return f"{description}\n{words.say('issue_grade_definitions')}"
    to = higher(issue.grade) if issue.grade is not None else None
    if purpose == RAISE and to is not None and issue.due_at is not None:
        # it stands in the place of a reminder (2.3)
        facts = {"due": words.time(issue.due_at), "grade": words.say(f"issue_grade_{to.name.lower()}")}
        holder = words.name(people.lead_liaison(words.context, issue))
        return words.say("issue_may_be_raised", what=matter_notices.what(issue), holder=holder, **facts)
    if purpose == FILED:
        return "\n".join(receipt_lines(words.context, words, issue)) if issue.state is _S.PENDING_GRADING else ""
    if purpose not in {HANDLE, ACKNOWLEDGE, INFORM, GROUP}:
        return ""
    ask = f"issue_ask_{purpose}_{issue.state.value}"
    return "\n".join((description, words.say(ask))) if ask in keys() else description


# ---------------------------------------------------------------- what can be done


def _to_grade(context: Context, issue: Issue, words: Words, _: Person | None) -> _Look:
    if issue.state is not _S.PENDING_GRADING:
        return _Look()
    choices = (
        Choice(verb="grade", label="issue_button_grade", style=ButtonStyle.PRIMARY, submits_form=True),
        Choice(verb="not_accept", label="issue_button_refuse", style=ButtonStyle.DANGER, wants_reason=True),
    )
    if issue.secrecy:
        return _Look()
    fields = form_filling.card_fields(words, GRADING, known(context, issue), keys=_GRADING_KEYS, required=())
    return _Look(choices, fields)


def _to_handle(_: Context, issue: Issue, words: Words, reader: Person | None) -> _Look:
    if issue.state not in {_S.NEGOTIATING, _S.EXECUTING} or reader is None or not _handles(issue, reader):
        return _Look()
    result = Field(
        name=RESULT,
        label=words.say("issue_field_result"),
        kind=FieldKind.LONG_TEXT,
        placeholder=words.say("issue_field_result_hint"),
        max_length=2000,
    )
    choice = Choice(verb="result", label="issue_button_result", style=ButtonStyle.PRIMARY, submits_form=True)
    return _Look((choice,), (result,)) if not issue.secrecy else _Look()


def _handles(issue: Issue, reader: Person) -> bool:
    return reader.department in owners(issue) or any(line.owner == reader.id for line in issue.solution)


def _to_acknowledge(_: Context, issue: Issue, words: Words, __: Person | None) -> _Look:
    if issue.state is not _S.ESCALATED or issue.acknowledged_at is not None:
        return _Look()
    start = Field(name=START, label=words.say("issue_field_meeting"), placeholder=words.say("issue_field_meeting_hint"))
    choice = Choice(verb="take_note", label="issue_button_noted", style=ButtonStyle.PRIMARY, submits_form=True)
    return _Look((choice,), (start,) if issue.meeting is None else ())


def _to_confirm(_: Context, issue: Issue, __: Words, ___: Person | None) -> _Look:
    if issue.state is not _S.RESOLVED or issue.is_confirmed:
        return _Look()
    return _Look(
        (
            Choice(verb="confirm", label="issue_button_solved", style=ButtonStyle.PRIMARY),
            Choice(verb="not_solved", label="issue_button_unsolved", style=ButtonStyle.DANGER, wants_reason=True),
        )
    )


def _to_close(context: Context, issue: Issue, _: Words, __: Person | None) -> _Look:
    if issue.state is not _S.RESOLVED or issue.resolved_at is None:
        return _Look()
    if not issue.is_confirmed and context.now < limits.confirmation_limit(context, issue.resolved_at):
        return _Look()
    choice = Choice(
        verb="close", label="issue_button_close", style=ButtonStyle.PRIMARY, wants_reason=not issue.is_confirmed
    )
    return _Look((choice,))


def _to_raise(_: Context, issue: Issue, __: Words, ___: Person | None) -> _Look:
    is_offered = issue.state in {_S.NEGOTIATING, _S.COORDINATING} and issue.grade is not None
    if not is_offered or higher(issue.grade or Grade.MAJOR) is None:
        return _Look()
    return _Look((Choice(verb="raise_level", label="issue_button_raise", wants_reason=True),))


def _to_share(_: Context, issue: Issue, __: Words, ___: Person | None) -> _Look:
    is_shareable = issue.is_open and (issue.item is not None or issue.secrecy > 0)
    return _Look((Choice(verb="share", label="issue_button_share"),)) if is_shareable else _Look()


_LOOKS: Mapping[str, Callable[[Context, Issue, Words, Person | None], _Look]] = {
    GRADE: _to_grade,
    HANDLE: _to_handle,
    ACKNOWLEDGE: _to_acknowledge,
    CONFIRM: _to_confirm,
    CLOSE: _to_close,
    RAISE: _to_raise,
    FILED: _to_share,
}

__all__: Sequence[str] = ["colour_of", "make", "state_key", "step"]
