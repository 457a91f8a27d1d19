"""Rich text as the words of a robot message, which is literal, or as the markdown of a card. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adapters._words import cut, safe_url
from adapters.dingtalk.escape import Wording, bold, is_user, markdown, settled, uncalled
from bot.domain.ids import AccountKey
from bot.messages import At, Link, Rich, Span, Text

#: what stands where nothing is left to say; the platform refuses empty messages
NOTHING = "…"
#: people one message can mention; further ones are named
MENTIONS = 50
_NAME_LENGTH = 60


def tidy(body: Rich, *, room: int, words: Wording) -> Rich:
    """Spans that are safe to show, with at most `room` characters of free text; mentions outlive the cut."""
    return tuple(_tidied(body, room, words))


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


def mentioned(body: Iterable[Span]) -> tuple[AccountKey, ...]:
    """Who is mentioned in a tidy body."""
    return tuple(dict.fromkeys(span.account for span in body if isinstance(span, At)))


def literal(body: Iterable[Span]) -> str:
    """A tidy body as the words of a robot message: nothing in them is read as a mark, and nobody is called by them."""
    return uncalled("".join(_plain(span) for span in body)).strip() or NOTHING


def _plain(span: Span) -> str:
    match span:
        case Text():
            return span.text
        case Link():
            return span.url if span.text == span.url else f"{span.text} {span.url}"
        case At():
            return f"@{span.name}"


def called(body: Iterable[Span]) -> str:
    """The same for a webhook, where a mention rings when the person's id stands in the words (dingtalk.md 4.2)."""
    parts = [f"@{span.account.account} " if isinstance(span, At) else uncalled(_plain(span)) for span in body]
    return "".join(parts).strip() or NOTHING


def card_markdown(body: Iterable[Span]) -> str:
    """A card's markdown for a tidy body; every span apart from its marks is literal."""
    whole = "".join(_marked(span) for span in _joined(body))
    return settled(whole) if whole else ""


def _joined(body: Iterable[Span]) -> list[Span]:
    """Bold beside bold as one span: four asterisks in a row are no mark."""
    spans: list[Span] = []
    for span in body:
        last = spans[-1] if spans else None
        if isinstance(last, Text) and isinstance(span, Text) and last.bold and span.bold:
            spans[-1] = Text(last.text + span.text, bold=True)
        else:
            spans.append(span)
    return spans


def _marked(span: Span) -> str:
    match span:
        case At():
            return f"<a atId={span.account.account}>{markdown(span.name)}</a>"
        case Link():
            return f"[{markdown(span.text)}]({span.url.replace('(', '%28').replace(')', '%29')})"
        case Text():
            return bold(span.text) if span.bold else markdown(span.text)
