"""Where a message was written: which group, which kind of place, who is there."""

from __future__ import annotations

from bot.domain.group import Group, GroupState
from bot.domain.ids import ChatKey, DepartmentId
from bot.domain.item import Item
from bot.domain.tracking import GroupKind
from bot.routing import Context
from bot.updates import ChatType, MessageReceived

#: states in which the bot can see and serve a group
SEEN = (GroupState.CHECKING, GroupState.COMPLIANT, GroupState.NONCOMPLIANT)


def group_of(context: Context, chat: ChatKey) -> Group | None:
    """The registered group of that chat, retired and lost ones left out."""
    found = context.uow.groups.find(chat=str(chat))
    living = [g for g in found if g.state in {*SEEN, GroupState.BOT_REMOVED}]
    return living[0] if living else None


def kind_of(context: Context, update: MessageReceived) -> GroupKind:
    """Is it a place whose messages are tracked (5.4 b)?"""
    if update.chat_type is ChatType.DIRECT:
        return GroupKind.DIRECT
    group = group_of(context, update.chat)
    return GroupKind.TRACKED if group is not None and group.state in SEEN else GroupKind.OTHER


def departments_in(context: Context, group: Group | None) -> tuple[DepartmentId, ...]:
    """Departments with people in the group, as far as the last reading of its members tells."""
    if group is None:
        return ()
    people = (context.world.directory.by_account(account) for account in group.members)
    return tuple(dict.fromkeys(p.department for p in people if p is not None))


def item_of(context: Context, group: Group | None) -> Item | None:
    """The item a dedicated group belongs to."""
    return context.uow.items.get(group.item) if group is not None and group.item is not None else None


def secrecy_of(context: Context, group: Group | None) -> int:
    """The level of whatever is talked about in the group (2.5)."""
    item = item_of(context, group)
    return item.secrecy if item is not None else 0
