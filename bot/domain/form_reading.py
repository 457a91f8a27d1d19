"""What people wrote into a form, understood: labels to fields, words to values, and everything that is wrong at once (domain.md 4).

Pure: names of people and departments are resolved by whoever asks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.form import Content, FieldProblem, FieldSpec, Form
from bot.domain.form_text import FormField
from bot.domain.ids import DepartmentId, PersonId


class Names(Protocol):
    """Who and what people mean by a word."""

    def people(self, name: str) -> tuple[PersonId, ...]:
        """Active people of that name or id; more than one where the name is not clear."""
        ...

    def department(self, name: str) -> DepartmentId | None:
        """The department of that full or short name or id."""
        ...

    def instant(self, text: str) -> datetime | None:
        """A date with a time of day, as people write it (ux.md A4 39)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The content with what was understood laid over the base; `unknown` are labels that the form has not, with the nearest."""

    content: Content
    problems: tuple[FieldProblem, ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()


def read_fields(
    form: Form, fields: Iterable[FormField], names: Names, *, now: datetime, base: Content | None = None
) -> Reading:
    """Lay what was written over `base`. A field that is wrong keeps what it had and is a problem."""
    raise NotImplementedError


def read_inputs(
    form: Form, given: Mapping[str, str], names: Names, *, now: datetime, base: Content | None = None
) -> Reading:
    """The same for the inputs of a card: field key -> what was typed; rows of a list are lines."""
    raise NotImplementedError


def missing(
    form: Form, content: Content, *, is_special: bool = False, extra_required: Collection[str] = ()
) -> tuple[FieldSpec, ...]:
    """Required fields that are not filled in, in the order of the form. Blanks and zero-width characters are nothing (EC-16)."""
    raise NotImplementedError


def checked(form: Form, content: Content, *, now: datetime) -> tuple[FieldProblem, ...]:
    """What is wrong with a content as a whole: lengths, rows, dates (EC-17, EC-65)."""
    raise NotImplementedError
