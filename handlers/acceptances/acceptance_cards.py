"""Cards of acceptances: organise (secretary), vote (acceptors), decide (leader), lead (what is next for the lead), archive."""

from __future__ import annotations

from bot.domain.acceptance import MACHINE, Acceptance, AcceptanceState, Verdict
from bot.domain.acceptance_votes import worst
from bot.domain.confidentiality import Secrecy
from bot.domain.directory import Person
from bot.domain.form import text_of
from bot.domain.item import ItemState
from bot.messages import ButtonStyle, CardColour, Field, FieldKind
from bot.routing import Context, Shown
from handlers.acceptances import archiving
from handlers.acceptances.acceptance_keeping import item_of
from handlers.cards.matter import Choice, matter_card
from handlers.words import Words, words_for

ORGANISE, VOTE, DECIDE, LEAD, ARCHIVE = "organise", "vote", "decide", "lead", "archive"
#: the button that sends the verdict on each criterion
EACH = "each"
#: name of the input of the n-th criterion
CRITERION = "criterion_{n}"
_COLOURS = {
    AcceptanceState.APPLIED: CardColour.WAITING,
    AcceptanceState.SCHEDULED: CardColour.WAITING,
    AcceptanceState.VOTING: CardColour.WAITING,
    AcceptanceState.PASSED: CardColour.DONE,
    AcceptanceState.RECTIFY: CardColour.OVERDUE,
    AcceptanceState.FAILED: CardColour.OVERDUE,
    AcceptanceState.WITHDRAWN: CardColour.CLOSED,
}
_BUTTONS = {
    Verdict.PASSED: ("acceptance_button_passed", ButtonStyle.PRIMARY),
    Verdict.RECTIFY: ("acceptance_button_rectify", ButtonStyle.PLAIN),
    Verdict.FAILED: ("acceptance_button_failed", ButtonStyle.DANGER),
}


def state_key(acceptance: Acceptance) -> str:
    """Catalogue key of the state's word."""
    return MACHINE.state_key(acceptance.state)


def step_of(acceptance: Acceptance) -> str:
    """A card of an earlier round does not count (EC-05)."""
    return str(acceptance.round)


def purpose_of(acceptance: Acceptance, purpose: str) -> str:
    """Cards of a round stay those of that round."""
    return f"{purpose}:{acceptance.round}"


def make(context: Context, code: str, purpose: str, reader: Person | None) -> Shown | None:
    """The card of an acceptance; of confidential ones none in groups and for people outside the list."""
    acceptance = context.uow.acceptances.get(code)
    if acceptance is None:
        return None
    if acceptance.secrecy >= Secrecy.CONFIDENTIAL and (reader is None or reader.id not in acceptance.access):
        return None
    words = words_for(context, reader)
    name, _, number = purpose.partition(":")
    is_past = bool(number) and number != step_of(acceptance)
    is_archive = name == ARCHIVE
    choices = _choices(context, acceptance, name, reader) if reader is not None and not is_past else ()
    card = matter_card(
        words,
        kind=words.say("acceptance_kind"),
        code=acceptance.code,
        title=acceptance.title,
        state=words.say(_state(context, acceptance)),
        colour=_COLOURS[acceptance.state],
        rows=archiving.rows(context, acceptance, words) if is_archive else _rows(context, acceptance, words),
        body=_body(context, acceptance, words, name),
        choices=choices,
        fields=_fields(acceptance, words) if any(choice.submits_form for choice in choices) else (),
        step=step_of(acceptance),
        secrecy=acceptance.secrecy,
        reads_with=words.say("acceptance_reads_with"),
    )
    blocking = len(archiving.blocking_documents(context, item_of(context, acceptance))) if is_archive else 0
    return Shown(card=card, revision=f"{acceptance.version}:{item_of(context, acceptance).state.value}:{blocking}")


def _state(context: Context, acceptance: Acceptance) -> str:
    if acceptance.state is AcceptanceState.PASSED:
        is_archived = item_of(context, acceptance).state is ItemState.ARCHIVED
        return "acceptance_state_archived" if is_archived else "acceptance_state_passed"
    if acceptance.is_split:
        return "acceptance_state_split"
    return state_key(acceptance)


# ---------------------------------------------------------------- rows


def _rows(context: Context, acceptance: Acceptance, words: Words) -> list[tuple[str, str]]:
    item = item_of(context, acceptance)
    by = words.say(
        "acceptance_by_value",
        name=words.name(acceptance.applied_by),
        department=words.department(acceptance.lead),
        time=words.time(acceptance.applied_at),
    )
    rows = [
        (words.say("acceptance_row_item"), f"{item.code} {item.short or item.title}"),
        (words.say("acceptance_row_by"), by),
    ]
    if acceptance.is_undecided and acceptance.due_at is not None:
        rows.append((words.say("acceptance_row_due"), words.due(acceptance.due_at)))
    if acceptance.acceptors:
        people = words.listing(words.name(person) for person in acceptance.acceptors)
        rows.append((words.say("acceptance_row_acceptors"), people))
    if acceptance.votes:
        rows.append((words.say("acceptance_row_votes"), words.listing(vote_lines(acceptance, words))))
    if acceptance.reason:
        rows.append((words.say("acceptance_row_reason"), acceptance.reason))
    elif acceptance.state in {AcceptanceState.APPLIED, AcceptanceState.SCHEDULED, AcceptanceState.VOTING}:
        rows.append((words.say("acceptance_row_leftovers"), text_of(acceptance.content, "leftovers")))
    return rows


