"""Foreign text made harmless for the platform's markdown. Pure.

Nobody documents how a mark is escaped here, and clients differ; so a mark that could mean something is shown as its wide
twin, which looks alike and means nothing to any of them. Robot texts are literal and need none of this.
"""

from __future__ import annotations

import re

from adapters._words import MOST_ROOM, cut
from bot.messages import inert

#: ids as the platform makes them; nothing else gets into a list of people, a space or a mention
_ID = re.compile(r"[A-Za-z0-9_\-.=+/@$:]{1,128}")
_USER = re.compile(r"[A-Za-z0-9_\-.@]{1,64}")
_WIDE = str.maketrans({mark: chr(ord(mark) + 0xFEE0) for mark in "*_`#<>[]~|\\&!"})
_ZERO_WIDTH_SPACE = "\u200b"
#: what begins a list, a line or a heading at the start of a line
_BLOCK = re.compile(r"^(?:[-+=]|\d+[.)])")
#: an address that a client would make a link of
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*:)(?=//)")
_WWW = re.compile(r"\b(www)(?=\.)", re.IGNORECASE)
_NO_BREAK_SPACE = "\u00a0"
#: the platform's own line break
BREAK = "  \n  "


def clean(text: str, *, limit: int) -> str:
    """The same to the eye, without characters that hide or hurt, at most `limit` long."""
    return cut(inert(text[: 2 * MOST_ROOM], limit=MOST_ROOM), limit)


def markdown(text: str) -> str:
    """Literal text inside markdown, line breaks kept. What is put together from it still has to be `settled`."""
    unlinked = _WWW.sub(rf"\1{_ZERO_WIDTH_SPACE}", _ADDRESS.sub(rf"\1{_ZERO_WIDTH_SPACE}", text.translate(_WIDE)))
    return uncalled(unlinked).replace("\n", BREAK)


def settled(whole: str) -> str:
    """Finished markdown in which no line begins a block, and no line ends the paragraph."""
    return BREAK.join(_line(one) for one in whole.split(BREAK))


def _line(line: str) -> str:
    """Spaces at its start stay; where nothing stands, something invisible does."""
    words = line.lstrip(" \t")
    indent = _NO_BREAK_SPACE * (len(line) - len(words))
    return f"{indent}{_BLOCK.sub(_guarded, words)}" if words else indent or _NO_BREAK_SPACE


def _guarded(mark: re.Match[str]) -> str:
    return f"{_ZERO_WIDTH_SPACE}{mark[0]}"


def uncalled(text: str) -> str:
    """Words in which no sign calls anybody: some senders of the platform read one before an id as a mention."""
    return text.replace("@", f"@{_ZERO_WIDTH_SPACE}")


def bold(text: str) -> str:
    """Literal text in bold, line by line; marks stand beside letters only."""
    return BREAK.join(_bold_line(line) for line in text.split("\n"))


def _bold_line(line: str) -> str:
    if not line.strip():
        return markdown(line)
    before = "" if line[0].isalnum() else _ZERO_WIDTH_SPACE
    after = "" if line[-1].isalnum() else _ZERO_WIDTH_SPACE
    return f"**{before}{markdown(line)}{after}**"


def is_id(text: str) -> bool:
    """Whether this can be one of the platform's ids."""
    return _ID.fullmatch(text) is not None


def is_user(text: str) -> bool:
    """Whether this can be a person's id; the word that means everybody is none."""
    return _USER.fullmatch(text) is not None and text.lower() not in {"all", "@all"}


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
