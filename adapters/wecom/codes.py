"""The codes by which a card can be changed: one use each, three days, one from sending it and one from every press (wecom.md 6.2).

They are written down, because the state of a matter changes hours after its card was sent, maybe after a restart. Without
a code the card stays as it is, and its next state is a new message.
"""

from __future__ import annotations

from datetime import timedelta

import structlog

from bot.errors import StoreUnavailable
from bot.ports import Notebook

log = structlog.get_logger(__name__)

#: three days, with an hour of air for clocks that differ
LIFE = timedelta(hours=71)


class Codes:
    """The newest unused code of each card and person."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook

    async def keep(self, task: str, user: str, code: str) -> None:
        """A code came with an answer or with a press."""
        if not code or not task:
            return
        try:
            await self._notebook.write(_key(task, user), code, keep=LIFE)
        except StoreUnavailable:
            log.warning("the code of a card could not be written down", action="code_unwritten")

    async def take(self, task: str, user: str) -> str:
        """The code, which nobody gets a second time; empty for none."""
        try:
            code = await self._notebook.read(_key(task, user))
            if code is not None:
                await self._notebook.forget(_key(task, user))
        except StoreUnavailable:
            return ""
        return code or ""


def _key(task: str, user: str) -> str:
    return f"code:{task}:{user.lower()}"
