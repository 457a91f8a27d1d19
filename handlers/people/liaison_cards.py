"""Cards of liaison changes: the three points for the head, the consent for the secretary, the hand-over for both sides (R-108)."""

from __future__ import annotations

from bot.domain.confidentiality import Secrecy
from bot.domain.directory import Person
from bot.domain.ids import PersonId
from bot.domain.liaison_change import MACHINE, TICKS, ChangeState, LiaisonChange
from bot.domain.reply_clock import OPEN
from bot.messages import ButtonStyle, CardColour, Field, FieldKind
from bot.routing import Context, Shown
from handlers.cards.matter import Choice, matter_card
from handlers.people.liaison_keeping import people_line
from handlers.words import Words, words_for

#: purposes of the cards
POINTS, CONSENT, HANDOVER = "points", "consent", "handover"
#: input of the effective date
DATE = "effective"
YES, NO = "yes", "no"
#: codes listed of each kind in the checklist
LISTED = 8

_COLOURS = {
    ChangeState.DRAFT: CardColour.WAITING,
    ChangeState.PENDING_CONSENT: CardColour.WAITING,
    ChangeState.REGISTERED: CardColour.WAITING,
    ChangeState.EFFECTIVE: CardColour.DONE,
    ChangeState.CANCELLED: CardColour.CLOSED,
}


def card(context: Context, code: str, purpose: str, reader: Person | None) -> Shown | None:
    """The card of a change as it is now."""
    change = context.uow.liaison_changes.get(code)
    if change is None or reader is None:
        return None
    words = words_for(context, reader)
    made = matter_card(
        words,
        kind=words.say("liaison_kind"),
        code=code,
        title=people_line(change, words),
        state=words.say(MACHINE.state_key(change.state)),
        colour=_COLOURS[change.state],
        rows=_rows(change, words),
        body=_body(context, change, purpose, words),
        choices=_choices(change, purpose, reader),
        fields=_fields(change, purpose, words),
    )
    return Shown(card=made, revision=change.version)


def _rows(change: LiaisonChange, words: Words) -> list[tuple[str, str]]:
    rows = [
        (words.say("liaison_row_department"), words.department(change.department)),
        (
            words.say("liaison_row_old"),
            words.name(change.old) if change.old is not None else words.say("liaison_nobody"),
        ),
        (words.say("liaison_row_new"), words.name(change.new)),
        (words.say("liaison_row_date"), words.day(change.effective_on)),
        (words.say("liaison_row_reason"), change.reason),
    ]
    if change.hands_over and change.state in {ChangeState.REGISTERED, ChangeState.EFFECTIVE}:
        done = len(set(change.handed_over) & set(change.hands_over))
        shown = words.say("liaison_handover_count", done=done, all=len(change.hands_over))
        rows.append((words.say("liaison_row_handover"), shown))
    return rows


def _body(context: Context, change: LiaisonChange, purpose: str, words: Words) -> str:
    match purpose, change.state:
        case "points", ChangeState.DRAFT:
            return words.say("liaison_ask_ticks")
        case "consent", ChangeState.PENDING_CONSENT:
            return words.say("liaison_ask_consent")
        case "handover", ChangeState.REGISTERED | ChangeState.EFFECTIVE:
            return checklist(context, change, words)
        case _:
            return ""


def _choices(change: LiaisonChange, purpose: str, reader: Person) -> list[Choice]:
    primary = ButtonStyle.PRIMARY
    withdraw = Choice(verb="withdraw", label="liaison_button_cancel", style=ButtonStyle.DANGER)
    match purpose, change.state:
        case "points", ChangeState.DRAFT:
            confirm = Choice(verb="confirm", label="liaison_button_confirm", style=primary, submits_form=True)
            return [confirm, withdraw]
        case "points", ChangeState.REGISTERED | ChangeState.PENDING_CONSENT:
            return [withdraw]
        case "consent", ChangeState.PENDING_CONSENT:
            refuse = Choice(verb="reject", label="liaison_button_refuse", style=ButtonStyle.DANGER, wants_reason=True)
            return [Choice(verb="approve", label="liaison_button_consent", style=primary), refuse]
        case "handover", ChangeState.REGISTERED | ChangeState.EFFECTIVE:
            is_open = reader.id in change.hands_over and reader.id not in change.handed_over
            return [Choice(verb="confirm", label="liaison_button_handover", style=primary)] if is_open else []
        case _:
            return []


def _fields(change: LiaisonChange, purpose: str, words: Words) -> list[Field]:
    if purpose != POINTS or change.state is not ChangeState.DRAFT:
        return []
    choices = ((YES, words.say("liaison_tick_yes")), (NO, words.say("liaison_tick_no")))
    points = [
        Field(name=tick, label=words.say(f"liaison_tick_{tick}"), kind=FieldKind.CHOICE, required=True, choices=choices)
        for tick in TICKS
    ]
    when = Field(
        name=DATE,
        label=words.say("liaison_field_date"),
        kind=FieldKind.DATE,
        value=change.effective_on.isoformat(),
    )
    return [*points, when]


# ---------------------------------------------------------------- what is handed over


def checklist(context: Context, change: LiaisonChange, words: Words) -> str:
    """Open tasks, questions, limits, documents and groups of the former liaison; confidential ones are only counted."""
    if change.old is None:
        return ""
    lines, hidden = _lines(context, change, change.old, words)
    if hidden:
        lines.append(words.say("liaison_checklist_hidden", count=hidden))
    if not lines:
        return words.say("liaison_checklist_none")
    return "\n".join([words.say("liaison_checklist_head"), *lines])


def _lines(context: Context, change: LiaisonChange, old: PersonId, words: Words) -> tuple[list[str], int]:
    uow = context.uow
    hidden = 0
    found: dict[str, list[str]] = {}

    def note(key: str, code: str, secrecy: int) -> None:
        nonlocal hidden
        if secrecy >= Secrecy.CONFIDENTIAL:
            hidden += 1
        elif code not in (code for codes in found.values() for code in codes):
            found.setdefault(key, []).append(code)

    for task in uow.tasks.find(person=old):
        if task.is_open:
            note("liaison_checklist_tasks", task.code, task.secrecy)
    for clock in uow.clocks.find(department=change.department, state=tuple(s.value for s in OPEN)):
        if old in {clock.assignee, clock.acting} and not clock.closed_for_counting:
            note("liaison_checklist_clocks", clock.code, clock.secrecy)
    for one in uow.obligations.find(holder=old):
        if one.code != change.code:
            note("liaison_checklist_deadlines", one.code, one.secrecy)
    for document in uow.documents.find(person=old):
        if document.state.value != "archived":
            note("liaison_checklist_documents", document.code, document.secrecy)
    for name in _groups(context, change, old):
        note("liaison_checklist_groups", name, 0)
    return [words.say(key, codes=_listed(codes, words)) for key, codes in found.items()], hidden


def _groups(context: Context, change: LiaisonChange, old: PersonId) -> list[str]:
    person = context.world.directory.person(old)
    names: list[str] = []
    for group in context.uow.groups.find():
        item = context.uow.items.get(group.item) if group.item is not None else None
        account = person.account_on(group.platform) if person is not None else None
        if item is not None and change.department in item.involved and account in group.members:
            names.append(group.name)
    return names


def _listed(codes: list[str], words: Words) -> str:
    return words.listing(codes[:LISTED]) + ("…" if len(codes) > LISTED else "")
