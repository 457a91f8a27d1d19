"""Documents kept: row, limit, audit trail and cards in one function; the naming rule of an item today (domain.md 3.13, L-31)."""

from __future__ import annotations

from datetime import datetime

from bot.domain.action import Action
from bot.domain.confidentiality import Secrecy
from bot.domain.directory import Person
from bot.domain.document import Document, DocumentState
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.item import Item
from bot.domain.naming import Naming
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.permissions import Grant, Refusal, may
from bot.domain.relation import of_item
from bot.domain.roles import actor_of
from bot.messages import inert
from bot.routing import Context
from handlers import effects, matter_cards
from handlers.company import former_names
from handlers.deadlines import deadlines
from handlers.deeds import SLOT, VERB
from handlers.post_holders import handling_post
from handlers.words import words_for

#: how much of a name is shown
SHOWN = 80


def save(
    context: Context,
    before: Document | None,
    after: Document,
    *,
    act: str,
    item: Item,
    grant: Grant | None = None,
    verb: str = "",
    reason: str = "",
) -> Document:
    """Write the document with the limit that its name has now."""
    stored = context.uow.documents.add(after) if before is None else context.uow.documents.put(after)
    deadlines.settle(context, stored.code, _owed(context, stored, item))
    effects.record_act(
        context,
        f"document_{act}",
        before,
        stored,
        grant=grant,
        reason=reason,
        facts={VERB: verb, SLOT: "", "item": stored.item},
    )
    matter_cards.refresh(context, stored.code)
    return stored


def _owed(context: Context, document: Document, item: Item) -> list[Obligation]:
    """T-23: whoever registered a wrong name puts it right."""
    if document.state is not DocumentState.NONCOMPLIANT or document.due_at is None:
        return []
    limit = deadlines.Limit(
        due_at=document.due_at,
        counted_from=document.updated_at or document.registered_at,
        workdays=context.world.company.parameters.naming_fix_wd,
    )
    name = inert(document.name, limit=SHOWN)
    return [
        deadlines.owed(
            context,
            document.code,
            ObligationKind.NAMING,
            limit,
            title=words_for(context, None).say("document_obligation", name=name),
            holder=_fixer(context, document, item),
            department=document.department,
            item=item.code,
            secrecy=document.secrecy,
            access=document.access,
            lead=item.lead,
            coop=item.coop,
        )
    ]


def _fixer(context: Context, document: Document, item: Item) -> PersonId | None:
    """Whoever registered it, while he or she may still rename it; then the lead department's liaison."""
    found = actor_of(document.registered_by, directory=context.world.directory, posts=context.world.posts)
    if found is not None and not isinstance(may(Action.REGISTER_DOCUMENT, found, of_item(item)), Refusal):
        return found.person
    return handling_post(context, item.lead, secrecy=document.secrecy, access=document.access)


def follow_posts(context: Context) -> None:
    """Wrong names are put right by whoever may do so now."""
    for document in context.uow.documents.find(state=DocumentState.NONCOMPLIANT.value):
        item = context.uow.items.get(document.item)
        if item is not None:
            deadlines.settle(context, document.code, _owed(context, document, item))


def fix_due(context: Context) -> datetime:
    """When a wrong name has to be right (T-23)."""
    return deadlines.limit_workdays(context, context.world.company.parameters.naming_fix_wd).due_at


# ---------------------------------------------------------------- the rule


def rule_of(context: Context, item: Item, uploader: Person | None) -> Naming:
    """What names of the item's documents are checked against today; a suggestion names the uploader's department or the lead."""
    directory = context.world.directory
    own = uploader.department if uploader is not None and uploader.department in item.involved else item.lead
    found = directory.department(own)
    return Naming(
        items=tuple(n for n in (item.title, item.short) if n),
        involved=tuple(n for d in item.involved for n in _names(context, d)),
        others=tuple(n for d in directory.departments if d.id not in item.involved for n in (d.name, d.short) if n),
        today=context.world.calendars.local(context.now).date(),
        starts_on=item.start_on,
        item=item.short or item.title,
        department=found.name if found is not None else str(own),
        separator=context.world.company.parameters.naming_separator,
    )


def _names(context: Context, department: DepartmentId) -> tuple[str, ...]:
    found = context.world.directory.department(department)
    current = (found.name, found.short) if found is not None else ()
    return tuple(n for n in (*current, *former_names.accepted(context, department)) if n)


# ---------------------------------------------------------------- words


def item_title(item: Item) -> str:
    """Number and title; of a sensitive item only the number (EC-74)."""
    return (
        item.code if item.secrecy >= Secrecy.SENSITIVE else f"{item.code} {inert(item.short or item.title, limit=30)}"
    )
