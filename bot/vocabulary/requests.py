"""Commands of collaboration requests (3.1): 需求, 评估."""

from __future__ import annotations

from bot.command import CommandSpec

SPECS: tuple[CommandSpec, ...] = ()
