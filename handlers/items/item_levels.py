"""`/密级`, `/知悉范围` (domain.md 2.5; L-21; EC-71, EC-72): raised at once, lowered by two, and what that means for everything shown.

What belongs to an item has at least its level. A card that stands in a group is brought to number and state; what no platform
call can take back is named to the secretary, who recalls it by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.domain.confidentiality import Secrecy
from bot.domain.directory import Person
from bot.domain.ids import CodeKind
from bot.domain.item import Item, ItemAct
from bot.domain.item_secrecy import Keepers, lowering, raised, refused_lowering, with_reader, without_reader
from bot.errors import RuleViolation
from bot.routing import Context
from handlers import left_standing, level_words, matter_cards
from handlers.clocks import clock_levels
from handlers.deeds import Deed, Done
from handlers.items import item_groups, item_keeping
from handlers.items.item_cards import LEVEL_KEYS, LOWERING
from handlers.items.item_sight import in_private, relation_of, require_known
from handlers.post_holders import is_at_work
from handlers.tables import Tables


def register(tables: Tables) -> None:
    """Put the deeds on the table."""
    tables.deeds.on("secrecy", CodeKind.ITEM, in_private(on_secrecy))
    tables.deeds.on("access", CodeKind.ITEM, in_private(on_access))
    # 知悉 alone is the leader's word about an issue; behind it an item means the same list
    tables.deeds.on("take_note", CodeKind.ITEM, in_private(on_access))


def keepers_of(context: Context, item: Item) -> Keepers:
    """Who counts for a change of level now; whoever acts for an absent one stands in his or her place."""
    posts = context.world.posts
    head = posts.head_of(item.lead)
    return Keepers(
        lead_head=head.acting if head is not None else None,
        secretary=posts.secretary(),
        leader=posts.leader(),
        heads=tuple(p for d in item.involved if (p := posts.head_post(d)) is not None),
        liaisons=tuple(p for d in item.involved for p in posts.liaisons(d)),
    )


# ---------------------------------------------------------------- the level


def on_secrecy(deed: Deed, item: Item) -> Done:
    """`密级 SX-7 内部敏感`. Raises RuleViolation."""
    context = deed.context
    require_known(context, relation_of(item))
    level = level_words.level_of(deed)
    return _lower(deed, item, level) if level < item.secrecy else _raise(deed, item, level)


def _raise(deed: Deed, item: Item, level: Secrecy) -> Done:
    context, words = deed.context, deed.words
    tasks = context.uow.tasks.find(item=item.code)
    after = raised(
        item,
        level,
        by=deed.person.id,
        keepers=keepers_of(context, item),
        handlers=[task.owner for task in tasks],
    )
    left = left_standing.of(context, _codes_of(context, item))
    if level is Secrecy.CONFIDENTIAL:
        item_groups.say(context, item, "item_told_level_group", key=f"level:{item.version}")
    _hand_down(context, after)
    stored = item_keeping.save(
        context, item, after, ItemAct.RECLASSIFY, verb=deed.verb, reason=f"{item.secrecy}>{int(level)}"
    )
    if level is Secrecy.CONFIDENTIAL:
        item_groups.retire(context, stored, "group_retired_confidential")
    left_standing.name(context, stored.code, stored.version, left)
    return Done(
        words.say("item_level_raised", code=item.code, level=words.say(LEVEL_KEYS[level]), name=deed.person.name),
        is_private=True,
    )


def _lower(deed: Deed, item: Item, level: Secrecy) -> Done:
    context, words = deed.context, deed.words
    keepers = keepers_of(context, item)
    after = lowering(item, level, by=deed.person.id, keepers=keepers)
    stored = item_keeping.save(
        context, item, after, ItemAct.RECLASSIFY, verb=deed.verb, reason=f"{item.secrecy}>{int(level)}"
    )
    name, shown = deed.person.name, words.say(LEVEL_KEYS[level])
    if stored.secrecy == level:
        return Done(words.say("item_level_lowered", code=item.code, level=shown, name=name), is_private=True)
    for key in (keepers.lead_head, keepers.leader):
        other = context.world.directory.person(key) if key is not None and key not in stored.lower_agreed else None
        if other is not None:
            matter_cards.show_to(context, other, stored.code, LOWERING, at_once=is_at_work(context))
    return Done(words.say("item_level_asked", code=item.code, level=shown, name=name), is_private=True)


def agree(deed: Deed, item: Item) -> Done:
    """The other one of lead head and leader agrees to the lower level."""
    require_known(deed.context, relation_of(item))
    return _lower(deed, item, Secrecy(item.lower_to or 0))


def refuse(deed: Deed, item: Item) -> Done:
    """It stays as it is. Raises RuleViolation `no_right` for anybody but the two."""
    context, words = deed.context, deed.words
    require_known(context, relation_of(item))
    keepers = keepers_of(context, item)
    if deed.person.id not in {keepers.lead_head, keepers.leader}:
        raise RuleViolation("no_right")
    item_keeping.save(context, item, refused_lowering(item), ItemAct.RECLASSIFY, verb=deed.verb)
    return Done(
        words.say("item_level_kept", code=item.code, level=words.say(LEVEL_KEYS[item.secrecy]), name=deed.person.name),
        is_private=True,
    )


# ---------------------------------------------------------------- everything that belongs to it


def _hand_down(context: Context, item: Item) -> None:
    """What belongs to an item inherits its level, and of a confidential one its list (2.5)."""
    for repository, child in _children(context, item.code):
        if child.secrecy < item.secrecy:
            access = tuple(dict.fromkeys((*child.access, *item.access)))
            repository.put(replace(child, secrecy=item.secrecy, access=access))
            _hand_down_deadlines(context, str(child.code), item, access)
            matter_cards.refresh(context, str(child.code))
    _hand_down_deadlines(context, item.code, item, item.access)
    for group in item_groups.groups_of(context, item.code):
        if group.chat is not None:
            clock_levels.raise_in(context, group.chat, item.secrecy)


def _hand_down_deadlines(context: Context, code: str, item: Item, access: tuple[Any, ...]) -> None:
    for one in context.uow.obligations.find(code=code):
        if one.secrecy < item.secrecy:
            context.uow.obligations.put(replace(one, secrecy=item.secrecy, access=access))


def _codes_of(context: Context, item: Item) -> tuple[str, ...]:
    children = (str(child.code) for _, child in _children(context, item.code))
    plans = {str(plan.code) for plan in context.uow.plans.find(item=item.code)}
    return (item.code, *children, *sorted(plans))


def _children(context: Context, code: str) -> Iterator[tuple[Any, Any]]:
    uow = context.uow
    kinds: tuple[Any, ...] = (
        uow.tasks,
        uow.issues,
        uow.conflicts,
        uow.acceptances,
        uow.documents,
        uow.reports,
        uow.resolutions,
        uow.meetings,
    )
    for repository in kinds:
        for child in repository.find(item=code):
            if hasattr(child, "secrecy") and hasattr(child, "access"):
                yield repository, child


# ---------------------------------------------------------------- the list


def on_access(deed: Deed, item: Item) -> Done:
    """`知悉范围 SX-7 @人` adds a reader, `知悉范围 SX-7 移出 @人` takes one off. Raises RuleViolation."""
    context, words = deed.context, deed.words
    require_known(context, relation_of(item))
    if item.secrecy < Secrecy.CONFIDENTIAL:
        raise RuleViolation("access_only_confidential", {"code": item.code})
    people = level_words.people_of(deed)
    is_removing = level_words.is_removing(deed)
    after = item
    for person in people:
        after = _changed(context, after, person, deed, is_removing=is_removing)
    _hand_down_list(context, item, after)
    stored = item_keeping.save(context, item, after, ItemAct.RECLASSIFY, verb=deed.verb, reason=deed.text[:40])
    if not is_removing:
        item_keeping.tell(context, people, stored, "item_told_listed", facts={"name": deed.person.name})
    names = words.listing(words.name(person) for person in stored.access)
    return Done(words.say("item_access", code=item.code, people=names), is_private=True)


def _changed(context: Context, item: Item, person: Person, deed: Deed, *, is_removing: bool) -> Item:
    keepers = keepers_of(context, item)
    change = without_reader if is_removing else with_reader
    return change(item, person.id, by=deed.person.id, keepers=keepers)


def _hand_down_list(context: Context, before: Item, after: Item) -> None:
    """What belongs to it is known to the same people; what has a list of its own keeps its further ones."""
    gone, come = set(before.access) - set(after.access), [p for p in after.access if p not in before.access]
    for repository, child in _children(context, after.code):
        if child.secrecy >= Secrecy.CONFIDENTIAL:
            access = tuple(p for p in dict.fromkeys((*child.access, *come)) if p not in gone)
            repository.put(replace(child, access=access))
            for one in context.uow.obligations.find(code=str(child.code)):
                context.uow.obligations.put(replace(one, access=access))
