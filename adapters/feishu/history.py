"""What was said while nobody listened, in the words of the events that told nobody (feishu.md 5.6, 3.1).

History writes messages in another shape than events do; here it becomes the event that would have come, so that one
decoder reads both. Only people's messages come through: of bots the platform tells nobody who is not mentioned anyway.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from adapters._hardened_json import JsonTable, JsonValue
from adapters._members import instant
from adapters.feishu.api import Api, table_of, tables_of, text_of
from adapters.feishu.event import Self
from adapters.feishu.render import Call
from bot.clock import to_ms

_IM = "/open-apis/im/v1"
_PAGE = ("page_size", "50")
#: what the client writes into a group by itself
_SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A group that the bot is in. Groups of several companies are left out: the bot leaves those."""

    chat: str
    #: the company whose group it is
    tenant: str


def rooms_call() -> Call:
    """The groups that the bot is in; private chats are not listed."""
    return Call(operation="im.v1.chat.list", method="GET", path=f"{_IM}/chats", query=(("page_size", "100"),))


def messages_call(chat: str, *, since: datetime) -> Call:
    """What was written into a group from that second on, oldest first."""
    query = (
        ("container_id_type", "chat"),
        ("container_id", chat),
        ("start_time", str(int(since.timestamp()))),
        ("sort_type", "ByCreateTimeAsc"),
        _PAGE,
    )
    return Call(operation="im.v1.message.list", method="GET", path=f"{_IM}/messages", query=query)


def thread_call(thread: str) -> Call:
    """What was written into a thread, newest first: threads take no range of time."""
    query = (
        ("container_id_type", "thread"),
        ("container_id", thread),
        ("sort_type", "ByCreateTimeDesc"),
        _PAGE,
    )
    return Call(operation="im.v1.message.list", method="GET", path=f"{_IM}/messages", query=query)


class History:
    """Reads what stands in the groups."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def rooms(self) -> list[Room]:
        """Every group of ours that the bot is in. Raises PlatformError."""
        found: list[Room] = []
        async for data in self._api.pages(rooms_call()):
            found.extend(_rooms(tables_of(data, "items")))
        return found

    async def missed(self, room: Room, *, since: datetime, me: Self) -> AsyncIterator[list[JsonTable]]:
        """Envelopes of what people wrote there since, in order, page by page; threads after the group itself.

        Replies in a thread that began before `since` are not in the group's own list and stay unread. Raises
        PlatformError.
        """
        threads: dict[str, None] = {}
        async for data in self._api.pages(messages_call(room.chat, since=since)):
            items = tables_of(data, "items")
            threads.update(dict.fromkeys(one for item in items if (one := text_of(item, "thread_id"))))
            yield list(_envelopes(items, room=room, me=me))
        for thread in threads:
            yield list(_envelopes(await self._thread(thread, since=since), room=room, me=me))

    async def _thread(self, thread: str, *, since: datetime) -> list[JsonTable]:
        """The messages of a thread since, oldest first."""
        found: list[JsonTable] = []
        async for data in self._api.pages(thread_call(thread)):
            items = tables_of(data, "items")
            found.extend(item for item in items if _is_since(item, since))
            if not all(_is_since(item, since) for item in items):
                break
        return found[::-1]


def _rooms(items: Iterable[JsonTable]) -> Iterator[Room]:
    for item in items:
        chat = text_of(item, "chat_id")
        if chat and item.get("external") is not True:
            yield Room(chat=chat, tenant=text_of(item, "tenant_key"))


def _is_since(item: JsonTable, since: datetime) -> bool:
    at = instant(item.get("create_time"))
    return at is not None and to_ms(at) >= to_ms(since)


def _envelopes(items: Iterable[JsonTable], *, room: Room, me: Self) -> Iterator[JsonTable]:
    for item in items:
        sender = table_of(item, "sender")
        is_persons = text_of(sender, "sender_type") == "user" and text_of(sender, "id_type") == "open_id"
        if is_persons and item.get("deleted") is not True and text_of(item, "msg_type") != _SYSTEM:
            yield as_event(item, room=room, me=me)


def as_event(item: JsonTable, *, room: Room, me: Self) -> JsonTable:
    """The event that a message of history would have been."""
    sender = table_of(item, "sender")
    message: JsonTable = {
        **{key: item[key] for key in _SAME if key in item},
        "chat_id": text_of(item, "chat_id") or room.chat,
        "chat_type": "group",
        "message_type": item.get("msg_type"),
        "content": table_of(item, "body").get("content"),
        "mentions": [_mention(one, me) for one in tables_of(item, "mentions")],
    }
    return {
        "schema": "2.0",
        "header": {"event_type": "im.message.receive_v1", "app_id": me.app_id, "tenant_key": room.tenant},
        "event": {
            "sender": {
                "sender_id": {"open_id": sender.get("id")},
                "sender_type": "user",
                "tenant_key": sender.get("tenant_key"),
            },
            "message": message,
        },
    }


#: members that are the same in history and in events
_SAME = ("message_id", "root_id", "parent_id", "thread_id", "create_time", "update_time")


def _mention(entry: JsonTable, me: Self) -> JsonValue:
    """History has one flat id a mention; an app may stand there under its own."""
    whose = entry.get("id")
    is_app = text_of(entry, "id_type") == "app_id"
    is_me = is_app and whose == me.app_id
    return {
        "key": entry.get("key"),
        "id": {"open_id": me.bot_open_id if is_me else whose} if not is_app or is_me else {},
        "mentioned_type": "bot" if is_app else "user",
        "name": entry.get("name"),
        "tenant_key": entry.get("tenant_key"),
    }
