"""Commands of tasks, weekly reports, acceptance and archive (3.4-3.6)."""

from __future__ import annotations

from bot.command import CommandSpec

SPECS: tuple[CommandSpec, ...] = ()
