"""Commands of minutes, sync records and resolutions (3.10, 3.11)."""

from __future__ import annotations

from bot.command import CommandSpec

SPECS: tuple[CommandSpec, ...] = ()
