"""The wire's events in neutral words. Pure, and total: a genuine event is never an exception.

What we know and nobody needs is `Ignored`; what we do not know, or cannot read, is `Unreadable` and stays visible.
Robot messages and clicks have files of their own.
"""

from __future__ import annotations

from collections.abc import Callable

from adapters._members import Unclear, content_id, name
from adapters.dingtalk.event import PLATFORM, Event, Self
from bot.clock import Clock
from bot.domain.ids import AccountKey
from bot.updates import (
    AnyUpdate,
    BotJoinedChat,
    BotLeftChat,
    ChatDissolved,
    ChatMembersChanged,
    ChatRenamed,
    DirectoryChanged,
    Ignored,
    Source,
    Unreadable,
)


def decode(event: Event) -> AnyUpdate:
    """The update that an event stands for."""
    is_directory = event.type.startswith(_DIRECTORY)
    reader = _READERS.get(event.type, _directory_changed if is_directory else _unknown)
    return readable(event, reader)


def is_free_of_charge(kind: str) -> bool:
    """Whether the month's deliveries leave out events of this kind: those of the address book (dingtalk.md 1.4)."""
    return kind.startswith(_DIRECTORY) or kind == "check_url"


def readable(event: Event, reader: Callable[[Event], AnyUpdate]) -> AnyUpdate:
    """What the reader makes of it, or that it cannot be read."""
    try:
        return reader(event)
    except Unclear as problem:
        return Unreadable(source=event.source(), event_type=event.type, problem=str(problem))


def unreadable(payload: bytes, *, me: Self, clock: Clock) -> Unreadable:
    """For a genuine payload that is not even a table; the same bytes are the same update."""
    source = Source(platform=PLATFORM, app=me.app, business_id=content_id(payload), received_at=clock.now())
    return Unreadable(source=source, event_type="", problem="not a table")


def _unknown(event: Event) -> Unreadable:
    return Unreadable(source=event.source(), event_type=event.type, problem="unknown type")


def _ignored(event: Event) -> Ignored:
    return Ignored(source=event.source(), event_type=event.type)


def _joined(event: Event) -> ChatMembersChanged:
    return ChatMembersChanged(source=event.source(), chat=event.group, joined=_named(event))


def _left(event: Event) -> ChatMembersChanged:
    return ChatMembersChanged(source=event.source(), chat=event.group, left=_named(event))


def _quit(event: Event) -> ChatMembersChanged:
    """Somebody went: the documents name the person as `userId` or only as the operator."""
    people = event.people("userId") or ((event.operator,) if event.operator is not None else ())
    if not people:
        raise Unclear("no userId")
    return ChatMembersChanged(source=event.source(), chat=event.group, left=people)


def _named(event: Event) -> tuple[AccountKey, ...]:
    people = event.people("userId")
    if not people:
        raise Unclear("no userId")
    return people


def _renamed(event: Event) -> ChatRenamed:
    title = name(event.body, "title")
    if not title:
        raise Unclear("no title")
    return ChatRenamed(source=event.source(), chat=event.group, name=title)


def _disbanded(event: Event) -> ChatDissolved:
    return ChatDissolved(source=event.source(), chat=event.group, operator=event.operator)


def _bot_added(event: Event) -> BotJoinedChat:
    return BotJoinedChat(
        source=event.source(), chat=event.group, name=name(event.body, "title"), operator=event.operator
    )


def _bot_removed(event: Event) -> BotLeftChat:
    return BotLeftChat(source=event.source(), chat=event.group, operator=event.operator)


def _directory_changed(event: Event) -> DirectoryChanged:
    people = event.people("userId")
    return DirectoryChanged(source=event.source(), reason=event.type, account=people[0] if len(people) == 1 else None)


_DIRECTORY = ("user_", "org_", "label_")
_READERS: dict[str, Callable[[Event], AnyUpdate]] = {
    "check_url": _ignored,
    "chat_add_member": _joined,
    "chat_remove_member": _left,
    "chat_quit": _quit,
    "chat_update_title": _renamed,
    "chat_update_owner": _ignored,
    "chat_disband": _disbanded,
    "chat_template_change": _ignored,
    "im_cool_app_install": _bot_added,
    "im_cool_app_uninstall": _bot_removed,
    "robot_msg_read": _ignored,
    "robot_msg_recall": _ignored,
}
