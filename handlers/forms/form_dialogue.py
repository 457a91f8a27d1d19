"""A form asked for one field after the other, where a platform has no forms or a person likes it so (ux.md A4 24).

Only the questions and the words that steer them; what is done with an answer belongs to `handlers.forms.form_filling`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from bot.courtesies import is_cancelling
from bot.domain.folding import folded
from bot.domain.form import Content, FieldSpec, FieldType, Form
from bot.domain.form_reading import is_empty, is_required, missing
from handlers.forms.form_complaints import column_label, sample
from handlers.forms.form_names import label_of
from handlers.words import Words

_SKIPPING = frozenset({"跳过", "略过", "不填", "skip", "下一项", "next"})
_RETURNING = frozenset({"上一项", "返回", "上一步", "back", "previous"})


class Step(StrEnum):
    """What a message in the dialogue does, besides answering."""

    ANSWER = "answer"
    SKIP = "skip"
    BACK = "back"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """What the form requires of this content, besides what it always does."""

    is_special: bool = False
    extra: Collection[str] = ()

    def missing(self, form: Form, content: Content) -> tuple[FieldSpec, ...]:
        """Required fields that are empty."""
        return missing(form, content, is_special=self.is_special, extra_required=self.extra)

    def has(self, spec: FieldSpec) -> bool:
        """Is the field required?"""
        return is_required(spec, is_special=self.is_special, extra_required=self.extra)


def step_of(text: str) -> Step:
    """Does the message steer the dialogue, or answer it?"""
    word = folded(text).strip(" /。.!")
    if is_cancelling(text):
        return Step.STOP
    return Step.SKIP if word in _SKIPPING else Step.BACK if word in _RETURNING else Step.ANSWER


def question(words: Words, form: Form, content: Content, spec: FieldSpec, needed: Needed) -> str:
    """The question for one field: what, how it is written, and how to get on."""
    left = len(needed.missing(form, content))
    label = label_of(words, spec)
    if not needed.has(spec):
        first = words.say("form_ask_optional", label=label)
    elif left > 1:
        first = words.say("form_ask", label=label, left=left)
    else:
        first = words.say("form_ask_last", label=label)
    return "\n".join(line for line in (first, _hint(words, spec), words.say("form_ask_how")) if line)


def following(form: Form, content: Content, after: str, needed: Needed) -> FieldSpec | None:
    """The next field that is worth asking for behind `after`: a required one that is empty, else the first such anywhere."""
    empty = needed.missing(form, content)
    order = [spec.key for spec in form.fields]
    place = order.index(after) if after in order else -1
    behind = [spec for spec in empty if order.index(spec.key) > place]
    return next(iter((*behind, *empty)), None)


def preceding(form: Form, before: str) -> FieldSpec | None:
    """The field before this one that people fill in; None at the beginning."""
    found: FieldSpec | None = None
    for spec in form.fields:
        if spec.key == before:
            return found
        if spec.type is not FieldType.AUTO:
            found = spec
    return None


def is_filled(content: Content, key: str) -> bool:
    """Does the field hold anything?"""
    return not is_empty(content.get(key))


def _hint(words: Words, spec: FieldSpec) -> str:
    none = words.say("form_none_hint") if spec.takes_none else ""
    if spec.type is FieldType.LIST:
        columns = " | ".join(column_label(words, column) for column in spec.columns)
        return " ".join(part for part in (words.say("form_columns", columns=columns), none) if part)
    if spec.options and spec.type in {FieldType.CHOICE, FieldType.CHOICES}:
        return words.say("form_options", options=" / ".join(words.option(o) for o in spec.options))
    value = sample(words, spec)
    example = words.say("form_example", label=label_of(words, spec), value=value) if value else ""
    return " ".join(part for part in (example, none) if part)
