"""What happens to groups (domain.md 3.15; EC-45, EC-46, EC-84): dissolved, left, joined, renamed.

The history of a group stays whatever becomes of it. A group with other companies' people is left at once.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.group import TABLE, Group, GroupMove, GroupState, moved
from bot.domain.ids import ChatKey
from bot.domain.reply_clock import FactKind
from bot.messages import LeaveChat
from bot.routing import Context, Router
from bot.updates import BotJoinedChat, BotLeftChat, ChatDissolved, ChatRenamed
from handlers import effects
from handlers.conversation.places import SEEN, group_of
from handlers.groups import group_checks, group_joining, group_making
from handlers.groups.group_checks import arm_daily, move_daily, recheck_all, sight
from handlers.words import words_for

__all__ = ["arm_daily", "move_daily", "recheck_all", "register"]

#: longest name that is taken from a platform
LONGEST_NAME = 100


def register(router: Router) -> None:
    """Put everything about groups on the table."""
    router.on(BotLeftChat, on_bot_left)
    router.on(BotJoinedChat, on_bot_joined)
    router.on(ChatDissolved, on_dissolved)
    router.on(ChatRenamed, on_renamed)
    router.recheck("group_lost", group_checks.is_lost)
    group_making.register(router)
    group_checks.register(router)
    group_joining.register(router)


# ---------------------------------------------------------------- lost


def on_dissolved(context: Context, update: ChatDissolved) -> None:
    """The group does not exist any more; its history stays, its clocks wait one working day (3.14)."""
    _lost(context, update.chat, GroupMove.DISSOLVED, "group_lost", update.source.business_id)


def on_bot_left(context: Context, update: BotLeftChat) -> None:
    """The bot was taken out."""
    _lost(context, update.chat, GroupMove.BOT_REMOVED, "group_bot_removed", update.source.business_id)


def _lost(context: Context, chat: ChatKey, move: GroupMove, sentence: str, event: str) -> None:
    sight(context, chat, FactKind.INVISIBLE)
    group = group_of(context, chat)
    if group is None or (group.state, move) not in TABLE:
        return
    group = context.uow.groups.put(moved(group, move, now=context.now).state)
    effects.record(context, f"group_{move.value}", group.id, after=group.state.value)
    group_checks.tell_lost(context, group, sentence, key=event)


# ---------------------------------------------------------------- found


def on_bot_joined(context: Context, update: BotJoinedChat) -> None:
    """The bot came into a group: one it knew, one it made, a new one, or one of other companies' people, which it leaves."""
    if update.is_external:
        _leave(context, update)
        return
    group = group_of(context, update.chat)
    if group is not None:
        _welcome_back(context, group, update)
        return
    ours = _just_made(context, update)
    if ours is None:
        if not context.uow.groups.find(chat=str(update.chat)):
            text = words_for(context, None).say("group_hello", name=context.around.name, minutes=_minutes(context))
            effects.post(context, update.chat, effects.text(text), key=f"hello:{update.chat}")
    elif ours.state is GroupState.FAILED:
        # nobody knew whether the platform had made it; now it says so itself
        group_making.made(context, ours, update.chat)


def _leave(context: Context, update: BotJoinedChat) -> None:
    text = words_for(context, None).say("external_group")
    effects.post(context, update.chat, effects.text(text), key=f"external:{update.source.business_id}")
    effects.send(context, LeaveChat(chat=update.chat), key=f"leave:{update.source.business_id}")


def _welcome_back(context: Context, group: Group, update: BotJoinedChat) -> None:
    if group.state is GroupState.BOT_REMOVED:
        group = context.uow.groups.put(moved(group, GroupMove.BOT_RETURNED, now=context.now).state)
        effects.record(context, "group_bot_returned", group.id, after=group.state.value)
        sight(context, update.chat, FactKind.VISIBLE)
        text = words_for(context, None).say("group_bot_back", name=group.name)
        effects.post(context, update.chat, effects.text(text), key=f"back:{update.source.business_id}")
    if group.state in SEEN:
        group_checks.read_members(
            context, group, asked_by=None, key=f"group:{group.id}:read:{update.source.business_id}"
        )


def _just_made(context: Context, update: BotJoinedChat) -> Group | None:
    """The group of ours that this chat is, while the platform's answer to its creation is not there or was lost."""
    waiting = context.uow.groups.find(
        platform=update.chat.platform, state=(GroupState.CREATING.value, GroupState.FAILED.value)
    )
    named = [g for g in waiting if g.chat is None and g.step == group_making.CREATE and g.name == update.name]
    return named[-1] if named else None


def _minutes(context: Context) -> int:
    return context.world.company.parameters.sla_reply_minutes


def on_renamed(context: Context, update: ChatRenamed) -> None:
    """A group has another name."""
    group = group_of(context, update.chat)
    if group is not None and update.name and group.name != update.name:
        context.uow.groups.put(replace(group, name=update.name[:LONGEST_NAME]))
