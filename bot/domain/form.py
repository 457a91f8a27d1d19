"""Forms as data: which fields, of which type, which of them are required (domain.md 4). What is filled in is a `Content`.

A content holds normalised strings: dates as `2026-09-18`, instants as ISO with zone, people and departments as their ids, money
and percentages as plain decimals, a choice as the option's Chinese word. A list field holds rows of such strings in the order of
its columns. A field that is explicitly "无" holds `NONE`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

#: rows of a list field, one string a column; several people, departments, links or choices are rows of one column
Rows = tuple[tuple[str, ...], ...]
#: one field's value
Value = str | Rows
Content = Mapping[str, Value]
#: what a field holds that was explicitly filled in with 无
NONE = "无"
#: what a yes-or-no field holds
YES, NO = "是", "否"


class FieldType(StrEnum):
    """Types of 4 (general validation stands there)."""

    TEXT = "text"
    LONG = "long"
    DATE = "date"
    DATETIME = "datetime"
    CHOICE = "choice"
    CHOICES = "choices"
    PERSON = "person"
    PEOPLE = "people"
    DEPARTMENT = "department"
    DEPARTMENTS = "departments"
    PHONE = "phone"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    LIST = "list"
    LINKS = "links"
    BOOL = "bool"
    #: the code of another object
    CODE = "code"
    #: filled by the system; shown and exported, never read from what people write
    AUTO = "auto"


class Required(StrEnum):
    """When a field must be filled in."""

    ALWAYS = "always"
    NEVER = "never"
    #: special requests only (F1-19)
    SPECIAL = "special"
    #: decided by the owner of the form, who names the field in `extra_required`
    SOMETIMES = "sometimes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a list field."""

    key: str
    zh: str
    en: str
    type: FieldType = FieldType.TEXT
    required: bool = True
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """One field of a form."""

    key: str
    zh: str
    en: str
    type: FieldType
    required: Required = Required.NEVER
    #: other words people use for it
    aliases: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    #: characters at least and at most, counted as people see them
    shortest: int = 0
    longest: int = 100
    #: "无" is an answer (NONE is stored)
    takes_none: bool = False
    #: stands in the source, in a rule of it, or was inferred: S, S*, I
    mark: str = "I"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form of section 4."""

    #: F1..F12, or a name of our own
    id: str
    zh: str
    en: str
    fields: tuple[FieldSpec, ...]
    #: the command that takes it, for examples
    verb: str = ""

    def spec(self, key: str) -> FieldSpec:
        """The field of that key; KeyError without one."""
        return next_of(self.fields, key)


def next_of(fields: tuple[FieldSpec, ...], key: str) -> FieldSpec:
    """The field of that key; KeyError without one."""
    for spec in fields:
        if spec.key == key:
            return spec
    raise KeyError(key)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProblem:
    """What is wrong with one field; `code` is a key of the text catalogue, `facts` its placeholders."""

    key: str
    code: str
    facts: Mapping[str, str] = field(default_factory=dict)


def text_of(content: Content, key: str) -> str:
    """The field as one string; rows are joined, and a field that is not filled in is empty."""
    value = content.get(key, "")
    return value if isinstance(value, str) else "；".join(" | ".join(row) for row in value)


def texts_of(content: Content, key: str) -> tuple[str, ...]:
    """A field that holds several strings; none for 无."""
    return tuple(row[0] for row in rows_of(content, key) if row)


def rows_of(content: Content, key: str) -> Rows:
    """A field that holds rows; none for 无."""
    value = content.get(key, ())
    if isinstance(value, str):
        return ((value,),) if value and value != NONE else ()
    return value


def rows(values: Iterable[str]) -> Rows:
    """Several strings as the rows of one column that a content keeps."""
    return tuple((value,) for value in values)
