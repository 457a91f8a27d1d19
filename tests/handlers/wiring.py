"""Puts every handler that exists on the table of a router, while the families are being written."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import handlers
from bot.routing import Context, Router
from handlers.calls import Commands
from handlers.world import WorldCache

_ARMING = ("arm", "arm_daily", "arm_check")


@dataclass(frozen=True, slots=True)
class Wired:
    """What a bench needs besides the router."""

    world: WorldCache
    commands: Commands
    arm_recurring: Callable[[Context], None]


def register_everything(router: Router) -> Wired:
    """Fill the router with all handlers there are; of two that claim the same thing the first one stays."""
    commands = Commands()
    modules = _families()
    for module in modules:
        with contextlib.suppress(ValueError):
            if hasattr(module, "answer_commands"):
                module.answer_commands(commands)
    for module in modules:
        with contextlib.suppress(ValueError):
            if hasattr(module, "register") and module.__name__ != "handlers.desk":
                module.register(router)
    import_module("handlers.desk").register(router, commands)

    def arm(context: Context) -> None:
        for module in modules:
            for name in _ARMING:
                if hasattr(module, name) and module.__name__ not in {"handlers.recurring", "handlers.clocks"}:
                    getattr(module, name)(context)

    return Wired(WorldCache(), commands, arm)


def _families() -> list[ModuleType]:
    found: list[ModuleType] = []
    for info in iter_modules(handlers.__path__, "handlers."):
        with contextlib.suppress(ImportError, SyntaxError):
            if info.name != "handlers.front":
                found.append(import_module(info.name))
    return found
