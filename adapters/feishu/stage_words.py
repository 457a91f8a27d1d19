"""Feishu's card markdown and message texts as spans. What is not understood stays as it was written.

Nothing here makes HTML: spans are escaped by the template, so that hostile text stays text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence

from adapters.feishu.emulator_state import MentionRecord
from adapters.feishu.emulator_text import with_names
from bot.stage_views import Span, SpanKind, Words

NameOf = Callable[[str], str]

_TOKEN = re.compile(
    r"""<at\s+(?:id|ids|user_id)\s*=\s*["']?(?P<at>[^"'>\s]+)["']?\s*>(?:.*?</at>)?"""
    r"""|\*\*(?P<bold>.+?)\*\*"""
    r"""|\[(?P<label>[^\]\n]*)\]\((?P<url>https?://[^)\s]+)\)""",
    re.DOTALL,
)
_MARKUP = re.compile(r"</?(?:font|text_tag|link|number_tag|local_datetime|b|i|u|s)\b[^>]*>")
_BREAK = re.compile(r"<br\s*/?>")


def markdown_words(raw: str, *, name_of: NameOf) -> Words:
    """Card markdown."""
    spans: list[Span] = []
    at = 0
    for found in _TOKEN.finditer(raw):
        _add(spans, raw[at : found.start()])
        at = found.end()
        if found["at"]:
            names = ["@所有人" if one == "all" else f"@{name_of(one)}" for one in found["at"].split(",")]
            spans.append(Span(" ".join(names), SpanKind.MENTION))
        elif found["bold"]:
            inner = markdown_words(found["bold"], name_of=name_of)
            spans.extend(
                Span(one.text, SpanKind.BOLD if one.kind is SpanKind.PLAIN else one.kind, one.url) for one in inner
            )
        else:
            spans.append(Span(_plain(found["label"]) or found["url"], SpanKind.LINK, found["url"]))
    _add(spans, raw[at:])
    return tuple(spans)


def text_words(raw: str, mentions: Sequence[MentionRecord]) -> Words:
    """A text message with its placeholders; the longest first, so that `@_user_12` is not taken for `@_user_1`."""
    keys = sorted((mention.key for mention in mentions), key=len, reverse=True)
    if not keys and "@_all" not in raw:
        return (Span(raw),)
    pattern = re.compile("|".join([*(re.escape(key) for key in keys), r"@_all(?!\w)"]))
    spans: list[Span] = []
    at = 0
    for found in pattern.finditer(raw):
        if found.start() > at:
            spans.append(Span(raw[at : found.start()]))
        spans.append(Span(with_names(found.group(0), mentions), SpanKind.MENTION))
        at = found.end()
    if at < len(raw):
        spans.append(Span(raw[at:]))
    return tuple(spans)


def _plain(raw: str) -> str:
    """Words of markdown without its tokens: breaks, colours away, entities last."""
    return html.unescape(_MARKUP.sub("", _BREAK.sub("\n", raw)))


def _add(spans: list[Span], raw: str) -> None:
    words = _plain(raw)
    if words:
        spans.append(Span(words))
