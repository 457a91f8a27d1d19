"""How the card of a form looks: its next inputs, the question whether to submit it, or why it takes no presses (ux.md A4 27-34).

The title says which form it is and never what the object is called (EC-08); inputs stand in private chats only.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from bot.domain.form import Content, Form
from bot.domain.form_page import LONGEST_INPUT, Page, missing_page, whole_pages
from bot.domain.form_writing import lines_of
from bot.messages import Button, ButtonStyle, Card, CardColour, Field, Text, inert
from handlers.forms import form_filling
from handlers.forms.form_cards import card_fields
from handlers.forms.form_names import label_of, spoken
from handlers.forms.form_sheets import Gaps, Sheet, gaps_of, is_open
from handlers.forms.form_talk import joined
from handlers.words import Words

#: the action of the buttons of such a card, and their parameters: which form of which object, what a press does, which inputs
#: were shown with something in them, which page of the whole form it is
FORM = "form"
FORM_ID, FORM_CODE, STEP, FILLED, PAGE = "form", "code", "step", "filled", "page"
_TITLE, _BODY = 26, 4000
#: above inputs there is less room
_SAID = 1000
#: so much is named of what is missing; so much of one field, and of all, is said back
_MOST_NAMED, _LINE, _LINES = 12, 80, 10


class Step(StrEnum):
    """What a press does."""

    SAVE = "save"
    ASK = "ask"
    SUBMIT = "submit"
    PREVIEW = "preview"
    EDIT = "edit"
    CLEAR = "clear"


def first_card(sheet: Sheet, *, said: str = "") -> Card:
    """The card as it begins; a form that is whole already is shown with what is in it."""
    text = "" if gaps_of(sheet).wanted else preview(sheet)
    return next_card(sheet, said=joined(said, text) if fits_a_card(sheet, text) else said)


def next_card(sheet: Sheet, *, said: str = "") -> Card:
    """The fields that are missing or wrong; the question whether to submit it once there are none."""
    gaps = gaps_of(sheet)
    if not gaps.wanted:
        return ready_card(sheet, said=said)
    return _inputs(sheet, gaps, missing_page(sheet.form, gaps.wanted, sheet.texts), said=said)


def edit_card(sheet: Sheet, *, page: int, said: str = "") -> Card:
    """One card of the whole form, from 1 on."""
    pages = whole_pages(sheet.form, sheet.texts)
    number = min(page, len(pages))
    where = sheet.words.say("form_card_page", page=number, pages=len(pages)) if len(pages) > 1 else ""
    return _inputs(sheet, gaps_of(sheet), pages[number - 1], said=joined(said, where), page_number=number)


def same_card(sheet: Sheet, keys: tuple[str, ...], *, said: str) -> Card:
    """The inputs that were pressed, as they were typed."""
    return _inputs(sheet, gaps_of(sheet), Page(keys), said=said)


def ready_card(sheet: Sheet, *, said: str = "") -> Card:
    """Everything is there: submit it, look at it, or go back."""
    words = sheet.words
    buttons = [
        _button(sheet, Step.SUBMIT, "form_submit", style=ButtonStyle.PRIMARY),
        _button(sheet, Step.PREVIEW, "form_button_preview"),
        _button(sheet, Step.EDIT, "form_button_edit"),
    ]
    if not sheet.owner.is_stored:
        sure = words.say("form_card_sure")
        buttons.append(_button(sheet, Step.CLEAR, "form_button_clear", style=ButtonStyle.DANGER, confirm=sure))
    body = joined(said, words.say("form_card_ready"))
    return _card(sheet, state="form_card_whole", colour=CardColour.WAITING, body=body, buttons=tuple(buttons))


def over_card(sheet: Sheet, *, said: str, is_done: bool) -> Card:
    """It was submitted, or another way was taken: no buttons."""
    if is_done:
        return _card(sheet, state="form_card_done", colour=CardColour.DONE, body=said)
    return _card(sheet, state="form_card_closed", colour=CardColour.CLOSED, body=said)


def page_count(sheet: Sheet) -> int:
    """Of how many cards the whole form is."""
    return len(whole_pages(sheet.form, sheet.texts))


def noted(words: Words, form: Form, content: Content, keys: Iterable[str], *, is_shown: bool = True) -> str:
    """What was understood, as it is understood; of what is not for everybody only which fields; empty where nothing was."""
    keys = tuple(keys)
    if not is_shown or not is_open(content):
        labels = words.listing(label_of(words, form.spec(key)) for key in keys)
        return words.say("form_card_noted", fields=labels) if keys else ""
    lines = [inert(line, limit=_LINE) for line in lines_of(form, content, spoken(words), keys=keys)]
    if len(lines) > _LINES:
        lines = [*lines[:_LINES], words.say("form_labels_more")]
    return words.say("form_card_noted", fields="\n".join(lines)) if lines else ""


def preview(sheet: Sheet) -> str:
    """The whole form as it is read."""
    return form_filling.shown(sheet.words, sheet.form, sheet.content)


def fits_a_card(sheet: Sheet, text: str) -> bool:
    """Can the text be read on a card, and may it stand there?"""
    return len(text) <= _BODY // 2 and sheet.is_open


def left_line(sheet: Sheet, gaps: Gaps) -> str:
    """How many fields are missing, and which."""
    if not gaps.missing:
        return ""
    words = sheet.words
    labels = [label_of(words, sheet.form.spec(key)) for key in gaps.missing]
    more = [words.say("form_labels_more")] if len(labels) > _MOST_NAMED else []
    return words.say("form_card_left", count=len(labels), fields=words.listing([*labels[:_MOST_NAMED], *more]))


# ---------------------------------------------------------------- parts


def _inputs(sheet: Sheet, gaps: Gaps, page: Page, *, said: str, page_number: int = 0) -> Card:
    """Inputs with what is there and what is wrong, and the two ways on."""
    words, form = sheet.words, sheet.form
    lines = [inert(said, limit=_SAID), left_line(sheet, gaps)]
    if gaps.notes:
        lines.append(words.say("form_card_wrong", count=len(gaps.notes)))
    if page.too_long:
        labels = words.listing(label_of(words, form.spec(key)) for key in page.too_long)
        lines.append(words.say("form_card_too_long", fields=labels, limit=LONGEST_INPUT))
    needed = sheet.needed(sheet.content)
    fields = card_fields(
        words,
        form,
        sheet.content,
        keys=page.keys,
        required=(),
        optional=[key for key in page.keys if not needed.has(form.spec(key))],
        typed=sheet.typed,
        notes=gaps.notes,
    )
    filled = ",".join(one.name for one in fields if one.value)
    save = _button(sheet, Step.SAVE, "form_button_save", style=ButtonStyle.PRIMARY, filled=filled, page=page_number)
    ask = _button(sheet, Step.ASK, "form_button_ask", filled=filled)
    look = _button(sheet, Step.PREVIEW, "form_button_preview", filled=filled, page=page_number)
    return _card(
        sheet,
        state="form_card_fill",
        colour=CardColour.WAITING,
        body=joined(*lines),
        fields=fields,
        buttons=(save, ask, look),
        footer=words.say("form_card_how"),
    )


def _button(
    sheet: Sheet,
    step: Step,
    label: str,
    *,
    style: ButtonStyle = ButtonStyle.PLAIN,
    confirm: str = "",
    filled: str | None = None,
    page: int = 0,
) -> Button:
    """`filled` where the press brings the inputs along."""
    params = {FORM_ID: sheet.form.id, FORM_CODE: sheet.code, STEP: step.value}
    if filled is not None:
        params |= {FILLED: filled, PAGE: str(page)}
    return Button(
        id=f"form_{step.value}",
        text=sheet.words.say(label),
        action=FORM,
        params=params,
        style=style,
        submits_form=filled is not None,
        confirm=confirm,
    )


def _card(
    sheet: Sheet,
    *,
    state: str,
    colour: CardColour,
    body: str,
    fields: tuple[Field, ...] = (),
    buttons: tuple[Button, ...] = (),
    footer: str = "",
) -> Card:
    words, form = sheet.words, sheet.form
    name = form.en if words.language.startswith("en") else form.zh
    whole = f"{name} · {sheet.code}"
    title = whole if sheet.code and len(whole) <= _TITLE else inert(name, limit=_TITLE)
    is_named = not sheet.code or sheet.code in title
    shown = inert(body, limit=_BODY)
    by_text = words.say("form_card_by_text", label=fields[0].label) if fields else ""
    lines = (words.say("card_fallback", title=title, state=words.say(state)), shown, by_text)
    return Card(
        kind="form",
        title=title,
        state=words.say(state),
        colour=colour,
        body=(Text(shown),) if shown else (),
        fields=fields,
        buttons=buttons,
        footer=footer if is_named else " · ".join(part for part in (sheet.code, footer) if part),
        fallback=(Text(joined(*lines)),),
    )