def vote_lines(acceptance: Acceptance, words: Words) -> list[str]:
    """Who said what, and why; every criterion where they differ."""
    found: list[str] = []
    for vote in acceptance.votes:
        who = vote.behalf or vote.by
        verdicts = vote.verdicts if len(set(vote.verdicts)) > 1 else (worst(vote),)
        said = words.listing(words.say(verdict_key(verdict)) for verdict in verdicts)
        line = words.say("acceptance_vote_value", name=words.name(who), verdict=said)
        found.append(f"{line}：{vote.reason}" if vote.reason else line)
    return found


def verdict_key(verdict: Verdict) -> str:
    """Catalogue key of a verdict's word."""
    return f"verdict_{verdict.name.lower()}"


def _body(context: Context, acceptance: Acceptance, words: Words, purpose: str) -> str:
    if purpose == VOTE:
        criteria = "\n".join(f"{n}. {criterion}" for n, criterion in enumerate(acceptance.criteria, 1))
        return words.say("acceptance_vote_body", criteria=criteria, code=acceptance.code)
    if purpose == ORGANISE and acceptance.state is AcceptanceState.APPLIED:
        note = f"\n{words.say('acceptance_lacks_resolution')}" if acceptance.lacks_resolution else ""
        independent = "" if item_of(context, acceptance).coop else f"\n{words.say('acceptance_needs_independent')}"
        return words.say("acceptance_organise_body", code=acceptance.code) + note + independent
    if purpose == LEAD and acceptance.state is AcceptanceState.RECTIFY:
        return words.say("acceptance_rectify_body", item=acceptance.item)
    if purpose == LEAD and acceptance.state is AcceptanceState.FAILED:
        return words.say("acceptance_failed_body", code=acceptance.code)
    return ""


# ---------------------------------------------------------------- buttons


def _choices(context: Context, acceptance: Acceptance, purpose: str, reader: Person | None) -> tuple[Choice, ...]:
    match purpose:
        case "vote" if acceptance.state is AcceptanceState.VOTING and not acceptance.is_split:
            return _verdicts(acceptance) if _may_still_vote(context, acceptance, reader) else ()
        case "decide" if acceptance.state is AcceptanceState.VOTING and acceptance.is_split:
            return tuple(_verdict(verdict) for verdict in Verdict)
        case "organise" if acceptance.state is AcceptanceState.VOTING and acceptance.votes and not acceptance.is_split:
            return (Choice(verb="conclude", label="acceptance_button_conclude"),)
        case "archive" if item_of(context, acceptance).state is ItemState.ACCEPTED:
            return (Choice(verb="archive", label="acceptance_button_archive", style=ButtonStyle.PRIMARY),)
        case _:
            return ()


def _may_still_vote(context: Context, acceptance: Acceptance, reader: Person | None) -> bool:
    """Is the reader one of those who are waited for, or does he or she stand in for one?"""
    if reader is None:
        return False
    posts = context.world.posts
    absent = (person for person, _ in posts.delegations_to(reader.id))
    return bool({reader.id, *absent} & set(acceptance.waiting)) or any(
        (head := posts.head_of(department)) is not None and head.acting == reader.id
        for department in (posts.department_of(person) for person in acceptance.waiting)
        if department is not None
    )


def _verdicts(acceptance: Acceptance) -> tuple[Choice, ...]:
    """One word for everything, or a verdict on each criterion."""
    whole = tuple(_verdict(verdict) for verdict in Verdict)
    if len(acceptance.criteria) < 2:
        return whole
    return (*whole, Choice(verb="vote", label="acceptance_button_each", slot=EACH, submits_form=True))


def _verdict(verdict: Verdict) -> Choice:
    label, style = _BUTTONS[verdict]
    wants = verdict is not Verdict.PASSED
    return Choice(verb="vote", label=label, style=style, slot=verdict.name.lower(), wants_reason=wants)


def _fields(acceptance: Acceptance, words: Words) -> tuple[Field, ...]:
    choices = tuple((verdict.value, words.say(verdict_key(verdict))) for verdict in Verdict)
    return tuple(
        Field(
            name=CRITERION.format(n=n),
            label=criterion[:40],
            kind=FieldKind.CHOICE,
            choices=choices,
            value=Verdict.PASSED.value,
        )
        for n, criterion in enumerate(acceptance.criteria, 1)
    )
