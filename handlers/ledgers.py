"""Ledgers as chat lists and files, the way out and the way back in (domain.md 4.3, 4.9, 6.3)."""

from __future__ import annotations

from handlers.tables import Tables


def register(tables: Tables) -> None:
    """Put commands, deeds, timers and cards on the tables."""
