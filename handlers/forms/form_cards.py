"""Forms as inputs of a card (ux.md A4 27-34)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from bot.domain.form import NO, YES, Content, FieldSpec, FieldType, Form, Required
from bot.domain.form_values import LONGEST_LONG, limit_of
from bot.domain.form_writing import value_text
from bot.messages import Field, FieldKind
from handlers.forms.form_complaints import sample
from handlers.forms.form_names import label_of, spoken
from handlers.words import Words

#: platforms show more choices than these badly
_MOST_CHOICES = 40
_LONG = frozenset({FieldType.LONG, FieldType.LIST, FieldType.LINKS})
_SEVERAL = frozenset({FieldType.PEOPLE, FieldType.DEPARTMENTS, FieldType.CHOICES})
#: picked, not typed
_PICKED = frozenset({FieldKind.CHOICE, FieldKind.DATE})
#: of these an example says how they are written
_EXEMPLARY = frozenset({FieldType.DATETIME, FieldType.PHONE, FieldType.MONEY, FieldType.PERCENT, FieldType.CODE})


def card_fields(
    words: Words,
    form: Form,
    content: Content,
    *,
    keys: Iterable[str],
    required: Collection[str] | None = None,
    optional: Collection[str] = (),
    typed: Mapping[str, str] | None = None,
    notes: Mapping[str, str] | None = None,
) -> tuple[Field, ...]:
    """Inputs of a card for these fields, filled with what is there.

    `required` are the fields that the platform itself insists on; what the form always requires where it is not given.
    `optional` are marked as such. `typed` is what somebody typed and what could not be understood, `notes` say why.
    """
    specs = [spec for spec in (form.spec(key) for key in keys) if spec.type is not FieldType.AUTO]
    made = (
        _field(words, spec, content, is_required=spec.key in required if required is not None else _always(spec))
        for spec in specs
    )
    return tuple(_marked(words, field, optional, typed or {}, notes or {}) for field in made)


def _marked(
    words: Words, field: Field, optional: Collection[str], typed: Mapping[str, str], notes: Mapping[str, str]
) -> Field:
    label = words.say("form_card_optional", label=field.label) if field.name in optional else field.label
    value = typed.get(field.name, field.value)
    longest = max(field.max_length, len(value))
    return replace(field, label=label, value=value, max_length=longest, note=notes.get(field.name, ""))


def shown_in(words: Words, spec: FieldSpec, content: Content) -> str:
    """What stands in the input of a field: a choice or a date as it is kept, everything else as it is read."""
    value = content.get(spec.key, "")
    if isinstance(value, str) and _kind(spec, has_choices=any(_choices(words, spec))) in _PICKED:
        return value
    return value_text(spec, value, spoken(words)) if value else ""


def _always(spec: FieldSpec) -> bool:
    return spec.required is Required.ALWAYS


def _field(words: Words, spec: FieldSpec, content: Content, *, is_required: bool) -> Field:
    choices = tuple(_choices(words, spec))
    return Field(
        name=spec.key,
        label=label_of(words, spec),
        kind=_kind(spec, has_choices=bool(choices)),
        required=is_required,
        choices=choices,
        placeholder=_placeholder(words, spec),
        value=shown_in(words, spec, content),
        max_length=LONGEST_LONG if spec.type in _LONG | _SEVERAL else max(limit_of(spec), 1),
    )


def _kind(spec: FieldSpec, *, has_choices: bool) -> FieldKind:
    if has_choices:
        return FieldKind.CHOICE
    if spec.type is FieldType.DATE:
        return FieldKind.DATE
    return FieldKind.LONG_TEXT if spec.type in _LONG else FieldKind.TEXT


def _choices(words: Words, spec: FieldSpec) -> Iterator[tuple[str, str]]:
    match spec.type:
        case FieldType.CHOICE if len(spec.options) <= _MOST_CHOICES:
            yield from ((option, words.option(option)) for option in spec.options)
        case FieldType.BOOL:
            yield from ((option, words.option(option)) for option in (YES, NO))
        case FieldType.DEPARTMENT:
            departments = [d for d in words.context.world.directory.departments if d.is_active]
            if len(departments) <= _MOST_CHOICES:
                yield from ((str(d.id), d.short or d.name) for d in departments)
        case _:
            return


def _placeholder(words: Words, spec: FieldSpec) -> str:
    if spec.type is FieldType.LIST:
        hint = words.say("form_row_example", example=sample(words, spec))
    elif spec.type is FieldType.LINKS:
        hint = words.say("form_links_hint")
    elif spec.type in _EXEMPLARY:
        hint = words.say("form_value_example", value=sample(words, spec))
    else:
        hint = words.say("form_several_hint") if spec.type in _SEVERAL else ""
    return " ".join(part for part in (hint, words.say("form_none_hint") if spec.takes_none else "") if part)
