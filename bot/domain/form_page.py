"""Which fields of a form stand on one card: few enough to be read, in the order of the form (ux.md A4 24, 27). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from bot.domain.form import FieldSpec, FieldType, Form

#: more inputs than these are not filled in on a telephone
MOST_INPUTS = 8
#: longer than this no input of a card takes a text, and one card holds no more than so many bytes of them
LONGEST_INPUT, MOST_BYTES = 1000, 12_000
#: characters that cost more there
_ESCAPED = '"\\\n\r\t'


@dataclass(frozen=True, slots=True)
class Page:
    """The fields of one card; `left` are keys of required fields that did not fit, `too_long` hold more than an input takes."""

    keys: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    too_long: tuple[str, ...] = ()


def fillable(form: Form) -> tuple[FieldSpec, ...]:
    """What people fill in, in the order of the form."""
    return tuple(spec for spec in form.fields if spec.type is not FieldType.AUTO)


def missing_page(form: Form, wanted: Collection[str], texts: Mapping[str, str]) -> Page:
    """The first wanted fields; room that is left goes to the fields behind the first of them, filled in or optional.

    `texts` is what stands in each input.
    """
    order = [spec.key for spec in fillable(form)]
    first = next((order.index(key) for key in order if key in wanted), len(order))
    chosen = [key for key in order if key in wanted]
    chosen += [key for key in order[first:] if key not in wanted]
    return _fitted(order, chosen, wanted, texts)


def whole_pages(form: Form, texts: Mapping[str, str]) -> tuple[Page, ...]:
    """The whole form, filled in or not, card by card."""
    order = [spec.key for spec in fillable(form)]
    found: list[Page] = []
    rest = list(order)
    while rest:
        page = _fitted(order, rest, (), texts, is_next=True)
        taken = {*page.keys, *page.too_long}
        if not taken:
            break
        found.append(page)
        rest = [key for key in rest if key not in taken]
    return tuple(found)


def weight(text: str) -> int:
    """The bytes of a text as it goes over the wire, where JSON stands inside JSON."""
    return len(text.encode()) + 3 * sum(text.count(c) for c in _ESCAPED)


def _fitted(
    order: list[str], chosen: Iterable[str], wanted: Collection[str], texts: Mapping[str, str], *, is_next: bool = False
) -> Page:
    """As many of the chosen, in their order, as one card holds; shown in the order of the form."""
    taken: list[str] = []
    too_long: list[str] = []
    room = MOST_BYTES
    for key in chosen:
        text = texts.get(key, "")
        size = weight(text)
        if len(text) > LONGEST_INPUT:
            too_long.append(key)
        elif len(taken) == MOST_INPUTS or size > room:
            if is_next:
                break
        else:
            taken.append(key)
            room -= size
    kept = {*taken, *too_long}
    return Page(
        keys=tuple(key for key in order if key in taken),
        left=tuple(key for key in order if key in wanted and key not in kept),
        too_long=tuple(key for key in order if key in too_long),
    )
