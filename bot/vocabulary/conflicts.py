"""Commands of conflicts (3.8)."""

from __future__ import annotations

from bot.command import CommandSpec

SPECS: tuple[CommandSpec, ...] = ()
