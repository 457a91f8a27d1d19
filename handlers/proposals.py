"""Award and criticism proposals JC (domain.md 3.16, 6.5)."""

from __future__ import annotations

from handlers.tables import Tables


def register(tables: Tables) -> None:
    """Put commands, deeds, timers and cards on the tables."""
