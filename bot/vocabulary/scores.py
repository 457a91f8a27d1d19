"""Commands of scores, kudos, peer ratings and proposals (6.4, 6.5, 3.16)."""

from __future__ import annotations

from bot.command import CommandSpec

SPECS: tuple[CommandSpec, ...] = ()
