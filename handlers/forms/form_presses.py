"""What a press on the card of a form does: keep what was typed, turn to the next fields, submit (ux.md A4 24, 33, 34).

What was typed is never lost: what is understood is kept, what is not stands on the card again with what is wrong with it. A card
that was replaced or is done with takes no presses, so that a second press submits nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.form_page import fillable
from bot.domain.form_reading import Reading
from bot.errors import RuleViolation
from bot.messages import inert
from bot.ports import Answer
from bot.routing import Context, Router
from bot.updates import CardClicked
from handlers import effects, refusing, reserved
from handlers.conversation import limits
from handlers.deeds import Deeds, keep_record
from handlers.forms import form_drafts, form_filling, form_offers, form_sheets
from handlers.forms import form_sheet_cards as cards
from handlers.forms.form_names import label_of
from handlers.forms.form_owner import Filling, owner_of
from handlers.forms.form_sheet_cards import FILLED, FORM, FORM_CODE, FORM_ID, PAGE, STEP, Step, noted
from handlers.forms.form_sheets import Sheet, gaps_of
from handlers.forms.form_talk import joined
from handlers.seals import CARD
from handlers.words import words_for

#: refusals after which the form cannot be filled in any more, and those after which this person cannot
_OVER = frozenset({"stale_card", "done_already"})
_FORBIDDEN = frozenset({"not_found_or_no_right", "no_right"})


def register(router: Router, deeds: Deeds) -> None:
    """All buttons of all cards of forms have one action."""
    presses = _Presses(deeds)
    router.action(FORM, presses.on_press)


@dataclass(frozen=True, slots=True)
class _Presses:
    deeds: Deeds

    def on_press(self, context: Context, click: CardClicked) -> Answer:
        """Whoever the card was made for may press, while it is the newest of its form."""
        person = context.person
        if person is None:
            return Answer(toast=words_for(context, None).say("unknown_person"), is_error=True)
        if not limits.may_look_up(context, person):
            return Answer(toast=words_for(context, person).say("too_fast"), is_error=True)
        owner = owner_of(context, click.params.get(FORM_ID, ""))
        if owner is None:
            return Answer(toast=words_for(context, person).say("not_found_or_no_right"), is_error=True)
        pressed = Sheet(
            context=context,
            person=person,
            owner=owner,
            code=click.params.get(FORM_CODE, ""),
            card_id=click.params.get(CARD, ""),
            account=click.operator,
        )
        sheet = form_sheets.opened(context, person, owner, pressed.code)
        if sheet is None or sheet.card_id != pressed.card_id:
            return _over(pressed)
        match click.params.get(STEP, ""):
            case Step.SAVE:
                return _save(sheet, click)
            case Step.ASK:
                return _ask(sheet, click)
            case Step.SUBMIT:
                return self._submit(sheet, click)
            case Step.PREVIEW:
                return _preview(sheet, click)
            case Step.EDIT:
                form_offers.show(sheet, cards.edit_card(sheet, page=1))
                return Answer(toast="")
            case Step.CLEAR:
                return _clear(sheet)
            case _:
                return Answer(toast=sheet.words.say("not_found_or_no_right"), is_error=True)

    # ------------------------------------------------------------ submitting

    def _submit(self, sheet: Sheet, click: CardClicked) -> Answer:
        """Once, with all that is kept; what keeps it from being submitted stands on the card."""
        context = sheet.context
        try:
            with context.uow.savepoint():
                said, is_done = self._submitted(sheet, click)
        except RuleViolation as refusal:
            context.refresh()
            return _refused(sheet, refusal, click)
        if is_done:
            form_offers.close(sheet, said=said, is_done=True)
            return Answer(toast=_one_line(said))
        card = cards.next_card(sheet, said=said)
        form_offers.show(sheet, card)
        return Answer(toast=_one_line(said), is_error=True)

    def _submitted(self, sheet: Sheet, click: CardClicked) -> tuple[str, bool]:
        context, owner = sheet.context, sheet.owner
        if owner.submit:
            code = owner.place(context, sheet.code)
            done, is_done = self.deeds.submit(context, click, owner.submit, code, sheet.person)
            return done.text, is_done
        form_drafts.keep(context, sheet.person.id, sheet.form, sheet.content, sheet.code)
        said = owner.save(_filling(sheet, Reading(content=sheet.content)))
        return said, not form_drafts.is_open(context, sheet.person.id, sheet.form.id, sheet.code)


# ---------------------------------------------------------------- saving


def _save(sheet: Sheet, click: CardClicked) -> Answer:
    """Keep it, say what was understood, and turn to what is next."""
    try:
        after, back = _kept(sheet, click)
    except RuleViolation as refusal:
        return _refused(_with_typed(sheet, click), refusal, click)
    gaps = gaps_of(after)
    page = int(click.params.get(PAGE, "0") or 0)
    if page and not gaps.notes and page < cards.page_count(after):
        form_offers.show(after, cards.edit_card(after, page=page + 1, said=back))
    else:
        form_offers.show(after, cards.next_card(after, said=back))
    words = sheet.words
    if gaps.notes:
        key, note = next(iter(gaps.notes.items()))
        first = words.say("form_card_note", where=label_of(words, sheet.form.spec(key)), what=note)
        toast = words.say("form_toast_wrong", count=len(gaps.notes), first=first)
        return Answer(toast=_one_line(toast), is_error=True)
    if gaps.missing:
        return Answer(toast=words.say("form_toast_left", count=len(gaps.missing)))
    return Answer(toast=words.say("form_toast_ready"))


def _kept(sheet: Sheet, click: CardClicked) -> tuple[Sheet, str]:
    """The sheet with what is understood kept, and what is said about it. Raises RuleViolation; nothing is kept then."""
    context, owner = sheet.context, sheet.owner
    given = _typed(sheet, click)
    base = sheet.content
    reading = form_filling.read_inputs(context, sheet.form, given, base=base)
    with context.uow.savepoint():
        said = ""
        if owner.is_stored:
            said = owner.save(_filling(sheet, reading)) if reading.content != base else ""
        else:
            form_drafts.keep(context, sheet.person.id, sheet.form, reading.content, sheet.code)
    wrong = {problem.key: given[problem.key] for problem in reading.problems}
    rest = {key: text for key, text in sheet.typed.items() if key not in given}
    changed = [key for key in reading.understood if reading.content.get(key) != base.get(key)]
    back = noted(sheet.words, sheet.form, reading.content, changed, is_shown=sheet.is_open)
    return replace(sheet, typed={**rest, **wrong}), joined(back, "" if wrong else said)


def _typed(sheet: Sheet, click: CardClicked) -> Mapping[str, str]:
    """The inputs that say something new: those with another text than stands there, and those that were emptied."""
    filled = set(click.params.get(FILLED, "").split(","))
    texts = sheet.texts
    given = {key: "\n".join(text.splitlines()).strip() for key, text in click.form.items() if key in texts}
    return {k: text for k, text in given.items() if text != texts[k].strip() and (text or k in filled)}


def _filling(sheet: Sheet, reading: Reading) -> Filling:
    return Filling(
        context=sheet.context,
        person=sheet.person,
        words=sheet.words,
        form=sheet.form,
        code=sheet.code,
        reading=reading,
    )


# ---------------------------------------------------------------- the other ways on


def _ask(sheet: Sheet, click: CardClicked) -> Answer:
    """Keep what is there, and go on with one question after the other."""
    context, words = sheet.context, sheet.words
    try:
        after, back = _kept(sheet, click)
    except RuleViolation as refusal:
        return _refused(_with_typed(sheet, click), refusal, click)
    content = after.content
    needed = after.needed(content)
    asked = form_filling.ask_next(context, sheet.person, sheet.form, sheet.code, content=content, needed=needed)
    if not asked:
        form_offers.show(after, cards.next_card(after, said=back))
        return Answer(toast=words.say("form_toast_ready"))
    form_offers.close(after, said=words.say("form_card_asked"))
    key = f"form:{click.source.business_id}"
    body = effects.text(joined(back, asked))
    effects.tell(context, sheet.person, body, key=key, at_once=True, priority=effects.ANSWER)
    return Answer(toast=words.say("form_card_asked"))


def _preview(sheet: Sheet, click: CardClicked) -> Answer:
    """The whole form: on the card where there is room for it, in a message where inputs stand there or it is too long."""
    is_filling = FILLED in click.params
    if is_filling:
        answer = _save(sheet, click)
        if answer.is_error:
            return answer
    text = cards.preview(sheet)
    if not is_filling and cards.fits_a_card(sheet, text):
        form_offers.show(sheet, cards.ready_card(sheet, said=text))
        return Answer(toast="")
    key = f"form:{click.source.business_id}"
    effects.tell(sheet.context, sheet.person, effects.text(text), key=key, at_once=True, priority=effects.ANSWER)
    return Answer(toast=sheet.words.say("form_toast_preview"))


def _clear(sheet: Sheet) -> Answer:
    """Begin anew."""
    form_drafts.drop(sheet.context, sheet.person.id, sheet.form, sheet.code)
    said = sheet.words.say("form_card_cleared")
    fresh = replace(sheet, typed={})
    form_offers.show(fresh, cards.next_card(fresh, said=said))
    return Answer(toast=said)


def _over(sheet: Sheet) -> Answer:
    """The press was on a card that is done with."""
    form_offers.show_over(sheet)
    return Answer(toast=sheet.words.say("form_card_over"), is_error=True)


def _refused(sheet: Sheet, refusal: RuleViolation, click: CardClicked) -> Answer:
    """A rule says no: said at once and on the card, with what was typed; a card whose time is over is closed."""
    words, verb = sheet.words, sheet.owner.submit or sheet.form.verb
    keep_record(sheet.context, sheet.code, verb, refusal)
    said = reserved.refusal(words, verb) if refusal.code == "no_right" else refusing.sentence(words, refusal)
    pressed = tuple(spec.key for spec in fillable(sheet.form) if spec.key in click.form)
    if refusal.code in _OVER or (pressed and refusal.code in _FORBIDDEN):
        form_offers.close(sheet, said=said)
    elif pressed:
        form_offers.show(sheet, cards.same_card(sheet, pressed, said=said))
    else:
        form_offers.show(sheet, cards.next_card(sheet, said=said))
    return Answer(toast=_one_line(said), is_error=True)


def _with_typed(sheet: Sheet, click: CardClicked) -> Sheet:
    return replace(sheet, typed={**sheet.typed, **_typed(sheet, click)})


def _one_line(text: str) -> str:
    return inert(" ".join(text.split()), limit=300)
