"""A form and the family behind it: what is in it now, what is done with more, what else it requires."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.directory import Person
from bot.domain.form import Content, Form
from bot.domain.form_reading import Reading
from bot.routing import Context
from handlers import form_drafts
from handlers.form_dialogue import Needed
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
#: what this content requires besides what the form always does
Needs = Callable[[Content], Needed]


def nothing_more(_: Content) -> Needed:
    """The form requires what it always does."""
    return Needed()


@dataclass(frozen=True, slots=True)
class Owner:
    """A form and the family behind it."""

    form: Form
    load: Load
    save: Save
    needs: Needs

    def content(self, context: Context, code: str, person: Person) -> Content:
        """What is filled in now: in the object, and in the draft where there is no object yet."""
        return {**self.load(context, code, person), **form_drafts.kept(context, person.id, self.form, code)}
