"""One value of a form: what people wrote for a field of that type, in its normal form, or everything that is wrong with it.

Pure: names, dates and times are resolved by whoever asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from bot.domain.folding import folded
from bot.domain.form import NO, NONE, YES, Column, FieldProblem, FieldSpec, FieldType, rows
from bot.domain.form_amounts import read_money, read_number, read_percent, read_phone
from bot.domain.form_characters import (
    MENTION_CLOSE,
    MENTION_OPEN,
    as_line,
    as_lines,
    said_length,
    seen_length,
)
from bot.domain.form_dates import read_date, read_datetime
from bot.domain.form_links import read_code, read_links
from bot.domain.form_options import english
from bot.domain.form_problems import Names, Understood, problem, wrong
from bot.domain.form_text import FormField

MOST_ROWS = 50
LONGEST_LONG = 2000
LONGEST_CELL = 500
_DEFAULT_LONGEST = 100
#: several people or departments in one cell of a row
CELL_SEPARATOR = "、"
_NOTHING = frozenset({"无", "没有", "暂无", "不涉及", "不适用", "none", "nothing", "n/a", "na", "nil"})
_YES = frozenset({"是", "是的", "对", "有", "需要", "要", "同意", "√", "✓", "✔", "yes", "y", "true", "1"})
_NO = frozenset({"否", "不", "不是", "没有", "无", "不需要", "不用", "不要", "×", "✗", "✘", "no", "n", "false", "0"})
_SEVERAL = re.compile(r"[、,，;；\n]+")


def read_value(spec: FieldSpec, written: FormField, names: Names, *, now: datetime) -> Understood:
    """What was written for the field. A field that was left empty is understood as an empty string."""
    if spec.takes_none and _is_nothing(written.text):
        return Understood(NONE)
    return _READERS[spec.type](spec, written, names, now)


def limit_of(spec: FieldSpec) -> int:
    """How many characters a text may have."""
    return LONGEST_LONG if spec.type is FieldType.LONG and spec.longest == _DEFAULT_LONGEST else spec.longest


def length_problem(spec: FieldSpec, text: str) -> FieldProblem | None:
    """Too long or too short (EC-65, EC-66)."""
    count = seen_length(text)
    if count > limit_of(spec):
        return problem(spec, "form_too_long", count=str(count), limit=str(limit_of(spec)))
    if text and spec.shortest and said_length(text) < spec.shortest:
        return problem(spec, "form_too_short", limit=str(spec.shortest))
    return None


def cell_spec(spec: FieldSpec, column: Column) -> FieldSpec:
    """A column of a list as a field of its own."""
    return FieldSpec(
        key=spec.key,
        zh=column.zh,
        en=column.en,
        type=column.type,
        options=column.options,
        longest=LONGEST_LONG if column.type is FieldType.LONG else LONGEST_CELL,
    )


# ---------------------------------------------------------------- texts


def _text(spec: FieldSpec, written: FormField, _: Names, __: datetime) -> Understood:
    return _of_length(spec, as_line(written.text))


def _long(spec: FieldSpec, written: FormField, _: Names, __: datetime) -> Understood:
    return _of_length(spec, as_lines(written.text))


def _of_length(spec: FieldSpec, text: str) -> Understood:
    found = length_problem(spec, text)
    return Understood(text) if found is None else Understood(None, (found,))


def _auto(spec: FieldSpec, _: FormField, __: Names, ___: datetime) -> Understood:
    return Understood(None, (problem(spec, "form_auto"),))


# ---------------------------------------------------------------- choices


def _choice(spec: FieldSpec, written: FormField, _: Names, __: datetime) -> Understood:
    text = as_line(written.text)
    option = option_of(spec.options, text)
    return Understood(option) if option is not None else _no_choice(spec, text)


def _choices(spec: FieldSpec, written: FormField, _: Names, __: datetime) -> Understood:
    return _each(spec, _parts(written.text), lambda word: _choice(spec, FormField("", word), _, __))


def option_of(options: Iterable[str], text: str) -> str | None:
    """The option of that word, of a beginning that only one has, or of its number."""
    known = {_option_key(option): option for option in options}
    key = _option_key(text)
    if not key:
        return None
    spoken = {_option_key(english(option)): option for option in known.values()} | known
    if key in spoken:
        return spoken[key]
    begun = {option for word, option in spoken.items() if word.startswith(key)}
    if len(begun) == 1:
        return begun.pop()
    if key.isdecimal() and len(key) <= 2 and 1 <= int(key) <= len(known):
        return tuple(known.values())[int(key) - 1]
    return None


def _option_key(text: str) -> str:
    return "".join(c for c in folded(text) if c.isalnum())


def _no_choice(spec: FieldSpec, text: str) -> Understood:
    return wrong(spec, "form_no_choice", text, options=" / ".join(spec.options))


def _bool(spec: FieldSpec, written: FormField, _: Names, __: datetime) -> Understood:
    word = folded(as_line(written.text)).strip(" .。!")
    if word in _YES or word in _NO:
        return Understood(YES if word in _YES else NO)
    return wrong(spec, "form_no_bool", written.text)


# ---------------------------------------------------------------- people and departments


def _person(spec: FieldSpec, written: FormField, names: Names, _: datetime) -> Understood:
    found = _one_person(spec, _marked_line(written.text), names)
    return found if found.value is None else Understood(found.value)


def _people(spec: FieldSpec, written: FormField, names: Names, _: datetime) -> Understood:
    return _each(spec, _names_in(written.text, lambda w: bool(names.people(w))), lambda w: _one_person(spec, w, names))


def _one_person(spec: FieldSpec, word: str, names: Names) -> Understood:
    people = names.people(word)
    if len(people) == 1:
        return Understood(str(people[0]))
    if people:
        return wrong(spec, "form_several_people", word, people=" ".join(people))
    return wrong(spec, "form_no_person", word)


def _department(spec: FieldSpec, written: FormField, names: Names, _: datetime) -> Understood:
    return _one_department(spec, as_line(written.text), names)


def _departments(spec: FieldSpec, written: FormField, names: Names, _: datetime) -> Understood:
    words = _names_in(written.text, lambda w: names.department(w) is not None)
    return _each(spec, words, lambda w: _one_department(spec, w, names))


def _one_department(spec: FieldSpec, word: str, names: Names) -> Understood:
    department = names.department(word)
    return Understood(str(department)) if department is not None else wrong(spec, "form_no_department", word)


def _names_in(text: str, is_name: Callable[[str], bool]) -> list[str]:
    """The names in a text; a space parts them too, where what it parts is no name as a whole."""
    found: list[str] = []
    for part in _parts(_spaced(text)):
        found.extend([part] if MENTION_OPEN in part or is_name(part) else part.split())
    return found


def _spaced(text: str) -> str:
    return text.replace(MENTION_OPEN, f"、{MENTION_OPEN}").replace(MENTION_CLOSE, f"{MENTION_CLOSE}、")


def _marked_line(text: str) -> str:
    """One line with its mention kept, alone where there is one."""
    start, end = text.find(MENTION_OPEN), text.find(MENTION_CLOSE)
    return text[start : end + 1] if 0 <= start < end and text.count(MENTION_OPEN) == 1 else as_line(text)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in _SEVERAL.split(text) if part.strip()]


# ---------------------------------------------------------------- lists


def _list(spec: FieldSpec, written: FormField, names: Names, now: datetime) -> Understood:
    written_rows = written.rows
    if len(written_rows) > MOST_ROWS:
        count = str(len(written_rows))
        return Understood(None, (problem(spec, "form_too_many_rows", count=count, limit=str(MOST_ROWS)),))
    columns = spec.columns or (Column(key=spec.key, zh=spec.zh, en=spec.en),)
    values: list[tuple[str, ...]] = []
    problems: list[FieldProblem] = []
    for number, cells in enumerate(written_rows, start=1):
        row, faults = _row(spec, columns, _cells(cells, columns), names, now)
        values.append(row)
        problems.extend(replace(p, facts={"row": str(number), **p.facts}) for p in faults)
    return Understood(None, tuple(problems)) if problems else Understood(tuple(values))


def _cells(cells: tuple[str, ...], columns: tuple[Column, ...]) -> tuple[str, ...]:
    """A row without `|` is parted by commas where that gives just the columns there are."""
    if len(cells) > 1 or len(columns) == 1:
        return cells
    parts = tuple(part.strip() for part in re.split("[，,]", cells[0]))
    needed = sum(1 for column in columns if column.required)
    return parts if needed <= len(parts) <= len(columns) and len(parts) > 1 else cells


def _row(
    spec: FieldSpec, columns: tuple[Column, ...], cells: tuple[str, ...], names: Names, now: datetime
) -> tuple[tuple[str, ...], list[FieldProblem]]:
    while len(cells) > len(columns) and not cells[-1]:
        cells = cells[:-1]
    if len(cells) > len(columns):
        return (), [problem(spec, "form_row_columns", count=str(len(cells)), limit=str(len(columns)))]
    padded = (*cells, *("" for _ in columns[len(cells) :]))
    values: list[str] = []
    problems: list[FieldProblem] = []
    for column, cell in zip(columns, padded, strict=True):
        value, faults = _cell(spec, column, cell, names, now)
        values.append(value)
        problems.extend(replace(p, facts={"column": column.key, **p.facts}) for p in faults)
    return tuple(values), problems


def _cell(
    spec: FieldSpec, column: Column, cell: str, names: Names, now: datetime
) -> tuple[str, tuple[FieldProblem, ...]]:
    if not as_line(cell):
        return "", (problem(spec, "form_cell_empty"),) if column.required else ()
    if not column.required and cell.strip() in {"-", "—", "/"}:
        return "", ()
    understood = _READERS[column.type](cell_spec(spec, column), FormField("", cell), names, now)
    value = understood.value
    if value is None:
        return "", understood.problems
    return (value if isinstance(value, str) else CELL_SEPARATOR.join(row[0] for row in value)), ()


def _each(spec: FieldSpec, words: Iterable[str], read: Callable[[str], Understood]) -> Understood:
    """Several words, each understood by itself; every problem is named."""
    found = [read(word) for word in words]
    problems = tuple(fault for one in found for fault in one.problems)
    values = dict.fromkeys(one.value for one in found if isinstance(one.value, str))
    if len(values) > MOST_ROWS:
        problems += (problem(spec, "form_too_many_rows", count=str(len(values)), limit=str(MOST_ROWS)),)
    return Understood(None, problems) if problems else Understood(rows(values))


# ---------------------------------------------------------------- problems


def _is_nothing(text: str) -> bool:
    return folded(as_line(text)).strip(" .。") in _NOTHING


_READERS: dict[FieldType, Callable[[FieldSpec, FormField, Names, datetime], Understood]] = {
    FieldType.TEXT: _text,
    FieldType.LONG: _long,
    FieldType.DATE: read_date,
    FieldType.DATETIME: read_datetime,
    FieldType.CHOICE: _choice,
    FieldType.CHOICES: _choices,
    FieldType.PERSON: _person,
    FieldType.PEOPLE: _people,
    FieldType.DEPARTMENT: _department,
    FieldType.DEPARTMENTS: _departments,
    FieldType.PHONE: read_phone,
    FieldType.NUMBER: read_number,
    FieldType.MONEY: read_money,
    FieldType.PERCENT: read_percent,
    FieldType.LIST: _list,
    FieldType.LINKS: read_links,
    FieldType.BOOL: _bool,
    FieldType.CODE: read_code,
    FieldType.AUTO: _auto,
}
