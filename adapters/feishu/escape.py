"""Foreign text made harmless for each of the platform's three ways to read text. Pure.

Plain text elements and the text elements of rich posts are literal. A `text` message has markup and no documented way to
escape it, so `has_text_markup` says when it must not be used. Card markdown is escaped with numeric entities (the
platform's own advice): every ASCII mark that could mean something becomes one, so that what people typed can neither
format, nor link, nor mention (T13, EC-61).
"""

from __future__ import annotations

import re

from adapters._words import MOST_ROOM, cut
from bot.messages import inert

#: ids as the platform makes them; nothing else gets into a path or a mention
_ID = re.compile(r"[A-Za-z0-9_\-]{1,128}")
#: ASCII marks that never mean anything in markdown
_HARMLESS = frozenset(",;?%")
_ENTITIES = {code: f"&#{code};" for code in range(0x21, 0x7F) if not chr(code).isalnum() and chr(code) not in _HARMLESS}
_MARKUP = re.compile(r"[<>*\[\]_~`&\\]|\]\(")
#: placeholders of mentions in stored texts; typed by hand they must stay words
_PLACEHOLDER = re.compile(r"@(?=_(?:all|user_\d))", re.IGNORECASE)
_SPACES = re.compile(r"(?:(?<= )|(?<=<br>)|^) ")
_ZERO_WIDTH_SPACE = "\u200b"
#: digits in a row, and e-mail addresses: what a data loss guard objects to
_NUMBERS = re.compile(r"(?<!\d)(\d{3})\d{3,}(\d{2})(?!\d)")
_MAIL = re.compile(r"\b([A-Za-z0-9])[A-Za-z0-9._%+\-]*@")


def clean(text: str, *, limit: int) -> str:
    """The same to the eye, without characters that hide or hurt, at most `limit` long; mention placeholders broken."""
    return cut(_PLACEHOLDER.sub(f"@{_ZERO_WIDTH_SPACE}", inert(text[: 2 * MOST_ROOM], limit=MOST_ROOM)), limit)


def has_text_markup(text: str) -> bool:
    """True when a `text` message could read something into it."""
    return _MARKUP.search(text) is not None


def markdown(text: str) -> str:
    """Literal text for a card's markdown. Line breaks are tags, so that no typed line begins a block."""
    return text.translate(_ENTITIES).replace("\n", "<br>")


def spaced(whole: str) -> str:
    """Finished markdown whose spaces all stay: those that markdown would drop or count become entities."""
    return _SPACES.sub("&nbsp;", whole)


def bold(text: str) -> str:
    """Literal text in bold, line by line.

    CommonMark takes `**` for a mark only beside letters, so a zero-width space stands in for one where there is none.
    """
    return "<br>".join(_bold_line(line) for line in text.split("\n"))


def _bold_line(line: str) -> str:
    if not line.strip():
        return markdown(line)
    before = "" if line[0].isalnum() else _ZERO_WIDTH_SPACE
    after = "" if line[-1].isalnum() else _ZERO_WIDTH_SPACE
    return f"**{before}{markdown(line)}{after}**"


def is_id(text: str) -> bool:
    """Whether this can be one of the platform's ids; `all` is none, whatever it may mention."""
    return _ID.fullmatch(text) is not None and text != "all"


class Wording:
    """Cleans every text once, and cuts it as often as a message is tried at another size."""

    def __init__(self, *, masks: bool = False) -> None:
        self._masks = masks
        self._cleaned: dict[str, str] = {}

    def __call__(self, text: str, limit: int) -> str:
        """At most `limit` characters, safe to show."""
        found = self._cleaned.get(text)
        if found is None:
            found = clean(text, limit=MOST_ROOM)
            self._cleaned[text] = found = masked(found) if self._masks else found
        return cut(found, limit)


def masked(text: str) -> str:
    """Long numbers and e-mail addresses with their middle hidden, for tenants whose data guard refuses them."""
    return _MAIL.sub(r"\1***@", _NUMBERS.sub(r"\1****\2", text))
