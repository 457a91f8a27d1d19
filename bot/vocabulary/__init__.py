"""Every command that people can write, with its words in Chinese and English (domain.md 2.7, ux.md A5.2, L-35).

One file a family. The first word of each language is the one that help and suggestions show.
"""

from __future__ import annotations

from functools import cache

from bot.command import CommandSpec
from bot.grammar import Grammar
from bot.vocabulary import (
    conflicts,
    core,
    decisions,
    documents,
    feedback,
    issues,
    items,
    ledgers,
    liaisons,
    meetings,
    records,
    reports,
    requests,
    scores,
    tasks,
    todos,
)

#: first words of what this version does not have: named as such instead of guessed at
LATER = core.LATER

SPECS: tuple[CommandSpec, ...] = (
    *core.SPECS,
    *todos.SPECS,
    *decisions.SPECS,
    *requests.SPECS,
    *items.SPECS,
    *tasks.SPECS,
    *issues.SPECS,
    *conflicts.SPECS,
    *meetings.SPECS,
    *records.SPECS,
    *documents.SPECS,
    *liaisons.SPECS,
    *ledgers.SPECS,
    *reports.SPECS,
    *scores.SPECS,
    *feedback.SPECS,
)


@cache
def grammar() -> Grammar:
    """The whole vocabulary, ready to parse; built once."""
    return Grammar(SPECS)


__all__ = ["LATER", "SPECS", "grammar"]
