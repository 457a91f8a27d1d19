"""What a person says into an emulated chat: words and mentions, in order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mention:
    """A part of what a person says: @somebody."""

    account: str


@dataclass(frozen=True, slots=True)
class MentionBot:
    """A part of what a person says: @the bot."""


@dataclass(frozen=True, slots=True)
class MentionAll:
    """A part of what a person says: @everybody."""


Part = str | Mention | MentionBot | MentionAll
