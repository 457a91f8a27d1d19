"""Merged reminders: who is reminded of what, at most one message in a quarter of an hour (domain.md 2.3, L-10)."""

from __future__ import annotations

from handlers.tables import Tables


def register(tables: Tables) -> None:
    """Put commands, deeds, timers and cards on the tables."""
