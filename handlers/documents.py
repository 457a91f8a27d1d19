"""Registered documents WD and the naming rule (domain.md 3.13)."""

from __future__ import annotations

from handlers.tables import Tables


def register(tables: Tables) -> None:
    """Put commands, deeds, timers and cards on the tables."""
