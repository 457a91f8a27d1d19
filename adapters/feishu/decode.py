"""The wire's events in neutral words. Pure, and total: a genuine event is never an exception.

What we know and nobody needs is `Ignored`; what we do not know, or cannot read, is `Unreadable` and stays visible.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from adapters._hardened_json import JsonTable
from adapters._members import Unclear, content_id, flag, instant, name, table, tables, text
from adapters.feishu.decode_cards import CARD_TRIGGER, card_clicked
from adapters.feishu.decode_messages import message_received
from adapters.feishu.emoji import neutral_emoji
from adapters.feishu.event import PLATFORM, Event, Self, account, needed_account, read_event
from bot.domain.ids import AccountKey
from bot.updates import (
    AnyUpdate,
    BotJoinedChat,
    BotLeftChat,
    ChatDissolved,
    ChatMembersChanged,
    ChatRenamed,
    DirectChatOpened,
    DirectoryChanged,
    Ignored,
    MessageRecalled,
    ReactionAdded,
    ReactionRemoved,
    Source,
    Unreadable,
)


def decode(envelope: JsonTable, *, me: Self, received_at: datetime) -> AnyUpdate:
    """The update that a genuine envelope stands for."""
    event = read_event(envelope, me=me, received_at=received_at)
    reader = _READERS.get(event.type, _directory_changed if event.type.startswith("contact.") else _unknown)
    try:
        return reader(event)
    except Unclear as problem:
        return Unreadable(source=event.source(), event_type=event.type, problem=str(problem))


def unreadable(payload: bytes, *, me: Self, received_at: datetime) -> Unreadable:
    """For a genuine payload that is not even a table; the same bytes are the same update."""
    source = Source(platform=PLATFORM, app=me.app_id, business_id=content_id(payload), received_at=received_at)
    return Unreadable(source=source, event_type="", problem="not a table")


def is_click(envelope: JsonTable) -> bool:
    """True for what somebody waits for at a card, readable or not."""
    return text(table(envelope, "header"), "event_type") == CARD_TRIGGER


def _unknown(event: Event) -> Unreadable:
    return Unreadable(source=event.source(), event_type=event.type, problem="unknown type")


def _ignored(event: Event) -> Ignored:
    return Ignored(source=event.source(), event_type=event.type)


# ---------------------------------------------------------------- messages and reactions


def _recalled(event: Event) -> MessageRecalled:
    source = event.source(happened_at=instant(event.body.get("recall_time")))
    return MessageRecalled(source=source, message=event.message, chat=event.chat)


def _reaction_added(event: Event) -> ReactionAdded | Ignored:
    if text(event.body, "operator_type") == "app":
        return _ignored(event)  # ours, or another bot's
    source, operator, emoji = _reaction(event)
    return ReactionAdded(source=source, message=event.message, operator=operator, emoji=emoji)


def _reaction_removed(event: Event) -> ReactionRemoved | Ignored:
    if text(event.body, "operator_type") == "app":
        return _ignored(event)
    source, operator, emoji = _reaction(event)
    return ReactionRemoved(source=source, message=event.message, operator=operator, emoji=emoji)


def _reaction(event: Event) -> tuple[Source, AccountKey, str]:
    emoji = name(table(event.body, "reaction_type"), "emoji_type")
    if not emoji:
        raise Unclear("no emoji_type")
    source = event.source(happened_at=instant(event.body.get("action_time")))
    return source, needed_account(event.body.get("user_id")), neutral_emoji(emoji)


# ---------------------------------------------------------------- chats


def _bot_added(event: Event) -> BotJoinedChat:
    return BotJoinedChat(
        source=event.source(),
        chat=event.chat,
        name=name(event.body, "name"),
        operator=event.operator,
        is_external=flag(event.body, "external"),
    )


def _bot_removed(event: Event) -> BotLeftChat:
    return BotLeftChat(source=event.source(), chat=event.chat, operator=event.operator)


def _people(event: Event) -> tuple[AccountKey, ...]:
    found = (account(one.get("user_id")) for one in tables(event.body, "users"))
    return tuple(one for one in found if one is not None)


def _members_joined(event: Event) -> ChatMembersChanged:
    return ChatMembersChanged(source=event.source(), chat=event.chat, joined=_people(event))


def _members_left(event: Event) -> ChatMembersChanged:
    return ChatMembersChanged(source=event.source(), chat=event.chat, left=_people(event))


def _chat_updated(event: Event) -> ChatRenamed | Ignored:
    """Only a new name matters; owners, avatars and rights come as the same event."""
    new, old = name(table(event.body, "after_change"), "name"), name(table(event.body, "before_change"), "name")
    if not new or new == old:
        return _ignored(event)
    return ChatRenamed(source=event.source(), chat=event.chat, name=new)


def _chat_disbanded(event: Event) -> ChatDissolved:
    return ChatDissolved(source=event.source(), chat=event.chat, operator=event.operator)


def _direct_chat_entered(event: Event) -> DirectChatOpened:
    who = needed_account(event.body.get("operator_id"))
    return DirectChatOpened(source=event.source(), chat=event.chat, account=who)


# ---------------------------------------------------------------- directory


def _directory_changed(event: Event) -> DirectoryChanged:
    """The next sync reads what changed; the person is named where the event is about one."""
    return DirectoryChanged(source=event.source(), reason=event.type, account=account(event.body.get("object")))


_READERS: dict[str, Callable[[Event], AnyUpdate]] = {
    "im.message.receive_v1": message_received,
    "im.message.recalled_v1": _recalled,
    "im.message.message_read_v1": _ignored,
    "im.message.reaction.created_v1": _reaction_added,
    "im.message.reaction.deleted_v1": _reaction_removed,
    "im.chat.member.bot.added_v1": _bot_added,
    "im.chat.member.bot.deleted_v1": _bot_removed,
    "im.chat.member.user.added_v1": _members_joined,
    "im.chat.member.user.deleted_v1": _members_left,
    "im.chat.member.user.withdrawn_v1": _members_left,
    "im.chat.updated_v1": _chat_updated,
    "im.chat.disbanded_v1": _chat_disbanded,
    "im.chat.access_event.bot_p2p_chat_entered_v1": _direct_chat_entered,
    "application.bot.menu_v6": _ignored,
    CARD_TRIGGER: card_clicked,
}
