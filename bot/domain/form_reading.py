"""What people wrote into a form, understood: labels to fields, words to values, and everything that is wrong at once (domain.md 4).

Pure: names of people and departments are resolved by whoever asks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.domain.form import NONE, Content, FieldProblem, FieldSpec, FieldType, Form, Required, Value, text_of
from bot.domain.form_characters import as_line, is_blank, masked
from bot.domain.form_dates import FIRST_DAY, LAST_DAY
from bot.domain.form_labels import NEAR, Labels
from bot.domain.form_links import MOST_LINKS
from bot.domain.form_problems import Names
from bot.domain.form_text import FormField
from bot.domain.form_values import MOST_ROWS, length_problem, read_value

#: in these any word may stand, also one that looks like a label
_FREE = frozenset({FieldType.TEXT, FieldType.LONG, FieldType.LIST})
#: written twice, the second time adds to the first
_GROWING = frozenset(
    {
        FieldType.LONG, FieldType.LIST, FieldType.LINKS, FieldType.PEOPLE, FieldType.DEPARTMENTS, FieldType.CHOICES,
    }
)  # fmt: skip
#: what empties a field
_CLEARING = frozenset({"-", "—", "－", "清空"})
#: keys that mean the same in every form: a stretch of days, and when something happened
_START, _END, _HAPPENED = "start_on", "end_on", "occurred_at"

__all__ = ["Names", "Reading", "checked", "missing", "read_fields", "read_inputs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The content with what was understood laid over the base; `unknown` are labels that the form has not, with the nearest."""

    content: Content
    problems: tuple[FieldProblem, ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()
    #: keys of the fields that were understood, in the order in which they were written
    understood: tuple[str, ...] = ()


def read_fields(
    form: Form, fields: Iterable[FormField], names: Names, *, now: datetime, base: Content | None = None
) -> Reading:
    """Lay what was written over `base`. A field that is wrong keeps what it had and is a problem."""
    sorter = _Sorter.of(form, tuple(fields))
    written = ((form.spec(key), one) for key, one in sorter.known.items())
    return _laid_over(written, names, now, base or {}, tuple(sorter.unknown.items()))


def read_inputs(
    form: Form, given: Mapping[str, str], names: Names, *, now: datetime, base: Content | None = None
) -> Reading:
    """The same for the inputs of a card: field key -> what was typed; rows of a list are lines.

    An input that was emptied empties a field that need not be filled in.
    """
    specs = {spec.key: spec for spec in form.fields if spec.key in given}
    emptied = {k for k, s in specs.items() if not given[k].strip() and s.required is not Required.ALWAYS}
    rest = {key: value for key, value in (base or {}).items() if key not in emptied}
    written = ((spec, FormField("", given[key].strip())) for key, spec in specs.items())
    return _laid_over(written, names, now, rest, ())


def missing(
    form: Form, content: Content, *, is_special: bool = False, extra_required: Collection[str] = ()
) -> tuple[FieldSpec, ...]:
    """Required fields that are not filled in, in the order of the form. Blanks and zero-width characters are nothing (EC-16)."""
    return tuple(
        spec
        for spec in form.fields
        if is_required(spec, is_special=is_special, extra_required=extra_required) and is_empty(content.get(spec.key))
    )


def is_required(spec: FieldSpec, *, is_special: bool = False, extra_required: Collection[str] = ()) -> bool:
    """Must the field be filled in, here and now? What the system fills in is nobody's duty."""
    if spec.type is FieldType.AUTO:
        return False
    match spec.required:
        case Required.ALWAYS:
            return True
        case Required.SPECIAL:
            return is_special or spec.key in extra_required
        case Required.SOMETIMES | Required.NEVER:
            return spec.key in extra_required


def is_empty(value: Value | None) -> bool:
    """Is nothing filled in? An explicit 无 is something."""
    if value is None:
        return True
    if isinstance(value, str):
        return value != NONE and is_blank(value)
    return all(is_blank(cell) for row in value for cell in row)


def checked(form: Form, content: Content, *, now: datetime) -> tuple[FieldProblem, ...]:
    """What is wrong with a content as a whole: lengths, rows, dates (EC-17, EC-65)."""
    problems = [
        problem
        for spec in form.fields
        if not is_empty(content.get(spec.key))
        for problem in _checked_field(spec, content)
    ]
    start, end = _day(content.get(_START)), _day(content.get(_END))
    if start is not None and end is not None and end < start:
        problems.append(FieldProblem(key=_END, code="form_end_before_start", facts={"start": start.isoformat()}))
    happened = content.get(_HAPPENED)
    if isinstance(happened, str) and happened and _instant(happened, now) > now:
        problems.append(FieldProblem(key=_HAPPENED, code="form_in_future"))
    return tuple(problems)


# ---------------------------------------------------------------- labels


@dataclass(slots=True)
class _Sorter:
    """Sorts what was written by fields. What only looks like a field goes back to where it was written."""

    labels: Labels
    #: a form in one line is cut wherever a label stands; in one of several lines a label inside a text is text
    is_one_line: bool
    known: dict[str, FormField] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    #: key of the field that was written last
    _last: str = ""

    @staticmethod
    def of(form: Form, fields: Sequence[FormField]) -> _Sorter:
        """Everything sorted."""
        begun = sum(1 for one in fields if not one.is_inline)
        sorter = _Sorter(Labels(form), is_one_line=begun <= 1 and not any(one.lines for one in fields))
        for one in fields:
            sorter.take(one)
        return sorter

    def take(self, written: FormField) -> None:
        """The next field, as it seems."""
        spec = self.labels.of(written.label)
        if self._last and self._belongs_to_last(written, spec):
            self.known[self._last] = self.known[self._last].followed_by(written)
        elif spec is None:
            nearest = self.labels.nearest(written.label)
            self.unknown[written.label] = nearest.key if nearest is not None else ""
            self._last = ""
        else:
            begun = self.known.get(spec.key)
            self.known[spec.key] = _added(begun, written) if begun is not None and spec.type in _GROWING else written
            self._last = spec.key

    def _belongs_to_last(self, written: FormField, spec: FieldSpec | None) -> bool:
        """Is it no field of its own, but a part of the one before it?"""
        before = self.labels.form.spec(self._last)
        if before.type not in _FREE:
            return spec is None and written.is_inline
        if written.is_inline:
            return spec is None or not self.is_one_line
        if before.type is FieldType.TEXT:
            return False
        if before.type is FieldType.LIST and written.is_numbered:
            # the next row, unless the fields themselves are numbered
            return spec is None or not self.known[self._last].is_numbered
        return spec is None and self.labels.nearest(written.label, limit=NEAR) is None


def _added(begun: FormField, more: FormField) -> FormField:
    return replace(begun, lines=(*begun.lines, *(line for line in (more.value, *more.lines) if line)))


# ---------------------------------------------------------------- values


def _laid_over(
    written: Iterable[tuple[FieldSpec, FormField]],
    names: Names,
    now: datetime,
    base: Content,
    unknown: tuple[tuple[str, str], ...],
) -> Reading:
    content = dict(base)
    problems: list[FieldProblem] = []
    done: list[str] = []
    for spec, one in written:
        text = one.text.strip()
        if not text or _is_echo(spec, text, base):
            continue
        if text in _CLEARING:
            content.pop(spec.key, None)
            done.append(spec.key)
            continue
        found = read_value(spec, one, names, now=now)
        problems.extend(found.problems)
        if found.value is not None:
            content[spec.key] = found.value
            done.append(spec.key)
    return Reading(content=content, problems=tuple(problems), unknown=unknown, understood=tuple(done))


def _is_echo(spec: FieldSpec, text: str, base: Content) -> bool:
    """What was shown and comes back: a field of the system, and a phone number that was masked."""
    had = text_of(base, spec.key)
    if not had or spec.type not in {FieldType.AUTO, FieldType.PHONE}:
        return False
    return as_line(text) == (as_line(had) if spec.type is FieldType.AUTO else masked(had))


# ---------------------------------------------------------------- wholes


def _checked_field(spec: FieldSpec, content: Content) -> Iterable[FieldProblem]:
    value = content.get(spec.key, "")
    if value == NONE:
        return
    if isinstance(value, str):
        problem = length_problem(spec, value) if spec.type in {FieldType.TEXT, FieldType.LONG} else None
        if problem is not None:
            yield problem
        day = _day(value) if spec.type in {FieldType.DATE, FieldType.DATETIME} else None
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            yield FieldProblem(key=spec.key, code="form_date_range", facts={"typed": value[:20]})
        return
    limit, code = (
        (MOST_LINKS, "form_too_many_links") if spec.type is FieldType.LINKS else (MOST_ROWS, "form_too_many_rows")
    )
    if len(value) > limit:
        yield FieldProblem(key=spec.key, code=code, facts={"count": str(len(value)), "limit": str(limit)})


def _day(value: Value | None) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def _instant(value: str, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return now
    return at if at.tzinfo is not None else now
