"""Every handler on the table of a router, as the running program has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.routing import Context, Router
from handlers.calls import Commands
from handlers.front import Handlers
from handlers.world import WorldCache


@dataclass(frozen=True, slots=True)
class Wired:
    """What a bench needs besides the router."""

    world: WorldCache
    commands: Commands
    arm_recurring: Callable[[Context], None]
    desk: Handlers


def register_everything(router: Router) -> Wired:
    """Fill the router with all handlers."""
    desk = Handlers()
    desk.register(router)
    return Wired(desk.world, desk.commands, desk.arm_recurring, desk)
