"""The card of a numbered object: header, at most six rows, the decisions that are possible now (ux.md A4 27-34).

Of a sensitive or confidential object it shows number and state, and how to read the rest in private (EC-08).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.messages import Button, ButtonStyle, Card, CardColour, Field, FieldKind, Rich, Row, Text, inert
from handlers.deeds import CODE, REASON, SLOT, STEP, VERB
from handlers.words import Words

TITLE_LENGTH = 26
MOST_ROWS = 6
MOST_BUTTONS = 4
KEY_LENGTH = 5
VALUE_LENGTH = 120
#: the action of these buttons; the same word as `handlers.deeds.DEED`
DEED = "deed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One decision: the verb it does, and the catalogue key of its label (at most four Chinese characters)."""

    verb: str
    label: str
    style: ButtonStyle = ButtonStyle.PLAIN
    slot: str = ""
    #: the deed wants a reason; the card then has a field for it
    wants_reason: bool = False
    #: the deed reads the card's own fields
    submits_form: bool = False
    confirm: str = ""


def matter_card(
    words: Words,
    *,
    kind: str,
    code: str,
    title: str,
    state: str,
    colour: CardColour,
    rows: Iterable[tuple[str, str]] = (),
    body: str = "",
    choices: Sequence[Choice] = (),
    fields: Sequence[Field] = (),
    step: str = "",
    secrecy: int = 0,
    footer: str = "",
    reads_with: str = "",
) -> Card:
    """One card. `kind`, `state` and the keys of `rows` are words already; `choices` name catalogue keys.

    `reads_with` is the command that shows the object in private, for objects whose text may not stand on a card.
    """
    is_open = not secrecy
    head = f"{kind} · {inert(title, limit=60)}" if is_open and title else f"{kind} · {code}"
    shown = (
        tuple(Row(key=key[:KEY_LENGTH], value=inert(value, limit=VALUE_LENGTH)) for key, value in rows if value)[
            :MOST_ROWS
        ]
        if is_open
        else ()
    )
    text: Rich = (Text(inert(body, limit=2000)),) if body and is_open else ()
    if not is_open and reads_with:
        text = (Text(words.say("card_read_in_private", command=f"{reads_with} {code}")),)
    given = [*fields] if is_open or any(c.submits_form for c in choices) else []
    if any(choice.wants_reason for choice in choices):
        given.append(
            Field(
                name=REASON,
                label=words.say("card_reason"),
                kind=FieldKind.LONG_TEXT,
                placeholder=words.say("card_reason_hint"),
            )
        )
    #: where nothing has to be filled in, every button sends what was written, and all stand in one line
    is_free = bool(given) and not any(field.required for field in given)
    buttons = tuple(
        _button(
            words,
            choice,
            code,
            step,
            submits=is_free or (bool(given) and (choice.wants_reason or choice.submits_form)),
        )
        for choice in choices[:MOST_BUTTONS]
    )
    below = footer or code
    return Card(
        kind="matter",
        title=head if len(head) <= TITLE_LENGTH else inert(head, limit=TITLE_LENGTH),
        state=state,
        colour=colour,
        rows=shown,
        body=text,
        fields=tuple(given),
        buttons=buttons,
        footer=below,
        fallback=_fallback(words, head, state, shown, text, choices, code),
    )


def _button(words: Words, choice: Choice, code: str, step: str, *, submits: bool) -> Button:
    params = {VERB: choice.verb, CODE: code, STEP: step}
    if choice.slot:
        params[SLOT] = choice.slot
    return Button(
        id=f"{choice.verb}{choice.slot}",
        text=words.say(choice.label),
        action=DEED,
        params=params,
        style=choice.style,
        submits_form=submits,
        confirm=words.say(choice.confirm) if choice.confirm else "",
    )


def _fallback(
    words: Words, head: str, state: str, rows: tuple[Row, ...], body: Rich, choices: Sequence[Choice], code: str
) -> Rich:
    lines = [words.say("card_fallback", title=head, state=state)]
    lines.extend(words.say("card_row", name=row.key, value=row.value) for row in rows)
    if choices:
        commands = words.listing(f"“{words.say(choice.label)} {code}”" for choice in choices)
        lines.append(words.say("card_by_text", commands=commands))
    elif code not in head:
        lines.append(code)
    spacer = (Text("\n"),) if body else ()
    return (Text("\n".join(lines)), *spacer, *body)
