"""Forms of one step on an object (grading, solution, mediation, ruling): what was typed is kept until the step is done."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.form import Content, Form
from bot.domain.form_reading import Reading, missing
from bot.domain.form_text import FormField
from handlers.deeds import Deed, Done
from handlers.forms import form_drafts, form_filling, form_offers
from handlers.forms.form_filling import Filling


def read(deed: Deed, form: Form, code: str, fields: Iterable[FormField], *, base: Content | None = None) -> Reading:
    """What was given by text or card, over what was typed before, over what is known."""
    below = {**(base or {}), **form_drafts.kept(deed.context, deed.person.id, form, code)}
    if deed.is_click:
        return form_filling.read_inputs(deed.context, form, deed.form, base=below)
    return form_filling.read(deed.context, form, list(fields), base=below)


def lacking(deed: Deed, form: Form, code: str, reading: Reading) -> Done | None:
    """What is wrong or missing, said or asked for on a card with everything else kept; None where the step can be done."""
    complained = form_filling.complaint(deed.words, reading, form)
    if complained:
        form_drafts.keep(deed.context, deed.person.id, form, reading.content, code)
        return _asked(deed, form, code, complained, complained)
    filling = Filling(context=deed.context, person=deed.person, words=deed.words, form=form, code=code, reading=reading)
    said = form_filling.unfinished(filling, reading.content)
    if said:
        return _asked(deed, form, code, "", said)
    form_drafts.drop(deed.context, deed.person.id, form, code)
    return None


def _asked(deed: Deed, form: Form, code: str, said: str, in_text: str) -> Done:
    """By text the rest is asked for; whoever pressed a button has the inputs before him or her."""
    if deed.is_click:
        return Done(in_text)
    return Done(form_offers.offer_rest(deed, form, code, said=said, in_text=in_text))


def save(filling: Filling) -> str:
    """One more answer of the dialogue is kept; what is done with the whole form is a command of its own."""
    context, words, form = filling.context, filling.words, filling.form
    form_drafts.keep(context, filling.person.id, form, filling.reading.content, filling.code)
    if missing(form, filling.reading.content):
        return ""
    return words.say("form_step_ready", command=f"{words.say(f'form_step_{form.verb}')} {filling.code}")
