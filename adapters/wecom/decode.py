"""The app's pushes in neutral words (wecom.md 2.4). Pure, and total: a genuine push is never an exception.

What we know and nobody needs is `Ignored`; what we do not know, or cannot read, is `Unreadable` and stays visible.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from adapters._hardened_json import JsonTable, wire
from adapters._members import NAME_LENGTH, Unclear, ident, instant, table, text, typed
from adapters.wecom.decode_cards import card_clicked
from adapters.wecom.event import PLATFORM, Event, Self, direct_chat, needed_account
from bot.domain.ids import MessageKey
from bot.updates import (
    AnyUpdate,
    ChatType,
    ContentKind,
    DirectChatOpened,
    DirectoryChanged,
    Ignored,
    MessageReceived,
    Unreadable,
)

#: characters that are read; the client itself takes fewer
MAX_TEXT = 65_536
_KINDS = {
    "image": ContentKind.IMAGE,
    "voice": ContentKind.VOICE,
    "file": ContentKind.FILE,
    "video": ContentKind.OTHER,
    "location": ContentKind.OTHER,
    "link": ContentKind.OTHER,
}
#: what tells two events apart, which have no id of their own
_IDENTITY = ("FromUserName", "CreateTime", "Event", "EventKey", "TaskId", "ResponseCode", "ChangeType", "UserID", "Id")


def read_event(body: JsonTable, *, me: Self, received_at: datetime) -> Event:
    """The push of the app, with the identity that survives the platform's three attempts."""
    kind = text(body, "MsgType")
    name = text(body, "Event") if kind == "event" else kind
    return Event(
        me=me,
        type=name[:NAME_LENGTH],
        id=ident(body, "MsgId") or _composite(body),
        sent_at=instant(body.get("CreateTime")),
        received_at=received_at,
        body=body,
    )


def _composite(body: JsonTable) -> str:
    parts: JsonTable = {key: body[key] for key in _IDENTITY if key in body}
    return f"sha256:{hashlib.sha256(wire(parts if 'CreateTime' in parts else body)).hexdigest()}"


def decode(event: Event) -> AnyUpdate:
    """The update that a push of the app stands for."""
    is_event = text(event.body, "MsgType") == "event"
    reader = _READERS.get(event.type, _unknown) if is_event else _message
    return readable(event, reader)


def readable(event: Event, reader: Callable[[Event], AnyUpdate]) -> AnyUpdate:
    """What the reader makes of it, or that it cannot be read."""
    try:
        return reader(event)
    except Unclear as problem:
        return Unreadable(source=event.source(), event_type=event.type, problem=str(problem))


def _message(event: Event) -> AnyUpdate:
    """Whatever somebody wrote to the app; the app hears no groups."""
    body = event.body
    sender = needed_account(text(body, "FromUserName"))
    is_text = event.type == "text"
    if not is_text and event.type not in _KINDS:
        return _unknown(event)
    return MessageReceived(
        source=event.source(),
        message=MessageKey(PLATFORM, event.id),
        chat=direct_chat(sender.account),
        chat_type=ChatType.DIRECT,
        sender=sender,
        content=ContentKind.TEXT if is_text else _KINDS[event.type],
        text=typed(text(body, "Content"))[:MAX_TEXT].strip() if is_text else "",
    )


def _unknown(event: Event) -> Unreadable:
    return Unreadable(source=event.source(), event_type=event.type, problem="unknown type")


def _ignored(event: Event) -> Ignored:
    return Ignored(source=event.source(), event_type=event.type)


def _opened(event: Event) -> DirectChatOpened:
    who = needed_account(text(event.body, "FromUserName"))
    return DirectChatOpened(source=event.source(), chat=direct_chat(who.account), account=who)


def _directory_changed(event: Event) -> DirectoryChanged:
    """The next sync reads what changed; the person is named where the event is about one."""
    who = ident(event.body, "UserID")
    return DirectoryChanged(
        source=event.source(),
        reason=f"change_contact.{text(event.body, 'ChangeType')}"[:NAME_LENGTH],
        account=needed_account(who) if who else None,
    )


def _clicked(event: Event) -> AnyUpdate:
    body = event.body
    return card_clicked(
        event,
        user=text(body, "FromUserName"),
        key=text(body, "EventKey"),
        task=ident(body, "TaskId"),
        chat=None,
        selected=table(body, "SelectedItems"),
    )


_READERS: dict[str, Callable[[Event], AnyUpdate]] = {
    "enter_agent": _opened,
    "subscribe": _ignored,
    "unsubscribe": _ignored,
    "change_contact": _directory_changed,
    "template_card_event": _clicked,
    "template_card_menu_event": _clicked,
    "click": _ignored,
    "view": _ignored,
    "LOCATION": _ignored,
    "batch_job_result": _ignored,
    "inactive_alert": _unknown,
    "close_inactive_agent": _unknown,
    "low_active_alert": _unknown,
    "low_active": _unknown,
    "active_restored": _ignored,
    "reopen_inactive_agent": _ignored,
}
