"""What people write about documents: the name behind the number, the category (domain.md 3.13, R-49)."""

from __future__ import annotations

import re

from bot.arguments import TOKEN
from bot.command import Command
from bot.domain.document import Category
from handlers.conversation.misread import misread
from handlers.words import Words

_CODE_IN_FRONT = re.compile(
    r"\A[\s,，:：]*(?:sx|wd)\s?[-–—－]?\s?(?:20\d\d\s?[-–—－]\s?)?\d{1,6}(?=[\s,，:：]|\Z)", re.IGNORECASE
)
_CATEGORY_PAIR = re.compile(r"(?:类别|分类|category)\s*[:：]\s*\S+", re.IGNORECASE)


def written_name(command: Command) -> str:
    """What was written behind the number, with everything that looks like a number in a name left where it is."""
    raw = _CATEGORY_PAIR.sub(" ", TOKEN.sub(" ", command.raw))
    found = _CODE_IN_FRONT.match(raw)
    return raw[found.end() :].strip(" ,，:：\n") if found is not None else command.words


def category_named(said: str, words: Words) -> Category:
    """The category of that word. Raises RuleViolation for others."""
    found = next((c for c in Category if c.value == said.strip()), None)
    if found is None:
        raise misread(words, "category", said, verb="document_category")
    return found
