"""One value of a form: what people wrote for a field of that type, in its normal form, or everything that is wrong with it.

Pure: names, dates and times are resolved by whoever asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Protocol
from urllib.parse import urlsplit

from bot.domain.codes import read_codes
from bot.domain.folding import folded
from bot.domain.form import NONE, Column, FieldProblem, FieldSpec, FieldType, Value, rows
from bot.domain.form_characters import (
    MENTION_CLOSE,
    MENTION_OPEN,
    as_line,
    as_lines,
    said_length,
    seen_length,
    without_marks,
)
from bot.domain.form_text import FormField
from bot.domain.ids import CodeKind, DepartmentId, PersonId

MOST_ROWS = 50
MOST_LINKS = 20
LONGEST_LONG = 2000
LONGEST_CELL = 500
_DEFAULT_LONGEST = 100
FIRST_DAY, LAST_DAY = date(2020, 1, 1), date(2099, 12, 31)
YES, NO = "是", "否"
#: several people or departments in one cell of a row
CELL_SEPARATOR = "、"
_QUOTED = 20
_NOTHING = frozenset({"无", "没有", "暂无", "不涉及", "不适用", "none", "nothing", "n/a", "na", "nil"})
_YES = frozenset({"是", "是的", "对", "有", "需要", "要", "同意", "√", "✓", "✔", "yes", "y", "true", "1"})
_NO = frozenset({"否", "不", "不是", "没有", "无", "不需要", "不用", "不要", "×", "✗", "✘", "no", "n", "false", "0"})
_UNITS = {
    "万": Decimal(10_000),
    "千": Decimal(1000),
    "亿": Decimal(100_000_000),
    "k": Decimal(1000),
    "w": Decimal(10_000),
}
_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<digits>\d{1,3}(?:,\d{3})+|\d{1,15})(?P<rest>\.\d{1,9})?\s*(?P<unit>[万千亿kw]?)\Z"
)
_MONEY_AROUND = re.compile(r"\A\s*(?:人民币|rmb|cny|¥|￥)?\s*|\s*(?:元整?|块钱?|人民币|rmb|cny)?\s*\Z")
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|\d{3,6}")
_SEVERAL = re.compile(r"[、,，;；\n]+")
_FULL_DATE = re.compile(r"(?<!\d)(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})(?!\d)")
_URL = re.compile(r"https?://[^\s，；、]+", re.IGNORECASE)
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


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
        return _problem(spec, "form_too_long", count=str(count), limit=str(limit_of(spec)))
    if text and spec.shortest and said_length(text) < spec.shortest:
        return _problem(spec, "form_too_short", limit=str(spec.shortest))
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
    problem = length_problem(spec, text)
    return Understood(text) if problem is None else Understood(None, (problem,))


def _auto(spec: FieldSpec, _: FormField, __: Names, ___: datetime) -> Understood:
    return Understood(None, (_problem(spec, "form_auto"),))


# ---------------------------------------------------------------- dates


def _date(spec: FieldSpec, written: FormField, names: Names, _: datetime) -> Understood:
    text = as_line(written.text)
    day = _full_date(text)
    if day is None and _FULL_DATE.search(text) is None:
        day = names.day(text)
    return _day_in_range(spec, text, day)


def _datetime(spec: FieldSpec, written: FormField, names: Names, _: datetime) -> Understood:
    text = as_line(written.text)
    if _FULL_DATE.search(text) is not None:
        checked = _day_in_range(spec, text, _full_date(text))
        if checked.value is None:
            return checked
    at = _iso_instant(text) or names.instant(text)
    if at is None:
        return _wrong(spec, "form_no_time", text)
    checked = _day_in_range(spec, text, at.date())
    return checked if checked.value is None else Understood(at.replace(second=0, microsecond=0).isoformat())


def _full_date(text: str) -> date | None:
    """The one date with a year in the text, None where it does not exist or where there are two."""
    found = _FULL_DATE.findall(text)
    if len(found) != 1:
        return None
    try:
        return date(*(int(number) for number in found[0]))
    except ValueError:
        return None


def _iso_instant(text: str) -> datetime | None:
    if "T" not in text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def _day_in_range(spec: FieldSpec, text: str, day: date | None) -> Understood:
    if day is None:
        return _wrong(spec, "form_no_date", text)
    if not FIRST_DAY <= day <= LAST_DAY:
        return _wrong(spec, "form_date_range", text)
    return Understood(day.isoformat())


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
    if key in known:
        return known[key]
    begun = [option for word, option in known.items() if word.startswith(key)]
    if len(begun) == 1:
        return begun[0]
    if key.isdecimal() and len(key) <= 2 and 1 <= int(key) <= len(known):
        return tuple(known.values())[int(key) - 1]
    return None


def _option_key(text: str) -> str:
    return "".join(c for c in folded(text) if c.isalnum())


def _no_choice(spec: FieldSpec, text: str) -> Understood:
    return _wrong(spec, "form_no_choice", text, options=" / ".join(spec.options))


def _bool(spec: FieldSpec, written: FormField, _: Names, __: datetime) -> Understood:
    word = folded(as_line(written.text)).strip(" .。!")
    if word in _YES or word in _NO:
        return Understood(YES if word in _YES else NO)
    return _wrong(spec, "form_no_bool", written.text)


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
        return _wrong(spec, "form_several_people", word, people=" ".join(people))
    return _wrong(spec, "form_no_person", word)


def _department(spec: FieldSpec, written: FormField, names: Names, _: datetime) -> Understood:
    return _one_department(spec, as_line(written.text), names)


def _departments(spec: FieldSpec, written: FormField, names: Names, _: datetime) -> Understood:
    words = _names_in(written.text, lambda w: names.department(w) is not None)
    return _each(spec, words, lambda w: _one_department(spec, w, names))


def _one_department(spec: FieldSpec, word: str, names: Names) -> Understood:
    department = names.department(word)
    return Understood(str(department)) if department is not None else _wrong(spec, "form_no_department", word)


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


# ---------------------------------------------------------------- numbers


def _phone(spec: FieldSpec, written: FormField, _: Names, __: datetime) -> Understood:
    digits = re.sub(r"\s", "", folded(as_line(written.text))).removeprefix("+86")
    plain = digits.replace("-", "") if re.fullmatch(r"1[\d-]+", digits) else digits
    return Understood(plain) if _PHONE.fullmatch(plain) else _wrong(spec, "form_no_phone", written.text)


def _number(spec: FieldSpec, written: FormField, _: Names, __: datetime) -> Understood:
    number = _decimal(folded(as_line(written.text)))
    return Understood(_shown(number)) if number is not None else _wrong(spec, "form_no_number", written.text)


def _money(spec: FieldSpec, written: FormField, _: Names, __: datetime) -> Understood:
    amount = _decimal(_MONEY_AROUND.sub("", folded(as_line(written.text))))
    if amount is None:
        return _wrong(spec, "form_no_money", written.text)
    if amount < 0 or amount != round(amount, 2):
        return _wrong(spec, "form_money_range", written.text)
    return Understood(_shown(amount))


def _percent(spec: FieldSpec, written: FormField, _: Names, __: datetime) -> Understood:
    text = folded(as_line(written.text))
    number = _decimal(text.removeprefix("百分之").removesuffix("%").strip())
    if number is None:
        return _wrong(spec, "form_no_percent", written.text)
    return Understood(_shown(number)) if 0 <= number <= 100 else _wrong(spec, "form_percent_range", written.text)


def _decimal(text: str) -> Decimal | None:
    match = _NUMBER.match(text.strip())
    if match is None:
        return None
    try:
        number = Decimal(match["sign"] + match["digits"].replace(",", "") + (match["rest"] or ""))
    except InvalidOperation:
        return None
    return number * _UNITS.get(match["unit"], Decimal(1))


def _shown(number: Decimal) -> str:
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


# ---------------------------------------------------------------- links and codes


def _links(spec: FieldSpec, written: FormField, _: Names, __: datetime) -> Understood:
    text = as_lines(written.text)
    links = [match[0].rstrip(",;。") for match in _URL.finditer(text)]
    rest = " ".join(word for word in re.split(r"[\s,;，；、。]+", _URL.sub(" ", text)) if word)
    wrong = [rest] if rest else []
    wrong += [link for link in links if not is_web_address(link)]
    problems = [_problem(spec, "form_no_link", typed=_quoted(word)) for word in wrong]
    if len(links) > MOST_LINKS:
        problems.append(_problem(spec, "form_too_many_links", count=str(len(links)), limit=str(MOST_LINKS)))
    return Understood(None, tuple(problems)) if problems else Understood(rows(dict.fromkeys(links)))


def is_web_address(link: str) -> bool:
    """Is it a http or https address of a host in plain letters, without a user before it (EC-64)?"""
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    is_plain = parts.scheme.lower() in {"http", "https"} and "@" not in parts.netloc and "xn--" not in host.lower()
    return is_plain and _HOST.fullmatch(host) is not None and len(link) <= LONGEST_LONG


def _code(spec: FieldSpec, written: FormField, _: Names, now: datetime) -> Understood:
    refs, rest = read_codes(as_line(written.text), takes_number=len(spec.options) == 1)
    kind = CodeKind(spec.options[0]) if len(spec.options) == 1 else None
    code = refs[0].code(now.year, kind) if len(refs) == 1 and not rest.strip() else None
    if code is None or (spec.options and code[:2] not in spec.options):
        return _wrong(spec, "form_no_code", written.text)
    return Understood(str(code))


# ---------------------------------------------------------------- lists


def _list(spec: FieldSpec, written: FormField, names: Names, now: datetime) -> Understood:
    written_rows = written.rows
    if len(written_rows) > MOST_ROWS:
        count = str(len(written_rows))
        return Understood(None, (_problem(spec, "form_too_many_rows", count=count, limit=str(MOST_ROWS)),))
    columns = spec.columns or (Column(key=spec.key, zh=spec.zh, en=spec.en),)
    values: list[tuple[str, ...]] = []
    problems: list[FieldProblem] = []
    for number, cells in enumerate(written_rows, start=1):
        row, wrong = _row(spec, columns, _cells(cells, columns), names, now)
        values.append(row)
        problems.extend(replace(p, facts={"row": str(number), **p.facts}) for p in wrong)
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
        return (), [_problem(spec, "form_row_columns", count=str(len(cells)), limit=str(len(columns)))]
    padded = (*cells, *("" for _ in columns[len(cells) :]))
    values: list[str] = []
    problems: list[FieldProblem] = []
    for column, cell in zip(columns, padded, strict=True):
        value, wrong = _cell(spec, column, cell, names, now)
        values.append(value)
        problems.extend(replace(p, facts={"column": column.key, **p.facts}) for p in wrong)
    return tuple(values), problems


def _cell(
    spec: FieldSpec, column: Column, cell: str, names: Names, now: datetime
) -> tuple[str, tuple[FieldProblem, ...]]:
    if not as_line(cell):
        return "", (_problem(spec, "form_cell_empty"),) if column.required else ()
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
    problems = tuple(problem for one in found for problem in one.problems)
    values = dict.fromkeys(one.value for one in found if isinstance(one.value, str))
    if len(values) > MOST_ROWS:
        problems += (_problem(spec, "form_too_many_rows", count=str(len(values)), limit=str(MOST_ROWS)),)
    return Understood(None, problems) if problems else Understood(rows(values))


# ---------------------------------------------------------------- problems


def _is_nothing(text: str) -> bool:
    return folded(as_line(text)).strip(" .。") in _NOTHING


def _wrong(spec: FieldSpec, code: str, typed: str, **facts: str) -> Understood:
    return Understood(None, (_problem(spec, code, typed=_quoted(typed), **facts),))


def _problem(spec: FieldSpec, code: str, **facts: str) -> FieldProblem:
    return FieldProblem(key=spec.key, code=code, facts=facts)


def _quoted(typed: str) -> str:
    text = as_line(without_marks(typed))
    return text if len(text) <= _QUOTED else f"{text[: _QUOTED - 1]}…"


_READERS: dict[FieldType, Callable[[FieldSpec, FormField, Names, datetime], Understood]] = {
    FieldType.TEXT: _text,
    FieldType.LONG: _long,
    FieldType.DATE: _date,
    FieldType.DATETIME: _datetime,
    FieldType.CHOICE: _choice,
    FieldType.CHOICES: _choices,
    FieldType.PERSON: _person,
    FieldType.PEOPLE: _people,
    FieldType.DEPARTMENT: _department,
    FieldType.DEPARTMENTS: _departments,
    FieldType.PHONE: _phone,
    FieldType.NUMBER: _number,
    FieldType.MONEY: _money,
    FieldType.PERCENT: _percent,
    FieldType.LIST: _list,
    FieldType.LINKS: _links,
    FieldType.BOOL: _bool,
    FieldType.CODE: _code,
    FieldType.AUTO: _auto,
}
