"""The bot's pushes in neutral words (wecom.md 3.1). Pure, and total: a genuine push is never an exception.

In a group only what mentions the bot arrives, with its name in the words: the name is taken out and a real mention put in
its place. Other people are mentioned by their written names only, and a quote has words but no id.
"""

from __future__ import annotations

import re
from datetime import datetime

from adapters._hardened_json import JsonTable, wire
from adapters._members import NAME_LENGTH, content_id, ident, instant, needed_id, table, tables, text, typed
from adapters.wecom.decode_cards import card_clicked
from adapters.wecom.event import PLATFORM, Event, Self, direct_chat, needed_account
from bot.domain.ids import ChatKey, MessageKey
from bot.updates import (
    AnyUpdate,
    ChatType,
    ContentKind,
    DirectChatOpened,
    Ignored,
    Mention,
    MessageReceived,
    Unreadable,
    mention_token,
)

MAX_TEXT = 65_536
MAX_QUOTED = 4_000
_GROUP = "group"
_KINDS = {"image": ContentKind.IMAGE, "file": ContentKind.FILE, "video": ContentKind.OTHER}


def read_push(body: JsonTable, *, me: Self, received_at: datetime) -> Event:
    """The push of the bot."""
    kind = text(body, "msgtype")
    event = table(body, "event")
    name = text(event, "eventtype") if kind == "event" else kind
    return Event(
        me=me,
        type=name[:NAME_LENGTH],
        id=ident(body, "msgid") or content_id(wire(body)),
        sent_at=instant(body.get("create_time")),
        received_at=received_at,
        body=body,
    )


def decode_push(event: Event) -> AnyUpdate:
    """The update that a push stands for. Raises Unclear."""
    if text(event.body, "msgtype") != "event":
        return _message(event)
    match event.type:
        case "template_card_event":
            return _clicked(event)
        case "enter_chat":
            who = needed_account(sender_of(event.body))
            return DirectChatOpened(source=event.source(), chat=direct_chat(who.account), account=who)
        case "feedback_event" | "disconnected_event":
            return Ignored(source=event.source(), event_type=event.type)
        case _:
            return Unreadable(source=event.source(), event_type=event.type, problem="unknown type")


def sender_of(body: JsonTable) -> str:
    """The id of whoever did it."""
    return ident(table(body, "from"), "userid")


def is_in_group(body: JsonTable) -> bool:
    """Whether it happened in a group."""
    return text(body, "chattype") == _GROUP


def is_misnamed(body: JsonTable, *, name: str) -> bool:
    """Whether a group's message begins with a mention, and the bot's name stands nowhere in it."""
    said = text(table(body, "text"), "content").lstrip()
    return is_in_group(body) and said.startswith("@") and f"@{name}" not in said


def _message(event: Event) -> AnyUpdate:
    body = event.body
    message_id = needed_id(body, "msgid")
    sender = needed_account(sender_of(body))
    in_group = is_in_group(body)
    kind, said = _content(body)
    words = _without_name(said, event.me.bot_name) if in_group else said.strip()
    return MessageReceived(
        source=event.source(business_id=message_id),
        message=MessageKey(PLATFORM, message_id),
        chat=ChatKey(PLATFORM, needed_id(body, "chatid")) if in_group else direct_chat(sender.account),
        chat_type=ChatType.GROUP if in_group else ChatType.DIRECT,
        sender=sender,
        content=kind,
        text=f"{mention_token(0)} {words}" if in_group and kind is ContentKind.TEXT else words,
        mentions=(Mention(None, event.me.bot_name, is_bot=True),) if in_group else (),
        quoted=_quoted(table(body, "quote")),
    )


def _content(body: JsonTable) -> tuple[ContentKind, str]:
    match text(body, "msgtype"):
        case "text":
            return ContentKind.TEXT, typed(text(table(body, "text"), "content"))[:MAX_TEXT]
        case "voice":
            return ContentKind.VOICE, typed(text(table(body, "voice"), "content"))[:MAX_TEXT]
        case "mixed":
            items = tables(table(body, "mixed"), "msg_item")
            said = "\n".join(typed(text(table(one, "text"), "content")) for one in items if "text" in one)
            return (ContentKind.TEXT, said[:MAX_TEXT]) if said.strip() else (ContentKind.IMAGE, "")
        case kind:
            return _KINDS.get(kind, ContentKind.OTHER), ""


def _without_name(said: str, name: str) -> str:
    """What was said to the bot: its name taken out where it stands, else the one mention at the beginning."""
    words = said.strip()
    found = re.search(rf"@{re.escape(name)}(?=\s|$)", words) if name else None
    if found is None and name and words.startswith(f"@{name}") and len(words.split(maxsplit=1)) < 2:
        return words.removeprefix(f"@{name}").strip()  # somebody took the space away that the client puts behind a name
    if found is not None:
        return f"{words[: found.start()].rstrip()} {words[found.end() :].lstrip()}".strip()
    return "".join(words.split(maxsplit=1)[1:]).strip() if words.startswith("@") else words


def _quoted(quote: JsonTable) -> str:
    """The words of what is quoted, of texts and of mixed messages."""
    inner = [quote, *tables(table(quote, "mixed"), "msg_item")]
    said = [text(table(one, key), "content") for one in inner for key in ("text", "markdown", "voice") if key in one]
    return " ".join(typed(" ".join(said)).split())[:MAX_QUOTED]


def _clicked(event: Event) -> AnyUpdate:
    """The facts stand one level deeper than some of the vendor's own types say; both are read."""
    body, outer = event.body, table(event.body, "event")
    inner = table(outer, "template_card_event") or outer
    chat = ChatKey(PLATFORM, needed_id(body, "chatid")) if is_in_group(body) else None
    return card_clicked(
        event,
        user=sender_of(body),
        key=text(inner, "event_key"),
        task=ident(inner, "task_id"),
        chat=chat,
        selected=table(inner, "selected_items"),
    )
