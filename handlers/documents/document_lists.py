"""`/文档 检查`: an item's documents with what is wrong with them, or whether a name would be right (domain.md 3.13; R-48..R-51)."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.action import Action
from bot.domain.document import Document, DocumentState
from bot.domain.ids import CodeKind
from bot.domain.item import Item
from bot.domain.naming import check
from bot.domain.relation import of_item
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers.access import allows
from handlers.calls import Call
from handlers.documents import document_folder
from handlers.documents.document_keeping import SHOWN, item_title, rule_of
from handlers.documents.document_words import written_name
from handlers.lookups import find
from handlers.words import Words

#: documents on one screen
MOST = 8


def on_check(call: Call) -> None:
    """Of an item: the list; with a name behind it: the verdict on that name. Without anything: what is to be mended."""
    refs = call.command.codes
    if not refs:
        call.answer_privately(_own_problems(call))
        return
    item = _item(call)
    name = written_name(call.command)
    text = _verdict(call, item, name) if name else _list(call, item)
    call.answer_privately(text)


def _item(call: Call) -> Item:
    """The item, or that of the document that was named; what is hidden reads like what is not there."""
    context, ref = call.context, call.command.codes[0]
    found = find(context, ref, CodeKind.ITEM, context.uow.items.get)
    if found is None and ref.kind is CodeKind.DOCUMENT:
        document = find(context, ref, CodeKind.DOCUMENT, context.uow.documents.get)
        found = context.uow.items.get(document.item) if document is not None else None
    if found is None or not may_see(context, found):
        raise RuleViolation("not_found_or_no_right")
    return found


def may_see(context: Context, item: Item) -> bool:
    """Whoever may see the item sees the names of its documents."""
    return allows(context, Action.EXPLAIN, of_item(item))


def _verdict(call: Call, item: Item, name: str) -> str:
    verdict = check(name, rule_of(call.context, item, call.person))
    if verdict.flaw is None:
        return call.words.say("document_name_right", name=inert(name, limit=SHOWN))
    return call.words.say(
        "document_name_wrong",
        suggestion=call.words.say("naming_suggestion", suggestion=verdict.suggestion),
        flaw=call.words.say(f"naming_flaw_{verdict.flaw.value}"),
    )


def _list(call: Call, item: Item) -> str:
    words = call.words
    found = call.context.uow.documents.find(item=item.code)
    if not found:
        example = words.say("example_document_register")
        none = words.say("document_list_none", item=item_title(item), example=example)
        return "\n".join(one for one in (none, document_folder.line(words, item)) if one)
    lines = [words.say("document_list_head", item=item_title(item), count=len(found))]
    lines.extend(one for one in (document_folder.line(words, item),) if one)
    for document in found[:MOST]:
        lines.extend(lines_of(call.context, document, words))
    if len(found) > MOST:
        lines.append(words.say("document_list_more", count=len(found)))
    return "\n".join(lines)


def _own_problems(call: Call) -> str:
    context, words = call.context, call.words
    items = {i.code: i for i in context.uow.items.find() if may_see(context, i)}
    wrong = [
        d
        for d in context.uow.documents.find(state=(DocumentState.NONCOMPLIANT.value, DocumentState.MISSING.value))
        if d.item in items
    ]
    if not wrong:
        return words.say("document_problems_none")
    lines = [words.say("document_problems_head", count=len(wrong))]
    for document in wrong[:MOST]:
        lines.extend(lines_of(context, document, words))
    return "\n".join(lines)


def lines_of(context: Context, document: Document, words: Words) -> list[str]:
    """One document with everything that is to be done about it."""
    lines = [
        words.say(
            "document_list_line",
            code=document.code,
            name=inert(document.name, limit=SHOWN),
            category=words.option(document.category.value),
            state=words.say(f"document_state_{document.state.value}"),
        )
    ]
    if document.state is DocumentState.NONCOMPLIANT:
        flaw = words.say(f"naming_flaw_{document.problem}")
        lines.append(words.say("document_list_problem", flaw=flaw, suggestion=document.suggestion))
    if document.is_active and not document.rights:
        lines.append(words.say("document_list_no_rights"))
    if is_stale(context, document):
        lines.append(words.say("document_list_stale", days=context.world.company.parameters.docs_stale_days))
    return lines


def is_stale(context: Context, document: Document) -> bool:
    """T-26: not brought up to date for longer than the limit."""
    days = context.world.company.parameters.docs_stale_days
    updated = document.updated_at or document.registered_at
    return document.is_active and context.now - updated > timedelta(days=days)
