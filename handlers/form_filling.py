"""Forms as people fill them in: lines of text, inputs of a card, or one question after the other. What was typed is never lost.

A family registers a form once (`Forms.on`) with what is in it now (`load`) and what to do with more (`save`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.directory import Person
from bot.domain.form import Content, Form
from bot.domain.form_reading import Reading
from bot.domain.form_text import FormField
from bot.messages import Field
from bot.routing import Context, Router
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


class Forms:
    """The table of forms."""

    def __init__(self) -> None:
        self._forms: dict[str, tuple[Form, Load, Save]] = {}

    def on(self, form: Form, *, load: Load, save: Save) -> None:
        """Make a form known."""
        if form.id in self._forms:
            raise ValueError(f"two owners of form {form.id}")
        self._forms[form.id] = (form, load, save)

    def register(self, router: Router) -> None:
        """Put what forms need on the table of the router."""


def read(context: Context, form: Form, fields: Sequence[FormField], *, base: Content | None = None) -> Reading:
    """Lay `字段名：值` lines over what is there."""
    raise NotImplementedError


def read_inputs(context: Context, form: Form, given: Mapping[str, str], *, base: Content | None = None) -> Reading:
    """Lay the inputs of a card over what is there."""
    raise NotImplementedError


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
    raise NotImplementedError


def complaint(words: Words, reading: Reading, form: Form) -> str:
    """What was not understood, with the nearest label or a right example; empty where all was understood."""
    raise NotImplementedError


def shown(words: Words, form: Form, content: Content, *, keys: Iterable[str] | None = None) -> str:
    """The form as lines `字段：值` with names of people and departments, for reading in private."""
    raise NotImplementedError


def card_fields(words: Words, form: Form, content: Content, *, keys: Iterable[str]) -> tuple[Field, ...]:
    """Inputs of a card for these fields, filled with what is there."""
    raise NotImplementedError


def ask_next(context: Context, person: Person, form: Form, code: str, *, chat: str = "") -> str:
    """Begin or go on with the guided dialogue: the question for the first field that is missing; empty when none is."""
    raise NotImplementedError
