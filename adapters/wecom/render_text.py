"""Rich text as a text of the app, as a text for a group, or as the bot's markdown. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adapters._words import cut, safe_url
from adapters.wecom.escape import Wording, bold, is_user, literal, markdown
from bot.messages import At, Link, Rich, Span, Text

#: what stands where nothing is left to say; the platform refuses empty messages
NOTHING = "…"
#: people one message can mention; further ones are named
MENTIONS = 50
#: characters of one text at all: some ten messages
MOST_WORDS = 6_000
_NAME_LENGTH = 60


def tidy(body: Rich, *, room: int = MOST_WORDS) -> Rich:
    """Spans that are safe to show, with at most `room` characters of free text; mentions outlive the cut."""
    return tuple(_tidied(body, room, Wording()))


def _tidied(body: Rich, room: int, words: Wording) -> Iterator[Span]:
    left, mentions = room, 0
    for span in body:
        shown = _safe(span, words, may_mention=mentions < MENTIONS)
        if isinstance(shown, At):
            mentions += 1
            yield shown
        elif left > 0 and (short := _short(shown, left, words)).text:
            left -= len(short.text)
            yield short


def _safe(span: Span, words: Wording, *, may_mention: bool) -> Span:
    """The span, or its words where it can be no mention and no link."""
    match span:
        case Text():
            return span
        case Link():
            url = safe_url(span.url)
            return Link(span.text, url) if url is not None else Text(f"{span.text} {span.url}".strip())
        case At():
            name = words(" ".join(span.name.split()), _NAME_LENGTH)
            return At(span.account, name) if may_mention and is_user(span.account.account) else Text(f"@{name}")


def _short(span: Text | Link, left: int, words: Wording) -> Text | Link:
    if isinstance(span, Text):
        return Text(words(span.text, left), bold=span.bold)
    return Link(" ".join(words(span.text, left).split()) or cut(span.url, left), span.url)


def private_text(body: Iterable[Span]) -> str:
    """A tidy body for one person: a link in the platform's own brackets, names for mentions."""
    return "".join(_private(span) for span in body).strip() or NOTHING


def _private(span: Span) -> str:
    match span:
        case Text():
            return literal(span.text)
        case Link():
            return f'<a href="{span.url}">{literal(span.text)}</a>'
        case At():
            return f"@{literal(span.name)}"


def group_text(body: Iterable[Span]) -> str:
    """The same for a group of the app, where a mention rings (wecom.md 5)."""
    return "".join(_in_group(span) for span in body).strip() or NOTHING


def _in_group(span: Span) -> str:
    match span:
        case Text():
            return literal(span.text)
        case Link():
            return f"{literal(span.text)} {span.url}" if span.text != span.url else span.url
        case At():
            return f"<@{span.account.account}>"


def bot_markdown(body: Iterable[Span]) -> str:
    """The same for the bot, whose only plain message is markdown; names for mentions, which may or may not ring there."""
    return "".join(_marked(span) for span in body).strip() or NOTHING


def _marked(span: Span) -> str:
    match span:
        case Text():
            return bold(span.text) if span.bold else markdown(span.text)
        case Link():
            return f"[{markdown(span.text)}]({span.url.replace('(', '%28').replace(')', '%29')})"
        case At():
            return f"@{markdown(span.name)}"


def mentioned(body: Iterable[Span]) -> list[str]:
    """The ids of everybody who is mentioned in a tidy body."""
    return list(dict.fromkeys(span.account.account for span in body if isinstance(span, At)))
