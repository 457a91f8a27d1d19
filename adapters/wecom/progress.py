"""How much of a text that needs several messages went out, so that a later try goes on where the last one stopped."""

from __future__ import annotations

from datetime import timedelta

import structlog

from adapters.wecom.render import task_of
from bot.errors import StoreUnavailable
from bot.ports import Notebook

log = structlog.get_logger(__name__)

_KEPT = timedelta(days=1)


class Progress:
    """Remembers by the notebook, under the key of the call."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook

    async def done(self, key: str) -> int:
        """How many parts went out, 0 when nobody can tell."""
        try:
            found = await self._notebook.read(f"parts:{task_of(key)}")
        except StoreUnavailable:
            return 0
        return int(found) if found is not None and found.isascii() and found.isdigit() else 0

    async def note(self, key: str, number: int) -> None:
        """So many went out."""
        try:
            await self._notebook.write(f"parts:{task_of(key)}", str(number), keep=_KEPT)
        except StoreUnavailable:
            log.warning("how much of a text went out could not be written down", action="parts_unwritten")
