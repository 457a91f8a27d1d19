"""Issues WT: filed, graded, handled, closed (domain.md 3.7)."""

from __future__ import annotations

from handlers.tables import Tables


def register(tables: Tables) -> None:
    """Put commands, deeds, timers and cards on the tables."""
