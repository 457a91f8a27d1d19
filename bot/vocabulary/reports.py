"""Commands of reports (6.2)."""

from __future__ import annotations

from bot.command import CommandSpec

SPECS: tuple[CommandSpec, ...] = (
    CommandSpec(
        verb="weekly_report",
        chinese=("周报", "本周周报", "协作周报"),
        english=("weekly", "weekly report"),
        topic="report",
        is_bare=True,
    ),
)
