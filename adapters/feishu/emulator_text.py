"""How the platform reads the text that bots and people write: mentions become placeholders, markup becomes words."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from adapters._emulator.said import Mention, MentionAll, MentionBot, Part
from adapters._emulator.wire_json import Json, as_rows, compact, parse_table, rows, table, text
from adapters.feishu.emulator_cards import AT_IN_MARKDOWN
from adapters.feishu.emulator_codes import ApiError
from adapters.feishu.emulator_state import MentionRecord

#: bytes of a text message, and of a rich text message
TEXT_BYTES = 150 * 1024
POST_BYTES = 30 * 1024
#: how the text of a mention of everybody reads in events
AT_ALL = "@_all"

_AT = re.compile(r'<at\s+user_id\s*=\s*"([^"]*)"\s*>(.*?)</at>', re.DOTALL)
_STYLE = re.compile(r"</?(?:b|i|u|s)>")
_LINK = re.compile(r"\[([^\]\n]*)\]\((https?://[^)\s]+)\)")
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_MARKUP = re.compile(r"</?(?:font|text_tag|link|number_tag|local_datetime)\b[^>]*>")
_LOCALES = ("zh_cn", "en_us", "ja_jp", "zh_hk", "zh_tw")
_POST_TAGS = frozenset({"text", "a", "at", "img", "media", "emotion", "hr", "code_block", "md"})


#: finds a person by any id: (open_id, name, whether it is the bot), None for nobody
FindMention = Callable[[str], tuple[str, str, bool] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadContent:
    """A message's content as the platform keeps it."""

    content: str
    mentions: tuple[MentionRecord, ...] = ()
    mentions_all: bool = False


class _Mentions:
    """Numbers mentions `@_user_1`, `@_user_2` … in the order of their first appearance."""

    def __init__(self, find: FindMention) -> None:
        self._find = find
        self._records: dict[str, MentionRecord] = {}
        self.has_all = False

    def key_of(self, account: str) -> str | None:
        """The placeholder, None for an id that belongs to nobody."""
        if account == "all":
            self.has_all = True
            return AT_ALL
        found = self._find(account)
        if found is None:
            return None
        open_id, name, is_bot = found
        if open_id not in self._records:
            key = f"@_user_{len(self._records) + 1}"
            self._records[open_id] = MentionRecord(key=key, account=open_id, name=name, is_bot=is_bot)
        return self._records[open_id].key

    def read(self, content: Json) -> ReadContent:
        """The content with what was collected."""
        return ReadContent(content=compact(content), mentions=tuple(self._records.values()), mentions_all=self.has_all)


def read_said(parts: Sequence[Part], *, bot: str, find: FindMention) -> ReadContent:
    """A person's text message. Raises KeyError for a mention of nobody."""
    mentions = _Mentions(find)
    pieces: list[str] = []
    for part in parts:
        match part:
            case str():
                pieces.append(part)
            case Mention(account):
                pieces.append(_must(mentions.key_of(account), account))
            case MentionBot():
                pieces.append(_must(mentions.key_of(bot), bot))
            case MentionAll():
                pieces.append(_must(mentions.key_of("all"), "all"))
    return mentions.read({"text": "".join(pieces)})


def read_bot_text(content: str, *, find: FindMention) -> ReadContent:
    """A bot's text message. Mentions of nobody stay as they were written. Raises ApiError 230001, 230025."""
    if _size(content) > TEXT_BYTES:
        raise ApiError(230025)
    written = parse_table(content)
    if written is None or not isinstance(written.get("text"), str):
        raise ApiError(230001, 'content of a text message is {"text": …} in string format')
    mentions = _Mentions(find)
    return mentions.read({"text": _replace(_AT, text(written, "text"), mentions)})


def read_bot_post(content: str, *, find: FindMention) -> ReadContent:
    """A bot's rich text message, kept unwrapped as history shows it. Raises ApiError 230001, 230025."""
    if _size(content) > POST_BYTES:
        raise ApiError(230025)
    written = parse_table(content) or {}
    body = next((table(written, locale) for locale in _LOCALES if locale in written), None)
    if body is None or not isinstance(body.get("content"), list):
        raise ApiError(230001, "content of a post has no known locale or no paragraphs")
    mentions = _Mentions(find)
    paragraphs: list[object] = []
    for paragraph in _paragraphs(body):
        if len(paragraph) > 1 and any(text(item, "tag") == "md" for item in paragraph):
            raise ApiError(230001, "md stands alone in its paragraph")
        paragraphs.append([_read_post_item(item, mentions) for item in paragraph])
    return mentions.read({"title": text(body, "title"), "content": paragraphs})


