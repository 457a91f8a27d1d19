"""Commands of plans and items (3.2, 3.3): 方案编制, 会签, 事项, 暂停, 恢复, 终止."""

from __future__ import annotations

from bot.command import CommandSpec

SPECS: tuple[CommandSpec, ...] = ()
