"""Robot messages off the wire: what they say, who is named in them, and what they quote. Pure.

In a group only what mentions the robot arrives, and its name is taken out of the words before; so a mention of the robot
is put in front again. Other people who are mentioned come as a list without places.
"""

from __future__ import annotations

from collections.abc import Iterator

from adapters._hardened_json import JsonTable, JsonValue
from adapters._members import Unclear, flag, ident, instant, needed_id, table, tables, text, typed
from adapters.dingtalk.event import PLATFORM, Event, account, direct_chat
from bot.domain.ids import AccountKey, ChatKey, MessageKey
from bot.updates import AnyUpdate, ChatType, ContentKind, Mention, MessageReceived, Unreadable, mention_token

#: characters that are read
MAX_TEXT = 65_536
MAX_QUOTED = 4_000
#: tables inside tables that are looked through for the words of a quoted card
_DEPTH = 12
_GROUP = "2"
#: the month's deliveries are used up, and the words stay with the platform (dingtalk.md 1.4)
NO_MORE = "20001"
_KINDS = {
    "picture": ContentKind.IMAGE,
    "file": ContentKind.FILE,
    "audio": ContentKind.VOICE,
    "video": ContentKind.OTHER,
}


def message_received(event: Event, *, is_unsigned: bool = False) -> AnyUpdate:
    """A message. Raises Unclear when it does not say which, where or from whom."""
    body = event.body
    if is_out_of_budget(body):
        return Unreadable(source=event.source(), event_type=event.type, problem="the monthly deliveries are used up")
    message_id = needed_id(body, "msgId")
    is_group = str(body.get("conversationType")) == _GROUP
    sender, is_known = _sender(body)
    kind, said = _content(body)
    words = said.strip()[:MAX_TEXT]
    me = Mention(None, event.me.robot, is_bot=True)
    reply_to, quoted = _quote(body)
    home, theirs = text(body, "chatbotCorpId"), text(body, "senderCorpId")
    return MessageReceived(
        source=event.source(business_id=message_id, happened_at=instant(body.get("createAt"))),
        message=MessageKey(PLATFORM, message_id),
        chat=ChatKey(PLATFORM, needed_id(body, "conversationId")) if is_group else direct_chat(sender.account),
        chat_type=ChatType.GROUP if is_group else ChatType.DIRECT,
        sender=sender,
        content=kind,
        text=f"{mention_token(0)} {words}" if is_group and kind is ContentKind.TEXT else words,
        mentions=(me,) if is_group else (),
        reply_to=reply_to,
        quoted=quoted,
        named=_named(body),
        sender_is_external=not is_known or bool(home and theirs and home != theirs),
        is_unsigned=is_unsigned,
    )


def is_out_of_budget(body: JsonTable) -> bool:
    """Whether the platform says that it delivers no more words this month."""
    codes = (body.get(key) for key in ("code", "errorCode", "errCode"))
    return any(str(code) == NO_MORE for code in codes)


def lacks_publication(body: JsonTable) -> bool:
    """Whether a colleague wrote and the platform does not say who: it names nobody until a version of the app is published
    (dingtalk.md 2.1)."""
    home = text(body, "chatbotCorpId")
    return not text(body, "senderStaffId") and bool(home) and home == text(body, "senderCorpId")


def _sender(body: JsonTable) -> tuple[AccountKey, bool]:
    """Who wrote, and whether it is one of the company. Strangers have only an id that no other call takes."""
    staff = account(text(body, "senderStaffId"))
    if staff is not None:
        return staff, True
    other = account(text(body, "senderId"))
    if other is None:
        raise Unclear("no sender")
    return other, False


def _named(body: JsonTable) -> tuple[AccountKey, ...]:
    """People of the company who are mentioned besides the robot."""
    found = (account(text(one, "staffId")) for one in tables(body, "atUsers"))
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _content(body: JsonTable) -> tuple[ContentKind, str]:
    match text(body, "msgtype"):
        case "text":
            return ContentKind.TEXT, typed(text(table(body, "text"), "content"))
        case "richText":
            parts = tables(table(body, "content"), "richText")
            said = "".join(typed(text(one, "text")) for one in parts)
            return (ContentKind.TEXT, said) if said.strip() else (ContentKind.IMAGE, "")
        case kind:
            return _KINDS.get(kind, ContentKind.OTHER), ""


# ---------------------------------------------------------------- quotes


def _quote(body: JsonTable) -> tuple[MessageKey | None, str]:
    """The message that is answered, by the id that we know it by if it is ours, and its words (dingtalk.md 2.1)."""
    said = table(body, "text")
    replied = table(said, "repliedMsg") or table(body, "repliedMsg")
    ours = ident(body, "originalProcessQueryKey") or ident(said, "originalProcessQueryKey")
    theirs = ident(body, "originalMsgId") or ident(replied, "msgId")
    if not (flag(said, "isReplyMsg") or replied or ours or theirs):
        return None, ""
    found = ours or theirs
    return MessageKey(PLATFORM, found) if found else None, _words(replied.get("content"))


def _words(content: JsonValue) -> str:
    """The words of a quoted message, wherever in it they stand."""
    return " ".join(" ".join(_spoken(content, _DEPTH)).split())[:MAX_QUOTED]


def _spoken(value: JsonValue, depth: int) -> Iterator[str]:
    if depth <= 0:
        return
    match value:
        case str():
            yield typed(value)
        case list():
            for one in value:
                yield from _spoken(one, depth - 1)
        case dict():
            for key in ("content", "text", "value", "title", "richText", "cardContent", "children", "recognition"):
                if key in value:
                    yield from _spoken(value[key], depth - 1)
        case _:
            return
