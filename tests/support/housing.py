"""What an adapter is given besides its section: a notebook that ends with the test, and nobody else to lead."""

from __future__ import annotations

from bot.clock import Clock
from bot.leadership import Alone
from bot.notebook import LooseNotebook
from bot.ports import Housing


def housing(clock: Clock, *, busy_text: str = "处理中", bot_name: str = "回音") -> Housing:
    """One process without a store."""
    return Housing(
        clock=clock, notebook=LooseNotebook(clock), leadership=Alone(), bot_name=bot_name, busy_text=busy_text
    )
