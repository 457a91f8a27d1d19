"""The card on which a department rates the others after an item: five questions, 1 to 5 (domain.md 6.4 K7)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.appreciation import HIGHEST, LOWEST, QUESTIONS
from bot.domain.confidentiality import Secrecy
from bot.domain.ids import DepartmentId
from bot.domain.item import Item
from bot.messages import Button, ButtonStyle, Card, CardColour, Field, FieldKind, Row, Text, inert
from handlers.words import Words

RATE = "rate_peers"
DEPARTMENT = "department"


def card_id(item: str, department: DepartmentId) -> str:
    """The one card of a department for an item."""
    return f"rating:{item}:{department}"


def rating_card(
    words: Words, item: Item, department: DepartmentId, *, left: Sequence[DepartmentId], done: int, due: str
) -> Card:
    """What is left to rate, or that it is done or over."""
    head = words.say("rating_title", code=item.code)
    state = words.say("rating_state_open" if left else "rating_state_done" if done else "rating_state_closed")
    is_open_text = item.secrecy < Secrecy.SENSITIVE
    rows = [
        Row(key=words.say("rating_row_item"), value=inert(item.short or item.title, limit=40) if is_open_text else ""),
        Row(key=words.say("rating_row_left"), value=words.listing(words.department(d) for d in left)),
        Row(key=words.say("rating_row_due"), value=due if left else ""),
    ]
    body = words.say("rating_body") if left else words.say("rating_thanks")
    by_text = words.say("rating_by_text", code=item.code, department=words.department(left[0])) if left else ""
    return Card(
        kind="rating",
        title=head,
        state=state,
        colour=CardColour.WAITING if left else CardColour.DONE if done else CardColour.CLOSED,
        rows=tuple(row for row in rows if row.value),
        body=(Text(body),),
        fields=_fields(words, left),
        buttons=(_button(words, item, department),) if left else (),
        footer=item.code,
        fallback=(Text("\n".join(part for part in (f"{head}｜{state}", body, by_text) if part)),),
    )


def _fields(words: Words, left: Sequence[DepartmentId]) -> tuple[Field, ...]:
    if not left:
        return ()
    scale = tuple((str(n), str(n)) for n in range(LOWEST, HIGHEST + 1))
    whom = Field(
        name=DEPARTMENT,
        label=words.say("rating_field_department"),
        kind=FieldKind.CHOICE,
        required=True,
        choices=tuple((d, words.department(d)) for d in left),
        value=left[0],
    )
    questions = (
        Field(name=q, label=words.say(f"rating_question_{q}"), kind=FieldKind.CHOICE, required=True, choices=scale)
        for q in QUESTIONS
    )
    return (whom, *questions)


def _button(words: Words, item: Item, department: DepartmentId) -> Button:
    return Button(
        id=RATE,
        text=words.say("rating_button"),
        action=RATE,
        params={"code": item.code, "for": department},
        style=ButtonStyle.PRIMARY,
        submits_form=True,
    )
