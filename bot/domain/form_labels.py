"""Which field of a form a label means: as printed, in English, by its key, or by another word for it (design.md section 3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.domain.folding import folded
from bot.domain.form import FieldSpec, Form
from bot.domain.likeness import unlikeness

#: a label less like any known one is not taken for a mistyped one
NEAR = 0.4
#: how many characters of a label tell it from the others
_PART = 2


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one form, ready to look up."""

    form: Form
    _exact: dict[str, FieldSpec] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for spec in self.form.fields:
            for word in words_of(spec):
                self._exact.setdefault(label_key(word), spec)

    def of(self, label: str) -> FieldSpec | None:
        """The field of that label; a part of a label will do where it begins or ends one only. None for other words."""
        key = label_key(label)
        found = self._exact.get(key)
        if found is not None or len(key) < _PART:
            return found
        alike = {s.key: s for word, s in self._exact.items() if word.startswith(key) or word.endswith(key)}
        return next(iter(alike.values())) if len(alike) == 1 else None

    def knows(self, label: str) -> bool:
        """Is it the whole label of a field, and not only a part of one?"""
        return label_key(label) in self._exact

    def nearest(self, label: str, *, limit: float = 0.5) -> FieldSpec | None:
        """The field whose label is most like it; None when none is like enough."""
        key = label_key(label)
        ranked = sorted(
            ((unlikeness(key, word), number) for number, word in enumerate(self._exact)), key=lambda pair: pair
        )
        if not ranked or ranked[0][0] > limit:
            return None
        return tuple(self._exact.values())[ranked[0][1]]


def words_of(spec: FieldSpec) -> Iterator[str]:
    """Every way to write the label of a field."""
    yield from (spec.zh, spec.en, spec.key, *spec.aliases)


def label_key(label: str) -> str:
    """The label without what does not tell labels apart: width, case, spaces, numbering, brackets, stars."""
    key = "".join(c for c in folded(label) if c.isalnum())
    bare = key.lstrip("0123456789")
    return bare or key
