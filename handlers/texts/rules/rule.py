"""One rule of the plan, in Chinese and English: what it asks, of whom, by when, and what the bot does for it."""

from __future__ import annotations

from dataclasses import dataclass

#: the same words in Chinese and in English
Both = tuple[str, str]
NONE: Both = ("", "")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as `/规则` shows it; `limit` is empty where the plan sets none."""

    number: int
    #: section of the plan
    section: str
    text: Both
    who: Both
    limit: Both
    support: Both

    @property
    def code(self) -> str:
        """`R-40`."""
        return f"R-{self.number:02d}"
