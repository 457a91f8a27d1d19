"""What a person has typed into a form and not submitted yet, kept over restarts (domain.md 4).

A form of an object lives in the object; a draft row holds the content only where there is no object yet, and always
which field the guided dialogue asked for.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.draft import FormDraft
from bot.domain.form import Content, Form
from bot.domain.ids import ChatKey, PersonId
from bot.routing import Context

#: a question that was not answered for so long is forgotten; what was typed is not
PATIENCE = timedelta(days=1)


def kept(context: Context, person: PersonId, form: Form, code: str = "") -> Content:
    """What the person has filled in so far; empty where nothing was."""
    draft = context.uow.form_drafts.get(_key(person, form.id, code))
    return draft.content if draft is not None else {}


def keep(context: Context, person: PersonId, form: Form, content: Content, code: str = "") -> None:
    """Keep what was typed until it is submitted."""
    draft = _draft(context, person, form.id, code)
    _store(context, replace(draft, content=dict(content), updated_at=context.now))


def drop(context: Context, person: PersonId, form: Form, code: str = "") -> None:
    """It was submitted or thrown away; nothing is asked any more."""
    context.uow.form_drafts.remove(_key(person, form.id, code))


def remember(context: Context, person: PersonId, form: Form, code: str, field: str, chat: ChatKey | None) -> None:
    """The next plain message of this person answers this question; no other form asks meanwhile."""
    key = _key(person, form.id, code)
    for other in context.uow.form_drafts.find(person=person):
        if other.key != key and other.asking:
            _store(context, replace(other, asking="", asked_until=None))
    draft = _draft(context, person, form.id, code)
    until = context.now + PATIENCE
    _store(context, replace(draft, asking=field, asked_until=until, chat=chat, updated_at=context.now))


def forget(context: Context, person: PersonId, form: str, code: str) -> None:
    """Nothing is asked any more; what was typed stays."""
    draft = context.uow.form_drafts.get(_key(person, form, code))
    if draft is not None and draft.content:
        _store(context, replace(draft, asking="", asked_until=None))
    elif draft is not None:
        context.uow.form_drafts.remove(draft.key)


def is_open(context: Context, person: PersonId, form: str, code: str) -> bool:
    """Is it still being filled in? Not once it was submitted or thrown away."""
    return context.uow.form_drafts.get(_key(person, form, code)) is not None


def asked(context: Context, person: PersonId, chat: ChatKey) -> FormDraft | None:
    """The form whose question waits for this person in this private chat; None once its day is over."""
    for draft in context.uow.form_drafts.find(person=person):
        is_waiting = bool(draft.asking) and draft.asked_until is not None and context.now < draft.asked_until
        if is_waiting and draft.chat in (None, chat):
            return draft
    return None


def _draft(context: Context, person: PersonId, form: str, code: str) -> FormDraft:
    key = _key(person, form, code)
    return context.uow.form_drafts.get(key) or FormDraft(key=key, person=person, form=form, code=code)


def _store(context: Context, draft: FormDraft) -> None:
    if draft.version:
        context.uow.form_drafts.put(draft)
    else:
        context.uow.form_drafts.add(draft)


def _key(person: PersonId, form: str, code: str) -> str:
    return f"{person}/{form}/{code}"
