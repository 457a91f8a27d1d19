"""What reading a value gives: its normal form, or everything that is wrong with it (domain.md 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.domain.form import FieldProblem, FieldSpec, Value
from bot.domain.form_characters import as_line, without_marks
from bot.domain.ids import DepartmentId, PersonId

#: how much of what was typed is quoted
_QUOTED = 20


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

    def day(self, text: str) -> date | None:
        """A date, as people write it; None also for two of them."""
        ...


@dataclass(frozen=True, slots=True)
class Understood:
    """The normal form of a value, None where something is wrong; then `problems` says what."""

    value: Value | None
    problems: tuple[FieldProblem, ...] = ()


def wrong(spec: FieldSpec, code: str, typed: str, **facts: str) -> Understood:
    """Nothing was understood; what was typed is quoted."""
    return Understood(None, (problem(spec, code, typed=quoted(typed), **facts),))


def problem(spec: FieldSpec, code: str, **facts: str) -> FieldProblem:
    """One thing that is wrong with the field."""
    return FieldProblem(key=spec.key, code=code, facts=facts)


def quoted(typed: str) -> str:
    """What was typed, short enough to be read in a sentence."""
    text = as_line(without_marks(typed))
    return text if len(text) <= _QUOTED else f"{text[: _QUOTED - 1]}…"
