"""Trainings, and the revision of the plan itself (domain.md 3.18)."""

from __future__ import annotations

from handlers.tables import Tables


def register(tables: Tables) -> None:
    """Put commands, deeds, timers and cards on the tables."""
