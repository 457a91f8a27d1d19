"""Cards of conflicts: for the secretary, the parties' heads, whoever rules, verifies and executes. Sensitive ones show no text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain.confidentiality import Secrecy, level
from bot.domain.conflict import MACHINE, Conflict, ConflictKind, ConflictState
from bot.domain.conflict_form import MEDIATION, RULING
from bot.domain.directory import Person
from bot.messages import ButtonStyle, CardColour, Field, FieldKind
from bot.routing import Context, Shown
from handlers import matter_notices
from handlers.cards.matter import Choice, matter_card
from handlers.conflicts import conflict_people as people
from handlers.conflicts.conflict_concluding import EXECUTE, NOTE
from handlers.conflicts.conflict_filing import MEDIATE, STATE, VERIFY
from handlers.conflicts.conflict_mediating import FINDING, OFFER, RULE, STATEMENT, WITHDRAW, prefilled
from handlers.conflicts.conflict_showing import details
from handlers.forms import form_filling
from handlers.words import Words, words_for

_S = ConflictState
_PRIMARY, _DANGER = ButtonStyle.PRIMARY, ButtonStyle.DANGER
_MEDIATION_KEYS = ("outcome", "basis", "outcome_type", "schedule")
_RULING_KEYS = ("ruling", "basis", "shirking")


@dataclass(frozen=True, slots=True)
class _Look:
    """What a card of a purpose offers now."""

    choices: tuple[Choice, ...] = ()
    fields: tuple[Field, ...] = ()


def state_key(conflict: Conflict) -> str:
    """Catalogue key of the state's word; with an outcome that is being answered it reads differently."""
    if conflict.state is _S.MEDIATING and conflict.is_offered:
        return "conflict_state_offered"
    return MACHINE.state_key(conflict.state)


def step(conflict: Conflict) -> str:
    """A card about an earlier outcome counts no more (EC-05)."""
    return conflict.offered_at.isoformat() if conflict.offered_at is not None else ""


def make(context: Context, code: str, purpose: str, reader: Person | None) -> Shown | None:
    """The card of a conflict; None in groups and for people who may not know of it."""
    conflict = context.uow.conflicts.get(code)
    if conflict is None or reader is None or not matter_notices.may_be_told(context, conflict, reader.id):
        return None
    words = words_for(context, reader)
    look = _LOOKS[purpose](context, conflict, words, reader) if purpose in _LOOKS else _Look()
    card = matter_card(
        words,
        kind=words.say("conflict_kind"),
        code=conflict.code,
        title=conflict.title,
        state=words.say(state_key(conflict)),
        colour=colour_of(context, conflict),
        rows=_rows(context, conflict, words),
        body="\n".join(details(conflict, words)),
        choices=look.choices,
        fields=look.fields if level(conflict.secrecy) is Secrecy.NORMAL else (),
        step=step(conflict),
        secrecy=conflict.secrecy,
        reads_with=words.say("conflict_reads_with"),
    )
    return Shown(card=card, revision=f"{conflict.version}:{card.colour.value}")


def colour_of(context: Context, conflict: Conflict) -> CardColour:
    """Colour by state only."""
    if conflict.state is _S.CLOSED:
        return CardColour.DONE
    if conflict.state is _S.WITHDRAWN:
        return CardColour.CLOSED
    is_late = conflict.due_at is not None and conflict.due_at < context.now
    return CardColour.OVERDUE if is_late else CardColour.WAITING


def _rows(context: Context, conflict: Conflict, words: Words) -> list[tuple[str, str]]:
    rows = [
        (words.say("conflict_row_kind"), words.option(conflict.kind.value)),
        (words.say("conflict_row_parties"), words.listing(words.department(d) for d in conflict.parties)),
    ]
    if conflict.item is not None:
        rows.append((words.say("issue_row_item"), conflict.item))
    if conflict.kind is ConflictKind.RESOURCE:
        keys = words.listing(people.key_items(context, conflict)) or words.say("issue_none")
        rows.append((words.say("conflict_row_key"), keys))
    if conflict.is_open and conflict.due_at is not None:
        rows.append((words.say("issue_row_due"), words.due(conflict.due_at)))
    return rows


# ---------------------------------------------------------------- what can be done


def _long(words: Words, name: str, label: str, hint: str) -> Field:
    return Field(
        name=name, label=words.say(label), kind=FieldKind.LONG_TEXT, placeholder=words.say(hint), max_length=2000
    )


