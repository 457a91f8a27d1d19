"""Liaison changes DJ (domain.md 3.12)."""

from __future__ import annotations

from handlers.tables import Tables


def register(tables: Tables) -> None:
    """Put commands, deeds, timers and cards on the tables."""
