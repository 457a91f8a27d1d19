"""Milestone resolutions JD (domain.md 3.11)."""

from __future__ import annotations

from handlers.tables import Tables


def register(tables: Tables) -> None:
    """Put commands, deeds, timers and cards on the tables."""
