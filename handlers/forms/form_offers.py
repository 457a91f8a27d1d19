"""Asking for a form: with one card in private where the platform has forms, with the first question elsewhere (ux.md A4 24)."""

from __future__ import annotations

import hashlib

from bot.domain.directory import Person
from bot.domain.form import Form
from bot.domain.ids import AccountKey
from bot.messages import Card, ToPerson
from bot.routing import Context
from handlers import effects
from handlers.calls import Call
from handlers.deeds import Deed
from handlers.forms import form_drafts, form_filling, form_sheets
from handlers.forms import form_sheet_cards as cards
from handlers.forms.form_owner import Owner, owner_of
from handlers.forms.form_sheets import Sheet
from handlers.forms.form_talk import joined


def offer(given: Call | Deed, form: Form, code: str, *, said: str = "", in_text: str | None = None) -> str:
    """Ask for what the form still lacks. Returns what is to be said in text; nothing where the card says it all.

    `said` stands before what is asked; `in_text` instead of it where there are no cards.
    """
    if on_card(given, form, code, said=said):
        return ""
    context, person = given.context, given.person
    owner = owner_of(context, form.id)
    needed = owner.needs(context, code, owner.content(context, code, person)) if owner is not None else None
    asked = form_filling.ask_next(context, person, form, code, needed=needed)
    return joined(said if in_text is None else in_text, asked)


def offer_rest(given: Call | Deed, form: Form, code: str, *, said: str, in_text: str) -> str:
    """What was written is kept: `said` stands on the card with the rest where there are cards and something is missing."""
    context, person = given.context, given.person
    owner = owner_of(context, form.id)
    if owner is None or not (owner.is_stored or form_drafts.is_open(context, person.id, form.id, code)):
        return in_text
    content = owner.content(context, code, person)
    is_whole = not owner.needs(context, code, content).missing(form, content)
    return in_text if is_whole or not on_card(given, form, code, said=said) else ""


def on_card(given: Call | Deed, form: Form, code: str, *, said: str = "") -> bool:
    """Show the form as a card in private; False where the platform has no forms."""
    context, person = given.context, given.person
    call = given.call if isinstance(given, Deed) else given
    owner, account = owner_of(context, form.id), _account(context, person, call)
    if owner is None or account is None or not has_cards(context, account):
        return False
    form_drafts.forget(context, person.id, form.id, code)
    begin(context, person, owner, code, account, said=said)
    if call is not None:
        call.point()
    return True


def has_cards(context: Context, account: AccountKey) -> bool:
    """Can a form be filled in on a card there, and the card turn into its next state?"""
    can = context.capabilities.get(account.platform)
    return can is not None and can.card_forms and can.card_callback and can.card_update


def begin(context: Context, person: Person, owner: Owner, code: str, account: AccountKey, *, said: str = "") -> None:
    """A new card; the one that stood for the same is closed."""
    known = form_sheets.opened(context, person, owner, code)
    if known is not None:
        close(known, said=known.words.say("form_card_replaced"))
    source = context.update.source.business_id if context.update is not None else context.now.isoformat()
    serial = hashlib.sha256(source.encode()).hexdigest()[:8]
    card_id = f"form:{person.id}:{owner.form.id}:{code}:{serial}"
    sheet = Sheet(context=context, person=person, owner=owner, code=code, card_id=card_id, account=account)
    show(sheet, cards.first_card(sheet, said=said))


def show(sheet: Sheet, card: Card) -> None:
    """Bring the card to this state."""
    _put(sheet, card, revision=form_sheets.keep(sheet))


def close(sheet: Sheet, *, said: str, is_done: bool = False) -> None:
    """The card takes no presses any more, and says why."""
    form_sheets.forget(sheet)
    _put(sheet, cards.over_card(sheet, said=said, is_done=is_done), revision="over")


def show_over(sheet: Sheet) -> None:
    """A card that another one replaced, or whose form was submitted otherwise, says so; it is told once."""
    _put(sheet, cards.over_card(sheet, said=sheet.words.say("form_card_over"), is_done=False), revision="over")


def _put(sheet: Sheet, card: Card, *, revision: int | str) -> None:
    effects.show(
        sheet.context,
        ToPerson(sheet.account),
        card,
        card_id=sheet.card_id,
        revision=revision,
        ref=sheet.code,
        priority=effects.ANSWER,
    )


def _account(context: Context, person: Person, call: Call | None) -> AccountKey | None:
    """Where the card goes: to the chat that the command came from where it is private."""
    if call is not None and call.is_private:
        return person.account_on(call.message.chat.platform)
    return effects.account_of(context, person)
