"""`/建群`, `/查群` (domain.md 3.15, R-41, R-42; P-47; EC-70)."""

from __future__ import annotations

from bot.domain.action import Action
from bot.domain.codes import CodeRef
from bot.domain.confidentiality import Secrecy
from bot.domain.directory import Role
from bot.domain.folding import folded
from bot.domain.group import Group, GroupPurpose, GroupState
from bot.domain.ids import CodeKind
from bot.domain.item import Item
from bot.domain.relation import of_item
from bot.domain.roles import Actor
from bot.errors import RuleViolation
from handlers import effects
from handlers.access import actor, allows, require
from handlers.calls import Call, Commands
from handlers.conversation.places import SEEN, group_of
from handlers.groups import group_checks, group_making
from handlers.lookups import find

#: how many items are offered as examples
OFFERED = 3


def answer_commands(commands: Commands) -> None:
    """Put both commands on the table."""
    commands.on("group_create", on_create)
    commands.on("group_check", on_check)


# ---------------------------------------------------------------- making one


def on_create(call: Call) -> None:
    """Make the dedicated group of an item; without an item explain what a group needs."""
    item = _item(call)
    if item is None:
        raise RuleViolation("group_needs_item", {"example": _example(call)})
    require(call.context, Action.MAKE_GROUP, of_item(item))
    platform = call.message.chat.platform
    if _is_by_hand(call, platform):
        adopted = group_making.adopt(call.context, item, call.person, call.message.chat, "")
        call.say("group_adopted", name=adopted.name, code=item.code)
        return
    group = group_making.create(call.context, item, call.person, platform)
    call.say("group_creating", name=group.name, code=item.code)


def _is_by_hand(call: Call, platform: str) -> bool:
    """On a platform that lets no bot make groups, the command in a new group makes that one the item's."""
    can_make = effects.can(call.context, platform).create_group
    return not can_make and not call.is_private and group_of(call.context, call.message.chat) is None


def _example(call: Call) -> str:
    """The codes of items that this person may make a group for."""
    may = [
        item.code
        for item in call.context.uow.items.find()
        if item.state not in group_making.FINISHED
        and item.secrecy < Secrecy.CONFIDENTIAL
        and allows(call.context, Action.MAKE_GROUP, of_item(item))
    ]
    return call.words.listing(f"SX-{int(code.rsplit('-', 1)[1])}" for code in may[:OFFERED]) or "SX-7"


# ---------------------------------------------------------------- looking at one


def on_check(call: Call) -> None:
    """Compare a group with its rule; the result comes in private."""
    item = _item(call)
    here = None if call.is_private else group_of(call.context, call.message.chat)
    if item is None and not call.command.codes:
        _check_here(call, here)
        return
    if item is None:
        raise RuleViolation("not_found_or_no_right")
    _require_sight(call, item)
    group = _group_of_item(call, item)
    if group is None:
        raise RuleViolation("group_none", {"code": item.code})
    _check(call, group)


def _check_here(call: Call, here: Group | None) -> None:
    """The group in which the command was given; in private the explanation."""
    if call.is_private:
        raise RuleViolation("group_needs_item_check", {"example": _example(call)})
    if here is None:
        _explain_unregistered(call)
        return
    item = call.context.uow.items.get(here.item) if here.item is not None else None
    if item is not None:
        _require_sight(call, item)
    _check(call, here)


def _explain_unregistered(call: Call) -> None:
    """Whoever can register the group, or has to ask for it, reads its id; in private, where it can be copied from."""
    found = actor(call.context)
    if found is not None and (found.has(Role.ADMINISTRATOR) or found.has(Role.SECRETARY)):
        call.answer_privately(call.words.say("group_here_id", chat=call.message.chat.chat))
    else:
        call.say("group_here_unknown")


def _check(call: Call, group: Group) -> None:
    match group.state:
        case GroupState.CREATING:
            call.say("group_still_creating", name=group.name)
        case GroupState.LOST | GroupState.BOT_REMOVED:
            key = "group_lost" if group.state is GroupState.LOST else "group_bot_removed"
            call.answer_privately(call.words.say(key, name=group.name, code=group.item or group.id))
        case _:
            key = f"group:{group.id}:read:{call.message.message}"
            group_checks.read_members(call.context, group, asked_by=call.person.id, key=key)
            call.say("group_check_asked", name=group.name)


def _require_sight(call: Call, item: Item) -> None:
    """Whoever may make the group, or belongs to a department in it, may ask who is missing."""
    found = actor(call.context)
    if found is None or not (_is_involved(found, item) or allows(call.context, Action.MAKE_GROUP, of_item(item))):
        raise RuleViolation("no_right" if item.secrecy == Secrecy.NORMAL else "not_found_or_no_right")


def _is_involved(found: Actor, item: Item) -> bool:
    return found.department in item.involved or found.person in item.members


def _group_of_item(call: Call, item: Item) -> Group | None:
    """The item's group: the one here, else the living one on this platform, else the last one that was lost."""
    groups = [
        g
        for g in call.context.uow.groups.find(item=item.code)
        if g.purpose is GroupPurpose.DEDICATED and g.state not in {GroupState.RETIRED, GroupState.FAILED}
    ]
    groups.sort(key=lambda g: (g.chat == call.message.chat, g.state in SEEN, g.platform == call.message.chat.platform))
    return groups[-1] if groups else None


# ---------------------------------------------------------------- which item


def _item(call: Call) -> Item | None:
    """The item that was named by its code, its number, its title or short name; None without any.

    A level-2 item does not exist for those outside its list, nor for anybody in a group (EC-70).
    """
    item = _by_code(call, call.command.codes[0]) if call.command.codes else _by_name(call)
    if item is not None and item.secrecy >= Secrecy.CONFIDENTIAL and (not call.is_private or not _may_know(call, item)):
        item = None
    if item is None and call.command.codes:
        raise RuleViolation("not_found_or_no_right")
    return item


def _may_know(call: Call, item: Item) -> bool:
    try:
        require(call.context, Action.MAKE_GROUP, of_item(item))
    except RuleViolation as refusal:
        return refusal.code != "not_found_or_no_right"
    return True


def _by_code(call: Call, ref: CodeRef) -> Item | None:
    return find(call.context, ref, CodeKind.ITEM, call.context.uow.items.get)


def _by_name(call: Call) -> Item | None:
    """An item called exactly so; never one of two."""
    name = folded(call.command.words).replace(" ", "")
    if not name:
        return None
    found = [
        i
        for i in call.context.uow.items.find()
        if i.state not in group_making.FINISHED
        and name in {folded(i.title).replace(" ", ""), folded(i.short).replace(" ", "")}
    ]
    return found[0] if len(found) == 1 else None
