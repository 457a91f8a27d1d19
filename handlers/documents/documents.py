"""Documents of items: registered, looked at, archived with their item (domain.md 3.13, R-46..R-51; P-45; EC-63, EC-64, EC-69).

A document is a link and a name; no file is ever fetched or stored. What is done to a registered one stands in
`document_deeds`, the weekly look in `document_weekly`.
"""

from __future__ import annotations

from bot.domain.action import Action
from bot.domain.document import (
    Category,
    Document,
    DocumentState,
    archived,
    category_of,
    judged,
    name_in_link,
    read_link,
)
from bot.domain.happened import ItemChanged, PostsChanged
from bot.domain.ids import CodeKind
from bot.domain.item import Item, ItemState
from bot.domain.naming import check
from bot.domain.relation import of_item
from bot.domain.timers import TimerKind
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import effects, matter_cards
from handlers.access import require
from handlers.calls import Call
from handlers.deeds import Kind
from handlers.documents import (
    document_cards,
    document_deeds,
    document_folder,
    document_keeping,
    document_lists,
    document_weekly,
)
from handlers.documents.document_keeping import SHOWN, fix_due, rule_of, save
from handlers.documents.document_words import category_named, written_name
from handlers.items.item_sight import in_private
from handlers.lookups import find
from handlers.numbering import new_code
from handlers.possible import require_privacy
from handlers.tables import Tables
from handlers.words import Words

FINISHED = frozenset({ItemState.ARCHIVED, ItemState.TERMINATED})


def register(tables: Tables) -> None:
    """Put commands, deeds, timers and cards on the tables."""
    tables.deeds.kind(
        Kind(
            kind=CodeKind.DOCUMENT,
            get=lambda context, code: context.uow.documents.get(code),
            state=lambda document: f"document_state_{document.state.value}",
        )
    )
    tables.commands.on("document_register", on_register)
    tables.commands.on("document_check", document_lists.on_check)
    document_deeds.register(tables)
    tables.deeds.on("document_folder", CodeKind.ITEM, in_private(document_folder.on_folder))
    tables.router.card(CodeKind.DOCUMENT, document_cards.card)
    tables.router.timer(TimerKind.DOCUMENTS, document_weekly.on_timer)
    tables.router.when(ItemChanged, on_item_changed)
    tables.router.when(PostsChanged, lambda context, _: document_keeping.follow_posts(context))


# ---------------------------------------------------------------- registering


def on_register(call: Call) -> None:
    """Register a link or a name for an item; a name that does not follow the rule is answered with one that does."""
    context = call.context
    item = _item(call)
    grant = require(context, Action.REGISTER_DOCUMENT, of_item(item))
    require_privacy(call, item)
    if item.state in FINISHED:
        raise RuleViolation("document_item_closed", {"code": item.code})
    link, name = read_link(written_name(call.command))
    name = name or name_in_link(link)
    if not name:
        raise RuleViolation("document_needs_name", {"example": call.words.say("example_document_register")})
    _refuse_known(context, item, name)
    verdict = check(name, rule_of(context, item, call.person))
    document = Document(
        code=new_code(context, CodeKind.DOCUMENT),
        item=item.code,
        name=name,
        state=DocumentState.COMPLIANT,
        registered_by=call.person.id,
        registered_at=context.now,
        department=call.person.department,
        link=link,
        category=_category(call, name),
        updated_at=context.now,
        secrecy=item.secrecy,
        access=item.access,
    )
    document = judged(document, verdict, due_at=fix_due(context))
    document = save(context, None, document, act="registered", item=item, grant=grant, verb=call.command.verb)
    is_wrong = document.state is DocumentState.NONCOMPLIANT
    if is_wrong and call.is_private and not item.secrecy:
        # the card says it all: what was registered, what to call it, by when
        matter_cards.show_to(context, call.person, document.code, document_cards.NAMING, at_once=True)
        return
    text = _registered_text(item, document, call.words, is_early=verdict.is_early)
    if item.secrecy:
        call.answer_privately(effects.discreet(document.code, text))
    else:
        call.answer(text)
    if is_wrong:
        matter_cards.show_to(context, call.person, document.code, document_cards.NAMING, at_once=True)


def _item(call: Call) -> Item:
    refs = [ref for ref in call.command.codes if ref.kind in {None, CodeKind.ITEM}]
    if not refs:
        raise RuleViolation("document_needs_item", {"example": call.words.say("example_document_register")})
    item = find(call.context, refs[0], CodeKind.ITEM, call.context.uow.items.get)
    if item is None:
        raise RuleViolation("not_found_or_no_right")
    return item


def _refuse_known(context: Context, item: Item, name: str) -> None:
    known = next((d for d in context.uow.documents.find(item=item.code) if d.name == name), None)
    if known is not None:
        raise RuleViolation("document_known", {"code": known.code})


def _category(call: Call, name: str) -> Category:
    """As it was named, else as the file's name suggests (R-49)."""
    said = call.command.pairs.get("类别", "")
    if not said:
        return category_of(name)
    return category_named(said, call.words)


def _registered_text(item: Item, document: Document, words: Words, *, is_early: bool) -> str:
    name = inert(document.name, limit=SHOWN)
    if document.state is DocumentState.NONCOMPLIANT and document.due_at is not None:
        lines = [
            words.say(
                "document_registered_wrong",
                code=document.code,
                category=words.option(document.category.value),
                name=name,
                suggestion=words.say("naming_suggestion", suggestion=document.suggestion),
                flaw=words.say(f"naming_flaw_{document.problem}"),
                due=words.time(document.due_at),
            )
        ]
    else:
        lines = [
            words.say(
                "document_registered", code=document.code, category=words.option(document.category.value), name=name
            )
        ]
        if document.suggestion:
            lines.append(words.say("document_half_width", suggestion=document.suggestion))
        if is_early:
            lines.append(words.say("document_early"))
    rights = document_deeds.rights_example(item, words)
    lines.append(words.say("document_rights_hint", code=document.code, example=rights))
    return "\n".join(lines)


# ---------------------------------------------------------------- with the item


def on_item_changed(context: Context, event: ItemChanged) -> None:
    """Archived with its item (R-49, R-85); a raised level is inherited (2.5)."""
    item = event.after
    for document in context.uow.documents.find(item=item.code):
        now = document
        if (document.secrecy, document.access) != (item.secrecy, item.access):
            now = document_deeds.with_secrecy(document, item)
        is_archived_now = item.state is ItemState.ARCHIVED and event.before.state is not ItemState.ARCHIVED
        if is_archived_now and document.state in {DocumentState.COMPLIANT, DocumentState.WAIVED}:
            now = archived(now, now=context.now)
        if now != document:
            act = "archived" if now.state is not document.state else "inherited"
            save(context, document, now, act=act, item=item)