def shown_text(raw: str, mentions: Sequence[MentionRecord]) -> str:
    """A text message as people see it: names for placeholders, styles applied."""
    return _STYLE.sub("", _LINK.sub(r"\1", with_names(raw, mentions)))


def shown_post(content: Json, mentions: Sequence[MentionRecord], *, name_of: Callable[[str], str]) -> str:
    """A rich text message as people see it, one line a paragraph."""
    lines = [text(content, "title")] if text(content, "title") else []
    for paragraph in _paragraphs(content):
        pieces = [_shown_post_item(item, mentions, name_of=name_of) for item in paragraph]
        lines.append("".join(pieces))
    return "\n".join(lines)


def shown_markdown(raw: str, *, name_of: Callable[[str], str]) -> str:
    """Card markdown as people see it: entities last, so that escaped markup stays what it says."""
    named = AT_IN_MARKDOWN.sub(lambda found: _at_names(found.group(1), name_of), raw)
    plain = _MARKUP.sub("", _BOLD.sub(r"\1", _LINK.sub(r"\1", named)))
    return html.unescape(plain.replace("<br>", "\n").replace("<br/>", "\n"))


def mentioned_in_markdown(raw: str) -> list[str]:
    """The ids mentioned in card markdown, `all` among them."""
    return [account for ids in AT_IN_MARKDOWN.findall(raw) for account in ids.split(",")]


def with_names(raw: str, mentions: Sequence[MentionRecord]) -> str:
    """Names for placeholders; the longest key first, so that `@_user_12` is not taken for `@_user_1`."""
    for mention in sorted(mentions, key=lambda record: len(record.key), reverse=True):
        raw = raw.replace(mention.key, f"@{mention.name}")
    return re.sub(r"@_all(?!\w)", "@所有人", raw)


def _must(key: str | None, account: str) -> str:
    if key is None:
        raise KeyError(f"nobody has the account {account}")
    return key


def _replace(pattern: re.Pattern[str], raw: str, mentions: _Mentions) -> str:
    return pattern.sub(lambda found: mentions.key_of(found.group(1)) or found.group(0), raw)


def _paragraphs(body: Json) -> list[list[Json]]:
    content = body.get("content")
    return [as_rows(paragraph) for paragraph in content] if isinstance(content, list) else []


def _read_post_item(item: Json, mentions: _Mentions) -> Json:
    tag = text(item, "tag")
    if tag not in _POST_TAGS:
        raise ApiError(230001, f"unknown tag {tag!r} in a post")
    if tag == "at":
        key = mentions.key_of(text(item, "user_id"))
        if key is None:
            raise ApiError(230001, f"invalid user_id {text(item, 'user_id')!r} in a post")
        return item | {"user_id": key}
    if tag == "md":
        return item | {"text": _replace(_AT, text(item, "text"), mentions)}
    return item


def _shown_post_item(item: Json, mentions: Sequence[MentionRecord], *, name_of: Callable[[str], str]) -> str:
    match text(item, "tag"):
        case "at":
            return with_names(text(item, "user_id"), mentions)
        case "md":
            return with_names(shown_markdown(text(item, "text"), name_of=name_of), mentions)
        case "img" | "media":
            return "[图片]"
        case "hr":
            return "———"
        case _:
            return text(item, "text")


def _at_names(ids: str, name_of: Callable[[str], str]) -> str:
    return "".join("@所有人" if account == "all" else f"@{name_of(account)}" for account in ids.split(","))


def _size(content: str) -> int:
    return len(content.encode(errors="surrogatepass"))


def card_words(card: Json) -> list[str]:
    """Every text of a card in reading order, for the reduced form in which history shows cards."""
    words: list[str] = []
    title = text(table(table(card, "header"), "title"), "content")
    if title:
        words.append(title)
    _collect_words(card.get("body", card.get("elements")), words)
    return words


def _collect_words(holder: object, words: list[str]) -> None:
    if isinstance(holder, dict):
        if isinstance(holder.get("content"), str):
            words.append(holder["content"])
        for key in ("text", "elements", "columns", "actions"):
            _collect_words(holder.get(key), words)
        words.extend(compact(row) for row in rows(holder, "rows"))
    elif isinstance(holder, list):
        for value in holder:
            _collect_words(value, words)
