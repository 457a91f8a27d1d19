"""Forms as people fill them in: lines of text, inputs of a card, or one question after the other. What was typed is never lost.

A family registers a form once (`Forms.on`) with what is in it now (`load`) and what to do with more (`save`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from bot.domain.directory import Person
from bot.domain.draft import FormDraft
from bot.domain.folding import folded
from bot.domain.form import Content, FieldType, Form
from bot.domain.form_reading import Reading, checked, missing, read_fields
from bot.domain.form_reading import read_inputs as read_given
from bot.domain.form_text import FormField
from bot.domain.form_writing import lines_of
from bot.domain.ids import ChatKey
from bot.errors import RuleViolation
from bot.routing import Context, Router
from bot.updates import ChatType, MessageReceived
from handlers import refusing
from handlers.forms import form_drafts
from handlers.forms.form_cards import card_fields
from handlers.forms.form_complaints import complaint, problem_lines
from handlers.forms.form_dialogue import Needed, Step, following, question, step_of
from handlers.forms.form_names import CompanyNames, label_of, spoken
from handlers.forms.form_owner import Filling, Load, Needs, Owner, Place, Save, nothing_more, same_place
from handlers.forms.form_talk import Talk, joined
from handlers.words import Words, words_for

__all__ = [
    "Filling",
    "Forms",
    "Load",
    "Needed",
    "Save",
    "ask_next",
    "card_fields",
    "complaint",
    "read",
    "read_inputs",
    "require_complete",
    "shown",
    "unfinished",
]


class Forms:
    """The table of forms."""

    def __init__(self) -> None:
        self._forms: dict[str, Owner] = {}

    def on(
        self,
        form: Form,
        *,
        load: Load,
        save: Save,
        needs: Needs = nothing_more,
        is_stored: bool = False,
        submit: str = "",
        place: Place = same_place,
    ) -> None:
        """Make a form known: what else it `needs`, whether `save` keeps it in the object, which deed submits which object."""
        if form.id in self._forms:
            raise ValueError(f"two owners of form {form.id}")
        self._forms[form.id] = Owner(form, load, save, needs, is_stored, submit, place)

    @property
    def known(self) -> tuple[Form, ...]:
        """Every form, in the order in which they were made known."""
        return tuple(owner.form for owner in self._forms.values())

    def register(self, router: Router) -> None:
        """Put what forms need on the table of the router."""
        for owner in self._forms.values():
            router.form(owner.form.id, owner.load, owner)

    # ------------------------------------------------------------ the guided dialogue

    def asked(self, context: Context, person: Person, update: MessageReceived) -> FormDraft | None:
        """The question that this private message may answer; None where none waits."""
        if update.chat_type is not ChatType.DIRECT:
            return None
        draft = form_drafts.asked(context, person.id, update.chat)
        return draft if draft is not None and draft.form in self._forms else None

    def wants_words(self, draft: FormDraft) -> bool:
        """Does the form ask for a text, to which 好的 is no answer?"""
        fields = self._forms[draft.form].form.fields
        return any(s.key == draft.asking and s.type in {FieldType.TEXT, FieldType.LONG} for s in fields)

    def is_expected(self, draft: FormDraft, text: str) -> bool:
        """Is the text one of the words that were offered: a step of the dialogue, or an option of the question?"""
        fields = self._forms[draft.form].form.fields
        options = next((s.options for s in fields if s.key == draft.asking), ())
        return step_of(text) is not Step.ANSWER or folded(text) in {folded(option) for option in options}

    def fits(self, context: Context, person: Person, draft: FormDraft, field: FormField) -> bool:
        """Would the text be understood as the answer?"""
        return self._talk(context, person, draft, None).fits(draft.asking, field)

    def answered(self, context: Context, person: Person, draft: FormDraft, field: FormField, chat: ChatKey) -> str:
        """Take the message for the answer, or for the step that it is; says what is next. Raises RuleViolation."""
        return self._talk(context, person, draft, chat).answered(draft.asking, field)

    def _talk(self, context: Context, person: Person, draft: FormDraft, chat: ChatKey | None) -> Talk:
        return Talk(context=context, person=person, owner=self._forms[draft.form], code=draft.code, chat=chat)


def read(context: Context, form: Form, fields: Sequence[FormField], *, base: Content | None = None) -> Reading:
    """Lay `字段名：值` lines over what is there."""
    return read_fields(form, fields, CompanyNames(context), now=_local_now(context), base=base)


def read_inputs(context: Context, form: Form, given: Mapping[str, str], *, base: Content | None = None) -> Reading:
    """Lay the inputs of a card over what is there."""
    return read_given(form, given, CompanyNames(context), now=_local_now(context), base=base)


def require_complete(
    context: Context,
    words: Words,
    form: Form,
    content: Content,
    *,
    is_special: bool = False,
    extra_required: Collection[str] = (),
) -> None:
    """Raises RuleViolation `missing_fields` naming every required field that is empty (2.8), else `field_problems` naming what is wrong."""
    empty = missing(form, content, is_special=is_special, extra_required=extra_required)
    if empty:
        raise RuleViolation("missing_fields", {"fields": words.listing(label_of(words, spec) for spec in empty)})
    problems = checked(form, content, now=_local_now(context))
    if problems:
        raise RuleViolation("field_problems", {"problems": "\n".join(problem_lines(words, form, problems))})


def shown(
    words: Words,
    form: Form,
    content: Content,
    *,
    keys: Iterable[str] | None = None,
    masks_phone: bool = False,
) -> str:
    """The form as lines `字段：值` with names of people and departments, for reading in private."""
    return "\n".join(lines_of(form, content, spoken(words), keys=keys, masks_phone=masks_phone))


def ask_next(
    context: Context,
    person: Person,
    form: Form,
    code: str,
    *,
    chat: str = "",
    content: Content | None = None,
    needed: Needed | None = None,
) -> str:
    """Begin or go on with the guided dialogue: the question for the first field that is missing; empty when none is.

    `content` is what is filled in now; what the owner of the form loads where it is not given.
    """
    if content is None:
        loaded = context.router.content_of(context, form.id, code, person) if context.router is not None else {}
        content = {**loaded, **form_drafts.kept(context, person.id, form, code)}
    needs = needed or Needed()
    spec = following(form, content, "", needs)
    if spec is None:
        form_drafts.forget(context, person.id, form.id, code)
        return ""
    form_drafts.remember(context, person.id, form, code, spec.key, _private_chat(context, chat))
    return question(words_for(context, person), form, content, spec, needs)


def unfinished(filling: Filling, content: Content, *, needed: Needed | None = None) -> str:
    """Keep what was typed into a form that has no object yet, and say what it still lacks; empty where it is complete.

    For forms that become an object only when they are whole: return this instead of raising, so that nothing is undone.
    """
    context, words, form = filling.context, filling.words, filling.form
    needs = needed or Needed()
    try:
        require_complete(context, words, form, content, is_special=needs.is_special, extra_required=needs.extra)
    except RuleViolation as refusal:
        form_drafts.keep(context, filling.person.id, form, content, filling.code)
        return joined(refusing.sentence(words, refusal), words.say("form_kept"))
    return ""


def _private_chat(context: Context, chat: str) -> ChatKey | None:
    """Where the answer is expected; any private chat of the person where it is not known yet."""
    update = context.update
    if chat:
        platform, _, key = chat.partition(":")
        return ChatKey(platform, key)
    is_here = isinstance(update, MessageReceived) and update.chat_type is ChatType.DIRECT
    return update.chat if is_here and isinstance(update, MessageReceived) else None


def _local_now(context: Context) -> datetime:
    return context.world.calendars.local(context.now)
