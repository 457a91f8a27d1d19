"""A form and the family behind it: what is in it now, what is done with more, what else it requires."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.directory import Person
from bot.domain.form import Content, Form
from bot.domain.form_reading import Reading
from bot.routing import Context
from handlers.forms import form_drafts
from handlers.forms.form_dialogue import Needed
from handlers.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """What a person filled in, for the family that owns the form. `code` is the object, empty before there is one."""

    context: Context
    person: Person
    words: Words
    form: Form
    code: str
    reading: Reading


#: the content that a form of that object has now
Load = Callable[[Context, str, Person], Content]
#: keeps the new content and says what was understood and what is next; raises RuleViolation
Save = Callable[[Filling], str]
#: what this content, in that object, requires besides what the form always does
Needs = Callable[[Context, str, Content], Needed]


#: the code of the object in which a form that was begun under a code stands
Place = Callable[[Context, str], str]


def same_place(_: Context, code: str) -> str:
    """The form stands in the object under whose code it was begun."""
    return code


def nothing_more(_: Context, __: str, ___: Content) -> Needed:
    """The form requires what it always does."""
    return Needed()


@dataclass(frozen=True, slots=True)
class Owner:
    """A form and the family behind it."""

    form: Form
    load: Load
    save: Save
    needs: Needs = nothing_more
    #: `save` keeps in the object what is not whole yet; else a draft keeps it, and `save` submits it
    is_stored: bool = False
    #: the verb that submits it; `save` does where there is none
    submit: str = ""
    #: the object that the form stands in by now, for forms of which the first lines make an object
    place: Place = same_place

    def content(self, context: Context, code: str, person: Person) -> Content:
        """What is filled in now: in the object, and in the draft where there is no object yet."""
        return {**self.load(context, code, person), **form_drafts.kept(context, person.id, self.form, code)}


def owner_of(context: Context, form: str) -> Owner | None:
    """The family behind a form; None for forms that nobody owns."""
    found = context.router.form_owner(form) if context.router is not None else None
    return found if isinstance(found, Owner) else None
