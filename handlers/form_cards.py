"""Forms as inputs of a card, and the button that saves them (ux.md A4 27-34)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from bot.domain.form import NO, YES, Content, FieldSpec, FieldType, Form, Required
from bot.domain.form_values import LONGEST_LONG, limit_of
from bot.domain.form_writing import value_text
from bot.messages import Button, ButtonStyle, Field, FieldKind
from handlers.form_complaints import column_label
from handlers.form_names import label_of, spoken
from handlers.words import Words

#: the action of a button that saves a form, and its parameters
FORM = "form"
FORM_ID, FORM_CODE, STEP = "form", "code", "step"
#: platforms show more choices than these badly
_MOST_CHOICES = 40
_LONG = frozenset({FieldType.LONG, FieldType.LIST, FieldType.LINKS})
_SEVERAL = frozenset({FieldType.PEOPLE, FieldType.DEPARTMENTS, FieldType.CHOICES})


def card_fields(
    words: Words, form: Form, content: Content, *, keys: Iterable[str], required: Collection[str] | None = None
) -> tuple[Field, ...]:
    """Inputs of a card for these fields, filled with what is there.

    `required` are the fields that the platform itself insists on; what the form always requires where it is not given.
    """
    specs = (form.spec(key) for key in keys)
    return tuple(
        _field(words, spec, content, is_required=spec.key in required if required is not None else _always(spec))
        for spec in specs
        if spec.type is not FieldType.AUTO
    )


def form_button(
    words: Words,
    form: Form,
    code: str,
    label: str,
    *,
    step: str = "",
    style: ButtonStyle = ButtonStyle.PRIMARY,
) -> Button:
    """The button that saves the inputs of its card; `label` is a key of the catalogue."""
    params = {FORM_ID: form.id, FORM_CODE: code, STEP: step}
    return Button(
        id=f"form{form.id}", text=words.say(label), action="form", params=params, style=style, submits_form=True
    )


def _always(spec: FieldSpec) -> bool:
    return spec.required is Required.ALWAYS


def _field(words: Words, spec: FieldSpec, content: Content, *, is_required: bool) -> Field:
    value = content.get(spec.key, "")
    choices = tuple(_choices(words, spec))
    kind = _kind(spec, has_choices=bool(choices))
    shown = value if kind in {FieldKind.CHOICE, FieldKind.DATE} and isinstance(value, str) else None
    return Field(
        name=spec.key,
        label=label_of(words, spec),
        kind=kind,
        required=is_required,
        choices=choices,
        placeholder=_placeholder(words, spec),
        value=shown if shown is not None else value_text(spec, value, spoken(words)) if value else "",
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
            yield from ((option, option) for option in spec.options)
        case FieldType.BOOL:
            yield from ((option, option) for option in (YES, NO))
        case FieldType.DEPARTMENT:
            departments = [d for d in words.context.world.directory.departments if d.is_active]
            if len(departments) <= _MOST_CHOICES:
                yield from ((str(d.id), d.short or d.name) for d in departments)
        case _:
            return


def _placeholder(words: Words, spec: FieldSpec) -> str:
    if spec.type is FieldType.LIST:
        hint = words.say("form_rows_hint", columns=" | ".join(column_label(words, c) for c in spec.columns))
    elif spec.type is FieldType.LINKS:
        hint = words.say("form_links_hint")
    else:
        hint = words.say("form_several_hint") if spec.type in _SEVERAL else ""
    return " ".join(part for part in (hint, words.say("form_none_hint") if spec.takes_none else "") if part)
