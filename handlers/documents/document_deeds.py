"""What is done to a registered document: renamed, opened to departments, waived, lost, found again (domain.md 3.13; P-45, P-46)."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.domain.action import Action
from bot.domain.document import (
    EDIT,
    MACHINE,
    VIEW,
    Document,
    DocumentAct,
    brought_up_to_date,
    lost,
    read_link,
    renamed,
    restored,
    waived,
    with_category,
    with_rights,
)
from bot.domain.folding import folded
from bot.domain.ids import CodeKind, DepartmentId
from bot.domain.item import Item
from bot.domain.naming import check
from bot.domain.permissions import Grant
from bot.domain.relation import of_item
from bot.errors import RuleViolation
from bot.messages import inert
from handlers import effects
from handlers.access import require
from handlers.conversation.misread import misread
from handlers.deeds import Deed, Done
from handlers.documents.document_keeping import SHOWN, fix_due, item_title, rule_of, save
from handlers.documents.document_words import category_named, written_name
from handlers.possible import require_possible
from handlers.tables import Tables
from handlers.words import Words, words_for

_RIGHT = re.compile(r"([^\s:：,，;；、]{1,20})\s*[:：=]\s*([^\s:：,，;；、]{1,10})")
_RIGHT_WORDS = {"编辑": EDIT, "可编辑": EDIT, "edit": EDIT, "查看": VIEW, "只读": VIEW, "view": VIEW, "read": VIEW}


def register(tables: Tables) -> None:
    """Put the verbs on the table."""
    on, kind = tables.deeds.on, CodeKind.DOCUMENT
    on("document_rename", kind, on_rename)
    on("document_rights", kind, on_rights)
    on("document_category", kind, on_category)
    on("document_update", kind, on_update)
    on("document_waive", kind, on_waive)
    on("document_missing", kind, on_missing)
    on("document_found", kind, on_found)


def _allowed(deed: Deed, document: Document, action: Action, act: DocumentAct) -> tuple[Item, Grant]:
    """The right first, then the table. In a group nothing is said about a confidential document (EC-70)."""
    item = deed.context.uow.items.get(document.item)
    if item is None:
        raise RuleViolation("not_found_or_no_right")
    relation = replace(of_item(item), secrecy=document.secrecy, access=frozenset(document.access))
    grant = require(deed.context, action, relation)
    require_possible(deed, document, MACHINE, act)
    return item, grant


# ---------------------------------------------------------------- the name


def on_rename(deed: Deed, document: Document) -> Done | str:
    """The file has another name; pressed on the card, it has the suggested one."""
    item, grant = _allowed(deed, document, Action.REGISTER_DOCUMENT, DocumentAct.RENAME)
    context, words = deed.context, deed.words
    name = written_name(deed.command) if deed.command is not None else document.suggestion
    if not name:
        raise RuleViolation("document_needs_name", {"example": words.say("example_document_rename")})
    uploader = context.world.directory.person(document.registered_by)
    verdict = check(name, rule_of(context, item, uploader))
    after = renamed(document, name, verdict, due_at=fix_due(context), now=context.now)
    after = save(context, document, after, act="renamed", item=item, grant=grant, verb=deed.verb)
    shown = inert(after.name, limit=SHOWN)
    if verdict.is_compliant:
        return words.say("document_renamed", code=document.code, name=shown)
    return words.say(
        "document_renamed_wrong",
        code=document.code,
        name=shown,
        suggestion=words.say("naming_suggestion", suggestion=after.suggestion),
        flaw=words.say(f"naming_flaw_{after.problem}"),
    )


def on_waive(deed: Deed, document: Document) -> str:
    """A name that cannot be changed, or a document that cannot be found again (P-46)."""
    item, grant = _allowed(deed, document, Action.WAIVE_NAMING, DocumentAct.WAIVE)
    reason = deed.reason()
    after = waived(document, reason)
    save(deed.context, document, after, act="waived", item=item, grant=grant, verb=deed.verb, reason=reason)
    return deed.words.say("document_waived_said", code=document.code, reason=reason)


# ---------------------------------------------------------------- rights, category, content


def on_rights(deed: Deed, document: Document) -> str:
    """`生产:查看 研发:编辑` (R-48)."""
    item, grant = _allowed(deed, document, Action.REGISTER_DOCUMENT, DocumentAct.KEEP_UP)
    context, words = deed.context, deed.words
    found: dict[str, str] = {}
    for name, said in _RIGHT.findall(deed.text):
        department = context.world.directory.department_named(name)
        right = _RIGHT_WORDS.get(folded(said).strip())
        if department is None:
            raise misread(words, "department", name, verb="document_rights")
        if right is None:
            raise misread(words, "rights", said, verb="document_rights")
        found[department.id] = right
    if not found:
        raise misread(words, "rights", deed.text, verb="document_rights")
    after = with_rights(document, found)
    after = save(context, document, after, act="rights_set", item=item, grant=grant, verb=deed.verb)
    return words.say("document_rights_said", code=document.code, rights=rights_line(after, words))


def rights_line(document: Document, words: Words) -> str:
    """`研发 编辑、生产 查看`."""
    return words.listing(
        words.say("document_right", department=words.department(DepartmentId(department)), right=right)
        for department, right in document.rights.items()
    )


def rights_example(item: Item, words: Words) -> str:
    """Rights as they could be set for the departments of the item."""
    given = [(item.lead, EDIT), *((d, VIEW) for d in item.coop[:2])]
    return " ".join(
        words.say("document_right_example", department=words.department(d), right=words.option(r)) for d, r in given
    )


def on_category(deed: Deed, document: Document) -> str:
    """R-49."""
    item, grant = _allowed(deed, document, Action.REGISTER_DOCUMENT, DocumentAct.KEEP_UP)
    category = category_named(deed.text, deed.words)
    after = with_category(document, category)
    save(deed.context, document, after, act="categorised", item=item, grant=grant, verb=deed.verb)
    return deed.words.say("document_category_said", code=document.code, category=deed.words.option(category.value))


def on_update(deed: Deed, document: Document) -> str:
    """Its content is as of now; the stale reminder begins anew (R-51)."""
    item, grant = _allowed(deed, document, Action.REGISTER_DOCUMENT, DocumentAct.KEEP_UP)
    after = brought_up_to_date(document, now=deed.context.now)
    save(deed.context, document, after, act="updated", item=item, grant=grant, verb=deed.verb)
    return deed.words.say("document_updated_said", code=document.code)


# ---------------------------------------------------------------- lost and found


def on_missing(deed: Deed, document: Document) -> str:
    """It cannot be reached: the lead liaison hears of it, and the item cannot be archived (EC-69)."""
    item, grant = _allowed(deed, document, Action.REGISTER_DOCUMENT, DocumentAct.LOSE)
    context, reason = deed.context, deed.optional_reason()
    after = save(
        context, document, lost(document, reason), act="missing", item=item, grant=grant, verb=deed.verb, reason=reason
    )
    liaison = context.world.posts.assignee(item.lead)
    person = context.world.directory.person(liaison.acting) if liaison is not None else None
    if person is not None and person.id != deed.person.id:
        text = words_for(context, person).say(
            "document_told_missing", code=after.code, item=item_title(item), reason=reason or "-"
        )
        effects.tell(context, person, effects.text(text), key=f"{after.code}:missing:{after.version}", is_owed=True)
    return deed.words.say("document_missing_said", code=document.code)


def on_found(deed: Deed, document: Document) -> str:
    """There again, perhaps under another link; its name is judged anew."""
    item, grant = _allowed(deed, document, Action.REGISTER_DOCUMENT, DocumentAct.RESTORE)
    context = deed.context
    link, _ = read_link(written_name(deed.command)) if deed.command is not None else ("", "")
    verdict = check(document.name, rule_of(context, item, context.world.directory.person(document.registered_by)))
    after = restored(document, verdict, due_at=fix_due(context), now=context.now, link=link)
    after = save(context, document, after, act="found", item=item, grant=grant, verb=deed.verb)
    state = deed.words.say(MACHINE.state_key(after.state))
    return deed.words.say("document_found_said", code=document.code, state=state)


def with_secrecy(document: Document, item: Item) -> Document:
    """The level and access list of the item it belongs to (2.5)."""
    return replace(document, secrecy=item.secrecy, access=item.access)
