"""The card of a document whose name is wrong: what is wrong with it, what to call it instead, until when (domain.md 3.13)."""

from __future__ import annotations

from bot.domain.directory import Person
from bot.domain.document import MACHINE, Document, DocumentState
from bot.domain.item import Item
from bot.messages import ButtonStyle, CardColour, inert
from bot.routing import Context, Shown
from handlers.cards.matter import Choice, matter_card
from handlers.documents import document_deeds
from handlers.documents.document_keeping import SHOWN, item_title
from handlers.words import Words, words_for

NAMING = "naming"
_COLOURS = {
    DocumentState.COMPLIANT: CardColour.DONE,
    DocumentState.NONCOMPLIANT: CardColour.WAITING,
    DocumentState.WAIVED: CardColour.DONE,
    DocumentState.ARCHIVED: CardColour.CLOSED,
    DocumentState.MISSING: CardColour.OVERDUE,
}


def card(context: Context, code: str, purpose: str, reader: Person | None) -> Shown | None:
    """The card of a document as it is now; never in a group."""
    document = context.uow.documents.get(code)
    item = context.uow.items.get(document.item) if document is not None else None
    if document is None or item is None or reader is None or purpose != NAMING:
        return None
    words = words_for(context, reader)
    is_wrong = document.state is DocumentState.NONCOMPLIANT
    is_over = is_wrong and document.due_at is not None and document.due_at < context.now
    renamed = Choice(verb="document_rename", label="document_button_renamed", style=ButtonStyle.PRIMARY)
    made = matter_card(
        words,
        kind=words.say("document_kind"),
        code=code,
        title=inert(document.name, limit=SHOWN),
        state=words.say(MACHINE.state_key(document.state)),
        colour=CardColour.OVERDUE if is_over else _COLOURS[document.state],
        rows=(
            (words.say("document_row_item"), item_title(item)),
            (words.say("document_row_name"), document.name),
            (words.say("document_row_flaw"), words.say(f"naming_flaw_{document.problem}") if is_wrong else ""),
            (words.say("document_row_suggested"), document.suggestion if is_wrong else ""),
            (words.say("document_row_due"), words.due(document.due_at) if document.due_at is not None else ""),
        ),
        body=_body(document, item, words) if is_wrong else "",
        choices=(renamed,) if is_wrong else (),
        secrecy=document.secrecy,
        reads_with=words.say("example_document_check").split(" SX", 1)[0],
    )
    return Shown(card=made, revision=document.version)


def _body(document: Document, item: Item, words: Words) -> str:
    """The sentence of 2.8, how to answer it in writing, and what comes next."""
    return words.say(
        "document_wrong_body",
        suggestion=words.say("naming_suggestion", suggestion=document.suggestion),
        code=document.code,
        rights=document_deeds.rights_example(item, words),
    )
