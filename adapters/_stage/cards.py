"""Cards as a page shows them, from what an emulator says that people see. Reads only."""

from __future__ import annotations

from adapters._emulator.seen import SeenButton, SeenCard, SeenField
from bot.stage_views import Block, ButtonView, CardView, FieldView, Span

_STYLES = {"primary": "primary", "danger": "danger"}


def card_view(card: SeenCard) -> CardView:
    """Rows, words, inputs with what sends them, buttons; words that stand in a row already are left out."""
    said = {"：".join(row) for row in card.rows} | {cell for row in card.rows for cell in row}
    blocks = [Block(kind="row", blocks=tuple(_cell(cell) for cell in row)) for row in card.rows]
    blocks += [Block(kind="words", words=(Span(words),)) for words in card.texts if words not in said]
    inside = [Block(kind="field", field=_field(one)) for one in card.fields]
    submitting = [one for one in card.buttons if one.submits_form]
    if inside:
        blocks.append(Block(kind="form", blocks=(*inside, *(_button(one) for one in submitting))))
    blocks += [_button(one) for one in card.buttons if not (inside and one.submits_form)]
    return CardView(
        title=card.title,
        subtitle="",
        colour="neutral",
        tags=tuple((one, "neutral") for one in card.tags),
        blocks=tuple(blocks),
    )


def _cell(words: str) -> Block:
    return Block(kind="cell", blocks=(Block(kind="words", words=(Span(words),)),))


def _button(button: SeenButton) -> Block:
    view = ButtonView(
        key=button.name or button.text,
        words=button.text,
        style=_STYLES.get(button.style, "plain"),
        is_disabled=button.is_disabled,
        submits=button.submits_form,
        confirm=button.confirm,
        url="" if button.calls_back else button.url,
    )
    return Block(kind="button", button=view)


def _field(field: SeenField) -> FieldView:
    return FieldView(
        name=field.name,
        label=field.label,
        kind={"SELECT": "select_static", "DATE": "date_picker"}.get(field.kind, "input"),
        is_required=field.is_required,
        is_multiline=field.is_multiline,
        options=field.options,
        chosen=(field.value,) if field.value else (),
        placeholder=field.placeholder,
        max_length=field.max_length or 1000,
    )
