"""Collaboration requests XQ: drafts, rounds of review, assessment, the decision (domain.md 3.1)."""

from __future__ import annotations

from handlers.tables import Tables


def register(tables: Tables) -> None:
    """Put commands, deeds, timers and cards on the tables."""
