"""What is wrong with a form, told in three parts: what was not understood, how it is written, what is next (ux.md A4 21)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from bot.domain.form import NO, YES, Column, FieldProblem, FieldSpec, FieldType, Form
from bot.domain.form_reading import Reading
from bot.domain.ids import PersonId
from bot.messages import inert
from handlers.forms.form_names import label_of
from handlers.words import Words

#: more problems than these are counted, not listed
MOST = 12
#: how many labels are offered where none is like the one that was typed
MOST_LABELS = 8
_QUOTED = 20
#: what a problem is about, said by its place and not by its sentence
_PLACES = frozenset({"row", "column"})


def complaint(words: Words, reading: Reading, form: Form) -> str:
    """Everything that was not understood, each with the nearest label or a right example; empty where all was understood."""
    lines = [*problem_lines(words, form, reading.problems), *_unknown_lines(words, reading, form)]
    if not lines:
        return ""
    return words.say("form_complaint", count=len(lines), problems="\n".join(lines[:MOST]))


def problem_lines(words: Words, form: Form, problems: Iterable[FieldProblem]) -> Iterator[str]:
    """One line a problem."""
    for problem in problems:
        where, what = _told(words, form, problem)
        yield words.say("form_problem", where=where, what=what)


def problem_note(words: Words, form: Form, problem: FieldProblem) -> str:
    """What stands beside the field itself, which need not be named again."""
    where, what = _told(words, form, problem)
    return words.say("form_card_note", where=where, what=what) if problem.facts.get("row") else what


def _told(words: Words, form: Form, problem: FieldProblem) -> tuple[str, str]:
    """Where something is wrong, and what, with an example where the sentence does not say what would be right."""
    spec = form.spec(problem.key)
    column = _column(spec, problem.facts.get("column", ""))
    what = words.say(problem.code, **_facts(words, problem))
    example = _example(words, spec, column) if problem.code not in _PLAIN else ""
    return _where(words, spec, column, problem), f"{what}{example}"


#: problems that say by themselves what would be right
_PLAIN = frozenset(
    {
        "form_auto", "form_in_future", "form_end_before_start", "form_no_choice", "form_no_bool", "form_several_people",
        "form_too_long", "form_too_short", "form_too_many_rows", "form_too_many_links", "form_no_department",
    }
)  # fmt: skip


def sample(words: Words, spec: FieldSpec | Column) -> str:
    """A right value for the field, in words of this company."""
    context = words.context
    day = context.world.calendars.next_workday(context.world.calendars.local(context.now).date())
    match spec.type:
        case FieldType.DATE:
            return words.day(day)
        case FieldType.DATETIME:
            return f"{words.day(day)} 15:00"
        case FieldType.CHOICE | FieldType.CHOICES:
            return words.option(spec.options[0]) if spec.options else ""
        case FieldType.PERSON | FieldType.PEOPLE:
            return context.person.name if context.person is not None else ""
        case FieldType.DEPARTMENT | FieldType.DEPARTMENTS:
            return words.department(context.person.department) if context.person is not None else ""
        case FieldType.PHONE:
            return "13800138000"
        case FieldType.NUMBER:
            return "3"
        case FieldType.MONEY:
            return "3000"
        case FieldType.PERCENT:
            return "60%"
        case FieldType.LINKS:
            return "https://docs.example.com/x1"
        case FieldType.CODE:
            kind = spec.options[0] if spec.options else "SX"
            return f"{kind}-{(context.now + timedelta(hours=8)).year}-0001"
        case FieldType.BOOL:
            return f"{words.option(YES)} / {words.option(NO)}"
        case FieldType.LIST:
            return (
                " | ".join(_column_sample(words, column) for column in spec.columns)
                if isinstance(spec, FieldSpec)
                else ""
            )
        case FieldType.TEXT | FieldType.LONG | FieldType.AUTO:
            return ""


def column_label(words: Words, column: Column) -> str:
    """What a column is called in the reader's language."""
    return column.en if words.language.startswith("en") else column.zh


def _column_sample(words: Words, column: Column) -> str:
    return sample(words, column) or column_label(words, column)


def _unknown_lines(words: Words, reading: Reading, form: Form) -> Iterator[str]:
    for typed, nearest in reading.unknown:
        shown = inert(typed, limit=_QUOTED)
        where = words.say("form_unknown_where", typed=shown)
        if nearest:
            what = words.say("form_unknown_near", typed=shown, label=label_of(words, form.spec(nearest)))
        else:
            asked = [label_of(words, s) for s in form.fields if s.type is not FieldType.AUTO]
            more = [words.say("form_labels_more")] if len(asked) > MOST_LABELS else []
            labels = words.listing([*asked[:MOST_LABELS], *more])
            what = words.say("form_unknown", typed=shown, labels=labels)
        yield words.say("form_problem", where=where, what=what)


def _where(words: Words, spec: FieldSpec, column: Column | None, problem: FieldProblem) -> str:
    label, row = label_of(words, spec), problem.facts.get("row", "")
    if not row:
        return label
    if column is None:
        return words.say("form_at_row", label=label, row=row)
    return words.say("form_at_column", label=label, row=row, column=column_label(words, column))


def _column(spec: FieldSpec, key: str) -> Column | None:
    return next((column for column in spec.columns if column.key == key), None)


def _facts(words: Words, problem: FieldProblem) -> dict[str, object]:
    facts: dict[str, object] = {key: inert(value) for key, value in problem.facts.items() if key not in _PLACES}
    if "options" in facts:
        facts["options"] = " / ".join(words.option(option) for option in problem.facts["options"].split(" / "))
    if "people" in facts:
        facts["people"] = words.listing(_known_as(words, PersonId(key)) for key in problem.facts["people"].split())
    if problem.code == "form_no_department":
        directory = words.context.world.directory
        facts["departments"] = words.listing(d.short or d.name for d in directory.departments if d.is_active)
    return facts


def _known_as(words: Words, person: PersonId) -> str:
    found = words.context.world.directory.person(person)
    return f"{found.name}（{words.department(found.department)} {found.id}）" if found is not None else str(person)


def _example(words: Words, spec: FieldSpec, column: Column | None) -> str:
    value = sample(words, spec)
    if not value or (column is not None and not spec.columns):
        return ""
    return words.say("form_example", label=label_of(words, spec), value=value)
