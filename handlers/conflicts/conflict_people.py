"""Who stands how to a conflict: parties, who leads, who rules, and which key projects are in it (domain.md 3.8; SoD-5, R-88)."""

from __future__ import annotations

from bot.domain.action import Action
from bot.domain.codes import read_codes
from bot.domain.conflict import Conflict
from bot.domain.directory import Role
from bot.domain.form import text_of
from bot.domain.ids import CodeKind, DepartmentId, PersonId
from bot.domain.item import Item
from bot.domain.permissions import Refusal, may
from bot.domain.relation import Relation
from bot.domain.roles import actor_of
from bot.routing import Context
from handlers.lookups import find


def relation(context: Context, conflict: Conflict) -> Relation:
    """How the conflict stands to people."""
    item = context.uow.items.get(conflict.item) if conflict.item is not None else None
    return Relation(
        department=conflict.filed_for,
        lead=lead_of(context, conflict),
        coop=frozenset(conflict.parties),
        owners=frozenset({conflict.filed_by}),
        members=frozenset(item.members) if item is not None else frozenset(),
        parties=frozenset(conflict.parties),
        secrecy=conflict.secrecy,
        access=frozenset(conflict.access),
    )


def ruler(context: Context, conflict: Conflict) -> PersonId | None:
    """Who rules: the acting leader, ALT where the leader heads a party (SoD-5, L-20)."""
    posts, directory = context.world.posts, context.world.directory
    stands = relation(context, conflict)
    alternates = (p.id for p in directory.holders(Role.ALTERNATE))
    for person in (posts.leader(), *alternates):
        found = actor_of(person, directory=directory, posts=posts) if person is not None else None
        if found is not None and not isinstance(may(Action.RULE_CONFLICT, found, stands), Refusal):
            return found.person
    return posts.leader()


def lead_of(context: Context, conflict: Conflict) -> DepartmentId:
    """Who verifies and executes: the item's lead department, without an item the one that filed it."""
    item = context.uow.items.get(conflict.item) if conflict.item is not None else None
    return item.lead if item is not None else conflict.filed_for


def key_items(context: Context, conflict: Conflict) -> tuple[str, ...]:
    """Key projects among the items that want the same thing (R-88)."""
    refs, _ = read_codes(f"{text_of(conflict.content, 'competing')} {conflict.item or ''}")
    found: list[Item] = []
    for ref in refs:
        item = find(context, ref, CodeKind.ITEM, context.uow.items.get) if ref.kind is CodeKind.ITEM else None
        if item is not None:
            found.append(item)
    is_key = context.world.company.is_key_item
    return tuple(dict.fromkeys(str(i.code) for i in found if i.is_key_project or is_key(i.code)))


def acting_head(context: Context, department: DepartmentId) -> PersonId | None:
    """Who acts as head of a party now."""
    standing = context.world.posts.head_of(department)
    return standing.acting if standing is not None else None
