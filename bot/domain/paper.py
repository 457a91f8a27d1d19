"""A form as a document to be printed and signed: what goes into a template of the company (domain.md 4.1, 4.2, 4.4; R-120).

A template names fields by their keys; what it does not name it leaves out. What people wrote is never a template itself (EC-61).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.domain.form import NONE, Column, Content, FieldSpec, FieldType, Form, Value
from bot.domain.form_characters import masked
from bot.domain.form_writing import Spoken, value_text, word_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperTable:
    """A list field: its titles and rows of words."""

    key: str
    label: str
    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One form, ready to be set. `template` is the name of the template without its ending."""

    template: str
    #: file name without its ending (L-31)
    stem: str
    title: str
    code: str
    #: by field key: the words of the field, rows of a list as lines
    values: Mapping[str, str]
    #: fields of one value in the order of the form: label and words
    fields: tuple[tuple[str, str], ...]
    tables: tuple[PaperTable, ...]
    #: who took it out and when
    note: str = ""


def paper_of(
    form: Form,
    content: Content,
    spoken: Spoken,
    *,
    template: str,
    stem: str,
    title: str,
    code: str,
    note: str,
    auto: Mapping[str, str],
    skip: Iterable[str] = (),
) -> Paper:
    """The form with what is in it. `auto` are fields that the system fills in; `skip` those that this paper has not."""
    left_out = frozenset(skip)
    values: dict[str, str] = {"code": code, **auto}
    fields: list[tuple[str, str]] = []
    tables: list[PaperTable] = []
    for spec in form.fields:
        if spec.key in left_out:
            continue
        value = auto.get(spec.key) or content.get(spec.key, "")
        words = _words(spec, value, spoken)
        values[spec.key] = words
        if spec.type is FieldType.LIST and not isinstance(value, str):
            tables.append(_table(spec, value, spoken))
        elif spec.type is not FieldType.AUTO or words:
            fields.append((spoken.label(spec), words))
    return Paper(
        template=template,
        stem=stem,
        title=title,
        code=code,
        values=values,
        fields=tuple(fields),
        tables=tuple(tables),
        note=note,
    )


def _words(spec: FieldSpec, value: Value, spoken: Spoken) -> str:
    if not value:
        return ""
    if spec.type is FieldType.PHONE and isinstance(value, str):
        return masked(value)
    return (
        spoken.text(value)
        if spec.type is FieldType.AUTO and isinstance(value, str)
        else value_text(spec, value, spoken)
    )


def _table(spec: FieldSpec, value: tuple[tuple[str, ...], ...], spoken: Spoken) -> PaperTable:
    columns = spec.columns or (Column(key=spec.key, zh=spec.zh, en=spec.en),)
    return PaperTable(
        key=spec.key,
        label=spoken.label(spec),
        titles=tuple(column.zh for column in columns),
        rows=tuple(tuple(_cell(c, cell, spoken) for c, cell in zip(columns, row, strict=False)) for row in value),
    )


def _cell(column: Column, cell: str, spoken: Spoken) -> str:
    if not cell or cell == NONE:
        return cell
    if column.type in {FieldType.PEOPLE, FieldType.DEPARTMENTS, FieldType.CHOICES}:
        return "、".join(word_of(column.type, part, spoken) for part in cell.split("、"))
    return word_of(column.type, cell, spoken)
