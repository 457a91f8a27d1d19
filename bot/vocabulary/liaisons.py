"""Commands of liaison changes, training and the plan of the company (3.12, 3.18)."""

from __future__ import annotations

from bot.command import CommandSpec

SPECS: tuple[CommandSpec, ...] = ()
