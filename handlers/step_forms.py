"""Forms of one step on an object (grading, solution, mediation, ruling): what was typed is kept until the step is done."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.form import Content, Form
from bot.domain.form_reading import Reading
from bot.domain.form_text import FormField
from handlers import form_drafts, form_filling
from handlers.deeds import Deed
from handlers.form_filling import Filling


def read(deed: Deed, form: Form, code: str, fields: Iterable[FormField], *, base: Content | None = None) -> Reading:
    """What was given by text or card, over what was typed before, over what is known."""
    below = {**(base or {}), **form_drafts.kept(deed.context, deed.person.id, form, code)}
    if deed.is_click:
        return form_filling.read_inputs(deed.context, form, deed.form, base=below)
    return form_filling.read(deed.context, form, list(fields), base=below)


def lacking(deed: Deed, form: Form, code: str, reading: Reading) -> str:
    """What is wrong or missing, said with everything else kept; empty where the step can be done."""
    complained = form_filling.complaint(deed.words, reading, form)
    if complained:
        form_drafts.keep(deed.context, deed.person.id, form, reading.content, code)
        return complained
    filling = Filling(context=deed.context, person=deed.person, words=deed.words, form=form, code=code, reading=reading)
    said = form_filling.unfinished(filling, reading.content)
    if not said:
        form_drafts.drop(deed.context, deed.person.id, form, code)
    return said
