"""Rich text as the content of a message: `text` where nothing in it could be markup, else a literal `post`. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from adapters._hardened_json import JsonTable, JsonValue
from adapters._words import cut, safe_url
from adapters.feishu.escape import Wording, bold, has_text_markup, is_id, markdown, spaced
from bot.messages import At, Link, Rich, Span, Text

#: what stands where nothing is left to say; the platform refuses empty messages
NOTHING = "…"
#: people one message can mention; further ones are named
MENTIONS = 100
_NAME_LENGTH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a message is put. The first try is the plain one; `remedies` makes the others after a refusal."""

    #: mentions ring; without, people are only named
    mentions: bool = True
    #: long numbers and addresses have their middle hidden
    masks: bool = False
    #: it answers the message that it is meant to answer
    answers: bool = True
    #: the limits are divided by this
    divisor: int = 1


PLAIN = Manner()


def tidy(body: Rich, *, room: int, words: Wording, manner: Manner = PLAIN) -> Rich:
    """Spans that are safe to show, with at most `room` characters of free text; mentions outlive the cut."""
    return tuple(_tidied(body, room, words, manner))


def _tidied(body: Rich, room: int, words: Wording, manner: Manner) -> Iterator[Span]:
    left, mentions = room, 0
    for span in body:
        shown = _safe(span, words, may_mention=manner.mentions and mentions < MENTIONS)
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
            name = words(span.name, _NAME_LENGTH)
            return At(span.account, name) if may_mention and is_id(span.account.account) else Text(f"@{name}")


def _short(span: Text | Link, left: int, words: Wording) -> Text | Link:
    if isinstance(span, Text):
        return Text(words(span.text, left), bold=span.bold)
    return Link(" ".join(words(span.text, left).split()) or cut(span.url, left), span.url)


def text_content(body: Rich) -> JsonTable | None:
    """Content of a `text` message, None when something in it could be taken for markup. `body` is tidy."""
    parts: list[str] = []
    for span in body:
        match span:
            case Link():
                return None
            case Text() if span.bold or has_text_markup(span.text):
                return None
            case Text():
                parts.append(span.text)
            case At():
                parts.append(f'<at user_id="{span.account.account}"></at>')
    whole = "".join(parts)
    return {"text": whole if whole.strip() else NOTHING}


def post_content(body: Rich) -> JsonTable:
    """Content of a `post`, whose text elements are literal; one paragraph a line. `body` is tidy."""
    paragraphs: list[list[JsonValue]] = [[]]
    for span in body:
        match span:
            case At():
                paragraphs[-1].append({"tag": "at", "user_id": span.account.account})
            case Link():
                paragraphs[-1].append({"tag": "a", "text": span.text, "href": span.url})
            case Text():
                first, *others = span.text.split("\n")
                _append(paragraphs[-1], first, is_bold=span.bold)
                for line in others:
                    paragraphs.append([])
                    _append(paragraphs[-1], line, is_bold=span.bold)
    if not any(paragraphs):
        paragraphs = [[_element(NOTHING, is_bold=False)]]
    content: list[JsonValue] = [list(one) or [_element(" ", is_bold=False)] for one in paragraphs]
    return {"zh_cn": {"title": "", "content": content}}


def _append(paragraph: list[JsonValue], words: str, *, is_bold: bool) -> None:
    if words:
        paragraph.append(_element(words, is_bold=is_bold))


def _element(words: str, *, is_bold: bool) -> JsonTable:
    element: JsonTable = {"tag": "text", "text": words}
    if is_bold:
        element["style"] = ["bold"]
    return element


def card_markdown(body: Rich) -> str:
    """A card's markdown for a tidy body; every span apart from its marks is escaped."""
    return spaced("".join(_marked(span) for span in _joined(body)))


def _joined(body: Rich) -> list[Span]:
    """Bold beside bold as one span: four asterisks in a row are no mark in this markdown."""
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
            return f"<at id={span.account.account}></at>"
        case Link():
            return f"[{markdown(span.text)}]({span.url})"
        case Text():
            return bold(span.text) if span.bold else markdown(span.text)


def is_literal(body: Rich) -> bool:
    """True when a plain text element can show all of it."""
    return all(isinstance(span, Text) and not span.bold for span in body)


def words_of(body: Iterable[Span]) -> str:
    """The words of a literal body."""
    return "".join(span.text for span in body if isinstance(span, Text))
