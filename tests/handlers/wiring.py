"""Puts every handler that exists on the table of a router; `handlers.front` does it for the running program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from bot.routing import Context, Router
from handlers.calls import Commands
from handlers.world import WorldCache

ROUTED = ("card_posts", "clocks", "digests", "groups", "leaves", "replies", "calendar_commands", "retention")
ANSWERING = (
    "calendar_commands",
    "company_commands",
    "digest_commands",
    "group_commands",
    "helping",
    "leave_commands",
    "operations",
    "personal",
    "replies",
)


@dataclass(frozen=True, slots=True)
class Wired:
    """What a bench needs besides the router."""

    world: WorldCache
    commands: Commands
    arm_recurring: Callable[[Context], None]


def register_everything(router: Router) -> Wired:
    """Fill the router with all handlers there are."""
    commands = Commands()
    for name in ANSWERING:
        if find_spec(f"handlers.{name}") is not None:
            import_module(f"handlers.{name}").answer_commands(commands)
    for name in ROUTED:
        if find_spec(f"handlers.{name}") is not None:
            import_module(f"handlers.{name}").register(router)
    if find_spec("handlers.desk") is not None:
        import_module("handlers.desk").register(router, commands)
    return Wired(WorldCache(), commands, _arm)


def _arm(context: Context) -> None:
    for name, function in (
        ("digests", "arm"),
        ("groups", "arm_daily"),
        ("calendar_commands", "arm_check"),
        ("retention", "arm"),
    ):
        if find_spec(f"handlers.{name}") is not None:
            getattr(import_module(f"handlers.{name}"), function)(context)
