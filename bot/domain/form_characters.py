"""What people typed into a field, character by character: cleaned without changing what the eye sees, and counted as people count.

Control characters and NUL go; emoji, rare characters and combining marks stay as they are (EC-66).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote, unquote

#: a mention inside a form stands between two marks that nobody can type, with a third one before the name
MENTION_OPEN, MENTION_CLOSE, MENTION_NAME = "\ue000", "\ue001", "\ue002"
#: what parts rows, columns and labels is no part of a name
_PARTING = re.compile(r"[|｜:：;；,，、\\\ue000-\ue002\s]+")
#: joins two emoji to one, and what makes a character colourful
_JOINER = "\u200d"
_VARIATIONS = frozenset("\ufe0e\ufe0f")
#: how much of a phone number is kept at its ends
_HEAD, _TAIL = 3, 4
_MASK = "****"


def mention(account: str, name: str) -> str:
    """A really mentioned person inside a field; `account` tells people of one name apart."""
    return f"{MENTION_OPEN}{quote(account, safe='')}{MENTION_NAME}{_PARTING.sub(' ', name).strip()}{MENTION_CLOSE}"


def account_in(word: str) -> str:
    """The account of the one mention that a word is; empty for other words."""
    if not (word.startswith(MENTION_OPEN) and word.endswith(MENTION_CLOSE)):
        return ""
    return unquote(word[1:-1].partition(MENTION_NAME)[0])


def without_marks(text: str) -> str:
    """The text with mentions as `@name`, as people see them."""
    parts = text.split(MENTION_OPEN)
    shown = [parts[0]]
    for part in parts[1:]:
        inside, closed, after = part.partition(MENTION_CLOSE)
        shown.append(f"@{inside.partition(MENTION_NAME)[2]}{after}" if closed else part)
    return "".join(shown).replace(MENTION_CLOSE, "")


def as_lines(text: str) -> str:
    """A text of several lines: each trimmed, none empty at the ends, no control characters."""
    lines = (_clean(line).strip() for line in without_marks(text).splitlines())
    return "\n".join(lines).strip("\n")


def as_line(text: str) -> str:
    """A text of one line."""
    return " ".join(line for line in as_lines(text).split("\n") if line)


def letters(text: str) -> int:
    """How many letters, digits and ideographs there are: blanks, zero-width characters and emoji are nothing (EC-16)."""
    return sum(1 for c in text if unicodedata.category(c)[0] in "LN")


def is_blank(text: str) -> bool:
    """Is there nothing in it that says anything (EC-16)?"""
    return not letters(text)


def seen_length(text: str) -> int:
    """How many characters people see: combining marks, joined emoji and flags are one (EC-66)."""
    return sum(1 for _ in _seen(text))


def said_length(text: str) -> int:
    """How many characters of a text say something: blanks and emoji do not, punctuation does."""
    return sum(1 for c in _seen(text) if unicodedata.category(c)[0] in "LNP")


def masked(phone: str) -> str:
    """A phone number for people outside the matter (F1-5); extensions are nobody's secret."""
    return f"{phone[:_HEAD]}{_MASK}{phone[-_TAIL:]}" if len(phone) > _HEAD + _TAIL else phone


def _clean(line: str) -> str:
    return "".join(" " if c == "\t" else c for c in line if c == "\t" or unicodedata.category(c) not in {"Cc", "Cs"})


def _seen(text: str) -> Iterator[str]:
    """The first character of everything that is seen as one."""
    before, is_half_flag = "", False
    for character in text:
        is_part = (
            before == _JOINER
            or character == _JOINER
            or character in _VARIATIONS
            or unicodedata.category(character) in {"Mn", "Me", "Cf"}
            or "\U0001f3fb" <= character <= "\U0001f3ff"
        )
        is_flag = "\U0001f1e6" <= character <= "\U0001f1ff"
        if not is_part and not (is_flag and is_half_flag):
            yield character
        is_half_flag = is_flag and not is_half_flag
        before = character