def _to_mediate(context: Context, conflict: Conflict, words: Words, _: Person) -> _Look:
    if conflict.state is not _S.MEDIATING or conflict.is_offered or conflict.secrecy:
        return _Look()
    base = prefilled(conflict, people.key_items(context, conflict), words)
    fields = form_filling.card_fields(words, MEDIATION, base, keys=_MEDIATION_KEYS, required=())
    choice = Choice(verb="mediate", label="conflict_button_mediate", style=_PRIMARY, submits_form=True)
    return _Look((choice,), fields)


def _to_state(_: Context, conflict: Conflict, words: Words, __: Person) -> _Look:
    if conflict.state is not _S.MEDIATING or conflict.is_offered or conflict.secrecy:
        return _Look()
    choice = Choice(verb="state_case", label="conflict_button_state", style=_PRIMARY, submits_form=True)
    return _Look((choice,), (_long(words, STATEMENT, "conflict_field_statement", "conflict_field_statement_hint"),))


def _to_verify(_: Context, conflict: Conflict, words: Words, __: Person) -> _Look:
    if conflict.state is not _S.MEDIATING or conflict.verified_at is not None or conflict.secrecy:
        return _Look()
    choice = Choice(verb="verify", label="conflict_button_verify", style=_PRIMARY, submits_form=True)
    return _Look((choice,), (_long(words, FINDING, "conflict_field_finding", "conflict_field_finding_hint"),))


def _to_answer(context: Context, conflict: Conflict, _: Words, reader: Person) -> _Look:
    if conflict.state is not _S.MEDIATING or not conflict.is_offered:
        return _Look()
    mine = [p for p in conflict.parties if people.acting_head(context, p) == reader.id]
    if mine and all(conflict.answer_of(p) is not None for p in mine):
        return _Look()
    return _Look(
        (
            Choice(verb="approve", label="conflict_button_yes", style=_PRIMARY),
            Choice(verb="reject", label="conflict_button_no", style=_DANGER, wants_reason=True),
        )
    )


def _to_rule(_: Context, conflict: Conflict, words: Words, __: Person) -> _Look:
    if conflict.state is not _S.PENDING_RULING or conflict.secrecy:
        return _Look()
    base = {"ruling": conflict.outcome, "basis": conflict.basis}
    content = {key: value for key, value in base.items() if value}
    fields = form_filling.card_fields(words, RULING, content, keys=_RULING_KEYS, required=())
    choice = Choice(verb="rule_conflict", label="conflict_button_rule", style=_PRIMARY, submits_form=True)
    return _Look((choice,), fields)


def _to_agree(context: Context, conflict: Conflict, _: Words, reader: Person) -> _Look:
    if conflict.state is not _S.MEDIATING or conflict.withdrawal_by is None:
        return _Look()
    mine = [p for p in conflict.parties if people.acting_head(context, p) == reader.id]
    if mine and all(p in conflict.withdrawal_agreed for p in mine):
        return _Look()
    return _Look(
        (
            Choice(verb="approve", label="conflict_button_agree", style=_PRIMARY, slot=WITHDRAW),
            Choice(verb="reject", label="conflict_button_keep", style=_DANGER, slot=WITHDRAW),
        )
    )


def _to_note(context: Context, conflict: Conflict, _: Words, reader: Person) -> _Look:
    mine = [p for p in conflict.parties if people.acting_head(context, p) == reader.id]
    if conflict.state not in {_S.RULED, _S.SETTLED} or (mine and set(mine) <= set(conflict.noted)):
        return _Look()
    return _Look((Choice(verb="take_note", label="conflict_button_noted", style=_PRIMARY),))


def _to_execute(_: Context, conflict: Conflict, __: Words, ___: Person) -> _Look:
    if conflict.state not in {_S.RULED, _S.SETTLED}:
        return _Look()
    return _Look((Choice(verb="confirm", label="conflict_button_executed", style=_PRIMARY),))


_LOOKS: Mapping[str, Callable[[Context, Conflict, Words, Person], _Look]] = {
    MEDIATE: _to_mediate,
    STATE: _to_state,
    VERIFY: _to_verify,
    OFFER: _to_answer,
    RULE: _to_rule,
    WITHDRAW: _to_agree,
    NOTE: _to_note,
    EXECUTE: _to_execute,
}
