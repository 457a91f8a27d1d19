"""The dedicated groups of an item when something happens to it (domain.md 3.15): told, and given up at its end."""

from __future__ import annotations

from bot.domain.confidentiality import Secrecy
from bot.domain.group import TABLE, Group, GroupMove, GroupPurpose, moved
from bot.domain.ids import ChatKey
from bot.domain.item import Item
from bot.messages import SendText, Text, ToChat
from bot.routing import Context
from handlers import effects, matter_notices
from handlers.conversation.places import SEEN
from handlers.groups.group_checks import keepers
from handlers.words import words_for


def groups_of(context: Context, item: str) -> list[Group]:
    """The dedicated groups of an item, whatever their state."""
    return [g for g in context.uow.groups.find(item=item) if g.purpose is GroupPurpose.DEDICATED]


def chats(context: Context, item: str) -> tuple[ChatKey, ...]:
    """Where the bot can write to everybody of an item; nowhere for a confidential one (2.5)."""
    known = context.uow.items.get(item)
    if known is None or known.secrecy >= Secrecy.CONFIDENTIAL:
        return ()
    found = groups_of(context, item)
    return tuple(g.chat for g in found if g.chat is not None and g.state in SEEN and g.platform in context.capabilities)


def say(context: Context, item: Item, sentence: str, *, key: str, **facts: object) -> None:
    """A line in every group of the item: number and state, and the title where it is open (2.5)."""
    words = words_for(context, None)
    text = words.say(sentence, code=item.code, what=matter_notices.what(item), **facts)
    for chat in chats(context, item.code):
        effects.send(
            context,
            SendText(target=ToChat(chat), body=(Text(text),)),
            key=f"{item.code}:{key}:{chat}",
            ref=item.code,
            priority=effects.NOTICE,
        )


def retire(context: Context, item: Item, sentence: str) -> None:
    """The item is at its end, or confidential: nothing is done in its groups any more, and their keeper hears what is left to do."""
    for group in groups_of(context, item.code):
        if (group.state, GroupMove.RETIRED) not in TABLE:
            continue
        stored = context.uow.groups.put(moved(group, GroupMove.RETIRED, now=context.now).state)
        effects.record(context, "group_retired", group.id, before=group.state.value, after=stored.state.value)
        if group.chat is not None:
            _offer(context, item, stored, sentence)


def _offer(context: Context, item: Item, group: Group, sentence: str) -> None:
    """No platform lets a bot dissolve or mute a group: whoever owns it is asked to dissolve it or to keep it read-only."""
    for person in keepers(context, item):
        text = words_for(context, person).say(sentence, what=matter_notices.what(item), name=group.name)
        effects.tell(
            context,
            person,
            effects.text(text),
            key=f"group:{group.id}:{sentence}:{person.id}",
            is_owed=True,
            ref=group.id,
        )
