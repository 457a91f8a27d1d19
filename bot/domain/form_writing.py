"""A filled-in form as the lines that people read, copy and send back: reading them gives the same content again (design.md section 3).

How people, departments and times are called is the business of whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Protocol

from bot.domain.form import NONE, Column, Content, FieldSpec, FieldType, Form, Value
from bot.domain.form_characters import masked
from bot.domain.form_text import cell_text, guarded, is_numbered
from bot.domain.form_values import CELL_SEPARATOR


class Spoken(Protocol):
    """How things are called for one reader."""

    def label(self, spec: FieldSpec) -> str:
        """What the field is called."""
        ...

    def text(self, text: str) -> str:
        """What a person wrote, made safe to show."""
        ...

    def option(self, option: str) -> str:
        """A word that was chosen from several."""
        ...

    def person(self, person: str) -> str:
        """A person, so that nobody else is meant."""
        ...

    def department(self, department: str) -> str:
        """A department."""
        ...

    def day(self, day: date) -> str:
        """A date."""
        ...

    def instant(self, at: datetime) -> str:
        """An instant."""
        ...


def lines_of(
    form: Form, content: Content, spoken: Spoken, *, keys: Iterable[str] | None = None, masks_phone: bool = False
) -> Iterator[str]:
    """Every field that is filled in, as `字段：值` and the lines that belong to it."""
    wanted = frozenset(keys) if keys is not None else None
    for spec in form.fields:
        value = content.get(spec.key)
        if not value or (wanted is not None and spec.key not in wanted):
            continue
        if masks_phone and spec.type is FieldType.PHONE and isinstance(value, str):
            value = masked(value)
        yield from _field(spec, value, spoken)


def value_text(spec: FieldSpec, value: Value, spoken: Spoken) -> str:
    """The value alone, as it is typed into an input; rows of a list are lines."""
    if isinstance(value, str):
        return spoken.option(NONE) if value == NONE else word_of(spec.type, value, spoken)
    if spec.type is FieldType.LIST:
        lines = [_row(spec, row, spoken) for row in value]
        has_numbers = any(is_numbered(line) for line in lines)
        return "\n".join(f"{n}. {line}" for n, line in enumerate(lines, 1)) if has_numbers else "\n".join(lines)
    separator = "\n" if spec.type is FieldType.LINKS else CELL_SEPARATOR
    return separator.join(word_of(spec.type, row[0], spoken) for row in value if row)


def word_of(type_: FieldType, value: str, spoken: Spoken) -> str:
    """One string of a content as people write it."""
    match type_:
        case FieldType.DATE:
            day = _day(value)
            return spoken.day(day) if day is not None else spoken.text(value)
        case FieldType.DATETIME:
            at = _instant(value)
            return spoken.instant(at) if at is not None else spoken.text(value)
        case FieldType.PERSON | FieldType.PEOPLE:
            return spoken.person(value)
        case FieldType.DEPARTMENT | FieldType.DEPARTMENTS:
            return spoken.department(value)
        case FieldType.PERCENT:
            return f"{spoken.text(value)}%"
        case FieldType.CHOICE | FieldType.CHOICES | FieldType.BOOL:
            return spoken.option(value)
        case (
            FieldType.TEXT
            | FieldType.LONG
            | FieldType.PHONE
            | FieldType.NUMBER
            | FieldType.MONEY
            | FieldType.LIST
            | FieldType.LINKS
            | FieldType.CODE
            | FieldType.AUTO
        ):
            return spoken.text(value)


def _field(spec: FieldSpec, value: Value, spoken: Spoken) -> Iterator[str]:
    name = spoken.label(spec)
    label = f"{name}: " if name.isascii() else f"{name}："
    if not isinstance(value, str) and spec.type is FieldType.LIST:
        yield label.rstrip()
        yield from (f"{number}. {_row(spec, row, spoken)}" for number, row in enumerate(value, start=1))
        return
    first, *rest = value_text(spec, value, spoken).split("\n")
    if spec.type is FieldType.LINKS:
        yield label + first
        yield from rest
        return
    # what fills itself in is never read again, and an instant is read with its time of day
    is_plain = spec.type in {FieldType.AUTO, FieldType.DATETIME}
    opening = first if is_plain else guarded(first, is_first=True)
    if opening == first:
        yield label + first
    else:
        yield label.rstrip()
        yield opening
    yield from (guarded(line) for line in rest)


def _row(spec: FieldSpec, row: tuple[str, ...], spoken: Spoken) -> str:
    columns = spec.columns or (Column(key=spec.key, zh=spec.zh, en=spec.en),)
    cells = [_cell(column, cell, spoken) for column, cell in zip(columns, row, strict=False)]
    while len(cells) > 1 and not cells[-1]:
        cells.pop()
    return " | ".join(cells)


def _cell(column: Column, cell: str, spoken: Spoken) -> str:
    if column.type in {FieldType.PEOPLE, FieldType.DEPARTMENTS, FieldType.CHOICES}:
        return CELL_SEPARATOR.join(word_of(column.type, part, spoken) for part in cell.split(CELL_SEPARATOR) if part)
    return cell_text(word_of(column.type, cell, spoken)) if cell else ""


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _instant(value: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
