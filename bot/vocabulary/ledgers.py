"""Commands of ledgers, exports and reports (6.2, 6.3)."""

from __future__ import annotations

from bot.command import CommandSpec

SPECS: tuple[CommandSpec, ...] = ()
