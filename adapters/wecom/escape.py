"""Foreign text made harmless for the platform's three ways to read text. Pure.

Texts of the app know links in angle brackets, groups know mentions in them, and markdown knows its marks; nobody documents
an escape for any of these. So a mark that could mean something is shown as its wide twin, which looks alike and means
nothing. Limits here are bytes of UTF-8, and a cut never splits a character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from adapters._words import MOST_ROOM, cut
from bot.messages import inert

_USER = re.compile(r"[A-Za-z0-9_\-.@]{1,64}")
_CHAT = re.compile(r"[A-Za-z0-9_\-=+/]{1,128}")
_TEXT_MARKS = str.maketrans({"<": "＜", ">": "＞"})
_WIDE = str.maketrans({mark: chr(ord(mark) + 0xFEE0) for mark in "*_`#<>[]~|\\&!"})
_ZERO_WIDTH_SPACE = "\u200b"
_BLOCK = re.compile(r"^(\s*)([-+=]|\d+[.)])", re.MULTILINE)
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*:)(?=//)")
#: our own marks in a text that is ready to be sent: a link of the app, a mention, a link and bold words of the bot
_WHOLE = re.compile(
    r'<a href="[^"<>]*">(?P<words>[^<>]*)</a>|<@[^<>]*>|\[(?P<label>[^\[\]]*)\]\([^()\s]*\)|\*\*(?P<bold>[^*\n]+)\*\*'
)
#: names that the client puts in for an id (`$userName=…$`)
_DATA = re.compile(r"\$(?=[A-Za-z]+Name=)")


def clean(text: str, *, limit: int) -> str:
    """The same to the eye, without characters that hide or hurt, at most `limit` long."""
    kept = inert(text[: 2 * MOST_ROOM], limit=MOST_ROOM)
    return cut(_DATA.sub(f"${_ZERO_WIDTH_SPACE}", kept), limit)


def literal(text: str) -> str:
    """Literal text for a message of the app: no link and no mention can be typed."""
    return text.translate(_TEXT_MARKS)


def markdown(text: str) -> str:
    """Literal text for markdown, line breaks kept."""
    marked = _BLOCK.sub(rf"\1{_ZERO_WIDTH_SPACE}\2", text.translate(_WIDE))
    return _ADDRESS.sub(rf"\1{_ZERO_WIDTH_SPACE}", marked)


def bold(text: str) -> str:
    """Literal text in bold, line by line."""
    return "\n".join(f"**{markdown(line)}**" if line.strip() else line for line in text.split("\n"))


def fits(text: str, limit: int) -> str:
    """At most `limit` bytes, with an ellipsis where something was cut, never in the middle of a combined character."""
    if len(text.encode("utf-8", "replace")) <= limit:
        return text
    room = limit - len("…".encode())
    end, used = 0, 0
    for character in text:
        size = len(character.encode("utf-8", "replace"))
        if used + size > room:
            break
        used += size
        end += 1
    while end > 0 and (_joins(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    return text[:end] + "…"


def parts(text: str, limit: int) -> list[str]:
    """The text in pieces of at most `limit` bytes, broken at ends of lines where there are any.

    A mention, a link and a word in bold stay whole, because half of one is brackets to everybody; one that is longer than
    a whole piece by itself is reduced to its words.
    """
    found: list[str] = []
    here = ""
    for line in text.split("\n"):
        for piece in _pieces(line, limit):
            joined = f"{here}\n{piece}" if here else piece
            if _size(joined) <= limit:
                here = joined
            else:
                found.append(here)
                here = piece
    return [part for part in [*found, here] if part.strip()] or [text[:1]]


def _pieces(line: str, limit: int) -> list[str]:
    """A line that is too long by itself, in pieces."""
    found: list[str] = []
    here, used = "", 0
    for unit in _units(line, limit):
        size = _size(unit)
        if here and used + size > limit:
            found.append(here)
            here, used = "", 0
        here += unit
        used += size
    return [*found, here]


def _units(line: str, limit: int) -> Iterator[str]:
    """What must not be broken: marks with what stands in them, and characters with what is combined with them."""
    end = 0
    for mark in _WHOLE.finditer(line):
        yield from _characters(line[end : mark.start()], limit)
        end = mark.end()
        if _size(mark[0]) <= limit:
            yield mark[0]
        else:
            yield from _characters(mark["words"] or mark["label"] or mark["bold"] or "", limit)
    yield from _characters(line[end:], limit)


def _characters(text: str, limit: int) -> Iterator[str]:
    here = ""
    for character in text:
        if here and (not _joins(character) or _size(here + character) > limit):
            yield here
            here = ""
        here += character
    if here:
        yield here


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _joins(character: str) -> bool:
    return character == "\u200d" or "\ufe00" <= character <= "\ufe0f" or unicodedata.combining(character) > 0


def is_user(text: str) -> bool:
    """Whether this can be a person's id; words that mean everybody are none."""
    return _USER.fullmatch(text) is not None and text.lower() not in {"@all", "all", "sys"}


def is_chat(text: str) -> bool:
    """Whether this can be a group's id."""
    return _CHAT.fullmatch(text) is not None


class Wording:
    """Cleans every text once, and cuts it as often as a message is tried at another size."""

    def __init__(self) -> None:
        self._cleaned: dict[str, str] = {}

    def __call__(self, text: str, limit: int) -> str:
        """At most `limit` characters, safe to show."""
        found = self._cleaned.get(text)
        if found is None:
            self._cleaned[text] = found = clean(text, limit=MOST_ROOM)
        return cut(found, limit)
