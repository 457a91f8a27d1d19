"""`/绑定`: two names of one group, where the bot that speaks in it and the bot that hears it are two things to the platform.

The group was made by one of them; a person adds the other by hand and says in the group which one it is. From then on what
is heard there belongs to the group that was made (domain.md 3.15). Until somebody has done it the person who asked for the
group is reminded once a day.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.action import Action
from bot.domain.directory import Role
from bot.domain.group import Group, GroupPurpose
from bot.domain.ids import CodeKind
from bot.domain.relation import of_item
from bot.errors import RuleViolation
from bot.messages import LinkChats
from bot.ports import SendState
from bot.routing import Context, Outcome, Router
from handlers import effects
from handlers.access import actor, allows
from handlers.calls import Call, Commands
from handlers.conversation.places import SEEN, group_of
from handlers.lookups import find
from handlers.words import words_for


def register(router: Router) -> None:
    """Put the outcome of the joining on the table."""
    router.outcome(LinkChats, on_joined)


def answer_commands(commands: Commands) -> None:
    """Put the command on the table."""
    commands.on("group_join", on_join)


def on_join(call: Call) -> None:
    """What is heard in this chat belongs to the group that was named."""
    if call.is_private:
        raise RuleViolation("group_join_in_private")
    here = group_of(call.context, call.message.chat)
    if here is not None:
        call.say("group_joined_already", name=here.name)
        return
    group = _meant(call)
    if group is None or group.chat is None or not _may_join(call.context, group):
        raise RuleViolation("group_join_none")
    effects.send(
        call.context,
        LinkChats(chat=group.chat, heard_as=call.message.chat),
        key=f"group:{group.id}:join:{call.message.chat}",
        ref=group.id,
        priority=effects.ANSWER,
    )
    call.say("group_joining", name=group.name)


def on_joined(context: Context, outcome: Outcome) -> None:
    """The two names are one now."""
    group = context.uow.groups.get(outcome.envelope.ref)
    if group is None or outcome.state is not SendState.SENT or not isinstance(outcome.outbound, LinkChats):
        return
    context.uow.groups.put(replace(group, wants_bot=False))
    effects.record(
        context, "group_joined", group.id, after=group.state.value, facts={"as": str(outcome.outbound.heard_as)}
    )


def ask_for_bot(context: Context, group: Group, *, key: str) -> None:
    """Tell whoever asked for the group how the bot gets into it."""
    asker = group.requested_by
    person = context.world.directory.person(asker) if asker is not None else None
    if person is None or not group.wants_bot:
        return
    words = words_for(context, person)
    what = group.item or group.name
    text = words.say("group_wants_bot", name=group.name, bot=context.around.name, code=what)
    effects.tell(context, person, effects.text(text), key=f"group:{group.id}:bot:{key}")


def _meant(call: Call) -> Group | None:
    """The group of the item that was named, or the one of that name, as long as nobody hears it under another chat."""
    platform = call.message.chat.platform
    living = [g for g in call.context.uow.groups.find() if g.platform == platform and g.state in SEEN]
    if call.command.codes:
        item = find(call.context, call.command.codes[0], CodeKind.ITEM, call.context.uow.items.get)
        found = [g for g in living if item is not None and g.item == item.code and g.purpose is GroupPurpose.DEDICATED]
    else:
        name = call.command.words.strip()
        found = [g for g in living if name and name in {g.name, g.id}]
    return found[0] if len(found) == 1 else None


def _may_join(context: Context, group: Group) -> bool:
    """Whoever asked for the group or may make it; a group without an item is the secretary's and the administrators'."""
    found = actor(context)
    if found is None:
        return False
    if group.requested_by == found.person:
        return True
    item = context.uow.items.get(group.item) if group.item is not None else None
    if item is not None:
        return allows(context, Action.MAKE_GROUP, of_item(item))
    return found.has(Role.ADMINISTRATOR) or found.has(Role.SECRETARY)


def remind(context: Context, *, day: str) -> None:
    """Once a day, for every group that still lacks the bot that hears it."""
    for group in context.uow.groups.find():
        if group.wants_bot and group.state in SEEN:
            ask_for_bot(context, group, key=day)
