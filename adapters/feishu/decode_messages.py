"""Messages off the wire: what kind they are, what they say, and who is named in them. Pure.

Mentions come from the platform's list and from the tags of rich text, never from letters that somebody typed; the one
exception is `@_all`, which the platform writes into the text and leaves out of its list (feishu.md 3.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from adapters._hardened_json import DEFAULT_LIMITS, BadJson, JsonLimits, JsonTable, parse_table
from adapters._members import Unclear, ident, instant, name, needed_id, table, tables, text, typed
from adapters.feishu.event import PLATFORM, Event, account, needed_account
from bot.domain.ids import AccountKey, ChatKey, MessageKey
from bot.updates import ChatType, ContentKind, Mention, MessageReceived, mention_token

#: shown for a mention of everybody; the client's own word
EVERYBODY = "所有人"
#: characters that are read; the client itself takes fewer
MAX_TEXT = 65_536
_CONTENT_LIMITS = JsonLimits(string=DEFAULT_LIMITS.max_bytes)
_ALL = "@_all"
_PLACEHOLDER = re.compile(r"@_user_\d+|@_all(?![A-Za-z0-9_])")
#: message types whose text is not read; all others are another kind of reply (EC-40)
_KINDS = {
    "image": ContentKind.IMAGE,
    "file": ContentKind.FILE,
    "folder": ContentKind.FILE,
    "audio": ContentKind.VOICE,
}


def message_received(event: Event) -> MessageReceived:
    """A message. Raises Unclear when it does not say which, where or from whom."""
    message, sender = table(event.body, "message"), table(event.body, "sender")
    message_id = needed_id(message, "message_id")
    mentions = _Mentions(event, tables(message, "mentions"))
    kind, said = _content(message, mentions)
    home, tenant = event.tenant, ident(sender, "tenant_key")
    answered = ident(message, "parent_id") or ident(message, "root_id")
    return MessageReceived(
        source=event.source(business_id=message_id, happened_at=instant(message.get("create_time"))),
        message=MessageKey(PLATFORM, message_id),
        chat=ChatKey(PLATFORM, needed_id(message, "chat_id")),
        chat_type=ChatType.DIRECT if text(message, "chat_type") == "p2p" else ChatType.GROUP,
        sender=_sender(sender),
        sender_is_bot=text(sender, "sender_type") != "user",
        content=kind,
        text=said,
        mentions=tuple(mentions.found),
        reply_to=MessageKey(PLATFORM, answered) if answered else None,
        thread=ident(message, "thread_id"),
        sender_is_external=bool(home and tenant) and home != tenant,
    )


def _sender(sender: JsonTable) -> AccountKey:
    """Bots of other apps are not always known by an open_id here; any of their ids tells them apart."""
    ids = table(sender, "sender_id")
    if text(sender, "sender_type") == "user" or account(ids) is not None:
        return needed_account(ids)
    other = next((found for key in ("app_id", "union_id", "user_id") if (found := ident(ids, key))), "")
    if not other:
        raise Unclear("no sender")
    return AccountKey(PLATFORM, other)


def _content(message: JsonTable, mentions: _Mentions) -> tuple[ContentKind, str]:
    """Kind and text. A content that is no table makes a message of another kind: it was sent, whatever it says."""
    kind = text(message, "message_type")
    if kind not in ("text", "post"):
        return _KINDS.get(kind, ContentKind.OTHER), ""
    raw = text(message, "content")
    if not raw:
        return ContentKind.TEXT, ""  # recalled before it was delivered
    try:
        content = parse_table(raw.encode(), limits=_CONTENT_LIMITS)
    except BadJson:
        return ContentKind.OTHER, ""
    if kind == "text":
        return ContentKind.TEXT, mentions.placed(text(content, "text"))
    return _post(content, mentions)


class _Mentions:
    """The people named in one message, in the order of the tokens that stand for them."""

    def __init__(self, event: Event, entries: list[JsonTable]) -> None:
        self._bot = event.me.bot_open_id
        self.found: list[Mention] = []
        self._places: dict[str, int] = {}
        for entry in entries:
            self._add(text(entry, "key"), self._mention(entry))

    def _mention(self, entry: JsonTable) -> Mention:
        ids = table(entry, "id")
        if text(entry, "key") == _ALL or text(ids, "user_id") == "all":
            return Mention(None, EVERYBODY, is_everybody=True)
        who = account(ids)
        return Mention(who, name(entry, "name"), is_bot=self._is_me(who, text(entry, "mentioned_type")))

    def _is_me(self, who: AccountKey | None, kind: str) -> bool:
        """By open_id; by the platform's word that it is a bot only while nobody could tell us who we are."""
        return who is not None and (who.account == self._bot if self._bot else kind == "bot")

    def _add(self, key: str, mention: Mention) -> int:
        self.found.append(mention)
        return self._places.setdefault(key, len(self.found) - 1)

    def placed(self, said: str) -> str:
        """What was typed, with tokens where the platform put its placeholders."""
        return _PLACEHOLDER.sub(lambda match: self._token(match.group()) or match.group(), typed(said))[:MAX_TEXT]

    def tagged(self, element: JsonTable) -> str:
        """The token for an `at` element of rich text, which names a placeholder, everybody or an open_id."""
        key = text(element, "user_id")
        token = self._token(_ALL if key == "all" else key)
        if token:
            return token
        who = account({"open_id": key})
        if who is None:
            return ""
        said = name(element, "user_name")
        known = next((at for at, one in enumerate(self.found) if one.account == who), None)
        place = known if known is not None else self._add(key, Mention(who, said, is_bot=self._is_me(who, "")))
        return mention_token(place)

    def _token(self, key: str) -> str:
        """The token for a placeholder, empty for one that the platform did not announce."""
        if key == _ALL and key not in self._places:
            self._add(key, Mention(None, EVERYBODY, is_everybody=True))
        place = self._places.get(key)
        return "" if place is None else mention_token(place)


# ---------------------------------------------------------------- rich text


def _post(content: JsonTable, mentions: _Mentions) -> tuple[ContentKind, str]:
    """Title and paragraphs, a line each. Pictures without a word are a picture."""
    body = _localized(content)
    rows = list(_paragraphs(body))
    lines = ["".join(_element(one, mentions) for one in row) for row in rows]
    said = "\n".join([typed(text(body, "title")), *lines]).strip()
    if not said and any(text(one, "tag") in ("img", "media") for row in rows for one in row):
        return ContentKind.IMAGE, ""
    return ContentKind.TEXT, said[:MAX_TEXT]


def _localized(content: JsonTable) -> JsonTable:
    """Received rich text has no languages, but what bots send has; the first one then."""
    if "content" in content:
        return content
    return next((one for one in content.values() if isinstance(one, dict) and "content" in one), content)


def _paragraphs(body: JsonTable) -> Iterator[list[JsonTable]]:
    paragraphs = body.get("content")
    if not isinstance(paragraphs, list):
        return
    for one in paragraphs:
        if isinstance(one, list):
            yield [element for element in one if isinstance(element, dict)]


def _element(element: JsonTable, mentions: _Mentions) -> str:
    said = typed(text(element, "text"))
    match text(element, "tag"):
        case "at":
            return mentions.tagged(element)
        case "a":
            return _link(said, typed(text(element, "href")))
        case "emotion":
            return f"[{typed(text(element, 'emoji_type'))}]"
        case "hr":
            return "\n"
        case _:
            return said


def _link(said: str, href: str) -> str:
    """The words and, where they are not the address itself, the address: a form's link may stand behind words."""
    return said if not href or href in said else f"{said} {href}".strip()
